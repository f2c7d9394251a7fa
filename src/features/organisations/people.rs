//! 人员 on the 系统管理 page: the list, and what is done with a person.

use super::admin::{Address, General, Search, at};
use super::api::{
    NewPerson, People, Person, PersonChange, PersonSwitch, PersonVersion, add_person, change_person, reset_person_password,
    set_person_disabled, unlock_person,
};
use crate::app::{Tell, use_actor};
use crate::domain::ids::UnitId;
use crate::domain::organisation::{Roles, Unit};
use crate::error::AppError;
use crate::ui::{Confirm, Dialog, Field, Pager, Problem, StatusPill, TableWrap, Tone};
use leptos::prelude::*;

/// A deed that is asked about first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Question {
    Disable,
    ResetPassword,
}

/// What the rows start.
#[derive(Clone, Copy)]
struct Starts {
    edit: Callback<Option<Person>>,
    ask: Callback<(Question, Person)>,
    enable: Callback<Person>,
    unlock: Callback<Person>,
}

/// The list with its dialogs.
#[component]
pub(super) fn PeoplePanel(
    people: Resource<Result<People, AppError>>,
    all: RwSignal<Vec<Unit>>,
    address: Memo<Address>,
    changed: Callback<()>,
) -> impl IntoView {
    let tell = expect_context::<Tell>();
    let editing = RwSignal::new(None::<Person>);
    let is_editing = RwSignal::new(false);
    let asked = RwSignal::new(None::<(Question, Person)>);
    let is_asking = RwSignal::new(false);
    let issued = RwSignal::new(None::<(String, String)>);
    let is_issued = RwSignal::new(false);
    let issue = Callback::new(move |(login, password): (String, String)| {
        issued.set(Some((login, password)));
        is_issued.set(true);
    });
    let done = move |result: Result<(), AppError>, words: &'static str| {
        match result {
            Ok(()) => tell.ok(words),
            Err(error) => tell.bad(error.to_string()),
        }
        changed.run(());
    };
    let switch = Action::new(move |input: &PersonSwitch| {
        let input = input.clone();
        async move {
            let words = if input.is_disabled { "人员已停用，其登录已退出" } else { "人员已启用" };
            done(set_person_disabled(input).await, words);
        }
    });
    let unlock = Action::new(move |input: &PersonVersion| {
        let input = input.clone();
        async move { done(unlock_person(input).await, "已解除锁定") }
    });
    let reset = Action::new(move |(login, input): &(String, PersonVersion)| {
        let (login, input) = (login.clone(), input.clone());
        async move {
            match reset_person_password(input).await {
                Ok(password) => issue.run((login, password)),
                Err(error) => tell.bad(error.to_string()),
            }
            changed.run(());
        }
    });
    let starts = Starts {
        edit: Callback::new(move |person| {
            editing.set(person);
            is_editing.set(true);
        }),
        ask: Callback::new(move |question| {
            asked.set(Some(question));
            is_asking.set(true);
        }),
        enable: Callback::new(move |person: Person| {
            switch.dispatch(PersonSwitch { id: person.id, version: person.version, is_disabled: false });
        }),
        unlock: Callback::new(move |person: Person| {
            unlock.dispatch(PersonVersion { id: person.id, version: person.version });
        }),
    };
    let confirmed = move |()| match asked.get_untracked() {
        Some((Question::Disable, person)) => {
            switch.dispatch(PersonSwitch { id: person.id, version: person.version, is_disabled: true });
        }
        Some((Question::ResetPassword, person)) => {
            reset.dispatch((person.login, PersonVersion { id: person.id, version: person.version }));
        }
        None => {}
    };
    let question = Signal::derive(move || asked.get().map(|(question, person)| question_words(question, &person)).unwrap_or_default());
    let consequence = Signal::derive(move || asked.get().map(|(question, _)| consequence_words(question).to_owned()).unwrap_or_default());
    view! {
        <section class="panel" aria-labelledby="people-title">
            <div class="panel-head">
                <h2 id="people-title">"人员"</h2>
                <div class="panel-actions">
                    <button class="button" data-kind="primary" type="button" on:click=move |_| starts.edit.run(None)>"添加人员"</button>
                </div>
            </div>
            <Search name="查找人员" id="people-search" label="登录名、姓名或单位" key="q" address />
            <Transition fallback=|| view! { <p class="loading" aria-busy="true">"正在读取…"</p> }>
                {move || people.get().map(|people| match people {
                    Ok(people) => view! { <List people address=address.get() starts /> }.into_any(),
                    Err(error) => view! { <Problem message=error.to_string() /> }.into_any(),
                })}
            </Transition>
        </section>
        <PersonDialog open=is_editing editing all changed issue />
        <Confirm open=is_asking question consequence on_confirm=confirmed />
        <PasswordDialog open=is_issued issued />
    }
}

