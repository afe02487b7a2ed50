//! What a sandbox is told before it starts.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::clock::Clock;
use crate::contract::Contract;
use crate::error::Error;
use crate::faults::inject::FaultInjector;
use crate::faults::throttle::{Latency, RateLimit};
use crate::faults::{Fault, check_fault};
use crate::sandbox::Sandbox;
use crate::seed::{Desktop, Group, Seed, User};
use crate::service::app::App;
use crate::service::authentication::matches_action;

/// How long a client may take to send a head, and then to send a body, unless the builder says otherwise.
const DEFAULT_READ_TIMEOUT: Duration = Duration::from_secs(10);

/// Builds a [`Sandbox`]. Nothing is checked before [`start`](Self::start).
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
    read_timeout: Duration,
}

/// Where the sandbox listens as a command, unless told otherwise: `127.0.0.1:8437`.
pub const DEFAULT_ADDRESS: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8437);

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
            read_timeout: DEFAULT_READ_TIMEOUT,
        }
    }
}

impl Builder {
    /// Where to listen. By default a free port of 127.0.0.1.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// What the sandbox holds, instead of the default seed.
    pub fn seed(mut self, seed: Seed) -> Self {
        self.seed = seed;
        self
    }

    /// Changes the seed in place.
    ///
    /// ```
    /// # use workspace_api_sandbox::Sandbox;
    /// let builder = Sandbox::builder().change_seed(|seed| seed.deny.push("workspace:desktops:logoff".into()));
    /// ```
    pub fn change_seed(mut self, change: impl FnOnce(&mut Seed)) -> Self {
        change(&mut self.seed);
        self
    }

    /// Adds a desktop to the first project.
    pub fn desktop(self, desktop: Desktop) -> Self {
        self.change_seed(|seed| {
            if let Some(project) = seed.projects.first_mut() {
                project.desktops.push(desktop);
            }
        })
    }

    /// Adds a user to the first project.
    pub fn user(self, user: User) -> Self {
        self.change_seed(|seed| {
            if let Some(project) = seed.projects.first_mut() {
                project.users.push(user);
            }
        })
    }

    /// Adds a user group to the first project.
    pub fn group(self, group: Group) -> Self {
        self.change_seed(|seed| {
            if let Some(project) = seed.projects.first_mut() {
                project.groups.push(group);
            }
        })
    }

    /// Takes routes and checks from this OpenAPI 3.0 document, YAML or JSON, instead of the one that the client is
    /// generated from.
    pub fn contract(mut self, document: impl Into<String>) -> Self {
        self.contract = Some(document.into());
        self
    }

    /// The clock that times, signatures, locks and limits go by.
    pub fn clock(mut self, now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.clock = Clock::new(now);
        self
    }

    /// Where the random numbers begin: the same seed and the same requests give the same ids and faults.
    pub fn random_seed(mut self, seed: u64) -> Self {
        self.random_seed = seed;
        self
    }

    /// Makes something go wrong, besides what is set already. Where several faults fit a call, the first wins.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// Holds back the answer of every operation.
    pub fn latency(mut self, latency: Latency) -> Self {
        self.latency = latency;
        self
    }

    /// Refuses operations that come too fast.
    pub fn rate_limit(mut self, limit: RateLimit) -> Self {
        self.rate_limit = Some(limit);
        self
    }

    /// How long a client may take to send the head of a request, and then its body: 10 seconds unless told otherwise.
    pub fn read_timeout(mut self, read_timeout: Duration) -> Self {
        self.read_timeout = read_timeout;
        self
    }

    /// Starts the sandbox on the current Tokio runtime.
    ///
    /// # Errors
    ///
    /// [`Error::Seed`], [`Error::Contract`] and [`Error::Fault`] for what cannot be used, [`Error::Listen`] if the address
    /// cannot be had.
    pub async fn start(self) -> Result<Sandbox, Error> {
        let contract = match &self.contract {
            Some(document) => Arc::new(Contract::parse(document)?),
            None => Contract::embedded()?,
        };
        if let Some((_, what)) = self.seed.validate() {
            return Err(Error::Seed(what));
        }
        check_deny_rules(&self.seed, &contract)?;
        for fault in &self.faults {
            check_fault(fault, &contract)?;
        }
        let faults = FaultInjector::new(self.faults, self.latency, self.rate_limit);
        let random = fastrand::Rng::with_seed(self.random_seed);
        let app = App::new(contract, self.seed, self.clock, random, faults);
        Sandbox::serve(app, self.address, self.read_timeout).await
    }
}

/// A rule that fits nothing would let everything through, and nobody would see it.
fn check_deny_rules(seed: &Seed, contract: &Contract) -> Result<(), Error> {
    let actions: Vec<_> = contract
        .operations
        .iter()
        .filter_map(|operation| operation.iam_action.as_deref())
        .collect();
    let of_tokens = seed.credentials.tokens.iter().flat_map(|token| &token.deny);
    let of_keys = seed.credentials.keys.iter().flat_map(|key| &key.deny);
    let mut rules = seed.deny.iter().chain(of_tokens).chain(of_keys);
    match rules.find(|rule| !actions.iter().any(|action| matches_action(rule, action))) {
        None => Ok(()),
        Some(rule) => Err(Error::Seed(format!(
            "the rule `{rule}` in `deny` fits no IAM action of the contract, which has {}",
            actions.join(", ")
        ))),
    }
}
