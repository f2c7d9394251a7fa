//! Server functions of 公告.

use super::seen::{
    Announcement, Company, Compared, CorrectionAsked, Creation, FileEdit, FileOrder, Generated, LineEdit, LineEdited, LinesEdit,
    LinesEdited, LinksAsked, ListPage, ListQuery, OfferedYear, Outlook, OutlookQuery, Patch, RehearsalAnswer, Restoration, Review,
    RevocationAsked, Saved, Seen, Settlement, Submission, UnitLeft, UnitsTaken, VersionPair, Versions, Visit, Which, Withdrawal,
};
use crate::domain::ids::AnnouncementId;
use crate::error::AppError;
use crate::wire::Json;
use leptos::prelude::*;

/// A page of 公告列表 (D1).
#[server(prefix = "/api", endpoint = "announcements", input = Json, output = Json)]
pub async fn announcements(input: ListQuery) -> Result<ListPage, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::list(&services, &deed, input).await
}

/// The years that the dialog 「生成公告」 offers.
#[server(prefix = "/api", endpoint = "announcement_years", input = Json, output = Json)]
pub async fn announcement_years() -> Result<Vec<OfferedYear>, AppError> {
    let (_, deed) = crate::server::request::current()?;
    super::commands::create::years(&deed)
}

/// What an announcement of the year would be made from (C1).
#[server(prefix = "/api", endpoint = "announcement_outlook", input = Json, output = Json)]
pub async fn announcement_outlook(input: OutlookQuery) -> Result<Outlook, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::create::outlook(&services, &deed, input.year).await
}

/// 「创建公告」 (C1).
#[server(prefix = "/api", endpoint = "create_announcement", input = Json, output = Json)]
pub async fn create_announcement(input: Creation) -> Result<AnnouncementId, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::create::create(&services, deed, input).await
}

/// The whole of one.
#[server(prefix = "/api", endpoint = "announcement", input = Json, output = Json)]
pub async fn read_announcement(input: Which) -> Result<Announcement, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::view(&services, &deed, &input.id).await
}

/// Autosave of 基本信息, 标题, 备注 and 正文.
#[server(prefix = "/api", endpoint = "save_announcement", input = Json, output = Json)]
pub async fn save_announcement(input: Patch) -> Result<Saved, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::edit::save(&services, deed, input).await
}

/// 「编辑」, 「删除」, 「恢复」 of a line (C4).
#[server(prefix = "/api", endpoint = "change_announcement_line", input = Json, output = Json)]
pub async fn change_announcement_line(input: LineEdit) -> Result<LineEdited, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::lines::change_line(&services, deed, input).await
}

/// The same of many lines for one reason, all or none (C4).
#[server(prefix = "/api", endpoint = "change_announcement_lines", input = Json, output = Json)]
pub async fn change_announcement_lines(input: LinesEdit) -> Result<LinesEdited, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::lines::change_lines(&services, deed, input).await
}

/// Asks the links of what is stored if they answer (E6).
#[server(prefix = "/api", endpoint = "ask_announcement_links", input = Json, output = Json)]
pub async fn ask_announcement_links(input: Which) -> Result<LinksAsked, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::rehearse::ask_links(&services, &deed, &input.id).await
}

/// 「生成公告」: number, title and the official text (C2, C7).
#[server(prefix = "/api", endpoint = "generate_announcement", input = Json, output = Json)]
pub async fn generate_announcement(input: Seen) -> Result<Generated, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::edit::generate(&services, deed, input).await
}

/// 「外网展示」, or the deletion, of a file (C6).
#[server(prefix = "/api", endpoint = "change_attachment", input = Json, output = Json)]
pub async fn change_attachment(input: FileEdit) -> Result<Saved, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::files::change(&services, deed, input).await
}

/// The order of the files (C6).
#[server(prefix = "/api", endpoint = "order_attachments", input = Json, output = Json)]
pub async fn order_attachments(input: FileOrder) -> Result<Saved, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::files::order(&services, deed, input).await
}

