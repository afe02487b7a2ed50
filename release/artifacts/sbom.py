"""The software bill of materials (CycloneDX 1.5): every crate that is compiled into the program, and Swagger UI."""

import json
import re
import tomllib
import uuid
from dataclasses import dataclass
from pathlib import Path

from .program import TARGET
from .project import Project, run

PACKAGE = "workspace-api-cli"
# The crate that brings Swagger UI as an archive.
SWAGGER_UI_CRATE = "utoipa-swagger-ui-vendored"


@dataclass(frozen=True)
class Component:
    name: str
    version: str
    license: str
    repository: str
    # Of the packed crate, as Cargo.lock has it; none for the project's own crates.
    checksum: str | None
    folder: Path
    dependencies: tuple[str, ...]
    ecosystem: str = "cargo"

    @property
    def purl(self) -> str:
        return f"pkg:{self.ecosystem}/{self.name}@{self.version}"

    @property
    def is_own(self) -> bool:
        return self.ecosystem == "cargo" and self.checksum is None


def components(project: Project) -> list[Component]:
    """Lists what is linked into the program: neither build scripts' crates nor macros."""
    tree = ["cargo", "tree", "--locked", "--offline", "-p", PACKAGE, "-e", "normal,no-proc-macro", "--target", TARGET]
    linked = set()
    for line in run(*tree, "--prefix", "none", "--format", "{p}", cwd=project.root).decode().splitlines():
        name, version = line.split()[:2]
        linked.add((name, version.removeprefix("v")))
    metadata = json.loads(
        run("cargo", "metadata", "--locked", "--offline", "--format-version", "1", "--filter-platform", TARGET, cwd=project.root)
    )
    packages = {package["id"]: package for package in metadata["packages"]}
    depends_on = {node["id"]: [edge["pkg"] for edge in node["deps"]] for node in metadata["resolve"]["nodes"]}
    lock = tomllib.loads((project.root / "Cargo.lock").read_text())
    checksums = {(package["name"], package["version"]): package.get("checksum") for package in lock["package"]}

    def identity(package: dict) -> tuple[str, str]:
        return package["name"], package["version"]

    found = []
    for id, package in packages.items():
        is_vendored = package["name"] == SWAGGER_UI_CRATE
        if identity(package) not in linked and not is_vendored:
            continue
        folder = Path(package["manifest_path"]).parent
        if is_vendored:
            found.append(swagger_ui(folder))
            continue
        needed = sorted(
            f"pkg:cargo/{packages[other]['name']}@{packages[other]['version']}"
            for other in depends_on[id]
            if identity(packages[other]) in linked
        )
        found.append(
            Component(
                *identity(package),
                # Cargo accepts a slash, an old way to say `OR`; SPDX does not.
                license=package["license"].replace("/", " OR "),
                repository=package["repository"] or "",
                checksum=checksums[identity(package)],
                folder=folder,
                dependencies=tuple(needed),
            )
        )
    return sorted(found, key=lambda component: (component.name, component.version))


def swagger_ui(folder: Path) -> Component:
    (archive,) = folder.glob("res/v*.zip")
    return Component(
        name="swagger-ui-dist",
        version=re.sub(r"^v|\.zip$", "", archive.name),
        license="Apache-2.0",
        repository="https://github.com/swagger-api/swagger-ui",
        checksum=None,
        folder=folder,
        dependencies=(),
        ecosystem="npm",
    )


def write(project: Project, parts: list[Component]) -> None:
    main = next(part for part in parts if part.name == PACKAGE)
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{main.purl}?time={project.epoch}')}",
        "version": 1,
        "metadata": {"timestamp": project.time.isoformat().replace("+00:00", "Z"), "component": entry(main, "application")},
        "components": [entry(part, "library") for part in parts if part is not main],
        "dependencies": [
            {"ref": part.purl, "dependsOn": dependencies(part, parts)} for part in parts
        ],
    }
    file = project.dist / f"{PACKAGE}-{project.version}.cdx.json"
    file.write_text(json.dumps(document, indent=1) + "\n")


def dependencies(part: Component, parts: list[Component]) -> list[str]:
    page = [other.purl for other in parts if other.ecosystem == "npm" and part.name == "workspace-api-sandbox"]
    return [*part.dependencies, *page]


def entry(part: Component, kind: str) -> dict:
    return {
        "type": kind,
        "bom-ref": part.purl,
        "name": part.name,
        "version": part.version,
        "purl": part.purl,
        "licenses": [{"expression": part.license}],
        **({"hashes": [{"alg": "SHA-256", "content": part.checksum}]} if part.checksum else {}),
        **({"externalReferences": [{"type": "vcs", "url": part.repository}]} if part.repository else {}),
    }
