//! `/assets/…`: fingerprinted files, precompressed at build time, cached for ever.

use axum::Router;
use axum::http::{HeaderValue, header};
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
    Router::new().fallback_service(ServiceBuilder::new().layer(forever).service(files))
}