/// A person as nobody else: there may be several of one name.
fn who(person: &Person) -> String {
    format!("「{}」（登录名 {}，{}）", person.name, person.login, person.unit_name)
}

fn question_words(question: Question, person: &Person) -> String {
    match question {
        Question::Disable => format!("确定停用{}？", who(person)),
        Question::ResetPassword => format!("确定重置{}的密码？", who(person)),
    }
}

const fn consequence_words(question: Question) -> &'static str {
    match question {
        Question::Disable => "停用后此人立即退出，不能再登录；以后可以重新启用。等待此人审核的事项请提醒经办撤回后另选审核人。",
        Question::ResetPassword => "原密码立即失效，此人的登录会退出；新密码只显示一次，请转告本人并提醒登录后修改。",
    }
}

#[component]
fn List(people: People, address: Address, starts: Starts) -> impl IntoView {
    if people.people.is_empty() {
        return view! { <div class="empty"><p class="empty-title">"没有找到人员"</p><p>"请换一个词查询，或点击「添加人员」。"</p></div> }
            .into_any();
    }
    let (page, size, total) = (people.page as u64, people.size as u64, people.total as u64);
    view! {
        <TableWrap name="人员列表">
            <table class="data" data-cards="">
                <thead>
                    <tr>
                        <th scope="col">"登录名"</th>
                        <th scope="col">"姓名"</th>
                        <th scope="col">"单位"</th>
                        <th scope="col">"岗位"</th>
                        <th scope="col">"状态"</th>
                        <th scope="col">"操作"</th>
                    </tr>
                </thead>
                <tbody>
                    {people.people.into_iter().map(|person| view! { <Row person starts /> }).collect_view()}
                </tbody>
            </table>
        </TableWrap>
        <Pager name="人员分页" page size total href=move |page| address.of_people_page(usize::try_from(page).unwrap_or(1)) />
    }
    .into_any()
}

#[component]
fn Row(person: Person, starts: Starts) -> impl IntoView {
    let is_self = use_actor().user == person.id;
    let (state, tone) = match (&person.locked_until, person.is_disabled) {
        (_, true) => ("已停用".to_owned(), Tone::Neutral),
        (Some(until), false) => (format!("锁定至 {}", until.local_time()), Tone::Warn),
        (None, false) => ("正常".to_owned(), Tone::Ok),
    };
    let (is_locked, is_disabled) = (person.locked_until.is_some(), person.is_disabled);
    let label = |word: &str| format!("{word}：{}", person.name);
    let (edit_label, enable_label, disable_label, unlock_label, reset_label) =
        (label("编辑"), label("启用"), label("停用"), label("解除锁定"), label("重置密码"));
    let kept = StoredValue::new(person.clone());
    view! {
        <tr>
            <td data-label="登录名">{person.login}</td>
            <td class="row-title" data-label="姓名">{person.name}</td>
            <td data-label="单位">{person.unit_name}</td>
            <td data-label="岗位">{person.roles.label()}</td>
            <td data-label="状态"><StatusPill label=state tone /></td>
            <td class="ops" data-label="操作">
                <button type="button" aria-label=edit_label on:click=move |_| starts.edit.run(Some(kept.get_value()))>"编辑"</button>
                {is_locked.then(|| view! {
                    <button type="button" aria-label=unlock_label on:click=move |_| starts.unlock.run(kept.get_value())>"解除锁定"</button>
                })}
                <button type="button" aria-label=reset_label on:click=move |_| starts.ask.run((Question::ResetPassword, kept.get_value()))>"重置密码"</button>
                {is_disabled.then(|| view! {
                    <button type="button" aria-label=enable_label on:click=move |_| starts.enable.run(kept.get_value())>"启用"</button>
                })}
                {(!is_disabled && !is_self).then(|| view! {
                    <button type="button" data-tone="bad" aria-label=disable_label on:click=move |_| starts.ask.run((Question::Disable, kept.get_value()))>"停用"</button>
                })}
            </td>
        </tr>
    }
}

