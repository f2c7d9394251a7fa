//! Open data (E12), as programs ask for it.

mod answers;
mod feed;
mod files;
mod limit;
mod packages;
mod paper;

use super::corrections::{correct, revoke};
use super::*;
use crate::support::{Answer, CHIEF};

/// An announcement that was corrected, and its successor that was revoked; an hour lies between each.
async fn course(app: &TestApp) -> (Visitor<'_>, [String; 2], [String; 2]) {
    let (clerk, id, number) = published(app).await;
    app.wait(3_600);
    let successor = correct(&clerk, &id, "第一行金额有误").await;
    let copy = read(&clerk, &successor).await;
    let edit =
        json!({ "id": successor, "version": copy["version"], "line": copy["lines"][0]["id"], "change": "remove", "reason": "内部原因" });
    let _: Value = clerk.call("change_announcement_line", edit).await;
    submit(app, &clerk, &successor).await;
    review(app, &successor, true, "").await;
    app.wait(3_600);
    revoke(app, &clerk, &successor, "误发").await;
    review(app, &successor, true, "").await;
    let new = copy["number"].as_str().unwrap().to_owned();
    (clerk, [id, successor], [number, new])
}

async fn get(app: &TestApp, address: &str) -> Answer {
    let answer = app.nobody().get(address).await;
    assert_eq!(answer.status, 200, "{address}: {}", answer.text);
    answer
}

/// Number, kind, 公告编号 and present state of each change of a page.
fn told(page: &Value) -> Vec<(i64, &str, &str, &str)> {
    let changes = page["changes"].as_array().unwrap().iter();
    changes
        .map(|change| {
            let announcement = &change["announcement"];
            let text = |field: &str| announcement[field].as_str().unwrap();
            (change["change"].as_i64().unwrap(), change["kind"].as_str().unwrap(), text("number"), text("status"))
        })
        .collect()
}
