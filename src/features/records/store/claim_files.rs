//! The SQL of `claim_files`.

use super::super::ClaimFile;
use super::sql;
use crate::domain::calendar::Moment;
use crate::domain::ids::{ClaimFileId, LineId, RecordId};
use crate::error::AppError;
use crate::server::db::places;
use crate::server::fault::impossible;
use sqlx::AnyConnection;

type Stored = (String, String, String, String, i64, String, String);

fn file((id, line, name, media_type, size, sha256, uploaded_at): Stored) -> Result<ClaimFile, AppError> {
    let wrong = |what: &dyn std::fmt::Display| impossible("claim_files", &id, what);
    Ok(ClaimFile {
        id: ClaimFileId::parse(&id).map_err(|error| wrong(&error))?,
        line: LineId::parse(&line).map_err(|error| wrong(&error))?,
        uploaded_at: Moment::parse(&uploaded_at).map_err(|error| wrong(&error))?,
        name,
        media_type,
        size,
        sha256,
    })
}

/// The files of a record's claims, in the order of their upload.
pub async fn of(db: &mut AnyConnection, record: &RecordId) -> Result<Vec<ClaimFile>, AppError> {
    let rows: Vec<Stored> = sqlx::query_as(
        "SELECT id, line_id, name, media_type, size, sha256, uploaded_at FROM claim_files WHERE record_id = $1 ORDER BY uploaded_at, id",
    )
    .bind(record.as_str())
    .fetch_all(db)
    .await?;
    rows.into_iter().map(file).collect()
}

/// One file of a record's claims.
pub async fn by_id(db: &mut AnyConnection, record: &RecordId, id: &ClaimFileId) -> Result<Option<ClaimFile>, AppError> {
    let row: Option<Stored> =
        sqlx::query_as("SELECT id, line_id, name, media_type, size, sha256, uploaded_at FROM claim_files WHERE record_id = $1 AND id = $2")
            .bind(record.as_str())
            .bind(id.as_str())
            .fetch_optional(db)
            .await?;
    row.map(file).transpose()
}

/// Which of these files have a row.
pub async fn known(db: &mut AnyConnection, ids: &[&str]) -> Result<Vec<String>, AppError> {
    let mut query = sqlx::query_scalar(sql(format!("SELECT id FROM claim_files WHERE id IN ({})", places(ids.len(), 1))));
    for id in ids {
        query = query.bind(*id);
    }
    Ok(query.fetch_all(db).await?)
}

/// Inserts a file.
pub async fn insert(db: &mut AnyConnection, record: &RecordId, file: &ClaimFile) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO claim_files (id, record_id, line_id, name, media_type, size, sha256, uploaded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(file.id.as_str())
        .bind(record.as_str())
        .bind(file.line.as_str())
        .bind(&file.name)
        .bind(&file.media_type)
        .bind(file.size)
        .bind(&file.sha256)
        .bind(file.uploaded_at.to_string())
        .execute(db)
        .await?;
    Ok(())
}

/// Removes a file's row.
pub async fn delete(db: &mut AnyConnection, record: &RecordId, id: &ClaimFileId) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM claim_files WHERE record_id = $1 AND id = $2").bind(record.as_str()).bind(id.as_str()).execute(db).await?;
    Ok(())
}

/// Lets the files go along where a claimed line becomes a left-out row or comes back from it: whoever claims it anew finds the proofs again.
pub async fn follow(db: &mut AnyConnection, record: &RecordId, from: &str, to: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE claim_files SET line_id = $1 WHERE record_id = $2 AND line_id = $3")
        .bind(to)
        .bind(record.as_str())
        .bind(from)
        .execute(db)
        .await?;
    Ok(())
}
