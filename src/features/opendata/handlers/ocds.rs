//! The Open Contracting Data Standard 1.1.5: a release for each project of an announcement.
//!
//! What goes where: 项目 → `tender`, its 标项 → `tender.lots[]`; the reservation → `tender.sustainability[]` (`social.smeInclusion` by
//! `reservedParticipation`); each line → an award and a contract, with number, amount and date of the contract where its own 合同公告 has made
//! them public; supplier size → `parties[].details.scale`; the subcontracted part → `awards[].subcontracting.value`; the announced amounts, for
//! which the standard has no field → `awards[].reservedParticipation`. A correction is a later release of the same process; a project that it
//! leaves out, and every project of a revoked announcement, gets a release with `tender.status: withdrawn`.

use super::shapes::zoned;
use crate::app::paths;
use crate::domain::calendar::{Day, Moment};
use crate::domain::contract::{Category, Contract, Measure, SupplierScale};
use crate::domain::ids::LineId;
use crate::domain::money::Money;
use crate::features::announcements::commands::open::{Notice, OpenLine, OpenUnit};
use crate::server::files::sha256_hex;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;

/// The extensions whose fields are used.
pub const EXTENSIONS: [&str; 4] = [
    "https://raw.githubusercontent.com/open-contracting-extensions/ocds_lots_extension/v1.1.5/extension.json",
    "https://raw.githubusercontent.com/open-contracting-extensions/ocds_sustainability_extension/master/extension.json",
    "https://raw.githubusercontent.com/open-contracting-extensions/ocds_subcontracting_extension/master/extension.json",
    "https://raw.githubusercontent.com/open-contracting-extensions/ocds_organizationScale_extension/master/extension.json",
];

/// The register that identifies organisations in China.
const SCHEME: &str = "CN-USCI";

/// Where a release is published.
#[derive(Clone, Copy, Debug)]
pub struct Site<'a> {
    /// Scheme and host of addresses.
    pub address: &'a str,
    /// The beginning of every OCDS identifier.
    pub prefix: &'a str,
}

/// A line with its contract, where that is public.
type Line<'a> = (&'a OpenLine, Option<&'a Contract>);

/// The lines of each process, under its identifier; the identifier does not change when the announcement is corrected.
fn processes<'a>(site: Site<'_>, lines: &'a [OpenLine], contracts: &'a HashMap<LineId, Contract>) -> Vec<(String, Vec<Line<'a>>)> {
    let mut order = Vec::new();
    let mut found: BTreeMap<String, Vec<Line<'a>>> = BTreeMap::new();
    for line in lines {
        let contract = line.line.as_ref().and_then(|id| contracts.get(id));
        let unit = line.unit.id.as_str();
        // Contracts of one project are one process; a line whose contract nobody knows is one by itself.
        let key = match (contract, &line.line) {
            (Some(contract), _) if !contract.project_no.is_empty() => format!("project\n{unit}\n{}", contract.project_no),
            (Some(contract), _) => format!("contract\n{unit}\n{}", contract.contract_no),
            (None, Some(id)) => format!("line\n{id}"),
            (None, None) => format!("name\n{unit}\n{}", line.values.project_name),
        };
        let ocid = format!("{}-{}", site.prefix, &sha256_hex(key.as_bytes())[..24]);
        if !found.contains_key(&ocid) {
            order.push(ocid.clone());
        }
        found.entry(ocid).or_default().push((line, contract));
    }
    order.into_iter().filter_map(|ocid| found.remove(&ocid).map(|lines| (ocid, lines))).collect()
}

/// An announcement as it was at its publication.
#[derive(Clone, Copy, Debug)]
pub struct Content<'a> {
    /// Its lines.
    pub lines: &'a [OpenLine],
    /// Their contracts that are public.
    pub contracts: &'a HashMap<LineId, Contract>,
}

