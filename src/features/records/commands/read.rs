//! Reading records: the list (B1–B3), the page, and what announcements collect (C1).

use super::super::{Change, Frozen, Record, RecordRow, RecordView, store};
use super::{find, flow};
use crate::domain::access::{self, Deed as Wish, Relation};
use crate::domain::approval;
use crate::domain::calendar::Year;
use crate::domain::contract::Measure;
use crate::domain::ids::{LineId, RecordId, UnitId};
use crate::domain::money::{Money, Percent};
use crate::domain::record::allowed::allowed;
use crate::domain::record::line::{LineCell, LineRules};
use crate::domain::record::listed::LISTED;
use crate::domain::record::status::RecordStatus;
use crate::error::AppError;
use crate::features::approvals::commands::{self as approvals, Subject};
use crate::features::organisations::commands as organisations;
use crate::features::records::api::{RecordList, RecordQuery, Scope};
use crate::server::fault::impossible;
use crate::server::request::{Deed, Services};
use sqlx::AnyConnection;
use std::collections::HashMap;

/// Rows of a page of the list.
const PAGE: usize = 20;

/// The list with its tabs' counts; filters and pages as asked.
pub async fn list(services: &Services, deed: &Deed, query: &RecordQuery) -> Result<RecordList, AppError> {
    access::may(&deed.by, Wish::ViewRecord, Relation::Own)?;
    let mut db = services.db.read().await?;
    let waiting = approvals::waiting_for(&mut db, &deed.by).await?;
    let all = store::visible_to(&mut db, &deed.by.unit, deed.by.in_supervisor).await?;
    let mut years: Vec<Year> = all.iter().map(|record| record.year).collect();
    years.dedup();
    let words = query.unit.trim();
    let fitting: Vec<Record> = all
        .into_iter()
        .filter(|record| query.year.is_none_or(|year| record.year.number() == year))
        .filter(|record| query.status.is_empty() || record.status.code() == query.status)
        .filter(|record| words.is_empty() || record.unit_name.contains(words))
        .collect();
    let is_waiting = |record: &Record| waiting.iter().any(|(kind, id)| kind != "announcement" && id == record.id.as_str());
    let belongs = |record: &&Record, scope: Scope| match scope {
        Scope::All => true,
        Scope::Own => record.unit == deed.by.unit,
        Scope::Subordinate => record.unit != deed.by.unit,
        Scope::Waiting => is_waiting(record),
    };
    let counts = Scope::ALL.map(|scope| fitting.iter().filter(|record| belongs(record, scope)).count());
    let total = fitting.iter().filter(|record| belongs(record, query.scope)).count();
    let last = total.div_ceil(PAGE).max(1);
    let page = query.page.clamp(1, last);
    let rows = fitting
        .iter()
        .filter(|record| belongs(record, query.scope))
        .skip((page - 1) * PAGE)
        .take(PAGE)
        .map(|record| {
            let relation = if record.unit == deed.by.unit { Relation::Own } else { Relation::Subordinate };
            RecordRow { allowed: allowed(&deed.by, relation, &record.status, is_waiting(record), false), record: record.clone() }
        })
        .collect();
    Ok(RecordList { rows, counts, total, page, size: PAGE, years })
}

/// Everything of one record.
pub async fn view(services: &Services, deed: &Deed, id: &RecordId) -> Result<RecordView, AppError> {
    look_at(services, deed, id, None).await
}

/// One record as its page shows it: of what each rule left out the first contracts only.
pub async fn page(services: &Services, deed: &Deed, id: &RecordId) -> Result<RecordView, AppError> {
    look_at(services, deed, id, Some(LISTED)).await
}

async fn look_at(services: &Services, deed: &Deed, id: &RecordId, listed: Option<usize>) -> Result<RecordView, AppError> {
    let mut db = services.db.read().await?;
    let found = find(&mut db, deed, id, Wish::ViewRecord).await?;
    let rules = found.rules(services.settings.cutover);
    let subject = if matches!(found.record.status, RecordStatus::CorrectionAsked(_)) {
        Subject::Correction(id.clone())
    } else {
        Subject::Record(id.clone())
    };
    let is_waiting = approvals::open_step(&mut db, &subject).await?.is_some_and(|step| step.waits_for(&deed.by).is_ok());
    let completes = approval::completes(&deed.by, found.chief_id());
    let allowed = allowed(&deed.by, found.relation, &found.record.status, is_waiting, completes);
    // Nobody is offered themselves, nor, further on, the person who submitted.
    let submitter = if allowed.edit { Some(&deed.by.user) } else { found.record.submitted_by.as_ref() };
    let candidates = if allowed.edit || allowed.review { flow::candidates(&mut db, &found, submitter).await? } else { Vec::new() };
    let candidates = approval::offered(candidates, submitter, &deed.by, allowed.review);
    let submitted_by = match &found.record.submitted_by {
        Some(user) => organisations::user_by_id(&mut db, user)
            .await?
            .map(|user| format!("{} · {}", found.record.unit_name, user.name))
            .unwrap_or_default(),
        None => String::new(),
    };
    let left_out_counts = store::lines::left_out_counts(&mut db, id).await?;
    let left_out = match listed {
        None => store::lines::left_out(&mut db, id).await?,
        Some(most) => {
            let mut first = Vec::new();
            for (rule, _) in &left_out_counts {
                first.extend(store::lines::left_out_by(&mut db, id, *rule, most).await?);
            }
            first
        }
    };
    Ok(RecordView {
        lines: store::lines::of(&mut db, id).await?,
        left_out,
        left_out_counts,
        claim_files: store::claim_files::of(&mut db, id).await?,
        history: approvals::history(&mut db, id.as_str()).await?,
        changes: changes(&mut db, &found.record).await?,
        submitted_by,
        candidates,
        allowed,
        rules,
        record: found.record,
        now: deed.at,
    })
}

