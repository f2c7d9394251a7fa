//! 「为什么还没发布」: every condition of the publication with its state (E6).

use super::Draft;
use crate::domain::announcement::outlook::{Condition, Met};
use crate::ui::{StatusPill, Tone};
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
                    <ul class="conditions">{conditions.into_iter().map(|condition| view! { <Row condition /> }).collect_view()}</ul>
                </section>
            }
        })
    }
}

#[component]
fn Row(condition: Condition) -> impl IntoView {
    view! {
        <li>
            <strong>{condition.what}</strong>
            <StatusPill label=condition.met.label() tone=tone(condition.met) />
            <span class="condition-words">{condition.words}</span>
        </li>
    }
}
