//! What other features ask of the organisation, and what the 系统管理 page and the command line change in it.

pub use super::store::{
    User, clear_failures, count_failure, insert_unit, insert_user, set_password, supervised_by, supervisor_of, unit_by_id, unit_by_name, units, update_unit, update_user, user_by_id,
    user_by_login, users, users_of,
};
