//! The frame around every office page, and the addresses. The public portal is rendered apart (`features::portal`).

mod frame;
pub use frame::{Tell, Unread, use_actor};
pub mod chance;
pub mod kept;
pub mod missing;
mod pages;
pub mod paths;
mod save_problem;
pub use save_problem::SaveProblem;
#[cfg(feature = "ssr")]
pub mod shell;
mod sign_out;
pub mod when;

use crate::features::messages::page::MessagesPage;
use crate::features::records::list::RecordsPage;
use crate::features::session::account::AccountPage;
use crate::ui::Problem;
use frame::Frame;
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::path;

/// The office, from the frame inwards.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title formatter=|title: String| format!("{title} - 中小企业预留执行情况") />
        <Router>
            <Routes fallback=Missing>
                <ParentRoute path=path!("/office") view=Frame>
                    <Route path=path!("") view=RecordsPage />
                    <Route path=path!("records/:id") view=pages::RECORD />
                    <Route path=path!("records/:id/print") view=pages::RECORD_PRINT />
                    <Route path=path!("records/:id/explanation") view=pages::EXPLANATION />
                    <Route path=path!("records/:id/update") view=pages::UPDATE />
                    <Route path=path!("contracts") view=pages::CONTRACTS />
                    <Route path=path!("contracts/import") view=pages::NEW_IMPORT />
                    <Route path=path!("contracts/import/:id") view=pages::IMPORT />
                    <Route path=path!("contracts/new") view=pages::NEW_CONTRACT />
                    <Route path=path!("contracts/:id") view=pages::CONTRACT />
                    <Route path=path!("announcements") view=pages::ANNOUNCEMENTS />
                    <Route path=path!("announcements/:id") view=pages::ANNOUNCEMENT />
                    <Route path=path!("announcements/:id/versions") view=pages::VERSIONS />
                    <Route path=path!("messages") view=MessagesPage />
                    <Route path=path!("account") view=AccountPage />
                    <Route path=path!("settings") view=pages::SETTINGS />
                    <Route path=path!("admin") view=pages::ADMIN />
                    <Route path=path!("admin/thresholds") view=pages::THRESHOLDS />
                    <Route path=path!("admin/templates") view=pages::TEMPLATES />
                    <Route path=path!("admin/templates/new") view=pages::NEW_TEMPLATE />
                    <Route path=path!("admin/templates/:id") view=pages::TEMPLATE />
                    <Route path=path!("*rest") view=Missing />
                </ParentRoute>
            </Routes>
        </Router>
    }
}

/// An address of the office that leads nowhere.
#[component]
fn Missing() -> impl IntoView {
    missing::answer_404();
    view! {
        <Title text="没有这个页面" />
        <h1>"没有这个页面"</h1>
        <Problem message="没有这个页面，或您无权查看。请从左侧菜单重新进入。".to_owned() />
    }
}
