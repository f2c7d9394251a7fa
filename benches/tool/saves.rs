//! Writers that save lines through the server as the page does it: keep-alive, one save under way each, no line twice at a time.

use crate::Outcome;
use crate::http::Connection;
use crate::seed::{Plan, PlannedRecord};
use setaside::domain::ids::LineId;
use setaside::domain::organisation::{Actor, Roles};
use setaside::domain::record::totals;
use setaside::features::records::commands as records;
use setaside::server::request::{Deed, Services};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

/// Saves before the clock starts, for each writer.
const WARM_UP: usize = 10;

/// Lets `writers` save for `seconds`, each on a record of its own or all on one, and prints what was acknowledged.
pub fn run(plan: Plan, hosts: Vec<String>, writers: usize, seconds: u64, one_record: bool) -> Outcome<()> {
    if writers == 0 || writers >= plan.records.len() {
        return Err(format!("from 1 to {} writers", plan.records.len() - 1).into());
    }
    let stop = Arc::new(AtomicBool::new(false));
    let start = Arc::new(Barrier::new(writers + 1));
    let threads: Vec<_> = (0..writers)
        .map(|number| {
            let (stop, start) = (Arc::clone(&stop), Arc::clone(&start));
            let host = hosts[number % hosts.len()].clone();
            let mine = if one_record {
                let whole = &plan.records[0];
                PlannedRecord { lines: whole.lines.iter().skip(number).step_by(writers).cloned().collect(), ..whole.clone() }
            } else {
                plan.records[number].clone()
            };
            std::thread::spawn(move || write(&mine, &host, &start, &stop))
        })
        .collect();
    start.wait();
    let begun = Instant::now();
    std::thread::sleep(Duration::from_secs(seconds));
    stop.store(true, Ordering::Relaxed);
    let mut times = Vec::new();
    for thread in threads {
        times.extend(thread.join().map_err(|_| "a writer broke off")??);
    }
    let took = begun.elapsed().as_secs_f64();
    times.sort_unstable();
    let quantile = |per_mille: usize| times.get(times.len() * per_mille / 1000).map_or(0.0, |time| time.as_secs_f64() * 1000.0);
    let count = u32::try_from(times.len())?;
    println!(
        "{}",
        serde_json::json!({ "saves": count, "seconds": took, "rate": f64::from(count) / took, "p50": quantile(500), "p99": quantile(990) })
    );
    Ok(())
}

/// Saves until the order to stop; gives how long each took. Anything but an acknowledgement ends the measurement.
fn write(mine: &PlannedRecord, host: &str, start: &Barrier, stop: &AtomicBool) -> Outcome<Vec<Duration>> {
    let mut prepared = Connection::open(host, "/api/record", &mine.token)
        .and_then(|mut connection| versions(&mut connection, mine))
        .and_then(|versions| {
            let mut connection = Connection::open(host, "/api/save_line", &mine.token)?;
            let mut versions: Vec<(LineId, i64)> =
                mine.lines.iter().map(|id| (id.clone(), versions.get(id).copied().unwrap_or_default())).collect();
            for turn in 0..WARM_UP {
                let at = turn % versions.len();
                save(&mut connection, mine, &mut versions[at], turn)?;
            }
            Ok((connection, versions))
        });
    // Those who failed come to the start as well: the others wait for them there.
    start.wait();
    let (connection, versions) = match &mut prepared {
        Ok(prepared) => (&mut prepared.0, &mut prepared.1),
        Err(error) => return Err(error.to_string().into()),
    };
    let mut times = Vec::new();
    let mut turn = WARM_UP;
    while !stop.load(Ordering::Relaxed) {
        let at = turn % versions.len();
        let begun = Instant::now();
        save(connection, mine, &mut versions[at], turn)?;
        times.push(begun.elapsed());
        turn += 1;
    }
    Ok(times)
}

fn save(connection: &mut Connection, mine: &PlannedRecord, line: &mut (LineId, i64), turn: usize) -> Outcome<()> {
    // Another amount each time, so that sums and 操作日志 change as well.
    let amount = format!("{}.{:02}", turn / 1_000 % 3 + 1, turn / 7 % 100);
    let cells = [("sme", amount.as_str()), ("small_micro", "0.5"), ("reason", "按合同约定的份额填写")];
    let input = serde_json::json!({ "input": { "record": mine.record, "line": line.0, "version": line.1, "cells": cells } });
    let (status, answer) = connection.post(&input.to_string())?;
    if status != 200 {
        return Err(format!("a save was answered {status}: {answer}").into());
    }
    let saved: serde_json::Value = serde_json::from_str(&answer)?;
    line.1 = saved["version"].as_i64().ok_or("a save without its version")?;
    Ok(())
}

fn versions(connection: &mut Connection, mine: &PlannedRecord) -> Outcome<HashMap<LineId, i64>> {
    let (status, answer) = connection.post(&serde_json::json!({ "input": { "record": mine.record } }).to_string())?;
    if status != 200 {
        return Err(format!("the record was answered {status}: {answer}").into());
    }
    let view: serde_json::Value = serde_json::from_str(&answer)?;
    let lines = view["lines"].as_array().ok_or("a record without lines")?;
    Ok(lines.iter().filter_map(|line| Some((LineId::parse(line["id"].as_str()?).ok()?, line["version"].as_i64()?))).collect())
}

/// Prints of how many records the stored sums are those of their lines.
pub async fn check(plan: &Plan, services: &Services) -> Outcome<()> {
    let mut wrong = Vec::new();
    for planned in &plan.records {
        let roles = Roles { clerk: true, ..Roles::default() };
        let by = Actor {
            user: planned.user.clone(),
            name: String::new(),
            unit: planned.unit.clone(),
            unit_name: String::new(),
            in_supervisor: false,
            roles,
        };
        let view = records::view(services, &Deed { by, at: services.clock.now() }, &planned.record).await?;
        let sums = totals(&view.lines, &view.rules);
        if (sums.sme, sums.small_micro) != (view.record.sme, view.record.small_micro) {
            wrong.push(format!(
                "{}: stored {} and {}, lines {} and {}",
                planned.record,
                view.record.sme.fen(),
                view.record.small_micro.fen(),
                sums.sme.fen(),
                sums.small_micro.fen()
            ));
        }
    }
    println!("{}", serde_json::json!({ "records": plan.records.len(), "wrong": wrong }));
    services.db.close().await;
    Ok(())
}
