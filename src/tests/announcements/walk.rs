//! The state machine of the 公告 walked at random against the server: every status × every action × every person, through the router.
//!
//! A model of its own says of each step whether it is legal and where it leads. The server must accept exactly the legal ones, and after
//! every step its table must be what the model says, so that no refused step changes anything. Steps are chosen where the fewest
//! have been taken from the same state; the seed makes a failure repeatable.

use super::*;
use setaside::domain::calendar::{Day, Moment};
use std::collections::{BTreeMap, BTreeSet};

/// Steps on SQLite; PostgreSQL runs the same model for fewer, because each costs more there.
const STEPS: usize = 10_000;
/// Steps on PostgreSQL.
const STEPS_POSTGRES: usize = 1_000;
/// What the walk begins with; another one is another walk.
const SEED: u64 = 0x5e7a_51de;

/// Who acts; the last is signed in by nobody.
const PEOPLE: [&str; 7] = ["jdc", "reviewer", "leader", "unit03", "head03", "admin", ""];

/// Where the model sees an announcement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum At {
    Draft,
    InReview,
    Returned,
    Withdrawn,
    Scheduled,
    Published,
    /// Published, and its 公告截止时间 has passed; nothing stores it.
    Ended,
    Correcting,
    Revoking,
    Corrected,
    Revoked,
    Deleted,
}

impl At {
    const ALL: [At; 12] = [
        At::Draft,
        At::InReview,
        At::Returned,
        At::Withdrawn,
        At::Scheduled,
        At::Published,
        At::Ended,
        At::Correcting,
        At::Revoking,
        At::Corrected,
        At::Revoked,
        At::Deleted,
    ];

    /// As the table says it: the code, whether a reason stands there, whether a successor does.
    fn stored(self) -> (&'static str, bool, bool) {
        match self {
            At::Draft => ("draft", false, false),
            At::InReview => ("in_review", false, false),
            At::Returned => ("returned", true, false),
            At::Withdrawn => ("withdrawn", true, false),
            At::Scheduled => ("scheduled", false, false),
            At::Published | At::Ended => ("published", false, false),
            At::Correcting => ("published", false, true),
            At::Revoking => ("published", true, false),
            At::Corrected => ("corrected", true, true),
            At::Revoked => ("revoked", true, false),
            At::Deleted => ("", false, false),
        }
    }

    fn is_editable(self) -> bool {
        matches!(self, At::Draft | At::Returned | At::Withdrawn)
    }
}

/// What someone asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Ask {
    Save,
    Generate,
    Delete,
    Submit,
    SubmitToPerson,
    Withdraw,
    Postpone,
    Agree,
    AgreeAndPassOn,
    Disagree,
    Correct,
    Revoke,
    RevokeToPerson,
}

impl Ask {
    const ALL: [Ask; 13] = [
        Ask::Save,
        Ask::Generate,
        Ask::Delete,
        Ask::Submit,
        Ask::SubmitToPerson,
        Ask::Withdraw,
        Ask::Postpone,
        Ask::Agree,
        Ask::AgreeAndPassOn,
        Ask::Disagree,
        Ask::Correct,
        Ask::Revoke,
        Ask::RevokeToPerson,
    ];
}

/// Whom the open step waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Waits {
    Anyone,
    Person(&'static str),
}

#[derive(Clone, Debug)]
struct Item {
    id: String,
    at: At,
    is_generated: bool,
    set: Option<Moment>,
    ends: Option<Day>,
    waits: Option<Waits>,
    corrects: Option<usize>,
}

impl Item {
    /// Where it is at `now`: what was published may have ended.
    fn at(&self, now: Moment) -> At {
        if self.at == At::Published && self.has_ended(now) { At::Ended } else { self.at }
    }

    fn has_ended(&self, now: Moment) -> bool {
        self.ends.is_some_and(|day| day < now.day())
    }

    /// Whether it would end before it begins, published at `set` or at once.
    fn ends_first(&self, set: Option<Moment>, now: Moment) -> bool {
        self.ends.is_some_and(|day| day < set.unwrap_or(now).max(now).day())
    }
}

/// Xorshift: numbers that look like chance and are the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(bound).unwrap()).unwrap()
    }
}

/// 发布时间 and 公告截止时间.
type Times = (Option<Moment>, Option<Day>);

/// To when it is postponed.
fn postponed(item: &Item, now: Moment) -> Moment {
    item.set.unwrap_or(now).max(now).plus_seconds(600)
}

struct Walk<'app> {
    app: &'app TestApp,
    visitors: BTreeMap<&'static str, Visitor<'app>>,
    items: Vec<Item>,
    versions: BTreeMap<String, i64>,
    chance: Chance,
    taken: BTreeMap<(At, Ask, &'static str), usize>,
    accepted: usize,
}

