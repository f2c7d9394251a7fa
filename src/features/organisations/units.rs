//! 单位 on the 系统管理 page: the tree, and the dialog that adds, changes and moves a unit.

use super::admin::{Address, General, Search, UNITS, at, shown};
use super::api::{UnitForm, save_unit};
use crate::app::Tell;
use crate::domain::ids::UnitId;
use crate::domain::organisation::{District, Unit, check_place};
use crate::domain::uscc;
use crate::error::AppError;
use crate::ui::{Dialog, Field, Pager, Problem, TableWrap};
use leptos::prelude::*;

/// The tree with its dialog.
#[component]
pub(super) fn UnitsPanel(
    units: Resource<Result<Vec<Unit>, AppError>>,
    all: RwSignal<Vec<Unit>>,
    address: Memo<Address>,
    changed: Callback<()>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let editing = RwSignal::new(None::<Unit>);
    let edit = Callback::new(move |unit: Option<Unit>| {
        editing.set(unit);
        open.set(true);
    });
    view! {
        <section class="panel" aria-labelledby="units-title">
            <div class="panel-head">
                <h2 id="units-title">"单位"</h2>
                <div class="panel-actions">
                    <button class="button" data-kind="primary" type="button" on:click=move |_| edit.run(None)>"添加单位"</button>
                </div>
            </div>
            <Search name="查找单位" id="units-search" label="单位名称或代码" key="unit" address />
            <Transition fallback=|| view! { <p class="loading" aria-busy="true">"正在读取…"</p> }>
                {move || units.get().map(|units| match units {
                    Ok(units) => view! { <Tree units address=address.get() edit /> }.into_any(),
                    Err(error) => view! { <Problem message=error.to_string() /> }.into_any(),
                })}
            </Transition>
        </section>
        <UnitDialog open editing all changed />
    }
}

#[component]
fn Tree(units: Vec<Unit>, address: Address, edit: Callback<Option<Unit>>) -> impl IntoView {
    let is_new = units.is_empty();
    let shown = shown(units, &address);
    if shown.units.is_empty() && !is_new {
        return view! { <div class="empty"><p class="empty-title">"没有找到单位"</p><p>"请换一个词查询，或点击「重置」查看全部。"</p></div> }.into_any();
    }
    if is_new {
        return view! { <div class="empty"><p class="empty-title">"还没有单位"</p><p>"点击「添加单位」，先添加主管预算单位，再添加它的下级单位。"</p></div> }.into_any();
    }
    view! {
        <TableWrap name="单位列表">
            <table class="data" data-cards="">
                <thead>
                    <tr>
                        <th scope="col">"名称"</th>
                        <th scope="col">"主管预算单位"</th>
                        <th scope="col">"行政区划"</th>
                        <th scope="col">"统一社会信用代码"</th>
                        <th scope="col">"操作"</th>
                    </tr>
                </thead>
                <tbody>
                    {shown.units.into_iter().map(|(depth, unit)| view! { <Row depth unit edit /> }).collect_view()}
                </tbody>
            </table>
        </TableWrap>
        <Pager
            name="单位分页"
            page=shown.page as u64
            size=UNITS as u64
            total=shown.total as u64
            href=move |page| address.of_units_page(usize::try_from(page).unwrap_or(1))
        />
    }
    .into_any()
}

#[component]
fn Row(depth: usize, unit: Unit, edit: Callback<Option<Unit>>) -> impl IntoView {
    let indent = (depth > 0).then(|| view! { <span aria-hidden="true">{format!("{}└ ", "　".repeat(depth - 1))}</span> });
    let level = (depth > 0).then(|| view! { <span class="visually-hidden">{format!("（第 {} 级）", depth + 1)}</span> });
    let code = if unit.uscc.is_empty() { "-".to_owned() } else { unit.uscc.clone() };
    let label = format!("编辑：{}", unit.name);
    view! {
        <tr>
            <td class="row-title" data-label="名称">{indent}{unit.name.clone()}{level}</td>
            <td data-label="主管预算单位">{if unit.is_supervisor { "是" } else { "-" }}</td>
            <td data-label="行政区划">{unit.district.name()}</td>
            <td data-label="统一社会信用代码">{code}</td>
            <td class="ops" data-label="操作">
                <button type="button" aria-label=label on:click=move |_| edit.run(Some(unit.clone()))>"编辑"</button>
            </td>
        </tr>
    }
}

/// Adds a unit (`editing` is none), or changes and moves one.
#[component]
fn UnitDialog(open: RwSignal<bool>, editing: RwSignal<Option<Unit>>, all: RwSignal<Vec<Unit>>, changed: Callback<()>) -> impl IntoView {
    let tell = expect_context::<Tell>();
    let problem = RwSignal::new(None::<AppError>);
    let save = Action::new(move |form: &UnitForm| {
        let form = form.clone();
        async move {
            match save_unit(form).await {
                Ok(()) => {
                    open.set(false);
                    tell.ok("单位已保存");
                    changed.run(());
                }
                Err(error) => problem.set(Some(error)),
            }
        }
    });
    let title = Signal::derive(move || if editing.with(Option::is_some) { "编辑单位" } else { "添加单位" }.to_owned());
    view! {
        <Dialog open title on_close=move |()| problem.set(None)>
            {move || {
                let unit = editing.get_untracked();
                let all = all.get_untracked();
                view! { <UnitFields unit all problem open on_save=move |form| { save.dispatch(form); } pending=save.pending() /> }
            }}
        </Dialog>
    }
}

