//! Whose contracts a person may import, and what a row of a file means beside the ledger.
//!
//! Always: a row goes into the ledger of the unit that its 采购人 names, or into none; what a unit has entered by itself is written by nobody
//! but that unit. Units are matched by the trimmed name.

use super::{Contract, Source};
use crate::domain::ids::UnitId;
use crate::domain::sheet::Column;
use std::collections::HashMap;

/// The units whose rows a person may import.
#[derive(Clone, Debug)]
pub struct Intake {
    own: (String, UnitId),
    /// Units below, for whoever imports for them.
    below: Option<HashMap<String, UnitId>>,
}

/// Why a row is not taken, with the name that it gives.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    /// Of another unit, to whoever imports for several.
    #[error("采购人「{0}」不是本单位或下级单位，请核对名称。")]
    Stranger(String),
    /// Of another unit, to whoever imports for one.
    #[error("采购人「{buyer}」不是本单位（{own}），不能导入；请核对名称，或由该单位导入。")]
    NotOwn {
        /// Whose it is.
        buyer: String,
        /// Whose may be imported.
        own: String,
    },
    /// A unit below enters and imports its own rows.
    #[error("自行录入的合同由采购单位（{0}）自己录入或导入。")]
    Entered(String),
    /// The ledger holds it as the own of a unit below.
    #[error("台账中的这份合同由采购单位（{0}）自行录入，须由该单位修改。")]
    HeldAsEntered(String),
}

impl NotTaken {
    /// The column that it is about.
    pub const fn column(&self) -> Column {
        match self {
            NotTaken::Stranger(_) | NotTaken::NotOwn { .. } => Column::BuyerName,
            NotTaken::Entered(_) => Column::Source,
            NotTaken::HeldAsEntered(_) => Column::ContractNo,
        }
    }
}

/// What taking a row does to the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The contract is not there.
    Adds,
    /// It is there and says something else.
    Updates,
    /// It is there as it is.
    Nothing,
}

impl Intake {
    /// Of this unit, and of those `below` it for whoever imports for them too.
    pub fn new(own: (String, UnitId), below: Option<HashMap<String, UnitId>>) -> Intake {
        Intake { own, below }
    }

    /// Whether rows of subordinate units are taken.
    pub const fn takes_subordinates(&self) -> bool {
        self.below.is_some()
    }

    /// The names of the units, by identity.
    pub fn names(&self) -> HashMap<UnitId, String> {
        let below = self.below.iter().flatten().map(|(name, id)| (id.clone(), name.clone()));
        below.chain([(self.own.1.clone(), self.own.0.clone())]).collect()
    }

    /// Into whose ledger a row goes, or why into none.
    pub fn unit_of(&self, contract: &Contract) -> Result<&UnitId, NotTaken> {
        let buyer = contract.buyer_name.trim();
        if buyer == self.own.0.trim() {
            return Ok(&self.own.1);
        }
        let Some(below) = &self.below else {
            return Err(NotTaken::NotOwn { buyer: buyer.to_owned(), own: self.own.0.clone() });
        };
        match below.get(buyer) {
            None => Err(NotTaken::Stranger(buyer.to_owned())),
            Some(_) if contract.source == Source::SelfEntered => Err(NotTaken::Entered(buyer.to_owned())),
            Some(unit) => Ok(unit),
        }
    }

    /// What a row that [`Intake::unit_of`] takes does beside what the ledger holds under its key, or why it is not taken after all.
    pub fn effect(&self, held: Option<&Contract>, row: &Contract) -> Result<Effect, NotTaken> {
        match held {
            None => Ok(Effect::Adds),
            Some(held) if held == row => Ok(Effect::Nothing),
            Some(held) if held.source == Source::SelfEntered && row.buyer_name.trim() != self.own.0.trim() => {
                Err(NotTaken::HeldAsEntered(row.buyer_name.clone()))
            }
            Some(_) => Ok(Effect::Updates),
        }
    }
}

/// Why nothing of a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotWritten {
    /// There were too many errors to read it to its end.
    #[error("错误过多，文件没有读完，不能导入；请检查列是否对齐，改正后重新选择文件")]
    Cut,
    /// So many rows have errors, and not the good ones alone were asked for.
    #[error("有 {0} 行存在错误，没有写入任何数据；请改正后重新选择文件，或选择只导入没有错误的行")]
    Refused(u64),
    /// The ledger says all of it already, or nothing is without an error.
    #[error("没有需要写入的合同：文件中的内容与台账一致，或都存在错误")]
    Nothing,
}

