//! What a page answers that leads nowhere: the words are the page's, the status is 404.

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
