"""Which files to scan, and their bytes, unpacked."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import IO, Any, Final

from irl_logging.scanning.pieces import CHUNK, Read

PACKED: Final = {".gz": "gzip", ".bz2": "bz2", ".xz": "lzma"}
"""Suffix of a compressed file -> the standard library's module for it."""

_SKIPPED: Final = frozenset({".git"})  # its objects are compressed; `history` looks at what they are


def files_in(paths: Iterable[Path], failed: Callable[[OSError], None]) -> Iterator[Path]:
    """Yield the files that are named and those below the directories that are named, each once.

    Symbolic links below a directory are not followed, and what is not a regular file there is left out.

    Args:
        paths: Files and directories.
        failed: Is called with what went wrong where a directory cannot be listed.
    """
    seen: set[str] = set()
    for path in paths:
        for file in _below(path, failed) if path.is_dir() else (path,):
            if (name := os.path.realpath(file)) not in seen:
                seen.add(name)
                yield file


def _below(directory: Path, failed: Callable[[OSError], None]) -> Iterator[Path]:
    for parent, folders, names in os.walk(directory, onerror=failed):
        folders[:] = sorted(set(folders) - _SKIPPED)
        for name in sorted(names):
            path = Path(parent, name)
            if path.is_file() and not path.is_symlink():
                yield path


def packing(name: str) -> Any:
    """Return the module that a file of this name is packed with; None for one that is not packed."""
    module = PACKED.get(Path(name).suffix.lower())
    return import_module(module) if module else None  # few files are packed, and few processes look at any


def unpacked(file: IO[bytes], name: str) -> Read:
    """Return what reads a file's bytes, unpacked where its name says that it is packed.

    Reading raises `OSError`, also for what cannot be unpacked.
    """
    module = packing(name)
    if module is None:
        return partial(file.read, CHUNK)
    with _readable():
        stream = module.open(file)

    def read() -> bytes:
        with _readable():
            return bytes(stream.read1(CHUNK))  # in small parts, so that what stands before any damage is seen

    return read


@contextmanager
def _readable() -> Iterator[None]:
    """Make one error of the many that a damaged file gives."""
    try:
        yield
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise OSError(errno.EIO, f"it cannot be unpacked: {error}") from error
