//! The filters of the 合同台账 as they stand in an address: of the list, and of its export.

use super::api::LedgerQuery;
use crate::domain::contract::{Measure, Source};
use crate::domain::ids::UnitId;
use leptos_router::params::ParamsMap;

/// Reads the filters; what means nothing is no filter.
pub fn read(get: impl Fn(&str) -> Option<String>) -> LedgerQuery {
    let text = |key: &str| get(key).unwrap_or_default();
    LedgerQuery {
        unit: get("unit").and_then(|unit| UnitId::parse(&unit).ok()),
        year: get("year").and_then(|year| year.parse().ok()),
        source: Source::from_code(&text("source")),
        measure: Measure::from_code(&text("measure")),
        verdict: text("verdict"),
        words: text("words"),
        page: get("page").and_then(|page| page.parse().ok()).unwrap_or(1),
    }
}

/// Whether what the address says of each filter could be read: a list of everything is kind where it could not, a file of everything is wrong.
pub fn is_whole(query: &LedgerQuery, get: impl Fn(&str) -> Option<String>) -> bool {
    let is_given = |key: &str| get(key).is_some_and(|text| !text.is_empty());
    let read = [
        ("unit", query.unit.is_some()),
        ("year", query.year.is_some()),
        ("source", query.source.is_some()),
        ("measure", query.measure.is_some()),
    ];
    read.into_iter().all(|(key, is_read)| is_read || !is_given(key))
}

/// Writes the filters with the question mark; empty where there are none.
pub fn write(query: &LedgerQuery) -> String {
    let mut parts = ParamsMap::new();
    let mut add = |key: &'static str, value: String| {
        if !value.is_empty() {
            parts.insert(key, value);
        }
    };
    add("unit", query.unit.as_ref().map(ToString::to_string).unwrap_or_default());
    add("year", query.year.map(|year| year.to_string()).unwrap_or_default());
    add("source", query.source.map(Source::code).unwrap_or_default().to_owned());
    add("measure", query.measure.map(Measure::code).unwrap_or_default().to_owned());
    add("verdict", query.verdict.clone());
    add("words", query.words.clone());
    add("page", if query.page > 1 { query.page.to_string() } else { String::new() });
    parts.to_query_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e1_filters_of_the_ledger_live_in_the_url() {
        let query = LedgerQuery {
            unit: None,
            year: Some(2024),
            source: Some(Source::Framework),
            measure: Some(Measure::Package),
            verdict: "NOT_RESERVED".to_owned(),
            words: "机动车 &=".to_owned(),
            page: 3,
        };
        let written = write(&query);
        assert!(written.starts_with('?') && !written.contains("机动车"), "{written}");
        let pairs = [
            ("year", "2024"),
            ("source", "framework"),
            ("measure", "package"),
            ("verdict", "NOT_RESERVED"),
            ("words", "机动车 &="),
            ("page", "3"),
        ];
        let get = |key: &str| pairs.iter().find(|(name, _)| *name == key).map(|(_, value)| (*value).to_owned());
        assert_eq!(read(get), query);
        assert!(is_whole(&query, get));
        let broken = |key: &str| (key == "year").then(|| "2024\r\n".to_owned());
        assert!(!is_whole(&read(broken), broken));
        assert_eq!(write(&LedgerQuery { page: 1, ..LedgerQuery::default() }), "");
    }
}
