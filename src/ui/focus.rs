//! Giving the focus back to where it came from.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};

/// The element that has the focus, if it is one that can take it again.
pub(super) fn focused() -> Option<HtmlElement> {
    document().active_element()?.dyn_into().ok()
}

/// Focuses `opener`; if that is hidden by now, because it stood in a menu that has closed, the menu's button.
pub(super) fn give_back(opener: &HtmlElement) {
    _ = opener.focus();
    let here: &Element = opener;
    if document().active_element().as_ref() == Some(here) {
        return;
    }
    let button = here.closest("details").ok().flatten().and_then(|menu| menu.query_selector("summary").ok().flatten());
    if let Some(button) = button.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        _ = button.focus();
    }
}
