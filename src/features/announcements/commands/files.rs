//! 附件 (C6): who may add, show, delete and read them.

use super::super::seen::{Attachment, FileEdit, FileOrder, Saved, Uploaded};
use super::super::store::{self, Row};
use super::{Asked, digest, find, find_open, versions, won};
use crate::domain::access::Deed as Wish;
use crate::domain::announcement::attachment::{FileRefused, clean_name, judge, may_add, may_replace, named, ordered};
use crate::domain::announcement::status::AnnouncementAction;
use crate::domain::ids::{AnnouncementId, AttachmentId, UploadKey};
use crate::error::AppError;
use crate::features::approvals::commands as approvals;
use crate::features::records::commands as records;
use crate::server::files::sha256_hex;
use crate::server::ids::new_id;
use crate::server::installation;
use crate::server::request::{Deed, Services};
use sqlx::AnyConnection;

/// Seconds for which a file without a row is left alone: its upload may be under way.
const YOUNG: i64 = 3_600;
/// Files asked about in one statement.
const CHUNK: usize = 200;

/// A refusal of a file as the person gets it.
pub fn refused(refused: &FileRefused) -> AppError {
    match refused {
        FileRefused::TooLarge(_) => AppError::TooLarge(refused.to_string()),
        FileRefused::Kind | FileRefused::Macros | FileRefused::Empty | FileRefused::TooMany | FileRefused::TooManyOlder => {
            AppError::field("file", refused)
        }
    }
}

/// What is said of a file beside its content.
#[derive(Clone, Debug)]
pub struct Sending {
    /// By which the same upload is known when it is sent again, because its answer was lost.
    pub key: UploadKey,
    /// The file in whose place it comes.
    pub replaces: Option<AttachmentId>,
}

/// What was done under the key of an upload already; refused where that was another content.
async fn done_before(db: &mut AnyConnection, row: &Row, key: &UploadKey, sha256: Option<&str>) -> Result<Option<Attachment>, AppError> {
    let Some(found) = store::files::by_key(db, &row.id, key).await? else { return Ok(None) };
    match sha256 {
        Some(sha256) if found.sha256 != sha256 => Err(AppError::Conflict("文件在上传期间改变了，请重新选择该文件再上传".to_owned())),
        _ => Ok(Some(found)),
    }
}

/// Whether a file may be added, before its content is taken. An upload that was done already may be asked about in any state.
pub async fn may_upload(services: &Services, deed: &Deed, id: &AnnouncementId, key: &UploadKey) -> Result<(), AppError> {
    let mut db = services.db.read().await?;
    let row = find(&mut db, deed, id, Wish::WorkOnAnnouncement).await?;
    if done_before(&mut db, &row, key, None).await?.is_none() {
        row.status.apply(&AnnouncementAction::Edit, deed.at)?;
    }
    Ok(())
}

/// Adds a file. It is on disk before its row exists; if the row is refused, the file goes again (or [`sweep`] takes it).
///
/// An upload names no version: it disturbs nothing that somebody else is changing.
pub async fn upload(
    services: &Services,
    deed: Deed,
    id: AnnouncementId,
    sending: Sending,
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
        older: Vec::new(),
    };
    services.files.store(file.id.as_str(), &content).await?;
    let stored = file.id.clone();
    let added = services.db.write(move |db| Box::pin(async move { add(db, &deed, &id, &sending, file).await })).await;
    // A commit whose answer is lost may stand all the same; then the sweep decides.
    let is_unclear = matches!(added, Err(AppError::Busy | AppError::Internal(_)));
    let is_kept = added.as_ref().is_ok_and(|uploaded| uploaded.file.id == stored);
    if !is_kept && !is_unclear {
        services.files.remove(stored.as_str()).await;
    }
    added
}

