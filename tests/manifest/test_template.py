"""The README that `irl init` writes is the specification's own document."""

from __future__ import annotations

import hashlib

from irl_logging.manifest.projection import project
from irl_logging.manifest.template import template


def test_template_is_the_specification_byte_for_byte():
    assert len(template()) == 8446
    assert hashlib.sha256(template()).hexdigest() == "a13668b86c9e28460cf7ab8ee2dbdf19c094eba157797b0b9d840e8f1cf66fba"


def test_template_has_both_tables_where_they_are_looked_for():
    assert project(template(), []).document == template()
