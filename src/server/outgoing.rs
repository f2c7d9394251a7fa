//! Requests to other sites: whether the links of an announcement answer. Off unless the operator allows it; only what is public is asked,
//! bounded in number and time.

use crate::domain::announcement::rehearsal::{LinkAnswer, is_inside};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use ureq::Agent;
use ureq::config::Config;
use ureq::http::header::LOCATION;
use ureq::http::{Method, Request, Uri};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use url::Url;

/// How long one link may take, redirects included; a site that knows no HEAD is asked twice.
const EACH: Duration = Duration::from_secs(6);
/// Redirects that are followed.
const REDIRECTS: usize = 4;
/// How long all links of an announcement may take; what has not answered by then counts as not asked.
const ALL: Duration = Duration::from_secs(25);
/// Links asked at a time, by the whole program.
const AT_A_TIME: usize = 16;
/// Links of one announcement asked at a time: fewer, so that slow sites of one leave room for the others.
const OF_ONE: usize = 4;

/// How long an answer is taken for granted: whoever opens a page again and again asks nobody twice.
const KNOWN: Duration = Duration::from_mins(10);
/// Answers that are remembered at most.
const KNOWN_MAX: usize = 5_000;

/// Asks other sites, where that is allowed.
#[derive(Clone, Debug, Default)]
pub struct Outgoing(Option<Asking>);

#[derive(Clone, Debug)]
struct Asking {
    agent: Agent,
    slots: Arc<Semaphore>,
    known: Arc<Mutex<HashMap<String, (Instant, LinkAnswer)>>>,
}

impl Outgoing {
    /// Asks nobody unless `is_allowed`.
    pub fn new(is_allowed: bool) -> Outgoing {
        Outgoing(is_allowed.then(|| Asking::by(Public(DefaultResolver::default()))))
    }

    /// Asks this address, whatever the host is called: for tests.
    pub fn always_at(address: SocketAddr) -> Outgoing {
        Outgoing(Some(Asking::by(Always(address))))
    }

    /// Whether anybody may be asked.
    pub const fn is_allowed(&self) -> bool {
        self.0.is_some()
    }

    /// What came of asking these addresses; those that could not be asked in time are missing.
    pub async fn ask(&self, links: Vec<String>) -> Vec<(String, LinkAnswer)> {
        let Some(asking) = &self.0 else { return Vec::new() };
        let mut answers = Vec::new();
        let mut running = JoinSet::new();
        let own = Arc::new(Semaphore::new(OF_ONE));
        for link in links {
            if let Some(answer) = asking.known_answer(&link) {
                answers.push((link, answer));
                continue;
            }
            let Asking { agent, slots, .. } = asking.clone();
            let own = own.clone();
            running.spawn(async move {
                // The own slot first: who waits for it holds none of the others'.
                let held = (own.acquire_owned().await.ok()?, slots.acquire_owned().await.ok()?);
                let asked = tokio::task::spawn_blocking(move || {
                    let _held = held;
                    ask_one(&agent, &link).map(|answer| (link, answer))
                });
                asked.await.ok().flatten()
            });
        }
        let collected = async {
            while let Some(ended) = running.join_next().await {
                if let Some((link, answer)) = ended.ok().flatten() {
                    asking.remember(&link, answer);
                    answers.push((link, answer));
                }
            }
        };
        // What still waits for a slot is given up with the set; what is on its way ends by itself within its own time.
        let _ = tokio::time::timeout(ALL, collected).await;
        answers
    }
}

impl Asking {
    fn by(resolver: impl Resolver) -> Asking {
        let config = Config::builder()
            // Followed here: the library would read the body of each redirect to its end, however long.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            // Behind a proxy the address that is really reached would not be seen.
            .proxy(None)
            .user_agent("setaside")
            .build();
        Asking {
            agent: Agent::with_parts(config, DefaultConnector::default(), resolver),
            slots: Arc::new(Semaphore::new(AT_A_TIME)),
            known: Arc::default(),
        }
    }

    fn known_answer(&self, link: &str) -> Option<LinkAnswer> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(link).filter(|(at, _)| at.elapsed() < KNOWN).map(|(_, answer)| *answer)
    }

    fn remember(&self, link: &str, answer: LinkAnswer) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= KNOWN_MAX {
            known.clear();
        }
        known.insert(link.to_owned(), (Instant::now(), answer));
    }
}

/// Nothing where the address is none that can be asked.
fn ask_one(agent: &Agent, link: &str) -> Option<LinkAnswer> {
    let address = Url::parse(&encoded(link)).ok()?;
    let status = match follow(agent, &Method::HEAD, address.clone()) {
        // Some sites know no HEAD; they are asked as a browser would.
        Some(400..) => follow(agent, &Method::GET, address),
        other => other,
    };
    Some(status.map_or(LinkAnswer::Silent, LinkAnswer::Status))
}

/// What the address answers, or the one that it leads to; nothing where none answers in time. No body is read.
fn follow(agent: &Agent, method: &Method, mut address: Url) -> Option<u16> {
    let end = Instant::now() + EACH;
    for _ in 0..=REDIRECTS {
        let left = end.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())?;
        let request = Request::builder().method(method).uri(address.as_str()).body(()).ok()?;
        let request = agent.configure_request(request).timeout_global(Some(left)).build();
        let answer = agent.run(request).ok()?;
        if !answer.status().is_redirection() {
            return Some(answer.status().as_u16());
        }
        let Some(target) = answer.headers().get(LOCATION) else { return Some(answer.status().as_u16()) };
        address = address.join(&encoded(target.to_str().ok()?)).ok().filter(|target| matches!(target.scheme(), "http" | "https"))?;
    }
    None
}

