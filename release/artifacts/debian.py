"""The Debian package, built by dpkg-deb from a folder."""

import os
import subprocess
import tempfile
from pathlib import Path

from .files import File, compress
from .program import GLIBC, Bundle
from .project import Project

PACKAGE = "workspace-api-cli"
COMPLETIONS = {
    "bash": "usr/share/bash-completion/completions/workspace",
    "zsh": "usr/share/zsh/vendor-completions/_workspace",
    "fish": "usr/share/fish/vendor_completions.d/workspace.fish",
}


def write(project: Project, bundle: Bundle) -> None:
    documents = f"usr/share/doc/{PACKAGE}"
    files = [
        bundle.executable("usr/bin"),
        *(File(f"usr/share/man/man1/{page}.gz", compress(content)) for page, content in bundle.manual.items()),
        *(File(COMPLETIONS[shell], content) for shell, content in bundle.completions.items()),
        File(f"{documents}/README.md", bundle.readme),
        File(f"{documents}/changelog.gz", compress(bundle.changelog)),
        File(f"{documents}/copyright", copyright_text(bundle).encode()),
    ]
    size = sum(len(file.content) for file in files) // 1024
    files.append(File("DEBIAN/control", control(project, size).encode()))
    with tempfile.TemporaryDirectory() as folder:
        for file in files:
            target = Path(folder, file.path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.content)
            target.chmod(file.mode)
        for directory, _, _ in os.walk(folder):
            os.chmod(directory, 0o755)
        # xz, because zstd is unknown to Debian 11 and older. dpkg-deb takes the time from the environment.
        subprocess.run(
            ["dpkg-deb", "--root-owner-group", "-Zxz", "--build", folder, f"{project.dist}/{PACKAGE}_{project.version}_amd64.deb"],
            check=True,
            stdout=subprocess.DEVNULL,
            env=os.environ | {"SOURCE_DATE_EPOCH": str(project.epoch)},
        )


def control(project: Project, size: int) -> str:
    home = f"Homepage: {project.home}\n" if project.home else ""
    return f"""Package: {PACKAGE}
Version: {project.version}
Architecture: amd64
Maintainer: The developers of workspace-api
Installed-Size: {size}
Depends: libc6 (>= {GLIBC[0]}.{GLIBC[1]}), ca-certificates
Section: net
Priority: optional
{home}Description: unbind users from cloud desktops of Huawei Cloud Workspace
 The command `workspace` unbinds users from desktops, reads who was unbound and
 logs desktops off. It brings a sandbox, which emulates the service.
 .
 It is not made or endorsed by Huawei.
"""


def copyright_text(bundle: Bundle) -> str:
    parts = ["workspace-api is licensed under Apache-2.0 or MIT, at your option."]
    for file in bundle.licenses:
        parts.append(f"{'=' * 80}\n{file.path}\n{'=' * 80}\n\n{file.content.decode()}")
    return "\n\n".join(parts)
