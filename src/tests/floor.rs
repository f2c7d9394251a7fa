//! The security floor, from outside.

use super::support::{Answer, HOST, TestApp, on_both, on_sqlite};
use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, header};
use axum::routing::get;
use serde_json::{Value, json};
use setaside::server::http::floor;
use tower::ServiceExt as _;
use tower_http::catch_panic::CatchPanicLayer;

/// What nobody outside may read.
fn says_nothing_from_inside(answer: &Answer) {
    for word in [
        "leptos",
        "server function",
        "server_fn",
        "sqlx",
        "serde",
        "expected",
        "column",
        "panicked",
        "src/",
        "tower",
        "axum",
        "missing field",
        "unknown field",
    ] {
        assert!(!answer.text.to_lowercase().contains(word), "“{word}” in {answer:?}");
    }
}

const STATE_CHANGES: [(&str, &str); 4] = [
    ("/sign-in", "application/x-www-form-urlencoded"),
    ("/sign-out", "application/x-www-form-urlencoded"),
    ("/api/read_messages", "application/json"),
    ("/", "text/plain"),
];

#[tokio::test]
async fn d5_a_state_change_must_come_from_our_own_pages() {
    on_sqlite(async |app: &TestApp| {
        let visitor = app.sign_in("unit03").await;
        for (path, kind) in STATE_CHANGES {
            let plain = || {
                let cookie = format!("setaside={}", visitor.token.as_deref().unwrap_or_default());
                Request::post(path).header(header::HOST, HOST).header(header::CONTENT_TYPE, kind).header(header::COOKIE, cookie)
            };
            let own = format!("http://{HOST}");
            let foreign = [
                plain(),
                plain().header(header::ORIGIN, "http://evil.example"),
                plain().header(header::ORIGIN, "null"),
                plain().header(header::ORIGIN, format!("{own}.evil.example")),
                plain().header(header::ORIGIN, format!("{own}:8080")),
                plain().header(header::ORIGIN, &own).header(header::ORIGIN, "http://evil.example"),
                plain().header(header::ORIGIN, &own).header("sec-fetch-site", "cross-site"),
                plain().header(header::ORIGIN, &own).header("sec-fetch-site", "same-site"),
            ];
            for request in foreign {
                let request = request.body(Body::from("{}")).unwrap();
                let headers = format!("{path} {:?}", request.headers());
                let answer = visitor.send(request).await;
                assert_eq!(answer.status, 403, "{headers}");
                assert_eq!(answer.header("set-cookie"), "", "{headers}");
            }
        }
        let (status, _) = visitor.post_api("unread_messages", Value::Null).await;
        assert_eq!(status, 200, "nobody was signed out");
        for method in [Method::PUT, Method::DELETE, Method::PATCH] {
            let request = Request::builder().method(method.clone()).uri("/office").header(header::HOST, HOST).body(Body::empty()).unwrap();
            assert_eq!(visitor.send(request).await.status, 403, "{method}");
        }
    })
    .await;
}

