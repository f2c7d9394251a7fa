//! Two people at one contract: what the other has stored meanwhile, what was taken over, and where both have written.

use super::ContractView;
use super::form::{Entry, focus};
use crate::domain::calendar::Moment;
use crate::domain::sheet::{Column, Draft};
use leptos::prelude::*;

/// What another person has stored since the page was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overtaken {
    /// Who and when, as far as the log says.
    by: Option<(String, Moment)>,
    /// Taken over: the column, what stood there, what stands there now.
    taken: Vec<(Column, String, String)>,
    /// Written by both: the column and the other's text.
    both: Vec<(Column, String)>,
}

impl Overtaken {
    /// From what was read first and what is stored now.
    pub fn new(view: &ContractView, base: &Draft, theirs: &Draft, both: Vec<Column>) -> Overtaken {
        let text = |draft: &Draft, column: Column| draft.get(column).to_owned();
        let taken = base.differing(theirs).into_iter().filter(|column| !both.contains(column));
        Overtaken {
            by: view.events.first().map(|event| (event.who.clone(), event.at)),
            taken: taken.map(|column| (column, text(base, column), text(theirs, column))).collect(),
            both: both.into_iter().map(|column| (column, text(theirs, column))).collect(),
        }
    }

    fn without(&self, column: Column) -> Overtaken {
        Overtaken { both: self.both.iter().filter(|(at, _)| *at != column).cloned().collect(), ..self.clone() }
    }
}

/// Says what the other has stored, and asks where both have written.
#[component]
pub fn OvertakenNote(entry: Entry) -> impl IntoView {
    let answer = move |column: Column, theirs: Option<String>| {
        if let Some(text) = theirs {
            entry.write(column, text);
            entry.redraw();
        }
        entry.overtaken.update(|overtaken| *overtaken = overtaken.as_ref().map(|overtaken| overtaken.without(column)));
        focus(column);
    };
    move || {
        entry.overtaken.get().map(|Overtaken { by, taken, both }| {
            let who = by.map_or_else(|| "他人".to_owned(), |(who, at)| format!("{who}于 {} ", at.local()));
            let asks = !both.is_empty();
            view! {
                <div class="alert" data-tone="warn" role="alert">
                    <div class="alert-body stack">
                        <p class="alert-title">{format!("您打开之后，{who}修改了这份合同，您的修改还没有保存。")}</p>
                        {(!taken.is_empty()).then(|| view! {
                            <p>"下列内容您没有改过，已换成最新的："</p>
                            <ul class="diff">{taken.into_iter().map(|(column, before, after)| view! {
                                <li><span class="diff-place">{column.name()}</span>" "<del>{or_empty(before)}</del>" "<ins>{or_empty(after)}</ins></li>
                            }).collect_view()}</ul>
                        })}
                        {asks.then(|| view! {
                            <p>"下列内容双方都改了，本页保留的是您填写的："</p>
                            <ul class="plain stack">{both.into_iter().map(|(column, theirs)| {
                                let mine = entry.draft.with_untracked(|draft| draft.get(column).to_owned());
                                let text = theirs.clone();
                                view! {
                                    <li class="row">
                                        <span class="diff-place">{column.name()}</span>
                                        <span>{format!("您填写：{}；对方填写：{}", or_empty(mine), or_empty(theirs))}</span>
                                        <button class="button" type="button" on:click=move |_| answer(column, Some(text.clone()))>"采用对方的"</button>
                                        <button class="button" type="button" on:click=move |_| answer(column, None)>"保留我的"</button>
                                    </li>
                                }
                            }).collect_view()}</ul>
                        })}
                        <p>"请核对后再次点击「保存」。"</p>
                    </div>
                </div>
            }
        })
    }
}

fn or_empty(text: String) -> String {
    if text.is_empty() { "（空）".to_owned() } else { text }
}
