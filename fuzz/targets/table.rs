//! Any bytes as the file that somebody imports: CSV in either encoding, XLSX, or nothing of the kind.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| setaside_fuzz::table(bytes));
