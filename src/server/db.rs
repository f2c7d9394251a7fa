//! The database: SQLite or PostgreSQL behind one set of SQL texts.
//!
//! Always: reads go through a pool; writes go through [`Db::write`], in a transaction that has ended durably before it returns.
//! On SQLite one task owns the one writing connection and lets the jobs that wait share a commit, each in its own savepoint:
//! nothing is acknowledged before its fsync, and yet one fsync serves many. On PostgreSQL each job has a transaction of its own.

use crate::error::AppError;
use crate::server::fault::fault;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{Any, AnyConnection, AnyPool, Connection as _, Executor as _, pool::PoolConnection};
use std::panic::AssertUnwindSafe;
use std::str::FromStr as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot, watch};

/// Jobs that share one commit at most.
const BATCH: usize = 64;
/// How long a request waits for a connection.
const ACQUIRE: Duration = Duration::from_secs(5);
/// How long the question whether the database answers may take.
const READY: Duration = Duration::from_secs(2);
/// Characters that are written to see whether the disk has room again.
const ROOM: usize = 64 * 1024;
/// Jobs that may wait before writers are held back.
const QUEUE: usize = 1_024;

/// `($1, $2), ($3, $4)`: the places of an INSERT of so many rows of so many values.
pub fn places(rows: usize, values: usize) -> String {
    let row = |row: usize| format!("({})", (1..=values).map(|value| format!("${}", row * values + value)).collect::<Vec<_>>().join(", "));
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

/// Which engine answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Embedded.
    Sqlite,
    /// Its own server.
    Postgres,
}

/// A handle to the database; cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    engine: Engine,
    pool: AnyPool,
    writer: Option<Writer>,
    /// The last write failed for want of room.
    is_full: Arc<AtomicBool>,
}

/// How jobs reach the task that writes, and how it says that it has ended.
#[derive(Clone, Debug)]
struct Writer {
    queue: mpsc::Sender<Message>,
    /// Closed when the task has ended.
    ended: watch::Receiver<()>,
}

type Work = Box<dyn for<'c> FnOnce(&'c mut AnyConnection) -> BoxFuture<'c, Result<(), AppError>> + Send>;

enum Message {
    Job(Job),
    /// What came before is still done; what comes after is refused.
    End,
}

struct Job {
    work: Work,
    done: oneshot::Sender<Result<(), AppError>>,
}

impl Db {
    /// Opens `url` (`sqlite:PATH` or `postgres://…`), bringing the tables up to date.
    pub async fn open(url: &str) -> Result<Db, sqlx::Error> {
        sqlx::any::install_default_drivers();
        let options = AnyConnectOptions::from_str(url)?;
        if url.starts_with("sqlite:") { Db::open_sqlite(options).await } else { Db::open_postgres(options).await }
    }

    async fn open_sqlite(options: AnyConnectOptions) -> Result<Db, sqlx::Error> {
        let mut connection = AnyConnection::connect_with(&options).await?;
        connection.execute("PRAGMA journal_mode = WAL").await?;
        prepare_sqlite(&mut connection).await?;
        connection.execute("PRAGMA synchronous = FULL").await?;
        sqlx::migrate!("./migrations").run(&mut connection).await?;
        let pool = AnyPoolOptions::new()
            .max_connections(8)
            .acquire_timeout(ACQUIRE)
            // A file does not go away between two reads as a server may; asking before each would double the cost of the portal.
            .test_before_acquire(false)
            .after_connect(|connection, _| {
                Box::pin(async move {
                    prepare_sqlite(connection).await?;
                    connection.execute("PRAGMA query_only = 1").await?;
                    Ok(())
                })
            })
            .connect_with(options)
            .await?;
        let (queue, messages) = mpsc::channel(QUEUE);
        let (end, ended) = watch::channel(());
        tokio::spawn(async move {
            write_in_turn(connection, messages).await;
            drop(end);
        });
        Ok(Db { engine: Engine::Sqlite, pool, writer: Some(Writer { queue, ended }), is_full: Arc::default() })
    }

