//! The views of one list, as links with counts.

use leptos::prelude::*;

/// One view of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab {
    /// Its name.
    pub label: String,
    /// How many rows it holds; nothing is shown for `None`.
    pub count: Option<u64>,
    /// Its address.
    pub href: String,
    /// Whether it is the one on the screen.
    pub current: bool,
}

/// A row of links to the views of a list. `name` tells screen readers what they are views of.
#[component]
pub fn Tabs(#[prop(into)] name: String, tabs: Vec<Tab>) -> impl IntoView {
    let items = tabs
        .into_iter()
        .map(|tab| {
            view! {
                <li>
                    <a href=tab.href aria-current=tab.current.then_some("page")>
                        {tab.label}
                        {tab.count.map(|count| view! { <span class="tab-count">{count}</span> })}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav aria-label=name>
            <ul class="tabs">{items}</ul>
        </nav>
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn the_view_on_the_screen_is_marked_and_every_view_has_its_count() {
        let tab = |label: &str, count, current| Tab { label: label.into(), count: Some(count), href: format!("?tab={label}"), current };
        let html = view! { <Tabs name="列表范围" tabs=vec![tab("全部", 24, true), tab("待审批", 2, false)]/> }.to_html();
        assert_eq!(html.matches("aria-current=\"page\"").count(), 1, "{html}");
        assert!(html.contains("24") && html.contains("?tab=待审批"), "{html}");
    }
}