/// Adds a person (`editing` is none), or changes one.
#[component]
fn PersonDialog(
    open: RwSignal<bool>,
    editing: RwSignal<Option<Person>>,
    all: RwSignal<Vec<Unit>>,
    changed: Callback<()>,
    issue: Callback<(String, String)>,
) -> impl IntoView {
    let tell = expect_context::<Tell>();
    let problem = RwSignal::new(None::<AppError>);
    let add = Action::new(move |person: &NewPerson| {
        let person = person.clone();
        async move {
            let login = person.login.trim().to_lowercase();
            match add_person(person).await {
                Ok(password) => {
                    open.set(false);
                    changed.run(());
                    issue.run((login, password));
                }
                Err(error) => problem.set(Some(error)),
            }
        }
    });
    let change = Action::new(move |person: &PersonChange| {
        let person = person.clone();
        async move {
            match change_person(person).await {
                Ok(()) => {
                    open.set(false);
                    tell.ok("人员已保存");
                    changed.run(());
                }
                Err(error) => problem.set(Some(error)),
            }
        }
    });
    let save = Callback::new(move |person: NewPerson| {
        problem.set(None);
        match editing.get_untracked() {
            None => {
                add.dispatch(person);
            }
            Some(Person { id, version, .. }) => {
                change.dispatch(PersonChange { id, version, name: person.name, unit: person.unit, roles: person.roles });
            }
        }
    });
    let pending = Signal::derive(move || add.pending().get() || change.pending().get());
    let title = Signal::derive(move || if editing.with(Option::is_some) { "编辑人员" } else { "添加人员" }.to_owned());
    view! {
        <Dialog open title on_close=move |()| problem.set(None)>
            {move || {
                let all = all.get_untracked();
                view! { <PersonFields person=editing.get_untracked() all problem open save pending /> }
            }}
        </Dialog>
    }
}

