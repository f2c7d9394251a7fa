//! What a pasted cell says: the text that would be typed into the cell of a line, in its own form, or why it cannot be read.

use super::columns::plain;
use super::unit::Unit;
use crate::domain::calendar::Day;
use crate::domain::contract::Measure;
use crate::domain::money::{Money, MoneyError, Percent};
use crate::domain::record::line::{CellRefused, LineCell};
use crate::domain::text::{self, is_invisible, to_half_width};

/// What spreadsheets show where a formula failed or a column is too narrow.
const FAILED: [&str; 9] = ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"];

/// Whether a pasted cell says nothing: empty, or one of the marks for nothing that stand in tables.
pub(super) fn is_blank(text: &str) -> bool {
    let mut chars = text.chars().filter(|c| !c.is_whitespace() && !is_invisible(*c));
    match (chars.next(), chars.next()) {
        (None, _) => true,
        (Some(one), None) => matches!(one, '-' | '—' | '–' | '－' | '/' | '／' | '无'),
        (Some(_), Some(_)) => text.trim().chars().all(|c| c == '—'),
    }
}

/// Whether a pasted cell holds nothing at all.
pub(super) fn is_empty(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_invisible(c))
}

/// Reads a cell that is not blank into the text to type; amounts come out in 万元.
pub(super) fn read(cell: LineCell, text: &str, unit: Unit) -> Result<String, String> {
    let words = text.trim();
    if FAILED.contains(&words.to_uppercase().as_str()) {
        return Err(format!("「{words}」是表格软件的错误值，请在原表中更正"));
    }
    if words.len() > 2 && words.bytes().all(|byte| byte == b'#') {
        return Err("原表的列太窄，只显示了 ####，请调宽该列后重新复制".to_owned());
    }
    let said = |why: String| format!("「{}」{why}", shorten(words));
    match cell {
        LineCell::ProjectName => text::optional("项目名称", &one_line(words), 200).map_err(|why| why.to_string()),
        LineCell::Reason => text::optional("修改理由", words, 500).map_err(|why| why.to_string()),
        LineCell::Measure => {
            measure(words).map(|(measure, _)| measure.label().to_owned()).ok_or_else(|| said(format!("：{}", CellRefused::Measure)))
        }
        LineCell::Percent => {
            Percent::parse(&without_noise(words)).map(|percent| percent.to_string()).map_err(|why| said(format!("：{why}")))
        }
        LineCell::Sme | LineCell::SmallMicro => amount(words, unit).map(Money::wan).map_err(|why| said(why.to_string())),
        LineCell::PublishedOn => Day::parse(words).map(|day| day.to_string()).map_err(|why| said(why.to_string())),
        LineCell::Url => text::link(words).map(Option::unwrap_or_default).map_err(|why| said(format!("：{why}"))),
    }
}

/// An amount in the unit of its column, unless it names its own.
pub(super) fn amount(text: &str, unit: Unit) -> Result<Money, MoneyError> {
    match Money::parse_in(text, unit) {
        Err(MoneyError::TooFine) => Money::parse_in(&without_noise(to_half_width(text).trim()), unit),
        read => read,
    }
}

/// 预留选项, with the 预留比例 that the notice writes behind it: `要求合同分包（45%）`.
pub(super) fn measure(text: &str) -> Option<(Measure, Option<Percent>)> {
    if let Ok(measure) = Measure::parse(text) {
        return Some((measure, None));
    }
    let plain = plain(text);
    let (words, rest) = plain.split_once('(')?;
    let measure = Measure::parse(words).ok()?;
    let share = rest.trim_end_matches(')').trim_start_matches("预留").trim_start_matches("比例").trim_start_matches([':', '为']);
    Percent::parse(share).ok().map(|percent| (measure, Some(percent)))
}

/// A number without what binary fractions leave behind its 15th digit: `12.345678000000001` is `12.345678`.
fn without_noise(text: &str) -> String {
    let digits = text.chars().filter(char::is_ascii_digit).collect::<String>();
    let significant = digits.trim_start_matches('0').len();
    let Some(places) = text.split_once('.').map(|(_, fraction)| fraction.bytes().take_while(u8::is_ascii_digit).count()) else {
        return text.to_owned();
    };
    if significant <= 15 || significant - 15 > places {
        return text.to_owned();
    }
    let keep = places - (significant - 15);
    let at = text.find('.').unwrap_or(text.len());
    let (head, tail) = (&text[..at + 1 + keep], &text[at + 1 + keep..]);
    let rounds_up = tail.as_bytes().first().is_some_and(|digit| (b'5'..=b'9').contains(digit));
    let rest: String = tail.chars().skip_while(char::is_ascii_digit).collect();
    if !rounds_up {
        return format!("{head}{rest}");
    }
    let mut figures: Vec<u8> = head.bytes().collect();
    for figure in figures.iter_mut().rev() {
        match *figure {
            b'9' => *figure = b'0',
            b'0'..=b'8' => {
                *figure += 1;
                return format!("{}{rest}", String::from_utf8_lossy(&figures));
            }
            _ => {}
        }
    }
    text.to_owned()
}

