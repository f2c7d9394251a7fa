//! What is typed into the form of a template, and everything that is wrong with it.

use super::Wording;
use super::pattern::TitlePattern;
use super::scope::{Place, Scope};
use super::wording::findings;
use crate::domain::announcement::diff;
use crate::domain::announcement::document::Document;
use crate::domain::announcement::render::Severity;
use crate::domain::announcement::version::compare::{Comparison, FactChange};
use crate::domain::announcement::version::text::compare;
use crate::domain::calendar::Year;
use crate::domain::ids::TemplateId;
use crate::domain::text::{self, to_half_width};
use serde::{Deserialize, Serialize};

/// Longest 模板名称, in characters.
pub const NAME_MAX: usize = 50;

/// A template as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// 模板名称.
    pub name: String,
    /// 适用地区: the beginning of a code.
    pub place: String,
    /// 起始年度.
    pub from: String,
    /// 适用至 年度; empty while it goes on.
    pub to: String,
    /// 公告标题, with placeholders.
    pub title: String,
    /// 公告正文 as the editor's JSON.
    pub document: String,
}

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// 模板名称.
    Name,
    /// 适用地区.
    Place,
    /// 起始年度.
    From,
    /// 适用至.
    To,
    /// 公告标题.
    Title,
    /// 公告正文.
    Document,
}

impl Field {
    /// All of them, in the order of the form.
    pub const ALL: [Field; 6] = [Field::Name, Field::Place, Field::From, Field::To, Field::Title, Field::Document];

    /// Its name on the network and in the browser's storage.
    pub const fn code(self) -> &'static str {
        match self {
            Field::Name => "name",
            Field::Place => "place",
            Field::From => "from",
            Field::To => "to",
            Field::Title => "title",
            Field::Document => "document",
        }
    }

    /// What the screen calls it.
    pub const fn label(self) -> &'static str {
        match self {
            Field::Name => "模板名称",
            Field::Place => "适用地区",
            Field::From => "起始年度",
            Field::To => "适用至",
            Field::Title => "公告标题",
            Field::Document => "公告正文",
        }
    }

    /// Reads what [`Field::code`] writes.
    pub fn from_code(code: &str) -> Option<Field> {
        Field::ALL.into_iter().find(|field| field.code() == code)
    }
}

/// Something that keeps a template from being stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub field: Field,
    /// What, and what to do.
    pub message: String,
}

/// A template that may be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// 模板名称.
    pub name: String,
    /// Where and for which years.
    pub scope: Scope,
    /// What it says.
    pub wording: Wording,
}

impl Draft {
    /// The text of a field.
    pub fn text(&self, field: Field) -> &str {
        match field {
            Field::Name => &self.name,
            Field::Place => &self.place,
            Field::From => &self.from,
            Field::To => &self.to,
            Field::Title => &self.title,
            Field::Document => &self.document,
        }
    }

    /// Writes a field.
    pub fn put(&mut self, field: Field, text: String) {
        let place = match field {
            Field::Name => &mut self.name,
            Field::Place => &mut self.place,
            Field::From => &mut self.from,
            Field::To => &mut self.to,
            Field::Title => &mut self.title,
            Field::Document => &mut self.document,
        };
        *place = text;
    }

    /// The fields in which the two differ; texts are compared as documents, however they are written.
    pub fn differing(&self, other: &Draft) -> Vec<Field> {
        let differs = |field: &Field| match field {
            Field::Document => !Document::same(&self.document, &other.document),
            field => self.text(*field).trim() != other.text(*field).trim(),
        };
        Field::ALL.into_iter().filter(differs).collect()
    }

    /// Lays what was typed here over what another person has stored meanwhile (`theirs`), both begun from `base`; the fields that both have
    /// changed, to different texts, keep what was typed here and are told.
    pub fn merge(&mut self, base: &Draft, theirs: &Draft) -> Vec<Field> {
        let (mine, others, apart) = (self.differing(base), theirs.differing(base), self.differing(theirs));
        for field in others.iter().filter(|field| !mine.contains(field)) {
            self.put(*field, theirs.text(*field).to_owned());
        }
        apart.into_iter().filter(|field| mine.contains(field) && others.contains(field)).collect()
    }

