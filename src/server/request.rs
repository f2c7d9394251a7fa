//! What a request brings: who asks, when, and the services that answer.

use crate::domain::calendar::Moment;
use crate::domain::organisation::Actor;
use crate::error::AppError;
use crate::server::assets::Assets;
use crate::server::clock::Clock;
use crate::server::config::Settings;
use crate::server::db::Db;
use crate::server::fault::fault;
use crate::server::files::Files;
use crate::server::outgoing::Outgoing;
use crate::server::pdf::Typesetter;
use crate::server::turns::Turns;
use crate::server::uploads::Uploads;
use std::sync::Arc;

/// What every handler may use; cheap to clone.
#[derive(Clone, Debug)]
pub struct Services {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// Attachments on disk.
    pub files: Files,
    /// Files on their way in.
    pub uploads: Uploads,
    /// Requests to other sites.
    pub outgoing: Outgoing,
    /// Sets documents for paper.
    pub typesetter: Typesetter,
    /// Turns for what open data gives in one piece and holds in memory whole.
    pub packages: Turns,
    /// Checked configuration.
    pub settings: Arc<Settings>,
    /// Names of the built browser files.
    pub assets: Arc<Assets>,
    /// Lets only a few passwords be hashed at a time.
    pub hashing: Arc<tokio::sync::Semaphore>,
}

/// Set on a request whose cookie names a live session.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub actor: Actor,
    /// The stored name of the session.
    pub session: String,
}

/// A person's deed: by whom, at what time; decided once per request.
#[derive(Clone, Debug)]
pub struct Deed {
    /// Who acts.
    pub by: Actor,
    /// When.
    pub at: Moment,
}

/// The services and the person of the server function or page that is running.
pub fn current() -> Result<(Services, Deed), AppError> {
    let (services, signed_in) = current_session()?;
    let at = services.clock.now();
    Ok((services, Deed { by: signed_in.actor, at }))
}

/// Like [`current`], with the session.
pub fn current_session() -> Result<(Services, SignedIn), AppError> {
    let services = leptos::prelude::use_context::<Services>().ok_or_else(|| fault(&"no services in context"))?;
    let parts = leptos::prelude::use_context::<axum::http::request::Parts>().ok_or_else(|| fault(&"no request in context"))?;
    let signed_in = parts.extensions.get::<SignedIn>().cloned().ok_or(AppError::SignedOut)?;
    Ok((services, signed_in))
}
