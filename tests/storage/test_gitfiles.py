"""What an execution directory tells git."""

from __future__ import annotations

import pytest

from irl_logging.storage.gitfiles import ATTRIBUTES, write_git_files
from irl_logging.storage.layout import NOT_FOR_GIT, Layout


@pytest.fixture
def layout(tmp_path) -> Layout:
    """An execution directory as the first run makes it."""
    made = Layout(tmp_path / "execution")
    made.create()
    return made


def test_what_is_missing_is_written(layout):
    attributes, ignored = layout.root / ".gitattributes", layout.active / ".gitignore"
    assert write_git_files(layout) == {attributes: 6, ignored: 0}
    assert (attributes.read_bytes(), ignored.read_bytes()) == (ATTRIBUTES, NOT_FOR_GIT)
    assert write_git_files(layout) == {attributes: 0, ignored: 0}


@pytest.mark.parametrize(
    ("standing", "becomes", "added"),
    [
        (
            b"*.log text\n/README.md merge=mine",
            (
                b"*.log text\n/README.md merge=mine\n"
                b"/archive/*/README.md merge=irl\n/logs/*.log merge=union\n/logs/*.jsonl merge=union\n"
            ),
            3,
        ),
        (b"", b"".join(line for line in ATTRIBUTES.splitlines(keepends=True) if line[:1] != b"#"), 4),
        (ATTRIBUTES.replace(b"\n", b"\r\n"), ATTRIBUTES.replace(b"\n", b"\r\n"), 0),
    ],
    ids=["lines of theirs", "empty", "other line ends"],
)
def test_lines_of_people_stay(layout, standing, becomes, added):
    path = layout.root / ".gitattributes"
    path.write_bytes(standing)
    assert write_git_files(layout)[path] == added
    assert path.read_bytes() == becomes


def test_what_people_have_decided_to_keep_in_git_stays_there(layout):
    path = layout.active / ".gitignore"
    path.write_bytes(b"runs/\r\n!workflows.json\r\n")
    assert write_git_files(layout)[path] == 3
    assert path.read_bytes() == b"runs/\r\n!workflows.json\r\njournal/\r\n.*\r\n!.gitignore\r\n"
