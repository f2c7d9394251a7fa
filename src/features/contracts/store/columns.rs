//! The SQL of `ledger_columns`: which columns of the 合同台账 a person wants to see.

use super::super::columns::LedgerColumn;
use crate::domain::ids::UserId;
use crate::error::AppError;
use sqlx::AnyConnection;

/// What the person has chosen; `None` before the first choice. A column that is no more is passed over.
pub(in super::super) async fn of(db: &mut AnyConnection, user: &UserId) -> Result<Option<Vec<LedgerColumn>>, AppError> {
    let chosen: Option<String> =
        sqlx::query_scalar("SELECT columns FROM ledger_columns WHERE user_id = $1").bind(user.as_str()).fetch_optional(db).await?;
    Ok(chosen.map(|codes| codes.split_whitespace().filter_map(LedgerColumn::from_code).collect()))
}

/// Remembers the choice.
pub(in super::super) async fn remember(db: &mut AnyConnection, user: &UserId, columns: &[LedgerColumn]) -> Result<(), AppError> {
    let codes = columns.iter().map(|column| column.code()).collect::<Vec<_>>().join(" ");
    sqlx::query(
        "INSERT INTO ledger_columns (user_id, columns) VALUES ($1, $2) ON CONFLICT (user_id) DO UPDATE SET columns = excluded.columns",
    )
    .bind(user.as_str())
    .bind(codes)
    .execute(db)
    .await?;
    Ok(())
}
