//! 「退出」: asks first when something typed lies in this browser only.

use super::{kept, use_actor};
use crate::domain::ids::UserId;
use crate::ui::Dialog;
use leptos::html;
use leptos::prelude::*;

/// What the button and its question share; the question stands outside of the bar.
#[derive(Clone, Copy)]
pub struct Leaving {
    form: NodeRef<html::Form>,
    is_asked: RwSignal<bool>,
    count: RwSignal<usize>,
    user: StoredValue<UserId>,
}

impl Leaving {
    /// For who is signed in.
    pub fn new() -> Leaving {
        let user = StoredValue::new(use_actor().user);
        Leaving { form: NodeRef::new(), is_asked: RwSignal::new(false), count: RwSignal::new(0), user }
    }
}

/// The button; without script it signs out at once.
#[component]
pub fn SignOut(leaving: Leaving) -> impl IntoView {
    let submit = move |event: leptos::ev::SubmitEvent| {
        let count = leaving.user.with_value(kept::count_of);
        leaving.count.set(count);
        if count > 0 {
            event.prevent_default();
            leaving.is_asked.set(true);
        }
    };
    view! { <form node_ref=leaving.form method="post" action="/sign-out" on:submit=submit><button type="submit">"退出"</button></form> }
}

/// The question.
#[component]
pub fn SignOutQuestion(leaving: Leaving) -> impl IntoView {
    let leave = move |_| {
        leaving.user.with_value(kept::leave);
        if let Some(form) = leaving.form.get_untracked() {
            // A form that is not sent leaves the person signed in, in sight of it.
            let _ = form.submit();
        }
    };
    let words = move || format!("还有未保存的内容：{} 处内容只保留在本机。现在退出，这些内容将被清除，不能恢复。", leaving.count.get());
    view! {
        <Dialog open=leaving.is_asked title="退出登录" size="small">
            <div class="dialog-body"><p>{words}</p></div>
            <div class="dialog-foot">
                <button type="button" class="button" autofocus=true on:click=move |_| leaving.is_asked.set(false)>"取消"</button>
                <button type="button" class="button" data-kind="danger-primary" on:click=leave>"仍然退出"</button>
            </div>
        </Dialog>
    }
}
