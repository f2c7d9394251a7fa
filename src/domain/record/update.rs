//! 「从合同更新」: what the ledger says now beside what the record holds, to be taken over line by line.
//!
//! Always: a contract stands in a record once; a difference that touches what the unit did by hand (a filled-in cell, a claim, a
//! contract taken out) says so and is taken over only when the unit says how; what is not touched is kept. Lines entered by hand
//! have no contract and are none of this. Taking over every difference gives what generating anew would give, but for what was kept.

mod about;
#[cfg(test)]
mod proof;

use super::LeftOut;
use super::line::{Claim, Line, LineCell, LineRules, Overrides};
use crate::domain::contract::{self, Contract, Rule, Verdict};
use crate::domain::ids::ContractId;
use crate::domain::sheet;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// A contract as a record holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// The contract of the ledger that it was made from.
    pub id: ContractId,
    /// Where it stands.
    pub place: Place,
}

/// Where a record holds a contract.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "read once and passed on; in the browser's 32 bits it is not large")]
pub enum Place {
    /// Among the lines.
    Line(Line),
    /// Among those left out.
    LeftOut(LeftOut),
}

impl Place {
    fn contract(&self) -> Option<&Contract> {
        match self {
            Place::Line(line) => line.contract(),
            Place::LeftOut(row) => Some(&row.contract),
        }
    }
}

/// What is different.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The ledger says something else of the contract.
    Changed,
    /// The contract stands in this year no more.
    Gone,
    /// The record does not hold the contract yet.
    New,
}

impl Kind {
    /// The word on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Kind::Changed => "有变化",
            Kind::Gone => "不再属于本年度",
            Kind::New => "新增",
        }
    }
}

/// How a contract stands in a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// A line that counts.
    Counted,
    /// A line that lacks something or contradicts itself.
    Open,
    /// A line that was claimed in.
    Claimed,
    /// Left out by this rule.
    LeftOut(Rule),
}

impl Standing {
    /// The words on the screen.
    pub fn label(self) -> String {
        match self {
            Standing::Counted => "计入".to_owned(),
            Standing::Open => "待补充或有矛盾".to_owned(),
            Standing::Claimed => "申请纳入".to_owned(),
            Standing::LeftOut(rule) => format!("不计入（{}）", rule.label()),
        }
    }
}

/// A cell of the contract that says something else now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// The name of the column.
    pub label: String,
    /// What the record holds.
    pub old: String,
    /// What the ledger says.
    pub new: String,
}

/// What the unit did by hand and a difference touches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Touched {
    /// A filled-in cell.
    Cell {
        /// Which.
        cell: LineCell,
        /// What was filled in.
        yours: String,
        /// What would stand there by the contract as it is held.
        old: String,
        /// What would stand there by the contract as it is now.
        new: String,
        /// Whether what was filled in may stand on; a cell that the platform knows by now is locked.
        may_stay: bool,
    },
    /// The line leaves, and with it what was filled in and why.
    Edits(Vec<(LineCell, String)>),
    /// A claim is not needed any more, or leaves with its contract.
    Claim(String),
    /// A claim stands against another rule now.
    ClaimRule {
        /// The rule that it was made against.
        from: Rule,
        /// The rule that leaves the contract out now.
        to: Rule,
        /// The reason that was given.
        reason: String,
    },
    /// The unit had taken the contract out, for this reason.
    TakenOut(String),
}

/// How a difference is taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// The contract goes before what was done by hand, where the two touch.
    Take,
    /// What was done by hand stays over the contract.
    Keep,
}

/// One difference, to be taken over or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// The contract: as the ledger knows it, or, where it is gone, as the record does.
    pub id: ContractId,
    /// What is different.
    pub kind: Kind,
    /// 合同编号, with 标项 where there is one.
    pub number: String,
    /// 项目名称.
    pub project_name: String,
    /// 供应商, 合同金额, 预留选项 and what is missing, in one line: enough to decide without opening the contract.
    pub about: String,
    /// The cells that say something else.
    pub fields: Vec<Field>,
    /// How the record holds it.
    pub before: Option<Standing>,
    /// How it would stand after [`Way::Take`].
    pub after: Option<Standing>,
    /// What was done by hand and is touched.
    pub touched: Vec<Touched>,
    /// How it can be taken over, never empty.
    pub ways: Vec<Way>,
}

