//! The demo's 公告, one a year: 已发布, 待发布 (for a day a month after the first start), 审核中. 2024 is left for the visitor to
//! create, and to take through the other states.

use super::{DAY, People, unit_of};
use crate::domain::announcement::status::PublishMode;
use crate::domain::approval::{Assignee, Decision};
use crate::domain::calendar::{Moment, Year};
use crate::domain::ids::AnnouncementId;
use crate::error::AppError;
use crate::features::announcements::commands::files::Sending;
use crate::features::announcements::commands::{create, edit, files, review, view};
use crate::features::announcements::seen::{Basics, Creation, FileEdit, Patch, Review, Seen, Submission, Unsaved};
use crate::server::fault::fault;
use crate::server::ids::new_id;
use crate::server::request::Services;

/// How far an announcement is taken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Goal {
    InReview,
    Approved,
}

/// Makes the announcements.
pub async fn make(services: &Services, people: &People, now: Moment) -> Result<(), AppError> {
    let in_a_month = PublishMode::At(now.plus_seconds(30 * DAY));
    for (days, year, mode, goal) in [
        (30, 2021, PublishMode::OnApproval, Goal::Approved),
        (28, 2022, in_a_month, Goal::Approved),
        (12, 2023, PublishMode::OnApproval, Goal::InReview),
    ] {
        carry(services, people, year, mode, goal, now.plus_seconds(-days * DAY)).await?;
    }
    Ok(())
}

async fn carry(services: &Services, people: &People, year: i32, mode: PublishMode, goal: Goal, start: Moment) -> Result<(), AppError> {
    let hours = |count: i64| start.plus_seconds(count * 3600);
    let clerk = &people.jdc;
    let year = Year::try_from(year).map_err(|error| fault(&error))?;
    let id = create::create(services, clerk.deed(start), Creation { year }).await?;
    let seen = view(services, &clerk.deed(hours(1)), &id).await?;
    let basics = Basics { mode, ..seen.basics };
    let change = Unsaved {
        basics: Some(basics),
        remark: Some("未达到规定预留份额的项目，下一年度将优先安排专门面向中小企业采购。".to_owned()),
        ..Unsaved::default()
    };
    edit::save(services, clerk.deed(hours(1)), Patch { id: id.clone(), version: seen.version, change, is_choice: false }).await?;
    attach(services, people, &id, hours(2)).await?;
    let version = version(services, people, &id, hours(3)).await?;
    let generated = edit::generate(services, clerk.deed(hours(3)), Seen { id: id.clone(), version }).await?;
    let next = Assignee::Institution(unit_of(&people.reviewer));
    let submitted = review::submit(
        services,
        clerk.deed(hours(4)),
        Submission { id: id.clone(), version: generated.saved.version, next, note: String::new() },
    )
    .await?;
    if goal == Goal::Approved {
        let decision = Decision { agree: true, opinion: "同意发布".to_owned(), next: None };
        review::answer(services, people.leader.deed(hours(8)), Review { id, version: submitted.version, decision }).await?;
    }
    Ok(())
}

async fn version(services: &Services, people: &People, id: &AnnouncementId, at: Moment) -> Result<i64, AppError> {
    Ok(view(services, &people.jdc.deed(at), id).await?.version)
}

/// A public file and one for internal circulation.
async fn attach(services: &Services, people: &People, id: &AnnouncementId, at: Moment) -> Result<(), AppError> {
    for (name, is_shown) in [("预留份额情况说明.pdf", true), ("内部审核记录.pdf", false)] {
        let sending = Sending { key: new_id(at)?, replaces: None };
        let uploaded = files::upload(services, people.jdc.deed(at), id.clone(), sending, name, PDF.to_vec()).await?;
        let shown = FileEdit { id: id.clone(), version: uploaded.saved.version, file: uploaded.file.id, is_shown: Some(is_shown) };
        files::change(services, people.jdc.deed(at), shown).await?;
    }
    Ok(())
}

/// One blank page.
const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\nxref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n164\n%%EOF\n";
