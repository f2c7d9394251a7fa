//! By which rule a contract that is not left out counts.

use super::{Contract, Measure};
use serde::{Deserialize, Serialize};

/// How the amounts of a contract come about: the rows of the table of amounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// 框架协议: by the mark of the goods.
    Framework,
    /// 整体预留, 包预留: the contract amount, small and micro by the supplier.
    Entire,
    /// 联合体预留, 合同分包预留: a part, by 预留比例.
    Part,
}

impl Way {
    /// Every way, in order.
    pub const ALL: &'static [Way] = &[Way::Framework, Way::Entire, Way::Part];

    /// The way of this contract; `None` without 预留选项, from which nothing follows.
    pub fn of(contract: &Contract) -> Option<Way> {
        match contract.measure {
            _ if contract.is_framework() => Some(Way::Framework),
            Some(Measure::Whole | Measure::Package) => Some(Way::Entire),
            Some(Measure::Consortium | Measure::Subcontract) => Some(Way::Part),
            None => None,
        }
    }

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Way::Framework => "framework",
            Way::Entire => "entire",
            Way::Part => "part",
        }
    }

    /// A few words for a list.
    pub const fn label(self) -> &'static str {
        match self {
            Way::Framework => "框架协议，按商品标识",
            Way::Entire => "整体预留、包预留，取合同金额",
            Way::Part => "联合体预留、合同分包预留，按预留比例",
        }
    }

    /// The rule in one sentence.
    pub const fn sentence(self) -> &'static str {
        match self {
            Way::Framework => {
                "已公告、商品有企业标识、预留对象明确的框架协议合同，面向中小企业金额取合同金额，商品为「小微企业标识」的同额计入面向小微企业金额；录入了金额的以录入为准。"
            }
            Way::Entire => {
                "整体预留或包预留的合同，面向中小企业金额取合同金额；供应商为小型、微型企业、残疾人福利性单位或监狱企业的，同额计入面向小微企业金额，中型企业计 0；录入了金额的以录入为准。"
            }
            Way::Part => {
                "联合体预留或合同分包预留的合同，面向中小企业金额取录入的金额，没有录入的按合同金额 × 预留比例推算；预留对象为小微企业的，同额计入面向小微企业金额。"
            }
        }
    }

    /// Where the rule comes from.
    pub const fn source(self) -> &'static str {
        match self {
            Way::Framework => "操作手册「说明」：框架协议面向中小企业采购金额的口径",
            Way::Entire => "财库〔2020〕46号；残疾人福利性单位见财库〔2017〕141号",
            Way::Part => "财库〔2020〕46号；没有录入金额时按比例推算是本系统的规则",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::proof::{framework, plain};
    use super::*;

    #[test]
    fn e1_every_way_of_counting_says_its_sentence_and_source() {
        for way in Way::ALL {
            assert!(way.sentence().ends_with('。') && !way.source().is_empty() && !way.label().is_empty());
        }
        let with = |measure| Contract { measure, ..plain() };
        for (contract, way) in [
            (framework(), Some(Way::Framework)),
            (with(Some(Measure::Whole)), Some(Way::Entire)),
            (with(Some(Measure::Package)), Some(Way::Entire)),
            (with(Some(Measure::Consortium)), Some(Way::Part)),
            (with(Some(Measure::Subcontract)), Some(Way::Part)),
            (with(None), None),
        ] {
            assert_eq!(Way::of(&contract), way);
        }
    }
}
