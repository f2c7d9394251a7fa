//! What `make bench` needs beside the server: the yardstick, the seeds, the writers, the disk.
//!
//! `bench-tool hello LISTEN` answers "hello" (and `/bytes/N`) with the very listener of the product; `seed`, `saves`, `check`
//! and `disk` print one line of JSON each. It is an example of cargo's, so that no part of it gets into the product.

mod disk;
mod draft;
mod hello;
mod http;
mod imports;
mod ledger;
mod publish;
mod saves;
mod seed;

use setaside::server::clock::Clock;
use setaside::server::config::Given;
use setaside::server::request::Services;
use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const USAGE: &str = "\
bench-tool hello LISTEN
bench-tool seed DATA [DATABASE_URL]                              prints the plan for the others
bench-tool saves PLAN HOST[,HOST…] WRITERS SECONDS spread|one    saves of lines through the server
bench-tool check PLAN DATA [DATABASE_URL]                        stored sums beside those of the lines
bench-tool table FOLDER BUYER ROWS                               tables to import, CSV and XLSX
bench-tool read FILE                                             a table read and forgotten: time and memory
bench-tool insert DATA ROWS                                      rows a second into the bare table
bench-tool ledger DATA CONTRACTS many|one                        a ledger of many units, or of one alone
bench-tool aggregate DATA UNIT YEAR                              what the bare database says of a unit's year
bench-tool schedule DATA COUNT [DATABASE_URL]                    announcements that are due at the same second
bench-tool long DATA COUNT LINES                                 published announcements of so many lines
bench-tool watch DATA COUNT AT [DATABASE_URL]                    how late each becomes public, and whether once
bench-tool draft DATA LINES                                      an announcement that is being written
bench-tool disk FOLDER SECONDS                                   durable writes of the disk, one by one";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("bench-tool: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(&arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench-tool: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &[String]) -> Outcome<()> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["hello", listen] => hello::serve(listen).await,
        ["seed", data, ref url @ ..] => seed::run(&open(data, url.first().copied()).await?).await,
        ["saves", plan, hosts, writers, seconds, scope] => {
            let plan = seed::Plan::read(plan)?;
            let hosts = hosts.split(',').map(str::to_owned).collect();
            saves::run(plan, hosts, writers.parse()?, seconds.parse()?, scope == "one")
        }
        ["check", plan, data, ref url @ ..] => saves::check(&seed::Plan::read(plan)?, &open(data, url.first().copied()).await?).await,
        ["table", folder, buyer, rows] => imports::write(folder, buyer, rows.parse()?),
        ["read", file] => imports::read(file),
        ["insert", data, rows] => imports::insert(&open(data, None).await?, rows.parse()?).await,
        ["ledger", data, contracts, scope] => ledger::seed(&open(data, None).await?, contracts.parse()?, scope == "one").await,
        ["aggregate", data, unit, year] => ledger::aggregate(&open(data, None).await?, unit, year.parse()?).await,
        ["schedule", data, count, ref url @ ..] => publish::schedule(&open(data, url.first().copied()).await?, count.parse()?).await,
        ["long", data, count, lines] => publish::long(&open(data, None).await?, count.parse()?, lines.parse()?).await,
        ["watch", data, count, at, ref url @ ..] => {
            publish::watch(&open(data, url.first().copied()).await?, at.parse()?, count.parse()?).await
        }
        ["draft", data, lines] => draft::run(&open(data, None).await?, lines.parse()?).await,
        ["disk", folder, seconds] => disk::run(folder, seconds.parse()?).await,
        _ => Err(USAGE.into()),
    }
}

async fn open(data: &str, url: Option<&str>) -> Outcome<Services> {
    let given = Given { data: Some(PathBuf::from(data)), database_url: url.map(str::to_owned), ..Given::default() };
    Ok(setaside::startup::open(given.check(false)?, Clock::System).await?)
}
