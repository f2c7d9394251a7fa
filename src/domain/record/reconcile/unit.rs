//! 元 or 万元: in which unit the amounts of a column stand, and by what one knows.

use super::columns::plain;
pub use crate::domain::money::Unit;

impl Unit {
    /// Reads 元 or 万元 in the words of a header.
    pub(super) fn named(header: &str) -> Option<Unit> {
        let plain = plain(header);
        if plain.contains("万元") || plain.contains("(万)") {
            Some(Unit::Wan)
        } else if plain.contains('元') || plain.ends_with("_yuan") {
            Some(Unit::Yuan)
        } else {
            None
        }
    }
}

/// By what the unit of a column is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// The person said so.
    Chosen,
    /// The name of the column says it.
    Header,
    /// A line above the table says it.
    Above,
    /// So many amounts are those of the matched lines, of so many that could be compared.
    Lines {
        /// Equal in this unit.
        equal: usize,
        /// Compared.
        of: usize,
    },
    /// Some amounts have more than two places, which 元 have not.
    Places,
    /// The other column of amounts stands in it.
    Beside,
    /// The amounts are so large, or so small.
    Size,
    /// There are no amounts.
    Nothing,
}

/// The unit of a column, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundUnit {
    /// The unit.
    pub unit: Unit,
    /// By what it is known.
    pub evidence: Evidence,
    /// What speaks against it.
    pub doubt: Option<String>,
}

impl FoundUnit {
    /// The evidence in words.
    pub fn sentence(&self) -> String {
        let unit = self.unit.label();
        match self.evidence {
            Evidence::Chosen => "由您选择".to_owned(),
            Evidence::Header => format!("列名写明“{unit}”"),
            Evidence::Above => format!("表格上方写明“{unit}”"),
            Evidence::Lines { equal, of } => format!("可比对的 {of} 个金额中，{equal} 个按{unit}与明细中的金额相等"),
            Evidence::Places => "有两位以上小数，元最多两位，应为万元".to_owned(),
            Evidence::Beside => format!("与另一列金额同为{unit}"),
            Evidence::Size => match self.unit {
                Unit::Yuan => "金额大多在 10000 以上，按元读取，请核对".to_owned(),
                Unit::Wan => "金额大多在 10000 以下，按万元读取，请核对".to_owned(),
            },
            Evidence::Nothing => "没有可判断的金额".to_owned(),
        }
    }
}

/// What the cells of a column say of its unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// Amounts compared with those of matched lines.
    pub compared: usize,
    /// Equal in 元.
    pub equal_yuan: usize,
    /// Equal in 万元.
    pub equal_wan: usize,
    /// With more than two places.
    pub fine: usize,
    /// Amounts of 10 000 and more, as they stand.
    pub large: usize,
    /// Other amounts that are not 0.
    pub small: usize,
}

impl Tally {
    /// The unit by what stands in the lines, or by what 元 cannot be.
    pub(super) fn proven(&self) -> Option<(Unit, Evidence)> {
        let of = self.compared;
        if self.equal_wan > self.equal_yuan {
            Some((Unit::Wan, Evidence::Lines { equal: self.equal_wan, of }))
        } else if self.equal_yuan > self.equal_wan {
            Some((Unit::Yuan, Evidence::Lines { equal: self.equal_yuan, of }))
        } else if self.fine > 0 {
            Some((Unit::Wan, Evidence::Places))
        } else {
            None
        }
    }

    /// The unit by size alone.
    pub(super) const fn guessed(&self) -> (Unit, Evidence) {
        if self.large + self.small == 0 {
            (Unit::Wan, Evidence::Nothing)
        } else if self.large >= self.small {
            (Unit::Yuan, Evidence::Size)
        } else {
            (Unit::Wan, Evidence::Size)
        }
    }

    /// What the cells say against a unit that was read elsewhere.
    pub(super) fn doubt(&self, unit: Unit) -> Option<String> {
        let (proven, evidence) = self.proven()?;
        if proven == unit {
            return None;
        }
        let other = FoundUnit { unit: proven, evidence, doubt: None }.sentence();
        Some(format!("但{other}，请核对单位"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e2_the_words_of_a_header_name_the_unit() {
        for (header, expected) in [
            ("面向中小企业采购金额（万元）", Some(Unit::Wan)),
            ("合同金额(元)", Some(Unit::Yuan)),
            ("单位：人民币元", Some(Unit::Yuan)),
            ("单位: 万 元", Some(Unit::Wan)),
            ("sme_yuan", Some(Unit::Yuan)),
            ("中小企业金额", None),
        ] {
            assert_eq!(Unit::named(header), expected, "{header}");
        }
    }

    #[test]
    fn e2_equal_amounts_prove_more_than_size() {
        let tally = Tally { compared: 5, equal_yuan: 0, equal_wan: 3, fine: 0, large: 5, small: 0 };
        assert_eq!(tally.proven(), Some((Unit::Wan, Evidence::Lines { equal: 3, of: 5 })));
        assert_eq!(tally.guessed().0, Unit::Yuan);
        let doubt = tally.doubt(Unit::Yuan).unwrap();
        assert_eq!(doubt, "但可比对的 5 个金额中，3 个按万元与明细中的金额相等，请核对单位");
        assert_eq!(tally.doubt(Unit::Wan), None);
        assert_eq!(Tally { fine: 1, large: 9, ..Tally::default() }.proven(), Some((Unit::Wan, Evidence::Places)));
        assert_eq!(Tally::default().guessed(), (Unit::Wan, Evidence::Nothing));
    }
}
