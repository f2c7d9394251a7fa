//! 「基本信息」: what the form's times mean, and what is wrong with them (C2, C3). The field says it at once, and 「提交」 by the
//! same rules.

use crate::domain::announcement::status::PublishMode;
use crate::domain::calendar::{Day, Moment, YEARS};

/// What is wrong with a time of 「基本信息」.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BasicsFault {
    /// 「定时发布」 without a time, or with one that cannot be read.
    #[error("请填写发布时间，精确到秒，如 2026-03-15 09:00:00")]
    NoTime,
    /// A 发布时间 out of all reason.
    #[error("发布时间超出范围，最晚为 2100-12-31")]
    TimeRange,
    /// A 发布时间 that is not in the future.
    #[error("定时发布的时间 {0} 已经过去，请改为将来的时间，或选择「审核完成发布」")]
    Past(String),
    /// A 公告截止时间 that cannot be read.
    #[error("公告截止时间不存在或格式不对，应如 2026-12-31")]
    NoDay,
    /// A 公告截止时间 out of all reason.
    #[error("公告截止时间超出范围，应在发布日期至 2100-12-31 之间")]
    DayRange,
    /// It would end before it begins.
    #[error("公告截止时间 {0} 早于发布日期 {1}，请重新选择")]
    EndsFirst(Day, Day),
}

impl BasicsFault {
    /// Whether it is about 公告截止时间, and not about 发布时间.
    pub const fn is_about_end(&self) -> bool {
        matches!(self, BasicsFault::NoDay | BasicsFault::DayRange | BasicsFault::EndsFirst(..))
    }
}

fn is_out_of_range(text: &str) -> bool {
    let year = text.trim().split(['-', '/', '.', '年']).next().and_then(|year| year.parse::<i32>().ok());
    year.is_some_and(|year| year >= 1_000 && !YEARS.contains(&year))
}

/// 发布类型 of the form; `time` is the text of 发布时间.
pub fn mode(is_timed: bool, time: &str) -> Result<PublishMode, BasicsFault> {
    if !is_timed {
        return Ok(PublishMode::OnApproval);
    }
    if is_out_of_range(time) {
        return Err(BasicsFault::TimeRange);
    }
    Moment::parse_local(time).map(PublishMode::At).map_err(|_| BasicsFault::NoTime)
}

/// 公告截止时间 of the form; nothing for an empty field.
pub fn end(text: &str) -> Result<Option<Day>, BasicsFault> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    if is_out_of_range(text) {
        return Err(BasicsFault::DayRange);
    }
    Day::parse(text).map(Some).map_err(|_| BasicsFault::NoDay)
}

/// Whether the set time has gone by at `now`.
pub fn past(mode: PublishMode, now: Moment) -> Option<BasicsFault> {
    mode.at().filter(|at| *at <= now).map(|at| BasicsFault::Past(at.local()))
}

/// Whether it would end before the day on which it is published at the earliest.
pub fn ends_first(mode: PublishMode, expires_on: Option<Day>, now: Moment) -> Option<BasicsFault> {
    let begins = mode.at().unwrap_or(now).max(now).day();
    expires_on.filter(|day| *day < begins).map(|day| BasicsFault::EndsFirst(day, begins))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Moment {
        Moment::parse_local(text).unwrap()
    }

    #[test]
    fn c3_a_set_time_is_read_and_judged() {
        assert_eq!(mode(false, "2200-01-01T00:00"), Ok(PublishMode::OnApproval));
        assert_eq!(mode(true, "2026-03-15T09:00:00"), Ok(PublishMode::At(at("2026-03-15 09:00"))));
        assert_eq!(mode(true, ""), Err(BasicsFault::NoTime));
        assert_eq!(mode(true, "2200-01-01T00:00"), Err(BasicsFault::TimeRange));
        assert_eq!(mode(true, "12026-01-01T00:00"), Err(BasicsFault::TimeRange));
        let now = at("2026-03-10 09:00");
        assert_eq!(past(PublishMode::At(now), now), Some(BasicsFault::Past("2026-03-10 09:00:00".into())));
        assert_eq!(past(PublishMode::At(now.plus_seconds(1)), now), None);
        assert_eq!(past(PublishMode::OnApproval, now), None);
    }

    #[test]
    fn c2_the_end_lies_in_range_and_not_before_the_publication() {
        let now = at("2026-03-10 09:00");
        assert_eq!(end(" "), Ok(None));
        assert_eq!(end("2026-12-31"), Ok(Day::new(2026, 12, 31)));
        assert_eq!(end("2200-01-01"), Err(BasicsFault::DayRange));
        assert_eq!(end("2026-02-30"), Err(BasicsFault::NoDay));
        let timed = PublishMode::At(at("2026-03-15 09:00"));
        assert_eq!(ends_first(timed, Day::new(2026, 3, 15), now), None);
        assert!(matches!(ends_first(timed, Day::new(2026, 3, 14), now), Some(BasicsFault::EndsFirst(..))));
        assert!(ends_first(PublishMode::OnApproval, Day::new(1999, 1, 1), now).is_some_and(|fault| fault.is_about_end()));
        assert_eq!(ends_first(PublishMode::OnApproval, None, now), None);
    }
}
