//! What the unit fills in over the collected values (A5).
//!
//! Always: an override says something else than what was collected; typing the collected value again, or nothing, takes it away.

use super::{Line, LineCell, LineRules};
use crate::domain::calendar::{CalendarError, Day};
use crate::domain::contract::{Contract, Measure};
use crate::domain::money::{Money, MoneyError, Percent, PercentError, Unit};
use crate::domain::text::{self, LinkError, TextError};
use serde::{Deserialize, Serialize};

/// What the unit filled in over the collected values; `None` leaves the collected value standing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Overrides {
    /// 项目名称.
    pub project_name: Option<String>,
    /// 预留选项.
    pub measure: Option<Measure>,
    /// 预留比例.
    pub percent: Option<Percent>,
    /// 面向中小企业采购金额.
    pub sme: Option<Money>,
    /// 面向小微企业采购金额.
    pub small_micro: Option<Money>,
    /// 合同公告日期, asked for only where it decides the year.
    pub published_on: Option<Day>,
    /// 合同链接.
    pub url: Option<String>,
}

impl Overrides {
    /// Whether nothing that the contract says was changed: only what it left empty was filled in.
    pub const fn only_fills(&self, contract: &Contract) -> bool {
        self.project_name.is_none()
            && !(self.measure.is_some() && contract.measure.is_some())
            && !(self.percent.is_some() && contract.reserved_pct.is_some())
            && !(self.sme.is_some() && contract.sme.is_some())
            && !(self.small_micro.is_some() && contract.small_micro.is_some())
            && !(self.published_on.is_some() && contract.published_on.is_some())
            && !(self.url.is_some() && contract.url.is_some())
    }
}

impl Overrides {
    /// The contract as the rules see it with what was filled in laid over it.
    #[must_use]
    pub fn over(&self, contract: &Contract) -> Contract {
        let mut seen = contract.clone();
        seen.measure = self.measure.or(contract.measure);
        seen.reserved_pct = self.percent.or(contract.reserved_pct);
        seen.sme = self.sme.or(contract.sme);
        seen.small_micro = self.small_micro.or(contract.small_micro);
        seen.published_on = self.published_on.or(contract.published_on);
        seen
    }

    /// Whether this cell was filled in.
    pub const fn has(&self, cell: LineCell) -> bool {
        match cell {
            LineCell::ProjectName => self.project_name.is_some(),
            LineCell::Measure => self.measure.is_some(),
            LineCell::Percent => self.percent.is_some(),
            LineCell::Sme => self.sme.is_some(),
            LineCell::SmallMicro => self.small_micro.is_some(),
            LineCell::PublishedOn => self.published_on.is_some(),
            LineCell::Url => self.url.is_some(),
            LineCell::Reason => false,
        }
    }

    /// Takes away what was filled into this cell.
    pub fn clear(&mut self, cell: LineCell) {
        match cell {
            LineCell::ProjectName => self.project_name = None,
            LineCell::Measure => self.measure = None,
            LineCell::Percent => self.percent = None,
            LineCell::Sme => self.sme = None,
            LineCell::SmallMicro => self.small_micro = None,
            LineCell::PublishedOn => self.published_on = None,
            LineCell::Url => self.url = None,
            LineCell::Reason => {}
        }
    }
}

