//! 「开始导入」: what was shown is written, in one transaction, once.

use super::super::api::{Import, ImportState, ImportWish};
use super::super::store::{self, ImportRow, ReadyRow};
use super::{find, intake_of, moved_on, reading};
use crate::domain::contract::intake::may_write;
use crate::domain::ids::{ContractId, ImportId, UnitId};
use crate::domain::sheet::Assigned;
use crate::error::AppError;
use crate::features::approvals::commands as approvals;
use crate::features::contracts::store::{self as contracts, Existing, Failed};
use crate::features::messages::commands::{self as messages, Notice};
use crate::features::organisations::commands as organisations;
use crate::server::fault::is_duplicate;
use crate::server::ids::new_id;
use crate::server::request::{Deed, Services};
use sqlx::AnyConnection;

/// Rows that are in memory at a time.
const TOGETHER: i64 = 500;
/// Said on the page while and after it is compared anew.
const ANEW: &str = "合同台账在核对之后有变化，这次没有写入任何数据；系统已按最新的台账重新核对，请再看一遍「将要变更」后确认。";

/// How the transaction ended.
enum Ended {
    Written,
    /// It was written before: the answer to the first press got lost.
    Already,
    /// The ledger is no longer the one that was compared with.
    Overtaken,
}

/// Writes what was shown. Asked again it answers with what it did; where contracts have changed since, it compares anew instead.
pub async fn apply(services: &Services, deed: Deed, input: ImportWish) -> Result<Import, AppError> {
    let id = input.id.clone();
    let doer = deed.clone();
    let ended = services.db.write(move |db| Box::pin(async move { write(db, &doer, &input).await })).await;
    let ended = match ended {
        // Two rows of one key at the same moment: the other was faster, between our look and our write.
        Err(AppError::Conflict(reason)) if reason == ANEW => Ended::Overtaken,
        other => other?,
    };
    if matches!(ended, Ended::Overtaken) {
        let row = find(&mut *services.db.read().await?, &deed, &id).await?;
        let columns = row.import.columns.clone();
        reading::begin(services, &deed, row, columns, ANEW).await?;
    }
    Ok(find(&mut *services.db.read().await?, &deed, &id).await?.import)
}

async fn write(db: &mut AnyConnection, deed: &Deed, input: &ImportWish) -> Result<Ended, AppError> {
    let row = find(db, deed, &input.id).await?;
    let import = &row.import;
    if is_done(import, input) {
        return Ok(Ended::Already);
    }
    if import.state != ImportState::Read || import.version != input.version {
        return Err(moved_on(import.state));
    }
    let counts = import.counts;
    may_write(counts.is_cut, counts.refused, counts.added + counts.updated, input.partial).map_err(AppError::invalid)?;
    if !store::mark_applied(db, &input.id, input.version, deed.at).await? {
        // The same button, pressed twice at the same moment.
        let now = find(db, deed, &input.id).await?.import;
        return if is_done(&now, input) { Ok(Ended::Already) } else { Err(moved_on(now.state)) };
    }
    let staged = store::staged_units(db, &input.id).await?;
    let names = intake_of(db, deed).await?.names();
    // A unit that has moved away or was renamed since is compared anew, and its rows are refused then.
    if staged.iter().any(|(unit, _)| !names.contains_key(unit)) || store::overtaken_rows(db, &input.id).await? > 0 {
        return Err(AppError::Conflict(ANEW.to_owned()));
    }
    write_rows(db, deed, &input.id).await?;
    remember_names(db, &row).await?;
    let detail = format!(
        "{}：新增 {}，更新 {}，未变 {}，未导入 {} 行",
        import.file_name, counts.added, counts.updated, counts.unchanged, counts.refused
    );
    approvals::remember(db, input.id.as_str(), deed, "导入合同", &detail).await?;
    tell(db, deed, &staged).await?;
    Ok(Ended::Written)
}

/// Whether this very wish was carried out.
fn is_done(import: &Import, input: &ImportWish) -> bool {
    import.state == ImportState::Applied && import.version == input.version + 1
}

async fn write_rows(db: &mut AnyConnection, deed: &Deed, id: &ImportId) -> Result<(), AppError> {
    let mut after = 0;
    loop {
        let rows = store::ready_rows(db, id, after, TOGETHER).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.row;
        let mut new: Vec<(ContractId, UnitId, ReadyRow)> = Vec::new();
        for row in rows {
            match &row.existing {
                None => new.push((new_id(deed.at)?, row.unit.clone(), row)),
                Some((id, version)) => {
                    let existing = Existing { id: id.clone(), contract: row.contract, version: *version };
                    if !contracts::update(db, &existing, &existing.contract, deed.at).await? {
                        return Err(AppError::Conflict(ANEW.to_owned()));
                    }
                }
            }
        }
        let new: Vec<_> = new.iter().map(|(id, unit, row)| (id.clone(), unit, &row.contract)).collect();
        contracts::insert(db, &new, deed.at).await.map_err(|failed| match failed {
            Failed::Database(error) if is_duplicate(&error) => AppError::Conflict(ANEW.to_owned()),
            Failed::Database(error) => error.into(),
            Failed::App(error) => error,
        })?;
    }
}

/// Remembers the columns that the person has named otherwise than was proposed, for the next file of the unit.
async fn remember_names(db: &mut AnyConnection, row: &ImportRow) -> Result<(), AppError> {
    for (name, code) in row.import.head.cells.iter().zip(&row.import.columns) {
        let is_proposed = Assigned::propose(name).is_some_and(|assigned| assigned.code() == *code);
        if !name.is_empty() && !code.is_empty() && !is_proposed {
            store::remember_name(db, &row.unit, name, code).await?;
        }
    }
    Ok(())
}

/// Tells the 经办 of subordinate units whose ledgers have changed.
async fn tell(db: &mut AnyConnection, deed: &Deed, staged: &[(UnitId, i64)]) -> Result<(), AppError> {
    for (unit, count) in staged.iter().filter(|(unit, count)| *unit != deed.by.unit && *count > 0) {
        let text = format!("{}导入了贵单位的合同，新增或更新 {count} 份，请查看合同台账", deed.by.unit_name);
        let notice = Notice { text, href: crate::app::paths::CONTRACTS.to_owned() };
        for user in organisations::users_of(db, unit).await?.into_iter().filter(|user| user.roles.clerk && !user.is_disabled) {
            messages::tell(db, &user.id, deed.at, &notice).await?;
        }
    }
    Ok(())
}
