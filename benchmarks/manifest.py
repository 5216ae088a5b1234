"""What the life cycle of runs costs when many processes run at once on one directory, and whether all of it is there after.

Each process starts runs, goes through one step in each, and completes them: four lifecycle events a run. The README has
a thousand rows to begin with. Printed are events a second with and without fsync, how long a start takes, how many events
one rewrite of the README showed, and how many runs were lost or came twice. Nothing here passes or fails.

    python benchmarks/manifest.py [--processes N] [--runs N] [--rows N] [--journal EVENTS] [--kill N]
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import os
import platform
import random
import signal
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

from irl_logging import Execution
from irl_logging.manifest.template import template
from irl_logging.storage.events import encode

EVENTS_A_RUN = 4
AGENT = "agent-load"


def readme(rows: int) -> bytes:
    """The specification's README with `rows` ended runs in it, the newest first."""
    day = "| nightly | 2025-{:02d}-{:02d}T{:02d}:{:02d}:00Z | ✓ Complete | {} approved, 2 flagged | human:samson |\n"
    lines = [day.format(1 + n // 672, 1 + n // 24 % 28, n % 24, n % 60, n) for n in range(rows, 0, -1)]
    head, marker, tail = template().decode().partition("| _(none yet)_ | - | - | - | - |\n")
    return (head + ("".join(lines) or marker) + tail).encode()


def journal(events: int) -> bytes:
    """A journal of `events` lifecycle events of runs that have ended and are shown."""
    data, shown = [], []
    for number in range(events // EVENTS_A_RUN):
        stamp = {
            "v": 1,
            "host": "load",
            "boot": "00000000",
            "pid": 1,
            "start": 1,
            "time": f"2025-01-01T00:{number // 60 % 60:02d}:{number % 60:02d}.000000Z",
        }
        run = {**stamp, "run": f"20250101T000000Z-{number:08x}", "workflow": "nightly", "mono": number / 10}
        started = {
            "event": "run.started",
            "title": "nightly",
            "agent": AGENT,
            "log": f"logs/nightly-{number}.log",
            "fields": {},
        }
        kinds = (
            started,
            {"event": "step.started", "step": "list"},
            {"event": "step.ended", "step": "list"},
            {"event": "run.ended", "status": "✓ Complete"},
        )
        data += [encode({**run, **kind, "seq": at}) for at, kind in enumerate(kinds)]
        shown.append(run["run"])
        if len(shown) == 200:
            data.append(encode({**stamp, "event": "manifest.shown", "runs": shown}))
            shown = []
    data.append(encode({"v": 1, "event": "manifest.shown", "runs": shown}))
    return b"".join(data)


def prepare(root: Path, rows: int, events: int) -> None:
    """Make an execution directory with a README and a journal."""
    root.mkdir()
    (root / "README.md").write_bytes(readme(rows))
    if events:
        directory = root / "active" / "journal"
        directory.mkdir(parents=True)
        (directory / "load-00000000.jsonl").write_bytes(journal(events))


def work(root: Path, name: int, runs: int, fsync: bool, ready: int, go: int, said: int) -> None:
    """One process of many: wait for the others, then start and complete `runs` runs; say what was acknowledged."""
    execution = Execution(root, fsync=fsync, completed_rows="all", agent=AGENT)
    Execution(root.parent / f"warm-{name}", agent=AGENT).start("load").complete()
    os.write(ready, b".")
    os.read(go, 1)
    cpu = time.process_time()
    for number in range(runs):
        before = time.perf_counter()
        run = execution.start("load")
        started = time.perf_counter() - before
        with run.step("work"):
            pass
        run.complete(f"{name}-{number}")
        took = time.process_time() - cpu
        os.write(said, f"{name}-{number} {started * 1000:.3f} {took * 1000:.3f}\n".encode())


class Rewrites(threading.Thread):
    """Counts the READMEs that come one after the other, and looks whether each is whole."""

    def __init__(self, path: Path) -> None:
        super().__init__(daemon=True)
        self.count = self.torn = 0
        self._path, self._over = path, threading.Event()
        self._tail = path.read_bytes()[-40:]

    def run(self) -> None:
        last = 0
        while not self._over.wait(0.001):
            found = self._path.stat().st_ino
            if found != last:
                last = found
                self.count += 1
                self.torn += not self._path.read_bytes().endswith(self._tail)

    def stop(self) -> None:
        self._over.set()
        self.join()


def load(root: Path, processes: int, runs: int, fsync: bool, kill: int) -> dict[str, object]:
    """Let the processes run, and count what they left."""
    (ready, is_ready), (go, start), (said, say) = os.pipe(), os.pipe(), os.pipe()
    children = []
    for name in range(processes):
        child = os.fork()
        if child == 0:
            os.close(start)
            code = 1
            try:
                work(root, name, runs, fsync, is_ready, go, say)
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    os.close(say)
    waiting = processes
    while waiting:
        waiting -= len(os.read(ready, waiting))
    words: list[str] = []
    last = [0.0]

    def listen() -> None:
        with os.fdopen(said) as answers:
            for line in answers:
                words.extend(line.split())
                last[0] = time.perf_counter()

    listener = threading.Thread(target=listen)
    listener.start()
    watcher = Rewrites(root / "README.md")
    watcher.start()
    before = time.perf_counter()
    os.close(start)
    doomed = random.sample(children, kill)
    for child in doomed:
        time.sleep(0.02)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    for child in children:
        os.waitpid(child, 0)
    listener.join()
    seconds = last[0] - before
    watcher.stop()
    for fd in (ready, is_ready, go):
        os.close(fd)
    return {**counted(root, words, seconds), "rewrites": watcher.count, "torn": watcher.torn}


def counted(root: Path, words: list[str], seconds: float) -> dict[str, object]:
    """What was acknowledged against what the README shows."""
    acknowledged, starts = words[::3], sorted(map(float, words[1::3]))
    cpu = dict(zip((name.partition("-")[0] for name in acknowledged), map(float, words[2::3]), strict=True))
    execution = Execution(root, completed_rows="all", agent=AGENT)
    execution.sync()
    text = (root / "README.md").read_text("utf-8")
    shown = collections.Counter(line.split("|")[4].strip() for line in text.splitlines() if line.startswith("| load |"))
    return {
        "events/s": len(acknowledged) * EVENTS_A_RUN / seconds,
        "events": len(acknowledged) * EVENTS_A_RUN,
        "p50": statistics.median(starts),
        "p95": starts[int(len(starts) * 0.95)],
        "cpu": sum(cpu.values()) / 1000,
        "lost": sum(name not in shown for name in acknowledged),
        "doubled": sum(times > 1 for name, times in shown.items() if "-" in name and name[0].isdigit()),
    }


def first_start(root: Path) -> tuple[float, float]:
    """Wall and CPU time in ms that the first run of a new process takes, from opening the directory to its end."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        wall, cpu = time.perf_counter(), time.process_time()
        Execution(root, agent=AGENT).start("load").complete("first")
        os.write(write, f"{(time.perf_counter() - wall) * 1000} {(time.process_time() - cpu) * 1000}".encode())
        os._exit(0)
    os.close(write)
    os.waitpid(child, 0)
    with os.fdopen(read) as answer:
        wall_ms, cpu_ms = answer.read().split()
    return float(wall_ms), float(cpu_ms)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--processes", type=int, default=100)
    parser.add_argument("--runs", type=int, default=5, help="runs of each process")
    parser.add_argument("--rows", type=int, default=1_000, help="rows that the README has to begin with")
    parser.add_argument("--journal", type=int, default=50_000, help="events of the journal that new processes find")
    parser.add_argument("--kill", type=int, default=0, help="processes that are killed on their way")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--directory", help="where to work; the system's temporary directory unless given")
    given = parser.parse_args()
    # What is loaded when it is first used is loaded here, so that the processes have it: their start is not the subject.
    with tempfile.TemporaryDirectory(dir=given.directory) as place:
        Execution(Path(place) / "warm", agent=AGENT).start("load").complete()
    os.chdir(given.directory or tempfile.gettempdir())  # whose pyproject.toml is none of ours to read in each process
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {given.processes} processes of {given.runs} runs,"
    )
    print(f"{EVENTS_A_RUN} events a run, a README of {given.rows} rows, {given.kill} killed, median of {given.rounds}")
    heads = {"": 10, "events/s": 10, "start p50": 12, "p95": 10, "events/rewrite": 16, "CPU/event": 12}
    heads |= {"lost": 6, "doubled": 9, "torn": 6}
    print("".join(f"{head:>{width}}" for head, width in heads.items()))
    for fsync in (True, False):
        rounds = []
        for _ in range(given.rounds):
            with tempfile.TemporaryDirectory(dir=given.directory) as place:
                root = Path(place) / "execution"
                prepare(root, given.rows, 0)
                rounds.append(load(root, given.processes, given.runs, fsync, given.kill))
        middle = {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}
        worst = {name: max(one[name] for one in rounds) for name in rounds[0]}
        cells = [
            "fsync" if fsync else "no fsync",
            f"{middle['events/s']:,.0f}",
            f"{middle['p50']:.1f} ms",
            f"{middle['p95']:.0f} ms",
            f"{middle['events'] / max(1, middle['rewrites']):.0f}",
            f"{middle['cpu'] / middle['events'] * 1000:.2f} ms",
            *(worst[name] for name in ("lost", "doubled", "torn")),
        ]
        print("".join(f"{cell:>{width}}" for cell, width in zip(cells, heads.values(), strict=True)))
    print("\nThe first run of a new process:")
    for events in (0, given.journal):
        with tempfile.TemporaryDirectory(dir=given.directory) as place:
            root = Path(place) / "execution"
            prepare(root, given.rows, events)
            times = [first_start(root) for _ in range(5)]
        wall, cpu = (statistics.median(column) for column in zip(*times[1:], strict=True))
        print(f"a journal of {events:>7,} events: {times[0][0]:.1f} ms ({times[0][1]:.1f} ms CPU), ", end="")
        print(f"the next processes {wall:.1f} ms ({cpu:.1f} ms CPU)")


if __name__ == "__main__":
    sys.exit(main())
