//! Every address of the office and the portal, made in one place.

use crate::domain::ids::{
    AnnouncementId, AttachmentId, ClaimFileId, ContractId, ImportId, LineId, RecordId, TemplateId, UnitId, UploadKey,
};

/// 「中小企业预留执行情况」: the list of 年度数据.
pub const RECORDS: &str = "/office";
/// 「合同台账」.
pub const CONTRACTS: &str = "/office/contracts";
/// 「导入合同」.
pub const IMPORT: &str = "/office/contracts/import";
/// Where tables of contracts are uploaded to.
pub const IMPORT_UPLOAD: &str = "/office/imports";
/// An empty table to fill in.
pub const IMPORT_TEMPLATE: &str = "/office/imports/template";
/// A new 自行录入 contract.
pub const NEW_CONTRACT: &str = "/office/contracts/new";
/// 「公告列表」.
pub const ANNOUNCEMENTS: &str = "/office/announcements";
/// 消息.
pub const MESSAGES: &str = "/office/messages";
/// One's own account.
pub const ACCOUNT: &str = "/office/account";
/// The 主管's settings for its tree.
pub const SETTINGS: &str = "/office/settings";
/// 「系统管理」.
pub const ADMIN: &str = "/office/admin";
/// 「份额标准」 under 「系统管理」.
pub const THRESHOLDS: &str = "/office/admin/thresholds";
/// 「公告模板」 under 「系统管理」.
pub const TEMPLATES: &str = "/office/admin/templates";
/// A new template, which begins with the official wording.
pub const NEW_TEMPLATE: &str = "/office/admin/templates/new";
/// The public portal.
pub const PORTAL: &str = "/";
/// Every unit that has published.
pub const UNITS: &str = "/units";
/// The years of which something is published.
pub const YEARS: &str = "/years";
/// What all announcements come to.
pub const STATISTICS: &str = "/statistics";
/// Where the portal's text size is chosen.
pub const VIEW: &str = "/view";
/// Every address of the portal, for search engines.
pub const SITEMAP: &str = "/sitemap.xml";
/// What open data there is, and how to ask for it.
pub const OPEN_DATA: &str = "/api/v1";
/// What open data there is, for programs.
pub const OPEN_API: &str = "/api/v1/openapi.json";
/// Every change of the portal, for programs.
pub const OPEN_CHANGES: &str = "/api/v1/announcements";
/// What announcements come to by year, for programs.
pub const OPEN_STATISTICS: &str = "/api/v1/statistics";
/// The newest changes as an Atom feed.
pub const ATOM: &str = "/feed.atom";
/// Where one signs in.
pub const SIGN_IN: &str = "/sign-in";

/// A unit's 年度数据.
pub fn record(id: &RecordId) -> String {
    format!("/office/records/{id}")
}

/// An import of contracts on its way.
pub fn import(id: &ImportId) -> String {
    format!("{IMPORT}/{id}")
}

/// The rows that an import did not take, as a table with what is wrong with each.
pub fn import_rest(id: &ImportId) -> String {
    format!("{IMPORT_UPLOAD}/{id}/rest")
}

/// A unit's 年度数据 on paper.
pub fn record_print(id: &RecordId) -> String {
    format!("/office/records/{id}/print")
}

/// A unit's 年度数据 as an XLSX file.
pub fn record_export(id: &RecordId) -> String {
    format!("/office/records/{id}/export.xlsx")
}

/// A contract.
pub fn contract(id: &ContractId) -> String {
    format!("{CONTRACTS}/{id}")
}

/// The contracts that fit as a file of this ending; `query` is that of the list, with its question mark, or empty.
pub fn contracts_export(ending: &str, query: &str) -> String {
    format!("{CONTRACTS}/export.{ending}{query}")
}

/// 口径解释 of a unit's 年度数据.
pub fn explanation(id: &RecordId) -> String {
    format!("/office/records/{id}/explanation")
}

/// 口径解释 of the contracts of this name.
pub fn explained(id: &RecordId, name: &str) -> String {
    let mut query = leptos_router::params::ParamsMap::new();
    query.insert("words", name.to_owned());
    format!("{}{}", explanation(id), query.to_query_string())
}

/// 「从合同更新」 of a unit's 年度数据.
pub fn update(id: &RecordId) -> String {
    format!("/office/records/{id}/update")
}

/// A file that proves a claim, for those who may see the record.
pub fn claim_file(record: &RecordId, id: &ClaimFileId) -> String {
    format!("/office/claim-files/{record}/{id}")
}

