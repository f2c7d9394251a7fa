//! Editing: autosave, 「生成公告」, 「删除」; lines in [`super::lines`].

use super::super::seen::{Generated, Patch, Saved, Seen};
use super::super::store::{self, Row};
use super::{Asked, digest, find_open, lost_race, versions, won, wording};
use crate::domain::access::Deed as Wish;
use crate::domain::announcement::document::Document;
use crate::domain::announcement::line::figures;
use crate::domain::announcement::number;
use crate::domain::announcement::part::{Part, clashes};
use crate::domain::announcement::status::AnnouncementAction;
use crate::domain::announcement::template::filled;
use crate::domain::announcement::version::Occasion;
use crate::domain::announcement::{REMARK_MAX, TITLE_MAX};
use crate::domain::calendar::Moment;
use crate::domain::text;
use crate::error::AppError;
use crate::features::approvals::commands as approvals;
use crate::server::request::{Deed, Services};
use sqlx::AnyConnection;

/// The parts in which the two differ.
fn differing(from: &Row, to: &Row) -> Vec<Part> {
    let differs = |part: &Part| match part {
        Part::Basics => (from.district, from.mode, from.expires_on) != (to.district, to.mode, to.expires_on),
        Part::Title => from.title != to.title,
        Part::Remark => from.remark != to.remark,
        Part::Document => from.document != to.document,
    };
    Part::ALL.into_iter().filter(differs).collect()
}

/// Writes the parts that differ, and notes which they were.
pub(super) async fn save_row(db: &mut AnyConnection, from: &Row, to: &Row, change: &str, now: Moment) -> Result<Saved, AppError> {
    won(store::update(db, from, to, change, now).await?)?;
    let saved = Saved { version: from.version + 1, at: now };
    for part in differing(from, to) {
        store::parts::stamp(db, &from.id, part, saved.version).await?;
    }
    Ok(saved)
}

/// Refuses a change of parts that somebody else has changed since `seen`.
async fn unless_clashing(db: &mut AnyConnection, from: &Row, to: &Row, seen: i64) -> Result<(), AppError> {
    let mut clashing = Vec::new();
    for part in differing(from, to) {
        if clashes(store::parts::version(db, &from.id, part).await?, seen, false) {
            clashing.push(part.label());
        }
    }
    if clashing.is_empty() {
        return Ok(());
    }
    let parts = clashing.join("、");
    Err(AppError::Conflict(format!("{parts}已在别处修改，请选择保留哪一份；您填写的内容仍在本页")))
}

/// Stores what was typed: 基本信息, 标题, 备注, 正文. The same asked again is answered as done; a part that somebody else has changed since
/// is refused with everything that came with it, other parts do not matter.
pub async fn save(services: &Services, deed: Deed, patch: Patch) -> Result<Saved, AppError> {
    let digest = digest(&deed, "save", &patch)?;
    let change = patch.change;
    // Read before the transaction: a long text is no reason to keep other writers waiting.
    let document = change.document.as_deref().map(Document::parse).transpose().map_err(|error| AppError::field("document", error))?;
    let title = change
        .title
        .as_deref()
        .map(|title| text::optional("公告标题", title, TITLE_MAX))
        .transpose()
        .map_err(|error| AppError::field("title", error))?;
    let remark = change
        .remark
        .as_deref()
        .map(|remark| text::optional("备注", remark, REMARK_MAX))
        .transpose()
        .map_err(|error| AppError::field("remark", error))?;
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                let row = match find_open(db, &deed, &patch.id, patch.version, &digest).await? {
                    Asked::First(row) => row,
                    Asked::Again(row) => return Ok(Saved { version: row.version, at: deed.at }),
                };
                let mut to = row.clone();
                if let Some(basics) = change.basics {
                    to.district = basics.district;
                    to.mode = basics.mode;
                    to.expires_on = basics.expires_on;
                }
                if let Some(title) = title {
                    to.title = title;
                }
                if let Some(remark) = remark {
                    to.remark = remark;
                }
                if let Some(document) = document {
                    if row.document.is_none() {
                        return Err(AppError::Conflict("请先点击「生成公告」，再编辑公告正文".to_owned()));
                    }
                    to.document = Some(document.to_json().to_string());
                }
                unless_clashing(db, &row, &to, patch.version).await?;
                if patch.is_choice {
                    versions::before_deed(db, &row).await?;
                }
                versions::before_edit(db, &row, &deed).await?;
                save_row(db, &row, &to, &digest, deed.at).await
            })
        })
        .await
}

/// 「生成公告」: gives the number of the district, the title and the text of its template, each where it is still missing.
pub async fn generate(services: &Services, deed: Deed, seen: Seen) -> Result<Generated, AppError> {
    let digest = digest(&deed, "generate", &seen)?;
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                let row = match find_open(db, &deed, &seen.id, seen.version, &digest).await? {
                    Asked::First(row) => row,
                    Asked::Again(row) => {
                        let saved = Saved { version: row.version, at: deed.at };
                        let (number, document) = row.number.zip(row.document).ok_or_else(lost_race)?;
                        return Ok(Generated { number, title: row.title, document, saved });
                    }
                };
                let mut to = row.clone();
                let taken = wording::of(db, &row.id).await?;
                let given = match row.number.clone().filter(|given| number::is_of(given, row.district)) {
                    Some(given) => given,
                    None => number::number(row.district, row.year, store::numbers::next_serial(db, row.district, row.year).await?),
                };
                if row.title.is_empty() {
                    to.title = taken.wording.title.fill(&row.unit_name, row.year.number());
                }
                let text = match &row.document {
                    Some(text) => text.clone(),
                    None => {
                        let lines = store::lines::of(db, &row.id).await?;
                        let figures = figures(&row.unit_name, row.year, &row.remark, None, &lines);
                        filled(&taken.wording.document, &figures).to_json().to_string()
                    }
                };
                to.number = Some(given.clone());
                to.document = Some(text.clone());
                let saved = save_row(db, &row, &to, &digest, deed.at).await?;
                versions::at_deed(db, &to, &deed, Occasion::Generated, &format!("公告编号 {given}")).await?;
                approvals::remember(db, row.id.as_str(), &deed, "生成公告", &format!("公告编号 {given}")).await?;
                Ok(Generated { number: given, title: to.title, document: text, saved })
            })
        })
        .await
}

/// 「删除」 of the whole; its number is not given again.
pub async fn delete(services: &Services, deed: Deed, seen: Seen) -> Result<(), AppError> {
    let files = services
        .db
        .write(move |db| {
            Box::pin(async move {
                store::hold(db, &seen.id).await?;
                let row = super::find(db, &deed, &seen.id, Wish::WorkOnAnnouncement).await?;
                row.status.apply(&AnnouncementAction::Delete, deed.at)?;
                won(row.version == seen.version)?;
                let files = store::files::stored(db, &row.id).await?;
                super::correct::release(db, &row, &deed).await?;
                won(store::delete(db, &row).await?)?;
                approvals::forget(db, row.id.as_str()).await?;
                Ok(files)
            })
        })
        .await?;
    for file in files {
        services.files.remove(&file).await;
    }
    Ok(())
}
