//! One line of 「中小企业预留执行项目明细」: a contract seen through its overrides, or a line entered by hand.
//!
//! Always: what the contract says stays as it was collected; what the unit fills in lives on the line, with its reason (A5).
//! The amounts shown come from the counting rules of `contract` applied to the contract with the overrides laid over it, so
//! that a filled-in 预留比例 gives its amount by the same rule.

use crate::domain::calendar::{CalendarError, Day, Year};
use crate::domain::contract::{self, Amounts, Contract, Known, Measure, Need, Rule, Source, Verdict, YearBasis};
use crate::domain::ids::LineId;
use crate::domain::money::{Money, MoneyError, Percent, PercentError};
use crate::domain::text::{self, LinkError, TextError};
use serde::{Deserialize, Serialize};

/// A line of a record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Identity.
    pub id: LineId,
    /// Where it comes from.
    pub origin: Origin,
    /// What the unit filled in.
    pub overrides: Overrides,
    /// Why, in the unit's words; empty where nothing was said.
    pub reason: String,
    /// Counts changes; a save names the version it saw.
    pub version: i64,
}

/// Where a line comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Origin {
    /// 「手动录入」.
    Manual,
    /// A contract; `claimed` when it was left out by a rule and the unit claimed it in.
    Contract {
        /// The row as it stood when the line was made.
        contract: Box<Contract>,
        /// The rule that left it out, and why the unit counts it all the same.
        claimed: Option<Claim>,
    },
}

/// A left-out contract that the unit claimed in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// The rule that had left it out.
    pub rule: Rule,
    /// The unit's reason.
    pub reason: String,
}

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

/// What is fixed for a whole record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineRules {
    /// The record's year.
    pub year: Year,
    /// Which date places a contract in a year.
    pub basis: YearBasis,
    /// Projects before this day may be completed and corrected (A5; 2024-01-01 unless configured).
    pub cutover: Day,
}

/// A cell of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineCell {
    /// 项目名称.
    ProjectName,
    /// 预留选项.
    Measure,
    /// 预留比例(%).
    Percent,
    /// 面向中小企业采购金额(万元).
    Sme,
    /// 面向小微企业采购金额(万元).
    SmallMicro,
    /// 合同公告日期.
    PublishedOn,
    /// 合同链接.
    Url,
    /// 修改理由.
    Reason,
}

impl LineCell {
    /// Every cell, in the order of the columns.
    pub const ALL: [LineCell; 8] = [
        LineCell::ProjectName,
        LineCell::Measure,
        LineCell::Percent,
        LineCell::Sme,
        LineCell::SmallMicro,
        LineCell::PublishedOn,
        LineCell::Url,
        LineCell::Reason,
    ];

    /// The column's words.
    pub const fn label(self) -> &'static str {
        match self {
            LineCell::ProjectName => "项目名称",
            LineCell::Measure => "预留选项",
            LineCell::Percent => "预留比例(%)",
            LineCell::Sme => "面向中小企业采购金额(万元)",
            LineCell::SmallMicro => "面向小微企业采购金额(万元)",
            LineCell::PublishedOn => "合同公告日期",
            LineCell::Url => "合同链接",
            LineCell::Reason => "修改理由",
        }
    }

    /// Stable ASCII name, for element ids and tests.
    pub const fn code(self) -> &'static str {
        match self {
            LineCell::ProjectName => "project_name",
            LineCell::Measure => "measure",
            LineCell::Percent => "percent",
            LineCell::Sme => "sme",
            LineCell::SmallMicro => "small_micro",
            LineCell::PublishedOn => "published_on",
            LineCell::Url => "url",
            LineCell::Reason => "reason",
        }
    }
}

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Weight {
    /// To be looked at; does not block.
    Warning,
    /// Blocks 「提交」.
    Error,
}

/// Something to say about a cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineFinding {
    /// Where.
    pub cell: LineCell,
    /// How much it weighs.
    pub weight: Weight,
    /// What is wrong and what to do.
    pub message: String,
}

