//! Configures a sandbox before it starts.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::clock::Clock;
use crate::contract::Contract;
use crate::error::Error;
use crate::faults::inject::FaultInjector;
use crate::faults::latency::Latency;
use crate::faults::throttle::RateLimit;
use crate::faults::{Fault, check_fault};
use crate::routes;
use crate::sandbox::Sandbox;
use crate::seed::{Desktop, Group, Project, Seed, User};
use crate::server::host::AllowedHosts;
use crate::server::intake::Limits;
use crate::service::app::App;
use crate::service::authorization::matches_action;

/// The address on which the command listens by default: `127.0.0.1:8437`.
pub const DEFAULT_ADDRESS: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8437);

const DEFAULT_READ_TIMEOUT: Duration = Duration::from_secs(10);
const DEFAULT_WRITE_TIMEOUT: Duration = Duration::from_secs(10);

/// Configures a [`Sandbox`]. Values are checked by [`start`](Self::start).
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), workspace_api_sandbox::Error> {
/// use workspace_api_sandbox::{Sandbox, seed::Desktop};
///
/// let sandbox = Sandbox::builder()
///     .desktop(Desktop::new("d-1", "front-desk").bound_to("li-na"))
///     .start()
///     .await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing happens before `start`"]
pub struct Builder {
    address: SocketAddr,
    seed: Seed,
    contract: Option<String>,
    clock: Clock,
    random_seed: u64,
    faults: Vec<Fault>,
    latency: Latency,
    rate_limit: Option<RateLimit>,
    examples: bool,
    read_timeout: Duration,
    write_timeout: Duration,
    hosts: Vec<String>,
    origins: Vec<String>,
}

// They are here because the type does not import its builder.
impl Sandbox {
    /// Starts a sandbox with the default seed on a free port of 127.0.0.1.
    ///
    /// # Errors
    ///
    /// [`Error::Listen`] if there is no free port.
    pub async fn start() -> Result<Self, Error> {
        Self::builder().start().await
    }

    /// Returns a builder, for a sandbox with other contents or behaviour.
    pub fn builder() -> Builder {
        Builder::default()
    }
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            seed: Seed::default(),
            contract: None,
            clock: Clock::default(),
            random_seed: 0,
            faults: Vec::new(),
            latency: Latency::default(),
            rate_limit: None,
            examples: false,
            read_timeout: DEFAULT_READ_TIMEOUT,
            write_timeout: DEFAULT_WRITE_TIMEOUT,
            hosts: Vec::new(),
            origins: Vec::new(),
        }
    }
}

impl Builder {
    /// Sets the address to listen on. Default: a free port of 127.0.0.1.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// Sets the contents of the sandbox. Default: [`Seed::default`].
    pub fn seed(mut self, seed: Seed) -> Self {
        self.seed = seed;
        self
    }

    /// Changes the seed in place.
    ///
    /// ```
    /// # use workspace_api_sandbox::Sandbox;
    /// let action = "workspace:desktops:logoff".to_owned();
    /// let builder = Sandbox::builder().change_seed(|seed| seed.deny.push(action));
    /// ```
    pub fn change_seed(mut self, change: impl FnOnce(&mut Seed)) -> Self {
        change(&mut self.seed);
        self
    }

    /// Adds a desktop to the first project.
    pub fn desktop(self, desktop: Desktop) -> Self {
        self.change_project(|project| project.desktops.push(desktop))
    }

    /// Adds a user to the first project.
    pub fn user(self, user: User) -> Self {
        self.change_project(|project| project.users.push(user))
    }

    /// Adds a user group to the first project.
    pub fn group(self, group: Group) -> Self {
        self.change_project(|project| project.groups.push(group))
    }

    /// Changes the first project. A seed without projects is an error that `start` returns.
    fn change_project(mut self, change: impl FnOnce(&mut Project)) -> Self {
        if let Some(project) = self.seed.projects.first_mut() {
            change(project);
        }
        self
    }

    /// Sets the contract, an OpenAPI 3.0 document in YAML or JSON, from which routes and checks
    /// come. Default: the contract that the client is generated from.
    pub fn contract(mut self, document: impl Into<String>) -> Self {
        self.contract = Some(document.into());
        self
    }

    /// Sets the clock for unbinding records, signatures, lock-outs, tokens and the rate limit.
    /// Default: the system's clock.
    pub fn clock(mut self, now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.clock = Clock::new(now);
        self
    }

