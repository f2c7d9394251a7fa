//! Which contracts a unit writes itself.

use super::{Contract, Source};

/// Why a contract can only be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotOwn {
    /// Collected from the platform.
    #[error("{0}合同由采购平台采集，只能查看；内容有误时请在平台更正后重新导入，或在年度数据的明细中补充并说明理由")]
    Collected(&'static str),
}

/// Whether the unit may change or delete this row by hand: only what it has entered itself.
pub fn is_own(contract: &Contract) -> Result<(), NotOwn> {
    match contract.source {
        Source::SelfEntered => Ok(()),
        Source::Project | Source::Framework => Err(NotOwn::Collected(contract.source.label())),
    }
}
