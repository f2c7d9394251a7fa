//! 「确定删除？」: a question with two answers.

use leptos::prelude::*;

use super::Dialog;

/// A small dialog that asks before something is done that cannot be taken back.
///
/// 「取消」 has the focus first; 「确定」 closes the dialog and then calls `on_confirm`.
#[component]
pub fn Confirm(
    /// Whether the question is being asked.
    open: RwSignal<bool>,
    /// The question, for example 「确定删除？」.
    #[prop(into)]
    question: Signal<String>,
    /// What will happen, in a sentence.
    #[prop(into, optional)]
    consequence: Signal<String>,
    /// Called after 「确定」.
    #[prop(into)]
    on_confirm: Callback<()>,
    /// Whether something is lost by it; 「确定」 is red then. True unless told.
    #[prop(default = true)]
    danger: bool,
) -> impl IntoView {
    let kind = if danger { "danger-primary" } else { "primary" };
    view! {
        <Dialog open=open title=question size="small">
            <div class="dialog-body">
                <p>{move || consequence.get()}</p>
            </div>
            <div class="dialog-foot">
                <button type="button" class="button" autofocus=true on:click=move |_| open.set(false)>
                    "取消"
                </button>
                <button
                    type="button"
                    class="button"
                    data-kind=kind
                    on:click=move |_| {
                        open.set(false);
                        on_confirm.run(());
                    }
                >
                    "确定"
                </button>
            </div>
        </Dialog>
    }
}
