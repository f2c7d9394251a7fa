//! Published announcements in any number, of 1 to 1,000 lines: what a portal looks like after some years (`--demo-announcements`).
//!
//! Each is made by the commands of the office from contracts of its own: imported, generated, submitted, approved, collected,
//! written, submitted and published, in the name of the two people of its 主管预算单位.

use super::{DAY, Person, sample};
use crate::domain::announcement::status::PublishMode;
use crate::domain::approval::{Assignee, Decision};
use crate::domain::calendar::{Day, Moment, Year};
use crate::domain::contract::{Contract, Verdict, YearBasis, verdict};
use crate::domain::organisation::{District, Roles, Unit};
use crate::domain::sheet;
use crate::error::AppError;
use crate::features::announcements::commands::{create, edit, review, view};
use crate::features::announcements::seen::{Basics, Creation, Patch, Review, Seen, Submission, Unsaved};
use crate::features::contracts::{commands as contracts, decode};
use crate::features::organisations::commands::User;
use crate::features::records::api::{DecideInput, Generated, SubmitInput};
use crate::features::records::commands as records;
use crate::server::fault::fault;
use crate::server::ids::new_id;
use crate::server::request::Services;

/// The years that are announced, oldest first; a 主管 has one announcement of each.
const YEARS: [i32; 5] = [2021, 2022, 2023, 2024, 2025];
/// Lines of the longest.
pub const LONGEST: usize = 1_000;
/// The most that can be asked for.
pub const MOST: u16 = 10_000;

/// Lines of the announcement at a place: 1 for the first, [`LONGEST`] for the last; most are short, as in life.
fn lines_at(place: usize, of: usize) -> usize {
    // How far along, in thousandths: whole numbers, so that every machine makes the same.
    let along = if of < 2 { 0 } else { place * 1_000 / (of - 1) };
    let square = along * along / 1_000;
    1 + (LONGEST - 1) * square / 1_000 * square / 1_000
}

/// The place in the row of lengths that a number gets, so that short and long ones stand mixed in every year and unit.
fn place_of(number: usize, of: usize) -> usize {
    // A step without a common divisor visits every place once.
    let step = (of * 5 / 13..=of).find(|step| *step > 0 && divisor(*step, of) == 1).unwrap_or(1);
    number * step % of
}

const fn divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { divisor(b, a % b) }
}

/// A 主管预算单位 with the two people it takes.
pub struct Chief {
    unit: Unit,
    clerk: Person,
    reviewer: Person,
}

/// As many 主管 as `count` announcements need.
pub fn chiefs(count: u16, at: Moment) -> Result<Vec<Chief>, AppError> {
    let districts: Vec<District> = District::all().collect();
    (1..=usize::from(count).div_ceil(YEARS.len())).map(|number| chief(number, districts[number % districts.len()], at)).collect()
}

impl Chief {
    /// The unit.
    pub fn unit(&self) -> Unit {
        self.unit.clone()
    }

    /// The accounts of its people.
    pub fn accounts(&self, number: usize, password_hash: &str) -> [User; 2] {
        [
            self.clerk.account(format!("clerk{number:02}"), password_hash),
            self.reviewer.account(format!("reviewer{number:02}"), password_hash),
        ]
    }
}

fn chief(number: usize, district: District, at: Moment) -> Result<Chief, AppError> {
    let unit = Unit {
        id: new_id(at)?,
        name: format!("测试区主管预算单位{number:02}"),
        uscc: String::new(),
        parent: None,
        is_supervisor: true,
        district,
        year_basis: YearBasis::Signed,
        version: 1,
    };
    let clerk = Person::new(&unit, "经办", Roles { clerk: true, ..Roles::default() }, at)?;
    let reviewer = Person::new(&unit, "审核人", Roles { reviewer: true, ..Roles::default() }, at)?;
    Ok(Chief { unit, clerk, reviewer })
}

/// Makes `count` published announcements of these 主管, which are stored already.
pub async fn make(services: &Services, count: u16, chiefs: &[Chief], now: Moment) -> Result<(), AppError> {
    let kinds = kinds()?;
    let count = usize::from(count);
    for number in 0..count {
        let (of_chief, of_year) = (number % chiefs.len(), number / chiefs.len());
        let (chief, year) = (&chiefs[of_chief], YEARS[of_year]);
        let lines = lines_at(place_of(number, count), count);
        // A quarter of an hour behind the one before, the last a day ago.
        let start = now.plus_seconds(-DAY - 900 * i64::try_from(count - number).unwrap_or_default());
        announce(services, chief, year, contracts_of(&kinds, chief, year, lines)?, start).await?;
        if (number + 1) % 50 == 0 {
            tracing::info!(done = number + 1, of = count, "demo announcements");
        }
    }
    Ok(())
}

