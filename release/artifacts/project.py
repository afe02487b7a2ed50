"""The project as the manifests describe it, and the folders that a release is made in."""

import os
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LICENSES = ("LICENSE-APACHE", "LICENSE-MIT")


@dataclass(frozen=True)
class Project:
    root: Path
    # Everything that building needs and that `release/fetch` puts there.
    fetched: Path
    # Where the release is put.
    dist: Path
    version: str
    license: str
    # The address of the project's home, or an empty text while it has none.
    home: str
    # Seconds since 1970: the time of the commit, which every file of the release carries.
    epoch: int

    @staticmethod
    def read() -> "Project":
        package = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]
        target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
        epoch = os.environ.get("SOURCE_DATE_EPOCH") or git("log", "-1", "--format=%ct")
        return Project(
            root=ROOT,
            fetched=target / "release-fetched",
            dist=target / "dist",
            version=package["version"],
            license=package["license"],
            home=package["repository"],
            epoch=int(epoch),
        )

    @property
    def time(self) -> datetime:
        return datetime.fromtimestamp(self.epoch, UTC)

    def require_clean_tree(self) -> None:
        changes = git("status", "--porcelain")
        if changes:
            sys.exit(f"the tree has changes that are not committed:\n{changes}\nCommit them, or pass --allow-dirty.")


def git(*arguments: str) -> str:
    return run("git", "-C", str(ROOT), *arguments).decode().strip()


def run(*command: str, **options) -> bytes:
    """Returns what a command writes to standard output."""
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, **options).stdout


def require(path: Path) -> Path:
    if not path.exists():
        sys.exit(f"{path} is missing: run release/fetch first")
    return path
