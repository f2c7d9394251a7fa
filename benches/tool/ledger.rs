//! A ledger of very many contracts, made by the database itself out of the sample, and what the bare database says of a unit's year: the
//! yardstick of 「生成年度数据」.

use crate::Outcome;
use crate::seed::{insert_clerk, insert_unit};
use serde::{Deserialize, Serialize};
use serde_json::json;
use setaside::domain::calendar::Day;
use setaside::domain::contract::{Contract, Measure, YearBasis, verdict, year_of};
use setaside::domain::ids::{UnitId, UserId};
use setaside::domain::sheet::read_table;
use setaside::error::AppError;
use setaside::features::contracts::decode::csv_rows;
use setaside::server::fault::fault;
use setaside::server::ids::new_id;
use setaside::server::request::Services;
use sqlx::{AnyConnection, AssertSqlSafe, Executor as _};
use std::time::Instant;

/// The years in which the contracts of a unit stand, as many in each.
const YEARS: [i32; 5] = [2021, 2022, 2023, 2024, 2025];
/// Contracts of the large unit in each year, and of each of the others.
const LARGE: usize = 20_000;
const USUAL: usize = 400;
/// Stands where each contract has a number of its own.
const NUMBER: &str = "@no@";
/// The indexes of `contracts` are made again from here once the rows are there, which is many times faster.
const TABLES: &str = include_str!("../../migrations/0002_contracts.sql");
/// Times that the bare aggregate is asked.
const ASKED: usize = 7;

/// A unit with the session of its clerk.
#[derive(Debug, Serialize, Deserialize)]
pub struct Clerk {
    unit: UnitId,
    token: String,
    /// Contracts in each year.
    each_year: usize,
}

/// Fills an empty database with `count` contracts and prints who may look at them: one large unit and as many usual ones as it takes, or
/// one unit that holds them all.
pub async fn seed(services: &Services, count: usize, alone: bool) -> Outcome<()> {
    let begun = Instant::now();
    let now = services.clock.now();
    let each = YEARS.len();
    let sizes: Vec<usize> = if alone {
        vec![count / each]
    } else {
        std::iter::once(LARGE).chain(std::iter::repeat_n(USUAL, count.saturating_sub(LARGE * each) / (USUAL * each))).collect()
    };
    let chief: UnitId = new_id(now)?;
    let mut clerks = Vec::with_capacity(sizes.len());
    for (at, each_year) in sizes.into_iter().enumerate() {
        clerks.push(Clerk { unit: new_id(now)?, token: format!("{at:064x}"), each_year });
    }
    let templates = templates()?;
    let people: Vec<(UnitId, UserId, String)> =
        clerks.iter().map(|clerk| Ok((clerk.unit.clone(), new_id(now)?, clerk.token.clone()))).collect::<Outcome<_>>()?;
    let sizes: Vec<(UnitId, usize)> = clerks.iter().map(|clerk| (clerk.unit.clone(), clerk.each_year)).collect();
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                insert_unit(db, &chief, "基准主管单位", None).await?;
                for (at, (unit, user, token)) in people.iter().enumerate() {
                    insert_unit(db, unit, &format!("基准采购单位{at:03}"), Some(&chief)).await?;
                    insert_clerk(db, unit, user, &format!("bench{at:03}"), token, now).await?;
                }
                insert_templates(db, &templates).await?;
                for index in indexes() {
                    db.execute(AssertSqlSafe(format!("DROP INDEX {}", name_of(index)))).await?;
                }
                let mut first = 0;
                for (unit, each_year) in sizes {
                    first += multiply(db, &unit, templates.len(), first, each_year * each).await?;
                }
                for index in indexes() {
                    db.execute(AssertSqlSafe(index.to_owned())).await?;
                }
                db.execute("DROP TABLE templates").await?;
                Ok(())
            })
        })
        .await?;
    let total: usize = clerks.iter().map(|clerk| clerk.each_year * each).sum();
    let (first, last) = (clerks.first(), clerks.last());
    println!(
        "{}",
        json!({ "contracts": total, "units": clerks.len(), "years": YEARS, "seconds": begun.elapsed().as_secs_f64(), "large": first, "usual": last })
    );
    services.db.close().await;
    Ok(())
}

fn indexes() -> impl Iterator<Item = &'static str> {
    TABLES.lines().filter(|line| line.starts_with("CREATE INDEX contracts_"))
}

fn name_of(index: &str) -> &str {
    index.split(' ').nth(2).unwrap_or_default()
}

/// Every contract of the sample in every year: counted ones, left-out ones, such as need input and such as contradict themselves.
fn templates() -> Outcome<Vec<Contract>> {
    let sample = read_table(csv_rows(include_bytes!("../../data/contracts-sample.csv"))?.into_iter()).contracts;
    let mut templates = Vec::with_capacity(sample.len() * YEARS.len());
    for (_, contract) in sample {
        for year in YEARS {
            let moved = |day: Day| {
                let text = format!("{year}{}", &day.to_string()[4..]);
                Day::parse(&text).or_else(|_| Day::parse(&text.replace("-02-29", "-02-28")))
            };
            templates.push(Contract {
                contract_no: format!("ht{NUMBER}"),
                project_no: format!("sh{NUMBER}"),
                url: contract.url.as_ref().map(|url| format!("{url}{NUMBER}")),
                signed_on: moved(contract.signed_on)?,
                published_on: contract.published_on.map(moved).transpose()?,
                ..contract.clone()
            });
        }
    }
    Ok(templates)
}

