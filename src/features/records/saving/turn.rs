//! A request beside the saves of a page, such as 「剔除」: it waits for what was typed to be stored, and no save overtakes it, so that it finds
//! the lines as the page shows them and its answer comes in its order.

use super::SaveState;
use crate::error::AppError;
use crate::features::records::sheet::Sheet;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Requests of one kind, one at a time.
pub struct Turn<I: Send + Sync + 'static> {
    sheet: Sheet,
    wanted: RwSignal<Option<I>>,
    /// Whether one waits or is on its way.
    pub pending: RwSignal<bool>,
}

// Copied whatever is asked: only signals are in it.
impl<I: Send + Sync + 'static> Clone for Turn<I> {
    fn clone(&self) -> Turn<I> {
        *self
    }
}

impl<I: Send + Sync + 'static> Copy for Turn<I> {}

impl<I: Clone + Send + Sync + 'static> Turn<I> {
    /// `ask` is done when the page's saves are; what it fails by, and why it cannot be done now, goes to `problem`.
    pub fn new<F>(sheet: Sheet, problem: RwSignal<Option<AppError>>, ask: impl Fn(I) -> F + Send + Sync + 'static) -> Turn<I>
    where
        F: Future<Output = Result<(), AppError>> + 'static,
    {
        let turn = Turn { sheet, wanted: RwSignal::new(None), pending: RwSignal::new(false) };
        let (saver, ended) = (sheet.saver, move |result: Result<(), AppError>| {
            turn.pending.try_set(false);
            problem.try_set(result.err());
        });
        Effect::new(move || {
            if turn.wanted.with(Option::is_none) || saver.is_busy.get() {
                return;
            }
            match saver.state.get() {
                // Noted, and not on its way yet.
                SaveState::Saving => sheet.flush(),
                SaveState::Waiting(error) | SaveState::Failed(error) => {
                    turn.wanted.set(None);
                    ended(Err(error));
                }
                SaveState::Idle | SaveState::Saved(_) => {
                    let Some(input) = turn.wanted.try_update(Option::take).flatten() else { return };
                    saver.is_busy.set(true);
                    let asked = ask(input);
                    spawn_local(async move {
                        ended(asked.await);
                        saver.is_busy.try_set(false);
                        if !saver.is_busy.is_disposed() {
                            sheet.flush();
                        }
                    });
                }
            }
        });
        turn
    }

    /// Asks, as soon as it is its turn.
    pub fn take(self, input: I) {
        self.pending.set(true);
        self.sheet.flush();
        self.wanted.set(Some(input));
    }
}
