//! The fields of a contract, in groups, and the control of each.

use super::form::Entry;
use crate::app::paths;
use crate::domain::contract::{Category, GoodsMark, Measure, SupplierScale, Target};
use crate::domain::money::Money;
use crate::domain::sheet::Column;
use crate::ui::{ControlWiring, Field};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::HtmlInputElement;

/// The groups of a contract's cells, in the order of the page. 来源 is said by the page itself.
pub const GROUPS: [(&str, &str, &[Column]); 4] = [
    (
        "合同",
        "group-contract",
        &[Column::ContractNo, Column::Lot, Column::ContractTitle, Column::SignedOn, Column::PublishedOn, Column::Url],
    ),
    (
        "项目",
        "group-project",
        &[Column::ProjectName, Column::ProjectNo, Column::Category, Column::Method, Column::ProjectCreatedOn, Column::Budget],
    ),
    (
        "采购人和供应商",
        "group-parties",
        &[Column::BuyerName, Column::BuyerUscc, Column::SupplierName, Column::SupplierUscc, Column::SupplierScale],
    ),
    (
        "金额和预留",
        "group-amounts",
        &[
            Column::Amount,
            Column::Reserved,
            Column::Measure,
            Column::Target,
            Column::ReservedPct,
            Column::Retendered,
            Column::Sme,
            Column::SmallMicro,
            Column::GoodsMark,
        ],
    ),
];

/// Ways of procurement that are offered; others can be typed.
const METHODS: [&str; 8] = ["公开招标", "邀请招标", "竞争性谈判", "竞争性磋商", "询价", "单一来源", "框架协议采购", "直接采购"];

/// The element that holds a field's text.
pub fn field_id(column: Column) -> String {
    format!("contract-{}", column.alias())
}

/// What to write there.
const fn hint(column: Column) -> Option<&'static str> {
    Some(match column {
        Column::Lot => "同一合同编号有多个标项时填写，如 1",
        Column::PublishedOn => "没有公告的留空",
        Column::Url => "以 http:// 或 https:// 开头；没有的留空",
        Column::ProjectCreatedOn => "没有的按合同签订日期判断是否属于改造前项目",
        Column::BuyerName => "本单位名称，不能修改",
        Column::SupplierScale => "按中小企业声明函填写",
        Column::ReservedPct => "填百分数，如 45.5；联合体预留和合同分包预留按它推算金额",
        Column::Sme | Column::SmallMicro => "留空则按口径推算；没有则填 0",
        Column::Retendered => "整体预留或包预留不足3家后重新采购的选「是」",
        Column::GoodsMark => "只用于框架协议合同",
        _ => return None,
    })
}

/// The words of a closed list; empty for a field that is typed into.
fn choices(column: Column) -> Vec<&'static str> {
    match column {
        Column::SupplierScale => SupplierScale::ALL.iter().map(|each| each.label()).collect(),
        Column::Category => Category::ALL.iter().map(|each| each.label()).collect(),
        Column::Measure => Measure::ALL.iter().map(|each| each.label()).collect(),
        Column::Target => Target::ALL.iter().map(|each| each.label()).collect(),
        Column::GoodsMark => GoodsMark::ALL.iter().map(|each| each.label()).collect(),
        Column::Reserved | Column::Retendered => vec!["是", "否"],
        _ => Vec::new(),
    }
}

/// One group of fields.
#[component]
pub fn Group(entry: Entry, title: &'static str, id: &'static str, columns: &'static [Column]) -> impl IntoView {
    let fields = move || {
        // A mark of goods means nothing on a contract of the unit's own; one that was imported is not hidden.
        let has_mark = entry.draft.with_untracked(|draft| !draft.get(Column::GoodsMark).is_empty());
        let shown = columns.iter().copied().filter(|column| *column != Column::GoodsMark || has_mark);
        shown.map(|column| view! { <ContractField entry column /> }).collect_view()
    };
    view! {
        <section class="panel" aria-labelledby=id>
            <header class="panel-head"><h2 id=id>{title}</h2></header>
            <div class="panel-body">
                // New elements each time: one that was typed into does not follow its attribute any more.
                <For each=move || std::iter::once(entry.drawn.get()) key=|drawn| *drawn let:_drawn><div class="form" data-columns="">{fields()}</div></For>
            </div>
        </section>
    }
}

