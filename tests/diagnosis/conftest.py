"""What the tests of the diagnosis stand on."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from irl_logging import Execution
from irl_logging.diagnosis.finding import Finding


@pytest.fixture
def execution(tmp_path) -> Execution:
    """An execution directory in which one run has ended."""
    opened = Execution(tmp_path / "execution")
    opened.start("deploy", agent="me").complete()
    return opened


@pytest.fixture
def said():
    """The findings about one thing, as `level: text`, and what to do in brackets."""

    def of(findings: Iterable[Finding], topic: str) -> list[str]:
        return [
            f"{it.level}: {it.text}" + (f" [{it.remedy}]" if it.remedy else "") for it in findings if it.topic == topic
        ]

    return of
