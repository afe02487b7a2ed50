"""npm packages: the command, and the contract. Neither has an install script."""

import json
from collections.abc import Sequence

from .files import File, tar_gz
from .program import Bundle
from .project import Project


def write_command(project: Project, bundle: Bundle) -> None:
    write(
        project,
        "workspace-api-cli",
        {
            "description": "The command `workspace`: unbind users from cloud desktops of Huawei Cloud Workspace; with a sandbox",
            "bin": {"workspace": "bin/workspace"},
            "os": ["linux"],
            "cpu": ["x64"],
            "libc": ["glibc"],
        },
        [bundle.executable("bin"), File("README.md", bundle.readme), *bundle.licenses],
    )


def write(project: Project, name: str, manifest: dict, files: Sequence[File]) -> None:
    manifest = {
        "name": name,
        "version": project.version,
        "license": f"({project.license})",
        **({"repository": project.home, "homepage": project.home} if project.home else {}),
        **manifest,
    }
    files = [File("package.json", (json.dumps(manifest, indent=2) + "\n").encode()), *files]
    packed = tar_gz((file.under("package") for file in files), project.epoch)
    (project.dist / f"{name}-{project.version}.tgz").write_bytes(packed)
