//! The tree as a table: 名称, 上级, 主管, 行政区划, 统一社会信用代码, one row a unit, in any order.

use super::{District, Unit};
use crate::domain::sheet::{Finding, Severity};
use crate::domain::{text, uscc};
use std::collections::{HashMap, HashSet};

/// The columns in the order of [`UnitColumn`], each with its alias.
pub const HEADER: [(&str, &str); 5] =
    [("名称", "name"), ("上级", "parent"), ("主管", "supervisor"), ("行政区划", "district"), ("统一社会信用代码", "uscc")];

/// Most characters of a unit's name.
pub const NAME: usize = 100;

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitRow {
    /// The row as a spreadsheet shows it.
    pub row: usize,
    /// 名称.
    pub name: String,
    /// Name of the unit above, empty for none.
    pub parent: String,
    /// Whether it is a 主管预算单位.
    pub is_supervisor: bool,
    /// 行政区划; `None` takes that of the unit above.
    pub district: Option<District>,
    /// Normalised, empty where unknown.
    pub uscc: String,
}

/// What a table of units holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnitTable {
    /// Units above stand before those below them.
    pub units: Vec<UnitRow>,
    /// By row; an error refuses the whole table.
    pub findings: Vec<Finding>,
}

impl UnitTable {
    /// Whether anything was refused.
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }
}

fn finding(row: usize, column: usize, severity: Severity, message: impl std::fmt::Display) -> Finding {
    let column = HEADER.get(column).map_or("", |(name, _)| name).to_owned();
    Finding { row, column, severity, message: message.to_string() }
}

/// Reads a table whose first row is the header, to be added to the units there are.
pub fn read_units(mut rows: impl Iterator<Item = Vec<String>>, known: &[Unit]) -> UnitTable {
    let header = rows.next().unwrap_or_default();
    let place =
        |(name, alias): &(&str, &str)| header.iter().position(|cell| cell.trim() == *name || cell.trim().eq_ignore_ascii_case(alias));
    let places = HEADER.map(|column| place(&column));
    if places[0].is_none() {
        let message = format!("第一行应为列名：{}（「名称」必须有）。", HEADER.map(|(name, _)| name).join("、"));
        return UnitTable { units: Vec::new(), findings: vec![finding(1, 0, Severity::Error, message)] };
    }
    let mut table = UnitTable::default();
    for (number, cells) in (2..).zip(rows) {
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let cell = |column: usize| places[column].and_then(|place: usize| cells.get(place)).map_or("", |cell| cell.trim());
        let unit = read_row(number, cell, &mut table.findings);
        table.units.push(unit);
    }
    check_names(&table.units, known, &mut table.findings);
    let parents: HashMap<&str, &str> = {
        let name_of: HashMap<_, _> = known.iter().map(|unit| (&unit.id, unit.name.as_str())).collect();
        let stored =
            known.iter().map(|unit| (unit.name.as_str(), unit.parent.as_ref().and_then(|id| name_of.get(id).copied()).unwrap_or("")));
        stored.chain(table.units.iter().map(|unit| (unit.name.as_str(), unit.parent.as_str()))).collect()
    };
    let depths: Vec<Option<usize>> = table.units.iter().map(|unit| depth(&unit.name, &parents)).collect();
    for (unit, _) in table.units.iter().zip(&depths).filter(|(_, depth)| depth.is_none()) {
        table.findings.push(finding(unit.row, 1, Severity::Error, format!("「{}」的上级关系成环，单位不能在自己之下。", unit.name)));
    }
    let mut order: Vec<(usize, UnitRow)> = depths.into_iter().map(Option::unwrap_or_default).zip(table.units).collect();
    order.sort_by_key(|(depth, unit)| (*depth, unit.row));
    table.units = order.into_iter().map(|(_, unit)| unit).collect();
    table.findings.sort_by_key(|finding| finding.row);
    table
}

