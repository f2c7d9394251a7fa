//! The rules one by one, in sheets as units keep them.

use super::*;
use crate::domain::contract::{Contract, Measure, Source};
use crate::domain::money::Money;
use crate::domain::record::line::proof::{platform, rules, wan};

fn id(number: usize) -> LineId {
    LineId::parse(&format!("01890a5d-ac96-774b-bcce-{number:012}")).unwrap()
}

/// Three contracts of the unit's own, one of the platform, one line by hand.
fn lines() -> Vec<Line> {
    let own = |number: &str, name: &str, amount: i64| Contract {
        contract_no: number.to_owned(),
        project_name: name.to_owned(),
        amount: wan(amount),
        source: Source::SelfEntered,
        url: Some(format!("https://a.example/{number}")),
        ..platform()
    };
    let contracts = [
        own("310115202412345678", "校舍维修", 100),
        own("310115202412349999", "绿化养护", 50),
        own("HT-3", "食堂托管", 80),
        Contract { contract_no: "HT-4".to_owned(), project_name: "保洁服务".to_owned(), ..platform() },
    ];
    let mut lines: Vec<Line> = contracts.into_iter().enumerate().map(|(at, contract)| Line::collected(id(at), contract, None)).collect();
    let by_hand = Line::manual(id(4)).with(LineCell::ProjectName, "道路工程", &rules()).unwrap();
    lines.push(by_hand.with(LineCell::Sme, "12.5", &rules()).unwrap());
    lines
}

fn sheet(text: &str) -> Vec<Vec<String>> {
    text.lines().map(|line| line.split('|').map(str::to_owned).collect()).collect()
}

fn paste(text: &str) -> Reconciliation {
    Reconciliation::new(sheet(text), lines(), rules())
}

fn kinds(made: &Reconciliation) -> Vec<Kind> {
    made.rows().iter().map(|row| row.kind).collect()
}

fn columns(made: &Reconciliation) -> Vec<&'static str> {
    made.layout().columns.iter().map(|column| column.column.code()).collect()
}

use Kind::{Change, Conflict, Ignored, New, Same};

#[test]
fn e2_a_sheet_with_title_header_and_total_is_taken_row_by_row() {
    let made = paste(
        "2024年面向中小企业预留项目明细|||\n单位：万元|||\n序号|项目名称|合同编号|面向中小企业采购金额\n1|校舍维修|310115202412345678|100\n2|绿化养护|310115202412349999|48\n3|新的项目||7\n\n合 计|||155\n部门（单位）名称：甲||日期：|",
    );
    assert_eq!(kinds(&made), [Ignored, Ignored, Ignored, Same, Change, New, Ignored, Ignored, Ignored]);
    assert_eq!(columns(&made), ["serial", "project_name", "contract_no", "sme"]);
    let unit = made.layout().columns[3].unit.clone().unwrap();
    assert_eq!((unit.unit, unit.evidence, unit.doubt), (Unit::Wan, Evidence::Above, None));
    let counts = made.counts();
    assert_eq!(
        (counts.of(Same), counts.of(Change), counts.of(New), counts.of(Conflict), counts.of(Ignored), counts.total()),
        (1, 1, 1, 0, 6, 9)
    );
    let changed = &made.rows()[4].cells;
    // 小微 follows from 中小 by the counting rules.
    let shown: Vec<(LineCell, &str, &str)> = changed.iter().map(|cell| (cell.cell, cell.before.as_str(), cell.text.as_str())).collect();
    assert_eq!(shown, [(LineCell::Sme, "50", "48"), (LineCell::SmallMicro, "50", "48")]);
    assert_eq!(changed[1].fate, CellFate::Follows);
    assert_eq!(made.reasons_needed(), 1);
    let plan = made.plan(" 合同变更 ");
    assert_eq!(plan.edits, [(id(1), vec![(LineCell::Sme, "48".to_owned()), (LineCell::Reason, "合同变更".to_owned())])]);
    assert_eq!(plan.additions, [vec![(LineCell::ProjectName, "新的项目".to_owned()), (LineCell::Sme, "7".to_owned())]]);
}

