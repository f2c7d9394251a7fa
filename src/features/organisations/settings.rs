//! Placeholder.
use leptos::prelude::*;
/// Placeholder.
#[component]
pub fn SettingsPage() -> impl IntoView { view! { <p>"…"</p> } }
