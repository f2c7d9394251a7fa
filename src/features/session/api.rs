//! Server functions of one's own account.

use crate::error::AppError;
use crate::wire::Json;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What the password form sends.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The password so far.
    pub old: String,
    /// The password from now on.
    pub new: String,
}

/// Changes one's own password; other sessions of the person end.
#[server(prefix = "/api", endpoint = "change_password", input = Json, output = Json)]
pub async fn change_password(input: PasswordChange) -> Result<(), AppError> {
    let (services, signed_in) = crate::server::request::current_session()?;
    super::commands::change_password(&services, signed_in, input.old, input.new).await
}
