//! Changes of the announcement's lines that wait for their reason (C4): what is typed and stored nowhere but in the browser.
//!
//! Always: a text that waits is kept with the text that it was typed over, cell by cell, so that a colleague's other cells are never
//! written over, and what both have changed can be told. A line that was taken out or has gone meanwhile keeps what was typed over it
//! until the person lets it go. What is kept in the browser ([`kept`]) is read back as what it was, or not at all.

pub mod kept;

use super::line::{AnnouncementLine, CellRefused, LineCell, LineDraft};
use crate::domain::ids::AnnouncementLineId;
use crate::domain::money::Money;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A text that was typed, and what stood there before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// What it was typed over.
    pub was: String,
    /// The text.
    pub text: String,
}

/// What waits of one line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineWaiting {
    /// The project's name as it was, by which the line is named once it has gone.
    pub name: String,
    /// The cells.
    pub cells: BTreeMap<LineCell, Typed>,
}

/// What waits, by line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    lines: BTreeMap<AnnouncementLineId, LineWaiting>,
}

/// How a text that waits stands to the line as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The cell is as it was when it was typed over.
    Fits,
    /// Another person has put this text there meanwhile.
    Changed(String),
    /// The line was taken out of the announcement.
    Removed,
    /// The line is no longer in the announcement's copy: its unit was moved out, or its record was taken in anew.
    Gone,
}

/// A text that waits, as it is told to people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The line.
    pub line: AnnouncementLineId,
    /// Its place in the list, from 1, as long as it is there.
    pub number: Option<usize>,
    /// Its project.
    pub name: String,
    /// The cell.
    pub cell: LineCell,
    /// What stood there, and what was typed.
    pub typed: Typed,
    /// How it stands to the line now.
    pub standing: Standing,
}

impl Told {
    /// Which line and cell it is about.
    pub fn place(&self) -> String {
        let line = self.number.map(|number| format!("第 {number} 行")).unwrap_or_default();
        format!("{line}「{}」{}", self.name, self.cell.label())
    }

    /// What has become of its line meanwhile, if something has.
    pub fn news(&self) -> Option<String> {
        match &self.standing {
            Standing::Fits => None,
            Standing::Changed(now) => Some(format!("已在别处改为“{now}”，您输入的是“{}”", self.typed.text)),
            Standing::Removed => Some("该行已从公告中删除，「恢复」该行后才能保存".to_owned()),
            Standing::Gone => Some("该行已不在公告中，不能保存".to_owned()),
        }
    }

    /// Whether it can be put onto its line.
    pub const fn has_line(&self) -> bool {
        matches!(self.standing, Standing::Fits | Standing::Changed(_))
    }
}

/// The lines by their identity, with their places.
fn places(lines: &[AnnouncementLine]) -> HashMap<&AnnouncementLineId, usize> {
    lines.iter().enumerate().map(|(at, line)| (&line.id, at)).collect()
}

impl Waiting {
    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// How many lines wait.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// The lines that wait.
    pub fn ids(&self) -> impl Iterator<Item = &AnnouncementLineId> {
        self.lines.keys()
    }

    /// What waits of a line.
    pub fn of(&self, line: &AnnouncementLineId) -> Option<&LineWaiting> {
        self.lines.get(line)
    }

    /// The text of a cell as the page shows it.
    pub fn text(&self, line: &AnnouncementLine, cell: LineCell) -> String {
        self.of(&line.id).and_then(|typed| typed.cells.get(&cell)).map_or_else(|| line.values.text(cell), |typed| typed.text.clone())
    }

    /// A line as the page shows it.
    pub fn draft(&self, line: &AnnouncementLine) -> LineDraft {
        let mut draft = line.values.draft();
        for (cell, typed) in self.of(&line.id).into_iter().flat_map(|typed| &typed.cells) {
            draft.put(*cell, typed.text.clone());
        }
        draft
    }

    /// A text was typed into a cell. What says again what stands there, or stood there before, waits no longer.
    pub fn put(&mut self, line: &AnnouncementLine, cell: LineCell, text: String) {
        let now = line.values.text(cell);
        let typed = self.lines.entry(line.id.clone()).or_default();
        if typed.cells.is_empty() {
            typed.name.clone_from(&line.values.project_name);
        }
        let was = typed.cells.get(&cell).map_or_else(|| now.clone(), |typed| typed.was.clone());
        if text == now || text == was {
            typed.cells.remove(&cell);
        } else {
            typed.cells.insert(cell, Typed { was, text });
        }
        if typed.cells.is_empty() {
            self.lines.remove(&line.id);
        }
    }

    /// Takes what waited elsewhere; where both know of a cell, that one stays. Gives the lines.
    pub fn take_in(&mut self, other: Waiting) -> Vec<AnnouncementLineId> {
        let ids = other.lines.keys().cloned().collect();
        for (id, LineWaiting { name, cells }) in other.lines {
            let line = self.lines.entry(id).or_default();
            line.name = name;
            line.cells.extend(cells);
        }
        ids
    }

    /// Only the cells that are asked for.
    #[must_use]
    pub fn only(&self, wanted: impl Fn(&AnnouncementLineId, LineCell) -> bool) -> Waiting {
        let mut kept = self.clone();
        kept.lines.retain(|id, line| {
            line.cells.retain(|cell, _| wanted(id, *cell));
            !line.cells.is_empty()
        });
        kept
    }

