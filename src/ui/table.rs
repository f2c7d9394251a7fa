//! The frame in which a wide table scrolls.

use leptos::prelude::*;

/// A frame in which a wide table scrolls by touch, wheel and arrow keys; `name` tells screen readers what is in it.
#[component]
pub fn TableWrap(#[prop(into)] name: String, children: Children) -> impl IntoView {
    view! {
        <div class="table-wrap" role="region" tabindex="0" aria-label=name>
            {children()}
        </div>
    }
}
