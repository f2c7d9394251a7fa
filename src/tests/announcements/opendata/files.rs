//! Files: the detail as XLSX and CSV, the years, the Atom feed.

use super::*;
use crate::support::read_back::{Read, sheets};
use quick_xml::Reader;
use quick_xml::events::Event;
use setaside::features::announcements::commands::open::{self, Asked, ChangeKind, OpenState};
use std::collections::BTreeSet;

/// A published announcement whose first project looks like a formula.
async fn with_a_formula(app: &TestApp) -> (Visitor<'_>, String, String) {
    let (clerk, id) = created(app).await;
    let number = generate(&clerk, &id).await;
    submit(app, &clerk, &id).await;
    app.execute("UPDATE announcement_lines SET project_name = '=HYPERLINK(\"http://evil.example\")' WHERE position = 1").await;
    review(app, &id, true, "").await;
    (clerk, id, number)
}

#[tokio::test]
async fn e12_the_detail_is_a_table_of_numbers_without_formulas() {
    on_both(async |app: &TestApp| {
        let (clerk, id, number) = with_a_formula(app).await;
        let lines = read(&clerk, &id).await["lines"].as_array().unwrap().len();
        let address = format!("/announcements/{number}/detail.xlsx");
        let answer = app.nobody().get(&address).await;
        assert!(
            answer.header("content-disposition").starts_with("attachment;") && answer.header("content-security-policy").contains("sandbox")
        );
        let book = sheets(&answer.bytes);
        let names: Vec<&str> = book.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["明细", "公告"]);
        let (detail, facts) = (&book[0].1, &book[1].1);
        assert_eq!(detail.len(), lines + 1);
        assert_eq!(detail[1][2], Read::Text("=HYPERLINK(\"http://evil.example\")".into()), "a text, whatever it looks like");
        assert!(detail[1..].iter().all(|row| matches!((&row[0], &row[5], &row[6]), (Read::Number(_), Read::Number(_), Read::Number(_)))));
        assert!(!book.iter().flat_map(|(_, rows)| rows.iter().flatten()).any(|cell| *cell == Read::Formula));
        assert!(facts.contains(&vec![Read::Text("公告状态".into()), Read::Text("已发布".into())]), "{facts:?}");
        // Made again by another process it is the same file.
        let other = setaside::startup::router(app.services.clone());
        let again =
            tower::ServiceExt::oneshot(other, app.nobody().request(Method::GET, &address).body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(again.headers()["etag"], answer.header("etag"));

        let csv = get(app, &format!("/announcements/{number}/detail.csv")).await.text;
        assert!(csv.starts_with("\u{feff}序号,采购单位,项目名称,"), "{csv}");
        assert!(csv.contains("\"'=HYPERLINK(\"\"http://evil.example\"\")\""), "{csv}");
        assert_eq!(csv.lines().count(), lines + 1);
        let sums: Vec<String> = csv.lines().skip(1).map(|line| line.rsplit(',').next().unwrap().to_owned()).collect();
        assert!(sums.iter().all(|status| status == "已发布"), "{csv}");
    })
    .await;
}

#[tokio::test]
async fn e12_a_file_of_a_revoked_announcement_says_so_at_once() {
    on_both(async |app: &TestApp| {
        let (clerk, id, number) = published(app).await;
        let addresses = [format!("/announcements/{number}/detail.csv"), format!("/api/v1/announcements/{number}"), "/feed.atom".to_owned()];
        let mut tags = Vec::new();
        for address in &addresses {
            tags.push(get(app, address).await.header("etag").to_owned());
        }
        revoke(app, &clerk, &id, "误发").await;
        review(app, &id, true, "").await;
        for (address, tag) in addresses.iter().zip(&tags) {
            let request = app.nobody().request(Method::GET, address).header(header::IF_NONE_MATCH, tag);
            let answer = app.nobody().send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(answer.status, 200, "{address}");
            assert!(answer.text.contains("已撤销") || answer.json()["status"] == "revoked", "{address}: {}", answer.text);
        }
        let book = sheets(&app.nobody().bytes(&format!("/announcements/{number}/detail.xlsx")).await);
        assert!(book[1].1.contains(&vec![Read::Text("撤销理由".into()), Read::Text("误发".into())]), "{book:?}");
        let csv = get(app, "/api/v1/years/2024/projects.csv").await.text;
        assert!(csv.contains("已撤销") && !csv.contains("已发布"), "{csv}");
    })
    .await;
}

