"""The built-in rules, one family of vendors a module; each rule is one entry of data."""

from __future__ import annotations

from irl_logging.redaction.rule import Rule
from irl_logging.redaction.rules import cloud, contexts, urls, vcs

RULES: tuple[Rule, ...] = (*cloud.RULES, *vcs.RULES, *urls.RULES, *contexts.RULES)