/// That a page has it open for editing; who else has.
#[server(prefix = "/api", endpoint = "visit_announcement", input = Json, output = Json)]
pub async fn visit_announcement(input: Visit) -> Result<Company, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::visits::visit(&services, deed, input).await
}

/// 「历史版本」.
#[server(prefix = "/api", endpoint = "announcement_versions", input = Json, output = Json)]
pub async fn announcement_versions(input: Which) -> Result<Versions, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::versions::list(&services, &deed, &input.id).await
}

/// What differs between two versions.
#[server(prefix = "/api", endpoint = "compare_announcement_versions", input = Json, output = Json)]
pub async fn compare_announcement_versions(input: VersionPair) -> Result<Compared, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::versions::difference(&services, &deed, &input).await
}

/// 「恢复」 of a version's title, 备注 and text.
#[server(prefix = "/api", endpoint = "restore_announcement_version", input = Json, output = Json)]
pub async fn restore_announcement_version(input: Restoration) -> Result<Saved, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::versions::restore(&services, deed, input).await
}

/// 「删除」 of the whole.
#[server(prefix = "/api", endpoint = "delete_announcement", input = Json, output = Json)]
pub async fn delete_announcement(input: Seen) -> Result<(), AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::edit::delete(&services, deed, input).await
}

/// 「提交」 (C8).
#[server(prefix = "/api", endpoint = "submit_announcement", input = Json, output = Json)]
pub async fn submit_announcement(input: Submission) -> Result<Saved, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::review::submit(&services, deed, input).await
}

/// 「撤回」, with its reason (D3).
#[server(prefix = "/api", endpoint = "withdraw_announcement", input = Json, output = Json)]
pub async fn withdraw_announcement(input: Withdrawal) -> Result<Saved, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::review::withdraw(&services, deed, input).await
}

/// 「审核」 (D4).
#[server(prefix = "/api", endpoint = "review_announcement", input = Json, output = Json)]
pub async fn review_announcement(input: Review) -> Result<Saved, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::review::answer(&services, deed, input).await
}

/// 「更新」 or 「保留并说明」 for a record that was corrected since (E5).
#[server(prefix = "/api", endpoint = "settle_record", input = Json, output = Json)]
pub async fn settle_record(input: Settlement) -> Result<Saved, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::stale::settle(&services, deed, input).await
}

/// 「补入单位」 (C1).
#[server(prefix = "/api", endpoint = "take_in_units", input = Json, output = Json)]
pub async fn take_in_units(input: UnitsTaken) -> Result<Saved, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::units::take_in(&services, deed, input).await
}

/// 「移出单位」, with its reason (C4).
#[server(prefix = "/api", endpoint = "move_out_unit", input = Json, output = Json)]
pub async fn move_out_unit(input: UnitLeft) -> Result<Saved, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::units::move_out(&services, deed, input).await
}

/// 「照发」 or 「推迟」 after the rehearsal before the set time (E6).
#[server(prefix = "/api", endpoint = "answer_rehearsal", input = Json, output = Json)]
pub async fn answer_rehearsal(input: RehearsalAnswer) -> Result<Saved, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::rehearse::answer(&services, deed, input).await
}

/// 「更正」: begins the successor of a published announcement (E7).
#[server(prefix = "/api", endpoint = "correct_announcement", input = Json, output = Json)]
pub async fn correct_announcement(input: CorrectionAsked) -> Result<AnnouncementId, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::correct::correct(&services, deed, input).await
}

/// 「撤销」: asks for the approval of taking a published announcement back (E7).
#[server(prefix = "/api", endpoint = "revoke_announcement", input = Json, output = Json)]
pub async fn revoke_announcement(input: RevocationAsked) -> Result<Saved, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::correct::revoke(&services, deed, input).await
}
