"""The file format of a backup: a compressed tar with its files below `execution/` and, at its end, their sizes and hashes.

Written and read as a stream, so that neither side holds it in memory. What goes into it is decided by `backup`, what comes
out of it is put into place by `restore`.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from importlib import import_module
from pathlib import Path
from typing import IO, Any, Final, cast

from irl_logging.errors import ArchiveError, ConfigurationError, MissingExtraError
from irl_logging.storage.pieces import BLOCK, MOST_RATIO

ENDINGS: Final = (".tar.gz", ".tgz", ".tar.zst")
"""What the name of a backup may end in."""

CONTENTS: Final = "irl-backup.json"
"""The last file of a backup, with the others' sizes and hashes."""

TOP: Final = "execution/"
VERSION: Final = 1

_LARGEST_CONTENTS: Final = 1 << 26
_FREE: Final = 1 << 20
_UNPACKERS: Final = frozenset({"zlib", "gzip", "zstd", "_zstd", "compression.zstd", "zstandard", "zstandard.backend_c"})
_PART: Final = re.compile(r"[^/\\:\0]+" if os.name == "nt" else r"[^/\0]+")


def packing(name: str) -> str:
    """Return how a backup of this name is packed: `gzip` or `zstd`.

    Raises:
        ConfigurationError: when the name does not say so.
    """
    if not name.endswith(ENDINGS):
        raise ConfigurationError(f"{name!r} has no known format: a backup's name ends in one of {', '.join(ENDINGS)}")
    return "zstd" if name.endswith(".zst") else "gzip"


def packer(file: IO[bytes], how: str) -> AbstractContextManager[IO[bytes]]:
    """Return what packs into `file`."""
    stream = gzip.GzipFile("", "wb", 6, file) if how == "gzip" else _zstd().open(file, "wb")
    return cast("AbstractContextManager[IO[bytes]]", stream)


def unpacker(file: IO[bytes]) -> AbstractContextManager[IO[bytes]]:
    """Return what unpacks `file`, which says itself how it is packed."""
    zstd = file.read(4) == b"\x28\xb5\x2f\xfd"
    file.seek(0)
    return cast("AbstractContextManager[IO[bytes]]", _zstd().open(file, "rb") if zstd else gzip.GzipFile(fileobj=file))


def _zstd() -> Any:
    for module in ("compression.zstd", "zstandard"):  # in the standard library since Python 3.14
        try:
            return import_module(module)
        except ImportError:
            continue
    raise MissingExtraError("a backup that is packed with zstd", "zstd")


class Contents:
    """Sizes and hashes of the files in a backup, as it was made or as it was read.

    Attributes:
        made: When, ISO 8601 UTC.
        files: Size and SHA-256 in hex by path below the execution directory.
    """

    def __init__(self, made: str = "") -> None:
        self.made = made
        self.files: dict[str, tuple[int, str]] = {}

    def encode(self) -> bytes:
        """Return the content of the file at the backup's end."""
        files = {name: {"size": size, "sha256": sha256} for name, (size, sha256) in self.files.items()}
        document = {"version": VERSION, "made": self.made, "files": files}
        return json.dumps(document, indent=1, ensure_ascii=True).encode() + b"\n"

    @classmethod
    def decode(cls, data: bytes) -> Contents:
        """Return what `encode` wrote.

        Raises:
            ArchiveError: when it is something else.
        """
        try:
            document = json.loads(data)
            if document["version"] != VERSION:
                raise ArchiveError(f"{CONTENTS} has version {document['version']!r}, expected {VERSION}")
            contents = cls(str(document["made"]))
            contents.files = {name: (int(it["size"]), str(it["sha256"])) for name, it in document["files"].items()}
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ArchiveError(f"{CONTENTS} is not what irl backup writes: {error!r}") from error
        return contents

    def compare(self, found: Contents) -> None:
        """Check what was found against what there should be.

        Raises:
            ArchiveError: when they differ; the message names the files.
        """
        faults = [f"{name} is missing" for name in self.files.keys() - found.files.keys()]
        faults += [f"{name} does not belong to it" for name in found.files.keys() - self.files.keys()]
        common = self.files.keys() & found.files.keys()
        faults += [f"{name} was changed" for name in common if self.files[name] != found.files[name]]
        if faults:
            more = f" and {len(faults) - 5} more" if len(faults) > 5 else ""
            raise ArchiveError(f"the backup was altered or is damaged: {', '.join(sorted(faults)[:5])}{more}")


