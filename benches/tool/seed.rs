//! The data that is measured: 10 000 published announcements, and units with a record of 200 lines each.

use crate::Outcome;
use serde::{Deserialize, Serialize};
use setaside::domain::announcement::figures::{Figures, NoticeLine};
use setaside::domain::announcement::number::number;
use setaside::domain::announcement::render::render_html;
use setaside::domain::announcement::template;
use setaside::domain::calendar::{Day, Moment, Year};
use setaside::domain::contract::{Contract, Measure, Verdict, YearBasis, verdict};
use setaside::domain::ids::{ContractId, LineId, RecordId, UnitId, UserId};
use setaside::domain::money::{Money, Ratio};
use setaside::domain::organisation::District;
use setaside::domain::record::line::{Line, LineRules};
use setaside::domain::record::totals;
use setaside::domain::sheet::read_table;
use setaside::features::announcements::commands::{portal, published::Frozen};
use setaside::features::contracts::decode::csv_rows;
use setaside::server::files::sha256_hex;
use setaside::server::ids::new_id;
use setaside::server::request::Services;
use sqlx::AnyConnection;

/// Units with a record; one writer works on each, and one is left for the browser.
const UNITS: usize = 33;
/// Lines of a record.
const LINES: usize = 200;
/// Lines of the last record, which the browser works on.
const LINES_OF_BROWSER: usize = 20_000;
/// Published announcements.
const ANNOUNCEMENTS: usize = 10_000;
/// Lines of the announcement that is measured; the others have twelve.
const LONG: usize = 300;
const SHORT: usize = 12;
/// The year of the records.
const YEAR: i32 = 2025;

/// What the other measurements need to know of the seeds.
#[derive(Debug, Serialize, Deserialize)]
pub struct Plan {
    /// 公告编号 of the announcement with 300 lines.
    pub long: String,
    /// One a unit.
    pub records: Vec<PlannedRecord>,
}

/// A record with a session that may edit it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PlannedRecord {
    /// The value of the session's cookie.
    pub token: String,
    /// The person's identity.
    pub user: UserId,
    /// The unit's identity.
    pub unit: UnitId,
    /// The record.
    pub record: RecordId,
    /// Its lines, in order.
    pub lines: Vec<LineId>,
}

impl Plan {
    /// Reads what [`run`] has printed into a file.
    pub fn read(path: &str) -> Outcome<Plan> {
        Ok(serde_json::from_str(&std::fs::read_to_string(path)?)?)
    }
}

/// Fills an empty database and prints the plan.
pub async fn run(services: &Services) -> Outcome<()> {
    let now = services.clock.now();
    let contracts = contracts()?;
    let chief: UnitId = new_id(now)?;
    let mut records = Vec::new();
    let id = chief.clone();
    services.db.write(move |db| Box::pin(async move { Ok(insert_unit(db, &id, "基准主管单位", None).await?) })).await?;
    for at in 0..UNITS {
        let lines = if at + 1 == UNITS { LINES_OF_BROWSER } else { LINES };
        let (chief, contracts) = (chief.clone(), contracts[..lines].to_vec());
        let cutover = services.settings.cutover;
        records.push(
            services.db.write(move |db| Box::pin(async move { unit_with_record(db, at, &chief, contracts, cutover, now).await })).await?,
        );
    }
    let long = announcements(services, &chief, &contracts, now).await?;
    println!("{}", serde_json::to_string(&Plan { long, records })?);
    services.db.close().await;
    Ok(())
}

/// Contracts that count, whose project began before the change-over, so that every cell of their lines can be filled.
fn contracts() -> Outcome<Vec<Contract>> {
    let sample = read_table(csv_rows(include_bytes!("../../data/contracts-sample.csv"))?.into_iter()).contracts;
    let begun = Day::new(2023, 5, 1).ok_or("day")?;
    let signed = Day::new(YEAR, 6, 1).ok_or("day")?;
    let counted: Vec<Contract> = sample
        .into_iter()
        .map(|(_, contract)| Contract { project_created_on: Some(begun), signed_on: signed, published_on: Some(signed), ..contract })
        .filter(|contract| matches!(verdict(contract, YearBasis::Signed), Verdict::Counted(_)))
        .collect();
    if counted.is_empty() {
        return Err("the sample has no contract that counts".into());
    }
    Ok(counted
        .into_iter()
        .cycle()
        .take(LINES_OF_BROWSER)
        .enumerate()
        .map(|(at, contract)| Contract { contract_no: format!("HT-{at:05}"), ..contract })
        .collect())
}

