//! The document around the office: head, styles, and the script that starts the WebAssembly, under a nonce.

use super::App;
use super::pages::PART_MISSING;
use crate::server::request::{Services, SignedIn};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::MetaTags;

/// Renders an office page completely before it leaves, so that it can be read without script too.
pub async fn render(State(services): State<Services>, request: Request) -> Response {
    let signed_in = request.extensions().get::<SignedIn>().cloned();
    let context = {
        let services = services.clone();
        move || {
            provide_context(services.clone());
            if let Some(signed_in) = &signed_in {
                provide_context(signed_in.actor.clone());
            }
        }
    };
    let handler = leptos_axum::render_app_async_with_context(context, move || shell(services.clone()));
    handler(request).await.into_response()
}

/// What a page says whose script did not arrive or does not run; nothing on it would answer.
const NOT_STARTED: &str =
    "页面的程序没有启动，按钮暂时不能使用。请刷新页面；若仍然如此，请换用较新版本的 Chrome、Edge 或 360 极速模式，或联系系统管理员。";

fn shell(services: Services) -> impl IntoView {
    let nonce = use_nonce().map(|nonce| nonce.to_string()).unwrap_or_default();
    let csp = format!(
        "default-src 'self'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; connect-src 'self'{}; \
         object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        dev_reload().map(|address| format!(" {address}")).unwrap_or_default()
    );
    if let (Some(response), Ok(value)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(&csp)) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, value);
    }
    let assets = services.assets.as_ref().clone();
    let start = format!(
        "const failed = (error) => {{ console.error(error); \
         const note = Object.assign(document.createElement('p'), {{ className: 'alert', role: 'alert', textContent: '{NOT_STARTED}' }}); \
         note.dataset.tone = 'bad'; document.body.prepend(note); }}; \
         addEventListener('{PART_MISSING}', () => failed('a part of the program did not arrive')); \
         import('{}').then(async (setaside) => {{ await setaside.default({{ module_or_path: '{}' }}); await setaside.hydrate(); \
         document.documentElement.dataset.ready = ''; }}).catch(failed);",
        assets.js, assets.wasm
    );
    let reload = dev_reload().map(|address| format!("{address}/reload.js"));
    // Before the first paint, so that the large type does not jump.
    let large = "try { if (localStorage.getItem('setaside-large')) document.documentElement.dataset.large = ''; } catch { }";
    view! {
        <!DOCTYPE html>
        <html lang="zh-CN">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="setaside-editor" content=assets.editor />
                <link rel="icon" href="/favicon.svg" />
                <link rel="stylesheet" href=assets.css />
                <link rel="modulepreload" href=assets.js.clone() nonce=nonce.clone() />
                <link rel="preload" href=assets.wasm.clone() r#as="fetch" type="application/wasm" crossorigin="" />
                <script nonce=nonce.clone()>{large}</script>
                <script type="module" nonce=nonce.clone()>{start}</script>
                {reload.map(|reload| view! { <script type="module" nonce=nonce.clone() src=reload></script> })}
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// Set by `make dev`: where the script comes from that loads the page again after a build.
fn dev_reload() -> Option<String> {
    if cfg!(debug_assertions) { std::env::var("SETASIDE_DEV_RELOAD").ok() } else { None }
}
