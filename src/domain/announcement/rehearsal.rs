//! The rehearsal of a publication (E6): everything to look at before an announcement goes out, each with what to do about it.
//!
//! A pure function of what would be published and of what stands around it, so that the dialog of 「提交」, the reviewer's page
//! and the round before the set time say the same. It changes nothing and holds nothing back: what must not be submitted is
//! decided by `allowed::obstacles`, what must not be published by [`super::stale`].
//! Links are judged by their form; whether they answer is asked apart, where the installation allows it ([`judge`]).

mod access;
mod links;

pub use links::{LinkAnswer, LinkFault, is_inside, judge, link_fault, to_ask};

use crate::domain::announcement::document::Document;
use crate::domain::announcement::figures::Figures;
use crate::domain::announcement::render::{Severity, check, plain_text};
use serde::{Deserialize, Serialize};

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// Good to know.
    Note,
    /// Should be looked at; may be right.
    Look,
    /// Is wrong, or waits for a choice.
    Wrong,
}

impl Weight {
    /// The word on the screen, so that colour alone says nothing.
    pub const fn label(self) -> &'static str {
        match self {
            Weight::Note => "提示",
            Weight::Look => "请核对",
            Weight::Wrong => "须处理",
        }
    }
}

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// The text and the title against the data.
    Text,
    /// The records that the lines were taken from.
    Records,
    /// Other announcements of the year.
    Others,
    /// Units that are not in it.
    Missing,
    /// Units that could be taken in by now.
    Ready,
    /// 附件.
    Files,
    /// Links.
    Links,
    /// Whether everyone can read the page.
    Access,
}

impl Subject {
    /// The word on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Subject::Text => "正文与数据",
            Subject::Records => "年度数据",
            Subject::Others => "重复公告",
            Subject::Missing => "缺少的单位",
            Subject::Ready => "可补入的单位",
            Subject::Files => "附件",
            Subject::Links => "链接",
            Subject::Access => "无障碍",
        }
    }
}

/// Something to look at before it goes out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// How much it weighs.
    pub weight: Weight,
    /// What it is about.
    pub subject: Subject,
    /// What was found, and where.
    pub message: String,
    /// What to do about it.
    pub advice: String,
}

/// Something named, with a word about it: a unit and its state, an announcement and its status.
pub type Named = (String, String);

/// What would be published, and what stands around it.
#[derive(Clone, Copy, Debug)]
pub struct Stage<'a> {
    /// 公告标题.
    pub title: &'a str,
    /// 公告正文, once generated.
    pub document: Option<&'a Document>,
    /// The data.
    pub figures: &'a Figures,
    /// The files: name, and whether it is shown outside.
    pub files: &'a [(String, bool)],
    /// Other announcements of the same unit and year that stand or are under way: title and state.
    pub others: &'a [Named],
    /// Units whose approved record is missing: name and state.
    pub missing: &'a [Named],
    /// Units whose record was approved since and is not in it: name and figures.
    pub ready: &'a [Named],
    /// Units that were taken out: name and reason.
    pub left: &'a [Named],
    /// Units whose record was corrected since, and nobody has chosen yet.
    pub undecided: &'a [String],
    /// Units whose record was corrected since, with the reason for which the old lines stay.
    pub kept: &'a [Named],
    /// Units whose record is being corrected: name and where that stands.
    pub under_way: &'a [Named],
}

/// Everything to look at, what weighs most first.
pub fn rehearse(stage: &Stage<'_>) -> Vec<Finding> {
    let mut found = Found(Vec::new());
    found.records(stage);
    found.surroundings(stage);
    if let Some(document) = stage.document {
        found.text(document, stage);
        found.files(document, stage);
        links::look(document, stage.figures, &mut found);
        access::look(document, &mut found);
    }
    found.0.sort_by_key(|finding| std::cmp::Reverse(finding.weight));
    found.0
}

/// Whether any of them should be brought to somebody's attention.
pub fn is_worth_telling(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.weight >= Weight::Look)
}

/// How many findings there are, in a sentence.
pub fn summary(findings: &[Finding]) -> String {
    let count = |weight: Weight| findings.iter().filter(|finding| finding.weight == weight).count();
    let parts = [Weight::Wrong, Weight::Look, Weight::Note].map(|weight| (weight.label(), count(weight)));
    let said: Vec<String> = parts.iter().filter(|(_, count)| *count > 0).map(|(label, count)| format!("{label} {count} 项")).collect();
    if said.is_empty() { "没有发现问题".to_owned() } else { said.join("，") }
}

