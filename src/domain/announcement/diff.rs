//! What differs between two texts: rows first, words within the rows.
//!
//! Always: what stays and what goes are the old text, what stays and what comes are the new one, word for word. The work is bounded: where
//! two stretches are too long to be compared they are told as replaced.

use serde::{Deserialize, Serialize};

/// Most pairs that are compared of two lists; what needs more is told as replaced.
const PAIRS: usize = 4_000_000;
/// Words that stay between two changes and are fewer than this read better as a part of the change.
const ISLAND: usize = 2;

/// A piece of a text that was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Piece {
    /// It stands in both.
    Same(String),
    /// Only the old text has it: 「删」.
    Removed(String),
    /// Only the new text has it: 「增」.
    Added(String),
}

/// A step from the old list to the new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It stands in both: its place in the old and in the new one.
    Same(usize, usize),
    /// Its place in the old list.
    Removed(usize),
    /// Its place in the new list.
    Added(usize),
}

/// The way from one list to the other that keeps the most, what goes before what comes.
pub fn steps<T: PartialEq>(old: &[T], new: &[T]) -> Vec<Step> {
    let begin = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (rest_old, rest_new) = (&old[begin..], &new[begin..]);
    let end = rest_old.iter().rev().zip(rest_new.iter().rev()).take_while(|(a, b)| a == b).count();
    let (mid_old, mid_new) = (&rest_old[..rest_old.len() - end], &rest_new[..rest_new.len() - end]);
    let mut steps: Vec<Step> = (0..begin).map(|at| Step::Same(at, at)).collect();
    middle(mid_old, mid_new, begin, &mut steps);
    let (old_end, new_end) = (begin + mid_old.len(), begin + mid_new.len());
    steps.extend((0..end).map(|at| Step::Same(old_end + at, new_end + at)));
    steps
}

/// What lies between the common beginning and the common end; `shift` is the length of the beginning.
fn middle<T: PartialEq>(old: &[T], new: &[T], shift: usize, steps: &mut Vec<Step>) {
    let width = new.len() + 1;
    if old.is_empty() || new.is_empty() || old.len().saturating_mul(new.len()) > PAIRS {
        steps.extend((0..old.len()).map(|at| Step::Removed(shift + at)));
        steps.extend((0..new.len()).map(|at| Step::Added(shift + at)));
        return;
    }
    // kept[i][j]: how much of old[i..] and new[j..] can be kept. The shorter list has at most 2,000 entries, so 16 bits hold it.
    let mut kept = vec![0_u16; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            let at = i * width + j;
            kept[at] = if old[i] == new[j] { kept[at + width + 1] + 1 } else { kept[at + width].max(kept[at + 1]) };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            steps.push(Step::Same(shift + i, shift + j));
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || (i < old.len() && kept[(i + 1) * width + j] >= kept[i * width + j + 1]) {
            steps.push(Step::Removed(shift + i));
            i += 1;
        } else {
            steps.push(Step::Added(shift + j));
            j += 1;
        }
    }
}

/// The words of a text: a run of Latin letters and digits, a number with its point, a placeholder ｛…｝, or one sign.
pub fn split(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if first == '｛' {
            rest.find('｝').map_or(first.len_utf8(), |at| at + '｝'.len_utf8())
        } else if first.is_ascii_alphanumeric() {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '.').unwrap_or(rest.len());
            // A full stop at the end of a word is a sign of its own.
            rest[..end].trim_end_matches('.').len()
        } else {
            first.len_utf8()
        };
        let (word, after) = rest.split_at(length);
        words.push(word);
        rest = after;
    }
    words
}

/// What differs between two texts, word by word.
pub fn words(old: &str, new: &str) -> Vec<Piece> {
    let (olds, news) = (split(old), split(new));
    let steps = without_islands(steps(&olds, &news));
    let mut pieces = Vec::new();
    let (mut same, mut removed, mut added) = (String::new(), String::new(), String::new());
    for step in steps {
        match step {
            Step::Same(at, _) => {
                put(&mut pieces, &mut removed, Piece::Removed);
                put(&mut pieces, &mut added, Piece::Added);
                same.push_str(olds[at]);
            }
            Step::Removed(at) => {
                put(&mut pieces, &mut same, Piece::Same);
                removed.push_str(olds[at]);
            }
            Step::Added(at) => {
                put(&mut pieces, &mut same, Piece::Same);
                added.push_str(news[at]);
            }
        }
    }
    put(&mut pieces, &mut same, Piece::Same);
    put(&mut pieces, &mut removed, Piece::Removed);
    put(&mut pieces, &mut added, Piece::Added);
    pieces
}

fn put(pieces: &mut Vec<Piece>, text: &mut String, as_piece: fn(String) -> Piece) {
    if !text.is_empty() {
        pieces.push(as_piece(std::mem::take(text)));
    }
}

