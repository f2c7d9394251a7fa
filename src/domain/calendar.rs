//! Moments, days and reporting years, as Chinese offices count them (UTC+8 all year since 1991).
//!
//! Pure: what time it is comes in from outside as a [`Moment`]. Days are those of 1990–2100, and moments lie on them: what is read
//! from a text, whoever sent or stored it, is inside this one range.

use crate::domain::text::to_half_width;
use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveTime, SecondsFormat, TimeDelta, Timelike, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The years of every day and moment that is read.
pub const YEARS: std::ops::RangeInclusive<i32> = 1990..=2100;

/// A point in time with millisecond precision; as text always `2026-03-15T01:00:00.000Z`, so that text order is time order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(DateTime<Utc>);

/// Why a text is not a moment or a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// Not in the form YYYY-MM-DD, or no such day.
    #[error("日期不存在或格式不对，应如 2024-03-15")]
    Day,
    /// Not in the form YYYY-MM-DD HH:MM[:SS].
    #[error("时间格式不对，应如 2024-03-15 09:00")]
    Moment,
    /// Outside [`Year::NUMBERS`].
    #[error("年度应在 2021 年以后")]
    Year,
}

fn shanghai() -> FixedOffset {
    FixedOffset::east_opt(8 * 3600).unwrap_or_else(|| unreachable!("eight hours is a valid offset"))
}

impl Moment {
    /// From milliseconds since 1970-01-01 UTC; out-of-range values become the epoch's end.
    pub fn from_millis(millis: i64) -> Moment {
        Moment(DateTime::from_timestamp_millis(millis).unwrap_or(DateTime::<Utc>::MAX_UTC))
    }

    /// Milliseconds since 1970-01-01 UTC.
    pub fn millis(self) -> i64 {
        self.0.timestamp_millis()
    }

    /// Reads the text form that [`fmt::Display`] writes, on a Shanghai day of 1990–2100.
    pub fn parse(text: &str) -> Result<Moment, CalendarError> {
        let read = DateTime::parse_from_rfc3339(text).map_err(|_| CalendarError::Moment)?;
        let moment = DateTime::from_timestamp_millis(read.timestamp_millis()).ok_or(CalendarError::Moment)?;
        let day = moment.checked_add_signed(TimeDelta::hours(8)).ok_or(CalendarError::Moment)?;
        if YEARS.contains(&day.year()) { Ok(Moment(moment)) } else { Err(CalendarError::Moment) }
    }

    /// Reads local Shanghai time as people and `<input type=datetime-local>` write it: `2026-03-15T09:00[:00]` or with a blank.
    pub fn parse_local(text: &str) -> Result<Moment, CalendarError> {
        let text = to_half_width(text);
        let (day, time) = text.trim().split_once(['T', ' ']).ok_or(CalendarError::Moment)?;
        let day = Day::parse(day).map_err(|_| CalendarError::Moment)?;
        let local =
            clock_time(time).and_then(|(hour, minute, second)| day.0.and_hms_opt(hour, minute, second)).ok_or(CalendarError::Moment)?;
        let moment = local.and_local_timezone(shanghai()).single().ok_or(CalendarError::Moment)?;
        Ok(Moment(moment.with_timezone(&Utc)))
    }

    /// `2026-03-15 09:00:00` in Shanghai.
    pub fn local(self) -> String {
        format!("{} {}", self.day(), self.local_time())
    }

    /// `2026-03-15T09:00:00`, the value of an `<input type=datetime-local step=1>`.
    pub fn local_input(self) -> String {
        format!("{}T{}", self.day(), self.local_time())
    }

    /// `3月15日 09:00` in Shanghai.
    pub fn local_short(self) -> String {
        let local = self.0.with_timezone(&shanghai());
        format!("{}月{}日 {:02}:{:02}", local.month(), local.day(), local.hour(), local.minute())
    }

    /// `09:00:00` in Shanghai.
    pub fn local_time(self) -> String {
        let local = self.0.with_timezone(&shanghai());
        format!("{:02}:{:02}:{:02}", local.hour(), local.minute(), local.second())
    }

    /// The Shanghai day it falls on.
    pub fn day(self) -> Day {
        Day(self.0.with_timezone(&shanghai()).date_naive())
    }

