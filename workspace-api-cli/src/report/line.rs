//! The lines of a report.
//!
//! The first line has the plan and where the run came from. The first key of every other line shows
//! what it is. Keys are only ever added to a format: a reader ignores unknown keys of a newer format,
//! and rejects them in its own, where it may misread their meaning.

use std::borrow::Borrow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use workspace_api::types::{DesktopId, ProjectId};

use crate::desktops::names::DesktopNames;
use crate::plan::Plan;
use crate::plan::outcome::Entry;
use crate::report::author::Author;
use crate::report::contract_keys;

/// The version of the format that this command writes.
pub const FORMAT: u32 = 1;

/// The keys of all lines and of the values in them, except those of the contract.
const KNOWN_KEYS: &[&str] = &[
    "BatchDetachInstances",
    "BatchLogoffDesktops",
    "by",
    "checked",
    "credentials",
    "desktop_id",
    "desktop_ids",
    "desktop_name",
    "desktops",
    "ended",
    "endpoint",
    "error_code",
    "error_kind",
    "error_msg",
    "format",
    "host",
    "job_id",
    "job_ids",
    "message",
    "missing",
    "names",
    "outcome",
    "plan",
    "project_id",
    "request_id",
    "result",
    "resumed",
    "sending",
    "started",
    "status",
    "time",
    "user",
    "verified",
    "version",
];

/// The first line: the whole work, and where the run came from.
#[derive(Debug, Deserialize, Serialize)]
#[serde(bound(serialize = "P: Serialize, N: Borrow<DesktopNames> + Serialize"))]
pub struct Head<P = Plan, N = DesktopNames> {
    pub format: u32,
    /// The version of the command.
    pub version: String,
    pub started: String,
    pub by: Author,
    /// The [endpoint label](crate::connection::Connection::endpoint_label) of the connection.
    pub endpoint: String,
    pub project_id: ProjectId,
    pub plan: P,
    /// The names of desktops, as far as the list has them.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub names: N,
}

/// Every other line.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Line {
    /// The desktops of a batch that is about to be sent.
    Batch(Batch),
    /// The outcome of a desktop. A later one of the same desktop replaces it.
    Outcome(Entry),
    /// The verification of a desktop that is done by its unbinding records.
    Checked(Checked),
    /// The service's jobs for the desktops of the batch that succeeded.
    Jobs(Jobs),
    /// The run was resumed.
    Resumed(Resumed),
    /// The run ended. Without this line it was killed, or it is still running.
    Ended(Ended),
}

#[derive(Debug, Deserialize, Serialize)]
pub struct Batch {
    pub sending: Vec<DesktopId>,
    pub time: String,
}

#[derive(Debug, Deserialize, Serialize)]
pub struct Checked {
    #[serde(rename = "checked")]
    pub desktop_id: DesktopId,
    pub verified: bool,
    /// The missing part of a proof.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<String>,
    pub time: String,
}

#[derive(Debug, Deserialize, Serialize)]
pub struct Jobs {
    pub job_ids: Vec<String>,
}

#[derive(Debug, Deserialize, Serialize)]
pub struct Resumed {
    #[serde(rename = "resumed")]
    pub time: String,
    pub version: String,
    pub by: Author,
}

#[derive(Debug, Deserialize, Serialize)]
pub struct Ended {
    pub ended: String,
    pub result: RunResult,
}

/// How a run ended as a whole.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RunResult {
    /// Every desktop has an outcome.
    Completed,
    /// A signal such as Ctrl-C stopped the run.
    Interrupted,
    /// An error stopped the run.
    Stopped,
}

impl RunResult {
    pub fn name(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Interrupted => "interrupted",
            Self::Stopped => "stopped",
        }
    }
}

fn is_empty<N: Borrow<DesktopNames>>(names: &N) -> bool {
    names.borrow().is_empty()
}

impl<P, N> Head<P, N> {
    /// Replaces plan and names, and returns what was there.
    pub fn replace<Q, M>(self, plan: Q, names: M) -> (Head<Q, M>, P, N) {
        let head = Head {
            format: self.format,
            version: self.version,
            started: self.started,
            by: self.by,
            endpoint: self.endpoint,
            project_id: self.project_id,
            plan,
            names,
        };
        (head, self.plan, self.names)
    }
}

impl Line {
    /// Reads a line that is not the first one of a report in this format. Returns `None` for a kind
    /// of line that only a newer format can have.
    pub fn parse(line: &str, format: u32) -> Result<Option<Self>, String> {
        let invalid = |error: serde_json::Error| format!("is not a report entry ({error})");
        let parsed = match first_key(line) {
            Some("sending") => serde_json::from_str(line).map(Self::Batch),
            Some("desktop_id") => serde_json::from_str(line).map(Self::Outcome),
            Some("checked") => serde_json::from_str(line).map(Self::Checked),
            Some("job_ids") => serde_json::from_str(line).map(Self::Jobs),
            Some("resumed") => serde_json::from_str(line).map(Self::Resumed),
            Some("ended") => serde_json::from_str(line).map(Self::Ended),
            Some("format") => return Err("is the start of another report".to_owned()),
            Some(_) if format > FORMAT => return Ok(None),
            _ => return Err("is not a report entry".to_owned()),
        };
        let parsed = parsed.map_err(invalid)?;
        ensure_known_keys(line, format)?;
        Ok(Some(parsed))
    }
}

fn first_key(line: &str) -> Option<&str> {
    let (key, _) = line.trim_start().strip_prefix("{\"")?.split_once('"')?;
    Some(key)
}

fn ensure_known_keys(line: &str, format: u32) -> Result<(), String> {
    if format > FORMAT {
        return Ok(());
    }
    let mut json = serde_json::Deserializer::from_str(line);
    UnknownKeys
        .deserialize(&mut json)
        .map_err(|error| error.to_string())
}

/// Returns true for a key that lines have.
pub fn is_known_key(key: &str) -> bool {
    KNOWN_KEYS.contains(&key) || contract_keys::is_of_plan(key)
}

/// Walks through JSON and fails at the first key that no line has.
#[derive(Clone, Copy)]
struct UnknownKeys;

impl<'de> DeserializeSeed<'de> for UnknownKeys {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for UnknownKeys {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a line of a report")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if !is_known_key(&key) {
                return Err(serde::de::Error::custom(format!(
                    "has the unknown key `{key}`"
                )));
            }
            map.next_value_seed(self)?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(self)?.is_some() {}
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}
