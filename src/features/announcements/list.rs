//! 「公告列表」 (D1, D2), and the dialog 「生成公告」 behind 「创建公告」.

pub use super::create::CreateAnnouncement;

use super::api::{announcements, delete_announcement, withdraw_announcement};
use super::seen::{ListPage, ListQuery, ListRow, PAGE_SIZE, Seen, Withdrawal};
use crate::app::{Tell, Unread, paths, use_actor};
use crate::domain::access::{self, Deed, Relation};
use crate::domain::announcement::status::{AnnouncementStatus, PublishMode};
use crate::domain::calendar::Day;
use crate::error::AppError;
use crate::features::approvals::dialog::ReasonDialog;
use crate::ui::{Again, Confirm, FilterBar, Pager, Problem, StatusPill, TableWrap, Tone};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// The states that can be asked for, by code and word.
const STATES: [(&str, &str); 9] = [
    ("draft", "待完善"),
    ("in_review", "审核中"),
    ("returned", "被退回"),
    ("withdrawn", "已撤回"),
    ("scheduled", "待发布"),
    ("published", "已发布"),
    ("ended", "已截止"),
    ("corrected", "已更正"),
    ("revoked", "已撤销"),
];

/// The colour of a state.
pub fn tone(status: &AnnouncementStatus) -> Tone {
    match status {
        AnnouncementStatus::Draft | AnnouncementStatus::Withdrawn(_) | AnnouncementStatus::Ended(_) => Tone::Neutral,
        AnnouncementStatus::InReview => Tone::Busy,
        AnnouncementStatus::Returned(_) | AnnouncementStatus::Revoked(_) => Tone::Bad,
        AnnouncementStatus::Scheduled(_) | AnnouncementStatus::Corrected(_) => Tone::Warn,
        AnnouncementStatus::Published(_) => Tone::Ok,
    }
}

/// The list page.
#[component]
pub fn AnnouncementsPage() -> impl IntoView {
    let map = use_query_map();
    let query = Memo::new(move |_| map.with(|map| from_url(|key| map.get(key))));
    let changed = Again::new();
    let list = Resource::new(move || (changed.count(), query.get()), |(_, query)| announcements(query));
    let creates = access::may(&use_actor(), Deed::WorkOnAnnouncement, Relation::Own).is_ok();
    let creating = RwSignal::new(false);
    view! {
        <Title text="公告列表" />
        <nav aria-label="位置"><ol class="breadcrumb"><li><a href=paths::RECORDS>"中小企业预留执行情况"</a></li><li aria-current="page">"公告列表"</li></ol></nav>
        <header class="page-head">
            <h1>"公告列表"</h1>
            <div class="page-actions">
                {creates.then(|| view! { <button class="button" data-kind="primary" type="button" on:click=move |_| creating.set(true)>"创建公告"</button> })}
            </div>
        </header>
        <Filters query list />
        <section class="panel">
            <Transition fallback=|| view! { <p class="loading" aria-busy="true">"正在读取…"</p> }>
                {move || Suspend::new(async move {
                    match list.await {
                        Err(error) => view! { <Problem message=error.to_string() /> }.into_any(),
                        Ok(page) => view! { <Rows page query=query.get() changed /> }.into_any(),
                    }
                })}
            </Transition>
        </section>
        {creates.then(|| view! { <CreateAnnouncement open=creating /> })}
    }
}

fn from_url(get: impl Fn(&str) -> Option<String>) -> ListQuery {
    ListQuery {
        year: get("year").and_then(|year| year.parse().ok()),
        status: get("status").filter(|status| STATES.iter().any(|(code, _)| code == status)),
        page: get("page").and_then(|page| page.parse().ok()).unwrap_or(1),
    }
}

fn to_url(query: &ListQuery) -> String {
    let mut parts = Vec::new();
    if let Some(year) = query.year {
        parts.push(format!("year={year}"));
    }
    if let Some(status) = &query.status {
        parts.push(format!("status={status}"));
    }
    if query.page > 1 {
        parts.push(format!("page={}", query.page));
    }
    if parts.is_empty() { paths::ANNOUNCEMENTS.to_owned() } else { format!("{}?{}", paths::ANNOUNCEMENTS, parts.join("&")) }
}

