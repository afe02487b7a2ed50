"""The licences of everything that is compiled into the program, with the authors' own texts."""

import re
import sys
import zipfile
from pathlib import Path

from .project import Project, require, run
from .sbom import Component

LICENSE_FILE = re.compile(r"(licen[cs]e|copying|notice|copyright|unlicense)", re.IGNORECASE)
RULE = "-" * 100


def text(project: Project, components: list[Component]) -> str:
    """Lists the components, then gives each text once, below the names of those that come with it."""
    third_party = [component for component in components if not component.is_own]
    parts = [
        "Third-party software in the command `workspace`",
        "It has these components, whose licences follow. Their source is at the addresses below; that of a crate also at\n"
        "https://crates.io, and that of Swagger UI in the npm package `swagger-ui-dist`. Nothing of it was changed, except that\n"
        "two files of Swagger UI were taken out of its archive.",
        "\n".join(f"{part.name} {part.version}: {part.license} {part.repository}".rstrip() for part in third_party),
    ]
    texts: dict[str, tuple[str, list[str]]] = {}
    for component in third_party:
        for license in license_texts(project, component):
            key = " ".join(license.split())
            texts.setdefault(key, (license, []))[1].append(f"{component.name} {component.version}")
    for license, names in texts.values():
        heading = "\n".join(dict.fromkeys(names))
        parts.append(f"{RULE}\n\n{heading}\n\n{license.strip()}")
    parts.append(f"{RULE}\n\nThe Rust standard library\n\n{rust_notices()}")
    parts.append(f"{RULE}\n\nThe runtimes of Zig and LLVM, and start-up code of glibc, linked by Zig\n\n{runtime_notices(project)}")
    return "\n\n".join(parts) + "\n"


def license_texts(project: Project, component: Component) -> list[str]:
    if component.ecosystem == "npm":
        return swagger_ui_texts(project, component)
    found = [
        file.read_text(errors="replace")
        for file in sorted(component.folder.iterdir())
        if file.is_file() and LICENSE_FILE.match(file.name)
    ]
    if not found and component.license == "MPL-2.0":
        found = [(project.root / "release/licenses/MPL-2.0.txt").read_text()]
    if not found:
        sys.exit(f"{component.name} {component.version} ({component.license}) comes without its licence: add it to release/licenses")
    return found


def swagger_ui_texts(project: Project, component: Component) -> list[str]:
    """Gives the licence of Swagger UI, and those of what its bundle has, which the archive leaves out."""
    bundled = project.root / f"release/licenses/swagger-ui-{component.version}.txt"
    if not bundled.exists():
        sys.exit(f"{bundled} is missing: make it as release/README.md says, section Swagger UI")
    (archive,) = component.folder.glob("res/v*.zip")
    with zipfile.ZipFile(archive) as files:
        own = [files.read(f"swagger-ui-{component.version}/{name}").decode() for name in ("LICENSE", "NOTICE")]
    return [*own, bundled.read_text()]


def rust_notices() -> str:
    folder = Path(run("rustc", "--print", "sysroot").decode().strip()) / "share/doc/rust"
    page = (folder / "COPYRIGHT-library.html").read_text()
    page = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    page = re.sub(r"<[^>]+>", "", page)
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#39;", "'"), ("&#x27;", "'"), ("&#x2F;", "/"), ("&amp;", "&")):
        page = page.replace(entity, character)
    return re.sub(r"\n\s*\n\s*", "\n\n", page).strip()


def runtime_notices(project: Project) -> str:
    """Gives the licences of what the linker adds to every program."""
    (zig,) = require(project.fetched / "tools").glob("lib/python3*/site-packages/ziglang")
    return (
        "The licences of Zig's and LLVM's runtimes follow. glibc's start-up code may be linked into any program without\n"
        "restriction, as its licence (LGPL-2.1-or-later) says in an exception of its own.\n\n"
        f"{(zig / 'LICENSE').read_text().strip()}\n\n{(zig / 'lib/libunwind/LICENSE.TXT').read_text().strip()}"
    )
