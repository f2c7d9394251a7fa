//! The shapes of the JSON (`openapi.json` describes each of them). What is not known is `null` and never left out.

use crate::app::paths;
use crate::domain::announcement::status::has_ended;
use crate::domain::calendar::Moment;
use crate::domain::contract::Measure;
use crate::domain::money::{Money, Ratio};
use crate::features::announcements::commands::open::{Change, Notice, OpenLine, OpenState, OpenUnit};
use serde::Serialize;

/// A moment with its zone, `2026-03-15T09:00:00+08:00`.
pub fn zoned(at: Moment) -> String {
    format!("{}+08:00", at.local_input())
}

/// A page of changes.
#[derive(Debug, Serialize)]
pub struct ChangesShape {
    /// In the order of the commits.
    pub changes: Vec<ChangeShape>,
    /// Where to go on: as `cursor` of the next request.
    pub cursor: String,
    /// The address of the next request.
    pub next: String,
    /// Whether there is more at this moment.
    pub has_more: bool,
}

/// A change.
#[derive(Debug, Serialize)]
pub struct ChangeShape {
    change: i64,
    kind: &'static str,
    at: String,
    announcement: NoticeShape,
}

impl ChangeShape {
    /// Of a change as it is told at `now`.
    pub fn new(change: &Change, site: &str, now: Moment) -> ChangeShape {
        ChangeShape {
            change: change.no,
            kind: change.kind.code(),
            at: zoned(change.at),
            announcement: NoticeShape::new(&change.notice, site, now),
        }
    }
}

/// A unit.
#[derive(Debug, Serialize)]
pub struct UnitShape {
    id: String,
    name: String,
    uscc: Option<String>,
}

impl UnitShape {
    fn new(unit: &OpenUnit) -> UnitShape {
        UnitShape { id: unit.id.to_string(), name: unit.name.clone(), uscc: unit.uscc.clone() }
    }
}

#[derive(Debug, Serialize)]
struct DistrictShape {
    code: &'static str,
    name: &'static str,
}

/// The two amounts in 元, and 占比.
#[derive(Debug, Serialize)]
pub struct Totals {
    currency: &'static str,
    sme: String,
    small_micro: String,
    small_micro_percent: Option<String>,
}

impl Totals {
    /// Of these amounts.
    pub fn new(sme: Money, small_micro: Money) -> Totals {
        let ratio = Ratio::of(small_micro, sme);
        Totals {
            currency: "CNY",
            sme: sme.yuan(),
            small_micro: small_micro.yuan(),
            small_micro_percent: ratio.hundredths().map(|_| ratio.to_string()),
        }
    }
}

#[derive(Debug, Serialize)]
struct OfMeasure {
    measure: &'static str,
    label: &'static str,
    sme: String,
}

#[derive(Debug, Serialize)]
struct FileShape {
    name: String,
    size: i64,
    url: String,
}

#[derive(Debug, Serialize)]
struct LinkShape {
    number: String,
    url: String,
}

impl LinkShape {
    fn new(number: &str, site: &str) -> LinkShape {
        LinkShape { number: number.to_owned(), url: format!("{site}{}", paths::open_announcement(number)) }
    }
}

#[derive(Debug, Serialize)]
struct CorrectsShape {
    #[serde(flatten)]
    link: LinkShape,
    reason: String,
}

#[derive(Debug, Serialize)]
struct Formats {
    html: String,
    json: String,
    ocds: String,
    xlsx: String,
    csv: String,
    pdf: String,
}

/// An announcement without its lines.
#[derive(Debug, Serialize)]
pub struct NoticeShape {
    id: String,
    number: String,
    title: String,
    unit: UnitShape,
    district: DistrictShape,
    year: i64,
    status: &'static str,
    published_at: String,
    expires_on: Option<String>,
    status_since: Option<String>,
    status_reason: Option<String>,
    successor: Option<LinkShape>,
    corrects: Option<CorrectsShape>,
    totals: Totals,
    by_measure: Vec<OfMeasure>,
    files: Vec<FileShape>,
    formats: Formats,
}

