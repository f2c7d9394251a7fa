//! The document around every page of the portal: head, name, foot. No script at all.

use leptos::prelude::*;

/// The name of the portal.
pub const NAME: &str = "面向中小企业预留项目执行情况公告";

/// A whole document.
pub fn document(css: &str, title: &str, main: impl IntoView) -> String {
    let body = view! {
        <div class="portal">
            <a class="skip-link" href="#content">"跳到正文"</a>
            <header class="portal-head">
                <div class="portal-bar">
                    <a class="portal-name" href="/">{NAME}</a>
                    <nav class="portal-nav" aria-label="门户">
                        <a href="/">"全部公告"</a>
                        <a href="/office">"单位登录"</a>
                    </nav>
                </div>
            </header>
            <main class="portal-main" id="content" tabindex="-1">{main.into_view()}</main>
            <footer class="portal-foot">
                <div>
                    <span>"依据《政府采购促进中小企业发展管理办法》（财库〔2020〕46号）公布"</span>
                    <span>"公告由各主管预算单位发布并负责解释"</span>
                </div>
            </footer>
        </div>
    };
    let title = leptos::tachys::html::element::title().child(format!("{title} - {NAME}")).to_html();
    format!(
        "<!DOCTYPE html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">{title}\
         <link rel=\"icon\" href=\"/favicon.svg\"><link rel=\"stylesheet\" href=\"{css}\"></head><body>{}</body></html>",
        body.to_html()
    )
}

/// What an address without anything public answers; the same for what is internal and for what never was.
pub fn missing(css: &str) -> String {
    document(
        css,
        "没有找到",
        view! {
            <section class="empty">
                <h1 class="empty-title">"没有找到这个页面"</h1>
                <p>"公告可能尚未发布，或者地址有误。请核对公告编号，或从全部公告中按单位、年度查找。"</p>
                <p><a class="button" href="/">"全部公告"</a></p>
            </section>
        },
    )
}
