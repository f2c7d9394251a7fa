use super::kept::{Left, Place, REASON, fields, is_of_lines, of_form};
use super::*;
use crate::domain::announcement::line::{LineValues, sample};
use proptest::prelude::*;

fn id(at: usize) -> AnnouncementLineId {
    AnnouncementLineId::parse(&format!("01890a5d-ac96-774b-bcce-{at:012x}")).unwrap()
}

fn line(at: usize, sme: &str, small_micro: &str) -> AnnouncementLine {
    let values = LineValues {
        project_name: format!("项目{at}"),
        measure: None,
        percent: None,
        sme: Money::parse_wan(sme).unwrap(),
        small_micro: Money::parse_wan(small_micro).unwrap(),
        url: None,
    };
    sample::untouched(at, values)
}

fn lines() -> Vec<AnnouncementLine> {
    vec![line(1, "10", "4"), line(2, "20", "5"), line(3, "30", "6")]
}

/// The sums in 万元.
fn sums(waiting: &Waiting, lines: &[AnnouncementLine]) -> (String, String) {
    let (sme, small) = waiting.totals(lines);
    (sme.wan(), small.wan())
}

/// What was kept, as the next visit reads it.
fn read_back(waiting: &Waiting, place: Place) -> Left {
    let each = |id: &AnnouncementLineId| {
        let group = place.group(id);
        fields(waiting.of(id).unwrap()).into_iter().map(move |(name, text)| (format!("{group}{name}"), text))
    };
    let kept: Vec<(String, String)> = waiting.ids().flat_map(each).collect();
    assert!(kept.iter().all(|(field, _)| is_of_lines(field)));
    Left::read(kept.iter().map(|(field, text)| (field.as_str(), text.as_str())))
}

#[test]
fn c4_what_is_typed_waits_with_what_it_was_typed_over_until_it_is_as_before() {
    let lines = lines();
    let mut waiting = Waiting::default();
    waiting.put(&lines[0], LineCell::Sme, "12".into());
    waiting.put(&lines[0], LineCell::Sme, "13".into());
    assert_eq!(waiting.of(&id(1)).unwrap().cells[&LineCell::Sme], Typed { was: "10".into(), text: "13".into() });
    assert_eq!(waiting.text(&lines[0], LineCell::Sme), "13");
    assert_eq!(waiting.changes(&lines).len(), 1);
    waiting.put(&lines[0], LineCell::Sme, "10".into());
    assert!(waiting.is_empty());
}

#[test]
fn c4_the_sums_follow_what_waits_and_can_be_read() {
    let mut lines = lines();
    let mut waiting = Waiting::default();
    waiting.put(&lines[0], LineCell::Sme, "１２.５".into());
    waiting.put(&lines[1], LineCell::Sme, "二十".into());
    assert_eq!(sums(&waiting, &lines), ("62.5".into(), "15".into()), "what cannot be read counts as it is stored");
    assert_eq!(waiting.troubled(&lines), (1, 0));
    assert_eq!(waiting.faults(&lines[1])[0].cell, LineCell::Sme);
    lines[2].is_removed = true;
    assert_eq!(sums(&waiting, &lines), ("32.5".into(), "9".into()));
}

#[test]
fn c4_another_persons_cells_come_through_and_what_both_changed_is_told() {
    let mut lines = lines();
    let mut waiting = Waiting::default();
    waiting.put(&lines[0], LineCell::Sme, "12".into());
    lines[0].values.project_name = "同事改的名称".into();
    assert_eq!(waiting.draft(&lines[0]).project_name, "同事改的名称", "nothing of another's is written over");
    assert_eq!(waiting.told(&lines)[0].news(), None);
    lines[0].values.sme = Money::parse_wan("11").unwrap();
    let told = waiting.told(&lines);
    assert_eq!(told[0].place(), "第 1 行「同事改的名称」面向中小企业采购金额(万元)");
    assert_eq!(told[0].news().unwrap(), "已在别处改为“11”，您输入的是“12”");
    lines[0].values.sme = Money::parse_wan("12").unwrap();
    assert_eq!(waiting.settle(&lines, None), [id(1)], "both to the same is no difference");
    assert!(waiting.is_empty());
}

#[test]
fn c4_a_line_that_was_taken_out_or_has_gone_keeps_what_was_typed() {
    let mut lines = lines();
    let mut waiting = Waiting::default();
    for line in &lines {
        waiting.put(line, LineCell::ProjectName, format!("改{}", line.values.project_name));
    }
    lines[1].is_removed = true;
    let gone = lines.remove(0);
    assert_eq!(waiting.settle(&lines, None), []);
    assert_eq!(waiting.len(), 3);
    assert_eq!(waiting.changes(&lines).into_iter().map(|(id, _)| id).collect::<Vec<_>>(), [id(3)], "only what has its line is sent");
    assert_eq!(waiting.troubled(&lines), (0, 2));
    let told = waiting.told(&lines);
    let standing: Vec<_> = told.iter().map(|told| (told.number, told.standing.clone())).collect();
    assert_eq!(standing, [(Some(1), Standing::Removed), (Some(2), Standing::Fits), (None, Standing::Gone)]);
    assert_eq!(told[2].name, gone.values.project_name, "named although it has gone");
    assert!(told.iter().filter(|told| !told.has_line()).all(|told| told.news().is_some()));
    waiting.forget(&gone.id);
    assert_eq!(waiting.len(), 2);
}

