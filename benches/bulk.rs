//! Many reads at a time from a sandbox, beside `wrk` and `oha` with the same connections, and from one that throttles:
//! `cargo bench --bench bulk`, with `-- --brief` in a few seconds.
//!
//! Exits with 1 if a call fails or memory grows: neither depends on the machine's load. Throughput does, and is shown.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // A program for the terminal, which stops where it stands.

use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};
use std::{env, fs, iter};

use futures::StreamExt;
use measure::{Limits, Server, cpu_time, median};
use tokio::runtime::{Builder, Runtime};
use workspace_api::Client;
use workspace_api::types::DesktopId;
use workspace_api_sandbox::{Sandbox, defaults};

const CONCURRENCY: usize = 32;

/// The most KiB that memory may grow while the calls are made.
const GROWTH: u64 = 40 * 1024;

/// Calls a second that the throttling sandbox allows. It has as many in reserve when it starts.
const ALLOWED: usize = 100;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let brief = arguments.contains(&"--brief");
    match arguments[..] {
        ["sandbox"] => sandbox(None),
        ["sandbox", limit] => sandbox(Some(limit)),
        _ => {
            let runtime = Builder::new_current_thread().enable_all().build().unwrap();
            let mut limits = Limits::default();
            unlimited(&runtime, if brief { 1 } else { 5 }, &mut limits);
            throttled(&runtime, if brief { 300 } else { 3_000 }, &mut limits);
            return limits.exit_code();
        }
    }
    ExitCode::SUCCESS
}

/// Reads 10,000 times in each round, and then lets the others do so for about as long.
fn unlimited(runtime: &Runtime, rounds: usize, limits: &mut Limits) {
    const CALLS: usize = 10_000;
    let server = Server::start(&["sandbox"]);
    let client = client(&server.url);
    let mut failed = read(runtime, &client, 100).failed;
    let before = memory("VmRSS");
    println!("{CALLS} reads, {CONCURRENCY} at a time");
    println!("       crate    its CPU of one          wrk                  oha");
    let mut ratios = [const { Vec::new() }; 2];
    for _ in 0..rounds {
        let run = read(runtime, &client, CALLS);
        failed += run.failed;
        let seconds = run.seconds.ceil() as u64;
        let others = [wrk(&server.url, seconds), oha(&server.url, seconds)];
        print!(
            "{:>10.0}/s {:>14.1} µs",
            run.rate,
            run.cpu.as_secs_f64() * 1e6 / CALLS as f64
        );
        for (other, ratios) in others.into_iter().zip(&mut ratios) {
            ratios.push(run.rate / other);
            print!("{other:>11.0}/s {:>6.2}×", run.rate / other);
        }
        println!();
    }
    let growth = memory("VmHWM").saturating_sub(before);
    let [wrk, oha] = ratios.map(median);
    println!("in the middle {wrk:.2}× of wrk, {oha:.2}× of oha; memory before {before} KiB");
    limits.check("failed reads", failed as f64, 0.0);
    limits.check("growth of memory in KiB", growth as f64, GROWTH as f64);
}

fn throttled(runtime: &Runtime, calls: usize, limits: &mut Limits) {
    let server = Server::start(&["sandbox", &format!("{ALLOWED}/s")]);
    let client = client(&server.url);
    let run = read(runtime, &client, calls);
    let used = (calls - ALLOWED) as f64 / run.seconds / ALLOWED as f64;
    println!(
        "\n{calls} reads of a sandbox that allows {ALLOWED} a second: {:.1} s, {:.0} % of what it allows",
        run.seconds,
        used * 100.0
    );
    limits.check("failed reads", run.failed as f64, 0.0);
}

struct Run {
    seconds: f64,
    cpu: Duration,
    rate: f64,
    failed: usize,
}

fn client(url: &str) -> Client {
    let builder = Client::builder()
        .endpoint(url)
        .project_id(defaults::PROJECT_ID)
        .token(defaults::TOKEN);
    builder.no_proxy().build().unwrap()
}

fn read(runtime: &Runtime, client: &Client, calls: usize) -> Run {
    let id = DesktopId::try_from(defaults::SINGLE_USER_DESKTOP).unwrap();
    let ids = iter::repeat_n(id, calls);
    let (start, cpu) = (Instant::now(), cpu_time());
    let (read, failed) = runtime.block_on(async {
        let records = client
            .desktops()
            .detach_infos(ids)
            .concurrency(CONCURRENCY)
            .stream();
        let count = |(read, failed), (_, records): (DesktopId, workspace_api::Result<Vec<_>>)| {
            let good = records.is_ok_and(|records| records.len() == 1);
            std::future::ready((read + usize::from(good), failed + usize::from(!good)))
        };
        records.fold((0, 0), count).await
    });
    assert_eq!(read + failed, calls);
    let seconds = start.elapsed().as_secs_f64();
    Run {
        seconds,
        cpu: cpu_time() - cpu,
        rate: calls as f64 / seconds,
        failed,
    }
}

/// The requests a second that `wrk` gets through; not a number if it is not installed.
fn wrk(url: &str, seconds: u64) -> f64 {
    let text = load(
        Command::new("wrk")
            .args(["--threads=1", &format!("--connections={CONCURRENCY}")])
            .arg(format!("--duration={seconds}s"))
            .arg(format!("--header=X-Auth-Token: {}", defaults::TOKEN)),
        url,
    );
    text.map_or(f64::NAN, |text| {
        assert!(!text.contains("Non-2xx"), "{text}");
        number_after(&text, "Requests/sec:")
    })
}

/// The same of `oha`, which is written in Rust too.
fn oha(url: &str, seconds: u64) -> f64 {
    let text = load(
        Command::new("oha")
            .args(["--no-tui", "--no-color", "-z", &format!("{seconds}s")])
            .args(["-c", &CONCURRENCY.to_string()])
            .args(["-H", &format!("X-Auth-Token: {}", defaults::TOKEN)]),
        url,
    );
    text.map_or(f64::NAN, |text| {
        assert!(text.contains("[200]"), "{text}");
        number_after(&text, "Requests/sec:")
    })
}

/// What a program prints that reads the records as often as it can.
fn load(program: &mut Command, url: &str) -> Option<String> {
    let url = format!(
        "{url}/v2/{}/desktops/{}/detach-info",
        defaults::PROJECT_ID,
        defaults::SINGLE_USER_DESKTOP
    );
    let output = program.arg(url).output().ok()?;
    Some(String::from_utf8(output.stdout).unwrap())
}

fn number_after(text: &str, label: &str) -> f64 {
    let (_, rest) = text.split_once(label).unwrap();
    rest.split_whitespace().next().unwrap().parse().unwrap()
}

/// This process's memory in KiB: `VmRSS` now, `VmHWM` at its highest.
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