    /// Sets the seed of the random numbers: with the same seed, the same requests get the same ids
    /// and faults. Default: 0.
    pub fn random_seed(mut self, seed: u64) -> Self {
        self.random_seed = seed;
        self
    }

    /// Adds a fault. If several faults match a request, the first one applies.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// Delays the response of every operation. Default: no delay.
    pub fn latency(mut self, latency: Latency) -> Self {
        self.latency = latency;
        self
    }

    /// Limits how often operations can be called. Default: no limit.
    pub fn rate_limit(mut self, limit: RateLimit) -> Self {
        self.rate_limit = Some(limit);
        self
    }

    /// Answers operations that the sandbox does not emulate with the contract's examples of a
    /// success. The request is checked as for every other operation. Default: they return 501.
    pub fn examples(mut self) -> Self {
        self.examples = true;
        self
    }

    /// Sets the read timeout for the request head, and then for the body. Default: 10 seconds.
    pub fn read_timeout(mut self, read_timeout: Duration) -> Self {
        self.read_timeout = read_timeout;
        self
    }

    /// Sets how long a client may leave a response unread before its connection is closed. Default:
    /// 10 seconds.
    pub fn write_timeout(mut self, write_timeout: Duration) -> Self {
        self.write_timeout = write_timeout;
        self
    }

    /// Accepts requests for this host name too, such as the name of a container. Default: names of
    /// this machine and IP addresses. A request for another host gets a 421, because the page of a
    /// stranger could point its own name at the sandbox.
    pub fn allow_host(mut self, name: impl Into<String>) -> Self {
        self.hosts.push(name.into());
        self
    }

    /// Allows pages of this origin, such as `https://editor.example`, to send requests and read
    /// responses (CORS). Default: none but the sandbox's own page.
    pub fn allow_origin(mut self, origin: impl Into<String>) -> Self {
        self.origins.push(origin.into());
        self
    }

    /// Starts the sandbox on the current Tokio runtime.
    ///
    /// # Errors
    ///
    /// [`Error::Seed`], [`Error::Contract`], [`Error::Fault`] and [`Error::Host`] if a value is
    /// invalid;
    /// [`Error::Listen`] if the sandbox cannot listen on the address.
    pub async fn start(self) -> Result<Sandbox, Error> {
        let contract = match &self.contract {
            Some(document) => Arc::new(Contract::parse(document)?),
            None => Contract::embedded()?,
        };
        self.seed
            .validate()
            .map_err(|violation| Error::Seed(violation.message))?;
        check_deny_rules(&self.seed, &contract)?;
        for fault in &self.faults {
            check_fault(fault, &contract)?;
        }
        let faults = FaultInjector::new(self.faults, self.latency, self.rate_limit);
        let random = fastrand::Rng::with_seed(self.random_seed);
        let app = App::new(
            contract,
            self.seed,
            self.clock,
            random,
            faults,
            self.examples,
        );
        let limits = Limits {
            hosts: AllowedHosts::new(&self.hosts)?,
            origins: routes::allowed_origins(&self.origins)?,
            read_timeout: self.read_timeout,
            write_timeout: self.write_timeout,
        };
        Sandbox::serve(app, self.address, limits).await
    }
}

/// Rejects a deny rule that matches no action: it would silently have no effect.
fn check_deny_rules(seed: &Seed, contract: &Contract) -> Result<(), Error> {
    let mut actions = Vec::new();
    for operation in &contract.operations {
        actions.extend(operation.iam_action.as_deref());
    }
    let known = &seed.credentials;
    let mut rules: Vec<&String> = seed.deny.iter().collect();
    rules.extend(known.tokens.iter().flat_map(|token| &token.deny));
    rules.extend(known.keys.iter().flat_map(|key| &key.deny));
    rules.extend(known.agencies.iter().flat_map(|agency| &agency.deny));
    let of_providers = known.identity_providers.iter();
    rules.extend(of_providers.flat_map(|provider| &provider.deny));
    for rule in rules {
        if !actions.iter().any(|action| matches_action(rule, action)) {
            return Err(Error::Seed(format!(
                "the rule `{rule}` in `deny` matches no IAM action of the contract, which has {}",
                actions.join(", ")
            )));
        }
    }
    Ok(())
}
