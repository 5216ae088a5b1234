"""Break the package on purpose, one way at a time, and see which test notices.

    python tests/faults/mutants.py
    python tests/faults/mutants.py "no fdatasync" "README in place"

A fault test that cannot fail proves nothing. Each mutant is one change in a copy of the repository, for which the tests that are
there to notice are named; they are run against the copy until one fails. Prints who noticed, and exits with 1 when a mutant
survives, or when its change does not fit the sources any more. Some of the tests need root, strace or cmark-gfm: a mutant whose
tests are all skipped has not been judged, and is said so.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LIMIT = 300.0
"""Seconds after which the tests of a mutant count as having noticed: it hangs."""

LOAD = "tests/faults/test_load.py::test_processes_that_are_killed_while_the_readme_is_read"
CALLS = "tests/faults/test_calls.py::test_an_error_from_a_call"
CUT = "tests/faults/test_powercut.py::test_what_was_acknowledged_survives"
CUT_WITHOUT_FSYNC = "tests/faults/test_powercut.py::test_what_is_given_up_without_fsync"
FOREIGN = "tests/manifest/test_foreign_edits.py::test_no_edit_and_no_row_is_lost"
ODD = "tests/faults/test_readme.py"
CRASHES = "tests/processes/test_crashes.py"


@dataclass(frozen=True)
class Mutant:
    """One way to break the package.

    Attributes:
        name: What is broken.
        module: The file below the package.
        old: The text that is replaced; it stands there once.
        new: What takes its place.
        tests: Those that are there to notice.
        marked: Which of them, for pytest's `-m`.
    """

    name: str
    module: str
    old: str
    new: str
    tests: tuple[str, ...]
    marked: str = "not slow"


MUTANTS = (
    Mutant(
        "README in place",
        "manifest/document.py",
        "        target = self.path.resolve()\n        try:\n            fd = os.open(target, os.O_RDONLY | _NONBLOCK | _CLOEXEC)",
        "        target = self.path.resolve()\n"
        "        with target.open('wb', buffering=0) as file:\n"
        "            for at in range(0, len(data), 512):\n"
        "                file.write(data[at : at + 512])\n"
        "        return self.stamp()\n"
        "        try:\n            fd = os.open(target, os.O_RDONLY | _NONBLOCK | _CLOEXEC)",
        (LOAD, FOREIGN),
    ),
    Mutant(
        "no manifest lock",
        "manifest/store.py",
        "lock = locks.try_lock(self._lock)",
        "lock = locks.try_lock(self._active / f'.{time.monotonic_ns()}.lock')",
        (f"{ODD}::test_somebody_holds_the_manifest", LOAD),
    ),
    Mutant("no fdatasync", "storage/journal.py", "                _sync(segment.fd)", "                pass", (CUT,)),
    Mutant("README not synced", "storage/files.py", "                os.fsync(fd)\n        finally:", "                pass\n        finally:", (CUT,)),
    Mutant(
        "README not synced without fsync",
        "manifest/document.py",
        "data, durable=True, like=fd)",
        "data, durable=self._durable, like=fd)",
        (CUT_WITHOUT_FSYNC,),
        "slow",
    ),
    Mutant(
        "rows that are there are not looked for",
        "manifest/projection.py",
        "        missing = {run.id for run in wanted} - paired.keys()",
        "        missing = {run.id for run in wanted}",
        ("tests/faults/test_calls.py::test_a_kill_before_a_call", LOAD),
    ),
    Mutant(
        "what came out is not looked at",
        "manifest/document.py",
        "if _stamp(aside.stat()) == seen.stamp and not is_being_written(aside) and _content(aside) == seen.data:",
        "if True:",
        (FOREIGN, "tests/manifest/test_store.py"),
    ),
    Mutant(
        "rows that others took away stay away",
        "manifest/store.py",
        "if not seen.ours and since is None:",
        "if False:",
        ("tests/manifest/test_store.py", FOREIGN),
    ),
    Mutant("merges are not seen", "manifest/table.py", 'raise ManifestDeferred(f"has a conflict marker', 'str(f"', (ODD,)),
    Mutant(
        "git at work is not seen",
        "manifest/store.py",
        "        if abs(age) < _GIT_AT_WORK:",
        "        if abs(age) < 0:",
        ("tests/manifest/test_store.py",),
    ),
    Mutant("runs are never marked as shown", "manifest/store.py", "                self._mark_shown(shown)", "                pass", ("tests/manifest/test_store.py",)),
    Mutant(
        "the torn tail is not ended",
        "storage/journal.py",
        'if size and segment.last_byte(size) != b"\\n":',
        "if False:",
        ("tests/faults/test_damage.py", "tests/storage/test_journal.py"),
    ),
    Mutant("no checksum", "storage/events.py", "int(checksum, 16) != zlib.crc32(text)", "not text", ("tests/faults/test_damage.py",)),
    Mutant("joined records are lost", "storage/events.py", "            if event is not None:\n                yield record, event", "            if False:\n                yield record, event", ("tests/faults/test_damage.py",)),
    Mutant("a record twice counts twice", "storage/replay.py", "        if identity in seen:\n            return", "        if False:\n            return", ("tests/storage/test_journal.py", "tests/storage/test_replay.py")),
    Mutant("the journal is not appended to", "storage/journal.py", "os.O_RDWR | os.O_APPEND | os.O_CREAT", "os.O_RDWR | os.O_CREAT", (LOAD,)),
    Mutant("logs are not appended to", "storage/sink.py", "os.O_WRONLY | os.O_APPEND | os.O_CREAT", "os.O_WRONLY | os.O_CREAT", ("tests/faults/test_lines.py",)),
    Mutant(
        "what was refused is acknowledged",
        "storage/journal.py",
        "                    raise JournalError(",
        "                    return record\n                    raise JournalError(",
        (CALLS, "tests/faults/test_disk.py"),
    ),
    Mutant(
        "lines raise",
        "storage/sink.py",
        "            self._mend(descriptor, line)\n        except OSError as error:\n            self._fail(line, error)\n\n    def flush",
        "            self._mend(descriptor, line)\n        except OSError as error:\n            raise\n\n    def flush",
        (CALLS, "tests/faults/test_disk.py"),
    ),
    Mutant("the lock of a run is not held", "storage/liveness.py", "            locked = lock(descriptor, wait=True)", "            locked = True", (CRASHES, LOAD)),
    Mutant(
        "a child keeps the run of its parent alive",
        "storage/liveness.py",
        "    os.register_at_fork(after_in_child=_abandon_all)",
        "    pass",
        ("tests/processes/test_children.py", "tests/storage/test_liveness.py"),
    ),
    Mutant("start times are not compared", "reaping.py", "process_start(state.pid) != state.start", "process_start(state.pid) == 0", (CRASHES,)),
    Mutant("zombies live", "storage/liveness.py", 'return 0 if fields[0] in (b"Z", b"X") else int(fields[19])', "return int(fields[19])", (CRASHES, "tests/storage/test_liveness.py")),
    Mutant("the other machine's runs are judged", "reaping.py", "return state.boot == boot_id() or state.host == host()", "return True", (CRASHES,)),
    Mutant("a bar is a bar", "manifest/cells.py", "[&<>|`", "[&<>`", ("tests/properties/test_rendering.py",)),
    Mutant("an address is a link", "manifest/cells.py", '"&#64;&#8288;"', '"&#64;"', ("tests/properties/test_rendering.py",)),
)  # fmt: skip


def copy_of_the_repository(directory: Path) -> tuple[Path, Path]:
    """Copy what the tests need, and make an environment that finds the copy; return the copy and its interpreter.

    The environment has the packages of this one, but not this package, which is installed there in a way that leads here.
    """
    copy = directory / "repository"
    ignored = shutil.ignore_patterns(".git", ".venv", ".*_cache", ".hypothesis", "__pycache__", "demo")
    shutil.copytree(ROOT, copy, ignore=ignored, symlinks=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", directory / "venv"], check=True)
    (site,) = (directory / "venv").glob("lib/python*/site-packages")
    packages = next(path for path in sys.path if path.endswith("site-packages"))
    (site / "mutants.pth").write_text(f"{copy}\n{packages}\n")
    return copy, directory / "venv" / "bin" / "python"


def judged(mutant: Mutant, copy: Path, python: Path) -> tuple[bool, str]:
    """Run the tests of a mutant against the copy; say whether all is well, and what was seen."""
    module = copy / "irl_logging" / mutant.module
    source = module.read_text(encoding="utf-8")
    if source.count(mutant.old) != 1:
        return False, f"its text stands {source.count(mutant.old)} times in {mutant.module}, expected once"
    module.write_text(source.replace(mutant.old, mutant.new), encoding="utf-8")
    options = ["-q", "--no-header", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", "-m", mutant.marked]
    skipped = 0
    try:
        for test in mutant.tests:
            try:
                done = subprocess.run(
                    [python, "-m", "pytest", *options, test],
                    cwd=copy,
                    env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
                    capture_output=True,
                    text=True,
                    timeout=LIMIT,
                )
            except subprocess.TimeoutExpired:
                return True, f"{test} hangs"
            if done.returncode == 1:
                noticed = re.search(r"^FAILED (\S+)", done.stdout, re.MULTILINE)
                return True, f"noticed by {noticed[1] if noticed else test}"
            if done.returncode:
                return False, f"{test} could not be run:\n{done.stdout}{done.stderr}"
            skipped += " passed" not in done.stdout
        if skipped == len(mutant.tests):
            return True, "not judged: its tests are skipped on this machine"
        return False, f"survives {', '.join(mutant.tests)}"
    finally:
        module.write_text(source, encoding="utf-8")


def main() -> int:
    """Judge the mutants that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", help="mutants; all when there is none")
    names = parser.parse_args().names
    unknown = set(names) - {mutant.name for mutant in MUTANTS}
    if unknown:
        parser.error(f"not known: {', '.join(sorted(unknown))}")
    well = True
    with tempfile.TemporaryDirectory() as directory:
        copy, python = copy_of_the_repository(Path(directory))
        for mutant in MUTANTS:
            if names and mutant.name not in names:
                continue
            began = time.monotonic()
            fine, seen = judged(mutant, copy, python)
            well &= fine
            print(f"{'ok  ' if fine else 'BAD '} {mutant.name}: {seen} ({time.monotonic() - began:.0f} s)", flush=True)
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
