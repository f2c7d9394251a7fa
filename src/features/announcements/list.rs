//! Placeholder.
use leptos::prelude::*;
/// Placeholder.
#[component]
pub fn AnnouncementsPage() -> impl IntoView { view! { <p>"…"</p> } }
