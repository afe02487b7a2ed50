//! The credentials of the seed: of users, keys, identity providers, agencies and pods.

use serde::{Deserialize, Serialize};

/// The credentials that the sandbox accepts.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    /// User tokens, for `X-Auth-Token`.
    #[serde(default)]
    pub tokens: Vec<Token>,
    /// Access keys, for signed requests.
    #[serde(default)]
    pub keys: Vec<AccessKey>,
    /// IAM users, who get a token for their password.
    #[serde(default)]
    pub logins: Vec<Login>,
    /// Identity providers, whose id tokens get a temporary access key.
    #[serde(default)]
    pub identity_providers: Vec<IdentityProvider>,
    /// Agencies, which a caller with other credentials can assume.
    #[serde(default)]
    pub agencies: Vec<Agency>,
    /// Tokens of pods, which get a temporary access key. Each is valid at every path that the
    /// sandbox does not use otherwise.
    #[serde(default)]
    pub pod_tokens: Vec<String>,
}

/// A user token that does not expire.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// The token.
    pub token: String,
    /// The id of the project that the token is scoped to. Default: every project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// IAM actions that are denied to the caller, as in [`Seed::deny`](super::Seed::deny).
    #[serde(default)]
    pub deny: Vec<String>,
}

/// An access key (AK) with its secret key (SK).
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AccessKey {
    /// The access key (AK).
    pub access: String,
    /// The secret key (SK).
    pub secret: String,
    /// The security token of a temporary access key, which requests must send as
    /// `X-Security-Token`. Default: the key is permanent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub security_token: Option<String>,
    /// IAM actions that are denied to the caller, as in [`Seed::deny`](super::Seed::deny).
    #[serde(default)]
    pub deny: Vec<String>,
}

/// An IAM user who can log in with a password.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// The name of the IAM user.
    pub user: String,
    /// The password.
    pub password: String,
    /// The id of the IAM user, which a login can use in place of the name. Default: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// The name of the account (domain) that the user belongs to.
    pub domain: String,
    /// The id of the account, which a login can use in place of its name. Default: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain_id: Option<String>,
}

/// An identity provider with an id token that it issued.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct IdentityProvider {
    /// The id, for the header `X-Idp-Id` of IAM.
    pub id: String,
    /// The URN, for STS. Default: STS does not know the provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_urn: Option<String>,
    /// The id token.
    pub id_token: String,
    /// IAM actions that are denied to the federated user, as in [`Seed::deny`](super::Seed::deny).
    #[serde(default)]
    pub deny: Vec<String>,
}

/// An agency of an account. A caller with any other credentials of the sandbox can assume it.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Agency {
    /// The name.
    pub name: String,
    /// The name of the account (domain) that the agency belongs to.
    pub domain: String,
    /// The id of the account, which a request can use in place of its name. Default: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain_id: Option<String>,
    /// IAM actions that are denied to the agency, as in [`Seed::deny`](super::Seed::deny).
    #[serde(default)]
    pub deny: Vec<String>,
}

impl Agency {
    /// Whether this is the agency's URN, `iam::ACCOUNT:agency:NAME`. The account is its id, or its
    /// name.
    pub(crate) fn has_urn(&self, urn: &str) -> bool {
        let account = urn
            .strip_prefix("iam::")
            .and_then(|rest| rest.strip_suffix(self.name.as_str()))
            .and_then(|rest| rest.strip_suffix(":agency:"));
        account.is_some_and(|account| self.is_in(account))
    }

    /// Whether this is the name or the id of the agency's account.
    pub(crate) fn is_in(&self, account: &str) -> bool {
        self.domain == account || self.domain_id.as_deref() == Some(account)
    }
}
