"""Cells: any text stays one cell and stays text, and comes back."""

from __future__ import annotations

import pytest

from irl_logging.manifest.cells import escape, unescape

WRITTEN = [
    ("8 approved, 2 flagged", "8 approved, 2 flagged"),
    ("results/deploy-2026-02-08.json", "results/deploy-2026-02-08.json"),
    ("human:samson", "human:samson"),
    ("✓ Complete", "✓ Complete"),
    ("⚠️ Overstated", "⚠️ Overstated"),
    ("", "-"),
    ("-", "&#45;"),
    ("a|b", "a&#124;b"),
    ("`code`", "&#96;code&#96;"),
    ("[text](url)", "&#91;text&#93;(url)"),
    ("<b>&amp;</b>", "&#60;b&#62;&#38;amp;&#60;/b&#62;"),
    ("*a* ~b~ $c$ !d", "&#42;a&#42; &#126;b&#126; &#36;c&#36; &#33;d"),
    ("snake_case", "snake_case"),
    ("_italic_", "&#95;italic&#95;"),
    ("C:\\temp", "C:&#92;&#92;temp"),
    ("two\nlines", "two&#92;u{a}lines"),
    ("\x1b[31m", "&#92;u{1b}&#91;31m"),
    ("a\u202eb", "a&#92;u{202e}b"),
    ("\ud800", "&#92;u{d800}"),
    (" a  b ", "&#32;a &#32;b&#32;"),
    ("https://example.org", "https&#58;//example.org"),
    ("www.example.org", "www&#46;example.org"),
    ("me@example.org", "me&#64;&#8288;example.org"),
]


@pytest.mark.parametrize(("text", "cell"), WRITTEN)
def test_cell_of_a_text(text, cell):
    assert escape(text) == cell


@pytest.mark.parametrize(("text", "cell"), WRITTEN)
def test_text_of_a_cell(text, cell):
    assert unescape(cell) == text


@pytest.mark.parametrize(
    ("cell", "text"),
    [(" padded  ", "padded"), ("-", ""), ("&#x41;&#66;", "AB"), ("&#0;", "&#0;"), ("&#9999999;", "&#9999999;")],
)
def test_cells_that_others_wrote_are_read(cell, text):
    assert unescape(cell) == text


def test_a_long_text_is_cut_before_escaping():
    assert escape("|" * 200) == "&#124;" * 119 + "…"
    assert escape("a" * 120) == "a" * 120
    assert escape("a" * 200, None) == "a" * 200
