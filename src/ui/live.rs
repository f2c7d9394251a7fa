//! Saying what has happened, without taking the focus.

use std::time::Duration;

use leptos::prelude::*;

use super::Tone;

/// How long a note about something that went well stays.
const STAYS: Duration = Duration::from_secs(8);

/// One thing that has happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// A short sentence for people.
    pub words: String,
    /// How it is meant. A note that is [`Tone::Bad`] or [`Tone::Warn`] stays until it is put away.
    pub tone: Tone,
}

impl Told {
    /// Something went well.
    pub fn ok(words: impl Into<String>) -> Self {
        Self { words: words.into(), tone: Tone::Ok }
    }

    /// Something went wrong; the words say what to do.
    pub fn bad(words: impl Into<String>) -> Self {
        Self { words: words.into(), tone: Tone::Bad }
    }
}

/// The place of the page that speaks: put once into the frame, it reads out and shows whatever is put into `told`.
#[component]
pub fn Live(told: RwSignal<Option<Told>>) -> impl IntoView {
    Effect::new(move || {
        if told.with(|note| note.as_ref().is_some_and(|note| matches!(note.tone, Tone::Neutral | Tone::Busy | Tone::Ok))) {
            // The next note ends this one's time.
            let handle = set_timeout_with_handle(move || _ = told.try_set(None), STAYS).ok();
            on_cleanup(move || {
                if let Some(handle) = handle {
                    handle.clear();
                }
            });
        }
    });
    view! {
        <div class="live" role="status" aria-live="polite">
            {move || {
                told.get()
                    .map(|note| {
                        let stays = matches!(note.tone, Tone::Warn | Tone::Bad);
                        view! {
                            <div class="toast row" data-tone=note.tone.as_str()>
                                <span>{note.words}</span>
                                {stays
                                    .then(|| {
                                        view! {
                                            <button type="button" class="button" data-kind="text" on:click=move |_| told.set(None)>
                                                "知道了"
                                            </button>
                                        }
                                    })}
                            </div>
                        }
                    })
            }}
        </div>
    }
}
