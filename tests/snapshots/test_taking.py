"""Snapshots that are taken: real collectors in processes of their own, state files, the README."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from irl_logging import Execution
from irl_logging.errors import ConfigurationError
from irl_logging.manifest.template import template

OWN = """\
import os, signal, subprocess, sys, time
from pathlib import Path

def say(execution):
    print("not the answer")
    return {"depth": int(Path("depth").read_text()), "where": execution.repository.name}

def fail(execution):
    raise LookupError("no such " + "queue")

def hang(execution):
    Path("hanging").write_text(str(os.getpid()))
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    Path("child").write_text(str(child.pid))
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM, signal.SIGINT])
    while True:
        time.sleep(600)

def die(execution):
    os.kill(os.getpid(), signal.SIGKILL)

def number(execution):
    return 7

def odd(execution):
    return {"nan": float("nan")}

def secret(execution):
    return {"url": "postgres://irl:" + "hunter2hunter2" + "@db/x", "depth": 1}
"""


@pytest.fixture
def repository(tmp_path) -> Path:
    """A repository with two open incidents and a module with collectors of its own."""
    root = tmp_path / "repository"
    (root / "execution").mkdir(parents=True)
    (root / "execution" / "README.md").write_bytes(template())
    for incident in ("finance_integration/2026-01-01T17-28-20-262Z_1", "user_integration/2026-01-02T00-00-00-000Z_2"):
        (root / "quarantine" / incident).mkdir(parents=True)
    (root / "own_collectors.py").write_text(OWN)
    (root / "depth").write_text("3")
    return root


@pytest.fixture
def execution(repository) -> Execution:
    """Its execution directory, which knows the collectors."""
    names = ("say", "fail", "hang", "die", "number", "odd", "secret")
    return Execution(repository / "execution", snapshots={name: f"own_collectors:{name}" for name in names})


def readme(execution: Execution) -> str:
    """The README's State Snapshots section."""
    return execution.layout.readme.read_text("utf-8").split("## State Snapshots")[1].split("## Troubleshooting")[0]


def test_state_and_readme(execution):
    (snapshot,) = execution.snapshot("quarantine")
    assert (snapshot.name, snapshot.state, snapshot.problem) == ("quarantine", "state/quarantine-state.json", None)
    standing = json.loads((execution.layout.state / "quarantine-state.json").read_text())
    assert standing == snapshot.content
    assert standing["total_incidents"] == 2
    assert "- **Total incidents:** 2\n- **Oldest incident:** 2026-01-01T17:28:20Z\n" in readme(execution)
    assert f"**Last Updated:** {standing['timestamp']}" in readme(execution)


def test_the_same_again_changes_no_byte_but_the_time_of_the_file(execution):
    execution.snapshot("quarantine")
    path = execution.layout.state / "quarantine-state.json"
    before = path.read_bytes(), execution.layout.readme.stat().st_mtime_ns, execution.layout.readme.stat().st_ino
    os.utime(path, (1, 1))
    execution.snapshot("quarantine")
    readme = execution.layout.readme.stat()
    assert (path.read_bytes(), readme.st_mtime_ns, readme.st_ino) == before
    assert path.stat().st_mtime > 1


def test_a_collector_of_ones_own(execution, capfd):
    """What it prints is not its answer, and the repository is where it runs and imports from, after everything else."""
    (execution.repository / "json.py").write_text("raise SystemExit('not this one')")
    (snapshot,) = execution.snapshot("say")
    assert dict(snapshot.content) == {**snapshot.content, "depth": 3, "where": "repository"}
    assert (execution.layout.state / "say.json").exists()
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("fail", "it failed: LookupError: no such queue"),
        ("die", "it failed: exit code -9"),
        ("number", "it failed: TypeError: own_collectors:number returned int, expected a mapping"),
        ("odd", "it failed: irl_logging.errors.DocumentError: the content is not JSON: "),
    ],
)
def test_one_that_fails_leaves_nothing_and_is_told(name, problem, execution, capfd):
    failed, taken = execution.snapshot(name, "quarantine")
    assert failed.problem.startswith(problem)
    assert (failed.content, taken.problem) == ({}, None)
    assert not (execution.layout.state / f"{name}.json").exists()
    assert capfd.readouterr().err.startswith(f"irl_logging: snapshot {name} was not taken: {problem}")


