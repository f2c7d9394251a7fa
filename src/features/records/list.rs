//! 「中小企业预留执行情况」: the list of 年度数据 (B1–B4), with 「生成年度数据」 and 「公告操作」.

use super::api::{
    GenerateInput, Generated, RecordAt, RecordList, RecordQuery, Scope, delete_record, generate_record, record_years, records,
};
use super::{Allowed, RecordRow};
use crate::app::{Tell, paths, use_actor};
use crate::domain::access::{self, Deed, Relation};
use crate::domain::record::status::RecordStatus;
use crate::error::AppError;
use crate::features::announcements::list::CreateAnnouncement;
use crate::ui::{Again, Confirm, Dialog, FilterBar, Menu, Pager, Problem, StatusPill, Tab, TableWrap, Tabs, Tone};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

/// The colour of a status.
pub fn tone(status: &RecordStatus) -> Tone {
    match status {
        RecordStatus::Draft | RecordStatus::Withdrawn => Tone::Neutral,
        RecordStatus::InReview => Tone::Busy,
        RecordStatus::Approved => Tone::Ok,
        RecordStatus::Returned(_) => Tone::Bad,
        RecordStatus::CorrectionAsked(_) => Tone::Warn,
    }
}

/// The list page.
#[component]
pub fn RecordsPage() -> impl IntoView {
    let actor = use_actor();
    let works = access::may(&actor, Deed::WorkOnRecord, Relation::Own).is_ok();
    let announces = access::may(&actor, Deed::ViewAnnouncement, Relation::Own).is_ok();
    let creates = access::may(&actor, Deed::WorkOnAnnouncement, Relation::Own).is_ok();
    let sees = access::may(&actor, Deed::ViewRecord, Relation::Own).is_ok();
    if !sees {
        return view! {
            <Title text="工作台" />
            <section class="panel empty">
                <p class="empty-title">"系统管理员不查看业务数据"</p>
                <p>"请从菜单进入「系统管理」维护单位与人员。"</p>
                <a class="button" data-kind="primary" href=paths::ADMIN>"系统管理"</a>
            </section>
        }
        .into_any();
    }
    let map = use_query_map();
    let query = Memo::new(move |_| map.with(|map| from_url(|key| map.get(key))));
    let changed = Again::new();
    let list = Resource::new(move || (changed.count(), query.get()), |(_, query)| records(query));
    let generating = RwSignal::new(false);
    let creating = RwSignal::new(false);
    view! {
        <Title text="中小企业预留执行情况" />
        <nav aria-label="位置"><ol class="breadcrumb"><li>"我的工作台"</li><li>"项目采购委托采购"</li><li aria-current="page">"中小企业预留执行情况"</li></ol></nav>
        <header class="page-head"><h1>"中小企业预留执行情况"</h1></header>
        <Filters query supervises=actor.in_supervisor list />
        <section class="panel">
            <Transition fallback=|| view! { <p class="loading" aria-busy="true">"正在读取…"</p> }>
                <div class="tab-row">
                    {move || Suspend::new(async move {
                        let counts = list.await.map(|list| list.counts).unwrap_or_default();
                        let tabs = Scope::ALL.into_iter().zip(counts).map(|(scope, count)| {
                            let asked = query.get();
                            Tab { label: scope.label().to_owned(), count: u64::try_from(count).ok(), href: to_url(&RecordQuery { scope, page: 1, ..asked.clone() }), current: asked.scope == scope }
                        }).collect();
                        view! { <Tabs name="列表范围" tabs /> }
                    })}
                    <div class="button-row">
                        {announces.then(|| view! {
                            <Menu label="公告操作">
                                {creates.then(|| view! { <li><button type="button" on:click=move |_| creating.set(true)>"创建公告"</button></li> })}
                                <li><a href=paths::ANNOUNCEMENTS>"公告列表"</a></li>
                            </Menu>
                        })}
                        {works.then(|| view! {
                            <button class="button" data-kind="primary" type="button" on:click=move |_| generating.set(true)>"生成年度数据"</button>
                        })}
                    </div>
                </div>
                {move || Suspend::new(async move {
                    match list.await {
                        Err(error) => view! { <Problem message=error.to_string() /> }.into_any(),
                        Ok(list) => view! { <Rows list query=query.get() works changed /> }.into_any(),
                    }
                })}
            </Transition>
        </section>
        {works.then(|| view! { <GenerateDialog open=generating /> })}
        {creates.then(|| view! { <CreateAnnouncement open=creating /> })}
    }
    .into_any()
}

