//! 附件 (C6): who may add, show, delete and read them.

use super::super::seen::{Attachment, FileEdit, Saved, Uploaded};
use super::super::store;
use super::{find, find_editable, won};
use crate::domain::access::Deed as Wish;
use crate::domain::announcement::attachment::{FileKind, clean_name, named};
use crate::domain::ids::{AnnouncementId, AttachmentId};
use crate::error::AppError;
use crate::features::approvals::commands as approvals;
use crate::server::files::sha256_hex;
use crate::server::ids::new_id;
use crate::server::request::{Deed, Services};

/// Most files of one announcement.
const MOST: usize = 20;

/// Whether a file may be added, before its content is taken.
pub async fn may_upload(services: &Services, deed: &Deed, id: &AnnouncementId, version: i64) -> Result<(), AppError> {
    find_editable(&mut *services.db.read().await?, deed, id, version).await.map(|_| ())
}

/// Adds a file. It is on disk before its row exists; if the row is refused, the file goes again.
pub async fn upload(
    services: &Services,
    deed: Deed,
    id: AnnouncementId,
    version: i64,
    name: &str,
    content: Vec<u8>,
) -> Result<Uploaded, AppError> {
    let kind = FileKind::of(&content).ok_or_else(|| {
        AppError::field("file", "只能上传 PDF、PNG、JPEG、Word、Excel 或 OFD 文件；文件内容与这些格式不符，请另存后再上传")
    })?;
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
                if store::files::of(db, &row.id).await?.len() >= MOST {
                    return Err(AppError::field("file", format!("每份公告最多 {MOST} 个附件，请先删除不需要的附件")));
                }
                won(store::touch(db, &row, deed.at).await?)?;
                store::files::insert(db, &row.id, &file, deed.at).await?;
                approvals::remember(db, row.id.as_str(), &deed, "上传附件", &file.name).await?;
                Ok(Uploaded { file, saved: Saved { version: row.version + 1, at: deed.at } })
            })
        })
        .await;
    if added.is_err() {
        services.files.remove(stored.as_str()).await;
    }
    added
}

/// Sets 「外网展示」 of a file, or deletes it.
pub async fn change(services: &Services, deed: Deed, edit: FileEdit) -> Result<Saved, AppError> {
    let file = edit.file.clone();
    let deletes = edit.is_shown.is_none();
    let saved = services
        .db
        .write(move |db| {
            Box::pin(async move {
                let row = find_editable(db, &deed, &edit.id, edit.version).await?;
                let file = store::files::by_id(db, &row.id, &edit.file).await?.ok_or(AppError::NotFound)?;
                won(store::touch(db, &row, deed.at).await?)?;
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
