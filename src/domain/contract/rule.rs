//! The rules that leave a contract out, in the order in which they are tried.

use super::{Contract, GoodsMark, Measure, SupplierScale};
use serde::{Deserialize, Serialize};

/// Why a contract does not count. The order of the variants is the order of the rules: the first that matches gives the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Rule {
    /// A framework agreement whose contract was never published.
    #[serde(rename = "NOT_PUBLISHED")]
    NotPublished,
    /// Not a reserved project.
    #[serde(rename = "NOT_RESERVED")]
    NotReserved,
    /// Tendered again without reservation, for fewer than three qualifying SMEs came.
    #[serde(rename = "RETENDERED")]
    Retendered,
    /// A framework agreement whose goods carry no mark.
    #[serde(rename = "GOODS_UNMARKED")]
    GoodsUnmarked,
    /// A framework agreement that does not say for whom the share was reserved.
    #[serde(rename = "TARGET_MISSING")]
    TargetMissing,
    /// Reserved as a whole, yet a large enterprise supplies.
    #[serde(rename = "SUPPLIER_LARGE")]
    SupplierLarge,
    /// Taken out by the unit, with a reason. Recorded in the product, never the outcome of a row alone.
    #[serde(rename = "CLAIMED_OUT")]
    ClaimedOut,
}

impl Rule {
    /// Every rule, in order.
    pub const ALL: &'static [Rule] = &[
        Rule::NotPublished,
        Rule::NotReserved,
        Rule::Retendered,
        Rule::GoodsUnmarked,
        Rule::TargetMissing,
        Rule::SupplierLarge,
        Rule::ClaimedOut,
    ];

    /// The stable code: database, JSON, expected results.
    pub const fn code(self) -> &'static str {
        match self {
            Rule::NotPublished => "NOT_PUBLISHED",
            Rule::NotReserved => "NOT_RESERVED",
            Rule::Retendered => "RETENDERED",
            Rule::GoodsUnmarked => "GOODS_UNMARKED",
            Rule::TargetMissing => "TARGET_MISSING",
            Rule::SupplierLarge => "SUPPLIER_LARGE",
            Rule::ClaimedOut => "CLAIMED_OUT",
        }
    }

    /// Reads what [`Rule::code`] writes.
    pub fn from_code(code: &str) -> Option<Rule> {
        Rule::ALL.iter().copied().find(|rule| rule.code() == code)
    }

    /// A few words for a list or a pill.
    pub const fn label(self) -> &'static str {
        match self {
            Rule::NotPublished => "合同未公告",
            Rule::NotReserved => "非预留项目",
            Rule::Retendered => "不足3家重新采购",
            Rule::GoodsUnmarked => "商品无企业标识",
            Rule::TargetMissing => "缺预留对象",
            Rule::SupplierLarge => "供应商为大型企业",
            Rule::ClaimedOut => "本单位剔除",
        }
    }

    /// The rule in one sentence.
    pub const fn sentence(self) -> &'static str {
        match self {
            Rule::NotPublished => "框架协议合同按合同公告日期所在的自然年统计，没有合同公告日期的不计入。",
            Rule::NotReserved => "非预留份额的采购项目，中小企业获得采购合同的，不计入面向中小企业预留项目执行情况。",
            Rule::Retendered => {
                "整体预留或包预留的采购因符合资格条件的中小企业不足3家而重新采购，且重新采购未以联合体或合同分包形式预留份额的，不计入。"
            }
            Rule::GoodsUnmarked => "框架协议合同关联的商品须有「中小企业标识」或「小微企业标识」，两者都没有的不计入。",
            Rule::TargetMissing => "框架协议合同的预留对象须是中小企业或小微企业，没有预留对象的不计入。",
            Rule::SupplierLarge => "整体预留或包预留的合同由大型企业供应，又没有填写面向中小企业金额，数据自相矛盾，核实之前不计入。",
            Rule::ClaimedOut => "本单位说明理由后移出，不计入。",
        }
    }

    /// Where the rule comes from.
    pub const fn source(self) -> &'static str {
        match self {
            Rule::NotPublished => "操作手册「说明」：统计年度按自然年统计已发布公告的框架协议合同",
            Rule::NotReserved => "操作手册「注意」：非预留份额的采购项目不计入（预留项目见财库〔2020〕46号）",
            Rule::Retendered => "操作手册「注意」：不足3家后的重新采购",
            Rule::GoodsUnmarked | Rule::TargetMissing => "操作手册「说明」：框架协议面向中小企业采购金额的口径",
            Rule::SupplierLarge => "本系统的数据核对规则",
            Rule::ClaimedOut => "本单位填写的理由",
        }
    }

    /// What would have to be different for a contract to count, as far as this rule goes, in one sentence.
    pub const fn otherwise(self) -> &'static str {
        match self {
            Rule::NotPublished => "合同公告之后，有了合同公告日期，才在公告所在的年度计入。",
            Rule::NotReserved => "采购项目预留了份额，即是否预留为「是」且有预留选项，才计入。",
            Rule::Retendered => "重新采购本身以联合体或合同分包形式预留了份额，即预留选项为联合体预留或合同分包预留，才计入。",
            Rule::GoodsUnmarked => "商品有「中小企业标识」或「小微企业标识」，才计入。",
            Rule::TargetMissing => "预留对象填明是中小企业还是小微企业，才计入。",
            Rule::SupplierLarge => "供应商类型更正为大型以外的类型，或者填明面向中小企业金额，才计入。",
            Rule::ClaimedOut => "由本单位恢复，再按口径判断是否计入。",
        }
    }

    /// Every rule that would leave this contract out, in order: what must change if it is to count by the rules.
    pub fn obstacles(contract: &Contract) -> Vec<Rule> {
        Rule::ALL.iter().copied().filter(|rule| rule.matches(contract)).collect()
    }

    /// The first rule, in order, that leaves this contract out.
    pub(super) fn first_match(contract: &Contract) -> Option<Rule> {
        Rule::ALL.iter().copied().find(|rule| rule.matches(contract))
    }

    /// Whether this rule, looked at alone, leaves the contract out.
    pub(super) fn matches(self, contract: &Contract) -> bool {
        let framework = contract.is_framework();
        let entire = contract.measure.is_some_and(Measure::is_entire);
        match self {
            Rule::NotPublished => framework && contract.published_on.is_none(),
            Rule::NotReserved => !contract.reserved || contract.measure.is_none(),
            Rule::Retendered => contract.retendered && entire,
            Rule::GoodsUnmarked => framework && !matches!(contract.goods_mark, Some(GoodsMark::Sme | GoodsMark::SmallMicro)),
            Rule::TargetMissing => framework && contract.target.is_none(),
            Rule::SupplierLarge => !framework && entire && contract.sme.is_none() && contract.supplier_scale == Some(SupplierScale::Large),
            Rule::ClaimedOut => false,
        }
    }
}
