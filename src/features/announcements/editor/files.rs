//! Step ③「附件」 (C6).

use super::super::api::change_attachment;
use super::super::seen::{Attachment, FileEdit};
use super::Draft;
use super::upload::send;
use crate::app::{Tell, paths};
use crate::domain::announcement::attachment::size_label;
use crate::ui::Confirm;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::HtmlInputElement;

/// The files that the browser offers to choose from; the server judges by content.
const ACCEPT: &str = ".pdf,.png,.jpg,.jpeg,.doc,.docx,.xls,.xlsx,.ofd";

/// The step.
#[component]
pub fn FilesPanel(draft: Draft) -> impl IntoView {
    let tell = expect_context::<Tell>();
    let uploading = RwSignal::new(0_usize);
    let problem = RwSignal::new(None::<String>);
    let deleting = RwSignal::new(None::<Attachment>);
    let asking = RwSignal::new(false);
    let choose = move |event: leptos::ev::Event| {
        let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
        let files: Vec<_> = input.files().map(|files| (0..files.length()).filter_map(|at| files.get(at)).collect()).unwrap_or_default();
        problem.set(None);
        for file in files {
            uploading.update(|count| *count += 1);
            draft.saver.then(move |version| async move {
                let sent = match version {
                    Ok(version) => send(&draft.id(), version, &file).await,
                    Err(error) => Err(error),
                };
                uploading.update(|count| *count = count.saturating_sub(1));
                match sent {
                    Ok(uploaded) => {
                        draft.files.update(|files| files.push(uploaded.file));
                        draft.logged().notify();
                        Some(uploaded.saved)
                    }
                    Err(error) => {
                        problem.set(Some(format!("“{}”没有上传：{error}", file.name())));
                        None
                    }
                }
            });
        }
        // The same file can be chosen again after a failure.
        input.set_value("");
    };
    let change = move |file: Attachment, is_shown: Option<bool>| {
        draft.saver.then(move |version| async move {
            let edited = match version {
                Ok(version) => change_attachment(FileEdit { id: draft.id(), version, file: file.id.clone(), is_shown }).await,
                Err(error) => Err(error),
            };
            match edited {
                Ok(saved) => {
                    draft.files.update(|files| match is_shown {
                        Some(is_shown) => files.iter_mut().filter(|each| each.id == file.id).for_each(|each| each.is_shown = is_shown),
                        None => files.retain(|each| each.id != file.id),
                    });
                    draft.logged().notify();
                    Some(saved)
                }
                Err(error) => {
                    tell.bad(error.to_string());
                    draft.files.notify();
                    None
                }
            }
        });
    };
    let show = Callback::new(move |(file, is_shown): (Attachment, bool)| change(file, Some(is_shown)));
    let ask = Callback::new(move |file: Attachment| {
        deleting.set(Some(file));
        asking.set(true);
    });
    let on_confirm = move |()| {
        if let Some(file) = deleting.get_untracked() {
            change(file, None);
        }
    };
    view! {
        <section class="panel" aria-labelledby="files-title">
            <header class="panel-head"><h2 id="files-title">"附件"</h2><span class="panel-note">"没有勾选「外网展示」的附件只在内部流转，外部无法访问"</span></header>
            <div class="panel-body stack">
                <div class="drop-zone">
                    <label for="file">"选择文件上传"</label>
                    <input id="file" type="file" multiple accept=ACCEPT aria-describedby="file-hint file-problem" on:change=choose />
                    <p class="field-hint" id="file-hint">"PDF、PNG、JPEG、Word、Excel、OFD"</p>
                    <p role="status">{move || (uploading.get() > 0).then(|| format!("正在上传 {} 个文件…", uploading.get()))}</p>
                    <p class="field-error" id="file-problem" role="alert">{move || problem.get()}</p>
                </div>
                <ul class="files">
                    <For each=move || draft.files.get() key=|file| (file.id.clone(), file.is_shown) let:file>
                        <FileRow file draft show ask />
                    </For>
                </ul>
                {move || draft.files.with(Vec::is_empty).then(|| view! { <p class="quiet">"还没有附件。"</p> })}
            </div>
        </section>
        <Confirm open=asking question="确定删除？" consequence="附件删除后不能恢复。" on_confirm />
    }
}

#[component]
fn FileRow(file: Attachment, draft: Draft, show: Callback<(Attachment, bool)>, ask: Callback<Attachment>) -> impl IntoView {
    let href = paths::office_attachment(&draft.id(), &file.id);
    let (shown, deleted) = (file.clone(), file.clone());
    view! {
        <li>
            <a class="file-name" href=href rel="external">{file.name.clone()}</a>
            <span class="file-size">{size_label(file.size)}</span>
            <div class="file-actions">
                <label class="choice">
                    <input type="checkbox" prop:checked=file.is_shown on:change=move |event| show.run((shown.clone(), event_target_checked(&event))) />
                    "外网展示"
                </label>
                <button class="button" data-kind="text" data-tone="bad" type="button" aria-label=format!("删除附件：{}", file.name) on:click=move |_| ask.run(deleted.clone())>"删除"</button>
            </div>
        </li>
    }
}
