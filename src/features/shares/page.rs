//! 「份额标准」 under 系统管理: the dated thresholds, listed, added, changed and ended.

use super::api::{ThresholdForm, save_threshold, thresholds};
use crate::app::{Tell, paths, use_actor};
use crate::domain::calendar::Day;
use crate::domain::contract::Category;
use crate::domain::organisation::District;
use crate::domain::share::{Applies, CITY, Draft, Kind, NATIONAL, Threshold, applies_to};
use crate::error::AppError;
use crate::ui::{Again, Dialog, Field, Problem, StatusPill, TableWrap, Tone};
use leptos::prelude::*;
use leptos_meta::Title;

/// The page.
#[component]
pub fn ThresholdsPage() -> impl IntoView {
    if !use_actor().roles.admin {
        return view! { <Title text="没有这个页面" /> <h1>"没有这个页面"</h1> <Problem message=AppError::NotFound.to_string() /> }
            .into_any();
    }
    let changed = Again::new();
    let found = Resource::new(move || changed.count(), |_| thresholds());
    let (open, editing) = (RwSignal::new(false), RwSignal::new(None::<(Threshold, bool)>));
    let edit = Callback::new(move |what: Option<(Threshold, bool)>| {
        editing.set(what);
        open.set(true);
    });
    view! {
        <Title text="份额标准" />
        <nav aria-label="位置"><ol class="breadcrumb"><li><a href=paths::ADMIN>"系统管理"</a></li><li aria-current="page">"份额标准"</li></ol></nav>
        <header class="page-head">
            <h1>"份额标准"</h1>
            <p class="page-note">"各地各年应预留的份额。年度数据按单位所在行政区划、项目属性和项目开始的日期取最接近的一条：本区 → 上海市 → 全国。"</p>
        </header>
        <section class="panel" aria-labelledby="thresholds-title">
            <div class="panel-head">
                <h2 id="thresholds-title">"标准"</h2>
                <div class="panel-actions"><button class="button" data-kind="primary" type="button" on:click=move |_| edit.run(None)>"添加标准"</button></div>
            </div>
            <Transition fallback=|| view! { <p class="loading" aria-busy="true">"正在读取…"</p> }>
                {move || Suspend::new(async move {
                    match found.await {
                        Ok(found) => view! { <List found edit /> }.into_any(),
                        Err(error) => view! { <Problem message=error.to_string() /> }.into_any(),
                    }
                })}
            </Transition>
        </section>
        <ThresholdDialog open editing changed />
    }
    .into_any()
}

#[component]
fn List(found: Vec<Threshold>, edit: Callback<Option<(Threshold, bool)>>) -> impl IntoView {
    view! {
        <TableWrap name="份额标准">
            <table class="data" data-cards="" id="thresholds">
                <thead>
                    <tr>
                        <th scope="col">"适用地区"</th>
                        <th scope="col">"比例"</th>
                        <th scope="col">"项目属性"</th>
                        <th scope="col" class="num">"不低于(%)"</th>
                        <th scope="col">"起止日期"</th>
                        <th scope="col">"依据"</th>
                        <th scope="col" class="ops">"操作"</th>
                    </tr>
                </thead>
                <tbody>{found.into_iter().map(|threshold| view! { <Row threshold edit /> }).collect_view()}</tbody>
            </table>
        </TableWrap>
    }
}

#[component]
fn Row(threshold: Threshold, edit: Callback<Option<(Threshold, bool)>>) -> impl IntoView {
    let Threshold { jurisdiction, category, kind, percent, from, to, source, is_checked, .. } = threshold.clone();
    let (word, tone) = if is_checked { ("依据已核对", Tone::Ok) } else { ("引用前请核对", Tone::Warn) };
    let until = to.map_or_else(|| "至今".to_owned(), |to| format!("至 {to}"));
    let what = format!("{jurisdiction} {} {} {from} 起", category.label(), kind.label());
    // Held against no unit of this system.
    let is_idle = applies_to(&jurisdiction) != Applies::Here;
    let (edit_label, end_label) = (format!("编辑：{what}"), format!("终止：{what}"));
    let (for_edit, for_end) = (threshold.clone(), threshold);
    view! {
        <tr>
            <td class="row-title" data-label="适用地区">{jurisdiction}{is_idle.then(|| view! { " "<span class="chip">"仅供参考"</span> })}</td>
            <td class="nowrap" data-label="比例">{kind.label()}</td>
            <td data-label="项目属性">{category.label()}</td>
            <td class="num" data-label="不低于(%)">{percent.to_string()}</td>
            <td class="nowrap" data-label="起止日期">{format!("{from} {until}")}</td>
            <td class="cell-words" data-label="依据">{source}<span class="ledger-note"><StatusPill label=word.to_owned() tone=tone /></span></td>
            <td class="ops" data-label="操作">
                <button type="button" aria-label=edit_label on:click=move |_| edit.run(Some((for_edit.clone(), false)))>"编辑"</button>
                {to.is_none().then(|| view! { <button type="button" aria-label=end_label on:click=move |_| edit.run(Some((for_end.clone(), true)))>"终止"</button> })}
            </td>
        </tr>
    }
}