/// A field with everything that there is to say about it.
#[component]
fn ContractField(entry: Entry, column: Column) -> impl IntoView {
    let error = Signal::derive(move || entry.error(column));
    let wide = matches!(column, Column::ProjectName | Column::ContractTitle | Column::Url);
    let control = move |control: ControlWiring| {
        let note = format!("{}-note", control.id);
        view! { {input(entry, column, control)}<Note entry column id=note /> }
    };
    match hint(column) {
        Some(hint) => view! { <Field id=field_id(column) label=column.name() hint error required=column.is_required() wide let:wiring>{control(wiring)}</Field> }.into_any(),
        None => view! { <Field id=field_id(column) label=column.name() error required=column.is_required() wide let:wiring>{control(wiring)}</Field> }.into_any(),
    }
}

/// The ids of what is said about a field; its note is always there.
fn described(control: &ControlWiring) -> impl Fn() -> String + Send + Sync + Clone + 'static {
    let (words, note) = (control.described_by, format!("{}-note", control.id));
    move || match words.get() {
        Some(words) => format!("{words} {note}"),
        None => note.clone(),
    }
}

fn input(entry: Entry, column: Column, control: ControlWiring) -> AnyView {
    let text = entry.draft.with_untracked(|draft| draft.get(column).to_owned());
    let describing = described(&control);
    let (id, required) = (control.id.clone(), control.required);
    let left = move |_| entry.leave(column);
    let invalid = move || control.aria_invalid();
    let typed = move |event: leptos::ev::Event| entry.write(column, event_target_value(&event));
    let words = choices(column);
    if !words.is_empty() {
        let options = words.into_iter().map(|word| view! { <option value=word selected=text == word>{word}</option> }).collect_view();
        let blank = (column != Column::Retendered)
            .then(|| view! { <option value="" selected=text.is_empty()>{if required { "请选择" } else { "（空）" }}</option> });
        return view! {
            <select class="select" id=id required=required on:change=typed on:focusout=left aria-describedby=describing aria-invalid=invalid>{blank}{options}</select>
        }
        .into_any();
    }
    match column {
        Column::BuyerName => view! { <input class="input" id=id value=text readonly aria-describedby=describing /> }.into_any(),
        Column::SignedOn | Column::PublishedOn | Column::ProjectCreatedOn => {
            // Half a date is no value to the browser, and would be lost without a word.
            let left = move |event: leptos::ev::FocusEvent| {
                let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
                if input.is_some_and(|input| input.validity().bad_input()) {
                    entry.write(column, "未填完的日期".to_owned());
                }
                entry.leave(column);
            };
            view! {
                <input class="input" id=id type="date" min="1990-01-01" max="2100-12-31" required=required value=text on:input=typed on:focusout=left aria-describedby=describing aria-invalid=invalid />
            }
            .into_any()
        }
        Column::Amount | Column::Budget | Column::Sme | Column::SmallMicro | Column::ReservedPct => view! {
            <input class="input" id=id data-figure="" inputmode="decimal" autocomplete="off" required=required value=text on:input=typed on:focusout=left aria-describedby=describing aria-invalid=invalid />
        }
        .into_any(),
        Column::Method => view! {
            <input class="input" id=id list="contract-methods" value=text on:input=typed on:focusout=left aria-describedby=describing aria-invalid=invalid />
            <datalist id="contract-methods">{METHODS.map(|method| view! { <option value=method></option> }).into_iter().collect_view()}</datalist>
        }
        .into_any(),
        _ => view! {
            <input class="input" id=id autocomplete="off" required=required value=text on:input=typed on:focusout=left aria-describedby=describing aria-invalid=invalid />
        }
        .into_any(),
    }
}

/// Below a field: an amount in 万元, what should be looked at, and the contract that has the key already.
#[component]
fn Note(entry: Entry, column: Column, id: String) -> impl IntoView {
    let is_amount = matches!(column, Column::Amount | Column::Budget | Column::Sme | Column::SmallMicro);
    let wan = Memo::new(move |_| {
        let read = |text: &str| Money::parse_yuan(text).ok().map(|amount| format!("= {} 万元", amount.wan()));
        if is_amount { entry.draft.with(|draft| read(draft.get(column))) } else { None }
    });
    let twin = move || entry.twin.get().filter(|_| column == Column::ContractNo);
    view! {
        <div class="field-note" id=id>
            {move || wan.get().map(|words| view! { <p class="field-hint">{words}</p> })}
            {move || entry.doubts(column).into_iter().map(|words| view! { <p class="field-doubt">{words}</p> }).collect_view()}
            {move || twin().map(|twin| view! {
                <p class="field-hint">"已有合同："<a href=paths::contract(&twin.id) target="_blank" rel="external">{twin.project_name}" ↗"</a>{format!("（{}）", twin.source.label())}</p>
            })}
        </div>
    }
}