#[tokio::test]
async fn e12_a_year_is_one_file_of_every_announcement_and_project() {
    on_both(async |app: &TestApp| {
        // More than are read at a time, none with projects.
        app.execute(super::super::due::MANY).await;
        app.set_time("2025-03-15T09:00:00");
        assert_eq!(publish_due(&app.services).await, Ok(300));
        let answer = get(app, "/api/v1/years/2023/announcements.jsonl").await;
        assert!(answer.header("content-type").starts_with("application/jsonl"));
        let numbers: BTreeSet<String> =
            answer.text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["number"].as_str().unwrap().to_owned()).collect();
        assert_eq!((numbers.len(), answer.text.lines().count()), (300, 300));
        let csv = get(app, "/api/v1/years/2023/projects.csv").await.text;
        assert_eq!(csv.lines().count(), 301, "one without projects has a row that says so");
        assert!(csv.lines().nth(1).unwrap().ends_with(",,,,,,,,,"), "{}", csv.lines().nth(1).unwrap());
        assert_eq!(get(app, "/api/v1/years/2022/announcements.jsonl").await.text, "");
        assert_eq!(get(app, "/api/v1/years/2022/projects.csv").await.text.lines().count(), 1);
    })
    .await;
    on_both(async |app: &TestApp| {
        let (_, _, [old, new]) = course(app).await;
        let lines: Vec<Value> =
            get(app, "/api/v1/years/2024/announcements.jsonl").await.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let told: Vec<_> = lines.iter().map(|each| (each["number"].as_str().unwrap(), each["status"].as_str().unwrap())).collect();
        assert_eq!(told, [(old.as_str(), "corrected"), (new.as_str(), "revoked")]);
        assert_eq!(
            lines[0],
            get(app, &format!("/api/v1/announcements/{old}")).await.json(),
            "a line is what the announcement's own address says"
        );
        let csv = get(app, "/api/v1/years/2024/projects.csv").await.text;
        let projects: usize = lines.iter().map(|each| each["lines"].as_array().unwrap().len()).sum();
        assert_eq!(csv.lines().count(), projects + 1);
        let first = lines[0]["lines"][0]["project_name"].as_str().unwrap();
        assert!(csv.lines().nth(1).unwrap().contains(first) && csv.contains("已更正") && csv.contains("2025-03-10T09:30:00+08:00"));
    })
    .await;
}

#[tokio::test]
async fn e12_a_file_of_a_year_is_of_one_moment_whatever_is_corrected_and_revoked_while_it_is_read() {
    on_both(async |app: &TestApp| {
        course(app).await;
        // As it stood behind each change: two published (the second corrects the first), the first corrected, the second revoked.
        for (until, expected) in
            [(1, vec!["current"]), (2, vec!["current"; 2]), (3, vec!["corrected", "current"]), (4, vec!["corrected", "revoked"])]
        {
            let asked = Asked { until, kind: Some(ChangeKind::Published), limit: 10, is_as_of_until: true, ..Asked::default() };
            let page = open::changes(&app.services, &asked).await.unwrap();
            let states = page.changes.iter().map(|change| match change.notice.state {
                OpenState::Current => "current",
                OpenState::Corrected { .. } => "corrected",
                OpenState::Revoked { .. } => "revoked",
            });
            assert_eq!(states.collect::<Vec<_>>(), expected, "until {until}");
        }
    })
    .await;
}