#[component]
fn PersonFields(
    person: Option<Person>,
    all: Vec<Unit>,
    problem: RwSignal<Option<AppError>>,
    open: RwSignal<bool>,
    save: Callback<NewPerson>,
    pending: Signal<bool>,
) -> impl IntoView {
    let is_new = person.is_none();
    let missing = RwSignal::new(Vec::<(&'static str, &'static str)>::new());
    let error = move |field: &'static str| {
        let server = at(problem, field);
        let local = move || missing.with(|missing| missing.iter().find(|(at, _)| *at == field).map(|(_, words)| (*words).to_owned()));
        Signal::derive(move || local().or_else(|| server.get()))
    };
    let login = RwSignal::new(person.as_ref().map(|person| person.login.clone()).unwrap_or_default());
    let name = RwSignal::new(person.as_ref().map(|person| person.name.clone()).unwrap_or_default());
    let unit = RwSignal::new(person.as_ref().map(|person| person.unit.clone()));
    let roles = RwSignal::new(person.map(|person| person.roles).unwrap_or_default());
    let role_error = error("roles");
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        problem.set(None);
        let filled = [
            (!login.with_untracked(|login| login.trim().is_empty()), "login", "请填写登录名"),
            (!name.with_untracked(|name| name.trim().is_empty()), "name", "请填写姓名"),
            (unit.with_untracked(Option::is_some), "unit", "请选择单位"),
            (roles.get_untracked() != Roles::default(), "roles", "请至少选择一个岗位"),
        ];
        missing.set(filled.into_iter().filter(|(is_filled, ..)| !is_filled).map(|(_, field, words)| (field, words)).collect());
        if let (true, Some(unit)) = (missing.with_untracked(Vec::is_empty), unit.get_untracked()) {
            save.run(NewPerson { login: login.get_untracked(), name: name.get_untracked(), unit, roles: roles.get_untracked() });
        }
    };
    let role = move |word: &'static str, get: fn(Roles) -> bool, set: fn(&mut Roles, bool)| {
        view! {
            <label class="choice">
                <input type="checkbox" prop:checked=move || get(roles.get()) on:change=move |event| roles.update(|roles| set(roles, event_target_checked(&event))) />
                {word}
            </label>
        }
    };
    view! {
        <form on:submit=submit novalidate>
            <div class="dialog-body">
                <General problem />
                <Field id="person-login" label="登录名" hint="2–32 位字母、数字或 . _ -，添加后不能修改" required=true error=error("login") let:control>
                    <input
                        class="input"
                        id=control.id.clone()
                        required
                        readonly=!is_new
                        autofocus=is_new
                        autocapitalize="none"
                        autocomplete="off"
                        prop:value=login
                        on:input=move |event| login.set(event_target_value(&event))
                        aria-describedby=move || control.described_by.get()
                        aria-invalid=move || control.invalid.get().then_some("true")
                    />
                </Field>
                <Field id="person-name" label="姓名" required=true error=error("name") let:control>
                    <input
                        class="input"
                        id=control.id.clone()
                        required
                        autofocus=!is_new
                        autocomplete="off"
                        prop:value=name
                        on:input=move |event| name.set(event_target_value(&event))
                        aria-describedby=move || control.described_by.get()
                        aria-invalid=move || control.invalid.get().then_some("true")
                    />
                </Field>
                <Field id="person-unit" label="单位" required=true error=error("unit") let:control>
                    <select
                        class="select"
                        id=control.id.clone()
                        required
                        on:change=move |event| unit.set(UnitId::parse(&event_target_value(&event)).ok())
                        aria-describedby=move || control.described_by.get()
                        aria-invalid=move || control.invalid.get().then_some("true")
                    >
                        <option value="">"请选择"</option>
                        {all.into_iter().map(|one| {
                            let selected = unit.with_untracked(|unit| unit.as_ref() == Some(&one.id));
                            view! { <option value=one.id.to_string() selected=selected>{one.name}</option> }
                        }).collect_view()}
                    </select>
                </Field>
                <fieldset class="field" aria-describedby="person-roles-error">
                    <legend class="field-label">"岗位"<span class="field-required">"（必填）"</span></legend>
                    <div class="choices">
                        {role("经办", |roles| roles.clerk, |roles, on| roles.clerk = on)}
                        {role("审核人", |roles| roles.reviewer, |roles, on| roles.reviewer = on)}
                        {role("系统管理员", |roles| roles.admin, |roles, on| roles.admin = on)}
                    </div>
                    {move || role_error.get().map(|words| view! { <p class="field-error" id="person-roles-error">{words}</p> })}
                </fieldset>
            </div>
            <div class="dialog-foot">
                <button class="button" type="button" on:click=move |_| open.set(false)>"取消"</button>
                <button class="button" data-kind="primary" type="submit" disabled=move || pending.get()>"确定"</button>
            </div>
        </form>
    }
}

/// A generated password, shown this once.
#[component]
fn PasswordDialog(open: RwSignal<bool>, issued: RwSignal<Option<(String, String)>>) -> impl IntoView {
    view! {
        <Dialog open title="初始密码" size="small" on_close=move |()| issued.set(None)>
            {move || issued.get().map(|(login, password)| view! {
                <div class="dialog-body">
                    <p>"密码只显示这一次，请抄下并转告本人，提醒登录后在「我的账号」修改。"</p>
                    <dl class="facts">
                        <div><dt>"登录名"</dt><dd>{login}</dd></div>
                        <div><dt>"密码"</dt><dd><code>{password}</code></dd></div>
                    </dl>
                </div>
            })}
            <div class="dialog-foot">
                <button class="button" data-kind="primary" type="button" autofocus on:click=move |_| open.set(false)>"我已抄下"</button>
            </div>
        </Dialog>
    }
}
