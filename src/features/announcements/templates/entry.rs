//! The form's state: what stands in the fields, what is stored, and what another administrator has stored meanwhile.

use super::super::editor::rich::Slot;
use super::api::{StoredTemplate, TemplateForm, TemplateView, TemplateWhich, notice_template, save_notice_template};
use crate::app::kept::Keeper;
use crate::domain::announcement::document::Document;
use crate::domain::announcement::template::draft::{Draft, Fault, Field};
use crate::domain::announcement::template::pattern::TitlePattern;
use crate::domain::calendar::Moment;
use crate::domain::ids::TemplateId;
use crate::domain::kept::{Entry as Left, Fields};
use crate::error::AppError;
use crate::ui::Again;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::HtmlElement;

/// A template being written; cheap to copy.
#[derive(Clone, Copy)]
pub struct Entry {
    /// What stands in the fields.
    pub draft: RwSignal<Draft>,
    /// What is stored; of a new template, what the form began with.
    base: RwSignal<Draft>,
    /// The template and the version that was seen; `None` for a new one.
    pub at: RwSignal<Option<(TemplateId, i64)>>,
    /// What is wrong with the fields.
    faults: Memo<Vec<Fault>>,
    /// Whether a save was tried: what is wrong is said at its field from then on.
    pub is_tried: RwSignal<bool>,
    /// What the server refused, at its field.
    refused: RwSignal<Option<(Field, String)>>,
    /// What the server refused as a whole.
    pub problem: RwSignal<Option<AppError>>,
    /// What another person has stored meanwhile.
    pub overtaken: RwSignal<Option<Overtaken>>,
    /// When it was stored from this page.
    pub saved_at: RwSignal<Option<Moment>>,
    /// Says that 修改记录 has grown.
    pub stored: Again,
    /// The safety copy.
    pub kept: Keeper,
    /// The open editor of 公告正文.
    pub rich: Slot,
}

/// What another administrator has stored since the page was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overtaken {
    /// Who and when, as far as the versions say.
    pub by: Option<(String, Moment)>,
    /// The fields that were taken over, because nothing was typed into them here.
    pub taken: Vec<Field>,
    /// The fields that both have changed, with the other's text.
    pub both: Vec<(Field, String)>,
}

/// What a save led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A new template.
    New(TemplateId),
    /// Over the version that was seen.
    Changed,
    /// Not stored; the page says why.
    Refused,
}

impl Entry {
    /// For a new template, which begins with a copy of another one.
    pub fn copy_of(view: &TemplateView) -> Entry {
        // Name, place and years are the new one's own.
        let name = format!("{}（副本）", view.draft.name);
        let year = view.now.day().year() - 1;
        let draft = Draft { name, from: year.to_string(), to: String::new(), ..view.draft.clone() };
        Entry::new(None, draft, "template-new".to_owned(), view.now)
    }

    /// For a stored template.
    pub fn of(id: TemplateId, view: &TemplateView) -> Entry {
        let subject = format!("template-{id}");
        Entry::new(Some((id, view.version)), view.draft.clone(), subject, view.now)
    }

    fn new(at: Option<(TemplateId, i64)>, base: Draft, subject: String, now: Moment) -> Entry {
        let draft = RwSignal::new(base.clone());
        Entry {
            draft,
            base: RwSignal::new(base),
            at: RwSignal::new(at),
            faults: Memo::new(move |_| draft.with(Draft::check).err().unwrap_or_default()),
            is_tried: RwSignal::new(false),
            refused: RwSignal::new(None),
            problem: RwSignal::new(None),
            overtaken: RwSignal::new(None),
            saved_at: RwSignal::new(None),
            stored: Again::new(),
            kept: Keeper::new(subject, now),
            rich: Slot::new(),
        }
    }

    /// Whether anything is typed that is not stored.
    pub fn is_changed(self) -> bool {
        self.draft.with(|draft| self.base.with(|base| !draft.differing(base).is_empty()))
    }

    /// What is wrong in a field, once a save was tried.
    pub fn error(self, field: Field) -> Option<String> {
        let refused = self.refused.with(|refused| refused.as_ref().filter(|(at, _)| *at == field).map(|(_, words)| words.clone()));
        let read = || self.faults.with(|faults| faults.iter().find(|fault| fault.field == field).map(|fault| fault.message.clone()));
        refused.or_else(|| self.is_tried.get().then(read).flatten())
    }

    /// The text as it can be read, and the title.
    pub fn read(self) -> (Option<Document>, Option<TitlePattern>) {
        self.draft.with(|draft| (Document::parse(&draft.document).ok(), TitlePattern::parse(&draft.title).ok()))
    }

    /// Takes what was typed.
    pub fn write(self, field: Field, text: String) {
        self.draft.update(|draft| draft.put(field, text));
        if self.refused.with_untracked(|refused| refused.as_ref().is_some_and(|(at, _)| *at == field)) {
            self.refused.set(None);
        }
        self.keep();
    }

