//! Configuration: defaults, one TOML file, the environment, the command line; later ones win. Checked at start.

use crate::domain::announcement::attachment::{MB, MB_ALLOWED, MB_DEFAULT};
use crate::domain::calendar::Day;
use crate::server::pdf::FILES;
use crate::server::place::DATABASE;
use axum::http::Uri;
use serde::{Deserialize, Deserializer};
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long the body of a request may take: 4 MB by a slow line.
const BODY_TIME: Duration = Duration::from_secs(30);

/// MB that uploads leave free: an import of 64 MB is staged in the database before it is written there.
const RESERVE: i64 = 128;

/// What an operator may set, each key optional; the TOML file has exactly these keys.
#[derive(Clone, Debug, Default, Deserialize, clap::Args)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// Address and port to listen on [default: 127.0.0.1:3000]
    #[arg(long, env = "SETASIDE_LISTEN")]
    pub listen: Option<String>,
    /// Directory of the embedded database and the attachments [default: setaside-data]
    #[arg(long, env = "SETASIDE_DATA")]
    pub data: Option<PathBuf>,
    /// `PostgreSQL` address (`postgres://user@host/name`) instead of the embedded database
    #[arg(long, env = "SETASIDE_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// Directory of the built browser files [default: site beside the program, else target/site]
    #[arg(long, env = "SETASIDE_SITE")]
    pub site: Option<PathBuf>,
    /// Directory of the font for PDF, two files of Noto Serif CJK [default: fonts in the site, else the system's]
    #[arg(long, env = "SETASIDE_FONTS")]
    pub fonts: Option<PathBuf>,
    /// Address under which people reach the server; https makes cookies Secure [default: `http://LISTEN`]
    #[arg(long, env = "SETASIDE_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// First day of the platform's new collection: projects before it may be corrected [default: 2024-01-01]
    #[arg(long, env = "SETASIDE_CUTOVER")]
    #[serde(default, deserialize_with = "bare")]
    pub cutover: Option<String>,
    /// Minutes after which an unused sign-in ends, 5 to 1440 [default: 120]
    #[arg(long, env = "SETASIDE_SESSION_IDLE_MINUTES")]
    #[serde(default, deserialize_with = "bare")]
    pub session_idle_minutes: Option<String>,
    /// Hours after which any sign-in ends, 1 to 72 [default: 12]
    #[arg(long, env = "SETASIDE_SESSION_HOURS")]
    #[serde(default, deserialize_with = "bare")]
    pub session_hours: Option<String>,
    /// Largest attachment in MB, 1 to 200 [default: 20]
    #[arg(long, env = "SETASIDE_ATTACHMENT_MB")]
    #[serde(default, deserialize_with = "bare")]
    pub attachment_mb: Option<String>,
    /// MB of the data directory's disk that uploads leave free, 0 to 1000000 [default: 128]
    #[arg(long, env = "SETASIDE_RESERVE_MB")]
    #[serde(default, deserialize_with = "bare")]
    pub reserve_mb: Option<String>,
    /// Requests for open data that an address may make in a minute, 10 to 100000 [default: 300]
    #[arg(long, env = "SETASIDE_API_PER_MINUTE")]
    #[serde(default, deserialize_with = "bare")]
    pub api_per_minute: Option<String>,
    /// Proxies in front of the server that append to X-Forwarded-For, 0 to 5; with 0 the header is not looked at [default: 0]
    #[arg(long, env = "SETASIDE_PROXIES")]
    #[serde(default, deserialize_with = "bare")]
    pub proxies: Option<String>,
    /// Registered prefix of the OCDS identifiers [default: ocds-000000]
    #[arg(long, env = "SETASIDE_OCDS_PREFIX")]
    pub ocds_prefix: Option<String>,
    /// Whether the rehearsal asks the links of an announcement if they answer, which takes requests to other sites [default: off]
    #[arg(long, env = "SETASIDE_CHECK_LINKS")]
    #[serde(default, deserialize_with = "bare")]
    pub check_links: Option<String>,
}

/// Configuration that has been checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Directory of database and attachments.
    pub data: PathBuf,
    /// What [`crate::server::db::Db::open`] opens.
    pub database_url: String,
    /// Directory of the built browser files.
    pub site: PathBuf,
    /// Directory of the font for PDF; none: where it usually lies.
    pub fonts: Option<PathBuf>,
    /// Whether people come by https.
    pub is_https: bool,
    /// Scheme, host and port that people see, without a slash at the end.
    pub public_url: String,
    /// First day of the platform's new collection (A5).
    pub cutover: Day,
    /// Seconds after which an unused session ends.
    pub session_idle_seconds: i64,
    /// Seconds after which any session ends.
    pub session_seconds: i64,
    /// Largest attachment, in bytes.
    pub attachment_bytes: usize,
    /// Bytes of the disk that uploads leave free, for the database.
    pub reserve_bytes: u64,
    /// Requests for open data that an address may make in a minute.
    pub api_per_minute: i64,
    /// Proxies in front of the server that say for whom they ask.
    pub proxies: usize,
    /// The beginning of every OCDS identifier.
    pub ocds_prefix: String,
    /// Whether links are asked if they answer.
    pub checks_links: bool,
    /// How long the body of a request may take; an upload's, a multiple of it.
    pub body_time: Duration,
    /// Whether demo accounts are shown on the sign-in page.
    pub is_demo: bool,
}

