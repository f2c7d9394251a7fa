//! Which line a pasted row is about: by 合同编号 (and 标项), else by link, else by project name where only one line has it.

use super::columns::plain;
use super::numbers::{self, Rest};
use crate::domain::record::line::{Line, LineCell};
use std::collections::{HashMap, HashSet};

/// Candidates that are looked at and offered; a name that more lines share decides nothing.
const LOOKED_AT: usize = 20;

/// By what a row was matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// 合同编号.
    Number,
    /// 合同链接.
    Link,
    /// 项目名称.
    Name,
    /// The person said so.
    Person,
}

impl By {
    /// Its words.
    pub const fn label(self) -> &'static str {
        match self {
            By::Number => "合同编号",
            By::Link => "合同链接",
            By::Name => "项目名称",
            By::Person => "人工指定",
        }
    }
}

/// What a pasted row says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked<'row> {
    pub number: &'row str,
    pub lot: &'row str,
    pub url: &'row str,
    pub name: &'row str,
}

/// What the lines answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// It is this line.
    Line { at: usize, by: By },
    /// It is none of them; a line that is alike in something and yet another one.
    New { alike: Option<(usize, Alike)> },
    /// Its number lost digits; what is left points to these.
    Suggest(Vec<usize>),
    /// It could be each of these.
    Ambiguous { by: By, lines: Vec<usize>, count: usize },
}

/// In what a line is alike that the row is not about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alike {
    /// The same number, another lot.
    OtherLot,
    /// The same link or name, another number.
    OtherNumber,
}

/// The lines by what rows are matched by.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    number: HashMap<String, Vec<usize>>,
    lot: HashMap<(String, String), Vec<usize>>,
    url: HashMap<String, Vec<usize>>,
    name: HashMap<String, Vec<usize>>,
    /// Whole numbers by what a spreadsheet leaves of them.
    rest: HashMap<Rest, Vec<usize>>,
    /// For so many kept digits `rest` is filled.
    kept: HashSet<usize>,
    /// Key of the number of each line; empty where there is none.
    numbers: Vec<String>,
}

impl Index {
    pub(super) fn new(lines: &[Line]) -> Index {
        let mut index = Index { numbers: Vec::with_capacity(lines.len()), ..Index::default() };
        for (at, line) in lines.iter().enumerate() {
            let number = line.contract().map(|contract| numbers::key(&contract.contract_no)).unwrap_or_default();
            if !number.is_empty() {
                let lot = line.contract().map(|contract| numbers::key(&contract.lot)).unwrap_or_default();
                index.lot.entry((number.clone(), lot)).or_default().push(at);
                index.number.entry(number.clone()).or_default().push(at);
            }
            index.numbers.push(number);
            let name = plain(&shown(line, LineCell::ProjectName));
            if !name.is_empty() {
                index.name.entry(name).or_default().push(at);
            }
            let url = shown(line, LineCell::Url);
            if !url.is_empty() {
                index.url.entry(url).or_default().push(at);
            }
        }
        index
    }

