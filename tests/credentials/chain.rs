//! The default chain: which source is used, which are skipped, and what is invalid.

use workspace_api::config::{self, Overrides, SettingName, Source};
use workspace_api::credentials::{
    Credentials, DefaultChain, Error, InstanceMetadata, ProvideCredentials,
};
use workspace_api::{Client, ErrorKind};

use crate::server::{ScriptedResponse, Server};
use crate::{AK, SK, at_home, environment, home, with_causes};

/// The number of sources, without those that are aliases of another.
const SOURCES: usize = 10;

/// Nothing listens here.
fn no_metadata() -> InstanceMetadata {
    InstanceMetadata::at("http://127.0.0.1:9")
}

/// A profile file with a byte order mark, a comment, another section, upper case and `:` for `=`.
const PROFILE: &str = "\u{feff}[basic]\n# comment\nAK = PROFILE-KEY\nsk : a#b;c=%d\nsecurity_token =\n[global]\nak = X\nsk = Y\n";

#[tokio::test]
async fn the_first_source_with_credentials_wins() {
    let home = home("first", &[("credentials", PROFILE)]);
    let sdk = [
        ("HUAWEICLOUD_SDK_AK", "SDK-KEY"),
        ("HUAWEICLOUD_SDK_SK", SK),
    ];
    let terraform = [("HW_ACCESS_KEY", "HW-KEY"), ("HW_SECRET_KEY", SK)];
    let token = [("HW_AUTH_TOKEN", "TOKEN")];
    let empty = [("HUAWEICLOUD_SDK_AK", ""), ("HUAWEICLOUD_SDK_SK", "")];
    let keys = |key, secret| Credentials::access_key(key, secret).unwrap();
    let cases = [
        ([&sdk[..], &token, &terraform].concat(), keys("SDK-KEY", SK)),
        (
            [&empty[..], &token, &terraform].concat(),
            Credentials::user_token("TOKEN").unwrap(),
        ),
        ([&empty[..], &terraform].concat(), keys("HW-KEY", SK)),
        (vec![], keys("PROFILE-KEY", "a#b;c=%d")),
        (
            vec![
                ("HUAWEICLOUD_SDK_AK", "A"),
                ("HUAWEICLOUD_SDK_SK", SK),
                ("HUAWEICLOUD_SDK_SECURITY_TOKEN", "T"),
            ],
            Credentials::temporary("A", SK, "T").unwrap(),
        ),
        (
            vec![
                ("HW_ACCESS_KEY", "A"),
                ("HW_SECRET_KEY", SK),
                ("HW_SECURITY_TOKEN", "T"),
            ],
            Credentials::temporary("A", SK, "T").unwrap(),
        ),
    ];
    for (variables, expected) in cases {
        let chain = DefaultChain::new(at_home(&home, &variables), no_metadata());
        let found = chain.resolve().await.unwrap();
        assert!(found.value() == Some(&expected), "{variables:?}: {found:?}");
        assert_eq!(found.skipped().len(), SOURCES - 1, "{found:?}");
        assert!(chain.provide().await.unwrap() == expected);
    }
}

#[tokio::test]
async fn each_skipped_source_has_a_reason() {
    let home = home("explained", &[("credentials", PROFILE)]);
    let variables = [("HW_ACCESS_KEY", AK), ("HW_SECRET_KEY", SK)];
    let found = DefaultChain::new(at_home(&home, &variables), no_metadata())
        .resolve()
        .await
        .unwrap();
    let source = "environment variables HW_ACCESS_KEY, HW_SECRET_KEY";
    assert_eq!(found.source().unwrap().to_string(), source);
    let skipped: Vec<_> = found.skipped().iter().map(ToString::to_string).collect();
    let file = |folder: &str, name: &str| home.join(folder).join(name).display().to_string();
    let profile = file(".huaweicloud", "credentials");
    let koocli = file(".hcloud", "config.json");
    let expected = [
        "environment variables HUAWEICLOUD_OIDC_PROVIDER_URN, HUAWEICLOUD_OIDC_AGENCY_URN, \
         HUAWEICLOUD_OIDC_TOKEN_FILE: not set"
            .to_owned(),
        "environment variables HUAWEICLOUD_SDK_IDP_ID, HUAWEICLOUD_SDK_ID_TOKEN_FILE: not set"
            .to_owned(),
        "environment variables HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK: not set".to_owned(),
        "environment variable HW_AUTH_TOKEN: not set".to_owned(),
        "environment variables HW_USER_NAME, HW_USER_PASSWORD: not set".to_owned(),
        format!("{profile}: [basic] ak, sk: also set, but {source} takes precedence"),
        format!("{koocli}: current profile, accessKeyId, secretAccessKey: the file does not exist"),
        "instance metadata at http://127.0.0.1:9: not tried, because an earlier source has a value"
            .to_owned(),
        "environment variables HC_CONTAINER_CREDENTIALS_FULL_URI, \
         HC_CONTAINER_AUTHORIZATION_TOKEN_FILE: not set"
            .to_owned(),
    ];
    assert_eq!(skipped, expected);
}