/// The row of a file that lies on the disk; or of the one that came under the same key before.
async fn add(db: &mut AnyConnection, deed: &Deed, id: &AnnouncementId, sending: &Sending, file: Attachment) -> Result<Uploaded, AppError> {
    // The same upload may be under way twice: the second sees what the first did.
    store::hold(db, id).await?;
    let row = find(db, deed, id, Wish::WorkOnAnnouncement).await?;
    if let Some(file) = done_before(db, &row, &sending.key, Some(&file.sha256)).await? {
        return Ok(Uploaded { file, saved: Saved { version: row.version, at: deed.at } });
    }
    row.status.apply(&AnnouncementAction::Edit, deed.at)?;
    let replaced = match &sending.replaces {
        Some(old) => Some(store::files::by_id(db, &row.id, old).await?.ok_or_else(gone)?),
        None => None,
    };
    match &replaced {
        Some(old) => {
            let older = store::files::count_older(db, &old.id).await?;
            may_replace(usize::try_from(older).unwrap_or_default())
        }
        None => may_add(store::files::of(db, &row.id).await?.len()),
    }
    .map_err(|error| refused(&error))?;
    versions::before_edit(db, &row, deed).await?;
    won(store::touch(db, &row, None, deed.at).await?)?;
    store::files::insert(db, &row.id, &file, &sending.key, deed.at).await?;
    match replaced {
        Some(old) => {
            if !store::files::replace(db, &row.id, &old.id, &file.id).await? {
                return Err(gone());
            }
            approvals::remember(db, row.id.as_str(), deed, "替换附件", &format!("{} → {}", old.name, file.name)).await?;
        }
        None => approvals::remember(db, row.id.as_str(), deed, "上传附件", &file.name).await?,
    }
    let file = store::files::by_id(db, &row.id, &file.id).await?.ok_or(AppError::NotFound)?;
    Ok(Uploaded { file, saved: Saved { version: row.version + 1, at: deed.at } })
}

/// A file that somebody else has deleted or replaced meanwhile.
fn gone() -> AppError {
    AppError::Conflict("该附件已被删除或替换，请刷新页面查看最新的附件".to_owned())
}

/// Sets 「外网展示」 of a file, or deletes it with what it has replaced.
pub async fn change(services: &Services, deed: Deed, edit: FileEdit) -> Result<Saved, AppError> {
    let digest = digest(&deed, "file", &edit)?;
    let (saved, gone) = services
        .db
        .write(move |db| {
            Box::pin(async move {
                let row = match find_open(db, &deed, &edit.id, edit.version, &digest).await? {
                    Asked::First(row) => row,
                    Asked::Again(row) => return Ok((Saved { version: row.version, at: deed.at }, Vec::new())),
                };
                let file = store::files::by_id(db, &row.id, &edit.file).await?.ok_or(AppError::NotFound)?;
                versions::before_edit(db, &row, &deed).await?;
                won(store::touch(db, &row, Some(&digest), deed.at).await?)?;
                let mut removed = Vec::new();
                let what = match edit.is_shown {
                    Some(is_shown) => {
                        if !store::files::show(db, &row.id, &edit.file, is_shown).await? {
                            return Err(gone());
                        }
                        if is_shown { "附件设为外网展示" } else { "附件取消外网展示" }
                    }
                    None => {
                        removed = store::files::delete(db, &row.id, &edit.file).await?;
                        if removed.is_empty() {
                            return Err(gone());
                        }
                        "删除附件"
                    }
                };
                approvals::remember(db, row.id.as_str(), &deed, what, &file.name).await?;
                Ok((Saved { version: row.version + 1, at: deed.at }, removed))
            })
        })
        .await?;
    for file in gone {
        services.files.remove(&file).await;
    }
    Ok(saved)
}

/// Puts the files in this order; asked again it changes nothing.
pub async fn order(services: &Services, deed: Deed, order: FileOrder) -> Result<Saved, AppError> {
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                store::hold(db, &order.id).await?;
                let row = find(db, &deed, &order.id, Wish::WorkOnAnnouncement).await?;
                row.status.apply(&AnnouncementAction::Edit, deed.at)?;
                let before: Vec<AttachmentId> = store::files::of(db, &row.id).await?.into_iter().map(|file| file.id).collect();
                let after = ordered(&before, &order.files);
                if after == before {
                    return Ok(Saved { version: row.version, at: deed.at });
                }
                versions::before_edit(db, &row, &deed).await?;
                won(store::touch(db, &row, None, deed.at).await?)?;
                for (position, file) in (1_i64..).zip(&after) {
                    store::files::place(db, &row.id, file, position).await?;
                }
                approvals::remember(db, row.id.as_str(), &deed, "调整附件顺序", "").await?;
                Ok(Saved { version: row.version + 1, at: deed.at })
            })
        })
        .await
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
