//! The rehearsal before the set time (E6): made once for each submission and set time, told to the people concerned, answered
//! by 「照发」 or 「推迟」; 「修改」 is a withdrawal. Without an answer it is published at its time.

use super::super::seen::{Around, LinksAsked, Rehearsal, RehearsalAnswer, RehearsalAnswered, Saved, rehearsed};
use super::super::store::publishing::Due;
use super::super::store::{self, Row};
use super::{document, find, find_seen, lost_race, notice, won};
use crate::domain::access::Deed as Wish;
use crate::domain::announcement::basics;
use crate::domain::announcement::line::{REASON_MAX, figures};
use crate::domain::announcement::rehearsal::{Finding, is_worth_telling, judge, summary, to_ask};
use crate::domain::announcement::status::{AnnouncementAction, AnnouncementStatus, PublishMode};
use crate::domain::calendar::Moment;
use crate::domain::ids::AnnouncementId;
use crate::domain::text;
use crate::error::AppError;
use crate::features::approvals::commands as approvals;
use crate::features::messages::commands as messages;
use crate::server::fault::{fault, impossible};
use crate::server::request::{Deed, Services};
use sqlx::AnyConnection;
use std::collections::{HashSet, VecDeque};
use tokio::task::JoinSet;

/// How long before the set time it is rehearsed, in seconds: a working day, so that there is time to do something about it.
const BEFORE: i64 = 24 * 3600;

/// What comes out within so many seconds is not rehearsed any more: nobody could answer, and a thousand that are due at once shall not wait for it.
/// Its submission and its approval have said what there was to say.
const SOON: i64 = 60;

/// Announcements that are rehearsed at once: a site that answers slowly keeps one waiting, and not those that come after it.
const AT_ONCE: usize = 4;

/// Rehearses round after round what will soon be published.
#[derive(Debug, Default)]
pub struct Rehearser {
    /// Those that cannot be read; each is logged once.
    troubled: HashSet<String>,
}

impl Rehearser {
    /// Rehearses everything whose set time is near; how many this call did. Safe to run in any number of instances at once.
    pub async fn rehearse(&mut self, services: &Services) -> Result<usize, AppError> {
        let (mut done, mut last) = (0, Due::default());
        loop {
            let now = services.clock.now();
            // The order of stored moments is that of time.
            let soon = now.plus_seconds(SOON).to_string();
            if last.at < soon {
                last = Due { at: soon, id: String::new() };
            }
            let due = store::rehearsals::due(&mut *services.db.read().await?, now.plus_seconds(BEFORE), &last).await?;
            let Some(end) = due.last() else { break };
            last = end.clone();
            let mut waiting: VecDeque<String> = due.into_iter().map(|due| due.id).filter(|id| !self.troubled.contains(id)).collect();
            let mut running = JoinSet::new();
            loop {
                while running.len() < AT_ONCE
                    && let Some(id) = waiting.pop_front()
                {
                    let services = services.clone();
                    running.spawn(async move { (rehearse_at(&services, &id, now).await, id) });
                }
                let Some(ended) = running.join_next().await else { break };
                let (outcome, id) = ended.map_err(|error| fault(&error))?;
                done += self.noted(id, outcome)?;
            }
        }
        Ok(done)
    }

    /// What came of one; an error says something of the database and nothing of it.
    fn noted(&mut self, id: String, outcome: Result<bool, AppError>) -> Result<usize, AppError> {
        match outcome {
            Ok(is_first) => Ok(usize::from(is_first)),
            // It was withdrawn or postponed in between.
            Err(AppError::Conflict(_)) => Ok(0),
            Err(error @ (AppError::Busy | AppError::StorageFull)) => Err(error),
            Err(error) => {
                tracing::error!(id, cause = %error, "a scheduled announcement could not be rehearsed");
                self.troubled.insert(id);
                Ok(0)
            }
        }
    }
}

async fn rehearse_at(services: &Services, id: &str, now: Moment) -> Result<bool, AppError> {
    let id = AnnouncementId::parse(id).map_err(|error| impossible("announcements", id, &error))?;
    // Asked before, and not while a transaction is open. While it waits for its time nobody changes it.
    let row = store::by_id(&mut *services.db.read().await?, &id).await?.ok_or_else(lost_race)?;
    let links = asked(services, &row).await?.findings;
    services.db.write(move |db| Box::pin(rehearse_one(db, id, links, now))).await
}

/// Asks the links of an announcement as it is stored.
pub async fn ask_links(services: &Services, deed: &Deed, id: &AnnouncementId) -> Result<LinksAsked, AppError> {
    let row = find(&mut *services.db.read().await?, deed, id, Wish::ViewAnnouncement).await?;
    asked(services, &row).await
}

async fn asked(services: &Services, row: &Row) -> Result<LinksAsked, AppError> {
    let Some(document) = document(row)?.filter(|_| services.outgoing.is_allowed()) else {
        return Ok(LinksAsked { asked: 0, findings: Vec::new() });
    };
    // The connection is given back before anybody is asked.
    let lines = store::lines::of(&mut *services.db.read().await?, &row.id).await?;
    let figures = figures(&row.unit_name, row.year, &row.remark, None, &lines);
    let answers = services.outgoing.ask(to_ask(&document, &figures)).await;
    Ok(LinksAsked { asked: answers.len(), findings: judge(&document, &figures, &answers) })
}

