//! The title of a template: words, and ｛单位名称｝ and ｛年度｝ where the data come in.

use crate::domain::announcement::TITLE_MAX;
use crate::domain::announcement::document::Chip;
use crate::domain::text::{self, TextError};
use std::fmt;

/// Longest title of a template, in characters: the name of a unit must still find room.
pub const PATTERN_MAX: usize = 100;

/// The data that may stand in a title.
const DATA: [Chip; 2] = [Chip::Unit, Chip::Year];

/// The title of a template; it names the unit and the year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TitlePattern(String);

/// Why a text is no title of a template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternRefused {
    /// Missing or too long.
    #[error(transparent)]
    Text(#[from] TextError),
    /// A brace without its other half.
    #[error("公告标题中的「｛」「｝」不成对，数据项应写作｛单位名称｝、｛年度｝")]
    Brace,
    /// Names something that is no data of a title.
    #[error("公告标题中没有名为「{0}」的数据项，只能用｛单位名称｝和｛年度｝")]
    Unknown(String),
    /// Does not name what every title must.
    #[error("公告标题中缺少｛{0}｝，每份公告的标题都应写明单位名称和年度")]
    Missing(&'static str),
}

/// A placeholder as it is written.
pub fn placeholder(chip: Chip) -> String {
    format!("｛{}｝", chip.label())
}

/// A piece of a title.
enum Piece<'t> {
    Words(&'t str),
    Data(Chip),
}

fn pieces(text: &str) -> Result<Vec<Piece<'_>>, PatternRefused> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('｛') {
        let (name, after) = behind.split_once('｝').ok_or(PatternRefused::Brace)?;
        let chip = DATA.into_iter().find(|chip| chip.label() == name.trim()).ok_or_else(|| PatternRefused::Unknown(name.to_owned()))?;
        found.extend([Piece::Words(before), Piece::Data(chip)]);
        rest = after;
    }
    found.push(Piece::Words(rest));
    if found.iter().any(|piece| matches!(piece, Piece::Words(words) if words.contains('｝'))) {
        Err(PatternRefused::Brace)
    } else {
        Ok(found)
    }
}

impl TitlePattern {
    /// As the ministry words it.
    pub fn official() -> TitlePattern {
        TitlePattern("｛单位名称｝｛年度｝年面向中小企业预留项目执行情况公告".to_owned())
    }

    /// Reads a title as it is typed; braces may be of either width.
    pub fn parse(text: &str) -> Result<TitlePattern, PatternRefused> {
        let text = text::required("公告标题", text, PATTERN_MAX)?.replace('{', "｛").replace('}', "｝");
        let found = pieces(&text)?;
        for chip in DATA {
            if !found.iter().any(|piece| matches!(piece, Piece::Data(data) if *data == chip)) {
                return Err(PatternRefused::Missing(chip.label()));
            }
        }
        Ok(TitlePattern(text))
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The title of an announcement, cut where it would be longer than a title may be.
    pub fn fill(&self, unit: &str, year: i32) -> String {
        // It was read before: every brace has its half, every name is known.
        let found = pieces(&self.0).unwrap_or_default();
        let filled: String = found
            .into_iter()
            .map(|piece| match piece {
                Piece::Words(words) => words.to_owned(),
                Piece::Data(Chip::Year) => year.to_string(),
                Piece::Data(_) => unit.to_owned(),
            })
            .collect();
        filled.chars().take(TITLE_MAX).collect()
    }
}

impl fmt::Display for TitlePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn c7_the_official_title_is_a_title_like_any_other() {
        let official = TitlePattern::official();
        assert_eq!(TitlePattern::parse(official.as_str()), Ok(official.clone()));
        assert_eq!(
            TitlePattern::parse("{单位名称}{ 年度 }年面向中小企业预留项目执行情况公告").unwrap().fill("甲", 2025),
            official.fill("甲", 2025)
        );
    }

    #[test]
    fn c7_a_title_names_the_unit_and_the_year_and_nothing_unknown() {
        let refused = |text: &str| TitlePattern::parse(text).unwrap_err();
        assert_eq!(refused(" "), PatternRefused::Text(TextError::Empty("公告标题")));
        assert_eq!(refused("｛单位名称｝公告"), PatternRefused::Missing("年度"));
        assert_eq!(refused("｛年度｝年公告"), PatternRefused::Missing("单位名称"));
        assert_eq!(refused("｛单位｝｛年度｝"), PatternRefused::Unknown("单位".into()));
        assert_eq!(refused("｛单位名称｝｛年度｝｛占比｝"), PatternRefused::Unknown("占比".into()));
        assert_eq!(refused("｛单位名称｝｛年度"), PatternRefused::Brace);
        assert_eq!(refused("｛单位名称｝｛年度｝｝"), PatternRefused::Brace);
    }

    proptest! {
        #[test]
        fn c7_whatever_is_typed_is_refused_or_names_unit_and_year(text in "[｛｝{}单位名称年度公告a ]{0,40}", unit in "[甲乙丙]{1,8}", year in 2021..2100) {
            if let Ok(pattern) = TitlePattern::parse(&text) {
                let title = pattern.fill(&unit, year);
                prop_assert!(title.contains(&unit) && title.contains(&year.to_string()), "{title}");
                prop_assert!(!title.contains(['｛', '｝']), "{title}");
                prop_assert_eq!(TitlePattern::parse(pattern.as_str()), Ok(pattern));
            }
        }

        #[test]
        fn c7_a_title_is_never_longer_than_a_title_may_be(unit in "[甲]{1,300}") {
            prop_assert!(TitlePattern::official().fill(&unit, 2025).chars().count() <= TITLE_MAX);
        }
    }
}
