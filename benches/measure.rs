//! What the benchmarks measure with: CPU time, instructions, and limits for what is counted.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // For programs that stop where they stand.

use std::env;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// The CPU time that this process has used, of user and system together.
pub fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// The value in the middle.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The instructions of this program when it is called with `arguments`, without those of the kernel and of programs
/// that it starts: by callgrind, and the same on a busy machine as on an idle one. Not a number without valgrind.
pub fn instructions(arguments: &[&str]) -> f64 {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env::current_exe().unwrap())
        .args(arguments)
        .output();
    let Ok(output) = output else { return f64::NAN };
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?} failed: {text}");
    let (_, collected) = text.rsplit_once("Collected :").unwrap();
    collected
        .split_whitespace()
        .next()
        .unwrap()
        .parse()
        .unwrap()
}

/// What was counted, beside the most that it may be.
#[derive(Debug, Default)]
pub struct Limits {
    exceeded: bool,
}

impl Limits {
    /// Prints the count and its limit, and keeps in mind if it is over it.
    pub fn check(&mut self, what: &str, count: f64, most: f64) {
        let verdict = if count.is_nan() {
            "not counted, because valgrind is missing"
        } else if count <= most {
            "ok"
        } else {
            self.exceeded = true;
            "TOO MUCH"
        };
        println!("{what}: {count:.2} of at most {most}: {verdict}");
    }

    /// The exit code of a benchmark: 1 if there was too much of anything.
    pub fn exit_code(&self) -> ExitCode {
        if self.exceeded {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        }
    }
}

/// This program again, as a server whose first line is its URL. It ends with this value.
#[derive(Debug)]
pub struct Server {
    /// What it printed first.
    pub url: String,
    process: Child,
}

impl Server {
    /// Starts it, and waits for its first line.
    pub fn start(arguments: &[&str]) -> Self {
        let mut process = Command::new(env::current_exe().unwrap())
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut url = String::new();
        let output = process.stdout.take().unwrap();
        BufReader::new(output).read_line(&mut url).unwrap();
        let url = url.trim().to_owned();
        Self { url, process }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It has ended by itself if that fails.
        let _ = self.process.kill().and_then(|()| self.process.wait());
    }
}