/// A name on one line: a line break in a spreadsheet's cell is how it was wrapped.
fn one_line(text: &str) -> String {
    if text.contains(['\n', '\r', '\t']) { text.split_whitespace().collect::<Vec<_>>().join("") } else { text.to_owned() }
}

/// At most forty characters, so that a message stays a message.
pub(super) fn shorten(text: &str) -> String {
    let text = text.trim();
    if text.chars().count() <= 40 { text.to_owned() } else { text.chars().take(39).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e2_cells_are_read_in_the_forms_in_which_spreadsheets_show_them() {
        for (cell, text, unit, expected) in [
            (LineCell::Sme, "1,234,567.80", Unit::Yuan, "123.45678"),
            (LineCell::Sme, "￥１２３．４５", Unit::Yuan, "0.012345"),
            (LineCell::Sme, "12.5万元", Unit::Yuan, "12.5"),
            (LineCell::Sme, "3000元", Unit::Wan, "0.3"),
            (LineCell::Sme, "12.345678000000001", Unit::Wan, "12.345678"),
            (LineCell::Sme, "0.30000000000000004", Unit::Wan, "0.3"),
            (LineCell::Sme, "128571.99999999999", Unit::Yuan, "12.8572"),
            (LineCell::SmallMicro, "0", Unit::Wan, "0"),
            (LineCell::Percent, "45.50%", Unit::Wan, "45.5"),
            (LineCell::Measure, "要求合同分包（45%）", Unit::Wan, "合同分包预留"),
            (LineCell::Measure, "采购项目整体预留", Unit::Wan, "整体预留"),
            (LineCell::PublishedOn, "2024/3/5 0:00", Unit::Wan, "2024-03-05"),
            (LineCell::ProjectName, "校舍维修\n工程", Unit::Wan, "校舍维修工程"),
            (LineCell::Url, " https://a.example/x?y=+/== ", Unit::Wan, "https://a.example/x?y=+/=="),
        ] {
            assert_eq!(read(cell, text, unit).as_deref(), Ok(expected), "{text}");
        }
        let share = measure("联合体预留（预留比例：33.5%）").unwrap();
        assert_eq!((share.0, share.1.map(|percent| percent.to_string()).as_deref()), (Measure::Consortium, Some("33.5")));
    }

    #[test]
    fn e2_what_cannot_be_read_is_said_with_the_cell() {
        for (cell, text, unit, expected) in [
            (LineCell::Sme, "约 3 万多", Unit::Wan, "「约 3 万多」不是数字，请只填金额，如 12.5"),
            (LineCell::Sme, "12.345", Unit::Yuan, "「12.345」金额最小到分，小数位过多"),
            (LineCell::Sme, "########", Unit::Yuan, "原表的列太窄，只显示了 ####，请调宽该列后重新复制"),
            (LineCell::ProjectName, "#REF!", Unit::Yuan, "「#REF!」是表格软件的错误值，请在原表中更正"),
            (LineCell::Percent, "101", Unit::Wan, "「101」：预留比例应大于 0 且不超过 100"),
            (LineCell::Url, "合同链接", Unit::Wan, "「合同链接」：链接应以 http:// 或 https:// 开头"),
            (LineCell::Measure, "部分预留", Unit::Wan, "「部分预留」：预留选项只能是：整体预留、包预留、联合体预留、合同分包预留"),
        ] {
            assert_eq!(read(cell, text, unit).unwrap_err(), expected, "{text}");
        }
    }

    #[test]
    fn e2_marks_for_nothing_are_nothing() {
        for text in ["", " ", "\u{200b}", "-", "—", "——", "/", " 无 "] {
            assert!(is_blank(text), "{text:?}");
        }
        for text in ["0", "无线设备", "--1", "—甲", "-1"] {
            assert!(!is_blank(text), "{text:?}");
        }
    }
}