#[test]
fn e2_the_unit_follows_from_words_from_equal_amounts_or_from_size_and_can_be_turned() {
    let unit = |text: &str| {
        let made = paste(text);
        made.layout().columns.iter().find_map(|column| column.unit.clone()).unwrap()
    };
    let by_word = unit("合同编号|面向中小企业金额（元）\nHT-3|800000");
    assert_eq!((by_word.unit, by_word.evidence), (Unit::Yuan, Evidence::Header));
    let equal = unit("合同编号|中小企业金额\nHT-3|800000\n310115202412349999|480000");
    assert_eq!((equal.unit, equal.evidence), (Unit::Yuan, Evidence::Lines { equal: 1, of: 2 }));
    assert_eq!(equal.sentence(), "可比对的 2 个金额中，1 个按元与明细中的金额相等");
    let fine = unit("项目名称|中小企业金额\n别的|12345.678");
    assert_eq!((fine.unit, fine.evidence), (Unit::Wan, Evidence::Places));
    let large = unit("项目名称|中小企业金额\n别的|1234500.5\n又一个|98000");
    assert_eq!((large.unit, large.evidence), (Unit::Yuan, Evidence::Size));
    let small = unit("项目名称|中小企业金额\n别的|123.5");
    assert_eq!((small.unit, small.evidence), (Unit::Wan, Evidence::Size));
    let wrong = unit("合同编号|面向中小企业金额（万元）\nHT-3|800000\n310115202412349999|500000");
    assert_eq!(wrong.unit, Unit::Wan, "what is written counts");
    assert!(wrong.doubt.unwrap().starts_with("但可比对的 2 个金额中，2 个按元"), "and is doubted");

    let mut made = paste("合同编号|面向中小企业金额（万元）\nHT-3|800000");
    assert_eq!(made.rows()[1].notes, ["面向中小企业采购金额与明细相差一万倍，请核对单位是元还是万元"]);
    made.choose_unit(1, Unit::Yuan);
    assert_eq!(kinds(&made), [Ignored, Same]);
    assert_eq!(made.layout().columns[1].unit.as_ref().unwrap().evidence, Evidence::Chosen);
}

#[test]
fn e2_two_columns_of_amounts_share_what_is_known_of_one() {
    let made = paste("合同编号|中小企业金额|小微企业金额\nHT-3|800000|3");
    let units: Vec<_> =
        made.layout().columns.iter().filter_map(|column| column.unit.clone()).map(|unit| (unit.unit, unit.evidence)).collect();
    assert_eq!(units, [(Unit::Yuan, Evidence::Lines { equal: 1, of: 1 }), (Unit::Yuan, Evidence::Beside)]);
    assert_eq!(made.rows()[1].cells[0].text, "0.0003");
}

#[test]
fn e2_a_number_that_lost_its_digits_is_pointed_out_and_matched_only_when_confirmed() {
    let mut made =
        paste("合同编号|项目名称|中小企业金额（万元）\n310115202412345000|校舍维修|90\n3.10115E+17|绿化养护|50\n999999999999999000|别的|1");
    assert_eq!(kinds(&made), [Ignored, Conflict, Conflict, New]);
    let [_, zeros, figure, other] = made.rows() else { panic!() };
    assert_eq!((zeros.why.clone(), &zeros.candidates[..]), (Some(Why::Lost("310115202412345000".to_owned())), &[0][..]));
    assert_eq!(figure.candidates, [1], "of those that the figure fits the one of this name");
    assert_eq!(other.notes, ["合同编号「999999999999999000」第 15 位以后的数字已丢失，明细中没有可能对应的行"]);
    assert_eq!(made.plan(""), Plan { additions: made.plan("").additions, ..Plan::default() }, "nothing is changed by suspicion");
    made.choose_row(1, Some(Choice::Line(id(0))));
    assert_eq!(kinds(&made), [Ignored, Change, Conflict, New]);
    assert_eq!(made.rows()[1].by, Some(By::Person));
    assert_eq!(made.suggestions().count(), 1);
    made.confirm_suggestions();
    assert_eq!(kinds(&made), [Ignored, Change, Same, New]);
    made.choose_row(1, None);
    assert_eq!(made.rows()[1].kind, Conflict);
    let whole = paste("合同编号|中小企业金额（万元）\n310115202412345678|90");
    assert_eq!(whole.rows()[1].by, Some(By::Number), "a whole number needs no confirmation");
}

