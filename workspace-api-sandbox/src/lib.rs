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

mod announcement;
mod app;
mod authentication;
mod builder;
mod clock;
mod contract;
pub mod defaults;
mod document;
mod error;
mod fault;
mod iam;
mod inspection;
mod journal;
mod misbehaviour;
mod operations;
mod pace;
mod page;
mod position;
mod reception;
mod refusal;
mod routes;
mod sandbox;
mod schema;
mod seed;
mod seed_file;
mod server;
mod state;

pub use announcement::Announcement;
pub use builder::{Builder, DEFAULT_ADDRESS};
pub use error::Error;
pub use fault::Fault;
pub use journal::RecordedRequest;
pub use pace::{Latency, RateLimit};
pub use sandbox::{Sandbox, run};
pub use seed::{
    AccessKey, Binding, Credentials, Desktop, Group, Kind, Login, Os, PowerState, Project, Seed,
    Session, Token, Unbinding, User,
};
pub use seed_file::SAMPLE_SEED;
