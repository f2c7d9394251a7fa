//! The form's state: what stands in the fields, what is stored, and what there is to say about it.

use super::api::{ContractForm, ContractKey, ContractOnly, contract, contract_twin, save_contract};
use super::conflict::Overtaken;
use super::fields::field_id;
use super::{ContractView, EmptyForm, Twin};
use crate::app::kept::Keeper;
use crate::domain::calendar::Moment;
use crate::domain::contract::YearBasis;
use crate::domain::ids::ContractId;
use crate::domain::kept::Fields;
use crate::domain::sheet::{Column, Draft, FormReading};
use crate::error::AppError;
use crate::features::approvals::Event;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::HtmlElement;
use std::collections::BTreeSet;

/// A form being filled; cheap to copy.
#[derive(Clone, Copy)]
pub struct Entry {
    /// What stands in the fields.
    pub draft: RwSignal<Draft>,
    /// What is stored; of a new contract, what the empty form began with.
    base: RwSignal<Draft>,
    /// The contract and the version that was seen; `None` for a new one.
    pub at: RwSignal<Option<(ContractId, i64)>>,
    /// What can be read of the fields.
    pub reading: Memo<FormReading>,
    /// The fields that were left once: what is wrong with them is said from then on.
    touched: RwSignal<BTreeSet<Column>>,
    /// What the server refused, at its field.
    refused: RwSignal<Option<(Column, String)>>,
    /// What the server refused as a whole.
    pub problem: RwSignal<Option<AppError>>,
    /// Another contract with the same key.
    pub twin: RwSignal<Option<Twin>>,
    /// What another person has written meanwhile.
    pub overtaken: RwSignal<Option<Overtaken>>,
    /// What was done with the contract.
    pub events: RwSignal<Vec<Event>>,
    /// Counts how often the fields are drawn anew with the draft's texts.
    pub drawn: RwSignal<u32>,
    /// By which date contracts stand in a year.
    pub basis: YearBasis,
    /// The safety copy.
    pub kept: Keeper,
}

/// What a save led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saved {
    /// A new contract.
    New(ContractId),
    /// Over the version that was seen.
    Changed,
    /// Not stored; the form says why.
    Refused,
}

impl Entry {
    /// For a new contract.
    pub fn new(empty: EmptyForm) -> Entry {
        Entry::from(None, empty.draft, Vec::new(), empty.basis, "contract-new".to_owned(), empty.now)
    }

    /// For a stored contract of the unit's own.
    pub fn of(view: &ContractView) -> Entry {
        let subject = format!("contract-{}", view.id);
        let at = Some((view.id.clone(), view.version));
        Entry::from(at, Draft::of(&view.contract), view.events.clone(), view.basis, subject, view.now)
    }

    fn from(at: Option<(ContractId, i64)>, base: Draft, events: Vec<Event>, basis: YearBasis, subject: String, now: Moment) -> Entry {
        let draft = RwSignal::new(base.clone());
        Entry {
            draft,
            base: RwSignal::new(base),
            at: RwSignal::new(at),
            reading: Memo::new(move |_| draft.with(Draft::read)),
            touched: RwSignal::default(),
            refused: RwSignal::new(None),
            problem: RwSignal::new(None),
            twin: RwSignal::new(None),
            overtaken: RwSignal::new(None),
            events: RwSignal::new(events),
            drawn: RwSignal::new(0),
            basis,
            kept: Keeper::new(subject, now),
        }
    }

    /// Whether anything is typed that is not stored.
    pub fn is_changed(self) -> bool {
        self.draft.with(|draft| self.base.with(|base| draft != base))
    }

    /// What is wrong in a field, once it was left.
    pub fn error(self, column: Column) -> Option<String> {
        let refused = self.refused.with(|refused| refused.as_ref().filter(|(at, _)| *at == column).map(|(_, words)| words.clone()));
        let is_touched = self.touched.with(|touched| touched.contains(&column));
        let read = || self.reading.with(|reading| reading.error(column).filter(|_| is_touched).map(str::to_owned));
        let twin =
            || (column == Column::ContractNo && self.twin.with(Option::is_some)).then(|| "本单位已有合同编号和标项都相同的合同".to_owned());
        read().or(refused).or_else(twin)
    }

    /// What should be looked at in a field, once it was left.
    pub fn doubts(self, column: Column) -> Vec<String> {
        let is_touched = self.touched.with(|touched| touched.contains(&column));
        self.reading.with(|reading| reading.doubts(column).filter(|_| is_touched).map(str::to_owned).collect())
    }

    /// Takes what was typed.
    pub fn write(self, column: Column, text: String) {
        self.draft.update(|draft| draft.set(column, text));
        if self.refused.with_untracked(|refused| refused.as_ref().is_some_and(|(at, _)| *at == column)) {
            self.refused.set(None);
        }
        if matches!(column, Column::ContractNo | Column::Lot) {
            self.twin.set(None);
        }
        self.keep();
    }

    /// A field was left.
    pub fn leave(self, column: Column) {
        self.touched.update(|touched| {
            touched.insert(column);
        });
        if matches!(column, Column::ContractNo | Column::Lot) {
            self.look_for_twin();
        }
    }