/// What is published with an announcement; `corrected` is the content of the one whose place it takes.
pub fn published(site: Site<'_>, notice: &Notice, content: Content<'_>, corrected: Option<Content<'_>>) -> Vec<Value> {
    let before = corrected.map(|content| processes(site, content.lines, content.contracts)).unwrap_or_default();
    let known: HashSet<&String> = before.iter().map(|(ocid, _)| ocid).collect();
    let now = processes(site, content.lines, content.contracts);
    let mut releases: Vec<Value> = now.iter().map(|(ocid, lines)| release(site, notice, ocid, lines, known.contains(ocid))).collect();
    let stays: HashSet<&String> = now.iter().map(|(ocid, _)| ocid).collect();
    let reason = notice.corrects.as_ref().map(|corrects| corrects.reason.as_str()).unwrap_or_default();
    for (ocid, lines) in before.iter().filter(|(ocid, _)| !stays.contains(ocid)) {
        releases.push(withdrawn(notice, ocid, lines, &notice.number, notice.published_at, reason));
    }
    releases
}

/// What is published when an announcement is revoked.
pub fn revoked(site: Site<'_>, notice: &Notice, content: Content<'_>, since: Moment, reason: &str) -> Vec<Value> {
    let id = format!("{}-revoked", notice.number);
    let all = processes(site, content.lines, content.contracts);
    all.iter().map(|(ocid, lines)| withdrawn(notice, ocid, lines, &id, since, reason)).collect()
}

/// A package of these releases.
pub fn package(site: Site<'_>, address: &str, publisher: Option<&OpenUnit>, at: Moment, releases: Vec<Value>) -> Value {
    let publisher = publisher.map_or_else(
        || json!({ "name": "面向中小企业预留项目执行情况公告", "uri": site.address }),
        |unit| json!({ "name": unit.name, "scheme": unit.uscc.as_ref().map(|_| SCHEME), "uid": unit.uscc, "uri": site.address }),
    );
    json!({
        "uri": format!("{}{address}", site.address),
        "version": "1.1",
        "extensions": EXTENSIONS,
        "publishedDate": zoned(at),
        "publisher": publisher,
        "releases": releases,
    })
}

/// A release without anything that is not known: the standard has no `null` for most of it.
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(fields) => Value::Object(
            fields.into_iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| (name, without_nulls(value))).collect(),
        ),
        Value::Array(values) => Value::Array(values.into_iter().map(without_nulls).collect()),
        other => other,
    }
}

fn amount(money: Money) -> Value {
    // Up to a trillion 元 in 分 a double holds exactly enough to be written with its two places.
    #[expect(clippy::cast_precision_loss, reason = "at most 10^14")]
    let yuan = money.fen() as f64 / 100.0;
    json!({ "amount": yuan, "currency": "CNY" })
}

fn day(day: Day) -> String {
    format!("{day}T00:00:00+08:00")
}

fn head(notice: &Notice, ocid: &str, id: &str, at: Moment, tags: &[&str]) -> Value {
    json!({ "ocid": ocid, "id": id, "date": zoned(at), "tag": tags, "language": "zh", "initiationType": "tender",
            "relatedAnnouncement": notice.number })
}

fn withdrawn(notice: &Notice, ocid: &str, lines: &[Line<'_>], id: &str, at: Moment, reason: &str) -> Value {
    let Some((first, contract)) = lines.first() else { return Value::Null };
    let mut release = head(notice, ocid, id, at, &["tenderUpdate"]);
    release["tender"] =
        json!({ "id": tender_id(ocid, *contract), "title": first.values.project_name, "status": "withdrawn", "description": reason });
    release
}

fn tender_id(ocid: &str, contract: Option<&Contract>) -> String {
    contract.map(|contract| contract.project_no.clone()).filter(|no| !no.is_empty()).unwrap_or_else(|| ocid.to_owned())
}

fn unit_id(unit: &OpenUnit) -> String {
    unit.uscc.as_ref().map_or_else(|| format!("unit-{}", unit.id), |code| format!("{SCHEME}-{code}"))
}

/// Name and code of a supplier.
fn supplier_id(contract: &Contract) -> String {
    if contract.supplier_uscc.is_empty() {
        format!("supplier-{}", &sha256_hex(contract.supplier_name.as_bytes())[..24])
    } else {
        format!("{SCHEME}-{}", contract.supplier_uscc)
    }
}

fn identifier(name: &str, code: Option<&str>) -> Value {
    code.map_or(Value::Null, |code| json!({ "scheme": SCHEME, "id": code, "legalName": name }))
}

fn scale(scale: SupplierScale) -> Option<&'static str> {
    match scale {
        SupplierScale::Large => Some("large"),
        SupplierScale::Medium => Some("medium"),
        SupplierScale::Small => Some("small"),
        SupplierScale::Micro => Some("micro"),
        SupplierScale::SelfEmployed => Some("selfEmployed"),
        // They count as small or micro, but are not said to be of any size.
        SupplierScale::DisabilityWelfare | SupplierScale::Prison | SupplierScale::Other => None,
    }
}

