//! What differs between two versions of an announcement: 基本信息, 标题, 备注, 正文, lines and files.

use super::text::{self, TextRow};
use super::{Snapshot, VersionFile, VersionLine};
use crate::domain::announcement::diff::{self, Piece};
use crate::domain::announcement::line::LineCell;
use crate::domain::announcement::status::PublishMode;
use crate::domain::money::Money;
use serde::{Deserialize, Serialize};

/// A value that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactChange {
    /// What it is.
    pub label: String,
    /// 改前; empty where nothing stood.
    pub before: String,
    /// 改后; empty where nothing stands.
    pub after: String,
}

/// What happened to a line or a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemChange {
    /// Only the later version has it.
    Added,
    /// Only the earlier version has it.
    Removed,
    /// The announcement leaves it out from now on.
    LeftOut,
    /// The announcement shows it again.
    Restored,
    /// Some of its values differ.
    Edited,
}

impl ItemChange {
    /// The word on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            ItemChange::Added => "新增",
            ItemChange::Removed => "删除",
            ItemChange::LeftOut => "从公告中删除",
            ItemChange::Restored => "恢复",
            ItemChange::Edited => "修改",
        }
    }
}

/// A line or a file that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemDiff {
    /// What happened to it.
    pub change: ItemChange,
    /// What people call it.
    pub name: String,
    /// Its values that differ.
    pub facts: Vec<FactChange>,
    /// Why, where a reason was given.
    pub reason: String,
}

/// Everything that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// 基本信息 and the sums.
    pub facts: Vec<FactChange>,
    /// 公告标题; empty where it is the same.
    pub title: Vec<Piece>,
    /// 备注; empty where it is the same.
    pub remark: Vec<Piece>,
    /// 公告正文, all rows; nothing where it is the same.
    pub text: Vec<TextRow>,
    /// The lines.
    pub lines: Vec<ItemDiff>,
    /// The files.
    pub files: Vec<ItemDiff>,
    /// Whether the files stand in another order.
    pub is_reordered: bool,
}

impl Comparison {
    /// Whether nothing differs.
    pub const fn is_empty(&self) -> bool {
        self.facts.is_empty()
            && self.title.is_empty()
            && self.remark.is_empty()
            && self.text.is_empty()
            && self.lines.is_empty()
            && self.files.is_empty()
            && !self.is_reordered
    }
}

/// Compares two versions.
pub fn compare(old: &Snapshot, new: &Snapshot) -> Comparison {
    let words = |old: &str, new: &str| if old == new { Vec::new() } else { diff::words(old, new) };
    let text = if old.document == new.document { Vec::new() } else { text::compare(old.document.as_ref(), new.document.as_ref()) };
    let is_reordered = {
        let kept = |files: &[VersionFile], others: &[VersionFile]| {
            files.iter().filter(|file| others.iter().any(|other| other.id == file.id)).map(|file| file.id.clone()).collect::<Vec<_>>()
        };
        kept(&old.head.files, &new.head.files) != kept(&new.head.files, &old.head.files)
    };
    Comparison {
        facts: facts(old, new),
        title: words(&old.head.title, &new.head.title),
        remark: words(&old.head.remark, &new.head.remark),
        text,
        lines: items(&old.lines, &new.lines, |a, b| a.id == b.id, line),
        files: items(&old.head.files, &new.head.files, |a, b| a.id == b.id, file),
        is_reordered,
    }
}

fn fact(label: &str, before: String, after: String) -> Option<FactChange> {
    (before != after).then(|| FactChange { label: label.to_owned(), before, after })
}

/// An amount of a line.
type Amount = fn(&VersionLine) -> Money;

