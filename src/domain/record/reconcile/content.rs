//! What columns without names hold, by what stands in them.

use super::columns::Column;
use super::index::{Index, Target};
use super::layout::{Known, PastedColumn, amount_there};
use super::read::{amount, is_blank, measure};
use super::unit::Unit;
use crate::domain::calendar::Day;
use crate::domain::contract::YearBasis;
use crate::domain::money::{Money, Percent};
use crate::domain::record::line::{Line, LineCell, LineRules};
use crate::domain::text;

/// What the cells of one column look like.
#[derive(Clone, Copy, Debug, Default)]
struct Look {
    /// Cells that are not blank.
    filled: usize,
    measures: usize,
    links: usize,
    days: usize,
    /// Known 合同编号.
    numbers: usize,
    /// What looks like some 合同编号.
    codes: usize,
    /// Known 项目名称.
    names: usize,
    /// Chinese words, and their characters.
    words: usize,
    length: usize,
    amounts: usize,
    /// With a percent sign.
    percents: usize,
    /// Above 0 and at most 100.
    shares: usize,
    /// 1, 2, 3 …
    is_serial: bool,
}

impl Look {
    const fn mostly(&self, count: usize) -> bool {
        self.filled > 0 && count * 2 > self.filled
    }
}

fn look(sample: &[&Vec<String>], place: usize, index: &Index) -> Look {
    let mut look = Look { is_serial: true, ..Look::default() };
    let mut before = None::<i64>;
    for text in sample.iter().filter_map(|row| row.get(place)).map(|text| text.trim()).filter(|text| !is_blank(text)) {
        look.filled += 1;
        look.measures += usize::from(measure(text).is_some());
        look.links += usize::from(matches!(text::link(text), Ok(Some(_))));
        look.days += usize::from(Day::parse(text).is_ok());
        look.numbers += usize::from(index.has_number(text));
        look.names += usize::from(index.has_name(text));
        let chinese = text.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count();
        look.words += usize::from(chinese >= 2);
        look.length += text.chars().count();
        look.percents += usize::from(text.ends_with(['%', '％']) && Percent::parse(text).is_ok());
        look.shares += usize::from(Percent::parse(text).is_ok());
        let is_amount = amount(text, Unit::Wan).is_ok();
        look.amounts += usize::from(is_amount);
        let has_digits = text.bytes().filter(u8::is_ascii_digit).count() >= 4;
        look.codes += usize::from(
            !is_amount && has_digits && text.chars().count() >= 6 && chinese * 2 < text.chars().count() && Day::parse(text).is_err(),
        );
        let whole = text.parse::<i64>().ok();
        look.is_serial &= whole.is_some_and(|whole| before.is_none_or(|before| whole > before) && whole <= 100_000);
        before = whole;
    }
    look.is_serial &= look.filled >= 2;
    look
}

/// What the columns hold of which nobody has said it.
pub(super) fn recognise(
    sample: &[&Vec<String>],
    columns: &[PastedColumn],
    index: &Index,
    lines: &[Line],
    rules: &LineRules,
) -> Vec<(usize, Column)> {
    let open: Vec<usize> = (0..columns.len()).filter(|place| columns[*place].known == Known::Unknown).collect();
    let looks: Vec<Look> = (0..columns.len()).map(|place| look(sample, place, index)).collect();
    let mut found: Vec<(usize, Column)> = Vec::new();
    let take = |found: &mut Vec<(usize, Column)>, column: Column, score: &dyn Fn(&Look) -> usize| {
        let is_taken = |place: &usize| found.iter().any(|(taken, _)| taken == place);
        // Of equals the first from the left.
        let best = open.iter().filter(|place| !is_taken(place)).rev().max_by_key(|place| score(&looks[**place]));
        if let Some(place) = best.filter(|place| score(&looks[**place]) > 0) {
            found.push((*place, column));
        }
    };
    let mostly = |look: &Look, count: usize| if look.mostly(count) { count } else { 0 };
    take(&mut found, Column::ContractNo, &|look| look.numbers);
    take(&mut found, Column::Cell(LineCell::ProjectName), &|look| look.names);
    take(&mut found, Column::Cell(LineCell::Measure), &|look| mostly(look, look.measures));
    take(&mut found, Column::Cell(LineCell::Url), &|look| mostly(look, look.links));
    if rules.basis == YearBasis::Published {
        take(&mut found, Column::Cell(LineCell::PublishedOn), &|look| mostly(look, look.days));
    }
    if !found.iter().any(|(_, column)| *column == Column::Cell(LineCell::ProjectName)) {
        take(&mut found, Column::Cell(LineCell::ProjectName), &|look| {
            if look.measures == 0 && look.mostly(look.words) { look.length / look.filled } else { 0 }
        });
    }
    if !found.iter().any(|(_, column)| *column == Column::ContractNo) {
        take(&mut found, Column::ContractNo, &|look| if look.links == 0 { mostly(look, look.codes) } else { 0 });
    }
    take(&mut found, Column::Cell(LineCell::Percent), &|look| mostly(look, look.percents));
    let is_free = |place: &usize, found: &[(usize, Column)]| !found.iter().any(|(taken, _)| taken == place);
    if let Some(first) = open.first().filter(|place| is_free(place, &found) && looks[**place].is_serial && open.len() > 2) {
        found.push((*first, Column::Serial));
    }
    let figures: Vec<usize> =
        open.iter().copied().filter(|place| is_free(place, &found) && looks[*place].mostly(looks[*place].amounts)).collect();
    amounts(&figures, sample, &looks, &mut found, index, lines, rules);
    found
}

