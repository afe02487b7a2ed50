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

/// Rejects duplicate desktops: the response identifies a desktop only by its id.
///
/// Ids are compared without regard to case, like those in a response.
pub(super) fn ensure_distinct<T>(desktops: &[(DesktopId, T)]) -> Result<()> {
    // For each hash, the number of a desktop that has it, from 1. At least half of the places stay
    // free.
    let mut places = vec![0; (2 * desktops.len()).next_power_of_two()];
    let mask = places.len() - 1;
    for (number, (id, _)) in (1..).zip(desktops) {
        let mut place = hash_ignoring_case(id.as_str()) & mask;
        while places[place] != 0 {
            let (earlier, _) = &desktops[places[place] - 1];
            if earlier.as_str().eq_ignore_ascii_case(id.as_str()) {
                return Err(invalid(format!(
                    "desktop {} is listed twice. Use one entry for each desktop.",
                    id.as_str()
                )));
            }
            place = (place + 1) & mask;
        }
        places[place] = number;
    }
    Ok(())
}

/// Returns the same hash for ids that differ only in case. Other ids rarely have it.
fn hash_ignoring_case(id: &str) -> usize {
    let bytes = id.as_bytes();
    let (words, rest) = bytes.as_chunks();
    let mut hash = 0;
    for word in words {
        hash = add_word(hash, *word);
    }
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    // The highest bits are the best ones.
    (add_word(hash, last) >> 32) as usize
}

fn add_word(hash: u64, word: [u8; 8]) -> u64 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    // The bit in which upper and lower case differ.
    const CASE: u64 = 0x2020_2020_2020_2020;
    let hash = (hash ^ (u64::from_le_bytes(word) | CASE)).wrapping_mul(FACTOR);
    hash ^ (hash >> 32)
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
