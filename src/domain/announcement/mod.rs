//! 公告: its states ([`status`]), its text as a typed tree ([`document`]), the wording it begins with ([`template`]), the figures it
//! speaks of ([`figures`]) and the one way from text and figures to a page ([`render`]). What became of the records since stands in
//! [`stale`], what to look at before it goes out in [`rehearsal`].
//!
//! Always: the figures in the text are placeholders bound to the data; preview, review, print and public page come from `render`.

pub mod allowed;
pub mod attachment;
pub mod basics;
pub mod correction;
pub mod diff;
pub mod document;
pub mod figures;
pub mod line;
pub mod number;
pub mod outlook;
pub mod part;
pub mod rehearsal;
pub mod render;
pub mod search;
pub mod stale;
pub mod status;
pub mod template;
pub mod version;
pub mod waiting;

/// Longest 公告标题, in characters.
pub const TITLE_MAX: usize = 200;
/// Longest 备注, in characters.
pub const REMARK_MAX: usize = 4_000;

/// The units' 「说明」 as a proposal for 备注 (A12): the publishing unit's own words as they are, the others' under their names.
///
/// `said` is, for each unit, its name (`None` for the publishing one) and its words.
pub fn proposed_remark<'a>(said: impl Iterator<Item = (Option<&'a str>, &'a str)>) -> String {
    let paragraphs =
        said.map(|(name, words)| (name, words.trim())).filter(|(_, words)| !words.is_empty()).map(|(name, words)| match name {
            None => words.to_owned(),
            Some(name) => format!("{name}：{words}"),
        });
    paragraphs.collect::<Vec<_>>().join("\n").chars().take(REMARK_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a12_the_units_words_are_proposed_as_the_remark() {
        let said = [(None, " 无法充分竞争 "), (Some("甲"), "  "), (Some("乙"), "细化采购包\n")];
        assert_eq!(proposed_remark(said.into_iter()), "无法充分竞争\n乙：细化采购包");
        let long = "长".repeat(REMARK_MAX);
        assert_eq!(proposed_remark([(Some("甲"), long.as_str())].into_iter()).chars().count(), REMARK_MAX);
    }
}
