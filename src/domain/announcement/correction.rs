//! What a correction changes (E7): 改前 and 改后, as a table that says everything in words.
//!
//! Always: the sums are named whether they change or not; every row that differs is named with the cells that do, a row that came or
//! went as a whole; the figures inside the text are not repeated, because they stand in the sums.

use crate::domain::announcement::document::Document;
use crate::domain::announcement::figures::Figures;
use crate::domain::announcement::line::{AnnouncementLine, LineCell, LineValues, figures, totals};
use crate::domain::announcement::render::plain_text;
use crate::domain::calendar::{Day, Moment, Year};
use crate::domain::money::{Money, Ratio};
use serde::{Deserialize, Serialize};

/// What stands where there is nothing on one side.
pub const NOTHING: &str = "（无）";

/// One difference, or a sum that stayed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alteration {
    /// Of what: the project of a row, else empty.
    pub place: String,
    /// Which cell, sum or part of the text.
    pub item: String,
    /// 改前.
    pub before: String,
    /// 改后.
    pub after: String,
}

impl Alteration {
    fn new(place: &str, item: &str, before: impl Into<String>, after: impl Into<String>) -> Alteration {
        let named = |text: String| if text.is_empty() { NOTHING.to_owned() } else { text };
        Alteration { place: place.to_owned(), item: item.to_owned(), before: named(before.into()), after: named(after.into()) }
    }

    /// Whether anything differs.
    pub fn is_change(&self) -> bool {
        self.before != self.after
    }

    /// What it is about, in words.
    pub fn what(&self) -> String {
        if self.place.is_empty() { self.item.clone() } else { format!("{}：{}", self.place, self.item) }
    }

    /// 改后, in words: what stayed says so.
    pub fn outcome(&self) -> String {
        if self.is_change() { self.after.clone() } else { format!("{}（未变）", self.after) }
    }
}

/// Everything that a correction changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alterations {
    /// The sums, also those that stayed.
    pub sums: Vec<Alteration>,
    /// Rows of the 明细.
    pub rows: Vec<Alteration>,
    /// Title, end, 备注 and the text.
    pub words: Vec<Alteration>,
}

/// An announcement as it is compared.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// 公告标题.
    pub title: &'a str,
    /// 公告截止时间.
    pub expires_on: Option<Day>,
    /// 备注.
    pub remark: &'a str,
    /// 公告正文.
    pub document: Option<&'a Document>,
    /// Its lines, with those that it leaves out.
    pub lines: &'a [AnnouncementLine],
}

/// What `after` says differently than `before`, both of this unit and year.
pub fn compare(unit: &str, year: Year, before: Side<'_>, after: Side<'_>) -> Alterations {
    Alterations { sums: sums(before.lines, after.lines), rows: rows(before.lines, after.lines), words: words(unit, year, before, after) }
}

/// What stands above an announcement that was corrected; `is_void` where its last correction was revoked, so that nothing stands in its place.
pub const fn corrected(is_void: bool) -> &'static str {
    if is_void {
        "本公告已更正，其后的更正公告已撤销：均不再有效"
    } else {
        "本公告已更正，以更正公告为准"
    }
}

/// The same in one line of each page on paper, with the time and the successor's 公告编号.
pub fn corrected_in_one_line(is_void: bool, since: Moment, successor: &str) -> String {
    if is_void {
        format!("本公告已于 {} 更正，更正公告 {successor} 其后已撤销", since.local())
    } else {
        format!("本公告已于 {} 更正，以更正公告 {successor} 为准", since.local())
    }
}

/// What stands above an announcement that was revoked.
pub const REVOKED: &str = "本公告已撤销，不再有效";

/// The same in one line of each page on paper, with the time.
pub fn revoked_in_one_line(since: Moment) -> String {
    format!("本公告已于 {} 撤销，不再有效", since.local())
}

/// What stands before the text of an announcement that was corrected.
pub const ORIGINAL: &str = "以下为原公告，仅供查阅。";

/// The same of one that was revoked.
pub const ORIGINAL_REVOKED: &str = "以下为原公告，仅供查阅。原公告的附件不再提供。";

/// What a revocation changes: the sums are announced no longer.
pub fn revoked(sme: Money, small_micro: Money) -> Alterations {
    let gone = |item: &str, before: String| Alteration::new("", item, before, "已撤销，不再有效");
    Alterations {
        sums: vec![
            gone("面向中小企业采购金额(万元)", sme.wan()),
            gone("面向小微企业采购金额(万元)", small_micro.wan()),
            gone("占比(%)", Ratio::of(small_micro, sme).to_string()),
        ],
        rows: vec![Alteration::new("", "项目明细", "见下方原文", "已撤销，不再有效")],
        words: Vec::new(),
    }
}

