"""What is shown on a terminal."""

from __future__ import annotations

import pytest

from irl_logging.cli import terminal


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain ✓ ⚠️ Ω", "plain ✓ ⚠️ Ω"),
        ("\x1b[31mred\x07", "\\x1b[31mred\\x07"),
        ("two\nlines\tand tab", "two\\nlines\\tand tab"),
        ("\u202egnp.exe\u200b", "\\u202egnp.exe\\u200b"),
        ("\x85\x9b\ud800", "\\x85\\x9b\\ud800"),
        ("[2026-02-08T00:47:25Z] [INFO] [w] [-] a line", "[2026-02-08T00:47:25Z] [INFO] [w] [-] a line"),
    ],
)
def test_harmless(text, shown):
    assert terminal.harmless(text) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(-5, "0s ago"), (59.9, "59s ago"), (60, "1m ago"), (3_599, "59m ago"), (7_200, "2h ago"), (200_000, "2d ago")],
)
def test_ago(seconds, shown):
    assert terminal.ago("2026-02-08T00:00:00.000000Z", 1_770_508_800 + seconds) == shown


def test_ago_of_no_time():
    assert terminal.ago("", 0) == "-"


@pytest.mark.parametrize(("text", "columns"), [("abc", 3), ("日本", 4), ("e\u0301", 1), ("⚠️", 2), ("✓", 1), ("", 0)])
def test_width(text, columns):
    assert terminal.width(text) == columns


def test_columns_are_as_wide_as_their_widest_cell():
    lines = terminal.table(("A", "B"), [("日本", "1"), ("x", "22")], most=None, colours={})
    assert lines == ["A     B", "日本  1", "x     22"]


def test_a_table_fits_the_terminal():
    """The widest columns give way; what is cut says so."""
    rows = [("deploy", "Running", "logs/deploy-2026-02-08-001.log", "agent-" + "x" * 60)]
    lines = terminal.table(("WORKFLOW", "STATUS", "LOG", "AGENT"), rows, most=60, colours={})
    assert [terminal.width(line) <= 60 for line in lines] == [True, True]
    assert lines[1] == "deploy    Running  logs/deploy-2026-0…  agent-xxxxxxxxxxxxx…"


def test_a_path_loses_its_beginning():
    """Logs of one workflow differ at their ends."""
    rows = [("deploy", "logs/deploy-2026-02-08-001.log")]
    lines = terminal.table(("WORKFLOW", "LOG"), rows, most=24, colours={}, paths={1})
    assert lines == ["WORKFLOW  LOG", "deploy    …02-08-001.log"]


def test_a_table_in_no_space_at_all_still_shows_names():
    lines = terminal.table(("A", "B"), [("x" * 50, "y" * 50)], most=1, colours={})
    assert lines[1] == "xxxxxxx…  yyyyyyy…"


def test_a_status_has_its_colour():
    lines = terminal.table(("A", "B"), [("x", "✓ y")], most=None, colours={0: terminal.status_colour("✓ y")})
    assert lines[1] == "x  \x1b[32m✓ y\x1b[0m"
