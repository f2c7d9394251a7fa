//! Reading the rows of a file beside the requests: a thread reads, a task compares and stages, a few hundred rows at a time.

use super::super::api::{CellChange, Counts, Import, ImportState, Kind};
use super::super::store::{self, ImportRow, NewRow};
use super::{assigned, intake_of};
use crate::domain::calendar::Moment;
use crate::domain::contract::Contract;
use crate::domain::contract::intake::{Effect, Intake, NotTaken};
use crate::domain::ids::{ContractId, ImportId, UnitId};
use crate::domain::sheet::{self, Finding, Header, Outcome, Reading, Severity};
use crate::error::AppError;
use crate::features::contracts::store::{self as contracts, Existing};
use crate::server::db::Engine;
use crate::server::fault::fault;
use crate::server::request::{Deed, Services};
use crate::server::workbook::{Flow, TableError, TableFile};
use std::collections::HashMap;
use std::time::Duration;
use tokio::sync::mpsc;

/// Rows that are compared and staged together.
const TOGETHER: usize = 500;
/// Portions that may wait for the database before the reading thread is held back.
const AHEAD: usize = 2;
/// Errors and warnings that are listed; after as many errors the columns are probably wrong, and reading stops.
const LISTED: u64 = 20_000;
/// Seconds without a sign of life after which a reading of another server is taken for dead.
const SILENT: i64 = 60;
/// Said where the disk was full.
pub(super) const FULL: &str = "存储空间不足，文件没有读完，已从服务器删除；请联系系统管理员，空间恢复后取消这次导入，再重新选择文件";
/// How long the noting of a failure waits before it is tried again, and then once more.
const SOON: Duration = Duration::from_millis(200);
const LATER: Duration = Duration::from_secs(3);
/// How long a request waits for a reading that may be a short one.
const SHORT: Duration = Duration::from_millis(400);

/// Rows on their way from the thread to the task.
struct Portion {
    rows: Vec<(usize, Outcome)>,
    rows_read: usize,
    progress: u16,
}

/// Stages nothing of what was staged before, and reads anew in the background; small files are read when it returns.
pub(super) async fn begin(
    services: &Services,
    deed: &Deed,
    row: ImportRow,
    columns: Vec<String>,
    problem: &'static str,
) -> Result<(), AppError> {
    let intake = intake_of(&mut *services.db.read().await?, deed).await?;
    let chosen = assigned(&columns)?;
    let (header, warnings) = Header::assigned(&row.import.head.cells, row.import.head.row, &chosen)
        .map_err(|findings| AppError::invalid(findings.into_iter().map(|finding| finding.message).collect::<Vec<_>>().join("\n")))?;
    let (id, sheet, head_row) = (row.import.id.clone(), row.import.sheet, row.import.head.row);
    let run = row.run + 1;
    let (state, at) = (row.import.state, deed.at);
    // From before its state says that it is read, so that no look at the page takes it for dead in between.
    let working = services.uploads.work_on(id.as_str());
    let is_begun = services.db.write(move |db| Box::pin(async move { store::begin(db, &row, &columns, problem, at).await })).await?;
    if !is_begun {
        return Err(super::moved_on(state));
    }
    let job = Job { services: services.clone(), id, run, sheet, head_row, intake };
    let running = tokio::spawn(async move {
        job.run(header, warnings).await;
        drop(working);
    });
    // Whoever waits longer sees how far it is.
    let _ = tokio::time::timeout(SHORT, running).await;
    Ok(())
}

/// Whether nobody reads any more what is said to be read: the server that did has died.
pub(super) fn is_dead(services: &Services, import: &Import, now: Moment) -> bool {
    if import.state != ImportState::Reading || services.uploads.is_worked_on(import.id.as_str()) {
        return false;
    }
    // An embedded database has one server, this one. Of several any other may be the one that reads.
    services.db.engine() == Engine::Sqlite || import.touched_at.plus_seconds(SILENT) < now
}

struct Job {
    services: Services,
    id: ImportId,
    run: i64,
    sheet: usize,
    head_row: usize,
    intake: Intake,
}

/// What has been staged so far.
#[derive(Default)]
struct Staged {
    counts: Counts,
    /// Findings have places, so that those of a row keep their order.
    place: i64,
    findings: Vec<(i64, Finding)>,
    listed_warnings: u64,
}

