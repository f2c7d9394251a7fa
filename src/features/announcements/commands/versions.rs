//! 历史版本: when one is kept, what differs between two, and 「恢复」.
//!
//! A change does not make a version; the state of things before somebody else's change, or ten minutes after the first of one's own, does.
//! So typing costs nothing but a note of who is at it.

use super::super::seen::{Compared, Current, Restoration, Saved, VersionPair, VersionRow, Versions};
use super::super::store::{
    self, Row,
    templates::Taken,
    versions::{Contents, Digests, Editing, Kept},
};
use super::edit::save_row;
use super::{digest, find, won};
use crate::domain::access::Deed as Wish;
use crate::domain::announcement::document::Document;
use crate::domain::announcement::status::AnnouncementAction;
use crate::domain::announcement::version::compare::compare;
use crate::domain::announcement::version::{EDITS_KEPT, FOLD_SECONDS, Head, Occasion, Snapshot, VersionFile, VersionLine};
use crate::domain::ids::AnnouncementId;
use crate::error::AppError;
use crate::features::approvals::commands as approvals;
use crate::server::fault::{fault, impossible};
use crate::server::files::sha256_hex;
use crate::server::request::{Deed, Services};
use sqlx::AnyConnection;

/// What an announcement says now.
async fn contents(db: &mut AnyConnection, row: &Row) -> Result<Contents, AppError> {
    let files = store::files::of(db, &row.id).await?.into_iter();
    let head = Head {
        title: row.title.clone(),
        district: row.district,
        mode: row.mode,
        expires_on: row.expires_on,
        remark: row.remark.clone(),
        files: files.map(|file| VersionFile { id: file.id, name: file.name, sha256: file.sha256, is_shown: file.is_shown }).collect(),
    };
    let lines: Vec<VersionLine> = store::lines::of(db, &row.id).await?.iter().map(VersionLine::of).collect();
    let taken = store::templates::taken(db, &row.id).await?;
    Ok(Contents {
        wording: taken.map(|taken| taken.to_json()).transpose()?,
        head: serde_json::to_string(&head).map_err(|error| fault(&error))?,
        document: row.document.clone(),
        lines: serde_json::to_string(&lines).map_err(|error| fault(&error))?,
    })
}

fn digests(contents: &Contents) -> Digests {
    Digests {
        head: contents.head.clone(),
        document: contents.document.as_ref().map(|text| sha256_hex(text.as_bytes())),
        lines: sha256_hex(contents.lines.as_bytes()),
        wording: contents.wording.as_ref().map(|text| sha256_hex(text.as_bytes())),
    }
}

/// Keeps what the announcement says now; mere editing that has changed nothing is no version.
async fn keep(db: &mut AnyConnection, row: &Row, version: Kept) -> Result<(), AppError> {
    let contents = contents(db, row).await?;
    let digests = digests(&contents);
    let last = store::versions::last(db, &row.id).await?;
    if version.occasion == Occasion::Edited && last.as_ref().is_some_and(|(_, kept)| *kept == digests) {
        return Ok(());
    }
    let shared = digests.document.iter().zip(&contents.document).chain(digests.wording.iter().zip(&contents.wording));
    for (digest, content) in shared.chain([(&digests.lines, &contents.lines)]) {
        store::versions::insert_part(db, &row.id, digest, content).await?;
    }
    let number = last.map_or(1, |(number, _)| number + 1);
    store::versions::insert(db, &row.id, &Kept { number, ..version }, &digests).await?;
    Ok(store::versions::thin(db, &row.id, EDITS_KEPT).await?)
}

fn edited(editing: Editing) -> Kept {
    Kept { number: 0, occasion: Occasion::Edited, note: String::new(), who: editing.who, since: editing.since, at: editing.at }
}

/// Before a change of any kind: the state of things becomes a version, if it is another person's or older than one version may take.
pub(super) async fn before_edit(db: &mut AnyConnection, row: &Row, deed: &Deed) -> Result<(), AppError> {
    let since = match store::versions::editing(db, &row.id).await? {
        Some(editing) if editing.user == deed.by.user && deed.at < editing.since.plus_seconds(FOLD_SECONDS) => editing.since,
        Some(editing) => {
            keep(db, row, edited(editing)).await?;
            deed.at
        }
        None => {
            // One that was made before versions were kept.
            if store::versions::last(db, &row.id).await?.is_none() {
                let first = Editing { user: deed.by.user.clone(), who: row.unit_name.clone(), since: deed.at, at: deed.at };
                keep(db, row, edited(first)).await?;
            }
            deed.at
        }
    };
    let editing = Editing { user: deed.by.user.clone(), who: deed.by.name.clone(), since, at: deed.at };
    Ok(store::versions::set_editing(db, &row.id, &editing).await?)
}

/// Before a deed that always makes a version and replaces what was written: what mere editing has made is kept first, so that it
/// can be compared with what the deed leaves.
pub(super) async fn before_deed(db: &mut AnyConnection, row: &Row) -> Result<(), AppError> {
    if let Some(editing) = store::versions::editing(db, &row.id).await? {
        keep(db, row, edited(editing)).await?;
        store::versions::end_editing(db, &row.id).await?;
    }
    Ok(())
}

