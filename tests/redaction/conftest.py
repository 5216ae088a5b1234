"""Registered values are process-wide: each test begins and ends without any of another's."""

import pytest

from irl_logging.redaction import registry
from irl_logging.redaction.redactor import Redactor
from irl_logging.redaction.registry import Registry


@pytest.fixture
def known():
    return Registry()


@pytest.fixture
def redactor(known):
    return Redactor(known=known)


__all__ = ["known", "redactor", "registry"]
