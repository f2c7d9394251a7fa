//! Sending chosen files: `XMLHttpRequest`, because `fetch` does not say how much of a body has travelled.
//!
//! A file and its request belong to the browser's one thread and stay here under the upload's key until it is done or given up; the page
//! keeps what it shows.

pub use wire::{abort, choose, forget, send};

#[cfg(feature = "hydrate")]
mod wire {
    use crate::domain::ids::UploadKey;
    use crate::error::AppError;
    use crate::features::announcements::seen::Uploaded;
    use leptos::wasm_bindgen::JsCast as _;
    use leptos::wasm_bindgen::prelude::Closure;
    use leptos::web_sys::{File, FormData, ProgressEvent, XmlHttpRequest};
    use std::cell::RefCell;
    use std::collections::HashMap;

    struct Held {
        file: File,
        request: Option<XmlHttpRequest>,
    }

    thread_local! {
        static HELD: RefCell<HashMap<UploadKey, Held>> = RefCell::default();
    }

    /// Keeps a file that is to be sent.
    pub fn choose(key: &UploadKey, file: File) {
        HELD.with(|held| held.borrow_mut().insert(key.clone(), Held { file, request: None }));
    }

    /// Lets a file go.
    pub fn forget(key: &UploadKey) {
        HELD.with(|held| held.borrow_mut().remove(key));
    }

    /// Ends an upload that is under way; its `done` hears of it.
    pub fn abort(key: &UploadKey) {
        // Aborting calls the end's closure, which looks in here itself.
        let request = HELD.with(|held| held.borrow().get(key).and_then(|held| held.request.clone()));
        if let Some(request) = request {
            _ = request.abort();
        }
    }

    /// Sends a kept file to `address`. `progress` hears how many hundredths have travelled, `done` the answer, or nothing when it was
    /// cancelled.
    pub fn send(
        key: &UploadKey,
        address: &str,
        progress: impl Fn(u32) + 'static,
        done: impl FnOnce(Option<Result<Uploaded, AppError>>) + 'static,
    ) {
        let Some(file) = HELD.with(|held| held.borrow().get(key).map(|held| held.file.clone())) else { return done(None) };
        let Ok(form) = FormData::new() else { return done(Some(Err(AppError::BadRequest))) };
        let Ok(request) = XmlHttpRequest::new() else { return done(Some(Err(AppError::Offline))) };
        if form.append_with_blob_and_filename("file", &file, &file.name()).is_err() || request.open("POST", address).is_err() {
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
        let (ended, of) = (request.clone(), key.clone());
        let on_end = Closure::once_into_js(move |event: ProgressEvent| {
            // Kept alive until here.
            drop(on_progress);
            HELD.with(|held| held.borrow_mut().get_mut(&of).map(|held| held.request = None));
            done(if event.type_() == "abort" { None } else { Some(answer(&ended)) });
        });
        let on_end = Some(on_end.unchecked_ref());
        request.set_onload(on_end);
        request.set_onerror(on_end);
        request.set_onabort(on_end);
        if request.send_with_opt_form_data(Some(&form)).is_ok() {
            HELD.with(|held| held.borrow_mut().get_mut(key).map(|held| held.request = Some(request)));
        }
    }

    fn answer(request: &XmlHttpRequest) -> Result<Uploaded, AppError> {
        let text = request.response_text().ok().flatten().unwrap_or_default();
        match request.status() {
            Ok(200) => serde_json::from_str(&text).map_err(|_| AppError::Busy),
            Ok(0) | Err(_) => Err(AppError::Offline),
            Ok(_) => Err(serde_json::from_str(&text).unwrap_or(AppError::Busy)),
        }
    }
}

#[cfg(not(feature = "hydrate"))]
mod wire {
    use crate::domain::ids::UploadKey;
    use crate::error::AppError;
    use crate::features::announcements::seen::Uploaded;
    use leptos::web_sys::File;

    /// Never called: the server sends no files.
    pub fn choose(_key: &UploadKey, _file: File) {}

    /// Never called.
    pub fn forget(_key: &UploadKey) {}

    /// Never called.
    pub fn abort(_key: &UploadKey) {}

    /// Never called.
    pub fn send(
        _key: &UploadKey,
        _address: &str,
        _progress: impl Fn(u32) + 'static,
        done: impl FnOnce(Option<Result<Uploaded, AppError>>) + 'static,
    ) {
        done(None);
    }
}
