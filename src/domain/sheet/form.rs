//! A contract as it is typed into a form: one text a column, read by the very rules by which a table's row is read.
//!
//! Always: what a form refuses an import refuses in the same words, and the other way round.

use super::columns::{Column, HEADER};
use super::row::{read_cells, to_row};
use super::{Finding, Severity};
use crate::domain::contract::{Contract, Source};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The cells at which the counting rules look: as long as none of them is in error, what is typed can be judged.
const JUDGED: [Column; 13] = [
    Column::SupplierScale,
    Column::Amount,
    Column::Source,
    Column::Reserved,
    Column::Measure,
    Column::Target,
    Column::ReservedPct,
    Column::Sme,
    Column::SmallMicro,
    Column::GoodsMark,
    Column::Retendered,
    Column::SignedOn,
    Column::PublishedOn,
];

/// What stands in the fields of a form. As JSON: the texts by the other names of their columns.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<String, String>", into = "BTreeMap<String, String>")]
pub struct Draft(BTreeMap<Column, String>);

/// No column has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("没有名为 {0} 的列")]
pub struct UnknownColumn(String);

impl TryFrom<BTreeMap<String, String>> for Draft {
    type Error = UnknownColumn;
    fn try_from(texts: BTreeMap<String, String>) -> Result<Draft, UnknownColumn> {
        let mut draft = Draft::default();
        for (name, text) in texts {
            let column = Column::from_alias(&name).ok_or(UnknownColumn(name))?;
            draft.set(column, text);
        }
        Ok(draft)
    }
}

impl From<Draft> for BTreeMap<String, String> {
    fn from(draft: Draft) -> BTreeMap<String, String> {
        draft.0.into_iter().map(|(column, text)| (column.alias().to_owned(), text)).collect()
    }
}

/// What can be read of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormReading {
    /// The contract; `None` as long as anything is in error.
    pub contract: Option<Contract>,
    /// The contract as far as the counting rules look at it; `None` as long as one of their cells is in error.
    pub judged: Option<Contract>,
    /// Errors and doubts, in the order of the columns.
    findings: Vec<Finding>,
}

impl FormReading {
    /// The columns in error, each with what is wrong, in the order of the columns.
    pub fn errors(&self) -> impl Iterator<Item = (Column, &str)> {
        self.of(Severity::Error)
    }

    /// What is wrong in this column.
    pub fn error(&self, column: Column) -> Option<&str> {
        self.errors().find(|(at, _)| *at == column).map(|(_, words)| words)
    }

    /// What reads well in this column and should be looked at.
    pub fn doubts(&self, column: Column) -> impl Iterator<Item = &str> {
        self.of(Severity::Warning).filter(move |(at, _)| *at == column).map(|(_, words)| words)
    }

    fn of(&self, severity: Severity) -> impl Iterator<Item = (Column, &str)> {
        let these = self.findings.iter().filter(move |finding| finding.severity == severity);
        these.filter_map(|finding| Some((Column::recognise(&finding.column)?, finding.message.as_str())))
    }
}

impl Draft {
    /// An empty form for a unit's own contract.
    pub fn own(buyer_name: &str, buyer_uscc: &str) -> Draft {
        let mut draft = Draft::default();
        draft.set(Column::BuyerName, buyer_name.to_owned());
        draft.set(Column::BuyerUscc, buyer_uscc.to_owned());
        draft.set(Column::Source, Source::SelfEntered.label().to_owned());
        draft.set(Column::Retendered, "否".to_owned());
        draft
    }

    /// The form filled with what a contract says.
    pub fn of(contract: &Contract) -> Draft {
        Draft(Column::ALL.into_iter().zip(to_row(contract)).filter(|(_, text)| !text.is_empty()).collect())
    }

    /// The text of a field.
    pub fn get(&self, column: Column) -> &str {
        self.0.get(&column).map_or("", String::as_str)
    }

