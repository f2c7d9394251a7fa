//! The files on their way: several at once, each with its progress, its way out and its way back (C6).
//!
//! Always: an upload keeps its key until it is done or given up, so that sending it again never makes a second file; it does not wait for
//! the saving of the texts, and they do not wait for it.

use super::super::api::order_attachments;
use super::super::seen::FileOrder;
use super::Draft;
use super::saving::is_passing;
use super::upload::{abort, choose, forget, send};
use crate::app::{Tell, chance, paths};
use crate::domain::announcement::attachment::{FILES_MAX, FileRefused, MB, as_chosen, size_label};
use crate::domain::ids::{AttachmentId, UploadKey};
use crate::error::AppError;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys::File;

/// Uploads that travel at the same time; the others wait for their turn.
const AT_ONCE: usize = 2;

/// How an upload stands.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Standing {
    /// It waits for its turn.
    Waiting,
    /// So many hundredths have travelled.
    Sending(u32),
    /// It did not arrive: why, and whether sending it again can help.
    Failed(String, bool),
}

/// A file on its way.
#[derive(Clone, Debug)]
struct Upload {
    key: UploadKey,
    name: String,
    size: i64,
    replaces: Option<AttachmentId>,
    standing: Standing,
}

/// The files on their way.
#[derive(Clone, Copy)]
pub struct Uploads {
    draft: Draft,
    list: RwSignal<Vec<Upload>>,
    /// The uploads of new files since nothing was on its way, in the order of their choice, each with the file that it has become.
    chosen: StoredValue<Vec<(UploadKey, Option<AttachmentId>)>>,
    tell: Tell,
}

impl Draft {
    /// Stores the order of the files, and looks afterwards what has become of them.
    pub fn store_order(self, tell: Tell, files: Vec<AttachmentId>) {
        spawn_local(async move {
            if let Err(error) = order_attachments(FileOrder { id: self.id(), files }).await {
                tell.bad(format!("附件的顺序没有保存：{error}"));
            }
            self.catch_up();
        });
    }
}

impl Uploads {
    /// None yet.
    pub fn new(draft: Draft) -> Uploads {
        Uploads { draft, list: RwSignal::new(Vec::new()), chosen: StoredValue::new(Vec::new()), tell: expect_context() }
    }

    /// Takes chosen files; the ones that cannot be sent say so at once.
    pub fn take(self, files: Vec<File>, replaces: Option<&AttachmentId>) {
        let mb = self.draft.read(|read| read.file_mb);
        for file in files {
            let Some(key) = chance::new_id::<UploadKey>() else { continue };
            #[expect(clippy::cast_possible_truncation, reason = "browsers count bytes in floating point, exactly up to 2^53")]
            let size = file.size() as i64;
            // Said before it is sent: the server would refuse it in the middle, and the browser then only knows of a broken line.
            let fault = match usize::try_from(size).unwrap_or(usize::MAX) {
                0 => Some(FileRefused::Empty),
                bytes if bytes > mb * MB => Some(FileRefused::TooLarge(mb)),
                _ if replaces.is_none() && self.count() >= FILES_MAX => Some(FileRefused::TooMany),
                _ => None,
            };
            // There may be room for it once another has gone.
            let standing = fault.map_or(Standing::Waiting, |fault| Standing::Failed(fault.to_string(), fault == FileRefused::TooMany));
            let upload = Upload { key: key.clone(), name: file.name(), size, replaces: replaces.cloned(), standing };
            if replaces.is_none() {
                self.chosen.update_value(|chosen| chosen.push((key.clone(), None)));
            }
            choose(&key, file);
            self.list.update(|list| list.push(upload));
        }
        self.work();
    }

    /// The files that there are and that are coming.
    fn count(self) -> usize {
        let coming = self.list.with_untracked(|list| {
            list.iter().filter(|upload| upload.replaces.is_none() && !matches!(upload.standing, Standing::Failed(..))).count()
        });
        coming + self.draft.files.with_untracked(Vec::len)
    }

