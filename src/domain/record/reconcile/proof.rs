//! What holds whatever is pasted and whatever is chosen.

use super::read::is_blank;
use super::*;
use crate::domain::contract::{Contract, Measure, Source};
use crate::domain::money::Money;
use crate::domain::record::line::proof::{platform, rules, wan};
use proptest::prelude::*;
use proptest::sample::select;

fn id(number: usize) -> LineId {
    LineId::parse(&format!("01890a5d-ac96-774b-bcce-{number:012}")).unwrap()
}

prop_compose! {
    fn any_line()(
        number in select(vec!["310115202412345678", "310115202412345999", "310115202412349999", "HT-1", "HT-2", ""]),
        lot in select(vec!["", "1", "2"]),
        name in select(vec!["校舍维修", "绿化养护", "保洁服务"]),
        source in select(vec![Source::SelfEntered, Source::Project, Source::Framework]),
        measure in prop::option::weighted(0.8, select(Measure::ALL)),
        (has_url, is_manual) in (any::<bool>(), any::<bool>()),
        amount in 1_i64..200,
        edits in prop::collection::vec((select(&LineCell::ALL[..]), any_text()), 0..4),
    ) -> Line {
        let contract = Contract {
            contract_no: number.to_owned(), lot: lot.to_owned(), project_name: name.to_owned(), source, measure, amount: wan(amount),
            url: platform().url.filter(|_| has_url), ..platform()
        };
        let line = if is_manual || number.is_empty() { Line::manual(id(0)) } else { Line::collected(id(0), contract, None) };
        edits.iter().fold(line, |line, (cell, text)| line.with(*cell, text, &rules()).unwrap_or(line))
    }
}

fn any_lines() -> impl Strategy<Value = Vec<Line>> {
    prop::collection::vec(any_line(), 0..6)
        .prop_map(|lines| lines.into_iter().enumerate().map(|(at, line)| Line { id: id(at), ..line }).collect())
}

/// What stands in sheets.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => select(vec!["310115202412345678", "310115202412345000", "3.10115E+17", "HT-1", "HT-2", "HT-9"]).prop_map(str::to_owned),
        3 => select(vec!["校舍维修", "绿化养护", "保洁服务", "别的项目", "合计"]).prop_map(str::to_owned),
        2 => select(Measure::ALL).prop_map(|measure| measure.notice_label().to_owned()),
        3 => (0_i64..2_000_000_000).prop_map(|fen| Money::from_fen(fen).wan()),
        2 => (0_i64..2_000_000_000).prop_map(|fen| Money::from_fen(fen).yuan()),
        1 => select(vec!["合同分包（45%）", "45%", "1", "2", "0", "12.345678000000001", "2024-05-06", "#REF!"]).prop_map(str::to_owned),
        1 => Just(platform().url.unwrap()),
        3 => Just(String::new()),
        1 => "\\PC{0,12}",
        1 => any::<String>(),
    ]
}

/// Names of columns, and what stands under them more often than not.
const NAMES: [&str; 16] = [
    "序号",
    "项目名称",
    "预留选项",
    "预留比例(%)",
    "面向中小企业采购金额（万元）",
    "面向中小企业金额（元）",
    "面向小微企业采购金额",
    "合同编号",
    "标项",
    "合同链接",
    "合同公告日期",
    "备注",
    "合同金额",
    "供应商",
    "电话",
    "",
];

fn under(name: &'static str) -> BoxedStrategy<String> {
    let fitting = match name {
        "项目名称" => select(vec!["校舍维修", "绿化养护", "保洁服务", "别的项目"]).prop_map(str::to_owned).boxed(),
        "预留选项" => select(vec!["整体预留", "设置专门采购包", "联合体预留", "合同分包（45%）"]).prop_map(str::to_owned).boxed(),
        "预留比例(%)" => select(vec!["30", "45.5%", "100"]).prop_map(str::to_owned).boxed(),
        "面向中小企业金额（元）" => (0_i64..200_000_000).prop_map(|fen| Money::from_fen(fen).yuan()).boxed(),
        "合同编号" => {
            select(vec!["310115202412345678", "310115202412345000", "3.10115E+17", "HT-1", "HT-2", "HT-9"]).prop_map(str::to_owned).boxed()
        }
        "标项" => select(vec!["1", "2"]).prop_map(str::to_owned).boxed(),
        _ if name.contains("金额") => (0_i64..200).prop_map(|amount| amount.to_string()).boxed(),
        _ => any_text().boxed(),
    };
    prop_oneof![6 => fitting, 2 => Just(String::new()), 1 => any_text()].boxed()
}