    /// This moment moved by whole seconds.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Moment {
        Moment(self.0.checked_add_signed(TimeDelta::seconds(seconds)).unwrap_or(self.0))
    }

    /// How long from `earlier` until this, in words: `2天4小时`, `35分钟`, `不到1分钟`.
    pub fn since(self, earlier: Moment) -> String {
        let minutes = (self.millis() - earlier.millis()).max(0) / 60_000;
        let (days, hours) = (minutes / 1440, minutes % 1440 / 60);
        match (days, hours, minutes % 60) {
            (0, 0, 0) => "不到1分钟".to_owned(),
            (0, 0, m) => format!("{m}分钟"),
            (0, h, 0) => format!("{h}小时"),
            (0, h, m) => format!("{h}小时{m}分钟"),
            (d, 0, _) => format!("{d}天"),
            (d, h, _) => format!("{d}天{h}小时"),
        }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl Serialize for Moment {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Moment, D::Error> {
        let text = String::deserialize(deserializer)?;
        Moment::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// A calendar day; as text always `2024-03-15`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(NaiveDate);

impl Day {
    /// Reads `2024-03-15`, also `2024/3/15`, `2024.3.15` and `2024年3月15日`; a time after it (`00:00:00`) is dropped.
    pub fn parse(text: &str) -> Result<Day, CalendarError> {
        let text = to_half_width(text);
        let text = text.trim();
        let text = text.split_once([' ', 'T']).map_or(text, |(day, _)| day);
        let plain = text.replace(['/', '.', '年', '月'], "-");
        let plain = plain.trim_end_matches('日');
        let is_number = |part: &str| (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        let mut parts = plain.split('-').map(|part| part.parse::<u32>().ok().filter(|_| is_number(part)));
        let (Some(Some(year)), Some(Some(month)), Some(Some(day)), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
            return Err(CalendarError::Day);
        };
        i32::try_from(year).ok().and_then(|year| Day::new(year, month, day)).ok_or(CalendarError::Day)
    }

    /// A day of 1990–2100; `None` where there is none such.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Day> {
        NaiveDate::from_ymd_opt(year, month, day).filter(|_| YEARS.contains(&year)).map(Day)
    }

    /// The calendar year.
    pub fn year(self) -> i32 {
        self.0.year()
    }

    /// `2026年3月15日`.
    pub fn chinese(self) -> String {
        format!("{}年{}月{}日", self.0.year(), self.0.month(), self.0.day())
    }

    /// The first moment after this day in Shanghai: an end that includes the whole day.
    pub fn end(self) -> Moment {
        let next = self.0.succ_opt().unwrap_or(self.0).and_time(NaiveTime::MIN);
        next.and_local_timezone(shanghai()).single().map_or(Moment(DateTime::<Utc>::MAX_UTC), |end| Moment(end.with_timezone(&Utc)))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

impl Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Day, D::Error> {
        let text = String::deserialize(deserializer)?;
        Day::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// `HH:MM` or `HH:MM:SS`.
fn clock_time(text: &str) -> Option<(u32, u32, u32)> {
    let mut parts = text.trim().split(':').map(|part| {
        let is_number = (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<u32>().ok().filter(|_| is_number)
    });
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = parts.next().unwrap_or(Some(0))?;
    parts.next().is_none().then_some((hour, minute, second))
}

/// A 年度 of reporting: 2021 (the first year the duty covers) up to the running year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
pub struct Year(i32);

impl Year {
    /// The first year that is reported (46号, art. 18: published from 2022 on, for 2021).
    pub const FIRST: Year = Year(2021);

    /// The years that can be named at all, whether they have come or not.
    pub const NUMBERS: std::ops::RangeInclusive<i32> = Year::FIRST.0..=*YEARS.end();

    /// A stored number, or one that was asked for; nothing outside [`Year::NUMBERS`].
    pub fn numbered(number: i64) -> Option<Year> {
        i32::try_from(number).ok().filter(|number| Year::NUMBERS.contains(number)).map(Year)
    }

    /// Reads the four digits of an address or a form, and nothing else: one year has one spelling.
    pub fn parse(text: &str) -> Option<Year> {
        text.parse().ok().and_then(Year::numbered).filter(|year| year.to_string() == text)
    }

    /// The calendar year as a number.
    pub const fn number(self) -> i32 {
        self.0
    }

    /// The years that can be reported at `now`, newest first; the running year comes first (A2).
    pub fn offered(now: Moment) -> Vec<Year> {
        (Year::FIRST.0..=now.day().year()).rev().map(Year).collect()
    }

    /// Whether the year is not over yet at `now`.
    pub fn is_running(self, now: Moment) -> bool {
        self.0 >= now.day().year()
    }
}

impl TryFrom<i32> for Year {
    type Error = CalendarError;
    fn try_from(year: i32) -> Result<Year, CalendarError> {
        Year::numbered(i64::from(year)).ok_or(CalendarError::Year)
    }
}

impl From<Year> for i32 {
    fn from(year: Year) -> i32 {
        year.0
    }
}

impl fmt::Display for Year {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn c2_an_end_day_lasts_until_midnight_in_shanghai() {
        assert_eq!(Day::parse("2026-07-02").unwrap().end().to_string(), "2026-07-02T16:00:00.000Z");
    }

    #[test]
    fn a2_a_year_lies_within_one_range_and_has_one_spelling() {
        let bounds = [*Year::NUMBERS.start(), *Year::NUMBERS.end()];
        assert_eq!(bounds, [2021, 2100]);
        for number in bounds {
            let year = Year::try_from(number).unwrap();
            assert_eq!((Year::numbered(i64::from(number)), Year::parse(&number.to_string())), (Some(year), Some(year)));
        }
        for number in [i64::MIN, 0, 2020, 2101, 1 << 40] {
            assert_eq!(Year::numbered(number), None, "{number}");
        }
        assert!(Year::try_from(2020).is_err() && Year::try_from(2101).is_err());
        for text in ["", "2020", "2101", "+2024", " 2024", "02024", "２０２４", "2024年", "二〇二四"] {
            assert_eq!(Year::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a2_the_offered_years_run_from_2021_to_the_running_year() {
        let now = Moment::parse_local("2026-01-01 00:30").unwrap();
        let years: Vec<i32> = Year::offered(now).into_iter().map(Year::number).collect();
        assert_eq!(years, [2026, 2025, 2024, 2023, 2022, 2021]);
        assert!(Year::try_from(2026).unwrap().is_running(now));
        assert!(!Year::try_from(2025).unwrap().is_running(now));
        assert!(Year::try_from(2020).is_err());
    }

    #[test]
    fn a1_impossible_days_are_refused() {
        for text in ["2023-07-32", "2023-02-29", "2023-13-01", "230701", "", "2023-07", "x-1-1", "20230-1-1"] {
            assert!(Day::parse(text).is_err(), "{text}");
        }
        for text in ["2024-03-05", "2024/3/5", "2024年3月5日", "２０２４－０３－０５", "2024-3-5 00:00:00"] {
            assert_eq!(Day::parse(text).unwrap().to_string(), "2024-03-05", "{text}");
        }
    }

    #[test]
    fn d6_local_time_is_eight_hours_ahead() {
        let moment = Moment::parse_local("2026-03-15T09:00").unwrap();
        assert_eq!(moment.to_string(), "2026-03-15T01:00:00.000Z");
        assert_eq!(moment.local(), "2026-03-15 09:00:00");
        assert_eq!(moment.plus_seconds(187_200).since(moment), "2天4小时");
    }

    fn read<T: serde::de::DeserializeOwned>(text: &str) -> Option<T> {
        serde_json::from_value(serde_json::Value::String(text.to_owned())).ok()
    }

    #[test]
    fn c2_a_time_that_could_not_be_read_again_is_refused_at_the_door() {
        for day in ["9999-12-31", "0001-01-01", "+12000-01-01", "-0044-03-15", "1989-12-31", "2101-01-01", "+2024-01-01", "2024-+1-01"] {
            assert_eq!(read::<Day>(day), None, "{day}");
        }
        for moment in [
            "0000-01-01T00:00:00+23:00",
            "9999-12-31T23:59:59-23:00",
            "1989-12-31T15:59:59.999Z",
            "2100-12-31T16:00:00Z",
            "+12000-01-01T00:00:00Z",
        ] {
            assert_eq!(read::<Moment>(moment), None, "{moment}");
        }
        assert!(read::<Day>("1990-01-01").is_some() && read::<Day>("2100-12-31").is_some());
        assert!(read::<Moment>("1989-12-31T16:00:00Z").is_some() && read::<Moment>("2100-12-31T15:59:59.999Z").is_some());
    }

    proptest! {
        #[test]
        fn c2_whatever_day_is_read_prints_and_reads_as_itself(text in "[+-]?[0-9]{1,5}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?") {
            if let Some(day) = read::<Day>(&text) {
                prop_assert_eq!(Day::parse(&day.to_string()), Ok(day));
                prop_assert_eq!(serde_json::to_string(&day).unwrap(), format!("\"{day}\""));
            }
        }

        #[test]
        fn c2_whatever_moment_is_read_prints_and_reads_as_itself(
            year in 0_u32..10_000, month in 1_u32..=12, day in 1_u32..=28, hour in 0_u32..24, second in 0_u32..=60, zone in "Z|[+-][01][0-9]:[0-5][0-9]",
            fraction in "|\\.[0-9]{1,9}",
        ) {
            for year in [year, 1989 + year % 2, 2100 + year % 2] {
                if let Some(moment) = read::<Moment>(&format!("{year:04}-{month:02}-{day:02}T{hour:02}:59:{second:02}{fraction}{zone}")) {
                    prop_assert_eq!(Moment::parse(&moment.to_string()), Ok(moment));
                    prop_assert_eq!(Day::parse(&moment.day().to_string()), Ok(moment.day()));
                    prop_assert_eq!(read::<Moment>(&moment.to_string()), Some(moment));
                }
            }
        }

        #[test]
        fn a1_printing_and_reading_are_inverse(millis in 700_000_000_000_i64..4_000_000_000_000) {
            let moment = Moment::from_millis(millis);
            prop_assert_eq!(Moment::parse(&moment.to_string()), Ok(moment));
            prop_assert_eq!(Day::parse(&moment.day().to_string()), Ok(moment.day()));
        }
    }
}
