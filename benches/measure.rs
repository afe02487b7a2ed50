//! Tools of the benchmarks: CPU time, instruction counts, limits of counts, and a server process.

// For command-line programs that stop at the first error.
#![allow(clippy::unwrap_used, clippy::missing_panics_doc, clippy::print_stdout)]

use std::env;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// Returns the user and system CPU time of this process.
pub fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::try_from(time).unwrap()
}

/// Returns the CPU time since `start`, which [`cpu_time`] returned.
pub fn cpu_time_since(start: Duration) -> Duration {
    cpu_time().saturating_sub(start)
}

/// Returns the median; NaN without values.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Returns the number of instructions of this program when it is called with `arguments`, without
/// those of the kernel and of child processes. NaN without valgrind.
///
/// Cachegrind counts them, so the load of the machine does not change the number. Callgrind counts the
/// same, and takes four times as long to tell whose they are.
pub fn instructions(arguments: &[&str]) -> f64 {
    let output = Command::new("valgrind")
        .args(["--tool=cachegrind", "--cache-sim=no"])
        .arg("--cachegrind-out-file=/dev/null")
        .arg(env::current_exe().unwrap())
        .args(arguments)
        .output();
    let Ok(output) = output else { return f64::NAN };
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?} failed: {text}");
    // `I refs: 4,541,837`, with other spaces in other versions.
    let (_, count) = text.rsplit_once("refs:").unwrap();
    let count = count.lines().next().unwrap();
    count.trim().replace(',', "").parse().unwrap()
}

/// Checks counts against their limits.
#[derive(Debug, Default)]
pub struct Limits {
    is_exceeded: bool,
}

impl Limits {
    /// Prints the count and its limit, and remembers if the count is over the limit.
    pub fn check(&mut self, label: &str, count: f64, maximum: f64) {
        let verdict = if count.is_nan() {
            "not counted: valgrind is not installed"
        } else if count <= maximum {
            "ok"
        } else {
            self.is_exceeded = true;
            "over the limit"
        };
        println!("{label}: {count:.2} of at most {maximum}: {verdict}");
    }

    /// Returns the exit code of the benchmark: 1 if a count was over its limit.
    pub fn exit_code(&self) -> ExitCode {
        if self.is_exceeded {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        }
    }
}

/// A child process of this program that runs a server. It is killed when this is dropped.
#[derive(Debug)]
pub struct Server {
    /// The URL: the first line that the process prints.
    pub url: String,
    process: Child,
}

impl Server {
    /// Starts the process with `arguments` and waits for its URL.
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
        // An error means that the process has ended already.
        let _ = self.process.kill().and_then(|()| self.process.wait());
    }
}
