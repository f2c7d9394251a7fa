//! The sign-in page (plain HTML, works without script), sign-out, and the layer that finds the session of a request.

use super::commands::{self, SignInRefused};
use crate::error::AppError;
use crate::server::http::answer;
use crate::server::http::extract::{Form, Query};
use crate::server::request::{Services, SignedIn};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;
use std::fmt::Write as _;

/// The demo accounts with what they are, shown in demo mode only.
pub const DEMO_ACCOUNTS: [(&str, &str); 7] = [
    ("unit03", "测试区采购单位03 · 经办"),
    ("unit99", "测试区采购单位99 · 经办"),
    ("pudong", "浦东新区采购中心 · 经办"),
    ("jdc", "上海机动车管理中心 · 经办"),
    ("reviewer", "上海机动车管理中心 · 审核人"),
    ("leader", "上海机动车管理中心 · 审核人"),
    ("admin", "系统管理员"),
];
/// The password of every demo account.
pub const DEMO_PASSWORD: &str = "Demo#2024";

/// What the sign-in form sends.
#[derive(Debug, Deserialize)]
pub struct SignInForm {
    #[serde(default)]
    login: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

/// Where to go after signing in.
#[derive(Debug, Default, Deserialize)]
pub struct NextQuery {
    #[serde(default)]
    next: String,
}

/// The sign-in page.
pub async fn sign_in_page(State(services): State<Services>, Query(query): Query<NextQuery>) -> Html<String> {
    Html(page(&services, "", &query.next, None))
}

/// Takes the sign-in form.
pub async fn sign_in(State(services): State<Services>, headers: HeaderMap, Form(form): Form<SignInForm>) -> Response {
    match commands::sign_in(&services, &form.login, form.password).await {
        Ok(new) => {
            // The session that this browser still holds ends here, so that the new token is the only one. A failed try ends nothing.
            if let Some(token) = token(&headers, &services)
                && let Ok(Some(signed_in)) = commands::resume(&services, &token).await
                && let Err(error) = commands::sign_out(&services, signed_in).await
            {
                return answer::page(&error);
            }
            let mut response = Redirect::to(own_path(&form.next)).into_response();
            set_cookie(&mut response, &services, &new, services.settings.session_seconds);
            response
        }
        Err(SignInRefused::Failed(error)) => answer::page(&error),
        Err(refused) => {
            let html = page(&services, &form.login, &form.next, Some(refused.to_string()));
            (StatusCode::UNPROCESSABLE_ENTITY, Html(html)).into_response()
        }
    }
}

/// Ends the session.
pub async fn sign_out(State(services): State<Services>, request: Request) -> Response {
    if let Some(signed_in) = request.extensions().get::<SignedIn>()
        && let Err(error) = commands::sign_out(&services, signed_in.clone()).await
    {
        return answer::page(&error);
    }
    let mut response = Redirect::to("/sign-in").into_response();
    set_cookie(&mut response, &services, "", 0);
    response
}

/// Finds the session of a request; pages of the office without one lead to the sign-in page.
pub async fn layer(State(services): State<Services>, mut request: Request, next: Next) -> Response {
    if let Some(token) = token(request.headers(), &services) {
        match commands::resume(&services, &token).await {
            Ok(Some(signed_in)) => {
                request.extensions_mut().insert(signed_in);
            }
            Ok(None) => {}
            Err(error) if request.uri().path().starts_with("/api/") => return error.into_response(),
            Err(error) => return answer::page(&error),
        }
    }
    let is_office = request.uri().path().starts_with("/office");
    if is_office && request.extensions().get::<SignedIn>().is_none() {
        if request.method() != axum::http::Method::GET {
            return AppError::SignedOut.into_response();
        }
        let target = request.uri().path_and_query().map_or("/office", |path| path.as_str());
        return Redirect::to(&format!("/sign-in?next={}", encode(target))).into_response();
    }
    next.run(request).await
}

fn encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => encoded.push(char::from(byte)),
            _ => {
                // Writing to a String cannot fail.
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
        encoded
    })
}

/// Only a path of the office may follow a sign-in, never another site.
fn own_path(next: &str) -> &str {
    let is_own = (next == "/office" || next.starts_with("/office/") || next.starts_with("/office?"))
        && !next.contains(['\\', '\r', '\n'])
        && next.is_ascii();
    if is_own { next } else { "/office" }
}

fn cookie_name(services: &Services) -> &'static str {
    // A __Host- cookie can be set by this very host over https alone.
    if services.settings.is_https { "__Host-setaside" } else { "setaside" }
}

fn token(headers: &HeaderMap, services: &Services) -> Option<String> {
    let name = cookie_name(services);
    headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|cookies| cookies.split(';')).find_map(
        |cookie| {
            let (key, value) = cookie.trim().split_once('=')?;
            (key == name && value.len() == 64).then(|| value.to_owned())
        },
    )
}

fn set_cookie(response: &mut Response, services: &Services, token: &str, seconds: i64) {
    let secure = if services.settings.is_https { "; Secure" } else { "" };
    let cookie = format!("{}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}", cookie_name(services));
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
}

fn page(services: &Services, login: &str, next: &str, problem: Option<String>) -> String {
    let css = services.assets.css.clone();
    let is_demo = services.settings.is_demo;
    let described = problem.is_some().then_some("signin-problem");
    let view = view! {
        <main class="signin">
            <form class="signin-card" method="post" action="/sign-in">
                <h1>"中小企业预留执行情况"</h1>
                {problem.map(|problem| view! { <p class="alert" data-tone="bad" role="alert" id="signin-problem">{problem}</p> })}
                <div class="field">
                    <label class="field-label" for="login">"登录名"</label>
                    <input class="input" id="login" name="login" value=login.to_owned() autocomplete="username" autocapitalize="none" required autofocus aria-describedby=described />
                </div>
                <div class="field">
                    <label class="field-label" for="password">"密码"</label>
                    <input class="input" id="password" name="password" type="password" autocomplete="current-password" required aria-describedby=described />
                </div>
                <input type="hidden" name="next" value=next.to_owned() />
                <button class="button" data-kind="primary" type="submit">"登录"</button>
                <p><a href="/">"查看已发布的公告"</a></p>
            </form>
            {is_demo.then(|| view! {
                <section class="signin-demo" aria-labelledby="demo-title">
                    <h2 id="demo-title">"演示账号"</h2>
                    <p>"密码均为 " <code>{DEMO_PASSWORD}</code></p>
                    <table class="data">
                        <thead><tr><th scope="col">"登录名"</th><th scope="col">"单位与岗位"</th></tr></thead>
                        <tbody>
                            {DEMO_ACCOUNTS.into_iter().map(|(login, what)| view! { <tr><td><code>{login}</code></td><td>{what}</td></tr> }).collect_view()}
                        </tbody>
                    </table>
                </section>
            })}
        </main>
    };
    format!(
        "<!DOCTYPE html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>登录 - 中小企业预留执行情况</title><link rel=\"icon\" href=\"/favicon.svg\"><link rel=\"stylesheet\" href=\"{css}\"></head><body>{}</body></html>",
        view.to_html()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b8_after_signing_in_nobody_is_sent_to_another_site() {
        for next in ["//evil.example", "https://evil.example", "/office\\evil", "/officeevil", "javascript:alert(1)", "/office/\r\nx"] {
            assert_eq!(own_path(next), "/office", "{next}");
        }
        assert_eq!(own_path("/office/records/1?year=2024"), "/office/records/1?year=2024");
    }
}
