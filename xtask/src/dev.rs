//! `cargo xtask dev`: rebuild, restart and reload whenever a file changes.
//!
//! The server is told through `SETASIDE_DEV_RELOAD` where this tool listens; its pages then load `<address>/reload.js`, which
//! listens to `<address>/events` and loads the page anew when the restarted server answers. Nothing of this is in the
//! program that people run.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};
use std::{fs, thread};

use anyhow::{Context, Result, bail};

use crate::{Place, Profile, assets, files};

/// What is watched: folders and single files below the root.
const WATCHED: &[&str] = &["src", "style", "editor", "public", "migrations", "Cargo.toml", "Cargo.lock", "package-lock.json"];
const LOOK_EVERY: Duration = Duration::from_millis(300);
const RELOAD_PORT: u16 = 35729;
const RELOAD_SCRIPT: &str = "\
const events = new EventSource(new URL('events', import.meta.url));
events.addEventListener('reload', async () => {
  // The event comes when the server was started, not when it answers.
  for (;;) {
    const ready = await fetch('/readyz', { cache: 'no-store' }).then((answer) => answer.ok, () => false);
    if (ready) break;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  location.reload();
});
";

/// Runs until interrupted. `arguments` replace those the server is started with.
pub fn run(place: &Place, arguments: &[String]) -> Result<()> {
    let listeners = Listeners::start()?;
    let mut server: Option<Child> = None;
    let mut seen = BTreeMap::new();
    loop {
        let now = snapshot(place)?;
        if now != seen {
            // People save several files at once, and editors write in two steps: wait until nothing moves.
            seen = settle(place, now)?;
            match rebuild(place) {
                Ok(()) => {
                    stop(server.take());
                    server = Some(start(place, arguments, &listeners.address)?);
                    listeners.reload();
                }
                // The old server stays up while the code does not compile.
                Err(error) => eprintln!("==> {error:#}"),
            }
        }
        if let Some(status) = server.as_mut().and_then(|child| child.try_wait().ok().flatten()) {
            eprintln!("==> the server ended ({status}); waiting for a change");
            server = None;
        }
        thread::sleep(LOOK_EVERY);
    }
}

type Snapshot = BTreeMap<PathBuf, SystemTime>;

fn snapshot(place: &Place) -> Result<Snapshot> {
    let mut found = Snapshot::new();
    for name in WATCHED {
        let path = place.root.join(name);
        let paths = if path.is_dir() { files::walk(&path)? } else { vec![path] };
        for path in paths {
            // A file may vanish between listing and looking.
            if let Ok(changed) = fs::metadata(&path).and_then(|about| about.modified()) {
                found.insert(path, changed);
            }
        }
    }
    Ok(found)
}

fn settle(place: &Place, mut last: Snapshot) -> Result<Snapshot> {
    loop {
        thread::sleep(LOOK_EVERY / 2);
        let next = snapshot(place)?;
        if next == last {
            return Ok(last);
        }
        last = next;
    }
}

fn rebuild(place: &Place) -> Result<()> {
    let start = Instant::now();
    eprintln!("==> server");
    let status = Command::new("cargo")
        .args(["build", "--package", "setaside", "--bin", "setaside", "--features", "ssr"])
        .current_dir(&place.root)
        .status()
        .context("cannot start cargo")?;
    if !status.success() {
        bail!("the server does not compile");
    }
    eprintln!("==> assets");
    assets::build(place, Profile::Dev, &site(place))?;
    eprintln!("==> ready after {:.1} s", start.elapsed().as_secs_f32());
    Ok(())
}

/// Not the folder of `make run`, so that both can be used in turn without building everything again.
fn site(place: &Place) -> PathBuf {
    place.root.join("target/site-dev")
}

fn start(place: &Place, arguments: &[String], reload: &str) -> Result<Child> {
    let mut command = Command::new(place.target.join("debug/setaside"));
    if arguments.is_empty() {
        command.args(["serve", "--demo", "--data", "setaside-data"]);
    } else {
        command.args(arguments);
    }
    command.current_dir(&place.root).env("SETASIDE_SITE", site(place)).env("SETASIDE_DEV_RELOAD", reload);
    command.spawn().context("cannot start the server")
}

/// Ends the server as an operator would, so that it closes its database; by force if that takes too long.
fn stop(server: Option<Child>) {
    let Some(mut server) = server else { return };
    let asked = Command::new("kill").arg(server.id().to_string()).status().is_ok_and(|status| status.success());
    let deadline = Instant::now() + Duration::from_secs(3);
    while asked && Instant::now() < deadline {
        if matches!(server.try_wait(), Ok(Some(_))) {
            return;
        }
        thread::sleep(Duration::from_millis(20));
    }
    let _ = server.kill();
    let _ = server.wait();
}

/// The pages that wait to be told.
struct Listeners {
    address: String,
    streams: Arc<Mutex<Vec<TcpStream>>>,
}

impl Listeners {
    fn start() -> Result<Self> {
        // Another session may have the usual port; the server is told the address in any case.
        let listener = TcpListener::bind(("127.0.0.1", RELOAD_PORT)).or_else(|_| TcpListener::bind(("127.0.0.1", 0)))?;
        let address = format!("http://{}", listener.local_addr()?);
        let streams = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::clone(&streams);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                // A page that asks and then says nothing must not keep the others waiting.
                thread::spawn(move || {
                    let _ = answer(stream, &shared);
                });
            }
        });
        Ok(Self { address, streams })
    }

    /// Tells the pages to load again as soon as the server answers. Those that are gone are forgotten.
    fn reload(&self) {
        let mut streams = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        streams.retain_mut(|stream| stream.write_all(b"event: reload\ndata: now\n\n").is_ok());
    }
}

fn answer(mut stream: TcpStream, listeners: &Mutex<Vec<TcpStream>>) -> Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let request = lines.next().context("empty request")??;
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let path = request.split(' ').nth(1).unwrap_or_default();
    let head =
        "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nCross-Origin-Resource-Policy: cross-origin\r\nCache-Control: no-store\r\n";
    if Path::new(path).ends_with("reload.js") {
        let length = RELOAD_SCRIPT.len();
        write!(stream, "{head}Content-Type: text/javascript\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{RELOAD_SCRIPT}")?;
    } else {
        write!(stream, "{head}Content-Type: text/event-stream\r\n\r\nretry: 500\n\n")?;
        listeners.lock().unwrap_or_else(PoisonError::into_inner).push(stream);
    }
    Ok(())
}
