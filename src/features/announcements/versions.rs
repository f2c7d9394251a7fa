//! 「历史版本」: who wrote what until when, the difference between any two versions, and 「恢复」.
//!
//! The two versions stand in the address, so that a comparison can be sent to a colleague; the form works without script.

pub(super) mod comparison;

use super::api::{announcement_versions, compare_announcement_versions, restore_announcement_version};
use super::seen::{Restoration, VersionPair, VersionRow, Versions, Which};
use crate::app::{Tell, missing, paths};
use crate::domain::announcement::version::{EDITS_KEPT, FOLD_SECONDS, Occasion};
use crate::domain::calendar::Moment;
use crate::domain::ids::AnnouncementId;
use crate::error::AppError;
use crate::ui::{Again, Confirm, Problem, TableWrap};
use comparison::Differences;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

/// The page.
#[component]
pub fn VersionsPage() -> impl IntoView {
    let id = missing::use_id(AnnouncementId::parse);
    let changed = Again::new();
    let versions = Resource::new(
        move || (changed.count(), id.get()),
        |(_, id)| async move {
            match id {
                Some(id) => announcement_versions(Which { id }).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    view! {
        <Transition fallback=|| view! { <p class="loading" aria-busy="true">"正在读取…"</p> }>
            {move || Suspend::new(async move {
                match versions.await {
                    Err(error) => view! { <missing::Failed title="历史版本" error /> }.into_any(),
                    Ok(versions) => view! { <Body versions changed /> }.into_any(),
                }
            })}
        </Transition>
    }
}

/// What people call a version in a comparison; 0 is what the announcement says now.
fn name(number: i64) -> String {
    if number == 0 { "当前内容".to_owned() } else { format!("第 {number} 版") }
}

#[component]
fn Body(versions: Versions, changed: Again) -> impl IntoView {
    let back = paths::announcement(&versions.id);
    let id = StoredValue::new(versions.id.clone());
    let newest = versions.rows.first().map_or(0, |row| row.number);
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        let number =
            |name: &str| query.with(|query| query.get(name)).and_then(|text| text.parse::<i64>().ok()).filter(|number| *number >= 0);
        (number("from").unwrap_or(newest), number("to").unwrap_or(0))
    });
    let compared = Resource::new(
        move || (changed.count(), asked.get()),
        move |(_, (from, to))| async move { compare_announcement_versions(VersionPair { id: id.get_value(), from, to }).await },
    );
    let notes = format!(
        "同一人 {} 分钟内的修改合为一个版本；「生成公告」「提交」「审核」「恢复」时各保留一个。编辑产生的版本保留最近 {EDITS_KEPT} 个，其余一直保留。",
        FOLD_SECONDS / 60
    );
    view! {
        <Title text=format!("历史版本 · {}", versions.title) />
        <nav aria-label="位置"><ol class="breadcrumb"><li><a href=paths::ANNOUNCEMENTS>"公告列表"</a></li><li><a href=back.clone()>{versions.title.clone()}</a></li><li aria-current="page">"历史版本"</li></ol></nav>
        <header class="page-head">
            <a class="page-back" href=back aria-label="返回公告">"‹"</a>
            <h1>"历史版本"</h1>
            <span class="page-note">{notes}</span>
        </header>
        <List versions asked changed />
        <section class="panel" aria-labelledby="difference-title">
            <header class="panel-head"><h2 id="difference-title">{move || { let (from, to) = asked.get(); format!("{} → {}", name(from), name(to)) }}</h2><span class="panel-note">"「删」是前一版有、后一版没有的文字，「增」是后一版新增的文字"</span></header>
            <div class="panel-body">
                <Transition fallback=|| view! { <p class="loading" aria-busy="true">"正在比较…"</p> }>
                    {move || Suspend::new(async move {
                        match compared.await {
                            Err(AppError::NotFound) => view! { <Problem message="没有这个版本：编辑产生的较早版本可能已不再保留，请在上表中另选".to_owned() /> }.into_any(),
                            Err(error) => view! { <Problem message=error.to_string() /> }.into_any(),
                            Ok(compared) => view! { <Differences comparison=compared.comparison /> }.into_any(),
                        }
                    })}
                </Transition>
            </div>
        </section>
    }
}

/// The versions, two of which can be chosen.
#[component]
fn List(versions: Versions, asked: Memo<(i64, i64)>, changed: Again) -> impl IntoView {
    let tell = expect_context::<Tell>();
    let navigate = use_navigate();
    let restoring = RwSignal::new(0_i64);
    let is_asking = RwSignal::new(false);
    let (id, version, may_restore) = (versions.id.clone(), versions.version, versions.may_restore);
    let page = paths::announcement(&id);
    let on_confirm = move |()| {
        let (id, number, navigate, page) = (id.clone(), restoring.get_untracked(), navigate.clone(), page.clone());
        spawn_local(async move {
            match restore_announcement_version(Restoration { id, version, number }).await {
                Ok(_) => {
                    tell.ok(format!("已恢复第 {number} 版的标题、备注和正文；恢复前的内容也保留为一个版本"));
                    navigate(&page, NavigateOptions::default());
                }
                Err(error) => {
                    tell.bad(error.to_string());
                    changed.notify();
                }
            }
        });
    };
    let restore = Callback::new(move |number: i64| {
        restoring.set(number);
        is_asking.set(true);
    });
    let current = versions.current.map(|current| format!("{}，{} 起", current.who, current.since.local_short()));
    let rows = versions.rows.into_iter().map(|row| view! { <Row row asked may_restore restore /> }).collect_view();
    view! {
        <section class="panel" aria-labelledby="versions-title">
            <form method="get">
                <header class="panel-head">
                    <h2 id="versions-title">"版本"</h2>
                    <div class="panel-actions"><button class="button" data-kind="primary" type="submit">"比较选中的两版"</button></div>
                </header>
                <TableWrap name="版本列表">
                    <table class="data">
                        <thead><tr>
                            <th scope="col">"前"</th><th scope="col">"后"</th><th scope="col">"版本"</th><th scope="col">"时间"</th><th scope="col">"操作人"</th><th scope="col">"事由"</th><th scope="col" class="ops">"操作"</th>
                        </tr></thead>
                        <tbody>
                            <tr>
                                <td><Choice side="from" number=0 asked /></td>
                                <td><Choice side="to" number=0 asked /></td>
                                <td class="row-title">"当前内容"</td>
                                <td>"现在"</td>
                                <td>{current.unwrap_or_else(|| "-".to_owned())}</td>
                                <td>"-"</td>
                                <td class="ops"></td>
                            </tr>
                            {rows}
                        </tbody>
                    </table>
                </TableWrap>
            </form>
        </section>
        <Confirm
            open=is_asking
            question=Signal::derive(move || format!("恢复第 {} 版？", restoring.get()))
            consequence="该版本的公告标题、备注和公告正文将成为当前内容；明细、附件和基本信息不变。现在的内容会保留为一个版本，可以再恢复回来。"
            danger=false
            on_confirm
        />
    }
}

#[component]
fn Row(row: VersionRow, asked: Memo<(i64, i64)>, may_restore: bool, restore: Callback<i64>) -> impl IntoView {
    let number = row.number;
    let span = |since: Moment, at: Moment| {
        if since == at { at.local_short() } else { format!("{} — {}", since.local_short(), at.local_short()) }
    };
    let occasion = match (row.occasion, row.note.as_str()) {
        (occasion, "") => occasion.label().to_owned(),
        (occasion, note) => format!("{}：{note}", occasion.label()),
    };
    let has_text = row.occasion != Occasion::Created;
    view! {
        <tr>
            <td><Choice side="from" number asked /></td>
            <td><Choice side="to" number asked /></td>
            <td class="row-title">{name(number)}</td>
            <td>{span(row.since, row.at)}</td>
            <td>{row.who}</td>
            <td>{occasion}</td>
            <td class="ops">
                {(may_restore && has_text).then(|| view! { <button type="button" aria-label=format!("恢复{}", name(number)) on:click=move |_| restore.run(number)>"恢复"</button> })}
            </td>
        </tr>
    }
}

/// A version as the earlier (`from`) or the later (`to`) one.
#[component]
fn Choice(side: &'static str, number: i64, asked: Memo<(i64, i64)>) -> impl IntoView {
    let checked = move || number == if side == "from" { asked.get().0 } else { asked.get().1 };
    let words = format!("{}：{}", if side == "from" { "前一版" } else { "后一版" }, name(number));
    view! { <input type="radio" name=side value=number.to_string() aria-label=words checked=checked prop:checked=checked /> }
}
