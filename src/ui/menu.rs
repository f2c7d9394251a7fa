//! A button that opens a short list of actions.

use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{HtmlElement, Node};

/// A drop-down of links and buttons on the browser's own `<details>`; it opens without script.
///
/// The arrows, Home and End walk through it. It closes on Esc (the focus goes back to its button), when the focus or a press goes elsewhere, and when one of its items was
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
        let Some(menu) = node.get_untracked() else { return };
        if let Some(by) = Step::of(&event.key()) {
            event.prevent_default();
            menu.set_open(true);
            step(&menu, by);
            return;
        }
        if event.key() != "Escape" || !menu.open() {
            return;
        }
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

/// A step of the focus among the items of a menu.
#[derive(Clone, Copy)]
enum Step {
    Next,
    Back,
    First,
    Last,
}

impl Step {
    fn of(key: &str) -> Option<Step> {
        match key {
            "ArrowDown" => Some(Step::Next),
            "ArrowUp" => Some(Step::Back),
            "Home" => Some(Step::First),
            "End" => Some(Step::Last),
            _ => None,
        }
    }
}

/// Moves the focus among the items, around the ends; from the button to the first or the last.
fn step(menu: &HtmlElement, by: Step) {
    let Ok(found) = menu.query_selector_all(".menu-list :is(a, button)") else { return };
    let items: Vec<HtmlElement> = (0..found.length()).filter_map(|at| found.get(at)).filter_map(|node| node.dyn_into().ok()).collect();
    let focused = document().active_element();
    let at = items.iter().position(|item| focused.as_ref().is_some_and(|focused| item.is_same_node(Some(focused))));
    let last = items.len().saturating_sub(1);
    let target = match (by, at) {
        (Step::Next, Some(at)) if at < last => at + 1,
        (Step::Back, Some(at)) if at > 0 => at - 1,
        (Step::Next | Step::First, _) => 0,
        (Step::Back | Step::Last, _) => last,
    };
    if let Some(item) = items.get(target) {
        _ = item.focus();
    }
}