    /// Gets ready for numbers that lost their digits.
    pub(super) fn prepare<'row>(&mut self, pasted: impl Iterator<Item = &'row str>) {
        for number in pasted {
            let Some(rest) = numbers::lost(&numbers::key(number)) else { continue };
            let kept = rest.digits.len();
            if !self.kept.insert(kept) {
                continue;
            }
            for (at, number) in self.numbers.iter().enumerate() {
                for digits in numbers::shortened(number, kept) {
                    self.rest.entry(Rest { length: number.len(), digits }).or_default().push(at);
                }
            }
        }
    }

    pub(super) fn has_number(&self, number: &str) -> bool {
        self.number.contains_key(&numbers::key(number))
    }

    pub(super) fn has_name(&self, name: &str) -> bool {
        self.name.contains_key(&plain(name))
    }

    /// Which line the row is about.
    pub(super) fn find(&self, asked: &Asked<'_>, lines: &[Line]) -> Target {
        let number = numbers::key(asked.number);
        if number.is_empty() {
            return self.by_words(asked, None, lines);
        }
        match self.by_number(&number, asked, lines) {
            Ok(target) => target,
            Err(alike) => match numbers::lost(&number).and_then(|rest| self.rest.get(&rest)) {
                Some(found) => Target::Suggest(Self::narrow(found, asked, lines)),
                None => match self.by_words(asked, Some(&number), lines) {
                    Target::New { alike: other } => Target::New { alike: alike.or(other) },
                    target => target,
                },
            },
        }
    }

    fn by_number(&self, number: &str, asked: &Asked<'_>, lines: &[Line]) -> Result<Target, Option<(usize, Alike)>> {
        let Some(found) = self.number.get(number) else { return Err(None) };
        let lot = numbers::key(asked.lot);
        if !lot.is_empty()
            && let Some(found) = self.lot.get(&(number.to_owned(), lot.clone()))
        {
            return Ok(Self::one_of(found, By::Number, asked, lines));
        }
        // A lot that only one of the two names tells nothing apart.
        let other_lot =
            |at: &&usize| !lot.is_empty() && lines[**at].contract().is_some_and(|contract| !numbers::key(&contract.lot).is_empty());
        match found.as_slice() {
            [at] if other_lot(&at) => Err(Some((*at, Alike::OtherLot))),
            _ if lot.is_empty() || found.len() > LOOKED_AT => Ok(Self::one_of(found, By::Number, asked, lines)),
            _ => {
                let open: Vec<usize> = found.iter().filter(|at| !other_lot(at)).copied().collect();
                if open.is_empty() { Err(Some((found[0], Alike::OtherLot))) } else { Ok(Self::one_of(&open, By::Number, asked, lines)) }
            }
        }
    }

    fn by_words(&self, asked: &Asked<'_>, number: Option<&String>, lines: &[Line]) -> Target {
        let mut alike = None;
        let name = plain(asked.name);
        for (by, found) in [(By::Link, self.url.get(asked.url)), (By::Name, self.name.get(&name))] {
            let Some(found) = found else { continue };
            // A line whose contract has another number is another contract's.
            let fits = |at: &&usize| number.is_none() || self.numbers[**at].is_empty();
            if number.is_some() && found.len() <= LOOKED_AT {
                let open: Vec<usize> = found.iter().filter(fits).copied().collect();
                if !open.is_empty() {
                    return Self::one_of(&open, by, asked, lines);
                }
                alike = alike.or(found.first().map(|at| (*at, Alike::OtherNumber)));
            } else if number.is_none() {
                return Self::one_of(found, by, asked, lines);
            }
        }
        Target::New { alike }
    }

    fn one_of(found: &[usize], by: By, asked: &Asked<'_>, lines: &[Line]) -> Target {
        let mut left = Self::narrow(found, asked, lines);
        if left.len() == 1 {
            return Target::Line { at: left.remove(0), by };
        }
        left.truncate(LOOKED_AT);
        Target::Ambiguous { by, lines: left, count: found.len() }
    }

    /// Of several lines those that agree with the row in what else it says of itself.
    fn narrow(found: &[usize], asked: &Asked<'_>, lines: &[Line]) -> Vec<usize> {
        let mut left: Vec<usize> = found.iter().take(LOOKED_AT + 1).copied().collect();
        if left.len() == 1 || found.len() > LOOKED_AT {
            return left;
        }
        let name = plain(asked.name);
        for agrees in [&|at: usize| !asked.url.is_empty() && shown(&lines[at], LineCell::Url) == asked.url, &|at: usize| {
            !name.is_empty() && plain(&shown(&lines[at], LineCell::ProjectName)) == name
        }] as [&dyn Fn(usize) -> bool; 2]
        {
            let fewer: Vec<usize> = left.iter().copied().filter(|at| agrees(*at)).collect();
            if !fewer.is_empty() {
                left = fewer;
            }
        }
        left
    }
}

/// What a line shows in a cell of words, without looking at the rules.
pub(super) fn shown(line: &Line, cell: LineCell) -> String {
    let (filled, collected) = match cell {
        LineCell::ProjectName => (line.overrides.project_name.clone(), line.contract().map(|contract| contract.project_name.clone())),
        LineCell::Url => (line.overrides.url.clone(), line.contract().and_then(|contract| contract.url.clone())),
        _ => (None, None),
    };
    filled.or(collected).unwrap_or_default()
}