/// A line as shown: collected values with the overrides over them, and what there is to say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Review {
    /// 项目名称.
    pub project_name: String,
    /// 预留选项.
    pub measure: Option<Measure>,
    /// 预留比例.
    pub percent: Option<Percent>,
    /// 面向中小企业采购金额, where known.
    pub sme: Option<Money>,
    /// 面向小微企业采购金额, where known.
    pub small_micro: Option<Money>,
    /// 合同公告日期.
    pub published_on: Option<Day>,
    /// 合同链接.
    pub url: Option<String>,
    /// Whether the SME amount was derived from the percentage (「按比例推算」).
    pub estimated: bool,
    /// What counts; `None` while something is missing or contradictory.
    pub counted: Option<Amounts>,
    /// What there is to say, errors first.
    pub findings: Vec<LineFinding>,
}

impl Review {
    /// Whether the line blocks 「提交」.
    pub fn blocks(&self) -> bool {
        self.findings.iter().any(|finding| finding.weight == Weight::Error)
    }

    /// The text that a cell shows and that an editor starts from.
    pub fn text(&self, cell: LineCell) -> String {
        match cell {
            LineCell::ProjectName => self.project_name.clone(),
            LineCell::Measure => self.measure.map(|measure| measure.label().to_owned()).unwrap_or_default(),
            LineCell::Percent => self.percent.map(|percent| percent.to_string()).unwrap_or_default(),
            LineCell::Sme => self.sme.map(Money::wan).unwrap_or_default(),
            LineCell::SmallMicro => self.small_micro.map(Money::wan).unwrap_or_default(),
            LineCell::PublishedOn => self.published_on.map(|day| day.to_string()).unwrap_or_default(),
            LineCell::Url => self.url.clone().unwrap_or_default(),
            LineCell::Reason => String::new(),
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

/// Why 合同公告日期 cannot be typed where it decides nothing.
pub const NOT_ASKED: &str = "此行不需要填写合同公告日期";
/// Why a locked cell is locked, as its hint says.
pub const LOCKED: &str = "平台采集的数据已锁定；如有误，请在合同所在系统更正后「从合同更新」，或剔除该行并说明理由";

impl Line {
    /// A new line entered by hand.
    pub fn manual(id: LineId) -> Line {
        Line { id, origin: Origin::Manual, overrides: Overrides::default(), reason: String::new(), version: 1 }
    }

    /// A line read from a contract.
    pub fn collected(id: LineId, contract: Contract, claimed: Option<Claim>) -> Line {
        Line { id, origin: Origin::Contract { contract: Box::new(contract), claimed }, overrides: Overrides::default(), reason: String::new(), version: 1 }
    }

    /// The contract it was read from.
    pub fn contract(&self) -> Option<&Contract> {
        match &self.origin {
            Origin::Manual => None,
            Origin::Contract { contract, .. } => Some(contract),
        }
    }

    /// The claim by which a left-out contract is counted.
    pub fn claim(&self) -> Option<&Claim> {
        match &self.origin {
            Origin::Manual => None,
            Origin::Contract { claimed, .. } => claimed.as_ref(),
        }
    }

    /// The word of the 来源 column.
    pub fn source_label(&self, rules: &LineRules) -> String {
        match self.contract() {
            None => "手动录入".to_owned(),
            Some(contract) if self.claim().is_some() => format!("{}（申请纳入）", contract.source.label()),
            Some(contract) if contract.source != Source::SelfEntered && is_before_cutover(contract, rules.cutover) => format!("{}（改造前）", contract.source.label()),
            Some(contract) => contract.source.label().to_owned(),
        }
    }

    /// Whether the unit changed anything that was collected.
    pub fn is_overridden(&self) -> bool {
        self.contract().is_some() && self.overrides != Overrides::default()
    }

    /// Whether 合同公告日期 decides the year of this line and the contract does not say it.
    pub fn asks_published_on(&self, rules: &LineRules) -> bool {
        self.contract().is_some_and(|contract| self.claim().is_none() && needs_published_on(contract, rules))
    }

    /// Why a cell cannot be edited; `None` where it can (A5, A6).
    pub fn lock(&self, cell: LineCell, rules: &LineRules) -> Option<&'static str> {
        if cell == LineCell::PublishedOn {
            return if self.asks_published_on(rules) { None } else { Some(NOT_ASKED) };
        }
        let Origin::Contract { contract, claimed } = &self.origin else { return None };
        let open = cell == LineCell::Reason
            || claimed.is_some()
            || contract.source == Source::SelfEntered
            || is_before_cutover(contract, rules.cutover)
            || fillable(contract, cell);
        if open { None } else { Some(LOCKED) }
    }

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

    /// The line as shown, and what there is to say about it.
    pub fn review(&self, rules: &LineRules) -> Review {
        let mut review = match &self.origin {
            Origin::Manual => self.manual_review(),
            Origin::Contract { contract, claimed } => self.contract_review(contract, claimed.is_some(), rules),
        };
        review.findings.sort_by_key(|finding| (std::cmp::Reverse(finding.weight), finding.cell));
        review.counted = match (review.sme, review.small_micro) {
            (Some(sme), Some(small_micro)) if !review.blocks_counting() => Some(Amounts { sme, small_micro, estimated: review.estimated }),
            _ => None,
        };
        review
    }

    fn manual_review(&self) -> Review {
        let overrides = self.overrides.clone();
        let mut review = Review {
            project_name: overrides.project_name.unwrap_or_default(),
            measure: overrides.measure,
            percent: overrides.percent,
            sme: overrides.sme,
            small_micro: overrides.small_micro,
            published_on: None,
            url: overrides.url,
            estimated: false,
            counted: None,
            findings: Vec::new(),
        };
        review.find_missing();
        review.find_contradictions(None);
        review.find_warnings(&self.reason);
        review
    }

    fn contract_review(&self, contract: &Contract, claimed: bool, rules: &LineRules) -> Review {
        let overrides = &self.overrides;
        let mut seen = contract.clone();
        seen.measure = overrides.measure.or(contract.measure);
        seen.reserved_pct = overrides.percent.or(contract.reserved_pct);
        seen.sme = overrides.sme.or(contract.sme);
        seen.small_micro = overrides.small_micro.or(contract.small_micro);
        seen.published_on = overrides.published_on.or(contract.published_on);
        let known = known_amounts(&contract::amounts(&seen));
        let mut review = Review {
            project_name: overrides.project_name.clone().unwrap_or_else(|| contract.project_name.clone()),
            measure: seen.measure,
            percent: seen.reserved_pct,
            sme: known.sme,
            small_micro: known.small_micro,
            published_on: seen.published_on,
            url: overrides.url.clone().or_else(|| contract.url.clone()),
            estimated: known.estimated,
            counted: None,
            findings: Vec::new(),
        };
        review.find_missing();
        review.find_contradictions(Some(contract.amount));
        if !claimed && needs_published_on(contract, rules) {
            review.find_year(rules);
        }
        if *overrides != Overrides::default() && self.reason.is_empty() && !claimed {
            review.say(LineCell::Reason, Weight::Error, "修改了采集的数据，请填写修改理由");
        }
        for warning in contract::judge(&seen, rules.basis).warnings {
            review.say(LineCell::Sme, Weight::Warning, &warning.sentence);
        }
        review.find_warnings(&self.reason);
        review
    }
}

impl Review {
    fn say(&mut self, cell: LineCell, weight: Weight, message: &str) {
        self.findings.push(LineFinding { cell, weight, message: message.to_owned() });
    }

    /// Whether the amounts themselves stand in question; a missing reason does not make a row uncounted.
    fn blocks_counting(&self) -> bool {
        self.findings.iter().any(|finding| finding.weight == Weight::Error && finding.cell != LineCell::Reason)
    }

    fn find_missing(&mut self) {
        if self.project_name.is_empty() {
            self.say(LineCell::ProjectName, Weight::Error, "请填写项目名称");
        }
        if self.measure.is_none() {
            self.say(LineCell::Measure, Weight::Error, "请选择预留选项");
        }
        if self.sme.is_none() {
            let by_share = matches!(self.measure, Some(Measure::Consortium | Measure::Subcontract)) && self.percent.is_none();
            let message = if by_share { "请填写面向中小企业采购金额，或填写预留比例由系统推算" } else { "请填写面向中小企业采购金额" };
            self.say(LineCell::Sme, Weight::Error, message);
        }
        if self.small_micro.is_none() {
            self.say(LineCell::SmallMicro, Weight::Error, "请填写面向小微企业采购金额（没有则填 0）");
        }
    }

    /// 0 ≤ 小微 ≤ 中小 ≤ 合同金额 (domain.md §3, check).
    fn find_contradictions(&mut self, contract_amount: Option<Money>) {
        if let (Some(sme), Some(amount)) = (self.sme, contract_amount)
            && sme > amount
        {
            self.say(LineCell::Sme, Weight::Error, &format!("中小企业金额 {} 不能大于合同金额 {}", sme.wan(), amount.wan()));
        }
        let bound = self.sme.map(|sme| (sme, "中小金额")).or(contract_amount.map(|amount| (amount, "合同金额")));
        if let (Some(small_micro), Some((bound, name))) = (self.small_micro, bound)
            && small_micro > bound
        {
            self.say(LineCell::SmallMicro, Weight::Error, &format!("小微金额 {} 不能大于{name} {}", small_micro.wan(), bound.wan()));
        }
    }

    fn find_year(&mut self, rules: &LineRules) {
        match self.published_on {
            None => self.say(LineCell::PublishedOn, Weight::Error, "本年度按合同公告日期统计，请填写合同公告日期"),
            Some(day) if day.year() != rules.year.number() => {
                let message = format!("公告日期在 {} 年，应计入该年度，请剔除此行", day.year());
                self.say(LineCell::PublishedOn, Weight::Error, &message);
            }
            Some(_) => {}
        }
    }

    fn find_warnings(&mut self, reason: &str) {
        if self.measure.is_some_and(Measure::shows_percent) && self.percent.is_none() {
            self.say(LineCell::Percent, Weight::Warning, "未填预留比例，公告中将不显示比例");
        }
        if self.url.is_none() {
            let message = if reason.is_empty() { "没有合同链接，建议在“修改理由”中说明原因".to_owned() } else { format!("没有合同链接：{reason}") };
            self.say(LineCell::Url, Weight::Warning, &message);
        }
    }
}

/// 项目创建日期, else 合同签订日期, before the platform's change-over (A5).
fn is_before_cutover(contract: &Contract, cutover: Day) -> bool {
    contract.project_created_on.unwrap_or(contract.signed_on) < cutover
}

fn needs_published_on(contract: &Contract, rules: &LineRules) -> bool {
    matches!(contract::verdict(contract, rules.basis), Verdict::NeedsInput(_, needs) if needs.contains(&Need::PublishedOn))
}

/// Whether the collected row lacks or contradicts something in this cell, so that it can be filled on a locked line too.
fn fillable(contract: &Contract, cell: LineCell) -> bool {
    let verdict = contract::amounts(contract);
    match cell {
        LineCell::Sme | LineCell::SmallMicro => match &verdict {
            Verdict::Error(..) => true,
            Verdict::NeedsInput(_, needs) => needs.contains(&if cell == LineCell::Sme { Need::SmeAmount } else { Need::SmallMicroAmount }),
            Verdict::Counted(_) | Verdict::LeftOut(_) => false,
        },
        LineCell::Percent => contract.reserved_pct.is_none() && contract.measure.is_some_and(Measure::shows_percent),
        LineCell::Measure => contract.measure.is_none(),
        LineCell::Url => contract.url.is_none(),
        LineCell::PublishedOn | LineCell::ProjectName | LineCell::Reason => false,
    }
}

fn known_amounts(verdict: &Verdict) -> Known {
    match verdict {
        Verdict::Counted(amounts) => Known { sme: Some(amounts.sme), small_micro: Some(amounts.small_micro), estimated: amounts.estimated },
        Verdict::NeedsInput(known, _) | Verdict::Error(known, _) => known.clone(),
        Verdict::LeftOut(_) => Known { sme: None, small_micro: None, estimated: false },
    }
}
