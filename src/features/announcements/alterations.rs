//! 改前 and 改后 as a table: on the public page, and in the office beside what is corrected (E7).

use crate::domain::announcement::correction::{Alteration, Alterations};
use leptos::prelude::*;

/// The table. Everything is said in words, so that it is read without colour.
#[component]
pub fn AlterationsTable(
    /// What it shows.
    alterations: Alterations,
    /// Compared with what, where a page shows two tables.
    #[prop(optional)]
    with: &'static str,
) -> impl IntoView {
    let name = format!("改前与改后{with}");
    let Alterations { sums, rows, words } = alterations;
    let is_same = rows.is_empty();
    view! {
        <div class="notice-table-wrap" role="region" aria-label=name.clone() tabindex="0">
            <table class="notice-table">
                <caption class="visually-hidden">{name.clone()}</caption>
                <thead><tr><th scope="col">"内容"</th><th scope="col">"改前"</th><th scope="col">"改后"</th></tr></thead>
                <tbody>
                    {sums.into_iter().map(row).collect_view()}
                    {rows.into_iter().map(row).collect_view()}
                    {is_same.then(|| view! { <tr><th scope="row">"项目明细"</th><td colspan="2">"没有改动"</td></tr> })}
                    {words.into_iter().map(row).collect_view()}
                </tbody>
            </table>
        </div>
    }
}

fn row(alteration: Alteration) -> impl IntoView {
    let (what, outcome) = (alteration.what(), alteration.outcome());
    view! { <tr><th scope="row">{what}</th><td class="pre-line">{alteration.before}</td><td class="pre-line">{outcome}</td></tr> }
}
