//! What was written is read back, whatever it is, and nothing becomes a formula.

use super::read_back::{Read, sheets};
use super::*;
use crate::domain::money::Percent;
use crate::domain::sheet::unguarded;
use proptest::prelude::*;

fn at() -> Moment {
    Moment::parse_local("2025-03-10T09:30").unwrap()
}

fn xlsx(rows: &[Vec<Cell>]) -> Vec<u8> {
    let on_disk = filled(Book::new(at(), &std::env::temp_dir()).unwrap(), rows);
    let in_memory = filled(Book::in_memory(at()).unwrap(), rows);
    assert_eq!(sheets(&on_disk), sheets(&in_memory), "where the rows lie meanwhile makes no difference");
    on_disk
}

fn filled(mut book: Book, rows: &[Vec<Cell>]) -> Vec<u8> {
    book.begin("台账", vec![("甲", 10), ("乙", 10)]).unwrap();
    for row in rows {
        book.row(row).unwrap();
    }
    let mut bytes = Vec::new();
    book.finish(&mut bytes).unwrap();
    bytes
}

fn csv(rows: &[Vec<Cell>]) -> Vec<u8> {
    let mut writer = csv_writer(Vec::new(), &[("甲", 10), ("乙", 10)]).unwrap();
    for row in rows {
        writer.write_record(row.iter().map(|cell| cell.csv().into_owned())).unwrap();
    }
    writer.into_inner().unwrap()
}

/// The day of a spreadsheet's number.
fn day(serial: &str) -> Option<Day> {
    let days: i64 = serial.parse().ok()?;
    Some(Moment::from_millis((days - 25_569) * 86_400_000).day())
}

fn reads_as(read: &Read, cell: &Cell) -> bool {
    match (read, cell) {
        (Read::Empty, Cell::Empty) => true,
        (Read::Text(read), Cell::Text(text)) => read == text,
        (Read::Number(read), Cell::Yuan(amount)) => Money::parse_yuan(read) == Ok(*amount),
        (Read::Number(read), Cell::Wan(amount)) => Money::parse_wan(read) == Ok(*amount),
        (Read::Number(read), Cell::Number(digits)) => Percent::parse(read) == Percent::parse(digits),
        (Read::Number(read), Cell::Day(written)) => day(read) == Some(*written),
        _ => false,
    }
}