fn read_row<'row>(row: usize, cell: impl Fn(usize) -> &'row str, findings: &mut Vec<Finding>) -> UnitRow {
    let name = text::required("名称", cell(0), NAME).unwrap_or_else(|error| {
        findings.push(finding(row, 0, Severity::Error, error));
        String::new()
    });
    let is_supervisor = match cell(2) {
        "是" => true,
        "否" | "" => false,
        other => {
            findings.push(finding(row, 2, Severity::Error, format!("「{other}」不是可填的值，请改为：是、否")));
            false
        }
    };
    let district = match cell(3) {
        "" => None,
        given => {
            let district = District::parse(given).ok().or_else(|| District::all().find(|district| district.name() == given));
            if district.is_none() {
                findings.push(finding(
                    row,
                    3,
                    Severity::Error,
                    format!("没有行政区划「{given}」，请填六位代码（如 310115）或名称（如浦东新区）"),
                ));
            }
            district
        }
    };
    let code = uscc::normalise(cell(4));
    if !code.is_empty()
        && let Err(warning) = uscc::check(&code)
    {
        findings.push(finding(row, 4, if warning.blocks() { Severity::Error } else { Severity::Warning }, warning));
    }
    UnitRow { row, name, parent: cell(1).to_owned(), is_supervisor, district, uscc: code }
}

fn check_names(units: &[UnitRow], known: &[Unit], findings: &mut Vec<Finding>) {
    let mut first: HashMap<&str, usize> = HashMap::new();
    for unit in units.iter().filter(|unit| !unit.name.is_empty()) {
        if let Some(row) = first.get(unit.name.as_str()) {
            findings.push(finding(unit.row, 0, Severity::Error, format!("「{}」与第 {row} 行重名，每个单位只写一行。", unit.name)));
        } else {
            first.insert(&unit.name, unit.row);
        }
    }
    let stored: HashSet<&str> = known.iter().map(|unit| unit.name.as_str()).collect();
    for unit in units.iter().filter(|unit| !unit.parent.is_empty()) {
        if !first.contains_key(unit.parent.as_str()) && !stored.contains(unit.parent.as_str()) {
            findings.push(finding(unit.row, 1, Severity::Error, format!("上级「{}」既不在本表中，也不是已登记的单位。", unit.parent)));
        }
    }
}

/// Steps up to the root; `None` in a cycle.
fn depth(name: &str, parents: &HashMap<&str, &str>) -> Option<usize> {
    let mut here = name;
    for steps in 0..=parents.len() {
        match parents.get(here) {
            None | Some(&"") => return Some(steps),
            Some(above) => here = above,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::Severity::{Error, Warning};
    use super::*;

    fn read(text: &str) -> UnitTable {
        read_units(text.lines().map(|line| line.split(',').map(str::to_owned).collect()), &[])
    }

    #[test]
    fn b8_rows_may_stand_in_any_order() {
        let table = read("主管,名称,上级,行政区划\n否,丙,乙,\n,乙,甲,浦东新区\n\n是,甲,,319900\n");
        assert!(!table.has_errors(), "{:?}", table.findings);
        let found: Vec<_> =
            table.units.iter().map(|unit| (unit.row, unit.name.as_str(), unit.is_supervisor, unit.district.map(District::code))).collect();
        assert_eq!(found, [(5, "甲", true, Some("319900")), (3, "乙", false, Some("310115")), (2, "丙", false, None)]);
    }

    #[test]
    fn b8_a_wrong_check_digit_is_a_warning() {
        let table = read("名称,上级,主管,行政区划,统一社会信用代码\n甲,,是,,913100000000000000\n");
        let found: Vec<_> = table.findings.iter().map(|finding| (finding.row, finding.column.as_str(), finding.severity)).collect();
        assert_eq!(found, [(2, "统一社会信用代码", Warning)]);
    }

    #[test]
    fn b8_every_fault_of_a_tree_is_named_with_its_row_and_column() {
        let table = read("名称,上级,主管,行政区划,统一社会信用代码\n甲,没有,,,\n甲,,,,\n乙,丙,,,\n丙,乙,也许,000000,123\n,甲,,,\n");
        let found: Vec<_> = table.findings.iter().map(|finding| (finding.row, finding.column.as_str(), finding.severity)).collect();
        assert_eq!(
            found,
            [
                (2, "上级", Error),
                (3, "名称", Error),
                (4, "上级", Error),
                (5, "主管", Error),
                (5, "行政区划", Error),
                (5, "统一社会信用代码", Error),
                (5, "上级", Error),
                (6, "名称", Error),
            ]
        );
        assert_eq!(read("单位\n甲\n").findings.len(), 1);
        assert!(read("").has_errors());
    }
}
