"""Secrets given away by what stands around them."""

from __future__ import annotations

from irl_logging.redaction.keynames import Verdict
from irl_logging.redaction.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        id="bearer-token",
        what="the token after a Bearer scheme",
        source="https://www.rfc-editor.org/rfc/rfc6750",
        pattern=r"(?i:\bbearer)[\s,]+([A-Za-z0-9._~+/=-]{12,})",
        head=r"(?i:bearer)[\s,]+[A-Za-z0-9._~+/=-]{12}",
        says=Verdict.WEAK,
        edges="",
    ),
)
