//! 审批: steps that wait for a person or an institution, and what an answer leads to. Shared by records and announcements.
//!
//! Always: a step is answered once; nobody answers what they submitted; only an agreement of the 主管预算单位 completes (B5).
//! Steps are data (who, kind, answer, when), so that further kinds (会签, 加签 …) are rows and not code paths.

mod candidates;

pub use candidates::{asked_units, completes, institution, of_unit};

use crate::domain::calendar::Moment;
use crate::domain::ids::{StepId, UnitId, UserId};
use crate::domain::organisation::Actor;
use crate::domain::text::{self, TextError};
use serde::{Deserialize, Serialize};

/// Longest opinion or reason, in characters.
pub const OPINION_MAX: usize = 1_000;

/// 「下一审批机构/人员」.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Assignee {
    /// One 审核人.
    Person(UserId),
    /// Any 审核人 of a unit.
    Institution(UnitId),
}

/// What is answered to a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// 同意.
    Agreed,
    /// 不同意.
    Disagreed,
    /// Ended by 「撤回」.
    Withdrawn,
}

impl Answer {
    /// As stored.
    pub const fn code(self) -> &'static str {
        match self {
            Answer::Agreed => "agreed",
            Answer::Disagreed => "disagreed",
            Answer::Withdrawn => "withdrawn",
        }
    }

    /// From the stored form.
    pub fn from_code(code: &str) -> Option<Answer> {
        [Answer::Agreed, Answer::Disagreed, Answer::Withdrawn].into_iter().find(|answer| answer.code() == code)
    }

    /// As the timeline says it.
    pub const fn label(self) -> &'static str {
        match self {
            Answer::Agreed => "同意",
            Answer::Disagreed => "退回",
            Answer::Withdrawn => "已撤回",
        }
    }
}

/// One step of one round of approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Identity.
    pub id: StepId,
    /// The submission it belongs to, counted from 1.
    pub round: i64,
    /// Whom it waits for.
    pub assignee: Assignee,
    /// Their name, as it was then.
    pub assignee_name: String,
    /// Who submitted what is approved; may not answer.
    pub submitter: UserId,
    /// What the submitter said to it; may be empty.
    pub note: String,
    /// Since when it waits.
    pub opened_at: Moment,
    /// The answer, once given.
    pub answered: Option<Answered>,
}

/// The last answer given, of whichever round.
pub fn last_answer(steps: &[Step]) -> Option<&Answered> {
    steps.iter().filter_map(|step| step.answered.as_ref()).max_by_key(|answered| answered.at)
}

/// The answer to a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// What.
    pub answer: Answer,
    /// In which words.
    pub opinion: String,
    /// By whom, as shown: unit and name.
    pub by: String,
    /// When.
    pub at: Moment,
}

/// A person or institution that can be chosen as next approver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// Whom to choose.
    pub assignee: Assignee,
    /// Name as shown.
    pub name: String,
    /// The unit's name, under which the picker groups.
    pub unit_name: String,
    /// Whether the unit is the 主管 whose agreement completes.
    pub completes: bool,
}

/// The decision of an approver, as the dialog sends it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub struct Decision {
    /// 同意 or 不同意.
    pub agree: bool,
    /// 「审批意见」.
    pub opinion: String,
    /// Optional further approver, with 同意 only.
    pub next: Option<Assignee>,
}

/// What a decision leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The approval is complete.
    Completed,
    /// It goes on to a further approver.
    Forwarded(Assignee),
    /// It goes back to the editing step, for this reason.
    Returned(String),
}

/// Why an answer is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApprovalRefused {
    /// The step waits for someone else.
    #[error("这一步由“{0}”审批，不在您的待办中")]
    NotYours(String),
    /// Nobody approves what they submitted.
    #[error("不能审批自己提交的内容，请由其他审核人审批")]
    OwnSubmission,
    /// 不同意 without a reason.
    #[error("不同意时请填写审批意见，说明需要修改什么")]
    ReasonMissing,
    /// An agreement outside the 主管 needs a next approver.
    #[error("还需主管预算单位审核，请选择下一审批机构/人员")]
    NextMissing,
    /// 不同意 together with a next approver.
    #[error("不同意时不能再选下一审批人")]
    NextWithDisagreement,
    /// The chosen one is no candidate.
    #[error("所选的审批机构/人员不可用，请重新选择")]
    NoCandidate,
    /// The opinion is too long or unreadable.
    #[error(transparent)]
    Text(#[from] TextError),
}

