//! The demo's portal: announcements in any number, made by the commands of the office.

use super::*;
use crate::support::on_both_empty;
use setaside::demo;

#[tokio::test]
async fn d5_the_demo_generator_publishes_announcements_of_one_to_a_thousand_lines() {
    on_both_empty(async |app: &TestApp| {
        demo::fill(&app.services, 6).await.unwrap();
        app.wait(60);
        let feed: Value = serde_json::from_str(&ask(app, "/api/v1/announcements?limit=100", 200).await.text).unwrap();
        let mut lines = Vec::new();
        for change in feed["changes"].as_array().unwrap() {
            let announcement = &change["announcement"];
            let (number, name) = (announcement["number"].as_str().unwrap(), announcement["unit"]["name"].as_str().unwrap());
            if !name.starts_with("测试区主管预算单位") {
                continue;
            }
            let page = ask(app, &format!("/announcements/{number}"), 200).await.text;
            let rows = page.split_once("<tbody>").unwrap().1.split_once("</tbody>").unwrap().0.matches("<tr").count();
            let data: Value = serde_json::from_str(&ask(app, &format!("/api/v1/announcements/{number}"), 200).await.text).unwrap();
            assert_eq!(data["lines"].as_array().unwrap().len(), rows, "{number}: the same in the page and in its data");
            lines.push(rows);
        }
        lines.sort_unstable();
        assert_eq!((lines.len(), lines[0], lines[5]), (6, 1, 1_000), "{lines:?}");
        let before = app.count("SELECT CAST(COUNT(*) AS BIGINT) FROM announcements").await;
        demo::fill(&app.services, 6).await.unwrap();
        assert_eq!(app.count("SELECT CAST(COUNT(*) AS BIGINT) FROM announcements").await, before, "a database with units is left alone");
    })
    .await;
}
