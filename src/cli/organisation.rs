//! `unit add`, `unit import` and `user add`.

use super::{Place, count_line, exit, finding_lines, print, read_rows, refused_rows};
use setaside::domain::organisation::{District, Roles};
use setaside::error::AppError;
use setaside::features::organisations::api::{NewPerson, UnitForm};
use setaside::features::organisations::commands;
use setaside::server::clock::Clock;
use setaside::server::config::Given;
use setaside::server::request::Services;
use std::io::Read as _;
use std::path::PathBuf;
use std::process::ExitCode;

/// What is done with units.
#[derive(clap::Subcommand)]
pub enum UnitCommand {
    /// Add a unit
    Add {
        /// Its name, as contracts name it (采购人)
        #[arg(long)]
        name: String,
        /// Name of the unit above
        #[arg(long, value_name = "NAME")]
        parent: Option<String>,
        /// Mark it as 主管预算单位: it reviews and publishes for itself and the units below
        #[arg(long)]
        supervisor: bool,
        /// 行政区划 code, such as 310115 [default: that of the unit above, else 319900]
        #[arg(long, value_name = "CODE")]
        district: Option<String>,
        /// 统一社会信用代码
        #[arg(long, value_name = "CODE", default_value = "", hide_default_value = true)]
        uscc: String,
        #[command(flatten)]
        place: Place,
    },
    /// Import the tree from a CSV file with the columns 名称, 上级, 主管 (是/否), 行政区划, 统一社会信用代码, all rows or none
    Import {
        /// The file; rows may stand in any order, units that are there already are updated
        file: PathBuf,
        #[command(flatten)]
        place: Place,
    },
}

impl UnitCommand {
    /// Does it.
    pub async fn run(self, config: Given, clock: Clock) -> Result<ExitCode, String> {
        match self {
            UnitCommand::Add { name, parent, supervisor, district, uscc, place } => {
                let services = place.open(config, clock).await?;
                let added = add_unit(&services, name, parent, supervisor, district, uscc).await.map_err(|error| error.to_string())?;
                print(&added);
                Ok(ExitCode::SUCCESS)
            }
            UnitCommand::Import { file, place } => {
                let rows = read_rows(&file)?;
                let services = place.open(config, clock).await?;
                let (counts, table) =
                    commands::import_units(&services, rows, services.clock.now()).await.map_err(|error| error.to_string())?;
                print(&finding_lines(&table.findings));
                let refused = refused_rows(&table.findings);
                let counts = counts.unwrap_or_default();
                print(&count_line([counts.added, counts.updated, counts.unchanged, refused]));
                Ok(exit(refused))
            }
        }
    }
}

async fn add_unit(
    services: &Services,
    name: String,
    parent: Option<String>,
    is_supervisor: bool,
    district: Option<String>,
    uscc: String,
) -> Result<String, AppError> {
    let above = match parent {
        None => None,
        Some(parent) => {
            let db = &mut *services.db.read().await?;
            let unit = commands::unit_by_name(db, parent.trim()).await?;
            Some(unit.ok_or_else(|| AppError::invalid(format!("--parent：没有名为「{}」的单位", parent.trim())))?)
        }
    };
    let district = match (district, &above) {
        (Some(code), _) => District::parse(code.trim())
            .map_err(|_| AppError::invalid(format!("--district：没有行政区划「{code}」，可填：{}", districts())))?,
        (None, Some(above)) => above.district,
        (None, None) => District::all().next().ok_or(AppError::BadRequest)?,
    };
    let warning = setaside::domain::uscc::check(&uscc).err().filter(|_| !uscc.trim().is_empty());
    let form =
        UnitForm { id: None, version: 0, name: name.trim().to_owned(), parent: above.map(|unit| unit.id), is_supervisor, district, uscc };
    let added = format!("已添加单位「{}」（{} {}）\n", form.name, district.code(), district.name());
    commands::create_unit(services, form, services.clock.now()).await?;
    Ok(match warning {
        Some(warning) => format!("提醒：{warning}\n{added}"),
        None => added,
    })
}

fn districts() -> String {
    District::all().map(|district| format!("{} {}", district.code(), district.name())).collect::<Vec<_>>().join("、")
}

/// What is done with people.
#[derive(clap::Subcommand)]
pub enum UserCommand {
    /// Add a person; prints a generated password unless one is read from standard input
    Add {
        /// Sign-in name: 2 to 32 letters, digits or . _ -
        #[arg(long)]
        login: String,
        /// Name as shown
        #[arg(long)]
        name: String,
        /// Name of the unit
        #[arg(long, value_name = "NAME")]
        unit: String,
        /// Roles, joined by commas: clerk (经办), reviewer (审核人), admin (系统管理员)
        #[arg(long, value_name = "ROLES", value_parser = roles)]
        roles: Roles,
        /// Read the password from standard input (its first line)
        #[arg(long)]
        password_stdin: bool,
        #[command(flatten)]
        place: Place,
    },
}

fn roles(text: &str) -> Result<Roles, String> {
    let mut roles = Roles::default();
    for word in text.split([',', '，', '、']).map(str::trim).filter(|word| !word.is_empty()) {
        match word {
            "clerk" | "经办" => roles.clerk = true,
            "reviewer" | "审核人" => roles.reviewer = true,
            "admin" | "系统管理员" => roles.admin = true,
            other => return Err(format!("没有岗位「{other}」，可填 clerk（经办）、reviewer（审核人）、admin（系统管理员）")),
        }
    }
    if roles == Roles::default() { Err("请至少给出一个岗位".to_owned()) } else { Ok(roles) }
}

impl UserCommand {
    /// Does it.
    pub async fn run(self, config: Given, clock: Clock) -> Result<ExitCode, String> {
        let UserCommand::Add { login, name, unit, roles, password_stdin, place } = self;
        let given = if password_stdin { Some(password_from_input()?) } else { None };
        let services = place.open(config, clock).await?;
        let added = add_user(&services, login, name, &unit, roles, given).await.map_err(|error| error.to_string())?;
        print(&added);
        Ok(ExitCode::SUCCESS)
    }
}

fn password_from_input() -> Result<String, String> {
    let mut text = String::new();
    std::io::stdin().lock().take(4_096).read_to_string(&mut text).map_err(|error| format!("--password-stdin: {error}"))?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

async fn add_user(
    services: &Services,
    login: String,
    name: String,
    unit: &str,
    roles: Roles,
    given: Option<String>,
) -> Result<String, AppError> {
    let unit = commands::unit_by_name(&mut *services.db.read().await?, unit.trim())
        .await?
        .ok_or_else(|| AppError::invalid(format!("--unit：没有名为「{}」的单位", unit.trim())))?;
    let is_generated = given.is_none();
    let password = match given {
        Some(password) => password,
        None => commands::new_password()?,
    };
    let added = format!("已添加人员「{}」（{}，{}，{}）\n", login.trim(), name.trim(), unit.name, roles.label());
    commands::create_person(services, NewPerson { login, name, unit: unit.id, roles }, password.clone(), services.clock.now()).await?;
    Ok(if is_generated { format!("{added}初始密码（只显示这一次）：{password}\n") } else { added })
}
