//! What becomes of a template that announcements took: whether another one serves by now, and whether it may be deleted.

use super::Wording;
use crate::domain::ids::TemplateId;

/// A version of a template, as one that an announcement took is held against the one that serves it now.
#[derive(Clone, Copy, Debug)]
pub struct Version<'a> {
    /// Which; none is the official one.
    pub template: Option<&'a TemplateId>,
    /// Its version.
    pub number: i64,
}

impl Version<'_> {
    /// Whether both are one version of one template, whose words then need not be looked at.
    pub fn is(self, other: Version<'_>) -> bool {
        self.template == other.template && self.number == other.number
    }
}

/// Whether the version that serves now says something new: another template does, a version that only moved its years does not.
pub fn is_news(taken: Version<'_>, said: &Wording, now: Version<'_>, says: &Wording) -> bool {
    !taken.is(now) && (taken.template != now.template || said != says)
}

/// Why a template stays.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("已有 {used} 份公告使用模板「{name}」，不能删除；如不再使用，请填写「适用至」年度")]
pub struct InUse {
    name: String,
    used: i64,
}

/// Whether a template that so many announcements took may be deleted: only one that none took; another one is ended.
pub fn may_delete(name: &str, used: i64) -> Result<(), InUse> {
    if used > 0 { Err(InUse { name: name.to_owned(), used }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::announcement::template::pattern::TitlePattern;

    #[test]
    fn c7_another_template_is_news_and_a_version_only_where_it_says_something_else() {
        let [one, two] = [1, 2].map(|last| TemplateId::parse(&format!("01890a5d-ac96-774b-bcce-b302099a800{last}")).unwrap());
        let (said, mut other) = (Wording::official(), Wording::official());
        other.title = TitlePattern::parse("｛单位名称｝｛年度｝年面向中小企业预留情况公告").unwrap();
        let version = |template, number| Version { template, number };
        let (first, second) = (version(Some(&one), 1), version(Some(&one), 2));
        for (taken, now, says, expected) in [
            (first, first, &said, false),
            (first, second, &said, false),
            (first, second, &other, true),
            (first, version(Some(&two), 1), &said, true),
            (version(None, 0), first, &said, true),
            (first, version(None, 0), &said, true),
        ] {
            assert_eq!(is_news(taken, &said, now, says), expected, "{taken:?} {now:?}");
        }
    }

    #[test]
    fn c7_a_template_that_an_announcement_took_is_not_deleted() {
        assert_eq!(may_delete("甲", 0), Ok(()));
        let words = may_delete("甲", 2).unwrap_err().to_string();
        assert!(words.contains("已有 2 份公告使用模板「甲」") && words.contains("适用至"), "{words}");
    }
}
