//! `/api/v1`: what open data there is, drawn from `openapi.json` itself; and that file.

use super::problem::Problem;
use super::query::Given;
use crate::app::paths;
use crate::domain::statistics::Standing;
use crate::features::announcements::commands::statistics::{self, Of};
use crate::features::portal::handlers::page::{self, Frame, Head, Sight};
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
    let years = statistics::years(&services, &Of::Everyone).await?;
    let years = years.iter().rev().filter(|year| year.standing != Standing::Nothing).map(|year| year.year).collect();
    let frame = Frame {
        css: &services.assets.portal_css,
        site: &services.settings.public_url,
        address: paths::OPEN_DATA,
        sight: Sight::of(&headers),
    };
    let html = page(&frame, &Made { openapi: &openapi, limit: services.settings.api_per_minute, years });
    let mut response = answer(&headers, "text/html; charset=utf-8", html)?;
    // The size of the text is the reader's own.
    response.headers_mut().append(header::VARY, HeaderValue::from_static("cookie"));
    Ok(response)
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

/// What the page is made of beside the file.
struct Made<'a> {
    openapi: &'a Value,
    /// Requests of an address a minute.
    limit: i64,
    /// Years of which something was published, newest first.
    years: Vec<i64>,
}

fn page(frame: &Frame<'_>, made: &Made<'_>) -> String {
    let Made { openapi, limit, years } = made;
    let title = text(&openapi["info"]["title"]);
    let endpoints =
        openapi["paths"].as_object().into_iter().flatten().map(|(path, methods)| endpoint(openapi, path, &methods["get"])).collect_view();
    let schemas = openapi["components"]["schemas"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, schema)| fields(openapi, name, schema))
        .collect_view();
    let main = view! {
        <nav class="breadcrumb-nav" aria-label="位置"><ol class="breadcrumb"><li><a href=paths::PORTAL>"首页"</a></li><li aria-current="page">"开放数据"</li></ol></nav>
        <h1>{title.clone()}</h1>
        <p>{text(&openapi["info"]["description"])}</p>
        {downloads(years)}
        <section class="stack" aria-labelledby="try-title">
            <h2 id="try-title">"直接试用"</h2>
            <ul class="open-list">
                <li><a href=format!("{}?limit=1", paths::OPEN_CHANGES)>{format!("GET {}?limit=1", paths::OPEN_CHANGES)}</a>"：第一条变更，连同下一页的地址"</li>
                <li><a href=paths::OPEN_STATISTICS>{format!("GET {}", paths::OPEN_STATISTICS)}</a>"：历年合计"</li>
                <li><a href=paths::OPEN_API>"openapi.json"</a>"：机器可读的说明（OpenAPI 3.1）"</li>
                <li><a href=paths::ATOM>"Atom 订阅"</a>"：新公告、更正和撤销"</li>
            </ul>
            <p>{format!("本站目前每个地址每分钟 {limit} 次。")}</p>
        </section>
        <section class="stack" aria-labelledby="paths-title"><h2 id="paths-title">"地址"</h2>{endpoints}</section>
        <section class="stack" aria-labelledby="schemas-title"><h2 id="schemas-title">"数据的结构"</h2>{schemas}</section>
        <section class="stack" aria-labelledby="problems-title">
            <h2 id="problems-title">"出错时"</h2>
            <p>"一律返回 application/problem+json（RFC 9457）：type、title、status、detail，参数有误时还有 parameter。"</p>
            <ul class="open-list">
                <li id="bad-parameter">"400 参数有误：不认识的、重复的或超出范围的参数"</li>
                <li id="not-found">"404 没有找到：不存在，或者没有公开"</li>
                <li id="method-not-allowed">"405 只供读取：GET、HEAD、OPTIONS"</li>
                <li id="too-many-requests">"429 请求过于频繁：按 Retry-After 的秒数等待"</li>
                <li id="too-large">"413 公告太长，不提供 PDF"</li>
                <li id="busy">"503 系统繁忙：按 Retry-After 的秒数等待"</li>
                <li id="unavailable">"503 暂不提供：服务器没有 PDF 所需的中文字体"</li>
                <li id="internal">"500 系统出错：detail 中有编号"</li>
            </ul>
        </section>
    };
    let head = Head {
        title, description: "已发布公告的机器可读数据：按年下载、接口、OCDS 发布包和订阅。".to_owned(), ..Head::default()
    };
    page::document(frame, &head, main)
}

/// The files of each year, to be saved with one click.
fn downloads(years: &[i64]) -> Option<impl IntoView + use<>> {
    let items = years
        .iter()
        .map(|year| {
            view! {
                <li>
                    {format!("{year} 年度：")}
                    <a href=paths::open_year(*year, "projects.csv") download="">{format!("{year} 年度全部项目（CSV）")}</a>
                    "　"
                    <a href=paths::open_year(*year, "announcements.jsonl") download="">{format!("{year} 年度全部公告（JSON Lines）")}</a>
                </li>
            }
        })
        .collect_view();
    (!years.is_empty()).then(|| {
        view! {
            <section class="stack" aria-labelledby="files-title">
                <h2 id="files-title">"按年下载"</h2>
                <ul class="open-list">{items}</ul>
                <p>
                    "文件含已更正、已撤销的公告，以便追溯。汇总金额时只取“公告状态”为“已发布”或“已截止”的行（JSON 中 status 为 published 或 ended），否则原公告与更正公告会重复计算。历年合计见"
                    <a href=paths::open_statistics("csv", None) download="">"历年统计（CSV）"</a>"，已按此汇总。"
                </p>
            </section>
        }
    })
}

/// The values that a field or parameter has or takes, where they are a list.
fn values(openapi: &Value, schema: &Value) -> Option<String> {
    let schema = resolved(openapi, schema);
    let lists = [&schema["enum"], &schema["items"]["enum"], &schema["schema"]["enum"]];
    let listed = lists.into_iter().find_map(Value::as_array)?;
    Some(format!("取值：{}", listed.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("、")))
}

fn endpoint(openapi: &Value, path: &str, get: &Value) -> impl IntoView + use<> {
    let parameters: Vec<_> = get["parameters"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|parameter| {
            let parameter = resolved(openapi, parameter);
            let values = values(openapi, parameter).map(|values| format!("。{values}"));
            view! { <li><code>{text(&parameter["name"])}</code>" "{text(&parameter["description"])}{values}</li> }
        })
        .collect();
    let parameters = (!parameters.is_empty()).then(|| view! { <ul class="open-list">{parameters}</ul> });
    view! {
        <section>
            <h3><code>{format!("GET {path}")}</code></h3>
            <p><strong>{text(&get["summary"])}</strong>" "{text(&get["description"])}</p>
            {parameters}
        </section>
    }
}

fn fields(openapi: &Value, name: &str, schema: &Value) -> impl IntoView + use<> {
    let items: Vec<_> = schema["properties"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, field)| {
            let own = text(&field["description"]);
            let words = if own.is_empty() { text(&resolved(openapi, field)["description"]) } else { own };
            let values = values(openapi, field).map(|values| format!("。{values}"));
            view! { <li><code>{name.clone()}</code>" "{words}{values}</li> }
        })
        .collect();
    let items = (!items.is_empty()).then(|| view! { <ul class="open-list">{items}</ul> });
    let values = values(openapi, schema).map(|values| format!("。{values}"));
    view! {
        <section>
            <h3><code>{name.to_owned()}</code></h3>
            <p>{text(&schema["description"])}{values}</p>
            {items}
        </section>
    }
}
