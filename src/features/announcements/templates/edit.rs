//! The form of a template, and everything there is to say about saving it.

use super::api::{TemplateSeen, TemplateVersion, delete_notice_template};
use super::entry::{Entry, Outcome, Overtaken, field_id};
use super::history::History;
use super::preview::{Findings, Preview, RichText};
use crate::app::{SaveProblem, Tell, paths};
use crate::domain::announcement::template::draft::{Field as Of, NAME_MAX};
use crate::domain::announcement::template::pattern::PATTERN_MAX;
use crate::domain::announcement::template::scope::Place;
use crate::domain::kept::{Entry as Left, Fields};
use crate::ui::{Confirm, Field};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use std::collections::BTreeSet;

/// The page of a template, new or stored.
#[component]
pub fn Form(entry: Entry, versions: Vec<TemplateVersion>, used: i64) -> impl IntoView {
    let tell = expect_context::<Tell>();
    let navigate = StoredValue::new(use_navigate());
    let is_new = entry.at.with_untracked(Option::is_none);
    let heading = if is_new { "新建公告模板" } else { "编辑公告模板" };
    let save = Action::new(move |(): &()| async move {
        match entry.save().await {
            Outcome::New(id) => {
                tell.ok("公告模板已保存");
                navigate.with_value(|navigate| {
                    navigate(&paths::template(&id), NavigateOptions { replace: true, ..NavigateOptions::default() });
                });
            }
            Outcome::Changed => tell.ok("公告模板已保存"),
            Outcome::Refused => {}
        }
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !save.pending().get_untracked() {
            save.dispatch(());
        }
    };
    let saved = move || match (entry.is_changed(), entry.saved_at.get()) {
        (true, _) => "有未保存的修改".to_owned(),
        (false, Some(at)) => format!("已保存 {}", at.local_time()),
        (false, None) => String::new(),
    };
    let deletes = RwSignal::new(false);
    view! {
        <Title text=heading />
        <nav aria-label="位置"><ol class="breadcrumb"><li><a href=paths::ADMIN>"系统管理"</a></li><li><a href=paths::TEMPLATES>"公告模板"</a></li><li aria-current="page">{heading}</li></ol></nav>
        <header class="page-head">
            <a class="page-back" href=paths::TEMPLATES aria-label="返回公告模板">"‹"</a>
            <h1>{heading}</h1>
            {(used > 0).then(|| view! { <span class="page-note">{format!("{used} 份公告采用过；修改只影响以后创建的公告")}</span> })}
            <div class="page-actions">
                <p class="saved-note" role="status">{saved}</p>
                {(!is_new && used == 0).then(|| view! { <button class="button" data-kind="danger" type="button" on:click=move |_| deletes.set(true)>"删除"</button> })}
                <button class="button" data-kind="primary" type="submit" form="template-form" disabled=move || save.pending().get()>"保存"</button>
            </div>
        </header>
        <LeftBehind entry />
        <SaveProblem problem=entry.problem />
        <OvertakenNote entry />
        <form id="template-form" on:submit=submit novalidate>
            <section class="panel" aria-labelledby="scope-title">
                <header class="panel-head"><h2 id="scope-title">"适用范围和标题"</h2></header>
                <div class="panel-body"><Facts entry /></div>
            </section>
        </form>
        <section class="panel" aria-labelledby="text-title">
            <header class="panel-head"><h2 id="text-title">"模板正文"</h2><span class="panel-note">"年度、金额等从「插入数据」中插入，公告中显示各单位的数据；没有预留项目的年度自动改用零报告的表述"</span></header>
            <Findings entry />
            <div class="panel-body">
                <div class="split">
                    <section class="editor" aria-label="编辑公告正文"><RichText entry /></section>
                    <Preview entry />
                </div>
            </div>
        </section>
        {(!is_new).then(|| view! { <History entry versions /> })}
        {(!is_new).then(|| view! { <Delete entry open=deletes /> })}
    }
}

/// Name, place, years and title.
#[component]
fn Facts(entry: Entry) -> impl IntoView {
    let error = move |of: Of| Signal::derive(move || entry.error(of));
    let chosen = entry.draft.with_untracked(|draft| draft.place.clone());
    let mut places: Vec<Place> = Place::offered();
    // A place that is stored is always among those that can be chosen.
    if let Some(other) = Place::parse(&chosen).ok().filter(|place| !places.contains(place)) {
        places.push(other);
    }
    let is_chosen = move |code: &str| entry.draft.with(|draft| draft.place.trim() == code);
    view! {
        <div class="form" data-columns="">
            <Text entry of=Of::Name hint="只在系统管理和公告的编辑页中显示" max=NAME_MAX wide=false />
            <Field id=field_id(Of::Place) label=Of::Place.label() hint="按行政区划代码的开头匹配；多份模板都适用时，取最具体的地区" error=error(Of::Place) let:control>
                <select class="select" id=control.id.clone() aria-describedby=move || control.described_by.get() aria-invalid=move || control.invalid.get().then_some("true") on:change=move |event| entry.write(Of::Place, event_target_value(&event))>
                    {places.into_iter().map(|place| {
                        let code = place.code().to_owned();
                        let own = code.clone();
                        view! { <option value=code prop:selected=move || is_chosen(&own) selected=chosen == place.code()>{place.label()}</option> }
                    }).collect_view()}
                </select>
            </Field>
            <Text entry of=Of::From hint="从这一年度的公告开始采用，如 2025" max=8 wide=false />
            <Text entry of=Of::To hint="最后采用的年度；留空表示一直采用" max=8 wide=false />
            <Text entry of=Of::Title hint="用 ｛单位名称｝ 和 ｛年度｝ 表示随公告变化的内容" max=PATTERN_MAX wide=true />
        </div>
    }
}

#[component]
fn Text(entry: Entry, of: Of, hint: &'static str, max: usize, wide: bool) -> impl IntoView {
    let error = Signal::derive(move || entry.error(of));
    view! {
        <Field id=field_id(of) label=of.label() hint=hint required=!matches!(of, Of::To) wide error let:control>
            <input class="input" id=control.id.clone() maxlength=max inputmode=matches!(of, Of::From | Of::To).then_some("numeric")
                prop:value=move || entry.draft.with(|draft| draft.text(of).to_owned()) on:input=move |event| entry.write(of, event_target_value(&event))
                aria-describedby=move || control.described_by.get() aria-invalid=move || control.invalid.get().then_some("true") />
        </Field>
    }
}

/// A field's text as it can be shown in a sentence.
fn words(of: Of, text: &str) -> String {
    match of {
        Of::Document => "（见正文）".to_owned(),
        _ if text.trim().is_empty() => "（空）".to_owned(),
        Of::Place => Place::parse(text).map_or_else(|_| text.to_owned(), |place| place.label()),
        _ => text.to_owned(),
    }
}

/// Says what another administrator has stored, and asks where both have written.
#[component]
fn OvertakenNote(entry: Entry) -> impl IntoView {
    let answer = move |of: Of, theirs: Option<String>| {
        if let Some(text) = theirs {
            entry.replace(of, text);
        }
        entry.overtaken.update(|overtaken| {
            if let Some(overtaken) = overtaken {
                overtaken.both.retain(|(at, _)| *at != of);
            }
        });
    };
    move || {
        entry.overtaken.get().map(|Overtaken { by, taken, both }| {
            let who = by.map_or_else(|| "他人".to_owned(), |(who, at)| format!("{who}于 {} ", at.local()));
            let taken: Vec<&str> = taken.into_iter().map(Of::label).collect();
            view! {
                <div class="alert" data-tone="warn" role="alert">
                    <div class="alert-body stack">
                        <p class="alert-title">{format!("您打开之后，{who}修改了这份模板，您的修改还没有保存。")}</p>
                        {(!taken.is_empty()).then(|| view! { <p>{format!("您没有改过的内容已换成最新的：{}。", taken.join("、"))}</p> })}
                        {(!both.is_empty()).then(|| view! {
                            <p>"下列内容双方都改了，本页保留的是您填写的："</p>
                            <ul class="plain stack">{both.into_iter().map(|(of, theirs)| {
                                let mine = entry.draft.with_untracked(|draft| words(of, draft.text(of)));
                                let text = theirs.clone();
                                view! {
                                    <li class="row">
                                        <span class="diff-place">{of.label()}</span>
                                        <span>{format!("您填写：{mine}；对方填写：{}", words(of, &theirs))}</span>
                                        <button class="button" type="button" aria-label=format!("采用对方的：{}", of.label()) on:click=move |_| answer(of, Some(text.clone()))>"采用对方的"</button>
                                        <button class="button" type="button" aria-label=format!("保留我的：{}", of.label()) on:click=move |_| answer(of, None)>"保留我的"</button>
                                    </li>
                                }
                            }).collect_view()}</ul>
                        })}
                        <p>"对方的改动见「修改记录」。请核对后再次点击「保存」。"</p>
                    </div>
                </div>
            }
        })
    }
}

/// What an earlier visit could not store.
#[component]
fn LeftBehind(entry: Entry) -> impl IntoView {
    let found = RwSignal::new(Vec::<Left>::new());
    let look = move || {
        let (has, left) = entry.kept.left_behind().into_iter().partition::<Vec<_>, _>(|left| entry.shows(left));
        entry.kept.answered(&has);
        found.set(left);
    };
    Effect::new(look);
    let take_over = move |_| {
        let left = found.get_untracked();
        for (of, text) in left.iter().filter_map(|left| Some((Of::from_code(&left.field)?, left.text.clone()))) {
            entry.replace(of, text);
        }
        entry.kept.answered(&left);
        look();
    };
    let throw_away = move |_| {
        entry.kept.answered(&found.get_untracked());
        look();
    };
    move || {
        found.with(|found| !found.is_empty()).then(|| {
            let fields: BTreeSet<Of> = found.with(|found| found.iter().filter_map(|left| Of::from_code(&left.field)).collect());
            let what: Vec<&str> = fields.into_iter().map(Of::label).collect();
            view! {
                <div class="alert left-behind" data-tone="warn" role="alert">
                    <p class="alert-body">{format!("上次有内容没有来得及保存，已为您保留在本机：{}。恢复会替换本页这些栏目的内容。", what.join("、"))}</p>
                    <div class="alert-actions">
                        <button class="button" data-kind="primary" type="button" on:click=take_over>"恢复"</button>
                        <button class="button" type="button" on:click=throw_away>"放弃"</button>
                    </div>
                </div>
            }
        })
    }
}

/// 「确定删除？」
#[component]
fn Delete(entry: Entry, open: RwSignal<bool>) -> impl IntoView {
    let tell = expect_context::<Tell>();
    let navigate = StoredValue::new(use_navigate());
    let delete = Action::new(move |(): &()| async move {
        let Some((id, version)) = entry.at.get_untracked() else { return };
        match delete_notice_template(TemplateSeen { id, version }).await {
            Ok(()) => {
                entry.kept.keep(Fields::new());
                tell.ok("公告模板已删除");
                navigate.with_value(|navigate| navigate(paths::TEMPLATES, NavigateOptions::default()));
            }
            Err(error) => entry.problem.set(Some(error)),
        }
    });
    view! {
        <Confirm
            open
            question="确定删除？"
            consequence="这份模板还没有公告采用，将连同修改记录一起删除，不能恢复。"
            on_confirm=move |()| { delete.dispatch(()); }
        />
    }
}