#[test]
fn e2_rows_are_matched_by_number_then_by_link_then_by_a_name_that_only_one_line_has() {
    let made = paste(
        "合同编号|项目名称|合同链接|中小企业金额（万元）\nht-3||无|70\n|别的名称|https://a.example/HT-3|70\n|道路工程|/|13\nHT-9|食堂托管||5\nHT-9|道路工程||14",
    );
    let seen: Vec<_> = made.rows().iter().map(|row| (row.line, row.by)).collect();
    let name = Some(By::Name);
    assert_eq!(
        seen,
        [(None, None), (Some(2), Some(By::Number)), (Some(2), Some(By::Link)), (Some(4), name), (None, None), (Some(4), name)]
    );
    assert_eq!(made.rows()[4].kind, New, "a line whose contract has another number is another contract");
    assert_eq!(made.rows()[4].notes, ["与第 3 行的名称或链接相同、合同编号不同，作为新行"]);
    // Each of two lines is meant twice, in different words.
    assert!(matches!(made.rows()[1].why, Some(Why::Twice(1, 2))) && matches!(made.rows()[5].why, Some(Why::Twice(3, 2))));

    let mut twice = lines();
    twice.push(twice[4].clone());
    twice[5].id = id(5);
    let mut made = Reconciliation::new(sheet("项目名称|中小企业金额（万元）\n道路工程|13"), twice, rules());
    assert_eq!((made.rows()[1].why.clone(), &made.rows()[1].candidates[..]), (Some(Why::Ambiguous(By::Name, 2)), &[4, 5][..]));
    let words: Vec<String> = made.offers(1).into_iter().map(|(_, words)| words).collect();
    assert_eq!(words, ["待处理（不应用）", "对应第 5 行：道路工程", "对应第 6 行：道路工程", "作为新行", "跳过"]);
    made.choose_row(1, Some(Choice::Line(id(5))));
    assert_eq!((made.rows()[1].kind, made.rows()[1].line), (Change, Some(5)));
    assert_eq!(made.offers(1).len(), 5, "what can be decided does not go with the decision");
}

#[test]
fn e2_lots_of_one_number_are_told_apart() {
    let lot =
        |at: usize, lot: &str| Line::collected(id(at), Contract { lot: lot.to_owned(), source: Source::SelfEntered, ..platform() }, None);
    let made = Reconciliation::new(
        sheet("合同编号|标项|中小企业金额（万元）\nHT-1|2|40\nHT-1|3|1\nHT-1||5"),
        vec![lot(0, "1"), lot(1, "2")],
        rules(),
    );
    assert_eq!(kinds(&made), [Ignored, Change, New, Conflict]);
    assert_eq!(made.rows()[1].line, Some(1));
    assert_eq!(made.rows()[2].notes, ["没有项目名称，新增后需补充", "与第 1 行的合同编号相同、标项不同，作为新行"]);
    assert_eq!(made.rows()[3].why, Some(Why::Ambiguous(By::Number, 2)));
}