    async fn open_postgres(options: AnyConnectOptions) -> Result<Db, sqlx::Error> {
        let pool = AnyPoolOptions::new().max_connections(24).acquire_timeout(ACQUIRE).connect_with(options).await?;
        sqlx::migrate!("./migrations").run(&pool).await?;
        Ok(Db { engine: Engine::Postgres, pool, writer: None, is_full: Arc::default() })
    }

    /// Which engine answers.
    pub const fn engine(&self) -> Engine {
        self.engine
    }

    /// A connection for reading.
    pub async fn read(&self) -> Result<PoolConnection<Any>, AppError> {
        Ok(self.pool.acquire().await?)
    }

    /// Runs `job` in a writing transaction; its changes are durable when this returns `Ok`, and gone when it returns `Err`.
    pub async fn write<T, F>(&self, job: F) -> Result<T, AppError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut AnyConnection) -> BoxFuture<'c, Result<T, AppError>> + Send + 'static,
    {
        let written = match &self.writer {
            Some(writer) => write_through(&writer.queue, job).await,
            None => self.write_alone(job).await,
        };
        match &written {
            Ok(_) => self.is_full.store(false, Ordering::SeqCst),
            Err(AppError::StorageFull) => self.is_full.store(true, Ordering::SeqCst),
            Err(_) => {}
        }
        written
    }

    async fn write_alone<T, F>(&self, job: F) -> Result<T, AppError>
    where
        F: for<'c> FnOnce(&'c mut AnyConnection) -> BoxFuture<'c, Result<T, AppError>>,
    {
        let mut transaction = self.pool.begin().await?;
        let result = job(&mut transaction).await?;
        transaction.commit().await?;
        Ok(result)
    }

    /// Whether the database answers soon, and has room.
    pub async fn is_ready(&self) -> bool {
        let asked = async {
            let answers = sqlx::query_scalar::<_, i64>("SELECT CAST(1 AS BIGINT)").fetch_one(&self.pool).await.is_ok();
            answers && (!self.is_full.load(Ordering::SeqCst) || self.has_room().await)
        };
        tokio::time::timeout(READY, asked).await.unwrap_or(false)
    }

    /// Asked of the disk: something is written and taken back.
    async fn has_room(&self) -> bool {
        for filler in [" ".repeat(ROOM), String::new()] {
            let written = self.write(move |db| {
                Box::pin(async move {
                    sqlx::query("UPDATE installation SET filler = $1").bind(filler).execute(db).await?;
                    Ok(())
                })
            });
            if written.await.is_err() {
                return false;
            }
        }
        true
    }

    /// Takes no write any more, lets those end that are under way or wait, and closes the connections.
    pub async fn close(&self) {
        if let Some(writer) = &self.writer {
            // An error means that it has ended already.
            let _ = writer.queue.send(Message::End).await;
            let mut ended = writer.ended.clone();
            while ended.changed().await.is_ok() {}
        }
        self.pool.close().await;
    }
}

async fn prepare_sqlite(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    connection.execute("PRAGMA busy_timeout = 5000").await?;
    connection.execute("PRAGMA foreign_keys = 1").await?;
    connection.execute("PRAGMA temp_store = MEMORY").await?;
    Ok(())
}

async fn write_through<T, F>(queue: &mpsc::Sender<Message>, job: F) -> Result<T, AppError>
where
    T: Send + 'static,
    F: for<'c> FnOnce(&'c mut AnyConnection) -> BoxFuture<'c, Result<T, AppError>> + Send + 'static,
{
    let (give, mut take) = oneshot::channel();
    let work: Work = Box::new(move |connection| {
        Box::pin(async move {
            let value = job(connection).await?;
            // Nobody waits any more when the request was cut off; the change stands all the same.
            let _ = give.send(value);
            Ok(())
        })
    });
    let (done, answer) = oneshot::channel();
    queue.send(Message::Job(Job { work, done })).await.map_err(|_| AppError::Busy)?;
    answer.await.map_err(|_| AppError::Busy)??;
    take.try_recv().map_err(|_| fault(&"a write ended without its value"))
}

