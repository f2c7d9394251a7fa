//! 「创建公告」: from the approved records of the unit itself and its subordinates (C1).

use super::super::seen::{Creation, Existing, Missing, OfferedYear, Outlook, Ready};
use super::super::store::{self, Row, lines::HeldRow};
use crate::domain::access::{self, Deed as Wish, Relation};
use crate::domain::announcement::line::{AnnouncementLine, LineValues};
use crate::domain::announcement::status::{AnnouncementStatus, PublishMode};
use crate::domain::calendar::Year;
use crate::domain::ids::{AnnouncementId, UnitId};
use crate::domain::organisation::Unit;
use crate::error::AppError;
use crate::features::approvals::commands as approvals;
use crate::features::organisations::commands as organisations;
use crate::features::records::commands::{self as records, ApprovedRecord};
use crate::server::ids::new_id;
use crate::server::request::{Deed, Services};
use sqlx::AnyConnection;

/// Longest 备注, in characters.
pub const REMARK_MAX: usize = 4_000;

/// The years that can be announced, newest first.
pub fn years(deed: &Deed) -> Result<Vec<OfferedYear>, AppError> {
    access::may(&deed.by, Wish::WorkOnAnnouncement, Relation::Own)?;
    Ok(Year::offered(deed.at).into_iter().map(|year| OfferedYear { year, is_running: year.is_running(deed.at) }).collect())
}

/// What an announcement of `year` would be made from.
pub async fn outlook(services: &Services, deed: &Deed, year: Year) -> Result<Outlook, AppError> {
    access::may(&deed.by, Wish::WorkOnAnnouncement, Relation::Own)?;
    let mut db = services.db.read().await?;
    let (units, approved) = sources(&mut db, &deed.by.unit, year).await?;
    let ids: Vec<UnitId> = units.iter().map(|unit| unit.id.clone()).collect();
    let states = records::states(&mut db, &ids, year).await?;
    let missing =
        units.iter().zip(&states).filter(|(unit, _)| approved.iter().all(|record| record.unit != unit.id)).map(|(unit, (_, record))| {
            Missing { unit_name: unit.name.clone(), state: record.as_ref().map_or("未生成", |record| record.status.label()).to_owned() }
        });
    let ready = approved.iter().map(|record| Ready {
        unit_name: record.unit_name.clone(),
        lines: record.lines.len(),
        sme: record.lines.iter().map(|line| line.sme).sum(),
    });
    Ok(Outlook { ready: ready.collect(), missing: missing.collect(), existing: existing(&mut db, &deed.by.unit, year).await? })
}

async fn existing(db: &mut AnyConnection, unit: &UnitId, year: Year) -> Result<Vec<Existing>, AppError> {
    let rows = store::of_year(db, unit, year).await?;
    Ok(rows.into_iter().map(|row| Existing { title: super::name(&row), status: row.status.label().to_owned(), id: row.id }).collect())
}

/// The units that the announcement speaks for, its own first, and their approved records.
async fn sources(db: &mut AnyConnection, unit: &UnitId, year: Year) -> Result<(Vec<Unit>, Vec<ApprovedRecord>), AppError> {
    let mut units = organisations::supervised_by(db, unit).await?;
    units.sort_by_key(|other| other.id != *unit);
    let ids: Vec<UnitId> = units.iter().map(|unit| unit.id.clone()).collect();
    let approved = records::approved_versions(db, &ids, year).await?;
    Ok((units, approved))
}

/// Creates an announcement of the year with a copy of the approved lines.
pub async fn create(services: &Services, deed: Deed, creation: Creation) -> Result<AnnouncementId, AppError> {
    access::may(&deed.by, Wish::WorkOnAnnouncement, Relation::Own)?;
    let year = creation.year;
    if !Year::offered(deed.at).contains(&year) {
        return Err(AppError::field("year", format!("{} 年度还不能生成公告，请选择列表中的年度", year.number())));
    }
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                let (units, approved) = sources(db, &deed.by.unit, year).await?;
                if approved.is_empty() {
                    return Err(AppError::field(
                        "year",
                        format!("{} 年度还没有审核完成的年度数据，请先在「中小企业预留执行情况」中完成审核，再创建公告", year.number()),
                    ));
                }
                if !creation.another && !existing(db, &deed.by.unit, year).await?.is_empty() {
                    return Err(AppError::Conflict(format!(
                        "{} 年度的公告已经存在。如需另建一份，请勾选「仍要另建一份」后再确定",
                        year.number()
                    )));
                }
                let own = units.iter().find(|unit| unit.id == deed.by.unit).ok_or(AppError::NotFound)?;
                let row = Row {
                    id: new_id(deed.at)?,
                    unit: own.id.clone(),
                    unit_name: own.name.clone(),
                    year,
                    number: None,
                    title: String::new(),
                    district: own.district,
                    mode: PublishMode::OnApproval,
                    expires_on: None,
                    remark: proposed_remark(&own.id, &approved),
                    document: None,
                    status: AnnouncementStatus::Draft,
                    round: 0,
                    submitted_by: None,
                    submitted_at: None,
                    body_html: None,
                    version: 1,
                };
                store::insert(db, &row, deed.at).await?;
                copy(db, &row.id, &approved, &deed).await?;
                approvals::remember(db, row.id.as_str(), &deed, "创建公告", &format!("汇集 {} 个单位审核完成的年度数据", approved.len()))
                    .await?;
                Ok(row.id)
            })
        })
        .await
}

async fn copy(db: &mut AnyConnection, id: &AnnouncementId, approved: &[ApprovedRecord], deed: &Deed) -> Result<(), AppError> {
    for record in approved {
        store::lines::hold(
            db,
            id,
            &HeldRow {
                record: record.record.clone(),
                number: record.number,
                unit: record.unit.clone(),
                unit_name: record.unit_name.clone(),
            },
        )
        .await?;
    }
    let lines: Vec<_> = approved.iter().flat_map(|record| record.lines.iter().map(move |line| (record, line))).collect();
    for (position, (record, line)) in (1_i64..).zip(lines) {
        let values = LineValues {
            project_name: line.project_name.clone(),
            measure: Some(line.measure),
            percent: line.percent,
            sme: line.sme,
            small_micro: line.small_micro,
            url: line.url.clone(),
        };
        let line = AnnouncementLine {
            id: new_id(deed.at)?,
            unit_name: record.unit_name.clone(),
            record: record.record.clone(),
            record_number: record.number,
            approved: values.clone(),
            values,
            is_removed: false,
            reason: String::new(),
        };
        store::lines::insert(db, id, position, &line).await?;
    }
    Ok(())
}

/// The units' 「说明」 as a proposal for 备注 (A12): the publishing unit's own words as they are, others' under their names.
fn proposed_remark(own: &UnitId, approved: &[ApprovedRecord]) -> String {
    let said = approved.iter().filter(|record| !record.remark.trim().is_empty());
    let paragraphs: Vec<String> =
        said.map(|record| {
            if record.unit == *own { record.remark.trim().to_owned() } else { format!("{}：{}", record.unit_name, record.remark.trim()) }
        })
        .collect();
    paragraphs.join("\n").chars().take(REMARK_MAX).collect()
}
