//! One setting of the 主管 with its form: what is chosen is saved as a whole and said.

use crate::app::Tell;
use crate::error::AppError;
use crate::ui::Problem;
use leptos::prelude::*;
use std::future::Future;

/// A choice that is saved.
#[derive(Clone, Copy)]
pub struct Choice<T: Copy + PartialEq + Send + Sync + 'static> {
    /// What is chosen in the page.
    pub chosen: RwSignal<T>,
    current: T,
    save: Action<(), ()>,
    problem: RwSignal<Option<AppError>>,
}

impl<T: Copy + PartialEq + Send + Sync + 'static> Choice<T> {
    /// Begins with what is stored; `save` stores another, `said` is told then, and `changed` reads anew.
    pub fn new<F>(current: T, said: &'static str, changed: Callback<()>, save: impl Fn(T) -> F + Send + Sync + 'static) -> Choice<T>
    where
        F: Future<Output = Result<(), AppError>> + Send + 'static,
    {
        let tell = expect_context::<Tell>();
        let chosen = RwSignal::new(current);
        let problem = RwSignal::new(None::<AppError>);
        let save = Action::new(move |(): &()| {
            let saving = save(chosen.get_untracked());
            async move {
                match saving.await {
                    Ok(()) => {
                        problem.set(None);
                        tell.ok(said);
                        changed.run(());
                    }
                    Err(error) => problem.set(Some(error)),
                }
            }
        });
        Choice { chosen, current, save, problem }
    }

    fn is_idle(self) -> bool {
        self.save.pending().get() || self.chosen.get() == self.current
    }
}

/// The panel of a setting; the children are its fields and what is said of it.
#[component]
pub fn Panel<T: Copy + PartialEq + Send + Sync + 'static>(
    /// Begins the ids in it.
    id: &'static str,
    /// Its heading.
    title: &'static str,
    /// What is chosen in it.
    choice: Choice<T>,
    children: Children,
) -> impl IntoView {
    let (heading, named) = (format!("{id}-title"), format!("{id}-title"));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        choice.save.dispatch(());
    };
    view! {
        <section class="panel" aria-labelledby=named>
            <div class="panel-head"><h2 id=heading>{title}</h2></div>
            <form class="form panel-body" on:submit=submit>
                {move || choice.problem.get().map(|error| view! { <Problem message=error.to_string() /> })}
                {children()}
                <div class="form-actions">
                    <button class="button" data-kind="primary" type="submit" disabled=move || choice.is_idle()>"保存"</button>
                </div>
            </form>
        </section>
    }
}