fn shown(lines: &[AnnouncementLine]) -> Vec<&AnnouncementLine> {
    lines.iter().filter(|line| !line.is_removed).collect()
}

fn sums(before: &[AnnouncementLine], after: &[AnnouncementLine]) -> Vec<Alteration> {
    let ((sme, small_micro), (new_sme, new_small_micro)) = (totals(before), totals(after));
    let ratio = |part: Money, whole: Money| Ratio::of(part, whole).to_string();
    vec![
        Alteration::new("", "面向中小企业采购金额(万元)", sme.wan(), new_sme.wan()),
        Alteration::new("", "面向小微企业采购金额(万元)", small_micro.wan(), new_small_micro.wan()),
        Alteration::new("", "占比(%)", ratio(small_micro, sme), ratio(new_small_micro, new_sme)),
        Alteration::new("", "项目数", shown(before).len().to_string(), shown(after).len().to_string()),
    ]
}

/// A row in one sentence, where it came or went as a whole.
fn sentence(values: &LineValues) -> String {
    let measure = values.measure.map(|measure| format!("{}，", measure.label())).unwrap_or_default();
    let percent = values.percent.map(|percent| format!("预留比例 {percent}%，")).unwrap_or_default();
    format!("{measure}{percent}面向中小企业采购 {} 万元，面向小微企业采购 {} 万元", values.sme.wan(), values.small_micro.wan())
}

/// Which rows are the same row: what says the same first, then what came from the same approved line, then a row of the same record
/// and project. A row is matched once.
fn pairs<'a>(before: &[&'a AnnouncementLine], after: &[&'a AnnouncementLine]) -> (Vec<Option<usize>>, Vec<bool>) {
    let mut partner = vec![None; before.len()];
    let mut is_taken = vec![false; after.len()];
    let same: [fn(&AnnouncementLine, &AnnouncementLine) -> bool; 3] = [
        |old, new| old.record == new.record && old.values == new.values,
        |old, new| old.record == new.record && old.approved == new.approved,
        |old, new| old.record == new.record && old.values.project_name == new.values.project_name,
    ];
    for is_same in same {
        for (at, old) in before.iter().enumerate().filter(|(at, _)| partner[*at].is_none()).map(|(at, old)| (at, *old)).collect::<Vec<_>>()
        {
            let found = after.iter().enumerate().position(|(other, new)| !is_taken[other] && is_same(old, new));
            if let Some(found) = found {
                partner[at] = Some(found);
                is_taken[found] = true;
            }
        }
    }
    (partner, is_taken)
}

fn rows(before: &[AnnouncementLine], after: &[AnnouncementLine]) -> Vec<Alteration> {
    let (old, new) = (shown(before), shown(after));
    let (partner, is_taken) = pairs(&old, &new);
    let mut found = Vec::new();
    // Names of projects repeat; with its number in the table of its side a row is found.
    let named = |number: usize, line: &AnnouncementLine| format!("第 {number} 行“{}”", line.values.project_name);
    for ((number, old), partner) in (1..).zip(&old).zip(partner) {
        let place = named(number, old);
        match partner {
            None => found.push(Alteration::new(&place, "整行", sentence(&old.values), "从公告中删除")),
            Some(at) => found.extend(
                LineCell::ALL
                    .into_iter()
                    .map(|cell| Alteration::new(&place, cell.label(), old.values.text(cell), new[at].values.text(cell))),
            ),
        }
    }
    let added = (1..).zip(&new).zip(is_taken).filter(|(_, is_taken)| !is_taken);
    found.extend(added.map(|((number, new), _)| Alteration::new(&named(number, new), "整行", "", sentence(&new.values))));
    found.retain(Alteration::is_change);
    found
}

fn words(unit: &str, year: Year, before: Side<'_>, after: Side<'_>) -> Vec<Alteration> {
    let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
    let mut found = vec![
        Alteration::new("", "公告标题", before.title, after.title),
        Alteration::new("", "公告截止时间", day(before.expires_on), day(after.expires_on)),
        Alteration::new("", "备注", before.remark.trim(), after.remark.trim()),
    ];
    found.extend(paragraphs(&written(unit, year, before), &written(unit, year, after)));
    found.retain(Alteration::is_change);
    found
}

/// A paragraph of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Paragraph {
    /// With figures that are the same on both sides, so that only what was written differs.
    compared: String,
    /// As it stood in the announcement.
    shown: String,
}

