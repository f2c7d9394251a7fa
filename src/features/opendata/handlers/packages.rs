//! OCDS release packages: of one announcement, and of every change in the order of the commits.

use super::answer::{Asking, json};
use super::notice;
use super::ocds::{self, Content, Site};
use super::problem::Problem;
use super::query::{Given, address};
use crate::app::paths;
use crate::domain::calendar::Moment;
use crate::domain::contract::Contract;
use crate::domain::ids::{AnnouncementId, LineId};
use crate::features::announcements::commands::open::{self, Asked, ChangeKind, Notice, OpenLine, OpenState};
use crate::server::fault::fault;
use crate::server::http::extract::{Path, Refused};
use crate::server::http::shelf::{Kind, Shelf};
use crate::server::request::Services;
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use serde_json::Value;
use std::collections::HashMap;

/// Changes on a page where nothing is said.
const SIZE: i64 = 10;
/// Changes on a page at most: each may hold a thousand projects.
const MOST: i64 = 20;

/// Releases after which a package is full, with those of the change that filled it: all of them are held in memory at once.
const FULL: usize = 1_000;

/// Pages of changes that are looked through for one package at most.
const PAGES: usize = 3;

const OCDS: &str = "/api/v1/ocds";

/// The parameters.
pub const KNOWN: [&str; 5] = ["cursor", "limit", "year", "district", "unit"];

/// The lines of an announcement and their public contracts.
struct Loaded {
    lines: Vec<OpenLine>,
    contracts: HashMap<LineId, Contract>,
}

impl Loaded {
    async fn of(services: &Services, id: &AnnouncementId) -> Result<Loaded, Problem> {
        let lines = notice::lines(services, id).await?;
        let contracts = open::contracts(services, &lines).await?;
        Ok(Loaded { lines, contracts })
    }

    fn content(&self) -> Content<'_> {
        Content { lines: &self.lines, contracts: &self.contracts }
    }
}

fn site(services: &Services) -> Site<'_> {
    Site { address: &services.settings.public_url, prefix: &services.settings.ocds_prefix }
}

/// What a change publishes. That one was corrected is told by the publication of its successor.
async fn releases(services: &Services, kind: ChangeKind, notice: &Notice) -> Result<Vec<Value>, Problem> {
    let site = site(services);
    match (kind, &notice.state) {
        (ChangeKind::Published, _) => {
            let own = Loaded::of(services, &notice.id).await?;
            let corrected = match &notice.corrects {
                Some(corrects) => Some(Loaded::of(services, &corrects.of.id).await?),
                None => None,
            };
            Ok(ocds::published(site, notice, own.content(), corrected.as_ref().map(Loaded::content)))
        }
        (ChangeKind::Revoked, OpenState::Revoked { since, reason }) => {
            let own = Loaded::of(services, &notice.id).await?;
            Ok(ocds::revoked(site, notice, own.content(), *since, reason))
        }
        _ => Ok(Vec::new()),
    }
}

fn nothing() -> Problem {
    Problem::missing("没有 OCDS 发布内容：公告没有列出项目（零报告），或者 cursor 之后没有新的变更")
}

/// The releases of one announcement; of a revoked one also those that withdraw them.
pub async fn one(
    State(services): State<Services>,
    Extension(shelf): Extension<Shelf>,
    key: Result<Path<String>, Refused>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Given::read(&uri, &[])?;
    let key = notice::text(key)?;
    let asking = Asking::new(&services, &shelf, &headers).await?;
    let make = async {
        let notice = notice::find(&services, &key).await?;
        let mut all = releases(&services, ChangeKind::Published, &notice).await?;
        let mut at = notice.published_at;
        if let OpenState::Revoked { since, .. } = notice.state {
            all.extend(releases(&services, ChangeKind::Revoked, &notice).await?);
            at = since;
        }
        if all.is_empty() {
            return Err(nothing());
        }
        json(&ocds::package(site(&services), &paths::open_ocds(&notice.number), Some(&notice.unit), at, all))
    };
    asking.answer_in_turn(&services.packages, paths::open_ocds(&key), Kind::Json, make).await
}

/// The releases of every change after the cursor; `links.next` says where to go on.
pub async fn list(
    State(services): State<Services>,
    Extension(shelf): Extension<Shelf>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let given = Given::read(&uri, &KNOWN)?;
    let asking = Asking::new(&services, &shelf, &headers).await?;
    // Announcements without projects have no release: they are passed over where the changes are read.
    let asked = Asked { of_projects: true, ..given.asked(asking.edition.publications, SIZE, MOST)? };
    let here = address(OCDS, &asked, asked.after);
    let make = async {
        let mut from = asked.clone();
        let (mut all, mut at): (Vec<Value>, Option<Moment>) = (Vec::new(), None);
        let mut has_more = true;
        'pages: for _ in 0..PAGES {
            let found = open::changes(&services, &from).await?;
            for change in &found.changes {
                let of_change = releases(&services, change.kind, &change.notice).await?;
                if !of_change.is_empty() {
                    at = Some(change.at);
                    all.extend(of_change);
                }
                if all.len() >= FULL {
                    from.after = change.no;
                    break 'pages;
                }
            }
            from.after = found.cursor(&from);
            has_more = found.has_more;
            // A package without releases is none.
            if !all.is_empty() || !has_more {
                break;
            }
        }
        let Some(at) = at else {
            // Only lines that cannot be read lead here; each was logged.
            return Err(if has_more {
                fault(&format!("no release in {PAGES} pages before change {}", from.after)).into()
            } else {
                nothing()
            });
        };
        let mut package = ocds::package(site(&services), &here, None, at, all);
        package["links"] = serde_json::json!({ "next": format!("{}{}", services.settings.public_url, address(OCDS, &asked, from.after)) });
        json(&package)
    };
    asking.answer_in_turn(&services.packages, here.clone(), Kind::Json, make).await
}