#[test]
fn e2_a_locked_cell_that_differs_is_a_conflict_and_the_rest_can_be_applied() {
    let mut made = paste("合同编号|项目名称|中小企业金额（万元）|修改理由\nHT-4|保洁服务|60|写错了\nHT-4|保洁服务|100|");
    made.choose_row(2, Some(Choice::Skip));
    assert_eq!(kinds(&made), [Ignored, Conflict, Ignored]);
    assert_eq!(made.rows()[2].why, Some(Why::Skipped));
    let locked = made.rows()[1].cells.iter().find(|cell| cell.cell == LineCell::Sme).unwrap();
    assert!(matches!(locked.fate, CellFate::Locked(_)) && locked.before == "100" && locked.text == "60");
    assert!(made.plan("").is_empty());
    made.choose_row(1, Some(Choice::Apply));
    assert_eq!(made.plan("").edits, [(id(3), vec![(LineCell::Reason, "写错了".to_owned())])]);
    made.choose_row(1, Some(Choice::New));
    assert_eq!((made.rows()[1].kind, made.rows()[1].suggested), (New, Conflict));
    assert_eq!(made.plan("").additions.len(), 1);
    // A figure that the sheet shows rounded is no conflict with a locked one.
    let exact = Line::collected(id(0), Contract { amount: Money::from_fen(128_571_234), ..platform() }, None);
    let made = Reconciliation::new(sheet("合同编号|中小企业金额（万元）\nHT-1|128.57"), vec![exact], rules());
    assert_eq!(made.rows()[1].kind, Same);
    assert_eq!(made.rows()[1].notes, ["面向中小企业采购金额粘贴的是四舍五入的 128.57，与明细中的 128.571234 相符"]);
}

#[test]
fn e2_one_line_pasted_twice_is_decided_by_the_person() {
    let mut made = paste("合同编号|中小企业金额（万元）\nHT-3|70\nHT-3|71");
    assert_eq!(kinds(&made), [Ignored, Conflict, Conflict]);
    made.choose_row(2, Some(Choice::Apply));
    assert_eq!(kinds(&made), [Ignored, Ignored, Change]);
    assert_eq!(made.rows()[1].why, Some(Why::Taken(2)));
    let same = paste("合同编号|中小企业金额（万元）\nHT-3|70\nHT-3|70");
    assert_eq!(kinds(&same), [Ignored, Change, Ignored]);
    assert_eq!(same.rows()[2].why, Some(Why::SameAs(1)));
    let mut new = paste("项目名称|中小企业金额（万元）\n新的|7\n新的|7");
    assert_eq!(kinds(&new), [Ignored, New, Conflict]);
    new.choose_row(2, Some(Choice::New));
    assert_eq!(kinds(&new), [Ignored, New, New]);
}

#[test]
fn e2_what_cannot_be_read_is_a_conflict_that_names_the_cell() {
    let made = paste("合同编号|预留选项|中小企业金额（元）\nHT-3|部分预留|七十万\n|整体预留|1.234");
    assert_eq!(kinds(&made), [Ignored, Conflict, Conflict]);
    let unreadable: Vec<_> =
        made.rows()[1].cells.iter().filter(|cell| matches!(cell.fate, CellFate::Unreadable(_))).map(|cell| cell.cell).collect();
    assert_eq!(unreadable, [LineCell::Measure, LineCell::Sme]);
    assert_eq!(paste("合同编号|项目名称|中小企业金额（元）\nHT-77||").rows()[1].why, Some(Why::NotFound("HT-77".to_owned())));
}

#[test]
fn e2_a_hand_edit_that_is_replaced_is_shown_with_what_was_collected() {
    let mut lines = lines();
    lines[2] = lines[2].with(LineCell::Sme, "60", &rules()).unwrap().with(LineCell::Reason, "声明函", &rules()).unwrap();
    let made = Reconciliation::new(sheet("合同编号|中小企业金额（万元）\nHT-3|55"), lines.clone(), rules());
    let cell = &made.rows()[1].cells[0];
    assert_eq!((cell.before.as_str(), cell.text.as_str(), &cell.fate), ("60", "55", &CellFate::Written { over: Some("80".to_owned()) }));
    assert_eq!(made.reasons_needed(), 0, "the reason is there already");
    let back = Reconciliation::new(sheet("合同编号|中小企业金额（万元）\nHT-3|80"), lines, rules());
    assert_eq!(back.plan("").edits, [(id(2), vec![(LineCell::Sme, String::new())])], "what was collected is typed by taking the edit away");
}