fn any_paste() -> impl Strategy<Value = Vec<Vec<String>>> {
    let sheet = prop::sample::subsequence(&NAMES[..], 1..10).prop_shuffle().prop_flat_map(|names| {
        let row: Vec<BoxedStrategy<String>> = names.iter().map(|name| under(name)).collect();
        let header: Vec<String> = names.into_iter().map(str::to_owned).collect();
        (Just(header), any::<bool>(), prop::collection::vec(row, 0..9))
            .prop_map(|(header, has_header, rows)| has_header.then_some(header).into_iter().chain(rows).collect::<Vec<_>>())
    });
    let anything = prop::collection::vec(prop::collection::vec(any_text(), 0..9), 0..10);
    prop_oneof![4 => sheet, 1 => anything]
}

#[derive(Clone, Debug)]
enum Step {
    Column(usize, Column),
    Unit(usize, Unit),
    Header(bool),
    Row(usize, Option<Choice>),
    Confirm,
}

fn any_steps() -> impl Strategy<Value = Vec<Step>> {
    let choice =
        prop_oneof![Just(Choice::Apply), Just(Choice::Skip), Just(Choice::New), (0_usize..7).prop_map(|line| Choice::Line(id(line)))];
    let step = prop_oneof![
        2 => (0_usize..9, select(&Column::ALL[..])).prop_map(|(place, column)| Step::Column(place, column)),
        1 => (0_usize..9, select(vec![Unit::Yuan, Unit::Wan])).prop_map(|(place, unit)| Step::Unit(place, unit)),
        1 => any::<bool>().prop_map(Step::Header),
        4 => (0_usize..12, prop::option::weighted(0.8, choice)).prop_map(|(row, choice)| Step::Row(row, choice)),
        1 => Just(Step::Confirm),
    ];
    prop::collection::vec(step, 0..8)
}

fn made(pasted: Vec<Vec<String>>, lines: Vec<Line>, steps: Vec<Step>) -> Reconciliation {
    let mut made = Reconciliation::new(pasted, lines, rules());
    for step in steps {
        match step {
            Step::Column(place, column) => made.choose_column(place, column),
            Step::Unit(place, unit) => made.choose_unit(place, unit),
            Step::Header(has) => made.choose_header(has),
            Step::Row(row, choice) => made.choose_row(row, choice),
            Step::Confirm => made.confirm_suggestions(),
        }
    }
    made
}

