//! The columns of the 合同台账 beside that of the names, which always stands first.

use super::api::LedgerLine;
use crate::domain::contract::{Category, GoodsMark, Measure, SupplierScale, Target};
use crate::domain::money::Money;
use serde::{Deserialize, Serialize};

/// A closed list: `Variant = "code", "name", shape;` in the order of the table.
macro_rules! columns {
    ($($variant:ident = $code:literal, $name:literal, $shape:ident;)*) => {
        /// A column that may be shown.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[expect(missing_docs, reason = "their names say it")]
        pub enum LedgerColumn { $(#[serde(rename = $code)] $variant,)* }

        impl LedgerColumn {
            /// Every column, in the order of the table.
            pub const ALL: &'static [LedgerColumn] = &[$(LedgerColumn::$variant,)*];

            /// Stable ASCII name.
            pub const fn code(self) -> &'static str {
                match self { $(LedgerColumn::$variant => $code,)* }
            }

            /// The words in the head of the table.
            pub const fn name(self) -> &'static str {
                match self { $(LedgerColumn::$variant => $name,)* }
            }

            /// How its cells stand.
            pub const fn shape(self) -> Shape {
                match self { $(LedgerColumn::$variant => Shape::$shape,)* }
            }
        }
    };
}

/// How the cells of a column stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A word that stays on one line.
    Word,
    /// Words that may wrap.
    Words,
    /// A figure, on the right.
    Figure,
    /// A link.
    Link,
    /// What the rules say.
    Verdict,
}

columns! {
    ContractTitle = "contract_title", "合同名称", Words;
    ProjectNo = "project_no", "项目编号", Word;
    ProjectCreatedOn = "project_created_on", "项目创建日期", Word;
    SupplierUscc = "supplier_uscc", "供应商统一社会信用代码", Word;
    SupplierScale = "supplier_scale", "供应商类型", Word;
    Category = "category", "项目属性", Word;
    Method = "method", "采购方式", Word;
    Source = "source", "来源", Word;
    Reserved = "reserved", "是否预留", Word;
    Measure = "measure", "预留选项", Word;
    Target = "target", "预留对象", Word;
    Percent = "percent", "预留比例(%)", Figure;
    GoodsMark = "goods_mark", "商品标识", Word;
    Retendered = "retendered", "不足3家重新采购", Word;
    SignedOn = "signed_on", "合同签订日期", Word;
    PublishedOn = "published_on", "合同公告日期", Word;
    Year = "year", "统计年度", Word;
    Budget = "budget", "预算金额(万元)", Figure;
    Amount = "amount", "合同金额(万元)", Figure;
    EnteredSme = "entered_sme", "填写的面向中小企业金额(万元)", Figure;
    EnteredSmallMicro = "entered_small_micro", "填写的面向小微企业金额(万元)", Figure;
    Sme = "sme", "面向中小企业(万元)", Figure;
    SmallMicro = "small_micro", "面向小微企业(万元)", Figure;
    Verdict = "verdict", "统计结果", Verdict;
    Url = "url", "合同链接", Link;
}

impl LedgerColumn {
    /// What is shown to whoever has chosen nothing.
    pub const USUAL: [LedgerColumn; 8] = [
        LedgerColumn::Source,
        LedgerColumn::Measure,
        LedgerColumn::SignedOn,
        LedgerColumn::Year,
        LedgerColumn::Amount,
        LedgerColumn::Sme,
        LedgerColumn::SmallMicro,
        LedgerColumn::Verdict,
    ];

    /// Reads what [`LedgerColumn::code`] writes.
    pub fn from_code(code: &str) -> Option<LedgerColumn> {
        LedgerColumn::ALL.iter().copied().find(|column| column.code() == code)
    }

    /// What a contract says in this column; empty where it says nothing.
    pub fn text(self, line: &LedgerLine) -> String {
        let contract = &line.contract;
        let word = |word: Option<&'static str>| word.unwrap_or_default().to_owned();
        let amount = |amount: Option<Money>| amount.map(Money::wan).unwrap_or_default();
        let yes_no = |yes: bool| if yes { "是" } else { "否" }.to_owned();
        match self {
            LedgerColumn::ContractTitle => contract.contract_title.clone(),
            LedgerColumn::ProjectNo => contract.project_no.clone(),
            LedgerColumn::ProjectCreatedOn => contract.project_created_on.map(|day| day.to_string()).unwrap_or_default(),
            LedgerColumn::SupplierUscc => contract.supplier_uscc.clone(),
            LedgerColumn::SupplierScale => word(contract.supplier_scale.map(SupplierScale::label)),
            LedgerColumn::Category => word(contract.category.map(Category::label)),
            LedgerColumn::Method => contract.method.clone(),
            LedgerColumn::Source => contract.source.label().to_owned(),
            LedgerColumn::Reserved => yes_no(contract.reserved),
            LedgerColumn::Measure => word(contract.measure.map(Measure::label)),
            LedgerColumn::Target => word(contract.target.map(Target::label)),
            LedgerColumn::Percent => contract.reserved_pct.map(|percent| percent.to_string()).unwrap_or_default(),
            LedgerColumn::GoodsMark => word(contract.goods_mark.map(GoodsMark::label)),
            LedgerColumn::Retendered => yes_no(contract.retendered),
            LedgerColumn::SignedOn => contract.signed_on.to_string(),
            LedgerColumn::PublishedOn => contract.published_on.map(|day| day.to_string()).unwrap_or_default(),
            LedgerColumn::Year => line.year.to_string(),
            LedgerColumn::Budget => amount(contract.budget),
            LedgerColumn::Amount => contract.amount.wan(),
            LedgerColumn::EnteredSme => amount(contract.sme),
            LedgerColumn::EnteredSmallMicro => amount(contract.small_micro),
            LedgerColumn::Sme => amount(line.sme),
            LedgerColumn::SmallMicro => amount(line.small_micro),
            LedgerColumn::Verdict => line.verdict.clone(),
            LedgerColumn::Url => contract.url.clone().unwrap_or_default(),
        }
    }
}
