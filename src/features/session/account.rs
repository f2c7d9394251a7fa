//! One's own account: who one is here, and the change of one's password.

use super::api::{PasswordChange, change_password};
use crate::app::{paths, use_actor};
use crate::error::AppError;
use crate::ui::{Field, Problem};
use leptos::prelude::*;
use leptos_meta::Title;

/// The account page.
#[component]
pub fn AccountPage() -> impl IntoView {
    let actor = use_actor();
    let (old, new, again) = (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(String::new()));
    let problem = RwSignal::new(None::<AppError>);
    let done = RwSignal::new(false);
    let change = Action::new(move |input: &PasswordChange| {
        let input = input.clone();
        async move {
            match change_password(input).await {
                Ok(()) => {
                    problem.set(None);
                    done.set(true);
                    for field in [old, new, again] {
                        field.set(String::new());
                    }
                }
                Err(error) => problem.set(Some(error)),
            }
        }
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        done.set(false);
        if new.get_untracked() == again.get_untracked() {
            change.dispatch(PasswordChange { old: old.get_untracked(), new: new.get_untracked() });
        } else {
            problem.set(Some(AppError::field("again", "两次输入的新密码不一致")));
        }
    };
    let general = move || {
        problem
            .get()
            .filter(|error| !matches!(error, AppError::InvalidField { .. }))
            .map(|error| view! { <Problem message=error.to_string() /> })
    };
    view! {
        <Title text="我的账号" />
        <nav aria-label="位置"><ol class="breadcrumb"><li><a href=paths::RECORDS>"首页"</a></li><li aria-current="page">"我的账号"</li></ol></nav>
        <header class="page-head"><h1>"我的账号"</h1></header>
        <section class="panel">
            <div class="panel-head"><h2>"基本情况"</h2></div>
            <dl class="facts panel-body">
                <div><dt>"姓名"</dt><dd>{actor.name}</dd></div>
                <div><dt>"单位"</dt><dd>{actor.unit_name}</dd></div>
                <div><dt>"岗位"</dt><dd>{actor.roles.label()}</dd></div>
            </dl>
        </section>
        <section class="panel">
            <div class="panel-head"><h2>"修改密码"</h2></div>
            <form class="form panel-body" on:submit=submit>
                {general}
                <p role="status">{move || done.get().then_some("密码已修改，其他设备上的登录已退出")}</p>
                <PasswordField name="old" label="原密码" hint="现在登录用的密码" autocomplete="current-password" value=old problem />
                <PasswordField name="new" label="新密码" hint="至少 8 位，含字母、数字、符号中的两种" autocomplete="new-password" value=new problem />
                <PasswordField name="again" label="再次输入新密码" hint="与新密码相同" autocomplete="new-password" value=again problem />
                <div class="form-actions"><button class="button" data-kind="primary" type="submit" disabled=move || change.pending().get()>"修改密码"</button></div>
            </form>
        </section>
    }
}

#[component]
fn PasswordField(
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    autocomplete: &'static str,
    value: RwSignal<String>,
    problem: RwSignal<Option<AppError>>,
) -> impl IntoView {
    let error = Signal::derive(move || problem.with(|problem| problem.as_ref().and_then(|error| error.at_field(name))));
    view! {
        <Field id=name label error hint=hint let:control>
            <input
                class="input"
                id=control.id.clone()
                type="password"
                autocomplete=autocomplete
                required
                prop:value=value
                on:input=move |event| value.set(event_target_value(&event))
                aria-invalid=move || control.invalid.get().then_some("true")
                aria-describedby=move || control.described_by.get()
            />
        </Field>
    }
}
