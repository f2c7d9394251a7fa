//! Where a test keeps its data: a temporary folder, and on PostgreSQL a database of its own.

use sqlx::{AnyConnection, AssertSqlSafe, Connection as _, Executor as _};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

/// A folder, and the database that is not in it.
pub struct Place {
    /// The data directory.
    pub folder: PathBuf,
    /// The address of the PostgreSQL database; `None` for the embedded one.
    pub database_url: Option<String>,
    server: Option<(String, String)>,
}

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A name that no other test of this machine uses.
fn fresh_name() -> String {
    format!("setaside_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// An empty folder.
pub fn folder() -> PathBuf {
    let folder = std::env::temp_dir().join(fresh_name());
    // Left by a process of the same number that was killed.
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    folder
}

/// A place for the embedded database.
pub fn sqlite() -> Place {
    Place { folder: folder(), database_url: None, server: None }
}

/// A database of its own on the server of `SETASIDE_TEST_POSTGRES`; `None` without one, unless one is required.
pub async fn postgres() -> Option<Place> {
    let Ok(server) = std::env::var("SETASIDE_TEST_POSTGRES") else {
        let required = std::env::var("SETASIDE_TEST_REQUIRE_POSTGRES").is_ok_and(|value| value == "1");
        assert!(!required, "SETASIDE_TEST_POSTGRES is not set: run `make unit`, or `scripts/with-postgres.sh cargo test …`");
        return None;
    };
    let name = fresh_name();
    let (address, options) =
        server.split_once('?').map_or((server.as_str(), String::new()), |(address, options)| (address, format!("?{options}")));
    let (host, _) = address.rsplit_once('/').expect("SETASIDE_TEST_POSTGRES names a database");
    let url = format!("{host}/{name}{options}");
    ask(&server, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
    ask(&server, format!("CREATE DATABASE {name}")).await;
    Some(Place { folder: folder(), database_url: Some(url), server: Some((server, name)) })
}

async fn ask(server: &str, sql: String) {
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(server).await.expect("the PostgreSQL server of SETASIDE_TEST_POSTGRES");
    connection.execute(AssertSqlSafe(sql)).await.expect("a database for the test");
    connection.close().await.expect("an orderly end");
}

impl Place {
    /// Removes everything.
    pub async fn remove(self) {
        let _ = std::fs::remove_dir_all(&self.folder);
        if let Some((server, name)) = &self.server {
            ask(server, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        }
    }
}
