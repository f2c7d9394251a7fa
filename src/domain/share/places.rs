//! Which places a threshold may name, and whom it is held against.

use super::{CITY, NATIONAL};
use crate::domain::organisation::District;

/// Whom a row of a place is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applies {
    /// Units of this system.
    Here,
    /// Nobody here: the row stands there for comparison only.
    Elsewhere,
    /// Nobody, though this place of the system is meant.
    Misspelt(&'static str),
}

/// Whom a row of `place` is held against: places are compared by their whole names.
pub fn applies_to(place: &str) -> Applies {
    let place = place.trim();
    let known = || [NATIONAL, CITY].into_iter().chain(District::all().map(District::name));
    if known().any(|name| name == place) {
        return Applies::Here;
    }
    known().find(|name| stem(name) == stem(place)).map_or(Applies::Elsewhere, Applies::Misspelt)
}

/// What is left of a place's name without the city before it and the kind of place behind it.
fn stem(place: &str) -> &str {
    let inside = ["上海市", "上海"].into_iter().find_map(|city| place.strip_prefix(city)).map_or(place, str::trim_start);
    let own = if inside.is_empty() { place } else { inside };
    ["新区", "区", "市", "县"].into_iter().find_map(|kind| own.strip_suffix(kind)).filter(|stem| !stem.is_empty()).unwrap_or(own)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{id, row};
    use super::super::{Draft, Kind};
    use super::*;
    use crate::domain::calendar::Day;
    use crate::domain::contract::Category;

    #[test]
    fn e10_a_place_that_matches_no_unit_is_refused_where_one_of_ours_is_meant_and_else_told() {
        for place in [NATIONAL, CITY, "浦东新区", " 上海市本级 "] {
            assert_eq!(applies_to(place), Applies::Here, "{place}");
        }
        for (place, meant) in [
            ("浦东", "浦东新区"),
            ("浦东区", "浦东新区"),
            ("上海市黄浦区", "黄浦区"),
            ("黄浦", "黄浦区"),
            ("上海", CITY),
            ("崇明县", "崇明区"),
        ] {
            assert_eq!(applies_to(place), Applies::Misspelt(meant), "{place}");
        }
        for place in ["兰州新区", "江苏省", "区", ""] {
            assert_eq!(applies_to(place), Applies::Elsewhere, "{place}");
        }
        let draft = |place: &str| Draft {
            jurisdiction: place.to_owned(),
            category: Category::Works,
            kind: Kind::Reserved,
            percent: "35".to_owned(),
            from: Day::parse("2020-01-01").unwrap(),
            to: None,
            source: "x".to_owned(),
            is_checked: false,
        };
        let refused = draft("浦东区").check(id(9), 1, &[]).unwrap_err();
        assert_eq!((refused.field(), refused.to_string().as_str()), ("jurisdiction", "没有「浦东区」；应为「浦东新区」，请从列表中选择"));
        assert!(draft("兰州新区").check(id(9), 1, &[]).is_ok(), "another city's, for comparison");
        let stands = row(9, "浦东区", Category::Works, "35", "2020-01-01", "");
        assert!(draft("浦东区").check(id(9), 1, &[stands]).is_ok(), "what stands there already can be ended");
    }
}
