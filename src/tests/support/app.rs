//! The application with its units and people.

use super::place::Place;
use super::visitor::Visitor;
use axum::Router;
use setaside::domain::calendar::Moment;
use setaside::domain::contract::YearBasis;
use setaside::domain::ids::{UnitId, UserId};
use setaside::domain::organisation::{District, Roles, Unit};
use setaside::domain::sheet;
use setaside::features::organisations::commands::{self as organisations, User};
use setaside::features::{contracts, session};
use setaside::server::clock::Clock;
use setaside::server::config::{Given, Settings};
use setaside::server::files::sha256_hex;
use setaside::server::ids::new_id;
use setaside::server::request::Services;
use setaside::startup;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::OnceCell;

/// When the tests' clock stands still.
pub const START: &str = "2025-03-10T09:30";
/// The password of everyone.
pub const PASSWORD: &str = "Demo#2024";

/// Units by name: the 主管, and below it three.
pub const CHIEF: &str = "上海机动车管理中心";
/// A subordinate unit.
pub const UNIT_03: &str = "测试区采购单位03";
/// A subordinate unit.
pub const UNIT_99: &str = "测试区采购单位99";
/// A subordinate unit of another district.
pub const PUDONG: &str = "浦东新区采购中心";

/// Sign-in name, name, unit, roles (clerk, reviewer, admin).
const PEOPLE: [(&str, &str, &str, [bool; 3]); 8] = [
    ("unit03", "张三", UNIT_03, [true, false, false]),
    ("head03", "章审", UNIT_03, [false, true, false]),
    ("unit99", "李四", UNIT_99, [true, false, false]),
    ("pudong", "王五", PUDONG, [true, false, false]),
    ("jdc", "赵六", CHIEF, [true, false, false]),
    ("reviewer", "钱七", CHIEF, [false, true, false]),
    ("leader", "孙八", CHIEF, [false, true, false]),
    ("admin", "周管", CHIEF, [false, false, true]),
];

/// The application under test.
pub struct TestApp {
    /// What the handlers use.
    pub services: Services,
    /// Units by name.
    pub units: HashMap<&'static str, UnitId>,
    /// People by sign-in name.
    pub users: HashMap<&'static str, UserId>,
    router: Router,
    sessions: AtomicU64,
}

impl TestApp {
    /// Brings it up in an empty place.
    pub async fn new(place: &Place) -> TestApp {
        let app = TestApp::empty(place).await;
        let (units, users) = fill(&app.services).await;
        TestApp { units, users, ..app }
    }

    /// Brings it up without a unit.
    pub async fn empty(place: &Place) -> TestApp {
        let given = Given {
            data: Some(place.folder.clone()),
            database_url: place.database_url.clone(),
            site: Some(place.folder.join("no-site")),
            // The limit has tests of its own; the clock of the others stands.
            api_per_minute: Some("100000".to_owned()),
            ..Given::default()
        };
        let clock = Clock::standing_at(Moment::parse_local(START).unwrap());
        // Bodies are at hand in tests; one that is not is not waited for.
        let settings = Settings { body_time: Duration::from_millis(50), ..given.check(false).unwrap() };
        let services = startup::open(settings, clock).await.unwrap();
        let router = startup::router(services.clone());
        TestApp { router, services, units: HashMap::new(), users: HashMap::new(), sessions: AtomicU64::new(0) }
    }

    /// The time on the application's clock.
    pub fn now(&self) -> Moment {
        self.services.clock.now()
    }

    /// Lets `seconds` pass.
    pub fn wait(&self, seconds: i64) {
        self.services.clock.set(self.now().plus_seconds(seconds));
    }

    /// Sets the clock to local Shanghai time.
    pub fn set_time(&self, local: &str) {
        self.services.clock.set(Moment::parse_local(local).unwrap());
    }

    /// A visitor with a session of this person, begun without the cost of checking a password.
    pub async fn sign_in(&self, login: &str) -> Visitor<'_> {
        let token = format!("{:064x}", self.sessions.fetch_add(1, Ordering::Relaxed));
        let (hash, user, now) = (sha256_hex(token.as_bytes()), self.users[login].to_string(), self.now());
        let ends = now.plus_seconds(self.services.settings.session_seconds);
        self.services
            .db
            .write(move |db| {
                Box::pin(async move {
                    sqlx::query("INSERT INTO sessions (token_hash, user_id, seen_at, ends_at) VALUES ($1, $2, $3, $4)")
                        .bind(hash)
                        .bind(user)
                        .bind(now.to_string())
                        .bind(ends.to_string())
                        .execute(db)
                        .await?;
                    Ok(())
                })
            })
            .await
            .unwrap();
        Visitor::new(self, Some(token))
    }

    /// A visitor without a session.
    pub fn nobody(&self) -> Visitor<'_> {
        Visitor::new(self, None)
    }

    /// The router, ready for a request.
    pub(super) fn router(&self) -> Router {
        self.router.clone()
    }

    /// Imports the sample's 700 contracts of 2021–2025.
    pub async fn import_sample(&self) -> contracts::commands::ImportCounts {
        let rows = contracts::decode::csv_rows(include_bytes!("../../../data/contracts-sample.csv")).unwrap();
        let import = sheet::read_table(rows.into_iter());
        contracts::commands::import(&self.services, import.contracts, self.now()).await.unwrap()
    }

    /// One number of the database: `SELECT CAST(… AS BIGINT) …`.
    pub async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&mut *self.services.db.read().await.unwrap()).await.unwrap()
    }

    /// Changes the database behind the application's back.
    pub async fn execute(&self, sql: &'static str) {
        self.services
            .db
            .write(move |db| {
                Box::pin(async move {
                    sqlx::query(sql).execute(db).await?;
                    Ok(())
                })
            })
            .await
            .unwrap();
    }
}

async fn fill(services: &Services) -> (HashMap<&'static str, UnitId>, HashMap<&'static str, UserId>) {
    static HASH: OnceCell<String> = OnceCell::const_new();
    // Hashing is slow on purpose; once is enough for everyone.
    let hash = HASH.get_or_init(|| async { session::password::hash(&services.hashing, PASSWORD.to_owned()).await.unwrap() }).await.clone();
    let now = services.clock.now();
    let (mut units, mut users) = (HashMap::new(), HashMap::new());
    let (mut tree, mut people) = (Vec::new(), Vec::new());
    for (name, district) in [(CHIEF, "319900"), (UNIT_03, "319900"), (UNIT_99, "319900"), (PUDONG, "310115")] {
        let unit = Unit {
            id: new_id(now).unwrap(),
            name: name.to_owned(),
            uscc: String::new(),
            parent: units.get(CHIEF).cloned(),
            is_supervisor: name == CHIEF,
            district: District::parse(district).unwrap(),
            year_basis: YearBasis::Signed,
            version: 1,
        };
        units.insert(name, unit.id.clone());
        tree.push(unit);
    }
    for (login, name, unit, [clerk, reviewer, admin]) in PEOPLE {
        let user = User {
            id: new_id(now).unwrap(),
            unit: units[unit].clone(),
            login: login.to_owned(),
            name: name.to_owned(),
            password_hash: hash.clone(),
            roles: Roles { clerk, reviewer, admin },
            is_disabled: false,
            failures: 0,
            locked_until: None,
            version: 1,
        };
        users.insert(login, user.id.clone());
        people.push(user);
    }
    services.db.write(move |db| Box::pin(async move { organisations::found(db, &tree, &people).await })).await.unwrap();
    (units, users)
}