/// The findings so far.
struct Found(Vec<Finding>);

impl Found {
    fn say(&mut self, weight: Weight, subject: Subject, message: impl Into<String>, advice: impl Into<String>) {
        self.0.push(Finding { weight, subject, message: message.into(), advice: advice.into() });
    }

    fn text(&mut self, document: &Document, stage: &Stage<'_>) {
        for finding in check(document, stage.figures, stage.title) {
            let weight = if finding.severity == Severity::Error { Weight::Wrong } else { Weight::Look };
            self.say(weight, Subject::Text, finding.message, "请在公告正文或标题中改正，数字请用「插入数据」中的数据项");
        }
    }

    fn records(&mut self, stage: &Stage<'_>) {
        for unit in stage.undecided {
            self.say(
                Weight::Wrong,
                Subject::Records,
                format!("{unit}的年度数据已更正，本公告仍是更正前的内容"),
                "请选择「更新」或「保留并说明」；选择之前不会发布",
            );
        }
        for (unit, state) in stage.under_way {
            self.say(
                Weight::Look,
                Subject::Records,
                format!("{unit}的年度数据{state}"),
                "更正审核完成后需要选择「更新」或「保留并说明」；可以推迟到更正完成后发布",
            );
        }
        for (unit, reason) in stage.kept {
            self.say(
                Weight::Note,
                Subject::Records,
                format!("{unit}的年度数据已更正，本公告保留更正前的内容，说明：{reason}"),
                "请确认这样公布是否合适",
            );
        }
    }

    fn surroundings(&mut self, stage: &Stage<'_>) {
        for (title, state) in stage.others {
            self.say(
                Weight::Wrong,
                Subject::Others,
                format!("同一年度还有另一份公告：《{title}》（{state}）"),
                "一个年度只公布一份公告，请删除或撤回其中一份",
            );
        }
        if !stage.missing.is_empty() {
            let names: Vec<String> = stage.missing.iter().map(|(unit, state)| format!("{unit}（{state}）")).collect();
            self.say(
                Weight::Look,
                Subject::Missing,
                format!("以下 {} 个单位没有审核完成的年度数据，未计入本公告：{}", names.len(), names.join("、")),
                "请确认是否等这些单位完成后再发布",
            );
        }
        if !stage.ready.is_empty() {
            let names: Vec<String> = stage.ready.iter().map(|(unit, figures)| format!("{unit}（{figures}）")).collect();
            self.say(
                Weight::Look,
                Subject::Ready,
                format!("以下 {} 个单位的年度数据已审核完成，尚未计入本公告：{}", names.len(), names.join("、")),
                "请由本单位经办在「公告内容」中「补入单位」；审核中和待发布的公告先撤回",
            );
        }
        for (unit, reason) in stage.left {
            self.say(Weight::Note, Subject::Missing, format!("{unit}已从本公告移出，理由：{reason}"), "请确认这样公布是否合适");
        }
    }

    /// Whether the text speaks of files that the readers get, and the other way round.
    fn files(&mut self, document: &Document, stage: &Stage<'_>) {
        let speaks = plain_text(document, stage.figures).contains("附件");
        let shown = stage.files.iter().filter(|(_, is_shown)| *is_shown).count();
        match (speaks, shown, stage.files.len()) {
            (true, 0, 0) => self.say(
                Weight::Look,
                Subject::Files,
                "正文提到附件，但本公告没有上传附件",
                "请上传附件并勾选「外网展示」，或从正文中删去附件的说法",
            ),
            (true, 0, all) => self.say(
                Weight::Look,
                Subject::Files,
                format!("正文提到附件，但 {all} 个附件都没有勾选「外网展示」，公众看不到"),
                "请为要公开的附件勾选「外网展示」，或从正文中删去附件的说法",
            ),
            (false, shown, _) if shown > 0 => self.say(
                Weight::Note,
                Subject::Files,
                format!("有 {shown} 个附件将在外网展示，但正文没有提到附件"),
                "请确认这些附件确实要公开",
            ),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
