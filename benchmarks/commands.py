"""What a command of the shell takes, in times of `python -c pass`: processor time, medians, side by side.

    python benchmarks/commands.py [--rounds N]

Compiled modules are used as an installation has them; the first round writes what is missing and does not count.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import sys
import tempfile
from pathlib import Path

IRL = "import sys; from irl_logging.cli.quick import main; sys.argv[1:] = {!r}; main()"
SECRET = "gh" + "p_" + "Zk3Vq8Lw2Tn7Rb5Yx9Mc4Hd6Jf1Gs0Pa2EuW"

ROWS = {
    "python -c pass": "pass",
    "import logging": "import logging",
    "import irl_logging": "import irl_logging",
    "irl log, an ordinary line": IRL.format(["log", "Listed 12 quarantined incidents"]),
    "irl log, words that rules look for": IRL.format(["log", "commit 5f2c1d9e8b7a6f5e4d3c2b1a0f9e8d7c pushed"]),
    "irl log, a secret": IRL.format(["log", f"token {SECRET}"]),
    "irl step": IRL.format(["step", "build"]),
    "irl status": IRL.format(["status"]),
    "irl --version": IRL.format(["--version"]),
}


def milliseconds(code: str) -> float:
    """Run `code` in a process of its own and return its processor time."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    nothing = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    process = os.posix_spawn(sys.executable, [sys.executable, "-c", code], os.environ, file_actions=nothing)
    _, status = os.waitpid(process, 0)
    if status:
        sys.exit(f"exit code {os.waitstatus_to_exitcode(status)}: {code}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1e3


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPATH"] = str(Path(__file__).resolve().parent.parent)
    with tempfile.TemporaryDirectory() as directory:
        os.chdir(directory)
        milliseconds(IRL.format(["start", "benchmark", "--agent", "benchmark"]))
        times: dict[str, list[float]] = {row: [] for row in ROWS}
        for turn in range(rounds + 1):
            for row, code in ROWS.items():
                took = milliseconds(code)
                if turn:
                    times[row].append(took)
    bare = statistics.median(times["python -c pass"])
    for row, taken in times.items():
        print(f"{row:36} {statistics.median(taken):7.1f} ms  {statistics.median(taken) / bare:5.1f}")


if __name__ == "__main__":
    main()
