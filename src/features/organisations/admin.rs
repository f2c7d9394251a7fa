//! Placeholder.
use leptos::prelude::*;
/// Placeholder.
#[component]
pub fn AdminPage() -> impl IntoView { view! { <p>"…"</p> } }