impl Difference {
    /// Whether it is taken over unless someone says otherwise: nothing that was done by hand is touched.
    pub const fn is_preselected(&self) -> bool {
        self.touched.is_empty()
    }
}

/// What one difference does to the record.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The contract of the ledger.
    pub id: ContractId,
    /// What leaves or is changed.
    pub from: Option<Place>,
    /// What takes its place.
    pub to: Option<Target>,
}

/// How a contract stands after a step.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// As a line.
    Line {
        /// The contract.
        contract: Box<Contract>,
        /// The claim that was kept.
        claimed: Option<Claim>,
        /// What was filled in and kept.
        overrides: Overrides,
        /// 修改理由.
        reason: String,
    },
    /// Left out.
    LeftOut {
        /// The contract.
        contract: Box<Contract>,
        /// By this rule.
        rule: Rule,
        /// The unit's reason, where it took it out.
        reason: String,
    },
}

/// A contract that the record and the ledger see differently.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    id: ContractId,
    held: Option<Place>,
    now: Option<Contract>,
}

/// The contracts that differ: `held` by the record, `now` in the ledger for its year. In the order of the ledger, those gone last.
///
/// Paired by identity, and where that finds nothing by 合同编号 and 标项: a contract that was deleted and entered anew is the same.
pub fn pairs(held: Vec<Held>, now: Vec<(ContractId, Contract)>) -> Vec<Pair> {
    let mut by_id: HashMap<ContractId, Place> = HashMap::with_capacity(held.len());
    let mut order = Vec::with_capacity(held.len());
    for Held { id, place } in held {
        order.push(id.clone());
        by_id.insert(id, place);
    }
    let (known, mut unknown): (Vec<_>, Vec<_>) = now.into_iter().enumerate().partition(|(_, (id, _))| by_id.contains_key(id));
    let mut found: Vec<(usize, Pair)> = Vec::new();
    for (at, (id, contract)) in known {
        let held = by_id.remove(&id);
        found.push((at, Pair { id, held, now: Some(contract) }));
    }
    let mut by_key: HashMap<(String, String), ContractId> = HashMap::new();
    for id in &order {
        if let Some(contract) = by_id.get(id).and_then(Place::contract) {
            by_key.insert((contract.contract_no.clone(), contract.lot.clone()), id.clone());
        }
    }
    for (at, (id, contract)) in unknown.drain(..) {
        let held = by_key.remove(&(contract.contract_no.clone(), contract.lot.clone())).and_then(|old| by_id.remove(&old));
        found.push((at, Pair { id, held, now: Some(contract) }));
    }
    found.sort_by_key(|(at, _)| *at);
    let gone = order.into_iter().filter_map(|id| by_id.remove(&id).map(|place| Pair { id, held: Some(place), now: None }));
    let differs = |pair: &Pair| match (&pair.held, &pair.now) {
        (Some(place), Some(contract)) => place.contract() != Some(contract),
        _ => true,
    };
    found.into_iter().map(|(_, pair)| pair).filter(differs).chain(gone).collect()
}

impl Pair {
    /// Whose difference it is.
    pub const fn id(&self) -> &ContractId {
        &self.id
    }

    /// The difference as a person sees it.
    pub fn difference(&self, rules: &LineRules) -> Difference {
        let kind = match (&self.held, &self.now) {
            (None, _) => Kind::New,
            (Some(_), Some(_)) => Kind::Changed,
            (Some(_), None) => Kind::Gone,
        };
        let shown = self.now.as_ref().or_else(|| self.held.as_ref().and_then(Place::contract));
        let number = shown.map_or_else(String::new, |contract| match contract.lot.as_str() {
            "" => contract.contract_no.clone(),
            lot => format!("{}（{lot}）", contract.contract_no),
        });
        let touched = self.touched(rules);
        let may_keep = touched.iter().any(|touched| match touched {
            Touched::Cell { may_stay, .. } => *may_stay,
            Touched::TakenOut(_) => self.now.is_some(),
            Touched::Edits(_) | Touched::Claim(_) | Touched::ClaimRule { .. } => false,
        });
        Difference {
            id: self.id.clone(),
            kind,
            number,
            project_name: shown.map(|contract| contract.project_name.clone()).unwrap_or_default(),
            about: shown.map(|contract| about::about(contract, rules)).unwrap_or_default(),
            fields: self.fields(),
            before: self.held.as_ref().map(|place| standing_of_place(place, rules)),
            after: self.target(Way::Take, rules).map(|target| standing_of_target(&target, rules)),
            touched,
            ways: if may_keep { vec![Way::Keep, Way::Take] } else { vec![Way::Take] },
        }
    }

