//! 「系统管理」: units and people, for those who manage them. Nothing of the business is shown here.

mod address;

pub(super) use self::address::{Address, UNITS, shown};
use super::api::{PeopleQuery, admin_people, admin_units};
use super::people::PeoplePanel;
use super::units::UnitsPanel;
use crate::app::{paths, use_actor};
use crate::error::AppError;
use crate::ui::{FilterBar, Problem};
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
    let address = Memo::new(move |_| query.with(|map| Address::read(|key| map.get(key))));
    let asked = Memo::new(move |_| address.with(|address| PeopleQuery { search: address.people.clone(), page: address.people_page }));
    let units = Resource::new(|| (), |()| admin_units());
    let people = Resource::new(move || asked.get(), admin_people);
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
        <nav aria-label="位置"><ol class="breadcrumb"><li><a href=paths::RECORDS>"首页"</a></li><li aria-current="page">"系统管理"</li></ol></nav>
        <header class="page-head">
            <h1>"系统管理"</h1>
            <p class="page-note">"管理单位和人员。系统管理员不因此看到业务数据。"</p>
            <div class="page-actions"><a class="button" href=paths::THRESHOLDS>"份额标准"</a><a class="button" href=paths::TEMPLATES>"公告模板"</a></div>
        </header>
        <UnitsPanel units all address changed />
        <PeoplePanel people all address changed />
    }
    .into_any()
}

/// What each list looks for, kept in the address; each form brings the other's words along.
#[component]
pub(super) fn Search(
    /// The name of the form.
    name: &'static str,
    /// The field's id.
    id: &'static str,
    /// Its label.
    label: &'static str,
    /// Its name in the address.
    key: &'static str,
    /// The address as it is.
    address: Memo<Address>,
) -> impl IntoView {
    let value = move || address.with(|address| address.word(key).to_owned());
    let others = move || address.with(|address| address.without(key));
    let reset = move || address.with(|address| Address::write(&address.without(key)));
    view! {
        <FilterBar action=paths::ADMIN label=name shown=Signal::derive(move || address.with(|address| format!("{address:?}"))) reset=Signal::derive(reset)>
            {move || others().into_iter().map(|(key, value)| view! { <input type="hidden" name=key value=value /> }).collect_view()}
            <div class="field" data-inline="">
                <label class="field-label" for=id>{label}</label>
                <input class="input" id=id name=key type="search" value=value />
            </div>
        </FilterBar>
    }
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
