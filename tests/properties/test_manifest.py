"""Laws of the manifest: nothing but our rows changes, applying twice is applying once, any text stays one cell."""

from __future__ import annotations

import contextlib
import re
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from irl_logging.errors import ManifestDeferred
from irl_logging.lifecycle import RunState
from irl_logging.manifest.cells import escape, unescape
from irl_logging.manifest.projection import project
from irl_logging.manifest.table import Document
from irl_logging.manifest.template import template

PIECES = [
    b"## Active Workflows",
    b"## Completed Workflows",
    b"Active Workflows\n---",
    b"| Workflow | Started | Status | Log File | Agent/User |\n|---|---|---|---|---|",
    b"| Workflow | Completed | Status | Results | Agent/User |\n|---|:-:|---|---|---|",
    b"|Agent/User|Extra|completed|WORKFLOW|\n|-|-|-|-|",
    b"| _(none)_ | - | - | - | - |",
    b"| _(none yet)_ | - | - | - | - |",
    b"| w | 2026-02-08T00:45:00Z | Running | logs/w-1.log | a |",
    b"| w | 2026-02-08T00:50:00Z | \xe2\x9c\x93 Complete | - | a |",
    b"| hand | made | row |",
    b"|a|b|c|d|e|f|g|",
    b"```",
    b"~~~~",
    b"   ```python",
    b"<!--",
    b"-->",
    b"<pre>",
    b"</pre>",
    b"prose",
    b"- list | x",
    b"    | indented | code |",
    b"\xff\xfe \x00",
    b"\xef\xbb\xbf# Title",
    b"======",
    b"",
    b"   ",
]
DOCUMENTS = st.builds(
    lambda pieces, newline, last: newline.join(pieces).replace(b"\n", newline) + (newline if last else b""),
    st.lists(st.sampled_from(PIECES), max_size=40),
    st.sampled_from([b"\n", b"\r\n"]),
    st.booleans(),
)
WELL_FORMED = st.builds(
    lambda parts, newline: newline.join(
        [
            *parts[0],
            PIECES[0],
            b"",
            PIECES[3],
            *parts[1],
            b"",
            PIECES[1],
            b"",
            PIECES[4],
            *parts[2],
            b"",
        ]
    ).replace(b"\n", newline),
    st.tuples(
        st.lists(st.sampled_from(PIECES[17:19] + PIECES[19:]), max_size=5).filter(lambda parts: b"<pre>" not in parts),
        st.lists(st.sampled_from(PIECES[6:12]), max_size=6),
        st.lists(st.sampled_from(PIECES[6:12]), max_size=6),
    ),
    st.sampled_from([b"\n", b"\r\n"]),
)
STATUSES = ["✓ Complete", "✗ Failed", "⚠️ Error", "⚠️ Crashed"]


@st.composite
def runs(draw):
    """A few runs, many of which look alike."""
    found = []
    for number in range(draw(st.integers(0, 8))):
        ended = draw(st.one_of(st.none(), st.sampled_from([0, 1])))
        found.append(
            RunState(
                id=f"r{number}",
                workflow="w",
                title=draw(st.sampled_from(["w", "w", "a|b"])),
                agent=draw(st.sampled_from(["a", "b"])),
                log=draw(st.sampled_from(["logs/w-1.log", f"logs/n-{number}.log"])),
                started="2026-02-08T00:45:00.000000Z",
                status="Running" if ended is None else draw(st.sampled_from(STATUSES)),
                ended=None if ended is None else f"2026-02-08T00:5{ended}:00.{number:06}Z",
                shown=ended is not None and draw(st.booleans()),
            )
        )
    return found


def others(document: bytes) -> list[bytes]:
    """The lines that are not ours by any look: they must come through, in order."""
    ours = re.compile(rb"\| (?:w|a&#124;b) \||\| [ab] \||[|]\s*_\(none|\| (?:.*\| )?logs/|^\s*$|Older runs")
    return [line for line in document.splitlines() if not ours.search(line)]


@given(DOCUMENTS)
def test_a_document_is_its_lines(document):
    with contextlib.suppress(ManifestDeferred):
        assert bytes(Document(document)) == document


@settings(max_examples=150)
@given(st.one_of(DOCUMENTS, WELL_FORMED), runs(), st.sampled_from([None, 0, 2, 50]), st.sampled_from([None, ""]))
def test_projecting_again_changes_nothing_and_other_lines_stay(document, found, rows, since):
    try:
        once = project(document, found, completed_rows=rows, since=since)
    except ManifestDeferred:
        return
    assert others(once.document) == others(document)
    assert once.document.endswith((b"\n", b"\r")) == document.endswith((b"\n", b"\r"))
    options = {"completed_rows": rows, "since": since, "placeholders": once.placeholders}
    marked = [replace(run, shown=run.ended is not None) for run in found]
    assert project(once.document, marked, **options).document == once.document
    if not any(run.shown for run in found):  # a crash before that was recorded
        assert project(once.document, found, **options).document == once.document
    assert set(once.shown) == {run.id for run in found if run.ended and not run.shown}


@settings(max_examples=200)
@given(runs())
def test_in_the_specifications_document_each_run_has_its_row(found):
    text = project(template(), found, completed_rows=None).document.decode()
    active, _, completed = text.partition("## Completed Workflows")
    assert active.count("| Running |") - 1 == sum(run.ended is None for run in found)
    new = [run for run in found if run.ended and not run.shown]
    assert sum(completed.count(f"| {status} | - |") for status in STATUSES) == len(new)


HOSTILE = st.lists(
    st.one_of(
        st.characters(),
        st.sampled_from(
            [
                "|", "\\", "\\|", "`", "``", "[a](b)", "![a](b)", "<b>", "<!--", "&#124;", "&amp;", "**", "__", "_", "~~",
                "$x$", "\n", "\r", "\t", "  ", "\u2028", "\u202e", "\u200b", "\ud800", "http://a.b", "www.a.b", "a@b.c",
                "-", "\x1b[0m", "\x00", "⚠️", "# ", "1. ", "\U000e0041", "\\u{41}", "&#92;",
            ]
        ),
    ),
    max_size=12,
).map("".join)  # fmt: skip
PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
TAGS = {"table", "thead", "tbody", "tr", "th", "td"}


@settings(max_examples=200)
@given(HOSTILE)
def test_any_text_comes_back_from_its_cell(text):
    assert unescape(escape(text, None)) == text


@settings(max_examples=200)
@given(HOSTILE, HOSTILE)
def test_any_text_is_one_cell_and_no_markup(first, second):
    cells = [escape(first), escape(second)]
    row = f"| {cells[0]} | {cells[1]} |"
    assert not re.search("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", row)
    html = PARSER.render(f"| a | b |\n|---|---|\n{row}\n")
    assert set(re.findall(r"</?(\w+)", html)) <= TAGS
    assert not re.search(r"://|www\.|@", row)  # what GitHub makes links of
    assert html.count("<td>") == 2
