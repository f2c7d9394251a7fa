//! Which template serves whom: the one of the nearest place, and of those the latest.

use crate::domain::calendar::Year;
use crate::domain::organisation::District;
use crate::domain::text::to_half_width;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Places of several 行政区划 that have a name of their own.
const NAMED: [(&str, &str); 2] = [("31", "上海市"), ("3101", "上海市各区")];

/// How many digits a place may have.
const SIZES: [usize; 4] = [0, 2, 4, 6];

/// Where a template holds: the beginning of the codes of 行政区划. Empty is everywhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Place(String);

/// Why a text is no place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlaceRefused {
    /// Not the beginning of a code.
    #[error("适用地区应为行政区划代码的前 2、4 或 6 位数字，如 31、310115；留空适用于各地")]
    Shape,
    /// No 行政区划 begins like this.
    #[error("没有代码以「{0}」开头的行政区划，请从列表中选择")]
    Unknown(String),
}

impl Place {
    /// Reads the first 2, 4 or 6 digits of a code, or nothing.
    pub fn parse(text: &str) -> Result<Place, PlaceRefused> {
        let code = to_half_width(text).trim().to_owned();
        if !SIZES.contains(&code.len()) || !code.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(PlaceRefused::Shape);
        }
        if District::all().any(|district| district.code().starts_with(&code)) { Ok(Place(code)) } else { Err(PlaceRefused::Unknown(code)) }
    }

    /// The digits.
    pub fn code(&self) -> &str {
        &self.0
    }

    /// The words on the screen.
    pub fn label(&self) -> String {
        let name = NAMED.iter().find(|(code, _)| *code == self.0).map(|(_, name)| *name);
        match name.or_else(|| District::parse(&self.0).ok().map(District::name)) {
            _ if self.0.is_empty() => "各地".to_owned(),
            Some(name) => format!("{} {name}", self.0),
            None => format!("代码以 {} 开头的地区", self.0),
        }
    }

    /// Whether it reaches this 行政区划.
    pub fn covers(&self, district: District) -> bool {
        district.code().starts_with(&self.0)
    }

    /// The places that reach this 行政区划, the widest first.
    pub fn reaching(district: District) -> Vec<Place> {
        SIZES.iter().filter_map(|size| district.code().get(..*size)).map(|code| Place(code.to_owned())).collect()
    }

    /// The places that the form offers, the widest first.
    pub fn offered() -> Vec<Place> {
        let codes = [""].into_iter().chain(NAMED.map(|(code, _)| code)).chain(District::all().map(District::code));
        codes.map(|code| Place(code.to_owned())).collect()
    }
}

impl TryFrom<String> for Place {
    type Error = PlaceRefused;
    fn try_from(text: String) -> Result<Place, PlaceRefused> {
        Place::parse(&text)
    }
}

impl From<Place> for String {
    fn from(place: Place) -> String {
        place.0
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.label())
    }
}

/// Where and for which years a template holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// Where.
    pub place: Place,
    /// The first 年度.
    pub from: Year,
    /// The last 年度; none while it goes on.
    pub to: Option<Year>,
}

impl Scope {
    /// Whether it may serve an announcement of this 行政区划 and 年度.
    pub fn holds(&self, district: District, year: Year) -> bool {
        self.place.covers(district) && self.from <= year && self.to.is_none_or(|to| year <= to)
    }

    /// The 年度 in words.
    pub fn years(&self) -> String {
        match self.to {
            None => format!("{} 年度起", self.from),
            Some(to) if to == self.from => format!("{to} 年度"),
            Some(to) => format!("{} — {to} 年度", self.from),
        }
    }
}

