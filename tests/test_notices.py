"""What the package says of itself on stderr."""

from __future__ import annotations

import pytest

from irl_logging.notices import counted, notice


def test_a_notice_is_given_once(capsys):
    for _ in range(2):
        notice("disk", "the disk is full", every=None)
    assert capsys.readouterr().err == "irl_logging: the disk is full\n"


def test_a_program_of_many_troubles_forgets_the_oldest_notice(capsys):
    """A service may have a notice for each of a million runs: a thousand of them are remembered."""
    for number in range(1_001):
        notice(f"end {number}", "x", every=None)
    capsys.readouterr()
    notice("end 1", "given lately", every=None)
    notice("end 0", "forgotten", every=None)
    assert capsys.readouterr().err == "irl_logging: forgotten\n"


@pytest.mark.parametrize(("number", "said"), [(0, "0 lines"), (1, "1 line"), (2, "2 lines"), (1_007, "1,007 lines")])
def test_a_number_has_its_noun(number, said):
    assert counted(number, "line") == said
