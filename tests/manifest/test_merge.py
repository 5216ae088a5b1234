"""Merging two branches' manifests: rows as rows, the text around them as git does it."""

from __future__ import annotations

import shutil

import pytest

from irl_logging.git import merge_text
from irl_logging.manifest.merge import merge
from irl_logging.manifest.template import template

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

ACTIVE = "| Workflow | Started | Status | Log File | Agent/User |"
COMPLETED = "| Workflow | Completed | Status | Results | Agent/User |"
NONE = "| _(none)_ | - | - | - | - |"
NONE_YET = "| _(none yet)_ | - | - | - | - |"


def started(name: str, minute: int, status: str = "Running", agent: str = "a") -> str:
    """A row of Active."""
    return f"| {name} | 2026-02-08T00:{minute:02}:00Z | {status} | logs/{name}.log | {agent} |"


def ended(name: str, minute: int, status: str = "✓ Complete", results: str = "-") -> str:
    """A row of Completed."""
    return f"| {name} | 2026-02-08T00:{minute:02}:00Z | {status} | {results} | a |"


def readme(
    active=(NONE,), completed=(NONE_YET,), *, top="Ours.", bottom="The end.", heads=(ACTIVE, COMPLETED)
) -> bytes:
    """A README with these rows."""
    lines = [
        "# Manifest",
        top,
        "",
        "## Active Workflows",
        "",
        heads[0],
        "|" + "---|" * (heads[0].count("|") - 1),
        *active,
        "",
        "## Completed Workflows",
        "",
        heads[1],
        "|" + "---|" * (heads[1].count("|") - 1),
        *completed,
        "",
        bottom,
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def check(base: bytes, ours: bytes, theirs: bytes, expected: bytes) -> None:
    """Merge, and expect this document without any conflict."""
    merged = merge(base, ours, theirs, merge_text)
    assert merged.document.decode() == expected.decode()
    assert (merged.conflicts, merged.doubled) == (0, ())


OLD = ended("old", 10)
WHERE = {
    "both add": ([OLD], [ended("b", 30), OLD], [ended("c", 40), ended("a", 20), OLD]),
    "oldest first stays so": ([OLD, ended("x", 11)], [OLD, ended("x", 11), ended("b", 30)], [OLD, ended("x", 11)]),
    "the first rows of both": ([NONE_YET], [ended("b", 30)], [ended("a", 20)]),
    "one takes away": ([ended("b", 30), OLD], [OLD], [ended("c", 40), ended("b", 30), OLD]),
    "both take the last away": ([OLD], [NONE_YET], [NONE_YET]),
    "one takes the last away, the other adds": ([OLD], [NONE_YET], [ended("c", 40), OLD]),
    "the same row on both": ([OLD], [ended("b", 30), OLD], [ended("b", 30), OLD]),
    "one changes a cell, the other adds": ([OLD], [ended("old", 10, results="8 approved")], [ended("b", 30), OLD]),
    "each changes another cell": ([OLD], [ended("old", 10, results="8 approved")], [ended("old", 10, "⚠️ Overstated")]),
    "blanks do not count": ([OLD], [OLD.replace(" | ", "  |  ")], [ended("b", 30), OLD]),
    "of two alike one goes": ([OLD, OLD], [OLD], [OLD, OLD]),
    "two alike are added": ([OLD], [ended("b", 30), OLD], [ended("b", 30), ended("b", 30), OLD]),
    "alike but for the results": ([], [ended("b", 30, results="1 ok")], [ended("b", 30, results="2 ok")]),
    "alike but for the status": ([], [ended("b", 30)], [ended("b", 30, "✗ Failed")]),
    "made by hand, behind its neighbour": ([OLD], [ended("b", 30), OLD], [OLD, "| by hand | today | fine | - | me |"]),
    "without the right cells": ([OLD], [ended("b", 30), OLD], [OLD, "| odd |"]),
    "changed here, taken away there": ([OLD], [ended("old", 10, results="noted")], [NONE_YET]),
    "taken away here, changed there": ([OLD], [NONE_YET], [ended("old", 10, results="noted")]),
}
WANTED = {
    "both add": [ended("c", 40), ended("b", 30), ended("a", 20), OLD],
    "oldest first stays so": [OLD, ended("x", 11), ended("b", 30)],
    "the first rows of both": [ended("b", 30), ended("a", 20)],
    "one takes away": [ended("c", 40), OLD],
    "both take the last away": [NONE_YET],
    "one takes the last away, the other adds": [ended("c", 40)],
    "the same row on both": [ended("b", 30), OLD],
    "one changes a cell, the other adds": [ended("b", 30), ended("old", 10, results="8 approved")],
    "each changes another cell": [ended("old", 10, "⚠️ Overstated", "8 approved")],
    "blanks do not count": [ended("b", 30), OLD.replace(" | ", "  |  ")],
    "of two alike one goes": [OLD],
    "two alike are added": [ended("b", 30), ended("b", 30), OLD],
    "alike but for the results": [ended("b", 30, results="2 ok"), ended("b", 30, results="1 ok")],
    "alike but for the status": [ended("b", 30, "✗ Failed"), ended("b", 30)],
    "made by hand, behind its neighbour": [ended("b", 30), OLD, "| by hand | today | fine | - | me |"],
    "without the right cells": [ended("b", 30), OLD, "| odd |"],
    "changed here, taken away there": [ended("old", 10, results="noted")],
    "taken away here, changed there": [ended("old", 10, results="noted")],
}


@pytest.mark.parametrize("where", WHERE)
def test_completed_rows(where):
    base, ours, theirs = (readme(completed=completed) for completed in WHERE[where])
    check(base, ours, theirs, readme(completed=WANTED[where]))


UP = started("up", 1)


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "wanted"),
    [
        ([NONE], [started("b", 3)], [started("a", 2)], [started("a", 2), started("b", 3)]),
        ([UP], [NONE], [UP, started("b", 3)], [started("b", 3)]),
        ([UP], [NONE], [started("up", 1, "⚠️ Stale")], [NONE]),
        ([UP], [NONE], [started("up", 1, agent="somebody")], [started("up", 1, agent="somebody")]),
        ([UP], [started("up", 1, "⚠️ Stale")], [started("up", 1, "✗ Failed")], [started("up", 1, "✗ Failed")]),
        ([UP], [started("up", 1, "✗ Failed")], [started("up", 1, "⚠️ Stale")], [started("up", 1, "✗ Failed")]),
        ([NONE], [UP], [started("up", 1, "✗ Failed")], [started("up", 1, "✗ Failed")]),
    ],
    ids=[
        "both add",
        "ended here, another started there",
        "ended here, stale there",
        "ended here, but noted there",
        "the end wins",
        "the end wins on the other side",
        "the same run on both",
    ],
)
def test_active_rows(base, ours, theirs, wanted):
    check(*(readme(active=rows) for rows in (base, ours, theirs)), readme(active=wanted))


