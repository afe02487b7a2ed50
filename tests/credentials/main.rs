//! Settings and credentials: their sources, caching and renewal, and output without secrets.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod cache;
mod chain;
mod config;
mod endpoint;
mod iam;
mod instance_metadata;
#[path = "../support/log.rs"]
mod log;
mod project;
mod secrets;
mod server;
mod value;
mod vendor_variables;

use std::error::Error;
use std::fs;
use std::iter::successors;
use std::path::PathBuf;
use std::sync::OnceLock;

use reqwest::redirect::Policy;
use workspace_api::config::Environment;

const AK: &str = "QTWAOYTTINDUT2QVKYUC";
const SK: &str = "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc";

/// Creates a home folder for one test, with these files in `.huaweicloud`.
fn home(test: &str, files: &[(&str, &str)]) -> PathBuf {
    let home = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join("credentials")
        .join(test);
    let _ = fs::remove_dir_all(&home);
    fs::create_dir_all(home.join(".huaweicloud")).unwrap();
    for (name, text) in files {
        fs::write(home.join(".huaweicloud").join(name), text).unwrap();
    }
    home
}

fn environment(variables: &[(&str, &str)]) -> Environment {
    variables.iter().copied().collect()
}

/// The environment of a user with this home folder.
fn at_home(home: &std::path::Path, variables: &[(&str, &str)]) -> Environment {
    let home = [("HOME", home.to_str().unwrap())];
    home.iter().chain(variables).copied().collect()
}

/// One client for all tests, because creating one loads the system's certificates.
fn http() -> reqwest::Client {
    static HTTP: OnceLock<reqwest::Client> = OnceLock::new();
    let build = || {
        reqwest::Client::builder()
            .no_proxy()
            .redirect(Policy::none())
            .user_agent("agent/1")
            .build()
            .unwrap()
    };
    HTTP.get_or_init(build).clone()
}

/// An error with its causes, as a program prints it.
fn with_causes(error: &dyn Error) -> String {
    let errors = successors(Some(error), |&error| error.source());
    let texts: Vec<_> = errors.map(ToString::to_string).collect();
    texts.join(": ")
}
