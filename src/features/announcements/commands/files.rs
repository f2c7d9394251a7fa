//! 附件 (C6): who may add, show, delete and read them.

use super::super::seen::{Attachment, FileEdit, Saved, Uploaded};
use super::super::store;
use super::{Asked, digest, find, find_asked, find_editable, won};
use crate::domain::access::Deed as Wish;
use crate::domain::announcement::attachment::{FileRefused, clean_name, judge, may_add, named};
use crate::domain::ids::{AnnouncementId, AttachmentId};
use crate::error::AppError;
use crate::features::approvals::commands as approvals;
use crate::features::records::commands as records;
use crate::server::files::sha256_hex;
use crate::server::ids::new_id;
use crate::server::installation;
use crate::server::request::{Deed, Services};

/// Seconds for which a file without a row is left alone: its upload may be under way.
const YOUNG: i64 = 3_600;
/// Files asked about in one statement.
const CHUNK: usize = 200;

/// A refusal of a file as the person gets it.
pub fn refused(refused: &FileRefused) -> AppError {
    match refused {
        FileRefused::TooLarge(_) => AppError::TooLarge(refused.to_string()),
        FileRefused::Kind | FileRefused::Empty | FileRefused::TooMany => AppError::field("file", refused),
    }
}

/// Whether a file may be added, before its content is taken.
pub async fn may_upload(services: &Services, deed: &Deed, id: &AnnouncementId, version: i64) -> Result<(), AppError> {
    find_editable(&mut *services.db.read().await?, deed, id, version).await.map(|_| ())
}

/// Adds a file. It is on disk before its row exists; if the row is refused, the file goes again (or [`sweep`] takes it).
pub async fn upload(
    services: &Services,
    deed: Deed,
    id: AnnouncementId,
    version: i64,
    name: &str,
    content: Vec<u8>,
) -> Result<Uploaded, AppError> {
    let kind = judge(&content, services.settings.attachment_bytes).map_err(|error| refused(&error))?;
    let name = named(&clean_name(name), kind);
    let size = i64::try_from(content.len()).unwrap_or(i64::MAX);
    let file = Attachment {
        id: new_id(deed.at)?,
        name,
        media_type: kind.media_type().to_owned(),
        size,
        sha256: sha256_hex(&content),
        is_shown: false,
    };
    services.files.store(file.id.as_str(), &content).await?;
    let stored = file.id.clone();
    let added = services
        .db
        .write(move |db| {
            Box::pin(async move {
                let row = find_editable(db, &deed, &id, version).await?;
                may_add(store::files::of(db, &row.id).await?.len()).map_err(|error| refused(&error))?;
                won(store::touch(db, &row, None, deed.at).await?)?;
                store::files::insert(db, &row.id, &file, deed.at).await?;
                approvals::remember(db, row.id.as_str(), &deed, "上传附件", &file.name).await?;
                Ok(Uploaded { file, saved: Saved { version: row.version + 1, at: deed.at } })
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

/// Sets 「外网展示」 of a file, or deletes it.
pub async fn change(services: &Services, deed: Deed, edit: FileEdit) -> Result<Saved, AppError> {
    let digest = digest(&deed, "file", &edit)?;
    let file = edit.file.clone();
    let deletes = edit.is_shown.is_none();
    let saved = services
        .db
        .write(move |db| {
            Box::pin(async move {
                let row = match find_asked(db, &deed, &edit.id, edit.version, &digest).await? {
                    Asked::First(row) => row,
                    Asked::Again(row) => return Ok(Saved { version: row.version, at: deed.at }),
                };
                let file = store::files::by_id(db, &row.id, &edit.file).await?.ok_or(AppError::NotFound)?;
                won(store::touch(db, &row, Some(&digest), deed.at).await?)?;
                let what = match edit.is_shown {
                    Some(is_shown) => {
                        won(store::files::show(db, &row.id, &edit.file, is_shown).await?)?;
                        if is_shown { "附件设为外网展示" } else { "附件取消外网展示" }
                    }
                    None => {
                        won(store::files::delete(db, &row.id, &edit.file).await?)?;
                        "删除附件"
                    }
                };
                approvals::remember(db, row.id.as_str(), &deed, what, &file.name).await?;
                Ok(Saved { version: row.version + 1, at: deed.at })
            })
        })
        .await?;
    if deletes {
        services.files.remove(file.as_str()).await;
    }
    Ok(saved)
}

/// A file for those who may see the announcement in the office.
pub async fn office_file(services: &Services, deed: &Deed, id: &AnnouncementId, file: &AttachmentId) -> Result<Attachment, AppError> {
    let mut db = services.db.read().await?;
    let row = find(&mut db, deed, id, Wish::ViewAnnouncement).await?;
    store::files::by_id(&mut db, &row.id, file).await?.ok_or(AppError::NotFound)
}

/// Removes the files that no row names, because their row was deleted or never came; how many. None younger than an hour.
///
/// Nothing goes from a folder that is not marked as this database's: what another database names would go.
pub async fn sweep(services: &Services) -> Result<usize, AppError> {
    if let Err(why) = installation::is_bound(&services.db, &services.files).await? {
        tracing::warn!(folder = %services.settings.data.join("attachments").display(), %why, "files without an announcement are not removed");
        return Ok(0);
    }
    // The list comes first: what gets its row afterwards is young.
    let (old, unfinished) = services.files.older_than(services.clock.now().plus_seconds(-YOUNG)).await?;
    let mut gone = unfinished;
    let ids: Vec<AttachmentId> = old.iter().filter_map(|name| AttachmentId::parse(name).ok()).collect();
    for chunk in ids.chunks(CHUNK) {
        let db = &mut *services.db.read().await?;
        let mut named = store::files::known(db, chunk).await?;
        // The files that prove claims lie in the same folder.
        let all: Vec<&str> = chunk.iter().map(AttachmentId::as_str).collect();
        named.extend(records::known_claim_files(db, &all).await?);
        gone.extend(chunk.iter().map(|id| id.as_str().to_owned()).filter(|id| !named.contains(id)));
    }
    for name in &gone {
        services.files.remove(name).await;
    }
    Ok(gone.len())
}
