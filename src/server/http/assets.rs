//! `/assets/…`: fingerprinted files, precompressed at build time, cached for ever.

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use std::path::Path;
use tower::ServiceBuilder;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

/// Serves the `assets` folder of the site directory.
pub fn router(site: &Path) -> Router {
    let files = ServeDir::new(site.join("assets")).precompressed_br().precompressed_gzip().append_index_html_on_directories(false);
    let forever = SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, |response: &axum::http::Response<_>| {
        response.status().is_success().then(|| HeaderValue::from_static("public, max-age=31536000, immutable"))
    });
    Router::new().fallback_service(ServiceBuilder::new().layer(forever).service(files)).layer(from_fn(only_names))
}

/// Longest path that is looked for. A name that the file system cannot hold is no fault of the server's: it is not there.
const LONGEST: usize = 200;

async fn only_names(request: Request, next: Next) -> Response {
    if request.uri().path().len() > LONGEST { StatusCode::NOT_FOUND.into_response() } else { next.run(request).await }
}
