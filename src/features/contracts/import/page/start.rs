//! Choosing a file, and the imports that are under way or done.

use super::super::api::{Imports, contract_imports};
use super::Place;
use super::listed::{Applied, Open, TITLE};
use super::upload;
use crate::app::paths;
use crate::domain::sheet;
use crate::error::AppError;
use crate::ui::{Glyph, Icon, Problem};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::{DragEvent, File, HtmlInputElement};
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

/// The files that the browser offers to choose from; the server judges by content.
const ACCEPT: &str = ".xlsx,.csv,.txt";

/// The page where an import begins.
#[component]
pub fn NewImportPage() -> impl IntoView {
    let imports = Resource::new(|| (), |()| contract_imports());
    view! {
        <Title text="导入合同" />
        <Place />
        <header class="page-head">
            <a class="page-back" href=paths::CONTRACTS aria-label="返回合同台账">"‹"</a>
            <h1 id=TITLE tabindex="-1">"导入合同"</h1>
        </header>
        <Transition fallback=|| view! { <p class="loading" aria-busy="true">"正在读取…"</p> }>
            {move || Suspend::new(async move {
                match imports.await {
                    Err(error) => view! { <Problem message=error.to_string() /> }.into_any(),
                    Ok(imports) => view! { <Start imports /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Start(imports: Imports) -> impl IntoView {
    let Imports { open, applied, unit_name, takes_subordinates } = imports;
    let whose = if takes_subordinates {
        format!("「采购人」须为本单位（{unit_name}）或下级单位；下级单位自行录入的合同由其自己导入。")
    } else {
        format!("「采购人」须为本单位（{unit_name}），其他单位的合同不会导入。")
    };
    view! {
        <section class="panel" aria-labelledby="choose-title">
            <header class="panel-head">
                <h2 id="choose-title">"选择文件"</h2>
                <div class="panel-actions"><a class="button" data-kind="text" href=paths::IMPORT_TEMPLATE rel="external" download="">"下载模板"</a></div>
            </header>
            <div class="panel-body stack">
                <Choose />
                <ul class="import-notes">
                    <li>"支持 .xlsx 和 .csv（UTF-8 或 GB18030），不超过 64 MB、30 万行；旧版 .xls 请先另存为 .xlsx。"</li>
                    <li>{whose}</li>
                    <li>"采购人、合同编号、标项都相同的合同视为同一份：再次导入会更新原有内容。写入之前会逐项列出变更，由您确认。"</li>
                </ul>
            </div>
        </section>
        <Open imports=open />
        <Applied imports=applied />
    }
}

/// The place for a file: dropped, or chosen; then how much of it has travelled.
#[component]
fn Choose() -> impl IntoView {
    let sending = RwSignal::new(None::<(String, u32)>);
    let problem = RwSignal::new(None::<String>);
    let is_over = RwSignal::new(false);
    let navigate = use_navigate();
    #[expect(clippy::cast_precision_loss, reason = "browsers count bytes in floating point")]
    let send = Callback::new(move |file: File| {
        if sending.with_untracked(Option::is_some) {
            return;
        }
        problem.set(None);
        let name = file.name();
        // Said before it is sent: the server would refuse it in the middle, and the browser then only knows of a broken line.
        if file.size() > sheet::MAX_FILE_BYTES as f64 {
            return problem.set(Some(format!("“{name}”没有导入：{}", sheet::FILE_TOO_LARGE)));
        }
        sending.set(Some((name.clone(), 0)));
        let navigate = navigate.clone();
        let progress = move |percent: u32| {
            sending.try_update(|sending| {
                if let Some((_, sent)) = sending {
                    *sent = percent;
                }
            });
        };
        upload::send(&file, progress, move |answer| {
            sending.try_set(None);
            match answer {
                Some(Ok(import)) => navigate(&paths::import(&import.id), NavigateOptions::default()),
                Some(Err(error)) => {
                    let words = match &error {
                        AppError::Offline => "网络连接中断，文件没有上传，请重试".to_owned(),
                        error => error.to_string(),
                    };
                    problem.try_set(Some(format!("“{name}”没有导入：{words}")));
                }
                // Cancelled.
                None => {}
            }
        });
    });
    let chosen = move |event: leptos::ev::Event| {
        let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            send.run(file);
        }
        // The same file can be chosen again after a failure.
        input.set_value("");
    };
    let dropped = move |event: DragEvent| {
        event.prevent_default();
        is_over.set(false);
        let Some(files) = event.data_transfer().and_then(|data| data.files()) else { return };
        match (files.length(), files.get(0)) {
            (1, Some(file)) => send.run(file),
            (0, _) => {}
            _ => problem.set(Some("一次只能导入一个文件，请逐个拖入".to_owned())),
        }
    };
    let over = move |event: DragEvent| {
        event.prevent_default();
        is_over.set(true);
    };
    view! {
        <div class="drop-zone" data-over=move || is_over.get().then_some("") on:dragover=over on:dragleave=move |_| is_over.set(false) on:drop=dropped>
            <div class="file-pick">
                <input class="visually-hidden" id="import-file" type="file" accept=ACCEPT aria-describedby="import-problem" disabled=move || sending.with(Option::is_some) on:change=chosen />
                <label class="button" for="import-file">"选择文件"</label>
                <span>"或把文件拖到这里"</span>
            </div>
        </div>
        {move || sending.get().map(|(name, percent)| view! {
            <div class="work" aria-busy="true">
                <span role="status">{if percent < 100 { format!("正在上传“{name}” {percent}%") } else { format!("“{name}”已上传，正在识别…") }}</span>
                <progress max="100" value=percent.to_string() aria-label="上传进度" />
                <button class="button" type="button" on:click=move |_| upload::abort()>"取消上传"</button>
            </div>
        })}
        <div id="import-problem">
            {move || problem.get().map(|words| view! { <div class="alert" data-tone="bad" role="alert"><Icon glyph=Glyph::Refused /><p class="alert-body">{words}</p></div> })}
        </div>
    }
}
