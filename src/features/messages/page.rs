//! The page of 消息.

use super::api::{messages, read_message, read_messages};
use crate::app::{Unread, paths};
use crate::domain::ids::MessageId;
use crate::ui::Problem;
use leptos::prelude::*;
use leptos_meta::Title;

/// The person's messages, newest first.
#[component]
pub fn MessagesPage() -> impl IntoView {
    let read = Action::new(|(): &()| async { read_messages().await });
    let list = Resource::new(move || read.version().get(), |_| messages());
    let unread = expect_context::<Unread>();
    // Whoever follows a message has read it.
    let opened = move |id: MessageId| {
        leptos::task::spawn_local(async move {
            // Where that fails it stays unread, and nothing else hangs on it.
            if read_message(id).await.is_ok() {
                unread.refresh();
            }
        });
    };
    Effect::new(move || {
        if read.version().get() > 0 {
            unread.refresh();
        }
    });
    view! {
        <Title text="消息" />
        <nav aria-label="位置"><ol class="breadcrumb"><li><a href=paths::RECORDS>"首页"</a></li><li aria-current="page">"消息"</li></ol></nav>
        <div class="page-head">
            <h1>"消息"</h1>
            <div class="page-actions">
                <button class="button" type="button" disabled=move || read.pending().get() on:click=move |_| { read.dispatch(()); }>"全部标为已读"</button>
            </div>
        </div>
        <section class="card">
            <Suspense fallback=|| view! { <p class="empty">"正在读取…"</p> }>
                {move || Suspend::new(async move {
                    match list.await {
                        Err(error) => view! { <Problem message=error.to_string() /> }.into_any(),
                        Ok(list) if list.is_empty() => view! { <p class="empty">"还没有消息。有待您审批、被退回、审核完成或已发布的内容时，会在这里提醒。"</p> }.into_any(),
                        Ok(list) => view! {
                            <ul class="messages">
                                {list.into_iter().map(|message| (message.id.clone(), message)).map(|(id, message)| view! {
                                    <li class="message" data-unread=(!message.is_read).then_some("")>
                                        <div class="message-title"><a href=message.href on:click=move |_| if !message.is_read { opened(id.clone()) }>{message.text}</a>{message.is_done.then(|| view! { " " <span class="chip" data-tone="ok">"已处理"</span> })}{(!message.is_read).then(|| view! { <span class="visually-hidden">"（未读）"</span> })}</div>
                                        <time class="message-time" datetime=message.at.to_string()>{message.at.local()}</time>
                                    </li>
                                }).collect_view()}
                            </ul>
                        }.into_any(),
                    }
                })}
            </Suspense>
        </section>
    }
}
