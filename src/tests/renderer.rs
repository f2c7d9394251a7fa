//! The renderer beside Tiptap's own static renderer with the editor's extensions, over documents by chance.
//!
//! The documents are made here, rendered here and handed to `renderer/compare.ts`, which renders them as Tiptap does, lists the
//! differences that are meant, each with its reason, and finds any other. It runs in Node.js with the packages of package.json.

mod documents;

use super::support::folder;
use documents::poisoned;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};
use setaside::domain::announcement::document::{Block, Chip, Document};
use setaside::domain::announcement::figures::{Figures, NoticeLine};
use setaside::domain::announcement::render::render_html;
use setaside::domain::calendar::Day;
use setaside::domain::contract::Measure;
use setaside::domain::money::{Money, Ratio};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// So many documents are compared.
const DOCUMENTS: usize = 2_500;

/// The same documents in every run; another seed is another run: `SETASIDE_TEST_SEED=7 cargo test …`.
fn runner() -> TestRunner {
    let seed = std::env::var("SETASIDE_TEST_SEED").unwrap_or_default();
    let mut bytes = [0x53; 32];
    for (byte, given) in bytes.iter_mut().zip(seed.bytes()) {
        *byte = given;
    }
    TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}

/// Values that are as hostile as the text, and a year in which there was nothing.
fn figures() -> [Figures; 2] {
    let (sme, small_micro) = (Money::parse_wan("1854.241447").unwrap(), Money::parse_wan("591.731447").unwrap());
    let hostile = Figures {
        unit: "<b>&amp;\"'单位</b>".to_owned(),
        year: 2025,
        sme,
        small_micro,
        ratio: Ratio::of(small_micro, sme),
        remark: "原因：</p><script>alert(1)</script>\n改进措施：👍 & 'x' \"y\"".to_owned(),
        date: Day::new(2026, 3, 15),
        lines: vec![NoticeLine {
            project_name: "\"><script>alert(1)</script>".to_owned(),
            measure: Some(Measure::Package),
            pct: None,
            sme,
            url: Some("https://example.org/?a=\"><b>&c='".to_owned()),
        }],
    };
    let nothing = Figures {
        sme: Money::ZERO,
        small_micro: Money::ZERO,
        ratio: Ratio::of(Money::ZERO, Money::ZERO),
        remark: String::new(),
        date: None,
        lines: Vec::new(),
        ..hostile.clone()
    };
    [hostile, nothing]
}

/// What the other side must know of the data: the lines of each chip's value, and the table of the 明细.
fn data(figures: &Figures) -> Value {
    let chips: serde_json::Map<String, Value> = Chip::ALL
        .into_iter()
        .map(|chip| (chip.code().to_owned(), figures.value(chip).lines().map(str::to_owned).collect::<Vec<_>>().into()))
        .collect();
    let detail = Document::parse(r#"{"type":"doc","content":[{"type":"detailTable"}]}"#).unwrap();
    assert_eq!(detail.blocks(), [Block::DetailTable]);
    json!({ "chips": chips, "detail": render_html(&detail, figures) })
}

/// The comparison as one script that Node.js can run.
fn script(folder: &Path) -> std::path::PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let esbuild = root.join("node_modules/.bin/esbuild");
    assert!(esbuild.exists(), "the JavaScript packages are missing: run scripts/setup.sh test");
    let script = folder.join("compare.mjs");
    let made = Command::new(esbuild)
        .args(["src/tests/renderer/compare.ts", "--bundle", "--platform=node", "--format=esm", "--log-level=warning"])
        .arg(format!("--outfile={}", script.display()))
        .current_dir(root)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    script
}

#[test]
fn d4_the_renderer_says_what_tiptaps_own_says_but_for_the_differences_that_are_named() {
    let folder = folder();
    let figures = figures();
    let (mut runner, strategy) = (runner(), documents::document());
    let mut lines = json!({ "data": figures.iter().map(data).collect::<Vec<_>>() }).to_string();
    for number in 0..DOCUMENTS {
        let sent = strategy.new_tree(&mut runner).unwrap().current();
        let document = Document::from_value(&sent).unwrap_or_else(|error| panic!("refused: {error}\n{sent}"));
        let at = number % figures.len();
        let case = json!({ "data": at, "sent": sent, "stored": document.to_json(), "html": render_html(&document, &figures[at]) });
        lines.push('\n');
        lines.push_str(&case.to_string());
    }
    let mut node = Command::new("node").arg(script(&folder)).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("Node.js");
    let mut input = node.stdin.take().unwrap();
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()));
    let output = node.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let _ = std::fs::remove_dir_all(&folder);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.trim_end().ends_with(&format!("{DOCUMENTS} documents, 0 differences")), "{said}");
}

proptest! {
    #![proptest_config(Config::with_cases(1_000))]
    #[test]
    fn d4_whatever_no_document_may_hold_is_refused_wherever_it_stands(document in documents::document(), poison in documents::poison(), place in any::<usize>()) {
        let hostile = poisoned(document, &poison, place);
        prop_assert!(Document::from_value(&hostile).is_err(), "{poison:?} accepted in {hostile}");
    }
}
