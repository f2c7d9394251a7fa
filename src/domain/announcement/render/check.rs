//! What is wrong with a text, measured against the data it stands for (E6).
//!
//! A chip is right by construction; wrong can be what is typed by hand, a chip in the wrong place, a missing chip, and wording
//! that programs look for. No finding changes anything: the page shows them, and errors are for the caller to hold a submission.

use super::plain_text;
use crate::domain::announcement::document::{Block, Chip, Document, Inline};
use crate::domain::announcement::figures::Figures;
use crate::domain::money::Money;
use crate::domain::text::to_half_width;
use serde::{Deserialize, Serialize};
use std::cmp::{Ordering, Reverse};

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Should be looked at; may be right.
    Warning,
    /// Contradicts the data or lacks what a notice must have.
    Error,
}

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// An amount typed by hand that is none of the data.
    TypedAmount,
    /// A number of projects typed by hand that differs from the lines.
    TypedCount,
    /// A 占比, typed by hand, that differs from the data.
    TypedRatio,
    /// A figure that runs into a chip, or a chip that stands for another sentence's figure.
    Misplaced,
    /// A chip, or the 明细, that a notice needs.
    MissingData,
    /// The title or the text names another year.
    Year,
    /// The title lacks the unit.
    Unit,
    /// Wording that programs look for.
    Wording,
    /// The sentence of a 零报告 with data, or sums without.
    ZeroReport,
}

/// Something to correct or to look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextFinding {
    /// How much it weighs.
    pub severity: Severity,
    /// What it is about.
    pub kind: FindingKind,
    /// The sentence for the screen: what, where, and what the data say.
    pub message: String,
}

const SME_TOTAL: &str = "面向中小企业采购共计";
const SMALL_MICRO: &str = "面向小微企业采购";
const NO_PROJECT: &str = "无面向中小企业预留项目";
const SIGNATURE: &str = "部门（单位）名称：";

/// Everything to say about a text and its title, errors first.
pub fn check(document: &Document, figures: &Figures, title: &str) -> Vec<TextFinding> {
    let mut checker = Checker { figures, findings: Vec::new() };
    let mut lines = Vec::new();
    let mut chips = Vec::new();
    let mut has_detail = false;
    collect(&document.blocks, &mut lines, &mut chips, &mut has_detail);
    checker.title(title);
    let text = plain_text(document, figures);
    if figures.is_zero() {
        checker.zero(&text, &chips, has_detail);
    } else {
        checker.sums(&text, &chips, has_detail);
    }
    checker.frame(&text, title, &chips);
    for line in &lines {
        checker.typed(line);
    }
    let mut findings = checker.findings;
    findings.sort_by_key(|finding| Reverse(finding.severity));
    findings.dedup();
    findings
}

/// Stands in a typed line for a chip: the chip's place among [`Chip::ALL`] from here on. Private use: nobody types these.
const CHIP_BASE: u32 = 0xF_0000;

fn placeholder(chip: Chip) -> char {
    (CHIP_BASE..)
        .zip(Chip::ALL)
        .find(|(_, each)| *each == chip)
        .and_then(|(code, _)| char::from_u32(code))
        .unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// The lines as typed, half-width, chips as placeholders; the chips that occur; whether the 明细 occurs.
fn collect(blocks: &[Block], lines: &mut Vec<String>, chips: &mut Vec<Chip>, has_detail: &mut bool) {
    for block in blocks {
        match block {
            Block::Heading { content, .. } | Block::Paragraph { content, .. } => {
                let mut line = String::new();
                for inline in content {
                    match inline {
                        Inline::Text { text, .. } => line.push_str(text),
                        Inline::HardBreak => line.push('\n'),
                        Inline::Chip(chip) => {
                            line.push(placeholder(*chip));
                            chips.push(*chip);
                        }
                    }
                }
                lines.push(to_half_width(&line));
            }
            Block::BulletList(items) | Block::OrderedList(items) => items.iter().for_each(|item| collect(item, lines, chips, has_detail)),
            Block::Table(rows) => rows.iter().flatten().for_each(|cell| collect(&cell.content, lines, chips, has_detail)),
            Block::DetailTable => *has_detail = true,
        }
    }
}

/// The number that ends `text`, blanks after it ignored, and what stands before it.
fn number_before(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_end();
    let start = text.char_indices().rev().take_while(|(_, c)| c.is_ascii_digit() || matches!(c, '.' | ',')).last()?.0;
    // A comma or a full stop before the number belongs to the sentence.
    let number = text[start..].trim_start_matches([',', '.']);
    number.starts_with(|c: char| c.is_ascii_digit()).then(|| (&text[..text.len() - number.len()], number))
}

/// The number that begins `text`, blanks before it ignored, and what stands after it.
fn number_after(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let end = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ','))).unwrap_or(text.len());
    text.starts_with(|c: char| c.is_ascii_digit()).then(|| text.split_at(end))
}