impl Settings {
    /// Whether the database lies in the data directory.
    pub fn is_embedded(&self) -> bool {
        self.database_url.starts_with("sqlite:")
    }
}

/// A key with a value that is not allowed.
#[derive(Debug, thiserror::Error)]
#[error("configuration: {key} = {value:?} is not allowed: {allowed}")]
pub struct ConfigError {
    key: &'static str,
    value: String,
    allowed: String,
}

/// A value of the TOML file, in quotes or without.
fn bare<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Value {
        Text(String),
        Number(i64),
        Switch(bool),
        Date(toml::value::Datetime),
    }
    Ok(Some(match Value::deserialize(deserializer)? {
        Value::Text(text) => text,
        Value::Number(number) => number.to_string(),
        Value::Switch(switch) => switch.to_string(),
        Value::Date(date) => date.to_string(),
    }))
}

/// What is wrong with a TOML file, without the values in it: one may be a password.
fn without_values(text: &str, error: &toml::de::Error) -> String {
    let line = error.span().map_or(1, |span| text.get(..span.start).unwrap_or_default().lines().count().max(1));
    let message = error.message();
    let is_about_a_key = message.starts_with("unknown field") || message.starts_with("duplicate key");
    let what = if is_about_a_key { message } else { "this cannot be read; a line is KEY = \"VALUE\", numbers without quotes" };
    format!("line {line}: {what}")
}

/// What [`switch`] reads.
pub const SWITCHES: &str = "1, true, yes, on and 0, false, no, off";

/// Reads a setting that is on or off; nothing is off.
pub fn switch(text: &str) -> Result<bool, String> {
    match text.trim().to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" | "on" => Ok(true),
        "" | "0" | "false" | "no" | "off" => Ok(false),
        _ => Err(format!("allowed are {SWITCHES}")),
    }
}

/// The address of the embedded database in `data`: whatever stands in the path stands for itself.
fn sqlite_url(data: &Path) -> Option<String> {
    let path: PathBuf = data.join(DATABASE).components().collect();
    let encoded = path.to_str()?.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    });
    Some(format!("sqlite:{encoded}?mode=rwc"))
}

/// Scheme, host and perhaps port, without a slash at the end; and whether it is https.
fn site_address(text: &str) -> Option<(String, bool)> {
    let address: Uri = text.parse().ok()?;
    let is_https = match address.scheme_str()? {
        "https" => true,
        "http" => false,
        _ => return None,
    };
    let authority = address.authority()?;
    let is_plain = !authority.host().is_empty() && !authority.as_str().contains('@') && address.query().is_none() && !text.contains('#');
    (is_plain && matches!(address.path(), "" | "/")).then(|| (text.trim_end_matches('/').to_owned(), is_https))
}

fn refuse(key: &'static str, value: impl Into<String>, allowed: impl std::fmt::Display) -> ConfigError {
    ConfigError { key, value: value.into(), allowed: allowed.to_string() }
}

fn whole(key: &'static str, given: Option<&String>, default: i64, bounds: std::ops::RangeInclusive<i64>) -> Result<i64, ConfigError> {
    let Some(text) = given else { return Ok(default) };
    let allowed = format!("a whole number from {} to {}", bounds.start(), bounds.end());
    text.parse::<i64>().ok().filter(|value| bounds.contains(value)).ok_or_else(|| refuse(key, text, allowed))
}

