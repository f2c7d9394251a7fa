//! What a contract lacks, asked for where it is explained: the cells that are wrong or missing, and the reason.

use super::super::api::{LineEdit, save_line};
use crate::app::Tell;
use crate::domain::contract::{Measure, Source};
use crate::domain::ids::{LineId, RecordId};
use crate::domain::record::line::{Line, LineCell, LineRules, Weight};
use crate::error::AppError;
use crate::ui::{Again, Field, Problem};
use leptos::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What stands in the forms of the page and is not saved, by line and cell: a line that is drawn anew finds its texts here.
#[derive(Clone, Copy, Default)]
pub struct Drafts(StoredValue<BTreeMap<(LineId, LineCell), String>>);

impl Drafts {
    fn note(self, line: &LineId, cell: LineCell, text: String) {
        self.0.try_update_value(|drafts| _ = drafts.insert((line.clone(), cell), text));
    }

    fn of(self, line: &LineId, cell: LineCell) -> Option<String> {
        self.0.with_value(|drafts| drafts.get(&(line.clone(), cell)).cloned())
    }

    fn saved(self, line: &LineId) {
        self.0.try_update_value(|drafts| drafts.retain(|(of, _), _| of != line));
    }
}

/// The form of one line.
#[component]
pub fn Fill(record: StoredValue<RecordId>, line: Line, rules: LineRules, changed: Again) -> impl IntoView {
    let review = line.review(&rules);
    let is_wrong = |cell: LineCell| review.findings.iter().any(|finding| finding.cell == cell && finding.weight == Weight::Error);
    // What follows from another cell can be filled there as well.
    let by_percent = is_wrong(LineCell::Sme) && review.measure.is_some_and(|measure| !measure.is_entire());
    let asks = |cell: &LineCell| {
        let wanted = *cell == LineCell::Reason || is_wrong(*cell) || (*cell == LineCell::Percent && by_percent);
        wanted && line.lock(*cell, &rules).is_none()
    };
    let cells: Vec<LineCell> = LineCell::ALL.into_iter().filter(asks).collect();
    let shown: BTreeMap<LineCell, String> = cells.iter().map(|cell| (*cell, review.text(*cell))).collect();
    let drafts = expect_context::<Drafts>();
    let begun = shown.iter().map(|(cell, text)| (*cell, drafts.of(&line.id, *cell).unwrap_or_else(|| text.clone())));
    let typed = RwSignal::new(begun.collect::<BTreeMap<_, _>>());
    let problem = RwSignal::new(None::<AppError>);
    let tell = expect_context::<Tell>();
    let stored = StoredValue::new((line.clone(), shown.clone()));
    // The line as it would be says what is still wrong; a text that cannot be read says so first.
    let trial = Memo::new(move |_| {
        stored.with_value(|(line, shown)| {
            typed.with(|typed| {
                let mut refused = BTreeMap::new();
                let filled = typed.iter().filter(|(cell, text)| shown.get(cell) != Some(text)).fold(line.clone(), |line, (cell, text)| {
                    line.with(*cell, text, &rules).unwrap_or_else(|why| {
                        refused.insert(*cell, why.to_string());
                        line
                    })
                });
                (filled.review(&rules), refused)
            })
        })
    });
    // Nothing is called wrong before someone was there; 「保存」 asks for all of it.
    let touched = RwSignal::new(typed.with_untracked(|typed| {
        typed.iter().filter(|(cell, text)| shown.get(cell) != Some(text)).map(|(cell, _)| *cell).collect::<BTreeSet<_>>()
    }));
    let error = move |cell: LineCell| {
        Signal::derive(move || {
            if !touched.with(|touched| touched.contains(&cell)) {
                return None;
            }
            problem.with(|problem| problem.as_ref().and_then(|error| error.at_field(cell.code()))).or_else(|| {
                trial.with(|(review, refused)| {
                    let found = review.findings.iter().find(|finding| finding.cell == cell && finding.weight == Weight::Error);
                    refused.get(&cell).cloned().or_else(|| found.map(|finding| finding.message.clone()))
                })
            })
        })
    };
    let save = Action::new(move |(): &()| {
        let (line, cells) = stored.with_value(|(line, shown)| {
            let changed = |typed: &BTreeMap<LineCell, String>| {
                typed
                    .iter()
                    .filter(|(cell, text)| shown.get(cell) != Some(text))
                    .map(|(cell, text)| (*cell, text.clone()))
                    .collect::<Vec<_>>()
            };
            (line.clone(), typed.with_untracked(changed))
        });
        async move {
            if cells.is_empty() {
                return;
            }
            let id = line.id.clone();
            match save_line(LineEdit { record: record.get_value(), line: line.id, version: line.version, cells }).await {
                Ok(_) => {
                    drafts.saved(&id);
                    tell.ok("已保存");
                    changed.notify();
                }
                Err(error) => problem.set(Some(error)),
            }
        }
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        problem.set(None);
        touched.set(typed.with_untracked(|typed| typed.keys().copied().collect()));
        save.dispatch(());
    };
    let general = move || {
        let general = problem.get().filter(|error| !matches!(error, AppError::InvalidField { .. }));
        general.map(|error| view! { <Problem message=error.to_string() /> })
    };
    let id = line.id.clone();
    let is_own = line.contract().is_some_and(|contract| contract.source == Source::SelfEntered);
    let hint = move |cell: LineCell| match cell {
        LineCell::Reason if is_own => "选填，审核人会看到",
        LineCell::Reason => "补充或改动采集的内容须说明理由，审核人会看到",
        _ => "",
    };
    view! {
        <form novalidate on:submit=submit><div class="explained-fill" role="group" aria-label=format!("补充：{}", review.project_name)>
            {general}
            {cells.into_iter().map(|cell| {
                let text = move || typed.with(|typed| typed.get(&cell).cloned().unwrap_or_default());
                let note = move |text: String| {
                    problem.set(None);
                    touched.update(|touched| _ = touched.insert(cell));
                    stored.with_value(|(line, _)| drafts.note(&line.id, cell, text.clone()));
                    typed.update(|typed| _ = typed.insert(cell, text));
                };
                view! {
                    <Field id=format!("fill-{id}-{}", cell.code()) label=cell.label() hint=hint(cell) error=error(cell) let:control>
                        {if cell == LineCell::Measure {
                            view! {
                                <select class="select" id=control.id.clone() aria-describedby=move || control.described_by.get() aria-invalid=move || control.invalid.get().then_some("true")
                                    prop:value=text on:change=move |event| note(event_target_value(&event))>
                                    <option value="">"请选择"</option>
                                    {Measure::ALL.iter().map(|measure| view! { <option value=measure.label() selected=move || text() == measure.label()>{measure.label()}</option> }).collect_view()}
                                </select>
                            }.into_any()
                        } else {
                            let is_figure = matches!(cell, LineCell::Sme | LineCell::SmallMicro | LineCell::Percent);
                            view! {
                                <input class="input" id=control.id.clone() type=if cell == LineCell::PublishedOn { "date" } else { "text" } autocomplete="off"
                                    data-figure=is_figure.then_some("") inputmode=is_figure.then_some("decimal")
                                    aria-describedby=move || control.described_by.get() aria-invalid=move || control.invalid.get().then_some("true")
                                    prop:value=text on:input=move |event| note(event_target_value(&event)) />
                            }.into_any()
                        }}
                    </Field>
                }
            }).collect_view()}
            <div class="explained-fill-end">
                <button class="button" data-kind="primary" type="submit" disabled=move || save.pending().get()>"保存"</button>
            </div>
        </div></form>
    }
}
