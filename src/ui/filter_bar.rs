//! The form that filters a list: plain GET, so that the filters live in the address, and what stands in it is what the address says.

use leptos::html;
use leptos::prelude::*;
use leptos::web_sys::js_sys;

/// The fields of a list's filters with 「查询」 and 「重置」.
///
/// A browser puts back what was typed when one goes back, and a field that was typed into does not follow its attribute; so the form is set
/// to what the address says whenever that changes, and whenever the page comes back.
#[component]
pub fn FilterBar(
    /// Where the list is; 「重置」 leads there without filters, unless `reset` says otherwise.
    #[prop(into)]
    action: String,
    /// Where 「重置」 leads, on a page with other lists whose filters stay.
    #[prop(into, optional)]
    reset: Option<Signal<String>>,
    /// What screen readers call it.
    label: &'static str,
    /// The filters of the address, in any form that changes with them.
    #[prop(into)]
    shown: Signal<String>,
    /// Whether it stands on its own and not in a panel.
    #[prop(optional)]
    card: bool,
    /// The fields.
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Form>::new();
    let restore = move || {
        if let Some(form) = node.try_get_untracked().flatten() {
            form.reset();
        }
    };
    // What the server has drawn is right, and someone may have begun to type into it.
    let is_drawn = Owner::current_shared_context().is_some_and(|context| context.during_hydration());
    Effect::new(move |before: Option<()>| {
        shown.track();
        if before.is_some() || !is_drawn {
            // A frame later the attributes are those of the new filters.
            request_animation_frame(restore);
        }
    });
    Effect::new(move || {
        let handle = window_event_listener_untyped("pageshow", move |event| {
            let persisted = js_sys::Reflect::get(&event, &"persisted".into());
            if persisted.is_ok_and(|persisted| persisted.is_truthy()) {
                restore();
            }
        });
        on_cleanup(move || handle.remove());
    });
    let reset = reset.unwrap_or_else(|| Signal::stored(action.clone()));
    view! {
        <form node_ref=node class="filterbar" class:card=card method="get" action=action role="search" aria-label=label autocomplete="off">
            {children()}
            <div class="filterbar-actions">
                <button class="button" data-kind="primary" type="submit">"查询"</button>
                <a class="button" href=move || reset.get() on:click=move |_| restore()>"重置"</a>
            </div>
        </form>
    }
}