/// What an announcement is worth at `now`: code and word.
pub fn status(notice: &Notice, now: Moment) -> (&'static str, &'static str) {
    match notice.state {
        OpenState::Corrected { .. } => ("corrected", "已更正"),
        OpenState::Revoked { .. } => ("revoked", "已撤销"),
        OpenState::Current if has_ended(notice.expires_on, now) => ("ended", "已截止"),
        OpenState::Current => ("published", "已发布"),
    }
}

impl NoticeShape {
    /// Of an announcement as it stands at `now`; `site` is the scheme and host of every address in it.
    pub fn new(notice: &Notice, site: &str, now: Moment) -> NoticeShape {
        let number = &notice.number;
        let at = |path: String| format!("{site}{path}");
        let (since, reason, successor) = match &notice.state {
            OpenState::Current => (None, None, None),
            OpenState::Corrected { since, reason, successor } => (Some(since), Some(reason), Some(successor)),
            OpenState::Revoked { since, reason } => (Some(since), Some(reason), None),
        };
        // With a revoked announcement its files are gone.
        let files = if matches!(notice.state, OpenState::Revoked { .. }) { &[][..] } else { &notice.frozen.files };
        NoticeShape {
            id: notice.id.to_string(),
            number: number.clone(),
            title: notice.title.clone(),
            unit: UnitShape::new(&notice.unit),
            district: DistrictShape { code: notice.district.code(), name: notice.district.name() },
            year: notice.year,
            status: status(notice, now).0,
            published_at: zoned(notice.published_at),
            expires_on: notice.expires_on.map(|day| day.to_string()),
            status_since: since.map(|at| zoned(*at)),
            status_reason: reason.cloned(),
            successor: successor.map(|number| LinkShape::new(number, site)),
            corrects: notice
                .corrects
                .as_ref()
                .map(|corrects| CorrectsShape { link: LinkShape::new(&corrects.of.number, site), reason: corrects.reason.clone() }),
            totals: Totals::new(notice.frozen.sme, notice.frozen.small_micro),
            by_measure: notice
                .frozen
                .shares
                .iter()
                .map(|(measure, sme)| OfMeasure { measure: measure.code(), label: measure.label(), sme: sme.yuan() })
                .collect(),
            files: files
                .iter()
                .map(|file| FileShape { name: file.name.clone(), size: file.size, url: at(paths::public_attachment(number, &file.id)) })
                .collect(),
            formats: Formats {
                html: at(paths::published(number)),
                json: at(paths::open_announcement(number)),
                ocds: at(paths::open_ocds(number)),
                xlsx: at(paths::announcement_detail(number, "xlsx")),
                csv: at(paths::announcement_detail(number, "csv")),
                pdf: at(paths::announcement_pdf(number)),
            },
        }
    }
}

#[derive(Debug, Serialize)]
struct LineShape {
    no: usize,
    unit: UnitShape,
    project_name: String,
    measure: Option<&'static str>,
    measure_label: Option<&'static str>,
    reserved_percent: Option<String>,
    sme: String,
    small_micro: String,
    contract_url: Option<String>,
}

/// An announcement with its lines.
#[derive(Debug, Serialize)]
pub struct WholeShape {
    #[serde(flatten)]
    notice: NoticeShape,
    lines: Vec<LineShape>,
}

impl WholeShape {
    /// Of an announcement and its lines as they stand at `now`.
    pub fn new(notice: &Notice, lines: &[OpenLine], site: &str, now: Moment) -> WholeShape {
        let lines = (1..).zip(lines).map(|(no, line)| LineShape {
            no,
            unit: UnitShape::new(&line.unit),
            project_name: line.values.project_name.clone(),
            measure: line.values.measure.map(Measure::code),
            measure_label: line.values.measure.map(Measure::label),
            reserved_percent: line.values.percent.map(|percent| percent.to_string()),
            sme: line.values.sme.yuan(),
            small_micro: line.values.small_micro.yuan(),
            contract_url: line.values.url.clone(),
        });
        WholeShape { notice: NoticeShape::new(notice, site, now), lines: lines.collect() }
    }
}
