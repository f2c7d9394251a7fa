//! 「粘贴核对」: what a paste of several rows would do, row by row, before it is done (E2).
//!
//! Always: nothing is changed before 「应用」; what is counted here is what is applied then, as one step of undo.

mod columns;
mod rows;

use crate::app::Tell;
use crate::domain::record::reconcile::{Counts, Kind, Reconciliation};
use crate::features::records::sheet::Sheet;
use crate::ui::grid::At;
use crate::ui::{Dialog, Field, Problem, Textarea};
use columns::Columns;
use leptos::prelude::*;
use rows::Rows;

/// Longest reason, in characters.
const REASON_MAX: usize = 500;

/// What is being reconciled, and what of it is looked at.
#[derive(Clone, Copy)]
struct Work {
    made: RwSignal<Option<Reconciliation>>,
    /// The kind of rows that are listed; all where nothing is chosen.
    kind: RwSignal<Option<Kind>>,
    /// The page of the list, from 0.
    page: RwSignal<usize>,
    /// Counts changes of the columns: the rows are listed anew after each. A decision about a row leaves the list as it is, so that nothing
    /// moves away under the hand.
    read: RwSignal<u32>,
}

impl Work {
    fn look<R: Default>(self, look: impl FnOnce(&Reconciliation) -> R) -> R {
        self.made.with(|made| made.as_ref().map(look).unwrap_or_default())
    }

    fn look_now<R: Default>(self, look: impl FnOnce(&Reconciliation) -> R) -> R {
        self.made.with_untracked(|made| made.as_ref().map(look).unwrap_or_default())
    }

    /// Decides about rows.
    fn decide(self, decide: impl FnOnce(&mut Reconciliation)) {
        self.made.update(|made| {
            if let Some(made) = made {
                decide(made);
            }
        });
    }

    /// Corrects the reading of the columns.
    fn correct(self, correct: impl FnOnce(&mut Reconciliation)) {
        self.decide(correct);
        self.page.set(0);
        self.read.update(|count| *count += 1);
    }
}

/// The dialog; it opens when rows of another program are pasted.
#[component]
pub fn Reconcile(sheet: Sheet) -> impl IntoView {
    let open = RwSignal::new(false);
    let work = Work { made: RwSignal::new(None), kind: RwSignal::new(None), page: RwSignal::new(0), read: RwSignal::new(0) };
    let place = StoredValue::new(None::<At>);
    let pasted = sheet.questions.pasted;
    Effect::new(move || {
        let Some((rows, at)) = pasted.get() else { return };
        pasted.set(None);
        place.set_value(Some(at));
        let rules = sheet.read_now(|lines| *lines.rules());
        work.kind.set(None);
        work.page.set(0);
        work.made.set(Some(Reconciliation::new(rows, sheet.lines_now(), rules)));
        open.set(true);
    });
    let by_place = move || {
        let Some(at) = place.get_value() else { return };
        let rows = work.look_now(|made| made.pasted().to_vec());
        open.set(false);
        sheet.paste_block(&rows, at);
    };
    view! {
        <Dialog open title="粘贴核对" size="wide" on_close=move |()| work.made.set(None)>
            {move || view! { <Body sheet work open place=place.get_value() by_place /> }}
        </Dialog>
    }
}

