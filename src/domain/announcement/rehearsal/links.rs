//! Whether a link can lead a reader anywhere: by its form, and by what came of asking it.

use super::{Finding, Found, Subject, Weight};
use crate::domain::announcement::document::{Block, Document, Inline};
use crate::domain::announcement::figures::Figures;
use crate::domain::text;
// The types of addresses alone; nothing is connected to.
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::collections::HashMap;

/// What is wrong with a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkFault {
    /// Not an address of the web at all.
    #[error("不是完整的网址")]
    Malformed,
    /// A name and perhaps a password stand before the host.
    #[error("含有用户名，打开的可能是另一个网站")]
    Disguised,
    /// A host that only insiders reach.
    #[error("是内部网络的地址，公众打不开")]
    Inside,
}

/// What is wrong with a link, if anything.
pub fn link_fault(link: &str) -> Option<LinkFault> {
    if !matches!(text::link(link), Ok(Some(_))) {
        return Some(LinkFault::Malformed);
    }
    let Some((_, rest)) = link.split_once("://") else { return Some(LinkFault::Malformed) };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Some(LinkFault::Disguised);
    }
    if let Some(bracketed) = authority.strip_prefix('[') {
        let Some((address, port)) = bracketed.split_once(']') else { return Some(LinkFault::Malformed) };
        return match address.parse::<Ipv6Addr>() {
            Ok(address) if is_port(port.strip_prefix(':')) || port.is_empty() => is_inside_v6(address).then_some(LinkFault::Inside),
            _ => Some(LinkFault::Malformed),
        };
    }
    let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
    if port.is_some() && !is_port(port) {
        return Some(LinkFault::Malformed);
    }
    let host = host.to_lowercase();
    let host = host.strip_suffix('.').unwrap_or(&host);
    if let Ok(address) = host.parse::<Ipv4Addr>() {
        return is_inside_v4(address).then_some(LinkFault::Inside);
    }
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
    };
    if !host.split('.').all(is_label) {
        return Some(LinkFault::Malformed);
    }
    let last = host.rsplit('.').next().unwrap_or_default();
    let is_named_inside =
        !host.contains('.') || matches!(last, "local" | "localhost" | "internal" | "lan" | "intranet" | "test" | "invalid");
    if is_named_inside {
        return Some(LinkFault::Inside);
    }
    last.chars().all(|c| c.is_ascii_digit()).then_some(LinkFault::Malformed)
}

fn is_port(port: Option<&str>) -> bool {
    port.is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0))
}

/// Whether only insiders reach this address.
pub fn is_inside(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_inside_v4(address),
        IpAddr::V6(address) => is_inside_v6(address),
    }
}

fn is_inside_v4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        // “This network”, and what is reserved, broadcast included.
        || matches!(first, 0 | 240..)
        // 100.64/10 belongs to the providers' own networks, 198.18/15 to measurements, 192.0.0/24 to protocols.
        || (first == 100 && second & 0xC0 == 64)
        || (first == 198 && second & 0xFE == 18)
        || (first == 192 && second == 0 && third == 0)
}

fn is_inside_v6(address: Ipv6Addr) -> bool {
    let [first, second, third, .., high, low] = address.segments();
    let [a, b, c, d] = [high.to_be_bytes(), low.to_be_bytes()].concat()[..] else { return true };
    let is_local = first & 0xFE00 == 0xFC00 || first & 0xFF80 == 0xFE80 || address.is_multicast();
    // An address of IPv4 inside: mapped, compatible (with ::1 and :: among them), or of a gateway.
    let is_wrapped = address.to_ipv4().is_some() || (first == 0x64 && second == 0xFF9B);
    // Teredo hides an address of IPv4 by turning its bits.
    let is_special = first == 0x2001 && second == 0;
    let of_6to4 = (first == 0x2002).then(|| [second.to_be_bytes(), third.to_be_bytes()].concat());
    is_local
        || is_special
        || (is_wrapped && is_inside_v4(Ipv4Addr::new(a, b, c, d)))
        || address.is_loopback()
        || of_6to4.is_some_and(|octets| matches!(octets[..], [a, b, c, d] if is_inside_v4(Ipv4Addr::new(a, b, c, d))))
}

/// Words that say nothing of where a link leads.
const EMPTY_WORDS: [&str; 10] = ["点击", "点击这里", "点这里", "点此", "点击此处", "这里", "此处", "链接", "详情", "更多"];

/// A link, and where a person finds it.
struct Linked {
    /// Where it stands.
    place: String,
    /// The words that it lies under; none in a line.
    words: Option<String>,
    /// Where it leads.
    target: String,
    /// What to do where it is wrong.
    advice: &'static str,
}

