"""What git makes of the directory."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from irl_logging.diagnosis import repository
from irl_logging.storage.gitfiles import write_git_files

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

SET_UP = "git config merge.irl.driver 'irl merge-driver %O %A %B %P'"


def git(*arguments: str) -> None:
    """Call git in the test's directory."""
    subprocess.run(["git", *arguments], check=True)


@pytest.fixture
def tree(execution):
    """The directory, in a repository that is set up as it should be."""
    git("init", "-q")
    git("config", "merge.irl.driver", "sh -c true")
    write_git_files(execution.layout)
    return execution.layout


def test_all_is_well(tree, said):
    git("add", "-A")
    assert said(repository.look(tree), "git") == ["ok: README.md is merged row by row"]
    assert len(list(repository.look(tree))) == 1


def test_no_repository(execution, said):
    assert said(repository.look(execution.layout), "git") == ["ok: not in a git work tree"]


def test_branches_that_would_conflict(tree, said):
    (tree.root / ".gitattributes").unlink()
    assert said(repository.look(tree), "git") == [
        "warn: branches that both ran something conflict in README.md [`irl init --git` lets git merge its tables row by row]"
    ]


def test_a_clone_that_is_not_set_up(tree, said):
    git("config", "--unset", "merge.irl.driver")
    assert said(repository.look(tree), "git") == [
        f"warn: this clone does not merge README.md row by row yet [{SET_UP}]"
    ]


@pytest.mark.parametrize("command", ["gone-irl merge-driver %O", "'unclosed"])
def test_a_driver_that_is_not_there(tree, command, said):
    git("config", "merge.irl.driver", command)
    named = command.split()[0]
    assert said(repository.look(tree), "git") == [
        (
            f"problem: git is set to merge README.md with {named}, which was not found: each merge will conflict "
            f"[install it where git finds it, or: {SET_UP}]"
        )
    ]


def test_a_readme_that_git_leaves_out(tree, tmp_path, said):
    (tmp_path / ".gitignore").write_text("execution/\n")
    assert said(repository.look(tree), "git")[0] == (
        "warn: README.md is ignored by git, because of .gitignore:1:execution/ "
        "[nobody else sees it: remove the rule, unless that is intended]"
    )


def test_what_is_this_machines_alone(tree, said):
    """The journal, the lock files, and what runs now."""
    git("add", "-f", "execution/active/workflows.json", "execution/active/journal")
    (found, _) = said(repository.look(tree), "git")
    (segment,) = tree.journal.iterdir()
    journal = f"execution/active/journal/{segment.name}"
    assert found == (
        f"warn: git keeps 2 files about this machine alone, such as {journal} "
        f"[`irl init --git`, then: git rm -r -q --cached -- {journal} execution/active/workflows.json]"
    )


def test_what_grows(tree, said, monkeypatch):
    monkeypatch.setattr(repository, "MOST_FILES", 2)
    monkeypatch.setattr(repository, "MOST_BYTES", 1_000)
    for name in ("a", "b", "c"):
        (tree.logs / name).write_bytes(b"")
    (tree.results / "large.json").write_bytes(b"x" * 1_001)
    (tree.state / "untracked.json").write_bytes(b"x" * 1_001)
    git("add", "execution/logs", "execution/results")
    remedy = "[every clone gets them: `irl clean` packs old ones, .gitignore leaves them out]"
    log_size = next(path for path in tree.logs.glob("deploy-*")).stat().st_size
    assert said(repository.look(tree), "size") == [
        f"warn: git keeps 4 files, {log_size} B, in execution/logs {remedy}",
        f"warn: git keeps 1 file, 1.0 kB, in execution/results {remedy}",
    ]
