"""A README as its readers see it: the rows of its two tables, and everything else.

Written without the package's own parser, so that the two can disagree.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

HEADINGS = ("Active Workflows", "Completed Workflows")
NONE = ("_(none)_", "_(none yet)_")


@dataclass(frozen=True)
class Readme:
    """What a README says.

    Attributes:
        active: The rows of the first table, each its cells, without the row that says that there is none.
        completed: The rows of the second table.
        prose: All other lines, the heads of the tables among them.
    """

    active: list[list[str]]
    completed: list[list[str]]
    prose: list[str]


def read(data: bytes) -> Readme:
    """Take a README apart; a README that was torn lacks lines of its prose, or has lines that are no rows."""
    tables: dict[str, list[list[str]]] = {heading: [] for heading in HEADINGS}
    prose: list[str] = []
    heading, fenced, within = "", False, 0
    for line in data.decode().splitlines():
        fenced ^= line.startswith("```")
        if line.startswith("#") and not fenced:
            heading, within = line.lstrip("# "), 0
        if heading not in tables or fenced or not line.startswith("|"):
            prose.append(line)
            within = 0
            continue
        within += 1
        if within <= 2:  # the head of a table and its rule
            prose.append(line)
        else:
            cells = [html.unescape(cell.strip()) for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            if cells[0] not in NONE:
                tables[heading].append(cells)
    return Readme(tables[HEADINGS[0]], tables[HEADINGS[1]], prose)
