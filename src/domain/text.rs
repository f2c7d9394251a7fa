//! Text as people type it: full-width forms, blanks, bounds on length.

/// Full-width ASCII (and the ideographic space) as half-width; everything else untouched.
pub fn to_half_width(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{3000}' | '\u{a0}' => ' ',
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            _ => c,
        })
        .collect()
}

/// Whether nothing is seen of `c` and it stands in no word: control characters, and marks that are invisible or turn the direction.
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
        )
}

/// Whether `c` can be stored in no text: a control character other than line breaks and tabs.
pub fn is_unstorable(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\r' | '\t')
}

/// What is looked for: words without what no stored text holds.
pub fn search(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned()
}

/// Why a text field is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but blanks where something is required.
    #[error("请填写{0}")]
    Empty(&'static str),
    /// Longer than the field holds, in characters.
    #[error("{0}最多 {1} 个字")]
    TooLong(&'static str, usize),
    /// Contains a control character other than line breaks and tabs.
    #[error("{0}含有无法保存的控制字符，请删除后重试")]
    Control(&'static str),
}

/// A required text of at most `max` characters, trimmed; `label` is what the screen calls the field.
pub fn required(label: &'static str, text: &str, max: usize) -> Result<String, TextError> {
    let text = optional(label, text, max)?;
    if text.is_empty() { Err(TextError::Empty(label)) } else { Ok(text) }
}

/// A text of at most `max` characters that may be empty, trimmed.
pub fn optional(label: &'static str, text: &str, max: usize) -> Result<String, TextError> {
    let text = text.trim();
    if text.chars().any(is_unstorable) {
        return Err(TextError::Control(label));
    }
    // What nobody can see is nothing.
    if text.chars().all(|c| is_invisible(c) || c.is_whitespace()) {
        return Ok(String::new());
    }
    if text.chars().count() > max {
        return Err(TextError::TooLong(label, max));
    }
    Ok(text.to_owned())
}

/// An address that may stand in a notice: http or https, kept byte for byte; `None` for an empty text.
///
/// Control characters and blanks are refused before the scheme is judged, so that no browser reads another scheme into it.
pub fn link(text: &str) -> Result<Option<String>, LinkError> {
    // The byte order mark is a blank to the browser's language, and so to the editor.
    let is_blank = |c: char| c.is_whitespace() || c == '\u{feff}';
    let text = text.trim_matches(is_blank);
    if text.is_empty() {
        return Ok(None);
    }
    if text.len() > 2_000 {
        return Err(LinkError::TooLong);
    }
    if text.chars().any(|c| c.is_control() || is_blank(c)) {
        return Err(LinkError::Blank);
    }
    let lower = text.to_ascii_lowercase();
    let rest = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://")).ok_or(LinkError::Scheme)?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if host.is_empty() || host.contains(['"', '<', '>', '\\']) { Err(LinkError::Host) } else { Ok(Some(text.to_owned())) }
}

/// Why a link is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// Another scheme, or none.
    #[error("链接应以 http:// 或 https:// 开头")]
    Scheme,
    /// A blank or control character inside.
    #[error("链接中不能有空格或换行")]
    Blank,
    /// No host, or one that cannot be.
    #[error("链接缺少网站地址")]
    Host,
    /// More than 2 000 bytes.
    #[error("链接过长（最多 2000 个字符）")]
    TooLong,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c2_a_text_of_invisible_characters_is_empty() {
        for text in ["\u{202e}", "\u{200b}\u{feff} \u{2060}", "\u{3164}\u{ad}\u{2028}"] {
            assert_eq!(required("公告标题", text, 10), Err(TextError::Empty("公告标题")), "{text:?}");
        }
        assert_eq!(required("公告标题", "公\u{200b}告", 10).as_deref(), Ok("公\u{200b}告"), "inside a text they may be someone's spelling");
    }

    #[test]
    fn a4_a_control_character_is_refused_in_texts_and_ignored_in_a_search() {
        for text in ["a\u{0}b", "\u{1b}[2J", "\u{85}x"] {
            assert_eq!(optional("备注", &format!("x{text}x"), 50), Err(TextError::Control("备注")), "{text:?}");
        }
        assert_eq!(search(" a\u{0}b\u{0}"), "a b");
    }

    #[test]
    fn a4_links_are_kept_byte_for_byte() {
        let address = "https://zfcg.gov.example/luban/detail?parentId=137027&articleId=d00000Q+/5==";
        assert_eq!(link(address), Ok(Some(address.to_owned())));
        assert_eq!(link("  "), Ok(None));
    }

    #[test]
    fn a4_links_of_other_schemes_are_refused() {
        for text in
            ["javascript:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "//host/x", "ftp://host", "https://", "http://\"><script>"]
        {
            assert!(link(text).is_err(), "{text}");
        }
    }
}
