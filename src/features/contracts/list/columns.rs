//! 「列设置」: which columns of the 合同台账 a person sees. The server remembers it, so that every desk shows the same and nothing jumps.

use super::super::api::{ColumnChoice, choose_ledger_columns};
use super::super::columns::LedgerColumn;
use crate::app::Tell;
use crate::ui::{Again, Dialog};
use leptos::prelude::*;

/// Offers every column.
#[component]
pub fn ColumnDialog(open: RwSignal<bool>, chosen: Vec<LedgerColumn>, again: Again) -> impl IntoView {
    let tell = expect_context::<Tell>();
    let problem = RwSignal::new(None::<String>);
    let save = Action::new(move |columns: &Vec<LedgerColumn>| {
        let columns = columns.clone();
        async move {
            match choose_ledger_columns(ColumnChoice { columns }).await {
                Ok(()) => {
                    open.set(false);
                    tell.ok("列设置已保存");
                    again.notify();
                }
                Err(error) => problem.set(Some(error.to_string())),
            }
        }
    });
    view! {
        <Dialog open title="列设置" on_close=move |()| problem.set(None)>
            {
                let chosen = chosen.clone();
                move || view! { <Choice open chosen=chosen.clone() problem on_save=Callback::new(move |columns| { save.dispatch(columns); }) pending=save.pending() /> }
            }
        </Dialog>
    }
}

#[component]
fn Choice(
    open: RwSignal<bool>,
    chosen: Vec<LedgerColumn>,
    problem: RwSignal<Option<String>>,
    on_save: Callback<Vec<LedgerColumn>>,
    #[prop(into)] pending: Signal<bool>,
) -> impl IntoView {
    let ticked = RwSignal::new(chosen);
    let tick = move |column: LedgerColumn, is_on: bool| {
        ticked.update(|ticked| {
            ticked.retain(|other| *other != column);
            if is_on {
                ticked.push(column);
            }
        });
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        on_save.run(ticked.get_untracked());
    };
    let boxes = LedgerColumn::ALL
        .iter()
        .map(|&column| {
            view! {
                <label class="choice">
                    <input
                        type="checkbox"
                        prop:checked=move || ticked.with(|ticked| ticked.contains(&column))
                        on:change=move |event| tick(column, event_target_checked(&event))
                    />
                    {column.name()}
                </label>
            }
        })
        .collect_view();
    view! {
        <form on:submit=submit novalidate>
            <div class="dialog-body stack">
                <p>"项目名称、合同编号和供应商始终显示。"</p>
                <fieldset class="column-choice"><legend class="visually-hidden">"显示的列"</legend>{boxes}</fieldset>
                <p class="field-error" role="alert">{move || problem.get()}</p>
            </div>
            <div class="dialog-foot">
                <button class="button push-start" data-kind="text" type="button" on:click=move |_| ticked.set(LedgerColumn::USUAL.to_vec())>"恢复默认"</button>
                <button class="button" type="button" on:click=move |_| open.set(false)>"取消"</button>
                <button class="button" data-kind="primary" type="submit" disabled=move || pending.get()>"确定"</button>
            </div>
        </form>
    }
}
