"""Python wheels: the command, and the contract. The format is PyPA's binary distribution format 1.0."""

import base64
import hashlib
from collections.abc import Sequence

from .files import File, zipped
from .program import GLIBC, Bundle
from .project import Project


def write_command(project: Project, bundle: Bundle) -> None:
    name = "workspace_api_cli"
    write(
        project,
        name,
        # `manylinux_2_17` promises the glibc that the program was compiled for.
        tag=f"py3-none-manylinux_{GLIBC[0]}_{GLIBC[1]}_x86_64",
        summary="The command `workspace`: unbind users from cloud desktops of Huawei Cloud Workspace; with a sandbox",
        readme=bundle.readme,
        files=[bundle.executable(f"{name}-{project.version}.data/scripts")],
        licenses=bundle.licenses,
    )


def write(
    project: Project,
    name: str,
    *,
    tag: str,
    summary: str,
    readme: bytes,
    files: Sequence[File],
    licenses: Sequence[File],
) -> None:
    metadata = [
        "Metadata-Version: 2.4",
        f"Name: {name.replace('_', '-')}",
        f"Version: {project.version}",
        f"Summary: {summary}",
        f"License-Expression: {project.license}",
        *(f"License-File: {file.path}" for file in licenses),
        *([f"Project-URL: Repository, {project.home}"] if project.home else []),
        "Requires-Python: >=3.9",
        "Description-Content-Type: text/markdown",
    ]
    wheel = ["Wheel-Version: 1.0", "Generator: workspace-api", f"Root-Is-Purelib: {str(tag.endswith('any')).lower()}", f"Tag: {tag}"]
    info = f"{name}-{project.version}.dist-info"
    everything = [
        *files,
        *(file.under(f"{info}/licenses") for file in licenses),
        File(f"{info}/METADATA", "\n".join(metadata).encode() + b"\n\n" + readme),
        File(f"{info}/WHEEL", ("\n".join(wheel) + "\n").encode()),
    ]
    record = "".join(f"{file.path},sha256={digest(file)},{len(file.content)}\n" for file in everything)
    everything.append(File(f"{info}/RECORD", f"{record}{info}/RECORD,,\n".encode()))
    (project.dist / f"{name}-{project.version}-{tag}.whl").write_bytes(zipped(everything, project.epoch))


def digest(file: File) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(file.content).digest()).decode().rstrip("=")
