//! A line as it is shown, and what there is to say about it.
//!
//! Always: a line that lacks an amount or contradicts itself counts nothing; every error blocks 「提交」.

use super::{Line, LineCell, LineRules, Origin, Overrides, lock};
use crate::domain::calendar::Day;
use crate::domain::contract::{self, Amounts, Contract, Known, Measure, Verdict};
use crate::domain::money::{Money, Percent};
use serde::{Deserialize, Serialize};

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Weight {
    /// To be looked at; does not block.
    Warning,
    /// Blocks 「提交」.
    Error,
}

/// Something to say about a cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineFinding {
    /// Where.
    pub cell: LineCell,
    /// How much it weighs.
    pub weight: Weight,
    /// What is wrong and what to do.
    pub message: String,
}

/// A line as shown: collected values with the overrides over them, and what there is to say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Review {
    /// 项目名称.
    pub project_name: String,
    /// 预留选项.
    pub measure: Option<Measure>,
    /// 预留比例.
    pub percent: Option<Percent>,
    /// 面向中小企业采购金额, where known.
    pub sme: Option<Money>,
    /// 面向小微企业采购金额, where known.
    pub small_micro: Option<Money>,
    /// 合同公告日期.
    pub published_on: Option<Day>,
    /// 合同链接.
    pub url: Option<String>,
    /// 修改理由.
    pub reason: String,
    /// Whether the SME amount was derived from the percentage (「按比例推算」).
    pub estimated: bool,
    /// What counts; `None` while something is missing or contradictory.
    pub counted: Option<Amounts>,
    /// What there is to say, errors first.
    pub findings: Vec<LineFinding>,
}

impl Review {
    /// Whether the line blocks 「提交」.
    pub fn blocks(&self) -> bool {
        self.findings.iter().any(|finding| finding.weight == Weight::Error)
    }

    /// The text that a cell shows and that an editor starts from.
    pub fn text(&self, cell: LineCell) -> String {
        match cell {
            LineCell::ProjectName => self.project_name.clone(),
            LineCell::Measure => self.measure.map(|measure| measure.label().to_owned()).unwrap_or_default(),
            LineCell::Percent => self.percent.map(|percent| percent.to_string()).unwrap_or_default(),
            LineCell::Sme => self.sme.map(Money::wan).unwrap_or_default(),
            LineCell::SmallMicro => self.small_micro.map(Money::wan).unwrap_or_default(),
            LineCell::PublishedOn => self.published_on.map(|day| day.to_string()).unwrap_or_default(),
            LineCell::Url => self.url.clone().unwrap_or_default(),
            LineCell::Reason => self.reason.clone(),
        }
    }
}

impl Line {
    /// The line as shown, and what there is to say about it.
    pub fn review(&self, rules: &LineRules) -> Review {
        let mut review = match &self.origin {
            Origin::Manual => self.manual_review(),
            Origin::Contract { contract, claimed } => self.contract_review(contract, claimed.is_some(), rules),
        };
        review.findings.sort_by_key(|finding| (std::cmp::Reverse(finding.weight), finding.cell));
        review.counted = match (review.sme, review.small_micro) {
            (Some(sme), Some(small_micro)) if !review.blocks_counting() => Some(Amounts { sme, small_micro, estimated: review.estimated }),
            _ => None,
        };
        review
    }

    fn manual_review(&self) -> Review {
        let overrides = self.overrides.clone();
        let mut review = Review {
            project_name: overrides.project_name.unwrap_or_default(),
            measure: overrides.measure,
            percent: overrides.percent,
            sme: overrides.sme,
            small_micro: overrides.small_micro,
            published_on: None,
            url: overrides.url,
            reason: self.reason.clone(),
            estimated: false,
            counted: None,
            findings: Vec::new(),
        };
        review.find_missing();
        review.find_contradictions(None);
        review.find_warnings(&self.reason);
        review
    }

    fn contract_review(&self, contract: &Contract, claimed: bool, rules: &LineRules) -> Review {
        let overrides = &self.overrides;
        let seen = overrides.over(contract);
        let known = known_amounts(&contract::amounts(&seen));
        let mut review = Review {
            project_name: overrides.project_name.clone().unwrap_or_else(|| contract.project_name.clone()),
            measure: seen.measure,
            percent: seen.reserved_pct,
            sme: known.sme,
            small_micro: known.small_micro,
            published_on: seen.published_on,
            url: overrides.url.clone().or_else(|| contract.url.clone()),
            reason: self.reason.clone(),
            estimated: known.estimated,
            counted: None,
            findings: Vec::new(),
        };
        review.find_missing();
        review.find_contradictions(Some(contract.amount));
        if !claimed && lock::needs_published_on(contract, rules) {
            review.find_year(rules);
        }
        // The reason of a claim says why the contract counts, not why what was collected is another amount now.
        let is_explained = !self.reason.is_empty() || (claimed && overrides.only_fills(contract));
        if *overrides != Overrides::default() && !is_explained {
            let message = if overrides.only_fills(contract) {
                "补充了采集数据中没有的内容，请填写修改理由"
            } else {
                "修改了采集的数据，请填写修改理由"
            };
            review.say(LineCell::Reason, Weight::Error, message);
        }
        for warning in contract::judge(&seen, rules.basis).warnings {
            review.say(LineCell::Sme, Weight::Warning, &warning.sentence);
        }
        review.find_warnings(&self.reason);
        review
    }
}

