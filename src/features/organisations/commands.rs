//! What other features ask of the organisation, and what the 系统管理 page, the settings page and the command line change in it.

mod founding;
mod people;
mod progress;
mod settings;
mod sign_in;
mod units;

pub use super::store::{
    User, hold_person, supervised_by, supervisor_of, unit_by_id, unit_by_name, units, user_by_id, user_by_login, users_of,
};
pub use founding::found;
pub use people::{add_person, change_person, create_person, new_password, people, reset_password, set_disabled, unlock};
pub use progress::{choose_progress, progress_setting, showing_progress};
pub use settings::{choose_year_basis, year_basis_of, year_basis_setting};
pub use sign_in::{change_own_password, note_failure, note_success};
pub use units::{UnitCounts, create_unit, import_units, save_unit, units_for_admin};

use crate::domain::access::{self, Relation, may};
use crate::error::AppError;
use crate::server::request::Deed;

fn check_admin(deed: &Deed) -> Result<(), AppError> {
    Ok(may(&deed.by, access::Deed::Administer, Relation::Other)?)
}

fn overtaken(noun: &str) -> AppError {
    AppError::Conflict(format!("该{noun}已在别处修改，请刷新页面，核对后重新操作"))
}
