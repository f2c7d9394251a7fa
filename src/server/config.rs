//! Configuration: defaults, one TOML file, the environment, the command line; later ones win. Checked at start.

use crate::domain::announcement::attachment::{MB, MB_ALLOWED, MB_DEFAULT};
use crate::domain::calendar::Day;
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long the body of a request may take: 4 MB by a slow line.
const BODY_TIME: Duration = Duration::from_secs(30);

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
    /// Address under which people reach the server; https makes cookies Secure [default: `http://LISTEN`]
    #[arg(long, env = "SETASIDE_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// First day of the platform's new collection: projects before it may be corrected [default: 2024-01-01]
    #[arg(long, env = "SETASIDE_CUTOVER")]
    pub cutover: Option<String>,
    /// Minutes after which an unused sign-in ends, 5 to 1440 [default: 120]
    #[arg(long, env = "SETASIDE_SESSION_IDLE_MINUTES")]
    pub session_idle_minutes: Option<String>,
    /// Hours after which any sign-in ends, 1 to 72 [default: 12]
    #[arg(long, env = "SETASIDE_SESSION_HOURS")]
    pub session_hours: Option<String>,
    /// Largest attachment in MB, 1 to 200 [default: 20]
    #[arg(long, env = "SETASIDE_ATTACHMENT_MB")]
    pub attachment_mb: Option<String>,
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
    /// How long the body of a request may take; an upload's, a multiple of it.
    pub body_time: Duration,
    /// Whether demo accounts are shown on the sign-in page.
    pub is_demo: bool,
}

/// A key with a value that is not allowed.
#[derive(Debug, thiserror::Error)]
#[error("configuration: {key} = {value:?} is not allowed: {allowed}")]
pub struct ConfigError {
    key: &'static str,
    value: String,
    allowed: String,
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
        toml::from_str(&text).map_err(|error| refuse("--config", name, error))
    }

    /// These keys, and `below`'s where nothing is given here.
    #[must_use]
    pub fn over(self, below: Given) -> Given {
        Given {
            listen: self.listen.or(below.listen),
            data: self.data.or(below.data),
            database_url: self.database_url.or(below.database_url),
            site: self.site.or(below.site),
            public_url: self.public_url.or(below.public_url),
            cutover: self.cutover.or(below.cutover),
            session_idle_minutes: self.session_idle_minutes.or(below.session_idle_minutes),
            session_hours: self.session_hours.or(below.session_hours),
            attachment_mb: self.attachment_mb.or(below.attachment_mb),
        }
    }

    /// Checks every key.
    pub fn check(self, is_demo: bool) -> Result<Settings, ConfigError> {
        let listen = self.listen.unwrap_or_else(|| "127.0.0.1:3000".to_owned());
        let listen: SocketAddr = listen.parse().map_err(|_| refuse("listen", &listen, "an IP address and port such as 127.0.0.1:3000"))?;
        let data = self.data.unwrap_or_else(|| PathBuf::from("setaside-data"));
        let database_url = match self.database_url {
            None => format!("sqlite:{}?mode=rwc", data.join("setaside.db").display()),
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
        let is_https = public_url.starts_with("https://");
        if !is_https && !public_url.starts_with("http://") {
            return Err(refuse("public_url", public_url, "an address that begins with http:// or https://"));
        }
        let cutover = self.cutover.unwrap_or_else(|| "2024-01-01".to_owned());
        let cutover = Day::parse(&cutover).map_err(|_| refuse("cutover", &cutover, "a day such as 2024-01-01"))?;
        let attachment_mb = whole("attachment_mb", self.attachment_mb.as_ref(), MB_DEFAULT, MB_ALLOWED)?;
        Ok(Settings {
            listen,
            data,
            database_url,
            site: self.site.unwrap_or_else(default_site),
            is_https,
            public_url: public_url.trim_end_matches('/').to_owned(),
            cutover,
            session_idle_seconds: whole("session_idle_minutes", self.session_idle_minutes.as_ref(), 120, 5..=1440)? * 60,
            session_seconds: whole("session_hours", self.session_hours.as_ref(), 12, 1..=72)? * 3600,
            attachment_bytes: usize::try_from(attachment_mb).unwrap_or_default() * MB,
            body_time: BODY_TIME,
            is_demo,
        })
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
            (Given { public_url: Some("setaside.example".into()), ..Given::default() }, "public_url"),
        ] {
            let message = given.check(false).unwrap_err().to_string();
            assert!(message.contains(expected), "{message}");
            assert!(!message.contains("secret"), "a password stands in {message}");
        }
        assert!(toml::from_str::<Given>("listn = \"127.0.0.1:1\"").is_err(), "unknown keys are refused");
    }
}
