//! Compares concurrent reads from a sandbox with `wrk` and `oha` on as many connections, and reads
//! from a sandbox that throttles: `cargo bench -p benches --bench bulk`, and with `-- --brief` for
//! a quick run without the other programs.
//!
//! Exits with 1 if a read fails or memory grows, because neither depends on the machine's load.
//! Throughput does, and is only shown. Without `--brief`, both other programs must be installed.

// A command-line program that stops at the first error.
#![allow(clippy::unwrap_used, clippy::print_stdout)]
// All counts are far below 2^52.
#![allow(clippy::cast_precision_loss)]

use std::pin::pin;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};
use std::{env, fs, iter};

use futures::StreamExt;
use measure::{Limits, Server, cpu_time, cpu_time_since, median};
use tokio::runtime::{Builder, Runtime};
use workspace_api::Client;
use workspace_api::types::DesktopId;
use workspace_api_sandbox::{Sandbox, defaults};

const CONCURRENCY: usize = 32;

/// Maximum growth of memory during the reads, in KiB.
const MAX_GROWTH: u64 = 40 * 1024;

/// Requests per second that the throttling sandbox allows, and the burst that it allows at the
/// start.
const RATE_LIMIT: usize = 100;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let brief = arguments.contains(&"--brief");
    match arguments[..] {
        ["sandbox"] => sandbox(None),
        ["sandbox", limit] => sandbox(Some(limit)),
        _ => {
            let runtime = Builder::new_multi_thread().enable_all().build().unwrap();
            let mut limits = Limits::default();
            unlimited(&runtime, brief, &mut limits);
            throttled(&runtime, if brief { 300 } else { 3_000 }, &mut limits);
            return limits.exit_code();
        }
    }
    ExitCode::SUCCESS
}

/// Reads for more than a second in each round, and then runs `wrk` and `oha` for about as long,
/// unless the run is brief.
fn unlimited(runtime: &Runtime, brief: bool, limits: &mut Limits) {
    let reads = if brief { 10_000 } else { 50_000 };
    let server = Server::start(&["sandbox"]);
    let client = client(&server.url);
    let mut failed = read(runtime, &client, 100).failed;
    let before = memory("VmRSS");
    println!("{reads} reads, {CONCURRENCY} concurrent");
    println!("       crate      CPU per read          wrk                  oha");
    let programs: &[fn(&str, u64) -> f64] = if brief { &[] } else { &[wrk, oha] };
    let mut ratios = [const { Vec::new() }; 2];
    for _ in 0..if brief { 1 } else { 5 } {
        let run = read(runtime, &client, reads);
        failed += run.failed;
        let rate = reads as f64 / run.time.as_secs_f64();
        let seconds = run.time.as_secs().max(1);
        print!(
            "{:>10.0}/s {:>14.1} µs",
            rate,
            run.cpu.as_secs_f64() * 1e6 / reads as f64
        );
        for (program, ratios) in programs.iter().zip(&mut ratios) {
            let other = program(&server.url, seconds);
            ratios.push(rate / other);
            print!("{other:>11.0}/s {:>6.2}×", rate / other);
        }
        println!();
    }
    let growth = memory("VmHWM").saturating_sub(before);
    if !brief {
        let [wrk, oha] = ratios.map(median);
        println!("median {wrk:.2}× of wrk, {oha:.2}× of oha");
    }
    println!("memory before the reads {before} KiB");
    limits.check("failed reads", failed as f64, 0.0);
    limits.check("growth of memory in KiB", growth as f64, MAX_GROWTH as f64);
}

fn throttled(runtime: &Runtime, reads: usize, limits: &mut Limits) {
    let server = Server::start(&["sandbox", &format!("{RATE_LIMIT}/s")]);
    let client = client(&server.url);
    let run = read(runtime, &client, reads);
    let used = (reads - RATE_LIMIT) as f64 / run.time.as_secs_f64() / RATE_LIMIT as f64;
    println!(
        "\n{reads} reads from a sandbox that allows {RATE_LIMIT} per second: {:.1} s, {:.0} % of the limit",
        run.time.as_secs_f64(),
        used * 100.0
    );
    limits.check("failed reads", run.failed as f64, 0.0);
}

struct Run {
    time: Duration,
    cpu: Duration,
    failed: usize,
}

fn client(url: &str) -> Client {
    let builder = Client::builder()
        .endpoint(url)
        .project_id(defaults::PROJECT_ID)
        .token(defaults::TOKEN);
    builder.no_proxy().build().unwrap()
}

fn read(runtime: &Runtime, client: &Client, reads: usize) -> Run {
    let id = DesktopId::try_from(defaults::SINGLE_USER_DESKTOP).unwrap();
    let ids = iter::repeat_n(id, reads);
    let (start, cpu) = (Instant::now(), cpu_time());
    let (mut succeeded, mut failed) = (0, 0);
    runtime.block_on(async {
        let infos = client.desktops().detach_infos(ids);
        let mut results = pin!(infos.concurrency(CONCURRENCY).stream());
        while let Some((_, result)) = results.next().await {
            match result {
                Ok(records) if records.len() == 1 => succeeded += 1,
                _ => failed += 1,
            }
        }
    });
    assert_eq!(succeeded + failed, reads);
    Run {
        time: start.elapsed(),
        cpu: cpu_time_since(cpu),
        failed,
    }
}

/// Returns the requests per second of `wrk`.
fn wrk(url: &str, seconds: u64) -> f64 {
    let text = load(
        Command::new("wrk")
            .args(["--threads=1", &format!("--connections={CONCURRENCY}")])
            .arg(format!("--duration={seconds}s"))
            .arg(format!("--header=X-Auth-Token: {}", defaults::TOKEN)),
        url,
    );
    assert!(!text.contains("Non-2xx"), "{text}");
    number_after(&text, "Requests/sec:")
}

/// Returns the requests per second of `oha`, a load generator in Rust.
fn oha(url: &str, seconds: u64) -> f64 {
    let text = load(
        Command::new("oha")
            .args(["--no-tui", "--no-color", "-z", &format!("{seconds}s")])
            .args(["-c", &CONCURRENCY.to_string()])
            .args(["-H", &format!("X-Auth-Token: {}", defaults::TOKEN)]),
        url,
    );
    assert!(text.contains("[200]"), "{text}");
    number_after(&text, "Requests/sec:")
}

/// Runs a load generator that reads the records of a desktop, and returns its output.
fn load(program: &mut Command, url: &str) -> String {
    let url = format!(
        "{url}/v2/{}/desktops/{}/detach-info",
        defaults::PROJECT_ID,
        defaults::SINGLE_USER_DESKTOP
    );
    let output = program.arg(url).output();
    let output = output.unwrap_or_else(|error| panic!("{program:?}: {error}. Is it installed?"));
    String::from_utf8(output.stdout).unwrap()
}

fn number_after(text: &str, label: &str) -> f64 {
    let (_, rest) = text.split_once(label).unwrap();
    rest.split_whitespace().next().unwrap().parse().unwrap()
}

/// Returns the memory of this process in KiB: `VmRSS` is the present one, `VmHWM` the peak.
fn memory(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

fn sandbox(limit: Option<&str>) {
    let mut builder = Sandbox::builder();
    if let Some(limit) = limit {
        builder = builder.rate_limit(limit.parse().unwrap());
    }
    let runtime = Builder::new_multi_thread().enable_all().build().unwrap();
    runtime
        .block_on(workspace_api_sandbox::run(builder, &mut std::io::stdout()))
        .unwrap();
}
