//! Placeholder.
use leptos::prelude::*;
/// Placeholder.
#[component]
pub fn RecordPage() -> impl IntoView { view! { <p>"…"</p> } }
