//! Measures the generator with contracts of 3 to 1,000 operations: small ones, which are all alike,
//! and copies of those of the vendor. The time is what a build waits, on as many threads as there are
//! processors; the CPU time is that of all threads.
//!
//! Run it with `cargo bench -p generation --profile dev`, because Cargo builds build scripts without
//! optimization. With `-- --brief`, the benchmark counts instructions for small contracts, also for
//! those whose last schema has a mistake that only progenitor finds, and fails if they grow faster
//! than the number of operations.

// A program for the terminal; a failure ends it.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "../../workspace-api/codegen/mod.rs"]
mod codegen;
mod synthetic;
mod vendor;

use std::env;
use std::process::ExitCode;
use std::time::Instant;

use measure::{Limits, cpu_time, cpu_time_since, instructions};

/// Maximum instructions per operation of a large contract, relative to a small contract.
const MAX_GROWTH: f64 = 1.02;

/// A schema with a default that the rules do not check.
const MISTAKE: &str = "    Last:
      type: object
      description: The last schema.
      properties:
        choice:
          description: A text or a number.
          default: true
          oneOf:
            - type: string
            - type: integer
";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["generate", operations] => {
            generated_lines(&synthetic::contract(operations.parse().unwrap()));
            ExitCode::SUCCESS
        }
        // For a profile.
        ["generate-like-vendor", operations] => {
            generated_lines(&vendor::contract(operations.parse().unwrap()));
            ExitCode::SUCCESS
        }
        ["refuse", operations] => {
            refuse(&synthetic::contract(operations.parse().unwrap()));
            ExitCode::SUCCESS
        }
        // For `benches/build`. Cargo appends `--bench`.
        ["contract", operations, ..] => {
            print!("{}", vendor::larger_contract(operations.parse().unwrap()));
            ExitCode::SUCCESS
        }
        _ if arguments.contains(&"--brief") => count(),
        _ => time(),
    }
}

fn generated_lines(contract: &str) -> usize {
    match codegen::client(contract) {
        Ok(client) => client.lines().count(),
        Err(diagnostics) => panic!("{}", diagnostics[0]),
    }
}

/// Checks that a mistake in the last schema is named.
fn refuse(contract: &str) {
    let diagnostics = codegen::client(&(contract.to_owned() + MISTAKE)).unwrap_err();
    let named = "the property `choice` of `Last`: ";
    assert!(
        diagnostics[0].message.starts_with(named),
        "{}",
        diagnostics[0]
    );
}

fn time() -> ExitCode {
    println!("operations   contract     client       time        CPU   CPU per operation");
    measure(
        "small, all alike",
        synthetic::contract,
        &[3, 30, 100, 197, 300, 1_000],
    );
    measure("like the vendor's", vendor::contract, &[28, 100, 197]);
    measure(
        "larger than the vendor's",
        vendor::larger_contract,
        &[100, 197],
    );
    println!("contract and client: number of lines");
    ExitCode::SUCCESS
}

fn measure(title: &str, contract: fn(usize) -> String, sizes: &[u16]) {
    println!("{title}:");
    for &operations in sizes {
        let contract = contract(operations.into());
        let (mut time, mut cpu) = (f64::INFINITY, f64::INFINITY);
        let mut lines = 0;
        let repetitions = (600 / operations).clamp(1, 10);
        for _ in 0..repetitions {
            let (start, cpu_start) = (Instant::now(), cpu_time());
            lines = generated_lines(&contract);
            time = time.min(start.elapsed().as_secs_f64());
            cpu = cpu.min(cpu_time_since(cpu_start).as_secs_f64());
        }
        println!(
            "{operations:>10}{:>11}{lines:>11}{time:>9.3} s{cpu:>9.3} s{:>17.2} ms",
            contract.lines().count(),
            cpu * 1e3 / f64::from(operations)
        );
    }
}

fn count() -> ExitCode {
    let mut limits = Limits::default();
    for (what, command, sizes) in [
        ("the generator's work", "generate", [3, 40, 200]),
        ("the search for a mistake", "refuse", [3, 20, 80]),
    ] {
        let counts = sizes.map(|operations| instructions(&[command, &operations.to_string()]));
        let growth = |from: usize, to: usize| {
            (counts[to] - counts[from]) / f64::from(sizes[to] - sizes[from])
        };
        let (small, large) = (growth(0, 1), growth(1, 2));
        let [_, few, many]: [u32; 3] = sizes;
        println!(
            "{what}, instructions per operation: {small:.0} up to {few} operations, {large:.0} up \
             to {many}"
        );
        limits.check(&format!("growth of {what}"), large / small, MAX_GROWTH);
    }
    limits.exit_code()
}
