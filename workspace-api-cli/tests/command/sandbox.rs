//! `workspace sandbox`: the address that it listens on.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::workspace;

/// Starts a sandbox and returns its base URL, the first line of its output.
fn base_url(listen: &str) -> String {
    let mut sandbox = Command::new(env!("CARGO_BIN_EXE_workspace"))
        .args(["sandbox", "--listen", listen])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut stdout = BufReader::new(sandbox.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    sandbox.kill().unwrap();
    sandbox.wait().unwrap();
    line.trim_end().to_owned()
}

#[test]
fn sandbox_listens_on_an_address_or_host_name() {
    for listen in ["127.0.0.1:0", "localhost:0"] {
        let url = base_url(listen);
        let port = url.strip_prefix("http://127.0.0.1:").unwrap_or_default();
        assert!(port.parse::<u16>().is_ok_and(|port| port > 0), "{url}");
    }
}

#[test]
fn invalid_listen_address_is_explained() {
    for listen in ["localhost", "localhost:http", "8437"] {
        let run = workspace().args(["sandbox", "--listen", listen]).assert();
        let stderr = String::from_utf8_lossy(&run.code(2).get_output().stderr).into_owned();
        let expected = "Use an address or a host name, and a port, such as localhost:8437.";
        assert!(stderr.contains(expected), "{stderr}");
    }
}