/// The message for one field of the form, from what the server refused.
fn at(problem: RwSignal<Option<AppError>>, field: &'static str) -> Signal<Option<String>> {
    Signal::derive(move || problem.with(|problem| problem.as_ref().and_then(|error| error.at_field(field))))
}

/// Adds a threshold (`editing` is none), changes one, or ends one (the flag beside it).
#[component]
fn ThresholdDialog(open: RwSignal<bool>, editing: RwSignal<Option<(Threshold, bool)>>, changed: Again) -> impl IntoView {
    let tell = expect_context::<Tell>();
    let problem = RwSignal::new(None::<AppError>);
    let save = Action::new(move |form: &ThresholdForm| {
        let form = form.clone();
        async move {
            match save_threshold(form).await {
                Ok(()) => {
                    open.set(false);
                    tell.ok("份额标准已保存");
                    changed.notify();
                }
                Err(error) => problem.set(Some(error)),
            }
        }
    });
    let title = Signal::derive(move || {
        editing
            .with(|editing| match editing {
                None => "添加标准",
                Some((_, false)) => "编辑标准",
                Some((_, true)) => "终止标准",
            })
            .to_owned()
    });
    view! {
        <Dialog open title on_close=move |()| problem.set(None)>
            {move || {
                let (threshold, ends) = editing.get_untracked().map_or((None, false), |(threshold, ends)| (Some(threshold), ends));
                view! { <Fields threshold ends problem open on_save=move |form| { save.dispatch(form); } pending=save.pending() /> }
            }}
        </Dialog>
    }
}

/// The id of what is said of a place while one types it.
const PLACE_NOTE: &str = "threshold-place-note";

fn describing(others: Option<String>, has_note: bool) -> Option<String> {
    let note = has_note.then(|| PLACE_NOTE.to_owned());
    let ids = others.into_iter().chain(note).collect::<Vec<_>>();
    (!ids.is_empty()).then(|| ids.join(" "))
}

