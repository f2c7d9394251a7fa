//! 「系统管理」: units and people, for those who manage them. Nothing of the business is shown here.

use super::api::{PeopleQuery, admin_people, admin_units};
use super::people::PeoplePanel;
use super::units::UnitsPanel;
use crate::app::use_actor;
use crate::error::AppError;
use crate::ui::Problem;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// The page.
#[component]
pub fn AdminPage() -> impl IntoView {
    if !use_actor().roles.admin {
        return view! { <Title text="没有这个页面" /> <h1>"没有这个页面"</h1> <Problem message=AppError::NotFound.to_string() /> }
            .into_any();
    }
    let query = use_query_map();
    let search = Memo::new(move |_| query.read().get("q").unwrap_or_default());
    let units = Resource::new(|| (), |()| admin_units());
    let people = Resource::new(move || search.get(), |search| admin_people(PeopleQuery { search }));
    let changed = Callback::new(move |()| {
        units.refetch();
        people.refetch();
    });
    // For the dialogs, which open long after the page was drawn.
    let all = RwSignal::new(Vec::new());
    Effect::new(move || {
        if let Some(Ok(units)) = units.get() {
            all.set(units);
        }
    });
    view! {
        <Title text="系统管理" />
        <header class="page-head">
            <h1>"系统管理"</h1>
            <p class="page-note">"管理单位和人员。系统管理员不因此看到业务数据。"</p>
        </header>
        <UnitsPanel units all changed />
        <PeoplePanel people all search changed />
    }
    .into_any()
}

/// The message for one field of a form, from what the server refused.
pub(super) fn at(problem: RwSignal<Option<AppError>>, field: &'static str) -> Signal<Option<String>> {
    Signal::derive(move || problem.with(|problem| problem.as_ref().and_then(|error| error.at_field(field))))
}

/// What belongs to none of the form's fields, as a box.
#[component]
pub(super) fn General(problem: RwSignal<Option<AppError>>) -> impl IntoView {
    move || {
        problem
            .get()
            .filter(|error| !matches!(error, AppError::InvalidField { .. }))
            .map(|error| view! { <Problem message=error.to_string() /> })
    }
}
