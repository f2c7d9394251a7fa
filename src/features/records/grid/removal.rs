//! 「删除」 of a line that was entered by hand and 「剔除」 of a collected one.

use crate::app::Tell;
use crate::domain::ids::RecordId;
use crate::domain::record::listed::Listed;
use crate::error::AppError;
use crate::features::approvals::dialog::ReasonDialog;
use crate::features::records::api::{TakeOutInput, take_out};
use crate::features::records::saving::Turn;
use crate::features::records::sheet::Sheet;
use crate::ui::Confirm;
use crate::ui::grid::at;
use leptos::prelude::*;

/// The dialogs that a row's button opens.
#[component]
pub fn Removal(record: RecordId, sheet: Sheet, left_out: RwSignal<Listed>, on_moved: Callback<()>) -> impl IntoView {
    let record = StoredValue::new(record);
    let (deleting, taking_out, problem) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(None::<AppError>));
    let tell = expect_context::<Tell>();
    let questions = sheet.questions;
    Effect::new(move || {
        if questions.delete.get().is_some() {
            deleting.set(true);
        }
    });
    Effect::new(move || {
        if questions.take_out.get().is_some() {
            problem.set(None);
            taking_out.set(true);
        }
    });
    // The row that was left goes; its place is taken by the next one.
    let lead_on = move |row: Option<usize>| {
        if sheet.read_now(|lines| lines.order().is_empty()) {
            request_animation_frame(|| super::focus("add-line"));
        } else if let Some(row) = row {
            let column = sheet.control.active().map_or(0, |place| place.column);
            request_animation_frame(move || sheet.control.go(at(row, column)));
        }
    };
    let delete = move |()| {
        let Some(key) = questions.delete.get_untracked() else { return };
        let row = sheet.row_of(key);
        sheet.remove(key);
        tell.ok("已删除，按 Ctrl+Z 可撤销".to_owned());
        lead_on(row);
    };
    let take = Turn::new(sheet, problem, move |reason: String| async move {
        let Some(key) = questions.take_out.get_untracked() else { return Ok(()) };
        // Asked when it is its turn: the line's own save has moved its version.
        let seen = sheet.read_now(|lines| lines.get(key).map(|entry| (entry.line.id.clone(), entry.line.version)));
        let Some((line, version)) = seen else { return Ok(()) };
        let taken = take_out(TakeOutInput { record: record.get_value(), line, version, reason }).await?;
        taking_out.set(false);
        let row = sheet.row_of(key);
        sheet.saver.moved(taken.content_version_before, taken.content_version);
        sheet.drop_line(key);
        left_out.update(|listed| listed.taken_out(taken.left_out));
        tell.ok("已剔除，可在「未计入合同」中恢复");
        on_moved.run(());
        lead_on(row);
        Ok(())
    });
    let words = move |key: RwSignal<Option<usize>>| {
        key.get()
            .and_then(|key| sheet.read_now(|lines| Some((lines.number(key), lines.get(key)?.review.project_name.clone()))))
            .unwrap_or_default()
    };
    let delete_words = Signal::derive(move || {
        let (number, name) = words(questions.delete);
        format!("将删除第 {number} 行手动录入的“{name}”。")
    });
    let take_words = Signal::derive(move || {
        let (number, name) = words(questions.take_out);
        format!("第 {number} 行“{name}”将不计入本年度，并连同理由列在「未计入合同」中，审核人可以看到。")
    });
    view! {
        <Confirm open=deleting question="确定删除？" consequence=delete_words on_confirm=delete />
        <ReasonDialog
            open=taking_out
            title="剔除"
            label="剔除理由"
            consequence=take_words
            phrases=vec!["合同已解除", "不属于预留份额", "重复的合同"]
            on_reason=move |reason: String| take.take(reason)
            pending=take.pending
            problem
        />
    }
}