/// Every link of the text and of the lines, in the order of the page.
fn linked(document: &Document, figures: &Figures) -> Vec<Linked> {
    let mut links = Vec::new();
    collect(&document.blocks, &mut links);
    let in_text = links.into_iter().map(|(words, target)| Linked {
        place: format!("正文中「{words}」的链接"),
        words: Some(words),
        target,
        advice: "请改成公众能打开的网址",
    });
    let in_lines = (1..).zip(&figures.lines).filter_map(|(number, line)| {
        Some(Linked {
            place: format!("明细第 {number} 行「{}」的合同链接", line.project_name),
            words: None,
            target: line.url.clone()?,
            advice: "请在公告内容中编辑该行的合同链接",
        })
    });
    in_text.chain(in_lines).collect()
}

/// Links of the text and of the lines, by their form.
pub(super) fn look(document: &Document, figures: &Figures, found: &mut Found) {
    for link in linked(document, figures) {
        if let Some(fault) = link_fault(&link.target) {
            found.say(Weight::Look, Subject::Links, format!("{}{fault}：{}", link.place, link.target), link.advice);
        }
        let Some(words) = link.words.as_deref().map(str::trim) else { continue };
        if words.is_empty() || EMPTY_WORDS.contains(&words) || words.starts_with("http") {
            found.say(
                Weight::Look,
                Subject::Access,
                format!("正文中有一处链接的文字是「{words}」，读屏软件的用户听不出它通向哪里"),
                "请把链接的文字改成目标页面的名称",
            );
        }
    }
    let without = figures.lines.iter().filter(|line| line.url.is_none()).count();
    if without > 0 {
        found.say(Weight::Note, Subject::Links, format!("明细中有 {without} 行没有合同链接"), "没有公开合同的项目可以不填");
    }
}

/// How many links are asked at most for one announcement.
pub const ASKED_MAX: usize = 60;

/// What came of asking a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkAnswer {
    /// With this status of HTTP.
    Status(u16),
    /// Nobody answered: no such host, no connection, no valid certificate, or not in time.
    Silent,
}

impl LinkAnswer {
    /// What a reader would find; nothing where a page comes. A site that asks who one is, or that knows programs from people, is there.
    fn fault(self) -> Option<String> {
        match self {
            LinkAnswer::Status(404 | 410) => Some("打不开：对方网站说没有这个页面".to_owned()),
            LinkAnswer::Status(status @ 500..) => Some(format!("打不开：对方网站出错（{status}）")),
            LinkAnswer::Status(_) => None,
            LinkAnswer::Silent => Some("没有应答：网站不存在、连接不上或证书无效".to_owned()),
        }
    }
}

/// The addresses to ask, each once: the well-formed ones, [`ASKED_MAX`] at most.
pub fn to_ask(document: &Document, figures: &Figures) -> Vec<String> {
    let mut targets = Vec::new();
    for link in linked(document, figures) {
        if targets.len() < ASKED_MAX && link_fault(&link.target).is_none() && !targets.contains(&link.target) {
            targets.push(link.target);
        }
    }
    targets
}

/// The findings about links that lead nowhere, and about those that were not asked.
pub fn judge(document: &Document, figures: &Figures, answers: &[(String, LinkAnswer)]) -> Vec<Finding> {
    let answers: HashMap<&str, LinkAnswer> = answers.iter().map(|(target, answer)| (target.as_str(), *answer)).collect();
    let mut found = Found(Vec::new());
    let mut unasked = 0_usize;
    for link in linked(document, figures).into_iter().filter(|link| link_fault(&link.target).is_none()) {
        match answers.get(link.target.as_str()) {
            None => unasked += 1,
            Some(answer) => {
                if let Some(fault) = answer.fault() {
                    found.say(Weight::Look, Subject::Links, format!("{}{fault}：{}", link.place, link.target), link.advice);
                }
            }
        }
    }
    if unasked > 0 {
        found.say(Weight::Note, Subject::Links, format!("还有 {unasked} 处链接没有检查能否打开"), "请打开几个看一看");
    }
    found.0
}

/// Every link with its words; pieces that are marked differently and lead to the same address are one link.
fn collect(blocks: &[Block], links: &mut Vec<(String, String)>) {
    for block in blocks {
        match block {
            Block::Heading { content, .. } | Block::Paragraph { content, .. } => {
                let mut open = false;
                for inline in content {
                    let linked = match inline {
                        Inline::Text { text, marks } => marks.link.as_ref().map(|target| (text, target)),
                        Inline::HardBreak | Inline::Chip(_) => None,
                    };
                    match (linked, links.last_mut()) {
                        (Some((text, target)), Some((words, before))) if open && before == target => words.push_str(text),
                        (Some((text, target)), _) => links.push((text.clone(), target.clone())),
                        (None, _) => {}
                    }
                    open = linked.is_some();
                }
            }
            Block::BulletList(items) | Block::OrderedList(items) => items.iter().for_each(|item| collect(item, links)),
            Block::Table(rows) => rows.iter().flatten().for_each(|cell| collect(&cell.content, links)),
            Block::DetailTable => {}
        }
    }
}
