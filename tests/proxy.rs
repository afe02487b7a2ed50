//! Proxies of the environment: which requests they get, and what they may learn.

#![allow(clippy::unwrap_used)]

#[path = "support/server.rs"]
mod server;

use server::{DESKTOP, PROJECT, Server, Step, TOKEN, json, response};
use workspace_api::config::Environment;
use workspace_api::{Client, ClientBuilder, ErrorKind};

const RECORDS: &str = r#"{"desktop_detach_infos":[]}"#;

fn builder(endpoint: &str, variables: &[(&str, &str)]) -> ClientBuilder {
    Client::builder()
        .endpoint(endpoint)
        .project_id(PROJECT)
        .token(TOKEN)
        .environment(variables.iter().copied().collect::<Environment>())
}

fn port(url: &str) -> &str {
    url.rsplit(':').next().unwrap()
}

#[tokio::test]
async fn loopback_is_never_called_through_a_proxy() {
    let proxy = Server::respond_with(json("200 OK", "", RECORDS)).await;
    let server = Server::respond_with(json("200 OK", "", RECORDS)).await;
    let names = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];
    let hosts = [
        "127.0.0.1",
        "localhost",
        "LOCALHOST",
        "[::ffff:127.0.0.1]",
        "127.1",
        "2130706433",
        "0x7f.1",
    ];
    for name in names {
        for host in hosts {
            let endpoint = format!("http://{host}:{}", port(&server.url));
            let client = builder(&endpoint, &[(name, &proxy.url)]).build().unwrap();
            client.desktops().detach_info(DESKTOP).await.unwrap();
        }
    }
    assert_eq!(proxy.requests(), Vec::<String>::new());
    assert_eq!(server.requests().len(), names.len() * hosts.len());
}

/// The password of a login and the project lookup go to IAM.
#[tokio::test]
async fn iam_on_loopback_is_never_called_through_a_proxy() {
    let proxy = Server::respond_with(json("200 OK", "", RECORDS)).await;
    let token = json("201 Created", "x-subject-token: MIIC-user-token\r\n", "{}");
    let iam = Server::respond_with(token).await;
    let login = workspace_api::credentials::PasswordLogin::new(
        "company",
        "operator",
        "a-secret-password",
        "ap-southeast-1",
    );
    let client = builder("http://workspace.test", &[("HTTP_PROXY", &proxy.url)])
        .allow_plain_http(true)
        .iam_endpoint(&iam.url)
        .login(login)
        .build()
        .unwrap();
    client.desktops().detach_info(DESKTOP).await.unwrap();
    assert_eq!((iam.requests().len(), proxy.requests().len()), (1, 1));
    assert!(!proxy.requests()[0].contains("a-secret-password"));
}

#[tokio::test]
async fn other_hosts_are_called_through_the_proxy_with_its_password() {
    let proxy = Server::respond_with(json("200 OK", "", RECORDS)).await;
    let url = format!("http://operator:p%40ss@127.0.0.1:{}", port(&proxy.url));
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        let client = builder("http://workspace.test", &[(name, &url)])
            .allow_plain_http(true)
            .build()
            .unwrap();
        client.desktops().detach_info(DESKTOP).await.unwrap();
        let request = proxy.requests().pop().unwrap();
        assert!(
            request.starts_with("GET http://workspace.test/v2/"),
            "{request}"
        );
        assert!(
            request.contains("proxy-authorization: Basic b3BlcmF0b3I6cEBzcw=="),
            "{request}"
        );
    }
}

#[tokio::test]
async fn an_exception_is_called_directly() {
    let proxy = Server::respond_with(json("200 OK", "", RECORDS)).await;
    let variables = [
        ("HTTP_PROXY", proxy.url.as_str()),
        ("NO_PROXY", "workspace.invalid"),
    ];
    let client = builder("http://workspace.invalid", &variables)
        .allow_plain_http(true)
        .connect_timeout(std::time::Duration::from_millis(200))
        .retry(workspace_api::RetryPolicy::never())
        .build()
        .unwrap();
    let error = client.desktops().detach_info(DESKTOP).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert_eq!(proxy.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn an_invalid_proxy_is_no_error_for_an_exception() {
    for (exceptions, expected) in [
        ("workspace.invalid", true),
        (".invalid", true),
        ("*", true),
        ("other.invalid", false),
    ] {
        let variables = [
            ("HTTP_PROXY", "socks5://proxy:1080"),
            ("NO_PROXY", exceptions),
        ];
        let built = builder("http://workspace.invalid", &variables)
            .allow_plain_http(true)
            .build();
        assert_eq!(built.is_ok(), expected, "{exceptions}");
    }
}

/// A directory account is locked after a few rejected passwords.
#[tokio::test]
async fn a_rejected_proxy_password_is_sent_once() {
    let rejected = response("407 Proxy Authentication Required", "", "");
    let proxy = Server::start([vec![Step::Send(rejected), Step::Close]]).await;
    let url = format!(
        "http://operator:secret-password@127.0.0.1:{}",
        port(&proxy.url)
    );
    let client = builder("https://workspace.test", &[("HTTPS_PROXY", &url)])
        .build()
        .unwrap();
    let error = client.desktops().detach_info(DESKTOP).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(error.is_permanent_connect_failure());
    assert!(!error.may_have_been_processed());
    assert_eq!(proxy.requests().len(), 1);
    assert!(
        !format!("{error:?}").contains("secret-password"),
        "{error:?}"
    );
}

#[test]
fn an_invalid_proxy_is_an_error_that_names_its_variable() {
    let cases = [
        (
            "HTTPS_PROXY",
            "htp://proxy.test",
            "scheme `htp` is not supported",
        ),
        ("https_proxy", "http://[::bad", "it is not a URL"),
        ("HTTPS_PROXY", "http://", "it is not a URL"),
        (
            "HTTPS_PROXY",
            "http://user:p@ss#1@proxy.test",
            "Percent-encode special characters",
        ),
        (
            "ALL_PROXY",
            "socks5://proxy.test:1080",
            "`socks5` proxies are not supported",
        ),
        (
            "all_proxy",
            "socks5h://proxy.test",
            "`socks5h` proxies are not supported",
        ),
    ];
    for (name, value, expected) in cases {
        let error = builder("https://workspace.test", &[(name, value)])
            .build()
            .unwrap_err();
        let message = error.to_string();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(
            message.contains(expected) && message.contains(name),
            "{message}"
        );
        assert!(!message.contains("p@ss"), "{message}");
        // The setting is not needed for a host on this machine.
        builder("http://127.0.0.1:9", &[(name, value)])
            .build()
            .unwrap();
    }
}

#[test]
fn an_explicit_proxy_for_loopback_is_an_error() {
    let proxy = reqwest::Proxy::all("http://proxy.test:8080").unwrap();
    let error = builder("http://localhost:8080", &[])
        .proxy(proxy)
        .build()
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.to_string().contains("on this machine"), "{error}");
}
