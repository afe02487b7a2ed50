//! The variables and files of the vendor's tools: each is honoured, rejected by name, or named as
//! not used. None is ignored without a note.

use workspace_api::config::{Config, Overrides};
use workspace_api::credentials::{Credentials, DefaultChain, InstanceMetadata};
use workspace_api::{Client, ErrorKind};

use crate::config::in_region;
use crate::server::{ScriptedResponse, Server};
use crate::{AK, SK, at_home, environment, home, with_causes};

const SDK_KEYS: [(&str, &str); 2] = [("HUAWEICLOUD_SDK_AK", AK), ("HUAWEICLOUD_SDK_SK", SK)];
const HW_KEYS: [(&str, &str); 2] = [("HW_ACCESS_KEY", AK), ("HW_SECRET_KEY", SK)];

fn chain(variables: &[(&str, &str)]) -> DefaultChain {
    DefaultChain::new(
        environment(variables),
        InstanceMetadata::at("http://127.0.0.1:9"),
    )
}

/// The endpoints of Workspace and IAM.
fn endpoints(region: &str, variables: &[(&str, &str)]) -> (String, String) {
    let config = Config::resolve(&in_region(region), &environment(variables)).unwrap();
    let iam = config.iam_endpoint.value().unwrap().to_string();
    (config.endpoint.value().unwrap().to_string(), iam)
}

#[test]
fn the_cloud_of_a_variable_is_honoured() {
    let cloud = ("HW_CLOUD", "cloud.example.com");
    let auth_url = ("HW_AUTH_URL", "https://keys.example.com/v3/");
    let of = |workspace: &str, iam: &str| (workspace.to_owned(), iam.to_owned());
    let in_cloud = of(
        "https://workspace.cn-north-4.cloud.example.com",
        "https://iam.cn-north-4.cloud.example.com",
    );
    assert_eq!(endpoints("cn-north-4", &[cloud]), in_cloud);
    let older = [("OS_CLOUD", "cloud.example.com")];
    assert_eq!(endpoints("cn-north-4", &older), in_cloud);
    let both = endpoints("cn-north-4", &[cloud, auth_url]);
    assert_eq!(both.1, "https://keys.example.com");
    let bare = [("OS_AUTH_URL", "keys.example.com/v3")];
    assert_eq!(
        endpoints("cn-north-4", &bare),
        of(
            "https://workspace.cn-north-4.myhuaweicloud.com",
            "https://keys.example.com"
        )
    );
    let usual = [("HW_CLOUD", "myhuaweicloud.com")];
    assert_eq!(
        endpoints("eu-west-102", &usual),
        endpoints("eu-west-102", &[])
    );
    for invalid in ["cloud", "a/b.example", "user@example.com", "example.com:1"] {
        let variables = environment(&[("HW_CLOUD", invalid)]);
        let error = Config::resolve(&in_region("cn-north-4"), &variables).unwrap_err();
        let error = error.to_string();
        assert!(error.contains("HW_CLOUD"), "{invalid}: {error}");
        let explicit = Overrides {
            endpoint: Some("https://explicit.example".to_owned()),
            ..in_region("cn-north-4")
        };
        let config = Config::resolve(&explicit, &variables).unwrap();
        let skipped: Vec<_> = config.endpoint.skipped().iter().collect();
        let listed = |part: &str| skipped.iter().any(|s| s.to_string().contains(part));
        assert!(listed("HW_CLOUD: the value is not the domain"), "{invalid}");
    }
}

#[test]
fn iam_is_where_the_vendors_tools_call_it() {
    let cases = [
        ("cn-north-4", "https://iam.cn-north-4.myhuaweicloud.com"),
        ("eu-west-0", "https://iam.eu-west-0.myhuaweicloud.com"),
        ("eu-west-101", "https://iam.eu-west-101.myhuaweicloud.eu"),
        ("eu-west-102", "https://iam.eu-west-102.myhuaweicloud.eu"),
        ("af-north-1", "https://iam.myhuaweicloud.com"),
        ("cn-north-11", "https://iam.myhuaweicloud.com"),
        ("xx-unheard-of-9", "https://iam.myhuaweicloud.com"),
    ];
    for (region, iam) in cases {
        assert_eq!(endpoints(region, &[]).1, iam);
    }
}