/// What the submission under review changed since the one before it, cell by cell.
async fn changes(db: &mut AnyConnection, record: &Record) -> Result<Vec<Change>, AppError> {
    if record.round < 2 || record.status != RecordStatus::InReview {
        return Ok(Vec::new());
    }
    let (before, after) = (frozen(db, &record.id, record.round - 1).await?, frozen(db, &record.id, record.round).await?);
    let mut changes = Vec::new();
    for (number, line) in (1..).zip(&after.lines) {
        let now = line.review(&after.rules);
        match before.lines.iter().find(|old| old.id == line.id) {
            None => changes.push(Change {
                place: format!("第 {number} 行"),
                before: String::new(),
                after: format!("新增“{}”，{} 万元", now.project_name, now.text(LineCell::Sme)),
            }),
            Some(old) => {
                let old = old.review(&before.rules);
                changes.extend(LineCell::ALL.into_iter().filter(|cell| old.text(*cell) != now.text(*cell)).map(|cell| Change {
                    place: format!("第 {number} 行 {}", cell.label()),
                    before: old.text(cell),
                    after: now.text(cell),
                }));
            }
        }
    }
    for (number, old) in (1..).zip(&before.lines).filter(|(_, old)| after.lines.iter().all(|line| line.id != old.id)) {
        let old = old.review(&before.rules);
        changes.push(Change {
            place: format!("原第 {number} 行"),
            before: format!("“{}”，{} 万元", old.project_name, old.text(LineCell::Sme)),
            after: "已剔除或删除".to_owned(),
        });
    }
    if before.remark != after.remark {
        changes.push(Change { place: "说明".to_owned(), before: before.remark, after: after.remark });
    }
    Ok(changes)
}

async fn frozen(db: &mut AnyConnection, id: &RecordId, number: i64) -> Result<Frozen, AppError> {
    let body = store::frozen(db, id, number).await?.ok_or_else(|| impossible("record_versions", id.as_str(), &number))?;
    serde_json::from_str(&body).map_err(|error| impossible("record_versions", id.as_str(), &error))
}

/// An approved version, as announcements copy it.
#[derive(Clone, Debug)]
pub struct ApprovedRecord {
    /// Which record.
    pub record: RecordId,
    /// Whose.
    pub unit: UnitId,
    /// Its name.
    pub unit_name: String,
    /// The number of the approved version.
    pub number: i64,
    /// Its lines.
    pub lines: Vec<ApprovedLine>,
    /// 「说明」.
    pub remark: String,
}

/// A line of an approved version.
#[derive(Clone, Debug)]
pub struct ApprovedLine {
    /// Identity; a correction keeps it.
    pub line: LineId,
    /// 项目名称.
    pub project_name: String,
    /// 预留选项.
    pub measure: Measure,
    /// 预留比例.
    pub percent: Option<Percent>,
    /// 面向中小企业采购金额.
    pub sme: Money,
    /// 面向小微企业采购金额.
    pub small_micro: Money,
    /// 合同链接.
    pub url: Option<String>,
}

/// The approved versions of these units' records of a year, in the order of the units; the approved version counts also while a correction is under way.
pub async fn approved_versions(db: &mut AnyConnection, units: &[UnitId], year: Year) -> Result<Vec<ApprovedRecord>, AppError> {
    let mut bodies = store::approved_bodies(db, units, year).await?;
    let mut approved = Vec::new();
    for (_, record) in states(db, units, year).await? {
        let Some(record) = record else { continue };
        let Some(number) = record.approved_number else { continue };
        let wrong = |what: &dyn std::fmt::Display| impossible("record_versions", record.id.as_str(), what);
        let body = bodies.remove(record.id.as_str()).ok_or_else(|| wrong(&number))?;
        let frozen: Frozen = serde_json::from_str(&body).map_err(|error| wrong(&error))?;
        let lines = frozen.lines.iter().filter_map(|line| approved_line(line, &frozen.rules)).collect();
        approved.push(ApprovedRecord {
            record: record.id,
            unit: record.unit,
            unit_name: record.unit_name,
            number,
            lines,
            remark: frozen.remark,
        });
    }
    Ok(approved)
}

fn approved_line(line: &crate::domain::record::line::Line, rules: &LineRules) -> Option<ApprovedLine> {
    let review = line.review(rules);
    let counted = review.counted?;
    Some(ApprovedLine {
        line: line.id.clone(),
        project_name: review.project_name,
        measure: review.measure?,
        percent: review.percent,
        sme: counted.sme,
        small_micro: counted.small_micro,
        url: review.url,
    })
}

/// Where these units' records of a year stand, in the order of the units; units without one give `None`.
pub async fn states(db: &mut AnyConnection, units: &[UnitId], year: Year) -> Result<Vec<(UnitId, Option<Record>)>, AppError> {
    let mut records: HashMap<UnitId, Record> =
        store::of_units(db, units, year).await?.into_iter().map(|record| (record.unit.clone(), record)).collect();
    Ok(units.iter().map(|unit| (unit.clone(), records.remove(unit))).collect())
}
