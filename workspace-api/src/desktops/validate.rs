//! Validation: rejects entries that the service would reject, or accept with an unintended meaning.

use std::collections::HashSet;

use crate::types::{
    DesktopId, DetachInstancesDesktopInfo, DetachInstancesUserInfo, DetachInstancesUserInfoType,
};
use crate::{Error, ErrorKind, Result, limits};

/// The rules for names that hold for every domain and operating system.
pub(super) fn check_name(info: &DetachInstancesUserInfo) -> Result<()> {
    let name = info.user_name.as_str();
    let (what, rule, letter): (_, _, fn(char) -> bool) = match info.type_ {
        DetachInstancesUserInfoType::User => {
            ("user", "letters (A to Z), digits, `-` and `_`", |c| {
                c.is_ascii_alphanumeric()
            })
        }
        DetachInstancesUserInfoType::Group => (
            "user group",
            "letters, digits, `-` and `_`",
            char::is_alphanumeric,
        ),
    };
    if let Some(wrong) = name
        .chars()
        .find(|c| !letter(*c) && !matches!(c, '-' | '_'))
    {
        return Err(invalid(format!(
            "the {what} name `{name}` contains {wrong:?}. It can have {rule}."
        )));
    }
    let is_user = info.type_ == DetachInstancesUserInfoType::User;
    if is_user && !name.starts_with(letter) {
        return Err(invalid(format!(
            "the user name `{name}` must begin with a letter or a digit."
        )));
    }
    Ok(())
}

/// The desktops with their ids, if each says what to do and none can be misunderstood.
pub(super) fn checked(
    desktops: impl IntoIterator<Item = DetachInstancesDesktopInfo>,
) -> Result<Vec<(DesktopId, DetachInstancesDesktopInfo)>> {
    let mut checked = Vec::new();
    for (index, desktop) in desktops.into_iter().enumerate() {
        let Some(id) = desktop.desktop_id.clone() else {
            return Err(invalid(format!(
                "the entry at index {index} has no `desktop_id`."
            )));
        };
        let id_text = id.as_str();
        let users = desktop.detach_user_infos.len();
        if desktop.is_detach_all_users && users > 0 {
            return Err(invalid(format!(
                "desktop {id_text}: `is_detach_all_users` unbinds everyone, not only the {users} named. Set it to false, \
                 or name nobody."
            )));
        }
        if !desktop.is_detach_all_users && users == 0 {
            return Err(invalid(format!(
                "desktop {id_text}: nobody is named. Name users, or set `is_detach_all_users`."
            )));
        }
        let most = limits::DETACH_INSTANCES_DESKTOP_INFO_DETACH_USER_INFOS;
        if users > most {
            return Err(invalid(format!(
                "desktop {id_text}: {users} users are named, but at most {most} can be."
            )));
        }
        for info in &desktop.detach_user_infos {
            check_name(info).map_err(|error| {
                invalid(format!(
                    "desktop {id_text}: {}",
                    error.message().unwrap_or_default()
                ))
            })?;
        }
        checked.push((id, desktop));
    }
    distinct(checked)
}

/// Refuses a desktop that is named twice: the service's answer names desktops, so it could not be told apart.
pub(super) fn distinct<T>(desktops: Vec<(DesktopId, T)>) -> Result<Vec<(DesktopId, T)>> {
    let mut seen = HashSet::new();
    match desktops
        .iter()
        .find(|(id, _)| !seen.insert(id.to_ascii_lowercase()))
    {
        Some((twice, _)) => Err(invalid(format!(
            "desktop {} is named twice. Put all that is to be done to it into one entry.",
            twice.as_str()
        ))),
        None => Ok(desktops),
    }
}

pub(super) fn desktop_id(id: &str) -> Result<DesktopId> {
    DesktopId::try_from(id).map_err(|error| invalid(format!("the desktop id {id:?} is {error}")))
}

pub(super) fn invalid(message: String) -> Error {
    Error::new(ErrorKind::InvalidInput, message)
}