    /// What taking it over does.
    pub fn step(&self, way: Way, rules: &LineRules) -> Step {
        Step { id: self.id.clone(), from: self.held.clone(), to: self.target(way, rules) }
    }

    fn fields(&self) -> Vec<Field> {
        let (Some(old), Some(new)) = (self.held.as_ref().and_then(Place::contract), &self.now) else { return Vec::new() };
        let pairs = sheet::differences(old, new).into_iter();
        pairs.map(|(column, old, new)| Field { label: column.name().to_owned(), old, new }).collect()
    }

    /// The line as it would be with the new contract and everything that was filled in, and the claim that is still needed.
    fn carried(&self, line: &Line, rules: &LineRules) -> Option<Line> {
        let contract = self.now.clone()?;
        let verdict = contract::verdict(&contract, rules.basis);
        let claimed = match (line.claim(), verdict) {
            (None, Verdict::LeftOut(_)) => return None,
            (Some(claim), Verdict::LeftOut(rule)) => Some(Claim { rule, reason: claim.reason.clone() }),
            _ => None,
        };
        let mut carried = Line::collected(line.id.clone(), contract, claimed);
        carried.overrides = line.overrides.clone();
        carried.reason.clone_from(&line.reason);
        carried.version = line.version;
        carried.drop_overrides_that_change_nothing(rules);
        Some(carried)
    }

    fn touched(&self, rules: &LineRules) -> Vec<Touched> {
        match &self.held {
            Some(Place::LeftOut(row)) if row.rule == Rule::ClaimedOut => vec![Touched::TakenOut(row.reason.clone())],
            None | Some(Place::LeftOut(_)) => Vec::new(),
            Some(Place::Line(line)) => {
                let mut touched = Vec::new();
                match self.carried(line, rules) {
                    Some(carried) => touched.extend(touched_cells(line, &carried, rules)),
                    None => {
                        let review = line.review(rules);
                        let filled = |cell: &LineCell| line.overrides.has(*cell) || (*cell == LineCell::Reason && !line.reason.is_empty());
                        let edits: Vec<_> = LineCell::ALL.into_iter().filter(filled).map(|cell| (cell, review.text(cell))).collect();
                        if !edits.is_empty() {
                            touched.push(Touched::Edits(edits));
                        }
                    }
                }
                if let Some(claim) = line.claim() {
                    match self.carried(line, rules).as_ref().map(Line::claim) {
                        Some(Some(kept)) if kept.rule == claim.rule => {}
                        Some(Some(kept)) => {
                            touched.push(Touched::ClaimRule { from: claim.rule, to: kept.rule, reason: claim.reason.clone() });
                        }
                        Some(None) | None => touched.push(Touched::Claim(claim.reason.clone())),
                    }
                }
                touched
            }
        }
    }

    fn target(&self, way: Way, rules: &LineRules) -> Option<Target> {
        let contract = self.now.clone()?;
        let fresh = |contract: Contract| match contract::verdict(&contract, rules.basis) {
            Verdict::LeftOut(rule) => Target::LeftOut { contract: Box::new(contract), rule, reason: String::new() },
            Verdict::Counted(_) | Verdict::NeedsInput(..) | Verdict::Error(..) => {
                Target::Line { contract: Box::new(contract), claimed: None, overrides: Overrides::default(), reason: String::new() }
            }
        };
        Some(match &self.held {
            Some(Place::LeftOut(row)) if row.rule == Rule::ClaimedOut && way == Way::Keep => {
                Target::LeftOut { contract: Box::new(contract), rule: Rule::ClaimedOut, reason: row.reason.clone() }
            }
            None | Some(Place::LeftOut(_)) => fresh(contract),
            Some(Place::Line(line)) => match self.carried(line, rules) {
                None => fresh(contract),
                Some(mut carried) => {
                    for touched in touched_cells(line, &carried, rules) {
                        if let Touched::Cell { cell, may_stay, .. } = touched
                            && (way == Way::Take || !may_stay)
                        {
                            carried.overrides.clear(cell);
                        }
                    }
                    carried.drop_overrides_that_change_nothing(rules);
                    let claimed = carried.claim().cloned();
                    Target::Line { contract: Box::new(contract), claimed, overrides: carried.overrides, reason: carried.reason }
                }
            },
        })
    }
}

