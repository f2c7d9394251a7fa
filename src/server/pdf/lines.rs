//! Where lines break: Chinese almost anywhere, but never before a closing mark nor behind an opening one (UAX #14, by `unicode-linebreak`).

use std::ops::Range;
use unicode_linebreak::{BreakOpportunity, linebreaks};

/// Characters that show nothing and take no room: dropped, because a font has no picture of them.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
        || (c.is_control() && c != '\n')
}

/// A line: its characters by their places, and whether the paragraph ends with it or the author wanted it to end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// From character to character, without the mark of a forced break.
    pub chars: Range<usize>,
    /// Whether it ends because the author says so.
    pub is_last: bool,
}

/// Breaks a text into lines: `widths` of its characters, `first` and `rest` the room of the first and of every other line. At least one line.
pub fn break_lines(text: &str, widths: &[f32], first: f32, rest: f32) -> Vec<Broken> {
    let mut lines = Vec::new();
    let mut chars: Vec<(usize, char)> = text.char_indices().collect();
    chars.push((text.len(), '\n'));
    // Places at which a line may end, as numbers of characters.
    let mut ends = linebreaks(text).map(|(at, kind)| (at, kind == BreakOpportunity::Mandatory)).peekable();
    let (mut from, mut width, mut room) = (0, 0.0, first);
    // The last place at which this line may end, and how wide it is up to there.
    let mut last: Option<(usize, f32)> = None;
    for (at, own) in widths.iter().copied().enumerate() {
        let (_, c) = chars[at];
        let is_blank = matches!(c, ' ' | '\u{3000}' | '\n');
        while !is_blank && width + own > room + 0.01 && at > from {
            let (end, taken) = last.filter(|(end, _)| *end > from).unwrap_or((at, width));
            lines.push(Broken { chars: from..end, is_last: false });
            from = end;
            width -= taken;
            room = rest;
            last = None;
        }
        width += own;
        while ends.next_if(|(end, _)| *end <= chars[at].0).is_some() {}
        if let Some((_, is_forced)) = ends.next_if(|(end, _)| *end <= chars[at + 1].0) {
            if c == '\n' && is_forced {
                lines.push(Broken { chars: from..at, is_last: true });
                (from, width, room, last) = (at + 1, 0.0, rest, None);
            } else {
                last = Some((at + 1, width));
            }
        }
    }
    if from < widths.len() || lines.is_empty() || text.ends_with('\n') {
        lines.push(Broken { chars: from..widths.len(), is_last: true });
    }
    lines
}

/// The narrowest room in which the text still takes as few lines: so the lines of a title are of about the same length.
pub fn balanced(text: &str, widths: &[f32], room: f32) -> f32 {
    let lines = |room: f32| break_lines(text, widths, room, room).len();
    let wanted = lines(room);
    let (mut low, mut high) = (0.0, room);
    while wanted > 1 && high - low > 1.0 {
        let middle = f32::midpoint(low, high);
        if lines(middle) > wanted { low = middle } else { high = middle }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Chinese is one wide, everything else a half.
    fn widths(text: &str) -> Vec<f32> {
        text.chars()
            .map(|c| {
                if c == '\n' {
                    0.0
                } else if u32::from(c) > 0x2000 {
                    1.0
                } else {
                    0.5
                }
            })
            .collect()
    }

    fn set(text: &str, room: f32) -> Vec<String> {
        let chars: Vec<char> = text.chars().collect();
        break_lines(text, &widths(text), room, room).into_iter().map(|line| chars[line.chars].iter().collect()).collect()
    }

    #[test]
    fn d5_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one() {
        assert_eq!(set("面向中小企业，采购共计", 6.0), ["面向中小企", "业，采购共计"]);
        assert_eq!(set("办法（财库〔2020〕46号）", 5.0), ["办法（财库", "〔2020〕46", "号）"]);
        assert_eq!(set("共计1854.241447万元", 4.0), ["共计", "1854.241", "447万元"], "a number wider than the line breaks where it must");
        assert_eq!(set("共计1854.241447万元", 6.0), ["共计", "1854.241447", "万元"]);
    }

    #[test]
    fn d5_what_the_author_breaks_is_broken_there() {
        assert_eq!(set("一\n二", 9.0), ["一", "二"]);
        assert_eq!(set("一\n\n二", 9.0), ["一", "", "二"]);
        assert_eq!(set("", 9.0), [""]);
        assert_eq!(set("一\n", 9.0), ["一", ""]);
        let ends: Vec<bool> = break_lines("一二三四\n五", &widths("一二三四\n五"), 3.0, 3.0).into_iter().map(|line| line.is_last).collect();
        assert_eq!(ends, [false, true, true]);
    }

    #[test]
    fn d5_the_lines_of_a_title_are_of_about_the_same_length() {
        let title = "上海机动车管理中心2025年面向中小企业预留项目执行情况公告";
        let room = balanced(title, &widths(title), 24.0);
        let lines = set(title, room);
        assert_eq!(lines.len(), 2);
        assert!(room < 17.0, "{room}");
    }

    proptest! {
        #[test]
        fn d5_nothing_is_lost_and_nothing_is_wider_than_its_line(text in "[一-三（）《》，。：“”a-c0-9. %\n]{0,60}", room in 1.0_f32..20.0) {
            let (chars, widths) = (text.chars().collect::<Vec<_>>(), widths(&text));
            let lines = break_lines(&text, &widths, room, room);
            let together: String = lines.iter().flat_map(|line| &chars[line.chars.clone()]).collect();
            prop_assert_eq!(together, text.replace('\n', ""));
            for line in &lines {
                let set: String = chars[line.chars.clone()].iter().collect();
                let seen = set.trim_end().chars().count();
                let width: f32 = widths[line.chars.clone()][..seen].iter().sum();
                prop_assert!(width <= room + 0.02 || seen == 1, "{set:?} in {room}");
            }
        }
    }
}
