"""An execution directory: its settings, manifest, journal and runs, and left-over files."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from irl_logging.checking import check
from irl_logging.diagnosis.finding import Finding, Level, sized
from irl_logging.errors import IrlLoggingError
from irl_logging.execution import Execution
from irl_logging.lifecycle import RunState, Status
from irl_logging.notices import counted
from irl_logging.reaping import is_alive, is_here_and_alive
from irl_logging.settings import NAMES, Settings, load, misspelled, origins
from irl_logging.storage import segments
from irl_logging.storage.events import decode
from irl_logging.storage.journal import Journal
from irl_logging.storage.layout import Layout

_SHOWN: Final = 3
_LITTER: Final = re.compile(r"\..+\.[0-9a-f]{12}\.tmp")
_LITTER_SECONDS: Final = 60.0
_LOOKED_AT: Final = 64 * 1024 * 1024
_DROPPED: Final = re.compile(rb"(\d+) written late, (\d+) dropped: ")


def settings(execution: Execution) -> Iterator[Finding]:
    """Yield settings that differ from their defaults, where they are set, and variables that look like misspelt settings."""
    here, places = load(), origins()
    defaults = Settings(root=here.root)
    for name in NAMES:
        value = getattr(execution.settings, name)
        if name != "root" and value == getattr(defaults, name):
            continue
        shown = str(value) if name != "redaction" else ", ".join(sorted(value))
        if value != getattr(here, name):
            place = "given as an argument"
        else:
            place = f"from {places[name]}" if name in places else "found from the working directory"
        yield Finding(Level.OK, "settings", f"{name} is {execution.redactor.redact(shown)}, {place}")
    for variable, meant in misspelled().items():
        text = f"{execution.redactor.redact(variable)} in the environment is not a setting"
        yield Finding(Level.WARN, "settings", text, f"did you mean {meant}?")


def manifest(execution: Execution) -> Iterator[Finding]:
    """Yield whether README and `workflows.json` are up to date, and why they cannot be brought up to date."""
    if not execution.layout.used and not execution.layout.readme.exists():
        yield Finding(
            Level.WARN, "manifest", "README.md does not exist", "`irl init` creates it, and so does the first run"
        )
        return
    found = check(execution.layout, completed_rows=execution.settings.completed_rows)
    unreadable = [it for it in found.differences if it.kind == "not readable"]
    links = [it for it in found.differences if it.kind == "dead link"]
    rows = [it for it in found.differences if it not in unreadable and it not in links]
    for difference in unreadable:
        text = f"{difference.file} cannot be brought up to date: {execution.redactor.redact(difference.text)}"
        yield Finding(
            Level.PROBLEM, "manifest", text, "nothing is lost: the journal has it, and `irl sync` tries again"
        )
    if rows:
        text = f"{counted(len(rows), 'difference')} between the manifest and the journal"
        yield Finding(Level.WARN, "manifest", text, "`irl check` lists them, `irl sync` fixes them")
    if links:
        text = f"{counted(len(links), 'row')} of README.md name files that do not exist"
        yield Finding(Level.WARN, "manifest", text, "`irl check` lists them")
    if not found.differences:
        text = f"up to date: {found.running} running, {found.ended} ended"
        yield Finding(Level.OK, "manifest", text if found.journal else "in order; nothing has run here yet")


def journal(execution: Execution) -> Iterator[Finding]:
    """Yield how large the journal is, and where it is damaged."""
    directory = execution.layout.journal
    found = segments.listed(directory)
    size = sum(stamp[1] for stamp in found.values())
    damaged = [(name, offset) for name in found for offset in _damaged(directory / name)]
    if damaged:
        where = ", ".join(f"{name} at byte {offset:,}" for name, offset in damaged[:_SHOWN])
        more = f" and {len(damaged) - _SHOWN} more" if len(damaged) > _SHOWN else ""
        text = f"{counted(len(damaged), 'record')} cannot be read: {where}{more}"
        yield Finding(Level.WARN, "journal", text, "each is one event lost; check the disk, then remove these lines")
    yield Finding(Level.OK, "journal", f"{counted(len(found), 'segment')}, {sized(size)}")


def _damaged(segment: Path) -> Iterator[int]:
    """Yield where records with a wrong checksum begin; a last line without an end is still being written."""
    offset = 0
    with segment.open("rb") as lines:
        for line in lines:
            if line.endswith(b"\n") and line != b"\n" and decode(line[:-1]) is None:
                yield offset
            offset += len(line)


def runs(execution: Execution) -> Iterator[Finding]:
    """Yield open runs that have died here, and those that this machine knows nothing about."""
    layout = execution.layout
    running = [run for run in Journal(layout.journal).runs().values() if run.open]
    dead = [run.id for run in running if not is_alive(layout, run)]
    kept_open = [run for run in running if run.id not in dead and _awaits_commands(run)]
    away = [
        run for run in running if run.id not in dead and run not in kept_open and not is_here_and_alive(layout, run)
    ]
    if dead:
        text = f"{counted(len(dead), 'run')} died without a word: {', '.join(dead[:_SHOWN])}"
        yield Finding(Level.WARN, "runs", text, "`irl sync` ends them as crashed")
    for run in away:
        text = f"{run.id} of {run.title} runs on {run.host}, last heard of at {run.last_time[:19]}Z"
        yield Finding(Level.WARN, "runs", text, f"if it never comes back: irl resolve {run.id} --as crashed")
    if kept_open:
        yield Finding(Level.OK, "runs", f"{len(kept_open)} of `irl start` open for commands")
    alive = len(running) - len(dead) - len(away) - len(kept_open)
    yield Finding(Level.OK, "runs", f"{alive} running on this machine")


def _awaits_commands(run: RunState) -> bool:
    """Is this a detached run that no process holds, with a recent enough command? That is how it should be."""
    return run.detached and not run.pid and run.status != Status.STALE


def leftovers(execution: Execution) -> Iterator[Finding]:
    """Yield temporary files of killed writers, and texts of people that were put aside."""
    root = execution.layout.root
    litter = [path for path in _hidden(root) if _LITTER.fullmatch(path.name) and _old(path)]
    if litter:
        names = ", ".join(path.relative_to(root).as_posix() for path in litter[:_SHOWN])
        yield Finding(Level.WARN, "leftovers", f"{counted(len(litter), 'temporary file')}: {names}", "remove them")
    for path in sorted(root.glob("README.md.foreign-*")):
        text = f"{path.name} has what somebody wrote to README.md at the same time as others"
        yield Finding(Level.WARN, "leftovers", text, "copy over what is missing, then remove the file")
    if not litter:
        yield Finding(Level.OK, "leftovers", "no temporary files")


def _hidden(root: Path) -> list[Path]:
    return [path for folder in (root, *root.glob("*/"), *root.glob("archive/*/")) for path in folder.glob(".*.tmp")]


def _old(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > _LITTER_SECONDS
    except OSError:
        return False


def lines(execution: Execution) -> Iterator[Finding]:
    """Yield what the newest logs say of lines that could not be written, and which of them lack the end of their run."""
    left, late, dropped, files = _LOOKED_AT, 0, 0, 0
    cut: list[str] = []
    ended = _ended(execution.layout)
    for path in _newest(execution.layout):
        if left <= 0:
            break
        try:
            data = path.read_bytes()[-left:]
        except OSError:
            continue
        left -= len(data)
        found = [(int(one), int(two)) for one, two in _DROPPED.findall(data)]
        late, dropped = late + sum(one for one, _ in found), dropped + sum(two for _, two in found)
        files += bool(found)
        log = execution.layout.relative(path)
        cut += [log] if any(_lacks_end(data, run) for run in ended.get(log, ())) else []
    if cut:
        text = f"{counted(len(cut), 'log')} of the newest without the end of a run: {', '.join(cut[:_SHOWN])}"
        yield Finding(Level.WARN, "lines", text, "the last lines could not be written, or somebody removed them")
    if dropped:
        text = f"{counted(dropped, 'line')} dropped and {late:,} written late in {counted(files, 'log')} of the newest"
        yield Finding(Level.WARN, "lines", text, "grep 'could not be written' execution/logs/*.log says when and why")
    elif not cut:
        yield Finding(
            Level.OK, "lines", "none dropped in the newest logs" + (f", {late:,} written late" if late else "")
        )


def _ended(layout: Layout) -> dict[str, list[str]]:
    """Return the ids of the runs that have ended, by log; one that still holds its lock is about to say so there."""
    found: dict[str, list[str]] = {}
    for run in Journal(layout.journal).runs().values():
        if not run.open and not layout.token(run.id).exists():
            found.setdefault(run.log, []).append(run.id)
    return found


def _lacks_end(data: bytes, run: str) -> bool:
    """Is the last line that names a run its start, or a decision? A run that is not named has its lines elsewhere."""
    end = data.rfind(b" run=" + run.encode())
    if end < 0:
        return False
    head = data[data.rfind(b"\n", 0, end) + 1 : end].split(b"] ", 4)
    return head[3:4] == [b"[start"] or (head[4:] != [] and head[4].startswith(b"Decision: "))


def _newest(layout: Layout) -> list[Path]:
    try:
        with os.scandir(layout.logs) as entries:
            found = [(entry.stat().st_mtime, entry.path) for entry in entries if entry.name.endswith(".log")]
    except OSError:
        return []
    return [Path(path) for _, path in sorted(found, reverse=True)]


def look(execution: Execution) -> Iterator[Finding]:
    """Yield all findings of this module."""
    yield from settings(execution)
    root = execution.layout.root
    if root.exists() and not root.is_dir():
        yield Finding(
            Level.PROBLEM, "directory", f"{root} is not a directory", "move it away, then `irl init` creates one"
        )
        return
    if not root.is_dir():
        yield Finding(
            Level.WARN, "directory", f"{root} does not exist", "`irl init` creates it, and so does the first run"
        )
        return
    if not os.access(root, os.W_OK | os.X_OK):
        yield Finding(Level.PROBLEM, "directory", f"{root} cannot be written", "give this user the right to")
    for part in (manifest, journal, runs, leftovers, lines):
        try:
            yield from part(execution)
        except (OSError, IrlLoggingError) as error:
            yield Finding(Level.PROBLEM, part.__name__, f"cannot be examined: {error}")
