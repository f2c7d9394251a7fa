//! 修改记录 of a template: who changed what when, each version against the one before; any of them can be taken up again.

use super::super::versions::comparison::Differences;
use super::api::{TemplateChange, TemplateVersion, TemplateVersionWhich, TemplateWhich, notice_template, notice_template_change};
use super::entry::Entry;
use crate::app::Tell;
use crate::domain::announcement::template::draft::Field;
use crate::error::AppError;
use crate::ui::{Problem, TableWrap};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The versions, newest first.
#[component]
pub fn History(entry: Entry, versions: Vec<TemplateVersion>) -> impl IntoView {
    let versions = RwSignal::new(versions);
    let shown = RwSignal::new(None::<(i64, Result<TemplateChange, AppError>)>);
    Effect::new(move || {
        if entry.stored.count() == 0 {
            return;
        }
        let id = entry.at.with_untracked(|at| at.as_ref().map(|(id, _)| id.clone()));
        spawn_local(async move {
            // Without an answer the list stays as it was; the next change or visit brings it.
            if let Ok(view) = notice_template(TemplateWhich { id }).await {
                versions.try_set(view.versions);
            }
        });
    });
    let look = Callback::new(move |number: i64| {
        let Some(id) = entry.at.with_untracked(|at| at.as_ref().map(|(id, _)| id.clone())) else { return };
        spawn_local(async move {
            let change = notice_template_change(TemplateVersionWhich { id, number }).await;
            shown.try_set(Some((number, change)));
        });
    });
    view! {
        <section class="panel" aria-labelledby="history-title">
            <header class="panel-head"><h2 id="history-title">"修改记录"</h2><span class="panel-note">"已有公告采用的是当时的副本，不随模板改变"</span></header>
            <TableWrap name="版本列表">
                <table class="data" data-cards="">
                    <thead><tr><th scope="col">"版本"</th><th scope="col">"时间"</th><th scope="col">"操作人"</th><th scope="col" class="ops">"操作"</th></tr></thead>
                    <tbody>
                        <For each=move || versions.get() key=|version| version.number let:version>
                            <tr>
                                <td class="row-title" data-label="版本">{format!("第 {} 版", version.number)}</td>
                                <td class="nowrap" data-label="时间">{version.at.local()}</td>
                                <td data-label="操作人">{version.who}</td>
                                <td class="ops" data-label="操作">
                                    <button type="button" aria-label=format!("查看改动：第 {} 版", version.number) on:click=move |_| look.run(version.number)>"查看改动"</button>
                                </td>
                            </tr>
                        </For>
                    </tbody>
                </table>
            </TableWrap>
            <div aria-live="polite">{move || shown.get().map(|(number, change)| view! { <Change entry number change /> })}</div>
        </section>
    }
}

/// What a version changed, and 「载入这一版」.
#[component]
fn Change(entry: Entry, number: i64, change: Result<TemplateChange, AppError>) -> impl IntoView {
    let tell = expect_context::<Tell>();
    let TemplateChange { draft, comparison } = match change {
        Ok(change) => change,
        Err(error) => return view! { <div class="panel-body"><Problem message=error.to_string() /></div> }.into_any(),
    };
    let load = move |_| {
        for field in Field::ALL {
            entry.replace(field, draft.text(field).to_owned());
        }
        tell.ok(format!("第 {number} 版的内容已载入本页，核对后请点击「保存」"));
    };
    view! {
        <div class="panel-body stack">
            <h3>{format!("第 {number} 版的改动")}</h3>
            {match comparison {
                None => view! { <p class="quiet">"最初的版本。"</p> }.into_any(),
                Some(comparison) => view! { <Differences comparison /> }.into_any(),
            }}
            <div class="row"><button class="button" type="button" on:click=load>{format!("载入第 {number} 版")}</button></div>
        </div>
    }
    .into_any()
}
