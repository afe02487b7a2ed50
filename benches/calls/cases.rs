//! The measured calls: two operations, each hand-written and through each layer of the crate, and
//! the signature alone.

use std::time::SystemTime;

use reqwest::header::{CONTENT_TYPE, HOST, HeaderMap, HeaderValue};
use workspace_api::signing::{self, AccessKey, SecretKey};
use workspace_api::types::{
    BatchDetachInstancesReq, DesktopId, DetachInstancesDesktopInfo, ProjectId,
};
use workspace_api::{Client, ClientBuilder};

const PROJECT: &str = "0bec5db98280d2d02fd6c00c2de791ce";
const DESKTOP: &str = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001";
const TOKEN: &str = "MIIFvgYJKoZIhvcN-a-token";

/// Number of desktops in a batch: the maximum of the service.
pub const BATCH: usize = 100;

/// The client and the credentials of a call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Variant {
    HandWritten,
    Generated,
    HighLevel,
    GeneratedSigned,
    HighLevelSigned,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Operation {
    /// Reads the one record of a desktop.
    DetachInfo,
    /// Unbinds the users of [`BATCH`] desktops.
    Detach,
}

impl Variant {
    pub const ALL: [Self; 5] = [
        Self::HandWritten,
        Self::Generated,
        Self::HighLevel,
        Self::GeneratedSigned,
        Self::HighLevelSigned,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::HandWritten => "hand-written, token",
            Self::Generated => "generated, token",
            Self::HighLevel => "high-level, token",
            Self::GeneratedSigned => "generated, signature",
            Self::HighLevelSigned => "high-level, signature",
        }
    }
}

impl Operation {
    pub const ALL: [Self; 2] = [Self::DetachInfo, Self::Detach];

    pub fn name(self) -> &'static str {
        match self {
            Self::DetachInfo => "detach-info",
            Self::Detach => "batch-detach of 100",
        }
    }
}

/// The clients and what they send. Arguments are validated before the measurement and cloned for
/// each call, of the hand-written client too.
pub struct Calls {
    hand_written: hand_written::Client,
    token: Client,
    signature: Client,
    project_id: ProjectId,
    desktop_id: DesktopId,
    hand_written_batch: Vec<hand_written::Desktop>,
    batch: Vec<DetachInstancesDesktopInfo>,
}

impl Calls {
    pub fn new(url: &str) -> Self {
        let client = |add: fn(ClientBuilder) -> ClientBuilder| {
            let builder = Client::builder().endpoint(url).project_id(PROJECT);
            add(builder.no_proxy()).build().unwrap()
        };
        Self {
            hand_written: hand_written::Client::new(url, PROJECT, TOKEN).unwrap(),
            token: client(|builder| builder.token(TOKEN)),
            signature: client(|builder| {
                let (access_key, secret_key) = keys();
                builder.access_key(access_key, secret_key)
            }),
            project_id: PROJECT.parse().unwrap(),
            desktop_id: DESKTOP.parse().unwrap(),
            hand_written_batch: ids()
                .map(|desktop_id| hand_written::Desktop {
                    desktop_id,
                    is_detach_all_users: true,
                    detach_user_infos: Vec::new(),
                })
                .collect(),
            batch: ids()
                .map(|id| DetachInstancesDesktopInfo::all_users(id).unwrap())
                .collect(),
        }
    }

    /// Returns the body of a batch request.
    pub fn body(&self) -> Vec<u8> {
        let mut body = BatchDetachInstancesReq::default();
        body.desktops = Some(self.batch.clone());
        serde_json::to_vec(&body).unwrap()
    }

    pub async fn call(&self, operation: Operation, variant: Variant) {
        let client = match variant {
            Variant::GeneratedSigned | Variant::HighLevelSigned => &self.signature,
            _ => &self.token,
        };
        let count = match (operation, variant) {
            (Operation::DetachInfo, Variant::HandWritten) => {
                self.hand_written.detach_info(DESKTOP).await.unwrap().len()
            }
            (Operation::DetachInfo, Variant::Generated | Variant::GeneratedSigned) => {
                let call = client
                    .list_desktop_detach_info()
                    .project_id(self.project_id.clone())
                    .desktop_id(self.desktop_id.clone());
                call.send().await.unwrap().desktop_detach_infos.len()
            }
            (Operation::DetachInfo, Variant::HighLevel | Variant::HighLevelSigned) => {
                client.desktops().detach_info(DESKTOP).await.unwrap().len()
            }
            (Operation::Detach, Variant::HandWritten) => {
                let desktops = self.hand_written_batch.clone();
                let response = self.hand_written.detach(&desktops).await.unwrap();
                response.success_job_ids.unwrap().len()
            }
            (Operation::Detach, Variant::Generated | Variant::GeneratedSigned) => {
                let desktops = self.batch.clone();
                let call = client
                    .batch_detach_instances()
                    .project_id(self.project_id.clone())
                    .body_map(|body| body.desktops(desktops));
                call.send().await.unwrap().success_job_ids.len()
            }
            (Operation::Detach, Variant::HighLevel | Variant::HighLevelSigned) => {
                let outcome = client.desktops().detach(self.batch.clone()).await.unwrap();
                outcome.job_ids.len()
            }
        };
        assert_eq!(count, 1);
    }
}

/// The signing of a batch request, without the call.
pub struct Signing {
    access_key: AccessKey,
    secret_key: SecretKey,
    headers: HeaderMap,
    path: String,
}

impl Signing {
    pub fn new() -> Self {
        let (access_key, secret_key) = keys();
        let headers = [
            (HOST, HeaderValue::from_static("127.0.0.1:8437")),
            (CONTENT_TYPE, HeaderValue::from_static("application/json")),
            (signing::X_PROJECT_ID, HeaderValue::from_static(PROJECT)),
        ];
        Self {
            access_key: AccessKey::new(access_key).unwrap(),
            secret_key: SecretKey::new(secret_key).unwrap(),
            headers: HeaderMap::from_iter(headers),
            path: format!("/v2/{PROJECT}/desktops/batch-detach"),
        }
    }

    pub fn sign(&self, body: &[u8]) -> HeaderMap {
        let request = signing::Request {
            method: "POST",
            path: &self.path,
            query: "",
            headers: &self.headers,
            body,
        };
        let now = SystemTime::now();
        signing::sign(&request, &self.access_key, &self.secret_key, None, now)
    }
}

/// Parses a desktop id as the crate does before it becomes part of a path.
pub fn parse_id() -> DesktopId {
    DesktopId::try_from(DESKTOP).unwrap()
}

fn keys() -> (&'static str, &'static str) {
    (
        "QTWAOYTTINDUT2QVKYUC",
        "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc",
    )
}

fn ids() -> impl Iterator<Item = String> {
    (0..BATCH).map(|number| format!("4f6f0a1e-0c1d-4f0b-9c57-{number:012x}"))
}
