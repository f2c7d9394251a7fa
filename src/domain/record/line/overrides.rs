//! What the unit fills in over the collected values (A5).
//!
//! Always: an override says something else than what was collected; typing the collected value again, or nothing, takes it away.

use super::{Line, LineCell, LineRules};
use crate::domain::calendar::{CalendarError, Day};
use crate::domain::contract::Measure;
use crate::domain::money::{Money, MoneyError, Percent, PercentError};
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
            LineCell::Sme => overrides.sme = Some(Money::parse_wan(text)?),
            LineCell::SmallMicro if blank => overrides.small_micro = None,
            LineCell::SmallMicro => overrides.small_micro = Some(Money::parse_wan(text)?),
            LineCell::PublishedOn if blank => overrides.published_on = None,
            LineCell::PublishedOn => overrides.published_on = Some(Day::parse(text)?),
            LineCell::Url => overrides.url = text::link(text)?,
            LineCell::Reason => line.reason = text::optional("修改理由", text, 500)?,
        }
        line.drop_overrides_that_change_nothing(rules);
        Ok(line)
    }

    /// Typing a collected value again is no override.
    fn drop_overrides_that_change_nothing(&mut self, rules: &LineRules) {
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
