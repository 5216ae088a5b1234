"""`irl clean` as its user sees it."""

from __future__ import annotations

import os
import time

import pytest


@pytest.fixture
def old(tmp_path, irl_text):
    """Two old logs, one rotated log and an old result."""
    irl_text("init", ".")
    for name in (
        "logs/deploy-2026-01-30-001.log",
        "logs/deploy-2026-02-01-001.log",
        "logs/deploy-2026-02-01-001.log.20260201T000000.000000Z",
        "results/deploy-2026-01-30.json",
    ):
        path = tmp_path / "execution" / name
        path.write_text("{}\n")
        age = 1 if "000Z" in name else 100
        os.utime(path, (time.time() - age * 86_400,) * 2)


def test_it_says_what_it_did(irl_text, old):
    assert irl_text("clean") == (
        0,
        "archived 2 logs: archive/2026-01 (1), archive/2026-02 (1)\npacked 1 rotated log\nremoved 1 results file\n",
        "",
    )
    assert irl_text("clean") == (0, "Nothing to do.\n", "")


def test_a_dry_run_names_each_file_when_asked_to(irl_text, old):
    said = irl_text("clean", "--dry-run", "--verbose", "--results-days", "101")
    assert said == (
        0,
        (
            "would have archived 2 logs: archive/2026-01 (1), archive/2026-02 (1)\n"
            "  logs/deploy-2026-01-30-001.log -> archive/2026-01/deploy-2026-01-30-001.log.gz\n"
            "  logs/deploy-2026-02-01-001.log -> archive/2026-02/deploy-2026-02-01-001.log.gz\n"
            "would have packed 1 rotated log\n"
            "  logs/deploy-2026-02-01-001.log.20260201T000000.000000Z -> "
            "logs/deploy-2026-02-01-001.log.20260201T000000.000000Z.gz\n"
        ),
        "",
    )
    assert (
        irl_text("clean", "--logs-days", "101", "--results-days", "99")[1]
        == "packed 1 rotated log\nremoved 1 results file\n"
    )


def test_a_readme_that_cannot_be_edited_is_said(irl_text, old, tmp_path):
    readme = tmp_path / "execution" / "README.md"
    readme.write_text("<<<<<<< HEAD\n" + readme.read_text())
    code, out, err = irl_text("clean")
    assert (code, out.count("\n")) == (1, 3)
    assert err.startswith(
        "irl: the README's links are not up to date: execution/README.md has a conflict marker at line 1"
    )


def test_an_age_has_to_be_one(irl_text, old):
    code, _, err = irl_text("clean", "--logs-days", "-1")
    assert code == 2
    assert "-1.0 is not in the range x>=0" in err
