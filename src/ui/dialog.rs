//! A modal window on the browser's own `<dialog>`: the browser keeps the focus inside and the page behind it still.

use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;

use super::focus::{give_back_last, remember};
use super::{Glyph, Icon};

/// A modal window.
///
/// It is open while `open` is true. Esc, the cross and the browser's own ways of closing set it to false; then, however it was
/// closed, the focus goes back to where it was and `on_close` is called. The children are made anew at each opening, so a
/// cancelled form leaves nothing behind. They are a `<form>` (or directly) a `.dialog-body` and a `.dialog-foot`. The control
/// that shall have the focus first carries `autofocus`; otherwise it is the first one.
#[component]
pub fn Dialog(
    /// Whether the window is open.
    open: RwSignal<bool>,
    /// Its heading, by which screen readers name it.
    #[prop(into)]
    title: Signal<String>,
    /// `small`, `wide`, or the usual width.
    #[prop(into, optional)]
    size: Option<&'static str>,
    /// Called after it has closed.
    #[prop(into, optional)]
    on_close: Option<Callback<()>>,
    /// Body and foot.
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();

    Effect::new(move || {
        let wanted = open.get();
        let Some(dialog) = node.get() else { return };
        if wanted && !dialog.open() {
            remember();
            // One frame later the children are there, and the browser finds the control to focus.
            request_animation_frame(move || {
                if open.try_get_untracked() == Some(true) && !dialog.open() {
                    _ = dialog.show_modal();
                }
            });
        } else if !wanted && dialog.open() {
            dialog.close();
        }
    });

    let closed = move |_| {
        if open.get_untracked() {
            open.set(false);
        }
        give_back_last();
        if let Some(on_close) = on_close {
            on_close.run(());
        }
    };

    // Esc with words in the window asks first: the key is close to others, and a long opinion is soon gone.
    let cancelled = move |event: leptos::ev::Event| {
        if node.get_untracked().is_some_and(|dialog| holds_words(&dialog))
            && !window().confirm_with_message("关闭后，窗口中填写的内容会丢失。确定关闭？").unwrap_or(true)
        {
            event.prevent_default();
        }
    };

    view! {
        <dialog node_ref=node class="dialog" on:cancel=cancelled data-size=size aria-label=move || title.get() on:close=closed>
            <div class="dialog-head">
                <h2>{move || title.get()}</h2>
            </div>
            {move || open.get().then(|| children())}
            <button type="button" class="dialog-close" aria-label="关闭" on:click=move |_| open.set(false)>
                <Icon glyph=Glyph::Cross/>
            </button>
        </dialog>
    }
}

/// Whether something was written into a longer box of the window.
fn holds_words(dialog: &leptos::web_sys::HtmlDialogElement) -> bool {
    let Ok(boxes) = dialog.query_selector_all("textarea") else { return false };
    (0..boxes.length())
        .filter_map(|at| boxes.get(at))
        .filter_map(|node| node.dyn_into::<leptos::web_sys::HtmlTextAreaElement>().ok())
        .any(|element| !element.value().trim().is_empty())
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn a_closed_dialog_sends_no_body() {
        let owner = Owner::new();
        let html = owner.with(|| {
            let open = RwSignal::new(false);
            view! { <Dialog open=open title="撤回"><div class="dialog-body">"撤回理由"</div></Dialog> }.to_html()
        });
        assert!(html.contains(r#"aria-label="撤回""#) && !html.contains("撤回理由"), "{html}");
    }
}