    /// The form filled with a template.
    pub fn of(name: &str, scope: &Scope, wording: &Wording) -> Draft {
        Draft {
            name: name.to_owned(),
            place: scope.place.code().to_owned(),
            from: scope.from.to_string(),
            to: scope.to.map(|year| year.to_string()).unwrap_or_default(),
            title: wording.title.to_string(),
            document: wording.document.to_json().to_string(),
        }
    }

    /// The template, or everything that is wrong with it, in the order of the form.
    pub fn check(&self) -> Result<Checked, Vec<Fault>> {
        let mut faults = Vec::new();
        let name = text::required(Field::Name.label(), &self.name, NAME_MAX).map_err(|error| fault(Field::Name, error));
        let place = Place::parse(&self.place).map_err(|error| fault(Field::Place, error));
        let from = year(Field::From, &self.from);
        let to = if self.to.trim().is_empty() { Ok(None) } else { year(Field::To, &self.to).map(Some) };
        let to = match (&from, to) {
            (Ok(from), Ok(Some(to))) if to < *from => Err(fault(Field::To, "适用至的年度不能早于起始年度")),
            (_, to) => to,
        };
        let title = TitlePattern::parse(&self.title).map_err(|error| fault(Field::Title, error));
        let document = Document::parse(&self.document).map_err(|error| fault(Field::Document, error));
        if let (Ok(title), Ok(document)) = (&title, &document) {
            let wording = Wording { title: title.clone(), document: document.clone() };
            let wrong = findings(&wording).into_iter().filter(|finding| finding.severity == Severity::Error);
            faults.extend(wrong.map(|finding| fault(Field::Document, finding.message)));
        }
        match (name, place, from, to, title, document) {
            (Ok(name), Ok(place), Ok(from), Ok(to), Ok(title), Ok(document)) if faults.is_empty() => {
                Ok(Checked { name, scope: Scope { place, from, to }, wording: Wording { title, document } })
            }
            (name, place, from, to, title, document) => {
                faults.extend([name.err(), place.err(), from.err(), to.err(), title.err(), document.err()].into_iter().flatten());
                faults.sort_by_key(|fault| fault.field);
                Err(faults)
            }
        }
    }
}

fn fault(field: Field, message: impl ToString) -> Fault {
    Fault { field, message: message.to_string() }
}

fn year(field: Field, text: &str) -> Result<Year, Fault> {
    let typed = to_half_width(text);
    let number = typed.trim().trim_end_matches("年度").trim_end_matches('年').trim().parse::<i32>().ok();
    number.and_then(|number| Year::try_from(number).ok()).ok_or_else(|| {
        let (first, last) = (Year::NUMBERS.start(), Year::NUMBERS.end());
        fault(field, format!("{}请填写 {first}—{last} 之间的四位数字，如 2025", field.label()))
    })
}

/// Why a template cannot stand beside another: both would have one name, or serve the same place from the same 年度.
pub fn beside<'t>(
    checked: &Checked,
    id: Option<&TemplateId>,
    others: impl Iterator<Item = (&'t TemplateId, &'t str, &'t Scope)>,
) -> Option<Fault> {
    others.filter(|(other, ..)| Some(*other) != id).find_map(|(_, name, scope)| {
        if name == checked.name {
            Some(fault(Field::Name, format!("已有名为「{name}」的模板，请换一个名称")))
        } else if (&scope.place, scope.from) == (&checked.scope.place, checked.scope.from) {
            let (place, from) = (&scope.place, scope.from);
            Some(fault(Field::From, format!("{place} {from} 年度起已有模板「{name}」，请修改那一份，或换一个起始年度")))
        } else {
            None
        }
    })
}

