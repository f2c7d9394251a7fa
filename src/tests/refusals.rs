//! Requests that do not fit: each is refused in our own words, as a page for people and as JSON for scripts.

use super::support::{Answer, TestApp, on_both, on_sqlite};
use axum::body::Body;
use axum::http::{Method, header};
use serde_json::{Value, json};
use setaside::error::AppError;

const FORM: &str = "application/x-www-form-urlencoded";
const FILE: &str = "multipart/form-data; boundary=B";

/// A page of ours with the failure's sentence and a way on.
fn is_our_page(answer: &Answer, what: &str) {
    assert!(answer.header("content-type").starts_with("text/html"), "{what}: {answer:?}");
    assert!(
        answer.text.contains("<html lang=\"zh-CN\">") && (answer.text.contains("href=\"/\"") || answer.text.contains("href=\"/office\"")),
        "{what}: {answer:?}"
    );
}

/// A failure that the browser's half reads.
fn is_our_json(answer: &Answer, what: &str) {
    assert!(serde_json::from_str::<AppError>(&answer.text).is_ok(), "{what}: {answer:?}");
}

#[tokio::test]
async fn d5_a_page_that_is_asked_for_wrongly_is_ours() {
    on_sqlite(async |app: &TestApp| {
        let clerk = app.sign_in("jdc").await;
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        let asked = [
            ("/?unit=a&unit=b".to_owned(), 400),
            ("/?page=1&page=2".to_owned(), 400),
            ("/?page=x&year=-1&district=%00".to_owned(), 400),
            ("/announcements/%ff".to_owned(), 404),
            (format!("/announcements/%ff/files/{id}"), 404),
            ("/announcements/319900-2024-0001/files/%ff".to_owned(), 404),
            ("/sign-in?next=a&next=b".to_owned(), 400),
            (format!("/office/files/%ff/{id}"), 404),
            (format!("/office/files/{id}/%ff"), 404),
            ("/office/%ff".to_owned(), 404),
            ("/assets/none.js".to_owned(), 404),
            ("/favicon.svg".to_owned(), 404),
        ];
        for (path, status) in asked {
            let answer = clerk.get(&path).await;
            assert_eq!(answer.status, status, "{path}: {answer:?}");
            is_our_page(&answer, &path);
        }
        for path in ["/?unit=%ff", "/?page=%00&district=%00", "/office?%ff=%ff", "/sign-in?next=%00"] {
            let answer = clerk.get(path).await;
            assert_eq!(answer.status, 200, "{path}: {answer:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn d5_a_form_that_does_not_fit_is_refused_by_a_page_of_ours() {
    on_sqlite(async |app: &TestApp| {
        let large = format!("login=a&password={}", "x".repeat(3 * 1024 * 1024));
        for (kind, body, status) in [
            (FORM, "login=a&login=b&password=c", 400),
            (FORM, "login=a&password=b&password=c", 400),
            ("application/json", "{\"login\":\"a\"}", 415),
            ("text/plain", "login=a", 415),
            ("", "login=a", 415),
            (FORM, &large, 413),
        ] {
            let mut request = app.nobody().request(Method::POST, "/sign-in");
            if !kind.is_empty() {
                request = request.header(header::CONTENT_TYPE, kind);
            }
            let answer = app.nobody().send(request.body(Body::from(body.to_owned())).unwrap()).await;
            let what = format!("{kind} {}", &body[..body.len().min(40)]);
            assert_eq!(answer.status, status, "{what}: {answer:?}");
            is_our_page(&answer, &what);
        }
    })
    .await;
}

#[tokio::test]
async fn c6_an_upload_to_a_wrong_address_is_refused_in_json() {
    on_sqlite(async |app: &TestApp| {
        let clerk = app.sign_in("jdc").await;
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        let key = "7d3b1c52-4f0a-4d7e-9a51-0c6c5c1f2a10";
        for (query, status) in [
            ("", 400),
            ("?key=", 400),
            ("?key=x", 400),
            ("?key=KEY&key=KEY", 400),
            ("?key=KEY&more=2", 400),
            ("?version=1", 400),
            ("?key=KEY", 404),
        ] {
            let path = format!("/office/files/{id}{}", query.replace("KEY", key));
            let request = clerk.request(Method::POST, &path).header(header::CONTENT_TYPE, FILE);
            let answer = clerk.send(request.body(Body::from("--B--")).unwrap()).await;
            assert_eq!(answer.status, status, "{path}: {answer:?}");
            is_our_json(&answer, &path);
        }
        let request = clerk.request(Method::POST, &format!("/office/files/%ff?key={key}")).header(header::CONTENT_TYPE, FILE);
        let answer = clerk.send(request.body(Body::from("--B--")).unwrap()).await;
        assert_eq!(answer.status, 404, "{answer:?}");
        is_our_json(&answer, "%ff");
    })
    .await;
}

#[tokio::test]
async fn d5_a_method_that_an_address_does_not_know_is_told_in_words() {
    on_sqlite(async |app: &TestApp| {
        let clerk = app.sign_in("jdc").await;
        for (method, path) in [
            (Method::POST, "/"),
            (Method::PUT, "/sign-in"),
            (Method::GET, "/sign-out"),
            (Method::DELETE, "/office"),
            (Method::POST, "/assets/x.js"),
        ] {
            let answer = clerk.send(clerk.request(method.clone(), path).body(Body::empty()).unwrap()).await;
            assert_eq!(answer.status, 405, "{method} {path}: {answer:?}");
            assert!(!answer.header("allow").is_empty(), "{method} {path}: {answer:?}");
            if method == Method::DELETE { assert!(!answer.text.is_empty()) } else { is_our_page(&answer, path) }
        }
    })
    .await;
}

#[tokio::test]
async fn d5_a_nul_in_a_search_is_ignored() {
    on_both(async |app: &TestApp| {
        for path in ["/?unit=%00", "/?unit=a%00b", "/?unit=%00&year=2024%00&district=%00&page=%00"] {
            assert_eq!(app.nobody().get(path).await.status, 200, "{path}");
        }
        let (clerk, admin) = (app.sign_in("jdc").await, app.sign_in("admin").await);
        clerk.call::<Value>("announcements", json!({ "year": null, "status": "\u{0}", "page": 1 })).await;
        let records = json!({ "scope": "all", "year": null, "unit": "\u{0}", "status": "\u{0}", "page": 1 });
        let (status, answer) = clerk.post_api("records", records).await;
        assert!(status < 500, "{answer}");
        admin.call::<Value>("admin_people", json!({ "search": "a\u{0}b" })).await;
        let words = clerk.refused("change_password", json!({ "old": "\u{0}", "new": "Neu#\u{0}2025x" }), 422).await;
        assert!(words.contains("原密码"), "{words}");
    })
    .await;
}