/// The template that serves an announcement: of those that hold, the one of the nearest place (the longest code), and of these the one that begins
/// last. Without any it is the official one.
pub fn serving<T>(templates: &[T], scope: impl Fn(&T) -> &Scope, district: District, year: Year) -> Option<&T> {
    let holding = templates.iter().filter(|template| scope(template).holds(district, year));
    holding.max_by_key(|template| (scope(template).place.code().len(), scope(template).from))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn year(number: i32) -> Year {
        Year::try_from(number).unwrap()
    }

    fn scope(place: &str, from: i32, to: Option<i32>) -> Scope {
        Scope { place: Place::parse(place).unwrap(), from: year(from), to: to.map(year) }
    }

    #[test]
    fn c7_the_nearest_place_goes_before_the_latest_year() {
        let all = [scope("", 2026, None), scope("31", 2022, None), scope("31", 2024, None), scope("310115", 2021, Some(2024))];
        let pudong = District::parse("310115").unwrap();
        let city = District::parse("319900").unwrap();
        let of = |district, number| serving(&all, |scope| scope, district, year(number));
        assert_eq!(of(pudong, 2024), Some(&all[3]));
        assert_eq!(of(pudong, 2025), Some(&all[2]), "its own has ended: the city's serves");
        assert_eq!(of(city, 2023), Some(&all[1]));
        assert_eq!(of(city, 2021), None, "the official one");
    }

    #[test]
    fn c7_a_place_is_the_beginning_of_a_code_that_exists() {
        assert_eq!(Place::parse(" ３１０１１５ ").unwrap().label(), "310115 浦东新区");
        assert_eq!(Place::parse("").unwrap().label(), "各地");
        assert_eq!(Place::parse("3199").unwrap().label(), "代码以 3199 开头的地区");
        for text in ["3", "310", "31010", "3101155", "上海", "31a1"] {
            assert_eq!(Place::parse(text), Err(PlaceRefused::Shape), "{text}");
        }
        assert_eq!(Place::parse("3205"), Err(PlaceRefused::Unknown("3205".into())));
        for place in Place::offered() {
            assert_eq!(Place::parse(place.code()), Ok(place));
        }
    }

    #[test]
    fn c7_the_places_that_reach_a_district_are_exactly_those_that_cover_it() {
        let reaching: Vec<String> =
            Place::reaching(District::parse("310115").unwrap()).iter().map(|place| place.code().to_owned()).collect();
        assert_eq!(reaching, ["", "31", "3101", "310115"]);
        for district in District::all() {
            let reaching = Place::reaching(district);
            assert!(Place::offered().iter().all(|place| place.covers(district) == reaching.contains(place)), "{}", district.code());
        }
    }

    fn any_scope() -> impl Strategy<Value = Scope> {
        let place = proptest::sample::select(vec!["", "31", "3101", "3199", "310115", "310101", "319900"]);
        (place, 2021..2030, proptest::option::of(0..5)).prop_map(|(place, from, years)| scope(place, from, years.map(|years| from + years)))
    }

    proptest! {
        /// Whatever is kept: what serves holds there and then, and nothing that holds is nearer, or as near and later.
        #[test]
        fn c7_what_serves_holds_and_nothing_that_holds_is_nearer(
            mut all in proptest::collection::vec(any_scope(), 0..12),
            district in proptest::sample::select(District::all().collect::<Vec<_>>()),
            number in 2021..2032,
        ) {
            let of = year(number);
            let nearness = |scope: &Scope| (scope.place.code().len(), scope.from);
            let served = serving(&all, |scope| scope, district, of).cloned();
            let mut holding = all.iter().filter(|scope| scope.holds(district, of));
            match &served {
                None => prop_assert!(holding.next().is_none()),
                Some(best) => {
                    prop_assert!(best.holds(district, of));
                    prop_assert!(best.from <= of && district.code().starts_with(best.place.code()));
                    prop_assert!(holding.all(|other| nearness(other) <= nearness(best)));
                }
            }
            // The order in which they are kept decides nothing.
            all.reverse();
            let again = serving(&all, |scope| scope, district, of);
            prop_assert_eq!(again.map(nearness), served.as_ref().map(nearness));
        }

        /// A template for later years, or of another place, changes nothing for those who are served already.
        #[test]
        fn c7_a_template_of_another_place_or_a_later_year_changes_nothing(
            all in proptest::collection::vec(any_scope(), 0..8),
            added in any_scope(),
            district in proptest::sample::select(District::all().collect::<Vec<_>>()),
            number in 2021..2032,
        ) {
            let of = year(number);
            prop_assume!(!added.holds(district, of));
            let before = serving(&all, |scope| scope, district, of).cloned();
            let more: Vec<Scope> = all.into_iter().chain([added]).collect();
            prop_assert_eq!(serving(&more, |scope| scope, district, of), before.as_ref());
        }
    }
}
