"""Where things stand, and how a run comes to a log file that is its own."""

from __future__ import annotations

import pytest

from irl_logging.errors import ConfigurationError
from irl_logging.naming import LogPattern
from irl_logging.storage.layout import Layout

VALUES = {"workflow": "deploy", "log_name": "deploy", "date": "2026-02-08", "timestamp": "2026-02-08T00-45-00Z"}


@pytest.fixture
def layout(tmp_path):
    """An execution directory with its folders."""
    made = Layout(tmp_path / "execution")
    made.create()
    return made


def taken(layout, pattern="{log_name}-{date}-{seq}.log", **values):
    return layout.take_log(LogPattern(pattern), {**VALUES, **values}).name


def test_the_folders(tmp_path):
    """The specification's, and the journal's and the locks' below active; made twice is made once."""
    layout = Layout(tmp_path / "execution")
    assert layout.used is False
    layout.create()
    layout.create()
    made = [path for path in layout.root.rglob("*") if path.is_dir()]
    found = sorted(path.relative_to(layout.root).as_posix() for path in made)
    assert found == ["active", "active/journal", "active/runs", "logs", "results", "state"]
    assert layout.used is True
    assert {path.stat().st_mode & 0o777 for path in made} == {0o750}


def test_numbers_go_up(layout):
    """Each run of a day has the next one, beside other workflows and other days."""
    assert [taken(layout), taken(layout), taken(layout, log_name="other")] == [
        "deploy-2026-02-08-001.log",
        "deploy-2026-02-08-002.log",
        "other-2026-02-08-001.log",
    ]
    assert taken(layout, date="2026-02-09") == "deploy-2026-02-09-001.log"


@pytest.mark.parametrize("there", ["deploy-2026-02-08-041.log", "deploy-2026-02-08-041.log.gz"])
def test_numbers_are_not_given_again(layout, there):
    """A number that was compressed or is far ahead stays its run's; gaps are not filled."""
    for name in ("deploy-2026-02-08-001.log", there, "deploy-2026-02-08-1000000.txt", "deploy-2026-02-08-x.log"):
        (layout.logs / name).touch()
    assert taken(layout) == "deploy-2026-02-08-042.log"


def test_more_than_a_thousand_runs_a_day(layout):
    """The number grows a digit."""
    (layout.logs / "deploy-2026-02-08-001.log").touch()
    (layout.logs / "deploy-2026-02-08-999.log").touch()
    assert [taken(layout), taken(layout)] == ["deploy-2026-02-08-1000.log", "deploy-2026-02-08-1001.log"]


def test_times_that_are_taken_get_a_number(layout):
    """Two runs of one second."""
    names = [taken(layout, "{workflow}-{timestamp}.log") for _ in range(3)]
    assert names == [f"deploy-2026-02-08T00-45-00Z{end}.log" for end in ("", "-2", "-3")]


def test_a_shared_file_is_everybodys(layout):
    """A pattern without number and time names one file; what is in it stays."""
    assert taken(layout, "incident-batch-{date}.log") == "incident-batch-2026-02-08.log"
    (layout.logs / "incident-batch-2026-02-08.log").write_text("line\n")
    assert taken(layout, "incident-batch-{date}.log") == "incident-batch-2026-02-08.log"
    assert (layout.logs / "incident-batch-2026-02-08.log").read_text() == "line\n"


@pytest.mark.parametrize("pattern", ["{log_name}-{date}-{seq}.log", "incident-batch-{date}.log"])
def test_links_are_not_followed(layout, tmp_path, pattern):
    """A name that leads out of the directory is not written through: it is taken, or refused."""
    precious = tmp_path / "precious"
    for name in ("deploy-2026-02-08-001.log", "incident-batch-2026-02-08.log"):
        (layout.logs / name).symlink_to(precious)
    if "seq" in pattern:
        assert taken(layout, pattern) == "deploy-2026-02-08-002.log"
    else:
        with pytest.raises(OSError, match="symbolic link"):
            taken(layout, pattern)
    assert not precious.exists()


def test_names_from_outside_stay_inside(layout):
    """Whatever a field holds, the file is one of the logs."""
    for value in ("../../etc/passwd", "..", "a/b", "\x00", "con", "x" * 300, ""):
        path = layout.take_log(LogPattern("{integration}-{seq}.log"), {**VALUES, "integration": value})
        assert path.parent == layout.logs
        assert path.is_file()
    with pytest.raises(ConfigurationError, match=r"needs \{integration\}"):
        taken(layout, "{integration}-{seq}.log")
