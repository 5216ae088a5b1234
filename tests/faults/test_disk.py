"""The disk is full, or the file may not grow, for a while: the program goes on, and what comes afterwards is whole."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from irl_logging.manifest.template import template
from tests.faults.readme import read

WORK = """\
import json, logging, os, resource, sys
import irl_logging

run = irl_logging.configure("deploy", level="INFO", root="execution")
execution = irl_logging.Execution("execution")
readme = open("execution/README.md", "rb").read()
logging.info("before")

if sys.argv[1] == "full":
    with open("execution/filler", "wb", buffering=0) as filler:
        size = 1 << 16
        while size:
            try:
                filler.write(bytes(size))
            except OSError:
                size //= 2
else:
    (segment,) = os.scandir("execution/active/journal")
    size = max(segment.stat().st_size, os.stat(f"execution/{run.log_file}").st_size)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

for number in range(3_000):
    logging.info("meanwhile %d " + "." * 200, number)
try:
    execution.start("other")
    refused = None
except OSError as error:
    refused = error.errno
whole = open("execution/README.md", "rb").read() == readme

if sys.argv[1] == "full":
    os.unlink("execution/filler")
else:
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
logging.info("afterwards")
run.complete("done")
execution.sync()
print(json.dumps({
    "refused": refused,
    "whole": whole,
    "log": open(f"execution/{run.log_file}").read(),
    "runs": [[state.workflow, state.status] for state in execution.runs()],
    "readme": open("execution/README.md").read(),
}))
"""


@pytest.mark.parametrize(("way", "number"), [("full", 28), ("limit", 27)], ids=["a full disk", "a size limit"])
def test_there_is_no_room_for_a_while(way, number, tmp_path, clean_environment, request):
    """Lines never raise and what is lost is counted and said, a start is refused, the README is whole, and all goes on."""
    (tmp_path / "execution").mkdir()
    (tmp_path / "work.py").write_text(WORK)
    command = [sys.executable, "work.py", way]
    if way == "full":
        mount = "mount -t tmpfs -o size=1m none execution"
        command = [*request.getfixturevalue("own_mounts"), "sh", "-c", f"{mount} && exec {' '.join(command)}"]
    done = subprocess.run(
        command, cwd=tmp_path, env={**clean_environment, "IRL_AGENT": "agent-x"}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("log lines cannot be written") == 1
    said = json.loads(done.stdout)
    assert (said["refused"], said["whole"], said["runs"]) == (number, True, [["deploy", "✓ Complete"]])
    lines = said["log"].splitlines()
    marker, *_ = [line for line in lines if "[WARN] [deploy] [logging]" in line]
    numbers = [int(line.split()[5]) for line in lines if "meanwhile" in line and line.endswith("." * 200)]
    assert numbers == sorted(set(numbers))
    assert numbers[-1] == 2_999
    lost = 3_000 - len(numbers)
    assert f"{lost} dropped: " in marker
    assert len([line for line in lines if not line.startswith("[20")]) <= 1  # the line that the full disk cut
    found = read(said["readme"].encode())
    assert (found.active, [row[3] for row in found.completed], found.prose) == ([], ["done"], read(template()).prose)
