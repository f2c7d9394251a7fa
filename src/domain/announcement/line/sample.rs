//! A line for tests.

use super::{AnnouncementLine, LineValues};
use crate::domain::ids::{AnnouncementLineId, RecordId};

/// A line as it came from its record: nothing changed, nothing left out. `number` tells its id from those of others.
pub(in crate::domain::announcement) fn untouched(number: usize, values: LineValues) -> AnnouncementLine {
    AnnouncementLine {
        id: AnnouncementLineId::parse(&format!("01890a5d-ac96-774b-bcce-{number:012x}")).unwrap(),
        unit_name: "单位".into(),
        record: RecordId::parse("01890a5d-ac96-774b-bcce-b302099a8058").unwrap(),
        record_line: None,
        record_number: 1,
        approved: values.clone(),
        values,
        is_removed: false,
        reason: String::new(),
    }
}
