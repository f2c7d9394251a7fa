//! What a 系统管理员 may make of a person.

use super::Roles;
use crate::domain::ids::UserId;

/// Why a person may not be as they are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PersonRefused {
    /// Someone who may be nothing.
    #[error("请至少选择一个岗位")]
    NoRole,
    /// Nobody would be left to undo it.
    #[error("不能取消自己的系统管理员岗位，请由另一位系统管理员操作")]
    OwnOffice,
    /// Nobody would be left to undo it.
    #[error("不能停用自己的账号，请由另一位系统管理员操作")]
    OwnAccount,
}

/// Whether `actor` may give `person` (`None` for one who is being added) these roles and this state.
pub fn check_person(actor: &UserId, person: Option<&UserId>, roles: Roles, is_disabled: bool) -> Result<(), PersonRefused> {
    if roles == Roles::default() {
        return Err(PersonRefused::NoRole);
    }
    match person {
        Some(person) if person == actor && is_disabled => Err(PersonRefused::OwnAccount),
        Some(person) if person == actor && !roles.admin => Err(PersonRefused::OwnOffice),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b8_nobody_shuts_themselves_out() {
        let me = UserId::parse("01890a5d-ac96-774b-bcce-b302099a8057").unwrap();
        let other = UserId::parse("01890a5d-ac96-774b-bcce-b302099a8058").unwrap();
        let clerk = Roles { clerk: true, ..Roles::default() };
        let admin = Roles { admin: true, ..Roles::default() };
        for (person, roles, is_disabled, expected) in [
            (Some(&me), admin, false, Ok(())),
            (Some(&me), Roles { clerk: true, ..admin }, false, Ok(())),
            (Some(&me), clerk, false, Err(PersonRefused::OwnOffice)),
            (Some(&me), admin, true, Err(PersonRefused::OwnAccount)),
            (Some(&other), clerk, true, Ok(())),
            (Some(&other), Roles::default(), false, Err(PersonRefused::NoRole)),
            (None, Roles::default(), false, Err(PersonRefused::NoRole)),
            (None, clerk, false, Ok(())),
        ] {
            assert_eq!(check_person(&me, person, roles, is_disabled), expected, "{person:?} {roles:?} {is_disabled}");
        }
    }
}
