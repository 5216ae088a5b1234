"""The specification's own shell commands, run as it has them, in a directory that programs filled by this package.

They are read from the README that the package ships. Two places are those of this machine: the repository, and the directory
of logrotate's files. Where `irl` does the same in another way, `docs/how-to.md` says what is different.
"""

from __future__ import annotations

import gzip
import json
import logging
import os
import shutil
import subprocess
import time

import pytest
from markdown_it import MarkdownIt

import irl_logging
from irl_logging import ArchiveError, Execution
from irl_logging.history import lines
from irl_logging.manifest.template import template
from irl_logging.retention.cleaning import clean
from irl_logging.retention.restore import verify

OLD_LOG = "deploy-2026-01-01-001.log"
LOGROTATE = shutil.which("logrotate") or shutil.which("/usr/sbin/logrotate")

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")


def commands() -> dict[str, list[str]]:
    """Return the bash blocks of the specification by the `##` heading that they stand under."""
    found: dict[str, list[str]] = {}
    tokens = MarkdownIt("commonmark").parse(template().decode())
    section = ""
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "heading_open" and token.tag == "h2":
            section = following.content
        elif token.type == "fence" and token.info == "bash":
            found.setdefault(section, []).append(token.content)
    return found


@pytest.fixture
def filled(tmp_path):
    """A repository in which an agent has approved incidents, with old files beside."""
    execution = Execution(tmp_path / "execution", agent="agent-auto-approver")
    with execution.start("incident-approval", log_name="incident-batch") as run:
        run.decision("approved", "2026-01-01T17-28-20-262Z_228986", reason="simple field rename")
        run.result(approved=8, flagged=2, rejected=2)
    execution.state("quarantine-state").replace({"total": 12})
    for name in (f"logs/{OLD_LOG}", "results/deploy-2026-01-01.json", "results/by-hand.json"):
        path = execution.layout.root / name
        path.write_text("[2026-01-01T00:00:00Z] [INFO] [deploy] [-] old\n")
        os.utime(path, (time.time() - 100 * 86_400,) * 2)
    return execution


@pytest.fixture
def bash(filled, tmp_path, clean_environment):
    """Run one block in the repository and return what it prints."""

    def run(block):
        places = {"/path/to/irl": str(tmp_path), "/etc/logrotate.d": str(tmp_path / "logrotate.d")}
        for there, here in places.items():
            block = block.replace(there, here)
        answer = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", block],
            cwd=tmp_path,
            env=clean_environment,
            capture_output=True,
            encoding="utf-8",
        )
        assert (answer.returncode, answer.stderr) == (0, "")
        return answer.stdout

    return run


def test_each_block_is_among_the_tests():
    """What the specification asks people to run, by section: a new block needs its test."""
    assert {section: len(blocks) for section, blocks in commands().items()} == {
        "Usage Patterns": 3,
        "Troubleshooting": 3,
        "Maintenance": 2,
    }


def test_an_agent_writes_by_hand(bash, filled):
    """The echo lines and the results file, beside our runs: they are read, and the README stays as it is."""
    readme = filled.layout.readme.read_bytes()
    bash(commands()["Usage Patterns"][0])
    found = list(lines(filled.layout, "logs/incident-batch-2026-02-08.log", workflow="incident-batch"))
    assert [line.message for line in found] == [
        "Starting incident approval workflow",
        "Listed 12 quarantined incidents",
    ]
    results = json.loads((filled.layout.results / "incident-approvals-2026-02-08.json").read_text())
    assert results == {"timestamp": "2026-02-08T00:47:00Z", "approved": 8, "rejected": 2, "flagged": 2}
    assert filled.layout.readme.read_bytes() == readme


def test_people_review_the_history(bash):
    """Recent logs, the state as we keep it, results; the file of the example is the one that the first block writes."""
    first, review, _ = commands()["Usage Patterns"]
    bash(first)
    shown = bash(review)
    assert "incident-batch-2026-02-08.log" in shown
    assert '"total": 12' in shown
    assert '"approved": 8' in shown


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")
def test_people_audit_agents(bash, filled):
    """With grep each decision of the agent is found in our logs; the success rate comes out of our results as out of theirs."""
    first, _, audit = commands()["Usage Patterns"]
    bash(first)
    shown = bash(audit)
    assert "Decision: approved 2026-01-01T17-28-20-262Z_228986" in shown
    assert shown.splitlines()[-1].startswith("0.666")
    (ours,) = filled.layout.results.glob("incident-approval-2*.json")
    assert bash(audit.replace("execution/results/incident-approvals-2026-02-08.json", str(ours))) == shown


