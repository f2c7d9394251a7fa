//! 「汇集的单位」: which units have become approved since and can be taken in, and which are in it and can be moved out (C1, C4).
//! Whoever reviews sees who came in later, and who left and why.

use super::super::api::{move_out_unit, take_in_units};
use super::super::seen::{Held, Missing, Ready, RecordSeen, Saved, UnitLeft, UnitsTaken, Unsaved};
use super::Draft;
use crate::app::Tell;
use crate::domain::announcement::remark::{Said, proposed};
use crate::domain::ids::RecordId;
use crate::domain::money::Money;
use crate::error::AppError;
use crate::features::approvals::dialog::ReasonDialog;
use leptos::prelude::*;

impl Draft {
    /// Leads to 「补入单位」.
    pub fn go_to_units(self) {
        self.step().set(2);
        super::obstacles::focus_soon("units");
    }

    /// The units that can be taken in now.
    fn ready(self) -> Vec<(String, Ready)> {
        self.missing.with(|missing| missing.iter().filter_map(|unit| Some((unit.unit_name.clone(), unit.ready.clone()?))).collect())
    }

    /// Puts the units' 「说明」 into 备注, as 「创建公告」 does, unless they stand there (A12); whether it did, and what to say of those that find no room.
    fn propose(self, units: &[(String, Ready)]) -> (bool, Option<String>) {
        let before = self.remark.get_untracked();
        let said = units.iter().map(|(unit, ready)| Said { unit, is_own: false, words: &ready.remark });
        let proposal = proposed(&before, said);
        let warning = proposal.warning();
        let is_longer = proposal.remark != before.trim_end();
        if is_longer {
            self.remark.set(proposal.remark.clone());
            self.saver.note(Unsaved { remark: Some(proposal.remark), ..Unsaved::default() });
        }
        (is_longer, warning)
    }
}

/// What is asked and how it stands.
#[derive(Clone, Copy)]
struct Asked {
    leaving: RwSignal<Option<(RecordId, String)>>,
    open: RwSignal<bool>,
    pending: RwSignal<bool>,
    problem: RwSignal<Option<AppError>>,
}

/// The panel of the step 「公告内容」.
#[component]
pub fn UnitsPanel(draft: Draft) -> impl IntoView {
    let tell = expect_context::<Tell>();
    let asked =
        Asked { leaving: RwSignal::new(None), open: RwSignal::new(false), pending: RwSignal::new(false), problem: RwSignal::new(None) };
    let take_in = Callback::new(move |units: Vec<(String, Ready)>| {
        asked.pending.set(true);
        draft.saver.then(move |version| async move {
            let records: Vec<_> =
                units.iter().map(|(_, ready)| RecordSeen { record: ready.record.clone(), number: ready.number }).collect();
            let taken = match version {
                Ok(version) => take_in_units(UnitsTaken { id: draft.id(), version, records }).await,
                Err(error) => Err(error),
            };
            asked.pending.set(false);
            let names: Vec<&str> = units.iter().map(|(name, _)| name.as_str()).collect();
            let said = format!("已补入{}", names.join("、"));
            let saved = ended(draft, tell, said.clone(), taken)?;
            match draft.propose(&units) {
                (_, Some(warning)) => tell.bad(format!("{said}。{warning}")),
                (true, None) => tell.ok(format!("{said}，其说明已补到备注中，请核对")),
                (false, None) => {}
            }
            super::obstacles::focus_soon("units");
            Some(saved)
        });
    });
    let move_out = Callback::new(move |reason: String| {
        let Some((record, unit)) = asked.leaving.get_untracked() else { return };
        asked.problem.set(None);
        asked.pending.set(true);
        draft.saver.then(move |version| async move {
            let left = match version {
                Ok(version) => move_out_unit(UnitLeft { id: draft.id(), version, record, reason }).await,
                Err(error) => Err(error),
            };
            asked.pending.set(false);
            match left {
                Ok(saved) => {
                    asked.open.set(false);
                    super::obstacles::focus_soon("units");
                    // What was written by hand there is nobody's to cut but theirs.
                    let still = draft.remark.with_untracked(|remark| remark.contains(&unit));
                    let note = if still { "。备注中仍提到该单位，请核对并修改备注" } else { "" };
                    ended(draft, tell, format!("已移出{unit}{note}"), Ok(saved))
                }
                Err(error) => {
                    asked.problem.set(Some(error));
                    None
                }
            }
        });
    });
    let count = move || draft.held.with(Vec::len);
    let note = move || {
        let ready = draft.ready().len();
        if ready == 0 {
            format!("已汇集 {} 个单位", count())
        } else {
            format!("已汇集 {} 个单位，可补入 {ready} 个", count())
        }
    };
    let question =
        Signal::derive(move || asked.leaving.with(|leaving| leaving.as_ref().map_or_else(String::new, |(_, unit)| format!("移出{unit}"))));
    view! {
        <section class="panel" id="units" tabindex="-1" aria-labelledby="units-title">
            <header class="panel-head"><h2 id="units-title">"汇集的单位"</h2><span class="panel-note" role="status">{note}</span></header>
            {move || view! { <ReadyUnits units=draft.ready() missing=draft.missing.get() take_in asked /> }}
            <div class="panel-body"><details class="fold">
                <summary>{move || format!("已汇集的 {} 个单位", count())}</summary>
                {move || view! { <HeldUnits draft held=draft.held.get() asked /> }}
            </details></div>
        </section>
        <ReasonDialog open=asked.open title=question label="移出理由" consequence="该单位的全部明细行（包括在公告中修改过的）从本公告移出，审核完成的年度数据不变；审核人会看到理由，之后可以重新补入。" on_reason=move_out pending=asked.pending problem=asked.problem />
    }
}