/// The filled-in cells under which the contract says something else now, or which the new contract locks.
fn touched_cells(line: &Line, carried: &Line, rules: &LineRules) -> Vec<Touched> {
    let bare = |line: &Line| Line { overrides: Overrides::default(), ..line.clone() }.review(rules);
    let (old, new, yours) = (bare(line), bare(carried), line.review(rules));
    LineCell::ALL
        .into_iter()
        .filter(|cell| carried.overrides.has(*cell))
        .filter_map(|cell| {
            let may_stay = carried.lock(cell, rules).is_none();
            let (old, new) = (old.text(cell), new.text(cell));
            (!may_stay || old != new).then(|| Touched::Cell { cell, yours: yours.text(cell), old, new, may_stay })
        })
        .collect()
}

fn standing_of_line(line: &Line, rules: &LineRules) -> Standing {
    match (line.claim(), line.review(rules).counted) {
        (Some(_), _) => Standing::Claimed,
        (None, Some(_)) => Standing::Counted,
        (None, None) => Standing::Open,
    }
}

fn standing_of_place(place: &Place, rules: &LineRules) -> Standing {
    match place {
        Place::Line(line) => standing_of_line(line, rules),
        Place::LeftOut(row) => Standing::LeftOut(row.rule),
    }
}

fn standing_of_target(target: &Target, rules: &LineRules) -> Standing {
    match target {
        Target::LeftOut { rule, .. } => Standing::LeftOut(*rule),
        Target::Line { contract, claimed, overrides, .. } => match (claimed, contract::verdict(&overrides.over(contract), rules.basis)) {
            (Some(_), _) => Standing::Claimed,
            (None, Verdict::Counted(_)) => Standing::Counted,
            (None, _) => Standing::Open,
        },
    }
}

impl Target {
    /// The line with this identity at this version; `None` where the contract is left out.
    pub fn line(&self, id: crate::domain::ids::LineId, version: i64) -> Option<Line> {
        match self {
            Target::Line { contract, claimed, overrides, reason } => {
                let bare = Line::collected(id, (**contract).clone(), claimed.clone());
                Some(Line { overrides: overrides.clone(), reason: reason.clone(), version, ..bare })
            }
            Target::LeftOut { .. } => None,
        }
    }

    /// The row with this identity; `None` where the contract is a line.
    pub fn left_out(&self, id: crate::domain::ids::LeftOutId) -> Option<LeftOut> {
        match self {
            Target::LeftOut { contract, rule, reason } => {
                Some(LeftOut { id, contract: (**contract).clone(), rule: *rule, reason: reason.clone() })
            }
            Target::Line { .. } => None,
        }
    }
}

impl Touched {
    /// What is touched, in one sentence.
    pub fn sentence(&self) -> String {
        let or_empty = |text: &str| if text.is_empty() { "（空）".to_owned() } else { text.to_owned() };
        match self {
            Touched::Cell { cell, yours, old, new, may_stay } => {
                let (label, yours, old, new) = (cell.label(), or_empty(yours), or_empty(old), or_empty(new));
                let end = if *may_stay { "" } else { "；平台数据已有此项，此格锁定，更新后以合同为准" };
                format!("{label}：您填写的是 {yours}，合同原为 {old}，现为 {new}{end}。")
            }
            Touched::Edits(edits) => {
                let edits: Vec<String> = edits.iter().map(|(cell, text)| format!("{} {text}", cell.label())).collect();
                format!("此行将离开明细，您填写的内容随之移除：{}。", edits.join("；"))
            }
            Touched::Claim(reason) => format!("此合同是您申请纳入的，更新后申请不再保留。纳入理由：{reason}。"),
            Touched::ClaimRule { from, to, reason } => {
                format!("申请纳入所针对的规则由“{}”变为“{}”，请核对纳入理由是否仍然成立：{reason}。", from.label(), to.label())
            }
            Touched::TakenOut(reason) => format!("此合同是您剔除的，剔除理由：{reason}。"),
        }
    }
}
