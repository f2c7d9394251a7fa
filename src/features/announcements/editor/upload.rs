//! Sending a chosen file: plain `fetch` with `FormData`, because server functions are for JSON.

use leptos::web_sys::File;

pub use wire::send;

#[cfg(feature = "hydrate")]
mod wire {
    use super::File;
    use crate::app::paths;
    use crate::domain::ids::AnnouncementId;
    use crate::error::AppError;
    use crate::features::announcements::seen::Uploaded;
    use gloo_net::http::Request;
    use leptos::web_sys::FormData;

    /// Uploads a file to the announcement as it was seen.
    pub async fn send(id: &AnnouncementId, version: i64, file: &File) -> Result<Uploaded, AppError> {
        let form = FormData::new().map_err(|_| AppError::BadRequest)?;
        form.append_with_blob_and_filename("file", file, &file.name()).map_err(|_| AppError::BadRequest)?;
        let address = format!("{}?version={version}", paths::upload(id));
        let request = Request::post(&address).body(form).map_err(|_| AppError::BadRequest)?;
        let response = request.send().await.map_err(|_| AppError::Offline)?;
        if response.ok() {
            response.json().await.map_err(|_| AppError::BadRequest)
        } else {
            Err(response.json::<AppError>().await.unwrap_or(AppError::Busy))
        }
    }
}

#[cfg(not(feature = "hydrate"))]
mod wire {
    use super::File;
    use crate::domain::ids::AnnouncementId;
    use crate::error::AppError;
    use crate::features::announcements::seen::Uploaded;

    /// Never called: the server sends no files.
    pub async fn send(_id: &AnnouncementId, _version: i64, _file: &File) -> Result<Uploaded, AppError> {
        Err(AppError::Offline)
    }
}
