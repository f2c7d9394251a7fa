//! 年度数据 through the real router: what each person may do with it, what the database keeps of it, and who hears of it.

mod changes;
mod correct;
mod explanation;
mod export;
mod flow;
mod generate;
mod list;
mod races;
mod update;

use super::support::{CHIEF, TestApp, UNIT_03, Visitor};
use serde_json::{Value, json};
use setaside::domain::approval::Answer;
use setaside::domain::calendar::{Day, Year};
use setaside::domain::contract::{Category, Contract, Measure, Source, SupplierScale};
use setaside::domain::ids::RecordId;
use setaside::domain::money::Money;
use setaside::domain::record::line::Line;
use setaside::features::contracts;
use setaside::features::messages::api::Message;
use setaside::features::records::RecordView;
use setaside::features::records::api::Generated;
use setaside::features::records::commands::{self as records, ApprovedRecord};

/// A contract of 测试区采购单位03, signed in 2024 on the platform: 整体预留, 100 万元, a small supplier. It counts, and its line is locked.
pub(super) fn contract(no: &str) -> Contract {
    Contract {
        contract_no: no.to_owned(),
        contract_title: "保洁合同".to_owned(),
        project_no: format!("SH-{no}"),
        project_name: format!("项目{no}"),
        lot: String::new(),
        project_created_on: Day::new(2024, 1, 2),
        buyer_name: UNIT_03.to_owned(),
        buyer_uscc: String::new(),
        supplier_name: "上海某公司".to_owned(),
        supplier_uscc: String::new(),
        supplier_scale: Some(SupplierScale::Small),
        category: Some(Category::Services),
        method: "公开招标".to_owned(),
        amount: wan(100),
        budget: None,
        source: Source::Project,
        reserved: true,
        measure: Some(Measure::Whole),
        target: None,
        reserved_pct: None,
        sme: None,
        small_micro: None,
        goods_mark: None,
        retendered: false,
        signed_on: Day::new(2024, 3, 15).unwrap(),
        published_on: Day::new(2024, 3, 20),
        url: Some(format!("https://zfcg.gov.example/luban/detail?articleId={no}+/==")),
    }
}

/// Whole 万元.
pub(super) fn wan(amount: i64) -> Money {
    Money::from_fen(amount * 1_000_000)
}

pub(super) async fn import(app: &TestApp, contracts: Vec<Contract>) {
    contracts::commands::import(&app.services, (2..).zip(contracts).collect(), app.now()).await.unwrap();
}

/// Generates the record of the visitor's unit for a year that has none yet.
pub(super) async fn generate(visitor: &Visitor<'_>, year: i32) -> RecordId {
    match visitor.call("generate_record", json!({ "year": year })).await {
        Generated::New(id) => id,
        Generated::Exists(id) => panic!("{id} exists"),
    }
}

/// A record of one contract that counts and one that is left out (非预留), ready to be submitted.
async fn ready(app: &TestApp) -> (Visitor<'_>, RecordId) {
    import(app, vec![contract("1"), Contract { reserved: false, ..contract("2") }]).await;
    let clerk = app.sign_in("unit03").await;
    let id = generate(&clerk, 2024).await;
    (clerk, id)
}

async fn view(visitor: &Visitor<'_>, id: &RecordId) -> RecordView {
    visitor.call("record", json!({ "record": id })).await
}

/// The line of the contract with this number.
fn line<'v>(seen: &'v RecordView, no: &str) -> &'v Line {
    seen.lines.iter().find(|line| line.contract().is_some_and(|contract| contract.contract_no == no)).unwrap()
}

/// What the page sends when these cells of a line were typed into.
fn edit(id: &RecordId, line: &Line, cells: &[(&str, &str)]) -> Value {
    json!({ "record": id, "line": line.id, "version": line.version, "cells": cells })
}

/// What the table sends: changes of lines.
fn changes(id: &RecordId, changes: Value) -> Value {
    json!({ "record": id, "changes": changes })
}

/// The id that a page gives to the line that it adds.
fn new_line(number: u32) -> String {
    format!("4f0a2b1c-0000-4000-8000-{number:012}")
}

/// Adds an empty line by hand.
pub(super) async fn add_line(visitor: &Visitor<'_>, id: &RecordId, number: u32) -> Line {
    let added = changes(id, json!([{ "add": { "line": new_line(number), "cells": [] } }]));
    ok(visitor.post_api("change_lines", added).await);
    let line = view(visitor, id).await.lines.into_iter().find(|line| line.id.as_str() == new_line(number));
    line.expect("the line that was added")
}

/// 「删除」 of a line.
fn remove(id: &RecordId, line: &Line) -> Value {
    changes(id, json!([{ "remove": { "line": line.id } }]))
}

/// What a dialog sends about a line.
fn at(id: &RecordId, line: &Line) -> Value {
    json!({ "record": id, "line": line.id, "version": line.version })
}

