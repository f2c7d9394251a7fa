//! What a page answers that leads nowhere: the words are the page's, the status is 404.

use crate::domain::ids::IdError;
use crate::error::AppError;
use crate::ui::Problem;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// What the address names by its last id; nothing where that is none.
pub fn use_id<T: Clone + PartialEq + Send + Sync + 'static>(parse: fn(&str) -> Result<T, IdError>) -> Memo<Option<T>> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get("id")).and_then(|id| parse(&id).ok()))
}

/// A page that could not be read: what it would have been, and why it is not; for what does not exist the answer is 404.
#[component]
pub fn Failed(
    /// What it would have been.
    title: &'static str,
    /// Why it is not.
    error: AppError,
) -> impl IntoView {
    if error == AppError::NotFound {
        answer_404();
    }
    view! { <Title text=title /> <h1>{title}</h1> <Problem message=error.to_string() /> }
}

/// Says, while the server renders, that this page is about something that does not exist; in the browser there is nothing to say.
pub fn answer_404() {
    status::answer_404();
}

#[cfg(feature = "ssr")]
mod status {
    use axum::http::StatusCode;
    use leptos::prelude::use_context;
    use leptos_axum::ResponseOptions;

    pub fn answer_404() {
        if let Some(response) = use_context::<ResponseOptions>() {
            response.set_status(StatusCode::NOT_FOUND);
        }
    }
}

#[cfg(not(feature = "ssr"))]
mod status {
    pub const fn answer_404() {}
}
