//! Step ③「附件」 (C6): choosing, 「外网展示」, order, 「替换」, preview.

use super::super::api::change_attachment;
use super::super::seen::{Attachment, FileEdit, OlderFile};
use super::Draft;
use super::obstacles::focus_soon;
use super::uploads::{UploadList, Uploads};
use crate::app::{Tell, paths};
use crate::domain::announcement::attachment::{Preview, limits, preview, size_label};
use crate::domain::ids::{AnnouncementId, AttachmentId};
use crate::ui::{Confirm, Dialog};
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::{DragEvent, File, FileList, HtmlElement, HtmlInputElement};

/// The files that the browser offers to choose from; the server judges by content.
const ACCEPT: &str = ".pdf,.png,.jpg,.jpeg,.doc,.docx,.xls,.xlsx,.ofd";

fn listed(files: Option<FileList>) -> Vec<File> {
    files.map(|files| (0..files.length()).filter_map(|at| files.get(at)).collect()).unwrap_or_default()
}

/// The files of the input that an event comes from; afterwards the same file can be chosen again.
fn chosen(event: &leptos::ev::Event) -> Vec<File> {
    let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return Vec::new() };
    let files = listed(input.files());
    input.set_value("");
    files
}

/// What can be asked of a file.
#[derive(Clone, Copy)]
struct Deeds {
    draft: Draft,
    uploads: Uploads,
    tell: Tell,
    deleting: RwSignal<Option<Attachment>>,
    asking: RwSignal<bool>,
    /// The picture that is looked at: its address and name.
    looking: RwSignal<Option<(String, String)>>,
    is_looking: RwSignal<bool>,
}

impl Deeds {
    /// Sets 「外网展示」, or deletes.
    fn change(self, file: AttachmentId, is_shown: Option<bool>) {
        let draft = self.draft;
        draft.saver.then(move |version| async move {
            let edited = match version {
                Ok(version) => change_attachment(FileEdit { id: draft.id(), version, file: file.clone(), is_shown }).await,
                Err(error) => Err(error),
            };
            match edited {
                Ok(saved) => {
                    draft.files.update(|files| match is_shown {
                        Some(is_shown) => files.iter_mut().filter(|each| each.id == file).for_each(|each| each.is_shown = is_shown),
                        None => files.retain(|each| each.id != file),
                    });
                    // Its button is gone with the row.
                    if is_shown.is_none() {
                        focus_soon("file");
                    }
                    draft.logged().notify();
                    Some(saved)
                }
                Err(error) => {
                    self.tell.bad(error.to_string());
                    draft.files.notify();
                    None
                }
            }
        });
    }

    /// Moves a file by one place; the focus stays at its button.
    fn shift(self, file: &AttachmentId, up: bool) {
        let draft = self.draft;
        let moved = draft.files.try_update(|files| {
            let at = files.iter().position(|each| each.id == *file)?;
            let to = if up { at.checked_sub(1)? } else { at + 1 };
            (to < files.len()).then(|| files.swap(at, to))
        });
        if moved.flatten().is_none() {
            return;
        }
        let button = format!("file-{}-{file}", if up { "up" } else { "down" });
        request_animation_frame(move || {
            let element = document().get_element_by_id(&button).and_then(|element| element.dyn_into::<HtmlElement>().ok());
            // Without its button there is nothing to focus.
            _ = element.map(|element| element.focus());
        });
        let files: Vec<AttachmentId> = draft.files.with_untracked(|files| files.iter().map(|file| file.id.clone()).collect());
        if let Some(place) = files.iter().position(|each| each == file) {
            self.tell.ok(format!("已移到第 {} 位", place + 1));
        }
        draft.store_order(self.tell, files);
    }

    fn ask_to_delete(self, file: Attachment) {
        self.deleting.set(Some(file));
        self.asking.set(true);
    }

    fn look(self, address: String, name: String) {
        self.looking.set(Some((address, name)));
        self.is_looking.set(true);
    }
}

