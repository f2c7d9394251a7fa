//! The limit of requests.

use super::*;
use axum::http::Request;
use http_body_util::BodyExt as _;
use setaside::server::config::Settings;
use setaside::server::http::limit::Peer;
use setaside::server::request::Services;
use std::net::IpAddr;
use std::sync::Arc;
use tower::ServiceExt as _;

/// The program with another configuration.
fn configured(app: &TestApp, change: impl FnOnce(&mut Settings)) -> axum::Router {
    let mut settings = app.services.settings.as_ref().clone();
    change(&mut settings);
    setaside::startup::router(Services { settings: Arc::new(settings), ..app.services.clone() })
}

/// Status, Retry-After and body.
async fn ask(router: &axum::Router, address: &str, peer: [u8; 4], forwarded: Option<&str>) -> (u16, String, Value) {
    let mut request = Request::builder().uri(address).header(header::HOST, crate::support::HOST);
    if let Some(forwarded) = forwarded {
        request = request.header("x-forwarded-for", forwarded);
    }
    let mut request = request.body(Body::empty()).unwrap();
    request.extensions_mut().insert(Peer(IpAddr::from(peer)));
    let response = match router.clone().oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    let wait = response.headers().get(header::RETRY_AFTER).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, wait, serde_json::from_slice(&body).unwrap_or_default())
}

#[tokio::test]
async fn e12_who_asks_too_often_is_told_when_to_come_again() {
    on_sqlite(async |app: &TestApp| {
        let router = configured(app, |settings| settings.api_per_minute = 30);
        let (one, other) = ([203, 0, 113, 1], [203, 0, 113, 2]);
        for _ in 0..30 {
            assert_eq!(ask(&router, "/api/v1/announcements", one, None).await.0, 200);
        }
        let (status, wait, problem) = ask(&router, "/feed.atom", one, Some("198.51.100.7")).await;
        assert_eq!(
            (status, wait.as_str(), problem["status"].as_i64()),
            (429, "2", Some(429)),
            "a header that nobody vouches for helps nothing"
        );
        assert!(problem["detail"].as_str().unwrap().contains("2 秒后"), "{problem}");
        assert_eq!(ask(&router, "/", one, None).await.0, 200, "the pages of the portal are not limited");
        assert_eq!(ask(&router, "/api/v1/announcements", other, None).await.0, 200);
        app.wait(2);
        assert_eq!(ask(&router, "/api/v1/announcements", one, None).await.0, 200);
        assert_eq!(ask(&router, "/api/v1/announcements", one, None).await.0, 429);
        // OCDS packages count as five; who looks at a browser gets a page.
        app.wait(60);
        for _ in 0..6 {
            ask(&router, "/api/v1/ocds", one, None).await;
        }
        assert_eq!(ask(&router, "/api/v1/ocds", one, None).await.0, 429);
        let download = Request::get("/announcements/310115-2025-0001/detail.xlsx").header("accept", "text/html,*/*");
        let mut download = download.body(Body::empty()).unwrap();
        download.extensions_mut().insert(Peer(one.into()));
        let page = router.clone().oneshot(download).await.unwrap();
        assert_eq!(page.status(), 429);
        assert!(page.headers().contains_key("retry-after"));
        assert!(page.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
        // A yearly file counts as twenty.
        assert_eq!(ask(&router, "/api/v1/years/2024/projects.csv", other, None).await.0, 200);
        assert_eq!(ask(&router, "/api/v1/years/2024/projects.csv", other, None).await.0, 429);
    })
    .await;
}

#[tokio::test]
async fn e12_behind_a_proxy_the_readers_address_counts_as_the_proxy_saw_it() {
    on_sqlite(async |app: &TestApp| {
        let router = configured(app, |settings| (settings.api_per_minute, settings.proxies) = (10, 1));
        let proxy = [10, 0, 0, 1];
        for _ in 0..10 {
            assert_eq!(ask(&router, "/feed.atom", proxy, Some("6.6.6.6, 203.0.113.9")).await.0, 200);
        }
        assert_eq!(
            ask(&router, "/feed.atom", proxy, Some("7.7.7.7, 203.0.113.9")).await.0,
            429,
            "what was written before it does not count"
        );
        assert_eq!(ask(&router, "/feed.atom", proxy, Some("203.0.113.10")).await.0, 200);
    })
    .await;
}