/// The paragraphs of a side, without the 明细 and the 备注, which are compared by themselves.
fn written(unit: &str, year: Year, side: Side<'_>) -> Vec<Paragraph> {
    let Some(document) = side.document else { return Vec::new() };
    let nobodys = figures(unit, year, "", None, &[]);
    let own = Figures { lines: Vec::new(), ..figures(unit, year, "", None, side.lines) };
    let (compared, shown) = (plain_text(document, &nobodys), plain_text(document, &own));
    // Figures fill a paragraph and never make one; were it otherwise, what was compared would still be right.
    let shown = if compared.lines().count() == shown.lines().count() { &shown } else { &compared };
    let pair = |(compared, shown): (&str, &str)| Paragraph { compared: compared.to_owned(), shown: shown.to_owned() };
    compared.lines().zip(shown.lines()).map(pair).collect()
}

/// Most paragraphs of a side that are compared one by one; longer texts only say that they differ.
const PARAGRAPHS: usize = 1_000;

/// The paragraphs that differ, by the longest common sequence; one that went and one that came at the same place are one change.
fn paragraphs(old: &[Paragraph], new: &[Paragraph]) -> Vec<Alteration> {
    if old.len().max(new.len()) > PARAGRAPHS {
        let words = |side: &[Paragraph]| format!("{} 段", side.len());
        let texts = |side: &[Paragraph]| side.iter().map(|paragraph| paragraph.compared.clone()).collect::<Vec<_>>();
        return if texts(old) == texts(new) {
            Vec::new()
        } else {
            vec![Alteration::new("", "公告正文", words(old), format!("{}，有改动", words(new)))]
        };
    }
    let mut common = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i][j] =
                if old[i].compared == new[j].compared { common[i + 1][j + 1] + 1 } else { common[i + 1][j].max(common[i][j + 1]) };
        }
    }
    let (mut i, mut j, mut found) = (0, 0, Vec::new());
    let (mut gone, mut came) = (Vec::new(), Vec::new());
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i].compared == new[j].compared {
            flush(&mut gone, &mut came, &mut found);
            (i, j) = (i + 1, j + 1);
        } else if j >= new.len() || (i < old.len() && common[i + 1][j] >= common[i][j + 1]) {
            gone.push(old[i].shown.as_str());
            i += 1;
        } else {
            came.push(new[j].shown.as_str());
            j += 1;
        }
    }
    flush(&mut gone, &mut came, &mut found);
    found
}

