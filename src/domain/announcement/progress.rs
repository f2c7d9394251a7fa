//! What the portal says of a year: who has published, and of the 主管 that show it who has not.

use crate::domain::calendar::{Moment, Year};

/// Whether the portal has a page of this year: of each that can be reported on by now.
pub fn has_page(year: Year, now: Moment) -> bool {
    Year::offered(now).contains(&year)
}

/// Whether it may be said of a 主管 that shows its progress from the year `from` on who of its units has published for `year`: not of a year
/// that has not ended, since nobody is late for it.
pub fn is_told(year: Year, from: Year, now: Moment) -> bool {
    from <= year && !year.is_running(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d5_progress_is_told_from_the_chosen_year_on_and_never_of_a_running_one() {
        let year = |number| Year::numbered(number).unwrap();
        let now = Moment::parse_local("2025-03-10 09:30").unwrap();
        let told: Vec<i64> = (2021..=2026).filter(|number| is_told(year(*number), year(2023), now)).collect();
        assert_eq!(told, [2023, 2024]);
        assert!(!is_told(year(2024), year(2024), Moment::parse_local("2024-12-31 23:59").unwrap()));
        assert!(is_told(year(2024), year(2024), Moment::parse_local("2025-01-01 00:00").unwrap()));
    }

    #[test]
    fn d5_a_year_that_has_not_come_has_no_page() {
        let now = Moment::parse_local("2025-03-10 09:30").unwrap();
        let pages: Vec<i64> = (2021..=2030).filter(|number| has_page(Year::numbered(*number).unwrap(), now)).collect();
        assert_eq!(pages, [2021, 2022, 2023, 2024, 2025]);
    }
}
