//! What open data answers: as `openapi.json` says, and nothing that is not public.

use super::*;
use crate::support::poppler::pages;
use std::collections::BTreeSet;

/// The file, as everyone gets it.
async fn openapi(app: &TestApp) -> Value {
    get(app, "/api/v1/openapi.json").await.json()
}

/// Whether an answer is one that the file describes for this path.
fn fits(openapi: &Value, path: &str, answer: &Answer) {
    let response = &openapi["paths"][path]["get"]["responses"][answer.status.to_string()];
    assert!(response.is_object(), "{path}: {} is not described", answer.status);
    let media_type = answer.header("content-type").split(';').next().unwrap_or_default().to_owned();
    let schema = &response["content"][&media_type]["schema"];
    assert!(schema.is_object(), "{path}: {media_type} is not described");
    if !media_type.ends_with("json") {
        return;
    }
    let whole = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema", "allOf": [schema], "components": openapi["components"],
    });
    let validator = jsonschema::validator_for(&whole).unwrap();
    let found = answer.json();
    let wrong: Vec<String> = validator.iter_errors(&found).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{path}: {wrong:#?}");
}

#[test]
fn e12_every_route_of_open_data_is_described_and_nothing_else() {
    let source = include_str!("../../../features/opendata/handlers.rs");
    let routes: BTreeSet<&str> = source.split(".route(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let described: Value = serde_json::from_str(include_str!("../../../features/opendata/handlers/openapi.json")).unwrap();
    assert_eq!(described["openapi"], "3.1.0");
    let paths: BTreeSet<&str> = described["paths"].as_object().unwrap().keys().map(String::as_str).collect();
    // What no other route knows is no address of its own.
    assert_eq!(routes.into_iter().filter(|route| !route.contains("{*")).collect::<BTreeSet<_>>(), paths);
    for (path, methods) in described["paths"].as_object().unwrap() {
        let methods: Vec<_> = methods.as_object().unwrap().keys().collect();
        assert_eq!(methods, ["get"], "{path}");
    }
}

#[tokio::test]
async fn e12_every_answer_is_as_the_description_says() {
    on_both(async |app: &TestApp| {
        let (clerk, ids, [old, new]) = course(app).await;
        // One that stands, with a file.
        app.wait(60);
        let standing: String = clerk.call("create_announcement", json!({ "year": 2024 })).await;
        let (_, file) = upload(&clerk, &standing, "说明.pdf", b"%PDF-1.7 public").await;
        let number = generate(&clerk, &standing).await;
        let at = version(&clerk, &standing).await;
        let shown = json!({ "id": standing, "version": at, "file": file["file"]["id"], "is_shown": true });
        let _: Value = clerk.call("change_attachment", shown).await;
        basics(&clerk, &standing, json!({ "district": "319900", "mode": "OnApproval", "expires_on": "2025-03-31" })).await;
        submit(app, &clerk, &standing).await;
        review(app, &standing, true, "").await;
        let openapi = openapi(app).await;
        let one = "/api/v1/announcements/{key}";
        for (path, address, status) in [
            ("/api/v1", "/api/v1".to_owned(), 200),
            ("/api/v1/openapi.json", "/api/v1/openapi.json".to_owned(), 200),
            ("/api/v1/announcements", "/api/v1/announcements".to_owned(), 200),
            ("/api/v1/announcements", "/api/v1/announcements?kind=revoked&limit=1".to_owned(), 200),
            ("/api/v1/announcements", "/api/v1/announcements?limit=many".to_owned(), 400),
            ("/api/v1/announcements", "/api/v1/announcements?cursor=99".to_owned(), 400),
            (one, format!("/api/v1/announcements/{old}"), 200),
            (one, format!("/api/v1/announcements/{new}"), 200),
            (one, format!("/api/v1/announcements/{number}"), 200),
            (one, format!("/api/v1/announcements/{}", ids[0]), 200),
            (one, format!("/api/v1/announcements/{old}?x=1"), 400),
            (one, "/api/v1/announcements/310115-2024-9999".to_owned(), 404),
            (one, "/api/v1/announcements/%FF".to_owned(), 404),
            ("/api/v1/announcements/{key}/ocds", format!("/api/v1/announcements/{new}/ocds"), 200),
            ("/api/v1/announcements/{key}/ocds", "/api/v1/announcements/x/ocds".to_owned(), 404),
            ("/api/v1/ocds", "/api/v1/ocds".to_owned(), 200),
            ("/api/v1/ocds", "/api/v1/ocds?cursor=5".to_owned(), 404),
            ("/api/v1/ocds", "/api/v1/ocds?limit=21".to_owned(), 400),
            ("/api/v1/years/{year}/announcements.jsonl", "/api/v1/years/2024/announcements.jsonl".to_owned(), 200),
            ("/api/v1/years/{year}/announcements.jsonl", "/api/v1/years/1999/announcements.jsonl".to_owned(), 404),
            ("/api/v1/years/{year}/projects.csv", "/api/v1/years/2024/projects.csv".to_owned(), 200),
            ("/api/v1/years/{year}/projects.csv", "/api/v1/years/02024/projects.csv".to_owned(), 404),
            ("/api/v1/statistics", "/api/v1/statistics".to_owned(), 200),
            ("/api/v1/statistics", format!("/api/v1/statistics?unit={}", app.units[CHIEF]), 200),
            ("/api/v1/statistics", format!("/api/v1/statistics?unit={}", app.units[UNIT_03]), 200),
            ("/api/v1/statistics", format!("/api/v1/statistics?unit={}", app.units[UNIT_99]), 404),
            ("/api/v1/statistics", "/api/v1/statistics?unit=x".to_owned(), 400),
            ("/api/v1/statistics.csv", "/api/v1/statistics.csv".to_owned(), 200),
            ("/api/v1/statistics.csv", "/api/v1/statistics.csv?year=2024".to_owned(), 400),
            ("/api/v1/statistics/units.csv", "/api/v1/statistics/units.csv?year=2024".to_owned(), 200),
            ("/api/v1/statistics/units.csv", format!("/api/v1/statistics/units.csv?year=2024&unit={}", app.units[CHIEF]), 200),
            ("/api/v1/statistics/units.csv", format!("/api/v1/statistics/units.csv?year=2024&unit={}", app.units[UNIT_03]), 404),
            ("/api/v1/statistics/units.csv", "/api/v1/statistics/units.csv".to_owned(), 400),
            ("/feed.atom", "/feed.atom".to_owned(), 200),
            ("/feed.atom", "/feed.atom?before=0".to_owned(), 400),
            ("/announcements/{number}/detail.xlsx", format!("/announcements/{old}/detail.xlsx"), 200),
            ("/announcements/{number}/detail.xlsx", "/announcements/310115-2024-9999/detail.xlsx".to_owned(), 404),
            ("/announcements/{number}/detail.csv", format!("/announcements/{old}/detail.csv"), 200),
            ("/announcements/{number}/announcement.pdf", format!("/announcements/{old}/announcement.pdf"), 200),
            ("/announcements/{number}/announcement.pdf", format!("/announcements/{old}/announcement.pdf?x=1"), 400),
            ("/announcements/{number}/announcement.pdf", "/announcements/310115-2024-9999/announcement.pdf".to_owned(), 404),
        ] {
            let answer = app.nobody().get(&address).await;
            assert_eq!(answer.status, status, "{address}: {}", answer.text);
            fits(&openapi, path, &answer);
            assert_eq!(answer.header("access-control-allow-origin"), "*", "{address}");
            assert_eq!(answer.header("access-control-allow-credentials"), "", "{address}");
            assert_eq!(answer.header("cross-origin-resource-policy"), "cross-origin", "{address}");
            let expected = if status == 200 { "public, max-age=60" } else { "no-store" };
            assert_eq!(answer.header("cache-control"), expected, "{address}");
            if status == 200 {
                for tag in [answer.header("etag").to_owned(), format!("\"x\", {}", answer.header("etag"))] {
                    assert_ne!(tag, "", "{address}");
                    let again = app.nobody().request(Method::GET, &address).header(header::IF_NONE_MATCH, &tag);
                    let again = app.nobody().send(again.body(Body::empty()).unwrap()).await;
                    assert_eq!((again.status, again.text.as_str()), (304, ""), "{address}");
                    assert_eq!(again.header("access-control-allow-origin"), "*", "{address}");
                }
            }
            let head = app.nobody().send(app.nobody().request(Method::HEAD, &address).body(Body::empty()).unwrap()).await;
            assert_eq!((head.status, head.text.as_str()), (status, ""), "{address}");
        }
        let whole = get(app, &format!("/api/v1/announcements/{number}")).await.json();
        assert_eq!(whole["status"], "published");
        assert_eq!(whole["files"][0]["name"], "说明.pdf");
        let file = whole["files"][0]["url"].as_str().unwrap().strip_prefix(&app.services.settings.public_url).unwrap();
        assert_eq!(get(app, file).await.text, "%PDF-1.7 public");
        // The sums are those of the lines, in 元 as on the page in 万元.
        let yuan = |value: &Value| setaside::domain::money::Money::parse_yuan(value.as_str().unwrap()).unwrap();
        let lines = whole["lines"].as_array().unwrap();
        for sum in ["sme", "small_micro"] {
            let of_lines: setaside::domain::money::Money = lines.iter().map(|line| yuan(&line[sum])).sum();
            assert_eq!(yuan(&whole["totals"][sum]), of_lines);
        }
        let page = get(app, &format!("/announcements/{number}")).await;
        assert!(page.text.contains(&yuan(&whole["totals"]["sme"]).wan()));
        app.set_time("2025-04-01T00:00:00");
        assert_eq!(get(app, &format!("/api/v1/announcements/{number}")).await.json()["status"], "ended");
    })
    .await;
}

#[tokio::test]
async fn e12_what_is_not_public_is_told_to_no_program() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        let number = generate(&clerk, &id).await;
        let (_, hidden) = upload(&clerk, &id, "内部.pdf", b"%PDF-1.7 internal").await;
        let hidden = hidden["file"]["id"].as_str().unwrap().to_owned();
        let line = read(&clerk, &id).await["lines"][0].clone();
        let at = version(&clerk, &id).await;
        let edit = json!({ "id": id, "version": at, "line": line["id"], "change": "remove", "reason": "内部原因" });
        let _: Value = clerk.call("change_announcement_line", edit).await;
        let addresses = |number: &str| {
            vec![
                "/api/v1/announcements".to_owned(),
                "/feed.atom".to_owned(),
                "/api/v1/years/2024/announcements.jsonl".to_owned(),
                "/api/v1/years/2024/projects.csv".to_owned(),
                format!("/api/v1/announcements/{number}"),
                format!("/api/v1/announcements/{id}"),
                format!("/api/v1/announcements/{number}/ocds"),
                "/api/v1/ocds".to_owned(),
                format!("/announcements/{number}/detail.xlsx"),
                format!("/announcements/{number}/detail.csv"),
                format!("/announcements/{number}/announcement.pdf"),
            ]
        };
        let nowhere = async |number: &str, words: &[&str]| {
            for address in addresses(number) {
                let answer = app.nobody().get(&address).await;
                let text = if answer.bytes.starts_with(b"%PDF") { pages(&answer.bytes).concat() } else { answer.text };
                for word in words {
                    assert!(!text.contains(word), "“{word}” in {address}: {text}");
                }
            }
        };
        // In 待完善, under review and waiting for its time it is not there.
        basics(&clerk, &id, json!({ "district": "319900", "mode": { "At": "2025-03-15T01:00:00.000Z" }, "expires_on": null })).await;
        for step in ["draft", "review", "scheduled"] {
            for address in &addresses(&number)[4..] {
                assert_eq!(app.nobody().get(address).await.status, 404, "{step}: {address}");
            }
            nowhere(&number, &[&number, &id]).await;
            match step {
                "draft" => submit(app, &clerk, &id).await,
                "review" => review(app, &id, true, "").await,
                _ => {}
            }
        }
        app.set_time("2025-03-15T09:00:00");
        let clerk = app.sign_in("jdc").await;
        assert_eq!(publish_due(&app.services).await, Ok(1));
        let removed = line["values"]["url"].as_str().expect("a link, which no other line has");
        let whole = get(app, &format!("/api/v1/announcements/{number}")).await.text;
        assert!(whole.contains("测试区采购单位03"));
        nowhere(&number, &[&hidden, "内部.pdf", "内部原因", removed, "张三", "leader", "approved"]).await;
        // A correction and a revocation under way are nobody's outside.
        let successor = correct(&clerk, &id, "还没有说的理由").await;
        let next = read(&clerk, &successor).await["number"].as_str().unwrap().to_owned();
        nowhere(&number, &[&next, "还没有说的理由"]).await;
        let delete = json!({ "id": successor, "version": version(&clerk, &successor).await });
        let _: Value = clerk.call("delete_announcement", delete).await;
        revoke(app, &clerk, &id, "还没有说的理由").await;
        nowhere(&number, &["还没有说的理由", "revoked"]).await;
    })
    .await;
}