fn from_url(get: impl Fn(&str) -> Option<String>) -> RecordQuery {
    RecordQuery {
        scope: Scope::from_code(&get("tab").unwrap_or_default()),
        year: get("year").and_then(|year| year.parse().ok()),
        unit: get("unit").unwrap_or_default(),
        status: get("status").unwrap_or_default(),
        page: get("page").and_then(|page| page.parse().ok()).unwrap_or(1),
    }
}

fn to_url(query: &RecordQuery) -> String {
    let mut parts = Vec::new();
    if query.scope != Scope::All {
        parts.push(format!("tab={}", query.scope.code()));
    }
    if let Some(year) = query.year {
        parts.push(format!("year={year}"));
    }
    if !query.unit.is_empty() {
        parts.push(format!(
            "unit={}",
            leptos_router::params::ParamsMap::from_iter([("unit".to_owned(), query.unit.clone())])
                .to_query_string()
                .trim_start_matches("?unit=")
        ));
    }
    if !query.status.is_empty() {
        parts.push(format!("status={}", query.status));
    }
    if query.page > 1 {
        parts.push(format!("page={}", query.page));
    }
    if parts.is_empty() { paths::RECORDS.to_owned() } else { format!("{}?{}", paths::RECORDS, parts.join("&")) }
}

/// 「年度」, 「采购单位」, 「状态」: a plain GET form, so that the filters live in the URL.
#[component]
fn Filters(query: Memo<RecordQuery>, supervises: bool, list: Resource<Result<RecordList, AppError>>) -> impl IntoView {
    let years = move || list.get().and_then(Result::ok).map(|list| list.years).unwrap_or_default();
    view! {
        <FilterBar action=paths::RECORDS label="筛选年度数据" shown=Signal::derive(move || format!("{:?}", query.get())) card=true>
            <input type="hidden" name="tab" value=move || query.get().scope.code() />
            <div class="field" data-inline="">
                <label class="field-label" for="filter-year">"年度"</label>
                <select class="select" id="filter-year" name="year">
                    <option value="">"请选择"</option>
                    <Transition>
                        {move || {
                            let chosen = query.get().year;
                            years().into_iter().map(|year| view! { <option value=year.to_string() selected=chosen == Some(year.number())>{year.to_string()}</option> }).collect_view()
                        }}
                    </Transition>
                </select>
            </div>
            {supervises.then(|| view! {
                <div class="field" data-inline="">
                    <label class="field-label" for="filter-unit">"采购单位"</label>
                    <input class="input" id="filter-unit" name="unit" placeholder="名称" value=move || query.get().unit />
                </div>
            })}
            <div class="field" data-inline="">
                <label class="field-label" for="filter-status">"状态"</label>
                <select class="select" id="filter-status" name="status">
                    <option value="">"全部"</option>
                    {RecordStatus::all().into_iter().map(|(code, label)| view! { <option value=code selected=move || query.get().status == code>{label}</option> }).collect_view()}
                </select>
            </div>
        </FilterBar>
    }
}