#[component]
fn Body(sheet: Sheet, work: Work, open: RwSignal<bool>, place: Option<At>, #[prop(into)] by_place: Callback<()>) -> impl IntoView {
    let reason = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<&'static str>);
    let is_nothing = RwSignal::new(false);
    let tell = expect_context::<Tell>();
    let counts = Memo::new(move |_| work.look(Reconciliation::counts));
    let needed = Memo::new(move |_| work.look(Reconciliation::reasons_needed));
    Effect::new(move || {
        counts.track();
        is_nothing.set(false);
    });
    let suggestions = Memo::new(move |_| work.look(|made| made.suggestions().count()));
    let apply = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let words = reason.get_untracked();
        let is_missing = needed.get_untracked() > 0 && words.trim().is_empty();
        if is_missing || words.trim().chars().count() > REASON_MAX {
            problem.set(is_missing.then_some("修改了采集的数据，请填写修改理由"));
            super::focus("paste-reason");
            return;
        }
        let plan = work.look_now(|made| made.plan(&words));
        if plan.is_empty() {
            is_nothing.set(true);
            return;
        }
        let open_conflicts = counts.get_untracked().of(Kind::Conflict);
        open.set(false);
        let (changed, added) = sheet.apply_plan(plan);
        let rest = if open_conflicts > 0 { format!("。另有 {open_conflicts} 行冲突没有应用") } else { String::new() };
        tell.ok(format!("已应用：修改 {changed} 行，新增 {added} 行；Ctrl+Z 可撤销{rest}"));
    };
    // Cells that name no line mean the place where they are pasted.
    let is_block = Memo::new(move |_| work.look(Reconciliation::is_block));
    let can_apply = Memo::new(move |_| counts.with(|counts| !is_block.get() || counts.of(Kind::New) + counts.of(Kind::Change) > 0));
    let label = |column: usize| sheet.grid_columns().get(column).map(|column| column.label).unwrap_or_default();
    let from = place.map(|at| format!("第 {} 行「{}」", at.row + 1, label(at.column))).unwrap_or_default();
    let count = move |kind: Kind| move || counts.with(|counts| counts.of(kind));
    view! {
        <form on:submit=apply novalidate>
            <div class="dialog-body reconcile">
                <p class="reconcile-sum" role="status">
                    "共 " <strong>{move || counts.with(Counts::total)}</strong> " 行 = "
                    {Kind::ALL.into_iter().enumerate().map(|(at, kind)| view! {
                        {(at > 0).then_some(" + ")} <span class="nowrap">{kind.label()} " " <strong>{count(kind)}</strong></span>
                    }).collect_view()}
                </p>
                {move || is_nothing.get().then(|| view! { <Problem message="没有可应用的修改：冲突的行请先选择如何处理，或点「取消」。".to_owned() /> })}
                {move || is_block.get().then(|| view! {
                    <div class="alert"><p class="alert-body">{format!("粘贴的内容没有列名，也没有合同编号或项目名称，无法判断对应哪一行。要像在表格软件中那样从{from}开始填写，请点「按位置粘贴」。")}</p></div>
                })}
                <Columns work />
                {move || (suggestions.get() > 0).then(|| view! {
                    <div class="alert" data-tone="warn">
                        <p class="alert-body">{move || format!("{} 行的合同编号丢失了第 15 位以后的数字（表格软件把它当成了数值）。可按前面的数字推测出对应的明细行，请逐行核对后确认。", suggestions.get())}</p>
                        <div class="alert-actions"><button class="button" type="button" on:click=move |_| work.decide(Reconciliation::confirm_suggestions)>"确认全部推测"</button></div>
                    </div>
                })}
                <Rows work />
                {move || (needed.get() > 0).then(|| {
                    let error = Signal::derive(move || problem.get().map(str::to_owned));
                    let hint = format!("写入没有理由的 {} 行，审核人会看到；各行理由不同的，可先应用再逐行修改", needed.get());
                    view! {
                        <Field id="paste-reason" label="修改理由" hint error required=true let:control>
                            <Textarea id=control.id value=reason on_input=move |text| { reason.set(text); problem.set(None); } rows=2 maxlength=500 described_by=control.described_by invalid=control.invalid />
                        </Field>
                    }
                })}
            </div>
            <div class="dialog-foot">
                <button class="button reconcile-by-place" type="button" data-kind=move || is_block.get().then_some("primary") autofocus=is_block.get_untracked() on:click=move |_| by_place.run(())>"按位置粘贴"</button>
                <button class="button" type="button" on:click=move |_| open.set(false)>"取消"</button>
                <button class="button" data-kind=move || (!is_block.get()).then_some("primary") type="submit" disabled=move || !can_apply.get()>"应用"</button>
            </div>
        </form>
    }
}