/// The address as it travels: what is not ASCII as its bytes, and nothing behind `#`.
fn encoded(link: &str) -> String {
    let link = link.split('#').next().unwrap_or_default();
    link.bytes().map(|byte| if byte.is_ascii() { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// Finds public hosts only: a link must not make the server knock at the doors of its own network.
#[derive(Debug)]
struct Public(DefaultResolver);

impl Resolver for Public {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.0.resolve(uri, config, timeout)?;
        let mut public = self.empty();
        for address in found.iter().filter(|address| !is_inside(address.ip())) {
            public.push(*address);
        }
        if public.is_empty() { Err(ureq::Error::HostNotFound) } else { Ok(public) }
    }
}

#[derive(Debug)]
struct Always(SocketAddr);

impl Resolver for Always {
    fn resolve(&self, _uri: &Uri, _config: &Config, _timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let mut found = self.empty();
        found.push(self.0);
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::{Body, Bytes};
    use axum::http::StatusCode;
    use axum::response::{IntoResponse as _, Redirect};
    use std::convert::Infallible;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Bytes of the long redirect that were taken.
    static TAKEN: AtomicUsize = AtomicUsize::new(0);

    /// A redirect whose body never ends.
    fn endless() -> axum::response::Response {
        let pieces = futures::stream::repeat_with(|| {
            TAKEN.fetch_add(PIECE.len(), Ordering::SeqCst);
            Ok::<_, Infallible>(Bytes::from_static(PIECE))
        });
        (StatusCode::FOUND, [(LOCATION, "there")], Body::from_stream(pieces)).into_response()
    }

    const PIECE: &[u8] = &[b' '; 64 * 1024];

    /// A site of the test's own.
    async fn site() -> SocketAddr {
        // No routes of the program: those all stand in the table of its addresses.
        let answers = |method: Method, uri: Uri| async move {
            match uri.path() {
                "/there" | "/%E5%90%88%E5%90%8C" => "there".into_response(),
                "/moved" => Redirect::temporary("/there").into_response(),
                "/round" => Redirect::temporary("/round").into_response(),
                "/endless" if method == Method::GET => endless(),
                "/endless" => StatusCode::METHOD_NOT_ALLOWED.into_response(),
                "/away" => Redirect::temporary("ftp://elsewhere.example/").into_response(),
                "/no-head" if method == Method::HEAD => StatusCode::METHOD_NOT_ALLOWED.into_response(),
                "/no-head" => StatusCode::OK.into_response(),
                "/broken" => StatusCode::BAD_GATEWAY.into_response(),
                _ => StatusCode::NOT_FOUND.into_response(),
            }
        };
        let routes = Router::new().fallback(answers);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, routes).await });
        address
    }

    #[tokio::test]
    async fn e6_links_are_asked_and_their_answers_told_apart() {
        let outgoing = Outgoing::always_at(site().await);
        let link = |path: &str| format!("http://links.example/{path}");
        let paths = ["there", "moved", "no-head", "合同#第二页", "missing", "broken", "round", "endless", "away"];
        let answers = outgoing.ask(paths.iter().map(|path| link(path)).collect()).await;
        let of = |path: &str| answers.iter().find(|(asked, _)| *asked == link(path)).map(|(_, answer)| *answer);
        for path in ["there", "moved", "no-head", "合同#第二页", "endless"] {
            assert_eq!(of(path), Some(LinkAnswer::Status(200)), "{path}");
        }
        assert_eq!(of("missing"), Some(LinkAnswer::Status(404)));
        assert_eq!(of("broken"), Some(LinkAnswer::Status(502)));
        assert_eq!(of("round"), Some(LinkAnswer::Silent), "a redirect without end");
        assert_eq!(of("away"), Some(LinkAnswer::Silent), "a redirect to what no browser would ask over HTTP");
        assert!(TAKEN.load(Ordering::SeqCst) < 16 * 1024 * 1024, "the body of a redirect is left alone: {TAKEN:?}");
    }

    #[tokio::test]
    async fn e6_slow_sites_of_one_announcement_leave_room_for_the_links_of_another() {
        let (open, opened) = tokio::sync::watch::channel(false);
        let answers = move |uri: Uri| {
            let mut opened = opened.clone();
            async move {
                if uri.path().starts_with("/slow") {
                    let _ = opened.wait_for(|is_open| *is_open).await;
                }
                StatusCode::OK
            }
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let outgoing = Outgoing::always_at(listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answers)).await });
        // More than there are slots in the whole program.
        let slow = (0..2 * AT_A_TIME).map(|at| format!("http://links.example/slow/{at}")).collect();
        let mut waiting = Box::pin(outgoing.ask(slow));
        let quick = tokio::select! {
            _ = &mut waiting => panic!("nothing has answered it yet"),
            quick = outgoing.ask(vec!["http://links.example/quick".to_owned()]) => quick,
        };
        assert_eq!(quick, [("http://links.example/quick".to_owned(), LinkAnswer::Status(200))]);
        open.send(true).unwrap();
        assert_eq!(waiting.await.len(), 2 * AT_A_TIME);
    }

    #[tokio::test]
    async fn e6_nobody_inside_is_asked_and_nobody_at_all_unless_it_is_allowed() {
        let address = site().await;
        let inside = vec![format!("http://{address}/there"), format!("http://localhost:{}/there", address.port())];
        let answers = Outgoing::new(true).ask(inside.clone()).await;
        assert!(answers.len() == 2 && answers.iter().all(|(_, answer)| *answer == LinkAnswer::Silent), "{answers:?}");
        assert!(Outgoing::new(false).ask(inside).await.is_empty());
    }
}
