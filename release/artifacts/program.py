"""The program itself: compiled for old distributions, with its manual pages and completions."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from .files import File, executable
from .project import LICENSES, Project, require, run

# The C library of CentOS 7, Debian 8 and Ubuntu 14.04. Zig brings the stubs to link against.
GLIBC = (2, 17)
TARGET = "x86_64-unknown-linux-gnu"
COMPLETIONS = {"bash": "workspace.bash", "zsh": "_workspace", "fish": "workspace.fish"}


def path(project: Project) -> Path:
    return project.fetched.parent / "release-build" / TARGET / "release" / "workspace"


def compile(project: Project) -> None:
    tools = require(project.fetched / "tools")
    build = path(project).parents[2]
    # Paths of this machine would be in the program, and make two machines' programs differ. The last one that fits counts.
    renamed = {
        project.root: "/workspace-api",
        Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo")): "/cargo",
        build: "/build",
    }
    environment = os.environ | {
        "CARGO_NET_OFFLINE": "true",
        "CARGO_TARGET_DIR": str(build),
        "SOURCE_DATE_EPOCH": str(project.epoch),
        "PATH": f"{tools / 'bin'}:{os.environ['PATH']}",
        # Cargo prefers it to all other flags, also to those of the user's configuration.
        "CARGO_ENCODED_RUSTFLAGS": "\x1f".join(f"--remap-path-prefix={folder}={name}" for folder, name in renamed.items()),
        "CFLAGS": " ".join(f"-ffile-prefix-map={folder}={name}" for folder, name in renamed.items()),
    }
    target = f"{TARGET}.{GLIBC[0]}.{GLIBC[1]}"
    command = ["cargo-zigbuild", "rustc", "--quiet", "--release", "--locked", "-p", "workspace-api-cli", "--bin", "workspace"]
    # A relative path, because the arguments are part of the program's symbols.
    link = ["--", "-Clink-arg=-Wl,-T,release/without_unwinding.ld"]
    if subprocess.run([*command, "--target", target, *link], cwd=project.root, env=environment).returncode != 0:
        sys.exit("the program could not be compiled")


def require_old_glibc(project: Project) -> None:
    """Stops if the program needs a newer C library than it promises, or another library."""
    headers = run("objdump", "-p", str(path(project))).decode()
    newest = max(tuple(map(int, found)) for found in re.findall(r"GLIBC_(\d+)\.(\d+)", headers))
    if newest > GLIBC:
        sys.exit(f"the program needs glibc {newest[0]}.{newest[1]}, which is newer than {GLIBC[0]}.{GLIBC[1]}")
    libraries = set(re.findall(r"NEEDED +(\S+)", headers))
    expected = {"libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1", "ld-linux-x86-64.so.2"}
    if not libraries <= expected:
        sys.exit(f"the program needs libraries that are not part of glibc: {libraries - expected}")


@dataclass(frozen=True)
class Bundle:
    """The program and its accompanying files."""

    program: bytes
    manual: dict[str, bytes]
    completions: dict[str, bytes]
    readme: bytes
    changelog: bytes
    licenses: list[File]

    @staticmethod
    def make(project: Project, third_party: str) -> "Bundle":
        command = str(path(project))
        help_text = run(command, "--help").decode()
        commands = re.findall(r"^  ([a-z][a-z-]*)  ", help_text.split("Commands:\n")[1].split("\n\n")[0], re.MULTILINE)
        manual = {"workspace.1": run(command, "man")}
        for name in commands:
            if name != "help":
                manual[f"workspace-{name}.1"] = run(command, "man", name)
        return Bundle(
            program=path(project).read_bytes(),
            manual=manual,
            completions={shell: run(command, "completions", shell) for shell in COMPLETIONS},
            readme=(project.root / "workspace-api-cli/README.md").read_bytes(),
            changelog=(project.root / "CHANGELOG.md").read_bytes(),
            licenses=[
                *(File(name, (project.root / name).read_bytes()) for name in LICENSES),
                File("THIRD-PARTY-NOTICES.txt", third_party.encode()),
            ],
        )

    def executable(self, folder: str) -> File:
        return executable(f"{folder}/workspace", self.program)