async fn insert_templates(db: &mut AnyConnection, templates: &[Contract]) -> Result<(), AppError> {
    db.execute(
        "CREATE TABLE templates (at BIGINT NOT NULL PRIMARY KEY, lot TEXT NOT NULL, body TEXT NOT NULL, signed_on TEXT NOT NULL, source TEXT NOT NULL, measure TEXT NOT NULL,
         amount_fen BIGINT NOT NULL, words TEXT NOT NULL, link TEXT NOT NULL, signing_year BIGINT NOT NULL, signing_verdict TEXT NOT NULL, signing_sme_fen BIGINT NOT NULL,
         signing_small_micro_fen BIGINT NOT NULL, publication_year BIGINT NOT NULL, publication_verdict TEXT NOT NULL, publication_sme_fen BIGINT NOT NULL,
         publication_small_micro_fen BIGINT NOT NULL)",
    )
    .await?;
    for (at, contract) in (0_i64..).zip(templates) {
        let text = format!("INSERT INTO templates VALUES {}", setaside::server::db::places(1, 17));
        let mut query = sqlx::query(AssertSqlSafe(text))
            .bind(at)
            .bind(&contract.lot)
            .bind(serde_json::to_string(contract).map_err(|error| fault(&error))?)
            .bind(contract.signed_on.to_string())
            .bind(contract.source.code())
            .bind(contract.measure.map_or("", Measure::code))
            .bind(contract.amount.fen())
            .bind(contract.words())
            .bind(contract.url.as_deref().unwrap_or_default());
        for basis in [YearBasis::Signed, YearBasis::Published] {
            let verdict = verdict(contract, basis);
            let counted = verdict.counted();
            query = query
                .bind(i64::from(year_of(contract, basis)))
                .bind(verdict.filter_code().to_owned())
                .bind(counted.map_or(0, |amounts| amounts.sme.fen()))
                .bind(counted.map_or(0, |amounts| amounts.small_micro.fen()));
        }
        query.execute(&mut *db).await?;
    }
    Ok(())
}

/// Gives a unit `count` contracts, each with a number of its own from `first` on; the years take turns, because the templates do.
async fn multiply(db: &mut AnyConnection, unit: &UnitId, templates: usize, first: usize, count: usize) -> Result<usize, AppError> {
    let text = format!(
        "WITH RECURSIVE numbers (n) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < $2),
              named AS (SELECT n, substr(CAST(100000000 + n AS TEXT), 2) AS no FROM numbers)
         INSERT INTO contracts (id, unit_id, contract_no, lot, body, updated_at, version, signed_on, source, measure, amount_fen, words, link,
                signing_year, signing_verdict, signing_sme_fen, signing_small_micro_fen, publication_year, publication_verdict, publication_sme_fen, publication_small_micro_fen)
         SELECT '01890a5d-ac96-774b-bcce-0000' || no, $3, 'ht' || no, lot, replace(body, '{NUMBER}', no), '2026-01-05T00:00:00.000Z', 1, signed_on, source, measure,
                amount_fen, replace(words, '{NUMBER}', no), replace(link, '{NUMBER}', no), signing_year, signing_verdict, signing_sme_fen, signing_small_micro_fen,
                publication_year, publication_verdict, publication_sme_fen, publication_small_micro_fen
         FROM named JOIN templates ON templates.at = named.n % {templates}"
    );
    let bound = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let done = sqlx::query(AssertSqlSafe(text)).bind(bound(first)).bind(bound(first + count)).bind(unit.as_str()).execute(&mut *db).await?;
    usize::try_from(done.rows_affected()).map_err(|error| fault(&error))
}

/// What the database alone says of a unit's year: how many contracts, how many count, and both sums; and what reading the rows takes that
/// a record copies. The median of some turns each, in seconds.
pub async fn aggregate(services: &Services, unit: &str, year: i64) -> Outcome<()> {
    let db = &mut *services.db.read().await?;
    let (mut sums, mut reads) = (Vec::new(), Vec::new());
    let mut found = (0, 0, 0, 0);
    for _ in 0..ASKED {
        let begun = Instant::now();
        found = sqlx::query_as::<_, (i64, i64, i64, i64)>(
            "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN signing_verdict = 'counted' THEN 1 ELSE 0 END), 0) AS BIGINT),
                    CAST(COALESCE(SUM(signing_sme_fen), 0) AS BIGINT), CAST(COALESCE(SUM(signing_small_micro_fen), 0) AS BIGINT)
             FROM contracts WHERE unit_id = $1 AND signing_year = $2",
        )
        .bind(unit)
        .bind(year)
        .fetch_one(&mut *db)
        .await?;
        sums.push(begun.elapsed().as_secs_f64());
        let begun = Instant::now();
        let rows: Vec<(String, String)> = sqlx::query_as("SELECT id, body FROM contracts WHERE unit_id = $1 AND signing_year = $2")
            .bind(unit)
            .bind(year)
            .fetch_all(&mut *db)
            .await?;
        reads.push(begun.elapsed().as_secs_f64());
        if i64::try_from(rows.len()) != Ok(found.0) {
            return Err("the same rows were counted and read differently".into());
        }
    }
    let median = |mut times: Vec<f64>| {
        times.sort_unstable_by(f64::total_cmp);
        times[ASKED / 2]
    };
    let (contracts, counted, sme, small_micro) = found;
    println!(
        "{}",
        json!({ "contracts": contracts, "counted": counted, "sme": sme, "small_micro": small_micro, "seconds": median(sums), "read_seconds": median(reads) })
    );
    Ok(())
}