/// 「年度」 and 「公告状态」.
#[component]
fn Filters(query: Memo<ListQuery>, list: Resource<Result<ListPage, AppError>>) -> impl IntoView {
    view! {
        <FilterBar action=paths::ANNOUNCEMENTS label="筛选公告" shown=Signal::derive(move || format!("{:?}", query.get())) card=true>
            <div class="field" data-inline="">
                <label class="field-label" for="filter-year">"年度"</label>
                <select class="select" id="filter-year" name="year">
                    <option value="">"全部"</option>
                    <Transition>
                        {move || {
                            let chosen = query.get().year;
                            let years = list.get().and_then(Result::ok).map(|list| list.years).unwrap_or_default();
                            years.into_iter().map(|year| view! { <option value=year.to_string() selected=chosen == Some(year.number())>{year.to_string()}</option> }).collect_view()
                        }}
                    </Transition>
                </select>
            </div>
            <div class="field" data-inline="">
                <label class="field-label" for="filter-status">"公告状态"</label>
                <select class="select" id="filter-status" name="status">
                    <option value="">"全部"</option>
                    {STATES.into_iter().map(|(code, label)| view! { <option value=code selected=move || query.get().status.as_deref() == Some(code)>{label}</option> }).collect_view()}
                </select>
            </div>
        </FilterBar>
    }
}

/// What is asked about a row before something is done to it.
#[derive(Clone, Copy)]
struct Asked {
    row: RwSignal<Option<Seen>>,
    is_public: RwSignal<bool>,
    deleting: RwSignal<bool>,
    withdrawing: RwSignal<bool>,
}

#[component]
fn Rows(page: ListPage, query: ListQuery, changed: Again) -> impl IntoView {
    let asked = Asked {
        row: RwSignal::new(None),
        is_public: RwSignal::new(false),
        deleting: RwSignal::new(false),
        withdrawing: RwSignal::new(false),
    };
    if page.rows.is_empty() {
        return view! { <Nothing filtered=query != ListQuery { page: query.page, ..ListQuery::default() } creates=page.creates /> }
            .into_any();
    }
    let number = u64::try_from(query.page).unwrap_or(1);
    view! {
        <TableWrap name="公告列表">
            <table class="data" data-cards="">
                <thead>
                    <tr>
                        <th scope="col">"公告编号"</th>
                        <th scope="col">"公告标题"</th>
                        <th scope="col">"公告类型"</th>
                        <th scope="col">"公告发布时间"</th>
                        <th scope="col">"公告截止时间"</th>
                        <th scope="col">"公告状态"</th>
                        <th scope="col" class="ops">"操作"</th>
                    </tr>
                </thead>
                <tbody>{page.rows.into_iter().map(|row| view! { <Row row asked /> }).collect_view()}</tbody>
            </table>
        </TableWrap>
        <Pager page=number size=PAGE_SIZE.unsigned_abs() total=page.total.unsigned_abs() href=move |page| to_url(&ListQuery { page: i64::try_from(page).unwrap_or(1), ..query.clone() }) />
        <Deeds asked changed />
    }
    .into_any()
}

#[component]
fn Nothing(filtered: bool, creates: bool) -> impl IntoView {
    let (title, words) = match (filtered, creates) {
        (true, _) => ("没有符合条件的公告", "请调整筛选条件，或点击「重置」查看全部。"),
        (false, true) => ("还没有公告", "年度数据审核完成后，点击「创建公告」汇集成一份公告。"),
        (false, false) => ("还没有公告", "本单位经办创建公告后会显示在这里。"),
    };
    view! { <div class="empty"><p class="empty-title">{title}</p><p>{words}</p></div> }
}

/// 公告发布时间: as it was, as it is set, or how it will be.
fn published_at(row: &ListRow) -> String {
    match (row.status.at(), row.mode) {
        (Some(at), _) | (None, PublishMode::At(at)) => at.local(),
        (None, PublishMode::OnApproval) => "-".to_owned(),
    }
}