impl Review {
    fn say(&mut self, cell: LineCell, weight: Weight, message: &str) {
        self.findings.push(LineFinding { cell, weight, message: message.to_owned() });
    }

    /// Whether the amounts themselves stand in question; a missing reason does not make a row uncounted.
    fn blocks_counting(&self) -> bool {
        self.findings.iter().any(|finding| finding.weight == Weight::Error && finding.cell != LineCell::Reason)
    }

    fn find_missing(&mut self) {
        if self.project_name.is_empty() {
            self.say(LineCell::ProjectName, Weight::Error, "请填写项目名称");
        }
        if self.measure.is_none() {
            self.say(LineCell::Measure, Weight::Error, "请选择预留选项");
        }
        if self.sme.is_none() {
            let by_share = matches!(self.measure, Some(Measure::Consortium | Measure::Subcontract)) && self.percent.is_none();
            let message = if by_share {
                "请填写面向中小企业采购金额，或填写预留比例由系统推算"
            } else {
                "请填写面向中小企业采购金额"
            };
            self.say(LineCell::Sme, Weight::Error, message);
        }
        if self.small_micro.is_none() {
            self.say(LineCell::SmallMicro, Weight::Error, "请填写面向小微企业采购金额（没有则填 0）");
        }
    }

    /// 0 ≤ 小微 ≤ 中小 ≤ 合同金额 (check).
    fn find_contradictions(&mut self, contract_amount: Option<Money>) {
        if let (Some(sme), Some(amount)) = (self.sme, contract_amount)
            && sme > amount
        {
            self.say(LineCell::Sme, Weight::Error, &format!("中小企业金额 {} 不能大于合同金额 {}", sme.wan(), amount.wan()));
        }
        let bound = self.sme.map(|sme| (sme, "中小金额")).or(contract_amount.map(|amount| (amount, "合同金额")));
        if let (Some(small_micro), Some((bound, name))) = (self.small_micro, bound)
            && small_micro > bound
        {
            self.say(LineCell::SmallMicro, Weight::Error, &format!("小微金额 {} 不能大于{name} {}", small_micro.wan(), bound.wan()));
        }
    }

    fn find_year(&mut self, rules: &LineRules) {
        match self.published_on {
            None => self.say(LineCell::PublishedOn, Weight::Error, "本年度按合同公告日期统计，请填写合同公告日期"),
            Some(day) if day.year() != rules.year.number() => {
                let message = format!("公告日期在 {} 年，应计入该年度，请剔除此行", day.year());
                self.say(LineCell::PublishedOn, Weight::Error, &message);
            }
            Some(_) => {}
        }
    }

    fn find_warnings(&mut self, reason: &str) {
        if self.measure.is_some_and(Measure::shows_percent) && self.percent.is_none() {
            self.say(LineCell::Percent, Weight::Warning, "未填预留比例，公告中将不显示比例");
        }
        if self.percent.is_some_and(Percent::looks_like_a_fraction) {
            self.say(LineCell::Percent, Weight::Warning, "预留比例不到 1%；这里填百分数（如 45.5），不填小数（如 0.455），请核对");
        }
        if self.url.is_none() {
            let message = if reason.is_empty() {
                "没有合同链接，建议在“修改理由”中说明原因".to_owned()
            } else {
                format!("没有合同链接：{reason}")
            };
            self.say(LineCell::Url, Weight::Warning, &message);
        }
    }
}

fn known_amounts(verdict: &Verdict) -> Known {
    match verdict {
        Verdict::Counted(amounts) => Known { sme: Some(amounts.sme), small_micro: Some(amounts.small_micro), estimated: amounts.estimated },
        Verdict::NeedsInput(known, _) | Verdict::Error(known, _) => *known,
        Verdict::LeftOut(_) => Known { sme: None, small_micro: None, estimated: false },
    }
}

#[cfg(test)]
mod tests {
    use super::super::proof::{collected, line_id, platform, rules, wan};
    use super::*;
    use crate::domain::contract::{Source, YearBasis};

