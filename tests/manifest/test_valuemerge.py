"""Values that both branches have measured."""

from __future__ import annotations

import shutil

import pytest

from irl_logging.git import merge_text
from irl_logging.manifest.merge import merge
from irl_logging.manifest.template import template

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

BASE = template()


def measured(total: int, oldest: str, updated: str, document: bytes = BASE) -> bytes:
    """The specification's README with these values."""
    for old, new in (
        ("**Last Updated:** _(timestamp will be written by automation)_", f"**Last Updated:** {updated}"),
        ("**Total incidents:** _(count)_", f"**Total incidents:** {total}"),
        ("**Oldest incident:** _(timestamp)_", f"**Oldest incident:** {oldest}"),
    ):
        assert old.encode() in document
        document = document.replace(old.encode(), new.encode())
    return document


EARLY = measured(3, "2026-02-07T00:00:00Z", "2026-02-08T01:00:00Z")
LATE = measured(9, "2026-02-06T00:00:00Z", "2026-02-08T02:00:00Z")


@pytest.mark.parametrize(("ours", "theirs"), [(EARLY, LATE), (LATE, EARLY)])
def test_of_two_measurements_the_later_one_counts(ours, theirs):
    merged = merge(BASE, ours, theirs, merge_text)
    assert (merged.document, merged.conflicts) == (LATE, 0)


def test_neighbouring_values_that_each_side_has_changed():
    """Bullets that only one side has measured keep what that side says."""
    ours = BASE.replace(b"**Total incidents:** _(count)_", b"**Total incidents:** 3")
    theirs = BASE.replace(b"**Oldest incident:** _(timestamp)_", b"**Oldest incident:** 2026-02-07T00:00:00Z")
    merged = merge(BASE, ours, theirs, merge_text)
    assert merged.conflicts == 0
    assert b"- **Total incidents:** 3\n- **Oldest incident:** 2026-02-07T00:00:00Z\n" in merged.document


def test_what_people_write_there_is_text_and_may_conflict():
    note = b"#### Quarantine Status\n"
    ours, theirs = (BASE.replace(note, note + b"- **Note:** " + text + b"\n") for text in (b"one", b"two"))
    assert merge(BASE, ours, theirs, merge_text).conflicts == 1


def test_the_last_line_of_the_readme_is_no_measurement():
    """It has a date and words, and stands there for people."""
    line = b"**Last Updated:** 2026-02-08 (initialization)"
    ours, theirs = (
        BASE.replace(line, b"**Last Updated:** " + text) for text in (b"2026-03-01 (ada)", b"2026-03-02 (bob)")
    )
    assert merge(BASE, ours, theirs, merge_text).conflicts == 1
