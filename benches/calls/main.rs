//! Compares the cost of a call with a hand-written client, and measures the cost of a signature:
//! `cargo bench -p benches --bench calls`, and with `-- --brief` for a quick run.
//!
//! Exits with 1 if a count is over its limit. Instructions, allocations and bytes have limits,
//! because they do not depend on the machine's load. CPU times do, and are only shown.

// A command-line program that stops at the first error.
#![allow(clippy::unwrap_used, clippy::print_stdout)]
// All counts are far below 2^52.
#![allow(clippy::cast_precision_loss)]

mod cases;
mod server;

use std::env;
use std::hint::black_box;
use std::process::ExitCode;

use cases::{BATCH, Calls, Operation, Signing, Variant, parse_id};
use futures::{StreamExt, stream};
use measure::{Limits, Server, cpu_time, cpu_time_since, instructions, median};
use tokio::runtime::{Builder, Runtime};

/// Number of calls in a round.
const CALLS: usize = 400;
/// Number of concurrent calls. With only one, the processor would sleep before each response and
/// wake up with cold caches, whose cost would be part of the measured call.
const IN_FLIGHT: usize = 8;

/// Maximum instructions of a generated call with a token, relative to the hand-written client.
const MAX_INSTRUCTIONS: f64 = 1.02;
/// Maximum instructions of the signature of a batch. Valgrind lacks the processor's instructions
/// for SHA-256; with them it takes a tenth.
const MAX_SIGNATURE_INSTRUCTIONS: f64 = 295_000.0;
/// Maximum instructions of a generated read with a signature, relative to one with a token.
const MAX_SIGNED_INSTRUCTIONS: f64 = 1.33;
/// Maximum allocations of a generated call in addition to those of the hand-written client.
const MAX_EXTRA_ALLOCATIONS: f64 = 3.0;
/// Maximum instructions of a call of the high-level API with a token, relative to the hand-written
/// client.
const MAX_HIGH_LEVEL_INSTRUCTIONS: f64 = 1.17;
/// Maximum allocations of a call of the high-level API, relative to the hand-written client.
const MAX_HIGH_LEVEL_ALLOCATIONS: f64 = 1.09;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["serve"] => server::serve().unwrap(),
        ["call", operation, variant, url, times] => {
            let operation = Operation::ALL.into_iter().find(|it| it.name() == operation);
            let variant = Variant::ALL.into_iter().find(|it| it.name() == variant);
            let (calls, runtime) = (Calls::new(url), runtime());
            runtime.block_on(async {
                for _ in 0..times.parse().unwrap() {
                    calls.call(operation.unwrap(), variant.unwrap()).await;
                }
            });
        }
        ["sign", url, times] => {
            let (signing, body) = (Signing::new(), Calls::new(url).body());
            for _ in 0..times.parse().unwrap() {
                black_box(signing.sign(&body));
            }
        }
        _ => return report(arguments.contains(&"--brief")),
    }
    ExitCode::SUCCESS
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// The cost of one call, or of other repeated work.
#[derive(Clone, Copy)]
struct Cost {
    instructions: f64,
    allocations: f64,
    bytes: f64,
}

impl Cost {
    /// Measures `work`. Called with `arguments` and a number, this program does the same work that
    /// many times: instructions are counted in a separate process.
    fn of(arguments: &[&str], mut work: impl FnMut()) -> Self {
        const TIMES: u64 = 100;
        let info = allocation_counter::measure(|| (0..TIMES).for_each(|_| work()));
        let [few, many] = ["200", "700"].map(|times| instructions(&[arguments, &[times]].concat()));
        Self {
            instructions: (many - few) / 500.0,
            allocations: info.count_total as f64 / TIMES as f64,
            bytes: info.bytes_total as f64 / TIMES as f64,
        }
    }
}

fn report(brief: bool) -> ExitCode {
    let server = Server::start(&["serve"]);
    let (calls, runtime) = (Calls::new(&server.url), runtime());
    let mut limits = Limits::default();
    for operation in Operation::ALL {
        let call_concurrently = |variant| {
            let calls = (0..CALLS).map(|_| calls.call(operation, variant));
            let all = stream::iter(calls).buffer_unordered(IN_FLIGHT);
            runtime.block_on(all.collect::<()>());
        };
        // Without measuring, so that connections are open.
        for variant in Variant::ALL {
            call_concurrently(variant);
        }
        let mut rounds = Vec::new();
        // Each round measures all variants, so that other load on the machine affects all alike.
        for _ in 0..if brief { 3 } else { 41 } {
            rounds.push(
                Variant::ALL
                    .map(|variant| microseconds(|| call_concurrently(variant)) / CALLS as f64),
            );
        }
        let costs = Variant::ALL.map(|variant| {
            let arguments = ["call", operation.name(), variant.name(), &server.url];
            Cost::of(&arguments, || {
                runtime.block_on(calls.call(operation, variant));
            })
        });
        show_calls(operation, &rounds, &costs);
        let body = (operation == Operation::Detach).then(|| calls.body().len() as f64);
        check_calls(operation, &costs, body, &mut limits);
    }
    report_signing(&calls.body(), &server, brief, &mut limits);
    limits.exit_code()
}

