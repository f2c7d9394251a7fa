//! The table of the 合同台账: the names first, then the columns that the person has chosen.

use super::super::address;
use super::super::api::{Ledger, LedgerLine, LedgerQuery};
use super::super::columns::{LedgerColumn, Shape};
use super::super::verdict_tone;
use crate::app::paths;
use crate::ui::{Pager, StatusPill, TableWrap};
use leptos::prelude::*;

/// The contracts of the page.
#[component]
pub fn Lines(ledger: Ledger, query: LedgerQuery, enters: bool) -> impl IntoView {
    let Ledger { lines, sums, page, size, columns, .. } = ledger;
    if lines.is_empty() {
        let is_filtered = query != LedgerQuery { unit: query.unit.clone(), page: query.page, ..LedgerQuery::default() };
        return if is_filtered {
            view! { <div class="empty"><p class="empty-title">"没有符合条件的合同"</p><p>"请调整筛选条件，或点击「重置」查看全部。"</p></div> }.into_any()
        } else if enters {
            view! { <div class="empty"><p class="empty-title">"还没有合同"</p><p>"点击「导入合同」读入从采购平台导出的表格，或「录入合同」逐份录入。"</p></div> }.into_any()
        } else {
            view! { <div class="empty"><p class="empty-title">"还没有合同"</p><p>"合同由本单位经办录入，或从采购平台导出的表格导入。"</p></div> }
                .into_any()
        };
    }
    let heads = columns.iter().map(|column| view! { <th scope="col" class=head_class(*column)>{head(*column)}</th> }).collect_view();
    view! {
        <TableWrap name="合同列表">
            <table class="data" data-cards="" data-pin="">
                <thead>
                    <tr>
                        <th scope="col">"项目名称、合同编号、供应商"</th>
                        {heads}
                    </tr>
                </thead>
                <tbody>{lines.into_iter().map(|line| view! { <Line line columns=columns.clone() /> }).collect_view()}</tbody>
            </table>
        </TableWrap>
        <Pager page size total=sums.total href=move |page| format!("{}{}", paths::CONTRACTS, address::write(&LedgerQuery { page, ..query.clone() })) />
    }
    .into_any()
}

const fn head_class(column: LedgerColumn) -> &'static str {
    match column.shape() {
        Shape::Figure => "num wrap",
        _ => "",
    }
}

/// The name, its unit kept together where the head wraps.
fn head(column: LedgerColumn) -> impl IntoView {
    match column.name().split_once('(') {
        Some((name, unit)) => view! { {name}<span class="nowrap">"("{unit}</span> }.into_any(),
        None => column.name().into_any(),
    }
}

#[component]
fn Line(line: LedgerLine, columns: Vec<LedgerColumn>) -> impl IntoView {
    let cells = columns.into_iter().map(|column| cell(column, &line)).collect_view();
    let LedgerLine { id, contract, .. } = line;
    let number = if contract.lot.is_empty() { contract.contract_no } else { format!("{}（{}）", contract.contract_no, contract.lot) };
    view! {
        <tr>
            <td class="row-title cell-words"><a href=paths::contract(&id)>{contract.project_name}</a><span class="ledger-note">{number}</span><span class="ledger-note">{contract.supplier_name}</span></td>
            {cells}
        </tr>
    }
}

fn cell(column: LedgerColumn, line: &LedgerLine) -> AnyView {
    let text = column.text(line);
    let label = column.name();
    match column.shape() {
        Shape::Verdict => {
            let reason = line.reason.clone();
            let class = if reason.is_empty() { "" } else { "cell-words" };
            view! {
                <td class=class data-label=label>
                    <StatusPill label=text tone=verdict_tone(&line.kind) />
                    {(!reason.is_empty()).then(|| view! { <span class="ledger-note">{reason}</span> })}
                </td>
            }
            .into_any()
        }
        _ if text.is_empty() => view! { <td class=cell_class(column) data-label=label>"-"</td> }.into_any(),
        Shape::Link => {
            view! { <td class="nowrap" data-label=label><a href=text target="_blank" rel="external noopener noreferrer">"打开 ↗"</a></td> }
                .into_any()
        }
        _ => view! { <td class=cell_class(column) data-label=label>{text}</td> }.into_any(),
    }
}

const fn cell_class(column: LedgerColumn) -> &'static str {
    match column.shape() {
        Shape::Figure => "num",
        Shape::Words => "cell-words",
        _ => "nowrap",
    }
}
