//! A refusal or a failure in the page.

use leptos::prelude::*;

use super::{Glyph, Icon};

/// A box that says what is wrong and what to do; it is read aloud when it appears.
///
/// `message` is a whole sentence for people. The children, if any, are the ways on: 「重试」, a link.
#[component]
pub fn Problem(#[prop(into)] message: String, #[prop(optional)] children: Option<Children>) -> impl IntoView {
    view! {
        <div class="alert" data-tone="bad" role="alert">
            <Icon glyph=Glyph::Refused/>
            <p class="alert-body pre-line">{message}</p>
            {children.map(|children| view! { <div class="alert-actions">{children()}</div> })}
        </div>
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn a_problem_speaks_and_its_words_are_escaped() {
        let html = view! { <Problem message="单位「<b>」没有 2025 年度的数据"/> }.to_html();
        assert!(html.contains(r#"role="alert""#) && html.contains("&lt;b&gt;"), "{html}");
    }
}
