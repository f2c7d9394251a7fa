//! Giving the focus back to where it came from.

use std::cell::RefCell;

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};

std::thread_local! {
    // Elements cannot be sent between threads, and what a component stores is dropped on any thread of the server; the browser
    // has but one. Windows open one above the other, so the last opener is the first to get the focus back.
    static OPENERS: RefCell<Vec<Option<HtmlElement>>> = const { RefCell::new(Vec::new()) };
}

/// Remembers the element that has the focus, if it is one that can take it again.
pub(super) fn remember() {
    let opener = document().active_element().and_then(|element| element.dyn_into().ok());
    OPENERS.with_borrow_mut(|openers| openers.push(opener));
}

/// Frames in which a page that is still being read is waited for: about ten seconds.
const FRAMES: u32 = 600;

/// Focuses the element of this id as soon as there is one, for the page that a deed leads to.
pub fn focus_when_there(id: &'static str) {
    await_element(id, FRAMES);
}

fn await_element(id: &'static str, frames: u32) {
    request_animation_frame(move || {
        let found = document().get_element_by_id(id).and_then(|element| element.dyn_into::<HtmlElement>().ok());
        match found {
            // An element that cannot have the focus is at least on the screen.
            Some(element) => _ = element.focus(),
            None if frames > 0 => await_element(id, frames - 1),
            None => {}
        }
    });
}

/// Gives the focus back to the element remembered last.
pub(super) fn give_back_last() {
    if let Some(opener) = OPENERS.with_borrow_mut(Vec::pop).flatten() {
        give_back(&opener);
    }
}

/// Focuses `opener`; if that is hidden by now, because it stood in a menu that has closed, the menu's button.
fn give_back(opener: &HtmlElement) {
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
