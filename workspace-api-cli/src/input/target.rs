//! The users to unbind from a desktop, and how a row of a file names them.

use std::fmt::Display;
use std::str::FromStr;

use workspace_api::types::DetachInstancesUserInfo;

use crate::input::columns::Column;
use crate::input::errors::excerpt;
use crate::input::table::Row;

/// The users to unbind from a desktop.
#[derive(Clone, Debug)]
pub enum Target {
    AllUsers,
    Users(Vec<DetachInstancesUserInfo>),
}

impl Target {
    /// Reads the target of a row, or returns what is invalid in it.
    pub fn of_row(row: &Row) -> Result<Self, String> {
        if !is_all_users(row)? {
            return Ok(Self::Users(vec![user(row)?]));
        }
        let others = Column::TARGET
            .iter()
            .filter(|column| **column != Column::AllUsers);
        match row.first_filled(others) {
            None => Ok(Self::AllUsers),
            Some(column) => Err(format!(
                "is_detach_all_users is true, so `{}` must be empty",
                column.name()
            )),
        }
    }
}

fn is_all_users(row: &Row) -> Result<bool, String> {
    match row.cell(Column::AllUsers).to_ascii_lowercase().as_str() {
        "" | "false" | "no" | "0" => Ok(false),
        "true" | "yes" | "1" => Ok(true),
        other => Err(format!(
            "is_detach_all_users is `{}`; use true or false",
            excerpt(other)
        )),
    }
}

fn user(row: &Row) -> Result<DetachInstancesUserInfo, String> {
    let name = row.cell(Column::UserName);
    if name.is_empty() && row.filled(Column::UserId).is_some() {
        return Err("user_id alone is not enough; set user_name, too".to_owned());
    }
    if name.is_empty() {
        return Err(
            "no user in this row: set user_name or is_detach_all_users, or use --user, --group or \
             --all-users for all rows"
                .to_owned(),
        );
    }
    let user = match row.cell(Column::Type).to_ascii_uppercase().as_str() {
        "" | "USER" => DetachInstancesUserInfo::user(name),
        "GROUP" => DetachInstancesUserInfo::group(name),
        other => {
            let other = excerpt(other);
            return Err(format!("the type is `{other}`; use USER or GROUP"));
        }
    };
    let mut user = user.map_err(|error| error.message().unwrap_or_default().to_owned())?;
    user.domain = row.filled(Column::Domain).map(str::to_owned);
    user.user_id = parse(row, Column::UserId)?;
    user.user_group = parse(row, Column::UserGroup)?;
    Ok(user)
}

fn parse<T: FromStr<Err: Display>>(row: &Row, column: Column) -> Result<Option<T>, String> {
    let Some(cell) = row.filled(column) else {
        return Ok(None);
    };
    match cell.parse() {
        Ok(value) => Ok(Some(value)),
        Err(error) => Err(error.to_string()),
    }
}
