//! Placeholder.
use leptos::prelude::*;
/// Placeholder.
#[component]
pub fn AnnouncementPage() -> impl IntoView { view! { <p>"…"</p> } }
