//! A client for three operations of Huawei Cloud Workspace: unbind users from cloud desktops, read
//! the unbinding records of a desktop, and log desktops off.
//!
//! It is asynchronous and needs a [Tokio](https://docs.rs/tokio) runtime with timers and I/O
//! enabled, as `#[tokio::main]` has:
//!
//! ```toml
//! [dependencies]
//! tokio = { version = "1", features = ["macros", "rt"] }
//! workspace-api = "0.1"
//! ```
//!
//! ```no_run
//! use workspace_api::{Client, Unbinding};
//!
//! #[tokio::main(flavor = "current_thread")]
//! async fn main() -> workspace_api::Result<()> {
//!     let client = Client::builder()
//!         .region("ap-southeast-1")
//!         .project_id("0bec5db98280d2d02fd6c00c2de791ce")
//!         .token("MIIFvgYJKoZIhvcN")
//!         .build()?;
//!     let desktop = Unbinding::all_users("4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001")?;
//!     let outcome = client.desktops().detach([desktop]).await?;
//!     for desktop in &outcome.desktops {
//!         println!("{desktop}");
//!     }
//!     // An error unless every desktop succeeded or was accepted.
//!     outcome.into_result()?;
//!     Ok(())
//! }
//! ```
//!
//! A program that is not asynchronous blocks on a runtime of its own:
//!
//! ```no_run
//! use workspace_api::Client;
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//!     let client = Client::builder().region("ap-southeast-1").build()?;
//!     let desktop_id = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001";
//!     let records = runtime.block_on(client.desktops().detach_info(desktop_id))?;
//!     println!("{} records", records.len());
//!     Ok(())
//! }
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
//! Every error is an [`Error`] with an [`ErrorKind`]. The high-level unbinding and log-off return one
//! only if nothing was sent; every later failure, including a 401, is in the [`BatchOutcome`], and
//! [`BatchOutcome::into_result`] turns it into an error. After a failed unbinding, check
//! [`Error::may_have_been_processed`]: if it is true, read the unbinding records of the desktop
//! before you retry. A 200 response that lists failures becomes a [`BatchOutcome`] that names them.
//! A 200 with an invalid body becomes [`ErrorKind::InvalidResponse`], never an empty success. On a
//! 403, [`Error::iam_action`] names the missing IAM action.
//!
//! Outcomes and errors serialize with serde, in the form in which the command `workspace` prints
//! them, and compare with `==`. [`Error::builder`] and [`DesktopOutcome::new`] make them, so that a
//! program can test how it handles them without a server.
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
//! - `rustls` (default): TLS by rustls with aws-lc, which needs a C compiler to build.
//! - `native-tls`: TLS by the operating system's library.
//! - `rustls-no-provider`: TLS by rustls with the cryptography that the program installs as the
//!   process's default, such as ring, before it builds a client:
//!   `rustls::crypto::ring::default_provider().install_default()`. Without one,
//!   [`ClientBuilder::build`] returns an error.
//!
//! # Compatibility
//!
//! Types that come from the contract can gain properties and enum values in any version: make them
//! with their builders or constructors, and match with a wildcard. A type that is only in responses
//! has no builder if all its properties are optional; a test makes one with `default`:
//!
//! ```
//! let mut record = workspace_api::types::DesktopDetachInfo::default();
//! record.user_name = Some("li-na".to_owned());
//! ```
//!
//! The types of [`reexports`] are in signatures, so a new major version of one of those crates is a
//! new minor version (0.x) of this one.

// Lints of whole crates: the contract may have names in any script.
#![allow(confusable_idents, mixed_script_confusables, uncommon_codepoints)]

#[cfg(not(any(
    feature = "rustls",
    feature = "rustls-no-provider",
    feature = "native-tls"
)))]
compile_error!(
    "workspace-api needs TLS: enable the feature `rustls`, `rustls-no-provider` or `native-tls`"
);

mod checked_text;
mod client;
pub mod config;
pub mod credentials;
mod desktops;
mod error;
mod http;
mod operation;
mod pattern;
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
    non_camel_case_types,
    non_snake_case,
    unused_imports,
    unused_mut,
    clippy::all,
    clippy::pedantic,
    clippy::unwrap_used
)]
mod generated {
    #[cfg(feature = "codegen")]
    include!(concat!(env!("OUT_DIR"), "/client.rs"));
    // Included rather than declared as a module, so that rustfmt does not format it.
    #[cfg(not(feature = "codegen"))]
    include!("generated.rs");
}

/// ```
/// use workspace_api::types::{DesktopId, UserName};
///
/// let name: UserName = "li-na".parse()?;
/// assert_eq!(name, "li-na");
/// assert_eq!(name.as_str().len(), 5);
/// assert!(DesktopId::try_from("../desktops").is_err());
/// # Ok::<(), workspace_api::Error>(())
/// ```
pub use checked_text::CheckedText;
pub use checked_text::TextLimits;
pub use client::ClientBuilder;
pub use desktops::{
    AsDesktopId, BatchOutcome, BatchOutcomes, DesktopOutcome, Desktops, DetachInfoStream,
    DetachInfos, Outcome, StopHandle, Unbinding,
};
pub use error::{ConnectionProblem, CredentialsKind, Error, ErrorBuilder, ErrorKind, Result};
pub use generated::{Client, OPENAPI_VERSION, OPERATIONS, ResponseValue, builder, limits, types};
pub use http::{RetryPolicy, Throttled};
pub use operation::{Operation, ResponseBody};
pub use secret::Secret;

/// The crates whose types are in the signatures of this one.
///
/// - [`bytes`](https://docs.rs/bytes/1) 1 and [`http`](https://docs.rs/http/1) 1: the body and the
///   response of [`Client::request`]
/// - [`reqwest`](https://docs.rs/reqwest/0.13) 0.13: methods, status codes, headers, proxies and
///   certificates
/// - [`Stream`](https://docs.rs/futures-core/0.3/futures_core/stream/trait.Stream.html) of
///   futures-core 0.3, which [`BatchOutcomes`] and [`DetachInfoStream`] implement
///
/// [`ResponseValue`] is a type of progenitor-client 0.15.
pub mod reexports {
    pub use ::http;
    pub use bytes;
    pub use futures_util::Stream;
    pub use reqwest;
}

/// The contract that this crate is generated from, `openapi/workspace.yaml`.
pub const OPENAPI_YAML: &str = include_str!("../../openapi/workspace.yaml");

/// The README's example compiles.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
