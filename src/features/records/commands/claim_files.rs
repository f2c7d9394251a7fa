//! Files that prove a claim: who may add, read and take them away.

use super::super::{ClaimFile, store};
use super::{find, find_editable};
use crate::domain::access::Deed as Wish;
use crate::domain::announcement::attachment::{FileRefused, clean_name, judge, named};
use crate::domain::ids::{ClaimFileId, LineId, RecordId};
use crate::domain::record::claim_file::{ClaimFileRefused, may_add, may_delete};
use crate::domain::record::status::RecordAction;
use crate::error::AppError;
use crate::features::approvals::commands as approvals;
use crate::features::records::api::ClaimFileAt;
use crate::server::files::sha256_hex;
use crate::server::ids::new_id;
use crate::server::request::{Deed, Services};
use sqlx::AnyConnection;

fn refused(refused: &FileRefused) -> AppError {
    match refused {
        FileRefused::TooLarge(_) => AppError::TooLarge(refused.to_string()),
        FileRefused::Kind | FileRefused::Macros | FileRefused::Empty | FileRefused::TooMany | FileRefused::TooManyOlder => {
            AppError::field("file", refused)
        }
    }
}

/// The line's project name, if one more file may be added to its claim.
async fn claimed(db: &mut AnyConnection, record: &RecordId, line: &LineId) -> Result<String, AppError> {
    let line = store::lines::by_id(db, record, line).await?.ok_or(AppError::NotFound)?;
    let name = line.contract().map(|contract| contract.project_name.clone()).unwrap_or_default();
    if line.claim().is_none() {
        return Err(AppError::field("file", ClaimFileRefused::NoClaim));
    }
    let present = store::claim_files::of(db, record).await?.iter().filter(|file| file.line == line.id).count();
    may_add(present).map_err(|error| AppError::field("file", error))?;
    Ok(name)
}

/// Whether a file may be added, before its content is taken.
pub async fn may_upload_claim_file(services: &Services, deed: &Deed, record: &RecordId, line: &LineId) -> Result<(), AppError> {
    // A question only: the upload itself asks again, in its transaction.
    let mut db = services.db.read().await?;
    let found = find(&mut db, deed, record, Wish::WorkOnRecord).await?;
    found.record.status.apply(&RecordAction::Edit)?;
    claimed(&mut db, record, line).await.map(|_| ())
}

/// Adds a file. It is on disk before its row exists; if the row is refused, the file goes again (or the daily sweep takes it).
pub async fn upload_claim_file(
    services: &Services,
    deed: Deed,
    record: RecordId,
    line: LineId,
    name: &str,
    content: Vec<u8>,
) -> Result<ClaimFile, AppError> {
    let kind = judge(&content, services.settings.attachment_bytes).map_err(|error| refused(&error))?;
    let file = ClaimFile {
        id: new_id(deed.at)?,
        line: line.clone(),
        name: named(&clean_name(name), kind),
        media_type: kind.media_type().to_owned(),
        size: i64::try_from(content.len()).unwrap_or(i64::MAX),
        sha256: sha256_hex(&content),
        uploaded_at: deed.at,
    };
    services.files.store(file.id.as_str(), &content).await?;
    let stored = file.id.clone();
    let added = services
        .db
        .write(move |db| {
            Box::pin(async move {
                find_editable(db, &deed, &record).await?;
                let project = claimed(db, &record, &line).await?;
                store::claim_files::insert(db, &record, &file).await?;
                approvals::remember(db, record.as_str(), &deed, "上传证明材料", &format!("“{project}” {}", file.name)).await?;
                Ok(file)
            })
        })
        .await;
    // A commit whose answer is lost may stand all the same; then the sweep decides.
    let is_unclear = matches!(added, Err(AppError::Busy | AppError::Internal(_)));
    if added.is_err() && !is_unclear {
        services.files.remove(stored.as_str()).await;
    }
    added
}

/// A file for those who may see the record.
pub async fn claim_file(services: &Services, deed: &Deed, record: &RecordId, id: &ClaimFileId) -> Result<ClaimFile, AppError> {
    let mut db = services.db.read().await?;
    find(&mut db, deed, record, Wish::ViewRecord).await?;
    store::claim_files::by_id(&mut db, record, id).await?.ok_or(AppError::NotFound)
}

/// Takes a file away that nobody has decided on yet.
pub async fn delete_claim_file(services: &Services, deed: Deed, input: ClaimFileAt) -> Result<(), AppError> {
    let id = input.file.clone();
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                let found = find_editable(db, &deed, &input.record).await?;
                let file = store::claim_files::by_id(db, &input.record, &input.file).await?.ok_or(AppError::NotFound)?;
                may_delete(file.uploaded_at, found.record.submitted_at).map_err(AppError::invalid)?;
                store::claim_files::delete(db, &input.record, &input.file).await?;
                approvals::remember(db, input.record.as_str(), &deed, "删除证明材料", &file.name).await
            })
        })
        .await?;
    services.files.remove(id.as_str()).await;
    Ok(())
}

/// Which of these files prove a claim; the sweep of the folder asks.
pub async fn known_claim_files(db: &mut AnyConnection, ids: &[&str]) -> Result<Vec<String>, AppError> {
    store::claim_files::known(db, ids).await
}
