//! 流程进度 and 操作日志.

use super::{Event, History};
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
    /// Whether it was opened again behind that, to be corrected.
    #[prop(optional)]
    is_reopened: bool,
    /// When it was reached, where that is known.
    #[prop(default = None)]
    reached: Option<Moment>,
    /// The time of the server's answer, to say how long a step waits.
    now: Moment,
) -> impl IntoView {
    let round = history.steps.iter().map(|step| step.round).max().unwrap_or_default();
    let note = history.steps.iter().find(|step| step.round == round).map(|step| step.note.clone()).unwrap_or_default();
    let said = |words: &str| if words.is_empty() { String::new() } else { format!("：{words}") };
    let mut steps = vec![match &submitted {
        Some((who, at)) => TimelineStep {
            title: "提交".into(),
            detail: format!("{who} · {}{}", at.local_short(), said(&note)),
            badge: None,
            state: StepState::Done,
        },
        None => TimelineStep { title: "提交".into(), detail: "待办".into(), badge: None, state: StepState::Current },
    }];
    let again = |title: &str| TimelineStep { title: title.into(), detail: "待办".into(), badge: None, state: StepState::Current };
    let shown: Vec<&Step> = history.steps.iter().filter(|step| step.round == round).collect();
    let ended = shown.last().and_then(|step| step.answered.as_ref()).map(|answered| answered.answer);
    steps.extend(shown.iter().map(|step| timeline_step(step, now)));
    match ended {
        // Of what was published already, a request that failed leaves nothing to do.
        Some(Answer::Disagreed | Answer::Withdrawn) if !is_reached => steps.push(again("修改并重新提交")),
        _ if is_reopened => steps.push(again("更正：修改并重新提交")),
        _ if shown.is_empty() => {
            steps.push(TimelineStep { title: "审核".into(), detail: "—".into(), badge: None, state: StepState::Todo });
        }
        _ => {}
    }
    steps.push(TimelineStep {
        title: goal.into(),
        detail: reached.filter(|_| is_reached).map_or_else(|| "—".into(), Moment::local_short),
        badge: None,
        state: if is_reached { StepState::Done } else { StepState::Todo },
    });
    let mut newest = folded(history.events);
    let earlier = newest.split_off(newest.len().min(NEWEST));
    let count = earlier.len();
    view! {
        <section class="panel" aria-labelledby="progress-title">
            <header class="panel-head"><h2 id="progress-title">"流程进度"</h2></header>
            <div class="panel-body"><Timeline steps /></div>
        </section>
        <section class="panel" aria-labelledby="log-title">
            <header class="panel-head"><h2 id="log-title">"操作日志"</h2></header>
            <div class="panel-body">
                <ul class="log">
                    {newest.into_iter().map(|events| view! { <LogEntry events /> }).collect_view()}
                </ul>
                {(count > 0).then(|| view! {
                    <details class="fold">
                        <summary>{format!("更早的 {count} 条")}</summary>
                        <ul class="log">{earlier.into_iter().map(|events| view! { <LogEntry events /> }).collect_view()}</ul>
                    </details>
                })}
            </div>
        </section>
    }
}

/// Entries of 操作日志 that stand open; the earlier ones are folded.
const NEWEST: usize = 12;

/// One entry of 操作日志: an event, or several saves of the same line behind a fold.
#[component]
fn LogEntry(events: Vec<Event>) -> impl IntoView {
    let count = events.len();
    events.first().cloned().map(|newest| {
        let note = |detail: String| (!detail.is_empty()).then(|| view! { <p class="log-note">{detail}</p> });
        view! {
            <li>
                <time class="log-time" datetime=newest.at.to_string()>{newest.at.local()}</time>
                <div>{newest.who}" "{newest.what}{(count > 1).then(|| format!("（{count} 次）"))}</div>
                {if count == 1 {
                    note(newest.detail).into_any()
                } else {
                    view! {
                        <details class="fold log-note">
                            <summary>{about(&newest.detail).map_or_else(|| "查看每一次".to_owned(), |name| format!("“{name}” 查看每一次"))}</summary>
                            <ul>{events.into_iter().map(|event| view! { <li class="plain">{event.at.local_time()}" "{event.detail}</li> }).collect_view()}</ul>
                        </details>
                    }.into_any()
                }}
            </li>
        }
    })
}

/// How far apart two saves of the same line may be to stand in one entry, in milliseconds.
const TOGETHER: i64 = 10 * 60 * 1_000;

/// What an event's words are about: the name in quotes that they begin with.
fn about(detail: &str) -> Option<&str> {
    detail.strip_prefix('“')?.split_once('”').map(|(name, _)| name)
}

/// Events, newest first, with one person's saves of the same line shortly after each other as one group.
fn folded(events: Vec<Event>) -> Vec<Vec<Event>> {
    let mut groups: Vec<Vec<Event>> = Vec::new();
    for event in events {
        let joins = groups.last().and_then(|group| group.last()).is_some_and(|newer| {
            matches!(event.what.as_str(), "修改明细" | "修改说明")
                && (newer.what == event.what && newer.who == event.who && about(&newer.detail) == about(&event.detail))
                && newer.at.millis() - event.at.millis() <= TOGETHER
        });
        match groups.last_mut() {
            Some(group) if joins => group.push(event),
            _ => groups.push(vec![event]),
        }
    }
    groups
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

#[cfg(test)]
mod tests {
    use super::*;

    fn event(minute: i64, who: &str, what: &str, detail: &str) -> Event {
        Event { at: Moment::from_millis(minute * 60_000), who: who.to_owned(), what: what.to_owned(), detail: detail.to_owned() }
    }

    #[test]
    fn b4_saves_of_one_line_by_one_person_within_minutes_are_one_entry() {
        let events = vec![
            event(40, "甲", "提交", ""),
            event(39, "甲", "修改明细", "“道路” 预留比例(%)：1 → 12"),
            event(38, "甲", "修改明细", "“道路” 预留比例(%)：（空） → 1"),
            event(37, "乙", "修改明细", "“道路” 修改理由：（空） → 误"),
            event(36, "乙", "修改明细", "“绿化” 修改理由：（空） → 误"),
            event(20, "乙", "修改明细", "“绿化” 修改理由：误 → （空）"),
            event(19, "乙", "剔除合同", "“绿化” 重复"),
            event(19, "乙", "剔除合同", "“绿化” 重复"),
        ];
        let sizes: Vec<usize> = folded(events).iter().map(Vec::len).collect();
        assert_eq!(sizes, [1, 2, 1, 1, 1, 1, 1]);
    }
}
