//! The parts of an announcement that are typed, and what becomes of two changes of one of them.
//!
//! Always: a change of a part that nobody else has changed since is taken; two people who change different parts do not disturb each
//! other; of two who change the same part the second chooses between both texts, and until then nothing typed is lost.

use serde::{Deserialize, Serialize};

/// A part that is saved by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// 基本信息.
    Basics,
    /// 公告标题.
    Title,
    /// 备注.
    Remark,
    /// 公告正文.
    Document,
}

impl Part {
    /// All of them, in the order of the page.
    pub const ALL: [Part; 4] = [Part::Basics, Part::Title, Part::Remark, Part::Document];

    /// Stable ASCII name.
    pub const fn code(self) -> &'static str {
        match self {
            Part::Basics => "basics",
            Part::Title => "title",
            Part::Remark => "remark",
            Part::Document => "document",
        }
    }

    /// What the screen calls it.
    pub const fn label(self) -> &'static str {
        match self {
            Part::Basics => "基本信息",
            Part::Title => "公告标题",
            Part::Remark => "备注",
            Part::Document => "公告正文",
        }
    }
}

/// What a page does with a part when it reads the announcement anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Merged {
    /// Nobody else has changed it: what is on the page stays.
    Keep,
    /// Another person has changed it, and nothing was typed here: what is stored comes onto the page.
    Adopt,
    /// Both have changed it, to the same.
    Agreed,
    /// Both have changed it: the person chooses.
    Dispute,
}

/// Compares what the page began with (`base`), what was typed and is not stored yet (`mine`), and what is stored now (`stored`).
pub fn merge<T: PartialEq>(base: &T, mine: Option<&T>, stored: &T) -> Merged {
    match mine {
        _ if stored == base => Merged::Keep,
        None => Merged::Adopt,
        Some(mine) if mine == stored => Merged::Agreed,
        Some(_) => Merged::Dispute,
    }
}

/// Whether a change that was typed over `seen` meets one that it has not seen: the part was changed after that version (`changed_at`), and
/// is not what is asked for.
pub const fn clashes(changed_at: i64, seen: i64, is_same: bool) -> bool {
    changed_at > seen && !is_same
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn c7_of_two_who_change_the_same_part_the_second_chooses() {
        assert_eq!(merge(&"甲", None, &"甲"), Merged::Keep);
        assert_eq!(merge(&"甲", Some(&"乙"), &"甲"), Merged::Keep);
        assert_eq!(merge(&"甲", None, &"丙"), Merged::Adopt);
        assert_eq!(merge(&"甲", Some(&"丙"), &"丙"), Merged::Agreed);
        assert_eq!(merge(&"甲", Some(&"乙"), &"丙"), Merged::Dispute);
    }

    #[test]
    fn c7_what_was_seen_and_what_is_asked_again_is_no_clash() {
        assert!(clashes(5, 4, false));
        assert!(!clashes(5, 5, false), "seen");
        assert!(!clashes(5, 4, true), "done already");
    }

    proptest! {
        /// Whatever two people type, the page and the server agree on who has to choose, and nothing typed goes unasked.
        #[test]
        fn c7_nothing_typed_is_overwritten_unasked(base in 0_u8..3, mine in proptest::option::of(0_u8..3), stored in 0_u8..3) {
            let merged = merge(&base, mine.as_ref(), &stored);
            if let Some(mine) = mine {
                prop_assert_ne!(merged, Merged::Adopt, "typed text is never replaced unasked");
                let changed_at = if stored == base { 0 } else { 2 };
                prop_assert_eq!(clashes(changed_at, 1, stored == mine), merged == Merged::Dispute);
            }
        }
    }
}