/// Why a typed text is not taken into a cell.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CellRefused {
    /// The cell is locked, for this reason.
    #[error("{0}")]
    Locked(&'static str),
    /// Not an amount.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// Not a percentage.
    #[error(transparent)]
    Percent(#[from] PercentError),
    /// Not one of the four.
    #[error("预留选项只能是：整体预留、包预留、联合体预留、合同分包预留")]
    Measure,
    /// Not a day.
    #[error(transparent)]
    Day(#[from] CalendarError),
    /// Not a link.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// Too long or unreadable.
    #[error(transparent)]
    Text(#[from] TextError),
}

impl Line {
    /// This line with `text` typed into `cell`; an empty text takes an override away.
    pub fn with(&self, cell: LineCell, text: &str, rules: &LineRules) -> Result<Line, CellRefused> {
        if let Some(why) = self.lock(cell, rules) {
            return Err(CellRefused::Locked(why));
        }
        let mut line = self.clone();
        let overrides = &mut line.overrides;
        let blank = text.trim().is_empty();
        match cell {
            LineCell::ProjectName => overrides.project_name = Some(text::optional("项目名称", text, 200)?).filter(|name| !name.is_empty()),
            LineCell::Measure if blank => overrides.measure = None,
            LineCell::Measure => overrides.measure = Some(Measure::parse(text.trim()).map_err(|_| CellRefused::Measure)?),
            LineCell::Percent if blank => overrides.percent = None,
            LineCell::Percent => overrides.percent = Some(Percent::parse(text)?),
            LineCell::Sme if blank => overrides.sme = None,
            LineCell::Sme => overrides.sme = Some(Money::parse_in(text, Unit::Wan)?),
            LineCell::SmallMicro if blank => overrides.small_micro = None,
            LineCell::SmallMicro => overrides.small_micro = Some(Money::parse_in(text, Unit::Wan)?),
            LineCell::PublishedOn if blank => overrides.published_on = None,
            LineCell::PublishedOn => overrides.published_on = Some(Day::parse(text)?),
            LineCell::Url => overrides.url = text::link(text)?,
            LineCell::Reason => line.reason = text::optional("修改理由", text, 500)?,
        }
        line.drop_overrides_that_change_nothing(rules);
        Ok(line)
    }

    /// Typing a collected value again is no override.
    pub(in crate::domain::record) fn drop_overrides_that_change_nothing(&mut self, rules: &LineRules) {
        if self.contract().is_none() {
            return;
        }
        let bare = Line { overrides: Overrides::default(), ..self.clone() }.review(rules);
        let overrides = &mut self.overrides;
        overrides.project_name.take_if(|name| *name == bare.project_name);
        overrides.measure.take_if(|measure| Some(*measure) == bare.measure);
        overrides.percent.take_if(|percent| Some(*percent) == bare.percent);
        overrides.published_on.take_if(|day| Some(*day) == bare.published_on);
        overrides.url.take_if(|url| Some(&*url) == bare.url.as_ref());
        if overrides.measure.is_none() && overrides.percent.is_none() {
            overrides.sme.take_if(|sme| Some(*sme) == bare.sme);
            if overrides.sme.is_none() {
                overrides.small_micro.take_if(|amount| Some(*amount) == bare.small_micro);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::proof::{collected, line_id, platform, rules, wan};
    use super::super::{LOCKED, Weight};
    use super::*;
    use crate::domain::contract::{Contract, Source};

    fn own() -> Line {
        collected(Contract { source: Source::SelfEntered, ..platform() })
    }

    fn with(line: &Line, cell: LineCell, text: &str) -> Result<Line, CellRefused> {
        line.with(cell, text, &rules())
    }

    #[test]
    fn a5_what_is_filled_in_lies_over_the_contract_and_needs_a_reason() {
        let line = with(&own(), LineCell::Sme, "60").unwrap();
        assert_eq!((line.overrides.sme, line.contract().unwrap().sme), (Some(wan(60)), None));
        let review = line.review(&rules());
        assert_eq!((review.sme, review.small_micro), (Some(wan(60)), Some(wan(60))), "small and micro follows by the counting rules");
        assert!(review.counted.is_some(), "it counts meanwhile");
        let [finding] = &review.findings[..] else { panic!("{:?}", review.findings) };
        assert_eq!((finding.cell, finding.weight), (LineCell::Reason, Weight::Error));
        assert!(review.blocks());
        let explained = with(&line, LineCell::Reason, " 合同变更 ").unwrap();
        assert_eq!(explained.reason, "合同变更");
        assert!(!explained.review(&rules()).blocks());
    }

    #[test]
    fn a5_a_collected_value_typed_again_is_no_override() {
        for (cell, text) in [
            (LineCell::ProjectName, "保洁服务"),
            (LineCell::Measure, "采购项目整体预留"),
            (LineCell::Sme, "１００．００万元"),
            (LineCell::SmallMicro, "100"),
            (LineCell::Url, "https://zfcg.gov.example/luban/detail?articleId=a+/=="),
        ] {
            assert!(!with(&own(), cell, text).unwrap().is_overridden(), "{cell:?}");
        }
    }

    #[test]
    fn e3_an_amount_with_its_own_unit_is_taken_in_it() {
        for (text, expected) in [("600000元", "60"), ("１２５，０００元", "12.5"), ("60万", "60"), ("60", "60")] {
            assert_eq!(with(&own(), LineCell::Sme, text).unwrap().review(&rules()).text(LineCell::Sme), expected, "{text}");
            assert_eq!(with(&own(), LineCell::SmallMicro, text).unwrap().review(&rules()).text(LineCell::SmallMicro), expected, "{text}");
        }
    }

    #[test]
    fn a5_an_amount_beside_a_changed_measure_is_kept() {
        let line = with(&own(), LineCell::Measure, "合同分包预留").unwrap();
        let line = with(&line, LineCell::Sme, "100").unwrap();
        assert_eq!(line.overrides.sme, Some(wan(100)), "without it there would be no amount any more");
        let back = with(&line, LineCell::Measure, "").unwrap();
        assert_eq!(back.overrides, Overrides::default());
    }

    #[test]
    fn a7_a_share_that_is_filled_in_gives_the_amount() {
        let share = collected(Contract {
            measure: Some(Measure::Consortium),
            target: Some(crate::domain::contract::Target::SmallMicro),
            ..platform()
        });
        assert_eq!(share.review(&rules()).counted, None);
        let review = with(&share, LineCell::Percent, "33.3333%").unwrap().review(&rules());
        let counted = review.counted.unwrap();
        assert_eq!((counted.sme.fen(), counted.small_micro.fen(), counted.estimated), (33_333_300, 33_333_300, true));
    }

    #[test]
    fn a5_what_cannot_be_read_is_refused_and_says_what_can() {
        for (cell, text, expected) in [
            (LineCell::Sme, "-1", "金额不能是负数"),
            (LineCell::Sme, "0.0000001", "金额最小到分，小数位过多"),
            (LineCell::SmallMicro, "约 3 万", "不是数字，请只填金额，如 12.5"),
            (LineCell::Percent, "0", "预留比例应大于 0 且不超过 100"),
            (LineCell::Measure, "部分预留", "预留选项只能是：整体预留、包预留、联合体预留、合同分包预留"),
            (LineCell::Url, "javascript:alert(1)", "链接应以 http:// 或 https:// 开头"),
            (LineCell::ProjectName, "甲\u{0}乙", "项目名称含有无法保存的控制字符，请删除后重试"),
        ] {
            assert_eq!(with(&Line::manual(line_id()), cell, text).unwrap_err().to_string(), expected);
        }
        assert!(matches!(with(&own(), LineCell::Reason, &"长".repeat(501)), Err(CellRefused::Text(TextError::TooLong(..)))));
        assert_eq!(with(&collected(platform()), LineCell::Sme, "60"), Err(CellRefused::Locked(LOCKED)));
    }
}
