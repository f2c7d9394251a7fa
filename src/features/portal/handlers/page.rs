//! The document around every page of the portal: head, name, ways, text size, foot. Nothing that runs.

pub use super::sight::Sight;
use super::structured;
use crate::app::paths;
use crate::domain::announcement::render::escape;
use leptos::prelude::*;

/// The name of the portal.
pub const NAME: &str = "面向中小企业预留项目执行情况公告";

/// What every page needs to know of where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// The style sheet.
    pub css: &'a str,
    /// Scheme and host under which people reach the portal.
    pub site: &'a str,
    /// The one address of the page; empty where it has none.
    pub address: &'a str,
    /// How large it is shown.
    pub sight: Sight,
}

/// What the head of a page says.
#[derive(Clone, Debug, Default)]
pub struct Head {
    /// The page's own title.
    pub title: String,
    /// A sentence for lists of search engines; empty for none.
    pub description: String,
    /// What search engines read.
    pub structured: Option<serde_json::Value>,
    /// Whether search engines are asked to leave it out; what it leads to they still follow.
    pub is_unlisted: bool,
}

fn head(frame: &Frame<'_>, head: &Head) -> String {
    let mut html = String::from("<meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>");
    escape(&format!("{} - {NAME}", head.title), &mut html);
    html.push_str("</title>");
    let mut named = |before: &str, value: &str| {
        if !value.is_empty() {
            html.push_str(before);
            escape(value, &mut html);
            html.push_str("\">");
        }
    };
    named("<meta name=\"description\" content=\"", &head.description);
    if head.is_unlisted {
        named("<meta name=\"robots\" content=\"", "noindex, follow");
    } else if !frame.address.is_empty() {
        named("<link rel=\"canonical\" href=\"", &format!("{}{}", frame.site, frame.address));
    }
    named("<link rel=\"alternate\" type=\"application/atom+xml\" title=\"最新公告\" href=\"", paths::ATOM);
    named("<link rel=\"icon\" href=\"", "/favicon.svg");
    named("<link rel=\"stylesheet\" href=\"", frame.css);
    if let Some(value) = &head.structured {
        html.push_str(&structured::script(value));
    }
    html
}

/// Three buttons of a form: they work without script, and the one that is on says so.
fn sizes(frame: &Frame<'_>) -> impl IntoView + use<> {
    let buttons = Sight::ALL
        .into_iter()
        .map(|sight| {
            view! { <button type="submit" name="view" value=sight.code() aria-pressed=(sight == frame.sight).to_string()>{sight.label()}</button> }
        })
        .collect_view();
    let back = if frame.address.is_empty() { paths::PORTAL } else { frame.address }.to_owned();
    view! {
        <form class="portal-nav portal-sizes" method="post" action=paths::VIEW aria-label="字号">
            <input type="hidden" name="back" value=back />
            {buttons}
        </form>
    }
}

/// A whole document.
pub fn document(frame: &Frame<'_>, of: &Head, main: impl IntoView) -> String {
    let body = view! {
        <div class="portal">
            <a class="skip-link" href="#content">"跳到正文"</a>
            <header class="portal-head">
                <div class="portal-bar">
                    <a class="portal-name" href=paths::PORTAL>{NAME}</a>
                    <nav class="portal-nav" aria-label="门户">
                        <a href=paths::PORTAL>"公告列表"</a>
                        <a href=paths::YEARS>"按年度"</a>
                        <a href=paths::UNITS>"按单位"</a>
                        <a href=paths::STATISTICS>"统计"</a>
                        <a href=paths::RECORDS>"单位登录"</a>
                    </nav>
                    {sizes(frame)}
                </div>
            </header>
            <main class="portal-main" id="content" tabindex="-1">{main.into_view()}</main>
            <footer class="portal-foot">
                <div>
                    <span>"依据《政府采购促进中小企业发展管理办法》（财库〔2020〕46号）公布"</span>
                    <span>"公告由各主管预算单位发布并负责解释"</span>
                    <a href=paths::OPEN_DATA>"开放数据"</a>
                    <a href=paths::ATOM>"订阅更新"</a>
                </div>
            </footer>
        </div>
    };
    let sight = frame.sight.attribute();
    format!("<!DOCTYPE html><html lang=\"zh-CN\"{sight}><head>{}</head><body>{}</body></html>", head(frame, of), body.to_html())
}

/// What an address without anything public answers; the same for what is internal and for what never was.
pub fn missing(frame: &Frame<'_>) -> String {
    document(
        frame,
        &Head { title: "没有找到".to_owned(), is_unlisted: true, ..Head::default() },
        view! {
            <section class="empty">
                <h1 class="empty-title">"没有找到这个页面"</h1>
                <p>"公告可能尚未发布，或者地址有误。请核对公告编号，或在公告列表中按单位、年度查找；已撤销公告的附件不再提供。"</p>
                <p><a class="button" href=paths::PORTAL>"公告列表"</a></p>
            </section>
        },
    )
}
