//! Compares concurrent reads from a sandbox with the hand-written client, `wrk` and `oha` on as many
//! connections, and reads from a sandbox that throttles: `cargo bench -p benches --bench bulk`, and
//! with `-- --brief` for a quick run without the other programs.
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
use tokio::task::JoinSet;
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
    println!(
        "       crate  CPU per read    hand-written  CPU per read             wrk                 oha"
    );
    let programs: &[fn(&str, u64) -> f64] = if brief { &[] } else { &[wrk, oha] };
    let by_hand = hand_written::Client::new(&server.url, defaults::PROJECT_ID, defaults::TOKEN);
    let by_hand = by_hand.unwrap();
    let mut cpu_ratios = Vec::new();
    let mut ratios = [const { Vec::new() }; 3];
    for _ in 0..if brief { 1 } else { 5 } {
        let run = read(runtime, &client, reads);
        let hand_written = read_by_hand(runtime, &by_hand, reads);
        failed += run.failed + hand_written.failed;
        cpu_ratios.push(run.cpu_per_read() / hand_written.cpu_per_read());
        print!("{:>10.0}/s {:>10.1} µs", run.rate(), run.cpu_per_read());
        print!(
            "{:>14.0}/s {:>10.1} µs",
            hand_written.rate(),
            hand_written.cpu_per_read()
        );
        let seconds = run.time.as_secs().max(1);
        let mut rates = vec![hand_written.rate()];
        for program in programs {
            let rate = program(&server.url, seconds);
            print!("{rate:>14.0}/s {:>6.2}×", run.rate() / rate);
            rates.push(rate);
        }
        println!();
        for (rate, ratios) in rates.into_iter().zip(&mut ratios) {
            ratios.push(run.rate() / rate);
        }
    }
    let growth = memory("VmHWM").saturating_sub(before);
    if !brief {
        let cpu = median(cpu_ratios);
        let [hand_written, wrk, oha] = ratios.map(median);
        println!("median {hand_written:.2}× of hand-written, {wrk:.2}× of wrk, {oha:.2}× of oha");
        println!("median {cpu:.2}× the CPU of hand-written");
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
    reads: usize,
    time: Duration,
    cpu: Duration,
    failed: usize,
}

impl Run {
    /// Reads with this future, which returns how many succeeded.
    fn of(runtime: &Runtime, reads: usize, succeeded: impl Future<Output = usize>) -> Self {
        let (start, cpu) = (Instant::now(), cpu_time());
        let succeeded = runtime.block_on(succeeded);
        Self {
            reads,
            time: start.elapsed(),
            cpu: cpu_time_since(cpu),
            failed: reads - succeeded,
        }
    }

    /// Returns the reads per second.
    fn rate(&self) -> f64 {
        self.reads as f64 / self.time.as_secs_f64()
    }

    /// Returns the CPU time of a read in microseconds.
    fn cpu_per_read(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / self.reads as f64
    }
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
    let infos = client.desktops().detach_infos(iter::repeat_n(id, reads));
    Run::of(runtime, reads, async {
        let mut succeeded = 0;
        let mut results = pin!(infos.concurrency(CONCURRENCY).stream());
        while let Some((_, result)) = results.next().await {
            succeeded += usize::from(result.is_ok_and(|records| records.len() == 1));
        }
        succeeded
    })
}

/// Reads with the hand-written client, in as many tasks, none of which learns what the others read.
fn read_by_hand(runtime: &Runtime, client: &hand_written::Client, reads: usize) -> Run {
    Run::of(runtime, reads, async {
        let mut tasks = JoinSet::new();
        for task in 0..CONCURRENCY {
            let client = client.clone();
            tasks.spawn(async move {
                let mut succeeded = 0;
                for _ in (task..reads).step_by(CONCURRENCY) {
                    let records = client.detach_info(defaults::SINGLE_USER_DESKTOP).await;
                    succeeded += usize::from(records.is_ok_and(|records| records.len() == 1));
                }
                succeeded
            });
        }
        tasks.join_all().await.into_iter().sum()
    })
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
