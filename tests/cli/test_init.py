"""`irl init`."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from irl_logging.manifest.template import template
from irl_logging.storage.gitfiles import ATTRIBUTES

MADE = ["", "logs", "state", "results", "active"]


def test_makes_folders_and_the_specifications_readme(irl, tmp_path):
    answer = irl("init")
    root = tmp_path / "execution"
    assert (answer.code, answer.err) == (0, b"")
    assert answer.out.decode().splitlines() == [
        *(f"made {root / name}/" for name in MADE),
        f"made {root / 'README.md'}, where runs are shown",
    ]
    assert (root / "README.md").read_bytes() == template()
    assert all((root / name).is_dir() for name in MADE)


def test_again_it_has_nothing_to_do(irl, tmp_path):
    irl("init")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "execution").rglob("*")}
    answer = irl("init")
    assert (answer.code, answer.out.decode()) == (0, f"Nothing to do: {tmp_path / 'execution'} is complete.\n")
    assert before == {path: path.stat().st_mtime_ns for path in (tmp_path / "execution").rglob("*")}


def test_a_readme_of_others_is_left_as_it_is(irl, tmp_path):
    (tmp_path / "execution").mkdir()
    (tmp_path / "execution/README.md").write_text("Ours.\n")
    answer = irl("init")
    assert answer.code == 0
    assert answer.out.decode().endswith(f"left {tmp_path / 'execution/README.md'} as it is\n")
    assert (tmp_path / "execution/README.md").read_text() == "Ours.\n"


def test_path_is_a_repository_or_an_execution_directory(irl, tmp_path):
    irl("init", "one")
    irl("init", "two/execution")
    assert (tmp_path / "one/execution/README.md").is_file()
    assert (tmp_path / "two/execution/README.md").is_file()
    assert not (tmp_path / "two/execution/execution").exists()


def test_the_first_run_edits_what_it_made(irl, tmp_path):
    irl("init")
    irl("run", "-w", "deploy", "--agent", "me", "--", "true")
    changed = [
        line
        for line in (tmp_path / "execution/README.md").read_text("utf-8").splitlines()
        if line not in template().decode().splitlines()
    ]
    assert len(changed) == 1
    assert changed[0].startswith("| deploy | ")
    assert changed[0].endswith(" | ✓ Complete | - | me |")


def test_hostile_names_are_shown_harmless(irl):
    answer = irl("init", "a\x1b[31m\nb")
    assert answer.code == 0
    assert b"\x1b" not in answer.out
    assert b"a\\x1b[31m\\nb/execution/README.md" in answer.out


SET_UP = """To let git merge the README of two branches row by row, run once in each clone:
  git config merge.irl.driver 'irl merge-driver %O %A %B %P'
"""


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_git_is_told_and_what_is_left_to_do_is_said(irl, tmp_path):
    """We write into no configuration of git's."""
    subprocess.run(["git", "init", "-q"], check=True)
    configured = (tmp_path / ".git/config").read_bytes()
    answer = irl("init", "--git")
    assert (answer.code, answer.err) == (0, b"")
    assert answer.out.decode().endswith(f"6 lines added to {tmp_path / 'execution/.gitattributes'}\n{SET_UP}")
    assert (tmp_path / "execution/.gitattributes").read_bytes() == ATTRIBUTES
    assert (tmp_path / ".git/config").read_bytes() == configured
    assert irl("init", "--git").out.decode() == f"Nothing to do: {tmp_path / 'execution'} is complete.\n{SET_UP}"
    command = SET_UP.splitlines()[1].strip()
    subprocess.run(command, shell=True, check=True)
    assert irl("init", "--git").out.decode() == f"Nothing to do: {tmp_path / 'execution'} is complete.\n"
    attribute = ["git", "check-attr", "merge", "execution/README.md", "execution/archive/2026-02/README.md"]
    told = subprocess.run(attribute, capture_output=True, text=True, check=True).stdout.splitlines()
    assert [line.rpartition(": ")[2] for line in told] == ["irl", "irl"]


def test_a_secret_in_the_path_is_not_shown(irl, secret, tmp_path):
    """The directory is made as it was asked for; a CI log is for everybody."""
    answer = irl("init", secret)
    assert (answer.code, answer.err) == (0, b"")
    assert secret.encode() not in answer.out
    assert answer.out.splitlines()[0].startswith(f"made {tmp_path}/[REDACTED:".encode())
    assert secret.encode() not in irl("--root", secret, "status").out
    assert (tmp_path / secret / "execution" / "README.md").is_file()
