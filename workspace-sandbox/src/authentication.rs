//! Who is calling: a user token of the list, or a signature by one of the keys.

use axum::http::{HeaderMap, StatusCode};

use crate::refusal::Refusal;
use crate::seed::Credentials;

pub(crate) struct Authentication {
    credentials: Credentials,
}

/// A caller who has shown who they are.
#[derive(Debug)]
pub(crate) struct Caller {
    /// The only project that the caller may use, if there is such a limit.
    pub(crate) project: Option<String>,
    /// The IAM actions that the caller may not use.
    pub(crate) deny: Vec<String>,
}

impl Authentication {
    pub(crate) fn new(credentials: Credentials) -> Self {
        Self { credentials }
    }

    pub(crate) fn authenticate(&self, headers: &HeaderMap) -> Result<Caller, Refusal> {
        let Some(token) = headers.get("x-auth-token") else {
            return Err(unauthorized(
                "neither X-Auth-Token nor a signature is given",
            ));
        };
        let mut tokens = self.credentials.tokens.iter();
        match tokens.find(|known| known.token.as_bytes() == token.as_bytes()) {
            Some(known) => Ok(Caller {
                project: known.project.clone(),
                deny: known.deny.clone(),
            }),
            None => Err(unauthorized("the token is unknown")),
        }
    }
}

fn unauthorized(detail: &str) -> Refusal {
    Refusal::new(
        StatusCode::UNAUTHORIZED,
        "APIGW.0301",
        format!("Incorrect IAM authentication information: {detail}"),
    )
}