#[test]
fn c4_what_is_stored_waits_no_longer_however_it_was_written() {
    let mut lines = lines();
    let mut waiting = Waiting::default();
    waiting.put(&lines[0], LineCell::Sme, "１２".into());
    waiting.put(&lines[0], LineCell::Url, "ftp://a".into());
    lines[0].values.sme = Money::parse_wan("12").unwrap();
    assert_eq!(waiting.settle(&lines, None), [], "beside a text that cannot be read nothing is known");
    waiting.put(&lines[0], LineCell::Url, String::new());
    assert_eq!(waiting.settle(&lines, Some(&BTreeSet::from([id(2)]))), []);
    assert_eq!(waiting.settle(&lines, Some(&BTreeSet::from([id(1)]))), [id(1)]);
    assert!(waiting.is_empty());
}

#[test]
fn c4_what_was_typed_during_a_save_waits_over_what_was_saved() {
    let mut lines = lines();
    let mut waiting = Waiting::default();
    waiting.put(&lines[0], LineCell::Sme, "12".into());
    waiting.put(&lines[0], LineCell::SmallMicro, "5".into());
    let sent = waiting.draft(&lines[0]);
    waiting.put(&lines[0], LineCell::Sme, "13".into());
    lines[0].values = sent.read().unwrap();
    waiting.saved(&lines[0], &sent);
    let told = waiting.told(&lines);
    assert_eq!((told.len(), told[0].typed.was.as_str(), told[0].news()), (1, "12", None), "one's own save is not another's");
    waiting.saved(&lines[0], &waiting.draft(&lines[0]));
    assert!(waiting.is_empty());
}

#[test]
fn c4_a_form_over_a_line_is_the_later_text_and_brings_its_reason() {
    let lines = lines();
    let (mut sheet, mut form) = (Waiting::default(), Waiting::default());
    sheet.put(&lines[0], LineCell::Sme, "11".into());
    form.put(&lines[0], LineCell::Sme, "12".into());
    form.put(&lines[0], LineCell::ProjectName, "新名称".into());
    let mut kept: Vec<(String, String)> = vec![(REASON.into(), "按台账核对".into())];
    for (place, waiting) in [(Place::Form, &form), (Place::Sheet, &sheet)] {
        let group = place.group(&id(1));
        kept.extend(fields(waiting.of(&id(1)).unwrap()).into_iter().map(|(name, text)| (format!("{group}{name}"), text)));
    }
    kept.push((format!("{}{REASON}", Place::Form.group(&id(1))), " 补充协议 ".into()));
    kept.push(("line-x.sme".into(), "?".into()));
    kept.push((format!("{}sme", Place::Sheet.group(&id(2))), "no text of ours".into()));
    let left = Left::read(kept.iter().map(|(field, text)| (field.as_str(), text.as_str())));
    assert_eq!(left.waiting.text(&lines[0], LineCell::Sme), "12");
    assert_eq!(left.waiting.len(), 1, "what cannot be understood says nothing");
    assert_eq!(left.words(), "按台账核对；补充协议");
    assert_eq!(Left::place_of(&kept[1].0), Some((id(1), LineCell::ProjectName)));
    assert!(!is_of_lines("remark") && !is_of_lines("title") && !is_of_lines("basics") && !is_of_lines("document"));
}

#[test]
fn c4_of_a_form_only_what_was_typed_is_kept() {
    let mut line = line(1, "10", "4");
    line.reason = "补充协议".into();
    let mut typed = line.values.draft();
    assert!(of_form(&line, &typed, "补充协议").is_empty());
    typed.put(LineCell::Sme, "12".into());
    let kept = of_form(&line, &typed, "补充协议（二）");
    assert_eq!(kept.keys().collect::<Vec<_>>(), ["reason", "sme"]);
    assert_eq!(kept["sme"], r#"["项目1","10","12"]"#);
}

#[test]
fn c4_restored_cells_join_those_of_the_page() {
    let lines = lines();
    let (mut page, mut left) = (Waiting::default(), Waiting::default());
    page.put(&lines[0], LineCell::Sme, "11".into());
    left.put(&lines[0], LineCell::SmallMicro, "1".into());
    left.put(&lines[1], LineCell::Sme, "22".into());
    let only = left.only(|line, _| *line == id(2));
    assert_eq!((only.len(), left.len()), (1, 2));
    assert_eq!(page.take_in(left), [id(1), id(2)]);
    let draft = page.draft(&lines[0]);
    assert_eq!((draft.sme.as_str(), draft.small_micro.as_str()), ("11", "1"));
}

proptest! {
    /// Whatever is typed, in whatever order: it is kept and read back as it is, and nothing of it differs from the line without waiting.
    #[test]
    fn c4_everything_typed_is_read_back_from_the_browser(typed in prop::collection::vec((0_usize..3, 0_usize..6, ".{0,8}"), 0..24)) {
        let lines = lines();
        let mut waiting = Waiting::default();
        let mut shown: Vec<LineDraft> = lines.iter().map(|line| line.values.draft()).collect();
        for (at, cell, text) in typed {
            let cell = LineCell::ALL[cell];
            waiting.put(&lines[at], cell, text.clone());
            shown[at].put(cell, text);
        }
        for place in [Place::Sheet, Place::Form] {
            let left = read_back(&waiting, place);
            prop_assert_eq!(&left.waiting, &waiting);
            for (line, shown) in lines.iter().zip(&shown) {
                prop_assert_eq!(&left.waiting.draft(line), shown);
            }
        }
        let differing = lines.iter().zip(&shown).filter(|(line, shown)| line.values.draft() != **shown).count();
        prop_assert_eq!(waiting.len(), differing);
    }

    #[test]
    fn c4_whatever_stands_in_the_browser_is_read_without_harm(field in ".{0,60}", text in any::<String>()) {
        let own = format!("line-{}.sme", id(1));
        for field in [field.as_str(), own.as_str()] {
            let _ = Left::read([(field, text.as_str())].into_iter());
        }
    }
}
