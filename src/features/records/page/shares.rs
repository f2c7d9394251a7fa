//! Panel 「份额对照」: the three percentages apart, each with its formula and its numbers, what is missing for them, and the sentences
//! proposed for 「说明」 where a share is missed (E10).

mod budgets;

use super::super::api::RecordOnly;
use super::super::api::shares::{ShareView, record_shares};
use super::super::sheet::Sheet;
use crate::app::Tell;
use crate::domain::ids::RecordId;
use crate::domain::record::Totals;
use crate::domain::share::projects::Missing;
use crate::domain::share::{Due, Kind, Share, Shares};
use crate::ui::{Again, Problem};
use budgets::{Drafts, EnteredBox, MissingBox};
use leptos::prelude::*;

/// Most lines for which the shares follow every save by themselves.
const FOLLOWED: usize = 1_000;

/// The panel.
#[component]
pub fn SharesPanel(record: RecordId, lines: usize, sums: Memo<Totals>, editable: bool, sheet: Sheet) -> impl IntoView {
    let id = StoredValue::new(record);
    let follows = editable && lines <= FOLLOWED;
    let found = Resource::new(|| (), move |()| record_shares(RecordOnly { record: id.get_value() }));
    provide_context(Drafts::default());
    view! {
        <section class="panel" id="shares" aria-labelledby="shares-title">
            <header class="panel-head">
                <h2 id="shares-title">"份额对照"</h2>
                <p class="panel-note">"三个比例口径不同，分别计算"</p>
            </header>
            <div class="panel-body stack">
                <Transition fallback=|| view! { <p class="loading" aria-busy="true">"正在读取…"</p> }>
                    {move || Suspend::new(async move {
                        match found.await {
                            Ok(found) => view! { <Body found record=id editable follows sheet /> }.into_any(),
                            Err(error) => view! { <Problem message=error.to_string() /> }.into_any(),
                        }
                    })}
                </Transition>
                <div class="share">
                    <h3>"占比"</h3>
                    <p class="share-figure" id="share-amounts">{move || { sums.get().ratio().percent() }}</p>
                    <p class="small quiet">
                        {move || { let sums = sums.get(); format!("面向小微企业采购金额 ÷ 面向中小企业采购金额（合同金额）＝ {} ÷ {} 万元", sums.small_micro.wan(), sums.sme.wan()) }}
                    </p>
                </div>
            </div>
        </section>
    }
}

/// The two shares that need budgets: read anew in place after each save, so that a budget half typed keeps its text and the focus.
#[component]
fn Body(found: ShareView, record: StoredValue<RecordId>, editable: bool, follows: bool, sheet: Sheet) -> impl IntoView {
    let (again, now) = (Again::new(), RwSignal::new(found));
    let asked = Memo::new(move |_| (again.count(), if follows { sheet.saver.content_version.get() } else { 0 }));
    keep_up(record, asked, now);
    let draft = Memo::new(move |_| now.with(|now| now.draft.clone()));
    let is_unchecked = Memo::new(move |_| {
        now.with(|now| {
            [&now.shares.reserved, &now.shares.small_micro]
                .into_iter()
                .flatten()
                .flat_map(Share::missed)
                .any(|due| !due.threshold.is_checked)
        })
    });
    let figures = move || {
        let Shares { projects, missing, reserved, small_micro } = now.with(|now| now.shares.clone());
        let why = why_not(projects, &missing);
        let no_small_micro = if missing.is_empty() && reserved.is_some() {
            "本年度没有预留的采购预算，不计算此比例。".to_owned()
        } else {
            why.clone()
        };
        view! {
            <One kind=Kind::Reserved share=reserved why id="share-reserved" />
            <One kind=Kind::SmallMicro share=small_micro why=no_small_micro id="share-small-micro" />
        }
    };
    view! {
        {figures}
        {move || draft.get().map(|draft| view! { <DraftBox draft is_unchecked=is_unchecked.get() editable sheet /> })}
        <MissingBox missing=Memo::new(move |_| now.with(|now| now.shares.missing.clone())) record editable sheet again />
        <EnteredBox entered=Memo::new(move |_| now.with(|now| now.entered.clone())) record editable sheet again />
    }
}

/// Reads the shares anew whenever a budget or the content has changed.
fn keep_up(record: StoredValue<RecordId>, asked: Memo<(u32, i64)>, now: RwSignal<ShareView>) {
    let tell = expect_context::<Tell>();
    Effect::new(move |before: Option<(u32, i64)>| {
        let which = asked.get();
        if before.is_some_and(|before| before != which) {
            leptos::task::spawn_local(async move {
                let Some(record) = record.try_get_value() else { return };
                match record_shares(RecordOnly { record }).await {
                    // An answer that was overtaken, or comes after the page has gone, says nothing any more.
                    Ok(found) if asked.try_get_untracked() == Some(which) => _ = now.try_set(found),
                    Ok(_) => {}
                    Err(error) => tell.bad(format!("份额对照没有更新：{error}")),
                }
            });
        }
        which
    });
}