def test_old_values_stay_and_are_marked_until_there_are_new_ones(execution, repository):
    with execution.layout.readme.open("a") as file:
        file.write("\n## State Snapshots\n\n#### Say\n- **Depth:** _(count)_\n")
    (fresh,) = execution.snapshot("say")
    (repository / "depth").rename(repository / "gone")
    (stale,) = execution.snapshot("say")
    assert stale.content == {**fresh.content, "stale": stale.content["stale"]}
    assert stale.content["stale"]["reason"].startswith("it failed: FileNotFoundError")
    since = stale.content["stale"]["since"]
    assert f"- **Depth:** 3 _(stale since {since})_\n" in execution.layout.readme.read_text()
    (again,) = execution.snapshot("say")
    assert again.content == stale.content
    (repository / "gone").rename(repository / "depth")
    (mended,) = execution.snapshot("say")
    assert "stale" not in mended.content
    assert "- **Depth:** 3\n" in execution.layout.readme.read_text()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc to look for processes in")
def test_one_that_hangs_is_ended_with_what_it_started(repository):
    """It takes five seconds, in which a busy machine starts the two processes that are to be ended."""
    execution = Execution(repository / "execution", snapshots={"hang": "own_collectors:hang"}, snapshot_seconds=5)
    began = time.monotonic()
    (hung,) = execution.snapshot("hang")
    assert time.monotonic() - began < 60
    assert hung.problem == "it took longer than 5 s and was stopped"
    for name in ("hanging", "child"):
        pid = int((repository / name).read_text())
        while runs(pid) and time.monotonic() - began < 60:  # what was killed may be a moment in ending
            time.sleep(0.02)
        assert not runs(pid)


def runs(pid: int) -> bool:
    """Whether a process runs; one that has ended and that nobody has asked after does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][:1] not in {"Z", "X"}
    except FileNotFoundError:
        return False


def test_secrets_are_redacted(execution):
    execution.snapshot("secret")
    assert b"hunter2hunter2" not in (execution.layout.state / "secret.json").read_bytes()


def test_names(execution):
    with pytest.raises(ConfigurationError, match=r"snapshot 'quarantin' is not known: did you mean 'quarantine'\?"):
        execution.snapshot("quarantin", "registry")
    assert not execution.layout.state.exists()
    assert [it.name for it in execution.snapshots.known()][:4] == ["quarantine", "registry", "approvals", "health"]


def test_an_installed_package_brings_one(repository, tmp_path, monkeypatch):
    """By an entry point; it does not take the place of a built-in one."""
    site = tmp_path / "site"
    (site / "queues-1.0.dist-info").mkdir(parents=True)
    (site / "queues-1.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: queues\nVersion: 1.0\n")
    (site / "queues-1.0.dist-info" / "entry_points.txt").write_text(
        "[irl_logging.collectors]\nqueues = queues:collect\nhealth = queues:collect\n"
    )
    (site / "queues.py").write_text("def collect(execution):\n    return {'queues': 4}\n")
    monkeypatch.syspath_prepend(str(site))
    execution = Execution(repository / "execution")
    origins = {it.name: it.origin for it in execution.snapshots.known()}
    assert (origins["queues"], origins["health"]) == ("queues", "built in")
    assert execution.snapshot("queues")[0].content["queues"] == 4


def test_a_broken_state_is_put_aside(execution):
    execution.snapshot("quarantine")
    path = execution.layout.state / "quarantine-state.json"
    path.write_text("{")
    (snapshot,) = execution.snapshot("quarantine")
    assert snapshot.content["total_incidents"] == 2
    assert [it.read_text() for it in path.parent.glob("*.broken-*")] == ["{"]


def test_a_readme_that_cannot_be_edited_is_told(execution, capfd):
    execution.layout.readme.write_bytes(b"<<<<<<< ours\n" + template())
    (snapshot,) = execution.snapshot("quarantine")
    assert snapshot.content["total_incidents"] == 2
    assert "the README does not show the snapshots" in capfd.readouterr().err


def test_without_a_readme_there_is_the_state(execution, capfd):
    execution.layout.readme.unlink()
    (snapshot,) = execution.snapshot("quarantine")
    assert (snapshot.content["total_incidents"], capfd.readouterr().err) == (2, "")
    assert not execution.layout.readme.exists()


def test_the_end_of_a_run_takes_them(execution):
    """And the run's log says so; a run that somebody stops does not wait for them."""
    run = execution.start("incident-approval", snapshots=["quarantine", "fail"])
    run.complete()
    log = (execution.layout.root / run.log_file).read_text()
    assert "[INFO] [incident-approval] [snapshot] Snapshot quarantine state=state/quarantine-state.json\n" in log
    assert "[WARN] [incident-approval] [snapshot] Snapshot fail was not taken: it failed: LookupError" in log
    assert execution.runs()[0].status == "✓ Complete"
    stopped = execution.start("incident-approval", snapshots=["registry"])
    stopped.cancel()
    assert not (execution.layout.state / "baseline-registry.json").exists()
    with pytest.raises(ConfigurationError, match="snapshot 'x' is not known"):
        execution.start("incident-approval", snapshots=["x"])