/// What differs between two versions of a template.
pub fn difference(old: &Checked, new: &Checked) -> Comparison {
    let facts = [
        (Field::Name.label(), old.name.clone(), new.name.clone()),
        (Field::Place.label(), old.scope.place.label(), new.scope.place.label()),
        ("适用年度", old.scope.years(), new.scope.years()),
    ];
    let facts = facts.into_iter().filter(|(_, before, after)| before != after);
    let (before, after) = (&old.wording, &new.wording);
    Comparison {
        facts: facts.map(|(label, before, after)| FactChange { label: label.to_owned(), before, after }).collect(),
        title: if before.title == after.title { Vec::new() } else { diff::words(before.title.as_str(), after.title.as_str()) },
        remark: Vec::new(),
        text: if before.document == after.document { Vec::new() } else { compare(Some(&before.document), Some(&after.document)) },
        lines: Vec::new(),
        files: Vec::new(),
        is_reordered: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Draft {
        let scope = Scope { place: Place::parse("31").unwrap(), from: Year::try_from(2024).unwrap(), to: None };
        Draft::of("上海模板", &scope, &Wording::official())
    }

    fn faults(change: impl FnOnce(&mut Draft)) -> Vec<(Field, String)> {
        let mut draft = draft();
        change(&mut draft);
        draft.check().err().unwrap_or_default().into_iter().map(|fault| (fault.field, fault.message)).collect()
    }

    #[test]
    fn c7_a_whole_form_makes_a_template_and_the_template_the_form() {
        let checked = draft().check().unwrap();
        assert_eq!(Draft::of(&checked.name, &checked.scope, &checked.wording), draft());
        assert_eq!(draft().differing(&Draft { from: " 2024 ".into(), to: "2025".into(), ..draft() }), [Field::To]);
    }

    #[test]
    fn c7_of_two_administrators_nobody_overwrites_the_other_unasked() {
        let base = draft();
        let mut mine = Draft { name: "甲".into(), to: "2025".into(), ..draft() };
        let theirs = Draft { name: "乙".into(), from: "2023".into(), to: "2025".into(), ..draft() };
        assert_eq!(mine.merge(&base, &theirs), [Field::Name]);
        assert_eq!(mine, Draft { name: "甲".into(), ..theirs });
    }

    #[test]
    fn c7_a_version_tells_what_it_changed() {
        let old = draft().check().unwrap();
        let new =
            Draft { to: "2025".into(), title: "｛单位名称｝｛年度｝年面向中小企业预留情况公告".into(), ..draft() }.check().unwrap();
        let found = difference(&old, &new);
        assert_eq!(found.facts, [FactChange { label: "适用年度".into(), before: "2024 年度起".into(), after: "2024 — 2025 年度".into() }]);
        assert!(!found.title.is_empty() && found.text.is_empty());
        assert!(difference(&old, &old).is_empty());
    }

    #[test]
    fn c7_everything_wrong_is_said_at_its_field_at_once() {
        let found = faults(|draft| {
            *draft = Draft {
                name: " ".into(),
                place: "32".into(),
                from: "去年".into(),
                to: "1999".into(),
                title: "公告".into(),
                document: "{".into(),
            };
        });
        assert_eq!(found.iter().map(|(field, _)| *field).collect::<Vec<_>>(), Field::ALL);
        assert!(found[2].1.contains("起始年度请填写"), "{found:?}");
        let found = faults(|draft| draft.to = "2023年".into());
        assert_eq!(found, [(Field::To, "适用至的年度不能早于起始年度".to_owned())]);
        let found = faults(|draft| draft.document = r#"{"type":"doc","content":[{"type":"paragraph"}]}"#.into());
        assert!(found.len() >= 6 && found.iter().all(|(field, _)| *field == Field::Document), "{found:?}");
    }

    #[test]
    fn c7_two_templates_of_one_place_do_not_begin_in_one_year() {
        let id = |last: u8| TemplateId::parse(&format!("01890a5d-ac96-774b-bcce-b302099a80{last:02x}")).unwrap();
        let (own, other) = (id(1), id(2));
        let checked = draft().check().unwrap();
        let against = |id, name: &str, scope: &Scope| beside(&checked, id, [(&other, name, scope)].into_iter()).map(|fault| fault.field);
        assert_eq!(against(Some(&own), "别的", &checked.scope), Some(Field::From));
        assert_eq!(against(None, "上海模板", &Scope { from: Year::try_from(2025).unwrap(), ..checked.scope.clone() }), Some(Field::Name));
        assert_eq!(against(None, "别的", &Scope { place: Place::default(), ..checked.scope.clone() }), None);
        assert_eq!(against(Some(&other), "上海模板", &checked.scope), None, "it does not stand in its own way");
    }
}