fn release(site: Site<'_>, notice: &Notice, ocid: &str, lines: &[Line<'_>], is_known: bool) -> Value {
    let tags: &[&str] = if is_known { &["awardUpdate", "contractUpdate"] } else { &["award", "contract"] };
    let mut release = head(notice, ocid, &notice.number, notice.published_at, tags);
    let Some((first, contract)) = lines.first() else { return release };
    let buyer = json!({ "id": unit_id(&first.unit), "name": first.unit.name });
    release["parties"] = parties(&first.unit, lines);
    release["buyer"] = buyer.clone();
    release["tender"] = tender(site, notice, ocid, lines, *contract, buyer);
    let ids = ids(ocid, lines);
    release["awards"] = lines.iter().zip(&ids).map(|(line, id)| award(*line, id)).collect();
    release["contracts"] = lines.iter().zip(&ids).map(|(line, id)| contract_of(*line, id)).collect();
    without_nulls(release)
}

fn parties(buyer: &OpenUnit, lines: &[Line<'_>]) -> Value {
    let mut parties = vec![json!({
        "id": unit_id(buyer), "name": buyer.name, "identifier": identifier(&buyer.name, buyer.uscc.as_deref()), "roles": ["buyer", "procuringEntity"],
    })];
    let mut seen = HashSet::new();
    for contract in lines.iter().filter_map(|(_, contract)| *contract) {
        let id = supplier_id(contract);
        if seen.insert(id.clone()) {
            let code = Some(contract.supplier_uscc.as_str()).filter(|code| !code.is_empty());
            let details = contract.supplier_scale.and_then(scale).map_or(Value::Null, |scale| json!({ "scale": scale }));
            parties.push(json!({
                "id": id, "name": contract.supplier_name, "identifier": identifier(&contract.supplier_name, code), "roles": ["supplier"],
                "details": details,
            }));
        }
    }
    Value::Array(parties)
}

fn tender(site: Site<'_>, notice: &Notice, ocid: &str, lines: &[Line<'_>], contract: Option<&Contract>, buyer: Value) -> Value {
    let mut lots: Vec<&str> = lines.iter().filter_map(|(_, contract)| contract.map(|contract| contract.lot.as_str())).collect();
    lots.retain(|lot| !lot.is_empty());
    lots.sort_unstable();
    lots.dedup();
    let lots: Vec<Value> = lots.into_iter().map(|lot| json!({ "id": lot, "title": lot })).collect();
    let title = contract.map(|contract| contract.project_name.as_str()).filter(|name| !name.is_empty());
    json!({
        "id": tender_id(ocid, contract),
        "title": title.unwrap_or_else(|| lines.first().map_or("", |(line, _)| line.values.project_name.as_str())),
        "status": "complete",
        "procuringEntity": buyer,
        "mainProcurementCategory": contract.and_then(|contract| contract.category).map(Category::code),
        "procurementMethodDetails": contract.map(|contract| contract.method.as_str()).filter(|method| !method.is_empty()),
        "lots": if lots.is_empty() { Value::Null } else { Value::Array(lots) },
        "sustainability": [{ "goal": "social.smeInclusion", "strategies": ["reservedParticipation"] }],
        "documents": [{
            "id": notice.number, "documentType": "reservedParticipationAnnouncement", "title": notice.title,
            "url": format!("{}{}", site.address, paths::published(&notice.number)), "datePublished": zoned(notice.published_at),
            "format": "text/html", "language": "zh",
        }],
    })
}

