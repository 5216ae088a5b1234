"""Worktrees of one repository: names that one of them takes are not new in the others."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading

import pytest

from irl_logging.naming import LogPattern
from irl_logging.storage.layout import Layout
from irl_logging.storage.results import ResultsFile
from irl_logging.storage.worktrees import counterparts, git_directory

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

VALUES = {"log_name": "deploy", "date": "2026-02-08", "timestamp": "2026-02-08T00-45-00Z"}
SEQ, TIMESTAMP = LogPattern("{log_name}-{date}-{seq}.log"), LogPattern("{log_name}-{timestamp}.log")


def git(where, *arguments):
    who = ("-c", "user.name=samson", "-c", "user.email=s@example.org")
    subprocess.run(["git", *who, *arguments], cwd=where, check=True, capture_output=True)


@pytest.fixture
def worktrees(tmp_path):
    """The main one and two more, each with an execution directory."""
    main = tmp_path / "main"
    main.mkdir()
    git(main, "init", "-q", "-b", "main")
    git(main, "commit", "-q", "--allow-empty", "-m", "Begin")
    roots = [main / "execution"]
    for name in ("a", "b"):
        git(main, "worktree", "add", "-q", "-b", name, f"../{name}")
        roots.append(tmp_path / name / "execution")
    for root in roots:
        Layout(root).create()
    return roots


def test_each_worktree_knows_the_others(worktrees, tmp_path):
    for root in worktrees:
        assert sorted(counterparts(root)) == sorted(other for other in worktrees if other != root)
    assert git_directory(worktrees[0]) == tmp_path / "main" / ".git"
    assert git_directory(worktrees[1]) == tmp_path / "main" / ".git" / "worktrees" / "a"
    assert (git_directory(tmp_path), counterparts(tmp_path)) == (None, [])


@pytest.mark.timeout(60)
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_what_is_no_worktree_is_no_obstacle(worktrees, tmp_path):
    """What stands there may be anybody's: nothing is waited for, and nothing raised."""
    entries = tmp_path / "main/.git/worktrees"
    (entries / "c").mkdir()
    os.mkfifo(entries / "c/gitdir")
    (entries / "d/gitdir").mkdir(parents=True)
    (entries / "e").mkdir()
    (entries / "e/gitdir").write_bytes(b"/\xff\xfe/.git\n")
    assert set(worktrees[1:]) < set(counterparts(worktrees[0]))
    (entries / "e/gitdir").write_bytes(b"/a\0b/.git\n")
    assert Layout(worktrees[0]).take_log(SEQ, VALUES).name == "deploy-2026-02-08-001.log"


@pytest.mark.timeout(60)
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_called_git_is_no_repository(tmp_path):
    os.mkfifo(tmp_path / ".git")
    assert (git_directory(tmp_path / "execution"), counterparts(tmp_path / "execution")) == (None, [])


def test_one_work_tree_has_no_others(tmp_path):
    git(tmp_path, "init", "-q")
    assert counterparts(tmp_path / "execution") == []


def test_the_worktrees_of_a_bare_repository(worktrees, tmp_path):
    git(tmp_path, "clone", "-q", "--bare", "main", "shared.git")
    for name in ("c", "d"):
        git(tmp_path / "shared.git", "worktree", "add", "-q", "-b", name, f"../{name}")
    assert counterparts(tmp_path / "c" / "execution") == [tmp_path / "d" / "execution"]


def test_logs_and_results_take_names_that_are_new_in_all_of_them(worktrees):
    logs = [Layout(root).take_log(SEQ, VALUES).name for root in worktrees]
    assert logs == [f"deploy-2026-02-08-{number}.log" for number in ("001", "002", "003")]
    logs = [Layout(root).take_log(TIMESTAMP, VALUES).name for root in worktrees]
    assert logs == [f"deploy-2026-02-08T00-45-00Z{end}.log" for end in ("", "-2", "-3")]
    results = [ResultsFile(root / "results", "deploy").save({}, {}).name for root in worktrees]
    assert results == ["deploy.json", "deploy-002.json", "deploy-003.json"]


def test_the_name_of_a_log_that_another_one_has_archived_is_not_new(worktrees):
    main, other, _ = worktrees
    (other / "archive/2026-02").mkdir(parents=True)
    (other / "archive/2026-02/deploy-2026-02-08-006.log.gz").touch()
    assert Layout(main).take_log(SEQ, VALUES).name == "deploy-2026-02-08-007.log"


def test_taken_at_the_same_moment(worktrees):
    """However they meet, no two of them end up with one name."""
    barrier, taken = threading.Barrier(len(worktrees)), []

    def work(root):
        barrier.wait()
        for _ in range(20):
            taken.append(Layout(root).take_log(SEQ, VALUES).name)
            taken.append(ResultsFile(root / "results", "deploy").save({}, {}).name)

    threads = [threading.Thread(target=work, args=(root,)) for root in worktrees]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(taken)) == len(taken) == len(worktrees) * 40
    assert sum(len([*(root / part).iterdir()]) for root in worktrees for part in ("logs", "results")) == len(taken)


def test_worktrees_that_share_one_directory(worktrees, tmp_path):
    """It may be linked into each, or mounted; what is found there is one's own."""
    Layout(tmp_path / "shared").create()
    for root in worktrees:
        shutil.rmtree(root)
        root.symlink_to(tmp_path / "shared")
    names = [Layout(root).take_log(SEQ, VALUES).name for root in worktrees]
    assert names == [f"deploy-2026-02-08-{number}.log" for number in ("001", "002", "003")]
    assert [ResultsFile(root / "results", "deploy").save({}, {}).name for root in worktrees[:2]] == [
        "deploy.json",
        "deploy-002.json",
    ]


def test_a_worktree_that_is_gone_is_no_obstacle(worktrees):
    main, gone, _ = worktrees
    shutil.rmtree(gone.parent)
    assert Layout(main).take_log(SEQ, VALUES).name == "deploy-2026-02-08-001.log"
