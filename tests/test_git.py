"""What git is asked, with the real git."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from irl_logging.git import GitError, WorkTree, merge_text

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@pytest.fixture
def tree(tmp_path) -> WorkTree:
    """The work tree of a new repository."""
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    found = WorkTree.around(tmp_path)
    assert found is not None
    return found


def test_the_tree_around_a_path_that_is_not_there(tree, tmp_path):
    assert tree.top == tmp_path
    assert WorkTree.around(tmp_path / "not" / "there").top == tmp_path


def test_no_tree(tmp_path):
    assert WorkTree.around(tmp_path) is None


def test_no_git(tmp_path, monkeypatch):
    """Without git nothing is known, and merging says why it cannot."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert WorkTree.around(tmp_path) is None
    assert WorkTree(tmp_path).tracked(tmp_path) == []
    with pytest.raises(GitError, match="git cannot be started"):
        merge_text(b"", b"a\n", b"b\n")


def test_a_hooks_idea_of_the_repository_does_not_count(tree, tmp_path, monkeypatch):
    """In a hook GIT_DIR names the repository that is committed to; the path may be in another one."""
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    assert WorkTree.around(tmp_path).top == tmp_path


def test_what_is_left_out_and_by_which_rule(tree, tmp_path):
    (tmp_path / ".gitignore").write_text("# logs\n*.log\n!keep.log\n")
    paths = [tmp_path / name for name in ("a.log", "keep.log", "with blank\n.log", "README.md")]
    assert tree.ignored([*paths, Path("/elsewhere/a.log")]) == {
        paths[0]: ".gitignore:2:*.log",
        paths[2]: ".gitignore:2:*.log",
    }
    assert tree.ignored([]) == {}


def test_what_is_left_out_is_known_through_a_link_to_the_repository(tree, tmp_path, tmp_path_factory):
    """IRL_ROOT may lead over a symbolic link; git tells its top level without any."""
    (tmp_path / ".gitignore").write_text("logs/\n")
    link = tmp_path_factory.mktemp("links") / "repository"
    link.symlink_to(tmp_path)
    log = link / "execution" / "logs" / "a.log"
    assert tree.ignored([log]) == {log: ".gitignore:1:logs/"}


def test_what_is_tracked(tree, tmp_path):
    (tmp_path / "d").mkdir()
    for name in ("d/one", "d/tw o\n", "other"):
        (tmp_path / name).write_text("x")
    subprocess.run(["git", "add", "d"], cwd=tmp_path, check=True)
    assert tree.tracked(tmp_path / "d") == [tmp_path / "d/one", tmp_path / "d/tw o\n"]
    assert tree.tracked(tmp_path / "other", tmp_path / "not there") == []


def test_attributes_and_settings(tree, tmp_path):
    (tmp_path / ".gitattributes").write_text("/README.md merge=irl\n")
    assert tree.attribute("merge", tmp_path / "README.md") == "irl"
    assert tree.attribute("merge", tmp_path / "other") == "unspecified"
    assert tree.setting("merge.irl.driver") is None
    subprocess.run(["git", "config", "merge.irl.driver", "irl merge-driver %O"], cwd=tmp_path, check=True)
    assert tree.setting("merge.irl.driver") == "irl merge-driver %O"


def test_merging_text():
    assert merge_text(b"1\n2\n3\n", b"0\n1\n2\n3\n", b"1\n2\n3\n4") == (b"0\n1\n2\n3\n4", 0)
    assert merge_text(b"1\n", b"one\n", b"uno\n") == (b"<<<<<<< ours\none\n=======\nuno\n>>>>>>> theirs\n", 1)


def test_what_is_no_text_is_not_merged():
    with pytest.raises(GitError, match="git cannot merge the text"):
        merge_text(b"\0", b"\0a", b"\0b")