#[test]
fn sts_is_where_the_vendors_tools_call_it() {
    let sts = |region, variables: &[(&str, &str)]| {
        let config = Config::resolve(&in_region(region), &environment(variables)).unwrap();
        config.sts_endpoint.value().unwrap().to_string()
    };
    let cases = [
        ("cn-north-4", "https://sts.cn-north-4.myhuaweicloud.com"),
        (
            "ap-southeast-4",
            "https://sts.ap-southeast-4.myhuaweicloud.com",
        ),
        ("tr-west-1", "https://sts.tr-west-1.myhuaweicloud.com"),
        ("eu-west-101", "https://sts.eu-west-101.myhuaweicloud.eu"),
        // It has an IAM of its own, but no STS.
        ("me-east-1", "https://sts.cn-north-4.myhuaweicloud.com"),
        (
            "xx-unheard-of-9",
            "https://sts.cn-north-4.myhuaweicloud.com",
        ),
    ];
    for (region, url) in cases {
        assert_eq!(sts(region, &[]), url);
        assert_eq!(sts(region, &[("HW_CLOUD", "myhuaweicloud.com")]), url);
    }
    let cloud = [("HW_CLOUD", "cloud.example.com")];
    let url = "https://sts.me-east-1.cloud.example.com";
    assert_eq!(sts("me-east-1", &cloud), url);
    let variable = [("HUAWEICLOUD_SDK_STS_ENDPOINT", "sts.example"), cloud[0]];
    assert_eq!(sts("me-east-1", &variable), "https://sts.example");
}

#[test]
fn the_region_is_read_from_the_variables_of_every_tool() {
    let names = [
        "HW_REGION_NAME",
        "HUAWEICLOUD_SDK_REGION",
        "HUAWEICLOUD_REGION",
        "OS_REGION_NAME",
    ];
    for first in 0..names.len() {
        let variables: Vec<_> = names[first..]
            .iter()
            .map(|name| (*name, if *name == names[first] { "a-1" } else { "b-1" }))
            .collect();
        let config = Config::resolve(&Overrides::default(), &environment(&variables)).unwrap();
        assert_eq!(config.region.value().unwrap().as_str(), "a-1");
        let source = config.region.source().unwrap().to_string();
        assert!(source.ends_with(names[first]), "{source}");
        let overridden = config.region.skipped().iter().map(ToString::to_string);
        let overridden = overridden.filter(|text| text.contains("also set")).count();
        assert_eq!(overridden, names.len() - first - 1);
    }
}

#[test]
fn a_bare_host_is_one_of_https() {
    let cases = [
        ("workspace.example.com", "https://workspace.example.com"),
        ("workspace.example.com/", "https://workspace.example.com"),
        ("workspace.example.com:443", "https://workspace.example.com"),
        (
            "workspace.example.com:8443/p",
            "https://workspace.example.com:8443/p",
        ),
        ("host:8443", "https://host:8443"),
        ("10.0.0.1", "https://10.0.0.1"),
    ];
    for (text, url) in cases {
        let variable = "HUAWEICLOUD_SDK_REGION_WORKSPACE_CN_NORTH_4";
        let variables = [(variable, text), ("HUAWEICLOUD_SDK_IAM_ENDPOINT", text)];
        let found = endpoints("cn-north-4", &variables);
        assert_eq!(found, (url.to_owned(), url.to_owned()), "{text}");
    }
    for text in [
        "word",
        "user:word",
        "a b.example",
        "user@example.com",
        "a..b",
    ] {
        let explicit = Overrides {
            endpoint: Some(text.to_owned()),
            ..Overrides::default()
        };
        assert!(
            Config::resolve(&explicit, &environment(&[])).is_err(),
            "{text}"
        );
    }
}

