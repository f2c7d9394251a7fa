//! What was found in the rows.

use super::super::api::Findings;
use crate::domain::ids::ImportId;
use crate::domain::sheet::{Finding, Severity};
use crate::error::AppError;
use crate::server::db::places;
use sqlx::{AnyConnection, AssertSqlSafe};
use std::collections::HashMap;

/// Findings of one INSERT.
const CHUNK: usize = 100;

const fn code(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// Stages findings; each has a place of its own.
pub(in crate::features::contracts::import) async fn insert_findings(
    db: &mut AnyConnection,
    id: &ImportId,
    findings: &[(i64, Finding)],
) -> Result<(), AppError> {
    for chunk in findings.chunks(CHUNK) {
        let text = format!(
            "INSERT INTO contract_import_findings (import_id, row_no, place, severity, cell, message) VALUES {}",
            places(chunk.len(), 6)
        );
        let mut query = sqlx::query(AssertSqlSafe(text));
        for (place, finding) in chunk {
            query = query
                .bind(id.as_str())
                .bind(i64::try_from(finding.row).unwrap_or(i64::MAX))
                .bind(*place)
                .bind(code(finding.severity))
                .bind(&finding.column)
                .bind(&finding.message);
        }
        query.execute(&mut *db).await?;
    }
    Ok(())
}

/// A page of findings by row.
pub(in crate::features::contracts::import) async fn findings(
    db: &mut AnyConnection,
    id: &ImportId,
    severity: Option<Severity>,
    page: u64,
    size: u64,
) -> Result<Findings, AppError> {
    let wanted = severity.map_or("", code);
    let number = |count: i64| u64::try_from(count).unwrap_or_default();
    let count = |more: &str| {
        format!("SELECT CAST(COUNT(*) AS BIGINT) FROM contract_import_findings WHERE import_id = $1 AND ($2 = '' OR severity = $2) {more}")
    };
    let total: i64 = sqlx::query_scalar(AssertSqlSafe(count(""))).bind(id.as_str()).bind(wanted).fetch_one(&mut *db).await?;
    let first: Option<(i64, i64)> = sqlx::query_as(
        "SELECT row_no, place FROM contract_import_findings WHERE import_id = $1 AND severity = 'error' ORDER BY row_no, place LIMIT 1",
    )
    .bind(id.as_str())
    .fetch_optional(&mut *db)
    .await?;
    let first_error = match first.filter(|_| severity != Some(Severity::Warning)) {
        None => None,
        Some((row, place)) => {
            let text = count("AND (row_no < $3 OR (row_no = $3 AND place < $4))");
            let before: i64 =
                sqlx::query_scalar(AssertSqlSafe(text)).bind(id.as_str()).bind(wanted).bind(row).bind(place).fetch_one(&mut *db).await?;
            Some(number(before) / size + 1)
        }
    };
    let total = number(total);
    let page = page.clamp(1, total.div_ceil(size).max(1));
    let rows: Vec<(i64, String, String, String)> = sqlx::query_as(
        "SELECT row_no, severity, cell, message FROM contract_import_findings WHERE import_id = $1 AND ($2 = '' OR severity = $2)
         ORDER BY row_no, place LIMIT $3 OFFSET $4",
    )
    .bind(id.as_str())
    .bind(wanted)
    .bind(i64::try_from(size).unwrap_or(i64::MAX))
    .bind(i64::try_from((page - 1) * size).unwrap_or(i64::MAX))
    .fetch_all(db)
    .await?;
    let findings = rows
        .into_iter()
        .map(|(row, severity, column, message)| Finding {
            row: usize::try_from(row).unwrap_or_default(),
            column,
            severity: if severity == "error" { Severity::Error } else { Severity::Warning },
            message,
        })
        .collect();
    Ok(Findings { findings, total, page, size, first_error })
}

/// What is wrong with rows, as sentences by row: errors of at most `most` rows from `from` on.
pub(in crate::features::contracts::import) async fn faulty_rows(
    db: &mut AnyConnection,
    id: &ImportId,
) -> Result<HashMap<usize, String>, AppError> {
    let rows: Vec<(i64, String, String)> = sqlx::query_as(
        "SELECT row_no, cell, message FROM contract_import_findings WHERE import_id = $1 AND severity = 'error' ORDER BY row_no, place",
    )
    .bind(id.as_str())
    .fetch_all(db)
    .await?;
    let mut faults: HashMap<usize, String> = HashMap::new();
    for (row, cell, message) in rows {
        let words = faults.entry(usize::try_from(row).unwrap_or_default()).or_default();
        if !words.is_empty() {
            words.push('\n');
        }
        if !cell.is_empty() {
            words.push_str(&cell);
            words.push('：');
        }
        words.push_str(&message);
    }
    Ok(faults)
}
