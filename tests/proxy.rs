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
        // Windows does not connect to such an address.
        #[cfg(not(windows))]
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
        let variables = [("HTTP_PROXY", "htp://proxy:1080"), ("NO_PROXY", exceptions)];
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
            "socks://proxy.test:1080",
            "scheme `socks` is not supported",
        ),
        ("all_proxy", "socks5h://", "it has no host"),
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
    let error = builder("http://localhost:8080", &[])
        .proxy("http://proxy.test:8080")
        .build()
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.to_string().contains("on this machine"), "{error}");
}

#[test]
fn an_invalid_explicit_proxy_is_an_error() {
    let error = builder("https://workspace.test", &[])
        .proxy("htp://user:secret@proxy.test")
        .build()
        .unwrap_err();
    let expected = "invalid proxy (explicit value): the scheme `htp` is not supported. Use a URL \
                    such as `http://host:8080`.";
    assert_eq!(error.to_string(), expected);
}

#[tokio::test]
async fn an_explicit_proxy_precedes_the_environment() {
    let proxy = Server::respond_with(json("200 OK", "", RECORDS)).await;
    let client = builder(
        "http://workspace.test",
        &[("HTTP_PROXY", "http://127.0.0.1:9")],
    )
    .allow_plain_http(true)
    .proxy(&*proxy.url)
    .build()
    .unwrap();
    client.desktops().detach_info(DESKTOP).await.unwrap();
    assert_eq!(proxy.requests().len(), 1);
}

/// The HTTP library loses the status of a proxy that does not connect.
#[tokio::test]
async fn an_error_names_the_proxy_and_its_status_without_the_password() {
    for (status, detail) in [
        (
            "503 Service Unavailable",
            "; it responded with 503 Service Unavailable",
        ),
        ("403 Forbidden", "; it responded with 403 Forbidden"),
        ("407 Proxy Authentication Required", ""),
    ] {
        let proxy = Server::start([vec![Step::Send(response(status, "", "")), Step::Close]]).await;
        let address = proxy.url.replace("http://", "");
        let url = format!("http://operator:secret-password@{address}");
        let client = builder("https://workspace.test", &[("ALL_PROXY", &url)])
            .build()
            .unwrap();
        let error = client.desktops().detach_info(DESKTOP).await.unwrap_err();
        let expected =
            format!("(proxy http://{address} from environment variable ALL_PROXY{detail})");
        assert!(error.to_string().contains(&expected), "{error}");
        assert_eq!(error.kind(), ErrorKind::Connect);
        assert!(!error.may_have_been_processed());
        for text in [
            format!("{error:?}"),
            format!("{error:#?}"),
            format!("{client:#?}"),
        ] {
            assert!(!text.contains("secret-password"), "{text}");
        }
    }
    let refused = builder("https://workspace.test", &[("HTTPS_PROXY", "127.0.0.1:9")])
        .retry(workspace_api::RetryPolicy::never())
        .build()
        .unwrap();
    let error = refused.desktops().detach_info(DESKTOP).await.unwrap_err();
    let expected = "(proxy http://127.0.0.1:9 from environment variable HTTPS_PROXY)";
    assert!(error.to_string().contains(expected), "{error}");
}

/// A proxy may show the headers of the request on its error page.
#[tokio::test]
async fn the_password_of_a_proxy_is_a_secret() {
    for password in ["short", "a-longer-password"] {
        let proxy = Server::start([vec![Step::Echo(|request| {
            let header = request
                .lines()
                .find(|line| line.starts_with("proxy-auth"))
                .unwrap();
            let page = format!("<pre>{header} operator:short a-longer-passw%6frd</pre>");
            response("502 Bad Gateway", "content-type: text/html\r\n", &page)
        })]])
        .await;
        let url = format!(
            "http://operator:{password}@{}",
            proxy.url.replace("http://", "")
        );
        let client = builder("http://workspace.test", &[("HTTP_PROXY", &url)])
            .allow_plain_http(true)
            .retry(workspace_api::RetryPolicy::never())
            .build()
            .unwrap();
        let error = client.desktops().detach_info(DESKTOP).await.unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("proxy-authorization: Basic [redacted]"),
            "{text}"
        );
        let shown = if password == "short" {
            "a-longer"
        } else {
            "operator:short"
        };
        assert!(text.contains(shown), "{text}");
        assert!(!text.replace(shown, "").contains(password), "{text}");
        assert!(
            text.contains("from environment variable HTTP_PROXY"),
            "{text}"
        );
        let raw = client
            .request(reqwest::Method::GET, "/v2", None)
            .await
            .unwrap();
        assert!(
            !raw.body()
                .windows(password.len())
                .any(|part| part == password.as_bytes())
        );
    }
}

#[tokio::test]
async fn socks_proxies_connect_to_the_host() {
    let server = Server::respond_with(json("200 OK", "", RECORDS)).await;
    let socks = socks_proxy(server.url.replace("http://", "")).await;
    for (name, url) in [
        ("ALL_PROXY", format!("socks5h://{socks}")),
        ("http_proxy", format!("socks5h://operator:password@{socks}")),
        ("HTTP_PROXY", format!("socks5://{socks}")),
    ] {
        // Without `h`, the client resolves the name.
        let host = if url.starts_with("socks5h") {
            "workspace.test"
        } else {
            "192.0.2.1"
        };
        let client = builder(&format!("http://{host}"), &[(name, &url)])
            .allow_plain_http(true)
            .retry(workspace_api::RetryPolicy::never())
            .build()
            .unwrap();
        client.desktops().detach_info(DESKTOP).await.unwrap();
        // A host on this machine is called directly.
        let direct = builder(&server.url, &[(name, &url)]).build().unwrap();
        direct.desktops().detach_info(DESKTOP).await.unwrap();
    }
    assert_eq!(server.requests().len(), 6);
    let client = builder(
        "https://workspace.test",
        &[("ALL_PROXY", "socks5h://127.0.0.1:9")],
    )
    .retry(workspace_api::RetryPolicy::never())
    .build()
    .unwrap();
    let error = client.desktops().detach_info(DESKTOP).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(
        error.to_string().contains("proxy socks5h://127.0.0.1:9"),
        "{error}"
    );
}

/// Starts a SOCKS5 proxy that connects to `target` for every host, and returns its address.
async fn socks_proxy(target: String) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
    use tokio::net::{TcpListener, TcpStream};

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let target = target.clone();
            tokio::spawn(async move {
                let mut bytes = [0; 512];
                let count = client.read(&mut bytes).await.unwrap();
                // The greeting lists methods; 2 is a user name and a password.
                let with_password = bytes[2..count].contains(&2);
                client
                    .write_all(&[5, if with_password { 2 } else { 0 }])
                    .await
                    .unwrap();
                if with_password {
                    let count = client.read(&mut bytes).await.unwrap();
                    assert_eq!(&bytes[..count], b"\x01\x08operator\x08password");
                    client.write_all(&[1, 0]).await.unwrap();
                }
                let request = client.read(&mut bytes).await.unwrap();
                assert!(request > 0);
                client
                    .write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])
                    .await
                    .unwrap();
                let mut server = TcpStream::connect(target).await.unwrap();
                let _ = copy_bidirectional(&mut client, &mut server).await;
            });
        }
    });
    address
}
