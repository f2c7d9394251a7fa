//! How announcements are searched by words: every word must stand somewhere in title, unit or number, wherever it begins.
//!
//! Both sides are folded here, sign by sign, so that every database finds the same: full-width forms as half-width, no capitals, no blanks
//! inside a name (so that 「2024 年」 finds `2024年`). Chinese has no blanks between words, so any part of a name is a word.

use crate::domain::text;

/// Most words of a search.
pub const WORDS: usize = 5;
/// Most signs of a search.
pub const SIGNS: usize = 60;

/// Separates the fields of a text that is searched; no word holds it.
const SEPARATOR: char = '\n';

/// Sign by sign: a capital that is folded by what stands around it would not be found alone.
fn folded(text: &str) -> String {
    text::to_half_width(text).chars().flat_map(char::to_lowercase).filter(|c| !c.is_whitespace() && !text::is_invisible(*c)).collect()
}

/// The text in which words are looked for.
pub fn searched(fields: &[&str]) -> String {
    let mut whole = String::new();
    for field in fields {
        if !whole.is_empty() {
            whole.push(SEPARATOR);
        }
        whole.push_str(&folded(field));
    }
    whole
}

/// The words that someone looks for, at most [`WORDS`] of them.
pub fn words(asked: &str) -> Vec<String> {
    let asked = text::to_half_width(&text::search(asked));
    asked.split_whitespace().map(folded).filter(|word| !word.is_empty()).take(WORDS).collect()
}

/// Whether a name holds every one of these words.
pub fn is_named(name: &str, words: &[String]) -> bool {
    let name = searched(&[name]);
    words.iter().all(|word| name.contains(word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn finds(asked: &str, fields: &[&str]) -> bool {
        let whole = searched(fields);
        words(asked).iter().all(|word| whole.contains(word))
    }

    #[test]
    fn e12_a_name_is_found_by_any_of_its_parts_whatever_the_width_of_the_signs() {
        let is_found = |asked: &str| is_named("测试区采购单位03", &words(asked));
        assert!(is_found("采购　０３") && is_found("") && !is_found("采购 04"));
    }

    #[test]
    fn d5_any_part_of_a_name_is_a_word() {
        let fields = ["上海机动车管理中心2024年面向中小企业预留项目执行情况公告", "上海机动车管理中心", "310115-2024-0007"];
        for asked in ["机动车", "车管", "机动车 2024", "２０２４年", "2024-0007", "", "　公告　", "上海\u{200b}机动"] {
            assert!(finds(asked, &fields), "{asked:?}");
        }
        for asked in ["机动车 2025", "动机", "%", "_", "心2024年面向中小企业预留项目执行情况公告上", "公告上海"]
        {
            assert!(!finds(asked, &fields), "{asked:?}");
        }
        assert!(finds("abc", &["ＡＢＣ 单位"]) && finds("Σ", &["ΑΣ"]), "capitals and full width make no difference");
        assert_eq!(words("a b c d e f g").len(), WORDS);
    }

    proptest! {
        #[test]
        fn d5_every_part_of_a_title_finds_it(title in "[ -~上海机动车管理中心ΑΣσςİıẞＡ１　]{1,40}", from in 0_usize..40, length in 1_usize..10) {
            let signs: Vec<char> = title.chars().collect();
            let from = from.min(signs.len() - 1);
            let part: String = signs[from..signs.len().min(from + length)].iter().collect();
            prop_assert!(finds(&part, &["另一行", &title]), "{part:?} in {title:?}");
        }
    }
}
