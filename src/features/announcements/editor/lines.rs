//! What the table of step ② and the live preview share: how a line of the announcement is changed, and the fields of its cells (C4).

use super::super::api::change_announcement_line;
use super::super::seen::LineEdit;
use super::Draft;
use crate::domain::announcement::line::{AnnouncementLine, LineCell, LineChange, LineDraft};
use crate::domain::contract::Measure;
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

/// What two people have put into the same cells, in a sentence; nothing where there are none.
pub fn clash_words(clashes: &[LineCell], typed: &LineDraft, now: &LineDraft) -> Option<String> {
    let each = clashes.iter().map(|cell| format!("{}已在别处改为“{}”，您输入的是“{}”", cell.label(), now.text(*cell), typed.text(*cell)));
    (!clashes.is_empty()).then(|| format!("{}。再次保存将以您输入的为准，也可以放弃", each.collect::<Vec<_>>().join("；")))
}

/// The change as it is over the line that stands now; refused where another person has changed what it is about.
fn joined(before: &AnnouncementLine, now: &AnnouncementLine, change: LineChange) -> Result<LineChange, AppError> {
    match change {
        LineChange::Edit(typed) => {
            let now = now.values.draft();
            let (draft, clashes) = typed.over(&before.values.draft(), &now);
            clash_words(&clashes, &typed, &now).map_or(Ok(LineChange::Edit(draft)), |words| Err(AppError::Conflict(words)))
        }
        LineChange::Remove if now.values != before.values => {
            Err(AppError::Conflict("这一行刚刚在别处修改过，请看过最新内容后再删除".to_owned()))
        }
        other => Ok(other),
    }
}

/// After a refusal because of another person's change: the form stands over the line as it is now, with what was typed.
pub fn stand_over(draft: Draft, before: StoredValue<AnnouncementLine>, typed: RwSignal<LineDraft>) {
    let id = before.with_value(|line| line.id.clone());
    match draft.lines.with_untracked(|lines| lines.iter().find(|line| line.id == id).cloned()) {
        Some(now) if before.with_value(|before| before.values != now.values) => {
            let shown = before.with_value(|before| before.values.draft());
            typed.update(|typed| *typed = typed.over(&shown, &now.values.draft()).0);
            before.set_value(now);
        }
        // The other change is not on the page yet.
        _ => draft.catch_up(),
    }
}

impl Draft {
    /// Changes a line that was seen as `before`, behind what waits to be saved, and then says how it went; the page shows the line as
    /// it is stored.
    pub fn change_line(
        self,
        before: AnnouncementLine,
        change: LineChange,
        reason: String,
        done: impl FnOnce(Result<(), AppError>) + 'static,
    ) {
        self.saver.then(move |version| async move {
            // The page may have caught up with others since, up to this version.
            let now = self.lines.try_with_untracked(|lines| lines.iter().find(|line| line.id == before.id).cloned()).flatten();
            let change = match now {
                Some(now) => joined(&before, &now, change),
                None => Ok(change),
            };
            let edited = match (version, change) {
                (Ok(version), Ok(change)) => {
                    let edit = LineEdit { id: self.id(), version, line: before.id, change, reason };
                    change_announcement_line(edit).await
                }
                (Err(error), _) | (_, Err(error)) => Err(error),
            };
            match edited {
                Ok(edited) => {
                    self.lines.try_update(|lines| {
                        if let Some(line) = lines.iter_mut().find(|line| line.id == edited.line.id) {
                            *line = edited.line;
                        }
                    });
                    self.settle(None);
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
