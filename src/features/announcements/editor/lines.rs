//! What the table of step ② and the live preview share: how a line of the announcement is changed, and the fields of its cells (C4).

use super::super::api::change_announcement_line;
use super::super::seen::LineEdit;
use super::Draft;
use crate::domain::announcement::line::{AnnouncementLine, LineCell, LineChange, LineDraft};
use crate::domain::contract::Measure;
use crate::domain::ids::AnnouncementLineId;
use crate::error::AppError;
use crate::ui::Field;
use leptos::prelude::*;

/// What is wrong: field and words.
pub type Faults = Vec<(&'static str, String)>;

/// Everything that the server would refuse in this change; the browser asks the same rule.
pub fn faults(line: &AnnouncementLine, change: &LineChange, reason: &str) -> Faults {
    match line.changed(change, reason) {
        Ok(_) => Faults::new(),
        Err(refused) => refused.iter().map(|refused| (refused.field(), refused.to_string())).collect(),
    }
}

impl Draft {
    /// Changes a line behind what waits to be saved, and then says how it went; the page shows the line as it is stored.
    pub fn change_line(
        self,
        line: AnnouncementLineId,
        change: LineChange,
        reason: String,
        done: impl FnOnce(Result<(), AppError>) + 'static,
    ) {
        self.saver.then(move |version| async move {
            let edited = match version {
                Ok(version) => change_announcement_line(LineEdit { id: self.id(), version, line, change, reason }).await,
                Err(error) => Err(error),
            };
            match edited {
                Ok(edited) => {
                    self.lines.update(|lines| {
                        if let Some(line) = lines.iter_mut().find(|line| line.id == edited.line.id) {
                            *line = edited.line;
                        }
                    });
                    self.logged().notify();
                    done(Ok(()));
                    Some(edited.saved)
                }
                Err(error) => {
                    done(Err(error));
                    None
                }
            }
        });
    }
}

/// The field of a cell; its id is `{place}-{code}`.
#[component]
pub fn CellField(place: &'static str, cell: LineCell, typed: RwSignal<LineDraft>, error: Signal<Option<String>>) -> impl IntoView {
    let value = move || typed.with(|typed| typed.text(cell).to_owned());
    let put = move |text: String| typed.update(|typed| typed.put(cell, text));
    let chosen = typed.with_untracked(|typed| typed.measure.clone());
    let wide = matches!(cell, LineCell::ProjectName | LineCell::Url);
    let numeric = matches!(cell, LineCell::Percent | LineCell::Sme | LineCell::SmallMicro);
    view! {
        <Field id=format!("{place}-{}", cell.code()) label=cell.label() error wide let:control>
            {if cell == LineCell::Measure {
                view! {
                    <select class="select" id=control.id aria-describedby=control.described_by on:change=move |event| put(event_target_value(&event))>
                        <option value="">"请选择"</option>
                        {Measure::ALL.iter().map(|measure| view! { <option value=measure.label() selected=chosen == measure.label()>{measure.label()}</option> }).collect_view()}
                    </select>
                }.into_any()
            } else {
                view! {
                    <input
                        class="input"
                        id=control.id
                        type="text"
                        inputmode=numeric.then_some("decimal")
                        data-figure=numeric.then_some("")
                        prop:value=value
                        aria-describedby=control.described_by
                        aria-invalid=move || control.invalid.get().then_some("true")
                        on:input=move |event| put(event_target_value(&event))
                    />
                }.into_any()
            }}
        </Field>
    }
}
