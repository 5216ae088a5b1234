"""Many processes at once, some of them killed, the README read all the while: see `load.py` for what is looked at."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("rows", [0, 300])
def test_processes_that_are_killed_while_the_readme_is_read(load, rows):
    """Every acknowledged event is there once, and no reader ever sees a README that is not whole."""
    assert " 0 faults;" in load(processes=10, events=8, kills=3, rows=rows)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_hundred_processes_thirty_kills_twenty_times(load, measured):
    """The same, a hundred times as much."""
    sentence = load(processes=100, events=20, kills=30, rounds=20)
    assert " 0 faults;" in sentence
    measured(sentence)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_thousand_processes_a_hundred_kills(load, measured):
    """More processes than anybody has."""
    sentence = load(processes=1000, events=4, kills=100)
    assert " 0 faults;" in sentence
    measured(sentence)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("fsync", [True, False], ids=["fsync", "no fsync"])
def test_speed_with_a_thousand_rows(load, measured, fsync):
    """Nobody is killed: how many events a second, and how many of them a rewrite of the README shows."""
    sentence = load(processes=100, events=20, rows=1000, rounds=5, **({} if fsync else {"no_fsync": True}))
    assert " 0 faults;" in sentence
    measured(sentence)