impl Given {
    /// Reads the TOML file.
    pub fn from_file(path: &Path) -> Result<Given, ConfigError> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| refuse("--config", &name, error))?;
        toml::from_str(&text).map_err(|error| refuse("--config", name, without_values(&text, &error)))
    }

    /// These keys, and `below`'s where nothing is given here.
    #[must_use]
    pub fn over(self, below: Given) -> Given {
        Given {
            listen: self.listen.or(below.listen),
            data: self.data.or(below.data),
            database_url: self.database_url.or(below.database_url),
            site: self.site.or(below.site),
            fonts: self.fonts.or(below.fonts),
            public_url: self.public_url.or(below.public_url),
            cutover: self.cutover.or(below.cutover),
            session_idle_minutes: self.session_idle_minutes.or(below.session_idle_minutes),
            session_hours: self.session_hours.or(below.session_hours),
            attachment_mb: self.attachment_mb.or(below.attachment_mb),
            reserve_mb: self.reserve_mb.or(below.reserve_mb),
            api_per_minute: self.api_per_minute.or(below.api_per_minute),
            proxies: self.proxies.or(below.proxies),
            ocds_prefix: self.ocds_prefix.or(below.ocds_prefix),
            check_links: self.check_links.or(below.check_links),
        }
    }

    /// Checks every key.
    pub fn check(self, is_demo: bool) -> Result<Settings, ConfigError> {
        let listen = self.listen.unwrap_or_else(|| "127.0.0.1:3000".to_owned());
        let listen: SocketAddr = listen.parse().map_err(|_| refuse("listen", &listen, "an IP address and port such as 127.0.0.1:3000"))?;
        let data = self.data.unwrap_or_else(|| PathBuf::from("setaside-data"));
        let database_url = match self.database_url {
            None => sqlite_url(&data).ok_or_else(|| refuse("data", data.display().to_string(), "a path in UTF-8"))?,
            Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => url,
            Some(url) => {
                let scheme = url.split(':').next().unwrap_or_default();
                return Err(refuse(
                    "database_url",
                    format!("{scheme}:…"),
                    "an address that begins with postgres://; leave it out for the embedded database",
                ));
            }
        };
        let public_url = self.public_url.unwrap_or_else(|| format!("http://{listen}"));
        let (public_url, is_https) = site_address(&public_url).ok_or_else(|| {
            refuse("public_url", public_url, "http:// or https://, a host and perhaps a port, such as https://setaside.example")
        })?;
        let cutover = self.cutover.unwrap_or_else(|| "2024-01-01".to_owned());
        let cutover = Day::parse(&cutover).map_err(|_| refuse("cutover", &cutover, "a day such as 2024-01-01"))?;
        let check_links = self.check_links.unwrap_or_default();
        let checks_links = switch(&check_links).map_err(|_| refuse("check_links", check_links, SWITCHES))?;
        let attachment_mb = whole("attachment_mb", self.attachment_mb.as_ref(), MB_DEFAULT, MB_ALLOWED)?;
        let reserve_mb = whole("reserve_mb", self.reserve_mb.as_ref(), RESERVE, 0..=1_000_000)?;
        let proxies = whole("proxies", self.proxies.as_ref(), 0, 0..=5)?;
        Ok(Settings {
            listen,
            data,
            database_url,
            site: self.site.unwrap_or_else(default_site),
            fonts: fonts(self.fonts)?,
            is_https,
            public_url,
            cutover,
            session_idle_seconds: whole("session_idle_minutes", self.session_idle_minutes.as_ref(), 120, 5..=1440)? * 60,
            session_seconds: whole("session_hours", self.session_hours.as_ref(), 12, 1..=72)? * 3600,
            attachment_bytes: usize::try_from(attachment_mb).unwrap_or_default() * MB,
            reserve_bytes: u64::try_from(reserve_mb).unwrap_or_default() * MB as u64,
            api_per_minute: whole("api_per_minute", self.api_per_minute.as_ref(), 300, 10..=100_000)?,
            proxies: usize::try_from(proxies).unwrap_or_default(),
            ocds_prefix: ocds_prefix(self.ocds_prefix)?,
            checks_links,
            body_time: BODY_TIME,
            is_demo,
        })
    }
}

/// The prefix, in the form in which the Open Contracting Partnership gives them; the default is nobody's.
fn ocds_prefix(given: Option<String>) -> Result<String, ConfigError> {
    let prefix = given.unwrap_or_else(|| "ocds-000000".to_owned());
    let own = prefix.strip_prefix("ocds-").unwrap_or_default();
    let fits = own.len() == 6 && own.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if fits { Ok(prefix) } else { Err(refuse("ocds_prefix", prefix, "ocds- and six lower-case letters or digits, such as ocds-a1b2c3")) }
}

/// A directory that was named must have the font: whoever names it wants it to be used.
fn fonts(given: Option<PathBuf>) -> Result<Option<PathBuf>, ConfigError> {
    let lacking = given.as_ref().filter(|folder| FILES.iter().any(|file| !folder.join(file).is_file()));
    match lacking {
        Some(folder) => Err(refuse("fonts", folder.display().to_string(), format!("a directory with {}", FILES.join(" and ")))),
        None => Ok(given),
    }
}

