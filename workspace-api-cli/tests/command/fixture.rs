//! A sandbox with many desktops, and the command set up to use it.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, process, thread};

use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use workspace_api::OPERATIONS;
use workspace_api_sandbox::seed::{Desktop, Seed};
use workspace_api_sandbox::{Builder as SandboxBuilder, Fault, Latency, Sandbox, defaults};

use crate::needed_by_windows;

/// Arguments that unbind all users from the desktops of [`Fixture::list`].
pub const DETACH_LIST: [&str; 5] = ["detach", "--yes", "--all-users", "--from", "list.txt"];

/// The same in batches of ten, so that a list has several under any limit of the contract.
pub const DETACH_TENS: [&str; 7] = [
    "detach",
    "--yes",
    "--all-users",
    "--from",
    "list.txt",
    "--batch-size",
    "10",
];

/// Returns the IAM action of an operation.
pub fn iam_action(id: &str) -> &'static str {
    let mut operations = OPERATIONS.iter();
    let operation = operations.find(|operation| operation.id == id).unwrap();
    operation.iam_action.unwrap()
}

pub struct Fixture {
    pub sandbox: Sandbox,
    /// The working directory of the command, deleted after the test.
    pub folder: TempDir,
    // Dropped last, because the sandbox runs on it.
    _runtime: Runtime,
}

impl Fixture {
    /// Starts a sandbox with single-user desktops `d-0001`, `d-0002` and so on, all bound to the
    /// same user.
    pub fn with_desktops(count: usize, latency: Duration) -> Self {
        let latency = Latency::fixed(latency);
        Self::start(count, |sandbox| sandbox.latency(latency), |_| {})
    }

    /// Starts a sandbox that throttles.
    pub fn with_rate_limit(count: usize, limit: &str) -> Self {
        let limit = limit.parse().unwrap();
        Self::start(count, |sandbox| sandbox.rate_limit(limit), |_| {})
    }

    /// Like [`with_desktops`](Self::with_desktops), with other changes of the seed.
    #[cfg(unix)]
    pub fn with_seed(count: usize, change: impl FnOnce(&mut Seed)) -> Self {
        Self::start(count, |sandbox| sandbox, change)
    }

    /// Starts a sandbox that denies an IAM action to everyone.
    pub fn denying(count: usize, action: &str) -> Self {
        Self::start(
            count,
            |sandbox| sandbox,
            |seed| {
                seed.deny.push(action.to_owned());
            },
        )
    }

    fn start(
        count: usize,
        set_up: impl FnOnce(SandboxBuilder) -> SandboxBuilder,
        change: impl FnOnce(&mut Seed),
    ) -> Self {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let builder = set_up(Sandbox::builder()).change_seed(|seed| {
            seed.projects[0].desktops = (1..=count)
                .map(|number| Desktop::new(id(number), id(number)).bound_to(defaults::USER))
                .collect();
            change(seed);
        });
        let sandbox = runtime.block_on(builder.start()).unwrap();
        Self {
            sandbox,
            folder: TempDir::new().unwrap(),
            _runtime: runtime,
        }
    }

    /// Returns the command, set up to use this sandbox.
    pub fn workspace(&self, arguments: &[&str]) -> process::Command {
        let mut command = process::Command::new(env!("CARGO_BIN_EXE_workspace"));
        command
            .env_clear()
            .envs(needed_by_windows())
            .env("HW_AUTH_TOKEN", defaults::TOKEN)
            .env("HUAWEICLOUD_SDK_PROJECT_ID", defaults::PROJECT_ID)
            .current_dir(&self.folder)
            .args(arguments)
            .args(["--endpoint", self.sandbox.base_url()]);
        command
    }

    /// Runs the command and returns its result for assertions.
    pub fn assert(&self, arguments: &[&str]) -> assert_cmd::assert::Assert {
        assert_cmd::Command::from_std(self.workspace(arguments)).assert()
    }

    pub fn fault(&self, fault: Fault) {
        self.sandbox.add_fault(fault).unwrap();
    }

    /// Writes a file in the folder.
    pub fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// Writes a list of the first `count` desktops.
    pub fn list(&self, count: usize) -> PathBuf {
        let ids: Vec<_> = (1..=count).map(id).collect();
        self.file("list.txt", ids.join("\n"))
    }

    /// Returns the number of unbindings of each desktop.
    pub fn unbindings(&self) -> BTreeMap<String, usize> {
        let projects = self.sandbox.projects();
        projects[0]
            .desktops
            .iter()
            .map(|desktop| (desktop.id.clone(), desktop.unbound.len()))
            .collect()
    }

    /// Returns the unbinding requests that the sandbox received.
    pub fn detachments(&self) -> Vec<Detachment> {
        let requests = self.sandbox.requests();
        requests
            .iter()
            .filter(|request| request.operation.as_deref() == Some("BatchDetachInstances"))
            .map(|request| {
                assert!(!request.body_truncated);
                let body: Value = serde_json::from_str(&request.body).unwrap();
                let desktops = body["desktops"].as_array().unwrap();
                let id = |desktop: &Value| desktop["desktop_id"].as_str().unwrap().to_owned();
                Detachment {
                    desktops: desktops.iter().map(id).collect(),
                    status: request.status,
                }
            })
            .collect()
    }

    /// Waits until the condition holds.
    pub fn wait_until(&self, condition: impl Fn(&Self) -> bool) {
        for _ in 0..3000 {
            if condition(self) {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("the condition did not hold within 30 s");
    }
}

/// An unbinding request that the sandbox received.
pub struct Detachment {
    pub desktops: HashSet<String>,
    /// `None` if the sandbox sent no response.
    pub status: Option<u16>,
}

/// Returns the id of a desktop.
pub fn id(number: usize) -> String {
    format!("d-{number:04}")
}

/// Returns the id and outcome of each line about a single desktop in a report.
pub fn outcomes(report: &Path) -> Vec<(String, String)> {
    fs::read_to_string(report)
        .unwrap()
        .lines()
        .filter_map(|line| {
            let line: Value = serde_json::from_str(line).ok()?;
            let text = |key: &str| line[key].as_str().map(str::to_owned);
            Some((text("desktop_id")?, text("outcome")?))
        })
        .collect()
}