#[tokio::test]
async fn d5_server_functions_take_json_alone() {
    on_sqlite(async |app: &TestApp| {
        let visitor = app.sign_in("unit03").await;
        for kind in
            ["text/plain", "text/plain; application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
        {
            let mut request = visitor.request(Method::POST, "/api/unread_messages");
            if !kind.is_empty() {
                request = request.header(header::CONTENT_TYPE, kind);
            }
            let answer = visitor.send(request.body(Body::from("{}")).unwrap()).await;
            assert_eq!(answer.status, 415, "{kind}: {answer:?}");
            says_nothing_from_inside(&answer);
        }
    })
    .await;
}

#[tokio::test]
async fn d5_malformed_requests_are_refused_without_inner_words() {
    on_sqlite(async |app: &TestApp| {
        let visitor = app.sign_in("unit03").await;
        let bodies: [&[u8]; 8] = [
            b"",
            b"{",
            b"null",
            b"[]",
            b"{}",
            br#"{"input":{"old":1,"new":"x"}}"#,
            br#"{"input":{"old":"a","new":"b","more":1}}"#,
            b"{\"input\":{\"old\":\"\xff\",\"new\":\"b\"}}",
        ];
        for body in bodies {
            let request = visitor.request(Method::POST, "/api/change_password").header(header::CONTENT_TYPE, "application/json");
            let answer = visitor.send(request.body(Body::from(body)).unwrap()).await;
            assert_eq!(answer.status, 400, "{}: {answer:?}", String::from_utf8_lossy(body));
            assert_eq!(answer.json(), json!({ "kind": "bad_request" }));
        }
    })
    .await;
}

#[tokio::test]
async fn d5_a_huge_body_is_refused() {
    on_sqlite(async |app: &TestApp| {
        let visitor = app.sign_in("unit03").await;
        let request = visitor.request(Method::POST, "/api/change_password").header(header::CONTENT_TYPE, "application/json");
        let answer = visitor.send(request.body(Body::from(vec![b' '; floor::API_BODY + 1])).unwrap()).await;
        assert_eq!(answer.status, 413, "{answer:?}");
        let answer = visitor.post_form("/sign-in", vec![b'a'; 8 * 1024 * 1024]).await;
        assert_eq!(answer.status, 413, "{}", answer.text);
    })
    .await;
}

/// A body that never comes.
fn endless() -> Body {
    Body::from_stream(futures::stream::pending::<Result<axum::body::Bytes, std::io::Error>>())
}

#[tokio::test]
async fn d5_without_a_session_no_body_is_read() {
    on_sqlite(async |app: &TestApp| {
        for (path, kind) in [("/api/read_messages", "application/json"), ("/office/files/x?version=1", "multipart/form-data; boundary=B")] {
            let request = app.nobody().request(Method::POST, path).header(header::CONTENT_TYPE, kind);
            let answer = app.nobody().send(request.body(endless()).unwrap()).await;
            assert_eq!(answer.status, 401, "{path}: {answer:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn d5_a_body_that_does_not_come_is_not_waited_for() {
    on_sqlite(async |app: &TestApp| {
        let visitor = app.sign_in("unit03").await;
        for (path, kind) in [("/api/read_messages", "application/json"), ("/sign-in", "application/x-www-form-urlencoded")] {
            let request = visitor.request(Method::POST, path).header(header::CONTENT_TYPE, kind);
            let answer = visitor.send(request.body(endless()).unwrap()).await;
            assert_eq!(answer.status, 408, "{path}: {answer:?}");
            assert!(answer.text.contains("网络连接中断") || answer.json()["kind"] == "offline", "{answer:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn d5_pages_of_the_office_that_lead_nowhere_are_404() {
    on_sqlite(async |app: &TestApp| {
        let visitor = app.sign_in("jdc").await;
        for path in
            ["/office/none", "/office/none/at/all", "/office/announcements/x", "/office/announcements/01890a5d-ac96-774b-bcce-b302099a8001"]
        {
            let answer = visitor.get(path).await;
            assert_eq!(answer.status, 404, "{path}");
            assert!(answer.text.contains("没有这个页面") && answer.text.contains("sidemenu"), "{path}");
        }
        assert_eq!(visitor.get("/office/announcements").await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn d5_unknown_addresses_answer_our_404() {
    on_sqlite(async |app: &TestApp| {
        let visitor = app.sign_in("unit03").await;
        for path in ["/api/none", "/api/", "/api/unread_messages/x", "/api/%00"] {
            let request = visitor.request(Method::POST, path).header(header::CONTENT_TYPE, "application/json");
            let answer = visitor.send(request.body(Body::from("{}")).unwrap()).await;
            assert_eq!(answer.status, 404, "{path}: {answer:?}");
            says_nothing_from_inside(&answer);
        }
        for path in ["/api/unread_messages", "/none", "/.env", "/assets/none.js", "/announcements/none"] {
            let answer = visitor.get(path).await;
            assert_eq!(answer.status, 404, "{path}: {answer:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn d5_nothing_outside_the_assets_is_served() {
    on_sqlite(async |app: &TestApp| {
        let site = &app.services.settings.site;
        std::fs::create_dir_all(site.join("assets")).unwrap();
        std::fs::write(site.join("assets/a.css"), "a{}").unwrap();
        std::fs::write(site.join("secret.txt"), "secret").unwrap();
        assert_eq!(app.nobody().get("/assets/a.css").await.text, "a{}");
        for path in [
            "/assets/../secret.txt",
            "/assets/%2e%2e/secret.txt",
            "/assets/..%2fsecret.txt",
            "/assets/%2e%2e%2fsecret.txt",
            "/assets/..%5csecret.txt",
            "/assets//../secret.txt",
            "/assets/%00",
            "/assets/",
            "/assets",
        ] {
            let answer = app.nobody().get(path).await;
            assert!(answer.status >= 400 && answer.status < 500 && !answer.text.contains("secret"), "{path}: {answer:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn d5_every_answer_carries_the_protecting_headers() {
    on_sqlite(async |app: &TestApp| {
        let visitor = app.sign_in("unit03").await;
        for path in ["/", "/sign-in", "/office", "/healthz", "/readyz", "/none", "/api/x", "/assets/none"] {
            let answer = visitor.get(path).await;
            let csp = answer.header("content-security-policy");
            assert!(
                csp.contains("default-src") && csp.contains("frame-ancestors 'none'") && csp.contains("base-uri 'none'"),
                "{path}: {csp}"
            );
            assert!(!csp.contains("unsafe-inline") && !csp.contains("'unsafe-eval'"), "{path}: {csp}");
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
            let is_private = ["/office", "/api", "/sign-in"].iter().any(|prefix| path.starts_with(prefix));
            assert!(!is_private || answer.header("cache-control").contains("no-store"), "{path}: {:?}", answer.headers);
        }
        let page = visitor.get("/office").await;
        let csp = page.header("content-security-policy");
        let nonce = csp.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce");
        assert!(nonce.len() >= 20 && page.text.contains(nonce), "{csp}");
        let other = visitor.get("/office").await;
        assert!(!other.text.contains(nonce), "each page has a nonce of its own");
    })
    .await;
}

#[tokio::test]
async fn d5_broken_text_never_makes_a_fault() {
    on_both(async |app: &TestApp| {
        let forms: [&[u8]; 5] = [b"login=%ff%fe&password=%00", b"\xff\xfe\xfd", b"login=%00&password=x", b"login[]=x", b"login=a&login=b&password=c"];
        for form in forms {
            let answer = app.nobody().post_form("/sign-in", form).await;
            assert!(answer.status >= 400 && answer.status < 500, "{answer:?}");
            says_nothing_from_inside(&answer);
        }
        let answer = app.nobody().get("/sign-in?next=%ff%00").await;
        assert!(answer.status < 500, "{answer:?}");
        let admin = app.sign_in("admin").await;
        let unit = app.units[super::support::UNIT_03].to_string();
        let person = |name: &str| json!({ "login": "neu1", "name": name, "unit": unit, "roles": { "clerk": true, "reviewer": false, "admin": false } });
        admin.refused("add_person", person("a\u{0}b"), 422).await;
        admin.call::<Value>("admin_people", json!({ "search": "\u{0}" })).await;
        let cookie = Request::get("/office").header(header::HOST, HOST).header(header::COOKIE, format!("setaside={}", "'".repeat(64)));
        assert_eq!(app.nobody().send(cookie.body(Body::empty()).unwrap()).await.status, 303);
    })
    .await;
}

#[tokio::test]
async fn d5_a_panic_is_an_answer_like_any_fault() {
    async fn broken() -> &'static str {
        panic!("secret of src/broken.rs")
    }
    let router: Router = Router::new().route("/", get(broken)).layer(CatchPanicLayer::custom(floor::after_panic));
    let response = router.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(response.status(), 500);
    let body = axum::body::to_bytes(response.into_body(), 100_000).await.unwrap();
    let text = String::from_utf8(body.to_vec()).unwrap();
    assert!(text.contains("编号") && !text.contains("secret"), "{text}");
}

#[tokio::test]
async fn a4_a_full_disk_is_told_as_such_until_there_is_room() {
    on_sqlite(async |app: &TestApp| {
        app.import_sample().await;
        let clerk = app.sign_in("unit03").await;
        app.execute("PRAGMA max_page_count = 1").await;
        let mut refused = None;
        for year in [2024, 2023, 2022, 2021] {
            let (status, answer) = clerk.post_api("generate_record", json!({ "year": year })).await;
            if status != 200 {
                refused = Some((status, answer));
                break;
            }
        }
        assert_eq!(refused, Some((507, json!({ "kind": "storage_full" }))));
        assert!(setaside::error::AppError::StorageFull.to_string().contains("存储空间不足"));
        let ready = app.nobody().get("/readyz").await;
        assert_eq!(ready.status, 503, "{ready:?}");
        assert_eq!(clerk.get("/office").await.status, 200, "one can still read");
        app.execute("PRAGMA max_page_count = 1000000").await;
        assert_eq!(app.nobody().get("/readyz").await.status, 200);
        assert_eq!(clerk.post_api("generate_record", json!({ "year": 2020 })).await.0, 400);
    })
    .await;
}

#[tokio::test]
async fn a1_health_and_readiness_are_told() {
    on_both(async |app: &TestApp| {
        assert_eq!(app.nobody().get("/healthz").await.text, "ok");
        let ready = app.nobody().get("/readyz").await;
        assert_eq!((ready.status, ready.text.as_str()), (200, "ready"));
        app.services.db.close().await;
        assert_eq!(app.nobody().get("/readyz").await.status, 503);
    })
    .await;
}

#[tokio::test]
async fn d5_an_asset_with_a_name_that_no_disk_holds_is_not_there() {
    on_sqlite(async |app: &TestApp| {
        for name in ["a".repeat(201), "a".repeat(20_000), "%E6".repeat(3_000)] {
            assert_eq!(app.nobody().get(&format!("/assets/{name}")).await.status, 404, "{}", name.len());
        }
    })
    .await;
}
