//! The pages in the parts that the browser's program is fetched in: with the frame comes what everyone needs, and a part when one of its
//! pages is first opened. Where a part does not arrive, the page says so and the program goes on.

use crate::features::announcements::editor::AnnouncementPage;
use crate::features::announcements::list::AnnouncementsPage;
use crate::features::announcements::templates::list::TemplatesPage;
use crate::features::announcements::templates::page::{NewTemplatePage, TemplatePage};
use crate::features::announcements::versions::VersionsPage;
use crate::features::contracts::entry::page::{ContractPage, NewContractPage};
use crate::features::contracts::import::page::{ImportPage, NewImportPage};
use crate::features::contracts::list::ContractsPage;
use crate::features::organisations::admin::AdminPage;
use crate::features::organisations::settings::SettingsPage;
use crate::features::records::explained::ExplanationPage;
use crate::features::records::page::RecordPage;
use crate::features::records::print::RecordPrintPage;
use crate::features::records::updating::UpdatePage;
use crate::features::shares::page::ThresholdsPage;
use crate::ui::Problem;
use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use leptos::web_sys::Event;
use leptos_meta::Title;
use leptos_router::ChooseView;
use std::pin::Pin;

type Loading<T> = Pin<Box<dyn Future<Output = Result<T, SplitLoaderError>>>>;

/// A page of which the program may still have to be fetched; what a route shows.
#[derive(Clone, Copy)]
pub struct Page {
    part: &'static str,
    view: fn() -> Loading<AnyView>,
    load: fn() -> Loading<()>,
}

/// Sent to the window where the page that the server rendered cannot be taken over: the part of the program that it needs did not arrive.
pub const PART_MISSING: &str = "setaside-part-missing";

impl ChooseView for Page {
    async fn choose(self) -> AnyView {
        preload::announce(self.part);
        (self.view)().await.unwrap_or_else(|_| view! { <NotLoaded /> }.into_any())
    }

    // The page before stands until the part is there; that it did not come is said in its place. Where the server's page stands nothing
    // else could: it says itself that the program does not run.
    async fn preload(&self) {
        if (self.load)().await.is_err() && is_taking_over() {
            let _ = Event::new(PART_MISSING).and_then(|event| window().dispatch_event(&event));
            std::future::pending::<()>().await;
        }
    }
}

/// The browser is told with the page which part it needs, and need not find out after the program has started.
#[cfg(feature = "ssr")]
mod preload {
    use crate::server::request::Services;
    use axum::http::{HeaderValue, header};
    use leptos::prelude::use_context;
    use leptos_axum::ResponseOptions;

    pub fn announce(part: &str) {
        let (Some(response), Some(services)) = (use_context::<ResponseOptions>(), use_context::<Services>()) else { return };
        for address in services.assets.parts.get(part).into_iter().flatten() {
            if let Ok(link) = HeaderValue::from_str(&format!("<{address}>; rel=preload; as=fetch; crossorigin")) {
                response.append_header(header::LINK, link);
            }
        }
    }
}

#[cfg(not(feature = "ssr"))]
mod preload {
    pub const fn announce(_part: &str) {}
}

fn is_taking_over() -> bool {
    Owner::current_shared_context().is_some_and(|context| context.during_hydration())
}

/// The part of the program that this page needs did not arrive.
#[component]
fn NotLoaded() -> impl IntoView {
    view! {
        <Title text="页面没有载入" />
        <h1>"页面没有载入"</h1>
        <Problem message="这个页面的程序没有下载下来，可能是网络中断，或系统刚刚更新。请检查网络后刷新页面；已填写而未保存的内容仍保留在本机。".to_owned() />
    }
}

/// Defines a page of a part: the constant for the route, and the two functions behind it.
macro_rules! page {
    ($part:ident, $(#[$doc:meta])* $page:ident, $view:ident, $load:ident, $component:path) => {
        #[wasm_split($part, wasm_split_path = leptos::wasm_split, preload($load), fallible)]
        fn $view() -> Result<AnyView, SplitLoaderError> {
            Ok($component().into_any())
        }

        $(#[$doc])*
        pub const $page: Page = Page { part: stringify!($part), view: || Box::pin($view()), load: || Box::pin($load()) };
    };
}

page!(records, /// One 年度数据.
    RECORD, record, load_record, RecordPage);
page!(records, /// One 年度数据 on paper.
    RECORD_PRINT, record_print, load_record_print, RecordPrintPage);
page!(records, /// 口径解释.
    EXPLANATION, explanation, load_explanation, ExplanationPage);
page!(records, /// 从合同更新.
    UPDATE, update, load_update, UpdatePage);
page!(contracts, /// 合同台账.
    CONTRACTS, contracts, load_contracts, ContractsPage);
page!(contracts, /// A new 自行录入 contract.
    NEW_CONTRACT, new_contract, load_new_contract, NewContractPage);
page!(contracts, /// One contract.
    CONTRACT, contract, load_contract, ContractPage);
page!(contracts, /// A new import.
    NEW_IMPORT, new_import, load_new_import, NewImportPage);
page!(contracts, /// One import.
    IMPORT, import, load_import, ImportPage);
page!(announcements, /// The list of 公告.
    ANNOUNCEMENTS, announcements, load_announcements, AnnouncementsPage);
page!(announcements, /// One 公告.
    ANNOUNCEMENT, announcement, load_announcement, AnnouncementPage);
page!(announcements, /// The versions of a 公告.
    VERSIONS, versions, load_versions, VersionsPage);
page!(announcements, /// The list of 公告模板.
    TEMPLATES, templates, load_templates, TemplatesPage);
page!(announcements, /// A new 公告模板.
    NEW_TEMPLATE, new_template, load_new_template, NewTemplatePage);
page!(announcements, /// One 公告模板.
    TEMPLATE, template, load_template, TemplatePage);
page!(administration, /// 本单位设置.
    SETTINGS, settings, load_settings, SettingsPage);
page!(administration, /// 组织与账号.
    ADMIN, admin, load_admin, AdminPage);
page!(administration, /// 预留份额标准.
    THRESHOLDS, thresholds, load_thresholds, ThresholdsPage);
