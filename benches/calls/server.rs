//! The server of the measured calls. It sends fixed responses without delay and runs in a separate
//! process, so that only the client is measured.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

/// The response to a read: one record.
const RECORDS: &str = r#"{"desktop_detach_infos":[{"desktop_id":"4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001","desktop_name":"design-01","user_id":"5a0f4f1c9d1e4f8b8a6f2d3c4b5a6978","user_name":"li-na","user_group":"users","detach_time":"2026-03-10T12:02:11Z","type":"USER"}]}"#;

/// The response to a batch: every desktop succeeded.
const ACCEPTED: &str =
    r#"{"failed_operation_list":[],"job_id":"","success_job_ids":["8a7b6c5d4e3f2a1b"]}"#;

/// Prints the URL and serves until the process is killed.
pub fn serve() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("http://{}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept()?;
        // A connection that ends with an error does not end the server.
        thread::spawn(move || connection(stream).ok());
    }
}

fn connection(mut stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let body = if line.starts_with("GET ") {
            RECORDS
        } else {
            ACCEPTED
        };
        let mut length = 0;
        while line.trim_end() != "" {
            line.clear();
            reader.read_line(&mut line)?;
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        io::copy(&mut reader.by_ref().take(length), &mut io::sink())?;
        let response = format!(
            "HTTP/1.1 200 OK\r\n\
             content-type: application/json\r\n\
             content-length: {}\r\n\
             date: Tue, 10 Mar 2026 12:02:11 GMT\r\n\
             x-request-id: 7c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f\r\n\
             \r\n\
             {body}",
            body.len()
        );
        stream.write_all(response.as_bytes())?;
    }
}
