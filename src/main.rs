//! The command line: serve, and what an office needs to start without demo data.

mod cli;

use clap::{Parser, Subcommand};
use setaside::server::clock::Clock;
use setaside::server::config::{Given, Settings, switch};
use setaside::server::http::listen;
use setaside::server::place;
use setaside::startup;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// Accounts for procurement reserved for small and medium enterprises (面向中小企业预留项目执行情况).
#[derive(Parser)]
#[command(name = "setaside", version, about)]
struct CommandLine {
    /// TOML file with the same keys as the options below (listen, data, `database_url`, …)
    #[arg(long, global = true, env = "SETASIDE_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answer requests until SIGTERM or Ctrl+C
    Serve {
        #[command(flatten)]
        given: Box<Given>,
        /// Fill an empty database with demo units, people, contracts, records and announcements
        #[arg(long, env = "SETASIDE_DEMO", value_parser = demo, action = clap::ArgAction::SetTrue)]
        demo: bool,
        /// With --demo: as many published announcements of 1 to 1,000 lines on top
        #[arg(long, env = "SETASIDE_DEMO_ANNOUNCEMENTS", value_name = "COUNT", default_value_t = 0, value_parser = clap::value_parser!(u16).range(..=i64::from(setaside::demo::many::MOST)))]
        demo_announcements: u16,
    },
    /// Import what an office has in files
    Import {
        #[command(subcommand)]
        what: cli::ImportCommand,
    },
    /// Say of each contract of a unit's year whether it counts, how much, and why not
    Explain(cli::ExplainArgs),
    /// Units and their tree
    Unit {
        #[command(subcommand)]
        what: cli::UnitCommand,
    },
    /// People who sign in
    User {
        #[command(subcommand)]
        what: cli::UserCommand,
    },
}

/// The error of clap names the argument alone; whoever has set the variable looks for its name.
fn demo(text: &str) -> Result<bool, String> {
    switch(text).map_err(|allowed| format!("--demo or SETASIDE_DEMO: {allowed}"))
}

/// Blocks of memory from this size on go back to the system when they are let go, in bytes. By itself glibc raises its bound to the largest block that
/// was ever let go (the font of a PDF, 27 MB), and keeps a gigabyte after sixty PDFs.
const GIVEN_BACK: (&str, &str) = ("MALLOC_MMAP_THRESHOLD_", "1048576");

/// Starts the program again, as the same process, with the allocator's bound set: it is read before the first line of a program. An operator who has set
/// it keeps theirs.
fn with_memory_given_back() {
    let (name, bound) = GIVEN_BACK;
    if std::env::var_os(name).is_some() {
        return;
    }
    if let Ok(program) = std::env::current_exe() {
        let mut given = std::env::args_os();
        let mut again = std::process::Command::new(&program);
        again.arg0(given.next().unwrap_or_else(|| program.into_os_string())).args(given).env(name, bound);
        // Returns only where it failed; the program then goes on and needs more memory.
        eprintln!("setaside: cannot start again with {name}={bound}: {}", again.exec());
    }
}

fn main() -> ExitCode {
    let line = CommandLine::parse();
    if matches!(line.command, Command::Serve { .. }) {
        with_memory_given_back();
    }
    let filter = match log_filter() {
        Ok(filter) => filter,
        Err(message) => {
            eprintln!("setaside: {message}");
            return ExitCode::FAILURE;
        }
    };
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("setaside: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(line)) {
        Ok(code) => code,
        Err(message) => {
            eprintln!("setaside: {message}");
            ExitCode::FAILURE
        }
    }
}

/// What is logged: `SETASIDE_LOG`, or what an operator wants to know.
fn log_filter() -> Result<EnvFilter, String> {
    let given = match std::env::var("SETASIDE_LOG") {
        Ok(given) if !given.trim().is_empty() => given,
        Ok(_) | Err(std::env::VarError::NotPresent) => "info,sqlx=warn".to_owned(),
        Err(error) => return Err(format!("configuration: SETASIDE_LOG is not allowed: {error}")),
    };
    EnvFilter::try_new(&given).map_err(|error| {
        format!("configuration: SETASIDE_LOG = {given:?} is not allowed: a level such as info, or a list such as info,sqlx=warn ({error})")
    })
}

async fn run(line: CommandLine) -> Result<ExitCode, String> {
    let file = line.config.as_deref().map(Given::from_file).transpose().map_err(|error| error.to_string())?.unwrap_or_default();
    match line.command {
        Command::Serve { given, demo, demo_announcements } => {
            let settings = given.over(file).check(demo).map_err(|error| error.to_string())?;
            serve(settings, demo_announcements).await.map(|()| ExitCode::SUCCESS)
        }
        Command::Import { what } => what.run(file, clock()?).await,
        Command::Explain(explain) => explain.run(file, clock()?).await,
        Command::Unit { what } => what.run(file, clock()?).await,
        Command::User { what } => what.run(file, clock()?).await,
    }
}

async fn serve(settings: Settings, demo_announcements: u16) -> Result<(), String> {
    let address = settings.listen;
    // Held until the end. PostgreSQL lets any number of servers work on one database.
    let _lock = if settings.is_embedded() { Some(place::lock(&settings.data)?) } else { None };
    let services = startup::open(settings, clock()?).await?;
    setaside::server::assets::Assets::read(&services.settings.site)?;
    if services.settings.is_demo {
        setaside::demo::fill(&services, demo_announcements).await.map_err(|error| format!("demo: {error}"))?;
    }
    let listener = tokio::net::TcpListener::bind(address).await.map_err(|error| format!("listen: {address} cannot be used ({error})"))?;
    let (order, stop) = tokio::sync::watch::channel(false);
    startup::start_jobs(&services, stop);
    announce(&services.settings);
    listen::serve(listener, startup::router(services.clone()), ordered_to_stop()).await;
    // The jobs may have gone already; then nobody hears the order.
    let _ = order.send(true);
    services.db.close().await;
    Ok(())
}

/// Says where to go, and in demo mode with which accounts.
fn announce(settings: &Settings) {
    use setaside::features::session::handlers::{DEMO_ACCOUNTS, DEMO_PASSWORD};
    println!("setaside: 公告首页 {url}/  工作台 {url}/office", url = settings.public_url);
    if settings.is_demo {
        println!("演示账号（密码均为 {DEMO_PASSWORD}）：");
        for (login, what) in DEMO_ACCOUNTS {
            println!("  {login:<9} {what}");
        }
    }
}

async fn ordered_to_stop() {
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = terminate => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

/// The machine's clock; with the feature `test-clock`, one that stands at `SETASIDE_TEST_CLOCK` when that is set.
fn clock() -> Result<Clock, String> {
    match std::env::var("SETASIDE_TEST_CLOCK") {
        Ok(local) if cfg!(feature = "test-clock") => {
            let moment =
                setaside::domain::calendar::Moment::parse_local(&local).map_err(|error| format!("SETASIDE_TEST_CLOCK: {error}"))?;
            Ok(Clock::standing_at(moment))
        }
        _ => Ok(Clock::System),
    }
}
