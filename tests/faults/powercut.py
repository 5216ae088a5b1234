"""The power goes at a random instant: what of a run log is still there when the machine comes up again?

    python tests/faults/powercut.py --cuts 15
    python tests/faults/powercut.py --cuts 15 --no-fsync

Needs root: an ext4 in an image file is mounted, and processes start and end runs in it. At a random instant they are stopped, the
image is copied as the disk would have it, and they go on; the copy is mounted, which replays the file system's own journal, and
compared with what had been acknowledged. What the kernel has not written by then is gone, as it would be. Prints the figures as
JSON, one object a cut, and a sentence; exits with 1 when anything is wrong.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from irl_logging import Execution
from irl_logging.errors import ManifestDeferred
from irl_logging.manifest.template import template
from tests.faults.load import torn
from tests.faults.readme import read
from tests.faults.records import summaries

WORKERS = 3


def run(*command: str | Path) -> None:
    """Run a command that must work."""
    subprocess.run(command, check=True, capture_output=True)


@contextlib.contextmanager
def mounted(image: Path, where: Path, options: str) -> Iterator[None]:
    """Mount an image for the length of the block."""
    where.mkdir(exist_ok=True)
    run("mount", "-o", f"loop,{options}", image, where)
    try:
        yield
    finally:
        run("umount", where)


def work(root: Path, name: int, acknowledged: int, *, fsync: bool) -> None:
    """Start and end runs until killed, and say so on a file outside of the image."""
    execution = Execution(root, fsync=fsync, completed_rows="all", agent=f"agent-{name}")
    number = 0
    while True:
        one = execution.start("deploy")
        os.write(acknowledged, b"started %s -\n" % one.id.encode())
        one.complete(f"done-{name}-{number}")
        os.write(acknowledged, b"ended %s done-%d-%d\n" % (one.id.encode(), name, number))
        number += 1


def stopped(pid: int) -> bool:
    """Is the process stopped, or gone, so that it has nothing under way?"""
    with contextlib.suppress(FileNotFoundError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "TZ"
    return True


def cut(workers: list[int], image: Path, copy: Path, acknowledged: Path) -> list[list[str]]:
    """Copy the image as it is between two calls of the processes that write to it, and return what they had acknowledged."""
    for pid in workers:
        os.kill(pid, signal.SIGSTOP)
    while not all(map(stopped, workers)):
        time.sleep(0.0005)
    said = [line.split() for line in acknowledged.read_text().splitlines()]
    shutil.copyfile(image, copy)
    for pid in workers:
        os.kill(pid, signal.SIGCONT)
    return said


def apart(function: Callable[..., dict], *arguments: object) -> dict:
    """Return what a function returns in a process of its own, which leaves nothing open."""
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.write(write_end, json.dumps(function(*arguments)).encode())
        finally:
            os._exit(0)
    os.close(write_end)
    with open(read_end, encoding="utf-8") as answer:
        found = answer.read()
    os.waitpid(pid, 0)
    return json.loads(found)


def first(root: Path) -> dict:
    """Make the execution directory."""
    Execution(root, completed_rows="all").start("first").complete("first")
    os.sync()
    return {}


def compare(root: Path, said: list[list[str]], prose: list[str]) -> dict:
    """Say what of the acknowledged events is not there, and what is wrong with the README."""
    runs = summaries(root)
    lost = [run for kind, run, text in said if (run not in runs if kind == "started" else runs.get(run) != text)]
    data = (root / "README.md").read_bytes()
    faults = torn(read(data), prose)
    try:
        Execution(root, completed_rows="all").sync()  # what the next boot does
    except ManifestDeferred as error:
        faults.append(str(error))
    faults += [f"after it: {fault}" for fault in torn(read((root / "README.md").read_bytes()), prose)]
    return {"acknowledged": len(said), "lost": len(lost), "readme": len(data), "faults": faults[:5]}


def cuts(directory: Path, number: int, *, fsync: bool, commit: int, pause: float, seed: int = 0) -> Iterator[dict]:
    """Cut the power so many times, and yield what each came to."""
    chance = random.Random(seed)
    image, copy, prose = directory / "disk", directory / "copy", read(template()).prose
    with image.open("wb") as file:
        file.truncate(64 << 20)
    run("mkfs.ext4", "-q", "-F", image)
    acknowledged = os.open(directory / "acknowledged", os.O_RDWR | os.O_CREAT | os.O_APPEND)
    with mounted(image, directory / "mounted", f"commit={commit}"):
        root = directory / "mounted" / "execution"
        apart(first, root)
        workers: list[int] = []
        try:
            for name in range(WORKERS):
                pid = os.fork()
                if pid == 0:
                    work(root, name, acknowledged, fsync=fsync)
                workers.append(pid)
            while os.fstat(acknowledged).st_size < 500:
                time.sleep(0.01)
            for _ in range(number):
                time.sleep(chance.uniform(0.2, 1.0) * pause)
                said = cut(workers, image, copy, directory / "acknowledged")
                with mounted(copy, directory / "after", "rw"):
                    yield apart(compare, directory / "after" / "execution", said, prose)
        finally:
            for pid in workers:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
            os.close(acknowledged)


def main() -> int:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cuts", type=int, default=15)
    parser.add_argument("--no-fsync", action="store_true")
    parser.add_argument(
        "--commit", type=int, default=300, help="seconds after which the kernel writes what is not synced"
    )
    parser.add_argument("--pause", type=float, default=2.0, help="seconds between two cuts, at most")
    options = parser.parse_args()
    found = []
    with tempfile.TemporaryDirectory() as directory:
        for one in cuts(
            Path(directory), options.cuts, fsync=not options.no_fsync, commit=options.commit, pause=options.pause
        ):
            print(json.dumps(one), flush=True)
            found.append(one)
    acknowledged, lost = (sum(one[name] for one in found) for name in ("acknowledged", "lost"))
    faults = sum(bool(one["faults"]) for one in found)
    print(f"{len(found)} cuts, {acknowledged:,} acknowledged events, {lost:,} lost, README damaged {faults} times")
    return 1 if faults or (lost and not options.no_fsync) else 0


if __name__ == "__main__":
    if "--mounts-of-its-own" not in sys.argv:  # so that they are gone with the process, however it ends
        os.execvp("unshare", ["unshare", "--mount", sys.executable, *sys.argv, "--mounts-of-its-own"])
    sys.argv.remove("--mounts-of-its-own")
    sys.exit(main())
