//! The course of something that passes through several hands.

use leptos::prelude::*;

use super::Tone;

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// Finished.
    Done,
    /// Waiting for its person now.
    Current,
    /// Not reached.
    Todo,
    /// Ended with a return.
    Returned,
}

impl StepState {
    fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Current => "current",
            Self::Todo => "todo",
            Self::Returned => "returned",
        }
    }

    /// The word for those who do not see the mark.
    fn word(self) -> &'static str {
        match self {
            Self::Done => "已完成：",
            Self::Current => "进行中：",
            Self::Todo => "未开始：",
            Self::Returned => "已退回：",
        }
    }
}

/// One step as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineStep {
    /// What is done in it, for example 「审核」.
    pub title: String,
    /// Who, when, how long; empty for nothing.
    pub detail: String,
    /// A small tag behind the title, for example 「退回」.
    pub badge: Option<(String, Tone)>,
    /// Where it stands.
    pub state: StepState,
}

/// The steps in order: across on a desk, down on a phone.
#[component]
pub fn Timeline(steps: Vec<TimelineStep>) -> impl IntoView {
    let items = steps
        .into_iter()
        .enumerate()
        .map(|(index, step)| {
            let current = (step.state == StepState::Current).then_some("step");
            let badge = step.badge.map(|(words, tone)| view! { <span class="chip timeline-badge" data-tone=tone.as_str()>{words}</span> });
            view! {
                <li class="timeline-step" data-state=step.state.as_str() aria-current=current>
                    <span class="timeline-mark" aria-hidden="true">
                        {index + 1}
                    </span>
                    <div class="timeline-title">
                        <span class="visually-hidden">{step.state.word()}</span>
                        {step.title}
                        {badge}
                    </div>
                    <div class="timeline-detail">{step.detail}</div>
                </li>
            }
        })
        .collect_view();
    view! { <ol class="timeline">{items}</ol> }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn a_returned_step_says_so_in_words() {
        let step = TimelineStep {
            title: "审核".into(),
            detail: "上海机动车管理中心 · 耗时 2天4小时".into(),
            badge: Some(("退回".into(), Tone::Bad)),
            state: StepState::Returned,
        };
        let html = view! { <Timeline steps=vec![step]/> }.to_html();
        assert!(html.contains("已退回：") && html.contains(r#"data-state="returned""#) && html.contains(">退回<"), "{html}");
    }
}
