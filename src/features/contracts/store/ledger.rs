//! What the 合同台账 asks: a page of contracts and the sums of all that fit.

use super::{StoredContract, Value, bind, parts};
use crate::domain::contract::YearBasis;
use crate::domain::ids::UnitId;
use crate::domain::money::Money;
use crate::domain::text;
use crate::error::AppError;
use crate::features::contracts::api::{LedgerQuery, LedgerSums};
use sqlx::{AnyConnection, AssertSqlSafe};
use std::fmt::Write as _;

/// The prefix of the columns that hold what the rules say under a setting.
pub(super) const fn prefix(basis: YearBasis) -> &'static str {
    match basis {
        YearBasis::Signed => "signing",
        YearBasis::Published => "publication",
    }
}

/// A condition and the values of its places; the text is made of parts of this file only.
struct Condition {
    text: String,
    values: Vec<Value>,
}

impl Condition {
    fn of(unit: &UnitId, basis: YearBasis, query: &LedgerQuery) -> Condition {
        let basis = prefix(basis);
        let mut condition = Condition { text: "unit_id = $1".to_owned(), values: vec![Value::Text(unit.as_str().to_owned())] };
        if let Some(year) = query.year {
            condition.and(&format!("{basis}_year ="), Value::Number(i64::from(year)), "");
        }
        if let Some(source) = query.source {
            condition.and("source =", Value::Text(source.code().to_owned()), "");
        }
        if let Some(measure) = query.measure {
            condition.and("measure =", Value::Text(measure.code().to_owned()), "");
        }
        match query.verdict.as_str() {
            "" => {}
            "left_out" => {
                // Writing to a String cannot fail.
                let _ = write!(condition.text, " AND {basis}_verdict NOT IN ('counted', 'needs_input', 'error')");
            }
            verdict => condition.and(&format!("{basis}_verdict ="), Value::Text(text::search(verdict)), ""),
        }
        for word in text::search(&query.words).split_whitespace() {
            condition.and("words LIKE", Value::Text(format!("%{}%", escaped(&word.to_lowercase()))), r" ESCAPE '\'");
        }
        condition
    }

    fn and(&mut self, before: &str, value: Value, after: &str) {
        self.values.push(value);
        let _ = write!(self.text, " AND {before} ${}{after}", self.values.len());
    }
}

