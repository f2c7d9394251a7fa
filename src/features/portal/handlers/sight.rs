//! Text size and 长者模式, chosen by a plain form and remembered in a cookie; every page says that it varies by it.

use crate::server::http::extract::{Form, Refused};
use crate::server::request::Services;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

const COOKIE: &str = "view";
/// A year.
const SECONDS: i64 = 365 * 24 * 3600;

/// How large a page is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sight {
    /// As designed.
    #[default]
    Standard,
    /// A fifth larger.
    Large,
    /// 长者模式: larger text, bigger targets, stronger lines.
    Elder,
}

impl Sight {
    /// In the order of the form.
    pub const ALL: [Sight; 3] = [Sight::Standard, Sight::Large, Sight::Elder];

    /// As form and cookie say it.
    pub const fn code(self) -> &'static str {
        match self {
            Sight::Standard => "standard",
            Sight::Large => "large",
            Sight::Elder => "elder",
        }
    }

    /// On the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Sight::Standard => "标准字号",
            Sight::Large => "大字",
            Sight::Elder => "长者模式",
        }
    }

    /// What the root element carries.
    pub const fn attribute(self) -> &'static str {
        match self {
            Sight::Standard => "",
            Sight::Large => " data-text=\"large\"",
            Sight::Elder => " data-large",
        }
    }

    fn from_code(code: &str) -> Option<Sight> {
        Sight::ALL.into_iter().find(|sight| sight.code() == code)
    }

    /// What this browser remembers; anything else is [`Sight::Standard`].
    pub fn of(headers: &HeaderMap) -> Sight {
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(';'));
        let mut values = cookies.filter_map(|cookie| cookie.trim().split_once('=')).filter(|(name, _)| *name == COOKIE);
        values.next().and_then(|(_, value)| Sight::from_code(value)).unwrap_or_default()
    }
}

/// What the form sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Choice {
    view: String,
    back: String,
}

/// An address of this site, whatever was sent.
fn own(address: &str) -> &str {
    let is_plain = address.len() <= 2_000 && address.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_plain && address.starts_with('/') && !address.starts_with("//") { address } else { "/" }
}

/// Remembers the choice and leads back.
pub async fn choose(State(services): State<Services>, choice: Result<Form<Choice>, Refused>) -> Response {
    let choice = choice.map(|Form(choice)| choice).unwrap_or_default();
    let sight = Sight::from_code(&choice.view).unwrap_or_default();
    let seconds = if sight == Sight::Standard { 0 } else { SECONDS };
    let secure = if services.settings.is_https { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}", sight.code());
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    for (name, value) in [(header::LOCATION, own(&choice.back)), (header::SET_COOKIE, cookie.as_str())] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e11_the_cookie_is_one_of_three_words_and_anything_else_is_the_standard() {
        for (cookie, expected) in [
            ("view=elder", Sight::Elder),
            ("setaside=abc; view=large", Sight::Large),
            ("view=huge", Sight::Standard),
            ("preview=elder", Sight::Standard),
            ("", Sight::Standard),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, cookie.parse().unwrap());
            assert_eq!(Sight::of(&headers), expected, "{cookie}");
        }
    }

    #[test]
    fn e11_the_form_leads_back_to_this_site_only() {
        for address in ["/", "/announcements/310115-2025-0001", "/?q=%E6%9C%BA&page=2"] {
            assert_eq!(own(address), address);
        }
        for address in ["", "//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nSet-Cookie: x=1", "/机", "javascript:x"] {
            assert_eq!(own(address), "/", "{address:?}");
        }
    }
}
