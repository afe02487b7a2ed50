//! Measures the generator with contracts of 3 to 1,000 operations.
//!
//! Run it with `cargo bench -p benches --bench generation`. Cargo builds build scripts without
//! optimization, so add `--profile dev` to measure what a build takes. With `-- --brief`, the
//! benchmark counts instructions for small contracts, and fails if they grow faster than the number
//! of operations.

// A program for the terminal; a failure ends it.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "../workspace-api/codegen/mod.rs"]
mod codegen;

use std::env;
use std::process::ExitCode;
use std::time::Instant;

use measure::{Limits, instructions};

/// Maximum instructions per operation of a large contract, relative to a small contract.
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
    for operations in [3, 30, 300, 1_000_u16] {
        let contract = contract(operations.into());
        let mut fastest = f64::INFINITY;
        let mut lines = 0;
        let repetitions = (600 / operations).clamp(1, 10);
        for _ in 0..repetitions {
            let start = Instant::now();
            lines = generated_lines(&contract);
            fastest = fastest.min(start.elapsed().as_secs_f64());
        }
        println!(
            "{operations:>10}{:>11}{lines:>11}{fastest:>9.3} s{:>15.2} ms",
            contract.lines().count(),
            fastest * 1e3 / f64::from(operations)
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
    limits.check("growth of the generator's work", large / small, MAX_GROWTH);
    limits.exit_code()
}

/// Returns a contract of this many operations, which resemble the real ones and have separate
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
          description: The changed room.
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
      description: The cause of an error.
      properties:
        error_code:
          type: string
          description: The code of the error.
        error_msg:
          type: string
          description: A message about the error.
";

const SCHEMAS: &str = "    ChangeRoom{n}Req:
      type: object
      description: The changes to a room of the kind {n}.
      required: [lamps]
      properties:
        lamps:
          type: array
          description: The lamps of the room.
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
          description: The power of the lamp.
";
