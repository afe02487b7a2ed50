"""The contract as YAML and JSON, and as packages for npm and Python."""

import re
from pathlib import Path

from . import npm, program, wheel
from .files import File, executable
from .project import LICENSES, Project, run

SUMMARY = "The contract (OpenAPI 3.0) of three operations of Huawei Cloud Workspace, with a guide and a signer"
PYTHON = '''"""The contract of Huawei Cloud Workspace in OpenAPI 3.0: `YAML` and `JSON` are the paths of the two files."""

from pathlib import Path

YAML = Path(__file__).with_name("workspace.yaml")
JSON = Path(__file__).with_name("workspace.json")
'''


def write(project: Project) -> None:
    folder = project.root / "openapi"
    yaml = (folder / "workspace.yaml").read_bytes()
    json = run(str(program.path(project)), "spec", "--json")
    (project.dist / f"workspace-api-contract-{project.version}.yaml").write_bytes(yaml)
    (project.dist / f"workspace-api-contract-{project.version}.json").write_bytes(json)

    guide = without_outside_links((folder / "README.md").read_text()).encode()
    files = [
        File("workspace.yaml", yaml),
        File("workspace.json", json),
        executable("sign.sh", (folder / "sign.sh").read_bytes()),
        *(File(name, (folder / name).read_bytes()) for name in ("CHANGELOG.md", "facts.json")),
        *(File(f"{path.parent.name}/{path.name}", path.read_bytes()) for path in additions(folder)),
    ]
    licenses = [File(name, (project.root / name).read_bytes()) for name in LICENSES]
    manifest = {
        "description": SUMMARY,
        "main": "workspace.json",
        "types": "derived/workspace.d.ts",
        "exports": {".": {"types": "./derived/workspace.d.ts", "default": "./workspace.json"}, "./*": "./*"},
    }
    npm.write(project, "workspace-api-contract", manifest, [*files, File("README.md", guide), *licenses])

    module = "workspace_api_contract"
    inside = [File("__init__.py", PYTHON.encode()), File("README.md", guide), *files]
    wheel.write(
        project,
        module,
        tag="py3-none-any",
        summary=SUMMARY,
        readme=guide,
        files=[file.under(module) for file in inside],
        licenses=licenses,
    )


def additions(folder: Path) -> list[Path]:
    """The samples, and what is derived from the contract."""
    return [path for name in ("derived", "samples") for path in sorted((folder / name).iterdir())]


def without_outside_links(markdown: str) -> str:
    """Leaves the text of links to files that the packages do not have."""
    pattern = r"\[([^\]]*)\]\((?!https?:|#|sign\.sh|CHANGELOG\.md|facts\.json|derived/|samples/)([^)]*)\)"
    return re.sub(pattern, r"\1", markdown)