    /// The findings as `cell!` for errors and `cell?` for warnings.
    fn findings(line: &Line, rules: &LineRules) -> String {
        let mark = |weight| if weight == Weight::Error { '!' } else { '?' };
        line.review(rules)
            .findings
            .iter()
            .map(|finding| format!("{}{}", finding.cell.code(), mark(finding.weight)))
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn typed(line: &Line, cells: &[(LineCell, &str)]) -> Line {
        cells.iter().fold(line.clone(), |line, (cell, text)| line.with(*cell, text, &rules()).unwrap())
    }

    #[test]
    fn a6_a_line_by_hand_says_what_it_lacks_until_it_is_whole() {
        let empty = Line::manual(line_id());
        assert_eq!(findings(&empty, &rules()), "project_name! measure! sme! small_micro! url?");
        let whole = typed(
            &empty,
            &[(LineCell::ProjectName, "绿化养护"), (LineCell::Measure, "包预留"), (LineCell::Sme, "12.5"), (LineCell::SmallMicro, "0")],
        );
        assert_eq!(findings(&whole, &rules()), "percent? url?");
        assert_eq!(
            whole.review(&rules()).counted,
            Some(Amounts { sme: Money::from_fen(12_500_000), small_micro: Money::ZERO, estimated: false })
        );
        let swapped = typed(&whole, &[(LineCell::SmallMicro, "12.500001")]);
        assert_eq!(findings(&swapped, &rules()), "small_micro! percent? url?");
        assert_eq!(swapped.review(&rules()).counted, None);
    }

    #[test]
    fn a5_a_contradiction_counts_nothing_until_it_is_corrected() {
        let line = collected(Contract { sme: Some(wan(101)), ..platform() });
        assert_eq!(findings(&line, &rules()), "sme!");
        assert_eq!(line.review(&rules()).counted, None);
        let corrected = typed(&line, &[(LineCell::Sme, "99"), (LineCell::Reason, "录入有误")]);
        assert_eq!(findings(&corrected, &rules()), "");
        assert_eq!(corrected.review(&rules()).counted.unwrap().sme, wan(99));
        let above = line.with(LineCell::Sme, "100.000001", &rules()).unwrap();
        assert_eq!(findings(&above, &rules()), "sme! reason!", "the contract amount stays the bound");
    }

    #[test]
    fn a5_filling_what_was_empty_is_no_change_of_what_was_collected() {
        let line = collected(Contract { measure: Some(Measure::Subcontract), sme: None, ..platform() });
        let asked =
            |line: &Line| line.review(&rules()).findings.iter().find(|found| found.cell == LineCell::Reason).unwrap().message.clone();
        assert!(asked(&typed(&line, &[(LineCell::Sme, "5")])).starts_with("补充了"));
        let wrong = collected(Contract { sme: Some(wan(101)), ..platform() });
        assert!(asked(&typed(&wrong, &[(LineCell::Sme, "99")])).starts_with("修改了"));
    }

    #[test]
    fn a7_a_missing_share_is_a_warning_and_the_three_amounts_ask_for_what_helps() {
        let share = collected(Contract { measure: Some(Measure::Subcontract), ..platform() });
        let review = share.review(&rules());
        let message = |cell| review.findings.iter().find(|finding| finding.cell == cell).map(|finding| finding.message.as_str());
        assert_eq!(message(LineCell::Sme), Some("请填写面向中小企业采购金额，或填写预留比例由系统推算"));
        assert_eq!(message(LineCell::Percent), Some("未填预留比例，公告中将不显示比例"));
    }

    #[test]
    fn a7_a_share_below_one_percent_is_pointed_out() {
        let share = collected(Contract { measure: Some(Measure::Subcontract), ..platform() });
        let at = |text: &str| share.with(LineCell::Percent, text, &rules()).unwrap().review(&rules());
        let warned = |text: &str| at(text).findings.iter().any(|found| found.cell == LineCell::Percent && found.weight == Weight::Warning);
        assert_eq!(["0.455", "0.9999", "1", "45.5%"].map(warned), [true, true, false, false]);
    }

    #[test]
    fn a4_a_missing_link_never_blocks() {
        let line = collected(Contract { url: None, source: Source::SelfEntered, ..platform() });
        assert_eq!(findings(&line, &rules()), "url?");
        assert!(line.review(&rules()).counted.is_some());
    }

    #[test]
    fn a1_a_publication_date_that_decides_the_year_must_lie_in_it() {
        let published = LineRules { basis: YearBasis::Published, ..rules() };
        let line = collected(Contract { published_on: None, ..platform() });
        assert_eq!(findings(&line, &published), "published_on!");
        assert_eq!(line.review(&published).counted, None, "it adds nothing before the date is known");
        let dated = |text: &str| {
            line.with(LineCell::PublishedOn, text, &published).unwrap().with(LineCell::Reason, "公告已发布", &published).unwrap()
        };
        assert_eq!(findings(&dated("2024-12-31"), &published), "");
        assert_eq!(findings(&dated("2025-01-01"), &published), "published_on!", "a contract of another year is none of this one");
    }

    #[test]
    fn b3_a_cell_shows_exact_amounts_with_zeros_trimmed() {
        let line = collected(Contract { sme: Some(Money::from_fen(60_500_001)), small_micro: Some(Money::ZERO), ..platform() });
        let review = line.review(&rules());
        assert_eq!((review.text(LineCell::Sme), review.text(LineCell::SmallMicro)), ("60.500001".to_owned(), "0".to_owned()));
        assert_eq!((review.text(LineCell::Measure), review.text(LineCell::Percent)), ("整体预留".to_owned(), String::new()));
    }
}