#[tokio::test]
async fn a_chain_without_metadata_uses_only_local_sources() {
    let home = home("without-metadata", &[]);
    let chain = DefaultChain::without_metadata(at_home(&home, &[]));
    let found = chain.resolve().await.unwrap();
    assert!(found.value().is_none());
    assert_eq!(found.skipped().len(), SOURCES - 2);
    assert!(chain.provide().await.is_err());

    let keys = [("HW_ACCESS_KEY", AK), ("HW_SECRET_KEY", SK)];
    let chain = DefaultChain::without_metadata(at_home(&home, &keys));
    for _ in 0..2 {
        let credentials = chain.provide().await.unwrap();
        assert!(credentials == Credentials::access_key(AK, SK).unwrap());
    }
}

#[tokio::test]
async fn missing_credentials_list_every_source() {
    let home = home("nothing", &[]);
    let chain = DefaultChain::new(at_home(&home, &[]), no_metadata());
    let error = chain.provide().await.unwrap_err();
    let Error::Config(config::Error::NotFound {
        setting: SettingName::Credentials,
        tried,
    }) = &error
    else {
        panic!("{error:?}")
    };
    assert_eq!(tried.len(), SOURCES);
    let text = with_causes(&error).replace('\\', "/");
    for part in [
        "HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK: not set",
        "HW_AUTH_TOKEN: not set",
        "HW_SECRET_KEY: not set",
        ".huaweicloud/credentials: [basic] ak, sk: the file does not exist",
        "connection failed",
    ] {
        assert!(text.contains(part), "{part} is missing in: {text}");
    }
    let without_home = DefaultChain::new(environment(&[]), no_metadata())
        .provide()
        .await
        .unwrap_err();
    assert!(
        without_home.to_string().contains("HOME is not set"),
        "{without_home}"
    );
}

