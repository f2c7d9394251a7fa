//! How fast contracts are judged and tables read, beside the least that could be done with the same rows.
//!
//! `cargo bench --features ssr --bench counting`. The yardstick of judging is summing the amounts of the same contracts; that of
//! reading is copying the same cells.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use setaside::domain::contract::{Contract, Tally, YearBasis, judge, verdict};
use setaside::domain::sheet::read_table;
use std::hint::black_box;

const ROWS: usize = 10_000;

/// The sample's rows over and over, each with a contract number of its own.
fn rows() -> Vec<Vec<String>> {
    let mut lines = include_str!("../data/contracts-sample.csv").lines();
    let split = |line: &str| -> Vec<String> { line.split(',').map(str::to_owned).collect() };
    let header = lines.next().map(split).unwrap_or_default();
    let numbered = lines.cycle().take(ROWS).enumerate().map(|(at, line)| {
        let mut cells = split(line);
        cells[0] = format!("HT-{at}");
        cells
    });
    std::iter::once(header).chain(numbered).collect()
}

fn judging(criterion: &mut Criterion) {
    let contracts: Vec<Contract> = read_table(rows().into_iter()).contracts.into_iter().map(|(_, contract)| contract).collect();
    assert_eq!(contracts.len(), ROWS, "every row of the sample can be read");
    let mut group = criterion.benchmark_group("judge");
    group.throughput(Throughput::Elements(ROWS as u64));
    group.bench_function("yardstick: sum of the amounts", |bencher| {
        bencher.iter(|| black_box(&contracts).iter().map(|contract| contract.amount.fen()).sum::<i64>());
    });
    group.bench_function("verdict and tally", |bencher| {
        bencher.iter(|| {
            let mut tally = Tally::default();
            for contract in black_box(&contracts) {
                tally.add(&verdict(contract, YearBasis::Signed));
            }
            tally
        });
    });
    group.bench_function("judge: verdict with facts and warnings", |bencher| {
        bencher.iter(|| black_box(&contracts).iter().map(|contract| judge(contract, YearBasis::Signed).facts.len()).sum::<usize>());
    });
    group.finish();
}

fn reading(criterion: &mut Criterion) {
    let rows = rows();
    let mut group = criterion.benchmark_group("read_table");
    group.throughput(Throughput::Elements(ROWS as u64));
    group.bench_function("yardstick: copy the cells", |bencher| bencher.iter(|| black_box(&rows).clone()));
    group.bench_function("read", |bencher| {
        bencher.iter_batched(|| rows.clone(), |rows| read_table(rows.into_iter()), BatchSize::LargeInput);
    });
    group.finish();
}

criterion_group!(benches, judging, reading);
criterion_main!(benches);
