//! 合同台账: the contracts of a unit, filtered, by pages, with what they add up to.

use super::super::columns::LedgerColumn;
use super::super::store::{StoredContract, columns, ledger};
use crate::domain::access::{self, Deed as Wish, Relation};
use crate::domain::contract::{Rule, Verdict, YearBasis, verdict, year_of};
use crate::domain::ids::UnitId;
use crate::error::AppError;
use crate::features::contracts::api::{Ledger, LedgerLine, LedgerQuery};
use crate::features::organisations::commands as organisations;
use crate::server::request::{Deed, Services};
use sqlx::AnyConnection;

/// Contracts a page.
const SIZE: u64 = 50;
/// Most characters of a search.
const WORDS_MAX: usize = 100;

/// A ledger that the person may open.
pub struct Opened {
    /// Whose it is.
    pub unit: UnitId,
    /// The units that may be chosen, one's own first.
    pub units: Vec<(UnitId, String)>,
    /// By which date contracts stand in a year.
    pub basis: YearBasis,
}

/// Whether the person may open the ledger that the query names.
pub async fn open(db: &mut AnyConnection, deed: &Deed, query: &LedgerQuery) -> Result<Opened, AppError> {
    access::may(&deed.by, Wish::ViewContract, Relation::Own)?;
    if query.words.chars().count() > WORDS_MAX {
        return Err(AppError::field("words", format!("查询内容最多 {WORDS_MAX} 个字")));
    }
    let units = units(db, deed).await?;
    let unit = query.unit.clone().unwrap_or_else(|| deed.by.unit.clone());
    if !units.iter().any(|(id, _)| *id == unit) {
        return Err(AppError::NotFound);
    }
    let basis = organisations::year_basis_of(db, &unit).await?;
    Ok(Opened { unit, units, basis })
}

/// A page of the ledger; filters that mean nothing find nothing.
pub async fn list(services: &Services, deed: &Deed, query: &LedgerQuery) -> Result<Ledger, AppError> {
    let db = &mut *services.db.read().await?;
    let Opened { unit, units, basis } = open(db, deed, query).await?;
    let sums = ledger::sums(db, &unit, basis, query).await?;
    let page = query.page.clamp(1, sums.total.div_ceil(SIZE).max(1));
    let asked = LedgerQuery { page, ..query.clone() };
    let lines = ledger::page(db, &unit, basis, &asked, SIZE, sums.total).await?.into_iter().map(|stored| line(stored, basis)).collect();
    let years = ledger::years(db, &unit, basis).await?;
    let columns = columns::of(db, &deed.by.user).await?.unwrap_or_else(|| LedgerColumn::USUAL.to_vec());
    Ok(Ledger { columns, lines, sums, page, size: SIZE, years, unit, units, basis })
}

/// The units whose ledger the person may open, their own first.
async fn units(db: &mut AnyConnection, deed: &Deed) -> Result<Vec<(UnitId, String)>, AppError> {
    let mut units = vec![(deed.by.unit.clone(), deed.by.unit_name.clone())];
    if deed.by.in_supervisor && access::may(&deed.by, Wish::ViewContract, Relation::Subordinate).is_ok() {
        let below = organisations::supervised_by(db, &deed.by.unit).await?;
        units.extend(below.into_iter().filter(|unit| unit.id != deed.by.unit).map(|unit| (unit.id, unit.name)));
    }
    Ok(units)
}

/// Why a contract does not count, in a few words; empty where it does.
pub fn reason(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Counted(_) => String::new(),
        Verdict::LeftOut(rule) => Rule::label(*rule).to_owned(),
        Verdict::NeedsInput(_, needs) => needs.iter().map(|need| need.sentence()).collect::<Vec<_>>().join("；"),
        Verdict::Error(_, contradictions) => contradictions.iter().map(|each| each.sentence.as_str()).collect::<Vec<_>>().join("；"),
    }
}

/// Remembers which columns the person wants to see.
pub async fn choose_columns(services: &Services, deed: Deed, columns: Vec<LedgerColumn>) -> Result<(), AppError> {
    access::may(&deed.by, Wish::ViewContract, Relation::Own)?;
    let columns: Vec<LedgerColumn> = LedgerColumn::ALL.iter().copied().filter(|column| columns.contains(column)).collect();
    services.db.write(move |db| Box::pin(async move { columns::remember(db, &deed.by.user, &columns).await })).await
}

fn line(stored: StoredContract, basis: YearBasis) -> LedgerLine {
    let StoredContract { id, contract } = stored;
    let verdict = verdict(&contract, basis);
    let counted = verdict.counted();
    let reason = reason(&verdict);
    LedgerLine {
        id,
        year: year_of(&contract, basis),
        verdict: verdict.label().to_owned(),
        kind: verdict.code().to_owned(),
        reason,
        sme: counted.map(|amounts| amounts.sme),
        small_micro: counted.map(|amounts| amounts.small_micro),
        contract,
    }
}
