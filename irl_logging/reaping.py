"""Which open runs are dead: whose process is gone without having ended them.

Looking happens at every start and every read. A free lock is proof; without a lock file the owner is looked for by boot id,
process number and start time. What becomes of a dead run is decided by `execution`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from irl_logging.lifecycle import RunState
from irl_logging.storage.journal import Journal
from irl_logging.storage.layout import Layout
from irl_logging.storage.liveness import boot_id, host, process_start, seized

NEW_SECONDS: Final = 60.0
"""How long a lock file may be there before its run's start is in the journal."""


def dead_runs(layout: Layout, journal: Journal) -> Iterator[RunState]:
    """Yield each open run whose owner is dead.

    The run's lock is held while the caller deals with it, so that only one of several observers does, and its lock file is
    removed afterwards.

    Raises:
        OSError: when the journal or a lock file cannot be read.
    """
    for path in layout.runs.glob("*.lock"):
        with seized(path) as free:
            if not free:
                continue
            state = journal.runs().get(path.stem)
            if state is None and time.time() - path.stat().st_mtime < NEW_SECONDS:
                continue  # its start may be on its way into the journal
            if state is not None and state.open:
                yield state
            path.unlink(missing_ok=True)
    for state in journal.runs().values():
        if state.open and _gone(state, layout.token(state.id)):
            yield state


def _gone(state: RunState, token: Path) -> bool:
    """Without a lock file: is the owner surely dead? On another host nobody can say."""
    if state.host != host() or token.exists():
        return False
    return state.boot != boot_id() or process_start(state.pid) != state.start