    /// Puts another text into a field, also into the open editor.
    pub fn replace(self, field: Field, text: String) {
        if field == Field::Document {
            self.rich.with(|rich| rich.set_document(&text));
        }
        self.write(field, text);
    }

    /// Takes what stands in the editor and was not reported yet.
    fn flush(self) {
        if let Some(json) = self.rich.json()
            && self.draft.with_untracked(|draft| !Document::same(&draft.document, &json))
        {
            self.write(Field::Document, json);
        }
    }

    /// Lets the browser keep what is not stored.
    fn keep(self) {
        let wanted: Fields = self.draft.with_untracked(|draft| {
            let changed = self.base.with_untracked(|base| draft.differing(base));
            changed.into_iter().map(|field| (field.code().to_owned(), draft.text(field).to_owned())).collect()
        });
        self.kept.keep(wanted);
    }

    /// Whether the page shows exactly what an earlier visit kept.
    pub fn shows(self, left: &Left) -> bool {
        let Some(field) = Field::from_code(&left.field) else { return true };
        let mut other = self.draft.get_untracked();
        other.put(field, left.text.clone());
        self.draft.with_untracked(|draft| draft.differing(&other).is_empty())
    }

    /// Stores what stands in the fields.
    pub async fn save(self) -> Outcome {
        self.flush();
        self.problem.set(None);
        self.refused.set(None);
        self.is_tried.set(true);
        if let Some(first) = self.faults.with_untracked(|faults| faults.first().map(|fault| fault.field)) {
            focus(first);
            return Outcome::Refused;
        }
        let (draft, at) = (self.draft.get_untracked(), self.at.get_untracked());
        let (id, version) = at.clone().map_or((None, 0), |(id, version)| (Some(id), version));
        match save_notice_template(TemplateForm { id, version, draft: draft.clone() }).await {
            Ok(StoredTemplate { id, version, at: when }) => {
                self.overtaken.set(None);
                self.base.set(draft);
                self.keep();
                if at.is_none() {
                    return Outcome::New(id);
                }
                self.at.set(Some((id, version)));
                self.saved_at.set(Some(when));
                self.stored.notify();
                Outcome::Changed
            }
            Err(AppError::Conflict(_)) if at.is_some() => {
                self.meet(at).await;
                Outcome::Refused
            }
            Err(AppError::NotFound) if at.is_some() => {
                self.is_gone();
                Outcome::Refused
            }
            Err(AppError::InvalidField { field, message }) if Field::from_code(&field).is_some() => {
                if let Some(field) = Field::from_code(&field) {
                    self.refused.set(Some((field, message)));
                    focus(field);
                }
                Outcome::Refused
            }
            Err(error) => {
                self.problem.set(Some(error));
                Outcome::Refused
            }
        }
    }

    /// Reads what another person has stored meanwhile and lays what was typed here over it.
    async fn meet(self, at: Option<(TemplateId, i64)>) {
        let Some((id, _)) = at else { return };
        match notice_template(TemplateWhich { id: Some(id.clone()) }).await {
            Ok(view) => {
                let (base, theirs) = (self.base.get_untracked(), view.draft);
                let mut mine = self.draft.get_untracked();
                let both = mine.merge(&base, &theirs);
                let taken: Vec<Field> = theirs.differing(&base).into_iter().filter(|field| !both.contains(field)).collect();
                let text = mine.document.clone();
                if self.draft.with_untracked(|draft| !Document::same(&draft.document, &text)) {
                    self.rich.with(|rich| rich.set_document(&text));
                }
                self.draft.set(mine);
                self.overtaken.set(Some(Overtaken {
                    by: view.versions.first().map(|version| (version.who.clone(), version.at)),
                    taken,
                    both: both.into_iter().map(|field| (field, theirs.text(field).to_owned())).collect(),
                }));
                self.base.set(theirs);
                self.at.set(Some((id, view.version)));
                self.stored.notify();
                self.keep();
            }
            Err(AppError::NotFound) => self.is_gone(),
            Err(error) => self.problem.set(Some(error)),
        }
    }

    /// The template was deleted meanwhile: what stands here can become a new one.
    fn is_gone(self) {
        self.at.set(None);
        self.problem.set(Some(AppError::Conflict("该模板已被他人删除。您填写的内容仍在本页，再次点击「保存」将作为新模板添加".to_owned())));
    }
}

/// The id of a field's control.
pub fn field_id(field: Field) -> String {
    format!("template-{}", field.code())
}

/// Puts the focus into a field; the text's stands on what is wrong with it.
fn focus(field: Field) {
    let id = if field == Field::Document { "template-findings".to_owned() } else { field_id(field) };
    request_animation_frame(move || {
        let found = document().get_element_by_id(&id).and_then(|found| found.dyn_into::<HtmlElement>().ok());
        if let Some(element) = found {
            // An element that cannot be focused is seen all the same.
            let _ = element.focus();
        }
    });
}
