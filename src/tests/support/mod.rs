//! An application to test: fresh databases, a clock that stands, the units and people of the demo, and visitors that ask.
//!
//! `on_both(async |app: &TestApp| { … }).await` runs a test on SQLite and, when `SETASIDE_TEST_POSTGRES` names a server, on a
//! PostgreSQL database of its own. `SETASIDE_TEST_REQUIRE_POSTGRES=1` (set by `make test`) makes a missing server a failure.

mod app;
mod log;
mod place;
#[path = "../../server/pdf/poppler.rs"]
pub mod poppler;
// The reader by which the writer of spreadsheets is proved as well.
#[path = "../../server/tables/read_back.rs"]
pub mod read_back;
mod visitor;

pub use app::{CHIEF, PASSWORD, PUDONG, TestApp, UNIT_03, UNIT_99};
pub use log::Log;
pub use place::folder;
pub use visitor::{Answer, HOST, Visitor};

use futures::FutureExt as _;
use std::panic::AssertUnwindSafe;

/// Runs `test` on SQLite, then on PostgreSQL.
pub async fn on_both(test: impl AsyncFn(&TestApp)) {
    on(place::sqlite(), TestApp::new, &test).await;
    if let Some(postgres) = place::postgres().await {
        on(postgres, TestApp::new, &test).await;
    }
}

/// Runs `test` on both with a database that has no unit yet.
pub async fn on_both_empty(test: impl AsyncFn(&TestApp)) {
    on(place::sqlite(), TestApp::empty, &test).await;
    if let Some(postgres) = place::postgres().await {
        on(postgres, TestApp::empty, &test).await;
    }
}

/// Runs `test` on SQLite alone, where the engine makes no difference.
pub async fn on_sqlite(test: impl AsyncFn(&TestApp)) {
    on(place::sqlite(), TestApp::new, &test).await;
}

async fn on(place: place::Place, begin: impl AsyncFn(&place::Place) -> TestApp, test: &impl AsyncFn(&TestApp)) {
    let app = begin(&place).await;
    let result = AssertUnwindSafe(test(&app)).catch_unwind().await;
    app.services.db.close().await;
    let engine = app.services.db.engine();
    drop(app);
    place.remove().await;
    if let Err(panic) = result {
        eprintln!("… on {engine:?}");
        std::panic::resume_unwind(panic);
    }
}
