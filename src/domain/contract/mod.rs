//! One contract row: whether it counts, how much, and why not.
//!
//! Always: `judge` is total and pure; an amount that was entered wins over one that would be derived; nothing is clamped and
//! nothing guessed; 0 ≤ small and micro ≤ SME ≤ contract amount holds for whatever counts.
//! Elsewhere: reading rows from a table is `domain::sheet`; what a unit fills in or claims is `domain::record`.

mod choices;
mod disclosure;
mod explain;
pub mod intake;
mod judge;
#[cfg(test)]
mod laws;
mod own;
#[cfg(test)]
mod proof;
mod rule;
mod tally;
mod way;

pub use choices::{Category, GoodsMark, Measure, Source, SupplierScale, Target, UnknownLabel, YearBasis};
pub use disclosure::is_disclosed;
pub use explain::{Cell, Fact, Warning, framework_facts};
pub use judge::{Amounts, Contradiction, Judgement, Known, Need, Verdict, amounts, judge, verdict};
pub use own::{NotOwn, is_own};
pub use rule::Rule;
pub use tally::Tally;
pub use way::Way;

use crate::domain::calendar::Day;
use crate::domain::money::{Money, Percent};
use serde::{Deserialize, Serialize};

/// One row of the exchange file; texts are trimmed, empty where the cell was empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contract {
    /// 合同编号.
    pub contract_no: String,
    /// 合同名称.
    pub contract_title: String,
    /// 项目编号.
    pub project_no: String,
    /// 项目名称.
    pub project_name: String,
    /// 标项.
    pub lot: String,
    /// 项目创建日期.
    pub project_created_on: Option<Day>,
    /// 采购人; units are matched by this name.
    pub buyer_name: String,
    /// 采购人统一社会信用代码, normalised.
    pub buyer_uscc: String,
    /// 供应商.
    pub supplier_name: String,
    /// 供应商统一社会信用代码, normalised.
    pub supplier_uscc: String,
    /// 供应商类型.
    pub supplier_scale: Option<SupplierScale>,
    /// 项目属性.
    pub category: Option<Category>,
    /// 采购方式; never looked at by a rule.
    pub method: String,
    /// 合同金额.
    pub amount: Money,
    /// 预算金额.
    pub budget: Option<Money>,
    /// 来源; decides alone what a framework agreement is.
    pub source: Source,
    /// 是否预留.
    pub reserved: bool,
    /// 预留选项.
    pub measure: Option<Measure>,
    /// 预留对象.
    pub target: Option<Target>,
    /// 预留比例.
    pub reserved_pct: Option<Percent>,
    /// 面向中小企业金额 as entered; an entered 0 is `Some`.
    pub sme: Option<Money>,
    /// 面向小微企业金额 as entered; an entered 0 is `Some`.
    pub small_micro: Option<Money>,
    /// 商品标识; `None` is an empty cell, `Some(GoodsMark::None)` the word 无.
    pub goods_mark: Option<GoodsMark>,
    /// 不足3家重新采购.
    pub retendered: bool,
    /// 合同签订日期.
    pub signed_on: Day,
    /// 合同公告日期.
    pub published_on: Option<Day>,
    /// 合同链接, byte for byte.
    pub url: Option<String>,
}

impl Contract {
    /// What makes a row the same row when it is imported again: 采购人, 合同编号, 标项.
    pub fn key(&self) -> (&str, &str, &str) {
        (&self.buyer_name, &self.contract_no, &self.lot)
    }

    /// What a search looks in, in lower case: names and numbers, a line for each.
    pub fn words(&self) -> String {
        [&self.contract_no, &self.contract_title, &self.project_no, &self.project_name, &self.lot, &self.supplier_name]
            .map(|text| text.to_lowercase())
            .join("\n")
    }

    /// Whether it is a framework agreement: by 来源 alone.
    pub fn is_framework(&self) -> bool {
        self.source == Source::Framework
    }

    /// The day its project began: 项目创建日期, else 合同签订日期 (requirement A5).
    pub fn begun_on(&self) -> Day {
        self.project_created_on.unwrap_or(self.signed_on)
    }
}

/// The year a row belongs to ('Where a row belongs').
///
/// A framework agreement belongs to the year of its 合同公告日期 whatever the setting; others to the year of the date that `basis`
/// names. Without a 合同公告日期 a row stands in its signing year, where [`judge`] says what is missing.
pub fn year_of(contract: &Contract, basis: YearBasis) -> i32 {
    let by_publication = contract.is_framework() || basis == YearBasis::Published;
    let day = if by_publication { contract.published_on.unwrap_or(contract.signed_on) } else { contract.signed_on };
    day.year()
}
