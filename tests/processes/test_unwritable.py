"""An execution directory that cannot be written: the program's work goes on, and stderr says so at once and as it ends."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

WORK = """\
import logging, irl_logging
run = irl_logging.configure('deploy', level='INFO')
logging.info('line')
with irl_logging.step('push'):
    logging.info('line in step')
run.result(approved=1)
run.decision('approved', 'incident')
with irl_logging.workflow('inner') as inner:
    with inner.step('check'):
        logging.info('line of the other run')
    inner.result(checked=1)
    inner.complete('done')
run.complete('all done')
print('worked')
"""


LOST = re.compile(
    r"irl_logging: lost (\d+) lines? of .*/logs/_unrouted-.*\.log, as it could not be written when .*: .*"
)


def said_of_lines(stderr: str) -> list[str]:
    """Return how many lines are lost, as the process that ends says; before that it said one thing, and no more."""
    return [found[1] for line in stderr.splitlines()[1:] if (found := LOST.fullmatch(line))]


def a_file(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("in the way")


def a_link_to_nothing(path: Path) -> None:
    path.symlink_to("nothing/here")


def a_link_to_itself(path: Path) -> None:
    path.symlink_to(path.name)


@pytest.mark.parametrize(
    ("obstacle", "where", "lost"),
    [
        (a_file, "execution", ["6"]),
        (a_link_to_nothing, "execution", ["6"]),
        (a_link_to_itself, "execution", ["6"]),
        (a_file, "execution/logs", ["6"]),
        (a_file, "execution/active", []),
        (a_file, "execution/active/runs", []),
        (a_file, "execution/active/journal", []),
    ],
)
def test_something_is_in_the_way(obstacle, where, lost, run_python, tmp_path):
    """`configure` and `workflow` give a stand-in that takes everything; a line on stderr says what is wrong, one what is lost."""
    obstacle(tmp_path / where)
    result = run_python(WORK, env={"IRL_AGENT": "agent-x"})
    assert (result.returncode, result.stdout) == (0, "worked\n"), result.stderr
    assert said_of_lines(result.stderr) == lost
    assert len(result.stderr.splitlines()) == 1 + len(lost)
    assert result.stderr.startswith("irl_logging: run of deploy could not be started: ")
    assert "its decisions are in no audit trail, its results in no file" in result.stderr
    assert "the program goes on" in result.stderr


def test_lines_of_a_run_that_could_not_be_started_are_kept(run_python, tmp_path):
    """Where only the journal is in the way, lines and results stand in the file of lines without a run."""
    a_file(tmp_path / "execution" / "active")
    run_python(WORK, env={"IRL_AGENT": "agent-x"})
    (log,) = (tmp_path / "execution" / "logs").iterdir()
    text = log.read_text()
    assert "[deploy] [-] line\n" in text
    assert "[deploy] [push] line in step\n" in text
    assert "[deploy] [result] Results of a run that could not be started approved=1\n" in text


def test_the_working_directory_is_gone(run_python, tmp_path):
    """A program whose directory was removed under it works on; nothing is made anywhere else."""
    gone = "import os\nos.mkdir('gone'); os.chdir('gone'); os.rmdir('../gone')\n"
    result = run_python(
        gone + WORK, env={"IRL_AGENT": "agent-x", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    )
    assert (result.returncode, result.stdout, said_of_lines(result.stderr)) == (0, "worked\n", ["6"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["script.py"]


WORKER = """\
import logging, multiprocessing, shutil, irl_logging
def work():
    irl_logging.configure('deploy', level='INFO')
    shutil.rmtree('execution/logs')
    open('execution/logs', 'w').close()
    while irl_logging.config.handler().stats()['held'] < 1:  # a file is looked at four times a second
        logging.info('line')
if __name__ == '__main__':
    worker = multiprocessing.get_context('fork').Process(target=work)
    worker.start()
    worker.join()
