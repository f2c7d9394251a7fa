//! Answers that are made once and kept until something is published or the day changes.

use super::problem::Problem;
use crate::domain::calendar::Moment;
use crate::features::announcements::commands::open;
use crate::server::http::shelf::{Edition, Kind, Shelf};
use crate::server::request::Services;
use crate::server::turns::Turns;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Serialize;

/// Who asks for what, and as of when.
pub struct Asking<'a> {
    /// What is kept.
    pub shelf: &'a Shelf,
    /// The request's.
    pub headers: &'a HeaderMap,
    /// Now.
    pub now: Moment,
    /// The counter of publications as it was read first, and the day of `now`.
    pub edition: Edition,
}

impl<'a> Asking<'a> {
    /// Reads the counter.
    pub async fn new(services: &Services, shelf: &'a Shelf, headers: &'a HeaderMap) -> Result<Asking<'a>, Problem> {
        let now = services.clock.now();
        let edition = Edition { publications: open::last(services).await?, day: now.day(), minute: 0 };
        Ok(Asking { shelf, headers, now, edition })
    }

    fn kept(&self, address: &str) -> Option<Response> {
        self.shelf.find(address, self.edition).map(|kept| kept.answer(self.headers))
    }

    /// What is kept under this address, or what `make` makes.
    pub async fn answer(
        &self,
        address: String,
        kind: Kind,
        make: impl Future<Output = Result<Vec<u8>, Problem>>,
    ) -> Result<Response, Problem> {
        if let Some(kept) = self.kept(&address) {
            return Ok(kept);
        }
        Ok(self.shelf.keep(address, self.edition, kind, make.await?).answer(self.headers))
    }

    /// The same of what takes much memory to make: in turn. Whoever has waited finds what the one before has made of the same.
    pub async fn answer_in_turn(
        &self,
        turns: &Turns,
        address: String,
        kind: Kind,
        make: impl Future<Output = Result<Vec<u8>, Problem>>,
    ) -> Result<Response, Problem> {
        if let Some(kept) = self.kept(&address) {
            return Ok(kept);
        }
        let _turn = turns.take().await?;
        self.answer(address, kind, make).await
    }
}

/// A value as JSON.
pub fn json(value: &impl Serialize) -> Result<Vec<u8>, Problem> {
    serde_json::to_vec(value).map_err(|error| Problem::from(crate::server::fault::fault(&error)))
}