/// The contracts of the sample that count and need nothing.
fn kinds() -> Result<Vec<Contract>, AppError> {
    let rows = decode::csv_rows(sample().as_bytes()).map_err(|error| fault(&error))?;
    let table = sheet::read_table(rows.into_iter()).contracts;
    let whole = |contract: &Contract| {
        !contract.is_framework() && contract.url.is_some() && matches!(verdict(contract, YearBasis::Signed), Verdict::Counted(_))
    };
    let kinds: Vec<Contract> = table.into_iter().map(|(_, contract)| contract).filter(whole).collect();
    if kinds.is_empty() { Err(fault(&"the sample has no contract that counts")) } else { Ok(kinds) }
}

/// As many contracts of a 主管 in a year, each with a number of its own.
fn contracts_of(kinds: &[Contract], chief: &Chief, year: i32, lines: usize) -> Result<Vec<(usize, Contract)>, AppError> {
    let day = |month, day| Day::new(year, month, day).ok_or_else(|| fault(&"no day of the demo's year"));
    let (begun_on, signed_on, published_on) = (day(2, 1)?, day(6, 15)?, day(6, 20)?);
    let made = kinds.iter().cycle().take(lines).enumerate().map(|(at, kind)| {
        let contract = Contract {
            contract_no: format!("{}-{year}-{:06}", chief.unit.name, at + 1),
            buyer_name: chief.unit.name.clone(),
            buyer_uscc: String::new(),
            project_created_on: Some(begun_on),
            signed_on,
            published_on: Some(published_on),
            url: Some(format!("https://portal.example/contracts/{year}/{:06}", at + 1)),
            ..kind.clone()
        };
        (at + 2, contract)
    });
    Ok(made.collect())
}

async fn announce(services: &Services, chief: &Chief, year: i32, contracts: Vec<(usize, Contract)>, start: Moment) -> Result<(), AppError> {
    let minutes = |count: i64| start.plus_seconds(count * 60);
    let number = Year::try_from(year).map_err(|error| fault(&error))?;
    let Chief { clerk, reviewer, .. } = chief;
    let next = || Assignee::Institution(chief.unit.id.clone());
    let agreed = || Decision { agree: true, opinion: "同意".to_owned(), next: None };
    contracts::import(services, contracts, start).await?;

    let Generated::New(record) = records::generate(services, clerk.deed(minutes(1)), number).await? else {
        return Err(fault(&"a demo record exists already"));
    };
    let seen = records::view(services, &clerk.deed(minutes(2)), &record).await?.record;
    let submit = SubmitInput {
        record: record.clone(),
        version: seen.version,
        content_version: seen.content_version,
        next: next(),
        note: String::new(),
    };
    records::submit(services, clerk.deed(minutes(2)), submit).await?;
    let version = records::view(services, &reviewer.deed(minutes(3)), &record).await?.record.version;
    records::decide(services, reviewer.deed(minutes(3)), DecideInput { record, version, decision: agreed() }).await?;

    let id = create::create(services, clerk.deed(minutes(4)), Creation { year: number }).await?;
    let seen = view(services, &clerk.deed(minutes(5)), &id).await?;
    let basics = Basics { mode: PublishMode::OnApproval, ..seen.basics };
    let change = Unsaved { basics: Some(basics), ..Unsaved::default() };
    edit::save(services, clerk.deed(minutes(5)), Patch { id: id.clone(), version: seen.version, change, is_choice: false }).await?;
    let version = view(services, &clerk.deed(minutes(6)), &id).await?.version;
    let written = edit::generate(services, clerk.deed(minutes(6)), Seen { id: id.clone(), version }).await?;
    let submission = Submission { id: id.clone(), version: written.saved.version, next: next(), note: String::new() };
    let submitted = review::submit(services, clerk.deed(minutes(7)), submission).await?;
    review::answer(services, reviewer.deed(minutes(8)), Review { id, version: submitted.version, decision: agreed() }).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn d5_three_hundred_demo_announcements_have_one_to_a_thousand_lines() {
        let places: BTreeSet<usize> = (0..300).map(|number| place_of(number, 300)).collect();
        assert_eq!(places, (0..300).collect(), "every place once");
        let lines: Vec<usize> = (0..300).map(|place| lines_at(place, 300)).collect();
        assert_eq!((lines[0], lines[299]), (1, LONGEST));
        assert!(lines.is_sorted());
        assert!(lines[150] < 100, "half of them are short: {}", lines[150]);
    }

    #[test]
    fn d5_one_demo_announcement_has_one_line() {
        assert_eq!((lines_at(0, 1), place_of(0, 1)), (1, 0));
    }
}
