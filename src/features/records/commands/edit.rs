//! Changing a record's lines and words (A5, A6, A9, A12). Each change names the version of the line that its page showed.

use super::super::{LeftOut, store};
use super::{Found, find_editable, lost_race, won};
use crate::domain::approval::OPINION_MAX;
use crate::domain::ids::{LineId, RecordId};
use crate::domain::record::line::{Claim, Line, LineCell, LineRules};
use crate::domain::record::{REMARK_MAX, Shift};
use crate::domain::text;
use crate::error::AppError;
use crate::features::approvals::commands as approvals;
use crate::features::records::api::{ClaimInput, ClaimedIn, LineEdit, RemarkChange, SavedLine, TakeOutInput, TakenOut};
use crate::server::ids::new_id;
use crate::server::request::{Deed, Services};
use sqlx::AnyConnection;

/// Writes what was typed into the cells of one line.
pub async fn save_line(services: &Services, deed: Deed, input: LineEdit) -> Result<SavedLine, AppError> {
    let cutover = services.settings.cutover;
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                let found = find_editable(db, &deed, &input.record).await?;
                let rules = found.rules(cutover);
                let content_version_before = found.record.content_version;
                let mut line = store::lines::by_id(db, &input.record, &input.line).await?.ok_or_else(lost_race)?;
                let before = line.clone();
                for (cell, typed) in &input.cells {
                    line = line.with(*cell, typed, &rules).map_err(|refused| AppError::field(cell.code(), refused))?;
                }
                if line.version != input.version {
                    // The answer to an earlier save was lost on its way: what is asked for is stored already.
                    let is_stored = line.overrides == before.overrides && line.reason == before.reason;
                    let (version, content_version) = (line.version, content_version_before);
                    let saved = SavedLine { version, content_version_before, content_version, at: deed.at };
                    return if is_stored { Ok(saved) } else { Err(lost_race()) };
                }
                won(store::lines::update(db, &input.record, &line).await?)?;
                line.version += 1;
                let content_version = shift(db, &found, &rules, &deed, (Some(&before), Some(&line))).await?;
                let changed = describe(&before, &line, &rules);
                if !changed.is_empty() {
                    approvals::remember(db, input.record.as_str(), &deed, "修改明细", &changed).await?;
                }
                Ok(SavedLine { version: line.version, content_version_before, content_version, at: deed.at })
            })
        })
        .await
}

/// What a change of a line says in 操作日志.
pub(super) fn describe(before: &Line, after: &Line, rules: &LineRules) -> String {
    let (before, after) = (before.review(rules), after.review(rules));
    let changes: Vec<String> = LineCell::ALL
        .into_iter()
        .filter(|cell| before.text(*cell) != after.text(*cell))
        .map(|cell| format!("{}：{} → {}", cell.label(), or_empty(&before.text(cell)), or_empty(&after.text(cell))))
        .collect();
    if changes.is_empty() { String::new() } else { format!("“{}” {}", after.project_name, changes.join("；")) }
}

fn or_empty(text: &str) -> &str {
    if text.is_empty() { "（空）" } else { text }
}

/// Words for 操作日志: the beginning of a long text, with its length.
fn shortened(text: &str) -> String {
    const SHOWN: usize = 60;
    let length = text.chars().count();
    if length <= SHOWN {
        or_empty(text).to_owned()
    } else {
        format!("{}…（共 {length} 字）", text.chars().take(SHOWN).collect::<String>())
    }
}

/// 「剔除」: takes a collected line out, with a reason; the contract joins those left out (`CLAIMED_OUT`).
pub async fn take_out(services: &Services, deed: Deed, input: TakeOutInput) -> Result<TakenOut, AppError> {
    let reason = text::required("剔除理由", &input.reason, OPINION_MAX).map_err(|error| AppError::field("reason", error))?;
    let cutover = services.settings.cutover;
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                let found = find_editable(db, &deed, &input.record).await?;
                let line = line_at(db, &input.record, &input.line, input.version).await?;
                let (contract, rule, kept) = line.taken_out(reason.clone()).map_err(AppError::invalid)?;
                let contract_id = store::lines::delete(db, &input.record, &line).await?.ok_or_else(lost_race)?.unwrap_or_default();
                let detail = format!("“{}” {reason}", contract.project_name);
                let left_out = LeftOut { id: new_id(deed.at)?, contract, rule, reason: kept };
                store::claim_files::follow(db, &input.record, input.line.as_str(), left_out.id.as_str()).await?;
                let added = [(left_out, contract_id)];
                store::lines::insert_left_out(db, &input.record, &added).await?;
                let [(left_out, _)] = added;
                let content_version = shift(db, &found, &found.rules(cutover), &deed, (Some(&line), None)).await?;
                approvals::remember(db, input.record.as_str(), &deed, "剔除合同", &detail).await?;
                Ok(TakenOut { left_out, content_version_before: found.record.content_version, content_version })
            })
        })
        .await
}

