//! What waits on the page for its reason, and its copy in the browser (C4): the cells of the spreadsheet, the form that is open over a
//! line, the reasons. The rules stand in `domain::announcement::waiting`.
//!
//! Always: whatever is typed lies in the browser before the next key, and goes from there only when it is stored or the person lets it go.

use super::Draft;
use crate::app::Tell;
use crate::domain::announcement::line::{AnnouncementLine, LineCell, LineDraft};
use crate::domain::announcement::waiting::kept::{Place, REASON, fields, is_of_lines, of_form};
use crate::domain::announcement::waiting::{Standing, Told, Waiting};
use crate::domain::ids::AnnouncementLineId;
use crate::domain::kept::{Fields, Groups};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What of the page's own state is about what waits.
#[derive(Clone, Copy)]
pub struct Reasons {
    /// The reason for everything that waits.
    pub all: RwSignal<String>,
    /// Reasons that were given last for single lines: the next form over the line begins with it.
    pub of_lines: StoredValue<BTreeMap<AnnouncementLineId, String>>,
    /// Whether the lines are shown as a spreadsheet.
    pub is_sheet: RwSignal<bool>,
}

impl Reasons {
    /// None given.
    pub fn new() -> Reasons {
        Reasons { all: RwSignal::new(String::new()), of_lines: StoredValue::new(BTreeMap::new()), is_sheet: RwSignal::new(false) }
    }
}

/// Whether a key says that a form is finished: in a box of several lines Enter makes a new one.
pub fn finishes(event: &KeyboardEvent) -> bool {
    event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) && !event.is_composing()
}

impl Draft {
    /// The state around what waits.
    pub fn reasons(self) -> Reasons {
        self.page.with_value(|page| page.reasons)
    }

    /// Whether changes of lines wait for their reason; then 「提交」 leads there.
    pub fn lines_wait(self) -> bool {
        self.waiting.with_untracked(|waiting| !waiting.is_empty())
    }

    /// Says, when the page is left inside the office, that nothing of it is lost.
    pub fn tell_when_left(self) {
        let tell = expect_context::<Tell>();
        on_cleanup(move || {
            if self.saver.kept.holds_of(is_of_lines) {
                tell.ok("明细中未保存的修改已保留在本机，再次打开这份公告时可以恢复");
            }
        });
    }

    /// Makes the browser hold what waits of these lines.
    pub fn keep_lines<'a>(self, lines: impl IntoIterator<Item = &'a AnnouncementLineId>) {
        let kept = self.waiting.try_with_untracked(|waiting| {
            let each = |id: &AnnouncementLineId| (Place::Sheet.group(id), waiting.of(id).map(fields).unwrap_or_default());
            lines.into_iter().map(each).collect::<Groups>()
        });
        self.saver.kept.keep_groups(kept.unwrap_or_default());
    }

    /// Makes the browser hold a text while it is typed into a cell.
    pub fn keep_typing(self, line: &AnnouncementLine, cell: LineCell, text: &str) {
        let kept = self.waiting.with_untracked(|waiting| {
            let mut typed = waiting.only_of(&line.id);
            typed.put(line, cell, text.to_owned());
            typed.of(&line.id).map(fields).unwrap_or_default()
        });
        self.saver.kept.keep_groups(Groups::from([(Place::Sheet.group(&line.id), kept)]));
    }

    /// The reason for everything, as it is typed.
    pub fn give_reason(self, text: String) {
        let kept = if text.trim().is_empty() { Fields::new() } else { Fields::from([(String::new(), text.clone())]) };
        self.reasons().all.set(text);
        self.saver.kept.keep_groups(Groups::from([(REASON.to_owned(), kept)]));
    }

    /// The reason that a form over a line begins with.
    pub fn reason_of(self, line: &AnnouncementLine) -> String {
        self.reasons().of_lines.with_value(|given| given.get(&line.id).cloned()).unwrap_or_else(|| line.reason.clone())
    }

    /// Keeps in the browser what is typed in a form over a line, as long as the form stands.
    pub fn keep_form(self, line: StoredValue<AnnouncementLine>, typed: RwSignal<LineDraft>, reason: RwSignal<String>) {
        Effect::new(move || {
            let kept = line.with_value(|line| (Place::Form.group(&line.id), typed.with(|typed| of_form(line, typed, &reason.get()))));
            self.saver.kept.keep_groups(Groups::from([kept]));
        });
    }

    /// The form over a line is closed: what it held is stored, or the person has let it go.
    pub fn let_form_go(self, line: &AnnouncementLineId) {
        self.saver.kept.keep_groups(Groups::from([(Place::Form.group(line), Fields::new())]));
    }

    /// Takes what an earlier visit left behind of the lines.
    pub fn wait_again(self, left: Waiting) {
        let ids = self.waiting.try_update(|waiting| waiting.take_in(left)).unwrap_or_default();
        self.keep_lines(&ids);
        self.settle(None);
    }

    /// Forgets what waits and is stored by now, or is as it was; of all lines, or of these.
    pub fn settle(self, only: Option<&BTreeSet<AnnouncementLineId>>) {
        let settled = |waiting: &mut Waiting| {
            let touched = self.lines.try_with_untracked(|lines| waiting.settle(lines, only)).unwrap_or_default();
            (!touched.is_empty(), touched)
        };
        let touched = self.waiting.try_maybe_update(settled).unwrap_or_default();
        self.keep_lines(&touched);
    }

    /// The person lets go what waits of this line, or everything.
    pub fn let_wait_go(self, line: Option<&AnnouncementLineId>) {
        let ids = self.waiting.try_update(|waiting| match line {
            Some(line) => {
                waiting.forget(line);
                vec![line.clone()]
            }
            None => std::mem::take(waiting).ids().cloned().collect(),
        });
        self.keep_lines(&ids.unwrap_or_default());
        if !self.lines_wait() {
            self.give_reason(String::new());
        }
    }

    /// Everything that waits, as it is told.
    pub fn told(self) -> Vec<Told> {
        self.waiting.with(|waiting| self.lines.with(|lines| waiting.told(lines)))
    }

    /// Which of the cells of these lines another person has changed meanwhile, and to what.
    pub fn clashes(self, lines: &[AnnouncementLineId]) -> Vec<(AnnouncementLineId, LineCell, String)> {
        let wanted: BTreeSet<_> = lines.iter().collect();
        let changed = |told: Told| match told.standing {
            Standing::Changed(now) if wanted.contains(&told.line) => Some((told.line, told.cell, now)),
            _ => None,
        };
        let told = self.waiting.try_with_untracked(|waiting| self.lines.try_with_untracked(|lines| waiting.told(lines)));
        told.flatten().unwrap_or_default().into_iter().filter_map(changed).collect()
    }
}
