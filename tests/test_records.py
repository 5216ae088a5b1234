"""Records at half the price, and how `logging` gets its own back."""

from __future__ import annotations

import logging

import pytest

from irl_logging import records


@pytest.fixture(autouse=True)
def ordinary():
    """Leave `logging` as it was."""
    before = logging.getLogRecordFactory()
    yield
    records.use_ordinary()
    logging.setLogRecordFactory(before)


def test_a_factory_that_the_program_sets_meanwhile_is_the_programs():
    """Its formatters may need what it puts into each record."""
    records.use_fast()
    ours = logging.getLogRecordFactory()

    def theirs(*args, **kwargs):
        record = ours(*args, **kwargs)
        record.request = "r-1"
        return record

    logging.setLogRecordFactory(theirs)
    records.use_ordinary()
    assert logging.getLogRecordFactory() is theirs
    assert logging.getLogger("app").makeRecord("app", 20, __file__, 1, "m", (), None).request == "r-1"
    assert logging._srcfile is not None
