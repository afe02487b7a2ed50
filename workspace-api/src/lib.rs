//! A client for three operations of Huawei Cloud Workspace: unbind users from cloud desktops, read
//! the unbinding records of a desktop, and log desktops off.
//!
//! ```no_run
//! # async fn example() -> workspace_api::Result<()> {
//! use workspace_api::{Client, Unbinding};
//!
//! let client = Client::builder()
//!     .region("ap-southeast-1")
//!     .project_id("0bec5db98280d2d02fd6c00c2de791ce")
//!     .token("MIIFvgYJKoZIhvcN")
//!     .build()?;
//! let desktop = Unbinding::all_users("4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001")?;
//! let outcome = client.desktops().detach([desktop]).await?;
//! for desktop in &outcome.desktops {
//!     println!("{desktop}");
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Two ways to call
//!
//! [`Client::desktops`] is the high-level API: it fills in the project id, sends long lists in
//! batches and reports an outcome for each desktop. The methods of [`Client`] itself are generated
//! from the contract, one for each operation:
//!
//! ```no_run
//! # async fn example(client: &workspace_api::Client) -> workspace_api::Result<()> {
//! let desktop_id = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001".parse()?;
//! client
//!     .batch_logoff_desktops()
//!     .project_id("0bec5db98280d2d02fd6c00c2de791ce")
//!     .body_map(|body| body.desktop_ids(vec![desktop_id]))
//!     .send()
//!     .await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Errors
//!
//! Every failure is an [`Error`] with an [`ErrorKind`]. After a failed unbinding, check
//! [`Error::may_have_been_processed`]: if it is true, read the unbinding records of the desktop
//! before you retry. A 200 response that lists failures becomes a [`BatchOutcome`] that names them.
//! A 200 with an invalid body becomes [`ErrorKind::InvalidResponse`], never an empty success. On a
//! 403, [`Error::iam_action`] names the missing IAM action.
//!
//! # Retries
//!
//! A GET is retried after a failed or lost connection, a timeout, 429, 502, 503 or 504. An
//! unbinding or a log-off is retried only if it cannot have been processed: the connection failed,
//! or 429. [`RetryPolicy`] describes delays, limits, and what happens after a 401.
//!
//! # Features
//!
//! - `codegen` (default): the build script generates the client from the contract. Without it, the
//!   reviewed client in the package is compiled, and no generator.
//! - `regions-file` (default): endpoints are read from the vendor's regions file. Without it, such
//!   a file is an error; it is not ignored.
//! - `rustls` (default), `native-tls`: the TLS implementation.

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
compile_error!("workspace-api needs TLS: enable the feature `rustls` or `native-tls`");

mod client;
pub mod config;
pub mod credentials;
mod desktops;
mod error;
mod http;
mod operation;
mod secret;
pub mod signing;
mod sync;
pub mod text;
#[cfg(feature = "regions-file")]
mod yaml;

/// The client that the build script generated from the contract or, without the feature `codegen`,
/// the reviewed client.
#[allow(
    missing_docs,
    unused_imports,
    unused_mut,
    clippy::all,
    clippy::pedantic,
    clippy::unwrap_used
)]
mod generated {
    #[cfg(feature = "codegen")]
    include!(concat!(env!("OUT_DIR"), "/generated.rs"));
    // Included rather than declared as a module, so that rustfmt does not format it.
    #[cfg(not(feature = "codegen"))]
    include!("generated.rs");
}

pub use client::ClientBuilder;
pub use desktops::{
    AsDesktopId, BatchOutcome, BatchOutcomes, DesktopOutcome, Desktops, DetachInfoStream,
    DetachInfos, Outcome, Unbinding,
};
pub use error::{Error, ErrorBuilder, ErrorKind, Result};
pub use generated::{Client, OPENAPI_VERSION, OPERATIONS, ResponseValue, builder, limits, types};
pub use http::{RetryPolicy, Throttled};
pub use operation::{Operation, ResponseBody};
pub use secret::Secret;

/// The contract that this crate is generated from, `openapi/workspace.yaml`.
pub const OPENAPI_YAML: &str = include_str!("../../openapi/workspace.yaml");

/// The README's example compiles.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
