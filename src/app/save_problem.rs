//! What the server refused as a whole, above the form that it refused.

use super::paths;
use crate::error::AppError;
use crate::ui::Problem;
use leptos::prelude::*;

/// The refusal, if there is one; whose sign-in has ended is led to a window for it, so that what was typed stays in this one.
#[component]
pub fn SaveProblem(
    /// What was refused last.
    problem: RwSignal<Option<AppError>>,
) -> impl IntoView {
    move || {
        problem.get().map(|error| match error {
            AppError::SignedOut => view! {
                <Problem message=error.to_string()><a href=paths::SIGN_IN target="_blank" rel="external">"在新窗口登录"</a></Problem>
            }
            .into_any(),
            other => view! { <Problem message=other.to_string() /> }.into_any(),
        })
    }
}
