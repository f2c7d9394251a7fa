//! Who has an announcement open for editing: told by the pages themselves again and again, kept in the database, so that every instance
//! knows the same.

use super::super::seen::{Companion, Company, Visit};
use super::super::store;
use super::find;
use crate::domain::access::Deed as Wish;
use crate::domain::announcement::status::AnnouncementAction;
use crate::error::AppError;
use crate::features::organisations::commands as organisations;
use crate::server::request::{Deed, Services};

/// Seconds after which a silent page is taken for closed: three times as long as a page waits between two words.
const SILENT: i64 = 45;
/// Most pages that are known of a person at one announcement.
const PAGES: i64 = 20;

/// Notes that the person has the announcement open, or has left it; and tells who else is there.
pub async fn visit(services: &Services, deed: Deed, visit: Visit) -> Result<Company, AppError> {
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                let row = find(db, &deed, &visit.id, Wish::WorkOnAnnouncement).await?;
                store::visits::forget(db, deed.at.plus_seconds(-SILENT)).await?;
                let may_edit = row.status.apply(&AnnouncementAction::Edit, deed.at).is_ok();
                if visit.leaves {
                    store::visits::leave(db, &row.id, &visit.visit, &deed.by.user).await?;
                } else if may_edit && store::visits::count(db, &row.id, &deed.by.user).await? < PAGES {
                    store::visits::note(db, &row.id, &visit.visit, &deed.by.user, visit.step.clamp(1, 4), deed.at).await?;
                }
                let mut others = Vec::new();
                for open in store::visits::of(db, &row.id).await?.into_iter().filter(|open| open.visit != visit.visit) {
                    let Some(user) = organisations::user_by_id(db, &open.user).await? else { continue };
                    others.push(Companion { name: user.name, is_oneself: open.user == deed.by.user, step: open.step, since: open.since });
                }
                Ok(Company { version: row.version, others })
            })
        })
        .await
}
