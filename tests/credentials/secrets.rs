//! Output has no secret: every type and error path is given a marked secret, and everything that is
//! printed is searched for it.

use std::sync::{Arc, Mutex};

use workspace_api::Secret;
use workspace_api::config::{Config, Endpoint, Environment, Overrides, Region};
use workspace_api::credentials::{
    CachedCredentials, Clock, Credentials, DefaultChain, Error, IamClient, InstanceMetadata,
    PasswordLogin, PasswordProvider, ProvideCredentials,
};
use workspace_api::signing::{AccessKey, SecretKey, SecurityToken};

use crate::log::Log;
use crate::server::{ScriptedResponse, Server};
use crate::{at_home, home, http};

/// The secret of this test. It is longer than the part of an access key that is shown.
const MARK: &str = "XYZZY-MARKED-SECRET";

fn marked(suffix: &str) -> String {
    format!("{MARK}{suffix}")
}

#[tokio::test]
async fn credentials_output_has_no_secret() {
    let log = Log::default();
    let _subscription = log.subscribe();
    types(&log);
    local_sources(&log).await;
    servers(&log).await;
    cache(&log).await;
    // Without these parts, the test has searched too little.
    let parts = [
        "found credentials",
        "refreshing the credentials failed",
        "signature of [redacted]",
        "wrong password",
        "wrong session",
    ];
    log.check(MARK, &parts);
}

fn types(log: &Log) {
    let secret = Secret::new(MARK);
    log.print((&secret, secret.to_string(), format!("{secret:>40}")));
    let access_key = AccessKey::new(MARK).unwrap();
    log.print((
        &access_key,
        access_key.to_string(),
        SecretKey::new(MARK),
        SecurityToken::new(MARK),
    ));
    let credentials = [
        Credentials::user_token(MARK).unwrap(),
        Credentials::access_key(MARK, MARK).unwrap(),
        Credentials::temporary(MARK, MARK, MARK).unwrap(),
    ];
    for credentials in credentials {
        log.print((&credentials, credentials.to_string()));
        let mut request = http()
            .get("https://workspace.example.com/")
            .build()
            .unwrap();
        credentials.apply(&mut request, std::time::UNIX_EPOCH);
        log.print(&request);
        log.print(CachedCredentials::new(credentials));
    }
    for invalid in [marked(" "), marked("\n"), marked("é")] {
        log.print((
            Credentials::user_token(&*invalid),
            Credentials::access_key(&*invalid, &*invalid),
            Credentials::temporary("A", "B", &*invalid),
        ));
        log.print(
            Credentials::access_key(invalid, MARK)
                .unwrap_err()
                .to_string(),
        );
    }
    log.print(login());
}

async fn local_sources(log: &Log) {
    let unreachable = || InstanceMetadata::at("http://127.0.0.1:9");
    let valid = marked("");
    let (spaced, other) = (marked(" x"), marked("é"));
    let names = [
        "HUAWEICLOUD_SDK_AK",
        "HUAWEICLOUD_SDK_SK",
        "HUAWEICLOUD_SDK_SECURITY_TOKEN",
    ];
    let terraform = ["HW_ACCESS_KEY", "HW_SECRET_KEY", "HW_SECURITY_TOKEN"];
    let profile = format!("[basic]\nak = {MARK}\nsk = {MARK}\nsecurity_token = {MARK}\n");
    let home = home("secrets", &[("credentials", &profile)]);
    let mut environments = vec![
        at_home(&home, &[]),
        at_home(&home, &[("HW_AUTH_TOKEN", &other)]),
    ];
    for names in [names, terraform] {
        for value in [&valid, &spaced, &other] {
            environments.push(names.iter().map(|name| (*name, value)).collect());
            environments.push(names.iter().take(1).map(|name| (*name, value)).collect());
        }
    }
    for (number, text) in [
        profile.replace("ak =", "=").replace("sk", ""),
        profile.replace(" =", ""),
        profile.replace("[basic]", &format!("[{MARK}")),
        profile.replace("sk =", "other ="),
        profile.replace(MARK, &spaced),
    ]
    .iter()
    .enumerate()
    {
        let file = home.join(format!("{number}.ini"));
        std::fs::write(&file, text).unwrap();
        environments.push(Environment::from_iter([(
            "HUAWEICLOUD_SDK_CREDENTIALS_FILE",
            file,
        )]));
    }
    for environment in environments {
        log.print(&environment);
        let chain = DefaultChain::new(environment.clone(), unreachable());
        log.print(&chain);
        match chain.resolve().await {
            Ok(found) => log.print((
                found
                    .skipped()
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>(),
                found,
            )),
            Err(error) => log.error(&error),
        }
        if let Err(error) = chain.provide().await {
            log.error(&error);
        }
        log.print(&chain);
    }
    for endpoint in [
        format!("https://user:{MARK}@host"),
        format!("https://host/?token={MARK}"),
        MARK.to_owned(),
    ] {
        let overrides = Overrides {
            endpoint: Some(endpoint.clone()),
            iam_endpoint: Some(endpoint),
            ..Overrides::default()
        };
        log.print((
            &overrides,
            Config::resolve(&overrides, &Environment::from_iter([("", "")])),
        ));
    }
}

