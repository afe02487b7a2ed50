//! Every source of credentials of the vendor's tools against the sandbox, through the front door: a
//! client is built from an environment and files, and calls the service.

#![allow(clippy::unwrap_used)]

mod agency;
mod koocli;
mod machine;
mod renewal;
mod sign_in;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use workspace_api::config::{Environment, Source};
use workspace_api::credentials::InstanceMetadata;
use workspace_api::{Client, ClientBuilder, Error, Result};
use workspace_api_sandbox::{Sandbox, defaults};

/// Environment variables.
type Variables<'a> = &'a [(&'a str, &'a str)];

/// A sandbox and the environment of a user of it.
struct Fixture {
    sandbox: Sandbox,
    home: PathBuf,
    variables: Arc<Mutex<BTreeMap<String, String>>>,
}

impl Fixture {
    /// Starts a sandbox, and an environment with these variables and a home folder of its own.
    async fn start(test: &str, variables: Variables<'_>) -> Self {
        Self::with(Sandbox::start().await.unwrap(), test, variables)
    }

    fn with(sandbox: Sandbox, test: &str, variables: Variables<'_>) -> Self {
        let home = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
            .join("sources")
            .join(test);
        let _ = fs::remove_dir_all(&home);
        fs::create_dir_all(&home).unwrap();
        let url = sandbox.base_url();
        let mut all = vec![
            ("HOME", home.to_str().unwrap()),
            ("HW_REGION_NAME", defaults::PROJECT_NAME),
            ("HUAWEICLOUD_SDK_REGION_WORKSPACE_AP_SOUTHEAST_1", url),
            ("HUAWEICLOUD_SDK_IAM_ENDPOINT", url),
            ("HUAWEICLOUD_SDK_STS_ENDPOINT", url),
        ];
        all.extend(variables);
        let all = all
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let variables = Arc::new(Mutex::new(all.collect()));
        Self {
            sandbox,
            home,
            variables,
        }
    }

    fn set(&self, name: &str, value: impl Into<String>) {
        let mut variables = self.variables.lock().unwrap();
        variables.insert(name.to_owned(), value.into());
    }

    /// Writes a file below the home folder and returns its path.
    fn write(&self, name: &str, text: &str) -> String {
        let path = self.home.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn environment(&self) -> Environment {
        let variables = Arc::clone(&self.variables);
        Environment::new(move |name| variables.lock().unwrap().get(name).map(OsString::from))
    }

    /// A builder for a client of the environment, without a metadata service.
    fn builder(&self) -> ClientBuilder {
        Client::builder()
            .environment(self.environment())
            .metadata(InstanceMetadata::at("http://127.0.0.1:9"))
            .no_proxy()
    }

    fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    /// Reads records with the credentials of the environment and returns their source.
    async fn read(&self) -> Result<Source> {
        let client = self.client();
        let source = client.authenticate().await?;
        read(&client).await?;
        Ok(source)
    }

    /// Returns the number of requests so far to a path.
    fn count(&self, path: &str) -> usize {
        let log = self.sandbox.requests();
        log.iter().filter(|request| request.path == path).count()
    }
}

async fn read(client: &Client) -> Result<()> {
    let records = client
        .desktops()
        .detach_info(defaults::SINGLE_USER_DESKTOP)
        .await?;
    assert_eq!(records.len(), 1);
    Ok(())
}

/// An error with its causes, as a program prints it.
fn with_causes(error: &Error) -> String {
    let errors = std::iter::successors(Some(error as &dyn std::error::Error), |&error| {
        error.source()
    });
    let texts: Vec<_> = errors.map(ToString::to_string).collect();
    texts.join(": ")
}
