//! A client for Huawei Cloud Workspace, generated from its OpenAPI contract.

/// The contract that this crate is generated from, `openapi/workspace.yaml`.
pub const OPENAPI_YAML: &str = include_str!("../../openapi/workspace.yaml");

mod secret;
pub mod signing;

pub use secret::Secret;
