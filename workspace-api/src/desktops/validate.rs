//! Validation: rejects entries that the service would reject, or accept with an unintended meaning.
//!
//! Nothing is sent unless every entry passes, so an invalid one cannot leave a list half processed.

use super::batch_operation::BatchEntry;
use super::id_index::IdIndex;
use crate::types::{
    DesktopId, DetachInstancesDesktopInfo, DetachInstancesUserInfo, DetachInstancesUserInfoType,
    LogoffDesktopsReqMessage, UserName,
};
use crate::{Error, ErrorKind, Result, limits};

/// Takes the desktop id out of an entry of a detach request, and validates the rest of it.
#[expect(
    clippy::inline_always,
    reason = "a list of entries is then checked where it is, instead of being moved twice"
)]
#[inline(always)]
pub(super) fn take_id(entry: &mut DetachInstancesDesktopInfo) -> Result<DesktopId> {
    let Some(id) = entry.desktop_id.take() else {
        return Err(without_id());
    };
    let lists_users = entry
        .detach_user_infos
        .as_ref()
        .is_some_and(|users| !users.is_empty());
    // Most entries of long lists unbind everyone.
    if entry.is_detach_all_users && !lists_users {
        return Ok(id);
    }
    match validate_users(entry) {
        Ok(()) => Ok(id),
        Err(why) => Err(invalid(format!("desktop {id}: {why}"))),
    }
}

#[cold]
fn without_id() -> Error {
    invalid("an entry has no `desktop_id`".to_owned())
}

/// Rejects duplicate desktops, in any spelling: the response identifies a desktop only by its id.
pub(super) fn ensure_distinct<E: BatchEntry>(entries: &[E]) -> Result<()> {
    let mut index = IdIndex::with_capacity(entries.len());
    let id_of = |entry: usize| entries[entry].id();
    for entry in 0..entries.len() {
        let first = index.insert(entry, id_of);
        if first == entry {
            continue;
        }
        let (id, first) = (id_of(entry), id_of(first));
        let spelling = if id == first {
            String::new()
        } else {
            format!(", first as {first}")
        };
        return Err(invalid(format!(
            "desktop {id} is listed twice{spelling}. Use one entry for each desktop."
        )));
    }
    Ok(())
}

/// Parses the name of a user or a user group.
pub(super) fn user_name(name: &str, type_: DetachInstancesUserInfoType) -> Result<UserName> {
    let parsed = UserName::try_from(name)?;
    validate_name(&parsed, type_).map_err(invalid)?;
    Ok(parsed)
}

/// Parses the message that the users of desktops see before they are logged off.
pub(super) fn message(text: &str) -> Result<LogoffDesktopsReqMessage> {
    Ok(LogoffDesktopsReqMessage::try_from(text)?)
}

/// Checks that an entry unbinds either everyone or the users that it lists.
fn validate_users(desktop: &DetachInstancesDesktopInfo) -> std::result::Result<(), String> {
    let maximum = limits::DETACH_INSTANCES_DESKTOP_INFO_DETACH_USER_INFOS;
    let listed = desktop.detach_user_infos.as_deref().unwrap_or_default();
    let users = listed.len();
    if desktop.is_detach_all_users && users > 0 {
        let problem = match users {
            1 => "1 user is listed".to_owned(),
            _ => format!("{users} users are listed"),
        };
        return Err(format!(
            "`is_detach_all_users` is true, but {problem}. Set it to false or remove the users."
        ));
    }
    if !desktop.is_detach_all_users && users == 0 {
        return Err("no users given. List users or set `is_detach_all_users`.".to_owned());
    }
    if users > maximum {
        return Err(format!(
            "{users} users are listed, but at most {maximum} are allowed"
        ));
    }
    for DetachInstancesUserInfo {
        user_name, type_, ..
    } in listed
    {
        validate_name(user_name, *type_)?;
    }
    Ok(())
}

/// Checks the rules for names that hold for every domain and operating system.
fn validate_name(
    name: &UserName,
    type_: DetachInstancesUserInfoType,
) -> std::result::Result<(), String> {
    let name = name.as_str();
    // The contract may get another type, whose names have rules of their own.
    let is_user = type_ == DetachInstancesUserInfoType::User;
    let noun = if is_user { "user" } else { "user group" };
    let (is_letter, allowed): (fn(char) -> bool, _) = if is_user {
        (
            |c| c.is_ascii_alphanumeric(),
            "letters (A to Z), digits, `-` and `_`",
        )
    } else {
        (char::is_alphanumeric, "letters, digits, `-` and `_`")
    };
    for c in name.chars() {
        if !is_letter(c) && !matches!(c, '-' | '_') {
            return Err(format!(
                "invalid {noun} name {name:?}: {c:?} is not allowed. Allowed: {allowed}."
            ));
        }
    }
    if is_user && !name.starts_with(is_letter) {
        return Err(format!(
            "invalid {noun} name {name:?}: it must begin with a letter or a digit"
        ));
    }
    Ok(())
}

fn invalid(message: String) -> Error {
    Error::new(ErrorKind::InvalidInput, message)
}

#[cfg(test)]
mod tests;
