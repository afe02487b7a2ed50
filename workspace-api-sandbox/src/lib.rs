//! Huawei Cloud Workspace, emulated locally: unbinding users from desktops, listing unbinding
//! records, and logging desktops off.
//!
//! A test starts a sandbox with one line. It has a project, desktops, users and credentials, which
//! [`defaults`] names. The types of its contents are in [`seed`].
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), workspace_api_sandbox::Error> {
//! use workspace_api_sandbox::{Sandbox, defaults};
//!
//! let sandbox = Sandbox::start().await?;
//! println!("{}/v2/{}/desktops/logoff", sandbox.base_url(), defaults::PROJECT_ID);
//! # Ok(())
//! # }
//! ```
//!
//! Routes and checks come from the contract, the OpenAPI document that the client is generated
//! from. Every response is validated before it is sent; a violation of the contract becomes a 500
//! that describes it.

mod banner;
mod builder;
mod clock;
mod contract;
mod error;
mod faults;
mod http;
mod json;
mod position;
mod routes;
mod run;
mod sandbox;
pub mod seed;
mod server;
mod service;
mod signals;
mod sync;

pub use banner::Banner;
pub use builder::{Builder, DEFAULT_ADDRESS};
pub use error::Error;
pub use faults::Fault;
pub use faults::latency::Latency;
pub use faults::throttle::RateLimit;
pub use http::request_log::LoggedRequest;
pub use run::run;
pub use sandbox::Sandbox;
pub use seed::defaults;