fn facts(old: &Snapshot, new: &Snapshot) -> Vec<FactChange> {
    let mode = |of: &Snapshot| match of.head.mode {
        PublishMode::OnApproval => of.head.mode.label().to_owned(),
        PublishMode::At(at) => format!("{} {}", of.head.mode.label(), at.local()),
    };
    let ends = |of: &Snapshot| of.head.expires_on.map(|day| day.to_string()).unwrap_or_default();
    let sum = |of: &Snapshot, amount: Amount| of.lines.iter().filter(|line| !line.is_removed).map(amount).sum::<Money>().wan();
    let (sme, small): (Amount, Amount) = (|line| line.values.sme, |line| line.values.small_micro);
    [
        fact("行政区划", old.head.district.name().to_owned(), new.head.district.name().to_owned()),
        fact("发布类型", mode(old), mode(new)),
        fact("公告截止时间", ends(old), ends(new)),
        fact("面向中小企业采购金额(万元)", sum(old, sme), sum(new, sme)),
        fact("面向小微企业采购金额(万元)", sum(old, small), sum(new, small)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Items of two lists, matched by `is_same`; first those of the new list in their order, then those that are gone.
fn items<T>(old: &[T], new: &[T], is_same: fn(&T, &T) -> bool, diff: fn(Option<&T>, Option<&T>) -> Option<ItemDiff>) -> Vec<ItemDiff> {
    let there = new.iter().filter_map(|now| diff(old.iter().find(|before| is_same(before, now)), Some(now)));
    let gone = old.iter().filter(|before| !new.iter().any(|now| is_same(before, now))).filter_map(|before| diff(Some(before), None));
    there.chain(gone).collect()
}

fn line(old: Option<&VersionLine>, new: Option<&VersionLine>) -> Option<ItemDiff> {
    let line = new.or(old)?;
    let text = |of: Option<&VersionLine>, cell| of.map(|line| line.values.text(cell)).unwrap_or_default();
    let facts: Vec<FactChange> =
        LineCell::ALL.into_iter().filter_map(|cell| fact(cell.label(), text(old, cell), text(new, cell))).collect();
    let change = match (old, new) {
        (None, _) => ItemChange::Added,
        (_, None) => ItemChange::Removed,
        (Some(old), Some(new)) if !old.is_removed && new.is_removed => ItemChange::LeftOut,
        (Some(old), Some(new)) if old.is_removed && !new.is_removed => ItemChange::Restored,
        _ if facts.is_empty() && old.map(|line| &line.reason) == new.map(|line| &line.reason) => return None,
        _ => ItemChange::Edited,
    };
    let name = format!("{} · {}", line.unit_name, line.values.project_name);
    Some(ItemDiff { change, name, facts, reason: line.reason.clone() })
}

fn file(old: Option<&VersionFile>, new: Option<&VersionFile>) -> Option<ItemDiff> {
    let file = new.or(old)?;
    let shown = |of: &VersionFile| if of.is_shown { "外网展示" } else { "仅内部流转" }.to_owned();
    let (change, facts) = match (old, new) {
        (None, Some(new)) => (ItemChange::Added, vec![FactChange { label: "展示".to_owned(), before: String::new(), after: shown(new) }]),
        (_, None) => (ItemChange::Removed, Vec::new()),
        (Some(old), Some(new)) => (ItemChange::Edited, vec![fact("展示", shown(old), shown(new))?]),
    };
    Some(ItemDiff { change, name: file.name.clone(), facts, reason: String::new() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::announcement::line::LineValues;
    use crate::domain::announcement::version::Head;
    use crate::domain::calendar::Day;
    use crate::domain::ids::{AnnouncementLineId, AttachmentId};
    use crate::domain::organisation::District;

    fn snapshot() -> Snapshot {
        let id = |end: u8| format!("01890a5d-ac96-774b-bcce-b302099a80{end:02}");
        let line = |end: u8, name: &str, sme: &str| VersionLine {
            id: AnnouncementLineId::parse(&id(end)).unwrap(),
            unit_name: "单位".into(),
            values: LineValues {
                project_name: name.into(),
                measure: None,
                percent: None,
                sme: Money::parse_wan(sme).unwrap(),
                small_micro: Money::parse_wan("1").unwrap(),
                url: None,
            },
            is_removed: false,
            reason: String::new(),
        };
        let file = |end: u8, name: &str| VersionFile {
            id: AttachmentId::parse(&id(end)).unwrap(),
            name: name.into(),
            sha256: "x".into(),
            is_shown: false,
        };
        Snapshot {
            head: Head {
                title: "标题".into(),
                district: District::parse("319900").unwrap(),
                mode: PublishMode::OnApproval,
                expires_on: None,
                remark: String::new(),
                files: vec![file(1, "甲.pdf"), file(2, "乙.pdf")],
            },
            document: None,
            lines: vec![line(1, "项目一", "10"), line(2, "项目二", "5")],
        }
    }

    #[test]
    fn c7_a_version_does_not_differ_from_itself() {
        assert!(compare(&snapshot(), &snapshot()).is_empty());
    }

    #[test]
    fn c7_lines_are_compared_cell_by_cell_with_their_reasons_and_the_sums_follow() {
        let mut new = snapshot();
        new.lines[0].values.sme = Money::parse_wan("12").unwrap();
        new.lines[0].reason = "审计".into();
        new.lines[1].is_removed = true;
        new.lines[1].reason = "涉密".into();
        let found = compare(&snapshot(), &new);
        assert_eq!(found.lines[0].change, ItemChange::Edited);
        assert_eq!(
            found.lines[0].facts,
            [FactChange { label: "面向中小企业采购金额(万元)".into(), before: "10".into(), after: "12".into() }]
        );
        assert_eq!((found.lines[1].change, found.lines[1].reason.as_str()), (ItemChange::LeftOut, "涉密"));
        assert_eq!(found.facts[0], FactChange { label: "面向中小企业采购金额(万元)".into(), before: "15".into(), after: "12".into() });
        assert_eq!(compare(&new, &snapshot()).lines[1].change, ItemChange::Restored);
    }

    #[test]
    fn c7_basics_title_remark_and_files_are_told() {
        let mut new = snapshot();
        new.head.expires_on = Some(Day::parse("2026-12-31").unwrap());
        new.head.title = "新标题".into();
        new.head.remark = "备注".into();
        new.head.files.swap(0, 1);
        new.head.files[0].is_shown = true;
        let found = compare(&snapshot(), &new);
        assert_eq!(found.facts, [FactChange { label: "公告截止时间".into(), before: String::new(), after: "2026-12-31".into() }]);
        assert_eq!(found.title, [Piece::Added("新".into()), Piece::Same("标题".into())]);
        assert_eq!(found.remark, [Piece::Added("备注".into())]);
        assert_eq!((found.files.len(), found.files[0].facts[0].after.as_str(), found.is_reordered), (1, "外网展示", true));
        new.head.files.pop();
        assert_eq!(compare(&snapshot(), &new).files[1].change, ItemChange::Removed);
    }
}
