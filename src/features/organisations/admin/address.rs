//! What the two lists of the page show, as the address says it: the words looked for and the page of each.

use crate::app::paths;
use crate::domain::organisation::{Unit, in_tree_order};
use leptos_router::params::ParamsMap;

/// Units on one page of the list.
pub const UNITS: usize = 50;

/// What both lists look for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Part of a unit's name or code; empty lists every unit.
    pub units: String,
    /// The page of units, counted from 1.
    pub units_page: usize,
    /// Part of a sign-in name, a name or a unit; empty lists everyone.
    pub people: String,
    /// The page of people, counted from 1.
    pub people_page: usize,
}

impl Address {
    /// Reads it; what cannot be read is the first page of everything.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Address {
        let page = |key: &str| get(key).and_then(|page| page.parse().ok()).unwrap_or(1).max(1);
        Address {
            units: get("unit").unwrap_or_default(),
            units_page: page("upage"),
            people: get("q").unwrap_or_default(),
            people_page: page("page"),
        }
    }

    fn parts(&self) -> Vec<(&'static str, String)> {
        let page = |number: usize| if number > 1 { number.to_string() } else { String::new() };
        let parts =
            [("unit", self.units.clone()), ("upage", page(self.units_page)), ("q", self.people.clone()), ("page", page(self.people_page))];
        parts.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    /// The words under `key`.
    pub fn word(&self, key: &str) -> &str {
        if key == "unit" { &self.units } else { &self.people }
    }

    /// What a search under `key` leaves as it is: the words and the page of the other list.
    pub fn without(&self, key: &str) -> Vec<(&'static str, String)> {
        let own = if key == "unit" { ["unit", "upage"] } else { ["q", "page"] };
        self.parts().into_iter().filter(|(part, _)| !own.contains(part)).collect()
    }

    /// The address of these parts.
    pub fn write(parts: &[(&'static str, String)]) -> String {
        let map: ParamsMap = parts.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
        format!("{}{}", paths::ADMIN, map.to_query_string())
    }

    /// The address of a page of units, at their list.
    pub fn of_units_page(&self, page: usize) -> String {
        format!("{}#units-title", Address::write(&Address { units_page: page, ..self.clone() }.parts()))
    }

    /// The address of a page of people, at their list.
    pub fn of_people_page(&self, page: usize) -> String {
        format!("{}#people-title", Address::write(&Address { people_page: page, ..self.clone() }.parts()))
    }
}

/// The units of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// In the order of the tree, with the steps that each stands below the top.
    pub units: Vec<(usize, Unit)>,
    /// How many fit on all pages.
    pub total: usize,
    /// The page, counted from 1; one past the end is the last.
    pub page: usize,
}

/// The units that are looked for, in the order of the tree; each stands as deep as it does in the whole tree.
pub fn shown(units: Vec<Unit>, address: &Address) -> Shown {
    let words = address.units.trim().to_lowercase();
    let fits = |unit: &Unit| unit.name.to_lowercase().contains(&words) || unit.uscc.to_lowercase().contains(&words);
    let found: Vec<(usize, Unit)> = in_tree_order(units).into_iter().filter(|(_, unit)| fits(unit)).collect();
    let total = found.len();
    let page = address.units_page.clamp(1, total.div_ceil(UNITS).max(1));
    Shown { units: found.into_iter().skip((page - 1) * UNITS).take(UNITS).collect(), total, page }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contract::YearBasis;
    use crate::domain::ids::UnitId;
    use crate::domain::organisation::District;

    fn address(query: &[(&str, &str)]) -> Address {
        Address::read(|key| query.iter().find(|(name, _)| *name == key).map(|(_, value)| (*value).to_owned()))
    }

    fn id(number: usize) -> UnitId {
        UnitId::parse(&format!("01890a5d-ac96-774b-bcce-b3020000{number:04}")).unwrap()
    }

    /// A 主管 and `below` units under it.
    fn tree(below: usize) -> Vec<Unit> {
        let unit = |number: usize| Unit {
            id: id(number),
            name: format!("单位{number:03}"),
            uscc: format!("CODE{number}"),
            parent: (number > 0).then(|| id(0)),
            is_supervisor: number == 0,
            district: District::parse("319900").unwrap(),
            year_basis: YearBasis::Signed,
            version: 1,
        };
        (0..=below).map(unit).collect()
    }

    #[test]
    fn b8_both_lists_live_in_the_address_and_keep_out_of_each_others_way() {
        let both = address(&[("unit", "浦东&"), ("upage", "3"), ("q", "张"), ("page", "2")]);
        assert_eq!((both.units.as_str(), both.units_page, both.people.as_str(), both.people_page), ("浦东&", 3, "张", 2));
        assert_eq!(both.without("q"), [("unit", "浦东&".to_owned()), ("upage", "3".to_owned())]);
        assert_eq!(both.without("unit"), [("q", "张".to_owned()), ("page", "2".to_owned())]);
        let next = both.of_people_page(1);
        assert!(next.starts_with("/office/admin?") && next.ends_with("#people-title"), "{next}");
        assert!(next.contains("upage=3") && !next.contains("&page=") && !next.contains("浦东&"), "{next}");
        let plain = address(&[("page", "x"), ("upage", "0")]);
        assert_eq!((plain.people_page, plain.units_page), (1, 1));
        assert_eq!(Address::write(&plain.without("q")), "/office/admin");
    }

    #[test]
    fn b8_units_are_shown_by_pages_and_found_by_name_or_code() {
        let names = |shown: &Shown| shown.units.iter().map(|(_, unit)| unit.name.clone()).collect::<Vec<_>>();
        let first = shown(tree(500), &address(&[]));
        assert_eq!((first.units.len(), first.total, first.page), (UNITS, 501, 1));
        assert_eq!((first.units[0].0, first.units[1].0), (0, 1), "the 主管 first, the others below it");
        let last = shown(tree(500), &address(&[("upage", "99")]));
        assert_eq!((names(&last), last.page), (vec!["单位500".to_owned()], 11));
        let found = shown(tree(500), &address(&[("unit", " 单位49 ")]));
        assert_eq!((found.total, found.units[0].0), (10, 1), "as deep as in the whole tree");
        assert_eq!(names(&shown(tree(500), &address(&[("unit", "code123")]))), ["单位123"]);
        assert_eq!(shown(tree(500), &address(&[("unit", "没有")])), Shown { units: Vec::new(), total: 0, page: 1 });
    }
}
