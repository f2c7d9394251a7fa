//! A file read by another maker's programs, for tests.

use std::io::Write as _;
use std::process::{Command, Stdio};

/// What a program of poppler says of a file.
pub fn poppler(program: &str, options: &[&str], pdf: &[u8]) -> String {
    let mut child = Command::new(program)
        .args(options)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("{program}: {error}; scripts/setup.sh test installs it"));
    let (mut input, pdf) = (child.stdin.take().unwrap(), pdf.to_vec());
    let writing = std::thread::spawn(move || input.write_all(&pdf));
    let output = child.wait_with_output().unwrap();
    // One that has seen enough closes its input.
    let _ = writing.join();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stdout));
    // Titles of headings come as they are in the file.
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The text of each page as it stands there, what stands around it included.
pub fn pages(pdf: &[u8]) -> Vec<String> {
    poppler("pdftotext", &["-raw", "-", "-"], pdf).split('\u{c}').filter(|page| !page.is_empty()).map(str::to_owned).collect()
}

/// What a screen reader is told, in the order of the tree and without any blank.
pub fn read_aloud(pdf: &[u8]) -> String {
    let tree = poppler("pdfinfo", &["-struct-text", "-"], pdf);
    let said = tree.lines().filter_map(|line| line.trim_start().strip_prefix('"')?.strip_suffix('"'));
    said.flat_map(str::split_whitespace).collect()
}
