//! The files that prove a claim: listed for whoever may see the record, added and taken away by the unit while it edits.

use super::super::ClaimFile;
use super::super::api::{ClaimFileAt, delete_claim_file};
use crate::app::{Tell, paths};
use crate::domain::announcement::attachment::size_label;
use crate::domain::ids::{LineId, RecordId};
use crate::error::AppError;
use crate::ui::Again;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::{File, HtmlInputElement};

/// The files that the browser offers to choose from; the server judges by content.
pub const ACCEPT: &str = ".pdf,.png,.jpg,.jpeg,.doc,.docx,.xls,.xlsx,.ofd";

/// The file chosen in the input of this id, if there is one.
pub fn chosen(id: &str) -> Option<File> {
    let input = document().get_element_by_id(id)?.dyn_into::<HtmlInputElement>().ok()?;
    input.files()?.get(0)
}

/// Uploads a file for the claim of a line; the words say what became of it.
pub async fn send(record: RecordId, line: LineId, file: File) -> Result<(), AppError> {
    wire::send(&paths::upload_claim_file(&record, &line), &file).await
}

/// The files of one claim.
#[component]
pub fn ClaimFiles(record: StoredValue<RecordId>, line: LineId, files: Vec<ClaimFile>, is_editable: bool, changed: Again) -> impl IntoView {
    let tell = expect_context::<Tell>();
    let problem = RwSignal::new(None::<String>);
    let is_busy = RwSignal::new(false);
    let target = StoredValue::new(line.clone());
    let (input_id, problem_id) = (format!("claim-file-{line}"), format!("claim-file-{line}-problem"));
    let choose = {
        let input_id = input_id.clone();
        move |_| {
            let Some(file) = chosen(&input_id) else { return };
            problem.set(None);
            is_busy.set(true);
            leptos::task::spawn_local(async move {
                let name = file.name();
                let sent = send(record.get_value(), target.get_value(), file).await;
                is_busy.set(false);
                match sent {
                    Ok(()) => {
                        tell.ok("证明材料已上传");
                        changed.notify();
                    }
                    Err(error) => problem.set(Some(format!("“{name}”没有上传：{error}"))),
                }
            });
        }
    };
    let remove = Callback::new(move |file: ClaimFile| {
        leptos::task::spawn_local(async move {
            match delete_claim_file(ClaimFileAt { record: record.get_value(), file: file.id }).await {
                Ok(()) => {
                    tell.ok("证明材料已删除");
                    changed.notify();
                }
                Err(error) => problem.set(Some(error.to_string())),
            }
        });
    });
    let has_files = !files.is_empty();
    let described = problem_id.clone();
    view! {
        {has_files.then(|| view! {
            <ul class="files" aria-label="证明材料">
                {files.into_iter().map(|file| {
                    let (href, label) = (paths::claim_file(&record.get_value(), &file.id), format!("删除证明材料：{}", file.name));
                    let (name, size) = (file.name.clone(), size_label(file.size));
                    view! {
                        <li>
                            <a class="file-name" href=href rel="external">{name}</a>
                            <span class="file-size">{size}</span>
                            {is_editable.then(|| view! {
                                <div class="file-actions"><button class="button" data-kind="text" data-tone="bad" type="button" aria-label=label on:click=move |_| remove.run(file.clone())>"删除"</button></div>
                            })}
                        </li>
                    }
                }).collect_view()}
            </ul>
        })}
        {is_editable.then(|| view! {
            <div class="file-pick">
                <input class="visually-hidden" id=input_id.clone() type="file" accept=ACCEPT aria-describedby=described on:change=choose disabled=is_busy />
                <label class="button" for=input_id>"上传证明材料"</label>
            </div>
            <p class="field-error" id=problem_id role="alert">{move || problem.get()}</p>
        })}
    }
}

#[cfg(feature = "hydrate")]
mod wire {
    use super::File;
    use crate::error::AppError;
    use gloo_net::http::Request;
    use leptos::web_sys::FormData;

    /// Sends the file by plain `fetch`, because server functions are for JSON.
    pub async fn send(address: &str, file: &File) -> Result<(), AppError> {
        let form = FormData::new().map_err(|_| AppError::BadRequest)?;
        form.append_with_blob_and_filename("file", file, &file.name()).map_err(|_| AppError::BadRequest)?;
        let request = Request::post(address).body(form).map_err(|_| AppError::BadRequest)?;
        let response = request.send().await.map_err(|_| AppError::Offline)?;
        if response.ok() { Ok(()) } else { Err(response.json::<AppError>().await.unwrap_or(AppError::Busy)) }
    }
}

#[cfg(not(feature = "hydrate"))]
mod wire {
    use super::File;
    use crate::error::AppError;

    /// Never called: the server sends no files.
    pub async fn send(_address: &str, _file: &File) -> Result<(), AppError> {
        Err(AppError::Offline)
    }
}
