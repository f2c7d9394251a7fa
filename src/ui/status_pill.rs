//! A state as a dot and its word.

use leptos::prelude::*;

use super::Tone;

/// A coloured dot and the word of the state.
///
/// `label` is the word on the screen, `tone` its colour.
#[component]
pub fn StatusPill(#[prop(into)] label: Signal<String>, #[prop(into)] tone: Signal<Tone>) -> impl IntoView {
    view! { <span class="status" data-tone=move || tone.get().as_str()>{move || label.get()}</span> }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_said_in_words_beside_its_colour() {
        let html = Owner::new().with(|| view! { <StatusPill label="审核中" tone=Tone::Busy/> }.to_html());
        assert!(html.contains(r#"data-tone="busy""#) && html.contains("审核中"), "{html}");
    }
}
