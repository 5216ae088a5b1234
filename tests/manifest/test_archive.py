"""The months' archives: rows arrive once, in order, under the header that they had."""

from __future__ import annotations

import pytest

from irl_logging.manifest.archive import ArchivedRow, links, merge

COLUMNS = (b"| Workflow | Completed |\n", b"|---|---|\n")
START = b"# Completed Workflows, 2026-01\n\nOlder rows of [the manifest](../../README.md).\n\n"


def row(day: int, copies: int = 1) -> ArchivedRow:
    return ArchivedRow("2026-01", b"| a | 2026-01-%02d |\n" % day, copies)


def rows(*days: int) -> bytes:
    return b"".join(row(day).row for day in days)


def test_a_new_archive_has_a_heading_the_header_and_the_rows():
    assert merge(None, "2026-01", COLUMNS, [row(2), row(1)], newest_first=True) == START + b"".join(COLUMNS) + rows(
        2, 1
    )


@pytest.mark.parametrize(("newest_first", "days"), [(True, (4, 3, 2, 1)), (False, (2, 1, 4, 3))])
def test_later_rows_go_where_the_order_wants_them(newest_first, days):
    old = merge(None, "2026-01", COLUMNS, [row(2), row(1)], newest_first=newest_first)
    new = merge(old, "2026-01", COLUMNS, [row(4), row(3)], newest_first=newest_first)
    assert new == START + b"".join(COLUMNS) + rows(*days)


def test_the_same_rows_again_change_nothing():
    once = merge(None, "2026-01", COLUMNS, [row(2), row(1)], newest_first=True)
    assert merge(once, "2026-01", COLUMNS, [row(2), row(1)], newest_first=True) == once


def test_rows_that_look_alike_are_counted():
    alike = [row(1, 5)] * 3
    once = merge(None, "2026-01", COLUMNS, alike, newest_first=True)
    assert once == START + b"".join(COLUMNS) + rows(1, 1, 1)
    assert merge(once, "2026-01", COLUMNS, alike, newest_first=True) == START + b"".join(COLUMNS) + rows(1) * 5


def test_another_header_begins_another_table_and_its_rows_find_it_again():
    once = merge(None, "2026-01", COLUMNS, [row(1)], newest_first=True)
    wide = (b"|Workflow|Completed|Ticket|\n", b"|-|-|-|\n")
    ticket = ArchivedRow("2026-01", b"| a | 2026-01-02 | T-1 |\n", 1)
    twice = merge(once, "2026-01", wide, [ticket], newest_first=True)
    assert twice == once + b"\n" + b"".join(wide) + ticket.row
    assert merge(twice, "2026-01", COLUMNS, [row(3)], newest_first=True) == twice.replace(rows(1), rows(3, 1))


def test_what_people_wrote_into_an_archive_stays():
    old = b"My archive\r\n\r\n" + b"".join(COLUMNS).replace(b"\n", b"\r\n") + b"| x | y |"
    new = merge(old, "2026-01", COLUMNS, [row(1)], newest_first=True)
    assert new == old.replace(b"| x | y |", b"| a | 2026-01-01 |\n| x | y |")


def test_links_are_one_line_and_one_link_a_month():
    assert links([], ["2026-01"]) == (None, b"Older runs: [2026-01](archive/2026-01/README.md)")
    line = b"Older runs: [2026-01](archive/2026-01/README.md)\n"
    assert links([b"x", line], ["2026-01"]) == (None, b"")
    assert links([b"x", line], ["2026-01", "2026-02", "2026-03"]) == (
        1,
        b"Older runs: [2026-03](archive/2026-03/README.md), [2026-02](archive/2026-02/README.md), " + line[12:],
    )
    assert links([b"* see [January](archive/2026-01/README.md)\n"], ["2026-01"]) == (None, b"")