async fn rehearse_one(db: &mut AnyConnection, id: AnnouncementId, links: Vec<Finding>, now: Moment) -> Result<bool, AppError> {
    let row = store::by_id(db, &id).await?.ok_or_else(lost_race)?;
    let AnnouncementStatus::Scheduled(set_for) = row.status else { return Err(lost_race()) };
    let mut findings = look(db, &row, set_for).await?;
    findings.extend(links);
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.weight));
    if !store::rehearsals::insert(db, &row, set_for, &findings, now).await? {
        return Ok(false);
    }
    approvals::remember_system(db, row.id.as_str(), now, &format!("发布前检查：{}", summary(&findings)), "").await?;
    if is_worth_telling(&findings) {
        let words =
            format!("将于 {} 发布，发布前检查发现：{}。经办人可选择「照发」「推迟」或「修改」", set_for.local(), summary(&findings));
        for user in super::stale::concerned(db, &row).await? {
            messages::tell(db, &user, now, &notice(&row, &words)).await?;
        }
    }
    Ok(true)
}

/// Everything to look at in the announcement as it is stored.
async fn look(db: &mut AnyConnection, row: &Row, set_for: Moment) -> Result<Vec<Finding>, AppError> {
    let lines = store::lines::of(db, &row.id).await?;
    let files = store::files::of(db, &row.id).await?;
    let (held, missing, others) = super::stale::around(db, row, &lines).await?;
    let figures = figures(&row.unit_name, row.year, &row.remark, Some(set_for.day()), &lines);
    let around = Around { held: &held, missing: &missing, others: &others, files: &files };
    Ok(rehearsed(&row.title, document(row)?.as_ref(), &figures, around))
}

/// The rehearsal that was made for the time for which it waits.
pub(super) async fn made(db: &mut AnyConnection, row: &Row) -> Result<Option<Rehearsal>, AppError> {
    match row.status {
        AnnouncementStatus::Scheduled(at) => store::rehearsals::of(db, &row.id, row.round, at).await,
        _ => Ok(None),
    }
}

/// 「照发」 or 「推迟」, with the reason.
pub async fn answer(services: &Services, deed: Deed, answer: RehearsalAnswer) -> Result<Saved, AppError> {
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                store::hold(db, &answer.id).await?;
                let row = find(db, &deed, &answer.id, Wish::WorkOnAnnouncement).await?;
                let AnnouncementStatus::Scheduled(set_for) = row.status else {
                    return Err(AppError::Conflict(format!("当前状态是“{}”，不再等待发布。请刷新页面查看最新状态", row.status.label())));
                };
                let row = find_seen(db, &deed, &row.id, answer.version, Wish::WorkOnAnnouncement).await?;
                let reason = text::required("理由", &answer.reason, REASON_MAX).map_err(|error| AppError::field("reason", error))?;
                let answered =
                    RehearsalAnswered { is_postponed: answer.postponed_to.is_some(), reason, by: deed.by.name.clone(), at: deed.at };
                match answer.postponed_to {
                    Some(to) => postpone(db, &row, set_for, to, &answered, &deed).await,
                    None => send_as_is(db, &row, set_for, &answered, &deed).await,
                }
            })
        })
        .await
}

async fn send_as_is(
    db: &mut AnyConnection,
    row: &Row,
    set_for: Moment,
    answered: &RehearsalAnswered,
    deed: &Deed,
) -> Result<Saved, AppError> {
    super::stale::nothing_waits(db, &row.id).await?;
    if !store::rehearsals::answer(db, row, set_for, answered).await? {
        return Err(AppError::Conflict("发布前检查尚未完成，或已有人作出选择。请刷新页面查看".to_owned()));
    }
    approvals::remember(db, row.id.as_str(), deed, "照发", &answered.reason).await?;
    super::stale::tell_others(db, row, deed, &format!("发布前检查后照发，理由：{}", answered.reason)).await?;
    Ok(Saved { version: row.version, at: deed.at })
}

async fn postpone(
    db: &mut AnyConnection,
    row: &Row,
    set_for: Moment,
    to: Moment,
    answered: &RehearsalAnswered,
    deed: &Deed,
) -> Result<Saved, AppError> {
    if row.status.apply(&AnnouncementAction::Postpone(to), deed.at).is_err() {
        return Err(AppError::field("at", format!("推迟后的发布时间应晚于现在和原定的 {}", set_for.local())));
    }
    if let Some(fault) = basics::ends_first(PublishMode::At(to), row.expires_on, deed.at) {
        return Err(AppError::field("at", fault));
    }
    // Where nothing was rehearsed yet there is nothing to answer, and it may be postponed all the same.
    store::rehearsals::answer(db, row, set_for, answered).await?;
    won(store::rehearsals::postpone(db, row, to, deed.at).await?)?;
    let said = format!("由 {} 推迟到 {}，理由：{}", set_for.local(), to.local(), answered.reason);
    approvals::remember(db, row.id.as_str(), deed, "推迟发布", &said).await?;
    super::stale::tell_others(db, row, deed, &format!("的发布时间{said}")).await?;
    Ok(Saved { version: row.version + 1, at: deed.at })
}
