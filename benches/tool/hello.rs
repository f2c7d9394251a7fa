//! The yardstick of requests: the same framework and the same listener, with nothing behind it.

use crate::Outcome;
use axum::Router;
use axum::body::Bytes;
use axum::extract::Path;
use axum::response::Html;
use axum::routing::get;
use setaside::server::http::listen;

/// Largest answer of `/bytes/N`.
const MOST: usize = 1024 * 1024;

/// Answers until SIGTERM.
pub async fn serve(address: &str) -> Outcome<()> {
    let filler = Bytes::from(vec![b'x'; MOST]);
    let bytes = move |Path(count): Path<usize>| {
        let body = filler.slice(..count.min(MOST));
        async move { Html(body) }
    };
    let router = Router::new().route("/", get(|| async { "hello" })).route("/bytes/{count}", get(bytes));
    let listener = tokio::net::TcpListener::bind(address).await?;
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    listen::serve(listener, router, async move {
        terminate.recv().await;
    })
    .await;
    Ok(())
}
