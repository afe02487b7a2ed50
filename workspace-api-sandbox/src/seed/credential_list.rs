//! The credentials of a seed as text, for the banner and the page.

use std::fmt;

use super::Credentials;
use super::defaults::POD_IDENTITY_PATH;

/// The credentials, one a line.
pub(crate) struct CredentialList<'s>(pub(crate) &'s Credentials);

impl fmt::Display for CredentialList<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let credentials = self.0;
        for known in &credentials.tokens {
            writeln!(f, "token       {}", known.token)?;
        }
        for key in &credentials.keys {
            write!(f, "key         {}, secret key {}", key.access, key.secret)?;
            if let Some(token) = &key.security_token {
                write!(f, ", security token {token}")?;
            }
            writeln!(f)?;
        }
        for login in &credentials.logins {
            writeln!(
                f,
                "login       {}, password {}, domain {}",
                login.user, login.password, login.domain
            )?;
        }
        for provider in &credentials.identity_providers {
            write!(
                f,
                "id token    {}, identity provider {}",
                provider.id_token, provider.id
            )?;
            if let Some(urn) = &provider.provider_urn {
                write!(f, ", URN {urn}")?;
            }
            writeln!(f)?;
        }
        for agency in &credentials.agencies {
            let account = agency.domain_id.as_ref().unwrap_or(&agency.domain);
            let (name, domain) = (&agency.name, &agency.domain);
            writeln!(
                f,
                "agency      {name}, domain {domain}, URN iam::{account}:agency:{name}"
            )?;
        }
        for token in &credentials.pod_tokens {
            writeln!(f, "pod token   {token}, at {POD_IDENTITY_PATH}")?;
        }
        Ok(())
    }
}
