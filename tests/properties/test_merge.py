"""Laws of merging: what either side did to a row is done, no row is lost or doubled, and the order of sides is no matter."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from irl_logging.manifest.merge import merge
from irl_logging.manifest.table import Document
from tests.properties.test_manifest import DOCUMENTS, WELL_FORMED

HEAD = b"# M\n\n## Active Workflows\n\n| Workflow | Started | Status |\n|-|-|-|\n%s\n## Completed Workflows\n\n"
COLUMNS = b"| Workflow | Completed | Status | Results |\n|-|-|-|-|\n"

RUNS = st.tuples(st.sampled_from("ab"), st.integers(10, 15), st.just(0))
SETS = st.sets(RUNS, max_size=6)
LOOKALIKES = st.lists(st.tuples(st.sampled_from("ab"), st.integers(10, 12), st.integers(0, 3)), max_size=8)


def document(runs) -> bytes:
    """A README that shows these runs, the newest first, or that there is none."""
    rows = [
        f"| {name} | 2026-02-08T00:{minute}:00Z | ✓ Complete | n{number} |\n"
        for name, minute, number in sorted(runs, key=lambda run: (-run[1], run))
    ]
    text = "".join(rows or ["| _(none yet)_ | - | - | - |\n"]).encode()
    return HEAD % b"| _(none)_ | - | - |\n" + COLUMNS + text + b"\nEnd.\n"


def shown(data: bytes) -> Counter:
    """The runs that a README shows."""
    (table,) = [table for table in Document(data).tables() if "completed" in table.columns]
    rows = [line.decode().strip("| \n").split(" | ") for line in Document(data).rows(table)]
    return Counter((cells[0], int(cells[1][14:16]), int(cells[3][1:])) for cells in rows if cells[0] != "_(none yet)_")


def same_text(base: bytes, ours: bytes, theirs: bytes) -> tuple[bytes, int]:
    """Only rows differ, and these are taken out."""
    assert base == ours == theirs
    return ours, 0


@given(SETS, SETS, SETS)
def test_what_either_side_did_is_done(base, ours, theirs):
    """A row that one side added is there, one that one side took away is not, one that neither touched stays."""
    wanted = (ours & theirs) | ((ours ^ theirs) - base)
    for mine, other in ((ours, theirs), (theirs, ours)):
        merged = merge(document(base), document(mine), document(other), same_text).document
        assert shown(merged) == Counter(wanted)
        minutes = [int(row[20:22]) for row in merged.split(b"\n") if row[:3] in (b"| a", b"| b")]
        assert minutes == sorted(minutes, reverse=True)


@given(LOOKALIKES, LOOKALIKES, LOOKALIKES)
def test_of_runs_that_look_alike_none_is_lost_and_none_invented(base, ours, theirs):
    """The same workflow in the same second, with other results: they are other runs."""
    merged = shown(merge(document(base), document(base + ours), document(base + theirs), same_text).document)
    assert merged == Counter(base) + (Counter(ours) | Counter(theirs))


@given(LOOKALIKES, LOOKALIKES)
def test_merging_the_result_again_changes_nothing(ours, theirs):
    merged = merge(document([]), document(ours), document(theirs), same_text).document
    assert merge(document([]), merged, document(theirs), same_text).document == merged


ODD = st.one_of(DOCUMENTS, WELL_FORMED)


@settings(max_examples=60)
@given(ODD, ODD, ODD)
def test_no_document_is_too_odd(base, ours, theirs):
    """Whatever stands in them: what was taken out is put back, and nothing of ours is left in its place."""
    merged = merge(base, ours, theirs, lambda *sides: (sides[1], 1))
    assert b"<!-- irl " not in merged.document
