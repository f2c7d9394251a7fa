//! 公告编号: `310115-2025-0007`, district, year and serial (C2).

use crate::domain::calendar::Year;
use crate::domain::organisation::District;

/// The number of an announcement. A serial is given once for its district and year and never again.
pub fn number(district: District, year: Year, serial: i64) -> String {
    format!("{}-{}-{serial:04}", district.code(), year.number())
}

/// Whether `number` was given for this district; after a change of the district another one is due.
pub fn is_of(number: &str, district: District) -> bool {
    number.split('-').next() == Some(district.code())
}

/// Whether a text has the form of a number, so that nothing else is looked up.
pub fn is_number(text: &str) -> bool {
    let mut parts = text.split('-');
    let digits = |part: Option<&str>, least: usize, most: usize| {
        part.is_some_and(|part| (least..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    digits(parts.next(), 6, 6) && digits(parts.next(), 4, 4) && digits(parts.next(), 4, 12) && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::Moment;

    #[test]
    fn c2_a_number_names_district_year_and_serial() {
        let year = Year::offered(Moment::parse_local("2025-06-01 00:00").unwrap())[0];
        let district = District::parse("310115").unwrap();
        let text = number(district, year, 7);
        assert_eq!(text, "310115-2025-0007");
        assert!(is_number(&text) && is_of(&text, district) && !is_of(&text, District::parse("310101").unwrap()));
        assert_eq!(number(district, year, 12_345), "310115-2025-12345");
        for wrong in ["", "310115-2025-007", "310115-2025-0007-1", "310115-2025-000a", "../../etc/pas", "310115-2025-0007 "] {
            assert!(!is_number(wrong), "{wrong}");
        }
    }
}
