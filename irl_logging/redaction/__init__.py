"""Takes secrets out of text and values before they leave the process; pure, linear, and closed on failure."""

from __future__ import annotations

from irl_logging.errors import redact_with
from irl_logging.redaction.defaults import default, redact, redact_fields, register_environment, register_secret
from irl_logging.redaction.redactor import Finding, Redactor
from irl_logging.redaction.rule import Rule

__all__ = [
    "Finding",
    "Redactor",
    "Rule",
    "default",
    "redact",
    "redact_fields",
    "register_environment",
    "register_secret",
]

redact_with(redact)
