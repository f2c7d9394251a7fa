//! 口径解释: the facts a verdict rests on, and what should be looked at besides.

use super::judge::{Origin, Verdict, derive};
use super::{Contract, GoodsMark, Measure, Rule, Target};
use crate::domain::money::Money;
use serde::{Deserialize, Serialize};

/// A cell of a contract row that a rule looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cell {
    /// 来源.
    Source,
    /// 是否预留.
    Reserved,
    /// 预留选项.
    Measure,
    /// 预留对象.
    Target,
    /// 预留比例.
    Percent,
    /// 供应商类型.
    SupplierScale,
    /// 商品标识.
    GoodsMark,
    /// 不足3家重新采购.
    Retendered,
    /// 合同金额.
    Amount,
    /// 面向中小企业金额.
    Sme,
    /// 面向小微企业金额.
    SmallMicro,
    /// 合同签订日期.
    SignedOn,
    /// 合同公告日期.
    PublishedOn,
}

impl Cell {
    /// The name of the column, without its unit.
    pub const fn label(self) -> &'static str {
        match self {
            Cell::Source => "来源",
            Cell::Reserved => "是否预留",
            Cell::Measure => "预留选项",
            Cell::Target => "预留对象",
            Cell::Percent => "预留比例",
            Cell::SupplierScale => "供应商类型",
            Cell::GoodsMark => "商品标识",
            Cell::Retendered => "不足3家重新采购",
            Cell::Amount => "合同金额",
            Cell::Sme => "面向中小企业金额",
            Cell::SmallMicro => "面向小微企业金额",
            Cell::SignedOn => "合同签订日期",
            Cell::PublishedOn => "合同公告日期",
        }
    }

    /// What the row says there, in words; 「空」 for an empty cell.
    fn value(self, contract: &Contract) -> String {
        let yes_no = |yes: bool| Some(if yes { "是" } else { "否" }.to_owned());
        let value = match self {
            Cell::Source => Some(contract.source.label().to_owned()),
            Cell::Reserved => yes_no(contract.reserved),
            Cell::Measure => contract.measure.map(|measure| measure.label().to_owned()),
            Cell::Target => contract.target.map(|target| target.label().to_owned()),
            Cell::Percent => contract.reserved_pct.map(|percent| format!("{percent}%")),
            Cell::SupplierScale => contract.supplier_scale.map(|scale| scale.label().to_owned()),
            Cell::GoodsMark => contract.goods_mark.map(|mark| mark.label().to_owned()),
            Cell::Retendered => yes_no(contract.retendered),
            Cell::Amount => Some(wan(contract.amount)),
            Cell::Sme => contract.sme.map(wan),
            Cell::SmallMicro => contract.small_micro.map(wan),
            Cell::SignedOn => Some(contract.signed_on.to_string()),
            Cell::PublishedOn => contract.published_on.map(|day| day.to_string()),
        };
        value.unwrap_or_else(|| "空".to_owned())
    }
}

fn wan(amount: Money) -> String {
    format!("{} 万元", amount.wan())
}

/// A fact that a verdict rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// The name of the cell.
    pub label: String,
    /// What it says, and for a derived amount how it came about.
    pub value: String,
}

/// Something that does not change the verdict but should be looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// The cell concerned.
    pub cell: Cell,
    /// What is odd and what to do, in one sentence.
    pub sentence: String,
}

/// The cells that decided, in the order of the reasoning.
pub(super) fn facts(contract: &Contract, verdict: &Verdict) -> Vec<Fact> {
    let plain = |cells: &[Cell]| -> Vec<Fact> {
        cells.iter().map(|cell| Fact { label: cell.label().to_owned(), value: cell.value(contract) }).collect()
    };
    match verdict {
        Verdict::LeftOut(rule) => plain(decisive_cells(*rule)),
        Verdict::NeedsInput(_, needs) if needs.contains(&super::Need::PublishedOn) => {
            plain(&[Cell::Source, Cell::Reserved, Cell::Measure, Cell::SignedOn, Cell::PublishedOn])
        }
        Verdict::Counted(_) | Verdict::NeedsInput(..) | Verdict::Error(..) => {
            let mut facts = plain(&[Cell::Source, Cell::Reserved, Cell::Measure]);
            facts.extend(plain(amount_cells(contract)));
            facts.push(Fact { label: Cell::Amount.label().to_owned(), value: Cell::Amount.value(contract) });
            facts.extend(amount_facts(contract));
            facts
        }
    }
}