/// 「申请纳入」: counts a left-out contract all the same, with a reason; one that the unit took out itself comes back as it was collected.
///
/// Gives the line that it made.
pub async fn claim_in(services: &Services, deed: Deed, input: ClaimInput) -> Result<ClaimedIn, AppError> {
    let reason = text::required("纳入理由", &input.reason, OPINION_MAX).map_err(|error| AppError::field("reason", error))?;
    let cutover = services.settings.cutover;
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                let found = find_editable(db, &deed, &input.record).await?;
                let taken = store::lines::take_left_out(db, &input.record, &input.left_out).await?;
                let (left_out, contract_id) = taken.ok_or_else(lost_race)?;
                let detail = format!("“{}” {reason}", left_out.contract.project_name);
                let claim = Claim::against(left_out.rule, reason);
                let line = Line::collected(new_id(deed.at)?, left_out.contract, claim);
                let position = store::lines::next_position(db, &input.record).await?;
                let added = [(line, Some(contract_id))];
                store::lines::insert(db, &input.record, &added, position).await?;
                let [(line, _)] = added;
                store::claim_files::follow(db, &input.record, input.left_out.as_str(), line.id.as_str()).await?;
                let content_version = shift(db, &found, &found.rules(cutover), &deed, (None, Some(&line))).await?;
                approvals::remember(db, input.record.as_str(), &deed, "申请纳入合同", &detail).await?;
                Ok(ClaimedIn { line, content_version_before: found.record.content_version, content_version })
            })
        })
        .await
}

/// Writes 「说明」 over the words that the page had loaded.
pub async fn save_remark(services: &Services, deed: Deed, input: RemarkChange) -> Result<SavedLine, AppError> {
    let remark = text::optional("说明", &input.remark, REMARK_MAX).map_err(|error| AppError::field("remark", error))?;
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                let mut found = find_editable(db, &deed, &input.record).await?;
                let save = input.save.as_ref().map(|save| (&deed.by.user, save));
                let mut content_version_before = found.record.content_version;
                if found.record.remark.trim() != input.before.trim() && found.record.remark != remark {
                    return Err(lost_race());
                }
                if found.record.remark != remark {
                    won(store::set_remark(db, &found.record, &remark, save, deed.at).await?)?;
                    let changed = format!("{} → {}", shortened(&found.record.remark), shortened(&remark));
                    approvals::remember(db, input.record.as_str(), &deed, "修改说明", &changed).await?;
                    found.record.content_version += 1;
                } else if let Some(before) = store::found_by(db, &input.record, save).await? {
                    content_version_before = before;
                }
                let (version, content_version) = (found.record.version, found.record.content_version);
                Ok(SavedLine { version, content_version_before, content_version, at: deed.at })
            })
        })
        .await
}

async fn line_at(db: &mut AnyConnection, record: &RecordId, id: &LineId, version: i64) -> Result<Line, AppError> {
    let line = store::lines::by_id(db, record, id).await?.ok_or_else(lost_race)?;
    if line.version == version { Ok(line) } else { Err(lost_race()) }
}

/// Moves the sums by what one line changed and notes the change; gives the version of the content.
async fn shift(
    db: &mut AnyConnection,
    found: &Found,
    rules: &LineRules,
    deed: &Deed,
    (before, after): (Option<&Line>, Option<&Line>),
) -> Result<i64, AppError> {
    won(store::content_changed(db, &found.record, &Shift::between(before, after, rules), deed.at).await?)?;
    Ok(found.record.content_version + 1)
}
