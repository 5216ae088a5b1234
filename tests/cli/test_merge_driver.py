"""`irl merge-driver`, called by the real git: two branches that both ran something."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import irl_logging

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

DRIVER = f"{sys.executable} -c 'from irl_logging.cli.main import main; main()' merge-driver %O %A %B %P"


class Repository:
    """Two work trees of one repository, on the branches `main` and `other`."""

    def __init__(self, directory: Path, irl) -> None:
        self.main = directory / "main"
        self.other = directory / "other"
        self._irl = irl
        self.git("init", "-q", "-b", "main", str(self.main), where=directory)
        for name, value in (("user.name", "samson"), ("user.email", "s@example.org"), ("merge.irl.driver", DRIVER)):
            self.git("config", name, value)
        self.irl("init")
        (self.main / "execution/.gitattributes").write_text("/README.md merge=irl\n/archive/*/README.md merge=irl\n")
        self.run("before")
        self.commit()
        self.git("worktree", "add", "-q", "-b", "other", str(self.other))

    def git(self, *arguments: str, where: Path | None = None, code: int = 0) -> str:
        """Call git and return what it prints."""
        answer = subprocess.run(["git", *arguments], cwd=where or self.main, capture_output=True, text=True)
        assert answer.returncode == code, answer
        return answer.stdout + answer.stderr

    def irl(self, *arguments: str, where: Path | None = None) -> None:
        """Call irl in a work tree."""
        assert self._irl("--root", str(where or self.main), *arguments).code == 0

    def run(self, workflow: str, where: Path | None = None) -> None:
        """A run from start to end."""
        self.irl("run", "-w", workflow, "--agent", "me", "--", "true", where=where)

    def commit(self, where: Path | None = None) -> None:
        """Commit all that git would."""
        self.git("add", "-A", where=where)
        self.git("commit", "-q", "-m", "Log runs", where=where)

    def readme(self, where: Path | None = None) -> Path:
        """The README of a work tree."""
        return (where or self.main) / "execution" / "README.md"

    def shown(self, where: Path | None = None) -> list[str]:
        """The workflows in the README's two tables, from the top."""
        text = self.readme(where).read_text("utf-8")
        assert "<<<<<<<" not in text.partition("## Active Workflows\n")[2].partition("## State Snapshots\n")[0]
        rows = [line for line in text.splitlines() if line.startswith("| ") and line.endswith(" | me |")]
        return [row.split(" | ")[0][2:] for row in rows]


@pytest.fixture
def repository(tmp_path, irl) -> Repository:
    """The repository, with one run that both branches have."""
    return Repository(tmp_path, irl)


def test_merged_in_both_directions(repository):
    """Both branches' rows are there, on either branch, and nothing is left to do."""
    repository.run("deploy")
    repository.run("approve", repository.other)
    repository.commit()
    repository.commit(repository.other)
    before = repository.git("rev-parse", "main").strip()
    repository.git("merge", "-q", "--no-edit", "other")
    assert sorted(repository.shown()) == ["approve", "before", "deploy"]
    assert repository.shown()[-1] == "before"
    repository.git("merge", "-q", "--no-edit", before, where=repository.other)
    assert sorted(repository.shown(repository.other)) == ["approve", "before", "deploy"]
    for where in (repository.main, repository.other):
        assert repository.git("status", "--porcelain", where=where) == ""
        repository.irl("status", where=where)
        assert repository.git("status", "--porcelain", where=where) == ""


def test_runs_of_one_workflow_with_results(repository):
    """Each has a log and a results file of its own, so there is nothing to merge but the rows."""
    for where in (repository.main, repository.other):
        execution = irl_logging.Execution(where)
        with irl_logging.workflow("triage", execution=execution, agent="me") as run:
            run.result(approved=1, flagged=0, rejected=0)
        execution.close()
        repository.commit(where)
    repository.git("merge", "-q", "--no-edit", "other")
    assert repository.shown() == ["triage", "triage", "before"]
    execution = irl_logging.Execution(repository.main)
    assert len([*execution.layout.results.iterdir()]) == 2
    assert len([*execution.layout.logs.glob("triage-*.log")]) == 2


def test_rebased(repository):
    """Each commit that is replayed brings its row."""
    for name in ("one", "two"):
        repository.run(name, repository.other)
        repository.commit(repository.other)
    repository.run("deploy")
    repository.commit()
    repository.git("rebase", "-q", "main", where=repository.other)
    assert sorted(repository.shown(repository.other)) == ["before", "deploy", "one", "two"]


