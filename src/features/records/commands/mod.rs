//! What is done with 年度数据: each deed is load → decide (`domain`) → save → remember → tell, in one transaction.

mod change;
mod claim_files;
mod contracts;
mod duplicates;
mod edit;
mod explain;
mod flow;
mod generate;
mod holding;
mod read;
mod shares;
mod update;

pub use change::change_lines;
pub use claim_files::{claim_file, delete_claim_file, known_claim_files, may_upload_claim_file, upload_claim_file};
pub use contracts::approved_contracts;
pub use duplicates::duplicates;
pub use edit::{claim_in, save_line, save_remark, take_out};
pub use explain::explanation;
pub use flow::{answer_correction, ask_correction, decide, delete, submit, withdraw};
pub use generate::{generate, offered_years};
pub use holding::{hold, holding};
pub use read::{ApprovedLine, ApprovedRecord, approved_versions, list, page, states, view};
pub use shares::{save_budget, shares};
pub use update::{comparison, ledger_news, update};

use super::{Record, store};
use crate::domain::access::{self, Deed as Wish, Relation};
use crate::domain::calendar::Day;
use crate::domain::ids::{RecordId, UnitId};
use crate::domain::organisation::Unit;
use crate::domain::record::line::LineRules;
use crate::domain::record::status::RecordAction;
use crate::error::AppError;
use crate::features::organisations::commands as organisations;
use crate::server::request::Deed;
use sqlx::AnyConnection;

/// A record with how it stands to the person who acts.
struct Found {
    record: Record,
    relation: Relation,
    unit: Unit,
    chief: Option<Unit>,
}

impl Found {
    fn chief_id(&self) -> Option<&UnitId> {
        self.chief.as_ref().map(|unit| &unit.id)
    }

    /// What is fixed for its lines.
    fn rules(&self, cutover: Day) -> LineRules {
        LineRules { year: self.record.year, basis: self.record.basis, cutover }
    }
}

/// Loads a record and checks that the person may do `wish` to it.
async fn find(db: &mut AnyConnection, deed: &Deed, id: &RecordId, wish: Wish) -> Result<Found, AppError> {
    let record = store::by_id(db, id).await?.ok_or(AppError::NotFound)?;
    let unit = organisations::unit_by_id(db, &record.unit).await?.ok_or(AppError::NotFound)?;
    let chief = organisations::supervisor_of(db, &record.unit).await?;
    let relation = Relation::of(&deed.by, &record.unit, chief.as_ref().map(|chief| &chief.id));
    access::may(&deed.by, wish, relation)?;
    Ok(Found { record, relation, unit, chief })
}

/// Like [`find`], for a transaction that changes the record: one comes after the other.
async fn find_and_hold(db: &mut AnyConnection, deed: &Deed, id: &RecordId, wish: Wish) -> Result<Found, AppError> {
    store::hold(db, id).await?;
    find(db, deed, id, wish).await
}

/// Loads a record whose contents the person may change now.
async fn find_editable(db: &mut AnyConnection, deed: &Deed, id: &RecordId) -> Result<Found, AppError> {
    let found = find_and_hold(db, deed, id, Wish::WorkOnRecord).await?;
    found.record.status.apply(&RecordAction::Edit)?;
    Ok(found)
}

fn lost_race() -> AppError {
    AppError::Conflict("内容已被其他人修改。请刷新页面查看最新内容；您刚才填写的内容仍保留在本页".to_owned())
}

fn won(race: bool) -> Result<(), AppError> {
    if race { Ok(()) } else { Err(lost_race()) }
}
