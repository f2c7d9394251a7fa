//! A button that opens a short list of actions.

use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{HtmlElement, Node};

/// A drop-down of links and buttons on the browser's own `<details>`; it opens without script.
///
/// It closes on Esc (the focus goes back to its button), when the focus or a press goes elsewhere, and when one of its items was
/// chosen. The children are `<li>`s, each with one link or button.
#[component]
pub fn Menu(
    /// The word on the button.
    #[prop(into)]
    label: Signal<String>,
    /// Whether the list hangs on the button's left edge; on the right unless told.
    #[prop(optional)]
    from_start: bool,
    /// The kind of button (`data-kind`).
    #[prop(into, optional)]
    kind: Option<&'static str>,
    /// The items.
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Details>::new();
    let close = move || {
        if let Some(menu) = node.get_untracked() {
            menu.set_open(false);
        }
    };
    let holds = move |target: Option<Node>| node.get_untracked().is_some_and(|menu| menu.contains(target.as_ref()));

    Effect::new(move || {
        let handle = window_event_listener(leptos::ev::pointerdown, move |event| {
            if !holds(event.target().and_then(|target| target.dyn_into().ok())) {
                close();
            }
        });
        on_cleanup(move || handle.remove());
    });

    let keydown = move |event: leptos::ev::KeyboardEvent| {
        let Some(menu) = node.get_untracked().filter(|menu| event.key() == "Escape" && menu.open()) else { return };
        // The same key must not close a dialog around the menu as well.
        event.prevent_default();
        event.stop_propagation();
        menu.set_open(false);
        if let Some(button) = menu.query_selector("summary").ok().flatten().and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
            _ = button.focus();
        }
    };
    let focusout = move |event: leptos::ev::FocusEvent| {
        // Without a related target the focus went nowhere (the window lost it, or a press follows and is looked at on its own).
        if let Some(target) = event.related_target().and_then(|target| target.dyn_into::<Node>().ok())
            && !holds(Some(target))
        {
            close();
        }
    };

    view! {
        <details node_ref=node class="menu" data-align=from_start.then_some("start") on:keydown=keydown on:focusout=focusout>
            <summary class="button" data-kind=kind>
                {move || label.get()}
            </summary>
            <ul class="menu-list" on:click=move |_| close()>
                {children()}
            </ul>
        </details>
    }
}
