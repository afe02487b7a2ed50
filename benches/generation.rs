//! Measures the generator for contracts of 3 to 1,000 operations:
//! `cargo bench -p benches --bench generation --profile dev`.
//!
//! The build script runs the generator without optimization, hence the profile. With `-- --brief` the
//! benchmark only counts instructions, for small contracts, and exits with 1 if they grow more than
//! linearly.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // A command-line program that stops at the first error.
#![allow(clippy::cast_precision_loss)] // All counts are far below 2^52.

#[path = "../workspace-api/codegen/mod.rs"]
mod codegen;

use std::env;
use std::process::ExitCode;
use std::time::Instant;

use measure::{Limits, instructions};

/// Maximum instructions per operation of a large contract, relative to a small one.
const MAX_GROWTH: f64 = 1.02;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["generate", operations] => {
            generated_lines(&contract(operations.parse().unwrap()));
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

fn time() -> ExitCode {
    println!("operations   contract     client       time   per operation");
    for operations in [3, 30, 300, 1_000] {
        let contract = contract(operations);
        let mut fastest = f64::INFINITY;
        let mut lines = 0;
        for _ in 0..(600 / operations).clamp(1, 10) {
            let start = Instant::now();
            lines = generated_lines(&contract);
            fastest = fastest.min(start.elapsed().as_secs_f64());
        }
        println!(
            "{operations:>10}{:>11}{lines:>11}{fastest:>9.3} s{:>13.2} ms",
            contract.lines().count(),
            fastest * 1e3 / operations as f64
        );
    }
    println!("contract and client: number of lines");
    ExitCode::SUCCESS
}

fn count() -> ExitCode {
    let [few, some, many] =
        [3, 40, 200].map(|operations: u32| instructions(&["generate", &operations.to_string()]));
    let (small, large) = ((some - few) / 37.0, (many - some) / 160.0);
    println!("instructions per operation: {small:.0} up to 40 operations, {large:.0} up to 200");
    let mut limits = Limits::default();
    limits.check(
        "growth of instructions per operation",
        large / small,
        MAX_GROWTH,
    );
    limits.exit_code()
}

/// Returns a contract with this many operations, which resemble those of the real one. Each has its own
/// types.
fn contract(operations: usize) -> String {
    let mut yaml = START.to_owned();
    for number in 0..operations {
        yaml += &PATH.replace("{n}", &number.to_string());
    }
    yaml += COMPONENTS;
    for number in 0..operations {
        yaml += &SCHEMAS.replace("{n}", &number.to_string());
    }
    yaml
}

const START: &str = "openapi: 3.0.3
info:
  title: Synthetic
  version: 1.0.0
paths:
";

const PATH: &str = "  /v2/{project_id}/rooms{n}/{room_id}:
    post:
      operationId: ChangeRoom{n}
      description: Changes a room of the kind {n}.
      x-huaweicloud-iam-action: rooms:room{n}:change
      parameters:
        - $ref: '#/components/parameters/ProjectId'
        - name: room_id
          in: path
          required: true
          description: The room.
          schema:
            type: string
      requestBody:
        required: true
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/ChangeRoom{n}Req'
      responses:
        '200':
          description: The room as it is now.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Room{n}'
        '400':
          $ref: '#/components/responses/BadRequest'
        '404':
          $ref: '#/components/responses/BadRequest'
";

const COMPONENTS: &str = "components:
  parameters:
    ProjectId:
      name: project_id
      in: path
      required: true
      description: The project.
      schema:
        $ref: '#/components/schemas/ProjectId'
  responses:
    BadRequest:
      description: The request is invalid.
      content:
        application/json:
          schema:
            $ref: '#/components/schemas/ErrorResponse'
  schemas:
    ProjectId:
      type: string
      description: The id of a project.
      minLength: 1
      maxLength: 255
      pattern: '^[^/]*$'
    ErrorResponse:
      type: object
      description: The error.
      properties:
        error_code:
          type: string
          description: The code of the error.
        error_msg:
          type: string
          description: The message of the error.
";

const SCHEMAS: &str = "    ChangeRoom{n}Req:
      type: object
      description: The changes of a room of the kind {n}.
      required: [lamps]
      properties:
        lamps:
          type: array
          description: The new lamps.
          maxItems: 100
          items:
            $ref: '#/components/schemas/Lamp{n}'
        name:
          type: string
          description: The new name.
          minLength: 1
          maxLength: 64
    Room{n}:
      type: object
      description: A room of the kind {n}.
      properties:
        name:
          type: string
          description: The name.
        lamps:
          type: array
          description: The lamps.
          items:
            $ref: '#/components/schemas/Lamp{n}'
        favourite:
          $ref: '#/components/schemas/Lamp{n}'
    Lamp{n}:
      type: object
      description: A lamp of the kind {n}.
      properties:
        colour:
          type: string
          description: The colour of its light.
        watts:
          type: integer
          description: The power that it takes.
";