def test_a_run_that_ended_on_one_side_moves():
    """Out of Active, into Completed, while the other side has its own."""
    base = readme([UP], [OLD])
    ours = readme([NONE], [ended("up", 20), OLD])
    theirs = readme([UP, started("b", 3)], [ended("c", 40), OLD])
    check(base, ours, theirs, readme([started("b", 3)], [ended("c", 40), ended("up", 20), OLD]))
    check(base, theirs, ours, readme([started("b", 3)], [ended("c", 40), ended("up", 20), OLD]))


def test_one_cell_changed_in_two_ways_keeps_both_rows_and_says_so():
    base, ours, theirs = (readme(completed=[ended("old", 10, results=text)]) for text in ("-", "one", "two"))
    merged = merge(base, ours, theirs, merge_text)
    assert merged.document == readme(completed=[ended("old", 10, results="one"), ended("old", 10, results="two")])
    assert (merged.conflicts, merged.doubled) == (0, ("old, 2026-02-08T00:10:00Z",))


def test_the_text_around_is_merged_too():
    base = readme()
    ours = readme(completed=[ended("b", 30)], top="New top.")
    theirs = readme(completed=[ended("a", 20)], bottom="New end.")
    check(base, ours, theirs, readme(completed=[ended("b", 30), ended("a", 20)], top="New top.", bottom="New end."))


def test_text_that_conflicts_is_marked_and_the_tables_are_whole():
    ours, theirs = readme(completed=[ended("b", 30)], top="One."), readme(completed=[ended("a", 20)], top="Two.")
    merged = merge(readme(), ours, theirs, merge_text)
    conflict = "<<<<<<< ours\nOne.\n=======\nTwo.\n>>>>>>> theirs"
    assert merged.document == readme(completed=[ended("b", 30), ended("a", 20)], top=conflict)
    assert merged.conflicts == 1


def test_a_column_added_on_one_side():
    """Rows of the other side get an empty cell in it."""
    wide = COMPLETED + " Cost |"
    ours = readme(completed=[ended("b", 30) + " 3 € |", OLD + " - |"], heads=(ACTIVE, wide))
    theirs = readme(completed=[ended("a", 20), OLD])
    wanted = readme(completed=[ended("b", 30) + " 3 € |", ended("a", 20) + " - |", OLD + " - |"], heads=(ACTIVE, wide))
    check(readme(completed=[OLD]), ours, theirs, wanted)
    check(readme(completed=[OLD]), theirs, ours, wanted)