proptest! {
    #[test]
    fn e2_rows_in_are_rows_out(pasted in any_paste(), lines in any_lines(), steps in any_steps()) {
        let count = pasted.len();
        let made = made(pasted, lines, steps);
        prop_assert_eq!(made.rows().len(), count);
        prop_assert_eq!(made.counts().total(), count);
        prop_assert_eq!(Kind::ALL.into_iter().map(|kind| made.counts().of(kind)).sum::<usize>(), count);
        for row in made.rows() {
            prop_assert_eq!(row.why.is_some(), matches!(row.kind, Kind::Conflict | Kind::Ignored), "what is not done says why: {:?}", row);
        }
    }

    #[test]
    fn e2_what_is_applied_is_what_was_shown(pasted in any_paste(), lines in any_lines(), steps in any_steps(), reason in select(vec!["", "按合同更正"])) {
        let made = made(pasted, lines, steps);
        let plan = made.plan(reason);
        prop_assert_eq!(plan.edits.len(), made.counts().of(Kind::Change));
        prop_assert_eq!(plan.additions.len(), made.counts().of(Kind::New));
        let mut seen = std::collections::HashSet::new();
        let changes = made.rows().iter().filter(|row| row.kind == Kind::Change);
        for ((line, typed), row) in plan.edits.iter().zip(changes) {
            prop_assert!(seen.insert(line.clone()), "each line once");
            let before = &made.lines()[row.line.unwrap()];
            prop_assert_eq!(line, &before.id);
            let after = typed.iter().fold(before.clone(), |line, (cell, text)| line.with(*cell, text, &rules()).unwrap());
            let (old, new) = (before.review(&rules()), after.review(&rules()));
            // Taken back, cell by cell in the same order, the line is as it was.
            let back = typed.iter().fold(after.clone(), |line, (cell, _)| line.with(*cell, &before.filled_text(*cell), &rules()).unwrap());
            prop_assert_eq!(&back, before);
            for cell in LineCell::ALL {
                let is_changed = |fate: &CellFate| matches!(fate, CellFate::Written { .. } | CellFate::Follows);
                let shown = row.cells.iter().find(|pasted| pasted.cell == cell && is_changed(&pasted.fate));
                let expected = match shown.map(|pasted| (&pasted.fate, &pasted.text)) {
                    Some((CellFate::Written { .. } | CellFate::Follows, text)) => text.clone(),
                    _ if cell == LineCell::Reason && row.needs_reason => reason.to_owned(),
                    _ => old.text(cell),
                };
                prop_assert_eq!(new.text(cell), expected, "{:?} of {:?}", cell, row);
                prop_assert!(row.cells.iter().all(|pasted| pasted.cell != cell || pasted.before == old.text(cell)));
            }
            prop_assert!(reason.is_empty() || !new.findings.iter().any(|finding| finding.cell == LineCell::Reason && finding.weight == crate::domain::record::line::Weight::Error));
        }
        let new = made.rows().iter().filter(|row| row.kind == Kind::New);
        for (typed, row) in plan.additions.iter().zip(new) {
            prop_assert!(!typed.is_empty());
            let line = typed.iter().fold(Line::manual(id(99)), |line, (cell, text)| line.with(*cell, text, &rules()).unwrap());
            let review = line.review(&rules());
            for pasted in row.cells.iter().filter(|pasted| matches!(pasted.fate, CellFate::Written { .. })) {
                prop_assert_eq!(&review.text(pasted.cell), &pasted.text);
            }
        }
    }

    #[test]
    fn e2_a_cell_that_is_taken_shows_what_was_pasted(pasted in any_paste(), lines in any_lines()) {
        let made = made(pasted, lines, Vec::new());
        for (row, texts) in made.rows().iter().zip(made.pasted()).filter(|(row, _)| row.kind == Kind::Change) {
            for cell in row.cells.iter().filter(|cell| matches!(cell.fate, CellFate::Written { .. })) {
                let column = Column::Cell(cell.cell);
                let text = made.layout().cell(texts, column);
                if !is_blank(text) && cell.cell != LineCell::Percent {
                    prop_assert_eq!(read::read(cell.cell, text, made.layout().unit(column)), Ok(cell.text.clone()));
                }
            }
        }
    }

    #[test]
    fn e2_what_the_table_shows_pasted_back_changes_nothing(lines in any_lines()) {
        let header = ["合同编号", "标项"].into_iter().map(str::to_owned).chain(LineCell::ALL.into_iter().map(|cell| cell.label().to_owned()));
        let rows = lines.iter().map(|line| {
            let review = line.review(&rules());
            let key = line.contract().map(|contract| (contract.contract_no.clone(), contract.lot.clone())).unwrap_or_default();
            [key.0, key.1].into_iter().chain(LineCell::ALL.into_iter().map(|cell| review.text(cell))).collect()
        });
        let made = Reconciliation::new(std::iter::once(header.collect()).chain(rows).collect(), lines, rules());
        prop_assert_eq!(made.counts().of(Kind::Change), 0, "{:?}", made.rows());
        let identified = made.rows().iter().filter(|row| row.line.is_some());
        for row in identified.filter(|row| row.why.is_none()) {
            prop_assert_eq!(row.kind, Kind::Same);
        }
    }

    #[test]
    fn e2_deciding_row_by_row_leads_where_deciding_at_once_leads(pasted in any_paste(), lines in any_lines(), steps in any_steps()) {
        let one_by_one = made(pasted.clone(), lines.clone(), steps);
        let mut at_once = Reconciliation::new(pasted, lines, rules());
        at_once.corrections = one_by_one.corrections.clone();
        at_once.choices = one_by_one.choices.clone();
        at_once.read_again();
        prop_assert_eq!(one_by_one.layout(), at_once.layout());
        prop_assert_eq!(one_by_one.rows(), at_once.rows());
    }
}
