//! 「创建公告」: from the approved records of the unit itself and its subordinates (C1).

use super::super::seen::{Creation, Existing, OfferedYear, Outlook, UnitStanding, template_label};
use super::super::store::{self, Row, lines::HeldRow};
use crate::domain::access::{self, Deed as Wish, Relation};
use crate::domain::announcement::line::{AnnouncementLine, LineValues};
use crate::domain::announcement::remark::{Said, proposed};
use crate::domain::announcement::stale::under_way;
use crate::domain::announcement::status::{AnnouncementStatus, PublishMode};
use crate::domain::announcement::version::Occasion;
use crate::domain::calendar::Year;
use crate::domain::ids::{AnnouncementId, UnitId};
use crate::domain::money::Money;
use crate::domain::organisation::Unit;
use crate::error::AppError;
use crate::features::approvals::commands as approvals;
use crate::features::messages::commands as messages;
use crate::features::organisations::commands as organisations;
use crate::features::records::Record;
use crate::features::records::commands::{self as records, ApprovedRecord};
use crate::server::ids::new_id;
use crate::server::request::{Deed, Services};
use sqlx::AnyConnection;

/// The years that can be announced, newest first.
pub fn years(deed: &Deed) -> Result<Vec<OfferedYear>, AppError> {
    access::may(&deed.by, Wish::WorkOnAnnouncement, Relation::Own)?;
    Ok(Year::offered(deed.at).into_iter().map(|year| OfferedYear { year, is_running: year.is_running(deed.at) }).collect())
}

/// What an announcement of `year` would be made from.
pub async fn outlook(services: &Services, deed: &Deed, year: Year) -> Result<Outlook, AppError> {
    access::may(&deed.by, Wish::WorkOnAnnouncement, Relation::Own)?;
    let mut db = services.db.read().await?;
    let units = units(&mut db, &deed.by.unit).await?;
    let ids: Vec<UnitId> = units.iter().map(|unit| unit.id.clone()).collect();
    let states = records::states(&mut db, &ids, year).await?;
    // Only those that have an approved version are asked for it.
    let is_approved = |record: &Option<Record>| record.as_ref().is_some_and(|record| record.approved_number.is_some());
    let having: Vec<UnitId> = states.iter().filter(|(_, record)| is_approved(record)).map(|(unit, _)| unit.clone()).collect();
    let approved = records::approved_versions(&mut db, &having, year).await?;
    let standing = units.iter().zip(&states).map(|(unit, (_, record))| {
        let version = approved.iter().find(|approved| approved.unit == unit.id);
        UnitStanding {
            unit_name: unit.name.clone(),
            state: record.as_ref().map_or("未生成", |record| record.status.label()).to_owned(),
            is_ready: version.is_some(),
            is_zero: version.is_some_and(|version| version.lines.is_empty()),
            under_way: record.as_ref().and_then(|record| under_way(&record.status, record.approved_number.is_some())),
            lines: version.map_or(0, |version| version.lines.len()),
            sme: version.map_or(Money::ZERO, |version| version.lines.iter().map(|line| line.sme).sum()),
        }
    });
    Ok(Outlook { units: standing.collect(), existing: existing(&mut db, &deed.by.unit, year).await? })
}

/// The announcements that speak for the year already.
async fn existing(db: &mut AnyConnection, unit: &UnitId, year: Year) -> Result<Vec<Existing>, AppError> {
    let rows = store::of_year(db, unit, year).await?.into_iter().filter(|row| row.status.is_live());
    Ok(rows.map(|row| Existing { title: super::name(&row), status: row.status.label().to_owned(), id: row.id }).collect())
}

/// The units that the announcement speaks for, its own first.
async fn units(db: &mut AnyConnection, unit: &UnitId) -> Result<Vec<Unit>, AppError> {
    let mut units = organisations::supervised_by(db, unit).await?;
    units.sort_by_key(|other| other.id != *unit);
    Ok(units)
}

fn taken(year: Year, first: Option<&Existing>) -> AppError {
    let which = first.map(|first| format!("《{}》（{}）", first.title, first.status)).unwrap_or_default();
    AppError::Conflict(format!("{} 年度的公告已经存在{which}，一个年度只能有一份公告，请打开它继续办理", year.number()))
}

