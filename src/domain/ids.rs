//! Identities. One type per noun, so that a unit's id cannot stand where a record's is asked for.
//!
//! An id is a UUID in its text form; it is made by the server (version 7) and only read here.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The text is not an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("地址有误")]
pub struct IdError;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Reads the lower-case text form of a UUID.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                let shape = text.len() == 36
                    && text.bytes().enumerate().all(|(at, byte)| match at {
                        8 | 13 | 18 | 23 => byte == b'-',
                        _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
                    });
                if shape { Ok(Self(text.to_owned())) } else { Err(IdError) }
            }

            /// The text form.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

id! {
    /// A database with its folder of attachments.
    InstallationId,
    /// A 单位.
    UnitId,
    /// A person who can sign in.
    UserId,
    /// A 合同 row as imported.
    ContractId,
    /// An import of contracts: a file on its way into the 合同台账.
    ImportId,
    /// A unit's 年度数据 of one year.
    RecordId,
    /// A line of a record's 项目明细.
    LineId,
    /// A save of a page, made by the page: sent again, because its answer was lost, it is known by it.
    SaveId,
    /// A file with which a unit proves a claim.
    ClaimFileId,
    /// A dated threshold of the law.
    ThresholdId,
    /// A 公告模板.
    TemplateId,
    /// A contract left out of a record.
    LeftOutId,
    /// A 公告.
    AnnouncementId,
    /// A line of an announcement's own copy.
    AnnouncementLineId,
    /// A file of an announcement.
    AttachmentId,
    /// What a page calls an upload, so that it is done once however often it is sent.
    UploadKey,
    /// A page that someone has open.
    VisitId,
    /// A step of an approval.
    StepId,
    /// A message to a person.
    MessageId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b8_only_the_text_form_of_a_uuid_is_an_id() {
        assert!(UnitId::parse("01890a5d-ac96-774b-bcce-b302099a8057").is_ok());
        for text in [
            "",
            "1",
            "01890A5D-ac96-774b-bcce-b302099a8057",
            "01890a5d-ac96-774b-bcce-b302099a805'",
            "../../../../../../../../../../../../ab",
        ] {
            assert!(UnitId::parse(text).is_err(), "{text}");
        }
    }
}