def test_a_run_that_ends_while_the_other_branch_works(repository, start_irl):
    """It was Active when the branches parted, and has ended on one of them."""
    process = start_irl(
        "run", "-w", "long", "--agent", "me", "--", "sh", "-c", "echo up; read line", cwd=repository.main, stdin=-1
    )
    process.stdout.readline()
    repository.commit()
    repository.git("merge", "-q", "main", where=repository.other)
    assert repository.shown(repository.other) == ["long", "before"]
    repository.run("approve", repository.other)
    repository.commit(repository.other)
    process.communicate(b"\n")
    repository.commit()
    repository.git("merge", "-q", "--no-edit", "main", where=repository.other)
    assert repository.shown(repository.other) == ["long", "approve", "before"]
    assert "| _(none)_ | - | - | - | - |" in repository.readme(repository.other).read_text()


def test_text_that_conflicts_stops_git_and_leaves_the_tables_whole(repository):
    for name, where in (("deploy", repository.main), ("approve", repository.other)):
        repository.run(name, where)
        readme = repository.readme(where)
        readme.write_text(
            readme.read_text("utf-8").replace("Real-time execution", f"{name.title()} execution"), "utf-8"
        )
        repository.commit(where)
    told = repository.git("merge", "other", code=1)
    assert "irl: execution/README.md: the text around the tables conflicts; their rows are merged\n" in told
    assert "CONFLICT (content): Merge conflict in execution/README.md" in told
    assert sorted(repository.shown()) == ["approve", "before", "deploy"]
    text = repository.readme().read_text("utf-8")
    assert "<<<<<<< ours\nDeploy execution tracking" in text
    assert "Approve execution tracking, state, and results for IRL workflows.\n>>>>>>> theirs\n" in text


def test_archives_that_both_branches_have_made(repository, monkeypatch):
    monkeypatch.setenv("IRL_COMPLETED_ROWS", "1")
    for name, where in (("deploy", repository.main), ("approve", repository.other)):
        repository.run(name, where)
        repository.run(f"{name}-again", where)
        repository.commit(where)
    repository.git("merge", "-q", "--no-edit", "other")
    (archived,) = (repository.main / "execution/archive").glob("*/README.md")
    names = [line.split(" | ")[0][2:] for line in archived.read_text("utf-8").splitlines() if line.endswith("| me |")]
    assert sorted(names) == ["approve", "before", "deploy"]
    assert sorted(repository.shown()) == ["approve-again", "deploy-again"]
    assert repository.readme().read_text("utf-8").count("Older runs: ") == 1


def test_a_row_changed_in_two_ways_is_told(repository):
    for name, where in (("deploy", repository.main), ("approve", repository.other)):
        readme = repository.readme(where)
        readme.write_text(readme.read_text("utf-8").replace("| - | me |", f"| {name} it | me |"), "utf-8")
        repository.commit(where)
    told = repository.git("merge", "--no-edit", "other")
    assert "irl: execution/README.md: both branches changed the row of before, 20" in told
    assert repository.shown() == ["before", "before"]


def test_what_is_no_text_is_a_conflict(irl, tmp_path):
    """Ours stays, and git is told."""
    for name, data in (("base", b"\0"), ("ours", b"\0a"), ("theirs", b"\0b")):
        (tmp_path / name).write_bytes(data)
    answer = irl("merge-driver", "base", "ours", "theirs", "execution/README.md")
    assert (answer.code, answer.out) == (1, b"")
    assert b"git cannot merge the text" in answer.err
    assert (tmp_path / "ours").read_bytes() == b"\0a"


@pytest.mark.slow
@pytest.mark.parametrize("how", ["merge", "rebase"])
def test_two_branches_for_long(repository, how):
    """Runs on both, brought together again and again: each is there once, on both, and no round conflicts."""
    expected = ["before"]
    for number in range(6):
        for name, where, count in (
            ("here", repository.main, number % 3 + 1),
            ("there", repository.other, 2 - number % 2),
        ):
            for one in range(count):
                repository.run(f"{name}-{number}-{one}", where)
                expected.append(f"{name}-{number}-{one}")
            repository.commit(where)
        bring = ["rebase", "-q", "main"] if how == "rebase" else ["merge", "-q", "--no-edit", "main"]
        repository.git(*bring, where=repository.other)
        repository.git("merge", "-q", "--ff-only", "other")
        assert sorted(repository.shown()) == sorted(repository.shown(repository.other)) == sorted(expected)
    for where in (repository.main, repository.other):
        repository.irl("check", where=where)