async fn write_in_turn(mut connection: AnyConnection, mut queue: mpsc::Receiver<Message>) {
    let mut came = Vec::with_capacity(BATCH);
    let mut is_open = true;
    while is_open && queue.recv_many(&mut came, BATCH).await > 0 {
        let mut batch = Vec::with_capacity(came.len());
        for message in came.drain(..) {
            match message {
                Message::Job(job) if is_open => batch.push(job),
                Message::Job(job) => refuse([job], &AppError::Busy),
                Message::End => is_open = false,
            }
        }
        write_together(&mut connection, batch).await;
    }
    // Those that came too late hear at once that nobody writes any more.
    drop(queue);
    if let Err(error) = connection.close().await {
        tracing::warn!(cause = %error, "the writing connection did not end in order");
    }
}

/// Runs jobs in one transaction, each in its own savepoint, and answers them after its commit.
async fn write_together(connection: &mut AnyConnection, batch: Vec<Job>) {
    if let Err(error) = connection.execute("BEGIN IMMEDIATE").await {
        return refuse(batch, &AppError::from(error));
    }
    let mut finished = Vec::with_capacity(batch.len());
    let mut broken = None;
    for job in batch {
        if broken.is_some() {
            finished.push((job.done, Ok(())));
            continue;
        }
        match run_in_savepoint(connection, job.work).await {
            Ok(result) => finished.push((job.done, result)),
            Err(failure) => {
                broken = Some(failure);
                finished.push((job.done, Ok(())));
            }
        }
    }
    let failure = match broken {
        Some(failure) => Some(failure),
        None => connection.execute("COMMIT").await.err().map(AppError::from),
    };
    if failure.is_some() {
        // An error here means that SQLite has rolled back by itself; there is nothing left to undo.
        let _ = connection.execute("ROLLBACK").await;
    }
    for (done, result) in finished {
        let _ = done.send(match (&failure, result) {
            (Some(failure), Ok(())) => Err(failure.clone()),
            (_, result) => result,
        });
    }
}

fn refuse(batch: impl IntoIterator<Item = Job>, error: &AppError) {
    for job in batch {
        let _ = job.done.send(Err(error.clone()));
    }
}

/// The outer error means that the whole transaction is lost, the inner one that this job was refused and undone.
async fn run_in_savepoint(connection: &mut AnyConnection, work: Work) -> Result<Result<(), AppError>, AppError> {
    connection.execute("SAVEPOINT job").await?;
    let result = AssertUnwindSafe(work(connection)).catch_unwind().await.unwrap_or_else(|_| Err(fault(&"a writing job panicked")));
    if let Err(refused) = &result
        && let Err(error) = connection.execute("ROLLBACK TO job").await
    {
        // On a full disk SQLite rolls the whole transaction back by itself; what the job met says more than that.
        return Err(if matches!(refused, AppError::StorageFull) { refused.clone() } else { error.into() });
    }
    connection.execute("RELEASE job").await?;
    Ok(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a4_after_the_end_every_write_that_was_taken_has_ended() {
        let path = std::env::temp_dir().join(format!("setaside_db_{}.db", std::process::id()));
        let _ = std::fs::remove_file(&path);
        let url = format!("sqlite:{}?mode=rwc", path.display());
        let db = Db::open(&url).await.unwrap();
        let write = |number: i64| {
            let db = db.clone();
            async move {
                db.write(move |db| {
                    Box::pin(async move {
                        sqlx::query("UPDATE publications SET last = last + $1").bind(number).execute(db).await?;
                        Ok(())
                    })
                })
                .await
            }
        };
        let mut writes = Box::pin(futures::future::join_all((0..100).map(|_| write(1))));
        assert!((&mut writes).now_or_never().is_none(), "they wait in the queue");
        db.close().await;
        let ended = writes.now_or_never().expect("every one has its answer");
        assert_eq!(ended.iter().filter(|result| result.is_ok()).count(), 100);
        assert_eq!(write(1).await, Err(AppError::Busy), "later ones are refused");
        db.close().await;
        let again = Db::open(&url).await.unwrap();
        let last: i64 = sqlx::query_scalar("SELECT last FROM publications").fetch_one(&mut *again.read().await.unwrap()).await.unwrap();
        assert_eq!(last, 100);
        again.close().await;
        std::fs::remove_file(&path).unwrap();
    }
}
