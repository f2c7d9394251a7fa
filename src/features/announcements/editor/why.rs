//! 「为什么还没发布」: every condition of the publication with its state (E6).

use super::Draft;
use crate::domain::announcement::outlook::{Condition, Met};
use crate::ui::{StatusPill, TableWrap, Tone};
use leptos::prelude::*;

const fn tone(met: Met) -> Tone {
    match met {
        Met::Yes => Tone::Ok,
        Met::Waiting => Tone::Busy,
        Met::No => Tone::Warn,
    }
}

/// The panel; nothing for what was published.
#[component]
pub fn Why(draft: Draft) -> impl IntoView {
    let conditions = move || {
        let (mode, is_generated) = (draft.basics.with(|basics| basics.mode), draft.is_generated());
        draft.read(|read| read.outlook(mode, is_generated).conditions())
    };
    move || {
        let conditions = conditions();
        (!conditions.is_empty()).then(|| {
            view! {
                <section class="panel" id="why" aria-labelledby="why-title">
                    <header class="panel-head"><h2 id="why-title">"为什么还没发布"</h2></header>
                    <TableWrap name="发布条件">
                        <table class="data" data-cards="">
                            <thead><tr><th scope="col">"发布条件"</th><th scope="col">"状态"</th><th scope="col">"说明"</th></tr></thead>
                            <tbody>{conditions.into_iter().map(|condition| view! { <Row condition /> }).collect_view()}</tbody>
                        </table>
                    </TableWrap>
                </section>
            }
        })
    }
}

#[component]
fn Row(condition: Condition) -> impl IntoView {
    view! {
        <tr>
            <td class="row-title" data-label="发布条件">{condition.what}</td>
            <td data-label="状态"><StatusPill label=condition.met.label() tone=tone(condition.met) /></td>
            <td class="wrap" data-label="说明">{condition.words}</td>
        </tr>
    }
}