#[tokio::test]
async fn e12_other_sites_may_read_and_nothing_else() {
    on_sqlite(async |app: &TestApp| {
        for address in ["/api/v1/announcements", "/api/v1/none", "/feed.atom", "/announcements/310115-2024-0001/detail.csv"] {
            let ask = |method: Method| {
                let request = axum::http::Request::builder().method(method).uri(address).header(header::HOST, crate::support::HOST);
                request.header(header::ORIGIN, "https://other.example")
            };
            let question = ask(Method::OPTIONS).header("access-control-request-method", "GET").body(Body::empty()).unwrap();
            let answer = app.nobody().send(question).await;
            assert_eq!((answer.status, answer.header("access-control-allow-origin")), (204, "*"), "{address}");
            assert_eq!(answer.header("access-control-allow-methods"), "GET, HEAD, OPTIONS");
            let write = app.nobody().send(ask(Method::POST).body(Body::empty()).unwrap()).await;
            assert_eq!(write.status, 403, "{address}: a state change from elsewhere");
            let write = app.nobody().send(app.nobody().request(Method::POST, address).body(Body::empty()).unwrap()).await;
            assert_eq!((write.status, write.header("allow")), (405, "GET, HEAD, OPTIONS"), "{address}");
            assert_eq!(write.header("content-type"), "application/problem+json");
            assert_eq!(write.json()["status"], 405);
        }
        // The rest of the program stays closed to them.
        for address in ["/", "/office", "/sign-in"] {
            assert_eq!(app.nobody().get(address).await.header("access-control-allow-origin"), "", "{address}");
        }
        let page = get(app, "/api/v1").await;
        assert!(!page.text.contains("<script") && page.text.contains("lang=\"zh-CN\""));
        for word in ["/api/v1/ocds", "Retry-After", "cursor", "按提交次序"] {
            assert!(page.text.contains(word), "{word}");
        }
    })
    .await;
}
