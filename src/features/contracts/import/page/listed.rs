//! The imports that are under way, each with 「取消」, and those that were written.

use super::super::api::{Import, ImportState, SeenImport, cancel_import, contract_imports};
use super::{CANCELLED, size_label, tone};
use crate::app::{Tell, paths};
use crate::domain::ids::ImportId;
use crate::ui::{Confirm, StatusPill, TableWrap};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::{Element, HtmlElement};

/// The id of the page's title.
pub const TITLE: &str = "page-title";
/// The id of the title of the list.
const OPEN_TITLE: &str = "open-imports";

/// One's own imports that are under way: each can be given up here, without a look at its page.
#[component]
pub fn Open(imports: Vec<Import>) -> impl IntoView {
    let open = RwSignal::new(imports);
    let asked = RwSignal::new(None::<Import>);
    let asking = RwSignal::new(false);
    let tell = expect_context::<Tell>();
    let cancel = Action::new(move |import: &Import| {
        let Import { id, version, file_name, .. } = import.clone();
        async move {
            match cancel_import(SeenImport { id: id.clone(), version }).await {
                Ok(()) => {
                    open.try_update(|open| open.retain(|each| each.id != id));
                    tell.ok(format!("已取消导入“{file_name}”，没有写入任何数据"));
                    after(open.try_with_untracked(Vec::is_empty).unwrap_or(true));
                }
                Err(error) => {
                    tell.bad(format!("“{file_name}”没有取消：{error}"));
                    // It may have gone on elsewhere.
                    if let Ok(imports) = contract_imports().await {
                        open.try_set(imports.open);
                    }
                }
            }
        }
    });
    let press = Callback::new(move |id: ImportId| {
        let Some(import) = open.with_untracked(|open| open.iter().find(|each| each.id == id).cloned()) else { return };
        if is_worth_asking(import.state) {
            asked.set(Some(import));
            asking.set(true);
        } else {
            cancel.dispatch(import);
        }
    });
    let question =
        move || asked.with(|asked| asked.as_ref().map_or_else(String::new, |import| format!("取消导入“{}”？", import.file_name)));
    let consequence = move || {
        let reads = asked.with(|asked| asked.as_ref().is_some_and(|import| import.state == ImportState::Reading));
        format!("{}{CANCELLED}", if reads { "读取会停止，" } else { "" })
    };
    let on_confirm = move |()| {
        if let Some(import) = asked.get_untracked() {
            cancel.dispatch(import);
        }
    };
    view! {
        {move || open.with(|open| !open.is_empty()).then(|| view! { <Listed id=OPEN_TITLE title="未完成的导入" imports=open.get() cancel=press /> })}
        <Confirm open=asking question=Signal::derive(question) consequence=Signal::derive(consequence) on_confirm />
    }
}

/// Those that were written.
#[component]
pub fn Applied(imports: Vec<Import>) -> impl IntoView {
    (!imports.is_empty()).then(|| view! { <Listed id="applied-imports" title="本单位最近的导入" imports /> })
}

/// Whether something is lost that took work or time: of a file that cannot be read there is nothing.
const fn is_worth_asking(state: ImportState) -> bool {
    matches!(state, ImportState::Columns | ImportState::Reading | ImportState::Read)
}

/// The row with the button has gone: whoever stood on it goes on at the list, or, where that was the last one, at the page's title.
fn after(is_empty: bool) {
    request_animation_frame(move || {
        let page = document();
        // The pressed button may be the next row's by now, which a second press must not give up unseen; whoever has gone on elsewhere is
        // left where they are.
        let is_of_list = |at: &Element| {
            let list = at.closest("section").ok().flatten();
            at.tag_name() == "BODY" || list.is_some_and(|list| list.query_selector(&format!("#{OPEN_TITLE}")).ok().flatten().is_some())
        };
        if page.active_element().is_some_and(|at| !is_of_list(&at)) {
            return;
        }
        let title = page.get_element_by_id(if is_empty { TITLE } else { OPEN_TITLE });
        if let Some(title) = title.and_then(|title| title.dyn_into::<HtmlElement>().ok()) {
            // A title that does not take the focus leaves it where it is.
            let _ = title.focus();
        }
    });
}

#[component]
fn Listed(
    id: &'static str,
    title: &'static str,
    imports: Vec<Import>,
    /// 「取消」 of a row.
    #[prop(optional)]
    cancel: Option<Callback<ImportId>>,
) -> impl IntoView {
    let rows = imports
        .into_iter()
        .map(|import| {
            let counts = import.counts;
            let result = if import.state.is_open() {
                "-".to_owned()
            } else {
                format!("新增 {}，更新 {}，未变 {}，未导入 {}", counts.added, counts.updated, counts.unchanged, counts.refused)
            };
            let label = format!("取消导入：{}（{}）", import.file_name, import.touched_at.local());
            let which = import.id.clone();
            view! {
                <tr>
                    <td class="row-title cell-words"><a href=paths::import(&import.id)>{import.file_name.clone()}</a></td>
                    <td class="nowrap" data-label="时间">{import.touched_at.local()}</td>
                    <td data-label="经办人">{import.who.clone()}</td>
                    <td class="nowrap" data-label="大小">{size_label(import.file_size)}</td>
                    <td data-label="状态"><StatusPill label=import.state.label() tone=tone(import.state) /></td>
                    {match cancel {
                        None => view! { <td data-label="结果">{result}</td> }.into_any(),
                        Some(cancel) => view! {
                            <td class="ops" data-label="操作"><button type="button" aria-label=label on:click=move |_| cancel.run(which.clone())>"取消"</button></td>
                        }.into_any(),
                    }}
                </tr>
            }
        })
        .collect_view();
    let last = if cancel.is_some() {
        view! { <th scope="col" class="ops">"操作"</th> }.into_any()
    } else {
        view! { <th scope="col">"结果"</th> }.into_any()
    };
    view! {
        <section class="panel">
            <header class="panel-head"><h2 id=id tabindex="-1">{title}</h2></header>
            <TableWrap name=title>
                <table class="data" data-cards="">
                    <thead><tr><th scope="col">"文件"</th><th scope="col">"时间"</th><th scope="col">"经办人"</th><th scope="col">"大小"</th><th scope="col">"状态"</th>{last}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </TableWrap>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a4_an_import_is_given_up_without_a_question_only_where_nothing_is_lost() {
        for state in ImportState::ALL.into_iter().filter(|state| state.is_open()) {
            assert_eq!(is_worth_asking(state), state != ImportState::Failed, "{state:?}");
        }
    }
}
