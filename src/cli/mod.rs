//! What an office does from the command line to start without demo data: units, people, contracts, and the explanation of a year.

mod contracts;
mod organisation;

pub use contracts::{ExplainArgs, ImportCommand};
pub use organisation::{UnitCommand, UserCommand};

use setaside::domain::sheet::{Finding, Severity};
use setaside::features::contracts::decode::all_rows;
use setaside::server::clock::Clock;
use setaside::server::config::Given;
use setaside::server::request::Services;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Where the data is; the same keys as those of `serve`.
#[derive(Clone, Debug, clap::Args)]
pub struct Place {
    /// Directory of the embedded database and the attachments [default: setaside-data]
    #[arg(long, env = "SETASIDE_DATA")]
    data: Option<PathBuf>,
    /// `PostgreSQL` address (`postgres://user@host/name`) instead of the embedded database
    #[arg(long, env = "SETASIDE_DATABASE_URL", hide_env_values = true)]
    database_url: Option<String>,
}

impl Place {
    /// Opens the data that the options, the environment and the configuration file name.
    async fn open(self, file: Given, clock: Clock) -> Result<Services, String> {
        let given = Given { data: self.data, database_url: self.database_url, ..Given::default() };
        let settings = given.over(file).check(false).map_err(|error| error.to_string())?;
        setaside::startup::open(settings, clock).await
    }
}

/// The rows of a CSV or XLSX file, or what is wrong with it.
fn read_rows(path: &Path) -> Result<Vec<Vec<String>>, String> {
    let refuse = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let file = std::fs::File::open(path).map_err(|error| refuse(&error))?;
    all_rows(file).map_err(|error| refuse(&error))
}

/// One line a finding: row, column, reason.
fn finding_lines(findings: &[Finding]) -> String {
    let line = |finding: &Finding| {
        let column = if finding.column.is_empty() { String::new() } else { format!("「{}」", finding.column) };
        format!("第 {} 行{column} {}：{}\n", finding.row, finding.severity.label(), finding.message)
    };
    findings.iter().map(line).collect()
}

/// Rows that hold an error.
fn refused_rows(findings: &[Finding]) -> usize {
    let mut rows: Vec<usize> = findings.iter().filter(|finding| finding.severity == Severity::Error).map(|finding| finding.row).collect();
    rows.dedup();
    rows.len()
}

/// The counts that close an import.
fn count_line([added, updated, unchanged, refused]: [usize; 4]) -> String {
    let end = if refused > 0 { "，没有写入任何数据" } else { "" };
    format!("新增 added: {added}，更新 updated: {updated}，未变 unchanged: {unchanged}，拒绝 refused: {refused}{end}\n")
}

/// Prints an answer; a reader that has gone away (`| head`) is no failure.
fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    if let Err(error) = out.write_all(text.as_bytes()).and_then(|()| out.flush())
        && error.kind() != std::io::ErrorKind::BrokenPipe
    {
        tracing::error!(cause = %error, "the answer could not be printed");
    }
}

const fn exit(refused: usize) -> ExitCode {
    if refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
