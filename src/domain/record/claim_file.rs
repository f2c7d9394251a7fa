//! Files with which a unit proves what it claims in (「申请纳入」): how many, and which may still be taken away.
//!
//! Which kinds are taken is `announcement::attachment`'s list; they are for those who may see the record and never public.

use crate::domain::calendar::Moment;

/// Most files of one claim.
pub const FILES_MAX: usize = 5;

/// Why a file is not added to a claim, or not taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClaimFileRefused {
    /// The line is none that was claimed in.
    #[error("只有申请纳入的合同可以上传证明材料")]
    NoClaim,
    /// The claim has as many as it may have.
    #[error("每份申请最多 {FILES_MAX} 个证明材料，请先删除不需要的")]
    TooMany,
    /// Someone has decided on it, or could have.
    #[error("提交时已有的证明材料不能删除，可以另外补充")]
    Submitted,
}

/// Whether a claim with so many files may have one more.
pub const fn may_add(present: usize) -> Result<(), ClaimFileRefused> {
    if present < FILES_MAX { Ok(()) } else { Err(ClaimFileRefused::TooMany) }
}

/// Whether a file may be taken away: one that was there at the last submission stays, because an answer may rest on it.
pub fn may_delete(uploaded_at: Moment, submitted_at: Option<Moment>) -> Result<(), ClaimFileRefused> {
    if submitted_at.is_some_and(|submitted| uploaded_at <= submitted) { Err(ClaimFileRefused::Submitted) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e1_what_a_reviewer_could_have_read_stays() {
        let at = |minutes: i64| Moment::from_millis(minutes * 60_000);
        assert_eq!(may_delete(at(5), None), Ok(()));
        assert_eq!(may_delete(at(5), Some(at(4))), Ok(()));
        assert_eq!(may_delete(at(5), Some(at(5))), Err(ClaimFileRefused::Submitted));
        assert_eq!(may_delete(at(5), Some(at(6))), Err(ClaimFileRefused::Submitted));
        assert_eq!((may_add(FILES_MAX - 1), may_add(FILES_MAX)), (Ok(()), Err(ClaimFileRefused::TooMany)));
    }
}
