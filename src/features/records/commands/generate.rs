//! 「生成年度数据」 (A1, A2, A13).

use super::super::{LeftOut, Record, store};
use crate::domain::access::{self, Deed as Wish, Relation};
use crate::domain::calendar::Year;
use crate::domain::contract::{self, Verdict, YearBasis};
use crate::domain::ids::RecordId;
use crate::domain::money::Money;
use crate::domain::record::line::{Line, LineRules};
use crate::domain::record::status::RecordStatus;
use crate::domain::record::{Totals, totals};
use crate::error::AppError;
use crate::features::approvals::commands as approvals;
use crate::features::contracts::commands as contracts;
use crate::features::organisations::commands as organisations;
use crate::features::records::api::{Generated, OfferedYear};
use crate::server::fault::is_duplicate;
use crate::server::ids::new_id;
use crate::server::request::{Deed, Services};
use sqlx::AnyConnection;

/// The years that can be generated, each with the record that exists already.
pub async fn offered_years(services: &Services, deed: &Deed) -> Result<Vec<OfferedYear>, AppError> {
    access::may(&deed.by, Wish::WorkOnRecord, Relation::Own)?;
    let mut db = services.db.read().await?;
    let mut offered = Vec::new();
    for year in Year::offered(deed.at) {
        let existing = store::of_year(&mut db, &deed.by.unit, year).await?.map(|record| record.id);
        offered.push(OfferedYear { year, is_running: year.is_running(deed.at), existing });
    }
    Ok(offered)
}

/// Builds the record of the person's unit for `year` from its contracts; says which one exists where there is one (A2).
pub async fn generate(services: &Services, deed: Deed, year: Year) -> Result<Generated, AppError> {
    access::may(&deed.by, Wish::WorkOnRecord, Relation::Own)?;
    if !Year::offered(deed.at).contains(&year) {
        return Err(AppError::field("year", "该年度还不能生成，请从列表中选择"));
    }
    let cutover = services.settings.cutover;
    let unit = deed.by.unit.clone();
    let generated = services
        .db
        .write(move |db| {
            Box::pin(async move {
                if let Some(existing) = store::of_year(db, &deed.by.unit, year).await? {
                    return Ok(Generated::Exists(existing.id));
                }
                let basis = organisations::supervisor_of(db, &deed.by.unit).await?.map_or(YearBasis::Signed, |chief| chief.year_basis);
                create(db, &deed, LineRules { year, basis, cutover }).await
            })
        })
        .await;
    match generated {
        // Two requests in the same moment: the database let one through; the other learns which one exists.
        Err(AppError::Conflict(words)) => match store::of_year(&mut *services.db.read().await?, &unit, year).await? {
            Some(existing) => Ok(Generated::Exists(existing.id)),
            None => Err(AppError::Conflict(words)),
        },
        generated => generated,
    }
}

async fn create(db: &mut AnyConnection, deed: &Deed, rules: LineRules) -> Result<Generated, AppError> {
    // Before the contracts are read: a change that comes between the two is announced once too often rather than never.
    let fingerprint = contracts::fingerprint(db, &deed.by.unit, rules.year.number(), rules.basis).await?;
    let mut lines = Vec::new();
    let mut left_out = Vec::new();
    for stored in contracts::of_year(db, &deed.by.unit, rules.year.number(), rules.basis).await? {
        match contract::verdict(&stored.contract, rules.basis) {
            Verdict::LeftOut(rule) => {
                left_out.push((
                    LeftOut { id: new_id(deed.at)?, contract: stored.contract, rule, reason: String::new() },
                    stored.id.to_string(),
                ));
            }
            Verdict::Counted(_) | Verdict::NeedsInput(..) | Verdict::Error(..) => {
                lines.push((Line::collected(new_id(deed.at)?, stored.contract, None), Some(stored.id)));
            }
        }
    }
    let sums = totals(lines.iter().map(|(line, _)| line), &rules);
    let record = draft(new_id(deed.at)?, deed, rules);
    if let Err(error) = store::insert(db, &record, &sums, deed.at).await {
        return Err(if is_duplicate(&error) {
            AppError::Conflict("该年度的数据刚刚已经生成，请刷新列表查看".to_owned())
        } else {
            error.into()
        });
    }
    store::lines::insert(db, &record.id, &lines, 1).await?;
    store::lines::insert_left_out(db, &record.id, &left_out).await?;
    store::held::note_ledger(db, &record.id, &fingerprint, 0, deed.at).await?;
    approvals::remember(db, record.id.as_str(), deed, "生成年度数据", &summary(&sums, left_out.len())).await?;
    Ok(Generated::New(record.id))
}

fn draft(id: RecordId, deed: &Deed, rules: LineRules) -> Record {
    Record {
        id,
        unit: deed.by.unit.clone(),
        unit_name: deed.by.unit_name.clone(),
        year: rules.year,
        status: RecordStatus::Draft,
        basis: rules.basis,
        remark: String::new(),
        round: 0,
        submitted_by: None,
        submitted_at: None,
        line_count: 0,
        sme: Money::ZERO,
        small_micro: Money::ZERO,
        approved_number: None,
        version: 1,
        content_version: 1,
    }
}

fn summary(sums: &Totals, left_out: usize) -> String {
    if sums.lines + sums.open + left_out == 0 {
        return "本年度没有合同，生成零报告".to_owned();
    }
    format!("计入 {} 份合同，待处理 {} 份，未计入 {left_out} 份", sums.lines, sums.open)
}