#[component]
fn Row(row: ListRow, asked: Asked) -> impl IntoView {
    let href = paths::announcement(&row.id);
    let seen = Seen { id: row.id.clone(), version: row.version };
    let at = published_at(&row);
    let expires = row.expires_on.map_or_else(|| "-".to_owned(), |day: Day| day.to_string());
    let words = operations(&row);
    let title = row.title.clone();
    let (for_withdrawal, for_deletion) = (seen.clone(), seen);
    let is_public = row.status.is_public();
    // Of what was published, and nothing is under way, the column of the time says it all.
    let outlook = (!is_public || row.status.pending().is_some()).then(|| row.outlook.clone());
    let (to_correct, to_revoke) = (paths::correct_announcement(&row.id), paths::revoke_announcement(&row.id));
    view! {
        <tr>
            <td data-label="公告编号">{row.number.clone().unwrap_or_else(|| "-".to_owned())}</td>
            <td class="row-title" data-label="公告标题">{row.title.clone()}{row.corrects.then(|| view! { " "<span class="chip">"更正公告"</span> })}</td>
            <td data-label="公告类型">{row.mode.label()}</td>
            <td data-label="公告发布时间">{at}</td>
            <td data-label="公告截止时间">{expires}</td>
            <td class="wrap" data-label="公告状态"><StatusPill label=row.status.label() tone=tone(&row.status) />{outlook.map(|words| view! { <p class="quiet small">{words}</p> })}</td>
            <td class="ops" data-label="操作">
                <a href=href aria-label=format!("{words}：{title}")>{words}</a>
                {row.allowed.withdraw.then(|| view! {
                    <button type="button" aria-label=format!("撤回：{title}") on:click=move |_| { asked.row.set(Some(for_withdrawal.clone())); asked.is_public.set(is_public); asked.withdrawing.set(true); }>"撤回"</button>
                })}
                {row.allowed.correct.then(|| view! { <a href=to_correct aria-label=format!("更正：{title}")>"更正"</a> })}
                {row.allowed.revoke.then(|| view! { <a href=to_revoke aria-label=format!("撤销：{title}")>"撤销"</a> })}
                {row.allowed.delete.then(|| view! {
                    <button type="button" data-tone="bad" aria-label=format!("删除：{title}") on:click=move |_| { asked.row.set(Some(for_deletion.clone())); asked.deleting.set(true); }>"删除"</button>
                })}
            </td>
        </tr>
    }
}

/// The operation that leads to the page.
const fn operations(row: &ListRow) -> &'static str {
    if row.allowed.edit {
        "编辑"
    } else if row.allowed.review {
        "审核"
    } else {
        "查看"
    }
}

/// What a 「撤回」 leads to, of a submission or of a 「撤销」 under review.
pub const fn withdrawal_words(is_public: bool) -> &'static str {
    if is_public {
        "撤回撤销申请后，公告保持已发布。审核人会看到撤回理由。"
    } else {
        "撤回后可以修改并重新提交，审核人会看到撤回理由。"
    }
}

/// 「确定删除？」 and 「撤回理由」.
#[component]
fn Deeds(asked: Asked, changed: Again) -> impl IntoView {
    let tell = expect_context::<Tell>();
    let unread = expect_context::<Unread>();
    let problem = RwSignal::new(None::<AppError>);
    let delete = Action::new(move |seen: &Seen| {
        let seen = seen.clone();
        async move {
            match delete_announcement(seen).await {
                Ok(()) => tell.ok("公告已删除"),
                Err(error) => tell.bad(error.to_string()),
            }
            changed.notify();
        }
    });
    let withdraw = Action::new(move |input: &Withdrawal| {
        let input = input.clone();
        async move {
            match withdraw_announcement(input).await {
                Ok(_) => {
                    asked.withdrawing.set(false);
                    tell.ok("已撤回");
                    unread.refresh();
                    changed.notify();
                }
                Err(error) => problem.set(Some(error)),
            }
        }
    });
    let on_reason = Callback::new(move |reason: String| {
        problem.set(None);
        if let Some(seen) = asked.row.get_untracked() {
            withdraw.dispatch(Withdrawal { id: seen.id, version: seen.version, reason });
        }
    });
    let on_confirm = move |()| {
        if let Some(seen) = asked.row.get_untracked() {
            delete.dispatch(seen);
        }
    };
    view! {
        <Confirm open=asked.deleting question="确定删除？" consequence="公告的内容和附件不能恢复，公告编号不会再次使用。" on_confirm />
        <ReasonDialog open=asked.withdrawing title="撤回" label="撤回理由" consequence=Signal::derive(move || withdrawal_words(asked.is_public.get()).to_owned()) on_reason pending=withdraw.pending() problem />
    }
}
