//! The state as it is stored.

use super::{AnnouncementStatus, Correction, Pending, Publication, Revocation};
use crate::domain::calendar::Moment;
use crate::domain::ids::AnnouncementId;

/// The facts of a state as columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The reason of the state, or of the 「撤销」 under review; empty for none.
    pub reason: String,
    /// When it is or was published.
    pub at: Option<Moment>,
    /// When it was corrected or revoked.
    pub since: Option<Moment>,
    /// Its successor, also one in the making.
    pub successor: Option<AnnouncementId>,
}

impl AnnouncementStatus {
    /// As stored. 已截止 is stored as what it is made of, 已发布.
    pub const fn code(&self) -> &'static str {
        match self {
            AnnouncementStatus::Draft => "draft",
            AnnouncementStatus::InReview => "in_review",
            AnnouncementStatus::Returned(_) => "returned",
            AnnouncementStatus::Withdrawn(_) => "withdrawn",
            AnnouncementStatus::Scheduled(_) => "scheduled",
            AnnouncementStatus::Published(_) | AnnouncementStatus::Ended(_) => "published",
            AnnouncementStatus::Corrected(_) => "corrected",
            AnnouncementStatus::Revoked(_) => "revoked",
        }
    }

    /// The facts beside the code.
    pub fn facts(&self) -> Facts {
        Facts {
            reason: self.revoking().unwrap_or_else(|| self.reason()).to_owned(),
            at: self.at(),
            since: match self {
                AnnouncementStatus::Corrected(correction) => Some(correction.since),
                AnnouncementStatus::Revoked(revocation) => Some(revocation.since),
                _ => None,
            },
            successor: match (self, self.pending()) {
                (AnnouncementStatus::Corrected(correction), _) => Some(correction.successor.clone()),
                (_, Some(Pending::Correction(successor))) => Some(successor.clone()),
                _ => None,
            },
        }
    }

    /// From the stored form; `None` for what no state is stored as.
    pub fn from_code(code: &str, facts: Facts) -> Option<AnnouncementStatus> {
        let Facts { reason, at, since, successor } = facts;
        Some(match code {
            "draft" => AnnouncementStatus::Draft,
            "in_review" => AnnouncementStatus::InReview,
            "returned" => AnnouncementStatus::Returned(reason),
            "withdrawn" => AnnouncementStatus::Withdrawn(reason),
            "scheduled" => AnnouncementStatus::Scheduled(at?),
            "published" => {
                let pending = match successor {
                    Some(successor) => Some(Pending::Correction(successor)),
                    // 「撤销」 is never without a reason.
                    None => (!reason.is_empty()).then_some(Pending::Revocation(reason)),
                };
                AnnouncementStatus::Published(Publication { at: at?, pending })
            }
            "corrected" => AnnouncementStatus::Corrected(Correction { at: at?, since: since?, reason, successor: successor? }),
            "revoked" => AnnouncementStatus::Revoked(Revocation { at: at?, since: since?, reason }),
            _ => return None,
        })
    }
}
