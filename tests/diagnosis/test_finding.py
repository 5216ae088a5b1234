"""Findings as text."""

from __future__ import annotations

import pytest

from irl_logging.diagnosis.finding import Finding, Level, sized
from irl_logging.notices import counted


def test_a_finding_in_one_line():
    assert str(Finding(Level.OK, "git", "in order")) == "ok git: in order"
    assert str(Finding(Level.WARN, "git", "odd", "look")) == "warn git: odd - look"


def test_numbers_with_their_nouns():
    assert [counted(number, "file") for number in (0, 1, 1_200)] == ["0 files", "1 file", "1,200 files"]


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 B"), (999, "999 B"), (1_000, "1.0 kB"), (3_440_000, "3.4 MB"), (2 * 10**9, "2.0 GB")]
)
def test_sizes(size, text):
    assert sized(size) == text
