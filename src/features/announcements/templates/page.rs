//! The pages of one template: a stored one, and a new one that begins as a copy.

use super::api::{TemplateWhich, notice_template};
use super::edit::Form;
use super::entry::Entry;
use crate::app::missing;
use crate::domain::ids::TemplateId;
use crate::error::AppError;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// A stored template.
#[component]
pub fn TemplatePage() -> impl IntoView {
    let id = missing::use_id(TemplateId::parse);
    let view = Resource::new(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => notice_template(TemplateWhich { id: Some(id.clone()) }).await.map(|view| (id, view)),
                None => Err(AppError::NotFound),
            }
        },
    );
    view! {
        <Transition fallback=|| view! { <p class="loading" aria-busy="true">"正在读取…"</p> }>
            {move || Suspend::new(async move {
                match view.await {
                    Err(error) => view! { <missing::Failed title="公告模板" error /> }.into_any(),
                    Ok((id, view)) => view! { <Form entry=Entry::of(id, &view) versions=view.versions used=view.used /> }.into_any(),
                }
            })}
        </Transition>
    }
}

/// A new template: a copy of the one that the address names, else of the official one.
#[component]
pub fn NewTemplatePage() -> impl IntoView {
    let query = use_query_map();
    let copied = Memo::new(move |_| query.with(|query| query.get("copy")).and_then(|id| TemplateId::parse(&id).ok()));
    let view = Resource::new(move || copied.get(), |id| async move { notice_template(TemplateWhich { id }).await });
    view! {
        <Transition fallback=|| view! { <p class="loading" aria-busy="true">"正在读取…"</p> }>
            {move || Suspend::new(async move {
                match view.await {
                    Err(error) => view! { <missing::Failed title="公告模板" error /> }.into_any(),
                    Ok(view) => view! { <Form entry=Entry::copy_of(&view) versions=Vec::new() used=0 /> }.into_any(),
                }
            })}
        </Transition>
    }
}
