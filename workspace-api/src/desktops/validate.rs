//! Validation: rejects entries that the service would reject, or accept with an unintended meaning.
//!
//! Nothing is sent unless every entry passes, so an invalid one cannot leave a list half processed.

use crate::types::{
    DesktopId, DetachInstancesDesktopInfo, DetachInstancesUserInfo, DetachInstancesUserInfoType,
    LogoffDesktopsReqMessage, UserName,
};
use crate::{Error, ErrorKind, Result, limits};

/// Validates an entry of a detach request. Returns its desktop id, and the entry without it.
pub(super) fn entry(
    mut entry: DetachInstancesDesktopInfo,
) -> Result<(DesktopId, DetachInstancesDesktopInfo)> {
    let Some(id) = entry.desktop_id.take() else {
        return Err(invalid("an entry has no `desktop_id`".to_owned()));
    };
    match validate_users(&entry) {
        Ok(()) => Ok((id, entry)),
        Err(why) => Err(invalid(format!("desktop {id}: {why}"))),
    }
}

/// Returns the entries of a request for validated desktops.
pub(super) fn to_entries(
    desktops: &[(DesktopId, DetachInstancesDesktopInfo)],
) -> Vec<DetachInstancesDesktopInfo> {
    let mut entries = Vec::with_capacity(desktops.len());
    for (id, rest) in desktops {
        entries.push(DetachInstancesDesktopInfo {
            desktop_id: Some(id.clone()),
            ..rest.clone()
        });
    }
    entries
}

/// Rejects duplicate desktops: the response identifies a desktop only by its id.
///
/// Ids are compared without regard to case, like those in a response.
pub(super) fn ensure_distinct<T>(desktops: &[(DesktopId, T)]) -> Result<()> {
    let mut hashes: Vec<_> = desktops
        .iter()
        .map(|(id, _)| hash_ignoring_case(id.as_str()))
        .zip(0..)
        .collect();
    hashes.sort_unstable();
    let mut first_repetition = None;
    for same_hash in hashes.chunk_by(|(one, _), (other, _)| one == other) {
        // Nearly always there is only one.
        for (number, (_, index)) in same_hash.iter().enumerate() {
            let id = desktops[*index].0.as_str();
            let is_repeated = same_hash[..number]
                .iter()
                .any(|(_, earlier)| desktops[*earlier].0.as_str().eq_ignore_ascii_case(id));
            if is_repeated && first_repetition.is_none_or(|first| *index < first) {
                first_repetition = Some(*index);
            }
        }
    }
    match first_repetition {
        Some(index) => Err(invalid(format!(
            "desktop {} is listed twice. Use one entry for each desktop.",
            desktops[index].0.as_str()
        ))),
        None => Ok(()),
    }
}

/// Returns the same hash for ids that differ only in case. Other ids rarely have it.
fn hash_ignoring_case(id: &str) -> u64 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    // The bit in which upper and lower case differ.
    const CASE: u64 = 0x2020_2020_2020_2020;
    let mut hash = 0;
    for part in id.as_bytes().chunks(8) {
        let mut word = [0; 8];
        word[..part.len()].copy_from_slice(part);
        hash = (hash ^ (u64::from_le_bytes(word) | CASE)).wrapping_mul(FACTOR);
        hash ^= hash >> 32;
    }
    hash
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
    let users = desktop.detach_user_infos.len();
    if desktop.is_detach_all_users && users > 0 {
        let listed = match users {
            1 => "1 user is listed".to_owned(),
            _ => format!("{users} users are listed"),
        };
        return Err(format!(
            "`is_detach_all_users` is true, but {listed}. Set it to false or remove the users."
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
    } in &desktop.detach_user_infos
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
