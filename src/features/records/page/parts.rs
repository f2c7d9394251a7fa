//! The parts of a record's page: the saved note, the sums, 「说明」, what an earlier page could not save.

use super::super::grid::focus;
use super::super::saving::{KeptField, SaveState};
use super::super::sheet::{Entry, Sheet};
use super::super::{Change, Record};
use crate::app::paths;
use crate::domain::ids::LineId;
use crate::domain::kept::Entry as Kept;
use crate::domain::record::line::LineCell;
use crate::domain::record::status::RecordStatus;
use crate::domain::record::{REMARK_MAX, Totals};
use crate::error::AppError;
use crate::features::approvals::History;
use crate::ui::Textarea;
use leptos::prelude::*;
use std::collections::HashSet;
use std::time::Duration;

/// 「已保存 12:03:21」, or what is wrong and where: never 「已保存」 while a cell holds a text that is not stored.
#[component]
pub fn SavedNote(sheet: Sheet) -> impl IntoView {
    let saver = sheet.saver;
    // The first text that is not stored: in a line, or 「说明」.
    let unread = Memo::new(move |_| {
        sheet
            .read(|lines| {
                let unsaved = |entry: &Entry| entry.refused.keys().chain(entry.rivals.keys()).next().copied();
                // What is not stored also stops 「提交」.
                lines.blocked().find_map(|(key, entry)| {
                    let cell = unsaved(entry).or(entry.is_orphan.then_some(LineCell::ProjectName))?;
                    let why = match entry.refused.get(&cell) {
                        Some((_, why)) => why.clone(),
                        None if entry.is_orphan => "该行已被其他人删除".to_owned(),
                        None => "同事也修改了，请选择".to_owned(),
                    };
                    Some((format!("第 {} 行有内容未保存：{why}", lines.number(key)), Some((key, cell))))
                })
            })
            .or_else(|| (saver.remark_excess() > 0).then(|| (format!("说明有内容未保存：超出 {} 字", saver.remark_excess()), None)))
    });
    let lead = move |target: Option<(usize, LineCell)>| match target {
        Some((key, cell)) => sheet.go(key, cell),
        None => focus("remark"),
    };
    let is_waiting = move || matches!(saver.state.get(), SaveState::Waiting(_));
    let is_bad = move || is_waiting() || unread.with(Option::is_some) || matches!(saver.state.get(), SaveState::Failed(_));
    view! {
        <p class="saved-note" role="status" data-tone=move || (is_bad() || saver.kept.is_full()).then_some("bad")>
            {move || saver.kept.is_full().then_some("浏览器空间不足，未保存的内容没有全部在本机留底，保存完成前请不要离开本页。")}
            {move || match unread.get().filter(|_| !is_waiting()) {
                Some((words, target)) => view! { <button class="button" data-kind="text" data-tone="bad" type="button" on:click=move |_| lead(target)>{words}</button> }.into_any(),
                None => match saver.state.get() {
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
                        <button class="button" data-kind="text" type="button" on:click=move |_| sheet.flush()>"重试"</button>
                    }.into_any(),
                },
            }}
        </p>
    }
}

/// How many texts that were left behind are shown one by one.
const SAID: usize = 200;

