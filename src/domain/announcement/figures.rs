//! The figures an announcement's text is bound to: what its chips and its 明细 show.
//!
//! Always: the text holds chips, never copies of these values; a figure changes here, and every rendering follows.

use crate::domain::announcement::document::Chip;
use crate::domain::calendar::Day;
use crate::domain::contract::Measure;
use crate::domain::money::{Money, Percent, Ratio};
use serde::{Deserialize, Serialize};

/// What the 日期 of the notice says as long as the day of publication is not known.
pub const DATE_UNKNOWN: &str = "发布当日";

/// The data of one announcement, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// 单位名称 of the publishing unit.
    pub unit: String,
    /// 年度.
    pub year: i32,
    /// 面向中小企业采购金额: the sum of the lines.
    pub sme: Money,
    /// 面向小微企业采购金额, of the above.
    pub small_micro: Money,
    /// 占比 of the two amounts.
    pub ratio: Ratio,
    /// 备注; may be empty, may have several lines.
    pub remark: String,
    /// The day of publication, once it is known.
    pub date: Option<Day>,
    /// 面向中小企业预留项目明细, in the order of the notice.
    pub lines: Vec<NoticeLine>,
}

/// One line of the 明细.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeLine {
    /// 项目名称.
    pub project_name: String,
    /// 预留选项, where the line has one.
    pub measure: Option<Measure>,
    /// 预留比例; shown for every option but 整体预留.
    pub pct: Option<Percent>,
    /// 面向中小企业采购金额.
    pub sme: Money,
    /// 合同链接, checked by `text::link` where it was entered.
    pub url: Option<String>,
}

impl Figures {
    /// Whether this is a 零报告: no project and nothing counted.
    pub fn is_zero(&self) -> bool {
        self.lines.is_empty() && self.sme == Money::ZERO && self.small_micro == Money::ZERO
    }

    /// What a chip stands for, as the notice shows it. The remark keeps its line breaks.
    pub fn value(&self, chip: Chip) -> String {
        match chip {
            Chip::Unit => self.unit.clone(),
            Chip::Year => self.year.to_string(),
            Chip::SmeAmount => self.sme.wan(),
            Chip::SmallMicroAmount => self.small_micro.wan(),
            Chip::Ratio => self.ratio.to_string(),
            Chip::Remark => self.remark.trim().to_owned(),
            Chip::Date => self.date.map_or_else(|| DATE_UNKNOWN.to_owned(), Day::chinese),
        }
    }

    /// What the editor writes into the box that stands for the 明细.
    pub fn detail_label(&self) -> String {
        format!("预留项目明细（{} 行，随数据更新）", self.lines.len())
    }
}

#[cfg(test)]
pub(super) mod sample {
    use super::{Figures, NoticeLine};
    use crate::domain::calendar::Day;
    use crate::domain::contract::Measure;
    use crate::domain::money::{Money, Percent, Ratio};

    /// The notice of the mockups.
    pub fn figures() -> Figures {
        let sme = Money::parse_wan("1854.241447").unwrap();
        let small_micro = Money::parse_wan("591.731447").unwrap();
        let line = |project_name: &str, measure, pct: Option<&str>, wan: &str, url: Option<&str>| NoticeLine {
            project_name: project_name.to_owned(),
            measure: Some(measure),
            pct: pct.map(|pct| Percent::parse(pct).unwrap()),
            sme: Money::parse_wan(wan).unwrap(),
            url: url.map(str::to_owned),
        };
        Figures {
            unit: "上海机动车管理中心".to_owned(),
            year: 2025,
            sme,
            small_micro,
            ratio: Ratio::of(small_micro, sme),
            remark: "未达到规定比例的原因：无法确保充分竞争。\n改进措施：细化采购包。".to_owned(),
            date: Day::new(2026, 3, 15),
            lines: vec![
                line(
                    "2025年办公设备采购项目",
                    Measure::Whole,
                    Some("100"),
                    "463.541447",
                    Some("https://zfcg.gov.example/luban/detail?parentId=1&articleId=Q+/5=="),
                ),
                line("2025年信息系统运维采购项目", Measure::Package, Some("60"), "1204.5", Some("http://example.org/a?b=\"c\"")),
                line("2025年校舍维修工程采购项目", Measure::Subcontract, None, "186.2", None),
            ],
        }
    }

    /// A year without any reserved project.
    pub fn zero() -> Figures {
        Figures {
            sme: Money::ZERO,
            small_micro: Money::ZERO,
            ratio: Ratio::of(Money::ZERO, Money::ZERO),
            remark: String::new(),
            date: None,
            lines: vec![],
            ..figures()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a13_only_a_year_without_projects_is_a_zero_report() {
        assert!(sample::zero().is_zero());
        assert!(!sample::figures().is_zero());
        let mut counted_with_nothing = sample::zero();
        counted_with_nothing.lines = sample::figures().lines;
        assert!(!counted_with_nothing.is_zero(), "a project with an amount of 0 is a project");
    }

    #[test]
    fn c7_chips_show_the_data_as_the_notice_writes_it() {
        let figures = sample::figures();
        assert_eq!(figures.value(Chip::SmeAmount), "1854.241447");
        assert_eq!(figures.value(Chip::Ratio), "31.91");
        assert_eq!(figures.value(Chip::Date), "2026年3月15日");
        assert_eq!(sample::zero().value(Chip::Date), "发布当日");
        assert_eq!(sample::zero().value(Chip::Ratio), "—");
        assert_eq!(figures.detail_label(), "预留项目明细（3 行，随数据更新）");
    }
}