/// Whether a file that was read may be written: all or nothing, unless a person takes the good rows alone.
pub const fn may_write(is_cut: bool, refused: u64, changes: u64, takes_good_rows: bool) -> Result<(), NotWritten> {
    if is_cut {
        Err(NotWritten::Cut)
    } else if refused > 0 && !takes_good_rows {
        Err(NotWritten::Refused(refused))
    } else if changes == 0 {
        Err(NotWritten::Nothing)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::proof::plain;
    use super::*;
    use proptest::prelude::*;
    use proptest::sample::select;

    fn id(number: u8) -> UnitId {
        UnitId::parse(&format!("01890a5d-ac96-774b-bcce-b302099a80{number:02}")).unwrap()
    }

    fn chief() -> Intake {
        Intake::new(("主管".to_owned(), id(1)), Some(HashMap::from([("下级".to_owned(), id(2))])))
    }

    fn alone() -> Intake {
        Intake::new(("下级".to_owned(), id(2)), None)
    }

    fn of(buyer: &str, source: Source) -> Contract {
        Contract { buyer_name: buyer.to_owned(), source, ..plain() }
    }

    #[test]
    fn a4_a_row_goes_into_the_ledger_of_its_buyer_or_into_none_with_the_reason() {
        let said = |intake: &Intake, buyer: &str, source| match intake.unit_of(&of(buyer, source)) {
            Ok(unit) => unit.to_string(),
            Err(refused) => format!("{}：{refused}", refused.column().name()),
        };
        assert_eq!(said(&alone(), " 下级 ", Source::SelfEntered), id(2).to_string());
        assert_eq!(
            said(&alone(), "别的", Source::Project),
            "采购人：采购人「别的」不是本单位（下级），不能导入；请核对名称，或由该单位导入。"
        );
        assert_eq!(said(&chief(), "主管", Source::SelfEntered), id(1).to_string());
        assert_eq!(said(&chief(), "下级", Source::Framework), id(2).to_string());
        assert_eq!(said(&chief(), "下级", Source::SelfEntered), "来源：自行录入的合同由采购单位（下级）自己录入或导入。");
        assert_eq!(said(&chief(), "别的", Source::Project), "采购人：采购人「别的」不是本单位或下级单位，请核对名称。");
        assert_eq!((chief().takes_subordinates(), alone().takes_subordinates()), (true, false));
        assert_eq!(chief().names().get(&id(2)).map(String::as_str), Some("下级"));
    }

    #[test]
    fn a4_what_a_unit_has_entered_itself_is_not_overwritten_from_above() {
        let (held, row) = (of("下级", Source::SelfEntered), of("下级", Source::Project));
        let refused = chief().effect(Some(&held), &row).unwrap_err();
        assert_eq!((refused.column(), &refused), (Column::ContractNo, &NotTaken::HeldAsEntered("下级".to_owned())));
        assert_eq!(alone().effect(Some(&held), &row), Ok(Effect::Updates));
        assert_eq!(alone().effect(None, &row), Ok(Effect::Adds));
        assert_eq!(chief().effect(Some(&held), &held), Ok(Effect::Nothing), "what stands there already harms nobody");
    }

    #[test]
    fn a4_a_file_is_written_whole_or_not_at_all_unless_the_good_rows_are_asked_for() {
        assert_eq!(may_write(false, 0, 3, false), Ok(()));
        assert_eq!(may_write(false, 2, 3, false), Err(NotWritten::Refused(2)));
        assert_eq!(may_write(false, 2, 3, true), Ok(()));
        assert_eq!(may_write(false, 2, 0, true), Err(NotWritten::Nothing));
        assert_eq!(may_write(true, 2, 3, true), Err(NotWritten::Cut), "what was not read cannot be left out knowingly");
    }

    proptest! {
        /// Whoever imports whatever: no row is written into a ledger of a unit that its 采购人 does not name, and nothing that a unit has
        /// entered itself is changed by another.
        #[test]
        fn a4_nothing_is_written_for_another_unit_than_the_named_one(
            buyer in select(vec!["主管", "下级", "别的", ""]),
            (source, held) in (select(Source::ALL), select(Source::ALL)),
            is_chief: bool,
        ) {
            let (intake, own) = if is_chief { (chief(), "主管") } else { (alone(), "下级") };
            let row = of(buyer, source);
            if let Ok(unit) = intake.unit_of(&row) {
                let names = intake.names();
                prop_assert_eq!(names.get(unit).map(String::as_str), Some(buyer));
                prop_assert!(source != Source::SelfEntered || buyer == own);
                let changes = intake.effect(Some(&Contract { contract_title: "旧".to_owned(), ..of(buyer, held) }), &row);
                prop_assert_eq!(changes == Ok(Effect::Updates), held != Source::SelfEntered || buyer == own);
            }
        }
    }
}
