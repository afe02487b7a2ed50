"""The container image in OCI format 1.0: the program on the few files of Debian that it needs, as a user without rights.

It is written file by file: neither a container engine nor a base image is needed.
"""

import hashlib
import io
import json
import re
import sys
import tarfile

from .files import File, compress, tar
from .program import Bundle
from .project import Project, require, run

USER = 65532
PORT = 8437
# Of glibc: the loader and the libraries that the program or name look-up loads. Locales and converters stay out.
LIBRARIES = re.compile(r"lib/x86_64-linux-gnu/(ld-linux-x86-64|lib(c|m|dl|rt|pthread|resolv|nss_dns|nss_files))\.so\.\d+$|lib64/")
# The licences of the packages, and the texts that they refer to.
LICENSES = re.compile(r"usr/share/doc/(?!base-files/)[^/]+/copyright$|usr/share/common-licenses/(GPL-2|LGPL-2\.1)$")
CERTIFICATES = re.compile(r"usr/share/ca-certificates/mozilla/.*\.crt$")
NETWORK = re.compile(r"etc/(services|protocols)$")

SOURCES = """The C library, the certificates and the names of services are from these binary packages of Debian, without changes.
Debian keeps the source of every version at https://snapshot.debian.org."""


def write(project: Project, bundle: Bundle) -> None:
    packages = sorted(require(project.fetched / "debian").glob("*.deb"))
    layers = [tar(base(packages), project.epoch), tar(top(bundle), project.epoch)]
    packed = [compress(layer) for layer in layers]
    config = encode(configuration(project, layers, [package.stem for package in packages]))
    manifest = encode(
        {
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": descriptor("application/vnd.oci.image.config.v1+json", config),
            "layers": [descriptor("application/vnd.oci.image.layer.v1.tar+gzip", layer) for layer in packed],
        }
    )
    name = f"workspace-api-cli:{project.version}"
    index = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.index.v1+json",
        "manifests": [
            descriptor("application/vnd.oci.image.manifest.v1+json", manifest)
            | {
                "platform": {"architecture": "amd64", "os": "linux"},
                "annotations": {"io.containerd.image.name": f"docker.io/library/{name}", "org.opencontainers.image.ref.name": project.version},
            }
        ],
    }
    # For `docker load` before version 25, which does not read index.json.
    docker = [{"Config": blob(config), "RepoTags": [name], "Layers": [blob(layer) for layer in packed]}]
    files = [
        File("oci-layout", encode({"imageLayoutVersion": "1.0.0"})),
        File("index.json", encode(index)),
        File("manifest.json", encode(docker)),
        *(File(blob(content), content) for content in (config, manifest, *packed)),
    ]
    (project.dist / f"workspace-api-cli-{project.version}-image.tar").write_bytes(tar(files, project.epoch))


def configuration(project: Project, layers: list[bytes], packages: list[str]) -> dict:
    created = project.time.isoformat().replace("+00:00", "Z")
    labels = {
        "org.opencontainers.image.title": "workspace-api-cli",
        "org.opencontainers.image.description": "The command `workspace`; by default a sandbox of Huawei Cloud Workspace",
        "org.opencontainers.image.version": project.version,
        "org.opencontainers.image.licenses": project.license,
        "org.opencontainers.image.base.name": "",
        **({"org.opencontainers.image.source": project.home} if project.home else {}),
    }
    return {
        "created": created,
        "architecture": "amd64",
        "os": "linux",
        "config": {
            "User": f"{USER}:{USER}",
            "WorkingDir": "/home/workspace",
            "Env": ["PATH=/usr/bin", "HOME=/home/workspace"],
            "Entrypoint": ["/usr/bin/workspace"],
            "Cmd": ["sandbox", "--listen", f"0.0.0.0:{PORT}"],
            "ExposedPorts": {f"{PORT}/tcp": {}},
            "StopSignal": "SIGTERM",
            "Labels": {key: value for key, value in labels.items() if value},
        },
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest(layer)}" for layer in layers]},
        "history": [
            {"created": created, "created_by": f"Debian packages: {', '.join(packages)}"},
            {"created": created, "created_by": f"workspace-api-cli {project.version}"},
        ],
    }


def base(packages) -> list[File]:
    files = [
        File("etc/passwd", f"root:x:0:0::/:/\nworkspace:x:{USER}:{USER}::/home/workspace:/\n".encode()),
        File("etc/group", f"root:x:0:\nworkspace:x:{USER}:\n".encode()),
        File("etc/nsswitch.conf", b"hosts: files dns\n"),
        File("tmp", mode=0o1777, is_folder=True),
        File("home/workspace", mode=0o750, is_folder=True, owner=USER),
    ]
    certificates = []
    for package in packages:
        with tarfile.open(fileobj=io.BytesIO(run("dpkg-deb", "--fsys-tarfile", str(package)))) as content:
            for member in content:
                path = member.name.removeprefix("./")
                if CERTIFICATES.match(path):
                    certificates.append((path, content.extractfile(member).read()))
                elif any(wanted.match(path) for wanted in (LIBRARIES, LICENSES, NETWORK)) and not member.isdir():
                    link = member.linkname if member.issym() else None
                    data = b"" if link else content.extractfile(member).read()
                    files.append(File(path, data, member.mode & 0o777, link))
    if not any(file.path.endswith("/libc.so.6") for file in files):
        sys.exit("the packages have no C library where Debian 12 has it: build on Debian 12")
    names = "\n".join(package.stem for package in packages)
    files.append(File("usr/share/doc/SOURCES", f"{SOURCES}\n\n{names}\n".encode()))
    # What update-ca-certificates makes of them.
    bundle = b"".join(content.rstrip(b"\n") + b"\n" for _, content in sorted(certificates))
    files.append(File("etc/ssl/certs/ca-certificates.crt", bundle))
    return files


def top(bundle: Bundle) -> list[File]:
    return [bundle.executable("usr/bin"), *(file.under("usr/share/doc/workspace-api-cli") for file in bundle.licenses)]


def encode(document: object) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def blob(content: bytes) -> str:
    return f"blobs/sha256/{digest(content)}"


def descriptor(media_type: str, content: bytes) -> dict:
    return {"mediaType": media_type, "digest": f"sha256:{digest(content)}", "size": len(content)}