    /// Begins what may begin.
    fn work(self) {
        loop {
            let next = self.list.try_update(|list| {
                let sending = list.iter().filter(|upload| matches!(upload.standing, Standing::Sending(_))).count();
                let next = list.iter_mut().find(|upload| upload.standing == Standing::Waiting)?;
                (sending < AT_ONCE).then(|| {
                    next.standing = Standing::Sending(0);
                    next.clone()
                })
            });
            let Some(Some(upload)) = next else { break };
            self.begin(&upload);
        }
    }

    fn begin(self, upload: &Upload) {
        let address = paths::upload(&self.draft.id(), &upload.key, upload.replaces.as_ref());
        let (key, replaces) = (upload.key.clone(), upload.replaces.clone());
        let of = key.clone();
        let progress = move |percent| self.stand(&of, Standing::Sending(percent));
        send(&upload.key, &address, progress, move |answer| {
            match answer {
                Some(Ok(uploaded)) => {
                    self.chosen.try_update_value(|chosen| {
                        if let Some((_, file)) = chosen.iter_mut().find(|(of, _)| *of == key) {
                            *file = Some(uploaded.file.id.clone());
                        }
                    });
                    self.draft.files.try_update(|files| match replaces.and_then(|old| files.iter().position(|file| file.id == old)) {
                        Some(at) => files[at] = uploaded.file,
                        None if files.iter().all(|file| file.id != uploaded.file.id) => files.push(uploaded.file),
                        None => {}
                    });
                    self.remove(&key);
                    self.draft.logged().notify();
                }
                Some(Err(error)) => {
                    let words = match &error {
                        AppError::Offline => "网络连接中断，没有上传完成".to_owned(),
                        AppError::SignedOut => "登录已过期，请在新页面重新登录后重试".to_owned(),
                        error => error.to_string(),
                    };
                    self.stand(&key, Standing::Failed(words, is_passing(&error)));
                }
                // Cancelled.
                None => self.remove(&key),
            }
            self.work();
            self.arrange();
        });
    }

    /// The quick ones arrive before the large ones: once nothing is on its way, those that were chosen together stand as they were chosen. However
    /// the uploads ended, the page looks afterwards what has become of the files: also a cancelled one may have arrived.
    fn arrange(self) {
        let is_idle = |list: &Vec<Upload>| list.iter().all(|upload| matches!(upload.standing, Standing::Failed(..)));
        let draft = self.draft;
        if self.list.try_with_untracked(is_idle) != Some(true) {
            draft.catch_up();
            return;
        }
        let chosen: Vec<AttachmentId> =
            self.chosen.try_update_value(std::mem::take).unwrap_or_default().into_iter().filter_map(|(_, file)| file).collect();
        let present: Vec<AttachmentId> = draft.files.with_untracked(|files| files.iter().map(|file| file.id.clone()).collect());
        let files = as_chosen(&present, &chosen);
        // The server may hold them in another order than their answers came in: only one alone stands where it stands.
        if chosen.len() < 2 {
            draft.catch_up();
            return;
        }
        draft.files.update(|shown| shown.sort_by_key(|file| files.iter().position(|id| *id == file.id)));
        draft.store_order(self.tell, files);
    }

    fn stand(self, key: &UploadKey, standing: Standing) {
        self.list.try_update(|list| {
            if let Some(upload) = list.iter_mut().find(|upload| upload.key == *key) {
                upload.standing = standing;
            }
        });
    }

    fn remove(self, key: &UploadKey) {
        forget(key);
        self.list.try_update(|list| list.retain(|upload| upload.key != *key));
    }

    /// Gives an upload up.
    fn cancel(self, key: &UploadKey) {
        let is_sending = self
            .list
            .with_untracked(|list| list.iter().any(|upload| upload.key == *key && matches!(upload.standing, Standing::Sending(_))));
        // What travels ends by its answer.
        if is_sending { abort(key) } else { self.remove(key) }
    }

