//! An HTTP server on the loopback interface that records requests and responds as a test decides.

use std::fmt::Write;
use std::sync::{Arc, Mutex};

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

pub struct Server {
    pub url: String,
    received: Arc<Mutex<Vec<Received>>>,
}

#[derive(Clone, Default)]
pub struct Received {
    pub method: String,
    pub path: String,
    pub query: String,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

pub enum ScriptedResponse {
    /// Status, headers and body.
    Complete(u16, Vec<(&'static str, String)>, String),
    /// No response; the connection stays open.
    Stalled,
}

impl ScriptedResponse {
    /// A response without headers and body.
    pub fn empty(status: u16) -> Self {
        Self::Complete(status, Vec::new(), String::new())
    }

    pub fn json(status: u16, body: impl Into<String>) -> Self {
        Self::Complete(
            status,
            vec![("Content-Type", "application/json".to_owned())],
            body.into(),
        )
    }
}

impl Server {
    pub async fn start(
        respond: impl Fn(&Received) -> ScriptedResponse + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let received = Arc::new(Mutex::new(Vec::new()));
        let (respond, requests) = (Arc::new(respond), received.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (respond, requests) = (respond.clone(), requests.clone());
                tokio::spawn(async move { serve(stream, &*respond, &requests).await });
            }
        });
        Self { url, received }
    }

    pub fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }
}

async fn serve(
    mut stream: TcpStream,
    respond: &(impl Fn(&Received) -> ScriptedResponse + ?Sized),
    requests: &Mutex<Vec<Received>>,
) {
    let Some(received) = receive(&mut stream).await else {
        return;
    };
    requests.lock().unwrap().push(received.clone());
    match respond(&received) {
        ScriptedResponse::Complete(status, headers, body) => {
            let mut head = format!(
                "HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n",
                body.len()
            );
            for (name, value) in headers {
                write!(head, "{name}: {value}\r\n").unwrap();
            }
            let _ = stream
                .write_all(format!("{head}\r\n{body}").as_bytes())
                .await;
        }
        ScriptedResponse::Stalled => std::future::pending().await,
    }
}

async fn receive(stream: &mut TcpStream) -> Option<Received> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        (stream.read_buf(&mut bytes).await.ok()? > 0).then_some(())?;
    };
    let head = String::from_utf8(bytes[..end].to_vec()).ok()?;
    let mut lines = head.split("\r\n");
    let mut start = lines.next()?.split(' ');
    let (method, target) = (start.next()?.to_owned(), start.next()?);
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let headers: HeaderMap = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| {
            (
                name.parse::<HeaderName>().unwrap(),
                HeaderValue::from_str(value.trim()).unwrap(),
            )
        })
        .collect();
    let length = headers
        .get("content-length")
        .map_or(0, |length| length.to_str().unwrap().parse().unwrap());
    let mut body = bytes.split_off(end + 4);
    while body.len() < length {
        (stream.read_buf(&mut body).await.ok()? > 0).then_some(())?;
    }
    Some(Received {
        method,
        path: path.to_owned(),
        query: query.to_owned(),
        headers,
        body,
    })
}
