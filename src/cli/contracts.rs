//! `import contracts` and `explain`.

use super::{Place, count_line, exit, finding_lines, print, refused_rows};
use setaside::domain::contract::YearBasis;
use setaside::domain::money::Money;
use setaside::domain::sheet;
use setaside::error::AppError;
use setaside::features::contracts::commands::{self, Change, Explanation, ImportRefused};
use setaside::server::clock::Clock;
use setaside::server::config::Given;
use setaside::server::workbook::{Flow, TableFile};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Changed cells that are listed.
const LISTED_CHANGES: usize = 200;

/// What is imported.
#[derive(clap::Subcommand)]
pub enum ImportCommand {
    /// Import contracts from a CSV (UTF-8 or GB18030) or XLSX file (its first sheet), all rows or none; a row that is there already is updated
    Contracts {
        /// The file; its first row holds the column names (合同编号, 项目名称, 采购人, … or `contract_no`, `project_name`, …)
        file: PathBuf,
        #[command(flatten)]
        place: Place,
    },
}

impl ImportCommand {
    /// Does it.
    pub async fn run(self, config: Given, clock: Clock) -> Result<ExitCode, String> {
        let ImportCommand::Contracts { file, place } = self;
        let import = read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        let services = place.open(config, clock).await?;
        let mut findings = import.findings.clone();
        findings.extend(commands::unknown_buyers(&services, &import.contracts).await.map_err(|error| error.to_string())?);
        findings.sort_by_key(|finding| finding.row);
        let refused = refused_rows(&findings);
        print(&finding_lines(&findings));
        if refused > 0 {
            print(&count_line([0, 0, 0, refused]));
            return Ok(exit(refused));
        }
        let at = services.clock.now();
        match commands::import(&services, import.contracts, at).await {
            Ok(counts) => {
                print(&change_lines(&counts.changes));
                print(&count_line([counts.added, counts.updated, counts.unchanged, 0]));
                Ok(ExitCode::SUCCESS)
            }
            // A unit was renamed in between.
            Err(ImportRefused::UnknownBuyers(findings)) => {
                print(&finding_lines(&findings));
                print(&count_line([0, 0, 0, findings.len()]));
                Ok(ExitCode::FAILURE)
            }
            Err(ImportRefused::Failed(error)) => Err(error.to_string()),
        }
    }
}

/// Reads the file row after row, so that only its contracts are kept.
fn read(file: &Path) -> Result<sheet::Import, Box<dyn std::error::Error>> {
    let mut table = sheet::Table::default();
    TableFile::open(File::open(file)?)?
        .rows(0, &mut |row| if table.row(row.number, row.cells) { Flow::Continue(()) } else { Flow::Break(()) })?;
    Ok(table.finish())
}

fn change_lines(changes: &[Change]) -> String {
    let shown = |text: &str| if text.is_empty() { "（空）".to_owned() } else { text.to_owned() };
    let line =
        |change: &Change| format!("第 {} 行「{}」 更新：{} → {}\n", change.row, change.column, shown(&change.before), shown(&change.after));
    let mut lines: String = changes.iter().take(LISTED_CHANGES).map(line).collect();
    if changes.len() > LISTED_CHANGES {
        lines.extend(["…… 共更新 ", &changes.len().to_string(), " 处，只列出前 ", &LISTED_CHANGES.to_string(), " 处\n"]);
    }
    lines
}

/// Which year of which unit.
#[derive(clap::Args)]
pub struct ExplainArgs {
    /// Name of the unit (采购人)
    #[arg(long, value_name = "NAME")]
    unit: String,
    /// The year
    #[arg(long, value_name = "YYYY", value_parser = clap::value_parser!(i32).range(1900..=2999))]
    year: i32,
    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,
    /// Which date places project contracts in a year, instead of the setting of the unit's 主管预算单位
    #[arg(long, value_parser = ["signed", "published"])]
    basis: Option<String>,
    #[command(flatten)]
    place: Place,
}

impl ExplainArgs {
    /// Does it.
    pub async fn run(self, config: Given, clock: Clock) -> Result<ExitCode, String> {
        let services = self.place.open(config, clock).await?;
        let basis = self.basis.as_deref().and_then(YearBasis::from_code);
        let explanation = commands::explain(&services, &self.unit, self.year, basis).await.map_err(|error: AppError| error.to_string())?;
        if self.json {
            let json = serde_json::to_string_pretty(&explanation).map_err(|error| error.to_string())?;
            print(&format!("{json}\n"));
        } else {
            print(&table(&explanation));
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn table(explanation: &Explanation) -> String {
    let summary = &explanation.summary;
    let left_out: Vec<String> = summary.left_out.iter().map(|(code, count)| format!("{code} {count}")).collect();
    let mut text = format!(
        "{} {} 年\n计入 {} 项，面向中小企业 {} 万元，面向小微企业 {} 万元，占比 {}\n待补充 {} 项，有矛盾 {} 项，不计入 {} 项{}\n\n合同编号\t标项\t结论\t规则\t中小（万元）\t小微（万元）\t依据\n",
        explanation.unit,
        explanation.year,
        summary.lines,
        summary.sme_wan,
        summary.small_micro_wan,
        if summary.sme_fen == 0 { summary.ratio.clone() } else { format!("{}%", summary.ratio) },
        summary.needs_input,
        summary.errors,
        summary.left_out.values().sum::<usize>(),
        if left_out.is_empty() { String::new() } else { format!("（{}）", left_out.join("，")) },
    );
    let wan = |fen: Option<i64>| fen.map_or_else(|| "-".to_owned(), |fen| Money::from_fen(fen).wan());
    for contract in &explanation.contracts {
        let facts: Vec<String> = contract.facts.iter().map(|fact| format!("{}：{}", fact.label, fact.value)).collect();
        let verdict = match contract.verdict {
            "counted" => "计入",
            "left_out" => "不计入",
            "needs_input" => "待补充",
            _ => "有矛盾",
        };
        let cells = [
            contract.contract_no.as_str(),
            &contract.lot,
            verdict,
            contract.code.unwrap_or("-"),
            &wan(contract.sme_fen),
            &wan(contract.small_micro_fen),
            &facts.join("；"),
        ];
        text.push_str(&cells.join("\t"));
        text.push('\n');
    }
    text
}