/// A word in which `%` and `_` mean themselves.
fn escaped(word: &str) -> String {
    word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// Found by words in at most so many contracts, a page is looked for among the unit's contracts as they lie and then sorted: to walk
/// the index of the order until enough are found would read nearly all of them in the order of days, which is many times slower.
const FEW: u64 = 20_000;

/// A page of the `total` contracts that fit, newest signature first.
pub(in super::super) async fn page(
    db: &mut AnyConnection,
    unit: &UnitId,
    basis: YearBasis,
    query: &LedgerQuery,
    size: u64,
    total: u64,
) -> Result<Vec<StoredContract>, AppError> {
    let Condition { text: condition, mut values } = Condition::of(unit, basis, query);
    let number = |count: u64| Value::Number(i64::try_from(count).unwrap_or(i64::MAX));
    let before = query.page.saturating_sub(1).saturating_mul(size).min(total);
    let count = size.min(total - before);
    // A page in the second half is counted from the end.
    let behind = total - before - count;
    let (way, passed) = if behind < before { ("ASC", behind) } else { ("DESC", before) };
    values.extend([number(count), number(passed)]);
    let (limit, offset) = (values.len() - 1, values.len());
    // With something behind it, the day is no order that an index has.
    let day = if query.words.trim().is_empty() || total > FEW { "signed_on" } else { "signed_on || ''" };
    // The pages before are passed over in the index alone; only the rows of this one are read.
    let text = format!(
        "SELECT id, body FROM contracts
         WHERE id IN (SELECT id FROM contracts WHERE {condition} ORDER BY {day} {way}, id {way} LIMIT ${limit} OFFSET ${offset})
         ORDER BY signed_on DESC, id DESC"
    );
    let mut asked = sqlx::query_as::<_, (String, String)>(AssertSqlSafe(text));
    for value in values {
        asked = bind!(asked, value);
    }
    let rows = asked.fetch_all(db).await?;
    rows.into_iter()
        .map(|(id, body)| {
            let (id, contract) = parts(&id, &body)?;
            Ok(StoredContract { id, contract })
        })
        .collect()
}

/// The contracts that fit behind `after` in the order of the pages, at most `size`: a walk through all of them costs the same at every step.
pub(in super::super) async fn behind(
    db: &mut AnyConnection,
    unit: &UnitId,
    basis: YearBasis,
    query: &LedgerQuery,
    after: Option<&StoredContract>,
    size: i64,
) -> Result<Vec<StoredContract>, AppError> {
    let Condition { text: mut condition, mut values } = Condition::of(unit, basis, query);
    if let Some(StoredContract { id, contract }) = after {
        values.extend([Value::Text(contract.signed_on.to_string()), Value::Text(id.to_string())]);
        let _ = write!(condition, " AND (signed_on, id) < (${}, ${})", values.len() - 1, values.len());
    }
    values.push(Value::Number(size));
    let text = format!("SELECT id, body FROM contracts WHERE {condition} ORDER BY signed_on DESC, id DESC LIMIT ${}", values.len());
    let mut asked = sqlx::query_as::<_, (String, String)>(AssertSqlSafe(text));
    for value in values {
        asked = bind!(asked, value);
    }
    let rows = asked.fetch_all(db).await?;
    rows.iter().map(|(id, body)| parts(id, body).map(|(id, contract)| StoredContract { id, contract })).collect()
}

/// What a sum is cut at, in 分.
const PART: i64 = 1_000_000;

/// How many contracts fit, and what they sum up to.
pub(in super::super) async fn sums(
    db: &mut AnyConnection,
    unit: &UnitId,
    basis: YearBasis,
    query: &LedgerQuery,
) -> Result<LedgerSums, AppError> {
    let Condition { text: condition, values } = Condition::of(unit, basis, query);
    let basis = prefix(basis);
    // Absurd amounts are taken with a warning, and enough of them would come to more than the database can sum up: so each sum is made in two parts.
    let parts = |column: String| {
        let sum = |of: &str| format!("CAST(COALESCE(SUM({column} {of} {PART}), 0) AS BIGINT)");
        format!("{}, {}", sum("/"), sum("%"))
    };
    let (amount, sme, small_micro) =
        (parts("amount_fen".to_owned()), parts(format!("{basis}_sme_fen")), parts(format!("{basis}_small_micro_fen")));
    let text = format!(
        "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN {basis}_verdict = 'counted' THEN 1 ELSE 0 END), 0) AS BIGINT), {amount}, {sme}, {small_micro}
         FROM contracts WHERE {condition}"
    );
    let mut asked = sqlx::query_as::<_, (i64, i64, i64, i64, i64, i64, i64, i64)>(AssertSqlSafe(text));
    for value in values {
        asked = bind!(asked, value);
    }
    let (total, counted, amount, amount_rest, sme, sme_rest, small_micro, small_micro_rest) = asked.fetch_one(db).await?;
    let count = |number: i64| u64::try_from(number).unwrap_or_default();
    let whole = |parts: i64, rest: i64| Money::from_fen(parts.saturating_mul(PART).saturating_add(rest));
    Ok(LedgerSums {
        total: count(total),
        counted: count(counted),
        amount: whole(amount, amount_rest),
        sme: whole(sme, sme_rest),
        small_micro: whole(small_micro, small_micro_rest),
    })
}

/// The years in which contracts of the unit stand, newest first. From year to year by the index, however many contracts each has.
pub(in super::super) async fn years(db: &mut AnyConnection, unit: &UnitId, basis: YearBasis) -> Result<Vec<i32>, AppError> {
    let column = format!("{}_year", prefix(basis));
    let text = format!(
        "WITH RECURSIVE years (year) AS (
             SELECT MAX({column}) FROM contracts WHERE unit_id = $1
             UNION ALL
             SELECT (SELECT MAX({column}) FROM contracts WHERE unit_id = $1 AND {column} < years.year) FROM years WHERE years.year IS NOT NULL
         )
         SELECT year FROM years WHERE year IS NOT NULL ORDER BY year DESC"
    );
    let rows: Vec<(i64,)> = sqlx::query_as(AssertSqlSafe(text)).bind(unit.as_str()).fetch_all(db).await?;
    Ok(rows.into_iter().filter_map(|(year,)| i32::try_from(year).ok()).collect())
}
