//! The list of templates, and which of them serves whom.

use super::api::{TemplateList, TemplateRow, TemplateSeen, delete_notice_template, notice_templates};
use crate::app::{Tell, paths, use_actor};
use crate::domain::announcement::template::OFFICIAL;
use crate::domain::announcement::template::scope::serving;
use crate::domain::calendar::{Moment, Year};
use crate::domain::organisation::District;
use crate::error::AppError;
use crate::ui::{Again, Confirm, Problem, TableWrap};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;

/// The page.
#[component]
pub fn TemplatesPage() -> impl IntoView {
    if !use_actor().roles.admin {
        return view! { <Title text="没有这个页面" /> <h1>"没有这个页面"</h1> <Problem message=AppError::NotFound.to_string() /> }
            .into_any();
    }
    let changed = Again::new();
    let found = Resource::new(move || changed.count(), |_| notice_templates());
    view! {
        <Title text="公告模板" />
        <nav aria-label="位置"><ol class="breadcrumb"><li><a href=paths::ADMIN>"系统管理"</a></li><li aria-current="page">"公告模板"</li></ol></nav>
        <header class="page-head">
            <h1>"公告模板"</h1>
            <p class="page-note">"公告创建时按主管预算单位的行政区划和公告年度取一份：先取最具体的地区，再取起始年度最近的；没有时用官方模板。公告采用的是当时的副本，以后修改模板不影响已有公告。"</p>
        </header>
        <Transition fallback=|| view! { <p class="loading" aria-busy="true">"正在读取…"</p> }>
            {move || Suspend::new(async move {
                match found.await {
                    Ok(found) => view! { <Found found changed /> }.into_any(),
                    Err(error) => view! { <Problem message=error.to_string() /> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn Found(found: TemplateList, changed: Again) -> impl IntoView {
    let tell = expect_context::<Tell>();
    let deleting = RwSignal::new(None::<TemplateRow>);
    let asking = RwSignal::new(false);
    let ask = Callback::new(move |row: TemplateRow| {
        deleting.set(Some(row));
        asking.set(true);
    });
    let on_confirm = move |()| {
        let Some(TemplateRow { id, version, .. }) = deleting.get_untracked() else { return };
        spawn_local(async move {
            match delete_notice_template(TemplateSeen { id, version }).await {
                Ok(()) => tell.ok("公告模板已删除"),
                Err(error) => tell.bad(error.to_string()),
            }
            changed.notify();
        });
    };
    let question = move || deleting.with(|row| format!("确定删除「{}」？", row.as_ref().map_or("", |row| row.name.as_str())));
    let TemplateList { rows, now } = found;
    let list = rows.clone().into_iter().map(|row| view! { <Row row ask /> }).collect_view();
    view! {
        <section class="panel" aria-labelledby="templates-title">
            <div class="panel-head">
                <h2 id="templates-title">"模板"</h2>
                <div class="panel-actions"><a class="button" data-kind="primary" href=paths::NEW_TEMPLATE>"新建模板"</a></div>
            </div>
            <TableWrap name="公告模板">
                <table class="data" data-cards="" id="templates">
                    <thead>
                        <tr>
                            <th scope="col">"模板名称"</th>
                            <th scope="col">"适用地区"</th>
                            <th scope="col">"适用年度"</th>
                            <th scope="col" class="num">"采用的公告"</th>
                            <th scope="col">"最近修改"</th>
                            <th scope="col" class="ops">"操作"</th>
                        </tr>
                    </thead>
                    <tbody>
                        <tr>
                            <td class="row-title" data-label="模板名称">{OFFICIAL}<span class="ledger-note">"财库〔2020〕46号附件2，随系统提供，不能修改和删除"</span></td>
                            <td data-label="适用地区">"各地"</td>
                            <td data-label="适用年度">"没有其他模板适用时"</td>
                            <td class="num" data-label="采用的公告">"-"</td>
                            <td data-label="最近修改">"-"</td>
                            <td class="ops" data-label="操作"><a href=paths::NEW_TEMPLATE aria-label=format!("复制：{OFFICIAL}")>"复制"</a></td>
                        </tr>
                        {list}
                    </tbody>
                </table>
            </TableWrap>
        </section>
        <Served rows now />
        <Confirm open=asking question=Signal::derive(question) consequence="这份模板还没有公告采用，将连同修改记录一起删除，不能恢复。" on_confirm />
    }
}

#[component]
fn Row(row: TemplateRow, ask: Callback<TemplateRow>) -> impl IntoView {
    let TemplateRow { id, name, scope, used, who, at, version } = row.clone();
    let deletes = (used == 0).then(|| {
        let label = format!("删除：{name}");
        view! { <button type="button" data-tone="bad" aria-label=label on:click=move |_| ask.run(row.clone())>"删除"</button> }
    });
    view! {
        <tr>
            <td class="row-title" data-label="模板名称">{name.clone()}<span class="ledger-note">{format!("第 {version} 版")}</span></td>
            <td data-label="适用地区">{scope.place.label()}</td>
            <td class="nowrap" data-label="适用年度">{scope.years()}</td>
            <td class="num" data-label="采用的公告">{used}</td>
            <td class="nowrap" data-label="最近修改">{format!("{who} {}", at.local_short())}</td>
            <td class="ops" data-label="操作">
                <a href=paths::template(&id) aria-label=format!("编辑：{name}")>"编辑"</a>
                <a href=paths::template_copy(&id) aria-label=format!("复制：{name}")>"复制"</a>
                {deletes}
            </td>
        </tr>
    }
}

/// 「查看适用的模板」: which one an announcement of a place and year would take.
#[component]
fn Served(rows: Vec<TemplateRow>, now: Moment) -> impl IntoView {
    let district = RwSignal::new(District::all().next());
    let years = Year::offered(now);
    let year = RwSignal::new(years.get(1).or(years.first()).copied());
    let first = year.get_untracked();
    let answer = move || {
        let (district, year) = district.get().zip(year.get())?;
        let name = serving(&rows, |row| &row.scope, district, year).map_or(OFFICIAL, |row| row.name.as_str());
        Some(format!("{}的主管预算单位创建 {year} 年度公告时，采用「{name}」。", district.name()))
    };
    view! {
        <section class="panel" aria-labelledby="served-title">
            <header class="panel-head"><h2 id="served-title">"查看适用的模板"</h2></header>
            <div class="panel-body stack">
                <div class="form" data-columns="">
                    <div class="field">
                        <label class="field-label" for="served-district">"行政区划"</label>
                        <select class="select" id="served-district" on:change=move |event| district.set(District::parse(&event_target_value(&event)).ok())>
                            {District::all().map(|district| view! { <option value=district.code()>{format!("{} {}", district.code(), district.name())}</option> }).collect_view()}
                        </select>
                    </div>
                    <div class="field">
                        <label class="field-label" for="served-year">"年度"</label>
                        <select class="select" id="served-year" on:change=move |event| year.set(Year::parse(&event_target_value(&event)))>
                            {years.into_iter().map(|each| view! { <option value=each.to_string() selected=Some(each) == first>{each.to_string()}</option> }).collect_view()}
                        </select>
                    </div>
                </div>
                <p role="status" id="served-answer">{answer}</p>
            </div>
        </section>
    }
}
