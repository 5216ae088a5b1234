"""What docs/reliability.md says is tested is a test of this repository, with a long form where it names a figure."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.mutants import MUTANTS

ROOT = Path(__file__).resolve().parent.parent.parent
TEXT = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")


def test_each_row_names_tests_that_are_there():
    """Every row of the table ends with one, or several, and none is made up."""
    rows = [line for line in TEXT.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 15
    for row in rows:
        named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", row.rpartition(" | ")[2])
        assert named, row
        for path, function in named:
            source = (ROOT / path).read_text(encoding="utf-8")
            assert not function or f"def {function}(" in source, f"{path}::{function}"


@pytest.mark.parametrize("script", sorted(set(re.findall(r"python (tests/faults/\w+\.py)", TEXT))))
def test_each_script_can_be_run(script):
    """It says what it is for, and knows the options that the document gives it."""
    done = subprocess.run([sys.executable, ROOT / script, "--help"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    for option in re.findall(rf"python {script}(.*)", TEXT):
        assert all(word in done.stdout for word in option.split() if word.startswith("--"))


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_each_mutant_fits(mutant):
    """The text that it changes stands in the package once, and its tests are there."""
    assert (ROOT / "irl_logging" / mutant.module).read_text(encoding="utf-8").count(mutant.old) == 1
    for test in mutant.tests:
        path, _, function = test.partition("::")
        assert f"def {function}" in (ROOT / path).read_text(encoding="utf-8")
