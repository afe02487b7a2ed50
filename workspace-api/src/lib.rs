//! A client for three operations of Huawei Cloud Workspace: unbind users from cloud desktops, read who was unbound, and
//! log desktops off.
//!
//! ```no_run
//! # async fn example() -> workspace_api::Result<()> {
//! use workspace_api::Client;
//! use workspace_api::types::DetachInstancesDesktopInfo;
//!
//! let client = Client::builder()
//!     .region("ap-southeast-1")
//!     .project_id("0bec5db98280d2d02fd6c00c2de791ce")
//!     .token("MIIFvgYJKoZIhvcN")
//!     .build()?;
//! let desktop = DetachInstancesDesktopInfo::all_users("4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001")?;
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
//! [`Client::desktops`] is the face: it fills in the project id, sends long lists in batches and tells the outcome of
//! each desktop. The methods of [`Client`] itself are generated from the contract, one for each operation:
//!
//! ```no_run
//! # async fn example(client: &workspace_api::Client) -> workspace_api::Result<()> {
//! client
//!     .batch_logoff_desktops()
//!     .project_id("0bec5db98280d2d02fd6c00c2de791ce")
//!     .body_map(|body| body.desktop_ids(["4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001".parse().unwrap()].to_vec()))
//!     .send()
//!     .await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Errors
//!
//! Everything that fails is one [`Error`] with an [`ErrorKind`]. The question that matters after a failed unbinding is
//! [`Error::may_have_been_processed`]: if so, read the desktop's records before you repeat it. A status 200 with failures
//! in it is a [`BatchOutcome`] that names them, and a 200 whose body is not the service's is
//! [`ErrorKind::InvalidResponse`], never an empty success. On a 403, [`Error::iam_action`] is what to ask for.
//!
//! # Retries
//!
//! A read is repeated after a broken connection, a timeout, 429, 502, 503 or 504. An unbinding or a log-off is repeated
//! only if it cannot have been processed: no connection could be made, or 429. See [`RetryPolicy`] for what happens after a 401, for
//! limits and delays.
//!
//! # Features
//!
//! - `codegen` (default): the build script generates the client from the contract. Without it, the reviewed client that
//!   is part of the package is compiled, and no generator.
//! - `regions-file` (default): endpoints are read from the vendor's regions file. Without it, such a file is an error
//!   rather than passed over.
//! - `rustls` (default), `native-tls`: the library that TLS is by.

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

/// The code that the build script generated from the contract or, without the feature `codegen`, the reviewed client.
#[allow(
    missing_docs,
    unused_imports,
    unused_mut,
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
use client::Inner;
pub use desktops::{BatchOutcome, DesktopOutcome, Desktops, DetachInfos, Outcome};
pub use error::{Error, ErrorKind, Result};
pub use generated::{Client, OPENAPI_VERSION, OPERATIONS, ResponseValue, builder, limits, types};
pub use http::RetryPolicy;
pub use operation::{Operation, ResponseBody};
pub use secret::Secret;

/// The contract that this crate is generated from, `openapi/workspace.yaml`.
pub const OPENAPI_YAML: &str = include_str!("../../openapi/workspace.yaml");

/// The README's example compiles.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