    /// Asks whether the key is another contract's.
    fn look_for_twin(self) {
        let key = self.draft.with_untracked(|draft| ContractKey {
            contract_no: draft.get(Column::ContractNo).to_owned(),
            lot: draft.get(Column::Lot).to_owned(),
            except: self.at.with_untracked(|at| at.as_ref().map(|(id, _)| id.clone())),
        });
        if key.contract_no.trim().is_empty() {
            return;
        }
        leptos::task::spawn_local(async move {
            let is_still = |key: &ContractKey| {
                let same = |draft: &Draft| draft.get(Column::ContractNo) == key.contract_no && draft.get(Column::Lot) == key.lot;
                self.draft.try_with_untracked(same).unwrap_or(false)
            };
            // A question that could not be asked is asked again by the save.
            if let Ok(twin) = contract_twin(key.clone()).await
                && is_still(&key)
            {
                self.twin.set(twin);
            }
        });
    }

    /// Lets the browser keep what is not stored.
    fn keep(self) {
        let wanted: Fields = self.draft.with_untracked(|draft| {
            let changed = self.base.with_untracked(|base| draft.differing(base));
            changed.into_iter().map(|column| (column.alias().to_owned(), draft.get(column).to_owned())).collect()
        });
        self.kept.keep(wanted);
    }

    /// Takes texts that were typed in an earlier visit.
    pub fn restore(self, texts: impl IntoIterator<Item = (Column, String)>) {
        for (column, text) in texts {
            self.write(column, text);
            self.leave(column);
        }
        self.redraw();
    }

    /// Draws the fields anew.
    pub fn redraw(self) {
        self.drawn.update(|drawn| *drawn += 1);
    }

    /// An empty form for the next contract.
    pub fn begin_anew(self) {
        self.draft.set(self.base.get_untracked());
        self.touched.set(BTreeSet::new());
        self.refused.set(None);
        self.twin.set(None);
        self.keep();
        self.redraw();
    }

    /// Says everything that is wrong and goes to the first of it; whether nothing is.
    pub fn is_complete(self) -> bool {
        self.touched.set(Column::ALL.into_iter().collect());
        let first = self.reading.with_untracked(|reading| reading.errors().next().map(|(column, _)| column));
        let first = first.or_else(|| self.twin.with_untracked(|twin| twin.as_ref().map(|_| Column::ContractNo)));
        if let Some(column) = first {
            focus(column);
        }
        first.is_none()
    }

    /// Stores what stands in the fields.
    pub async fn save(self) -> Saved {
        self.problem.set(None);
        self.refused.set(None);
        let (draft, at) = (self.draft.get_untracked(), self.at.get_untracked());
        let (id, version) = at.clone().map_or((None, 0), |(id, version)| (Some(id), version));
        match save_contract(ContractForm { id, version, draft: draft.clone() }).await {
            Ok(stored) => {
                if at.is_none() {
                    // Nothing of it is offered again.
                    self.kept.keep(Fields::new());
                    return Saved::New(stored.id);
                }
                self.overtaken.set(None);
                self.base.set(draft);
                self.at.set(Some((stored.id.clone(), stored.version)));
                self.keep();
                if let Ok(view) = contract(ContractOnly { id: stored.id }).await {
                    self.events.set(view.events);
                }
                Saved::Changed
            }
            Err(AppError::Conflict(_)) if at.is_some() => {
                self.meet(at).await;
                Saved::Refused
            }
            Err(AppError::NotFound) if at.is_some() => {
                self.is_gone();
                Saved::Refused
            }
            Err(AppError::InvalidField { field, message }) if Column::from_alias(&field).is_some() => {
                let column = Column::from_alias(&field).unwrap_or(Column::ContractNo);
                self.refused.set(Some((column, message)));
                focus(column);
                if column == Column::ContractNo {
                    self.look_for_twin();
                }
                Saved::Refused
            }
            Err(error) => {
                self.problem.set(Some(error));
                Saved::Refused
            }
        }
    }

    /// Reads what another person has stored meanwhile and lays what was typed here over it.
    async fn meet(self, at: Option<(ContractId, i64)>) {
        let Some((id, _)) = at else { return };
        match contract(ContractOnly { id: id.clone() }).await {
            Ok(view) => {
                let (base, theirs) = (self.base.get_untracked(), Draft::of(&view.contract));
                let mut mine = self.draft.get_untracked();
                let both = mine.merge(&base, &theirs);
                let overtaken = Overtaken::new(&view, &base.as_stored(), &theirs, both);
                self.draft.set(mine);
                self.base.set(theirs);
                self.at.set(Some((id, view.version)));
                self.events.set(view.events);
                self.overtaken.set(Some(overtaken));
                self.keep();
                self.redraw();
            }
            Err(AppError::NotFound) => self.is_gone(),
            Err(error) => self.problem.set(Some(error)),
        }
    }

    /// The contract was deleted meanwhile: what stands here can become a new one.
    fn is_gone(self) {
        self.at.set(None);
        self.problem.set(Some(AppError::Conflict("该合同已被他人删除。您填写的内容仍在本页，再次点击「保存」将作为新合同录入".to_owned())));
    }
}

/// Puts the focus into a field.
pub fn focus(column: Column) {
    let id = field_id(column);
    request_animation_frame(move || {
        let found = document().get_element_by_id(&id).and_then(|found| found.dyn_into::<HtmlElement>().ok());
        if let Some(element) = found {
            _ = element.focus();
        }
    });
}
