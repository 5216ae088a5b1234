"""The README's tables as Markdown engines show them: whatever a run calls itself, its row has its cells, and they are text.

markdown-it-py renders what most Python tools render, cmark-gfm (the Debian package) what GitHub does, with all its extensions.
"""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from irl_logging.lifecycle import RunState
from irl_logging.manifest.projection import project
from irl_logging.manifest.template import template

PIECES = [
    "|", "\\", "\\|", "\\\\|", "`", "``", "`|`", "[a](b)", "![a](b)", "[a]: b", "<b>", "</td>", "<!--", "-->", "<script>",
    "&#124;", "&#x7c;", "&vert;", "&amp;", "&lt;b&gt;", "**a**", "__a__", "*", "_", "~~a~~", "~a~", "$x$", "\n", "\r\n", "\t", "   ",
    "http://a.b", "https://a.b/c", "www.a.b", "a@b.c", "mailto:a@b.c", "xmpp:a@b.c", "#1", "@samson", "-", "---", ":-:", "# a", "> a",
    "- a", "1. a", "```", "~~~", "\x00", "\x1b[31m", "\u2028", "\u202e", "\u200b", "\ud800", "\U000e0041", "⚠️", "[^1]", "[x]", ":smile:",
    "{{a}}", "<http://a.b>", "<a@b.c>", "![", "](", "_(none)_", "| a | b |", "\\u{41}", "é", "日本",
]  # fmt: skip
HOSTILE = st.lists(st.one_of(st.sampled_from(PIECES), st.characters(), st.text(max_size=4)), max_size=8).map("".join)
MARKDOWN_IT = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
EXTENSIONS = ("footnotes", "table", "strikethrough", "autolink", "tasklist")
GFM = ["cmark-gfm", "--unsafe", *(word for name in EXTENSIONS for word in ("--extension", name))]
HEADINGS = ("Active Workflows", "Completed Workflows")
TABLES = b"".join(part for part in re.split(rb"(?m)^(?=#)", template()) if re.match(rb"## (Active|Completed) W", part))


class Tables(HTMLParser):
    """The tables under the two headings: for each row its cells' text, and every tag inside of a cell."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: dict[str, list[list[str]]] = {heading: [] for heading in HEADINGS}
        self.tags: list[str] = []
        self._within: str | None = None
        self._heading = ""

    def handle_starttag(self, tag, attrs):
        if tag in ("h2", "h3"):
            self._heading, self._within = "", tag
        elif self._heading not in self.rows:
            return
        elif self._within == "td":
            self.tags.append(tag)
        elif tag == "tr":
            self.rows[self._heading].append([])
        elif tag == "td":
            self.rows[self._heading][-1].append("")
            self._within = tag

    def handle_endtag(self, tag):
        if tag == self._within:
            self._within = None

    def handle_data(self, data):
        if self._within in ("h2", "h3"):
            self._heading += data
        elif self._within == "td":
            self.rows[self._heading][-1][-1] += data


@st.composite
def runs(draw):
    """Some runs that are called anything at all, some of them ended."""
    found = []
    for number in range(draw(st.integers(1, 6))):
        ended = draw(st.booleans())
        found.append(
            RunState(
                id=f"r{number}",
                workflow="w",
                title=draw(HOSTILE) or "w",
                agent=draw(HOSTILE),
                log=f"logs/w-{number:03}.log",
                started="2026-02-08T00:45:00.000000Z",
                status=draw(st.sampled_from(["✓ Complete", "⚠️ " + (draw(HOSTILE) or "x")])) if ended else "Running",
                ended=f"2026-02-08T00:50:0{number}.000000Z" if ended else None,
                summary=draw(HOSTILE) if ended else None,
            )
        )
    return found


def shown(rendered: str) -> Tables:
    """Take what an engine rendered apart."""
    tables = Tables()
    tables.feed(rendered)
    return tables


def check(rendered: str, found: list[RunState]) -> None:
    """Each run has one row of five cells, and there is nothing but text in them."""
    tables = shown(rendered)
    active, completed = (tables.rows[heading][1:] for heading in HEADINGS)  # without the head of the table
    ended = sum(run.ended is not None for run in found)
    assert (len(active), len(completed)) == (max(1, len(found) - ended), max(1, ended))
    assert {len(row) for row in active + completed} == {5}
    assert [tag for tag in tables.tags if tag != "em"] == []  # _(none)_
    assert tables.tags.count("em") == (ended == len(found)) + (ended == 0)
    times = [row[1] for row in active + completed]
    assert all(re.fullmatch(r"2026-02-08T00:(45:00|50:0\d)Z|-", time) for time in times)
    assert len(times) - times.count("-") == len(found)


def markdown_it(document: bytes) -> str:
    return MARKDOWN_IT.render(document.decode())


def cmark_gfm(document: bytes) -> str:
    return subprocess.run(GFM, input=document, capture_output=True, check=True).stdout.decode()


ENGINES = [
    markdown_it,
    pytest.param(
        cmark_gfm,
        marks=pytest.mark.skipif(shutil.which("cmark-gfm") is None, reason="cmark-gfm is not installed"),
    ),
]


def check_all(engine, document: bytes, examples: int) -> None:
    @settings(max_examples=examples, deadline=None)
    @given(runs())
    def rendered(found):
        check(engine(project(document, found, completed_rows=None).document), found)

    rendered()


@pytest.mark.parametrize("engine", ENGINES)
def test_any_row_is_five_cells_of_text(engine):
    """In a README of nothing but its two tables."""
    check_all(engine, TABLES, 60)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("engine", ENGINES)
def test_any_row_is_five_cells_of_text_in_the_whole_readme(engine, measured):
    """The same in the specification's."""
    check_all(engine, template(), 1_000)
    measured("1,000 READMEs of up to six rows, all right")


@pytest.mark.parametrize("piece", ["a@b.c", "www.a.b", "http://a.b", "<b>", "[a](b)"])
@pytest.mark.skipif(shutil.which("cmark-gfm") is None, reason="cmark-gfm is not installed")
def test_what_would_be_markup_elsewhere(piece):
    """The engine is asked for all that it can do: outside of our cells it makes a tag of each of these."""
    rendered = subprocess.run(GFM, input=piece.encode(), capture_output=True, check=True).stdout.decode()
    assert re.search("<(a|b)[ >]", rendered)
    assert html.unescape(rendered) != piece