/// A percentage in hundredths; `None` with more than two places or out of bounds.
fn hundredths(number: &str) -> Option<i64> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > 2 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(format!("{fraction:0<2}").parse().ok()?)
}

/// Units in which amounts are typed, and 分 in one of them.
const AMOUNT_UNITS: [(&str, i128); 3] = [("亿元", 10_000_000_000), ("万元", 1_000_000), ("元", 100)];

/// Amounts below this in 元 are prices and rates, and speak of no total: 1 万元, in 分.
const SMALLEST_YUAN: i128 = 1_000_000;

/// The digits of a typed number without point and commas, and how many stand behind the point; `None` where it is none, or too long to be an amount.
fn digits(number: &str) -> Option<(i128, u32)> {
    let number = number.replace(',', "");
    let (whole, fraction) = number.split_once('.').unwrap_or((&number, ""));
    let places = u32::try_from(fraction.len()).ok().filter(|places| *places <= 12 && whole.len() <= 15)?;
    Some((format!("{whole}{fraction}").parse().ok()?, places))
}

/// Whether a typed number in a unit of so many 分 is this amount. In 亿元 nobody writes all digits: there it is so by rounding.
fn stands_for(number: &str, fen: i128, amount: Money) -> bool {
    let Some((typed, places)) = digits(number) else { return false };
    let amount = i128::from(amount.fen()) * 10_i128.pow(places);
    if fen > AMOUNT_UNITS[1].1 { (amount * 2 + fen).div_euclid(fen * 2) == typed } else { typed * fen == amount }
}

/// The figure after `lead` and before `unit`, blanks between them ignored, as programs read it.
fn machine_read<'a>(text: &'a str, lead: &str, unit: &str) -> Option<&'a str> {
    text.match_indices(lead).find_map(|(at, _)| {
        let (number, rest) = number_after(&text[at + lead.len()..])?;
        rest.trim_start().starts_with(unit).then_some(number)
    })
}

/// Every 20xx that stands before `年` and one of the given continuations.
fn years<'a>(text: &'a str, continuations: &'a [&str]) -> impl Iterator<Item = i32> + 'a {
    text.match_indices('年').filter_map(|(at, sign)| {
        let rest = text[at + sign.len()..].trim_start();
        let (_, year) = number_before(&text[..at])?;
        (year.len() == 4 && year.starts_with("20") && continuations.iter().any(|continuation| rest.starts_with(continuation)))
            .then(|| year.parse().ok())?
    })
}

struct Checker<'a> {
    figures: &'a Figures,
    findings: Vec<TextFinding>,
}

