//! 流程进度 and 操作日志.

use super::History;
use crate::domain::approval::{Answer, Step};
use crate::domain::calendar::Moment;
use crate::ui::{StepState, Timeline, TimelineStep, Tone};
use leptos::prelude::*;

/// The course of a record or announcement, and what was done with it.
#[component]
pub fn Progress(
    /// Its steps and events.
    history: History,
    /// Who submitted it last, and when; `None` before the first submission.
    submitted: Option<(String, Moment)>,
    /// The word of the last step: 「审核完成」, 「已发布」.
    goal: &'static str,
    /// Whether that step is reached.
    is_reached: bool,
    /// The time of the server's answer, to say how long a step waits.
    now: Moment,
) -> impl IntoView {
    let mut steps = vec![match &submitted {
        Some((who, at)) => {
            TimelineStep { title: "提交".into(), detail: format!("{who} · {}", at.local_short()), badge: None, state: StepState::Done }
        }
        None => TimelineStep { title: "提交".into(), detail: "待办".into(), badge: None, state: StepState::Current },
    }];
    let round = history.steps.iter().map(|step| step.round).max().unwrap_or_default();
    let shown: Vec<&Step> = history.steps.iter().filter(|step| step.round == round).collect();
    let ended = shown.last().and_then(|step| step.answered.as_ref()).map(|answered| answered.answer);
    steps.extend(shown.iter().map(|step| timeline_step(step, now)));
    match ended {
        Some(Answer::Disagreed | Answer::Withdrawn) => {
            steps.push(TimelineStep {
                title: "修改并重新提交".into(), detail: "待办".into(), badge: None, state: StepState::Current
            });
        }
        _ if shown.is_empty() => {
            steps.push(TimelineStep { title: "审核".into(), detail: "—".into(), badge: None, state: StepState::Todo });
        }
        _ => {}
    }
    steps.push(TimelineStep {
        title: goal.into(),
        detail: "—".into(),
        badge: None,
        state: if is_reached { StepState::Done } else { StepState::Todo },
    });
    view! {
        <section class="panel" aria-labelledby="progress-title">
            <header class="panel-head"><h2 id="progress-title">"流程进度"</h2></header>
            <div class="panel-body"><Timeline steps /></div>
        </section>
        <section class="panel" aria-labelledby="log-title">
            <header class="panel-head"><h2 id="log-title">"操作日志"</h2></header>
            <div class="panel-body">
                <ul class="log">
                    {history.events.into_iter().map(|event| view! {
                        <li>
                            <time class="log-time" datetime=event.at.to_string()>{event.at.local()}</time>
                            <div>{event.who}" "{event.what}</div>
                            {(!event.detail.is_empty()).then(|| view! { <p class="log-note">{event.detail}</p> })}
                        </li>
                    }).collect_view()}
                </ul>
            </div>
        </section>
    }
}

fn timeline_step(step: &Step, now: Moment) -> TimelineStep {
    match &step.answered {
        None => TimelineStep {
            title: "审核".into(),
            detail: format!("{} · 已等待 {}", step.assignee_name, now.since(step.opened_at)),
            badge: Some(("审核中".into(), Tone::Busy)),
            state: StepState::Current,
        },
        Some(answered) => TimelineStep {
            title: "审核".into(),
            detail: format!(
                "{} · {} · 耗时 {}{}",
                answered.by,
                answered.at.local_short(),
                answered.at.since(step.opened_at),
                if answered.opinion.is_empty() { String::new() } else { format!("：{}", answered.opinion) }
            ),
            badge: Some((
                answered.answer.label().into(),
                match answered.answer {
                    Answer::Agreed => Tone::Ok,
                    Answer::Disagreed => Tone::Bad,
                    Answer::Withdrawn => Tone::Neutral,
                },
            )),
            state: if answered.answer == Answer::Agreed { StepState::Done } else { StepState::Returned },
        },
    }
}
