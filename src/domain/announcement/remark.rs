//! 备注 as it is proposed: the units' 「说明」 (A12), each whole or not at all.

use super::REMARK_MAX;

/// What a unit has said of its year.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    /// Whose words they are.
    pub unit: &'a str,
    /// Whether it is the publishing unit: its own words stand without its name.
    pub is_own: bool,
    /// The words.
    pub words: &'a str,
}

/// A 备注, and whose words found no room in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proposal {
    /// The whole text, [`REMARK_MAX`] characters at most.
    pub remark: String,
    /// The units whose words would have made it too long, in their order.
    pub left_out: Vec<String>,
}

impl Proposal {
    /// What the person is told of the words that found no room; nothing where all have.
    pub fn warning(&self) -> Option<String> {
        let units = self.left_out.join("、");
        (!self.left_out.is_empty()).then(|| format!("备注最多 {REMARK_MAX} 字，放不下{units}的「说明」，没有列入；请精简备注后自行补充"))
    }
}

/// The words of these units below what stands in 备注 already. What stands there is not put there twice, but two units that say the same are both
/// named; words that find no room are left out whole, since half a reason says something else than the unit did, and the next ones may still fit.
pub fn proposed<'a>(before: &str, said: impl Iterator<Item = Said<'a>>) -> Proposal {
    let mut proposal = Proposal { remark: before.trim_end().to_owned(), left_out: Vec::new() };
    for Said { unit, is_own, words } in said {
        let words = words.trim();
        let paragraph = if is_own { words.to_owned() } else { format!("{unit}：{words}") };
        if words.is_empty() || proposal.remark.contains(&paragraph) {
            continue;
        }
        let gap = if proposal.remark.is_empty() { "" } else { "\n" };
        let longer = format!("{}{gap}{paragraph}", proposal.remark);
        if longer.chars().count() <= REMARK_MAX {
            proposal.remark = longer;
        } else {
            proposal.left_out.push(unit.to_owned());
        }
    }
    proposal
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn said<'a>(unit: &'a str, words: &'a str) -> Said<'a> {
        Said { unit, is_own: unit == "本单位", words }
    }

    #[test]
    fn a12_the_units_words_are_proposed_as_the_remark() {
        let all = [said("本单位", " 无法充分竞争 "), said("甲", "  "), said("乙", "细化采购包\n"), said("丙", "细化采购包")];
        let proposal = proposed("", all.into_iter());
        assert_eq!((proposal.remark.as_str(), proposal.warning()), ("无法充分竞争\n乙：细化采购包\n丙：细化采购包", None));
        assert_eq!(proposed(&proposal.remark, all.into_iter()), proposal, "each once");
        let more = proposed("已有的备注\n", [said("丁", "另行说明")].into_iter());
        assert_eq!(more.remark, "已有的备注\n丁：另行说明");
    }

    #[test]
    fn a12_words_that_find_no_room_are_named_and_the_next_may_still_fit() {
        let long = "长".repeat(REMARK_MAX);
        let proposal = proposed("备注", [said("甲", &long), said("乙", "短")].into_iter());
        assert_eq!((proposal.remark.as_str(), &proposal.left_out[..]), ("备注\n乙：短", &["甲".to_owned()][..]));
        let warning = proposal.warning().unwrap();
        assert!(warning.contains("放不下甲的「说明」") && warning.contains("4000"), "{warning}");
    }

    proptest! {
        /// Whatever the units have said: nothing is cut, nothing is dropped without a word, and there is never too much.
        #[test]
        fn a12_every_units_words_stand_whole_or_their_unit_is_named(
            before in "[备注。]{0,40}",
            lengths in proptest::collection::vec(0_usize..2_500, 0..6),
        ) {
            let words: Vec<String> = lengths.iter().enumerate().map(|(at, length)| format!("{at}").repeat(*length)).collect();
            let names: Vec<String> = (0..words.len()).map(|at| format!("单位{at}")).collect();
            let all = names.iter().zip(&words).map(|(unit, words)| Said { unit, is_own: false, words });
            let proposal = proposed(&before, all);
            prop_assert!(proposal.remark.starts_with(&before) && proposal.remark.chars().count() <= REMARK_MAX);
            for (unit, words) in names.iter().zip(&words) {
                prop_assert!(proposal.remark.contains(words.as_str()) || proposal.left_out.contains(unit), "{unit}");
            }
        }
    }
}