    /// Only what waits of this line.
    #[must_use]
    pub fn only_of(&self, line: &AnnouncementLineId) -> Waiting {
        Waiting { lines: self.of(line).map(|typed| (line.clone(), typed.clone())).into_iter().collect() }
    }

    /// The person lets go what was typed over a line.
    pub fn forget(&mut self, line: &AnnouncementLineId) {
        self.lines.remove(line);
    }

    /// Forgets what the lines say by now, of all lines or of these; gives the lines of which something went.
    pub fn settle(&mut self, lines: &[AnnouncementLine], only: Option<&BTreeSet<AnnouncementLineId>>) -> Vec<AnnouncementLineId> {
        let mut touched = Vec::new();
        let places = if self.is_empty() { HashMap::new() } else { places(lines) };
        self.lines.retain(|id, typed| {
            let line = places.get(id).and_then(|at| lines.get(*at)).filter(|line| !line.is_removed);
            let Some(line) = line.filter(|_| only.is_none_or(|only| only.contains(id))) else { return true };
            let before = typed.cells.len();
            typed.cells.retain(|cell, typed| typed.text != line.values.text(*cell));
            // A figure may be written in several ways, 12 and １２; the amounts are read together.
            let mut draft = line.values.draft();
            typed.cells.iter().for_each(|(cell, typed)| draft.put(*cell, typed.text.clone()));
            if draft.read().is_ok_and(|values| values == line.values) {
                typed.cells.clear();
            }
            if typed.cells.len() < before {
                touched.push(id.clone());
            }
            !typed.cells.is_empty()
        });
        touched
    }

    /// A line is stored as it was sent: what was typed since waits, over what is stored now.
    pub fn saved(&mut self, line: &AnnouncementLine, sent: &LineDraft) {
        if let Some(typed) = self.lines.get_mut(&line.id) {
            typed.cells.retain(|cell, typed| typed.text != sent.text(*cell));
            for (cell, typed) in &mut typed.cells {
                typed.was = line.values.text(*cell);
            }
            if typed.cells.is_empty() {
                self.lines.remove(&line.id);
            }
        }
    }

    /// Everything that waits, in the order of the lines, behind them what has lost its line.
    pub fn told(&self, lines: &[AnnouncementLine]) -> Vec<Told> {
        let places = places(lines);
        let mut ordered: Vec<_> = self.lines.iter().map(|(id, typed)| (places.get(id).copied(), id, typed)).collect();
        ordered.sort_by_key(|(at, ..)| at.unwrap_or(usize::MAX));
        let of_line = |(at, id, waiting): (Option<usize>, &AnnouncementLineId, &LineWaiting)| {
            let line = at.and_then(|at| lines.get(at));
            let name = line.map_or(&waiting.name, |line| &line.values.project_name).clone();
            let each = |(cell, typed): (&LineCell, &Typed)| {
                let standing = line.map_or(Standing::Gone, |line| {
                    let now = line.values.text(*cell);
                    match () {
                        () if line.is_removed => Standing::Removed,
                        () if now != typed.was && now != typed.text => Standing::Changed(now),
                        () => Standing::Fits,
                    }
                });
                Told { line: id.clone(), number: at.map(|at| at + 1), name: name.clone(), cell: *cell, typed: typed.clone(), standing }
            };
            waiting.cells.iter().map(each).collect::<Vec<_>>()
        };
        ordered.into_iter().flat_map(of_line).collect()
    }

    /// What is wrong with what is typed over a line, but for its reason.
    pub fn faults(&self, line: &AnnouncementLine) -> Vec<CellRefused> {
        if self.of(&line.id).is_some() { self.draft(line).read().err().unwrap_or_default() } else { Vec::new() }
    }

    /// The lines that can be saved, in their order, each as it is to be.
    pub fn changes(&self, lines: &[AnnouncementLine]) -> Vec<(AnnouncementLineId, LineDraft)> {
        let waits = lines.iter().filter(|line| !line.is_removed && self.of(&line.id).is_some());
        waits.map(|line| (line.id.clone(), self.draft(line))).collect()
    }

    /// How many lines wait and cannot be read, and how many have lost their line.
    pub fn troubled(&self, lines: &[AnnouncementLine]) -> (usize, usize) {
        let open: Vec<_> = lines.iter().filter(|line| !line.is_removed && self.of(&line.id).is_some()).collect();
        let faulty = open.iter().filter(|line| !self.faults(line).is_empty()).count();
        (faulty, self.len() - open.len())
    }

    /// The sums of the lines as they would be once everything that waits and can be read is saved: 中小, 小微.
    pub fn totals(&self, lines: &[AnnouncementLine]) -> (Money, Money) {
        let each = |line: &AnnouncementLine| {
            let typed = self.of(&line.id).and_then(|_| self.draft(line).read().ok());
            typed.map_or((line.values.sme, line.values.small_micro), |values| (values.sme, values.small_micro))
        };
        let shown: Vec<(Money, Money)> = lines.iter().filter(|line| !line.is_removed).map(each).collect();
        (shown.iter().map(|(sme, _)| *sme).sum(), shown.iter().map(|(_, small)| *small).sum())
    }
}

#[cfg(test)]
mod tests;