/// The step.
#[component]
pub fn FilesPanel(draft: Draft) -> impl IntoView {
    let uploads = Uploads::new(draft);
    let deeds = Deeds {
        draft,
        uploads,
        tell: expect_context::<Tell>(),
        deleting: RwSignal::new(None),
        asking: RwSignal::new(false),
        looking: RwSignal::new(None),
        is_looking: RwSignal::new(false),
    };
    let is_over = RwSignal::new(false);
    let dropped = move |event: DragEvent| {
        event.prevent_default();
        is_over.set(false);
        uploads.take(listed(event.data_transfer().and_then(|data| data.files())), None);
    };
    let over = move |event: DragEvent| {
        event.prevent_default();
        is_over.set(true);
    };
    let on_confirm = move |()| {
        if let Some(file) = deeds.deleting.get_untracked() {
            deeds.change(file.id, None);
        }
    };
    let limits = limits(draft.read(|read| read.file_mb));
    let consequence = Signal::derive(move || {
        deeds.deleting.with(|file| match file {
            Some(file) if !file.older.is_empty() => format!("附件“{}”连同 {} 个旧版本删除后不能恢复。", file.name, file.older.len()),
            Some(file) => format!("附件“{}”删除后不能恢复。", file.name),
            None => String::new(),
        })
    });
    let shown = move || {
        deeds
            .looking
            .get()
            .map(|(address, name)| view! { <div class="dialog-body"><img class="file-picture" src=address alt=name /></div> })
    };
    let picture =
        Signal::derive(move || deeds.looking.with(|looking| looking.as_ref().map(|(_, name)| format!("预览：{name}")).unwrap_or_default()));
    view! {
        <section class="panel" aria-labelledby="files-title">
            <header class="panel-head"><h2 id="files-title">"附件"</h2><span class="panel-note">"没有勾选「外网展示」的附件只在内部流转，外部无法访问"</span></header>
            <div class="panel-body stack">
                <div class="drop-zone" data-over=move || is_over.get().then_some("") on:dragover=over on:dragleave=move |_| is_over.set(false) on:drop=dropped>
                    <div class="file-pick">
                        <input class="visually-hidden" id="file" type="file" multiple accept=ACCEPT aria-describedby="file-hint" on:change=move |event| uploads.take(chosen(&event), None) />
                        <label class="button" for="file">"选择文件上传"</label>
                        <span>"或把文件拖到这里"</span>
                    </div>
                    <p class="field-hint" id="file-hint">{limits}</p>
                </div>
                <UploadList uploads />
                <ol class="files" aria-label="附件">
                    <For each=move || draft.files.get() key=|file| (file.id.clone(), file.is_shown, file.older.len()) let:file>
                        <FileRow file deeds />
                    </For>
                </ol>
                {move || draft.files.with(Vec::is_empty).then(|| view! { <p class="quiet">"还没有附件。"</p> })}
            </div>
        </section>
        <Confirm open=deeds.asking question="确定删除？" consequence on_confirm />
        <Dialog open=deeds.is_looking title=picture size="wide">{shown}</Dialog>
    }
}

#[component]
fn FileRow(file: Attachment, deeds: Deeds) -> impl IntoView {
    let draft = deeds.draft;
    let announcement = draft.id();
    let Attachment { id, name, size, is_shown, older, .. } = file.clone();
    let (shown, up, down, replaced) = (id.clone(), id.clone(), id.clone(), id.clone());
    let input = NodeRef::<html::Input>::new();
    let pick = move |_| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let ends = {
        let id = id.clone();
        move || draft.files.with(|files| (files.first().is_some_and(|file| file.id == id), files.last().is_some_and(|file| file.id == id)))
    };
    let last = ends.clone();
    view! {
        <li>
            <a class="file-name" href=paths::office_attachment(&announcement, &id) rel="external">{name.clone()}</a>
            <span class="file-size">{size_label(size)}</span>
            <Look file=file.clone() deeds />
            <div class="file-actions">
                <label class="choice">
                    <input type="checkbox" aria-label=format!("外网展示：{name}") prop:checked=is_shown on:change=move |event| deeds.change(shown.clone(), Some(event_target_checked(&event))) />
                    "外网展示"
                </label>
                <button class="button" data-kind="text" type="button" id=format!("file-up-{id}") aria-label=format!("上移：{name}") aria-disabled=move || ends().0.then_some("true") on:click=move |_| deeds.shift(&up, true)>"上移"</button>
                <button class="button" data-kind="text" type="button" id=format!("file-down-{id}") aria-label=format!("下移：{name}") aria-disabled=move || last().1.then_some("true") on:click=move |_| deeds.shift(&down, false)>"下移"</button>
                <button class="button" data-kind="text" type="button" aria-label=format!("替换附件：{name}") on:click=pick>"替换"</button>
                <input hidden type="file" accept=ACCEPT aria-label=format!("替换附件“{name}”的文件") node_ref=input on:change=move |event| deeds.uploads.take(chosen(&event), Some(&replaced)) />
                <button class="button" data-kind="text" data-tone="bad" type="button" aria-label=format!("删除附件：{name}") on:click=move |_| deeds.ask_to_delete(file.clone())>"删除"</button>
            </div>
            <Older announcement older />
        </li>
    }
}

/// 「预览」 of what a browser can show: a picture on the page, a document in a window of its own.
#[component]
fn Look(file: Attachment, deeds: Deeds) -> impl IntoView {
    let address = paths::office_preview(&deeds.draft.id(), &file.id);
    let label = format!("预览：{}", file.name);
    match preview(&file.media_type) {
        Some(Preview::Image) => view! {
            <button class="button" data-kind="text" type="button" aria-label=label on:click=move |_| deeds.look(address.clone(), file.name.clone())>"预览"</button>
        }
        .into_any(),
        Some(Preview::Pages) => view! {
            <a class="button" data-kind="text" href=address target="_blank" rel="external noopener" aria-label=format!("{label}（新窗口）")>"预览"</a>
        }
        .into_any(),
        None => ().into_any(),
    }
}

/// What a file has replaced; for the office alone.
#[component]
pub fn Older(announcement: AnnouncementId, older: Vec<OlderFile>) -> impl IntoView {
    (!older.is_empty()).then(|| {
        let count = older.len();
        let rows = older
            .into_iter()
            .map(|file| {
                view! {
                    <li>
                        <a class="file-name" href=paths::office_attachment(&announcement, &file.id) rel="external">{file.name}</a>
                        <span class="file-size">{size_label(file.size)}</span>
                        <span class="quiet small">{format!("{} 上传，已被替换，仅内部可见", file.uploaded_at.local_short())}</span>
                    </li>
                }
            })
            .collect_view();
        view! { <details class="fold file-older"><summary>{format!("旧版本 {count} 个")}</summary><ul class="files">{rows}</ul></details> }
    })
}
