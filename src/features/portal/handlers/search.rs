//! What the list is asked for: how an address is read, what is wrong with it, and the one address of each search.

use super::statistics::Asked;
use crate::app::paths;
use crate::domain::announcement::search;
use crate::domain::calendar::Year;
use crate::domain::organisation::District;
use crate::domain::text;
use crate::features::announcements::commands::published::{PortalQuery, Sort, State};
use serde::Deserialize;

/// Pages beyond which nobody asks in earnest.
const PAGES: i64 = 100_000;

/// What the search form sends, as it came.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Search {
    q: String,
    unit: String,
    year: String,
    district: String,
    status: String,
    sort: String,
    page: String,
}

/// What was given, short enough to be said back.
fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(20).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

/// The value, or the default where nothing was given; what cannot be read is told as a sentence.
fn part<T: Default>(
    given: &str,
    problems: &mut Vec<String>,
    read: impl FnOnce(&str) -> Option<T>,
    wrong: impl FnOnce(&str) -> String,
) -> T {
    // A control character stands for nothing: no value holds one.
    let given = text::search(given);
    if given.is_empty() {
        return T::default();
    }
    read(&given).unwrap_or_else(|| {
        problems.push(wrong(&shown(&given)));
        T::default()
    })
}

impl Search {
    /// As the database is asked, and what of the address cannot be understood.
    pub fn read(&self) -> (PortalQuery, Vec<String>) {
        let mut problems = Vec::new();
        let problem = &mut problems;
        let words = |label: &'static str, given: &str, problem: &mut Vec<String>| {
            part(
                given,
                problem,
                |text| (text.chars().count() <= search::SIGNS).then(|| search::words(text)),
                |_| format!("{label}最多 {} 个字，请缩短后重新查询", search::SIGNS),
            )
        };
        let query = PortalQuery {
            words: words("关键词", &self.q, problem),
            unit: words("单位名称", &self.unit, problem),
            year: part(
                &self.year,
                problem,
                |text| Year::parse(text).map(|year| Some(i64::from(year.number()))),
                |text| format!("年度“{text}”不是四位年份（{} 年起），请从列表中选择", Year::FIRST),
            ),
            district: part(
                &self.district,
                problem,
                |text| District::parse(text).ok().map(Some),
                |text| format!("行政区划代码“{text}”不存在，请从列表中选择"),
            ),
            state: part(
                &self.status,
                problem,
                |text| State::ALL.into_iter().find(|state| state.code() == text),
                |text| format!("公告状态“{text}”不存在，请从列表中选择"),
            ),
            sort: part(
                &self.sort,
                problem,
                |text| Sort::ALL.into_iter().find(|sort| sort.code() == text),
                |text| format!("排序“{text}”不存在，请从列表中选择"),
            ),
            page: part(
                &self.page,
                problem,
                |text| text.parse().ok().filter(|page| (1..=PAGES).contains(page)),
                |text| format!("页码“{text}”无效，应为从 1 开始的整数"),
            )
            .max(1),
        };
        (query, problems)
    }
}

/// Whether anything is asked for beyond the first list.
pub fn is_searched(query: &PortalQuery) -> bool {
    *query != PortalQuery { page: query.page, ..PortalQuery::default() }
}

/// The one address of a search, whatever the order and noise of what was asked.
pub fn address(query: &PortalQuery, page: i64) -> String {
    let mut parts = Vec::new();
    for (name, words) in [("q", &query.words), ("unit", &query.unit)] {
        if !words.is_empty() {
            parts.push(format!("{name}={}", encode(&words.join(" "))));
        }
    }
    if let Some(year) = query.year {
        parts.push(format!("year={year}"));
    }
    if let Some(district) = query.district {
        parts.push(format!("district={}", district.code()));
    }
    for (name, code) in [("status", query.state.code()), ("sort", query.sort.code())] {
        if !code.is_empty() {
            parts.push(format!("{name}={code}"));
        }
    }
    if page > 1 {
        parts.push(format!("page={page}"));
    }
    if parts.is_empty() { paths::PORTAL.to_owned() } else { format!("{}?{}", paths::PORTAL, parts.join("&")) }
}

/// What the list of units is asked for, as it came.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct UnitSearch {
    q: String,
    page: Option<String>,
}

impl UnitSearch {
    /// The words that a name holds, and the page; none where that is nothing.
    pub fn read(&self) -> Option<(Vec<String>, i64)> {
        let asked = text::search(&self.q);
        if asked.chars().count() > search::SIGNS {
            return None;
        }
        Some((search::words(&asked), Asked::page(self.page.as_deref())?))
    }
}

/// The one address of units whose names hold these words.
pub fn units_address(words: &[String], page: u64) -> String {
    let asked = if words.is_empty() { None } else { Some(format!("q={}", encode(&words.join(" ")))) };
    let page = (page > 1).then(|| format!("page={page}"));
    let parts: Vec<String> = asked.into_iter().chain(page).collect();
    if parts.is_empty() { paths::UNITS.to_owned() } else { format!("{}?{}", paths::UNITS, parts.join("&")) }
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d5_every_search_has_one_address() {
        let search =
            Search { q: "\u{0} 上海　ＡＢ a\u{0}b c".into(), unit: " 机动车 ".into(), page: "2".into(), ..Search::default() };
        let (query, problems) = search.read();
        assert_eq!(
            (query.words.join("|").as_str(), problems.len()),
            ("上海|ab|a|b|c", 0),
            "a control character ends a word: no name holds one"
        );
        assert_eq!(query.unit, ["机动车"]);
        assert_eq!(address(&PortalQuery { page: 9, ..PortalQuery::default() }, 1), "/");
        let query = PortalQuery {
            words: vec!["机 &".into()],
            year: Some(2025),
            state: State::Revoked,
            sort: Sort::Amount,
            ..PortalQuery::default()
        };
        assert_eq!(address(&query, 2), "/?q=%E6%9C%BA%20%26&year=2025&status=revoked&sort=amount&page=2");
    }

    #[test]
    fn d5_nonsense_is_answered_part_by_part_and_what_can_be_read_is_kept() {
        let search = Search {
            q: "机".repeat(61),
            year: "二零".into(),
            district: "110000".into(),
            status: "draft".into(),
            sort: "id; DROP".into(),
            page: "-1".into(),
            unit: "机动车".into(),
        };
        let (query, problems) = search.read();
        assert_eq!(problems.len(), 6, "{problems:?}");
        assert!(problems[1].contains("二零") && problems[3].contains("draft"), "{problems:?}");
        assert_eq!(query, PortalQuery { unit: vec!["机动车".into()], page: 1, ..PortalQuery::default() });
        assert!(!is_searched(&PortalQuery { page: 3, ..PortalQuery::default() }) && is_searched(&query));
    }
}