    /// Writes a field; an empty text is none.
    pub fn set(&mut self, column: Column, text: String) {
        if text.is_empty() {
            self.0.remove(&column);
        } else {
            self.0.insert(column, text);
        }
    }

    /// The columns in which two drafts differ, in their order.
    pub fn differing(&self, other: &Draft) -> Vec<Column> {
        Column::ALL.into_iter().filter(|column| self.get(*column) != other.get(*column)).collect()
    }

    /// Reads the fields as an import reads a row.
    pub fn read(&self) -> FormReading {
        let cells: Vec<String> = Column::ALL.into_iter().map(|column| self.get(column).to_owned()).collect();
        let (contract, findings) = read_cells(&cells);
        let is_wrong = |column: &str| findings.iter().any(|finding| finding.severity == Severity::Error && finding.column == column);
        let judged = contract.clone().filter(|_| !JUDGED.into_iter().any(|column| is_wrong(column.name())));
        FormReading { contract: contract.filter(|_| !HEADER.into_iter().any(is_wrong)), judged, findings }
    }

    /// This draft as it is stored and read back (`1,000,000` as `1000000`); one that cannot be read stays as it is.
    #[must_use]
    pub fn as_stored(&self) -> Draft {
        self.read().contract.map_or_else(|| self.clone(), |contract| Draft::of(&contract))
    }

    /// Takes over what another person has written since `base` was read or stored, wherever this draft still says what `base` said;
    /// gives the columns in which both have written and differ, where this draft's own text stays. Of two texts that are stored alike
    /// neither is a change.
    pub fn merge(&mut self, base: &Draft, theirs: &Draft) -> Vec<Column> {
        let (stored, mine) = (base.as_stored(), self.as_stored());
        let mut both = Vec::new();
        for column in Column::ALL {
            let is_mine = self.get(column) != base.get(column) && mine.get(column) != stored.get(column);
            if !is_mine {
                self.set(column, theirs.get(column).to_owned());
            } else if stored.get(column) != theirs.get(column) && mine.get(column) != theirs.get(column) {
                both.push(column);
            }
        }
        both
    }
}

