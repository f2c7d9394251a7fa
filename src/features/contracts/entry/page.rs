//! The page of a contract: to be looked at, or to be filled in where it is the unit's own.

use super::api::{ContractAt, ContractOnly, contract, delete_contract, new_contract};
use super::conflict::OvertakenNote;
use super::fields::{GROUPS, Group};
use super::form::{Entry, Saved, focus};
use super::read_only::{Facts, Held, Log};
use super::verdict::VerdictPanel;
use super::{ContractView, EmptyForm};
use crate::app::{SaveProblem, Tell, missing, paths};
use crate::domain::calendar::Year;
use crate::domain::ids::{ContractId, RecordId};
use crate::domain::kept::{Entry as Left, Fields};
use crate::domain::sheet::Column;
use crate::error::AppError;
use crate::ui::{Confirm, Glyph, Icon};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

/// A stored contract.
#[component]
pub fn ContractPage() -> impl IntoView {
    let id = missing::use_id(ContractId::parse);
    let view = Resource::new(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => contract(ContractOnly { id }).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    view! {
        <Transition fallback=|| view! { <p class="loading" aria-busy="true">"正在读取…"</p> }>
            {move || Suspend::new(async move {
                match view.await {
                    Err(error) => view! { <missing::Failed title="合同" error /> }.into_any(),
                    Ok(view) if view.locked.is_some() => view! { <ReadOnly view /> }.into_any(),
                    Ok(view) => view! { <Changing view /> }.into_any(),
                }
            })}
        </Transition>
    }
}

/// 「录入合同」.
#[component]
pub fn NewContractPage() -> impl IntoView {
    let empty = Resource::new(|| (), |()| new_contract());
    view! {
        <Transition fallback=|| view! { <p class="loading" aria-busy="true">"正在读取…"</p> }>
            {move || Suspend::new(async move {
                match empty.await {
                    Err(error) => view! { <missing::Failed title="合同" error /> }.into_any(),
                    Ok(empty) => view! { <Entering empty /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Place(words: &'static str) -> impl IntoView {
    view! { <nav aria-label="位置"><ol class="breadcrumb"><li><a href=paths::CONTRACTS>"合同台账"</a></li><li aria-current="page">{words}</li></ol></nav> }
}

#[component]
fn ReadOnly(view: ContractView) -> impl IntoView {
    let ContractView { contract, unit_name, basis, locked, held, events, .. } = view;
    let judged = Signal::stored(Some(contract.clone()));
    view! {
        <Title text=contract.project_name.clone() />
        <Place words="查看合同" />
        <header class="page-head">
            <a class="page-back" href=paths::CONTRACTS aria-label="返回合同台账">"‹"</a>
            <h1>{contract.project_name.clone()}</h1>
            <span class="chip">{contract.source.label()}</span>
            <p class="page-note">{unit_name}</p>
        </header>
        {locked.map(|reason| view! { <div class="alert" data-tone="neutral"><Icon glyph=Glyph::Lock /><p class="alert-body">{reason}"。"</p></div> })}
        <Held held />
        <div class="contract-page">
            <div class="stack"><Facts contract /></div>
            <div class="contract-side"><VerdictPanel judged basis /></div>
        </div>
        <Log events=RwSignal::new(events) />
    }
}

#[component]
fn Entering(empty: EmptyForm) -> impl IntoView {
    view! { <Form entry=Entry::new(empty) title="录入合同".to_owned() is_new=true held=Vec::new() /> }
}

#[component]
fn Changing(view: ContractView) -> impl IntoView {
    view! { <Form entry=Entry::of(&view) title=view.contract.project_name is_new=false held=view.held /> }
}

#[component]
fn Form(entry: Entry, title: String, is_new: bool, held: Vec<(RecordId, Year)>) -> impl IntoView {
    let tell = expect_context::<Tell>();
    let navigate = StoredValue::new(use_navigate());
    // Whether the form begins anew after the save, for the next contract.
    let save = Action::new(move |and_next: &bool| {
        let and_next = *and_next;
        async move {
            match entry.save().await {
                Saved::New(_) if and_next => {
                    tell.ok("已保存，可以录入下一份");
                    entry.begin_anew();
                    focus(Column::ContractNo);
                }
                Saved::New(id) => {
                    tell.ok("已保存");
                    navigate.with_value(|navigate| {
                        navigate(&paths::contract(&id), NavigateOptions { replace: true, ..NavigateOptions::default() });
                    });
                }
                Saved::Changed => tell.ok("已保存"),
                Saved::Refused => {}
            }
        }
    });
    let asked = move |and_next: bool| {
        if !save.pending().get_untracked() && entry.is_complete() {
            save.dispatch(and_next);
        }
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        asked(false);
    };
    let judged = Signal::derive(move || entry.reading.with(|reading| reading.judged.clone()));
    let deletes = RwSignal::new(false);
    view! {
        <Title text=title.clone() />
        <Place words={if is_new { "录入合同" } else { "编辑合同" }} />
        <header class="page-head" data-sticky="">
            <a class="page-back" href=paths::CONTRACTS aria-label="返回合同台账">"‹"</a>
            <h1>{title}</h1>
            <span class="chip">"自行录入"</span>
            <div class="page-actions">
                <p class="saved-note" role="status">{move || entry.is_changed().then_some("有未保存的修改")}</p>
                {(!is_new).then(|| view! { <button class="button" data-kind="danger" type="button" on:click=move |_| deletes.set(true)>"删除"</button> })}
                {is_new.then(|| view! { <button class="button" type="button" disabled=move || save.pending().get() on:click=move |_| asked(true)>"保存并再录一份"</button> })}
                <button class="button" data-kind="primary" type="submit" form="contract-form" disabled=move || save.pending().get()>"保存"</button>
            </div>
        </header>
        <LeftBehind entry />
        <SaveProblem problem=entry.problem />
        <OvertakenNote entry />
        <Held held=held.clone() />
        <form class="contract-page" id="contract-form" on:submit=submit novalidate>
            <div class="stack">
                {GROUPS.into_iter().map(|(title, id, columns)| view! { <Group entry title id columns /> }).collect_view()}
            </div>
            <div class="contract-side"><VerdictPanel judged basis=entry.basis /></div>
        </form>
        <Log events=entry.events />
        {(!is_new).then(|| view! { <Delete entry open=deletes held=held.into_iter().map(|(_, year)| year.to_string()).collect() /> })}
    }
}

/// 「确定删除？」, and what a deletion does not reach.
#[component]
fn Delete(entry: Entry, open: RwSignal<bool>, held: Vec<String>) -> impl IntoView {
    let tell = expect_context::<Tell>();
    let navigate = StoredValue::new(use_navigate());
    let delete = Action::new(move |(): &()| async move {
        let Some((id, version)) = entry.at.get_untracked() else { return };
        match delete_contract(ContractAt { id, version }).await {
            Ok(()) => {
                entry.kept.keep(Fields::new());
                tell.ok("合同已删除");
                navigate.with_value(|navigate| navigate(paths::CONTRACTS, NavigateOptions::default()));
            }
            Err(error) => entry.problem.set(Some(error)),
        }
    });
    let consequence = if held.is_empty() {
        "这份合同将从合同台账中删除，不能恢复；尚未列入任何年度数据。".to_owned()
    } else {
        format!(
            "这份合同将从合同台账中删除，不能恢复。它已列入 {} 年度数据，那里保留列入时的内容，不会随之删除；如需去掉，请在该年度数据的明细中剔除。",
            held.join("、")
        )
    };
    view! { <Confirm open question="确定删除？" consequence=consequence on_confirm=move |()| { delete.dispatch(()); } /> }
}

/// What an earlier visit could not store.
#[component]
fn LeftBehind(entry: Entry) -> impl IntoView {
    let found = RwSignal::new(Vec::<Left>::new());
    let look = move || {
        let stands = |left: &Left| {
            Column::from_alias(&left.field).is_none_or(|column| entry.draft.with_untracked(|draft| draft.get(column) == left.text))
        };
        let (has, left) = entry.kept.left_behind().into_iter().partition::<Vec<_>, _>(stands);
        entry.kept.answered(&has);
        found.set(left);
    };
    Effect::new(look);
    let take_over = move |_| {
        let left = found.get_untracked();
        entry.restore(left.iter().filter_map(|left| Some((Column::from_alias(&left.field)?, left.text.clone()))));
        entry.kept.answered(&left);
        look();
    };
    let throw_away = move |_| {
        entry.kept.answered(&found.get_untracked());
        look();
    };
    // What 「恢复」 does to a field: what stands there now is said before it goes.
    let words = move |left: &Left| {
        let Some(column) = Column::from_alias(&left.field) else { return left.text.clone() };
        let shown = |text: &str| if text.is_empty() { "（空）".to_owned() } else { text.to_owned() };
        let now = entry.draft.with(|draft| draft.get(column).to_owned());
        let (name, kept) = (column.name(), shown(&left.text));
        match now {
            now if now == left.text => format!("{name}：{kept}（本页已是此内容）"),
            now if now.is_empty() => format!("{name}：{kept}（本页未填，恢复后填入）"),
            now => format!("{name}：{kept}（本页现为 {now}，恢复后被替换）"),
        }
    };
    let replaced = Memo::new(move |_| {
        let is_other = |left: &&Left| {
            let column = Column::from_alias(&left.field);
            column.is_some_and(|column| entry.draft.with(|draft| !draft.get(column).is_empty() && draft.get(column) != left.text))
        };
        found.with(|found| found.iter().filter(is_other).count())
    });
    let effect = move || match replaced.get() {
        0 => "点击「恢复」填入本页的空格，不改动已填写的内容。".to_owned(),
        count => format!("点击「恢复」会用它替换本页 {count} 个已有内容的格，其余只填入空格；替换前请展开核对。"),
    };
    let node = NodeRef::<leptos::html::Div>::new();
    // A browser goes back to where one was, below it: what waits for an answer is seen first. It stands above the form and covers nothing.
    Effect::new(move || {
        if let Some(node) = node.get() {
            request_animation_frame(move || {
                if node.get_bounding_client_rect().top() < 0.0 {
                    node.scroll_into_view();
                }
            });
        }
    });
    move || {
        found.with(|found| !found.is_empty()).then(|| {
            let left = found.get();
            let count = left.len();
            let items = left.into_iter().map(|left| view! { <li>{move || words(&left)}</li> }).collect_view();
            view! {
                <div class="alert" data-tone="warn" role="alert" node_ref=node>
                    <p class="alert-body">{format!("上次有 {count} 处内容没有来得及保存，已为您保留在本机。")}{effect}</p>
                    <div class="alert-actions">
                        <button class="button" data-kind="primary" type="button" on:click=take_over>"恢复"</button>
                        <button class="button" type="button" on:click=throw_away>"放弃"</button>
                    </div>
                    <details class="fold alert-more"><summary>"查看这些内容"</summary><ul class="plain pre-line">{items}</ul></details>
                </div>
            }
        })
    }
}
