"""Unpacks an OCI image, checks it, and lets a script call what it starts: `run_image.py IMAGE FOLDER SCRIPT`.

Does what a container engine does with the image: digests, layers, configured user, folder, environment and command, with
`/etc/hosts` and `/etc/resolv.conf` from outside. The server for names that the latter leads to is a few lines below.
"""

import gzip
import hashlib
import io
import json
import os
import re
import socket
import subprocess
import sys
import tarfile
import threading
import time
from pathlib import Path

ADDRESS = "127.0.0.1"
PORT = 8437


def main() -> None:
    archive, root, script = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    config = unpack(archive, root)
    settings = config["config"]
    user = int(settings["User"].split(":")[0])
    assert user != 0, "the image runs as root"
    certificates = (root / "etc/ssl/certs/ca-certificates.crt").read_text()
    assert certificates.count("BEGIN CERTIFICATE") > 100, "the image lacks certificates"
    for document in root.glob("usr/share/doc/*/copyright"):
        for text in re.findall(r"/usr/share/common-licenses/[\w.-]*\w", document.read_text()):
            assert (root / text[1:]).exists(), f"{document} refers to {text}, which the image lacks"
    writable = [path for path in root.rglob("*") if not path.is_symlink() and path.stat().st_mode & 0o6002]
    assert [path.name for path in writable] == ["tmp"], f"anybody may write to {writable}"
    (root / "etc/resolv.conf").write_text(f"nameserver {ADDRESS}\n")
    (root / "etc/hosts").write_text("127.0.0.1 localhost\n")
    threading.Thread(target=answer_names, daemon=True).start()

    def start(*arguments: str, **options) -> subprocess.Popen:
        """Runs the program in the image, as the engine would."""
        return subprocess.Popen(
            [*settings["Entrypoint"], *arguments],
            env=dict(variable.split("=", 1) for variable in settings["Env"]) | options.pop("env", {}),
            preexec_fn=lambda: enter(root, settings["WorkingDir"], user),
            text=True,
            **options,
        )

    sandbox = start(*settings["Cmd"], "--allow-host", "sandbox.test", stdout=subprocess.PIPE)
    try:
        first = sandbox.stdout.readline().strip()
        assert first == f"http://0.0.0.0:{PORT}", f"the first line is {first!r}"
        # The script's `workspace` is the image's.
        commands = root.parent / "commands"
        commands.mkdir()
        os.symlink(root / "usr/bin/workspace", commands / "workspace")
        path = f"{commands}:{os.environ['PATH']}"
        subprocess.run(["sh", script, f"http://{ADDRESS}:{PORT}"], check=True, env=os.environ | {"PATH": path})
        # A name that only the name server knows: glibc finds its libraries and settings in the image.
        credentials = {"HW_AUTH_TOKEN": "sandbox-token", "HUAWEICLOUD_SDK_PROJECT_ID": "0bec5db98280d2d02fd6c00c2de791ce"}
        call = start(
            "--endpoint", f"http://sandbox.test:{PORT}", "--allow-plain-http",
            "detach-info", "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001",
            env=credentials, stdout=subprocess.PIPE,
        )  # fmt: skip
        output, _ = call.communicate(timeout=60)
        assert call.returncode == 0 and "li-na" in output, f"a call by name failed: {output}"
    finally:
        sandbox.terminate()
    begin = time.monotonic()
    assert sandbox.wait(timeout=10) == 0, f"the sandbox ended with {sandbox.returncode}"
    print(f"the image runs as {user}, finds names, and stops in {time.monotonic() - begin:.1f} s")


def unpack(archive: str, root: Path) -> dict:
    """Unpacks the layers and returns the configuration; fails if a digest is not that of the content."""
    with tarfile.open(archive) as image:

        def blob(descriptor: dict) -> bytes:
            algorithm, digest = descriptor["digest"].split(":")
            content = image.extractfile(f"blobs/{algorithm}/{digest}").read()
            assert hashlib.sha256(content).hexdigest() == digest and len(content) == descriptor["size"]
            return content

        index = json.load(image.extractfile("index.json"))
        (described,) = index["manifests"]
        manifest = json.loads(blob(described))
        config = json.loads(blob(manifest["config"]))
        layers = [gzip.decompress(blob(layer)) for layer in manifest["layers"]]
    digests = [f"sha256:{hashlib.sha256(layer).hexdigest()}" for layer in layers]
    assert digests == config["rootfs"]["diff_ids"], "the configuration names other layers"
    for layer in layers:
        with tarfile.open(fileobj=io.BytesIO(layer)) as files:
            # Owners and modes as they are. Python before 3.11.4, such as Debian 12's, does nothing else.
            if hasattr(tarfile, "fully_trusted_filter"):
                files.extraction_filter = tarfile.fully_trusted_filter
            files.extractall(root, numeric_owner=True)
    return config


def enter(root: Path, folder: str, user: int) -> None:
    os.chroot(root)
    os.chdir(folder)
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)


def answer_names() -> None:
    """Answers each question for an IPv4 address with loopback's, and others with none."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((ADDRESS, 53))
    while True:
        query, sender = server.recvfrom(512)
        end = query.index(b"\0", 12) + 5
        question = query[12:end]
        is_address = question[-4:-2] == b"\0\1"
        header = query[:2] + b"\x81\x80" + b"\0\1" + (b"\0\1" if is_address else b"\0\0") + b"\0" * 4
        answer = b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4" + socket.inet_aton(ADDRESS) if is_address else b""
        server.sendto(header + question + answer, sender)


if __name__ == "__main__":
    main()