fn cell() -> impl Strategy<Value = Cell> {
    // No stored text has blanks around it, and XML knows neither of the last two signs.
    let text = "[=+@'\\-0-9\\t\\r\\n _xX&<>\"a中\u{1f600}\u{fffd}]{0,20}|\\PC{1,30}|_x00[0-9A-F]{2}_|[0-9]{1,20}";
    prop_oneof![
        text.prop_map(|text| Cell::text(text.trim())),
        (0..100_000_000_000_000_i64).prop_map(|fen| Cell::Yuan(Money::from_fen(fen))),
        (0..100_000_000_000_000_i64).prop_map(|fen| Cell::Wan(Money::from_fen(fen))),
        (1..=1_000_000_i64).prop_map(|scaled| Cell::Number(Percent::try_from(scaled).unwrap().to_string())),
        (1990..=2100_i32, 1..=12_u32, 1..=28_u32).prop_map(|(year, month, day)| Cell::Day(Day::new(year, month, day).unwrap())),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn e12_an_xlsx_gives_back_what_was_written_and_holds_no_formula(rows in proptest::collection::vec(proptest::collection::vec(cell(), 2), 1..8)) {
        let book = sheets(&xlsx(&rows));
        prop_assert_eq!(&book[0].0, "台账");
        let read = &book[0].1;
        prop_assert_eq!(&read[0], &vec![Read::Text("甲".to_owned()), Read::Text("乙".to_owned())]);
        for (at, row) in rows.iter().enumerate() {
            for (column, cell) in row.iter().enumerate() {
                let found = read.get(at + 1).and_then(|row| row.get(column)).unwrap_or(&Read::Empty);
                prop_assert!(reads_as(found, cell), "{:?} was read as {:?}", cell, found);
            }
        }
    }

    #[test]
    fn e12_a_csv_gives_back_what_was_written_and_holds_no_formula(rows in proptest::collection::vec(proptest::collection::vec(cell(), 2), 1..8)) {
        let bytes = csv(&rows);
        let mut reader = csv::ReaderBuilder::new().has_headers(true).from_reader(bytes.as_slice());
        let read: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        prop_assert_eq!(read.len(), rows.len());
        for (row, record) in rows.iter().zip(&read) {
            for (cell, field) in row.iter().zip(record) {
                let is_formula = field.starts_with(['=', '+', '-', '@', '\t', '\r']);
                prop_assert!(!is_formula, "{:?}", field);
                let fits = match cell {
                    Cell::Empty => field.is_empty(),
                    Cell::Text(text) => unguarded(field) == text,
                    Cell::Yuan(amount) => Money::parse_yuan(field) == Ok(*amount) && field.split_once('.').is_some_and(|(_, places)| places.len() == 2),
                    Cell::Wan(amount) => Money::parse_wan(field) == Ok(*amount),
                    Cell::Number(digits) => field == digits,
                    Cell::Day(day) => field == day.to_string(),
                };
                prop_assert!(fits, "{:?} was read as {:?}", cell, field);
            }
        }
    }
}

#[test]
fn e12_what_looks_like_a_formula_is_a_text_in_an_xlsx() {
    let texts = ["=HYPERLINK(\"http://x\")", "+1", "-1", "@A1", "\t=1", "202401010000001234"];
    let rows: Vec<Vec<Cell>> = texts.iter().map(|text| vec![Cell::text(*text)]).collect();
    let read = sheets(&xlsx(&rows));
    let found: Vec<&Read> = read[0].1[1..].iter().map(|row| &row[0]).collect();
    assert_eq!(found, texts.map(|text| Read::Text(text.to_owned())).iter().collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn e12_a_file_that_was_not_written_to_its_end_breaks_off() {
    use http_body_util::BodyExt as _;
    for format in [Format::Csv, Format::Xlsx] {
        let begin = async || send(format, "台账", "台账", vec![("甲", 10)], at(), &std::env::temp_dir()).await.unwrap();
        let whole = begin().await;
        whole.rows.send(Ok(vec![vec![Cell::text("一")]])).await.unwrap();
        drop(whole.rows);
        assert!(whole.file.answer().await.unwrap().into_body().collect().await.is_ok());
        // What fails before anything is sent is told as what it is.
        let failed = begin().await;
        failed.rows.send(Err(AppError::StorageFull)).await.unwrap();
        drop(failed.rows);
        assert_eq!(failed.file.answer().await.map(|_| ()), Err(AppError::StorageFull), "{format:?}");
    }
    let broken = send(Format::Csv, "台账", "台账", vec![("甲", 10)], at(), &std::env::temp_dir()).await.unwrap();
    broken.rows.send(Ok((0..2).map(|_| vec![Cell::text("文".repeat(CHUNK))]).collect())).await.unwrap();
    broken.rows.send(Err(AppError::Busy)).await.unwrap();
    drop(broken.rows);
    assert!(broken.file.answer().await.unwrap().into_body().collect().await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn e12_a_reader_that_goes_away_ends_the_writing() {
    for format in [Format::Csv, Format::Xlsx] {
        let sending = send(format, "台账", "台账", vec![("甲", 10)], at(), &std::env::temp_dir()).await.unwrap();
        drop(sending.file);
        let page = || (0..500).map(|_| vec![Cell::text("文字".repeat(200))]).collect::<Vec<_>>();
        let mut sent = 0;
        while sending.rows.send(Ok(page())).await.is_ok() {
            sent += 1;
            assert!(sent < 20, "{format:?}: it goes on writing for nobody");
        }
    }
}

/// The writer panics where it cannot write; whether that is for want of room is asked of the folder, where the probe meets a full device.
#[test]
fn e12_a_panic_on_a_full_disk_is_a_full_disk() {
    let folder = std::env::temp_dir().join(format!("setaside_full_{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let panicked = || with_room::<()>(Some(&folder), || panic!("cannot write"));
    assert!(matches!(panicked(), Err(AppError::Internal(_))), "with room it is a fault of ours");
    std::os::unix::fs::symlink("/dev/full", folder.join(format!(".room-{}", std::process::id()))).unwrap();
    assert_eq!(panicked(), Err(AppError::StorageFull));
    std::fs::remove_dir_all(&folder).unwrap();
}
