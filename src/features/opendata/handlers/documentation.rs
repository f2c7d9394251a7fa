//! `/api/v1`: what open data there is, drawn from `openapi.json` itself; and that file.

use super::problem::Problem;
use super::query::Given;
use crate::server::fault::fault;
use crate::server::files::sha256_hex;
use crate::server::http::shelf::{FOR_A_MINUTE, has};
use crate::server::request::Services;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::Response;
use leptos::prelude::*;
use serde_json::Value;

/// What every route answers; a test compares it with the answers.
const OPENAPI: &str = include_str!("openapi.json");

/// The file as it stands.
pub async fn file(uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    Given::read(&uri, &[])?;
    answer(&headers, "application/json", OPENAPI.to_owned())
}

/// The page.
pub async fn show(State(services): State<Services>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    Given::read(&uri, &[])?;
    let openapi: Value = serde_json::from_str(OPENAPI).map_err(|error| fault(&error))?;
    answer(&headers, "text/html; charset=utf-8", page(&services, &openapi))
}

fn answer(headers: &HeaderMap, media_type: &'static str, content: String) -> Result<Response, Problem> {
    let etag = format!("\"{}\"", &sha256_hex(content.as_bytes())[..32]);
    let has = has(headers, &etag);
    let mut response = Response::new(if has { Body::empty() } else { content.into() });
    if has {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(FOR_A_MINUTE));
    headers.insert(header::ETAG, HeaderValue::try_from(etag).map_err(|error| fault(&error))?);
    Ok(response)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// What stands at a `$ref`, or the value itself.
fn resolved<'a>(openapi: &'a Value, value: &'a Value) -> &'a Value {
    value["$ref"].as_str().and_then(|at| openapi.pointer(at.trim_start_matches('#'))).unwrap_or(value)
}

fn page(services: &Services, openapi: &Value) -> String {
    let title = text(&openapi["info"]["title"]);
    let paths =
        openapi["paths"].as_object().into_iter().flatten().map(|(path, methods)| endpoint(openapi, path, &methods["get"])).collect_view();
    let schemas =
        openapi["components"]["schemas"].as_object().into_iter().flatten().map(|(name, schema)| fields(name, schema)).collect_view();
    let limit = services.settings.api_per_minute;
    let body = view! {
        <div class="portal">
            <a class="skip-link" href="#content">"跳到正文"</a>
            <header class="portal-head">
                <div class="portal-bar">
                    <a class="portal-name" href="/">"面向中小企业预留项目执行情况公告"</a>
                    <nav class="portal-nav" aria-label="门户"><a href="/">"全部公告"</a></nav>
                </div>
            </header>
            <main class="portal-main" id="content" tabindex="-1">
                <h1>{title.clone()}</h1>
                <p>{text(&openapi["info"]["description"])}</p>
                <p>
                    {format!("本站目前每个地址每分钟 {limit} 次。机器可读的说明：")}
                    <a href="/api/v1/openapi.json">"openapi.json"</a>
                    "（OpenAPI 3.1）；订阅："
                    <a href="/feed.atom">"Atom"</a>
                    "。"
                </p>
                <h2>"地址"</h2>
                {paths}
                <h2>"数据的结构"</h2>
                {schemas}
                <h2>"出错时"</h2>
                <p>"一律返回 application/problem+json（RFC 9457）：type、title、status、detail，参数有误时还有 parameter。"</p>
                <ul>
                    <li id="bad-parameter">"400 参数有误：不认识的、重复的或超出范围的参数"</li>
                    <li id="not-found">"404 没有找到：不存在，或者没有公开"</li>
                    <li id="method-not-allowed">"405 只供读取：GET、HEAD、OPTIONS"</li>
                    <li id="too-many-requests">"429 请求过于频繁：按 Retry-After 的秒数等待"</li>
                    <li id="too-large">"413 公告太长，不提供 PDF"</li>
                    <li id="busy">"503 系统繁忙：按 Retry-After 的秒数等待"</li>
                    <li id="unavailable">"503 暂不提供：服务器没有 PDF 所需的中文字体"</li>
                    <li id="internal">"500 系统出错：detail 中有编号"</li>
                </ul>
            </main>
        </div>
    };
    let head = leptos::tachys::html::element::title().child(title).to_html();
    let css = &services.assets.portal_css;
    format!(
        "<!DOCTYPE html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">{head}\
         <link rel=\"icon\" href=\"/favicon.svg\"><link rel=\"alternate\" type=\"application/atom+xml\" href=\"/feed.atom\"><link rel=\"stylesheet\" href=\"{css}\"></head><body>{}</body></html>",
        body.to_html()
    )
}

fn endpoint(openapi: &Value, path: &str, get: &Value) -> impl IntoView + use<> {
    let parameters: Vec<_> = get["parameters"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|parameter| {
            let parameter = resolved(openapi, parameter);
            view! { <li><code>{text(&parameter["name"])}</code>" "{text(&parameter["description"])}</li> }
        })
        .collect();
    let parameters = (!parameters.is_empty()).then(|| view! { <ul>{parameters}</ul> });
    view! {
        <section>
            <h3><code>{format!("GET {path}")}</code></h3>
            <p><strong>{text(&get["summary"])}</strong>" "{text(&get["description"])}</p>
            {parameters}
        </section>
    }
}

fn fields(name: &str, schema: &Value) -> impl IntoView + use<> {
    let items: Vec<_> = schema["properties"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, field)| view! { <li><code>{name.clone()}</code>" "{text(&field["description"])}</li> })
        .collect();
    let items = (!items.is_empty()).then(|| view! { <ul>{items}</ul> });
    view! {
        <section>
            <h3><code>{name.to_owned()}</code></h3>
            <p>{text(&schema["description"])}</p>
            {items}
        </section>
    }
}
