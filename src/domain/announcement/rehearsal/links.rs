//! Whether a link can lead a reader anywhere, by its form alone.

use super::{Found, Subject, Weight};
use crate::domain::announcement::document::{Block, Document, Inline};
use crate::domain::announcement::figures::Figures;
use crate::domain::text;
// The types of addresses alone; nothing is connected to.
use core::net::{Ipv4Addr, Ipv6Addr};

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

fn is_inside_v4(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    // 100.64/10 belongs to the providers' own networks.
    address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_unspecified()
        || (first == 100 && second & 0xC0 == 64)
}

fn is_inside_v6(address: Ipv6Addr) -> bool {
    let first = address.segments()[0];
    let is_local = first & 0xFE00 == 0xFC00 || first & 0xFFC0 == 0xFE80;
    is_local || address.is_loopback() || address.is_unspecified() || address.to_ipv4_mapped().is_some_and(is_inside_v4)
}

/// Words that say nothing of where a link leads.
const EMPTY_WORDS: [&str; 10] = ["点击", "点击这里", "点这里", "点此", "点击此处", "这里", "此处", "链接", "详情", "更多"];

/// Links of the text and of the lines.
pub(super) fn look(document: &Document, figures: &Figures, found: &mut Found) {
    let mut links = Vec::new();
    collect(&document.blocks, &mut links);
    for (words, target) in &links {
        if let Some(fault) = link_fault(target) {
            found.say(Weight::Look, Subject::Links, format!("正文中「{words}」的链接{fault}：{target}"), "请改成公众能打开的网址");
        }
        let words = words.trim();
        if words.is_empty() || EMPTY_WORDS.contains(&words) || words.starts_with("http") {
            found.say(
                Weight::Look,
                Subject::Access,
                format!("正文中有一处链接的文字是「{words}」，读屏软件的用户听不出它通向哪里"),
                "请把链接的文字改成目标页面的名称",
            );
        }
    }
    for (number, line) in (1..).zip(&figures.lines) {
        if let Some((link, fault)) = line.url.as_deref().and_then(|link| Some((link, link_fault(link)?))) {
            found.say(
                Weight::Look,
                Subject::Links,
                format!("明细第 {number} 行「{}」的合同链接{fault}：{link}", line.project_name),
                "请在公告内容中编辑该行的合同链接",
            );
        }
    }
    let without = figures.lines.iter().filter(|line| line.url.is_none()).count();
    if without > 0 {
        found.say(Weight::Note, Subject::Links, format!("明细中有 {without} 行没有合同链接"), "没有公开合同的项目可以不填");
    }
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
