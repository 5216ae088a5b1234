"""One run from start to end, which says how far it came, and what must be there afterwards, however far that was."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from irl_logging import Execution
from irl_logging.manifest.template import template
from tests.faults.readme import read

COMPLETE, CRASHED = "✓ Complete", "⚠️ Crashed"
LINE = "image pushed to the registry of the test"


def prepare(root: Path) -> None:
    """Make an execution directory with one run that has ended."""
    run = Execution(root, agent="agent-first", fsync=False).start("first")
    run.complete("first")
    shutil.copytree(root, root.with_suffix(".prepared"), symlinks=True)


def reset(root: Path) -> None:
    """Put the directory back to what `prepare` made."""
    shutil.rmtree(root)
    shutil.copytree(root.with_suffix(".prepared"), root, symlinks=True)


def live(execution: Execution, say: Callable[[str], object] = lambda _: None, tries: int = 1) -> None:
    """Start a run, log, enter a step and end it; say what was acknowledged.

    Args:
        execution: Where the run is.
        say: Is told `started`, `logged` and `ended`.
        tries: How often an event that is refused is tried: the refusal is an `OSError`, and nothing else is raised.
    """
    run = _insisting(tries, lambda: execution.start("deploy"))
    if run is None:
        return
    say("started")
    with run.step("push"):
        run.log("INFO", "push", LINE)
        say("logged")
    if _insisting(tries, lambda: run.complete("all done") or True):
        say("ended")


def _insisting(tries: int, do):
    for _ in range(tries):
        try:
            return do()
        except OSError:
            pass
    return None


def faults_of(root: Path, said: set[str]) -> list[str]:
    """Look at the directory as the next process finds it, and once more with all that is derived removed."""
    for lock in (root / "active" / "runs").glob("*.lock"):
        os.utime(lock, (1, 1))  # one without a run goes when it is old
    first = _found(root, said)
    before = (root / "README.md").read_bytes()
    for derived in (root / "active").iterdir():
        if derived.is_file() and derived.name not in (".gitignore", ".manifest.lock"):
            derived.unlink()
    again = [f"without what is derived: {fault}" for fault in _found(root, said)]
    if (root / "README.md").read_bytes() != before:
        again.append("without what is derived the README becomes another")
    return first + again


def _found(root: Path, said: set[str]) -> list[str]:
    execution = Execution(root, agent="agent-third", fsync=False)
    execution.sync()
    runs = [state for state in execution.runs() if state.workflow == "deploy"]
    # An event that was refused may be there all the same: it was written, and could not be synced.
    faults = [] if "started" not in said or runs else ["the run is not there"]
    faults += [f"the run is {run.status}" for run in runs if run.status not in (COMPLETE, CRASHED)]
    if [run.status for run in runs].count(COMPLETE) != 1 and "ended" in said:
        faults.append("the run has not ended")
    faults += [
        f"the summary is {run.summary!r}" for run in runs if (run.status == COMPLETE) != (run.summary == "all done")
    ]
    lines = [(root / run.log).read_text().count(LINE) for run in runs if (root / run.log).exists()]
    if "logged" in said and sum(lines) != 1:
        faults.append(f"the line stands {sum(lines)} times in the log")
    shown = read((root / "README.md").read_bytes())
    expected = sorted([("first", COMPLETE), *(("deploy", str(run.status)) for run in runs)])
    if sorted((row[0], row[2]) for row in shown.completed) != expected or shown.active:
        faults.append(f"the README shows {shown.active} and {shown.completed}, expected {expected}")
    if shown.prose != read(template()).prose:
        faults.append("the README's prose is not what it was")
    if json.loads((root / "active" / "workflows.json").read_bytes())["workflows"]:
        faults.append("workflows.json says that something runs")
    litter = [
        path.name for path in root.rglob("*") if path.name.endswith((".tmp", ".lock", ".out")) and path.name[0] != "."
    ]
    litter += [path.name for path in root.rglob(".*.tmp")]
    return faults + [f"left behind: {name}" for name in litter]
