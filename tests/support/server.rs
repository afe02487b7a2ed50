//! A server that does to each request exactly what a test tells it to, byte by byte, and keeps what it received.

#![allow(dead_code)] // Each test takes what it needs.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use workspace_api::{Client, ClientBuilder};

pub const PROJECT: &str = "0bec5db98280d2d02fd6c00c2de791ce";
pub const DESKTOP: &str = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001";
pub const TOKEN: &str = "MIIFvgYJKoZIhvcN-a-token";

/// What the server does to one request, in this order.
pub type Script = Vec<Step>;

#[derive(Clone, Debug)]
pub enum Step {
    Send(Vec<u8>),
    /// Sends what this makes of the request.
    Echo(fn(&str) -> Vec<u8>),
    /// Sends one byte at a time, with this pause before each.
    Drip(Vec<u8>, Duration),
    /// Keeps the connection open and says nothing more.
    Stall,
    Close,
    Reset,
    /// As the first step: resets the connection without reading the request.
    Refuse,
}

/// The last script is for all further requests too.
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

    /// Answers every request with this.
    pub async fn answering(answer: impl Into<Vec<u8>>) -> Self {
        Self::start([vec![Step::Send(answer.into())]]).await
    }

    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

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
    let mut received = Vec::new();
    if refuses(&scripts) {
        // Reset once the request is there: earlier, it would be a connection that could not be made.
        stream.peek(&mut [0]).await.unwrap();
        stream.set_zero_linger().unwrap();
        return;
    }
    while let Some(request) = read_request(&mut stream, &mut received).await {
        requests.lock().unwrap().push(request.clone());
        let script = {
            let mut scripts = scripts.lock().unwrap();
            if scripts.len() > 1 {
                scripts.pop_front()
            } else {
                scripts.front().cloned()
            }
        };
        for step in script.unwrap_or_default() {
            match step {
                Step::Send(bytes) => drop(stream.write_all(&bytes).await),
                Step::Echo(answer) => drop(stream.write_all(&answer(&request)).await),
                Step::Drip(bytes, pause) => {
                    for byte in bytes {
                        tokio::time::sleep(pause).await;
                        if stream.write_all(&[byte]).await.is_err() {
                            return;
                        }
                    }
                }
                Step::Stall => drop(stream.read(&mut [0; 1]).await),
                Step::Close => return,
                Step::Reset | Step::Refuse => {
                    stream.set_zero_linger().unwrap();
                    return;
                }
            }
        }
    }
}

/// Takes the next script if it is to refuse.
fn refuses(scripts: &Mutex<VecDeque<Script>>) -> bool {
    let mut scripts = scripts.lock().unwrap();
    let refuses = matches!(
        scripts.front().and_then(|script| script.first()),
        Some(Step::Refuse)
    );
    if refuses && scripts.len() > 1 {
        scripts.pop_front();
    }
    refuses
}

/// Reads up to the end of one request; none if the peer has closed.
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

/// An HTTP answer with a JSON body.
pub fn json(status: &str, headers: &str, body: &str) -> Vec<u8> {
    answer(
        status,
        &format!("content-type: application/json\r\n{headers}"),
        body,
    )
}

/// An HTTP answer; `headers` are lines that end with `\r\n`.
pub fn answer(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