class TarWriter:
    """Writes a backup.

    Args:
        stream: Where the unpacked tar goes.
        made: When, ISO 8601 UTC.
    """

    def __init__(self, stream: IO[bytes], made: str) -> None:
        self.contents = Contents(made)
        self._tar = tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - see close

    def add_directory(self, name: str, mode: int, mtime: float) -> None:
        """Add a directory, empty or not."""
        self._tar.addfile(_info(TOP + name, tarfile.DIRTYPE, mode, mtime))

    def add_file(self, name: str, mode: int, mtime: float, size: int, file: IO[bytes]) -> None:
        """Add the first `size` bytes of `file`.

        Raises:
            ArchiveError: when it has fewer.
        """
        info = _info(TOP + name, tarfile.REGTYPE, mode, mtime)
        info.size = size
        hashing = _Hashing(file)
        try:
            self._tar.addfile(info, cast("IO[bytes]", hashing))
        except OSError as error:
            if "unexpected end of data" in str(error):
                raise ArchiveError(f"{name} was cut short while it was read; make the backup again") from error
            raise
        self.contents.files[name] = (size, hashing.hash.hexdigest())

    def close(self) -> None:
        """Write what the backup contains, and its end."""
        data = self.contents.encode()
        info = _info(CONTENTS, tarfile.REGTYPE, 0o640, 0)
        info.size = len(data)
        self._tar.addfile(info, io.BytesIO(data))
        self._tar.close()


class _Hashing:
    """A file that is read and hashed at once."""

    def __init__(self, file: IO[bytes]) -> None:
        self.hash = hashlib.sha256()
        self._file = file

    def read(self, size: int) -> bytes:
        data = self._file.read(size)
        self.hash.update(data)
        return data


def _info(name: str, kind: bytes, mode: int, mtime: float) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.mode, info.mtime = kind, mode & 0o777, mtime
    return info


Take = Callable[[str, tarfile.TarInfo], IO[bytes] | None]
"""Is given the path below the execution directory of each directory and file, and returns where a file's bytes go."""


def read(path: Path, take: Take) -> Contents:
    """Read a backup to its end, check everything that it says of itself, and return what it contains.

    Args:
        path: The backup.
        take: Is asked for each file and directory, whose names have been checked.

    Raises:
        ArchiveError: when it is damaged, cut off, was changed, or holds what no backup of ours does.
        OSError: when it cannot be read, or its files not written.
    """
    found = Contents()
    with path.open("rb") as file, _told(path), unpacker(file) as stream:
        bounded = _Bounded(stream, file)
        with closing(tarfile.open(fileobj=cast("IO[bytes]", bounded), mode="r|")) as tar:
            for info in tar:
                if info.name == CONTENTS:
                    contents = Contents.decode(_small(tar, info))
                    if tar.next() is not None:
                        raise ArchiveError(f"something follows {CONTENTS}, which is the end of a backup")
                    while bounded.read(BLOCK):
                        pass  # what the packer says of the whole is at its very end
                    contents.compare(found)
                    return contents
                name = checked(info)
                if name in found.files:
                    raise ArchiveError(f"it holds {info.name!r} twice")
                out = take(name, info)
                if info.isreg():
                    found.files[name] = (info.size, _copied(tar, info, out))
    raise ArchiveError(f"{path} has no {CONTENTS} at its end: it was cut off, or irl backup did not make it")


def checked(info: tarfile.TarInfo) -> str:
    """Return the path below the execution directory of something in a backup.

    Raises:
        ArchiveError: when it is no file or directory below `execution/`.
    """
    inside = info.name.removeprefix(TOP)
    parts = inside.split("/")
    safe = all(_PART.fullmatch(part) and part not in {".", ".."} for part in parts)
    if not info.name.startswith(TOP) or not safe or not (info.isreg() or info.isdir()) or info.issparse():
        raise ArchiveError(f"it holds {info.name!r}, which no backup of ours does: nothing is taken from it")
    return inside


def _small(tar: tarfile.TarFile, info: tarfile.TarInfo) -> bytes:
    stream = tar.extractfile(info) if info.isreg() and info.size <= _LARGEST_CONTENTS else None
    if stream is None:
        raise ArchiveError(f"{CONTENTS} is not a file, or too large")
    return stream.read()


def _copied(tar: tarfile.TarFile, info: tarfile.TarInfo, out: IO[bytes] | None) -> str:
    hashed = hashlib.sha256()
    stream = tar.extractfile(info)
    while stream is not None and (block := stream.read(BLOCK)):
        hashed.update(block)
        if out is not None:
            out.write(block)
    if out is not None:
        out.close()
    return hashed.hexdigest()


class _Bounded:
    """The unpacked bytes of a backup, which end in an error where they are too many for the packed ones."""

    def __init__(self, stream: IO[bytes], file: IO[bytes]) -> None:
        self._stream = stream
        self._file = file
        self._size = 0

    def read(self, size: int) -> bytes:
        data = self._stream.read(size)
        self._size += len(data)
        if self._size > _FREE + MOST_RATIO * self._file.tell():
            raise ArchiveError(
                f"it unpacks to more than {MOST_RATIO} bytes for each packed one, which is no backup of ours"
            )
        return data


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Make one error of the many that a damaged file gives."""
    try:
        yield
    except Exception as error:
        if isinstance(error, (EOFError, tarfile.TarError, ValueError)) or type(error).__module__ in _UNPACKERS:
            raise ArchiveError(f"{path} is damaged: {error}") from error
        raise