fn default_site() -> PathBuf {
    let beside = std::env::current_exe().ok().and_then(|program| program.parent().map(|folder| folder.join("site")));
    beside.filter(|site| site.join("manifest.json").exists()).unwrap_or_else(|| PathBuf::from("target/site"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a5_the_change_over_day_comes_from_configuration() {
        let settings = Given { cutover: Some("2024-07-01".into()), ..Given::default() }.check(false).unwrap();
        assert_eq!(settings.cutover.to_string(), "2024-07-01");
    }

    #[test]
    fn a1_a_wrong_value_names_its_key_and_what_is_allowed() {
        for (given, expected) in [
            (Given { listen: Some("localhost".into()), ..Given::default() }, "listen"),
            (Given { database_url: Some("mysql://root:secret@host/x".into()), ..Given::default() }, "database_url"),
            (Given { cutover: Some("2024-02-30".into()), ..Given::default() }, "cutover"),
            (Given { session_hours: Some("0".into()), ..Given::default() }, "from 1 to 72"),
            (Given { session_idle_minutes: Some("soon".into()), ..Given::default() }, "session_idle_minutes"),
            (Given { attachment_mb: Some("2000".into()), ..Given::default() }, "attachment_mb"),
            (Given { reserve_mb: Some("-1".into()), ..Given::default() }, "from 0 to 1000000"),
            (Given { check_links: Some("perhaps".into()), ..Given::default() }, "check_links"),
            (Given { session_hours: Some(String::new()), ..Given::default() }, "session_hours"),
            (Given { public_url: Some("setaside.example".into()), ..Given::default() }, "public_url"),
            (Given { api_per_minute: Some("0".into()), ..Given::default() }, "api_per_minute"),
            (Given { proxies: Some("-1".into()), ..Given::default() }, "from 0 to 5"),
            (Given { fonts: Some("no-such-folder".into()), ..Given::default() }, "NotoSerifCJK-Regular.ttc"),
            (Given { ocds_prefix: Some("ocds-UPPER1".into()), ..Given::default() }, "ocds_prefix"),
            (Given { public_url: Some("https://".into()), ..Given::default() }, "public_url"),
            (Given { public_url: Some("https:///x".into()), ..Given::default() }, "public_url"),
            (Given { public_url: Some("https://:443".into()), ..Given::default() }, "public_url"),
            (Given { public_url: Some("https://setaside.example/there".into()), ..Given::default() }, "public_url"),
            (Given { public_url: Some("ftp://setaside.example".into()), ..Given::default() }, "public_url"),
        ] {
            let message = given.check(false).unwrap_err().to_string();
            assert!(message.contains(expected), "{message}");
            assert!(!message.contains("secret"), "a password stands in {message}");
        }
        assert!(toml::from_str::<Given>("listn = \"127.0.0.1:1\"").is_err(), "unknown keys are refused");
    }

    #[test]
    fn a1_a_switch_is_on_or_off_and_nothing_else() {
        for (text, expected) in
            [("1", true), ("Yes", true), ("on", true), ("TRUE", true), ("", false), ("0", false), ("off", false), ("No", false)]
        {
            assert_eq!(switch(text), Ok(expected), "{text}");
        }
        for text in ["maybe", "2", "y", "none"] {
            assert!(switch(text).unwrap_err().contains("true"), "{text}");
        }
    }

    #[test]
    fn a1_a_file_takes_numbers_and_days_with_and_without_quotes() {
        for text in [
            "session_hours = 8\nattachment_mb = 5\ncutover = 2024-07-01",
            "session_hours = \"8\"\nattachment_mb = \"5\"\ncutover = \"2024-07-01\"",
        ] {
            let settings = toml::from_str::<Given>(text).unwrap().check(false).unwrap();
            assert_eq!(
                (settings.session_seconds, settings.attachment_bytes, settings.cutover.to_string().as_str()),
                (28_800, 5 * MB, "2024-07-01")
            );
        }
    }

    #[test]
    fn a1_a_file_that_cannot_be_read_is_named_by_its_line_without_its_values() {
        for (text, expected) in [
            ("listen = \"127.0.0.1:1\"\ndatabase_url = \"postgres://u:secret@host/x", "line 2"),
            ("\nlistn = \"secret\"", "unknown field `listn`"),
            ("database_url = [\"secret\"]", "line 1"),
            ("session_hours = [\"secret\"]", "line 1"),
            ("listen = secret", "line 1"),
            ("listen = \"secret\"\nlisten = \"secret\"", "duplicate key"),
        ] {
            let message = without_values(text, &toml::from_str::<Given>(text).unwrap_err());
            assert!(message.contains(expected) && !message.contains("secret"), "{text}: {message}");
        }
    }

    #[test]
    fn a1_whatever_stands_in_the_path_of_the_data_stands_for_itself() {
        let url = |path: &str| sqlite_url(Path::new(path)).unwrap();
        assert_eq!(url("/var/a?b#c%20 数"), "sqlite:/var/a%3Fb%23c%2520%20%E6%95%B0/setaside.db?mode=rwc");
        assert_eq!(url("//var//x"), "sqlite:/var/x/setaside.db?mode=rwc");
    }
}
