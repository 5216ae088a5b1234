"""A decision as a line: what is written can be read back, whatever was decided on, and says no secret."""

from __future__ import annotations

import datetime as dt

import pytest

from irl_logging.audit.decisions import Decision, read_decision
from irl_logging.redaction import Redactor

PLAIN = {
    "outcome": "approved",
    "subject": "2026-01-01T17-28-20-262Z_228986",
    "by": "agent-auto-approver",
    "run": "20260208T004725Z-1f2e3d4c",
    "workflow": "incident-approval",
    "step": "approve",
}
NOW = 1770511647.5  # 2026-02-08T00:47:27.500Z


def rendered(limit=65_536, timespec="seconds", **changes):
    return Decision(**{**PLAIN, **changes}).render(NOW, Redactor(), timespec=timespec, limit=limit)


def read(line):
    return read_decision(line, trail="logs/agent-approvals-2026-02-08.log", line=7, chain="0badcafe.1." + "0" * 32)


def test_a_line_is_one_of_the_specifications():
    """Four brackets, the decision, what was said of it; who and in which run at the end."""
    assert rendered(reason="simple field rename", integration="finance_integration").decode() == (
        "[2026-02-08T00:47:27Z] [INFO] [incident-approval] [approve] Decision: approved 2026-01-01T17-28-20-262Z_228986 "
        'reason="simple field rename" integration=finance_integration '
        "agent=agent-auto-approver run=20260208T004725Z-1f2e3d4c"
    )
    assert rendered(timespec="milliseconds").startswith(b"[2026-02-08T00:47:27.500Z] [INFO] ")
    assert rendered(outcome="Escalated").startswith(b"[2026-02-08T00:47:27Z] [WARN] ")


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"reason": "simple field rename", "integration": "finance_integration"},
        {"outcome": "needs review", "subject": 'order 12 = "x"'},
        {"subject": "a\nb\tc", "reason": "two\nlines"},
        {"by": "human:Samson Übermut", "reason": "Größe geändert ⚠️"},
        {"reason": "agent=agent-evil run=1", "subject": "agent=a"},
        {"reason": 'x" agent=agent-evil run=0 chain=0badcafe.1.' + "0" * 32},
        {"evidence": {"path": "amount", "old": [1, None, "a b"]}, "reason": "-"},
        {"evidence": "plain words"},
        {"evidence": 12},
        {"subject": "\\path\\to", "step": "-"},
    ],
)
def test_what_is_written_is_read_back(changes):
    """Also texts that look like the fields around them."""
    line = rendered(**changes)
    assert b"\n" not in line
    found = read(line)
    expected = {**PLAIN, "reason": None, "evidence": None, "integration": None, **changes}
    expected["step"] = "" if expected["step"] == "-" else expected["step"]
    assert {name: getattr(found, name) for name in expected} == expected
    assert found.time == dt.datetime(2026, 2, 8, 0, 47, 27, tzinfo=dt.UTC)
    assert found.as_mapping()["time"] == "2026-02-08T00:47:27Z"


def test_a_long_decision_still_says_who():
    """What is cut is what was said, not who said it."""
    found = read(rendered(limit=200, reason="x y " * 1000))
    assert (found.outcome, found.by, found.run, found.reason) == ("approved", PLAIN["by"], PLAIN["run"], None)


def test_what_would_deceive_a_terminal_is_visible():
    """Controls and bidirectional text; the line can be read back all the same."""
    line = rendered(subject="\x1b[2Jx", reason="a\u202eb")
    assert (b"\x1b" in line, "\u202e".encode() in line) == (False, False)
    assert read(line).outcome == "approved"


def test_no_secret_is_written():
    """In no part of it."""
    secret = "ghp_" + "Zk3Vq8Lw2Tn7Rb5Yx9Mc4Hd6Jf1Gs0Pa2EuW"
    parts = ("outcome", "subject", "by", "step", "reason", "integration")
    line = rendered(evidence={secret: secret}, **dict.fromkeys(parts, secret))
    assert secret[8:20].encode() not in line
    clean = Decision(**{**PLAIN, **dict.fromkeys(parts, secret), "evidence": [secret]}).redacted(Redactor())
    assert secret[8:20] not in repr(clean)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[2026-02-08T00:47:27Z] Approved by hand",
        b"[2026-02-08T00:47:27Z] [INFO] [deploy] [start] Started deploy agent=a run=b",
        b"[2026-02-08T00:47:27Z] [INFO] [deploy] [decision] Decision: approved agent=a run=b",
        b"[2026-02-08T00:47:27Z] [INFO] [deploy] [decision] Decision: approved x",
        b"\xff\xfe",
    ],
)
def test_what_is_no_decision_is_none(line):
    """Lines of others, torn ones, other lines of ours."""
    assert read(line) is None