/// Every text of these elements, of a document that must be well-formed.
fn texts(document: &str, name: &str) -> Vec<String> {
    let mut reader = Reader::from_str(document);
    let (mut found, mut depth, mut inside) = (Vec::new(), 0, None);
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Start(element) => {
                depth += 1;
                if element.name().as_ref() == name {
                    inside = Some(String::new());
                }
            }
            Event::Text(text) => {
                if let Some(words) = &mut inside {
                    words.push_str(&text);
                }
            }
            Event::End(element) => {
                depth -= 1;
                if element.name().as_ref() == name {
                    found.extend(inside.take());
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0, "every element has its end");
    found
}

#[tokio::test]
async fn e12_feed_readers_are_told_of_corrections_and_revocations() {
    on_both(async |app: &TestApp| {
        let (_, _, [old, new]) = course(app).await;
        let feed = get(app, "/feed.atom").await;
        assert!(feed.header("content-type").starts_with("application/atom+xml"));
        assert!(feed.text.starts_with("<?xml version=\"1.0\" encoding=\"utf-8\"?>"));
        let titles = texts(&feed.text, "title");
        let starts = ["面向中小企业", "【已撤销】", "【已更正】", "上海机动车管理中心2024年", "上海机动车管理中心2024年"];
        assert_eq!(titles.len(), 5);
        assert!(titles.iter().zip(starts).all(|(title, start)| title.starts_with(start)), "{titles:?}");
        let ids = texts(&feed.text, "id");
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 5, "{ids:?}");
        let summaries = texts(&feed.text, "summary");
        assert_eq!(summaries[0], format!("公告 {new} 已撤销，理由：误发"));
        assert_eq!(summaries[1], format!("公告 {old} 已由 {new} 更正，理由：第一行金额有误"));
        assert_eq!(texts(&feed.text, "updated")[..2], ["2025-03-10T11:30:00+08:00"; 2]);

        // The publications say by now what became of them, and since when.
        let times = texts(&feed.text, "updated");
        assert_eq!(times[3..], ["2025-03-10T11:30:00+08:00", "2025-03-10T10:30:00+08:00"], "{times:?}");
        // Every page names itself.
        let own = |page: &str| {
            page.split("<link rel=\"self\"")
                .nth(1)
                .unwrap()
                .split("href=\"")
                .nth(1)
                .unwrap()
                .split('"')
                .next()
                .unwrap()
                .replace("&amp;", "&")
        };
        let site = &app.services.settings.public_url;
        for address in ["/feed.atom", "/feed.atom?limit=3", "/feed.atom?year=2024&kind=revoked", "/feed.atom?before=3&limit=2"] {
            assert_eq!(own(&get(app, address).await.text), format!("{site}{address}"));
        }
        assert_eq!(
            own(&get(app, "/feed.atom?kind=revoked&limit=50&year=2024").await.text),
            format!("{site}/feed.atom?year=2024&kind=revoked"),
            "in one form"
        );
        // One without an entry does not change by itself.
        let empty = get(app, "/feed.atom?year=2021").await.text;
        app.wait(3_600);
        assert_eq!(get(app, "/feed.atom?year=2021").await.text, empty);
        assert_eq!(texts(&empty, "updated"), ["1970-01-01T08:00:00+08:00"]);

        // Older ones stand on a next page, which stays what it is when something is published.
        let page = get(app, "/feed.atom?limit=3").await.text;
        assert_eq!(texts(&page, "entry").len(), 3);
        let next = page.split("<link rel=\"next\"").nth(1).unwrap().split("href=\"").nth(1).unwrap().split('"').next().unwrap();
        let path = next.strip_prefix(&app.services.settings.public_url).unwrap().replace("&amp;", "&");
        let rest = get(app, &path).await.text;
        assert_eq!(texts(&rest, "id").last(), ids.last());
        assert_eq!(texts(&rest, "entry").len(), 1);
        assert!(!rest.contains("rel=\"next\""));
    })
    .await;
}

#[tokio::test]
async fn e12_a_title_with_marks_leaves_the_feed_well_formed() {
    on_sqlite(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        generate(&clerk, &id).await;
        let at = version(&clerk, &id).await;
        let change = json!({ "basics": null, "title": "<b>A&B</b> ]]> 公告", "remark": null, "document": null });
        let _: Value = clerk.call("save_announcement", json!({ "id": id, "version": at, "change": change })).await;
        submit(app, &clerk, &id).await;
        review(app, &id, true, "").await;
        let feed = get(app, "/feed.atom").await.text;
        texts(&feed, "title");
        assert!(feed.contains("&lt;b&gt;A&amp;B&lt;/b&gt;") && !feed.contains("<b>"), "{feed}");
    })
    .await;
}