/// What an earlier page of this record could not save, to be taken over or thrown away.
#[component]
pub fn LeftBehind(sheet: Sheet) -> impl IntoView {
    let saver = sheet.saver;
    let found = RwSignal::new(Vec::<Kept>::new());
    // Where a text belongs to on this page; nothing if its line is gone or its cell is locked.
    let place_of = move |line: &LineId, cell: LineCell| -> Option<usize> {
        sheet.read_now(|lines| {
            let key = lines.key(line)?;
            let entry = lines.get(key).filter(|entry| !entry.is_gone)?;
            entry.line.lock(cell, lines.rules()).is_none().then_some(key)
        })
    };
    let new_lines = Memo::new(move |_| {
        let line_of = |entry: &Kept| match KeptField::of(&entry.field) {
            Some(KeptField::New(line)) => Some(line.to_string()),
            _ => None,
        };
        found.with(|found| found.iter().filter_map(line_of).collect::<HashSet<String>>())
    });
    let is_new = move |line: &LineId| new_lines.with_untracked(|lines| lines.contains(line.as_str()));
    let can_place = move |entry: &Kept| match KeptField::of(&entry.field) {
        Some(KeptField::Remark | KeptField::New(_)) => true,
        Some(KeptField::Cell(line, cell)) => place_of(&line, cell).is_some() || is_new(&line),
        None => false,
    };
    let is_shown = move |entry: &Kept| match KeptField::of(&entry.field) {
        Some(KeptField::Remark) => saver.remark_text.with_untracked(|text| *text == entry.text),
        Some(KeptField::Cell(line, cell)) => place_of(&line, cell).is_some_and(|key| {
            let is_same = |shown: &Entry| shown.shown_text(cell) == entry.text && !shown.refused.contains_key(&cell);
            sheet.read_now(|lines| lines.get(key).is_some_and(is_same))
        }),
        Some(KeptField::New(line)) => sheet.read_now(|lines| lines.key(&line).is_some()),
        None => false,
    };
    // What the server has by now needs no answer.
    let look = move || {
        let (has, left) = saver.kept.left_behind().into_iter().partition::<Vec<_>, _>(is_shown);
        saver.kept.answered(&has);
        found.set(left);
    };
    Effect::new(look);
    let take_over = move |_| {
        let (restorable, gone) = found.get_untracked().into_iter().partition::<Vec<_>, _>(can_place);
        let (mut cells, mut new) = (Vec::new(), Vec::new());
        for entry in &restorable {
            match KeptField::of(&entry.field) {
                Some(KeptField::Remark) => saver.note_remark(entry.text.clone()),
                Some(KeptField::New(line)) => new.push(line),
                Some(KeptField::Cell(line, cell)) => cells.push((line, cell, entry.text.clone())),
                None => {}
            }
        }
        sheet.restore(cells, &new);
        // Kept as this page's own by now.
        saver.kept.answered(&restorable);
        if gone.is_empty() {
            look();
        } else {
            found.set(gone);
        }
    };
    let throw_away = move |_| {
        saver.kept.answered(&found.get_untracked());
        look();
    };
    let words = move |entry: &Kept| match KeptField::of(&entry.field) {
        Some(KeptField::Remark) => Some(format!("说明：{}", entry.text)),
        Some(KeptField::New(_)) => None,
        Some(KeptField::Cell(line, cell)) => Some(match place_of(&line, cell) {
            Some(key) => format!("第 {} 行 {}：{}", sheet.read_now(|lines| lines.number(key)), cell.label(), entry.text),
            None if is_new(&line) => format!("新增的行 {}：{}", cell.label(), entry.text),
            None => format!("所在的行已删除、剔除或锁定，不能恢复：{}", entry.text),
        }),
        None => Some(entry.text.clone()),
    };
    let can_restore = move || found.with(|found| found.iter().any(can_place));
    let said = move || found.with(|found| found.iter().filter_map(words).collect::<Vec<_>>());
    move || {
        found.with(|found| !found.is_empty()).then(|| {
            let said = said();
            let count = said.len().max(1);
            let more = (count > SAID).then(|| view! { <li>{format!("…等 {count} 处")}</li> });
            let items = said.into_iter().take(SAID).map(|words| view! { <li>{words}</li> }).collect_view();
            view! {
                <div class="alert left-behind" data-tone="warn" role="alert">
                    <p class="alert-body">{format!("上次有 {count} 处内容没有来得及保存，已为您保留在本机。")}</p>
                    <div class="alert-actions">
                        {can_restore().then(|| view! { <button class="button" data-kind="primary" type="button" on:click=take_over>"恢复并保存"</button> })}
                        <button class="button" type="button" on:click=throw_away>"放弃"</button>
                    </div>
                    <details class="fold alert-more"><summary>"查看这些内容"</summary><ul class="plain pre-line">{items}{more}</ul></details>
                </div>
            }
        })
    }
}

/// Why the record stands where it stands, if someone said why.
#[component]
pub fn StateNote(record: Record, history: History) -> impl IntoView {
    if let Some(reason) = record.status.consented(history.last_answer()) {
        let words = format!("更正申请已同意{}，请修改后重新提交。申请更正的理由：", history.answered_by());
        return view! { <div class="alert" data-tone="warn"><p class="alert-body pre-line">{words}<strong>{reason.to_owned()}</strong></p></div> }.into_any();
    }
    match record.status {
        RecordStatus::Returned(reason) => {
            let by = history.answered_by();
            view! { <div class="alert" data-tone="bad"><p class="alert-body pre-line">{format!("退回意见{by}：")}<strong>{reason}</strong></p></div> }
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
pub fn Figures(sums: Memo<Totals>, left_out_count: Signal<usize>, explanation: String) -> impl IntoView {
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
                        <dd>{move || sums.get().lines}<span class="unit">{move || format!(" / {}", left_out_count.get())}</span> <a href=explanation>"口径解释"</a></dd>
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
                        <li><span class="diff-place">{change.place}</span> <del>{or_empty(change.before)}</del> <ins>{or_empty(change.after)}</ins></li>
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
pub fn Remark(record: Record, editable: bool, sheet: Sheet) -> impl IntoView {
    let saver = sheet.saver;
    let text = saver.remark_text;
    let pause = StoredValue::new(None::<TimeoutHandle>);
    let typed = move |typed: String| {
        saver.note_remark(typed);
        let again = set_timeout_with_handle(move || sheet.flush(), PAUSE).ok();
        if let Some(earlier) = pause.try_update_value(|pause| std::mem::replace(pause, again)).flatten() {
            earlier.clear();
        }
    };
    let length = move || text.with(|text| text.chars().count());
    let max = u32::try_from(REMARK_MAX).unwrap_or(2_000);
    view! {
        <section class="panel" id="remark-panel" tabindex="-1" aria-labelledby="remark-title">
            <header class="panel-head"><h2 id="remark-title">"说明"</h2></header>
            <div class="panel-body">
                {if editable {
                    view! {
                        <div class="field">
                            <label class="field-label" for="remark">"未达到规定预留份额的原因和改进措施等（将作为公告备注的建议）"</label>
                            <Textarea id="remark" value=text on_input=typed on_blur=move |()| sheet.flush() maxlength=max />
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
