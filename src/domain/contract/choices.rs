//! The closed lists of a contract row: what the file may say, what the screen shows, what the database holds.

use crate::domain::text::to_half_width;
use serde::{Deserialize, Serialize};

/// A word that is not in the closed list of its cell.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("「{given}」不是可填的值，请改为：{allowed}")]
pub struct UnknownLabel {
    /// What stood there.
    pub given: String,
    /// The words that may stand there, joined by 、.
    pub allowed: String,
}

/// The text as it is compared: half width, without blanks.
fn plain(text: &str) -> String {
    to_half_width(text).chars().filter(|c| !c.is_whitespace()).collect()
}

/// A closed list: `Variant = "code", "label" | "other label read as the same";`.
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $code:literal, $label:literal $(| $alias:literal)*;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$variant_doc])* #[serde(rename = $code)] $variant,)* }

        impl $name {
            /// Every value, in the order of the screen.
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];

            /// The Chinese word on the screen and in the file.
            pub const fn label(self) -> &'static str {
                match self { $($name::$variant => $label,)* }
            }

            /// The stable word of the database and of JSON.
            pub const fn code(self) -> &'static str {
                match self { $($name::$variant => $code,)* }
            }

            /// Reads what [`Self::code`] writes.
            pub fn from_code(code: &str) -> Option<$name> {
                Self::ALL.iter().copied().find(|value| value.code() == code)
            }

            /// Reads a Chinese word, whatever its width and blanks; the error lists what is allowed.
            pub fn parse(text: &str) -> Result<$name, UnknownLabel> {
                match plain(text).as_str() {
                    $($label $(| $alias)* => Ok($name::$variant),)*
                    _ => Err(UnknownLabel { given: text.trim().to_owned(), allowed: [$($label,)*].join("、") }),
                }
            }
        }
    };
}

choice! {
    /// 预留选项: how the share was reserved.
    Measure {
        /// The whole project.
        Whole = "whole", "整体预留" | "采购项目整体预留";
        /// A package of its own.
        Package = "package", "包预留" | "设置专门采购包";
        /// Bidders must form a consortium with SMEs.
        Consortium = "consortium", "联合体预留" | "要求以联合体形式参加";
        /// Bidders must subcontract to SMEs.
        Subcontract = "subcontract", "合同分包预留" | "要求合同分包";
    }
}

impl Measure {
    /// The longer word of the official notice (label pairs).
    pub const fn notice_label(self) -> &'static str {
        match self {
            Measure::Whole => "采购项目整体预留",
            Measure::Package => "设置专门采购包",
            Measure::Consortium => "要求以联合体形式参加",
            Measure::Subcontract => "要求合同分包",
        }
    }

    /// Whether 预留比例 stands beside it in the notice: all but 整体预留.
    pub const fn shows_percent(self) -> bool {
        !matches!(self, Measure::Whole)
    }

    /// Whether the reserved project or package as a whole goes to SMEs: 整体预留 and 包预留.
    pub const fn is_entire(self) -> bool {
        matches!(self, Measure::Whole | Measure::Package)
    }
}

choice! {
    /// 来源: where the contract came from.
    Source {
        /// A procurement project on the platform.
        Project = "project", "项目采购";
        /// A framework agreement.
        Framework = "framework", "框架协议";
        /// Entered by the unit.
        SelfEntered = "self_entered", "自行录入";
    }
}

choice! {
    /// 供应商类型.
    SupplierScale {
        /// 大型.
        Large = "large", "大型";
        /// 中型.
        Medium = "medium", "中型";
        /// 小型.
        Small = "small", "小型";
        /// 微型.
        Micro = "micro", "微型";
        /// 个体工商户: says nothing about size.
        SelfEmployed = "self_employed", "个体工商户";
        /// 残疾人福利性单位: counts as small or micro (财库〔2017〕141号).
        DisabilityWelfare = "disability_welfare", "残疾人福利性单位";
        /// 监狱企业: counts as small or micro.
        Prison = "prison", "监狱企业";
        /// 其他: says nothing about size.
        Other = "other", "其他";
    }
}

impl SupplierScale {
    /// `Some(true)` where the supplier counts as small or micro, `Some(false)` where it does not, `None` where the type says nothing about size.
    pub const fn counts_as_small_micro(self) -> Option<bool> {
        match self {
            SupplierScale::Small | SupplierScale::Micro | SupplierScale::DisabilityWelfare | SupplierScale::Prison => Some(true),
            SupplierScale::Large | SupplierScale::Medium => Some(false),
            SupplierScale::SelfEmployed | SupplierScale::Other => None,
        }
    }
}

choice! {
    /// 项目属性.
    Category {
        /// 货物.
        Goods = "goods", "货物";
        /// 工程.
        Works = "works", "工程";
        /// 服务.
        Services = "services", "服务";
    }
}

choice! {
    /// 预留对象: for whom the share was reserved.
    Target {
        /// 中小企业.
        Sme = "sme", "中小企业";
        /// 小微企业.
        SmallMicro = "small_micro", "小微企业";
    }
}

choice! {
    /// 商品标识 of a framework agreement's goods. An empty cell is no `GoodsMark` at all.
    GoodsMark {
        /// 中小企业标识.
        Sme = "sme", "中小企业标识";
        /// 小微企业标识.
        SmallMicro = "small_micro", "小微企业标识";
        /// 无: looked at and not marked.
        None = "none", "无";
    }
}

choice! {
    /// By which date contracts other than framework agreements belong to a year; a setting of the 主管 for its tree.
    YearBasis {
        /// 合同签订日期, the default.
        Signed = "signed", "合同签订日期";
        /// 合同公告日期.
        Published = "published", "合同公告日期";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a7_both_labels_of_a_measure_are_read() {
        for measure in Measure::ALL.iter().copied() {
            assert_eq!(Measure::parse(measure.label()), Ok(measure));
            assert_eq!(Measure::parse(measure.notice_label()), Ok(measure));
            assert_eq!(measure.shows_percent(), measure != Measure::Whole);
        }
        assert_eq!(Measure::parse(" 包 预留\u{3000}"), Ok(Measure::Package));
        let refusal = Measure::parse("整包").unwrap_err().to_string();
        assert_eq!(refusal, "「整包」不是可填的值，请改为：整体预留、包预留、联合体预留、合同分包预留");
    }

    #[test]
    fn a1_codes_labels_and_json_agree() {
        macro_rules! agree {
            ($($name:ident),*) => {$(
                for value in $name::ALL.iter().copied() {
                    assert_eq!($name::from_code(value.code()), Some(value));
                    assert_eq!($name::parse(value.label()), Ok(value));
                    assert_eq!(serde_json::to_value(value).unwrap(), value.code());
                    assert_eq!(serde_json::from_value::<$name>(value.code().into()).unwrap(), value);
                    assert!(value.code().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{}", value.code());
                }
                assert_eq!($name::from_code("?"), Option::None);
            )*};
        }
        agree!(Measure, Source, SupplierScale, Category, Target, GoodsMark, YearBasis);
        assert_eq!(SupplierScale::ALL.len(), 8);
    }
}