impl<'app> Walk<'app> {
    async fn new(app: &'app TestApp) -> Walk<'app> {
        app.import_sample().await;
        approved_records(app, &["unit03"]).await;
        let mut walk = Walk {
            app,
            visitors: BTreeMap::new(),
            items: Vec::new(),
            versions: BTreeMap::new(),
            chance: Chance(SEED),
            taken: BTreeMap::new(),
            accepted: 0,
        };
        walk.sign_in().await;
        walk.create().await;
        walk
    }

    async fn sign_in(&mut self) {
        for login in PEOPLE {
            let visitor = if login.is_empty() { self.app.nobody() } else { self.app.sign_in(login).await };
            self.visitors.insert(login, visitor);
        }
    }

    async fn create(&mut self) {
        let id: String = self.visitors["jdc"].call("create_announcement", json!({ "year": 2024 })).await;
        self.items.push(Item { id, at: At::Draft, is_generated: false, set: None, ends: None, waits: None, corrects: None });
    }

    /// Whether the model lets this person do that, and nothing but the state or the person speaks against it.
    fn is_legal(&self, item: &Item, ask: Ask, who: &str) -> bool {
        let now = self.app.now();
        let clerk = who == "jdc";
        let answers = match item.waits {
            Some(Waits::Anyone) => who == "reviewer" || who == "leader",
            Some(Waits::Person(person)) => who == person,
            None => false,
        };
        match ask {
            Ask::Save | Ask::Generate | Ask::Delete => clerk && item.at.is_editable(),
            Ask::Submit | Ask::SubmitToPerson => {
                let times = item.set.is_none_or(|set| set > now) && !item.ends_first(item.set, now);
                clerk && item.at.is_editable() && item.is_generated && times
            }
            Ask::Withdraw => clerk && matches!(item.at, At::InReview | At::Scheduled | At::Revoking),
            Ask::Postpone => clerk && item.at == At::Scheduled && !item.ends_first(Some(postponed(item, now)), now),
            Ask::Agree | Ask::AgreeAndPassOn | Ask::Disagree => answers && matches!(item.at, At::InReview | At::Revoking),
            Ask::Correct | Ask::Revoke | Ask::RevokeToPerson => clerk && item.at == At::Published,
        }
    }

    /// The request, and what a save sets the times to.
    fn request(&mut self, item: &Item, ask: Ask, who: &str, version: i64) -> (&'static str, Value, Times) {
        let id = item.id.as_str();
        let chief = json!({ "institution": self.app.units[super::super::support::CHIEF].as_str() });
        let leader = json!({ "person": self.app.users["leader"].as_str() });
        let other = if who == "leader" { "reviewer" } else { "leader" };
        let decision = |agree: bool, next: Value| json!({ "id": id, "version": version, "decision": { "agree": agree, "opinion": "意见", "next": next } });
        match ask {
            Ask::Save => {
                let set = (self.chance.below(2) == 0)
                    .then(|| self.app.now().plus_seconds(600 * i64::try_from(1 + self.chance.below(30)).unwrap()));
                let mode = set.map_or(json!("OnApproval"), |set| json!({ "At": set }));
                // Most of them end, on the day of the publication or a few days later.
                let days = i64::try_from(self.chance.below(4)).unwrap();
                let ends = (days < 3).then(|| set.unwrap_or(self.app.now()).plus_seconds(days * 24 * 3600).day());
                let basics = json!({ "district": "319900", "mode": mode, "expires_on": ends });
                let change = json!({ "basics": basics, "title": null, "remark": null, "document": null });
                ("save_announcement", json!({ "id": id, "version": version, "change": change }), (set, ends))
            }
            Ask::Generate => ("generate_announcement", json!({ "id": id, "version": version }), (None, None)),
            Ask::Delete => ("delete_announcement", json!({ "id": id, "version": version }), (None, None)),
            Ask::Submit => ("submit_announcement", json!({ "id": id, "version": version, "next": chief }), (None, None)),
            Ask::SubmitToPerson => ("submit_announcement", json!({ "id": id, "version": version, "next": leader }), (None, None)),
            Ask::Withdraw => ("withdraw_announcement", json!({ "id": id, "version": version, "reason": "理由" }), (None, None)),
            Ask::Postpone => {
                let to = postponed(item, self.app.now());
                ("answer_rehearsal", json!({ "id": id, "version": version, "postponed_to": to, "reason": "理由" }), (Some(to), item.ends))
            }
            Ask::Agree => ("review_announcement", decision(true, Value::Null), (None, None)),
            Ask::AgreeAndPassOn => {
                ("review_announcement", decision(true, json!({ "person": self.app.users[other].as_str() })), (None, None))
            }
            Ask::Disagree => ("review_announcement", decision(false, Value::Null), (None, None)),
            Ask::Correct => ("correct_announcement", json!({ "id": id, "version": version, "reason": "理由" }), (None, None)),
            Ask::Revoke => ("revoke_announcement", json!({ "id": id, "version": version, "reason": "理由", "next": chief }), (None, None)),
            Ask::RevokeToPerson => {
                ("revoke_announcement", json!({ "id": id, "version": version, "reason": "理由", "next": leader }), (None, None))
            }
        }
    }

    /// Where a legal step leads.
    fn follow(&mut self, at: usize, ask: Ask, who: &'static str, times: Times, answer: &Value) {
        let now = self.app.now();
        let item = &mut self.items[at];
        match ask {
            Ask::Save | Ask::Postpone => (item.set, item.ends) = times,
            Ask::Generate => item.is_generated = true,
            Ask::Delete => {
                item.at = At::Deleted;
                if let Some(corrected) = item.corrects {
                    self.items[corrected].at = At::Published;
                }
            }
            Ask::Submit | Ask::SubmitToPerson => {
                item.at = At::InReview;
                item.waits = Some(if ask == Ask::Submit { Waits::Anyone } else { Waits::Person("leader") });
            }
            Ask::Withdraw => {
                item.at = if item.at == At::Revoking { At::Published } else { At::Withdrawn };
                item.waits = None;
            }
            Ask::AgreeAndPassOn => item.waits = Some(Waits::Person(if who == "leader" { "reviewer" } else { "leader" })),
            Ask::Disagree => {
                item.at = if item.at == At::Revoking { At::Published } else { At::Returned };
                item.waits = None;
            }
            Ask::Agree => {
                item.waits = None;
                match (item.at, item.set) {
                    (At::Revoking, _) => item.at = At::Revoked,
                    (_, Some(set)) if set > now => item.at = At::Scheduled,
                    _ => self.publish(at),
                }
            }
            Ask::Correct => {
                item.at = At::Correcting;
                let id = answer.as_str().unwrap().to_owned();
                let ends = item.ends;
                self.items.push(Item { id, at: At::Draft, is_generated: true, set: None, ends, waits: None, corrects: Some(at) });
            }
            Ask::Revoke | Ask::RevokeToPerson => {
                item.at = At::Revoking;
                item.waits = Some(if ask == Ask::Revoke { Waits::Anyone } else { Waits::Person("leader") });
            }
        }
    }

    fn publish(&mut self, at: usize) {
        self.items[at].at = At::Published;
        if let Some(corrected) = self.items[at].corrects {
            self.items[corrected].at = At::Corrected;
        }
    }

    /// Time passes, and the publisher looks.
    async fn tick(&mut self) {
        let seconds = i64::try_from(60 * (1 + self.chance.below(90))).unwrap();
        self.app.wait(seconds);
        // What is published and will end does so before long: else hardly one would live to see it.
        let now = self.app.now();
        let ending = self.items.iter().filter(|item| item.at(now) == At::Published).find_map(|item| item.ends);
        if let Some(day) = ending.filter(|_| self.chance.below(4) > 0) {
            self.app.wait((day.end().millis() - now.millis()) / 1000 + 1);
        }
        let now = self.app.now();
        let due: Vec<usize> = (0..self.items.len())
            .filter(|at| self.items[*at].at == At::Scheduled && self.items[*at].set.is_some_and(|set| set <= now))
            .collect();
        assert_eq!(publish_due(&self.app.services).await, Ok(due.len()));
        for at in due {
            self.publish(at);
        }
        // Nobody's sign-in lasts for ever.
        self.sign_in().await;
        let list: Value = self.visitors["jdc"].call("announcements", json!({ "year": null, "status": "ended", "page": 1 })).await;
        let is_public = |at: At| matches!(at, At::Published | At::Correcting | At::Revoking);
        let ended = self.items.iter().filter(|item| is_public(item.at) && item.has_ended(now)).count();
        assert_eq!(list["total"], ended, "已截止 follows the clock");
    }

    /// The table must be what the model says; the versions for the next step.
    async fn compare(&mut self, step: &str) {
        let text = "SELECT id, status, status_reason, successor_id, version FROM announcements";
        let rows: Vec<(String, String, String, Option<String>, i64)> =
            sqlx::query_as(text).fetch_all(&mut *self.app.services.db.read().await.unwrap()).await.unwrap();
        let found: BTreeSet<_> = rows
            .iter()
            .map(|(id, status, reason, successor, _)| (id.clone(), status.clone(), !reason.is_empty(), successor.is_some()))
            .collect();
        let expected: BTreeSet<_> = self
            .items
            .iter()
            .filter(|item| item.at != At::Deleted)
            .map(|item| {
                let (code, reason, successor) = item.at.stored();
                (item.id.clone(), code.to_owned(), reason, successor)
            })
            .collect();
        assert_eq!(found, expected, "after {step}");
        self.versions = rows.into_iter().map(|(id, .., version)| (id, version)).collect();
    }

    /// The least tried ask of the least tried person, among all or among the legal ones.
    fn choose(&mut self, at: usize, only_legal: bool) -> (Ask, &'static str) {
        let item = self.items[at].clone();
        let all = Ask::ALL.into_iter().flat_map(|ask| PEOPLE.into_iter().map(move |who| (ask, who)));
        // Most drafts shall live to be published.
        let spares = self.chance.below(4) > 0;
        let fits = |ask: Ask, who: &str| !only_legal || (self.is_legal(&item, ask, who) && !(spares && ask == Ask::Delete));
        let mut open: Vec<(Ask, &'static str)> = all.clone().filter(|(ask, who)| fits(*ask, who)).collect();
        if open.is_empty() {
            open = all.collect();
        }
        let place = item.at(self.app.now());
        let count = |(ask, who): &(Ask, &'static str)| self.taken.get(&(place, *ask, *who)).copied().unwrap_or_default();
        let least = open.iter().map(count).min().unwrap_or_default();
        let open: Vec<_> = open.into_iter().filter(|pair| count(pair) == least).collect();
        open[self.chance.below(open.len())]
    }

    async fn step(&mut self) {
        if self.items.iter().all(|item| matches!(item.at, At::Corrected | At::Revoked | At::Deleted)) {
            self.create().await;
            self.compare("a new one").await;
        }
        if self.chance.below(25) == 0 {
            self.tick().await;
            self.compare("time passing").await;
        }
        // Mostly one that goes on; those at the end of their ways pile up.
        let is_over = |at: At| matches!(at, At::Corrected | At::Revoked | At::Deleted);
        let (over, live): (Vec<usize>, Vec<usize>) = (0..self.items.len()).partition(|at| is_over(self.items[*at].at));
        let among = if over.is_empty() || self.chance.below(6) > 0 { live } else { over };
        let at = among[self.chance.below(among.len())];
        let item = self.items[at].clone();
        let place = item.at(self.app.now());
        // What has ended is met seldom: there everything is tried before the way goes on.
        let tried = self.taken.keys().filter(|(at, ..)| *at == place).count();
        let only_legal = self.chance.below(2) == 0 && (place != At::Ended || tried == Ask::ALL.len() * PEOPLE.len());
        let (ask, who) = self.choose(at, only_legal);
        let version = self.versions.get(&item.id).copied().unwrap_or(1);
        // Now and then someone asks for what was true a moment ago.
        let is_stale = ask != Ask::Save && ask != Ask::Generate && self.chance.below(20) == 0;
        let is_legal = self.is_legal(&item, ask, who) && !is_stale;
        let (name, body, times) = self.request(&item, ask, who, if is_stale { version - 1 } else { version });
        let (status, answer) = self.visitors[who].post_api(name, body).await;
        let step = format!("{ask:?} by “{who}” at {place:?}, version {version}{}: {status} {answer}", if is_stale { " stale" } else { "" });
        *self.taken.entry((place, ask, who)).or_default() += 1;
        if is_legal {
            assert_eq!(status, 200, "a legal step was refused: {step}");
            self.accepted += 1;
            self.follow(at, ask, who, times, &answer);
        } else {
            let expected: &[u16] = match who {
                "" => &[401],
                "unit03" | "head03" | "admin" => &[404],
                _ if item.at == At::Deleted => &[404],
                _ => &[403, 409, 422],
            };
            assert!(expected.contains(&status), "an illegal step was not refused as it should be: {step}");
        }
        self.compare(&step).await;
    }
}

#[tokio::test]
async fn d2_the_server_accepts_exactly_what_the_state_machine_allows() {
    on_both(async |app: &TestApp| {
        let is_sqlite = app.services.db.engine() == setaside::server::db::Engine::Sqlite;
        let steps = if is_sqlite { STEPS } else { STEPS_POSTGRES };
        let mut walk = Walk::new(app).await;
        walk.compare("the beginning").await;
        for _ in 0..steps {
            walk.step().await;
        }
        assert!(walk.accepted > steps / 4, "{} of {steps} steps were legal", walk.accepted);
        if is_sqlite {
            let all = At::ALL
                .into_iter()
                .flat_map(|at| Ask::ALL.into_iter().flat_map(move |ask| PEOPLE.into_iter().map(move |who| (at, ask, who))));
            let missed: Vec<_> = all.filter(|each| !walk.taken.contains_key(each)).collect();
            assert!(missed.is_empty(), "never tried: {missed:?}");
        }
    })
    .await;
}
