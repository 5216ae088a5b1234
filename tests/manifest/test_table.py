"""Tables are found by heading and header row, wherever they may hide, and edited line by line."""

from __future__ import annotations

import pytest

from irl_logging.errors import ManifestDeferred
from irl_logging.manifest.rows import ACTIVE
from irl_logging.manifest.table import Document, render, split

HEAD = b"| Workflow | Started | Status | Log File | Agent/User |\n|---|---|---|---|---|\n"
ROW = b"| deploy | 2026-02-08T00:45:00Z | Running | logs/a.log | me |\n"


def find(text: bytes):
    return Document(text).find(ACTIVE.heading, ACTIVE.columns, ACTIVE.telling)


def rows_of(text: bytes) -> list[bytes]:
    page = Document(text)
    return page.rows(page.find(ACTIVE.heading, ACTIVE.columns, ACTIVE.telling))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"## Active Workflows\n\n" + HEAD + ROW, id="as specified"),
        pytest.param(b"\xef\xbb\xbf## Active Workflows\n\n" + HEAD + ROW, id="byte order mark"),
        pytest.param(b"# active   WORKFLOWS #\n" + HEAD + ROW, id="level, case, blanks, closing marks"),
        pytest.param(b"### **Active** _Workflows_ \xf0\x9f\x8f\x83\n" + HEAD + ROW, id="markup and emoji"),
        pytest.param(b"Active Workflows\n----------------\n\n" + HEAD + ROW, id="underlined"),
        pytest.param(b"   ## Active Workflows\n\nprose\n\n" + HEAD + ROW, id="indented, prose between"),
        pytest.param(b"## Active Workflows\n### Here\n" + HEAD + ROW, id="under a lower heading"),
        pytest.param(
            b"## Active Workflows\n| Owner | Team |\n|---|---|\n| a | b |\n\n" + HEAD + ROW, id="another table"
        ),
        pytest.param(
            b"```\n## Active Workflows\n" + HEAD + b"```\n## Active Workflows\n" + HEAD + ROW, id="fence first"
        ),
        pytest.param(
            b"~~~~\n```\n## Active Workflows\n" + HEAD + b"~~~~\n## Active Workflows\n" + HEAD + ROW, id="tildes"
        ),
        pytest.param(b"   ````md\n```\n" + HEAD + b"````\n## Active Workflows\n" + HEAD + ROW, id="longer fence"),
        pytest.param(b"<!--\n## Active Workflows\n" + HEAD + b"-->\n## Active Workflows\n" + HEAD + ROW, id="comment"),
        pytest.param(b"<!-- one line -->\n## Active Workflows\n" + HEAD + ROW, id="comment of one line"),
        pytest.param(b"see `<!--` there\n\n## Active Workflows\n" + HEAD + ROW, id="comment mark in prose"),
        pytest.param(b"<pre>\n## Active Workflows\n" + HEAD + b"</pre>\n## Active Workflows\n" + HEAD + ROW, id="pre"),
        pytest.param(b"    ## Active Workflows\n    ```\n\n## Active Workflows\n" + HEAD + ROW, id="indented code"),
        pytest.param(b"`` ` ```\n## Active Workflows\n" + HEAD + ROW, id="code span that is no fence"),
    ],
)
def test_table_is_found(text):
    assert rows_of(text) == [ROW]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", "has no heading 'Active Workflows'"),
        (b"```\n## Active Workflows\n" + HEAD, "has no heading 'Active Workflows'"),
        (b"a\n## Active Workflows\n## Other\n" + HEAD, "under 'Active Workflows' (line 2)"),
        (b"## Active Workflows\n\n    " + HEAD, "has no table with the columns workflow, started"),
        (b"## Active Workflows\n| Workflow | Owner |\n|---|---|\n", "has no table with the columns workflow, started"),
        (b"## Active Workflows\n| Workflow | Started |\n|---|\n", "has no table with the columns workflow, started"),
        (b"## Active Workflows\n" + HEAD + b"\n" + HEAD, "more than one table under 'Active Workflows' (lines 2, 5)"),
        (b"## Active Workflows\n" + HEAD + b"## Active Workflows\n" + HEAD, "(lines 2, 5)"),
        (b"a\nb\n<<<<<<< HEAD\n", "has a conflict marker at line 3"),
        (b"a\n>>>>>>> other\n", "has a conflict marker at line 2"),
        (b"a\n||||||| base\r\n", "has a conflict marker at line 2"),
    ],
)
def test_what_stands_in_the_way_is_named(text, reason):
    with pytest.raises(ManifestDeferred) as caught:
        find(text)
    assert reason in caught.value.reason


@pytest.mark.parametrize("text", [b"```\n<<<<<<< HEAD\n```\n", b"Title\n=======\n", b"<<<<<<<< x\n", b"a <<<<<<< b\n"])
def test_what_only_looks_like_a_conflict_does_not_stand_in_the_way(text):
    assert rows_of(text + b"## Active Workflows\n" + HEAD + ROW) == [ROW]


def test_rows_end_where_the_table_ends():
    text = b"## Active Workflows\n" + HEAD + ROW + b"no pipes at the ends | x\n|short|\n" + b"glued text\n"
    assert rows_of(text) == [ROW, b"no pipes at the ends | x\n", b"|short|\n"]
    for after in (b"\n" + ROW, b"# Next\n" + ROW, b"- item | x\n", b"> quote | x\n", b"```\n" + ROW + b"```\n"):
        assert rows_of(b"## Active Workflows\n" + HEAD + ROW + after) == [ROW]


def test_columns_are_known_by_their_words():
    table = find(b"## Active Workflows\n  WORKFLOW|  agent / user|*Log File*|Ticket|started\n:-:|--:|:--|---|---\r\n")
    assert table.columns == ("workflow", "agent user", "log file", "ticket", "started")


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        (b"| a | b |\n", [b"a", b"b"]),
        (b"a|b", [b"a", b"b"]),
        (b"  | a \\| b | `c` |  \r\n", [b"a \\| b", b"`c`"]),
        (b"||\n", [b""]),
        (b"| a | b \\|\n", [b"a", b"b \\|"]),
    ],
)
def test_cells_of_a_row(row, cells):
    assert split(row) == cells


def test_a_row_is_rendered_compact():
    assert render(["a", "b"], b"\r\n") == b"| a | b |\r\n"


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_an_edit_leaves_the_end_of_the_document_as_it_is(end):
    page = Document(b"one\r\ntwo" + end)
    page.replace(2, 2, [b"three\r\n"])
    assert bytes(page) == b"one\r\ntwo" + (end or b"\r\n") + b"three" + (end and b"\r\n")
    page.replace(1, 3, [])
    assert bytes(page) == b"one" + (end and b"\r\n")
