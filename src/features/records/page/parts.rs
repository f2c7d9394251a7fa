//! The parts of a record's page: the saved note, the sums, 「说明」, what an earlier page could not save.

use super::super::saving::{Row, SaveState, Saver, Unsaved};
use super::super::{Change, Record};
use crate::app::paths;
use crate::domain::ids::RecordId;
use crate::domain::record::status::RecordStatus;
use crate::domain::record::{REMARK_MAX, Totals};
use crate::error::AppError;
use crate::ui::Textarea;
use leptos::prelude::*;
use std::time::Duration;

/// 「已保存 12:03:21」, or what is wrong.
#[component]
pub fn SavedNote(saver: Saver) -> impl IntoView {
    view! {
        <p class="saved-note" role="status" data-tone=move || matches!(saver.state.get(), SaveState::Waiting(_) | SaveState::Failed(_)).then_some("bad")>
            {move || match saver.state.get() {
                SaveState::Idle => view! { "自动保存" }.into_any(),
                SaveState::Saving => view! { "正在保存…" }.into_any(),
                SaveState::Saved(at) => view! { {format!("已保存 {}", at.local_time())} }.into_any(),
                SaveState::Waiting(AppError::SignedOut) => view! {
                    "登录已过期，内容尚未保存。"
                    <a href=paths::SIGN_IN target="_blank" rel="external">"在新窗口登录"</a>
                    "后会自动继续"
                }.into_any(),
                SaveState::Waiting(error) => view! { {error.to_string()} }.into_any(),
                SaveState::Failed(error) => view! {
                    {error.to_string()} " "
                    <button class="button" data-kind="text" type="button" on:click=move |_| saver.flush()>"重试"</button>
                }.into_any(),
            }}
        </p>
    }
}

/// What an earlier page of this record could not save, to be taken over or thrown away.
#[component]
pub fn LeftBehind(record: RecordId, rows: RwSignal<Vec<Row>>, saver: Saver) -> impl IntoView {
    let found = RwSignal::new(None::<Unsaved>);
    let record = StoredValue::new(record);
    Effect::new(move || found.set(Saver::left_behind(&record.get_value())));
    let take_over = move |_| {
        let Some(unsaved) = found.get_untracked() else { return };
        for (id, cells) in unsaved.lines {
            let Some(row) = rows.with_untracked(|rows| rows.iter().find(|row| row.id.with_value(|own| *own == id)).copied()) else {
                continue;
            };
            for (cell, text) in cells {
                row.typed.update(|typed| {
                    typed.insert(cell, text.clone());
                });
                saver.note(row, cell, text);
            }
        }
        if let Some(remark) = unsaved.remark {
            saver.note_remark(remark);
        }
        found.set(None);
        saver.flush();
    };
    let throw_away = move |_| {
        Saver::forget(&record.get_value());
        found.set(None);
    };
    move || {
        found.get().map(|unsaved| {
            view! {
                <div class="alert" data-tone="warn" role="alert">
                    <p class="alert-body">{format!("上次有 {} 处内容没有来得及保存，已为您保留在本机。", unsaved.count())}</p>
                    <div class="alert-actions">
                        <button class="button" data-kind="primary" type="button" on:click=take_over>"恢复并保存"</button>
                        <button class="button" type="button" on:click=throw_away>"放弃"</button>
                    </div>
                </div>
            }
        })
    }
}

/// Why the record stands where it stands, if someone said why.
#[component]
pub fn StateNote(record: Record) -> impl IntoView {
    match record.status {
        RecordStatus::Returned(reason) => {
            view! { <div class="alert" data-tone="bad"><p class="alert-body pre-line">"退回意见："<strong>{reason}</strong></p></div> }
                .into_any()
        }
        RecordStatus::CorrectionAsked(reason) => {
            view! { <div class="alert" data-tone="warn"><p class="alert-body pre-line">"申请更正："<strong>{reason}</strong></p></div> }
                .into_any()
        }
        RecordStatus::Draft | RecordStatus::InReview | RecordStatus::Approved | RecordStatus::Withdrawn => ().into_any(),
    }
}

