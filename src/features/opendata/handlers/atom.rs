//! `/feed.atom`: the newest changes for feed readers (RFC 4287), older ones by `rel="next"`.

use super::answer::Asking;
use super::problem::Problem;
use super::query::{Given, MOST, SIZE, address, of_changes};
use super::shapes::zoned;
use crate::app::paths;
use crate::domain::calendar::Moment;
use crate::domain::money::Ratio;
use crate::features::announcements::commands::open::{self, Asked, Change, ChangeKind, OpenState};
use crate::server::fault::fault;
use crate::server::http::shelf::{Kind, Shelf};
use crate::server::request::Services;
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use std::io;

/// The parameters; `before` is the number of a change.
pub const KNOWN: [&str; 6] = of_changes("before");

/// The newest changes, or those before one.
pub async fn feed(
    State(services): State<Services>,
    Extension(shelf): Extension<Shelf>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let given = Given::read(&uri, &KNOWN)?;
    let asking = Asking::new(&services, &shelf, &headers).await?;
    let last = asking.edition.publications;
    let given_before = given.before()?.map(|no| no.min(last + 1));
    let until = given_before.map_or(last, |no| no - 1);
    let asked = Asked { is_newest_first: true, ..given.asked(until, SIZE, MOST)? };
    // A page goes by its own address; the first one, which moves on, by the one without a number.
    let here = given_before.map_or_else(|| first(&asked), |no| before(&asked, no));
    let own = here.clone();
    let make = async {
        let found = open::changes(&services, &asked).await?;
        let older = found.reached.filter(|_| found.has_more).map(|reached| before(&asked, reached));
        let site = &services.settings.public_url;
        write(site, &own, &found.changes, older).map_err(|error| fault(&error).into())
    };
    asking.answer(here, Kind::Atom, make).await
}

/// The address of the page that ends before a change.
fn before(asked: &Asked, no: i64) -> String {
    address(paths::ATOM, asked, no).replacen("cursor=", "before=", 1)
}

/// The address of the newest changes.
fn first(asked: &Asked) -> String {
    let usual = ["cursor=0".to_owned(), format!("limit={SIZE}")];
    let whole = address(paths::ATOM, asked, 0);
    let said: Vec<&str> = whole
        .split_once('?')
        .into_iter()
        .flat_map(|(_, parts)| parts.split('&'))
        .filter(|part| !usual.iter().any(|other| other == part))
        .collect();
    if said.is_empty() { paths::ATOM.to_owned() } else { format!("{}?{}", paths::ATOM, said.join("&")) }
}

/// When what an entry says has changed last: what became of an announcement later stands in the entry of its publication as well.
fn updated(change: &Change) -> Moment {
    match (change.kind, &change.notice.state) {
        (ChangeKind::Published, OpenState::Corrected { since, .. } | OpenState::Revoked { since, .. }) => *since,
        _ => change.at,
    }
}

fn write(site: &str, own: &str, changes: &[Change], older: Option<String>) -> io::Result<Vec<u8>> {
    let mut writer = Writer::new(Vec::new());
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    let feed = writer.create_element("feed").with_attributes([("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", "zh-CN")]);
    feed.write_inner_content(|writer| {
        text(writer, "id", &format!("{site}{}", paths::ATOM))?;
        text(writer, "title", "面向中小企业预留项目执行情况公告")?;
        text(writer, "subtitle", "发布、更正与撤销，按先后次序")?;
        // An empty feed was never updated; the form asks for a time all the same, and it must not be another one at every look.
        let never = Moment::from_millis(0);
        text(writer, "updated", &zoned(changes.iter().map(updated).max().unwrap_or(never)))?;
        link(writer, "self", &format!("{site}{own}"), "application/atom+xml")?;
        link(writer, "alternate", &format!("{site}{}", paths::PORTAL), "text/html")?;
        if let Some(older) = &older {
            link(writer, "next", &format!("{site}{older}"), "application/atom+xml")?;
        }
        changes.iter().try_for_each(|change| entry(writer, site, change))
    })?;
    Ok(writer.into_inner())
}

fn entry(writer: &mut Writer<Vec<u8>>, site: &str, change: &Change) -> io::Result<()> {
    let notice = &change.notice;
    let page = format!("{site}{}", paths::published(&notice.number));
    let title = match change.kind {
        ChangeKind::Published => notice.title.clone(),
        kind => format!("【{}】{}", kind.label(), notice.title),
    };
    writer.create_element("entry").write_inner_content(|writer| {
        text(writer, "id", &format!("{page}#{}", change.kind.code()))?;
        text(writer, "title", &title)?;
        text(writer, "updated", &zoned(updated(change)))?;
        text(writer, "published", &zoned(notice.published_at))?;
        writer.create_element("author").write_inner_content(|writer| text(writer, "name", &notice.unit.name))?;
        let category = writer.create_element("category");
        category.with_attributes([("term", change.kind.code()), ("label", change.kind.label())]).write_empty()?;
        link(writer, "alternate", &page, "text/html")?;
        link(writer, "related", &format!("{site}{}", paths::open_announcement(&notice.number)), "application/json")?;
        text(writer, "summary", &summary(change))
    })?;
    Ok(())
}

/// What happened, in a sentence.
fn summary(change: &Change) -> String {
    let notice = &change.notice;
    let of = |what: &str, reason: &str| format!("公告 {} {what}，理由：{reason}", notice.number);
    match (change.kind, &notice.state) {
        (ChangeKind::Corrected, OpenState::Corrected { reason, successor, .. }) => of(&format!("已由 {successor} 更正"), reason),
        (ChangeKind::Revoked, OpenState::Revoked { reason, .. }) => of("已撤销", reason),
        _ => {
            let frozen = &notice.frozen;
            let corrects = notice.corrects.as_ref().map(|corrects| format!("更正 {}，理由：{}。", corrects.of.number, corrects.reason));
            let now_is = match &notice.state {
                OpenState::Current => String::new(),
                OpenState::Corrected { successor, .. } => format!("（现已由 {successor} 更正）"),
                OpenState::Revoked { .. } => "（现已撤销）".to_owned(),
            };
            let (sme, small_micro) = (frozen.sme.wan(), frozen.small_micro.wan());
            let figures = if frozen.shares.is_empty() {
                format!("{}年无面向中小企业预留项目", notice.year)
            } else {
                let share = Ratio::of(frozen.small_micro, frozen.sme).percent();
                format!("{}年预留项目面向中小企业采购共计{sme}万元，其中，面向小微企业采购{small_micro}万元，占{share}", notice.year)
            };
            format!("{}{figures}。{now_is}", corrects.unwrap_or_default())
        }
    }
}

fn text(writer: &mut Writer<Vec<u8>>, name: &str, content: &str) -> io::Result<()> {
    writer.create_element(name).write_text_content(BytesText::new(content))?;
    Ok(())
}

fn link(writer: &mut Writer<Vec<u8>>, rel: &str, href: &str, kind: &str) -> io::Result<()> {
    writer.create_element("link").with_attributes([("rel", rel), ("type", kind), ("href", href)]).write_empty()?;
    Ok(())
}