/// Where files that prove the claim of a line are uploaded to.
pub fn upload_claim_file(record: &RecordId, line: &LineId) -> String {
    format!("/office/claim-files/{record}?line={line}")
}

/// A template.
pub fn template(id: &TemplateId) -> String {
    format!("{TEMPLATES}/{id}")
}

/// A new template, which begins as a copy of this one.
pub fn template_copy(id: &TemplateId) -> String {
    format!("{NEW_TEMPLATE}?copy={id}")
}

/// A 公告 in the office.
pub fn announcement(id: &AnnouncementId) -> String {
    format!("/office/announcements/{id}")
}

/// 「历史版本」 of a 公告.
pub fn announcement_versions(id: &AnnouncementId) -> String {
    format!("/office/announcements/{id}/versions")
}

/// A 公告 in the office, asking at once for the reason of its 「更正」.
pub fn correct_announcement(id: &AnnouncementId) -> String {
    format!("/office/announcements/{id}?ask=correct")
}

/// A 公告 in the office, asking at once for the reason of its 「撤销」.
pub fn revoke_announcement(id: &AnnouncementId) -> String {
    format!("/office/announcements/{id}?ask=revoke")
}

/// A file of a 公告, for those who may see it in the office.
pub fn office_attachment(announcement: &AnnouncementId, id: &AttachmentId) -> String {
    format!("/office/files/{announcement}/{id}")
}

/// The same, shown by the browser: documents and pictures only.
pub fn office_preview(announcement: &AnnouncementId, id: &AttachmentId) -> String {
    format!("/office/files/{announcement}/{id}/preview")
}

/// Where a file of a 公告 is uploaded to under a key, in the place of another one if it is named.
pub fn upload(announcement: &AnnouncementId, key: &UploadKey, replaces: Option<&AttachmentId>) -> String {
    let replaces = replaces.map(|id| format!("&replaces={id}")).unwrap_or_default();
    format!("/office/files/{announcement}?key={key}{replaces}")
}

/// A published 公告 on the portal, by its 公告编号.
pub fn published(number: &str) -> String {
    format!("/announcements/{number}")
}

/// The detail of a published 公告 as a file of this ending, `xlsx` or `csv`.
pub fn announcement_detail(number: &str, ending: &str) -> String {
    format!("/announcements/{number}/detail.{ending}")
}

/// A published 公告 for paper.
pub fn announcement_pdf(number: &str) -> String {
    format!("/announcements/{number}/announcement.pdf")
}

/// A published 公告 for programs.
pub fn open_announcement(number: &str) -> String {
    format!("/api/v1/announcements/{number}")
}

/// A file of open data with everything of a year.
pub fn open_year(year: i64, name: &str) -> String {
    format!("/api/v1/years/{year}/{name}")
}

/// A published 公告 as an OCDS release package.
pub fn open_ocds(number: &str) -> String {
    format!("/api/v1/announcements/{number}/ocds")
}

/// A public file of a published 公告.
pub fn public_attachment(number: &str, id: &AttachmentId) -> String {
    format!("/announcements/{number}/files/{id}")
}

/// Everything that a unit published, on the portal.
pub fn public_unit(id: &UnitId) -> String {
    format!("{UNITS}/{id}")
}

/// What was published of a year, on the portal.
pub fn public_year(year: i64) -> String {
    format!("{YEARS}/{year}")
}

/// A page of a list of the portal that asks for nothing else; the first is the list itself.
pub fn public_page(base: &str, page: u64) -> String {
    if page <= 1 { base.to_owned() } else { format!("{base}?page={page}") }
}

/// A page of the units of a year, under the address of a unit or of [`STATISTICS`].
pub fn division(address: &str, year: i64, page: u64) -> String {
    if page <= 1 { format!("{address}?year={year}") } else { format!("{address}?year={year}&page={page}") }
}

/// What announcements come to by year, for programs, as a file of this ending; of everyone, or of a unit.
pub fn open_statistics(ending: &str, unit: Option<&UnitId>) -> String {
    let unit = unit.map(|unit| format!("?unit={unit}")).unwrap_or_default();
    format!("{OPEN_STATISTICS}.{ending}{unit}")
}

/// What the units of a year come to, as a CSV file: those that published, or those of a 主管.
pub fn open_statistics_units(year: i64, unit: Option<&UnitId>) -> String {
    let unit = unit.map(|unit| format!("&unit={unit}")).unwrap_or_default();
    format!("{OPEN_STATISTICS}/units.csv?year={year}{unit}")
}

/// A part of the sitemap, counted from 1.
pub fn sitemap_part(part: u64) -> String {
    format!("/sitemaps/{part}.xml")
}