impl Staged {
    fn find(&mut self, findings: Vec<Finding>) {
        for finding in findings {
            match finding.severity {
                Severity::Error => self.counts.errors += 1,
                Severity::Warning => {
                    self.counts.warnings += 1;
                    if self.listed_warnings == LISTED {
                        continue;
                    }
                    self.listed_warnings += 1;
                }
            }
            self.place += 1;
            self.findings.push((self.place, finding));
        }
    }
}

impl Job {
    async fn run(self, header: Header, warnings: Vec<Finding>) {
        let Err(error) = self.read(header, warnings).await else { return };
        if error == AppError::StorageFull {
            // The file is what can be given back at once, so that there is room to say so.
            self.services.uploads.remove(self.id.as_str()).await;
            self.note(FULL).await;
        } else {
            self.note(&error.to_string()).await;
        }
    }

    /// Notes why it went no further, once more where the database has no room or no time for it.
    async fn note(&self, problem: &str) {
        for pause in [Some(SOON), Some(LATER), None] {
            let (id, run, at, problem) = (self.id.clone(), self.run, self.services.clock.now(), problem.to_owned());
            // Removing what is staged takes room as well; where there is none it stays until the import is cancelled or swept.
            let clears = pause == Some(SOON);
            let written = self.services.db.write(move |db| Box::pin(async move { store::fail(db, &id, run, &problem, at, clears).await }));
            match (written.await, pause) {
                (Ok(()), _) => return,
                (Err(AppError::StorageFull | AppError::Busy), Some(pause)) => tokio::time::sleep(pause).await,
                (Err(error), _) => {
                    tracing::warn!(cause = %error, id = self.id.as_str(), "the failure of an import could not be noted");
                    return;
                }
            }
        }
    }

    /// Reads to the end; the error says why it went no further.
    async fn read(&self, header: Header, warnings: Vec<Finding>) -> Result<(), AppError> {
        let turn = self.services.uploads.turn_at_last().await?;
        if !self.is_current().await? {
            return Ok(());
        }
        let file = self.services.uploads.read(self.id.as_str()).map_err(|error| super::gone(&error))?;
        let (give, mut take) = mpsc::channel(AHEAD);
        let (sheet, head_row) = (self.sheet, self.head_row);
        // Dropped with this reading, the thread ends at the next piece of the file, wherever it is.
        let thread = turn.look(file, move |file| {
            let mut table = TableFile::open(file)?;
            let mut reading = Reading::new(header);
            let mut rows = Vec::with_capacity(TOGETHER);
            let mut last = 0;
            table.rows(sheet, &mut |row| {
                if row.number <= head_row {
                    return Flow::Continue(());
                }
                rows.push((row.number, reading.row(row.number, row.cells)));
                last = row.progress;
                if rows.len() < TOGETHER {
                    return Flow::Continue(());
                }
                let rows = std::mem::replace(&mut rows, Vec::with_capacity(TOGETHER));
                // Nobody listens any more when the import was cancelled.
                let portion = Portion { rows, rows_read: reading.rows_read, progress: row.progress };
                if give.blocking_send(portion).is_ok() { Flow::Continue(()) } else { Flow::Break(()) }
            })?;
            let _ = give.blocking_send(Portion { rows, rows_read: reading.rows_read, progress: last });
            Ok::<_, TableError>(())
        });
        let mut staged = Staged::default();
        staged.find(warnings);
        while let Some(portion) = take.recv().await {
            match self.stage(portion, &mut staged).await {
                Ok(true) if !staged.counts.is_cut => {}
                Ok(true) => break,
                // Overtaken or cancelled.
                Ok(false) => return Ok(()),
                Err(error) => return Err(error),
            }
        }
        drop(take);
        thread.ended().await.map_err(|error| fault(&error))?.map_err(|error| match error {
            TableError::Io => fault(&error),
            error => AppError::invalid(error),
        })?;
        let (id, run, counts, at) = (self.id.clone(), self.run, staged.counts, self.services.clock.now());
        self.services.db.write(move |db| Box::pin(async move { store::finish(db, &id, run, &counts, at).await })).await
    }

    /// A sign of life; `false` when this reading has been overtaken while it waited.
    async fn is_current(&self) -> Result<bool, AppError> {
        let (id, run, at) = (self.id.clone(), self.run, self.services.clock.now());
        self.services.db.write(move |db| Box::pin(async move { store::progress(db, &id, run, 0, 0, at).await })).await
    }

