"""SHA256SUMS, for `sha256sum --check`."""

import hashlib

from .project import Project


def write(project: Project) -> None:
    lines = [
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n"
        for file in sorted(project.dist.iterdir())
        if file.name != "SHA256SUMS"
    ]
    (project.dist / "SHA256SUMS").write_text("".join(lines))
