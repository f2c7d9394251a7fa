//! Panel 「份额对照」: the three percentages apart, each with its formula and its numbers, what is missing for them, and the sentences
//! proposed for 「说明」 where a share is missed (E10).

use super::super::api::RecordOnly;
use super::super::api::shares::{BudgetInput, ShareView, record_shares, save_budget};
use super::super::sheet::Sheet;
use crate::app::Tell;
use crate::domain::contract::Category;
use crate::domain::ids::RecordId;
use crate::domain::money::{Money, Unit};
use crate::domain::record::Totals;
use crate::domain::share::projects::Missing;
use crate::domain::share::{Due, Kind, Share, Shares};
use crate::error::AppError;
use crate::ui::{Again, Field, Problem};
use leptos::prelude::*;

/// Most lines for which the shares follow every save by themselves.
const FOLLOWED: usize = 1_000;
/// Most projects whose budget is asked for at a time.
const ASKED: usize = 20;

/// The panel.
#[component]
pub fn SharesPanel(record: RecordId, lines: usize, sums: Memo<Totals>, editable: bool, sheet: Sheet) -> impl IntoView {
    let again = Again::new();
    // Kept while the panel is read anew, so that one budget can be entered after the other.
    let unfolded = RwSignal::new(false);
    let id = StoredValue::new(record);
    let source = move || (again.count(), if editable && lines <= FOLLOWED { sheet.saver.content_version.get() } else { 0 });
    let found = Resource::new(source, move |_| record_shares(RecordOnly { record: id.get_value() }));
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
                            Ok(found) => view! { <Body found record=id editable sheet again unfolded /> }.into_any(),
                            Err(error) => view! { <Problem message=error.to_string() /> }.into_any(),
                        }
                    })}
                </Transition>
                <div class="share">
                    <h3>"占比"</h3>
                    <p class="share-figure" id="share-amounts">{move || { let sums = sums.get(); format!("{}%", sums.ratio()) }}</p>
                    <p class="small quiet">
                        {move || { let sums = sums.get(); format!("面向小微企业采购金额 ÷ 面向中小企业采购金额（合同金额）＝ {} ÷ {} 万元", sums.small_micro.wan(), sums.sme.wan()) }}
                    </p>
                </div>
            </div>
        </section>
    }
}