#[component]
fn Rows(list: RecordList, query: RecordQuery, works: bool, changed: Again) -> impl IntoView {
    let deleting = RwSignal::new(None::<RecordAt>);
    let asking = RwSignal::new(false);
    let named = RwSignal::new(String::new());
    let tell = expect_context::<Tell>();
    let delete = Action::new(move |at: &RecordAt| {
        let at = at.clone();
        async move {
            match delete_record(at).await {
                Ok(()) => tell.ok("已删除"),
                Err(error) => tell.bad(error.to_string()),
            }
            changed.notify();
        }
    });
    if list.rows.is_empty() {
        let filtered = query.year.is_some() || !query.unit.is_empty() || !query.status.is_empty();
        return view! {
            <div class="empty">
                {if filtered {
                    view! { <p class="empty-title">"没有符合条件的年度数据"</p> <p>"请调整筛选条件，或点击「重置」查看全部。"</p> }.into_any()
                } else if query.scope == Scope::Waiting {
                    view! { <p class="empty-title">"没有待您审批的年度数据"</p> <p>"有单位提交给您时，这里和「消息」会提醒。"</p> }.into_any()
                } else if works {
                    view! { <p class="empty-title">"还没有年度数据"</p> <p>"点击「生成年度数据」，系统会按合同自动统计。"</p> }.into_any()
                } else {
                    view! { <p class="empty-title">"还没有年度数据"</p> <p>"采购单位生成并提交后会显示在这里。"</p> }.into_any()
                }}
            </div>
        }
        .into_any();
    }
    let (page, size, total) = (list.page as u64, list.size as u64, list.total as u64);
    view! {
        <TableWrap name="年度数据列表">
            <table class="data" data-cards="">
                <thead>
                    <tr>
                        <th scope="col">"年度"</th>
                        <th scope="col">"采购单位名称"</th>
                        <th scope="col" class="num">"面向中小企业采购金额(万元)"</th>
                        <th scope="col" class="num">"面向小微企业采购金额(万元)"</th>
                        <th scope="col" class="num">"面向小微企业采购金额占比(%)"</th>
                        <th scope="col">"状态"</th>
                        <th scope="col" class="ops">"操作"</th>
                    </tr>
                </thead>
                <tbody>
                    {list.rows.into_iter().map(|row| view! { <Row row deleting named asking /> }).collect_view()}
                </tbody>
            </table>
        </TableWrap>
        <Pager page size total href=move |page| to_url(&RecordQuery { page: usize::try_from(page).unwrap_or(1), ..query.clone() }) />
        <Confirm
            open=asking
            question="确定删除？"
            consequence=Signal::derive(move || format!("将删除 {}的数据。删除后该年度数据及其修改内容不能恢复，可以重新生成。", named.get()))
            on_confirm=move |()| {
                if let Some(at) = deleting.get_untracked() {
                    delete.dispatch(at);
                }
            }
        />
    }
    .into_any()
}

#[component]
fn Row(row: RecordRow, deleting: RwSignal<Option<RecordAt>>, named: RwSignal<String>, asking: RwSignal<bool>) -> impl IntoView {
    let RecordRow { record, allowed } = row;
    let href = paths::record(&record.id);
    let at = RecordAt { record: record.id.clone(), version: record.version };
    let name = format!("{} {} 年度", record.unit_name, record.year);
    let label = format!("删除：{name}");
    let has_approved = record.approved_number.is_some();
    let ratio = crate::domain::money::Ratio::of(record.small_micro, record.sme).to_string();
    view! {
        <tr>
            <td data-label="年度">{record.year.to_string()}</td>
            <td class="row-title" data-label="采购单位名称">{record.unit_name.clone()}</td>
            <td class="num" data-label="面向中小企业采购金额(万元)">{record.sme.wan()}</td>
            <td class="num" data-label="面向小微企业采购金额(万元)">{record.small_micro.wan()}</td>
            <td class="num" data-label="面向小微企业采购金额占比(%)">{ratio}</td>
            <td data-label="状态"><StatusPill label=record.status.label().to_owned() tone=tone(&record.status) /></td>
            <td class="ops" data-label="操作">
                {operations(allowed).into_iter().map(|word| view! { <a href=href.clone() aria-label=format!("{word}：{name}")>{word}</a> }).collect_view()}
                {(allowed.edit && !has_approved).then(|| view! {
                    <button type="button" data-tone="bad" aria-label=label.clone() on:click=move |_| { deleting.set(Some(at.clone())); named.set(name.clone()); asking.set(true); }>"删除"</button>
                })}
            </td>
        </tr>
    }
}

/// The operations that lead to the record's page, by what the person may do there (B4).
fn operations(allowed: Allowed) -> Vec<&'static str> {
    let mut words = Vec::new();
    if allowed.edit {
        words.push("编辑");
    }
    if allowed.review || allowed.answer_correction {
        words.push("审核");
    }
    if allowed.withdraw {
        words.push("撤回");
    }
    if words.is_empty() || (allowed.withdraw && words.len() == 1) {
        words.insert(0, "查看");
    }
    words
}