/// Creates the announcement of the year with a copy of the approved lines.
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
                let units = units(db, &deed.by.unit).await?;
                let ids: Vec<UnitId> = units.iter().map(|unit| unit.id.clone()).collect();
                // Held before they are read for good, in one order, so that no approval falls between what is copied and what is noted.
                let mut held: Vec<_> = records::approved_versions(db, &ids, year).await?.into_iter().map(|record| record.record).collect();
                held.sort();
                for record in &held {
                    records::hold(db, record).await?;
                }
                let mut approved = records::approved_versions(db, &ids, year).await?;
                // One that was approved for the first time meanwhile is not held; it is taken in afterwards.
                approved.retain(|record| held.binary_search(&record.record).is_ok());
                if approved.is_empty() {
                    return Err(AppError::field(
                        "year",
                        format!("{} 年度还没有审核完成的年度数据，请先在「中小企业预留执行情况」中完成审核，再创建公告", year.number()),
                    ));
                }
                let own = units.iter().find(|unit| unit.id == deed.by.unit).ok_or(AppError::NotFound)?;
                let holder = store::slots::holder(db, &own.id, year).await?;
                if let Some(first) = existing(db, &own.id, year).await?.first() {
                    return Err(taken(year, Some(first)));
                }
                let said =
                    approved.iter().map(|record| Said { unit: &record.unit_name, is_own: record.unit == own.id, words: &record.remark });
                let proposal = proposed("", said);
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
                    remark: proposal.remark.clone(),
                    document: None,
                    status: AnnouncementStatus::Draft,
                    round: 0,
                    submitted_by: None,
                    submitted_at: None,
                    body_html: None,
                    corrects: None,
                    correction_reason: String::new(),
                    version: 1,
                    last_change: None,
                };
                // Of two at the same moment the second finds the place taken, and is led to the first, which stands by now.
                if !store::slots::take(db, &row.unit, year, &row.id, holder.as_deref()).await? {
                    return Err(taken(year, existing(db, &own.id, year).await?.first()));
                }
                store::insert(db, &row, deed.at).await?;
                copy(db, &row.id, &approved, &deed).await?;
                let taken = super::wording::take(db, &row, deed.at).await?;
                let template = template_label(&taken.name, taken.number);
                super::versions::at_deed(db, &row, &deed, Occasion::Created, "").await?;
                let what = format!("汇集 {} 个单位审核完成的年度数据；公告模板：{template}", approved.len());
                approvals::remember(db, row.id.as_str(), &deed, "创建公告", &what).await?;
                if let Some(warning) = proposal.warning() {
                    approvals::remember_system(db, row.id.as_str(), deed.at, "部分说明没有列入备注", &warning).await?;
                    messages::tell(db, &deed.by.user, deed.at, &super::notice(&row, &format!("：{warning}"))).await?;
                }
                Ok(row.id)
            })
        })
        .await
}

/// Copies the approved lines, and notes which approved versions they are.
pub(super) async fn copy(db: &mut AnyConnection, id: &AnnouncementId, approved: &[ApprovedRecord], deed: &Deed) -> Result<(), AppError> {
    let held: Vec<HeldRow> = approved
        .iter()
        .map(|record| HeldRow {
            record: record.record.clone(),
            number: record.number,
            unit: record.unit.clone(),
            unit_name: record.unit_name.clone(),
            newest: None,
            kept: None,
            taken_in: None,
        })
        .collect();
    store::lines::hold(db, id, &held).await?;
    let lines = approved.iter().flat_map(|record| record.lines.iter().map(move |line| (record, line))).map(|(record, line)| {
        let values = LineValues {
            project_name: line.project_name.clone(),
            measure: Some(line.measure),
            percent: line.percent,
            sme: line.sme,
            small_micro: line.small_micro,
            url: line.url.clone(),
        };
        Ok(AnnouncementLine {
            id: new_id(deed.at)?,
            unit_name: record.unit_name.clone(),
            record: record.record.clone(),
            record_line: Some(line.line.clone()),
            record_number: record.number,
            approved: values.clone(),
            values,
            is_removed: false,
            reason: String::new(),
        })
    });
    let lines: Vec<AnnouncementLine> = lines.collect::<Result<_, AppError>>()?;
    store::lines::insert(db, id, &lines).await
}