/// At a deed that always makes a version; `row` is as the deed has left it.
pub(super) async fn at_deed(db: &mut AnyConnection, row: &Row, deed: &Deed, occasion: Occasion, note: &str) -> Result<(), AppError> {
    // Another person's editing is told as theirs.
    if let Some(editing) = store::versions::editing(db, &row.id).await?
        && editing.user != deed.by.user
    {
        keep(db, row, edited(editing)).await?;
    }
    let version = Kept { number: 0, occasion, note: note.to_owned(), who: deed.by.name.clone(), since: deed.at, at: deed.at };
    keep(db, row, version).await?;
    Ok(store::versions::end_editing(db, &row.id).await?)
}

/// 「历史版本」.
pub async fn list(services: &Services, deed: &Deed, id: &AnnouncementId) -> Result<Versions, AppError> {
    let mut db = services.db.read().await?;
    let row = find(&mut db, deed, id, Wish::ViewAnnouncement).await?;
    let rows = store::versions::of(&mut db, id).await?.into_iter().map(|kept| VersionRow {
        number: kept.number,
        occasion: kept.occasion,
        note: kept.note,
        who: kept.who,
        since: kept.since,
        at: kept.at,
    });
    let editing = store::versions::editing(&mut db, id).await?;
    let may_restore = super::allowed_to(&mut db, deed, &row).await?.edit && row.document.is_some();
    Ok(Versions {
        title: super::name(&row),
        rows: rows.collect(),
        current: editing.map(|editing| Current { who: editing.who, since: editing.since, at: editing.at }),
        may_restore,
        version: row.version,
        id: row.id,
    })
}

/// A version as it is stored; 0 is what the announcement says now.
async fn stored(db: &mut AnyConnection, row: &Row, number: i64) -> Result<Contents, AppError> {
    match number {
        0 => contents(db, row).await,
        number => store::versions::contents(db, &row.id, number).await?.ok_or(AppError::NotFound),
    }
}

/// A version as a whole.
fn snapshot(row: &Row, stored: &Contents) -> Result<Snapshot, AppError> {
    let wrong = |what: &dyn std::fmt::Display| impossible("announcement_versions", row.id.as_str(), what);
    Ok(Snapshot {
        head: serde_json::from_str(&stored.head).map_err(|error| wrong(&error))?,
        document: stored.document.as_deref().map(Document::parse).transpose().map_err(|error| wrong(&error))?,
        lines: serde_json::from_str(&stored.lines).map_err(|error| wrong(&error))?,
    })
}

/// What differs between two versions.
pub async fn difference(services: &Services, deed: &Deed, pair: &VersionPair) -> Result<Compared, AppError> {
    let mut db = services.db.read().await?;
    let row = find(&mut db, deed, &pair.id, Wish::ViewAnnouncement).await?;
    let (old, new) = (stored(&mut db, &row, pair.from).await?, stored(&mut db, &row, pair.to).await?);
    Ok(Compared { from: pair.from, to: pair.to, comparison: compare(&snapshot(&row, &old)?, &snapshot(&row, &new)?) })
}

/// 「恢复」: title, 备注 and text of a version become those of the draft, and the template is the one that they began with. What they replace is
/// kept as a version, so that this can be undone the same way; lines, files and 基本信息 stay.
pub async fn restore(services: &Services, deed: Deed, restoration: Restoration) -> Result<Saved, AppError> {
    let digest = digest(&deed, "restore", &restoration)?;
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                store::hold(db, &restoration.id).await?;
                let row = find(db, &deed, &restoration.id, Wish::WorkOnAnnouncement).await?;
                row.status.apply(&AnnouncementAction::Edit, deed.at)?;
                // Asked again, because the answer was lost.
                if row.version - 1 == restoration.version && row.last_change.as_deref() == Some(&digest) {
                    return Ok(Saved { version: row.version, at: deed.at });
                }
                won(row.version == restoration.version)?;
                if row.document.is_none() {
                    return Err(AppError::Conflict("请先点击「生成公告」，再恢复历史版本".to_owned()));
                }
                let stored = stored(db, &row, restoration.number).await?;
                let kept = snapshot(&row, &stored)?;
                before_deed(db, &row).await?;
                let mut to = row.clone();
                to.title = kept.head.title;
                to.remark = kept.head.remark;
                if let Some(document) = kept.document {
                    to.document = Some(document.to_json().to_string());
                }
                let saved = save_row(db, &row, &to, &digest, deed.at).await?;
                if let Some(wording) = &stored.wording {
                    let taken = Taken::from_json(&row.id, wording)?;
                    store::templates::take(db, &row.id, &taken, deed.at).await?;
                }
                let note = format!("第 {} 版的标题、备注和正文", restoration.number);
                at_deed(db, &to, &deed, Occasion::Restored, &note).await?;
                approvals::remember(db, row.id.as_str(), &deed, "恢复历史版本", &note).await?;
                Ok(saved)
            })
        })
        .await
}