/// An id for each line of a process: its 合同编号 and 标项, where they are known and not taken yet.
fn ids(ocid: &str, lines: &[Line<'_>]) -> Vec<String> {
    let mut taken = HashSet::new();
    let mut ids = Vec::new();
    for (number, (line, contract)) in (1..).zip(lines) {
        let wanted = match contract {
            Some(contract) if contract.lot.is_empty() => contract.contract_no.clone(),
            Some(contract) => format!("{}-{}", contract.contract_no, contract.lot),
            None => line.line.as_ref().map_or_else(|| format!("{ocid}-{number}"), ToString::to_string),
        };
        let id = if taken.contains(&wanted) { format!("{wanted}-{number}") } else { wanted };
        taken.insert(id.clone());
        ids.push(id);
    }
    ids
}

fn award((line, contract): Line<'_>, id: &str) -> Value {
    let values = &line.values;
    let mut reserved = Map::new();
    reserved.insert("method".to_owned(), json!(values.measure.map(Measure::code)));
    reserved.insert("percentage".to_owned(), json!(values.percent.and_then(|percent| percent.to_string().parse::<f64>().ok())));
    reserved.insert("smeValue".to_owned(), amount(values.sme));
    reserved.insert("smallMicroValue".to_owned(), amount(values.small_micro));
    let subcontracting = match values.measure {
        Some(Measure::Subcontract) => json!({ "value": amount(values.sme) }),
        _ => Value::Null,
    };
    json!({
        "id": id,
        "title": values.project_name,
        "status": "active",
        "value": contract.map(|contract| amount(contract.amount)),
        "suppliers": contract.map(|contract| json!([{ "id": supplier_id(contract), "name": contract.supplier_name }])),
        "relatedLots": contract.filter(|contract| !contract.lot.is_empty()).map(|contract| json!([contract.lot])),
        "subcontracting": subcontracting,
        "reservedParticipation": reserved,
    })
}

/// A link as the standard wants it: what a browser would encode is encoded, everything else stays as it is.
fn uri(link: &str) -> String {
    let mut uri = String::with_capacity(link.len());
    for (at, byte) in link.bytes().enumerate() {
        let is_kept = match byte {
            b'%' => link.as_bytes().get(at + 1..at + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit)),
            byte => byte.is_ascii_alphanumeric() || b"-._~:/?#@!$&'()*+,;=".contains(&byte),
        };
        if is_kept {
            uri.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

fn contract_of((line, contract): Line<'_>, id: &str) -> Value {
    let document = line.values.url.as_ref().map(|url| {
        json!([{
            "id": "notice", "documentType": "contractNotice", "title": "合同公告", "url": uri(url),
            "datePublished": contract.and_then(|contract| contract.published_on).map(day),
        }])
    });
    let title = contract.map(|contract| contract.contract_title.as_str()).filter(|title| !title.is_empty());
    json!({
        "id": id,
        "awardID": id,
        "title": title.unwrap_or(&line.values.project_name),
        "value": contract.map(|contract| amount(contract.amount)),
        "dateSigned": contract.map(|contract| day(contract.signed_on)),
        "documents": document,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e12_a_link_is_a_uri_and_an_ordinary_one_stays_as_it_is() {
        for link in ["https://zfcg.gov.example/luban/detail?parentId=1&articleId=Q+/5==", "http://a/%E6%B5%A6?b=%3d#c"] {
            assert_eq!(uri(link), link);
        }
        assert_eq!(uri("http://a/浦?b=\"c d\"&e=5%&f=[1]"), "http://a/%E6%B5%A6?b=%22c%20d%22&e=5%25&f=%5B1%5D");
    }
}
