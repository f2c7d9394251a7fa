//! 单位, the tree they stand in, the people in them, and the districts they publish for.

mod person;
pub mod table;
mod tree;

pub use person::{PersonRefused, check_person};
pub use tree::{PlaceRefused, check_place, in_tree_order};

/// Failed sign-ins in a row that lock a person.
pub const SIGN_IN_TRIES: i64 = 5;
/// How long a person is locked, in seconds.
pub const SIGN_IN_LOCK_SECONDS: i64 = 15 * 60;

use crate::domain::contract::YearBasis;
use crate::domain::ids::{UnitId, UserId};
use serde::{Deserialize, Serialize};

/// A 单位 of the tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Identity.
    pub id: UnitId,
    /// Name, unique; contracts name it as 采购人.
    pub name: String,
    /// 统一社会信用代码, empty where unknown.
    pub uscc: String,
    /// The unit above, if any.
    pub parent: Option<UnitId>,
    /// Whether it is a 主管预算单位: it reviews and publishes for itself and for everything below it down to the next such unit.
    pub is_supervisor: bool,
    /// District it publishes for.
    pub district: District,
    /// For a 主管预算单位: which date places a project contract in a year, for its tree.
    pub year_basis: YearBasis,
    /// Counts changes.
    pub version: i64,
}

/// What a person may be, in their unit. Any mix of 经办 and 审核人; a 系统管理员 sees no business data by that office.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Roles {
    /// 经办.
    pub clerk: bool,
    /// 审核人.
    pub reviewer: bool,
    /// 系统管理员.
    pub admin: bool,
}

impl Roles {
    /// As the top bar shows them: `经办`, `审核人`, `经办、审核人`.
    pub fn label(self) -> String {
        let names = [(self.clerk, "经办"), (self.reviewer, "审核人"), (self.admin, "系统管理员")];
        names.into_iter().filter_map(|(has, name)| has.then_some(name)).collect::<Vec<_>>().join("、")
    }
}

/// A person who acts: who they are and where they stand, as of this request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The person.
    pub user: UserId,
    /// Their name as shown.
    pub name: String,
    /// Their unit.
    pub unit: UnitId,
    /// Its name.
    pub unit_name: String,
    /// Whether their unit is a 主管预算单位.
    pub in_supervisor: bool,
    /// What they may be.
    pub roles: Roles,
}

/// A 行政区划 by its GB/T 2260 code; only Shanghai's, as its portal lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct District(usize);

const DISTRICTS: [(&str, &str); 18] = [
    ("319900", "上海市本级"),
    ("310101", "黄浦区"),
    ("310104", "徐汇区"),
    ("310105", "长宁区"),
    ("310106", "静安区"),
    ("310107", "普陀区"),
    ("310109", "虹口区"),
    ("310110", "杨浦区"),
    ("310112", "闵行区"),
    ("310113", "宝山区"),
    ("310114", "嘉定区"),
    ("310115", "浦东新区"),
    ("310116", "金山区"),
    ("310117", "松江区"),
    ("310118", "青浦区"),
    ("310120", "奉贤区"),
    ("310151", "崇明区"),
    ("310099", "其他区"),
];

/// The code is not one of the districts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("没有这个行政区划，请从列表中选择")]
pub struct UnknownDistrict;

impl District {
    /// Every district, in the order of lists.
    pub fn all() -> impl Iterator<Item = District> {
        (0..DISTRICTS.len()).map(District)
    }

    /// Reads a six-digit code.
    pub fn parse(code: &str) -> Result<District, UnknownDistrict> {
        DISTRICTS.iter().position(|(known, _)| *known == code).map(District).ok_or(UnknownDistrict)
    }

    /// The six-digit code.
    pub fn code(self) -> &'static str {
        DISTRICTS[self.0].0
    }

    /// The name.
    pub fn name(self) -> &'static str {
        DISTRICTS[self.0].1
    }
}

impl TryFrom<String> for District {
    type Error = UnknownDistrict;
    fn try_from(code: String) -> Result<District, UnknownDistrict> {
        District::parse(&code)
    }
}

impl From<District> for String {
    fn from(district: District) -> String {
        district.code().to_owned()
    }
}

/// Why a password is refused when it is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Fewer than 8 characters.
    #[error("密码至少 8 位")]
    Short,
    /// More than 128 characters.
    #[error("密码最多 128 位")]
    Long,
    /// Only one kind of character.
    #[error("密码应包含字母、数字、符号中的至少两种")]
    Plain,
    /// Holds a control character, which no keyboard types.
    #[error("密码不能含有控制字符，请重新输入")]
    Control,
    /// Equals the sign-in name.
    #[error("密码不能与登录名相同")]
    IsLogin,
}

/// Whether `password` may be set for the person with this sign-in name.
pub fn check_password(login: &str, password: &str) -> Result<(), PasswordError> {
    let length = password.chars().count();
    if length < 8 {
        return Err(PasswordError::Short);
    }
    if length > 128 {
        return Err(PasswordError::Long);
    }
    if password.chars().any(char::is_control) {
        return Err(PasswordError::Control);
    }
    if password.eq_ignore_ascii_case(login) {
        return Err(PasswordError::IsLogin);
    }
    let letters = password.chars().any(char::is_alphabetic);
    let digits = password.chars().any(|c| c.is_ascii_digit());
    let others = password.chars().any(|c| !c.is_alphanumeric());
    if usize::from(letters) + usize::from(digits) + usize::from(others) < 2 { Err(PasswordError::Plain) } else { Ok(()) }
}

/// Why a sign-in name is refused: 2–32 letters, digits, `.`, `_`, `-`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("登录名应为 2–32 位的字母、数字或 . _ -")]
pub struct LoginError;

/// Reads a sign-in name; case does not matter.
pub fn login(text: &str) -> Result<String, LoginError> {
    let text = text.trim().to_ascii_lowercase();
    let fits =
        (2..=32).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
    if fits { Ok(text) } else { Err(LoginError) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c2_the_portals_districts_are_known_by_code() {
        assert_eq!(District::parse("310115").map(District::name), Ok("浦东新区"));
        assert_eq!(District::parse("110000"), Err(UnknownDistrict));
        assert_eq!(District::all().count(), 18);
    }

    #[test]
    fn b8_weak_passwords_are_refused() {
        assert_eq!(check_password("unit03", "short1"), Err(PasswordError::Short));
        assert_eq!(check_password("unit03", "12345678"), Err(PasswordError::Plain));
        assert_eq!(check_password("unit-003", "Unit-003"), Err(PasswordError::IsLogin));
        assert_eq!(check_password("unit03", "Demo#20\u{0}24"), Err(PasswordError::Control));
        assert_eq!(check_password("unit03", "Demo#2024"), Ok(()));
    }
}