/// A 采购单位, or a 主管 where it has no parent.
pub async fn insert_unit(db: &mut AnyConnection, id: &UnitId, name: &str, parent: Option<&UnitId>) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO units (id, name, uscc, parent_id, is_supervisor, district, year_basis, version) VALUES ($1, $2, '', $3, $4, '310115', $5, 1)")
        .bind(id.as_str())
        .bind(name)
        .bind(parent.map(|id| id.as_str().to_owned()))
        .bind(i64::from(parent.is_none()))
        .bind(YearBasis::Signed.code())
        .execute(db)
        .await?;
    Ok(())
}

/// A 经办 of a unit, signed in already.
pub async fn insert_clerk(
    db: &mut AnyConnection,
    unit: &UnitId,
    user: &UserId,
    login: &str,
    token: &str,
    now: Moment,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO users (id, unit_id, login, name, password_hash, is_clerk, is_reviewer, is_admin, is_disabled, failures, locked_until, version)
         VALUES ($1, $2, $3, '经办', '', 1, 0, 0, 0, 0, NULL, 1)",
    )
    .bind(user.as_str())
    .bind(unit.as_str())
    .bind(login)
    .execute(&mut *db)
    .await?;
    sqlx::query("INSERT INTO sessions (token_hash, user_id, seen_at, ends_at) VALUES ($1, $2, $3, $4)")
        .bind(sha256_hex(token.as_bytes()))
        .bind(user.as_str())
        .bind(now.plus_seconds(3600).to_string())
        .bind(now.plus_seconds(10 * 3600).to_string())
        .execute(&mut *db)
        .await?;
    Ok(())
}

async fn unit_with_record(
    db: &mut AnyConnection,
    at: usize,
    chief: &UnitId,
    contracts: Vec<Contract>,
    cutover: Day,
    now: Moment,
) -> Result<PlannedRecord, setaside::error::AppError> {
    let (unit, user, record): (UnitId, UserId, RecordId) = (new_id(now)?, new_id(now)?, new_id(now)?);
    let token = format!("{at:064x}");
    insert_unit(db, &unit, &format!("基准采购单位{at:02}"), Some(chief)).await?;
    insert_clerk(db, &unit, &user, &format!("bench{at:02}"), &token, now).await?;
    let mut lines = Vec::new();
    for contract in contracts {
        lines.push(Line::collected(new_id(now)?, contract, None));
    }
    let year = Year::try_from(YEAR).map_err(|error| setaside::server::fault::fault(&error))?;
    let sums = totals(&lines, &LineRules { year, basis: YearBasis::Signed, cutover });
    sqlx::query(
        "INSERT INTO records (id, unit_id, year, status, status_reason, year_basis, remark, round, line_count, sme_fen, small_micro_fen, version, content_version, updated_at)
         VALUES ($1, $2, $3, 'draft', '', $4, '', 0, $5, $6, $7, 1, 1, $8)",
    )
    .bind(record.as_str())
    .bind(unit.as_str())
    .bind(i64::from(YEAR))
    .bind(YearBasis::Signed.code())
    .bind(i64::try_from(sums.lines).unwrap_or_default())
    .bind(sums.sme.fen())
    .bind(sums.small_micro.fen())
    .bind(now.to_string())
    .execute(&mut *db)
    .await?;
    for (position, line) in (1_i64..).zip(&lines) {
        let contract_id: ContractId = new_id(now)?;
        let body = serde_json::to_string(&line.contract()).map_err(|error| setaside::server::fault::fault(&error))?;
        sqlx::query(
            "INSERT INTO record_lines (id, record_id, position, contract_id, contract, reason, version) VALUES ($1, $2, $3, $4, $5, '', 1)",
        )
        .bind(line.id.as_str())
        .bind(record.as_str())
        .bind(position)
        .bind(contract_id.as_str())
        .bind(body)
        .execute(&mut *db)
        .await?;
    }
    Ok(PlannedRecord { token, user, unit, record, lines: lines.into_iter().map(|line| line.id).collect() })
}

