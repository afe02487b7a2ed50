//! `workspace config --check`: harmless requests with the effective settings, before they are
//! needed.

use std::fmt::Display;

use serde_json::Value;
use workspace_api::types::ProjectId;
use workspace_api::{Client, Error};

use crate::cli::ConnectionOptions;
use crate::connection::Connection;
use crate::error::{CommandError, with_causes};

/// A desktop that does not exist, whose records are read if no other is known.
const NO_DESKTOP: &str = "00000000-0000-0000-0000-000000000000";
/// The difference between the clocks, in milliseconds, from which signatures are rejected.
const MAX_SKEW: i64 = 15 * 60 * 1000;
/// A difference between the clocks, in milliseconds, that the whole seconds of a response explain.
const MEASURED: i64 = 2 * 1000;
const WITH_EFFECT: &str = "not tried: it cannot be tried without effect";

/// A check and its result.
pub struct Check {
    pub name: &'static str,
    /// The finding, or the reason why the check failed.
    pub result: Result<String, String>,
}

impl Check {
    fn passed(name: &'static str, found: impl Display) -> Self {
        Self {
            name,
            result: Ok(found.to_string()),
        }
    }

    fn failed(name: &'static str, why: impl Display) -> Self {
        Self {
            name,
            result: Err(why.to_string()),
        }
    }
}

/// Tries the settings. Stops at the first request that rejects the credentials: a few rejections in
/// a row lock an access key.
pub async fn run(options: &ConnectionOptions) -> Result<Vec<Check>, CommandError> {
    let connection = options.build_client().await?;
    let client = &connection.client;
    let mut checks = Vec::new();
    match client.authenticate().await {
        Ok(_) if options.sandbox => checks.push(Check::passed("check_credentials", "--sandbox")),
        Ok(source) => checks.push(Check::passed("check_credentials", source)),
        Err(error) => {
            checks.push(Check::failed("check_credentials", with_causes(&error)));
            return Ok(checks);
        }
    }
    match client.account().await {
        Ok(account) => {
            let account = format!("account {} (id {})", account.name, account.id);
            checks.push(Check::passed("check_identity", account));
        }
        Err(error) if is_rejected(&error) => {
            checks.push(Check::failed("check_identity", with_causes(&error)));
            return Ok(checks);
        }
        // The other calls may be allowed nevertheless.
        Err(error) => {
            let unknown = format!("not named by IAM: {}", with_causes(&error));
            checks.push(Check::passed("check_identity", unknown));
        }
    }
    match client.desktops().project_id().await {
        Ok(project_id) => {
            checks.push(Check::passed("check_project", project_id.as_str()));
            checks.push(records(&connection, &project_id).await);
        }
        Err(error) => checks.push(Check::failed("check_project", with_causes(&error))),
    }
    checks.extend(clock(client));
    checks.push(Check::passed("check_detach", WITH_EFFECT));
    checks.push(Check::passed("check_logoff", WITH_EFFECT));
    Ok(checks)
}

fn is_rejected(error: &Error) -> bool {
    let causes = std::iter::successors(Some(error as &dyn std::error::Error), |&error| {
        error.source()
    });
    let mut errors = causes.filter_map(|cause| cause.downcast_ref::<Error>());
    errors.any(|error| error.status().is_some_and(|status| status == 401))
}

/// Reads the records of a desktop.
async fn records(connection: &Connection, project_id: &ProjectId) -> Check {
    const NAME: &str = "check_records";
    let listed = first_desktop(&connection.client, project_id).await;
    let desktop_id = match &listed {
        Listed::Desktop(id) => id,
        Listed::None | Listed::Unreadable => NO_DESKTOP,
    };
    let records = connection.client.desktops().detach_info(desktop_id).await;
    let endpoint = connection.endpoint_label();
    match (records, &listed) {
        (Ok(records), _) => {
            let found = match records.len() {
                1 => format!("can be read at {endpoint}: 1 record of the desktop {desktop_id}"),
                n => format!("can be read at {endpoint}: {n} records of the desktop {desktop_id}"),
            };
            Check::passed(NAME, found)
        }
        // Without the list, the error may as well mean that there is no such project.
        (Err(error), Listed::None) if is_missing_desktop(&error) => Check::passed(
            NAME,
            format!("can be read at {endpoint}, as far as a desktop that does not exist shows"),
        ),
        (Err(error), _) => Check::failed(NAME, with_causes(&error)),
    }
}

/// The result of listing the project's desktops.
enum Listed {
    Desktop(String),
    /// There is no desktop, or the list is not permitted; reading the records may be permitted
    /// nevertheless.
    None,
    Unreadable,
}

async fn first_desktop(client: &Client, project_id: &ProjectId) -> Listed {
    let path = format!("/v2/{}/desktops?limit=1", project_id.as_str());
    let Ok(response) = client.request(reqwest::Method::GET, &path, None).await else {
        return Listed::Unreadable;
    };
    let body: Value = match response.status().as_u16() {
        200 => serde_json::from_slice(response.body()).unwrap_or_default(),
        403 => return Listed::None,
        _ => return Listed::Unreadable,
    };
    match body
        .pointer("/desktops/0/desktop_id")
        .and_then(Value::as_str)
    {
        Some(id) => Listed::Desktop(id.to_owned()),
        None if body["desktops"].is_array() => Listed::None,
        None => Listed::Unreadable,
    }
}

/// Returns whether the service itself says that there is no such desktop, for which it has several
/// statuses.
fn is_missing_desktop(error: &Error) -> bool {
    let is_of_service = error.code().is_some_and(|code| code.starts_with("WKS."));
    let status = error.status().map(|status| status.as_u16());
    is_of_service && matches!(status, Some(400 | 404))
}

/// Compares the clocks by the responses so far.
fn clock(client: &Client) -> Option<Check> {
    const NAME: &str = "check_clock";
    let offset = client.clock_offset()?;
    let (start, end) = (*offset.start(), *offset.end());
    let middle = start.midpoint(end);
    if middle.abs() <= MEASURED {
        return Some(Check::passed(NAME, "the same as the service's"));
    }
    let seconds = middle.abs() / 1000;
    let direction = if middle > 0 { "behind" } else { "ahead of" };
    let text = format!("{seconds} s {direction} the service's");
    Some(if middle.abs() < MAX_SKEW {
        Check::passed(NAME, text)
    } else {
        Check::failed(
            NAME,
            format!("{text}: signatures are rejected. Set the clock."),
        )
    })
}
