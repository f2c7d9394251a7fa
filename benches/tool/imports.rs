//! Tables to import, and what the bare database takes: the yardstick of an import.

use crate::Outcome;
use rust_xlsxwriter::Workbook;
use serde_json::json;
use setaside::domain::contract::Contract;
use setaside::domain::sheet::{Column, HEADER, read_table, to_row};
use setaside::features::contracts::decode::csv_rows;
use setaside::server::ids::new_id;
use setaside::server::request::Services;
use setaside::server::workbook::{Flow, TableFile};
use sqlx::AssertSqlSafe;
use std::fs::File;
use std::path::Path;
use std::time::Instant;

/// Rows of one INSERT, as many as the product takes.
const CHUNK: usize = 100;
/// Columns of `contracts`.
const COLUMNS: usize = 21;

/// So many contracts of `buyer`, each with its number, made out of the sample.
fn contracts(buyer: &str, count: usize) -> Outcome<Vec<Contract>> {
    let sample = read_table(csv_rows(include_bytes!("../../data/contracts-sample.csv"))?.into_iter()).contracts;
    Ok(sample
        .into_iter()
        .cycle()
        .take(count)
        .enumerate()
        .map(|(at, (_, contract))| Contract { contract_no: format!("BENCH-{at:06}"), buyer_name: buyer.to_owned(), ..contract })
        .collect())
}

/// Writes `COUNT.csv` and `COUNT.xlsx` into a folder.
pub fn write(folder: &str, buyer: &str, count: usize) -> Outcome<()> {
    let contracts = contracts(buyer, count)?;
    let mut csv = csv::Writer::from_path(Path::new(folder).join(format!("{count}.csv")))?;
    csv.write_record(HEADER)?;
    let mut book = Workbook::new();
    let sheet = book.add_worksheet_with_constant_memory()?;
    for (at, name) in (0_u16..).zip(HEADER) {
        sheet.write_string(0, at, name)?;
    }
    for (row, contract) in (1_u32..).zip(&contracts) {
        let cells = to_row(contract);
        csv.write_record(&cells)?;
        for ((at, column), cell) in (0_u16..).zip(Column::ALL).zip(&cells) {
            match cell.parse::<f64>() {
                Ok(number) if column.is_money() => sheet.write_number(row, at, number)?,
                _ if cell.is_empty() => continue,
                _ => sheet.write_string(row, at, cell)?,
            };
        }
    }
    csv.flush()?;
    book.save(Path::new(folder).join(format!("{count}.xlsx")))?;
    println!("{}", json!({ "rows": contracts.len() }));
    Ok(())
}

/// Reads a table and does nothing with it: the time, and the most memory that this took.
pub fn read(path: &str) -> Outcome<()> {
    let before = most_memory();
    let begun = Instant::now();
    let (mut rows, mut cells) = (0_usize, 0_usize);
    TableFile::open(File::open(path)?)?.rows(0, &mut |row| {
        rows += 1;
        cells += row.cells.len();
        Flow::Continue(())
    })?;
    let seconds = begun.elapsed().as_secs_f64();
    println!("{}", json!({ "rows": rows, "cells": cells, "seconds": seconds, "memory_kb": most_memory().saturating_sub(before) }));
    Ok(())
}

/// The most memory that this process has had, in KB.
fn most_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").trim().parse().unwrap_or_default()
}

/// Inserts so many rows of the same size into the same table in one transaction, with everything computed before: rows a second.
pub async fn insert(services: &Services, count: usize) -> Outcome<()> {
    let now = services.clock.now();
    let unit: String =
        sqlx::query_scalar("SELECT id FROM units ORDER BY name DESC LIMIT 1").fetch_one(&mut *services.db.read().await?).await?;
    let mut rows = Vec::with_capacity(count);
    for contract in contracts("基准", count)? {
        let id: setaside::domain::ids::ContractId = new_id(now)?;
        rows.push((
            id.to_string(),
            contract.contract_no.clone(),
            serde_json::to_string(&contract)?,
            contract.words(),
            contract.url.unwrap_or_default(),
        ));
    }
    let begun = Instant::now();
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                for chunk in rows.chunks(CHUNK) {
                    let text = format!("INSERT INTO contracts VALUES {}", setaside::server::db::places(chunk.len(), COLUMNS));
                    let mut query = sqlx::query(AssertSqlSafe(text));
                    for (id, number, body, words, link) in chunk {
                        query = query.bind(id).bind(&unit).bind(number).bind("").bind(body).bind("2025-06-01T00:00:00.000Z").bind(1_i64);
                        query = query.bind("2025-06-01").bind("project").bind("package").bind(100_i64).bind(words).bind(link);
                        for _ in 0..2 {
                            query = query.bind(2025_i64).bind("counted").bind(100_i64).bind(100_i64);
                        }
                    }
                    query.execute(&mut *db).await?;
                }
                Ok(())
            })
        })
        .await?;
    println!("{}", json!({ "rows": count, "seconds": begun.elapsed().as_secs_f64() }));
    services.db.close().await;
    Ok(())
}
