//! The parsers of the values of options.

use std::net::{SocketAddr, ToSocketAddrs};
use std::path::PathBuf;
use std::time::Duration;

use workspace_api::limits::{BATCH_DETACH_INSTANCES_REQ_DESKTOPS, LOGOFF_DESKTOPS_REQ_DESKTOP_IDS};

/// Maximum number of desktops in one request of any command.
pub(super) const MAX_BATCH_SIZE: usize =
    if BATCH_DETACH_INSTANCES_REQ_DESKTOPS > LOGOFF_DESKTOPS_REQ_DESKTOP_IDS {
        BATCH_DETACH_INSTANCES_REQ_DESKTOPS
    } else {
        LOGOFF_DESKTOPS_REQ_DESKTOP_IDS
    };

/// Parses a time with a unit; a number alone is in seconds.
pub(super) fn parse_duration(text: &str) -> Result<Duration, String> {
    let time = match text.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => humantime::parse_duration(text)
            .map_err(|_| "use a number and a unit, such as 10s or 2m".to_owned())?,
    };
    if time.is_zero() {
        return Err("use a time above zero".to_owned());
    }
    Ok(time)
}

/// Rejects `-`, which is a stream for other options.
pub(super) fn parse_report(text: &str) -> Result<PathBuf, &'static str> {
    match text {
        "-" => Err("a report must be a file; for one that is called `-`, use ./-"),
        path => Ok(path.into()),
    }
}

/// Resolves an address to listen on. A name such as `localhost` may have several; prefer IPv4,
/// which every client supports.
pub(super) fn parse_address(text: &str) -> Result<SocketAddr, String> {
    let addresses: Vec<_> = match text.to_socket_addrs() {
        Ok(addresses) => addresses.collect(),
        Err(error) => {
            return Err(format!(
                "{error}. Use an address or a host name, and a port, such as localhost:8437."
            ));
        }
    };
    let ipv4 = addresses.iter().find(|address| address.is_ipv4());
    match ipv4.or(addresses.first()) {
        Some(address) => Ok(*address),
        None => Err("the host name has no address".to_owned()),
    }
}

/// Parses a number above zero.
pub(super) fn parse_positive(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err("use a whole number of at least 1".to_owned()),
    }
}

/// Parses a number of desktops in one request.
pub(super) fn parse_batch_size(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(number) if (1..=MAX_BATCH_SIZE).contains(&number) => Ok(number),
        _ => Err(format!("use a whole number from 1 to {MAX_BATCH_SIZE}")),
    }
}