/// What a framework agreement rests on besides `shown`: its goods and its funds, of which the rules look at some only.
pub fn framework_facts(contract: &Contract, shown: &[Fact]) -> Vec<Fact> {
    if !contract.is_framework() {
        return Vec::new();
    }
    [Cell::PublishedOn, Cell::GoodsMark, Cell::Measure, Cell::Target]
        .into_iter()
        .filter(|cell| shown.iter().all(|fact| fact.label != cell.label()))
        .map(|cell| Fact { label: cell.label().to_owned(), value: cell.value(contract) })
        .collect()
}

fn decisive_cells(rule: Rule) -> &'static [Cell] {
    match rule {
        Rule::NotPublished => &[Cell::Source, Cell::PublishedOn, Cell::SignedOn],
        Rule::NotReserved => &[Cell::Reserved, Cell::Measure],
        Rule::Retendered => &[Cell::Retendered, Cell::Measure],
        Rule::GoodsUnmarked => &[Cell::Source, Cell::GoodsMark],
        Rule::TargetMissing => &[Cell::Source, Cell::Target],
        Rule::SupplierLarge => &[Cell::Source, Cell::Measure, Cell::SupplierScale, Cell::Sme],
        Rule::ClaimedOut => &[],
    }
}

/// The cells from which the amounts of this kind of row are derived.
fn amount_cells(contract: &Contract) -> &'static [Cell] {
    match contract.measure {
        _ if contract.is_framework() => &[Cell::PublishedOn, Cell::GoodsMark, Cell::Target],
        Some(Measure::Whole | Measure::Package) => &[Cell::SupplierScale, Cell::Target],
        Some(Measure::Consortium | Measure::Subcontract) => &[Cell::Percent, Cell::Target],
        None => &[],
    }
}

fn amount_facts(contract: &Contract) -> [Fact; 2] {
    let derivation = derive(contract);
    let fact = |cell: Cell, amount: Option<Money>, origin: Origin| {
        let how = match origin {
            Origin::Entered => "录入".to_owned(),
            Origin::ContractAmount => "取合同金额".to_owned(),
            Origin::ByPercent => format!("合同金额 × {}，按比例推算", Cell::Percent.value(contract)),
            Origin::AsSme => "同面向中小企业金额".to_owned(),
            Origin::Zero => "按口径为 0".to_owned(),
            Origin::Missing => "没有依据，不推算".to_owned(),
        };
        let amount = amount.map_or_else(|| "待填写".to_owned(), wan);
        Fact { label: cell.label().to_owned(), value: format!("{amount}（{how}）") }
    };
    [
        fact(Cell::Sme, derivation.known.sme, derivation.sme_from),
        fact(Cell::SmallMicro, derivation.known.small_micro, derivation.small_micro_from),
    ]
}

/// What is odd about a row that is not left out.
pub(super) fn warnings(contract: &Contract) -> Vec<Warning> {
    let mut found = Vec::new();
    if let Some(measure) = contract.measure.filter(|measure| measure.shows_percent() && contract.reserved_pct.is_none()) {
        let sentence = format!("{}应有预留比例，现为空；请补充，不补充则公告中不显示。", measure.label());
        found.push(Warning { cell: Cell::Percent, sentence });
    }
    if contract.is_framework() && contract.small_micro.is_none() {
        found.extend(mark_warnings(contract));
    }
    found
}

/// The mark of the goods decides; a supplier type or a target that says otherwise is worth a look (框架协议).
fn mark_warnings(contract: &Contract) -> Vec<Warning> {
    let Some(mark @ (GoodsMark::Sme | GoodsMark::SmallMicro)) = contract.goods_mark else { return Vec::new() };
    let small_micro = mark == GoodsMark::SmallMicro;
    let mut found = Vec::new();
    let mut differs = |cell: Cell, word: &str| {
        let sentence = format!("商品标识是{}，{}却是{word}；小微企业金额按商品标识计，请核对。", mark.label(), cell.label());
        found.push(Warning { cell, sentence });
    };
    if let Some(scale) = contract.supplier_scale.filter(|scale| scale.counts_as_small_micro() == Some(!small_micro)) {
        differs(Cell::SupplierScale, scale.label());
    }
    // A large supplier differs from either mark.
    if let Some(scale) = contract.supplier_scale.filter(|scale| !small_micro && *scale == super::SupplierScale::Large) {
        differs(Cell::SupplierScale, scale.label());
    }
    if let Some(target) = contract.target.filter(|target| (*target == Target::SmallMicro) != small_micro) {
        differs(Cell::Target, target.label());
    }
    found
}