#[component]
fn Fields(
    threshold: Option<Threshold>,
    ends: bool,
    problem: RwSignal<Option<AppError>>,
    open: RwSignal<bool>,
    #[prop(into)] on_save: Callback<ThresholdForm>,
    #[prop(into)] pending: Signal<bool>,
) -> impl IntoView {
    let (id, version) = threshold.as_ref().map_or((None, 0), |threshold| (Some(threshold.id.clone()), threshold.version));
    let text = |of: &dyn Fn(&Threshold) -> String| RwSignal::new(threshold.as_ref().map(of).unwrap_or_default());
    let jurisdiction = text(&|threshold| threshold.jurisdiction.clone());
    let percent = text(&|threshold| threshold.percent.to_string());
    let source = text(&|threshold| threshold.source.clone());
    let from = text(&|threshold| threshold.from.to_string());
    let to = text(&|threshold| threshold.to.map(|day| day.to_string()).unwrap_or_default());
    let category = RwSignal::new(threshold.as_ref().map_or(Category::Goods, |threshold| threshold.category));
    let kind = RwSignal::new(threshold.as_ref().map_or(Kind::Reserved, |threshold| threshold.kind));
    let is_checked = RwSignal::new(threshold.as_ref().is_some_and(|threshold| threshold.is_checked));
    let what = threshold.as_ref().map(|threshold| {
        let Threshold { jurisdiction, category, kind, percent, from, .. } = threshold;
        format!("{jurisdiction} · {} · {} {percent}%，{from} 起", category.label(), kind.label())
    });
    // Said while one types: a place that matches no unit would be kept without a word and never looked at.
    let place_note = Memo::new(move |_| {
        jurisdiction.with(|place| match applies_to(place) {
            Applies::Here => None,
            Applies::Elsewhere if place.trim().is_empty() => None,
            Applies::Elsewhere => Some(format!("本系统没有「{}」的单位，这一条仅供参考，不参与对照。", place.trim())),
            Applies::Misspelt(meant) => Some(format!("没有「{}」；应为「{meant}」，请从列表中选择。", place.trim())),
        })
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        problem.set(None);
        let day = |field: &'static str, text: RwSignal<String>| {
            text.with_untracked(|text| Day::parse(text)).map_err(|error| AppError::field(field, error))
        };
        let is_open = to.with_untracked(|to| to.trim().is_empty());
        let days = match (day("from", from), if is_open && !ends { Ok(None) } else { day("to", to).map(Some) }) {
            (Ok(from), Ok(to)) => Ok((from, to)),
            (Err(error), _) | (_, Err(error)) => Err(error),
        };
        match days {
            Err(error) => problem.set(Some(error)),
            Ok((from, to)) => on_save.run(ThresholdForm {
                id: id.clone(),
                version,
                draft: Draft {
                    jurisdiction: jurisdiction.get_untracked(),
                    category: category.get_untracked(),
                    kind: kind.get_untracked(),
                    percent: percent.get_untracked(),
                    from,
                    to,
                    source: source.get_untracked(),
                    is_checked: is_checked.get_untracked(),
                },
            }),
        }
    };
    let general = move || {
        let general = problem.get().filter(|error| !matches!(error, AppError::InvalidField { .. }));
        general.map(|error| view! { <Problem message=error.to_string() /> })
    };
    view! {
        <form on:submit=submit novalidate>
            <div class="dialog-body">
                {general}
                {if ends {
                    view! { <p>{what}</p><p class="quiet">"填写最后适用的一天。已有的年度数据会按新的起止日期重新对照。"</p> }.into_any()
                } else {
                    view! {
                        <Field id="threshold-place" label="适用地区" hint="全国、上海市或区名；其他地区只作参考" required=true error=at(problem, "jurisdiction") let:control>
                            <input class="input" id=control.id.clone() list="places" maxlength="50" autofocus prop:value=jurisdiction on:input=move |event| jurisdiction.set(event_target_value(&event))
                                aria-describedby=move || describing(control.described_by.get(), place_note.with(Option::is_some)) aria-invalid=move || control.invalid.get().then_some("true") />
                            <p class="field-hint" id=PLACE_NOTE role="status">{place_note}</p>
                        </Field>
                        <datalist id="places">
                            {[NATIONAL, CITY].into_iter().chain(District::all().map(District::name)).map(|place| view! { <option value=place></option> }).collect_view()}
                        </datalist>
                        <Field id="threshold-kind" label="比例" let:control>
                            <select class="select" id=control.id.clone() on:change=move |event| kind.set(Kind::from_code(&event_target_value(&event)).unwrap_or(Kind::Reserved))>
                                {Kind::ALL.iter().map(|each| view! { <option value=each.code() selected=kind.get_untracked() == *each>{format!("{}（{}）", each.label(), each.formula())}</option> }).collect_view()}
                            </select>
                        </Field>
                        <Field id="threshold-category" label="项目属性" let:control>
                            <select class="select" id=control.id.clone() on:change=move |event| category.set(Category::from_code(&event_target_value(&event)).unwrap_or(Category::Goods))>
                                {Category::ALL.iter().map(|each| view! { <option value=each.code() selected=category.get_untracked() == *each>{each.label()}</option> }).collect_view()}
                            </select>
                        </Field>
                        <Field id="threshold-percent" label="不低于(%)" required=true error=at(problem, "percent") let:control>
                            <input class="input" data-figure="" inputmode="decimal" id=control.id.clone() prop:value=percent on:input=move |event| percent.set(event_target_value(&event))
                                aria-describedby=move || control.described_by.get() aria-invalid=move || control.invalid.get().then_some("true") />
                        </Field>
                        <Field id="threshold-from" label="起始日期" required=true error=at(problem, "from") let:control>
                            <input class="input" type="date" id=control.id.clone() prop:value=from on:input=move |event| from.set(event_target_value(&event))
                                aria-describedby=move || control.described_by.get() aria-invalid=move || control.invalid.get().then_some("true") />
                        </Field>
                    }.into_any()
                }}
                <Field id="threshold-to" label="截止日期" hint=if ends { "这一天仍适用" } else { "这一天仍适用；长期有效的留空" } required=ends error=at(problem, "to") let:control>
                    <input class="input" type="date" id=control.id.clone() prop:value=to on:input=move |event| to.set(event_target_value(&event))
                        aria-describedby=move || control.described_by.get() aria-invalid=move || control.invalid.get().then_some("true") />
                </Field>
                {(!ends).then(|| view! {
                    <Field id="threshold-source" label="依据" hint="文号或通知名称" required=true error=at(problem, "source") let:control>
                        <input class="input" id=control.id.clone() maxlength="300" prop:value=source on:input=move |event| source.set(event_target_value(&event))
                            aria-describedby=move || control.described_by.get() aria-invalid=move || control.invalid.get().then_some("true") />
                    </Field>
                    <label class="choice">
                        <input type="checkbox" prop:checked=is_checked on:change=move |event| is_checked.set(event_target_checked(&event)) />
                        "已核对文件原文"
                    </label>
                })}
            </div>
            <div class="dialog-foot">
                <button class="button" type="button" on:click=move |_| open.set(false)>"取消"</button>
                <button class="button" data-kind="primary" type="submit" disabled=move || pending.get()>"确定"</button>
            </div>
        </form>
    }
}