fn login() -> PasswordLogin {
    PasswordLogin::new("account", "user", Secret::new(MARK), "p")
}

/// Servers that repeat what they were sent, and servers with unexpected responses.
async fn servers(log: &Log) {
    let region = Region::new("ap-southeast-1").unwrap();
    let iam = |url: &str| IamClient::new(http(), Endpoint::parse(url, false).unwrap());
    let echo = |status| {
        Server::start(move |request| {
            let headers: Vec<_> = request
                .headers
                .values()
                .map(|value| value.to_str().unwrap().to_owned())
                .collect();
            let body = String::from_utf8_lossy(&request.body);
            let said = format!(
                "wrong password or signature of {}: {body}",
                headers.join("; ")
            );
            ScriptedResponse::json(
                status,
                serde_json::json!({ "error": { "message": said, "code": said, "title": said } })
                    .to_string(),
            )
        })
    };
    let raw = |status, body: String| {
        Server::start(move |request| match request.method.as_str() {
            "PUT" => ScriptedResponse::Complete(200, vec![], MARK.to_owned()),
            _ => ScriptedResponse::Complete(
                status,
                vec![
                    ("X-Subject-Token", marked(" ")),
                    ("Location", format!("/{MARK}")),
                ],
                body.clone(),
            ),
        })
    };
    let echo_session = Server::start(|request| match request.headers.get("x-metadata-token") {
        None => ScriptedResponse::Complete(200, vec![], MARK.to_owned()),
        Some(session) => ScriptedResponse::Complete(
            400,
            vec![],
            format!("wrong session {}", session.to_str().unwrap()),
        ),
    });
    let key = crate::instance_metadata::security_key("never")
        .replace(crate::SK, MARK)
        .replace(crate::AK, MARK);
    let servers = [
        echo(400).await,
        echo(401).await,
        echo(409).await,
        echo_session.await,
        raw(200, MARK.to_owned()).await,
        raw(
            200,
            format!("{{\"projects\":\"{MARK}\",\"credential\":\"{MARK}\"}}"),
        )
        .await,
        raw(200, key.clone()).await,
        raw(200, key.replace("never", "1970-01-01T00:00:00Z")).await,
        raw(302, MARK.to_owned()).await,
    ];
    for server in servers {
        let iam = iam(&server.url);
        log.print(&iam);
        let provider = PasswordProvider::new(iam.clone(), login());
        log.print(&provider);
        let keys = Credentials::temporary(MARK, MARK, MARK).unwrap();
        let token = Credentials::user_token(MARK).unwrap();
        let results = [
            provider.provide().await,
            iam.project_id(&region, &keys).await.map(|_| keys.clone()),
            iam.project_id(&region, &token).await.map(|_| token.clone()),
            InstanceMetadata::at(&server.url).provide().await,
            CachedCredentials::new(InstanceMetadata::at(&server.url))
                .get()
                .await,
        ];
        for result in results {
            match result {
                Ok(credentials) => log.print(credentials),
                Err(error) => log.error(&error),
            }
        }
    }
}

/// Keys that expire soon, from a provider that fails afterwards.
async fn cache(log: &Log) {
    struct Once(Mutex<Option<Credentials>>);
    impl ProvideCredentials for Once {
        fn provide(&self) -> workspace_api::credentials::CredentialsFuture<'_> {
            let once = self
                .0
                .lock()
                .unwrap()
                .take()
                .ok_or_else(|| Error::provider("sealed"));
            Box::pin(async { once })
        }
    }
    let minute = Arc::new(std::sync::atomic::AtomicU64::new(0));
    let at = |minutes| std::time::UNIX_EPOCH + std::time::Duration::from_secs(60 * minutes);
    let clock = Clock::new({
        let minute = minute.clone();
        move || at(minute.load(std::sync::atomic::Ordering::Relaxed))
    });
    let keys = Credentials::temporary(MARK, MARK, MARK)
        .unwrap()
        .with_expiry(at(60));
    let cached = CachedCredentials::with_clock(Arc::new(Once(Mutex::new(Some(keys)))), clock);
    for now in [0, 59, 60] {
        minute.store(now, std::sync::atomic::Ordering::Relaxed);
        match cached.get().await {
            Ok(credentials) => log.print(credentials),
            Err(error) => log.error(&error),
        }
        log.print(&cached);
    }
}
