//! 「补入单位」 and 「移出单位」: when a unit may come into an announcement or leave it (C1, C4).
//!
//! Always: an announcement holds at least one record; what comes in is the approved version whose figures were seen; nobody's newer change of
//! lines leaves unseen.

/// Why a unit neither comes in nor leaves; each names the unit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnitRefused {
    /// It is in the announcement already.
    #[error("{0}已在本公告中，可能刚由他人补入，请查看最新内容")]
    There(String),
    /// Another version of it was approved since its figures were seen.
    #[error("{0}的年度数据又有更正，金额可能已改变，请查看最新内容后再补入")]
    ApprovedAnew(String),
    /// It is the only one that is left.
    #[error("{0}是本公告汇集的唯一单位，不能移出；不再需要这份公告的，请在公告列表中「删除」")]
    Last(String),
    /// Somebody has changed its lines since they were seen.
    #[error("{0}的明细刚由他人修改，请查看最新内容后再移出")]
    Changed(String),
}

/// Whether the approved version `newest` of a unit may come in; `seen` is the one whose figures the person saw.
pub fn may_come_in(unit: &str, seen: i64, newest: i64) -> Result<(), UnitRefused> {
    if seen == newest { Ok(()) } else { Err(UnitRefused::ApprovedAnew(unit.to_owned())) }
}

/// Whether a unit may leave an announcement that holds `held` records; its lines were changed last at `changed`, and the person saw `seen`.
pub fn may_leave(unit: &str, held: usize, changed: i64, seen: i64) -> Result<(), UnitRefused> {
    if held <= 1 {
        return Err(UnitRefused::Last(unit.to_owned()));
    }
    if changed > seen {
        return Err(UnitRefused::Changed(unit.to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c4_the_last_unit_stays_whatever_was_seen_of_it() {
        for seen in [0, 5, 9] {
            assert_eq!(may_leave("甲", 1, 5, seen), Err(UnitRefused::Last("甲".into())));
        }
        assert_eq!(may_leave("甲", 2, 5, 5), Ok(()));
    }

    #[test]
    fn c4_a_unit_does_not_leave_over_a_newer_change_of_its_lines() {
        assert_eq!(may_leave("甲", 3, 6, 5), Err(UnitRefused::Changed("甲".into())));
        assert_eq!(may_leave("甲", 3, 0, 5), Ok(()), "never changed");
    }

    #[test]
    fn c1_what_comes_in_is_the_version_whose_figures_were_seen() {
        assert_eq!(may_come_in("甲", 2, 2), Ok(()));
        assert_eq!(may_come_in("甲", 1, 2), Err(UnitRefused::ApprovedAnew("甲".into())));
        assert!(UnitRefused::There("甲".into()).to_string().starts_with("甲已在本公告中"));
    }
}