/// Tells the columns of amounts apart: by the amounts of the lines that the rows are about, else by their order and size.
fn amounts(
    figures: &[usize],
    sample: &[&Vec<String>],
    looks: &[Look],
    found: &mut Vec<(usize, Column)>,
    index: &Index,
    lines: &[Line],
    rules: &LineRules,
) {
    let meanings = [Column::Cell(LineCell::Sme), Column::Cell(LineCell::SmallMicro), Column::ContractAmount];
    let place_of = |column: Column| found.iter().find(|(_, known)| *known == column).map(|(place, _)| *place);
    let (number, name, url) =
        (place_of(Column::ContractNo), place_of(Column::Cell(LineCell::ProjectName)), place_of(Column::Cell(LineCell::Url)));
    let mut scores = vec![[0_usize; 3]; figures.len()];
    for row in sample {
        let text = |place: Option<usize>| place.and_then(|place| row.get(place)).map_or("", |text| text.trim());
        let asked = super::index::Asked { number: text(number), lot: "", url: text(url), name: text(name) };
        let Target::Line { at, .. } = index.find(&asked, lines) else { continue };
        let there = meanings.map(|column| amount_there(&lines[at], column, rules).filter(|there| *there != Money::ZERO));
        for (figure, score) in figures.iter().zip(&mut scores) {
            let Some(text) = row.get(*figure) else { continue };
            for (there, score) in there.iter().zip(score) {
                let is_equal = [Unit::Wan, Unit::Yuan].into_iter().any(|unit| there.is_some() && amount(text, unit).ok() == *there);
                *score += usize::from(is_equal);
            }
        }
    }
    let mut left: Vec<usize> = (0..figures.len()).collect();
    let mut open: Vec<usize> = (0..meanings.len()).collect();
    // The pair that agrees most often first; of equals the one further left, and 中小 before 小微 before the contract's.
    while let Some((figure, meaning)) = left
        .iter()
        .flat_map(|figure| open.iter().map(move |meaning| (*figure, *meaning)))
        .filter(|(figure, meaning)| scores[*figure][*meaning] > 0)
        .max_by_key(|(figure, meaning)| (scores[*figure][*meaning], std::cmp::Reverse((*figure, *meaning))))
    {
        found.push((figures[figure], meanings[meaning]));
        left.retain(|other| *other != figure);
        open.retain(|other| *other != meaning);
    }
    let is_found = |found: &[(usize, Column)], column: Column| found.iter().any(|(_, known)| *known == column);
    if let ([last], true) = (&left[..], left.len() < figures.len()) {
        // The one that agrees with no line beside one that does: the part of it, or the share before it.
        let (place, look) = (figures[*last], looks[figures[*last]]);
        let is_share = look.shares == look.filled && place_of_sme(found).is_some_and(|sme| place < sme);
        let percent = Column::Cell(LineCell::Percent);
        if is_share && !is_found(found, percent) {
            found.push((place, percent));
        } else if open.contains(&1) && !open.contains(&0) {
            found.push((place, meanings[1]));
        }
    } else if left.len() == figures.len() {
        let is_percent_taken = is_found(found, Column::Cell(LineCell::Percent));
        if let [first, _, _, ..] = left[..]
            && !is_percent_taken
            && looks[figures[first]].shares == looks[figures[first]].filled
        {
            found.push((figures[first], Column::Cell(LineCell::Percent)));
            left.remove(0);
        }
        // As in the notice and in the table: the amount for all of them before the part of it.
        let meanings: &[Column] = match left.len() {
            3.. => &[meanings[2], meanings[0], meanings[1]],
            _ => &meanings,
        };
        found.extend(left.iter().zip(meanings).map(|(figure, column)| (figures[*figure], *column)));
    }
}

fn place_of_sme(found: &[(usize, Column)]) -> Option<usize> {
    found.iter().find(|(_, column)| *column == Column::Cell(LineCell::Sme)).map(|(place, _)| *place)
}
