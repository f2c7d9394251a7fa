//! The four steps of an announcement: where one is, what of each is done, and what of it waits or is wrong.

use super::super::api::generate_announcement;
use super::super::seen::{Seen, Unsaved};
use super::Draft;
use super::basics::BasicsPanel;
use super::content::ContentPanel;
use super::files::FilesPanel;
use super::obstacles::focus_soon;
use super::saving::SaveState;
use super::text::TextPanel;
use crate::app::Tell;
use crate::domain::announcement::waiting::Waiting;
use leptos::prelude::*;

/// The id of the button that names a step.
const fn name_of(number: usize) -> &'static str {
    match number {
        1 => "step-1",
        2 => "step-2",
        3 => "step-3",
        _ => "step-4",
    }
}

/// The four steps, one on the screen at a time.
#[component]
pub fn Steps(draft: Draft) -> impl IntoView {
    let step = draft.step();
    // Memos, because the text's signal changes at every key and the editor must not be made anew by it.
    let has_text = Memo::new(move |_| draft.document.with(Option::is_some));
    let needs_number = Memo::new(move |_| draft.needs_number());
    let current = move |number: usize| (step.get() == number).then_some("step");
    // Which steps hold something that 「提交」 would refuse.
    let wrong = Memo::new(move |_| draft.wrong_steps());
    let waits = Memo::new(move |_| draft.waiting.with(Waiting::len));
    let done = move |number: usize| {
        let is_done = match number {
            1 => draft.is_generated() && !draft.form().has_faults(),
            2 => draft.is_generated() && waits.get() == 0,
            3 => false,
            _ => draft.is_generated() && !draft.needs_number(),
        };
        if draft.is_generated() && wrong.with(|wrong| wrong.contains(&number)) { Some("bad") } else { is_done.then_some("done") }
    };
    // The button that was pressed goes from the screen; who works by keyboard goes on from the name of the step.
    let go = move |number: usize| {
        step.set(number);
        focus_soon(name_of(number));
    };
    let words = move |number: usize| match number {
        1 => "基本信息".to_owned(),
        2 => {
            let waits = waits.get();
            let waits = if waits > 0 { format!("，{waits} 行未保存") } else { String::new() };
            format!("公告内容 {} 行{waits}", draft.figures.with(|figures| figures.lines.len()))
        }
        3 => format!("附件 {}", draft.files.with(Vec::len)),
        _ => "公告正文".to_owned(),
    };
    view! {
        <div class="step-row">
            <ol class="steps">
                {(1..=4).map(|number| view! {
                    <li><button class="step" id=name_of(number) type="button" aria-current=move || current(number) data-state=move || done(number) on:click=move |_| step.set(number)>{move || words(number)}</button></li>
                }).collect_view()}
            </ol>
            <dl class="facts" data-row="">
                <div><dt>"公告编号"</dt><dd>{move || draft.number.get().unwrap_or_else(|| "生成公告时取得".to_owned())}</dd></div>
                <div><dt>"行政区划"</dt><dd>{move || draft.basics.get().district.name()}</dd></div>
                <div><dt>"发布类型"</dt><dd>{move || draft.basics.get().mode.label()}</dd></div>
            </dl>
        </div>
        <div class="stack" hidden=move || step.get() != 1>
            <BasicsPanel draft />
            <div class="button-row"><button class="button" data-kind="primary" type="button" on:click=move |_| go(2)>"下一步：公告内容"</button></div>
        </div>
        <div class="stack" hidden=move || step.get() != 2>
            <ContentPanel draft />
            <div class="button-row"><button class="button" data-kind="primary" type="button" on:click=move |_| go(3)>"下一步：附件"</button></div>
        </div>
        <div class="stack" hidden=move || step.get() != 3>
            <FilesPanel draft />
            <div class="button-row"><Generate draft step /></div>
        </div>
        <div class="stack" hidden=move || step.get() != 4>
            {move || needs_number.get().then(|| view! {
                <div class="alert" data-tone="warn"><p class="alert-body">"行政区划已改变，公告编号需要重新生成。"</p><div class="alert-actions"><Generate draft step /></div></div>
            })}
            {move || if has_text.get() {
                view! { <TextPanel draft /> }.into_any()
            } else {
                view! { <section class="panel empty"><p class="empty-title">"还没有公告正文"</p><p>{format!("点击「生成公告」，系统按公告模板「{}」生成标题和正文，并给出公告编号。", draft.read(|read| read.template.label()))}</p><Generate draft step /></section> }.into_any()
            }}
        </div>
    }
}

/// 「生成公告」, or on to the text where that is done.
#[component]
fn Generate(draft: Draft, step: RwSignal<usize>) -> impl IntoView {
    let tell = expect_context::<Tell>();
    let pending = RwSignal::new(false);
    let generate = move |_| {
        if draft.is_generated() && !draft.needs_number() {
            step.set(4);
            focus_soon("step-4");
            return;
        }
        pending.set(true);
        draft.saver.then(move |version| async move {
            let generated = match version {
                Ok(version) => generate_announcement(Seen { id: draft.id(), version }).await,
                Err(error) => Err(error),
            };
            pending.set(false);
            match generated {
                Ok(generated) => {
                    tell.ok(format!("已生成公告，编号 {}", generated.number));
                    let (title, document) = (Some(generated.title.clone()), Some(generated.document.clone()));
                    draft.saver.stored(Unsaved { title, document, ..Unsaved::default() });
                    draft.number.set(Some(generated.number));
                    draft.title.set(generated.title);
                    if draft.document.with_untracked(Option::is_none) {
                        draft.document.set(Some(generated.document));
                    }
                    step.set(4);
                    focus_soon("step-4");
                    draft.logged().notify();
                    Some(generated.saved)
                }
                Err(error) => {
                    tell.bad(error.to_string());
                    None
                }
            }
        });
    };
    let busy = Memo::new(move |_| pending.get() || matches!(draft.saver.state.get(), SaveState::Waiting(_)));
    view! {
        <button class="button" data-kind="primary" type="button" disabled=move || busy.get() aria-busy=move || pending.get().to_string() on:click=generate>
            {move || if draft.is_generated() && !draft.needs_number() { "下一步：公告正文" } else { "生成公告" }}
        </button>
    }
}
