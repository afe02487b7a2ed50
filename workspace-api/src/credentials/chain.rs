//! The default chain: the places where the vendor's tools keep credentials, in their order.

use std::error::Error as StdError;
use std::iter::successors;
use std::sync::OnceLock;

use tracing::debug;

use super::env::Place;
use super::{Credentials, CredentialsFuture, Error, InstanceMetadata, ProvideCredentials};
use crate::config::{Absent, Environment, Setting, Source};

/// Finds credentials where the vendor's tools keep them; the guide lists the [places](super#the-default-chain).
///
/// The place that had some is kept to: when they are to be refreshed only this place is asked, because another place
/// may be another account's.
#[derive(Debug)]
pub struct DefaultChain {
    environment: Environment,
    metadata: InstanceMetadata,
    settled: OnceLock<Option<Place>>,
}

impl DefaultChain {
    /// The chain of this environment, and the metadata service of this machine if nothing is found there.
    pub fn new(environment: Environment, metadata: InstanceMetadata) -> Self {
        Self {
            environment,
            metadata,
            settled: OnceLock::new(),
        }
    }

    /// Looks at every place, and takes down what was found and what was passed over and why. The metadata service is
    /// not asked once something is found.
    ///
    /// # Errors
    ///
    /// A place has credentials that cannot be used: half a pair of keys, a line end in a key, a file that cannot be
    /// read. That no place has some is not an error before it is [required](Setting::require).
    pub async fn resolve(&self) -> Result<Setting<Credentials>, Error> {
        self.look().await.map(|(setting, _)| setting)
    }

    async fn look(&self) -> Result<(Setting<Credentials>, Option<Place>), Error> {
        let mut setting = Setting::new("credentials");
        let mut found = None;
        for place in Place::ALL {
            setting.look(place.source(&self.environment), || {
                place.look(&self.environment)
            })?;
            if found.is_none() && setting.value().is_some() {
                found = Some(place);
            }
        }
        let source = Source::InstanceMetadata(self.metadata.url().to_owned());
        if found.is_some() {
            setting.pass_over(source, "not asked, since it comes later");
        } else {
            // Not running on an ECS is the usual case, not a mistake.
            let answer = self
                .metadata
                .fetch()
                .await
                .map_err(|error| Absent::Missing(with_causes(&error)));
            setting.look(source, || answer)?;
        }
        Ok((setting, found))
    }

    async fn provide(&self) -> Result<Credentials, Error> {
        match self.settled.get() {
            None => {
                let (setting, place) = self.look().await?;
                let source = setting.source().map(ToString::to_string);
                let credentials = setting.require()?;
                debug!(source, %credentials, "found credentials");
                // Whoever was first has settled it.
                let _ = self.settled.set(place);
                Ok(credentials)
            }
            Some(None) => self.metadata.fetch().await,
            Some(Some(place)) => {
                let mut setting = Setting::new("credentials");
                setting.look(place.source(&self.environment), || {
                    place.look(&self.environment)
                })?;
                Ok(setting.require()?)
            }
        }
    }
}

impl ProvideCredentials for DefaultChain {
    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(self.provide())
    }
}

fn with_causes(error: &Error) -> String {
    let errors = successors(Some(error as &dyn StdError), |&error| error.source());
    errors
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}