#[tokio::test]
async fn an_invalid_source_is_an_error() {
    let valid = home("valid", &[("credentials", PROFILE)]);
    let file = valid.join(".huaweicloud/credentials");
    let with_profile = |test, text: &str| at_home(&home(test, &[("credentials", text)]), &[]);
    let cases = [
        (
            at_home(&valid, &[("HUAWEICLOUD_SDK_AK", AK)]),
            "`HUAWEICLOUD_SDK_AK` is set, but `HUAWEICLOUD_SDK_SK` is not",
        ),
        (
            at_home(&valid, &[("HW_SECRET_KEY", SK)]),
            "`HW_SECRET_KEY` is set, but `HW_ACCESS_KEY` is not",
        ),
        (
            at_home(&valid, &[("HW_AUTH_TOKEN", "a\nb")]),
            "the user token contains white space",
        ),
        (
            at_home(
                &valid,
                &[("HUAWEICLOUD_SDK_AK", AK), ("HUAWEICLOUD_SDK_SK", "x ")],
            ),
            "the secret key contains white space",
        ),
        (
            with_profile("half", "[basic]\nak = X\n"),
            "`ak` is set, but `sk` is not",
        ),
        (
            with_profile("syntax", "[basic\nak = X\n"),
            "the file is not valid INI: line 1",
        ),
        (
            environment(&[("HUAWEICLOUD_SDK_CREDENTIALS_FILE", valid.to_str().unwrap())]),
            "the file cannot be read",
        ),
    ];
    for (environment, expected) in cases {
        let error = DefaultChain::new(environment, no_metadata())
            .provide()
            .await
            .unwrap_err();
        assert!(
            matches!(error, Error::Config(config::Error::Invalid { .. })),
            "{error:?}"
        );
        assert!(
            error.to_string().contains(expected),
            "{expected} is missing in: {error}"
        );
    }
    let in_variable = environment(&[("HUAWEICLOUD_SDK_CREDENTIALS_FILE", file.to_str().unwrap())]);
    assert!(
        DefaultChain::new(in_variable, no_metadata())
            .provide()
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_profile_without_keys_is_skipped() {
    let profiles = [
        ("other", "[global]\nak = X\nsk = Y\n", "no section [basic]"),
        ("empty", "[basic]\nak =\n", "no `ak`"),
    ];
    for (test, text, reason) in profiles {
        let home = home(test, &[("credentials", text)]);
        let error = DefaultChain::new(at_home(&home, &[]), no_metadata())
            .provide()
            .await
            .unwrap_err();
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[tokio::test]
async fn refresh_uses_the_source_that_first_succeeded() {
    let metadata = Server::start(|request| match request.method.as_str() {
        "PUT" => ScriptedResponse::empty(404),
        _ => ScriptedResponse::json(
            200,
            crate::instance_metadata::security_key("2999-01-01T00:00:00.000000Z"),
        ),
    })
    .await;
    let home = home("selected", &[]);
    let chain = DefaultChain::new(at_home(&home, &[]), InstanceMetadata::at(&metadata.url));
    let first = chain.provide().await.unwrap();
    std::fs::write(home.join(".huaweicloud/credentials"), PROFILE).unwrap();
    assert!(
        chain.provide().await.unwrap() == first,
        "another account's keys appeared"
    );

    let chain = DefaultChain::new(at_home(&home, &[]), InstanceMetadata::at(&metadata.url));
    let requests = metadata.received().len();
    assert!(chain.provide().await.is_ok());
    std::fs::write(
        home.join(".huaweicloud/credentials"),
        PROFILE.replace("PROFILE-KEY", "NEW-KEY"),
    )
    .unwrap();
    let renewed = Credentials::access_key("NEW-KEY", "a#b;c=%d").unwrap();
    assert!(chain.provide().await.unwrap() == renewed);
    std::fs::remove_file(home.join(".huaweicloud/credentials")).unwrap();
    assert!(
        chain
            .provide()
            .await
            .unwrap_err()
            .to_string()
            .contains("the file does not exist")
    );
    assert_eq!(
        metadata.received().len(),
        requests,
        "the chain tried another source"
    );
}

#[tokio::test]
async fn a_client_names_the_source_of_its_credentials() {
    let builder = |variables: &[(&str, &str)]| {
        let overrides = Overrides {
            endpoint: Some("http://127.0.0.1:9".to_owned()),
            label: |_| "--flag",
            ..Overrides::default()
        };
        Client::builder()
            .overrides(overrides)
            .environment(environment(variables))
            .metadata(no_metadata())
            .no_proxy()
    };
    let found = builder(&[("HW_AUTH_TOKEN", "TOKEN")]).build().unwrap();
    let source = found.authenticate().await.unwrap();
    assert_eq!(source, Source::Variables(vec!["HW_AUTH_TOKEN".to_owned()]));
    let explicit = builder(&[]).token("TOKEN").build().unwrap();
    let source = explicit.authenticate().await.unwrap();
    assert_eq!(source, Source::Explicit { label: "--flag" });
    let endpoint = explicit.config().endpoint.source();
    assert_eq!(endpoint, Some(&Source::Explicit { label: "--flag" }));
    let missing = builder(&[]).build().unwrap().authenticate().await;
    assert_eq!(missing.unwrap_err().kind(), ErrorKind::Credentials);
}

#[tokio::test]
async fn a_client_that_authenticated_looks_for_no_other_credentials() {
    let server = Server::start(|_| {
        ScriptedResponse::Complete(200, vec![], r#"{"desktop_detach_infos":[]}"#.to_owned())
    })
    .await;
    let home = home(
        "authenticated",
        &[("credentials", "[basic]\nak = A\nsk = B\n")],
    );
    let client = Client::builder()
        .endpoint(&server.url)
        .project_id("p")
        .environment(at_home(&home, &[]))
        .no_proxy()
        .build()
        .unwrap();
    let source = client.authenticate().await.unwrap();
    assert!(source.to_string().ends_with("[basic] ak, sk"), "{source}");
    std::fs::remove_dir_all(&home).unwrap();
    let records = client.desktops().detach_info("d").await.unwrap();
    assert!(records.is_empty());
}
