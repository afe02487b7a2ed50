"""Files of an archive in memory, and tar and zip archives that are the same bytes whenever they are made."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime


@dataclass(frozen=True)
class File:
    path: str
    content: bytes = b""
    mode: int = 0o644
    # Of a symbolic link: what it points to.
    link: str | None = None
    is_folder: bool = False
    owner: int = 0

    def under(self, folder: str) -> "File":
        return replace(self, path=f"{folder}/{self.path}")


def executable(path: str, content: bytes) -> File:
    return File(path, content, 0o755)


def tar(files: Iterable[File], epoch: int) -> bytes:
    """Packs files and the folders they are in, sorted by path."""
    entries: dict[str, File] = {}
    for file in files:
        parts = file.path.split("/")
        for depth in range(1, len(parts)):
            folder = "/".join(parts[:depth])
            entries.setdefault(folder, File(folder, mode=0o755, is_folder=True))
        entries[file.path] = file
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for path in sorted(entries):
            file = entries[path]
            info = tarfile.TarInfo(path)
            info.mtime, info.mode, info.uid, info.gid = epoch, file.mode, file.owner, file.owner
            if file.is_folder:
                info.type = tarfile.DIRTYPE
            elif file.link is not None:
                info.type, info.linkname = tarfile.SYMTYPE, file.link
            else:
                info.size = len(file.content)
            archive.addfile(info, io.BytesIO(file.content))
    return buffer.getvalue()


def compress(content: bytes) -> bytes:
    """Compresses as gzip, without a time and a name in the header."""
    return gzip.compress(content, compresslevel=9, mtime=0)


def tar_gz(files: Iterable[File], epoch: int) -> bytes:
    return compress(tar(files, epoch))


def zipped(files: Iterable[File], epoch: int) -> bytes:
    buffer = io.BytesIO()
    time = datetime.fromtimestamp(epoch, UTC).timetuple()[:6]
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in files:
            info = zipfile.ZipInfo(file.path, time)
            info.create_system = 3  # Unix, whose modes follow.
            info.external_attr = (0o100000 | file.mode) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, file.content)
    return buffer.getvalue()
