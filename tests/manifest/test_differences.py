"""Differences between a README and what it should be."""

from __future__ import annotations

import pytest

from irl_logging.errors import ManifestDeferred
from irl_logging.manifest.differences import Difference, row_differences
from irl_logging.manifest.template import template

ACTIVE = b"| _(none)_ | - | - | - | - |"
COMPLETED = b"| _(none yet)_ | - | - | - | - |"
RUNNING = b"| a&#124;b | 2026-02-08T00:45:00Z | Running | logs/a.log | me |"
ENDED = b"| deploy | 2026-02-08T00:50:00Z | \xe2\x9c\x93 Complete | - | me |"


def readme(active: bytes = ACTIVE, completed: bytes = COMPLETED) -> bytes:
    return template().replace(ACTIVE, active).replace(COMPLETED, completed)


LINE = template().splitlines().index(ACTIVE) + 1
BELOW = template().splitlines().index(COMPLETED) + 1


@pytest.mark.parametrize(
    ("found", "wanted", "expected"),
    [
        (readme(), readme(), []),
        (readme(), template().replace(COMPLETED, b""), []),
        (
            readme(),
            readme(RUNNING),
            [f"README.md:{LINE - 2}: row missing: a|b, 2026-02-08T00:45:00Z should be in Active Workflows"],
        ),
        (
            readme(RUNNING),
            readme(),
            [f"README.md:{LINE}: stale row: a|b, 2026-02-08T00:45:00Z should not be in Active Workflows"],
        ),
        (
            readme(RUNNING),
            readme(RUNNING.replace(b"Running", b"Stale")),
            [f"README.md:{LINE}: row differs: a|b, 2026-02-08T00:45:00Z: status is 'Running', should be 'Stale'"],
        ),
        (
            readme(completed=ENDED + b"\n" + ENDED),
            readme(completed=ENDED),
            [f"README.md:{BELOW + 1}: stale row: deploy, 2026-02-08T00:50:00Z should not be in Completed Workflows"],
        ),
    ],
    ids=["none", "placeholders do not count", "missing", "stale", "differs", "one of two alike"],
)
def test_rows(found, wanted, expected):
    assert [str(it) for it in row_differences(found, wanted)] == expected


def test_a_readme_without_tables_is_not_compared():
    with pytest.raises(ManifestDeferred, match="has no heading 'Active Workflows'"):
        row_differences(b"prose\n", readme())


def test_a_difference_of_a_whole_file():
    assert str(Difference("out of date", "it is gone", "active/workflows.json")) == (
        "active/workflows.json: out of date: it is gone"
    )