"""


def test_a_worker_says_what_is_lost(run_python):
    """A worker of `multiprocessing` ends in a way of its own; the line that it holds and the one of its end are lost."""
    result = run_python(WORKER, env={"IRL_AGENT": "agent-x"})
    _, lost = result.stderr.splitlines()
    assert re.search(r"^irl_logging: lost 2 lines of .*/logs/deploy-.*\.log, .*: Not a directory$", lost)


FULL = """\
import logging, os, resource, signal, sys, irl_logging
run = irl_logging.configure('deploy', level='INFO')
(segment,) = (irl_logging.Execution('execution').layout.journal).iterdir()
resource.setrlimit(resource.RLIMIT_FSIZE, (segment.stat().st_size + 40, resource.RLIM_INFINITY))
with irl_logging.step('push'):
    logging.info('line')
try:
    run.decision('approved', 'incident')
except irl_logging.JournalError as error:
    print(error.errno, error)
with irl_logging.workflow('inner'):
    logging.info('line of the other run')
if len(sys.argv) > 1:
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print('worked')
"""


def test_the_disk_is_full_for_a_while(run_script, run_python, left):
    """Events that are not recorded are not acknowledged; what comes after is whole, and the reader sees no invention."""
    result = run_python(FULL, "free again", env={"IRL_AGENT": "agent-x"})
    refused, worked = result.stdout.splitlines()
    assert refused.startswith("27 [Errno 27] the event run.decision was not recorded: File too large: ")
    assert (result.returncode, worked) == (0, "worked")
    assert "Traceback" not in result.stderr
    assert left.only().status == "✓ Complete"
    assert [event["event"] for event in left.events()] == ["run.started", "run.ended", "manifest.shown"]


def test_the_disk_stays_full(run_python, left):
    """The end cannot be recorded: stderr says so, the exit code is the program's, and the next look finds the run."""
    result = run_python(FULL, env={"IRL_AGENT": "agent-x"})
    assert (result.returncode, result.stdout.splitlines()[-1]) == (0, "worked")
    assert "Traceback" not in result.stderr
    assert "could not be recorded: [Errno 27] the event run.ended was not recorded: File too large" in result.stderr
    assert left.only().status == "⚠️ Crashed"


def test_a_directory_that_is_read_only(tmp_path, clean_environment):
    """A mount that refuses writes: stderr says so, and the work is done."""
    mount = "mount -t tmpfs none execution && mount -o remount,ro execution"
    (tmp_path / "execution").mkdir()
    (tmp_path / "script.py").write_text(WORK)
    if subprocess.run(["unshare", "--mount", "sh", "-c", mount], cwd=tmp_path, capture_output=True).returncode:
        pytest.skip("this user may not mount")
    result = subprocess.run(
        ["unshare", "--mount", "sh", "-c", f"{mount} && exec {sys.executable} script.py"],
        cwd=tmp_path,
        env={**clean_environment, "IRL_AGENT": "agent-x"},
        capture_output=True,
        text=True,
    )
    assert (result.returncode, result.stdout) == (0, "worked\n")
    assert result.stderr.startswith("irl_logging: run of deploy could not be started: [Errno 30]")
    assert said_of_lines(result.stderr) == ["6"]


def test_a_sync_that_fails_once(tmp_path, clean_environment, left):
    """The record is written again on a new descriptor, and counts once."""
    if subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True).returncode:
        pytest.skip("strace is not permitted here")
    (tmp_path / "script.py").write_text(
        "import irl_logging\nrun = irl_logging.Execution('execution').start('deploy')\nrun.complete('done')\n"
    )
    result = subprocess.run(
        ["strace", "-f", "-o", "trace", "-e", "trace=fdatasync", "-e", "inject=fdatasync:error=EIO:when=1",
         sys.executable, "script.py"],
        cwd=tmp_path, env={**clean_environment, "IRL_AGENT": "agent-x"}, capture_output=True, text=True,
    )  # fmt: skip
    assert (result.returncode, "EIO" in Path("trace").read_text()) == (0, True), result.stderr
    assert [event["event"] for event in left.events()][:2] == ["run.started", "run.started"]
    assert (left.only().status, left.only().summary) == ("✓ Complete", "done")
