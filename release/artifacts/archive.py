"""The archive for x86-64 Linux: the program with its manual pages, completions and licences."""

from .files import File, tar_gz
from .program import COMPLETIONS, Bundle
from .project import Project


def write(project: Project, bundle: Bundle) -> None:
    name = f"workspace-api-cli-{project.version}-x86_64-linux"
    files = [
        bundle.executable("bin"),
        *(File(f"share/man/man1/{page}", content) for page, content in bundle.manual.items()),
        *(File(f"share/completions/{COMPLETIONS[shell]}", content) for shell, content in bundle.completions.items()),
        File("README.md", bundle.readme),
        File("CHANGELOG.md", bundle.changelog),
        *bundle.licenses,
    ]
    (project.dist / f"{name}.tar.gz").write_bytes(tar_gz((file.under(name) for file in files), project.epoch))
