"""Credentials in URLs."""

from __future__ import annotations

from irl_logging.redaction.keynames import Verdict
from irl_logging.redaction.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        id="url-password",
        what="the password of a URL's user",
        source="https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1",
        pattern=r"""[A-Za-z0-9+.-]+://[^\s/?#"'<>@:\\]*:([^\s/"'<>@\\]+(?:@[^\s/"'<>@\\?&]+)*)@""",
        head=r"://[^\s/]*:[^\s/]*@",
        says=Verdict.PASSWORD,
        edges="",
    ),
    Rule(
        id="url-token",
        what="a token in place of a URL's user",
        source="https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1",
        pattern=r"""[A-Za-z0-9+.-]+://([^\s/?#"'<>@:\\]{16,})(?::(?:x-oauth-basic)?)?@""",
        head=r"://[^\s/@]{16}",
        says=Verdict.WEAK,
        edges="",
    ),
)
