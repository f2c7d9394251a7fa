//! What the disk can do at best when every write waits for it: the yardstick of durable saves.

use crate::Outcome;
use sqlx::{AnyConnection, Connection as _, Executor as _};
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

/// Measures each kind for `seconds` and prints them.
pub async fn run(folder: &str, seconds: u64) -> Outcome<()> {
    let folder = Path::new(folder);
    let time = Duration::from_secs(seconds);
    let fdatasync = per_second(folder, time, std::fs::File::sync_data)?;
    let fsync = per_second(folder, time, std::fs::File::sync_all)?;
    let sqlite = commits(folder, time).await?;
    println!("{}", serde_json::json!({ "fdatasync": fdatasync, "fsync": fsync, "sqlite_commits": sqlite }));
    Ok(())
}

/// 4 KB behind the last 4 KB, then the disk's word that they are there; as a write-ahead log does it.
fn per_second(folder: &Path, time: Duration, sync: impl Fn(&std::fs::File) -> std::io::Result<()>) -> Outcome<f64> {
    let path = folder.join("disk-yardstick");
    let mut file = std::fs::File::create(&path)?;
    let page = [7_u8; 4096];
    let start = Instant::now();
    let mut count = 0_u32;
    while start.elapsed() < time {
        file.write_all(&page)?;
        sync(&file)?;
        count += 1;
    }
    let rate = f64::from(count) / start.elapsed().as_secs_f64();
    std::fs::remove_file(path)?;
    Ok(rate)
}

/// One small row a commit, on one connection, with the product's settings.
async fn commits(folder: &Path, time: Duration) -> Outcome<f64> {
    sqlx::any::install_default_drivers();
    let path = folder.join("disk-yardstick.db");
    let mut db = AnyConnection::connect(&format!("sqlite:{}?mode=rwc", path.display())).await?;
    db.execute("PRAGMA journal_mode = WAL").await?;
    db.execute("PRAGMA synchronous = FULL").await?;
    db.execute("CREATE TABLE rows (id BIGINT NOT NULL PRIMARY KEY, text TEXT NOT NULL)").await?;
    let start = Instant::now();
    let mut count = 0_u32;
    while start.elapsed() < time {
        sqlx::query("INSERT INTO rows (id, text) VALUES ($1, $2)")
            .bind(i64::from(count))
            .bind("a line of a record")
            .execute(&mut db)
            .await?;
        count += 1;
    }
    let rate = f64::from(count) / start.elapsed().as_secs_f64();
    db.close().await?;
    for ending in ["", "-wal", "-shm"] {
        // What is not there any more need not be removed.
        let _ = std::fs::remove_file(format!("{}{ending}", path.display()));
    }
    Ok(rate)
}
