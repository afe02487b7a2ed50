//! Renewal: ahead of time, once for all callers, with what the files hold by then.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use workspace_api::Client;
use workspace_api::credentials::Clock;
use workspace_api_sandbox::Sandbox;
use workspace_api_sandbox::defaults::{
    ACCESS_KEY, AGENCY, AGENCY_URN, ID_TOKEN, IDENTITY_PROVIDER, LOGIN_DOMAIN, LOGIN_PASSWORD,
    LOGIN_USER, POD_IDENTITY_PATH, POD_TOKEN, PROVIDER_URN, SECRET_KEY,
};

use crate::{Fixture, Variables, read, with_causes};

const STS: &str = "/v5/agencies/assume-with-oidc";
const HOUR: u64 = 60 * 60;

/// A clock that the client and the sandbox share.
#[derive(Clone, Default)]
struct SharedClock(Arc<AtomicU64>);

impl SharedClock {
    fn advance(&self, seconds: u64) {
        self.0.fetch_add(seconds, Ordering::Relaxed);
    }

    fn clock(&self) -> Clock {
        let seconds = Arc::clone(&self.0);
        Clock::new(move || {
            UNIX_EPOCH + Duration::from_secs(1_800_000_000 + seconds.load(Ordering::Relaxed))
        })
    }

    async fn fixture(&self, test: &str, variables: Variables<'_>) -> Fixture {
        let clock = self.clock();
        let sandbox = Sandbox::builder().clock(move || clock.now());
        Fixture::with(sandbox.start().await.unwrap(), test, variables)
    }

    fn client(&self, fixture: &Fixture) -> Client {
        fixture.builder().clock(self.clock()).build().unwrap()
    }
}

type OwnVariables = Vec<(&'static str, String)>;

/// The environment of each source that requests its credentials, the path of the request, and the
/// lifetime of the credentials in seconds.
fn sources(fixture: &Fixture) -> Vec<(OwnVariables, &'static str, u64)> {
    let own = |text: &str| text.to_owned();
    let id_token = fixture.write("id-token", ID_TOKEN);
    let pod_token = fixture.write("pod-token", POD_TOKEN);
    let url = format!("{}{POD_IDENTITY_PATH}", fixture.sandbox.base_url());
    let keys = [
        ("HW_ACCESS_KEY", own(ACCESS_KEY)),
        ("HW_SECRET_KEY", own(SECRET_KEY)),
        ("HW_ASSUME_ROLE_AGENCY_NAME", own(AGENCY)),
        ("HW_ASSUME_ROLE_DOMAIN_NAME", own(LOGIN_DOMAIN)),
    ];
    vec![
        (
            vec![
                ("HW_USER_NAME", own(LOGIN_USER)),
                ("HW_USER_PASSWORD", own(LOGIN_PASSWORD)),
                ("HW_DOMAIN_NAME", own(LOGIN_DOMAIN)),
            ],
            "/v3/auth/tokens",
            24 * HOUR,
        ),
        (
            vec![
                ("HUAWEICLOUD_OIDC_PROVIDER_URN", own(PROVIDER_URN)),
                ("HUAWEICLOUD_OIDC_AGENCY_URN", own(AGENCY_URN)),
                ("HUAWEICLOUD_OIDC_TOKEN_FILE", id_token.clone()),
            ],
            STS,
            HOUR,
        ),
        (
            vec![
                ("HUAWEICLOUD_SDK_IDP_ID", own(IDENTITY_PROVIDER)),
                ("HUAWEICLOUD_SDK_ID_TOKEN_FILE", id_token),
            ],
            "/v3.0/OS-AUTH/id-token/tokens",
            6 * HOUR,
        ),
        (
            vec![
                ("HC_CONTAINER_CREDENTIALS_FULL_URI", url),
                ("HC_CONTAINER_AUTHORIZATION_TOKEN_FILE", pod_token),
            ],
            POD_IDENTITY_PATH,
            24 * HOUR,
        ),
        (
            keys.to_vec(),
            "/v3.0/OS-CREDENTIAL/securitytokens",
            12 * HOUR,
        ),
    ]
}

#[tokio::test]
async fn credentials_are_requested_once_for_all_callers_and_renewed_ahead_of_time() {
    for number in 0..5 {
        let clock = SharedClock::default();
        let fixture = clock.fixture(&format!("renewal-{number}"), &[]).await;
        let (variables, path, lifetime) = sources(&fixture).swap_remove(number);
        for (name, value) in variables {
            fixture.set(name, value);
        }
        let client = clock.client(&fixture);
        let calls = |client: &Client| {
            let calls: Vec<_> = (0..30)
                .map(|_| {
                    let client = client.clone();
                    tokio::spawn(async move { read(&client).await })
                })
                .collect();
            calls
        };
        for call in calls(&client) {
            call.await.unwrap().unwrap();
        }
        assert_eq!(fixture.count(path), 1, "{path}");
        // A quarter of an hour before the end is late for every lifetime.
        clock.advance(lifetime - HOUR / 4);
        for call in calls(&client) {
            call.await.unwrap().unwrap();
        }
        assert_eq!(fixture.count(path), 2, "{path}");
        clock.advance(lifetime / 2);
        read(&client).await.unwrap();
        assert!(fixture.count(path) <= 3, "{path}");
    }
}

#[tokio::test]
async fn a_token_file_is_read_again_for_each_renewal() {
    let clock = SharedClock::default();
    let fixture = clock
        .fixture(
            "token-file",
            &[
                ("HUAWEICLOUD_OIDC_PROVIDER_URN", PROVIDER_URN),
                ("HUAWEICLOUD_OIDC_AGENCY_URN", AGENCY_URN),
            ],
        )
        .await;
    let path = fixture.write("token", ID_TOKEN);
    fixture.set("HUAWEICLOUD_OIDC_TOKEN_FILE", path);
    let client = clock.client(&fixture);
    read(&client).await.unwrap();

    // The platform replaces the token by one that is not valid yet. The keys still are.
    fixture.write("token", "a-token-that-is-not-known-yet");
    clock.advance(HOUR - HOUR / 4);
    read(&client).await.unwrap();
    assert_eq!(fixture.count(STS), 2);
    clock.advance(HOUR / 4 + 1);
    let text = with_causes(&read(&client).await.unwrap_err());
    assert!(text.contains("the id token is invalid"), "{text}");
    assert!(!text.contains("a-token-that"), "{text}");

    fixture.write("token", ID_TOKEN);
    // The pause after a rejection does not depend on the time of day.
    tokio::time::pause();
    tokio::time::advance(std::time::Duration::from_secs(5 * 60 + 1)).await;
    tokio::time::resume();
    read(&client).await.unwrap();
}