/// The columns in which two contracts differ, with what stands on the left and on the right.
pub fn differences(left: &Contract, right: &Contract) -> Vec<(Column, String, String)> {
    let pairs = to_row(left).into_iter().zip(to_row(right)).zip(Column::ALL);
    pairs.filter(|((left, right), _)| left != right).map(|((left, right), column)| (column, left, right)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::read_table;
    use super::*;
    use crate::domain::contract::{Verdict, YearBasis, verdict};
    use proptest::prelude::*;

    fn filled() -> Draft {
        let mut draft = Draft::own("测试区采购单位03", "");
        for (column, text) in [
            (Column::ContractNo, "GC-2024-1"),
            (Column::ProjectName, "道路维修"),
            (Column::SupplierName, "某某建设"),
            (Column::Amount, "1,000,000"),
            (Column::Reserved, "是"),
            (Column::Measure, "合同分包预留"),
            (Column::ReservedPct, "40"),
            (Column::Target, "小微企业"),
            (Column::SignedOn, "2024-03-15"),
        ] {
            draft.set(column, text.to_owned());
        }
        draft
    }

    #[test]
    fn e1_a_number_that_was_typed_with_separators_and_stored_is_no_change_of_anybody() {
        let base = filled();
        let mut theirs = base.as_stored();
        assert_eq!((base.get(Column::Amount), theirs.get(Column::Amount)), ("1,000,000", "1000000"));
        theirs.set(Column::ProjectName, "改名".to_owned());
        let mut mine = base.clone();
        mine.set(Column::SupplierName, "另一公司".to_owned());
        assert_eq!(mine.merge(&base, &theirs), [], "the colleague has changed the name only, and I another field");
        assert_eq!(
            (mine.get(Column::ProjectName), mine.get(Column::SupplierName), mine.get(Column::Amount)),
            ("改名", "另一公司", "1000000")
        );
        assert_eq!(base.as_stored().differing(&theirs), [Column::ProjectName], "what is said to have been taken over");
        // Typed by both, and the same amount.
        theirs.set(Column::Amount, "2000000".to_owned());
        let mut mine = base.clone();
        mine.set(Column::Amount, "2,000,000".to_owned());
        assert_eq!(mine.merge(&base, &theirs), []);
        mine.set(Column::Amount, "3,000,000".to_owned());
        assert_eq!(mine.merge(&base, &theirs), [Column::Amount]);
    }

    #[test]
    fn e1_a_form_is_read_by_the_rules_of_a_row_and_judged_while_it_is_incomplete() {
        let mut draft = filled();
        let contract = draft.read().contract.unwrap();
        assert_eq!(contract.source, Source::SelfEntered);
        let Verdict::Counted(amounts) = verdict(&contract, YearBasis::Signed) else { panic!("it counts") };
        assert_eq!((amounts.sme.yuan().as_str(), amounts.estimated), ("400000", true));
        assert_eq!(Draft::of(&contract).read().contract, Some(contract));

        draft.set(Column::ContractNo, String::new());
        let reading = draft.read();
        assert_eq!(reading.contract, None);
        assert!(reading.judged.is_some(), "its number decides nothing");
        assert_eq!(reading.error(Column::ContractNo), Some("请填写合同编号。"));
        draft.set(Column::ReservedPct, "四十".to_owned());
        assert_eq!(draft.read().judged, None);
        draft.set(Column::Amount, "100".to_owned());
        assert!(draft.read().doubts(Column::Amount).any(|words| words.contains("万元")), "doubts come while one types");
    }

    #[test]
    fn e1_what_another_person_wrote_is_taken_over_where_nothing_was_typed() {
        let base = filled();
        let (mut mine, mut theirs) = (base.clone(), base.clone());
        mine.set(Column::Lot, "1".to_owned());
        mine.set(Column::Amount, "5".to_owned());
        mine.set(Column::Method, "询价".to_owned());
        theirs.set(Column::Amount, "6".to_owned());
        theirs.set(Column::ProjectName, "桥梁维修".to_owned());
        theirs.set(Column::Method, "询价".to_owned());
        assert_eq!(mine.merge(&base, &theirs), [Column::Amount]);
        let said = [Column::Lot, Column::Amount, Column::ProjectName].map(|column| mine.get(column).to_owned());
        assert_eq!(said, ["1", "5", "桥梁维修"], "nothing typed is lost");
    }

    #[test]
    fn e1_a_form_travels_by_the_names_of_its_columns() {
        let json = serde_json::to_string(&filled()).unwrap();
        assert!(json.contains(r#""contract_no":"GC-2024-1""#), "{json}");
        assert_eq!(serde_json::from_str::<Draft>(&json).unwrap(), filled());
        assert!(serde_json::from_str::<Draft>(r#"{"id":"1"}"#).is_err());
    }

    proptest! {
        #[test]
        fn e1_a_form_refuses_what_an_import_refuses(texts in proptest::collection::vec("(是|否|2024-0[0-9]-1[0-9]|[0-9]{1,12}|整体预留|小微企业|[^,\\r\\n]{0,8}|)", 27)) {
            let mut draft = Draft::default();
            for (column, text) in Column::ALL.into_iter().zip(&texts) {
                draft.set(column, text.clone());
            }
            let header: Vec<String> = HEADER.iter().map(|name| (*name).to_owned()).collect();
            let import = read_table([header, texts].into_iter());
            prop_assume!(import.rows_read == 1);
            let reading = draft.read();
            prop_assert_eq!(reading.contract.as_ref(), import.contracts.first().map(|(_, contract)| contract));
            let refused: Vec<_> = import.findings.iter().filter(|finding| finding.severity == Severity::Error).map(|finding| finding.message.as_str()).collect();
            prop_assert_eq!(reading.errors().map(|(_, words)| words).collect::<Vec<_>>(), refused);
        }
    }
}