def test_each_side_made_its_own():
    """Without a common ancestor git gives an empty one."""
    ours, theirs = readme([started("b", 3)], [ended("b", 30)]), readme([started("a", 2)], [ended("a", 20)])
    wanted = readme([started("a", 2), started("b", 3)], [ended("b", 30), ended("a", 20)])
    check(b"", ours, theirs, wanted)


def test_the_specifications_readme():
    """The examples in its code fences are text."""
    row = NONE_YET.encode()
    base = template()
    ours, theirs = (base.replace(row, ended(name, minute).encode()) for name, minute in (("b", 30), ("a", 20)))
    check(base, ours, theirs, base.replace(row, f"{ended('b', 30)}\n{ended('a', 20)}".encode()))


@pytest.mark.parametrize("change", [lambda data: data.replace(b"\n", b"\r\n"), lambda data: b"\xef\xbb\xbf" + data])
def test_line_ends_and_byte_order_mark_stay(change):
    base, ours, theirs = (change(readme(completed=WHERE["both add"][at])) for at in range(3))
    check(base, ours, theirs, change(readme(completed=WANTED["both add"])))


def test_a_table_at_the_very_end_without_a_line_end():
    def cut(completed):
        return readme(completed=completed).removesuffix(b"\n\nThe end.\n")

    check(*(cut(WHERE["both add"][at]) for at in range(3)), cut(WANTED["both add"]))
    check(cut([]), cut([ended("b", 30)]), cut([ended("a", 20)]), cut([ended("b", 30), ended("a", 20)]))
    changed = cut([OLD]).replace(b"Ours.", b"Theirs.")
    check(cut([OLD]), cut([]), changed, cut([]).replace(b"Ours.", b"Theirs."))


def test_links_to_archives_are_joined():
    def linked(*months):
        return readme(bottom="Older runs: " + ", ".join(f"[{month}](archive/{month}/README.md)" for month in months))

    check(
        linked("2025-12"),
        linked("2026-02", "2025-12"),
        linked("2026-01", "2025-12"),
        linked("2026-02", "2026-01", "2025-12"),
    )
    check(linked("2025-12"), linked("2025-12"), linked("2026-01", "2025-12"), linked("2026-01", "2025-12"))
    check(
        linked("2026-01", "2025-12"),
        linked("2026-01"),
        linked("2026-02", "2026-01", "2025-12"),
        linked("2026-02", "2026-01"),
    )


def archived(*tables: tuple[str, ...]) -> bytes:
    """An archive of a month."""
    parts = ["# Completed Workflows, 2026-02\n\nOlder rows of [the manifest](../../README.md).\n"]
    for head, *rows in tables:
        parts.append("\n".join(["", head, "|" + "---|" * (head.count("|") - 1), *rows, ""]))
    return "".join(parts).encode()


def test_archives():
    wide = COMPLETED + " Cost |"
    base = archived((COMPLETED, OLD))
    ours = archived((COMPLETED, ended("b", 30), OLD), (wide, ended("d", 50) + " 3 |"))
    theirs = archived((COMPLETED, ended("a", 20), OLD))
    wanted = archived((COMPLETED, ended("b", 30), ended("a", 20), OLD), (wide, ended("d", 50) + " 3 |"))
    check(base, ours, theirs, wanted)
    check(b"", archived((COMPLETED, OLD)), theirs, theirs)


@pytest.mark.parametrize(
    "broken",
    [b"no tables at all\n", readme().replace(b"## Active", b"## Inactive"), readme() + b"\n<<<<<<< x\n"],
    ids=["no tables", "no heading", "conflict markers"],
)
def test_a_side_without_the_tables_is_merged_as_text(broken):
    base, ours = readme(), readme(completed=[ended("b", 30)])
    text, conflicts = merge_text(base, ours, broken)
    assert (merge(base, ours, broken, merge_text).document, conflicts) == (text, conflicts)


def test_a_table_that_one_side_took_away_conflicts_with_new_rows():
    """Rows are not lost with a table that somebody else removed meanwhile."""
    ours = readme(completed=[ended("b", 30)])
    theirs = readme().partition(b"## Completed")[0]
    merged = merge(readme(), ours, theirs, merge_text)
    assert merged.conflicts == 1
    assert ended("b", 30).encode() in merged.document
