//! Placeholder.
use leptos::prelude::*;
/// Placeholder.
#[component]
pub fn AnnouncementsPage() -> impl IntoView { view! { <p>"…"</p> } }
/// Placeholder.
#[component]
pub fn CreateAnnouncement(open: RwSignal<bool>) -> impl IntoView { let _ = open; }
