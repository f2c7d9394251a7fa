//! Files that openpyxl, `LibreOffice` and WPS's way of saving have made out of the sample (`data/foreign/README.md`).

use super::super::TableError;
use super::{Rows, rows};
use crate::domain::contract::Contract;
use crate::domain::sheet::{Header, Outcome, Reading, find_header, read_table};

/// What the files hold: the first forty contracts of one unit, as the sample has them.
fn expected() -> Vec<Contract> {
    let sample = rows(include_bytes!("../../../../data/contracts-sample.csv")).unwrap();
    let import = read_table(sample.into_iter().map(|(_, cells)| cells));
    assert_eq!((import.contracts.len(), import.has_errors()), (700, false));
    import
        .contracts
        .into_iter()
        .map(|(_, contract)| contract)
        .filter(|contract| contract.buyer_name == "测试区采购单位03")
        .take(40)
        .collect()
}

fn contracts(rows: &Rows) -> Vec<Contract> {
    let at = find_header(rows.iter().map(|(_, cells)| cells.as_slice())).unwrap();
    let (header, _) = Header::read(&rows[at].1).unwrap();
    let mut reading = Reading::new(header);
    rows[at + 1..]
        .iter()
        .map(|(number, cells)| match reading.row(*number, cells) {
            Outcome::Taken(contract, _) => *contract,
            other => panic!("row {number}: {other:?}"),
        })
        .collect()
}

#[test]
fn a4_files_of_other_makers_hold_the_same_contracts() {
    let files: [(&str, &[u8]); 3] = [
        ("openpyxl", include_bytes!("../../../../data/foreign/openpyxl.xlsx")),
        ("LibreOffice", include_bytes!("../../../../data/foreign/libreoffice.xlsx")),
        ("WPS", include_bytes!("../../../../data/foreign/wps.csv")),
    ];
    let expected = expected();
    assert_eq!(expected.len(), 40);
    for (maker, bytes) in files {
        let found = contracts(&rows(bytes).unwrap());
        assert_eq!(found.len(), 40, "{maker}");
        for (found, expected) in found.iter().zip(&expected) {
            assert_eq!(found, expected, "{maker}");
        }
    }
}

#[test]
fn a4_tables_in_other_forms_are_named_and_refused() {
    assert_eq!(rows(include_bytes!("../../../../data/foreign/libreoffice.xls")), Err(TableError::OldWorkbook));
    let ods = rows(include_bytes!("../../../../data/foreign/libreoffice.ods"));
    assert!(matches!(ods, Err(TableError::Unsupported(what)) if what.contains(".ods")), "{ods:?}");
}
