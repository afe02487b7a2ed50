//! The commands in the READMEs run as they are pasted.

use std::path::Path;
use std::{env, fs};

use workspace_api_sandbox::defaults;

use crate::fixture::Fixture;
use crate::help::{in_shell, without_sleep};

const DESKTOPS: [&str; 2] = [defaults::SINGLE_USER_DESKTOP, defaults::MULTI_USER_DESKTOP];

/// Returns the commands of each block that has some, without their output.
fn blocks(readme: &str) -> Vec<Vec<String>> {
    let blocks = readme.split("```console\n").skip(1);
    let blocks = blocks.map(|block| block.split("```").next().unwrap());
    blocks.map(commands).collect()
}

fn commands(block: &str) -> Vec<String> {
    let mut commands: Vec<String> = Vec::new();
    for line in block.lines() {
        match commands.last_mut() {
            Some(command) if command.ends_with('\\') => {
                command.pop();
                command.push_str(line);
            }
            _ => commands.extend(line.strip_prefix("$ ").map(str::to_owned)),
        }
    }
    commands
}

/// Returns the command in a form that runs in a test.
fn runnable(fixture: &Fixture, command: &str) -> String {
    let command = command
        .replace("AK=…", &format!("AK={}", defaults::ACCESS_KEY))
        .replace("SK=…", &format!("SK={}", defaults::SECRET_KEY))
        .replace("http://127.0.0.1:8437", fixture.sandbox.base_url());
    let is_asked = command.contains("workspace detach ") || command.contains("workspace logoff ");
    let is_answered = command.contains("--yes") || command.contains("--dry-run");
    if !is_asked || is_answered {
        return command;
    }
    // There is no terminal for a confirmation.
    let (command, comment) = command.split_once(" # ").unwrap_or((&command, ""));
    format!("{command} --yes # {comment}")
}

fn fixture() -> Fixture {
    let fixture = Fixture::with_seed(2, |seed| {
        for (desktop, id) in seed.projects[0].desktops.iter_mut().zip(DESKTOPS) {
            id.clone_into(&mut desktop.id);
            desktop.name = format!("lab-{}", &id[35..]);
        }
    });
    let list = format!("desktop_id\n{}\n", DESKTOPS[0]);
    fixture.file("friday.csv", list);
    fixture
}

/// Runs the blocks of a README, each on a new sandbox, and returns their number. A block without
/// `export` lines has those of the blocks before it.
fn run_blocks(path: &Path) -> usize {
    let readme = fs::read_to_string(path).unwrap();
    let mut exports = Vec::new();
    let mut count = 0;
    for block in blocks(&readme) {
        // These run until a signal, or need a machine of their own.
        let is_other =
            |line: &String| line.contains("workspace sandbox") || line.contains("docker");
        if block.iter().any(is_other) {
            continue;
        }
        let (exported, commands): (Vec<_>, Vec<_>) = block
            .into_iter()
            .partition(|line| line.starts_with("export "));
        if !exported.is_empty() {
            exports = exported;
        }
        let fixture = fixture();
        let endpoint = fixture.sandbox.base_url();
        let script = [&exports[..], &commands[..]].concat();
        let script: Vec<_> = script.iter().map(|line| runnable(&fixture, line)).collect();
        let script = format!(
            "unset HW_AUTH_TOKEN HW_PROJECT_ID HW_REGION_NAME
             export HUAWEICLOUD_SDK_REGION_WORKSPACE_AP_SOUTHEAST_1={endpoint}
             export HUAWEICLOUD_SDK_IAM_ENDPOINT={endpoint} HOME=$PWD
             set -e
             {}",
            script.join("\n")
        );
        let output = in_shell(&fixture, &without_sleep(&fixture, &script));
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{script}\n{stderr}");
        count += 1;
    }
    count
}

#[test]
fn the_commands_of_the_readmes_run_as_pasted() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    assert_eq!(run_blocks(&package.join("README.md")), 3);
    let root = package.join("../README.md");
    // The package has its own README only.
    if root.exists() {
        assert_eq!(run_blocks(&root), 5);
    }
}