fn flush(gone: &mut Vec<&str>, came: &mut Vec<&str>, found: &mut Vec<Alteration>) {
    for at in 0..gone.len().max(came.len()) {
        let text = |side: &[&str]| side.get(at).copied().unwrap_or_default().trim().to_owned();
        found.push(Alteration::new("", "公告正文", text(gone), text(came)));
    }
    gone.clear();
    came.clear();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::announcement::figures::sample;
    use crate::domain::announcement::line;
    use crate::domain::announcement::template;
    use crate::domain::contract::Measure;
    use proptest::prelude::*;

    fn line(name: &str, sme: &str) -> AnnouncementLine {
        let values = LineValues {
            project_name: name.into(),
            measure: Some(Measure::Whole),
            percent: None,
            sme: Money::parse_wan(sme).unwrap(),
            small_micro: Money::parse_wan("1").unwrap(),
            url: None,
        };
        line::sample::untouched(1, values)
    }

    fn side<'a>(lines: &'a [AnnouncementLine], document: Option<&'a Document>) -> Side<'a> {
        Side { title: "标题", expires_on: None, remark: "备注", document, lines }
    }

    fn compared(before: &[AnnouncementLine], after: &[AnnouncementLine]) -> Alterations {
        let year = Year::offered(Moment::parse_local("2026-01-01 00:00").unwrap())[0];
        compare("单位", year, side(before, None), side(after, None))
    }

    fn said(found: &[Alteration]) -> Vec<(&str, &str, &str, &str)> {
        found.iter().map(|each| (each.place.as_str(), each.item.as_str(), each.before.as_str(), each.after.as_str())).collect()
    }

    #[test]
    fn e7_rows_that_changed_came_and_went_are_named_with_their_sums() {
        let before = [line("甲", "10"), line("乙", "5"), line("丙", "2")];
        let mut changed = line("甲", "10");
        changed.values.sme = Money::parse_wan("12.5").unwrap();
        let mut removed = line("乙", "5");
        removed.is_removed = true;
        let found = compared(&before, &[changed, removed, line("丙", "2"), line("丁", "3")]);
        assert_eq!(
            said(&found.rows),
            [
                ("第 1 行“甲”", "面向中小企业采购金额(万元)", "10", "12.5"),
                ("第 2 行“乙”", "整行", "整体预留，面向中小企业采购 5 万元，面向小微企业采购 1 万元", "从公告中删除"),
                ("第 3 行“丁”", "整行", "（无）", "整体预留，面向中小企业采购 3 万元，面向小微企业采购 1 万元"),
            ]
        );
        assert_eq!(
            said(&found.sums),
            [
                ("", "面向中小企业采购金额(万元)", "17", "17.5"),
                ("", "面向小微企业采购金额(万元)", "3", "3"),
                ("", "占比(%)", "17.65", "17.14"),
                ("", "项目数", "3", "3"),
            ]
        );
        assert_eq!(found.words, []);
    }

    #[test]
    fn e7_nobody_is_sent_to_a_correction_that_was_revoked() {
        let since = Moment::parse_local("2026-03-15 09:00").unwrap();
        assert!(
            corrected(false).contains("以更正公告为准") && corrected_in_one_line(false, since, "310115-2025-0002").contains("0002 为准")
        );
        assert!(!corrected(true).contains("为准") && corrected_in_one_line(true, since, "310115-2025-0002").ends_with("0002 其后已撤销"));
    }

    #[test]
    fn e7_a_row_under_another_name_is_the_same_row() {
        let mut renamed = line("甲", "10");
        renamed.values.project_name = "甲（二期）".into();
        assert_eq!(said(&compared(&[line("甲", "10")], &[renamed]).rows), [("第 1 行“甲”", "项目名称", "甲", "甲（二期）")]);
    }

    #[test]
    fn e7_the_words_that_changed_are_named_and_figures_of_the_text_are_not() {
        let year = Year::offered(Moment::parse_local("2026-01-01 00:00").unwrap())[0];
        let old = template::official(&sample::figures());
        let mut new = old.clone();
        new.blocks.remove(0);
        let (before, after) = ([line("甲", "10")], [line("甲", "11")]);
        let found = compare(
            "单位",
            year,
            side(&before, Some(&old)),
            Side { title: "新标题", expires_on: Day::new(2026, 12, 31), remark: "", document: Some(&new), lines: &after },
        );
        let named: Vec<_> = found.words.iter().map(|each| (each.item.as_str(), each.after.as_str())).collect();
        assert_eq!(named, [("公告标题", "新标题"), ("公告截止时间", "2026-12-31"), ("备注", "（无）"), ("公告正文", "（无）")]);
    }

    #[test]
    fn e7_a_paragraph_that_was_written_anew_is_shown_with_its_own_figures() {
        let year = Year::offered(Moment::parse_local("2026-01-01 00:00").unwrap())[0];
        let old = template::official(&sample::figures());
        let mut new = old.clone();
        let totals = written("单位", year, side(&[line("甲", "10")], Some(&old)));
        let at = totals.iter().position(|paragraph| paragraph.shown.contains("共计10万元")).expect("the sentence with the totals");
        new.blocks.remove(at);
        let (before, after) = ([line("甲", "10")], [line("甲", "11")]);
        let words = compare("单位", year, side(&before, Some(&old)), side(&after, Some(&new))).words;
        let said: Vec<&str> = words.iter().map(|each| each.before.as_str()).collect();
        assert!(said.len() == 1 && said[0].contains("共计10万元") && !said[0].contains("共计0万元"), "{said:?}");
    }

    proptest! {
        #[test]
        fn e7_no_row_is_lost_and_the_same_lines_differ_in_nothing(
            old in prop::collection::vec(("[甲乙丙]", 1_u32..4), 0..8), new in prop::collection::vec(("[甲乙丙]", 1_u32..4), 0..8),
        ) {
            let lines = |rows: &[(String, u32)]| rows.iter().map(|(name, sme)| line(name, &sme.to_string())).collect::<Vec<_>>();
            let (old, new) = (lines(&old), lines(&new));
            prop_assert_eq!(compared(&old, &old).rows, vec![]);
            let found = compared(&old, &new).rows;
            let came = found.iter().filter(|each| each.item == "整行" && each.before == NOTHING).count();
            let went = found.iter().filter(|each| each.item == "整行" && each.before != NOTHING).count();
            prop_assert_eq!(old.len() + came, new.len() + went);
        }

        #[test]
        fn e7_paragraphs_are_told_apart_whatever_they_are(old in prop::collection::vec("[ab]", 0..10), new in prop::collection::vec("[ab]", 0..10)) {
            let written = |side: &[String]| -> Vec<Paragraph> {
                side.iter().map(|text| Paragraph { compared: text.clone(), shown: text.clone() }).collect()
            };
            prop_assert_eq!(paragraphs(&written(&old), &written(&new)).iter().any(Alteration::is_change), old != new);
        }
    }
}