#[component]
fn Body(
    found: ShareView,
    record: StoredValue<RecordId>,
    editable: bool,
    sheet: Sheet,
    again: Again,
    unfolded: RwSignal<bool>,
) -> impl IntoView {
    let ShareView { shares, draft } = found;
    let Shares { projects, missing, reserved, small_micro } = shares;
    let why = why_not(projects, &missing);
    let no_small_micro = if missing.is_empty() && reserved.is_some() {
        "本年度没有预留的采购预算，不计算此比例。".to_owned()
    } else {
        why.clone()
    };
    view! {
        <One kind=Kind::Reserved share=reserved why id="share-reserved" />
        <One kind=Kind::SmallMicro share=small_micro why=no_small_micro id="share-small-micro" />
        {draft.map(|draft| view! { <DraftBox draft editable sheet /> })}
        {(!missing.is_empty()).then(|| view! { <MissingBox missing record editable again unfolded /> })}
    }
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
    let figure = share.as_ref().map_or_else(|| "—".to_owned(), |share| format!("{}%", share.ratio()));
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
fn DraftBox(draft: String, editable: bool, sheet: Sheet) -> impl IntoView {
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

/// What the projects lack, asked for in place.
#[component]
fn MissingBox(
    missing: Vec<Missing>,
    record: StoredValue<RecordId>,
    editable: bool,
    again: Again,
    unfolded: RwSignal<bool>,
) -> impl IntoView {
    use leptos::wasm_bindgen::JsCast as _;
    let note = move |event: leptos::ev::Event| {
        let fold = event.target().and_then(|target| target.dyn_into::<leptos::web_sys::HtmlDetailsElement>().ok());
        unfolded.set(fold.is_some_and(|fold| fold.open()));
    };
    let count = missing.len();
    let shown: Vec<Missing> = missing.into_iter().take(ASKED).collect();
    let rest = count - shown.len();
    view! {
        <details class="fold" open=unfolded.get_untracked() on:toggle=note>
            <summary>{format!("缺少内容的采购项目（{count} 个）")}</summary>
            <ul class="explained-list">
                {shown.into_iter().map(|missing| {
                    if editable && (missing.budget || missing.category) {
                        view! { <li class="explained-item"><BudgetForm missing record again /></li> }.into_any()
                    } else {
                        view! { <li class="explained-item"><p><span class="strong">{missing.name.clone()}</span>{lacks(&missing)}</p></li> }.into_any()
                    }
                }).collect_view()}
            </ul>
            {(rest > 0).then(|| view! { <p class="quiet small">{format!("另有 {rest} 个，填写后依次列出。")}</p> })}
        </details>
    }
}

fn lacks(missing: &Missing) -> String {
    let parts = [(missing.budget, "预算金额"), (missing.category, "项目属性"), (missing.percent, "预留比例（请在明细中填写）")];
    let parts: Vec<&str> = parts.iter().filter(|(lacks, _)| *lacks).map(|(_, name)| *name).collect();
    format!(" 缺{}", parts.join("、"))
}

#[component]
fn BudgetForm(missing: Missing, record: StoredValue<RecordId>, again: Again) -> impl IntoView {
    let name = if missing.name.is_empty() { "（未填项目名称）".to_owned() } else { missing.name.clone() };
    let known = missing.known_category;
    let (budget, category, is_for_small_micro) = (RwSignal::new(String::new()), RwSignal::new(known), RwSignal::new(false));
    let problem = RwSignal::new(None::<AppError>);
    let tell = expect_context::<Tell>();
    let key = StoredValue::new(missing.key.clone());
    let save = Action::new(move |input: &BudgetInput| {
        let input = input.clone();
        async move {
            match save_budget(input).await {
                Ok(()) => {
                    tell.ok("预算已保存");
                    again.notify();
                }
                Err(error) => problem.set(Some(error)),
            }
        }
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        problem.set(None);
        let Some(category) = category.get_untracked() else {
            problem.set(Some(AppError::field("category", "请选择项目属性")));
            return;
        };
        if let Err(error) = budget.with_untracked(|budget| Money::parse_in(budget, Unit::Wan)) {
            problem.set(Some(AppError::field("budget", error)));
            return;
        }
        save.dispatch(BudgetInput {
            record: record.get_value(),
            project: key.get_value(),
            budget: budget.get_untracked(),
            category,
            is_for_small_micro: is_for_small_micro.get_untracked(),
        });
    };
    let at =
        move |field: &'static str| Signal::derive(move || problem.with(|problem| problem.as_ref().and_then(|error| error.at_field(field))));
    let general = move || {
        let general = problem.get().filter(|error| !matches!(error, AppError::InvalidField { .. }));
        general.map(|error| view! { <Problem message=error.to_string() /> })
    };
    let id = missing.key.clone();
    view! {
        <p><span class="strong">{name.clone()}</span>{lacks(&missing)}</p>
        <form novalidate on:submit=submit><div class="explained-fill" role="group" aria-label=format!("填写预算：{name}")>
            {general}
            <Field id=format!("budget-{id}") label="预算金额(万元)" error=at("budget") let:control>
                <input class="input" data-figure="" inputmode="decimal" autocomplete="off" id=control.id.clone() prop:value=budget on:input=move |event| budget.set(event_target_value(&event))
                    aria-describedby=move || control.described_by.get() aria-invalid=move || control.invalid.get().then_some("true") />
            </Field>
            {known.is_none().then(|| view! { <Field id=format!("category-{id}") label="项目属性" error=at("category") let:control>
                <select class="select" id=control.id.clone() on:change=move |event| category.set(Category::from_code(&event_target_value(&event)))
                    aria-describedby=move || control.described_by.get() aria-invalid=move || control.invalid.get().then_some("true")>
                    <option value="">"请选择"</option>
                    {Category::ALL.iter().map(|each| view! { <option value=each.code()>{each.label()}</option> }).collect_view()}
                </select>
            </Field> })}
            {missing.is_manual.then(|| view! {
                <label class="choice">
                    <input type="checkbox" prop:checked=is_for_small_micro on:change=move |event| is_for_small_micro.set(event_target_checked(&event)) />
                    "预留给小微企业"
                </label>
            })}
            <div class="explained-fill-end"><button class="button" type="submit" disabled=move || save.pending().get()>"保存"</button></div>
        </div></form>
    }
}