impl Step {
    /// Whether this step waits for `actor`.
    pub fn waits_for(&self, actor: &Actor) -> Result<(), ApprovalRefused> {
        let addressed = match &self.assignee {
            Assignee::Person(user) => *user == actor.user,
            Assignee::Institution(unit) => *unit == actor.unit,
        };
        if self.answered.is_some() || !addressed || !actor.roles.reviewer {
            return Err(ApprovalRefused::NotYours(self.assignee_name.clone()));
        }
        if self.submitter == actor.user { Err(ApprovalRefused::OwnSubmission) } else { Ok(()) }
    }
}

/// Judges a decision on `step` by `actor`, who may choose a further approver among `candidates`.
///
/// `completes` says whether the actor's agreement can complete: they stand in the 主管 of the thing's owner.
pub fn decide(
    step: &Step,
    actor: &Actor,
    completes: bool,
    candidates: &[Candidate],
    decision: &Decision,
) -> Result<Outcome, ApprovalRefused> {
    step.waits_for(actor)?;
    let opinion = text::optional("审批意见", &decision.opinion, OPINION_MAX)?;
    match (decision.agree, &decision.next) {
        (false, Some(_)) => Err(ApprovalRefused::NextWithDisagreement),
        (false, None) if opinion.is_empty() => Err(ApprovalRefused::ReasonMissing),
        (false, None) => Ok(Outcome::Returned(opinion)),
        // Passed on to one's own institution, one could answer the next step as well.
        (true, Some(Assignee::Institution(unit))) if *unit == actor.unit => Err(ApprovalRefused::NoCandidate),
        (true, Some(next)) => {
            chosen(candidates, next, &step.submitter, Some(&actor.user)).map(|candidate| Outcome::Forwarded(candidate.assignee.clone()))
        }
        (true, None) if completes => Ok(Outcome::Completed),
        (true, None) => Err(ApprovalRefused::NextMissing),
    }
}

/// Without the institutions where only the submitter could answer: a step there would wait for ever.
pub fn answerable(mut all: Vec<Candidate>, submitter: Option<&UserId>) -> Vec<Candidate> {
    let is_other = |candidate: &Candidate| matches!(&candidate.assignee, Assignee::Person(user) if Some(user) != submitter);
    let units: Vec<String> = all.iter().filter(|candidate| is_other(candidate)).map(|candidate| candidate.unit_name.clone()).collect();
    all.retain(|candidate| matches!(candidate.assignee, Assignee::Person(_)) || units.contains(&candidate.unit_name));
    all
}

/// Without the choices that would be refused to `actor`: the submitter, themselves, and, when passing on, their own institution.
pub fn offered(mut all: Vec<Candidate>, submitter: Option<&UserId>, actor: &Actor, passing_on: bool) -> Vec<Candidate> {
    all.retain(|candidate| match &candidate.assignee {
        Assignee::Person(user) => Some(user) != submitter && *user != actor.user,
        Assignee::Institution(unit) => !passing_on || *unit != actor.unit,
    });
    all
}

