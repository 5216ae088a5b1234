"""Many processes start and end runs at once, some are killed, and somebody reads the README all the while.

    python tests/faults/load.py --processes 100 --events 20 --kills 30 --rounds 20

A worker says on a pipe of its own what was acknowledged to it, so that a kill cannot take that back. When all have ended, each
acknowledged event has to be in the journal and in the README, once, and the README's prose has to be what it was. Prints
the figures as JSON, one object a round, and a sentence; exits with 1 when anything is wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import select
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from irl_logging import Execution
from irl_logging.manifest.document import SharedDocument
from irl_logging.manifest.template import template
from tests.faults.readme import Readme, read
from tests.faults.records import summaries

SECONDS = 600.0
OLD_ROW = "| nightly | 2026-01-01T00:00:00Z | ✓ Complete | old-{number} | agent-old |\n"


@dataclass
class Outcome:
    """What one round came to.

    Attributes:
        acknowledged: Events whose call returned.
        killed: Processes that were killed before they had ended.
        seconds: From the start signal until the last process had ended.
        cpu: Seconds of processor time that the processes took.
        rewrites: How often the README was replaced.
        reads: How often the watcher read it.
        faults: What is wrong, one sentence each.
    """

    acknowledged: int = 0
    killed: int = 0
    seconds: float = 0.0
    cpu: float = 0.0
    rewrites: int = 0
    reads: int = 0
    faults: list[str] = field(default_factory=list)


def prepare(root: Path, rows: int) -> list[str]:
    """Make an execution directory whose README has so many old rows; return its prose."""
    root.mkdir()
    old = "".join(OLD_ROW.format(number=number) for number in range(rows)).encode()
    document = template()
    head, mark, tail = document.partition(b"| _(none yet)_ | - | - | - | - |\n")
    assert mark
    (root / "README.md").write_bytes(head + (old or mark) + tail)
    Execution(root, completed_rows="all").start("first").complete("first")
    return read(document).prose


def work(root: Path, name: int, events: int, *, fsync: bool, go: int, acknowledged: int, rewrites: int) -> None:
    """Start and end runs; say each acknowledged event on `acknowledged`, and each README replaced on `rewrites`."""
    replace = SharedDocument.replace

    def counted(*arguments):
        stamp = replace(*arguments)
        if stamp is not None:
            os.write(rewrites, b".")
        return stamp

    SharedDocument.replace = counted
    execution = Execution(root, fsync=fsync, completed_rows="all", agent=f"agent-{name}")
    os.read(go, 1)
    for number in range(events // 2):
        run = execution.start(f"workflow-{number % 3}")
        os.write(acknowledged, b"started %s\n" % run.id.encode())
        run.complete(f"done-{name}-{number}")
        os.write(acknowledged, b"ended %s done-%d-%d\n" % (run.id.encode(), name, number))


def watch(path: Path, prose: list[str], stop: int, report: int) -> None:
    """Read the README as fast as it goes, and report what is torn, doubled or missing in it."""
    reads, faults, seen = 0, [], 0
    while not select.select([stop], [], [], 0.002)[0]:
        data = path.read_bytes()
        reads += 1
        faults += torn(found := read(data), prose)
        done = sum(row[3].startswith("done-") for row in found.completed)
        if done < seen:
            faults.append(f"{seen - done} rows of ended runs went away")
        seen = done
        if faults:
            break
    os.write(report, json.dumps({"reads": reads, "faults": faults[:5]}).encode())


def torn(found: Readme, prose: list[str]) -> list[str]:
    """Say what of a README is not whole."""
    faults = [] if found.prose == prose else ["the prose is not what it was"]
    faults += [f"not a row: {row}" for row in found.active + found.completed if len(row) != 5]
    results = [row[3] for row in found.completed if len(row) == 5 and row[3].startswith(("done-", "old-"))]
    return faults + [f"{text} stands there twice" for text, count in Counter(results).items() if count > 1]


def child(function, *arguments, **options) -> int:
    """Fork a process that does one thing and ends."""
    pid = os.fork()
    if pid == 0:
        try:
            function(*arguments, **options)
            os._exit(0)
        except BaseException as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr)
            os._exit(1)
    return pid


def load(
    root: Path, *, processes: int, events: int, kills: int = 0, rows: int = 0, fsync: bool = True, seed: int = 0
) -> Outcome:
    """Put `root`, which is not there yet, under load, and look at what it came to."""
    prose = prepare(root, rows)
    outcome = Outcome()
    go, stop, answer = os.pipe(), os.pipe(), os.pipe()
    counter = os.open(root.with_suffix(".rewrites"), os.O_RDWR | os.O_CREAT | os.O_APPEND)
    acknowledged = os.open(root.with_suffix(".acknowledged"), os.O_RDWR | os.O_CREAT | os.O_APPEND)
    pipes = {"go": go[0], "acknowledged": acknowledged, "rewrites": counter}
    watcher = child(watch, root / "README.md", prose, stop[0], answer[1])
    workers = [child(work, root, name, events, fsync=fsync, **pipes) for name in range(processes)]
    began = time.monotonic()
    os.write(go[1], b"." * processes)
    kill_some(workers, kills, acknowledged, processes * events, random.Random(seed))
    ends = [os.wait4(pid, 0) for pid in workers]
    codes = [os.waitstatus_to_exitcode(status) for _, status, _ in ends]
    outcome.seconds = round(time.monotonic() - began, 3)
    outcome.cpu = round(sum(used.ru_utime + used.ru_stime for *_, used in ends), 3)
    outcome.killed = codes.count(-signal.SIGKILL)
    outcome.rewrites = os.fstat(counter).st_size
    os.write(stop[1], b".")
    report = json.loads(os.read(answer[0], 1 << 16))
    os.waitpid(watcher, 0)
    outcome.reads = report["reads"]
    outcome.faults += [f"the watcher saw: {fault}" for fault in report["faults"]]
    outcome.faults += [f"{codes.count(code)} processes ended with {code}" for code in set(codes) - {0, -signal.SIGKILL}]
    said = root.with_suffix(".acknowledged").read_text().splitlines()
    outcome.acknowledged = len(said)
    outcome.faults += wrong(root, [line.split() for line in said], prose, rows)
    for fd in (*go, *stop, *answer, counter, acknowledged):
        os.close(fd)
    return outcome


def kill_some(workers: list[int], kills: int, acknowledged: int, expected: int, chance: random.Random) -> None:
    """Kill so many of the processes that are still at work, each when a number of bytes by chance has been acknowledged."""
    line = 45  # what an acknowledged event takes, about
    moments = sorted(chance.uniform(0.02, 0.7) * expected * line for _ in range(kills))
    left = chance.sample(workers, len(workers))
    while moments and left:
        if os.waitid(os.P_PID, left[-1], os.WEXITED | os.WNOHANG | os.WNOWAIT):
            left.pop()  # it has done all it had to do
        elif os.fstat(acknowledged).st_size >= moments[0]:
            os.kill(left.pop(), signal.SIGKILL)
            del moments[0]
        else:
            time.sleep(0.0005)


def wrong(root: Path, said: list[list[str]], prose: list[str], rows: int) -> list[str]:
    """Compare journal and README with what was acknowledged; return what differs."""
    Execution(root, completed_rows="all").sync(60)
    runs = summaries(root)
    faults = [f"{run} was acknowledged and is not known" for _, run, *_ in said if run not in runs]
    ended = {run: rest[0] for kind, run, *rest in said if kind == "ended"}
    faults += [f"{run} has ended and is {runs.get(run)}" for run, text in ended.items() if runs.get(run) != text]
    faults += [f"{run} is still open" for run, text in runs.items() if text is None]
    found = read((root / "README.md").read_bytes())
    faults += torn(found, prose)
    results = Counter(row[3] for row in found.completed)
    faults += [f"{text} has {results[text]} rows" for text in ended.values() if results[text] != 1]
    faults += [f"{len(found.active)} rows are left in Active"] if found.active else []
    if len(found.completed) != len(runs) + rows:
        faults.append(f"{len(found.completed)} rows for {len(runs)} runs and {rows} old rows")
    litter = [path.name for path in root.rglob("*") if path.name.endswith(".tmp")]
    faults += [f"left behind: {name}" for name in litter]
    return faults[:10]


def main() -> int:
    """Run the rounds that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--processes", type=int, default=100)
    parser.add_argument("--events", type=int, default=20, help="of each process")
    parser.add_argument("--kills", type=int, default=0, help="in each round")
    parser.add_argument("--rows", type=int, default=0, help="that the README has already")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--no-fsync", action="store_true")
    options = parser.parse_args()
    outcomes = []
    for number in range(options.rounds):
        with tempfile.TemporaryDirectory() as directory:
            outcome = load(
                Path(directory) / "execution",
                processes=options.processes,
                events=options.events,
                kills=options.kills,
                rows=options.rows,
                fsync=not options.no_fsync,
                seed=number,
            )
        print(json.dumps(asdict(outcome)), flush=True)
        outcomes.append(outcome)
    rate = statistics.median(outcome.acknowledged / outcome.seconds for outcome in outcomes)
    batch = sum(outcome.acknowledged for outcome in outcomes) / max(1, sum(outcome.rewrites for outcome in outcomes))
    cpu = statistics.median(1000 * outcome.cpu / outcome.acknowledged for outcome in outcomes)
    print(
        f"{sum(o.acknowledged for o in outcomes):,} events, {sum(o.killed for o in outcomes)} killed, "
        f"{sum(len(o.faults) for o in outcomes)} faults; {rate:,.0f} events/s, {batch:.0f} events a rewrite, "
        f"{cpu:.1f} ms of processor time an event"
    )
    return 1 if any(outcome.faults for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
