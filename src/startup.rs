//! The composition root, the one file that knows everything: configuration → database → services → router → background jobs.

use crate::app::shell;
use crate::error::AppError;
use crate::features::{announcements, contracts, opendata, portal, records, session};
use crate::server::assets::Assets;
use crate::server::clock::Clock;
use crate::server::config::Settings;
use crate::server::db::Db;
use crate::server::files::Files;
use crate::server::http::{assets, floor};
use crate::server::outgoing::Outgoing;
use crate::server::pdf::{FILES, Typesetter};
use crate::server::request::{Services, SignedIn};
use crate::server::turns::Turns;
use crate::server::uploads::Uploads;
use crate::server::{installation, place};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get, post};
use leptos::prelude::provide_context;
use leptos::server_fn::axum::get_server_fn_service;
use std::sync::Arc;
use tower_http::catch_panic::CatchPanicLayer;

/// Passwords hashed at a time: each takes 19 MiB and a core for a while.
const HASHING: usize = 2;
/// OCDS packages that are made at a time: each holds up to three thousand releases in memory, some 40 MB.
const PACKAGES: usize = 2;

/// Opens what `settings` name.
pub async fn open(settings: Settings, clock: Clock) -> Result<Services, String> {
    place::make_folder(&settings.data).map_err(|error| format!("data: {} cannot be made ({error})", settings.data.display()))?;
    if settings.is_embedded() {
        place::close_database(&settings.data).map_err(|error| format!("data: {} cannot be written ({error})", settings.data.display()))?;
    }
    let files = Files::open(settings.data.join("attachments")).map_err(|error| format!("data: {error}"))?;
    let uploads = Uploads::open(settings.data.join("imports")).map_err(|error| format!("data: {error}"))?;
    files.keep_free(settings.reserve_bytes);
    uploads.keep_free(settings.reserve_bytes);
    // Pages begin to load their data while they are rendered. An error means that another test has done this already.
    let _ = any_spawner::Executor::init_tokio();
    let db = Db::open(&settings.database_url).await.map_err(|error| format!("database_url: the database cannot be opened ({error})"))?;
    installation::bind(&db, &files, clock.now())
        .await
        .map_err(|error| format!("database_url: the database cannot be written ({error})"))?;
    let assets = Assets::read(&settings.site).unwrap_or_default();
    let typesetter = Typesetter::open(settings.fonts.as_deref(), &settings.site);
    if !typesetter.is_ready() {
        tracing::warn!(
            "no font for PDF: announcements are not offered as PDF; install Debian's fonts-noto-cjk, or name the directory of {} and {} in `fonts`",
            FILES[0],
            FILES[1]
        );
    }
    let services = Services {
        db,
        clock,
        files,
        uploads,
        outgoing: Outgoing::new(settings.checks_links),
        typesetter,
        packages: Turns::new(PACKAGES),
        settings: Arc::new(settings),
        assets: Arc::new(assets),
        hashing: Arc::new(tokio::sync::Semaphore::new(HASHING)),
    };
    announcements::commands::portal::complete(&services)
        .await
        .map_err(|error| format!("database_url: what was published cannot be listed ({error})"))?;
    Ok(services)
}

/// Every address of the program.
pub fn router(services: Services) -> Router {
    let office = Router::new()
        .route("/office", get(shell::render))
        .route("/office/{*rest}", get(shell::render))
        .merge(announcements::handlers::router(&services))
        .merge(contracts::import::handlers::router())
        .merge(contracts::export::router())
        .merge(records::export::router())
        .merge(records::handlers::router(&services))
        .route("/api/{*function}", any(server_function).layer(from_fn(floor::api)))
        .route("/sign-in", get(session::handlers::sign_in_page).post(session::handlers::sign_in))
        .route("/sign-out", post(session::handlers::sign_out))
        .layer(from_fn_with_state(services.clone(), session::handlers::layer));
    let site = services.settings.site.clone();
    let body_time = services.settings.body_time;
    with_test_clock(office)
        .merge(portal::handlers::router())
        .merge(opendata::handlers::router(&services))
        .fallback(portal::handlers::nowhere)
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(ready))
        .with_state(services)
        .nest_service("/assets", assets::router(&site))
        .route_service("/favicon.svg", tower_http::services::ServeFile::new(site.join("favicon.svg")))
        .layer(from_fn_with_state(body_time, floor::body_in_time))
        .layer(from_fn(floor::own_origin_only))
        .layer(CatchPanicLayer::custom(floor::after_panic))
        .layer(from_fn(floor::never_without_words))
        .layer(from_fn(floor::protecting_headers))
}

async fn server_function(State(services): State<Services>, request: Request) -> Response {
    // The framework's own answer to an unknown address names its insides.
    if get_server_fn_service(request.uri().path(), request.method().clone()).is_none() {
        return AppError::NotFound.into_response();
    }
    let actor = request.extensions().get::<SignedIn>().map(|signed_in| signed_in.actor.clone());
    let context = move || {
        provide_context(services.clone());
        if let Some(actor) = &actor {
            provide_context(actor.clone());
        }
    };
    leptos_axum::handle_server_fns_with_context(context, request).await.into_response()
}

async fn ready(State(services): State<Services>) -> Response {
    if !services.db.is_ready().await {
        return (StatusCode::SERVICE_UNAVAILABLE, "database does not answer, or its disk is full").into_response();
    }
    if !services.files.has_room().await {
        return (StatusCode::SERVICE_UNAVAILABLE, "disk of the attachments is full").into_response();
    }
    "ready".into_response()
}

#[cfg(feature = "test-clock")]
fn with_test_clock(router: Router<Services>) -> Router<Services> {
    async fn set(State(services): State<Services>, local: String) -> Response {
        match crate::domain::calendar::Moment::parse_local(&local) {
            Ok(moment) => {
                services.clock.set(moment);
                StatusCode::NO_CONTENT.into_response()
            }
            Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, error.to_string()).into_response(),
        }
    }
    router.route("/test/clock", post(set))
}

#[cfg(not(feature = "test-clock"))]
fn with_test_clock(router: Router<Services>) -> Router<Services> {
    router
}

/// Starts what runs beside the requests; it ends when `stop` does.
pub fn start_jobs(services: &Services, stop: tokio::sync::watch::Receiver<bool>) {
    tokio::spawn(announcements::publisher::run(services.clone(), stop.clone()));
    tokio::spawn(announcements::rehearser::run(services.clone(), stop.clone()));
    tokio::spawn(announcements::sweeper::run(services.clone(), stop.clone()));
    tokio::spawn(contracts::import::sweeper::run(services.clone(), stop));
}
