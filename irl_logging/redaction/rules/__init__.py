"""The built-in rules, one family of vendors a module; each rule is one entry of data.

The order matters where two rules find the same text: the earlier one names it.
"""

from __future__ import annotations

from irl_logging.redaction.rule import Rule
from irl_logging.redaction.rules import (
    arguments,
    chat,
    cli,
    cloud,
    contexts,
    generic,
    headers,
    hooks,
    idioms,
    infra,
    logins,
    mail,
    models,
    monitoring,
    more,
    payments,
    printed,
    programs,
    prose,
    protocols,
    records,
    registries,
    saas,
    services,
    sessions,
    shown,
    told,
    urls,
    vcs,
    wallets,
)

FAMILIES = (
    cloud,
    vcs,
    models,
    chat,
    infra,
    registries,
    payments,
    monitoring,
    mail,
    saas,
    services,
    more,
    sessions,
    wallets,
    generic,
    urls,
    hooks,
    headers,
    cli,
    protocols,
    programs,
    records,
    idioms,
    arguments,
    shown,
    printed,
    prose,
    logins,
    told,
    contexts,
)
RULES: tuple[Rule, ...] = tuple(rule for family in FAMILIES for rule in family.RULES)