/// A single word that happens to stay between two changes is told as changed with them.
fn without_islands(steps: Vec<Step>) -> Vec<Step> {
    let is_same = |step: &Step| matches!(step, Step::Same(..));
    let mut result = Vec::with_capacity(steps.len());
    let mut at = 0;
    while at < steps.len() {
        let run = steps[at..].iter().take_while(|step| is_same(step)).count();
        if run > 0 && run < ISLAND && at > 0 && at + run < steps.len() {
            for step in &steps[at..at + run] {
                if let Step::Same(old, new) = *step {
                    result.extend([Step::Removed(old), Step::Added(new)]);
                }
            }
            at += run;
        } else if run > 0 {
            result.extend_from_slice(&steps[at..at + run]);
            at += run;
        } else {
            result.push(steps[at]);
            at += 1;
        }
    }
    result
}

/// The old text of pieces.
pub fn old(pieces: &[Piece]) -> String {
    pieces
        .iter()
        .filter_map(|piece| if let Piece::Same(text) | Piece::Removed(text) = piece { Some(text.as_str()) } else { None })
        .collect()
}

/// The new text of pieces.
pub fn new(pieces: &[Piece]) -> String {
    pieces.iter().filter_map(|piece| if let Piece::Same(text) | Piece::Added(text) = piece { Some(text.as_str()) } else { None }).collect()
}

/// How much of the longer text stays, in hundredths.
pub fn likeness(pieces: &[Piece]) -> usize {
    let count = |text: &str| text.chars().count();
    let same: usize = pieces.iter().map(|piece| if let Piece::Same(text) = piece { count(text) } else { 0 }).sum();
    let most = count(&old(pieces)).max(count(&new(pieces)));
    (same * 100).checked_div(most).unwrap_or(100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn same(text: &str) -> Piece {
        Piece::Same(text.to_owned())
    }

    fn removed(text: &str) -> Piece {
        Piece::Removed(text.to_owned())
    }

    fn added(text: &str) -> Piece {
        Piece::Added(text.to_owned())
    }

    #[test]
    fn c7_numbers_words_and_placeholders_are_one_piece_each() {
        assert_eq!(
            split("共计8778.929176万元，占｛占比｝%。See p.3."),
            ["共", "计", "8778.929176", "万", "元", "，", "占", "｛占比｝", "%", "。", "See", " ", "p.3", "."]
        );
        assert_eq!(split("｛未完 a."), ["｛", "未", "完", " ", "a", "."]);
    }

    #[test]
    fn c7_a_changed_number_is_told_as_a_whole() {
        assert_eq!(words("共计8778.92万元", "共计8779.92万元"), [same("共计"), removed("8778.92"), added("8779.92"), same("万元")]);
        assert_eq!(words("甲乙", "甲乙"), [same("甲乙")]);
        assert_eq!(words("", "新"), [added("新")]);
        assert_eq!(words("旧", ""), [removed("旧")]);
        assert_eq!(words("", ""), []);
    }

    #[test]
    fn c7_a_sign_that_happens_to_stay_does_not_tear_a_change_apart() {
        assert_eq!(
            words("因为资金不足，所以", "由于时间紧不允许，所以"),
            [removed("因为资金不足"), added("由于时间紧不允许"), same("，所以")]
        );
    }

    #[test]
    fn c7_what_is_too_long_to_compare_is_told_as_replaced() {
        let (one, other) = ("甲乙".repeat(3_000), "丙甲".repeat(3_000));
        let pieces = words(&one, &other);
        assert_eq!((old(&pieces), new(&pieces)), (one, other));
    }

    proptest! {
        /// Taking out what goes and putting in what comes makes the other text.
        #[test]
        fn c7_applying_the_difference_gives_the_other_text(one in "[甲乙丙a1.｛｝，\n]{0,40}", other in "[甲乙丙a1.｛｝，\n]{0,40}") {
            let pieces = words(&one, &other);
            prop_assert_eq!(old(&pieces), one);
            prop_assert_eq!(new(&pieces), other);
        }

        #[test]
        fn c7_a_little_change_leaves_the_rest_alone(begin in "[一-龥]{5,20}", middle in "[a-z]{1,8}", end in "[一-龥]{5,20}") {
            let pieces = words(&format!("{begin}{end}"), &format!("{begin}{middle}{end}"));
            prop_assert_eq!(pieces, vec![Piece::Same(begin), Piece::Added(middle), Piece::Same(end)]);
        }

        #[test]
        fn c7_the_steps_name_every_entry_once_and_in_order(one in proptest::collection::vec(0_u8..4, 0..30), other in proptest::collection::vec(0_u8..4, 0..30)) {
            let (mut olds, mut news) = (Vec::new(), Vec::new());
            for step in steps(&one, &other) {
                match step {
                    Step::Same(old, new) => {
                        prop_assert_eq!(one[old], other[new]);
                        olds.push(old);
                        news.push(new);
                    }
                    Step::Removed(old) => olds.push(old),
                    Step::Added(new) => news.push(new),
                }
            }
            prop_assert_eq!(olds, (0..one.len()).collect::<Vec<_>>());
            prop_assert_eq!(news, (0..other.len()).collect::<Vec<_>>());
        }
    }
}
