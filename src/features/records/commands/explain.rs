//! 口径解释: each contract of a record's year with the rule by which it is in or out (E1).

use super::super::store;
use super::find;
use crate::domain::access::{self, Deed as Wish};
use crate::domain::record::LeftOut;
use crate::domain::record::explanation::{Group, Place, sort};
use crate::domain::record::line::Line;
use crate::domain::record::status::RecordAction;
use crate::error::AppError;
use crate::features::records::api::explanation::{Explanation, ExplanationQuery, GroupRow, Item};
use crate::server::request::{Deed, Services};

/// Contracts a page.
const SIZE: u64 = 50;
/// Most characters of a search.
const WORDS_MAX: usize = 100;

/// A page of the contracts of a record's year; a group that does not exist finds nothing.
pub async fn explanation(services: &Services, deed: &Deed, query: &ExplanationQuery) -> Result<Explanation, AppError> {
    if query.words.chars().count() > WORDS_MAX {
        return Err(AppError::field("words", format!("查询内容最多 {WORDS_MAX} 个字")));
    }
    let mut db = services.db.read().await?;
    let found = find(&mut db, deed, &query.record, Wish::ViewRecord).await?;
    let rules = found.rules(services.settings.cutover);
    let lines = store::lines::of(&mut db, &query.record).await?;
    let left_out = store::lines::left_out(&mut db, &query.record).await?;
    let files = store::claim_files::of(&mut db, &query.record).await?;
    drop(db);
    let words: Vec<String> = query.words.split_whitespace().map(str::to_lowercase).collect();
    let fits = |place: Place| match place {
        Place::Line(at) => lines.get(at).is_some_and(|line| holds(line, &words)),
        Place::LeftOut(at) => left_out.get(at).is_some_and(|row| is_in(&row.contract.words(), &words)),
    };
    let sorted = sort(&lines, &left_out, &rules, fits);
    let wanted = |group: &Group| query.group.is_empty() || group.code() == query.group;
    let chosen: Vec<(Group, Place)> = sorted
        .places
        .iter()
        .filter(|(group, _)| wanted(group))
        .flat_map(|(group, places)| places.iter().map(|place| (*group, *place)))
        .collect();
    let total = chosen.len() as u64;
    let page = query.page.clamp(1, total.div_ceil(SIZE).max(1));
    let first = usize::try_from((page - 1) * SIZE).unwrap_or(usize::MAX);
    let items = chosen
        .into_iter()
        .skip(first)
        .take(usize::try_from(SIZE).unwrap_or(usize::MAX))
        .filter_map(|(group, place)| Some((group, item(place, &lines, &left_out)?)))
        .collect();
    let is_editable =
        access::may(&deed.by, Wish::WorkOnRecord, found.relation).is_ok() && found.record.status.apply(&RecordAction::Edit).is_ok();
    let groups = sorted.sums.into_iter().map(|(group, sum)| GroupRow { group, sum }).collect();
    Ok(Explanation { record: found.record, rules, is_editable, groups, items, files, total, page, size: SIZE })
}

fn item(place: Place, lines: &[Line], left_out: &[LeftOut]) -> Option<Item> {
    match place {
        Place::Line(at) => lines.get(at).map(|line| Item::Line { number: at + 1, line: line.clone() }),
        Place::LeftOut(at) => left_out.get(at).cloned().map(Item::LeftOut),
    }
}

fn is_in(text: &str, words: &[String]) -> bool {
    words.iter().all(|word| text.contains(word))
}

/// What the contract is called, and what the unit calls it.
fn holds(line: &Line, words: &[String]) -> bool {
    if words.is_empty() {
        return true;
    }
    let own = line.overrides.project_name.as_deref().unwrap_or_default().to_lowercase();
    let collected = line.contract().map(crate::domain::contract::Contract::words).unwrap_or_default();
    is_in(&format!("{own}\n{collected}"), words)
}