/// Why a share is not computed.
fn why_not(projects: usize, missing: &[Missing]) -> String {
    if projects == 0 {
        return "本年度没有可以计算的采购项目（框架协议合同没有项目预算）。".to_owned();
    }
    let count = |of: fn(&Missing) -> bool| missing.iter().filter(|each| of(each)).count();
    let parts = [
        (count(|each| each.budget), "个没有预算金额"),
        (count(|each| each.category), "个没有项目属性"),
        (count(|each| each.percent), "个没有预留比例"),
    ];
    let parts: Vec<String> = parts.iter().filter(|(count, _)| *count > 0).map(|(count, words)| format!("{count} {words}")).collect();
    if parts.is_empty() {
        "采购项目的预算合计为 0，不计算此比例。".to_owned()
    } else {
        format!("不能计算：本年度 {projects} 个采购项目中，{}。补齐后自动计算。", parts.join("，"))
    }
}

#[component]
fn One(kind: Kind, share: Option<Share>, why: String, id: &'static str) -> impl IntoView {
    let figure = share.as_ref().map_or_else(|| "—".to_owned(), |share| share.ratio().percent());
    let numbers = share.as_ref().map(|share| format!("＝ {} ÷ {} 万元", share.part.wan(), share.whole.wan())).unwrap_or_default();
    let is_missing = share.is_none();
    let scope = (kind == Kind::Reserved && !is_missing).then_some(
        "分母为本年度全部采购项目（不含框架协议和本单位剔除的合同）；其中不适宜由中小企业提供的项目没有扣除，实际比例不低于此数。",
    );
    let due = share.map(|share| share.due).unwrap_or_default();
    view! {
        <div class="share">
            <h3>{kind.label()}</h3>
            <p class="share-figure" id=id>{figure}</p>
            <p class="small quiet">{format!("{}{numbers}", kind.formula())}</p>
            {scope.map(|scope| view! { <p class="small quiet">{scope}</p> })}
            {is_missing.then(|| view! { <p class="small">{why}</p> })}
            {(!due.is_empty()).then(|| view! { <ul class="findings" data-rows="">{due.iter().map(|due| view! { <li data-tone=if due.is_met() { "ok" } else { "bad" }>{sentence(due)}</li> }).collect_view()}</ul> })}
        </div>
    }
}

fn sentence(due: &Due) -> String {
    let threshold = &due.threshold;
    let word = if due.is_met() { "达到" } else { "未达到" };
    let doubt = if threshold.is_checked { "" } else { "，引用前请核对" };
    format!(
        "{}类 {}%（{} ÷ {} 万元），{word} {}%（{}，{} 起，{}{doubt}）",
        threshold.category.label(),
        crate::domain::money::Ratio::of(due.part, due.whole),
        due.part.wan(),
        due.whole.wan(),
        threshold.percent,
        threshold.jurisdiction,
        threshold.from,
        threshold.source
    )
}

/// The proposed sentences, with the button that puts them into 「说明」.
#[component]
fn DraftBox(draft: String, is_unchecked: bool, editable: bool, sheet: Sheet) -> impl IntoView {
    let tell = expect_context::<Tell>();
    let text = StoredValue::new(draft.clone());
    let has_it = Memo::new(move |_| sheet.saver.remark_text.with(|remark| text.with_value(|text| remark.contains(text.as_str()))));
    let insert = move |_| {
        let before = sheet.saver.remark_text.get_untracked();
        let text = text.get_value();
        let joined = if before.trim().is_empty() { text } else { format!("{}\n{text}", before.trim_end()) };
        sheet.saver.note_remark(joined);
        sheet.flush();
        tell.ok("已插入「说明」，请按实际情况修改");
    };
    view! {
        <div class="alert" data-tone="warn">
            <div class="alert-body">
                <p class="alert-title">"份额没有达到，请在「说明」中说明原因和改进措施"</p>
                <p id="share-draft">{draft}</p>
                {is_unchecked.then(|| view! { <p class="small">"其中有比例的依据尚未核对，引用前请核对文件。"</p> })}
                {editable.then(|| view! {
                    <div class="alert-actions">
                        <button class="button" type="button" disabled=move || has_it.get() on:click=insert>{move || if has_it.get() { "「说明」中已有" } else { "插入「说明」" }}</button>
                        <span class="small quiet">"插入后请按实际情况修改"</span>
                    </div>
                })}
            </div>
        </div>
    }
}
