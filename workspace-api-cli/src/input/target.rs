//! Whom to unbind from a desktop, as a row of a list says it.

use workspace_api::types::DetachInstancesUserInfo;
use workspace_api::types::error::ConversionError;

use crate::input::columns::{Column, Row};

/// Whom to unbind.
#[derive(Clone, Debug)]
pub enum Target {
    AllUsers,
    Users(Vec<DetachInstancesUserInfo>),
}

pub fn row_target(row: &Row) -> Result<Target, String> {
    let name = row.cell(Column::UserName);
    let everyone = match row.cell(Column::AllUsers).to_ascii_lowercase().as_str() {
        "" | "false" | "no" | "0" => false,
        "true" | "yes" | "1" => true,
        other => {
            return Err(format!(
                "is_detach_all_users is `{other}`, not true or false"
            ));
        }
    };
    if everyone {
        return match Column::TARGET
            .iter()
            .find(|column| **column != Column::AllUsers && !row.cell(**column).is_empty())
        {
            None => Ok(Target::AllUsers),
            Some(column) => Err(format!(
                "is_detach_all_users unbinds everybody, but `{}` names somebody",
                column.name()
            )),
        };
    }
    if name.is_empty() {
        return Err(
            "nobody is named: give a user_name, or is_detach_all_users, or --user, --group or --all-users for all"
                .to_owned(),
        );
    }
    let user = match row.cell(Column::Type).to_ascii_uppercase().as_str() {
        "" | "USER" => DetachInstancesUserInfo::user(name),
        "GROUP" => DetachInstancesUserInfo::group(name),
        other => return Err(format!("the type is `{other}`, not USER or GROUP")),
    };
    let mut user = user.map_err(|error| error.message().unwrap_or_default().to_owned())?;
    let given = |column| Some(row.cell(column)).filter(|cell| !cell.is_empty());
    user.domain = given(Column::Domain).map(str::to_owned);
    user.user_id = given(Column::UserId)
        .map(|id| {
            id.parse()
                .map_err(|error: ConversionError| error.to_string())
        })
        .transpose()?;
    user.user_group = given(Column::UserGroup)
        .map(|group| {
            group
                .parse()
                .map_err(|error: ConversionError| error.to_string())
        })
        .transpose()?;
    Ok(Target::Users(vec![user]))
}