/// A value with one more member.
fn and(mut value: Value, name: &str, more: impl Into<Value>) -> Value {
    value[name] = more.into();
    value
}

fn person(app: &TestApp, login: &str) -> Value {
    json!({ "person": app.users[login] })
}

pub(super) fn institution(app: &TestApp, unit: &str) -> Value {
    json!({ "institution": app.units[unit] })
}

/// 「提交」 as the page of this moment sends it.
pub(super) async fn submit(visitor: &Visitor<'_>, id: &RecordId, next: Value) -> (u16, Value) {
    let seen = view(visitor, id).await.record;
    visitor
        .post_api("submit_record", json!({ "record": id, "version": seen.version, "content_version": seen.content_version, "next": next }))
        .await
}

/// A record that waits for any 审核人 of the 主管.
async fn submitted(app: &TestApp) -> (Visitor<'_>, RecordId) {
    let (clerk, id) = ready(app).await;
    ok(submit(&clerk, &id, institution(app, CHIEF)).await);
    (clerk, id)
}

/// A record that 钱七 of the 主管 agreed to.
async fn approved(app: &TestApp) -> (Visitor<'_>, RecordId) {
    let (clerk, id) = submitted(app).await;
    ok(decide(&app.sign_in("reviewer").await, &id, true, "同意", Value::Null).await);
    (clerk, id)
}

/// 「审核」 as the page of this moment sends it.
async fn decide(visitor: &Visitor<'_>, id: &RecordId, agree: bool, opinion: &str, next: Value) -> (u16, Value) {
    let version = view(visitor, id).await.record.version;
    let decision = json!({ "agree": agree, "opinion": opinion, "next": next });
    visitor.post_api("decide_record", json!({ "record": id, "version": version, "decision": decision })).await
}

/// 「撤回」 and 「申请更正」 as the page of this moment sends them.
async fn reasoned(visitor: &Visitor<'_>, endpoint: &str, id: &RecordId, reason: &str) -> (u16, Value) {
    let version = view(visitor, id).await.record.version;
    visitor.post_api(endpoint, json!({ "record": id, "version": version, "reason": reason })).await
}

/// The 主管's answer to 「申请更正」.
async fn answer_correction(visitor: &Visitor<'_>, id: &RecordId, consent: bool, opinion: &str) -> (u16, Value) {
    let version = view(visitor, id).await.record.version;
    visitor.post_api("answer_correction", json!({ "record": id, "version": version, "consent": consent, "opinion": opinion })).await
}

#[track_caller]
pub(super) fn ok((status, answer): (u16, Value)) {
    assert_eq!(status, 200, "{answer}");
}

/// Asserts a refusal with this status and gives the sentence that the person reads.
#[track_caller]
pub(super) fn refused((status, answer): (u16, Value), expected: u16) -> String {
    assert_eq!(status, expected, "{answer}");
    serde_json::from_value::<setaside::error::AppError>(answer).expect("an AppError").to_string()
}

/// Asserts a refusal at this field of the form.
#[track_caller]
pub(super) fn refused_at((status, answer): (u16, Value), field: &str) -> String {
    assert_eq!(status, 422, "{answer}");
    let error: setaside::error::AppError = serde_json::from_value(answer).expect("an AppError");
    error.at_field(field).unwrap_or_else(|| panic!("{error:?} is not at {field}"))
}

/// The messages of a person, newest first.
async fn messages(app: &TestApp, login: &str) -> Vec<String> {
    let messages: Vec<Message> = app.sign_in(login).await.call("messages", Value::Null).await;
    messages.into_iter().map(|message| message.text).collect()
}

/// How many messages the badge counts.
async fn unread(app: &TestApp, login: &str) -> i64 {
    app.sign_in(login).await.call("unread_messages", Value::Null).await
}

/// The steps as (round, whom it waits for, answer).
fn steps(seen: &RecordView) -> Vec<(i64, &str, Option<Answer>)> {
    seen.history
        .steps
        .iter()
        .map(|step| (step.round, step.assignee_name.as_str(), step.answered.as_ref().map(|answered| answered.answer)))
        .collect()
}

/// Makes a 经办 also a 审核人 of their unit.
async fn promote(app: &TestApp, login: &str) {
    let user = app.users[login].to_string();
    app.services
        .db
        .write(move |db| {
            Box::pin(async move {
                sqlx::query("UPDATE users SET is_reviewer = 1, is_clerk = 1 WHERE id = $1").bind(user).execute(db).await?;
                Ok(())
            })
        })
        .await
        .unwrap();
}

/// What announcements would collect of this unit's 2024.
async fn approved_versions(app: &TestApp, unit: &str) -> Vec<ApprovedRecord> {
    let year = Year::try_from(2024).unwrap();
    records::approved_versions(&mut app.services.db.read().await.unwrap(), &[app.units[unit].clone()], year).await.unwrap()
}