/// 「生成年度数据」: asks for the year (A1, A2).
#[component]
fn GenerateDialog(open: RwSignal<bool>) -> impl IntoView {
    let years = Resource::new(move || open.get(), |open| async move { if open { record_years().await } else { Ok(Vec::new()) } });
    let problem = RwSignal::new(None::<AppError>);
    let existing = RwSignal::new(None::<String>);
    let navigate = use_navigate();
    let generate = Action::new(move |year: &i32| {
        let year = *year;
        let navigate = navigate.clone();
        async move {
            problem.set(None);
            existing.set(None);
            let Ok(year) = crate::domain::calendar::Year::try_from(year) else {
                problem.set(Some(AppError::field("year", "请选择年度")));
                return;
            };
            match generate_record(GenerateInput { year }).await {
                Ok(Generated::New(id)) => {
                    open.set(false);
                    navigate(&paths::record(&id), NavigateOptions::default());
                }
                Ok(Generated::Exists(id)) => existing.set(Some(paths::record(&id))),
                Err(error) => problem.set(Some(error)),
            }
        }
    });
    view! {
        <Dialog open title="生成年度数据" on_close=move |()| { problem.set(None); existing.set(None); }>
            {move || {
                let chosen = RwSignal::new(0);
                let submit = move |event: leptos::ev::SubmitEvent| {
                    event.prevent_default();
                    generate.dispatch(chosen.get_untracked());
                };
                view! {
                    <form on:submit=submit novalidate>
                        <div class="dialog-body stack">
                            <p>"系统按所选年度的合同统计，生成后可以补充、更正和提交。每个年度只能生成一份。"</p>
                            <div class="field">
                                <label class="field-label" for="generate-year">"年度"</label>
                                <select class="select" id="generate-year" autofocus aria-describedby="generate-year-error" aria-invalid=move || problem.get().is_some().then_some("true")
                                    on:change=move |event| chosen.set(event_target_value(&event).parse().unwrap_or_default())>
                                    <option value="">"请选择"</option>
                                    <Transition>
                                        {move || years.get().and_then(Result::ok).unwrap_or_default().into_iter().map(|offer| {
                                            let note = match (&offer.existing, offer.is_running) {
                                                (Some(_), _) => "（已生成）",
                                                (None, true) => "（进行中的年度）",
                                                (None, false) => "",
                                            };
                                            view! { <option value=offer.year.to_string()>{format!("{}{note}", offer.year)}</option> }
                                        }).collect_view()}
                                    </Transition>
                                </select>
                                <p class="field-error" id="generate-year-error" role="alert">{move || problem.get().map(|error| error.to_string())}</p>
                            </div>
                            {move || existing.get().map(|href| view! {
                                <p class="alert" data-tone="warn" role="alert">"该年度的数据已经生成，不能重复生成。" <a href=href>"查看已生成的年度数据"</a></p>
                            })}
                        </div>
                        <div class="dialog-foot">
                            <button class="button" type="button" on:click=move |_| open.set(false)>"取消"</button>
                            <button class="button" data-kind="primary" type="submit" disabled=move || generate.pending().get()>"确定"</button>
                        </div>
                    </form>
                }
            }}
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b2_filters_live_in_the_url() {
        let query = RecordQuery {
            scope: Scope::Waiting,
            year: Some(2024),
            unit: "采购 单位&03".to_owned(),
            status: "in_review".to_owned(),
            page: 2,
        };
        let url = to_url(&query);
        assert!(url.starts_with("/office?tab=waiting&year=2024&unit=") && url.ends_with("&status=in_review&page=2"), "{url}");
        assert!(!url.contains("单位&03"), "{url}");
        assert_eq!(to_url(&RecordQuery { page: 1, ..RecordQuery::default() }), "/office");
    }

    #[test]
    fn b4_operations_follow_what_the_person_may_do() {
        assert_eq!(operations(Allowed { edit: true, ..Allowed::default() }), ["编辑"]);
        assert_eq!(operations(Allowed { review: true, withdraw: true, ..Allowed::default() }), ["审核", "撤回"]);
        assert_eq!(operations(Allowed { withdraw: true, ..Allowed::default() }), ["查看", "撤回"]);
        assert_eq!(operations(Allowed::default()), ["查看"]);
    }
}