/// Returns the CPU time of some work.
fn microseconds(work: impl FnOnce()) -> f64 {
    let start = cpu_time();
    work();
    cpu_time_since(start).as_secs_f64() * 1e6
}

fn show_calls(operation: Operation, rounds: &[[f64; 5]], costs: &[Cost; 5]) {
    println!(
        "\n{:<24}{:>12}{:>9}{:>14}{:>9}{:>13}{:>9}",
        operation.name(),
        "CPU",
        "ratio",
        "instructions",
        "ratio",
        "allocations",
        "bytes"
    );
    for ((index, variant), cost) in Variant::ALL.into_iter().enumerate().zip(costs) {
        let times = rounds.iter().map(|round| round[index]);
        let ratios = rounds.iter().map(|round| round[index] / round[0]);
        println!(
            "  {:<22}{:>9.1} µs{:>8.2}×{:>14.0}{:>8.2}×{:>13.1}{:>9.0}",
            variant.name(),
            times.fold(f64::INFINITY, f64::min),
            median(ratios.collect()),
            cost.instructions,
            cost.instructions / costs[0].instructions,
            cost.allocations,
            cost.bytes
        );
    }
}

/// Compares the calls with a token with the hand-written one. The bytes show whether a body of this
/// size is copied.
fn check_calls(operation: Operation, costs: &[Cost; 5], body: Option<f64>, limits: &mut Limits) {
    // The first four of `Variant::ALL`.
    let [baseline, generated, high_level, signed, ..] = costs;
    let label = |variant: Variant, count| {
        let (operation, variant) = (operation.name(), variant.name());
        format!("{operation}, {variant}: {count}")
    };
    let ratio_label = |variant| label(variant, "ratio of instructions");
    let instructions = |cost: &Cost| cost.instructions / baseline.instructions;
    limits.check(
        &ratio_label(Variant::Generated),
        instructions(generated),
        MAX_INSTRUCTIONS,
    );
    limits.check(
        &ratio_label(Variant::HighLevel),
        instructions(high_level),
        MAX_HIGH_LEVEL_INSTRUCTIONS,
    );
    let extra = generated.allocations - baseline.allocations;
    limits.check(
        &label(Variant::Generated, "extra allocations"),
        extra,
        MAX_EXTRA_ALLOCATIONS,
    );
    limits.check(
        &label(Variant::HighLevel, "ratio of allocations"),
        high_level.allocations / baseline.allocations,
        MAX_HIGH_LEVEL_ALLOCATIONS,
    );
    if operation == Operation::DetachInfo {
        limits.check(
            &label(Variant::GeneratedSigned, "instructions ÷ token"),
            signed.instructions / generated.instructions,
            MAX_SIGNED_INSTRUCTIONS,
        );
    }
    if let Some(body) = body {
        let extra = generated.bytes - baseline.bytes;
        limits.check(&label(Variant::Generated, "extra bytes"), extra, body);
    }
}

fn report_signing(body: &[u8], server: &Server, brief: bool, limits: &mut Limits) {
    let signing = Signing::new();
    let sign = |body| drop(black_box(signing.sign(black_box(body))));
    let parse = || drop(black_box(parse_id()));
    let fastest = |work: &dyn Fn()| {
        let (rounds, times) = if brief { (5, 200) } else { (41, 2_000) };
        let rounds = (0..rounds).map(|_| microseconds(|| (0..times).for_each(|_| work())));
        rounds.fold(f64::INFINITY, f64::min) / f64::from(times)
    };
    let large = Cost::of(&["sign", &server.url], || sign(body));
    let allocated = |work: &dyn Fn()| allocation_counter::measure(work);
    println!(
        "\nsigning {BATCH} desktops: {:.1} µs, {:.0} instructions, {:.0} allocations, {:.0} bytes",
        fastest(&|| sign(body)),
        large.instructions,
        large.allocations,
        large.bytes
    );
    println!(
        "parsing an id: {:.2} µs, {} allocations\n",
        fastest(&parse),
        allocated(&parse).count_total
    );
    limits.check(
        "signing: instructions",
        large.instructions,
        MAX_SIGNATURE_INSTRUCTIONS,
    );
    let body_bytes = large.bytes - allocated(&|| sign(b"{}")).bytes_total as f64;
    limits.check("signing: bytes that depend on the body", body_bytes, 0.0);
}