    /// Sends an upload again, under the same key.
    fn again(self, key: &UploadKey) {
        self.stand(key, Standing::Waiting);
        self.work();
    }
}

/// The list of the files on their way.
#[component]
pub fn UploadList(uploads: Uploads) -> impl IntoView {
    let said = move || {
        uploads.list.with(|list| {
            let left = list.iter().filter(|upload| !matches!(upload.standing, Standing::Failed(..))).count();
            (left > 0).then(|| format!("正在上传 {left} 个文件…"))
        })
    };
    // Rows are kept by their key, so that a progress bar and its button are not made anew while they are used.
    let keys = Memo::new(move |_| uploads.list.with(|list| list.iter().map(|upload| upload.key.clone()).collect::<Vec<_>>()));
    view! {
        <p role="status">{said}</p>
        <ul class="uploads" aria-label="正在上传的文件">
            <For each=move || keys.get() key=UploadKey::clone let:key>
                <Row uploads key />
            </For>
        </ul>
    }
}

#[component]
fn Row(uploads: Uploads, key: UploadKey) -> impl IntoView {
    let of = key.clone();
    let upload = Memo::new(move |_| {
        uploads.list.with(|list| {
            list.iter().find(|upload| upload.key == of).map(|upload| (upload.name.clone(), upload.size, upload.standing.clone()))
        })
    });
    let name = move || upload.with(|upload| upload.as_ref().map(|(name, ..)| name.clone()).unwrap_or_default());
    let size = move || upload.with(|upload| upload.as_ref().map(|(_, size, _)| size_label(*size)));
    let percent = Memo::new(move |_| {
        upload.with(|upload| match upload {
            Some((_, _, Standing::Sending(percent))) => Some(*percent),
            _ => None,
        })
    });
    let is_sending = Memo::new(move |_| percent.get().is_some());
    let words = move || {
        upload.with(|upload| match upload {
            Some((_, _, Standing::Sending(percent))) if *percent < 100 => Some(format!("{percent}%")),
            Some((_, _, Standing::Sending(_))) => Some("正在保存…".to_owned()),
            Some((_, _, Standing::Waiting)) => Some("等待上传".to_owned()),
            _ => None,
        })
    };
    let failure = Memo::new(move |_| {
        upload.with(|upload| match upload {
            Some((name, _, Standing::Failed(why, helps))) => Some((format!("“{name}”没有上传：{why}"), *helps)),
            _ => None,
        })
    });
    let can_again = Memo::new(move |_| failure.with(|failure| failure.as_ref().is_some_and(|(_, helps)| *helps)));
    let has_failed = Memo::new(move |_| failure.with(Option::is_some));
    let way_out = move || if has_failed.get() { format!("移除：{}", name()) } else { format!("取消上传：{}", name()) };
    let (cancelled, again) = (key.clone(), StoredValue::new(key));
    view! {
        <li>
            <span class="file-name">{name}</span>
            <span class="file-size">{size}</span>
            {move || is_sending.get().then(|| view! { <progress class="file-progress" max="100" prop:value=move || percent.get().unwrap_or(100) aria-label=move || format!("上传进度：{}", name())></progress> })}
            <span class="quiet small">{words}</span>
            <span class="field-error" role="alert">{move || failure.get().map(|(words, _)| words)}</span>
            // What has travelled whole is being stored: cancelling it would only hide it. Should that hang, there is a way out after a while.
            <div class="file-actions" data-saving=move || (percent.get() == Some(100)).then_some("")>
                {move || can_again.get().then(|| view! { <button class="button" data-kind="text" type="button" aria-label=move || format!("重试：{}", name()) on:click=move |_| again.with_value(|key| uploads.again(key))>"重试"</button> })}
                <button class="button" data-kind="text" type="button" aria-label=way_out on:click=move |_| uploads.cancel(&cancelled)>{move || if has_failed.get() { "移除" } else { "取消" }}</button>
            </div>
        </li>
    }
}
