//! Placeholder.
use leptos::prelude::*;
/// Placeholder.
#[component]
pub fn RecordsPage() -> impl IntoView { view! { <p>"…"</p> } }