    /// Compares and stages a portion; `false` when this reading has been overtaken.
    async fn stage(&self, portion: Portion, staged: &mut Staged) -> Result<bool, AppError> {
        let mut taken: Vec<(usize, UnitId, Contract)> = Vec::with_capacity(portion.rows.len());
        let mut removed = Vec::new();
        for (number, outcome) in portion.rows {
            match outcome {
                Outcome::Blank => {}
                Outcome::Taken(contract, warnings) => match self.intake.unit_of(&contract) {
                    Ok(unit) => {
                        taken.push((number, unit.clone(), *contract));
                        staged.find(warnings);
                    }
                    Err(refused) => {
                        staged.find(warnings);
                        staged.find(vec![error_of(number, &refused)]);
                    }
                },
                Outcome::Again(warning) => {
                    staged.counts.repeated += 1;
                    staged.find(vec![warning]);
                }
                Outcome::Disputed { first, findings } => {
                    taken.retain(|(row, ..)| *row != first);
                    removed.push(i64::try_from(first).unwrap_or(i64::MAX));
                    staged.find(findings);
                }
                Outcome::Refused(findings) => staged.find(findings),
            }
            if staged.counts.errors >= LISTED {
                staged.counts.is_cut = true;
                let message = format!("错误已达 {LISTED} 处，第 {number} 行以后没有读；请检查列是否对齐，改正后重新选择文件。");
                staged.find(vec![Finding { row: number, column: String::new(), severity: Severity::Error, message }]);
                break;
            }
        }
        let rows = self.compare(taken, staged).await?;
        staged.counts.rows = u64::try_from(portion.rows_read).unwrap_or(u64::MAX);
        let findings = std::mem::take(&mut staged.findings);
        let (id, run, at) = (self.id.clone(), self.run, self.services.clock.now());
        let (progress, rows_read) = (i64::from(portion.progress), i64::try_from(portion.rows_read).unwrap_or(i64::MAX));
        self.services
            .db
            .write(move |db| {
                Box::pin(async move {
                    // The guard comes first, so that a reading that was overtaken stages nothing beside the new one.
                    if !store::progress(db, &id, run, progress, rows_read, at).await? {
                        return Ok(false);
                    }
                    for row in removed {
                        store::remove_row(db, &id, row).await?;
                    }
                    store::insert_rows(db, &id, &rows).await?;
                    store::insert_findings(db, &id, &findings).await?;
                    Ok(true)
                })
            })
            .await
    }

    /// What taking these rows would change.
    async fn compare(&self, taken: Vec<(usize, UnitId, Contract)>, staged: &mut Staged) -> Result<Vec<NewRow>, AppError> {
        let mut numbers: HashMap<&UnitId, Vec<&str>> = HashMap::new();
        for (_, unit, contract) in &taken {
            numbers.entry(unit).or_default().push(&contract.contract_no);
        }
        let mut known: HashMap<UnitId, HashMap<(String, String), Existing>> = HashMap::new();
        let db = &mut *self.services.db.read().await?;
        for (unit, numbers) in numbers {
            known.insert(unit.clone(), contracts::existing(db, unit, &numbers).await?);
        }
        let mut rows = Vec::with_capacity(taken.len());
        for (number, unit, contract) in taken {
            let row = i64::try_from(number).unwrap_or(i64::MAX);
            let key = (contract.contract_no.clone(), contract.lot.clone());
            let existing = known.get(&unit).and_then(|rows| rows.get(&key));
            let kind = match self.intake.effect(existing.map(|existing| &existing.contract), &contract) {
                Ok(Effect::Adds) => Kind::Added,
                Ok(Effect::Updates) => Kind::Updated,
                Ok(Effect::Nothing) => Kind::Unchanged,
                Err(refused) => {
                    staged.find(vec![error_of(number, &refused)]);
                    continue;
                }
            };
            let changes = existing.map(|existing| changes(&existing.contract, &contract)).unwrap_or_default();
            let existing: Option<(ContractId, i64)> = existing.map(|existing| (existing.id.clone(), existing.version));
            rows.push(NewRow { row, unit, contract, kind, existing, changes });
        }
        Ok(rows)
    }
}

fn error_of(row: usize, refused: &NotTaken) -> Finding {
    Finding { row, column: refused.column().name().to_owned(), severity: Severity::Error, message: refused.to_string() }
}

fn changes(before: &Contract, after: &Contract) -> Vec<CellChange> {
    let pairs = sheet::differences(before, after).into_iter();
    pairs.map(|(column, before, after)| CellChange { column: column.name().to_owned(), before, after }).collect()
}
