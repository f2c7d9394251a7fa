//! The frame around every office page, and the addresses. The public portal is rendered apart (`features::portal`).

mod frame;
pub use frame::{Tell, Unread, use_actor};
pub mod chance;
pub mod kept;
pub mod missing;
pub mod paths;
#[cfg(feature = "ssr")]
pub mod shell;
mod sign_out;
pub mod when;

use crate::features::announcements::editor::AnnouncementPage;
use crate::features::announcements::list::AnnouncementsPage;
use crate::features::announcements::templates::list::TemplatesPage;
use crate::features::announcements::templates::page::{NewTemplatePage, TemplatePage};
use crate::features::announcements::versions::VersionsPage;
use crate::features::contracts::entry::page::{ContractPage, NewContractPage};
use crate::features::contracts::import::page::{ImportPage, NewImportPage};
use crate::features::contracts::list::ContractsPage;
use crate::features::messages::page::MessagesPage;
use crate::features::organisations::admin::AdminPage;
use crate::features::organisations::settings::SettingsPage;
use crate::features::records::explained::ExplanationPage;
use crate::features::records::list::RecordsPage;
use crate::features::records::page::RecordPage;
use crate::features::records::print::RecordPrintPage;
use crate::features::records::updating::UpdatePage;
use crate::features::session::account::AccountPage;
use crate::features::shares::page::ThresholdsPage;
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
                    <Route path=path!("records/:id") view=RecordPage />
                    <Route path=path!("records/:id/print") view=RecordPrintPage />
                    <Route path=path!("records/:id/explanation") view=ExplanationPage />
                    <Route path=path!("records/:id/update") view=UpdatePage />
                    <Route path=path!("contracts") view=ContractsPage />
                    <Route path=path!("contracts/import") view=NewImportPage />
                    <Route path=path!("contracts/import/:id") view=ImportPage />
                    <Route path=path!("contracts/new") view=NewContractPage />
                    <Route path=path!("contracts/:id") view=ContractPage />
                    <Route path=path!("announcements") view=AnnouncementsPage />
                    <Route path=path!("announcements/:id") view=AnnouncementPage />
                    <Route path=path!("announcements/:id/versions") view=VersionsPage />
                    <Route path=path!("messages") view=MessagesPage />
                    <Route path=path!("account") view=AccountPage />
                    <Route path=path!("settings") view=SettingsPage />
                    <Route path=path!("admin") view=AdminPage />
                    <Route path=path!("admin/thresholds") view=ThresholdsPage />
                    <Route path=path!("admin/templates") view=TemplatesPage />
                    <Route path=path!("admin/templates/new") view=NewTemplatePage />
                    <Route path=path!("admin/templates/:id") view=TemplatePage />
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
