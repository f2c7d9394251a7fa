//! Reading tables of contracts that people upload and paste.
//!
//! Always: what cannot be read is refused with its row and column and never guessed; what reads well and looks wrong is taken with
//! a warning; what contradicts itself is taken, and gets its verdict in `domain::contract`. Every row that is not blank is
//! accounted for: taken, taken once for several equal rows, or refused by an error.
//! Elsewhere: bytes, encodings and XLSX are the server's; here a table is rows of text cells.

mod columns;
mod faults;
mod form;
mod guard;
#[cfg(test)]
mod proof;
mod row;

pub use columns::{Column, EXPORTED_BESIDE, HEADER, Header};
pub use form::{Draft, FormReading, differences};
pub use guard::{guarded, unguarded};
pub use row::{read_row, to_row};

use crate::domain::contract::Contract;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// How many findings of each severity are listed; after as many errors reading stops.
pub const MAX_FINDINGS: usize = 2_000;

/// Whether a finding stops a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The row (or the table) is refused.
    Error,
    /// The row is taken; a person should look.
    Warning,
}

impl Severity {
    /// The word on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Severity::Error => "错误",
            Severity::Warning => "提醒",
        }
    }
}

/// Something about one cell that a person should know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The row as a spreadsheet shows it: the header is row 1.
    pub row: usize,
    /// The name of the column.
    pub column: String,
    /// Whether it stops the row.
    pub severity: Severity,
    /// What is wrong and what to do.
    pub message: String,
}

/// What a table holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// Each contract with its row, in the order of the table. No key stands here twice.
    pub contracts: Vec<(usize, Contract)>,
    /// In the order of rows; within a row in the order of columns.
    pub findings: Vec<Finding>,
    /// Rows below the header that are not blank, as far as the table was read.
    pub rows_read: usize,
}

impl Import {
    /// Whether anything was refused.
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }
}

/// Reads a table whose first row is the header. Blank rows are passed over and still numbered.
///
/// The same key twice: equal rows are taken once, with a warning; rows that differ are all refused, for nothing says which is right.
pub fn read_table(rows: impl Iterator<Item = Vec<String>>) -> Import {
    let mut rows = rows.zip(1..);
    let header = match rows.next() {
        Some((cells, _)) => Header::read(&cells),
        None => Header::read(&[]),
    };
    let (header, findings) = match header {
        Ok(read) => read,
        Err(findings) => return Import { findings, ..Import::default() },
    };
    let mut reading = Reading { findings: Findings::default(), kept: Vec::new(), keys: HashMap::new(), rows_read: 0 };
    reading.findings.extend(findings);
    for (cells, number) in rows {
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        reading.rows_read += 1;
        match read_row(&header, number, &cells) {
            Ok((contract, warnings)) => reading.keep(number, contract, warnings),
            Err(findings) => reading.findings.extend(findings),
        }
        if reading.findings.errors >= MAX_FINDINGS {
            reading.findings.stop(number);
            break;
        }
    }
    reading.finish()
}

/// A table half read.
struct Reading {
    findings: Findings,
    kept: Vec<Kept>,
    keys: HashMap<(String, String, String), usize>,
    rows_read: usize,
}

/// The first row of a key.
struct Kept {
    row: usize,
    contract: Contract,
    /// Another row of the key says something else.
    disputed: bool,
}

impl Reading {
    fn keep(&mut self, row: usize, contract: Contract, warnings: Vec<Finding>) {
        let (buyer, number, lot) = contract.key();
        let key = (buyer.to_owned(), number.to_owned(), lot.to_owned());
        let Some(first) = self.keys.get(&key).and_then(|&place| self.kept.get_mut(place)) else {
            self.keys.insert(key, self.kept.len());
            self.kept.push(Kept { row, contract, disputed: false });
            self.findings.extend(warnings);
            return;
        };
        let column = Column::ContractNo.name();
        let finding = |row: usize, severity: Severity, message: String| Finding { row, column: column.to_owned(), severity, message };
        if first.contract == contract {
            let message = format!("与第 {} 行重复（采购人、合同编号、标项和内容都相同），只读入一次。", first.row);
            self.findings.push(finding(row, Severity::Warning, message));
            return;
        }
        let message = |other: usize| {
            let differing = differing_columns(&first.contract, &contract).join("、");
            format!("与第 {other} 行的采购人、合同编号、标项相同，但{differing}不同，无法判断以哪一行为准；请只保留一行，或用标项区分。")
        };
        if !first.disputed {
            self.findings.push(finding(first.row, Severity::Error, message(row)));
        }
        self.findings.push(finding(row, Severity::Error, message(first.row)));
        first.disputed = true;
    }

    fn finish(self) -> Import {
        let contracts = self.kept.into_iter().filter(|kept| !kept.disputed).map(|kept| (kept.row, kept.contract)).collect();
        Import { contracts, findings: self.findings.finish(), rows_read: self.rows_read }
    }
}

/// The columns in which two contracts differ.
fn differing_columns(left: &Contract, right: &Contract) -> Vec<&'static str> {
    let pairs = to_row(left).into_iter().zip(to_row(right));
    pairs.zip(HEADER).filter(|((left, right), _)| left != right).map(|(_, name)| name).collect()
}

/// Findings within bounds, however long the table.
#[derive(Default)]
struct Findings {
    listed: Vec<Finding>,
    errors: usize,
    warnings: usize,
    last_row: usize,
}

impl Findings {
    fn push(&mut self, finding: Finding) {
        self.last_row = self.last_row.max(finding.row);
        let count = match finding.severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
        };
        *count += 1;
        // Errors are always listed: reading stops soon after the bound.
        if finding.severity == Severity::Error || *count <= MAX_FINDINGS {
            self.listed.push(finding);
        }
    }

    fn extend(&mut self, findings: Vec<Finding>) {
        for finding in findings {
            self.push(finding);
        }
    }

    fn stop(&mut self, row: usize) {
        let message = format!("错误已达 {} 处，第 {row} 行以后没有读；请先改正以上错误，或检查列是否对齐。", self.errors);
        self.push(Finding { row, column: String::new(), severity: Severity::Error, message });
    }

    fn finish(mut self) -> Vec<Finding> {
        // A stable sort: within a row, findings keep the order of the columns.
        self.listed.sort_by_key(|finding| finding.row);
        if self.warnings > MAX_FINDINGS {
            let message = format!("提醒共 {} 处，只列出前 {MAX_FINDINGS} 处。", self.warnings);
            self.listed.push(Finding { row: self.last_row, column: String::new(), severity: Severity::Warning, message });
        }
        self.listed
    }
}