impl Checker<'_> {
    fn say(&mut self, severity: Severity, kind: FindingKind, message: String) {
        self.findings.push(TextFinding { severity, kind, message });
    }

    fn error(&mut self, kind: FindingKind, message: String) {
        self.say(Severity::Error, kind, message);
    }

    fn warning(&mut self, kind: FindingKind, message: String) {
        self.say(Severity::Warning, kind, message);
    }

    fn title(&mut self, title: &str) {
        let (unit, year) = (&self.figures.unit, self.figures.year);
        if title.trim().is_empty() {
            return self.error(FindingKind::Unit, "公告标题不能为空".to_owned());
        }
        let title = to_half_width(title);
        if let Some(other) = years(&title, &[""]).find(|other| *other != year) {
            self.error(FindingKind::Year, format!("公告标题写的是 {other} 年，数据是 {year} 年度"));
        }
        if !title.contains(&to_half_width(unit)) {
            self.warning(FindingKind::Unit, format!("公告标题中没有单位名称「{unit}」"));
        }
    }

    fn zero(&mut self, text: &str, chips: &[Chip], has_detail: bool) {
        if !text.contains(&format!("{}年{NO_PROJECT}", self.figures.year)) {
            self.error(
                FindingKind::ZeroReport,
                format!("本年度没有预留项目，正文应写明「本部门（单位）{}年{NO_PROJECT}。」", self.figures.year),
            );
        }
        if text.contains(SME_TOTAL) || chips.iter().any(|chip| matches!(chip, Chip::SmeAmount | Chip::SmallMicroAmount | Chip::Ratio)) {
            self.error(FindingKind::ZeroReport, "本年度没有预留项目，正文中不应有采购金额和占比".to_owned());
        }
        if has_detail {
            self.warning(FindingKind::ZeroReport, "本年度没有预留项目，正文中的「预留项目明细」不会显示，建议删除".to_owned());
        }
    }

    fn sums(&mut self, text: &str, chips: &[Chip], has_detail: bool) {
        if text.contains(NO_PROJECT) {
            self.error(FindingKind::ZeroReport, format!("正文写着「{NO_PROJECT}」，但本年度有 {} 个预留项目", self.figures.lines.len()));
        }
        if !has_detail {
            self.error(FindingKind::MissingData, "正文中没有「预留项目明细」，请从「插入数据」中插入".to_owned());
        }
        let amount = |number: &str| Money::parse_wan(number).ok();
        let (sme, small_micro) = (self.figures.sme, self.figures.small_micro);
        let read = machine_read(text, SME_TOTAL, "万元").map(amount);
        self.sum(Chip::SmeAmount, chips, &format!("{SME_TOTAL}…万元"), read.map(|read| read == Some(sme)));
        let read = machine_read(text, SMALL_MICRO, "万元").map(amount);
        self.sum(Chip::SmallMicroAmount, chips, &format!("{SMALL_MICRO}…万元"), read.map(|read| read == Some(small_micro)));
        let wide = text.replace('％', "%");
        if let Some(ratio) = self.figures.ratio.hundredths() {
            let read = machine_read(&wide, "占", "%").map(|number| hundredths(number) == Some(ratio));
            self.sum(Chip::Ratio, chips, "占…%", read);
        }
    }

    /// One figure of the totals sentence: `read` is whether programs find it (`None`: not at all) and find the right one.
    fn sum(&mut self, chip: Chip, chips: &[Chip], pattern: &str, read: Option<bool>) {
        let label = chip.label();
        match (chips.contains(&chip), read) {
            (true, Some(true)) => {}
            (false, Some(true)) => self.warning(
                FindingKind::MissingData,
                format!("「{pattern}」处的数字是手工填写的，数据变化后不会更新，建议改用数据项「{label}」"),
            ),
            (false, _) => self.error(FindingKind::MissingData, format!("正文中没有数据项「{label}」，请在「{pattern}」处插入")),
            (true, Some(false)) => self
                .error(FindingKind::Misplaced, format!("「{pattern}」处的数字应为 {}，请改用数据项「{label}」", self.figures.value(chip))),
            (true, None) => self.warning(FindingKind::Wording, format!("正文中没有固定表述「{pattern}」，外部系统将读不到「{label}」")),
        }
    }

    /// What every notice has around its figures.
    fn frame(&mut self, text: &str, title: &str, chips: &[Chip]) {
        let year = self.figures.year;
        let wording = format!("{year}年面向中小企业");
        if !text.contains(&wording) && !title.contains(&wording) {
            self.warning(FindingKind::Wording, format!("标题和正文中没有固定表述「{wording}」，外部系统将读不到年度"));
        }
        let signature = format!("{SIGNATURE}{}", self.figures.unit);
        if !text.contains(SIGNATURE) {
            self.warning(FindingKind::Wording, format!("正文中没有固定表述「{SIGNATURE}」"));
        } else if !text.replace(['\u{3000}', ' '], "").contains(&signature.replace(['\u{3000}', ' '], "")) {
            self.warning(FindingKind::Unit, format!("「{SIGNATURE}」之后应为「{}」", self.figures.unit));
        }
        if !chips.contains(&Chip::Date) {
            self.warning(FindingKind::MissingData, format!("正文中没有数据项「{}」", Chip::Date.label()));
        }
        if !self.figures.remark.trim().is_empty() && !chips.contains(&Chip::Remark) {
            self.warning(FindingKind::MissingData, "已填写备注，但正文中没有数据项「备注」，备注不会公布".to_owned());
        }
    }

    /// What is typed by hand in one line.
    fn typed(&mut self, line: &str) {
        for (unit, fen) in AMOUNT_UNITS {
            for (at, _) in line.match_indices(unit) {
                let Some((before, number)) = number_before(&line[..at]) else { continue };
                let is_price =
                    unit == "元" && digits(number).is_some_and(|(typed, places)| typed * fen < SMALLEST_YUAN * 10_i128.pow(places));
                if !is_price {
                    self.typed_amount(before, number, unit, fen);
                }
            }
        }
        for noun in ["个项目", "个采购项目", "个预留项目"] {
            for (at, _) in line.match_indices(noun) {
                let Some((before, number)) = number_before(&line[..at]) else { continue };
                let (count, lines) = (number.replace(',', "").parse::<usize>().ok(), self.figures.lines.len());
                // Fewer may be a part of them, unless the sentence says that it is all.
                let lead = before.trim_end();
                if lead.ends_with('第') {
                    continue;
                }
                let is_whole = ["共", "合计", "共计", "总计"].into_iter().any(|word| lead.ends_with(word));
                if count.is_none_or(|count| count > lines || is_whole && count < lines) {
                    let message = format!("正文中手工填写的「{number}{noun}」与数据不符，数据中有 {lines} 个项目");
                    self.warning(FindingKind::TypedCount, message);
                }
            }
        }
        for (at, _) in line.match_indices('%') {
            let Some((before, number)) = number_before(&line[..at]) else { continue };
            let lead = before.trim_end_matches(|c: char| c.is_whitespace() || "比例重为是约达到了:".contains(c));
            if lead.ends_with('占') && self.figures.ratio.hundredths().is_none_or(|ratio| hundredths(number) != Some(ratio)) {
                let ratio = self.figures.ratio;
                self.warning(FindingKind::TypedRatio, format!("正文中手工填写的「占{number}%」与数据不符，数据中的占比为 {ratio}"));
            }
        }
        let year = self.figures.year;
        if let Some(other) = years(line, &["面向中小企业", "预留项目", NO_PROJECT, "度"]).find(|other| *other != year) {
            self.warning(FindingKind::Year, format!("正文写的是 {other} 年，数据是 {year} 年度"));
        }
        let numbers = [Chip::SmeAmount, Chip::SmallMicroAmount, Chip::Ratio, Chip::Year];
        let figure = |c: char| c.is_ascii_digit() || c == '.' || numbers.into_iter().any(|chip| placeholder(chip) == c);
        for chip in numbers {
            let mark = placeholder(chip);
            if line.match_indices(mark).any(|(at, _)| line[..at].ends_with(figure) || line[at + mark.len_utf8()..].starts_with(figure)) {
                self.error(FindingKind::Misplaced, format!("数据项「{}」与旁边的数字连在一起，会被读成另一个数", chip.label()));
            }
        }
    }

    /// An amount in a unit of so many 分: the one its sentence speaks of, else any amount of the data.
    fn typed_amount(&mut self, before: &str, number: &str, unit: &str, fen: i128) {
        let (sme, small_micro) = (self.figures.sme, self.figures.small_micro);
        let sentence = before.rsplit(['。', ';', '\n']).next().unwrap_or(before);
        let is = |amount| stands_for(number, fen, amount);
        let (at_sme, at_small) = (sentence.rfind("中小企业采购"), sentence.rfind("小微企业采购"));
        let (right, says) = match at_sme.cmp(&at_small) {
            Ordering::Greater => (is(sme), format!("面向中小企业采购 {} 万元", sme.wan())),
            Ordering::Less => (is(small_micro), format!("面向小微企业采购 {} 万元", small_micro.wan())),
            Ordering::Equal => {
                let known = is(sme) || is(small_micro) || self.figures.lines.iter().any(|line| is(line.sme));
                (known, format!("面向中小企业采购 {} 万元、面向小微企业采购 {} 万元", sme.wan(), small_micro.wan()))
            }
        };
        if !right {
            self.warning(FindingKind::TypedAmount, format!("正文中手工填写的「{number}{unit}」与数据不符，数据为{says}"));
        }
    }
}

#[cfg(test)]
mod tests;