def test_the_directories_are_made(bash, filled, tmp_path):
    """By hand where there are none; a program needs no such step, and takes them as they are."""
    shutil.rmtree(filled.layout.root)
    bash(commands()["Troubleshooting"][0])
    assert sorted(path.name for path in filled.layout.root.iterdir()) == ["active", "logs", "results", "state"]
    irl_logging.configure("deploy", level="INFO")
    logging.getLogger("shop").info("Built image")
    assert len(list(filled.layout.logs.iterdir())) == 1


@pytest.mark.skipif(LOGROTATE is None, reason="logrotate is not installed")
def test_log_rotation_is_set_up(bash, filled, tmp_path):
    """The configuration as it stands there; what it costs a program that writes is measured in tests/processes."""
    (tmp_path / "logrotate.d").mkdir()
    bash(commands()["Troubleshooting"][1])
    config = tmp_path / "logrotate.d" / "irl-execution"
    command = [LOGROTATE, "--force", "--state", str(tmp_path / "state"), str(config)]
    subprocess.run(command, check=True, capture_output=True)
    assert (filled.layout.logs / f"{OLD_LOG}.1.gz").exists()
    (line,) = lines(filled.layout, f"logs/{OLD_LOG}")
    assert line.message == "old"


def test_a_state_is_checked(bash):
    """json.tool takes the state as we write it."""
    assert json.loads(bash(commands()["Troubleshooting"][2])) == {"total": 12}


def test_the_weekly_cleanup_by_hand(bash, filled):
    """It works beside ours: what it moved is read and left alone, and the rows follow at the next `irl clean`."""
    readme = filled.layout.readme
    row = b"| deploy | 2026-01-01T00:00:00Z | \xe2\x9c\x93 Complete | results/deploy-2026-01-01.json | human:samson |\n"
    ours = b"| incident-approval | " + time.strftime("%Y-%m-%d", time.gmtime()).encode()
    readme.write_bytes(readme.read_bytes().replace(ours, row + ours))
    bash(commands()["Maintenance"][0])
    month = time.strftime("%Y-%m")
    packed = filled.layout.archive / month / f"{OLD_LOG}.gz"
    assert gzip.decompress(packed.read_bytes()).endswith(b" old\n")
    assert sorted(path.name[:14] for path in filled.layout.logs.iterdir()) == ["agent-approval", "incident-batch"]
    # Every .json by its age, where ours takes only names that the package gives.
    assert [path.name[:17] for path in filled.layout.results.iterdir()] == ["incident-approval"]
    (line,) = lines(filled.layout, f"logs/{OLD_LOG}")
    assert line.message == "old"
    done = clean(filled)
    assert (done.archived, done.removed, done.documents) == ({}, [], 1)
    assert b"| results/deploy-2026-01-01.json (expired) |" in readme.read_bytes()


def test_ours_does_what_the_weekly_cleanup_does(filled):
    """The same files, but for the month, which is the log's, and for files with names of others."""
    done = clean(filled)
    assert done.archived == {f"logs/{OLD_LOG}": f"archive/2026-01/{OLD_LOG}.gz"}
    assert done.removed == ["results/deploy-2026-01-01.json"]
    assert (filled.layout.results / "by-hand.json").exists()


def test_the_backup_by_hand(bash, tmp_path):
    """It takes everything, locks too; it has no hashes, so `irl restore` says that it is none of ours."""
    bash(commands()["Maintenance"][1])
    (backup,) = tmp_path.glob("execution-backup-*.tar.gz")
    listed = subprocess.run(["tar", "-tzf", backup], capture_output=True, text=True, check=True).stdout
    assert "execution/README.md\n" in listed
    with pytest.raises(ArchiveError, match=r"irl backup did not make it|which no backup of ours does"):
        verify(backup)