#[component]
fn UnitFields(
    unit: Option<Unit>,
    all: Vec<Unit>,
    problem: RwSignal<Option<AppError>>,
    open: RwSignal<bool>,
    #[prop(into)] on_save: Callback<UnitForm>,
    #[prop(into)] pending: Signal<bool>,
) -> impl IntoView {
    let (id, version) = unit.as_ref().map_or((None, 0), |unit| (Some(unit.id.clone()), unit.version));
    let name = RwSignal::new(unit.as_ref().map(|unit| unit.name.clone()).unwrap_or_default());
    let parent = RwSignal::new(unit.as_ref().and_then(|unit| unit.parent.clone()));
    let is_supervisor = RwSignal::new(unit.as_ref().is_some_and(|unit| unit.is_supervisor));
    let district = RwSignal::new(unit.as_ref().map(|unit| unit.district));
    let missing = RwSignal::new((false, false));
    let name_error = at(problem, "name");
    let name_error = Signal::derive(move || if missing.get().0 { Some("请填写单位名称".to_owned()) } else { name_error.get() });
    let district_error = Signal::derive(move || missing.get().1.then(|| "请选择行政区划".to_owned()));
    let code = RwSignal::new(unit.map(|unit| unit.uscc).unwrap_or_default());
    let doubt = move || {
        code.with(|code| uscc::check(code).err().filter(|_| !code.trim().is_empty()))
            .map(|warning| if warning.blocks() { warning.to_string() } else { format!("{warning}；可以照常保存") })
    };
    // Where the unit may stand: not below itself.
    let parents: Vec<(UnitId, String)> = all
        .iter()
        .filter(|above| check_place(&all, id.as_ref(), Some(&above.id)).is_ok())
        .map(|above| (above.id.clone(), above.name.clone()))
        .collect();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        problem.set(None);
        missing.set((name.with_untracked(|name| name.trim().is_empty()), district.with_untracked(Option::is_none)));
        if let (Some(district), (false, false)) = (district.get_untracked(), missing.get_untracked()) {
            on_save.run(UnitForm {
                id: id.clone(),
                version,
                name: name.get_untracked(),
                parent: parent.get_untracked(),
                is_supervisor: is_supervisor.get_untracked(),
                district,
                uscc: code.get_untracked(),
            });
        }
    };
    view! {
        <form on:submit=submit novalidate>
            <div class="dialog-body">
                <General problem />
                <Field id="unit-name" label="单位名称" hint="与合同中的采购人名称一致" required=true error=name_error let:control>
                    <input
                        class="input"
                        id=control.id.clone()
                        required
                        autofocus
                        maxlength="100"
                        prop:value=name
                        on:input=move |event| name.set(event_target_value(&event))
                        aria-describedby=move || control.described_by.get()
                        aria-invalid=move || control.invalid.get().then_some("true")
                    />
                </Field>
                <Field id="unit-parent" label="上级单位" error=at(problem, "parent") let:control>
                    <select
                        class="select"
                        id=control.id.clone()
                        on:change=move |event| parent.set(UnitId::parse(&event_target_value(&event)).ok())
                        aria-describedby=move || control.described_by.get()
                        aria-invalid=move || control.invalid.get().then_some("true")
                    >
                        <option value="">"（无）"</option>
                        {parents.into_iter().map(|(id, name)| {
                            let selected = parent.with_untracked(|parent| parent.as_ref() == Some(&id));
                            view! { <option value=id.to_string() selected=selected>{name}</option> }
                        }).collect_view()}
                    </select>
                </Field>
                <Field id="unit-district" label="行政区划" required=true error=district_error let:control>
                    <select
                        class="select"
                        id=control.id.clone()
                        required
                        on:change=move |event| district.set(District::parse(&event_target_value(&event)).ok())
                        aria-describedby=move || control.described_by.get()
                        aria-invalid=move || control.invalid.get().then_some("true")
                    >
                        <option value="">"请选择"</option>
                        {District::all().map(|one| {
                            let selected = district.get_untracked() == Some(one);
                            view! { <option value=one.code() selected=selected>{format!("{} {}", one.code(), one.name())}</option> }
                        }).collect_view()}
                    </select>
                </Field>
                <Field id="unit-uscc" label="统一社会信用代码" error=at(problem, "uscc") let:control>
                    <input
                        class="input"
                        id=control.id.clone()
                        autocapitalize="characters"
                        prop:value=code
                        on:input=move |event| code.set(event_target_value(&event))
                        aria-describedby=move || control.described_by.get().unwrap_or_else(|| "unit-uscc-doubt".to_owned())
                        aria-invalid=move || control.invalid.get().then_some("true")
                    />
                </Field>
                <p class="field-hint" id="unit-uscc-doubt" role="status">{doubt}</p>
                <label class="choice">
                    <input type="checkbox" prop:checked=is_supervisor on:change=move |event| is_supervisor.set(event_target_checked(&event)) />
                    "主管预算单位（审核并公告本单位及下级单位的数据）"
                </label>
            </div>
            <div class="dialog-foot">
                <button class="button" type="button" on:click=move |_| open.set(false)>"取消"</button>
                <button class="button" data-kind="primary" type="submit" disabled=move || pending.get()>"确定"</button>
            </div>
        </form>
    }
}
