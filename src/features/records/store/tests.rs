//! Every write repeats its guard: with what was read before someone else was faster, it changes nothing, on both engines.

#[path = "../../../tests/support/place.rs"]
mod place;

use super::*;
use crate::domain::organisation::{District, Unit};
use crate::features::organisations::commands as organisations;
use crate::server::db::Db;
use place::Place;

/// Runs `test` with a stored 草稿 on SQLite and, where there is a server, on PostgreSQL.
async fn on_both(test: impl AsyncFn(&mut AnyConnection, Record)) {
    let mut places = vec![place::sqlite()];
    places.extend(place::postgres().await);
    for place in places {
        let db = Db::open(&address(&place)).await.unwrap();
        sqlx::any::install_default_drivers();
        let mut connection = <AnyConnection as sqlx::Connection>::connect(&address(&place)).await.unwrap();
        let stored = stored(&mut connection).await;
        test(&mut connection, stored).await;
        sqlx::Connection::close(connection).await.unwrap();
        db.close().await;
        place.remove().await;
    }
}

fn address(place: &Place) -> String {
    place.database_url.clone().unwrap_or_else(|| format!("sqlite:{}?mode=rwc", place.folder.join("setaside.db").display()))
}

fn at() -> Moment {
    Moment::parse_local("2025-03-10T09:30").unwrap()
}

async fn stored(db: &mut AnyConnection) -> Record {
    let unit = Unit {
        id: UnitId::parse("01890a5d-ac96-774b-bcce-b302099a8001").unwrap(),
        name: "甲".to_owned(),
        uscc: String::new(),
        parent: None,
        is_supervisor: true,
        district: District::parse("319900").unwrap(),
        year_basis: YearBasis::Signed,
        version: 1,
    };
    organisations::found(db, std::slice::from_ref(&unit), &[]).await.unwrap();
    let record = Record {
        id: RecordId::parse("01890a5d-ac96-774b-bcce-b302099a8002").unwrap(),
        unit: unit.id,
        unit_name: "甲".to_owned(),
        year: Year::try_from(2024).unwrap(),
        status: RecordStatus::Draft,
        basis: YearBasis::Signed,
        remark: String::new(),
        round: 0,
        submitted_by: None,
        submitted_at: None,
        line_count: 0,
        sme: Money::ZERO,
        small_micro: Money::ZERO,
        approved_number: None,
        version: 1,
        content_version: 1,
    };
    insert(db, &record, &Totals::default(), at()).await.unwrap();
    now(db, &record).await
}

async fn now(db: &mut AnyConnection, record: &Record) -> Record {
    by_id(db, &record.id).await.unwrap().unwrap()
}

/// What someone who is slower would write with: one fact of the record is not what it was.
fn stale(record: &Record) -> [Record; 2] {
    [Record { version: record.version - 1, ..record.clone() }, Record { status: RecordStatus::Withdrawn, ..record.clone() }]
}

#[tokio::test]
async fn a12_words_are_not_written_over_a_state_or_contents_that_were_not_seen() {
    on_both(async |db: &mut AnyConnection, draft: Record| {
        let other_contents = Record { content_version: draft.content_version - 1, ..draft.clone() };
        for slower in stale(&draft).iter().chain([&other_contents]) {
            assert!(!set_remark(db, slower, "迟到", None, at()).await.unwrap());
        }
        assert_eq!(now(db, &draft).await, draft);
        assert!(set_remark(db, &draft, "说明", None, at()).await.unwrap());
        assert_eq!(now(db, &draft).await, Record { remark: "说明".to_owned(), content_version: draft.content_version + 1, ..draft });
    })
    .await;
}

#[tokio::test]
async fn b5_an_approval_completes_only_what_was_seen_and_only_once() {
    on_both(async |db: &mut AnyConnection, draft: Record| {
        assert!(move_to(db, &draft, &RecordStatus::InReview, at()).await.unwrap());
        let in_review = now(db, &draft).await;
        freeze(db, &draft.id, in_review.round, "{}", at()).await.unwrap();
        let other_round = Record { round: in_review.round + 1, ..in_review.clone() };
        for slower in stale(&in_review).iter().chain([&other_round]) {
            assert!(!approve(db, slower, &RecordStatus::Approved, at()).await.unwrap());
        }
        assert_eq!(now(db, &draft).await, in_review);
        assert!(approve(db, &in_review, &RecordStatus::Approved, at()).await.unwrap());
        let approved = now(db, &draft).await;
        assert_eq!((approved.status.code(), approved.approved_number), ("approved", Some(in_review.round)));
        assert!(!approve(db, &in_review, &RecordStatus::Approved, at()).await.unwrap());
        assert_eq!(now(db, &draft).await, approved);
    })
    .await;
}

#[tokio::test]
async fn a1_a_statement_has_a_placeholder_a_value() {
    assert_eq!(unit_placeholders(3), "$2, $3, $4");
    on_both(async |db: &mut AnyConnection, draft: Record| {
        // More units than one statement asks about; the one that has a record stands behind the others.
        let mut units: Vec<UnitId> =
            (0..UNITS).map(|number| UnitId::parse(&format!("01890a5d-ac96-774b-bcce-b3020001{number:04}")).unwrap()).collect();
        units.push(draft.unit.clone());
        assert_eq!(of_units(db, &units, draft.year).await.unwrap(), std::slice::from_ref(&draft));
        assert_eq!(of_units(db, &units, Year::try_from(2023).unwrap()).await.unwrap(), []);
        assert!(approved_bodies(db, &units, draft.year).await.unwrap().is_empty());
    })
    .await;
}