/// Panel 「中小企业预留执行情况统计」: always the sums of the lines (A3).
#[component]
pub fn Figures(sums: Memo<Totals>, left_out_count: usize) -> impl IntoView {
    view! {
        <section class="panel approve-figures" aria-labelledby="figures-title">
            <header class="panel-head"><h2 id="figures-title">"中小企业预留执行情况统计"</h2></header>
            <div class="panel-body">
                <dl class="figures" aria-live="polite">
                    <div class="figure"><dt>"面向中小企业采购金额(万元)"</dt><dd id="sum-sme">{move || sums.get().sme.wan()}</dd></div>
                    <div class="figure"><dt>"面向小微企业采购金额(万元)"</dt><dd id="sum-small-micro">{move || sums.get().small_micro.wan()}</dd></div>
                    <div class="figure"><dt>"占比(%)"</dt><dd id="sum-ratio">{move || sums.get().ratio().to_string()}</dd></div>
                    <div class="figure">
                        <dt>"计入 / 未计入合同"</dt>
                        <dd>{move || sums.get().lines}<span class="unit">{format!(" / {left_out_count}")}</span> <a href="#left-out" rel="external">"查看口径"</a></dd>
                    </div>
                </dl>
                {move || (sums.get().open > 0).then(|| view! { <p class="quiet">{format!("另有 {} 行待处理，未计入合计", sums.get().open)}</p> })}
            </div>
        </section>
    }
}

/// What changed since the submission before, as 改前/改后.
#[component]
pub fn Changes(changes: Vec<Change>) -> impl IntoView {
    let count = changes.len();
    let or_empty = |text: String| if text.is_empty() { "（空）".to_owned() } else { text };
    view! {
        <section class="panel" aria-labelledby="changes-title">
            <header class="panel-head"><h2 id="changes-title">{format!("自上次提交后改了 {count} 处")}</h2></header>
            <div class="panel-body">
                <ul class="diff">
                    {changes.into_iter().map(|change| view! {
                        <li><span class="diff-place">{change.place}</span> <del>{or_empty(change.before)}</del> <span aria-hidden="true">"→"</span> <ins>{or_empty(change.after)}</ins></li>
                    }).collect_view()}
                </ul>
            </div>
        </section>
    }
}

/// How long after the last key 「说明」 is saved.
const PAUSE: Duration = Duration::from_millis(800);

/// 「说明」 (A12).
#[component]
pub fn Remark(record: Record, editable: bool, saver: Saver) -> impl IntoView {
    let text = saver.remark_text;
    let pause = StoredValue::new(None::<TimeoutHandle>);
    let typed = move |typed: String| {
        saver.note_remark(typed);
        let again = set_timeout_with_handle(move || saver.flush(), PAUSE).ok();
        if let Some(earlier) = pause.try_update_value(|pause| std::mem::replace(pause, again)).flatten() {
            earlier.clear();
        }
    };
    let length = move || text.with(|text| text.chars().count());
    let max = u32::try_from(REMARK_MAX).unwrap_or(2_000);
    view! {
        <section class="panel" aria-labelledby="remark-title">
            <header class="panel-head"><h2 id="remark-title">"说明"</h2></header>
            <div class="panel-body">
                {if editable {
                    view! {
                        <div class="field">
                            <label class="field-label" for="remark">"未达到规定预留份额的原因和改进措施等（将作为公告备注的建议）"</label>
                            <Textarea id="remark" value=text on_input=typed on_blur=move |()| saver.flush() maxlength=max />
                            <p class="field-hint">{move || format!("{} / {REMARK_MAX} 字", length())}</p>
                        </div>
                    }.into_any()
                } else if record.remark.is_empty() {
                    view! { <p class="quiet">"没有填写说明。"</p> }.into_any()
                } else {
                    view! { <p class="pre-line">{record.remark}</p> }.into_any()
                }}
            </div>
        </section>
    }
}
