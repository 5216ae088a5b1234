"""`irl backup` and `irl restore` as their user sees them."""

from __future__ import annotations

import re
import subprocess

import pytest


@pytest.fixture(autouse=True)
def used(irl_text):
    irl_text("init", ".")
    irl_text("run", "--workflow", "deploy", "--", "true")


def test_a_backup_is_made_checked_and_restored(irl_text, tmp_path):
    code, out, err = irl_text("backup")
    assert (code, err) == (0, "")
    name = re.fullmatch(r"backed up \d+ files \([\d,]+ bytes\) into (execution-backup-[\d-]+\.tar\.gz)\n", out)[1]
    code, out, _ = irl_text("restore", "--verify", name)
    assert code == 0
    assert re.fullmatch(rf"{name} is intact: \d+ files, [\d,]+ bytes, made at [\dTZ:-]+\n", out)
    code, out, err = irl_text("restore", name, "--into", "there")
    assert (code, err) == (0, "")
    assert out.endswith(f"into {tmp_path}/there\n")
    assert (tmp_path / "there" / "README.md").read_bytes() == (tmp_path / "execution" / "README.md").read_bytes()


def test_what_is_there_is_kept(irl_text, tmp_path):
    irl_text("backup", "b.tgz")
    code, _, err = irl_text("restore", "b.tgz")
    assert (code, err) == (
        1,
        f"irl: {tmp_path}/execution is not empty: name another directory, or use --force to keep it aside\n",
    )
    code, out, _ = irl_text("restore", "b.tgz", "--force")
    assert code == 0
    assert re.search(rf"what was there is kept as {tmp_path}/execution\.before-restore-[\dTZ-]+\n\Z", out)


def test_the_newest_backups_are_kept(irl_text, tmp_path):
    (tmp_path / "b").mkdir()
    for _ in range(3):
        code, out, _ = irl_text("backup", "--keep", "2", "b")
        assert code == 0
    assert re.search(r"removed b/execution-backup-[\dTZ-]+\.tar\.gz\n\Z", out)
    assert len(list((tmp_path / "b").iterdir())) == 2
    assert irl_text("backup", "--keep", "2", "c.tgz")[0] == 2


def test_a_directory_that_is_not_there(irl_text, tmp_path):
    code, _, err = irl_text("backup", "backups")
    assert (code, err.splitlines()[-1]) == (
        2,
        "irl: there is no directory backups: expected one, or a file such as backups.tar.gz",
    )


def test_a_backup_that_was_cut_off_is_not_restored(irl_text, tmp_path):
    irl_text("backup", "b.tgz")
    (tmp_path / "b.tgz").write_bytes((tmp_path / "b.tgz").read_bytes()[:-20])
    code, out, err = irl_text("restore", "b.tgz", "--into", "there")
    assert (code, out) == (1, "")
    assert err.startswith("irl: b.tgz is damaged: ")
    assert not (tmp_path / "there").exists()


def test_links_are_said(irl_text, tmp_path):
    (tmp_path / "execution" / "logs" / "link").symlink_to(tmp_path)
    code, _, err = irl_text("backup", "b.tgz")
    assert (code, err) == (0, "irl: left out, as it is a link or not a regular file: logs/link\n")


def test_a_backup_that_git_would_take_is_told_of(irl_text, tmp_path):
    """Once somebody has seen to it, nothing is said any more; the backup is made either way."""
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    code, _, err = irl_text("backup", "b.tar.gz")
    assert (code, err) == (
        0,
        "irl: `git add` would take b.tar.gz: keep backups outside the repository, or add them to .gitignore\n",
    )
    (tmp_path / ".gitignore").write_text("*.tar.gz\n")
    assert irl_text("backup", "--force", "b.tar.gz")[::2] == (0, "")
