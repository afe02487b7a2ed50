//! Huawei Cloud Workspace, emulated on your own machine: unbinding users from desktops, reading who was unbound, and
//! logging desktops off.
//!
//! A test needs one line. The sandbox has a project, desktops, users and credentials; [`defaults`] names them.
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
//! Routes and checks come from the OpenAPI document that the client is generated from. Every answer is held against it
//! before it leaves, so a sandbox that breaks the contract says so with a 500.

mod banner;
mod builder;
mod clock;
mod contract;
mod error;
mod faults;
mod http;
mod position;
mod routes;
mod sandbox;
pub mod seed;
mod server;
mod service;
mod sync;

pub use banner::Banner;
pub use builder::{Builder, DEFAULT_ADDRESS};
pub use error::Error;
pub use faults::Fault;
pub use faults::throttle::{Latency, RateLimit};
pub use http::request_log::LoggedRequest;
pub use sandbox::{Sandbox, run};
pub use seed::defaults;
