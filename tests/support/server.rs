//! A scripted server: it plays back bytes, delays and resets, and records requests.

#![allow(dead_code)] // Each test uses a part of it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use workspace_api::{Client, ClientBuilder};

pub const PROJECT: &str = "0bec5db98280d2d02fd6c00c2de791ce";
pub const DESKTOP: &str = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001";
pub const TOKEN: &str = "MIIFvgYJKoZIhvcN-a-token";

/// The steps of the server for one request.
pub type Script = Vec<Step>;

#[derive(Clone, Debug)]
pub enum Step {
    Send(Vec<u8>),
    /// Sends the bytes that this function returns for the request.
    Echo(fn(&str) -> Vec<u8>),
    /// Sends one byte at a time, with this delay before each.
    Drip(Vec<u8>, Duration),
    /// Keeps the connection open and sends nothing more.
    Stall,
    Close,
    Reset,
    /// Resets the connection without reading the request. Only as the first step.
    ResetUnread,
}

/// A server that plays one script per request. It repeats the last script.
pub struct Server {
    pub url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub async fn start(scripts: impl IntoIterator<Item = Script>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::default();
        let scripts = Arc::new(Mutex::new(scripts.into_iter().collect::<VecDeque<_>>()));
        let server = Self {
            url,
            requests: Arc::clone(&requests),
        };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&scripts), Arc::clone(&requests)));
            }
        });
        server
    }

    /// Starts a server that sends this response to every request.
    pub async fn respond_with(response: impl Into<Vec<u8>>) -> Self {
        Self::start([vec![Step::Send(response.into())]]).await
    }

    /// Returns the requests so far, each with head and body.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// Returns a builder for a client of this server, with [`PROJECT`] and [`TOKEN`].
    pub fn builder(&self) -> ClientBuilder {
        Client::builder()
            .endpoint(&self.url)
            .project_id(PROJECT)
            .token(TOKEN)
            .no_proxy()
    }

    pub fn client(&self) -> Client {
        self.builder().build().unwrap()
    }
}

async fn serve(
    mut stream: TcpStream,
    scripts: Arc<Mutex<VecDeque<Script>>>,
    requests: Arc<Mutex<Vec<String>>>,
) {
    if take_reset_unread(&scripts) {
        // Before the request is there, a reset would be a failed connection.
        stream.peek(&mut [0]).await.unwrap();
        stream.set_zero_linger().unwrap();
        return;
    }
    let mut received = Vec::new();
    while let Some(request) = read_request(&mut stream, &mut received).await {
        requests.lock().unwrap().push(request.clone());
        for step in next_script(&scripts) {
            match step {
                Step::Send(bytes) => drop(stream.write_all(&bytes).await),
                Step::Echo(response) => drop(stream.write_all(&response(&request)).await),
                Step::Drip(bytes, delay) => {
                    for byte in bytes {
                        tokio::time::sleep(delay).await;
                        if stream.write_all(&[byte]).await.is_err() {
                            return;
                        }
                    }
                }
                Step::Stall => drop(stream.read(&mut [0; 1]).await),
                Step::Close => return,
                Step::Reset | Step::ResetUnread => {
                    stream.set_zero_linger().unwrap();
                    return;
                }
            }
        }
    }
}

/// Takes the next script; the last one stays.
fn next_script(scripts: &Mutex<VecDeque<Script>>) -> Script {
    let mut scripts = scripts.lock().unwrap();
    let next = if scripts.len() > 1 {
        scripts.pop_front()
    } else {
        scripts.front().cloned()
    };
    next.unwrap_or_default()
}

/// Takes the next script if it begins with [`Step::ResetUnread`], and returns whether it does.
fn take_reset_unread(scripts: &Mutex<VecDeque<Script>>) -> bool {
    let mut scripts = scripts.lock().unwrap();
    let first_step = scripts.front().and_then(|script| script.first());
    let is_next = matches!(first_step, Some(Step::ResetUnread));
    if is_next && scripts.len() > 1 {
        scripts.pop_front();
    }
    is_next
}

/// Reads to the end of one request; `None` if the peer has closed the connection.
async fn read_request(stream: &mut TcpStream, received: &mut Vec<u8>) -> Option<String> {
    loop {
        if let Some(end) = received.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&received[..end]).to_lowercase();
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
            let end = end + 4 + length.unwrap_or(0);
            if received.len() >= end {
                let request = received.drain(..end).collect();
                return Some(String::from_utf8(request).unwrap());
            }
        }
        if stream.read_buf(received).await.ok()? == 0 {
            return None;
        }
    }
}

/// Returns a response with a JSON body.
pub fn json(status: &str, headers: &str, body: &str) -> Vec<u8> {
    let headers = format!("content-type: application/json\r\n{headers}");
    response(status, &headers, body)
}

/// Returns a response; `headers` are lines that end with `\r\n`.
pub fn response(status: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\n\r\n{body}").into_bytes()
}
