//! A client for Huawei Cloud Workspace, generated from its OpenAPI contract.

mod client;
mod desktops;
mod error;
mod secret;
pub mod signing;

/// What the build script made of the contract.
#[allow(missing_docs, unused_imports, clippy::unwrap_used)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/client.rs"));
}

pub use client::{Answer, ClientBuilder, Inner, Operation, Retry};
pub use desktops::{BatchOutcome, DesktopOutcome, Desktops, DetachInfos, Outcome};
pub use error::{Error, ErrorKind, Result};
pub use generated::{Client, OPERATIONS, ResponseValue, builder, limits, types};
pub use secret::Secret;

/// The contract that this crate is generated from, `openapi/workspace.yaml`.
pub const OPENAPI_YAML: &str = include_str!("../../openapi/workspace.yaml");
