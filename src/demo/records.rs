//! The demo's 年度数据: one in every state; 2025 of 测试区采购单位03 is left for the visitor to generate.

use super::{DAY, People, Person, unit_of};
use crate::domain::approval::{Assignee, Decision};
use crate::domain::calendar::{Moment, Year};
use crate::domain::contract::Measure;
use crate::domain::ids::RecordId;
use crate::domain::record::line::{Line, LineCell, LineRules, Weight};
use crate::error::AppError;
use crate::features::records::RecordView;
use crate::features::records::api::{DecideInput, Generated, LineEdit, ReasonedMove, RemarkChange, SubmitInput, TakeOutInput};
use crate::features::records::commands as records;
use crate::server::fault::fault;
use crate::server::request::Services;

/// How far a record is taken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Goal {
    Draft,
    Withdrawn,
    InReview,
    Returned,
    Approved,
    CorrectionAsked,
}

/// Makes the records.
pub async fn make(services: &Services, people: &People, now: Moment) -> Result<(), AppError> {
    let clerks = [&people.unit03, &people.unit99, &people.pudong, &people.jdc];
    let mut start = now.plus_seconds(-80 * DAY);
    for year in [2021, 2022, 2023] {
        for clerk in clerks {
            start = start.plus_seconds(DAY / 4);
            carry(services, people, clerk, year, Goal::Approved, start).await?;
        }
    }
    let later = [
        (&people.pudong, 2024, Goal::CorrectionAsked),
        (&people.jdc, 2024, Goal::Approved),
        (&people.unit03, 2024, Goal::Returned),
        (&people.unit99, 2024, Goal::InReview),
        (&people.unit99, 2025, Goal::Draft),
        (&people.pudong, 2025, Goal::Withdrawn),
        (&people.jdc, 2025, Goal::InReview),
    ];
    let mut start = now.plus_seconds(-20 * DAY);
    for (clerk, year, goal) in later {
        start = start.plus_seconds(DAY);
        carry(services, people, clerk, year, goal, start).await?;
    }
    Ok(())
}

async fn carry(services: &Services, people: &People, clerk: &Person, year: i32, goal: Goal, start: Moment) -> Result<(), AppError> {
    let hours = |count: i64| start.plus_seconds(count * 3600);
    let number = Year::try_from(year).map_err(|error| fault(&error))?;
    let Generated::New(id) = records::generate(services, clerk.deed(start), number).await? else {
        return Err(fault(&"a demo record exists already"));
    };
    if goal == Goal::Draft {
        return Ok(());
    }
    settle(services, clerk, &id, hours(1)).await?;
    let remark = RemarkChange {
        record: id.clone(),
        before: String::new(),
        remark: "部分专用设备按照本办法规定预留采购份额无法确保充分供应，下一年度将扩大服务类项目的预留范围。".to_owned(),
        save: None,
    };
    records::save_remark(services, clerk.deed(hours(2)), remark).await?;
    let seen = view(services, clerk, &id, hours(3)).await?;
    let next = Assignee::Institution(unit_of(&people.reviewer));
    let submit = SubmitInput {
        record: id.clone(),
        version: seen.record.version,
        content_version: seen.record.content_version,
        next,
        note: String::new(),
    };
    records::submit(services, clerk.deed(hours(3)), submit).await?;
    let version = view(services, clerk, &id, hours(4)).await?.record.version;
    let moved = |reason: &str| ReasonedMove { record: id.clone(), version, reason: reason.to_owned() };
    let decided = |agree: bool, opinion: &str| DecideInput {
        record: id.clone(),
        version,
        decision: Decision { agree, opinion: opinion.to_owned(), next: None },
    };
    match goal {
        Goal::Draft | Goal::InReview => Ok(()),
        Goal::Withdrawn => records::withdraw(services, clerk.deed(hours(5)), moved("发现漏录一份合同")).await,
        Goal::Returned => {
            records::decide(
                services,
                people.reviewer.deed(hours(8)),
                decided(false, "请核对合同分包预留项目的预留比例，并补充没有链接的原因。"),
            )
            .await
        }
        Goal::Approved => records::decide(services, people.reviewer.deed(hours(8)), decided(true, "同意")).await,
        Goal::CorrectionAsked => {
            records::decide(services, people.leader.deed(hours(8)), decided(true, "同意")).await?;
            let version = view(services, clerk, &id, hours(9)).await?.record.version;
            records::ask_correction(
                services,
                clerk.deed(hours(20)),
                ReasonedMove { record: id.clone(), version, reason: "一份合同的金额经审计调整，需更正".to_owned() },
            )
            .await
        }
    }
}

async fn view(services: &Services, person: &Person, id: &RecordId, at: Moment) -> Result<RecordView, AppError> {
    records::view(services, &person.deed(at), id).await
}

/// Fills what is missing where a clerk would know it, and takes out what contradicts itself.
async fn settle(services: &Services, clerk: &Person, id: &RecordId, at: Moment) -> Result<(), AppError> {
    let seen = view(services, clerk, id, at).await?;
    for line in seen.lines {
        let review = line.review(&seen.rules);
        if !review.blocks() {
            continue;
        }
        match filled(&line, &seen.rules) {
            Some(cells) => {
                let edit = LineEdit { record: id.clone(), line: line.id, version: line.version, cells };
                records::save_line(services, clerk.deed(at), edit).await?;
            }
            None => {
                let out = TakeOutInput {
                    record: id.clone(),
                    line: line.id,
                    version: line.version,
                    reason: "金额待与供应商核实，本年度暂不计入".to_owned(),
                };
                records::take_out(services, clerk.deed(at), out).await?;
            }
        }
    }
    Ok(())
}

/// The cells that make a line whole: the share by its percentage, nothing for small and micro; `None` where amounts contradict each other.
fn filled(line: &Line, rules: &LineRules) -> Option<Vec<(LineCell, String)>> {
    let review = line.review(rules);
    let missing: Vec<LineCell> =
        review.findings.iter().filter(|finding| finding.weight == Weight::Error).map(|finding| finding.cell).collect();
    let mut cells = Vec::new();
    if missing.contains(&LineCell::Sme) {
        let by_share = review.sme.is_none() && matches!(review.measure, Some(Measure::Consortium | Measure::Subcontract));
        if !by_share {
            return None;
        }
        cells.push((LineCell::Percent, "30".to_owned()));
    }
    if missing.contains(&LineCell::SmallMicro) {
        cells.push((LineCell::SmallMicro, "0".to_owned()));
    }
    if cells.is_empty() {
        return None;
    }
    cells.push((LineCell::Reason, "按中小企业声明函填写".to_owned()));
    let whole = cells.iter().try_fold(line.clone(), |line, (cell, text)| line.with(*cell, text, rules)).ok()?;
    (!whole.review(rules).blocks()).then_some(cells)
}