/// The candidate that was chosen; refuses the submitter, the person who passes it on, and whoever is no candidate.
pub fn chosen<'c>(
    candidates: &'c [Candidate],
    choice: &Assignee,
    submitter: &UserId,
    from: Option<&UserId>,
) -> Result<&'c Candidate, ApprovalRefused> {
    if let Assignee::Person(user) = choice {
        if user == submitter {
            return Err(ApprovalRefused::OwnSubmission);
        }
        if Some(user) == from {
            return Err(ApprovalRefused::NoCandidate);
        }
    }
    candidates.iter().find(|candidate| candidate.assignee == *choice).ok_or(ApprovalRefused::NoCandidate)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::organisation::Roles;

    fn user(last: char) -> UserId {
        UserId::parse(&format!("01890a5d-ac96-774b-bcce-b302099a805{last}")).unwrap()
    }

    fn unit(last: char) -> UnitId {
        UnitId::parse(&format!("01890a5d-ac96-774b-bcce-b302099a806{last}")).unwrap()
    }

    fn reviewer(who: char, at: char) -> Actor {
        Actor {
            user: user(who),
            name: "乙".into(),
            unit: unit(at),
            unit_name: "单位".into(),
            in_supervisor: true,
            roles: Roles { reviewer: true, ..Roles::default() },
        }
    }

    fn step(assignee: Assignee) -> Step {
        Step {
            id: StepId::parse("01890a5d-ac96-774b-bcce-b302099a8070").unwrap(),
            round: 1,
            assignee,
            assignee_name: "审核人".into(),
            submitter: user('1'),
            note: String::new(),
            opened_at: Moment::from_millis(0),
            answered: None,
        }
    }

    fn decision(agree: bool, opinion: &str, next: Option<Assignee>) -> Decision {
        Decision { agree, opinion: opinion.into(), next }
    }

    #[test]
    fn b5_an_institution_means_any_of_its_reviewers() {
        assert_eq!(step(Assignee::Institution(unit('1'))).waits_for(&reviewer('2', '1')), Ok(()));
        assert!(step(Assignee::Institution(unit('1'))).waits_for(&reviewer('2', '2')).is_err());
        let mut clerk = reviewer('2', '1');
        clerk.roles = Roles { clerk: true, ..Roles::default() };
        assert!(step(Assignee::Institution(unit('1'))).waits_for(&clerk).is_err());
    }

    #[test]
    fn b5_nobody_approves_what_they_submitted() {
        assert_eq!(step(Assignee::Institution(unit('1'))).waits_for(&reviewer('1', '1')), Err(ApprovalRefused::OwnSubmission));
        assert_eq!(step(Assignee::Person(user('1'))).waits_for(&reviewer('1', '1')), Err(ApprovalRefused::OwnSubmission));
    }

    #[test]
    fn b5_only_the_chief_completes() {
        let step = step(Assignee::Person(user('2')));
        let actor = reviewer('2', '1');
        assert_eq!(decide(&step, &actor, true, &[], &decision(true, "", None)), Ok(Outcome::Completed));
        assert_eq!(decide(&step, &actor, false, &[], &decision(true, "", None)), Err(ApprovalRefused::NextMissing));
    }

    #[test]
    fn b5_a_further_approver_must_be_a_candidate_and_someone_else() {
        let step = step(Assignee::Person(user('2')));
        let actor = reviewer('2', '1');
        let candidate =
            |who| Candidate { assignee: Assignee::Person(user(who)), name: "丙".into(), unit_name: "单位".into(), completes: true };
        let next = |who| decision(true, "", Some(Assignee::Person(user(who))));
        let all = [candidate('1'), candidate('2'), candidate('3')];
        assert_eq!(decide(&step, &actor, true, &all, &next('3')), Ok(Outcome::Forwarded(Assignee::Person(user('3')))));
        assert_eq!(decide(&step, &actor, true, &all, &next('2')), Err(ApprovalRefused::NoCandidate));
        assert_eq!(decide(&step, &actor, true, &all, &next('1')), Err(ApprovalRefused::OwnSubmission));
        assert_eq!(decide(&step, &actor, true, &all, &next('4')), Err(ApprovalRefused::NoCandidate));
    }

    #[test]
    fn b6_a_disagreement_needs_a_reason() {
        let step = step(Assignee::Person(user('2')));
        let actor = reviewer('2', '1');
        assert_eq!(decide(&step, &actor, true, &[], &decision(false, "  ", None)), Err(ApprovalRefused::ReasonMissing));
        assert_eq!(decide(&step, &actor, true, &[], &decision(false, "金额有误", None)), Ok(Outcome::Returned("金额有误".into())));
    }
}