def test_ten_thousand_incidents(execution, repository):
    """Counted right, in less than two seconds of this process's and the collector's time."""
    quarantine = repository / "quarantine"
    for number in range(10_000):
        name = f"2026-02-{number % 28 + 1:02}T10-00-00-{number % 1000:03}Z_{number}"
        end = "-APPROVED" if number % 10 == 0 else "-REJECTED" if number % 10 == 1 else ""
        (quarantine / ("stripe_webhook" if number % 4 else "salesforce_lead") / f"{name}{end}").mkdir(parents=True)
    before = os.times()
    (snapshot,) = execution.snapshot("quarantine")
    after = os.times()
    assert sum(after[:4]) - sum(before[:4]) < 2
    assert {
        name: snapshot.content[name] for name in ("total_incidents", "top_integration", "top_integration_incidents")
    } == {
        "total_incidents": 8_002,
        "top_integration": "stripe_webhook",
        "top_integration_incidents": 6_000,
    }
    assert "- **Total incidents:** 8002\n" in readme(execution)
    assert "- **Oldest incident:** 2026-01-01T17:28:20Z\n" in readme(execution)
    assert "- **Top integration:** stripe_webhook (6000 incidents)\n" in readme(execution)


DIRECTIVE = """\
> **Execution Logging:**
> - Update state: `execution/state/quarantine-state.json`
"""


def standing_after(execution: Execution, *, asked: tuple[str, ...] = (), **kept: object) -> dict[str, object]:
    """The quarantine's state after a run whose program has put `kept` into it and whose directive names it."""
    directive = execution.repository / "directives" / "deploy.md"
    directive.parent.mkdir()
    directive.write_text(DIRECTIVE)
    run = execution.start("deploy", snapshots=asked)
    execution.state("quarantine-state").update(kept)
    run.complete()
    return execution.state("quarantine-state").read()


def test_a_state_that_the_program_keeps_itself_is_left_to_it(execution, capfd):
    """The directive says who is to update it: the program has, and in its own words."""
    assert standing_after(execution, waiting=["a"], note="by hand") == {"waiting": ["a"], "note": "by hand"}
    (log,) = execution.layout.logs.glob("deploy-*.log")
    line = "[INFO] [deploy] [snapshot] Snapshot quarantine left to the program, whose own keys are in the state\n"
    assert line in log.read_text()
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        pytest.param((), {}, id="nothing there"),
        pytest.param((), {"total_incidents": 7, "timestamp": "then"}, id="only what a snapshot gives"),
        pytest.param(("quarantine",), {"waiting": ["a"]}, id="asked for by name"),
    ],
)
def test_a_state_that_is_the_snapshots_is_brought_up_to_date(asked, kept, execution):
    standing = standing_after(execution, asked=asked, **kept)
    assert (standing["total_incidents"], "waiting" in standing) == (2, False)
