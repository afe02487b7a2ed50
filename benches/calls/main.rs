//! What a call costs beside the same call by hand, and what a signature costs: `cargo bench --bench calls`, with
//! `-- --brief` in less time.
//!
//! Exits with 1 if a count is over its limit: instructions, allocations and bytes do not depend on the machine's load.
//! CPU times do, and are shown.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // A program for the terminal, which stops where it stands.

mod cases;
mod server;

use std::env;
use std::hint::black_box;
use std::process::ExitCode;

use cases::{BATCH, Calls, Operation, Signing, Way, check_id};
use futures::{StreamExt, stream};
use measure::{Limits, Server, cpu_time, instructions, median};
use tokio::runtime::{Builder, Runtime};

/// So many calls make a round, and so many of them are under way at a time: a processor that sleeps while it waits for
/// each answer wakes up with cold caches, and then whatever it does first pays for them.
const CALLS: usize = 400;
const IN_FLIGHT: usize = 8;

/// The most instructions of a generated call with a token, beside one by hand.
const GENERATED: f64 = 1.1;
/// The most instructions of a signature under a batch. Valgrind has none of the processor's own for SHA-256, with which
/// they are a tenth.
const SIGNATURE: f64 = 500_000.0;
/// The most allocations that a generated call makes in addition to one by hand.
const ALLOCATIONS: f64 = 20.0;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["serve"] => server::serve().unwrap(),
        ["call", operation, way, url, times] => {
            let operation = Operation::ALL.into_iter().find(|it| it.name() == operation);
            let way = Way::ALL.into_iter().find(|it| it.name() == way);
            let (calls, runtime) = (Calls::new(url), runtime());
            runtime.block_on(async {
                for _ in 0..times.parse().unwrap() {
                    calls.call(operation.unwrap(), way.unwrap()).await;
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

/// What one call, or whatever else is repeated, costs.
#[derive(Clone, Copy)]
struct Cost {
    instructions: f64,
    allocations: f64,
    bytes: f64,
}

impl Cost {
    /// `arguments` and a number make this program repeat `work` in a process of its own.
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
        let once = |way| runtime.block_on(calls.call(operation, way));
        let several = |way| {
            let calls = (0..CALLS).map(|_| calls.call(operation, way));
            runtime.block_on(
                stream::iter(calls)
                    .buffer_unordered(IN_FLIGHT)
                    .collect::<()>(),
            );
        };
        Way::ALL.into_iter().for_each(several);
        let rounds = if brief { 3 } else { 41 };
        // Side by side in every round, so that whatever else the machine does weighs on all alike.
        let round = |_| Way::ALL.map(|way| microseconds(|| several(way)) / CALLS as f64);
        let rounds: Vec<[f64; 5]> = (0..rounds).map(round).collect();
        let costs = Way::ALL.map(|way| {
            Cost::of(&["call", operation.name(), way.name(), &server.url], || {
                once(way)
            })
        });
        show_calls(operation, &rounds, &costs);
        let body = (operation == Operation::Detach).then(|| calls.body().len() as f64);
        check_calls(operation, &costs, body, &mut limits);
    }
    report_signing(&calls.body(), &server, brief, &mut limits);
    limits.exit_code()
}

/// The CPU time of some work.
fn microseconds(work: impl FnOnce()) -> f64 {
    let start = cpu_time();
    work();
    (cpu_time() - start).as_secs_f64() * 1e6
}

fn show_calls(operation: Operation, rounds: &[[f64; 5]], costs: &[Cost; 5]) {
    println!(
        "\n{:<22}{:>12}{:>9}{:>14}{:>9}{:>13}{:>9}",
        operation.name(),
        "CPU",
        "by hand",
        "instructions",
        "by hand",
        "allocations",
        "bytes"
    );
    for ((index, way), cost) in Way::ALL.into_iter().enumerate().zip(costs) {
        let times = rounds.iter().map(|round| round[index]);
        let ratios = rounds.iter().map(|round| round[index] / round[0]);
        println!(
            "  {:<20}{:>9.1} µs{:>8.2}×{:>14.0}{:>8.2}×{:>13.1}{:>9.0}",
            way.name(),
            times.fold(f64::INFINITY, f64::min),
            median(ratios.collect()),
            cost.instructions,
            cost.instructions / costs[0].instructions,
            cost.allocations,
            cost.bytes
        );
    }
}

/// Holds the generated call against the one by hand. With a body of this size, a copy of it would show in the bytes.
fn check_calls(operation: Operation, costs: &[Cost; 5], body: Option<f64>, limits: &mut Limits) {
    let by_hand = costs[0];
    for (way, cost) in Way::ALL.into_iter().zip(costs) {
        let what = |what| format!("{}, {}: {what}", operation.name(), way.name());
        if way == Way::Generated {
            let instructions = cost.instructions / by_hand.instructions;
            limits.check(&what("instructions, by hand 1"), instructions, GENERATED);
            let more = cost.allocations - by_hand.allocations;
            limits.check(&what("allocations more than by hand"), more, ALLOCATIONS);
        }
        if let (Way::Generated, Some(body)) = (way, body) {
            let more = cost.bytes - by_hand.bytes;
            limits.check(&what("bytes more than by hand"), more, body);
        }
    }
}

fn report_signing(body: &[u8], server: &Server, brief: bool, limits: &mut Limits) {
    let signing = Signing::new();
    let sign = |body| drop(black_box(signing.sign(black_box(body))));
    let check = || drop(black_box(check_id()));
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
        "checking an id: {:.2} µs, {} allocations\n",
        fastest(&check),
        allocated(&check).count_total
    );
    limits.check("signing: instructions", large.instructions, SIGNATURE);
    let more = large.bytes - allocated(&|| sign(b"{}")).bytes_total as f64;
    limits.check("signing: bytes that depend on the body", more, 0.0);
}