/// The units that could come in by now, said above the lines, where one looks first, with the way to where that is done.
#[component]
pub fn ReadyNote(draft: Draft) -> impl IntoView {
    move || {
        let names: Vec<String> = draft.ready().into_iter().map(|(name, _)| name).collect();
        (!names.is_empty()).then(|| {
            let words = format!("{} 个单位的年度数据已审核完成，尚未计入本公告：{}。", names.len(), names.join("、"));
            view! {
                <div class="alert" data-tone="neutral">
                    <p class="alert-body">{words}</p>
                    <div class="alert-actions"><button class="button" type="button" on:click=move |_| draft.go_to_units()>"去补入"</button></div>
                </div>
            }
        })
    }
}

/// What is said and read anew after the units have changed.
fn ended(draft: Draft, tell: Tell, said: String, result: Result<Saved, AppError>) -> Option<Saved> {
    match result {
        Ok(saved) => {
            tell.ok(said);
            draft.catch_up();
            draft.logged().notify();
            Some(saved)
        }
        Err(error) => {
            tell.bad(error.to_string());
            None
        }
    }
}

/// The units whose record was approved since, each with what it would bring.
#[component]
fn ReadyUnits(units: Vec<(String, Ready)>, missing: Vec<Missing>, take_in: Callback<Vec<(String, Ready)>>, asked: Asked) -> impl IntoView {
    if units.is_empty() {
        return ().into_any();
    }
    let reason = |name: &str| {
        let unit = missing.iter().find(|unit| unit.unit_name == name)?;
        unit.left.as_ref().map(|left| format!("{} 于 {} 移出，理由：{}", left.by, left.at.local(), left.reason))
    };
    let rows: Vec<_> = units
        .iter()
        .map(|(name, ready)| {
            let one = vec![(name.clone(), ready.clone())];
            view! {
                <li>
                    <span class="unit-name">{name.clone()}</span>
                    <span class="quiet">{ready.words()}</span>
                    {reason(name).map(|words| view! { <span class="quiet small">{words}</span> })}
                    <button class="button" type="button" aria-label=format!("补入：{name}") disabled=asked.pending on:click=move |_| take_in.run(one.clone())>"补入"</button>
                </li>
            }
        })
        .collect();
    let all = (units.len() > 1).then(|| {
        view! { <button class="button" data-kind="primary" type="button" disabled=asked.pending on:click=move |_| take_in.run(units.clone())>"全部补入"</button> }
    });
    view! {
        <div class="panel-body stack">
            <p>"以下单位的年度数据已审核完成，尚未计入本公告。补入的明细行排在已有的行之后。"</p>
            <ul class="unit-list" aria-label="可补入的单位">{rows}</ul>
            {all}
        </div>
    }
    .into_any()
}

/// The units that are in it, with their figures as the announcement shows them.
#[component]
fn HeldUnits(draft: Draft, held: Vec<Held>, asked: Asked) -> impl IntoView {
    let is_last = held.len() == 1;
    let rows: Vec<_> = held
        .into_iter()
        .map(|held| {
            let (record, unit) = (held.record.clone(), held.unit_name.clone());
            let figures = move || {
                draft.lines.with(|lines| {
                    let shown = || lines.iter().filter(|line| line.record == record && !line.is_removed);
                    let sme: Money = shown().map(|line| line.values.sme).sum();
                    format!("{} 行，面向中小企业 {} 万元", shown().count(), sme.wan())
                })
            };
            let came = held.taken_in.map(|taken| format!("{} 于 {} 补入", taken.by, taken.at.local()));
            let (name, leaving) = (held.unit_name, held.record);
            let ask = move |_| {
                asked.problem.set(None);
                asked.leaving.set(Some((leaving.clone(), unit.clone())));
                asked.open.set(true);
            };
            view! {
                <li>
                    <span class="unit-name">{name.clone()}</span>
                    <span class="quiet">{figures}</span>
                    {came.map(|words| view! { <span class="quiet small">{words}</span> })}
                    {if is_last {
                        view! { <span class="quiet small">"唯一的单位，不能移出"</span> }.into_any()
                    } else {
                        view! { <button class="button" data-kind="danger" type="button" aria-label=format!("移出：{name}") on:click=ask>"移出"</button> }.into_any()
                    }}
                </li>
            }
        })
        .collect();
    view! { <ul class="unit-list" aria-label="已汇集的单位">{rows}</ul> }
}

/// For whoever reviews or looks: who came in after the announcement was created, and who left it.
#[component]
pub fn UnitsChanged(held: Vec<Held>, missing: Vec<Missing>) -> impl IntoView {
    let came = held.into_iter().filter_map(|held| {
        let taken = held.taken_in?;
        Some(view! { <li><span class="diff-place">{held.unit_name}</span><span>"公告创建后补入"</span><span class="quiet small">{format!("{} · {}", taken.by, taken.at.local())}</span></li> }.into_any())
    });
    let left = missing.into_iter().filter_map(|unit| {
        let left = unit.left?;
        let words = format!("理由：{} · {} · {}", left.reason, left.by, left.at.local());
        Some(view! { <li><span class="diff-place">{unit.unit_name}</span><span>"已移出"</span><span class="quiet small">{words}</span></li> }.into_any())
    });
    let rows: Vec<_> = came.chain(left).collect();
    (!rows.is_empty()).then(|| {
        view! {
            <section class="panel" aria-labelledby="units-changed-title">
                <header class="panel-head"><h2 id="units-changed-title">"创建公告后补入和移出的单位"</h2></header>
                <div class="panel-body"><ul class="diff">{rows}</ul></div>
            </section>
        }
    })
}