#[tokio::test]
async fn unsupported_variables_are_rejected_by_name() {
    let half = [
        "HUAWEICLOUD_OIDC_PROVIDER_URN",
        "HUAWEICLOUD_SDK_IDP_ID",
        "HUAWEICLOUD_SDK_ID_TOKEN_FILE",
        "HW_ASSUME_ROLE_AGENCY_NAME",
        "OS_AGENCY_NAME",
        "HW_USER_NAME",
        "OS_PASSWORD",
        "HUAWEICLOUD_SDK_SECURITY_TOKEN",
        "HW_SECURITY_TOKEN",
        "HW_ASSUME_ROLE_ID_TOKEN",
        "OS_USER_ID",
        "HW_PROFILE",
        "HC_CONTAINER_CREDENTIALS_FULL_URI",
        "HC_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    ];
    for name in half {
        let error = chain(&[(name, "x")]).resolve().await.unwrap_err();
        let text = error.to_string();
        let says_what_to_do = ["Set both", "unset", "HOME is not set"];
        assert!(
            text.contains(name) && says_what_to_do.iter().any(|part| text.contains(part)),
            "{name}: {text}"
        );
    }
}

#[tokio::test]
async fn an_identity_that_the_vendors_tools_prefer_is_not_replaced() {
    for name in ["HUAWEICLOUD_OIDC_AGENCY_URN", "HUAWEICLOUD_SDK_IDP_ID"] {
        let variables = [&SDK_KEYS[..], &[(name, "x")]].concat();
        let error = chain(&variables).resolve().await.unwrap_err().to_string();
        assert!(error.contains(name), "{error}");
    }
    let agency = [&HW_KEYS[..], &[("HW_ASSUME_ROLE_AGENCY_NAME", "x")]].concat();
    let error = chain(&agency).resolve().await.unwrap_err().to_string();
    assert!(error.contains("HW_ASSUME_ROLE_AGENCY_NAME"), "{error}");
    for (key, value) in [("idp_id", "x"), ("id_token_file", "/x")] {
        let text = format!("[basic]\nak = A\nsk = B\n{key} = {value}\n");
        let home = home(key, &[("credentials", &text)]);
        let chain = DefaultChain::without_metadata(at_home(&home, &[]));
        let error = chain.resolve().await.unwrap_err().to_string();
        assert!(error.contains(key), "{error}");
    }
}

#[tokio::test]
async fn a_more_explicit_source_wins_and_the_other_is_listed() {
    let later = [
        ("HW_ASSUME_ROLE_AGENCY_NAME", "x"),
        ("HW_USER_NAME", "x"),
        ("HW_PROFILE", "x"),
        ("HC_CONTAINER_CREDENTIALS_FULL_URI", "x"),
    ];
    let variables = [&SDK_KEYS[..], &later].concat();
    let found = chain(&variables).resolve().await.unwrap();
    let skipped: Vec<_> = found.skipped().iter().map(ToString::to_string).collect();
    for (name, _) in later {
        let listed = |line: &String| line.contains(name) && !line.ends_with(": not set");
        assert!(skipped.iter().any(listed), "{name}: {skipped:?}");
    }
}

#[tokio::test]
async fn the_older_names_of_terraform_are_read() {
    let keys = [("OS_ACCESS_KEY", AK), ("OS_SECRET_KEY", SK)];
    let found = chain(&keys).resolve().await.unwrap();
    assert!(found.value() == Some(&Credentials::access_key(AK, SK).unwrap()));
    let token = [("OS_AUTH_TOKEN", "TOKEN"), HW_KEYS[0], HW_KEYS[1]];
    let found = chain(&token).resolve().await.unwrap();
    assert!(found.value() == Some(&Credentials::user_token("TOKEN").unwrap()));
    let half = chain(&[("OS_ACCESS_KEY", AK)]).resolve().await;
    assert!(half.unwrap_err().to_string().contains("`OS_SECRET_KEY`"));
}

#[test]
fn variables_without_effect_are_named() {
    let unused = |variables: &[(&str, &str)]| {
        let config = Config::resolve(&Overrides::default(), &environment(variables)).unwrap();
        let unused = config.unused.iter().map(ToString::to_string);
        unused.collect::<Vec<_>>()
    };
    // The account of a login, and details of a sign-in that does not happen.
    let domain = ("HW_DOMAIN_NAME", "account");
    assert_eq!(
        unused(&[domain, ("OS_PASSWORD", "x")]),
        Vec::<String>::new()
    );
    let alone = unused(&[domain, ("HUAWEICLOUD_OIDC_SESSION_NAME", "x")]);
    assert!(alone[0].contains("HW_DOMAIN_NAME: not used: the account follows"));
    assert!(alone[1].ends_with("not used: HUAWEICLOUD_OIDC_PROVIDER_URN is not set"));

    let unused = unused(&[("HW_INSECURE", "true"), ("OS_CACERT", "/ca.pem")]);
    let expected = [
        "environment variable HW_INSECURE: not used: certificates are always verified",
        "environment variable OS_CACERT: not used: the certificates of the system are used, or \
         those in SSL_CERT_FILE",
    ];
    assert_eq!(unused, expected);
}

#[tokio::test]
async fn an_ambiguous_profile_is_rejected() {
    let cases = [
        (
            "[basic]\nak = A\nsk = B\n# other\nAK = C\n",
            "the entry in line 5 is already in line 2",
        ),
        (
            "[basic]\nak = A\n[other]\nak = X\n[Basic]\nsk = B\n",
            "the section in line 5 is already in line 1",
        ),
        ("[basic]\nak = A\nsk = B\n  C\n", "line 4 is indented"),
        ("[basic]\nak = A\n\tsk = B\n", "line 3 is indented"),
    ];
    for (index, (text, reason)) in cases.into_iter().enumerate() {
        let home = home(&format!("two-things-{index}"), &[("credentials", text)]);
        let chain = DefaultChain::without_metadata(at_home(&home, &[]));
        let error = chain.resolve().await.unwrap_err().to_string();
        assert!(error.contains(reason), "{text}: {error}");
    }
}

#[tokio::test]
async fn an_invalid_setting_stops_only_the_calls_that_need_it() {
    let server = Server::start(|_| ScriptedResponse::json(200, r#"{"detach_infos":[]}"#)).await;
    let client = |variables: &[(&str, &str)]| {
        Client::builder()
            .endpoint(&server.url)
            .region("cn-north-4")
            .token("TOKEN")
            .environment(environment(variables))
            .no_proxy()
            .build()
            .unwrap()
    };
    let broken = ("HUAWEICLOUD_SDK_IAM_ENDPOINT", "http://iam.example");
    let with_project = client(&[broken, ("HW_PROJECT_ID", "p")]);
    let path = "/v2/p/desktops/d/detach-info";
    let response = with_project.request(reqwest::Method::GET, path, None).await;
    assert_eq!(response.unwrap().status(), 200);
    let without_project = client(&[broken]);
    let error = without_project.desktops().project_id().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert_eq!(
        error.to_string(),
        "invalid IAM endpoint (environment variable HUAWEICLOUD_SDK_IAM_ENDPOINT): \
         http://iam.example/ uses plain HTTP, so anyone on the network path could read the \
         credentials. Use https, or allow plain HTTP (`allow_plain_http`)."
    );
    let explicit = Overrides {
        iam_endpoint: Some("http://iam.example".to_owned()),
        ..in_region("cn-north-4")
    };
    assert!(Config::resolve(&explicit, &environment(&[])).is_err());
}

#[tokio::test]
async fn a_project_is_looked_up_by_its_name() {
    let server = Server::start(|request| {
        assert_eq!(request.query, "name=team-a");
        ScriptedResponse::json(200, r#"{"projects":[{"id":"p7","name":"team-a"}]}"#)
    })
    .await;
    let client = |variables: &[(&str, &str)]| {
        Client::builder()
            .endpoint(&server.url)
            .iam_endpoint(&server.url)
            .region("cn-north-4")
            .token("TOKEN")
            .environment(environment(variables))
            .no_proxy()
            .build()
            .unwrap()
    };
    let named = client(&[("HW_PROJECT_NAME", "team-a")]);
    assert_eq!(named.desktops().project_id().await.unwrap(), "p7");
    let older = client(&[("OS_TENANT_NAME", "team-a")]);
    assert_eq!(older.desktops().project_id().await.unwrap(), "p7");
    let both = client(&[("HW_PROJECT_NAME", "team-a"), ("HW_PROJECT_ID", "p1")]);
    assert_eq!(both.desktops().project_id().await.unwrap(), "p1");
    let skipped = both.config().project_name.skipped()[0].to_string();
    assert!(
        skipped.contains("HW_PROJECT_ID takes precedence"),
        "{skipped}"
    );

    let empty = Server::start(|_| ScriptedResponse::json(200, r#"{"projects":[]}"#)).await;
    let client = Client::builder()
        .endpoint(&empty.url)
        .iam_endpoint(&empty.url)
        .token("TOKEN")
        .environment(environment(&[("HW_PROJECT_NAME", "team-b")]))
        .no_proxy()
        .build()
        .unwrap();
    let error = client.desktops().project_id().await.unwrap_err();
    let text = with_causes(&error);
    assert!(
        text.contains("\"team-b\"") && text.contains("Set the project id"),
        "{text}"
    );
}

#[test]
fn a_project_name_is_before_the_project_of_a_file() {
    let text = "[basic]\nak = A\nsk = B\nproject_id = p-file\n";
    let home = home("named", &[("credentials", text)]);
    let variables = at_home(&home, &[("HW_PROJECT_NAME", "team-a")]);
    let config = Config::resolve(&in_region("cn-north-4"), &variables).unwrap();
    assert!(config.project_id.value().is_none());
    assert_eq!(config.project_name.value().unwrap(), "team-a");
    let last = config.project_id.skipped().last().unwrap().to_string();
    assert!(last.contains("HW_PROJECT_NAME takes precedence"), "{last}");
}
