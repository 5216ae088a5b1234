"""Where files are kept as they were before secrets were taken out of them.

A copy beside the file would be committed with it, and `irl scan` would find it. So copies stand outside of every
repository, or where git is told to look away, in a directory that only its owner can enter.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from irl_logging.scanning.history import Repository
from irl_logging.scanning.rewriting import ScrubError
from irl_logging.storage.files import publish

_OWN: Final = 0o700
_PRIVATE: Final = 0o600


class Backup:
    """A directory for the files of one scrub, made when the first comes.

    Args:
        home: Where it is made; None is the place for what programs keep of their user.
        away_from: Files and directories in which it must not be: those that are scrubbed and scanned.
        environ: The environment, which says where the user's things are.

    Raises:
        ScrubError: when that is no place for secrets, or there is none.
        HistoryError: when git cannot say whether it is.
    """

    def __init__(
        self, home: Path | None, away_from: Iterable[Path], *, environ: Mapping[str, str] = os.environ
    ) -> None:
        home = (home or _home(environ)).expanduser().absolute()
        self.directory = home / f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{secrets.token_hex(4)}"
        place = Path(os.path.realpath(home))
        for path in away_from:
            if place.is_relative_to(os.path.realpath(path)):
                raise ScrubError(
                    f"{home} is below {path}, where the secrets would be found again; name another directory"
                )
        repository = Repository.around(home)
        if repository is not None and not repository.ignores(self.directory):
            raise ScrubError(
                f"{home} is in a git repository that does not ignore it, and could be committed; name another directory"
            )

    def keep(self, path: Path, data: bytes) -> Path:
        """Keep `data` as what `path` held, on the disk when this returns, and return where.

        Raises:
            OSError: when it cannot be kept.
        """
        self.directory.parent.mkdir(parents=True, exist_ok=True)
        self.directory.mkdir(_OWN, exist_ok=True)
        real = Path(os.path.realpath(path))
        target = self.directory / real.relative_to(real.anchor)
        target.parent.mkdir(_OWN, parents=True, exist_ok=True)
        publish(target, data, mode=_PRIVATE)
        return target


def _home(environ: Mapping[str, str]) -> Path:
    """Return the place where programs keep what they know of their user (XDG's state home, or Windows' own)."""
    given = environ.get("XDG_STATE_HOME") or environ.get("LOCALAPPDATA")
    try:
        return Path(given or Path.home() / ".local" / "state") / "irl_logging" / "scrubbed"
    except RuntimeError:
        raise ScrubError("there is no home directory for a backup; name a directory") from None
