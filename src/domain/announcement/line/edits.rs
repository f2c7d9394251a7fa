//! Changes of many lines at once, such as a paste (C4): all of them or none, each line once.

use crate::domain::ids::AnnouncementLineId;
use std::collections::HashSet;

/// Lines that are changed together at most: several times what an announcement usually has, and few enough that nobody else waits for it.
pub const EDITS_MAX: usize = 5_000;

/// Why changes of many lines are refused together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditsRefused {
    /// Nothing is asked for.
    #[error("没有要修改的内容")]
    Nothing,
    /// More than [`EDITS_MAX`].
    #[error("一次最多修改 {most} 行，这次有 {0} 行，请分几次保存", most = EDITS_MAX)]
    TooMany(usize),
    /// A line is named twice: which of the two changes is meant cannot be known.
    #[error("同一行在一次保存中改了两处，后一处会覆盖前一处；每行请只保留一处修改后再保存")]
    Twice,
}

/// Whether these lines may be changed together.
pub fn together<'a>(lines: impl ExactSizeIterator<Item = &'a AnnouncementLineId>) -> Result<(), EditsRefused> {
    let asked = lines.len();
    if asked == 0 {
        return Err(EditsRefused::Nothing);
    }
    if asked > EDITS_MAX {
        return Err(EditsRefused::TooMany(asked));
    }
    if lines.collect::<HashSet<_>>().len() < asked { Err(EditsRefused::Twice) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c4_lines_are_changed_together_each_once_and_within_a_bound() {
        let id = |number: usize| AnnouncementLineId::parse(&format!("01890a5d-ac96-774b-bcce-{number:012x}")).unwrap();
        let many: Vec<_> = (0..=EDITS_MAX).map(id).collect();
        assert_eq!(together(many[..EDITS_MAX].iter()), Ok(()));
        assert_eq!(together(many.iter()), Err(EditsRefused::TooMany(EDITS_MAX + 1)));
        assert_eq!(together([].iter()), Err(EditsRefused::Nothing));
        assert_eq!(together([id(1), id(2), id(1)].iter()), Err(EditsRefused::Twice));
        assert!(EditsRefused::TooMany(6_000).to_string().contains("最多修改 5000 行，这次有 6000 行"));
    }
}
