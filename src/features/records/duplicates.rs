//! 「疑似重复」: what may be counted twice, with where the other one is.

use super::api::RecordOnly;
use super::api::explanation::record_duplicates;
use crate::app::paths;
use crate::domain::ids::RecordId;
use crate::domain::record::duplicates::{DUPLICATES_SHOWN, Duplicate};
use crate::ui::Problem;
use leptos::prelude::*;

/// Warnings that stand open; the others are folded, so that the detail table stays in reach.
const OPEN: usize = 5;

/// The warnings of a record; nothing where there are none.
#[component]
pub fn DuplicatesPanel(
    /// Which record.
    record: RecordId,
    /// Asked anew whenever this changes.
    #[prop(into)]
    again: Signal<i64>,
    /// Is told how many there are.
    #[prop(optional)]
    count: Option<RwSignal<usize>>,
) -> impl IntoView {
    let id = StoredValue::new(record.clone());
    let found = Resource::new(move || again.get(), move |_| record_duplicates(RecordOnly { record: id.get_value() }));
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match found.await {
                    Ok(found) => {
                        if let Some(count) = count {
                            count.set(found.len());
                        }
                        view! { <List found record=id.get_value() /> }.into_any()
                    }
                    Err(error) => view! { <Problem message=format!("没有能够检查重复：{error}") /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn List(found: Vec<Duplicate>, record: RecordId) -> impl IntoView {
    let count = found.len();
    (count > 0).then(|| {
        let mut first: Vec<_> = found
            .into_iter()
            .map(|duplicate| {
                let href = format!("{}#line-{}", paths::explained(&record, &duplicate.name), duplicate.line);
                view! { <li><a href=href rel="external">{duplicate.sentence()}</a></li> }
            })
            .collect();
        let rest = first.split_off(first.len().min(OPEN));
        let more = rest.len();
        let note = if count >= DUPLICATES_SHOWN { format!("先列出 {count} 处提醒，处理后依次列出；不影响提交") } else { format!("{count} 处提醒，不影响提交") };
        view! {
            <section class="panel" id="duplicates" aria-labelledby="duplicates-title">
                <header class="panel-head"><h2 id="duplicates-title">"疑似重复"</h2><p class="panel-note">{note}</p></header>
                <div class="panel-body">
                    <ul class="findings" data-rows="">{first.collect_view()}</ul>
                    {(more > 0).then(|| view! { <details class="fold"><summary>{format!("其余 {more} 处")}</summary><ul class="findings" data-rows="">{rest.collect_view()}</ul></details> })}
                </div>
            </section>
        }
    })
}
