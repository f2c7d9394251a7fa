//! Sending the chosen file: `XMLHttpRequest`, because `fetch` does not say how much of a body has travelled.

pub use wire::{abort, send};

#[cfg(feature = "hydrate")]
mod wire {
    use crate::app::paths;
    use crate::error::AppError;
    use crate::features::contracts::import::api::Import;
    use leptos::wasm_bindgen::JsCast as _;
    use leptos::wasm_bindgen::prelude::Closure;
    use leptos::web_sys::{File, ProgressEvent, XmlHttpRequest};
    use std::cell::RefCell;

    thread_local! {
        /// The one upload that may be under way.
        static CURRENT: RefCell<Option<XmlHttpRequest>> = const { RefCell::new(None) };
    }

    /// Uploads a file. `progress` hears how many hundredths have travelled, `done` the answer, or nothing when it was cancelled.
    pub fn send(file: &File, progress: impl Fn(u32) + 'static, done: impl FnOnce(Option<Result<Import, AppError>>) + 'static) {
        let Ok(request) = XmlHttpRequest::new() else { return done(Some(Err(AppError::Offline))) };
        let address = format!("{}?name={}", paths::IMPORT_UPLOAD, js_sys::encode_uri_component(&file.name()));
        if request.open("POST", &address).is_err() || request.set_request_header("content-type", "application/octet-stream").is_err() {
            return done(Some(Err(AppError::Offline)));
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "hundredths")]
        let on_progress = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| {
            if event.total() > 0.0 {
                progress((event.loaded() * 100.0 / event.total()).clamp(0.0, 100.0) as u32);
            }
        });
        if let Ok(upload) = request.upload() {
            upload.set_onprogress(Some(on_progress.as_ref().unchecked_ref()));
        }
        let ended = request.clone();
        let on_end = Closure::once_into_js(move |event: ProgressEvent| {
            // Kept alive until here.
            drop(on_progress);
            CURRENT.with(|current| current.borrow_mut().take());
            done(if event.type_() == "abort" { None } else { Some(answer(&ended)) });
        });
        let on_end = Some(on_end.unchecked_ref());
        request.set_onload(on_end);
        request.set_onerror(on_end);
        request.set_onabort(on_end);
        if request.send_with_opt_blob(Some(file)).is_ok() {
            CURRENT.with(|current| current.replace(Some(request)));
        }
    }

    fn answer(request: &XmlHttpRequest) -> Result<Import, AppError> {
        let text = request.response_text().ok().flatten().unwrap_or_default();
        match request.status() {
            Ok(200) => serde_json::from_str(&text).map_err(|_| AppError::Busy),
            Ok(0) | Err(_) => Err(AppError::Offline),
            Ok(_) => Err(serde_json::from_str(&text).unwrap_or(AppError::Busy)),
        }
    }

    /// Ends the upload that is under way.
    pub fn abort() {
        // Aborting calls the end's closure, which takes the request out itself.
        let current = CURRENT.with(|current| current.borrow().clone());
        if let Some(request) = current {
            _ = request.abort();
        }
    }
}

#[cfg(not(feature = "hydrate"))]
mod wire {
    use crate::error::AppError;
    use crate::features::contracts::import::api::Import;
    use leptos::web_sys::File;

    /// Never called: the server sends no files.
    pub fn send(_file: &File, _progress: impl Fn(u32) + 'static, done: impl FnOnce(Option<Result<Import, AppError>>) + 'static) {
        done(None);
    }

    /// Never called.
    pub fn abort() {}
}
