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

pub use columns::{Assigned, Column, EXPORTED_BESIDE, HEADER, HEADER_WITHIN, Header, find_header, letters};
pub use form::{Draft, FormReading, differences};
pub use guard::{guarded, unguarded};
pub use row::{read_row, to_row};

use crate::domain::contract::Contract;
use serde::{Deserialize, Serialize};
use std::collections::hash_map::DefaultHasher;
use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher as _};

/// Most bytes of a file that is imported: 100 000 contracts are 30 MB of CSV, and half of that as XLSX.
pub const MAX_FILE_BYTES: u64 = 64 * 1024 * 1024;
/// What is said of a longer one, before it is sent and after.
pub const FILE_TOO_LARGE: &str = "文件超过 64 MB，请按年度拆分后分次导入";
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
    let mut table = Table::default();
    for (cells, number) in rows.zip(1..) {
        if !table.row(number, &cells) {
            break;
        }
    }
    table.finish()
}

/// [`read_table`] for rows that are handed over one by one; blank ones may be left out.
#[derive(Debug, Default)]
pub struct Table {
    reading: Option<Reading>,
    kept: Vec<(usize, Contract)>,
    disputed: HashSet<usize>,
    found: Findings,
}

impl Table {
    /// Takes the next row; `false` when no more need come.
    pub fn row(&mut self, number: usize, cells: &[String]) -> bool {
        let outcome = match &mut self.reading {
            Some(reading) => reading.row(number, cells),
            None => return self.head(if number == 1 { cells } else { &[] }),
        };
        match outcome {
            Outcome::Blank => {}
            Outcome::Taken(contract, warnings) => {
                self.kept.push((number, *contract));
                self.found.extend(warnings);
            }
            Outcome::Again(warning) => self.found.push(warning),
            Outcome::Disputed { first, findings } => {
                self.disputed.insert(first);
                self.found.extend(findings);
            }
            Outcome::Refused(findings) => self.found.extend(findings),
        }
        if self.found.errors >= MAX_FINDINGS {
            self.found.stop(number);
            return false;
        }
        true
    }

    fn head(&mut self, cells: &[String]) -> bool {
        match Header::read(cells) {
            Ok((header, findings)) => {
                self.found.extend(findings);
                self.reading = Some(Reading::new(header));
                true
            }
            Err(findings) => {
                self.found.extend(findings);
                false
            }
        }
    }

    /// What the table holds.
    pub fn finish(mut self) -> Import {
        if self.reading.is_none() && self.found.listed.is_empty() {
            self.head(&[]);
        }
        let disputed = self.disputed;
        self.kept.retain(|(row, _)| !disputed.contains(row));
        Import { contracts: self.kept, findings: self.found.finish(), rows_read: self.reading.map_or(0, |reading| reading.rows_read) }
    }
}

/// A table that is read row after row, however long: of a row only what tells it from another is kept.
#[derive(Debug)]
pub struct Reading {
    header: Header,
    firsts: HashMap<[u64; 2], First>,
    /// Rows so far that were not blank.
    pub rows_read: usize,
}

/// The first row of a key.
#[derive(Debug)]
struct First {
    row: usize,
    /// A digest of the whole row, and one of each cell, so that the columns can be named in which a second row differs.
    whole: u64,
    cells: [u32; 27],
    /// Another row of the key says something else.
    disputed: bool,
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing stands in it.
    Blank,
    /// It reads well; the findings are warnings.
    Taken(Box<Contract>, Vec<Finding>),
    /// An equal row was taken before; the warning says which.
    Again(Finding),
    /// A row of the same key says something else, so that neither is taken.
    Disputed {
        /// The row that was taken before and is no longer.
        first: usize,
        /// An error at this row and, once, at the first.
        findings: Vec<Finding>,
    },
    /// It cannot be read.
    Refused(Vec<Finding>),
}

impl Reading {
    /// Begins below the header.
    pub fn new(header: Header) -> Reading {
        Reading { header, firsts: HashMap::new(), rows_read: 0 }
    }

    /// Reads the next row; `number` is the one that a spreadsheet shows.
    pub fn row(&mut self, number: usize, cells: &[String]) -> Outcome {
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            return Outcome::Blank;
        }
        self.rows_read += 1;
        match read_row(&self.header, number, cells) {
            Ok((contract, warnings)) => self.keep(number, contract, warnings),
            Err(findings) => Outcome::Refused(findings),
        }
    }

    fn keep(&mut self, row: usize, contract: Contract, warnings: Vec<Finding>) -> Outcome {
        let cells = to_row(&contract);
        let (whole, digests) = (digest(&cells), std::array::from_fn(|at| short_digest(&cells[at])));
        let key = contract.key();
        let Some(first) = self.firsts.get_mut(&[digest(&key), digest(&(1, key))]) else {
            self.firsts.insert([digest(&key), digest(&(1, key))], First { row, whole, cells: digests, disputed: false });
            return Outcome::Taken(Box::new(contract), warnings);
        };
        let column = Column::ContractNo.name();
        let finding = |row: usize, severity: Severity, message: String| Finding { row, column: column.to_owned(), severity, message };
        if first.whole == whole && first.cells == digests {
            let message = format!("与第 {} 行重复（采购人、合同编号、标项和内容都相同），只读入一次。", first.row);
            return Outcome::Again(finding(row, Severity::Warning, message));
        }
        let differing: Vec<&str> = HEADER
            .into_iter()
            .zip(first.cells.iter().zip(&digests))
            .filter(|(_, (one, other))| one != other)
            .map(|(name, _)| name)
            .collect();
        let differing = differing.join("、");
        let message = |other: usize| {
            format!("与第 {other} 行的采购人、合同编号、标项相同，但{differing}不同，无法判断以哪一行为准；请只保留一行，或用标项区分。")
        };
        let mut findings = Vec::new();
        if !first.disputed {
            findings.push(finding(first.row, Severity::Error, message(row)));
        }
        findings.push(finding(row, Severity::Error, message(first.row)));
        first.disputed = true;
        Outcome::Disputed { first: first.row, findings }
    }
}

fn digest(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[expect(clippy::cast_possible_truncation, reason = "half of a digest is a digest")]
fn short_digest(value: &impl Hash) -> u32 {
    digest(value) as u32
}

/// Findings within bounds, however long the table.
#[derive(Debug, Default)]
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