#[test]
fn e2_columns_without_names_are_recognised_by_what_stands_in_them() {
    let made = paste(
        "1|310115202412345678|校舍维修|整体预留|1000000|1000000|https://a.example/x\n2|310115202412349999|绿化养护|包预留|500000|0|https://a.example/y\n3|HT-9|新的项目|包预留|3000|0|https://a.example/z",
    );
    assert_eq!(made.layout().header, None);
    assert_eq!(columns(&made), ["serial", "contract_no", "project_name", "measure", "sme", "small_micro", "url"]);
    assert_eq!(made.layout().columns[4].unit.as_ref().unwrap().unit, Unit::Yuan);
    assert_eq!(made.counts().of(New), 1);
    let unknown = paste("甲项目名称|整体预留|30|120|80\n乙项目名称|包预留|100|60|60");
    assert_eq!(columns(&unknown), ["project_name", "measure", "percent", "sme", "small_micro"]);
    assert_eq!(kinds(&unknown), [New, New]);
}

#[test]
fn e2_columns_can_be_corrected_and_the_header_denied() {
    let mut made = paste("项目名称|供应商|金额|电话\n新的项目|某公司|12|13800138000");
    assert_eq!(columns(&made), ["project_name", "skip", "sme", "skip"]);
    let known: Vec<Known> = made.layout().columns.iter().map(|column| column.known).collect();
    assert_eq!(known, [Known::Name, Known::NotOfTable, Known::Name, Known::Unknown]);
    made.choose_column(1, Column::Cell(LineCell::ProjectName));
    assert_eq!(columns(&made), ["skip", "project_name", "sme", "skip"]);
    assert_eq!(made.rows()[1].title, "某公司");
    made.choose_header(false);
    assert_eq!(made.layout().header, None);
    assert_eq!(made.counts().total(), 2);
    made.choose_header(true);
    assert_eq!((made.layout().header, columns(&made)), (Some(0), vec!["project_name", "skip", "sme", "skip"]));
}

#[test]
fn e2_the_share_behind_the_option_is_read_and_gives_the_amount() {
    let share = Line::collected(
        id(0),
        Contract { measure: Some(Measure::Subcontract), target: Some(crate::domain::contract::Target::SmallMicro), ..platform() },
        None,
    );
    let made = Reconciliation::new(sheet("合同编号|预留选项\nHT-1|要求合同分包（30%）"), vec![share], rules());
    let cells: Vec<_> = made.rows()[1].cells.iter().map(|cell| (cell.cell, cell.text.as_str())).collect();
    assert_eq!(cells, [(LineCell::Percent, "30"), (LineCell::Sme, "30"), (LineCell::SmallMicro, "30")]);
    assert_eq!(made.plan("分包合同").edits[0].1[0], (LineCell::Percent, "30".to_owned()));
}

#[test]
fn e2_what_follows_is_shown_also_beside_a_cell_that_is_not_written() {
    let mut made = paste("合同编号|预留选项|中小企业金额（万元）|小微企业金额（万元）\nHT-3|联合体预留|60|约三十");
    made.choose_row(1, Some(Choice::Apply));
    let small: Vec<_> =
        made.rows()[1].cells.iter().filter(|cell| cell.cell == LineCell::SmallMicro).map(|cell| (&cell.fate, cell.text.as_str())).collect();
    assert_eq!(small.len(), 2);
    assert!(matches!(small[0].0, CellFate::Unreadable(_)));
    assert_eq!(small[1], (&CellFate::Follows, ""), "小微 no longer follows from the supplier");
}

#[test]
fn e2_a_share_that_looks_like_a_fraction_is_pointed_out() {
    let made = paste(
        "项目名称|合同编号|预留选项|预留比例\n校舍维修|310115202412345678|合同分包预留|0.455\n新的项目||联合体预留|45.5%\n另一项目||联合体预留|0.5%",
    );
    let noted = |at: usize| made.rows()[at].notes.iter().any(|note| note.contains("不到 1%"));
    assert_eq!([1, 2, 3].map(noted), [true, false, true]);
}
