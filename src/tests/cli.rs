//! The command line, by running the program.

use super::support::folder;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/contracts-sample.csv");
const TREE: &str = "名称,上级,主管,行政区划\n测试区采购单位03,上海机动车管理中心,,\n测试区采购单位99,上海机动车管理中心,否,\n浦东新区采购中心,上海机动车管理中心,,310115\n上海机动车管理中心,,是,319900\n";

/// The program on a data directory of its own.
struct Program {
    folder: PathBuf,
}

struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl Program {
    fn new() -> Program {
        Program { folder: folder() }
    }

    fn file(&self, name: &str, content: &[u8]) -> String {
        let path = self.folder.join(name);
        std::fs::write(&path, content).unwrap();
        path.display().to_string()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_setaside"));
        command
            .env_clear()
            .env("SETASIDE_DATA", self.folder.join("data"))
            .env("SETASIDE_LOG", "warn")
            .current_dir(&self.folder)
            .args(arguments);
        command
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        ran(self.command(arguments))
    }

    /// With the units of the sample.
    fn with_tree() -> Program {
        let program = Program::new();
        let tree = program.file("tree.csv", TREE.as_bytes());
        let imported = program.run(&["unit", "import", &tree]);
        assert!(imported.code == 0 && imported.out.contains("added: 4"), "{}{}", imported.out, imported.err);
        program
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn ran(mut command: Command) -> Ran {
    let output = command.stdin(Stdio::null()).output().expect("the program runs");
    Ran {
        code: output.status.code().expect("an exit code"),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn counts(ran: &Ran) -> [usize; 4] {
    ["added: ", "updated: ", "unchanged: ", "refused: "].map(|name| {
        let rest = ran.out.split(name).nth(1).unwrap_or_else(|| panic!("{name} in {}{}", ran.out, ran.err));
        rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap()
    })
}

#[test]
fn a1_every_command_explains_itself() {
    let program = Program::new();
    for command in [
        &["--help"][..],
        &["serve", "--help"],
        &["import", "--help"],
        &["import", "contracts", "--help"],
        &["explain", "--help"],
        &["unit", "--help"],
        &["unit", "add", "--help"],
        &["unit", "import", "--help"],
        &["user", "--help"],
        &["user", "add", "--help"],
    ] {
        let help = program.run(command);
        assert!(help.code == 0 && help.out.contains("Usage: setaside"), "{command:?}: {}{}", help.out, help.err);
    }
    assert!(!program.folder.join("data").exists(), "asking for help makes no data");
}

#[test]
fn a1_importing_twice_changes_nothing() {
    let program = Program::with_tree();
    assert_eq!(counts(&program.run(&["import", "contracts", SAMPLE])), [700, 0, 0, 0]);
    assert_eq!(counts(&program.run(&["import", "contracts", SAMPLE])), [0, 0, 700, 0]);
    let (gb18030, _, _) = encoding_rs::GB18030.encode(include_str!("../../data/contracts-sample.csv").trim_start_matches('\u{feff}'));
    let file = program.file("gb18030.csv", &gb18030);
    assert_eq!(counts(&program.run(&["import", "contracts", &file])), [0, 0, 700, 0]);
    let workbook = concat!(env!("CARGO_MANIFEST_DIR"), "/data/foreign/libreoffice.xlsx");
    assert_eq!(counts(&program.run(&["import", "contracts", workbook])), [0, 0, 40, 0]);
    let tree = program.file("tree.csv", TREE.as_bytes());
    assert_eq!(counts(&program.run(&["unit", "import", &tree])), [0, 0, 4, 0]);
}

#[test]
fn a1_every_refusal_names_row_column_and_reason_and_nothing_is_stored() {
    let program = Program::with_tree();
    let text = include_str!("../../data/contracts-sample.csv");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines[4] = lines[4].replacen("测试区采购单位", "没有登记的单位", 1).replacen("上海机动车管理中心", "没有登记的单位", 1).replacen(
        "浦东新区采购中心",
        "没有登记的单位",
        1,
    );
    let last_but_one = lines[7].rfind(",20").unwrap();
    lines[7].replace_range(last_but_one..=last_but_one + 10, ",2023-07-32");
    let file = program.file("bad.csv", lines.join("\n").as_bytes());
    let refused = program.run(&["import", "contracts", &file]);
    assert_eq!(refused.code, 1);
    assert_eq!(counts(&refused), [0, 0, 0, 2], "{}", refused.out);
    let line = |row: &str| {
        refused
            .out
            .lines()
            .find(|line| line.starts_with(row) && line.contains("错误"))
            .unwrap_or_else(|| panic!("{row} in {}", refused.out))
    };
    assert!(line("第 5 行「采购人」").contains("没有登记的单位"));
    assert!(line("第 8 行「合同").contains("2023-07-32"));
    assert_eq!(counts(&program.run(&["import", "contracts", SAMPLE])), [700, 0, 0, 0], "nothing was stored before");
    for (content, words) in [(&b"PK\x03\x04"[..], "XLSX"), (b"a\0b", "NUL"), (b"", "空"), (b"a,b\n1,2\n", "合同编号")] {
        let file = program.file("no.csv", content);
        let refused = program.run(&["import", "contracts", &file]);
        assert!(refused.code == 1 && format!("{}{}", refused.out, refused.err).contains(words), "{words}: {}{}", refused.out, refused.err);
    }
    assert_eq!(program.run(&["import", "contracts", "none.csv"]).code, 1);
}

#[test]
fn e1_explain_equals_what_is_expected() {
    let program = Program::with_tree();
    program.run(&["import", "contracts", SAMPLE]);
    let expected = [
        ("signed", include_str!("../../data/contracts-sample.expected.json")),
        ("published", include_str!("../../data/contracts-sample.expected-published.json")),
    ];
    for (basis, expected) in expected {
        let expected: BTreeMap<String, Value> = serde_json::from_str(expected).unwrap();
        // Every unit and year is compared through the database in `contracts`; here a few, through the program.
        for (key, summary) in expected.iter().step_by(5) {
            let (unit, year) = key.split_once('/').unwrap();
            let explained = program.run(&["explain", "--unit", unit, "--year", year, "--json", "--basis", basis]);
            let json: Value =
                serde_json::from_str(&explained.out).unwrap_or_else(|error| panic!("{error}: {}{}", explained.out, explained.err));
            assert_eq!(&json["summary"], summary, "{key}");
            check_contracts(&json);
        }
    }
    let table = program.run(&["explain", "--unit", "测试区采购单位03", "--year", "2023"]);
    assert!(table.code == 0 && table.out.contains("合同编号") && table.out.contains("不计入"), "{}", table.out);
    let unknown = program.run(&["explain", "--unit", "没有", "--year", "2023", "--json"]);
    assert!(unknown.code == 1 && unknown.err.contains("没有名为「没有」的单位"), "{}", unknown.err);
}

/// The contracts add up to the summary, and have the keys that other programs read.
fn check_contracts(json: &Value) {
    let contracts = json["contracts"].as_array().unwrap();
    let of = |verdict: &str| contracts.iter().filter(|contract| contract["verdict"] == verdict).collect::<Vec<_>>();
    let summary = &json["summary"];
    assert_eq!(summary["lines"], of("counted").len());
    assert_eq!(summary["needs_input"], of("needs_input").len());
    assert_eq!(summary["errors"], of("error").len());
    for name in ["sme_fen", "small_micro_fen"] {
        assert_eq!(summary[name], of("counted").iter().map(|contract| contract[name].as_i64().unwrap()).sum::<i64>());
    }
    let left_out = of("left_out");
    assert_eq!(summary["left_out"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum::<u64>(), left_out.len() as u64);
    assert!(left_out.iter().all(|contract| contract["code"].is_string() && contract["sme_fen"].is_null()));
    for contract in contracts {
        let keys: Vec<&str> = contract.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys.len(), 7, "{keys:?}");
        assert!(contract["verdict"] == "left_out" || contract["code"].is_null());
        assert!(!contract["facts"].as_array().unwrap().is_empty());
    }
}

#[test]
fn a1_a_wrong_configuration_names_the_key_and_what_is_allowed() {
    let program = Program::new();
    for (key, value, words) in [
        ("SETASIDE_LISTEN", "everywhere", "listen"),
        ("SETASIDE_SESSION_HOURS", "100", "from 1 to 72"),
        ("SETASIDE_DATABASE_URL", "mysql://secret@host/x", "database_url"),
        ("SETASIDE_CUTOVER", "soon", "cutover"),
    ] {
        let mut command = program.command(&["serve"]);
        command.env(key, value);
        let refused = ran(command);
        assert!(refused.code != 0 && refused.err.contains(words) && !refused.err.contains("secret"), "{key}: {}", refused.err);
    }
    let file = program.file("setaside.toml", b"listen = \"127.0.0.1:0\"\nport = 3\n");
    let refused = program.run(&["--config", &file, "serve"]);
    assert!(refused.code != 0 && refused.err.contains("port"), "{}", refused.err);
    assert!(!Path::new(&program.folder).join("data").exists(), "nothing is made before the configuration is right");
}

#[test]
fn b8_people_are_added_with_a_password_that_is_never_an_argument() {
    let program = Program::with_tree();
    let add = ["user", "add", "--login", "zhang", "--name", "张三", "--unit", "测试区采购单位03", "--roles", "经办,reviewer"];
    let added = program.run(&add);
    assert!(added.code == 0 && added.out.contains("初始密码") && added.out.contains("经办、审核人"), "{}{}", added.out, added.err);
    let again = program.run(&add);
    assert!(again.code == 1 && again.err.contains("登录名"), "{}", again.err);
    let with_password = |login: &str, password: &str| {
        let mut command = program.command(&[
            "user",
            "add",
            "--login",
            login,
            "--name",
            "李四",
            "--unit",
            "测试区采购单位03",
            "--roles",
            "clerk",
            "--password-stdin",
        ]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(password.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap())
    };
    let (code, words) = with_password("li", "Geheim#2024\n");
    assert!(code == Some(0) && !words.contains("密码") && !words.contains("Geheim"), "{words}");
    let (code, words) = with_password("wang", "short\n");
    assert!(code == Some(1) && words.contains("密码至少 8 位"), "{words}");
    for (option, value) in [("--roles", "boss"), ("--unit", "没有"), ("--login", "x y")] {
        let mut arguments = add.to_vec();
        arguments[3] = "neu";
        let place = arguments.iter().position(|argument| *argument == option).unwrap();
        arguments[place + 1] = value;
        let refused = program.run(&arguments);
        assert!(refused.code != 0 && !refused.err.is_empty(), "{option}");
    }
    assert!(program.run(&["user", "add", "--password", "x"]).err.contains("--password"), "no such option");
}

#[test]
fn b8_a_tree_is_imported_whole_or_not_at_all() {
    let program = Program::with_tree();
    let file = program.file("bad.csv", "名称,上级,主管\n新一,新二,\n新二,新一,\n新三,没有,\n新四,,可能\n新五,,\n".as_bytes());
    let refused = program.run(&["unit", "import", &file]);
    assert!(refused.code == 1 && counts(&refused) == [0, 0, 0, 4], "{}", refused.out);
    for (row, column) in [(2, "上级"), (3, "上级"), (4, "上级"), (5, "主管")] {
        assert!(refused.out.contains(&format!("第 {row} 行「{column}」 错误")), "{}", refused.out);
    }
    assert!(program.run(&["explain", "--unit", "新五", "--year", "2023"]).err.contains("没有名为"));
    let added = program.run(&["unit", "add", "--name", "新五", "--parent", "浦东新区采购中心"]);
    assert!(added.code == 0 && added.out.contains("浦东新区"), "{}", added.err);
    let twice = program.run(&["unit", "add", "--name", "新五"]);
    assert!(twice.code == 1 && twice.err.contains("同名"), "{}", twice.err);
    // 新五 moves to the top, and what stood above it below: the stored tree and the file are judged as one.
    let file = program.file("move.csv", "名称,上级\n新五,\n浦东新区采购中心,新五\n".as_bytes());
    assert_eq!(counts(&program.run(&["unit", "import", &file])), [0, 2, 0, 0]);
    let file = program.file("cycle.csv", "名称,上级\n新五,浦东新区采购中心\n".as_bytes());
    let cycle = program.run(&["unit", "import", &file]);
    assert!(cycle.code == 1 && cycle.out.contains("成环"), "{}", cycle.out);
}

#[test]
fn a1_a_setting_that_is_not_understood_stops_the_start() {
    let program = Program::new();
    for (key, value, expected) in [
        ("SETASIDE_DEMO", "maybe", &["SETASIDE_DEMO", "1, true, yes, on"][..]),
        ("SETASIDE_DEMO_ANNOUNCEMENTS", "10001", &["--demo-announcements", "10000"]),
        ("SETASIDE_LOG", "setaside=loud", &["SETASIDE_LOG", "info"]),
        ("SETASIDE_SESSION_HOURS", "0x10", &["session_hours", "1 to 72"]),
        ("SETASIDE_ATTACHMENT_MB", "", &["attachment_mb", "1 to 200"]),
        ("SETASIDE_PUBLIC_URL", "https://", &["public_url", "host"]),
    ] {
        let mut command = program.command(&["serve"]);
        command.env(key, value);
        let refused = ran(command);
        assert_ne!(refused.code, 0, "{key}={value}");
        assert!(expected.iter().all(|words| refused.err.contains(words)), "{key}={value}: {}", refused.err);
    }
    assert!(!program.folder.join("data").exists(), "nothing was begun");
}

#[test]
fn a1_a_second_server_on_the_same_data_does_not_start() {
    let program = Program::with_tree();
    let held = setaside::server::place::lock(&program.folder.join("data")).unwrap();
    let refused = program.run(&["serve"]);
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("another server is running") && refused.err.contains("--data"), "{}", refused.err);
    let tree = program.file("tree.csv", TREE.as_bytes());
    assert_eq!(program.run(&["unit", "import", &tree]).code, 0, "the command line may work beside a server");
    drop(held);
    let mut command = program.command(&["serve"]);
    command.env("SETASIDE_SITE", program.folder.join("no-site"));
    let free = ran(command);
    assert!(free.err.contains("site:") && !free.err.contains("another server"), "{}", free.err);
}

#[test]
fn a1_any_path_holds_the_data() {
    let program = Program::new();
    let tree = program.file("tree.csv", TREE.as_bytes());
    let folder = program.folder.join("a?mode=ro#b %20数");
    let mut command = program.command(&["unit", "import", &tree]);
    command.env("SETASIDE_DATA", &folder);
    assert_eq!(ran(command).code, 0);
    assert!(folder.join("setaside.db").exists());
    assert_eq!(std::fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
}
