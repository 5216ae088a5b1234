"""Takes secrets out of text and values before they leave the process; pure, linear, and closed on failure."""

from __future__ import annotations

from irl_logging.errors import redact_with
from irl_logging.redaction.defaults import (
    default,
    redact,
    redact_fields,
    register_dotenv,
    register_dotenv_text,
    register_environment,
    register_secret,
)
from irl_logging.redaction.redactor import Finding, Redactor, counting
from irl_logging.redaction.rule import Rule
from irl_logging.redaction.stream import StreamRedactor

__all__ = [
    "Finding",
    "Redactor",
    "Rule",
    "StreamRedactor",
    "counting",
    "default",
    "redact",
    "redact_fields",
    "register_dotenv",
    "register_dotenv_text",
    "register_environment",
    "register_secret",
]

redact_with(redact)
