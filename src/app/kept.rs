//! The browser's storage behind [`crate::domain::kept`]: the safety copy of what was typed and is not acknowledged.

use super::use_actor;
use crate::domain::calendar::Moment;
use crate::domain::ids::UserId;
use crate::domain::kept::{Entry, Fields, Visit, Write, is_of};
use leptos::prelude::*;
use leptos::web_sys::{Storage, js_sys};
use std::cell::Cell;

std::thread_local! {
    /// Whether the person is leaving by a deliberate sign-out: nothing more is kept, and nothing more is asked.
    static LEAVING: Cell<bool> = const { Cell::new(false) };
}

/// Keeps the texts of one page.
#[derive(Clone, Copy)]
pub struct Keeper(StoredValue<Page>);

struct Page {
    user: UserId,
    subject: String,
    opened: Moment,
    /// Made when it is first needed: only the browser has chance.
    visit: Option<Visit>,
    written: Fields,
    wanted: Fields,
}

impl Page {
    fn visit(&mut self) -> Visit {
        let made = || {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number below 2^32, to tell two tabs apart")]
            let chance = (js_sys::Math::random() * 4_294_967_295.0) as u32;
            Visit::new(self.user.clone(), self.subject.clone(), self.opened, chance)
        };
        self.visit.get_or_insert_with(made).clone()
    }

    fn keep(&mut self, wanted: Fields) {
        // Without storage the text still stands on the page, and leaving it asks first.
        if let Some(storage) = storage() {
            let mut is_written = true;
            for write in self.visit().writes(&self.written, &wanted) {
                is_written &= match write {
                    Write::Set(key, text) => storage.set_item(&key, &text).is_ok(),
                    Write::Remove(key) => storage.remove_item(&key).is_ok(),
                };
            }
            // What a full storage did not take is written again at the next key.
            if is_written {
                self.written.clone_from(&wanted);
            } else {
                self.written.retain(|field, text| wanted.get(field) != Some(text));
            }
        }
        self.wanted = wanted;
    }
}

impl Keeper {
    /// For the page of this thing, as read at `opened` of the server. Closing or leaving the page while something is kept asks first.
    pub fn new(subject: String, opened: Moment) -> Keeper {
        let page = Page { user: use_actor().user, subject, opened, visit: None, written: Fields::new(), wanted: Fields::new() };
        let keeper = Keeper(StoredValue::new(page));
        Effect::new(move || {
            let handle = window_event_listener(leptos::ev::beforeunload, move |event| {
                if keeper.holds() {
                    event.prevent_default();
                    // Browsers of before 2023 look at this only.
                    event.set_return_value("还有未保存的内容");
                }
            });
            on_cleanup(move || handle.remove());
        });
        keeper
    }

    /// Whether something on this page is not acknowledged.
    fn holds(self) -> bool {
        !LEAVING.get() && self.0.try_with_value(|page| !page.wanted.is_empty()).unwrap_or(false)
    }

    /// Makes the storage hold exactly this of the page's texts.
    pub fn keep(self, wanted: Fields) {
        if !LEAVING.get() {
            self.0.try_update_value(|page| page.keep(wanted));
        }
    }

    /// What other visits of this person left behind here.
    pub fn left_behind(self) -> Vec<Entry> {
        self.0.try_update_value(Page::visit).map(|visit| visit.left_behind(stored().into_iter())).unwrap_or_default()
    }

    /// Removes what the person has answered; what its tab has written anew meanwhile stays.
    pub fn answered(self, entries: &[Entry]) {
        let Some(storage) = storage() else { return };
        for entry in entries {
            if storage.get_item(&entry.key).ok().flatten().as_ref() == Some(&entry.text) {
                // A storage that cannot be written holds nothing to remove.
                let _ = storage.remove_item(&entry.key);
            }
        }
    }
}

/// How many texts of this person lie in the browser and nowhere else.
pub fn count_of(user: &UserId) -> usize {
    stored().iter().filter(|(key, _)| is_of(user, key)).count()
}

/// A deliberate sign-out: what was kept for this person goes, and leaving does not ask again.
pub fn leave(user: &UserId) {
    LEAVING.set(true);
    let Some(storage) = storage() else { return };
    for (key, _) in stored().iter().filter(|(key, _)| is_of(user, key)) {
        let _ = storage.remove_item(key);
    }
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

fn stored() -> Vec<(String, String)> {
    let Some(storage) = storage() else { return Vec::new() };
    let keys = (0..storage.length().unwrap_or(0)).filter_map(|at| storage.key(at).ok().flatten());
    keys.filter_map(|key| storage.get_item(&key).ok().flatten().map(|text| (key, text))).collect()
}
