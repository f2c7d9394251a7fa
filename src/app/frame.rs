//! The frame of the office: top bar, menu, content.

use super::paths;
use super::sign_out::{Leaving, SignOut, SignOutQuestion};
use crate::domain::access::{self, Deed, Relation};
use crate::domain::organisation::Actor;
use crate::features::messages::api::unread_messages;
use crate::ui::{Again, Live, Told};
use leptos::prelude::*;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_location;

/// Who is signed in, as the server knew when it rendered the page. The screen draws by it; the server asks anew for every deed.
pub fn use_actor() -> Actor {
    expect_context::<Actor>()
}

/// Lets a page ask for the count of unread messages to be read again.
#[derive(Clone, Copy)]
pub struct Unread(Again);

impl Unread {
    /// Reads the count again.
    pub fn refresh(self) {
        self.0.notify();
    }
}

/// Says what has happened, in the frame's live region.
#[derive(Clone, Copy)]
pub struct Tell(RwSignal<Option<Told>>);

impl Tell {
    /// Something went well.
    pub fn ok(self, words: impl Into<String>) {
        self.0.set(Some(Told::ok(words)));
    }

    /// Something went wrong; the words say what to do.
    pub fn bad(self, words: impl Into<String>) {
        self.0.set(Some(Told::bad(words)));
    }
}

/// The office around its pages.
#[component]
pub fn Frame() -> impl IntoView {
    let actor = SharedValue::new(use_context::<Actor>).into_inner();
    let Some(actor) = actor else {
        // The layer in front sends those without a session to the sign-in page; this is the page being drawn in between.
        return view! { <p><a href=paths::SIGN_IN rel="external">"请先登录"</a></p> }.into_any();
    };
    provide_context(actor.clone());
    let leaving = Leaving::new();
    let unread = Unread(Again::new());
    provide_context(unread);
    let told = RwSignal::new(None::<Told>);
    provide_context(Tell(told));
    let who = format!("{} · {}", actor.unit_name, actor.name);
    let works = actor.roles.clerk || actor.roles.reviewer;
    let announces = works && actor.in_supervisor;
    let chooses = access::may(&actor, Deed::ChooseYearBasis, Relation::Own).is_ok();
    let is_admin = actor.roles.admin;
    view! {
        <div class="office">
            <a class="skip-link" href="#content">"跳到正文"</a>
            <header class="topbar">
                <a class="product" href=paths::RECORDS>
                    <span class="product-mark" aria-hidden="true"></span>
                    "中小企业预留执行情况"
                </a>
                <Fold />
                <nav class="topbar-nav" aria-label="个人">
                    <LargeType />
                    <a class="topbar-always" href=paths::MESSAGES>"消息" <UnreadCount unread /></a>
                    <a href=paths::ACCOUNT>{who}</a>
                    <SignOut leaving />
                </nav>
            </header>
            <nav class="sidemenu" aria-label="主菜单">
                <div class="sidemenu-inner">
                    {works.then(|| view! {
                        <p class="sidemenu-group">"我的工作台 › 项目采购委托采购"</p>
                        <ul>
                            <MenuLink href=paths::RECORDS exact=true label="中小企业预留执行情况" also="/office/records" />
                            <MenuLink href=paths::CONTRACTS exact=false label="合同台账" also="" />
                            {announces.then(|| view! {
                                <MenuLink href=paths::ANNOUNCEMENTS exact=false label="公告列表" also="" />

                            })}
                            {chooses.then(|| view! { <MenuLink href=paths::SETTINGS exact=true label="统计口径设置" also="" /> })}
                        </ul>
                    })}
                    {is_admin.then(|| view! {
                        <p class="sidemenu-group">"系统"</p>
                        <ul><MenuLink href=paths::ADMIN exact=false label="系统管理" also="" /></ul>
                    })}
                </div>
            </nav>
            <main class="content" id="content" tabindex="-1">
                <Outlet />
            </main>
            <SignOutQuestion leaving />
            <Live told />
        </div>
    }
    .into_any()
}

/// 「菜单」 of narrow screens; closes itself after a navigation.
#[component]
fn Fold() -> impl IntoView {
    let node = NodeRef::<leptos::html::Details>::new();
    let location = use_location();
    Effect::new(move || {
        location.pathname.track();
        if let Some(fold) = node.get() {
            fold.set_open(false);
        }
    });
    view! { <details class="menu-fold" node_ref=node><summary>"菜单"</summary></details> }
}

#[component]
fn MenuLink(href: &'static str, exact: bool, label: &'static str, also: &'static str) -> impl IntoView {
    let location = use_location();
    let current = move || {
        let path = location.pathname.get();
        let here = if exact { path == href } else { path.starts_with(href) };
        (here || (!also.is_empty() && path.starts_with(also))).then_some("page")
    };
    view! { <li><a href=href aria-current=current>{label}</a></li> }
}

#[component]
fn UnreadCount(unread: Unread) -> impl IntoView {
    let count = Resource::new(move || unread.0.count(), |_| async { unread_messages().await.unwrap_or_default() });
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                let count = count.await;
                (count > 0).then(|| view! { <span class="count-badge">{count}<span class="visually-hidden">" 条未读"</span></span> })
            })}
        </Suspense>
    }
}

/// 长者模式: larger type and targets, remembered by this browser.
#[component]
fn LargeType() -> impl IntoView {
    let is_large = RwSignal::new(false);
    Effect::new(move || {
        is_large.set(document().document_element().is_some_and(|root| root.has_attribute("data-large")));
    });
    let toggle = move |_| {
        let large = !is_large.get_untracked();
        is_large.set(large);
        if let Some(root) = document().document_element() {
            let done = if large { root.set_attribute("data-large", "") } else { root.remove_attribute("data-large") };
            debug_assert!(done.is_ok(), "data-large is a valid attribute name");
        }
        // A browser without storage forgets the choice with the page; the page itself is as wanted.
        if let Ok(Some(storage)) = window().local_storage() {
            let _ = if large { storage.set_item("setaside-large", "1") } else { storage.remove_item("setaside-large") };
        }
    };
    view! {
        <button type="button" aria-pressed=move || is_large.get().to_string() on:click=toggle>"长者模式"</button>
    }
}