/// One published announcement's frozen half.
struct Body {
    html: String,
    frozen: String,
}

fn body(contracts: &[Contract], year: i32, now: Moment) -> Outcome<Body> {
    let lines: Vec<NoticeLine> = contracts
        .iter()
        .map(|contract| NoticeLine {
            project_name: contract.project_name.clone(),
            measure: contract.measure,
            pct: contract.reserved_pct,
            sme: contract.amount,
            url: contract.url.clone(),
        })
        .collect();
    let sme: Money = lines.iter().map(|line| line.sme).sum();
    let small_micro = Money::from_fen(sme.fen() / 3);
    let figures = Figures {
        unit: "基准主管单位".to_owned(),
        year,
        sme,
        small_micro,
        ratio: Ratio::of(small_micro, sme),
        remark: "基准数据".to_owned(),
        date: Some(now.day()),
        lines,
    };
    let html = render_html(&template::official(&figures), &figures);
    let frozen =
        serde_json::to_string(&Frozen { sme, small_micro, shares: vec![(Measure::ALL[0], sme)], files: Vec::new(), alterations: None })?;
    Ok(Body { html, frozen })
}

/// Publishes them all; gives the number of the long one, which is the newest.
async fn announcements(services: &Services, chief: &UnitId, contracts: &[Contract], now: Moment) -> Outcome<String> {
    let districts: Vec<District> = District::all().collect();
    let short = body(&contracts[..SHORT], YEAR, now)?;
    let long = body(&contracts[..LONG], YEAR, now)?;
    let chief = chief.clone();
    let number = services
        .db
        .write(move |db| {
            Box::pin(async move {
                let mut last = String::new();
                for at in 0..ANNOUNCEMENTS {
                    let is_long = at + 1 == ANNOUNCEMENTS;
                    let (district, year) = (districts[at % districts.len()], 2021 + i32::try_from(at % 5).unwrap_or_default());
                    let typed_year = Year::try_from(year).map_err(|error| setaside::server::fault::fault(&error))?;
                    let serial = i64::try_from(at + 1).unwrap_or_default();
                    let published = now.plus_seconds(-60 * (i64::try_from(ANNOUNCEMENTS).unwrap_or_default() - serial));
                    last = number(district, typed_year, serial);
                    let unit_name = format!("基准采购单位{:03}", at % 400);
                    let body = if is_long { &long } else { &short };
                    let id: setaside::domain::ids::AnnouncementId = new_id(published)?;
                    sqlx::query(
                        "INSERT INTO announcements (id, unit_id, unit_name, year, number, title, district, publish_at, expires_on, remark, document, status, status_reason, status_at, round, body_html, frozen, feed_no, version, updated_at)
                         VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, $8, '', NULL, 'published', '', $9, 1, $10, $11, $12, 1, $13)",
                    )
                    .bind(id.as_str())
                    .bind(chief.as_str())
                    .bind(&unit_name)
                    .bind(i64::from(year))
                    .bind(&last)
                    .bind(template::title(&unit_name, year))
                    .bind(district.code())
                    .bind((at % 3 == 0).then(|| now.plus_seconds(30 * 24 * 3600).day().to_string()))
                    .bind(published.to_string())
                    .bind(&body.html)
                    .bind(&body.frozen)
                    .bind(serial)
                    .bind(published.to_string())
                    .execute(&mut *db)
                    .await?;
                }
                sqlx::query(
                    "INSERT INTO announcement_changes (no, announcement_id, kind, happened_at)
                     SELECT feed_no, id, 'published', status_at FROM announcements WHERE feed_no IS NOT NULL",
                )
                .execute(&mut *db)
                .await?;
                sqlx::query("UPDATE publications SET last = $1 WHERE id = 1").bind(i64::try_from(ANNOUNCEMENTS).unwrap_or_default()).execute(&mut *db).await?;
                Ok(last)
            })
        })
        .await?;
    portal::complete(services).await?;
    Ok(number)
}
