"""What commands show of files and names that others wrote: the directory's own redaction rules count there, too."""

from __future__ import annotations

import json
import os

import pytest

from irl_logging import Execution

CODE = "ACME" + "12345678"

CONFIG = """[tool.irl_logging]
[tool.irl_logging.redaction]
rules = [{id = "acme-code", pattern = "ACME[0-9]{8}", keywords = ["acme"]}]
"""


@pytest.fixture(autouse=True)
def directory(tmp_path) -> None:
    """A code in the README, in a state that does not fit its schema, in the name of an old log."""
    (tmp_path / "pyproject.toml").write_text(CONFIG)
    opened = Execution(tmp_path / "execution")
    opened.start("deploy", agent="me").complete()
    layout = opened.layout
    row = f"| deploy | 2026-02-08T00:47:00Z | ✓ Complete | results/{CODE}.json | me |\n| deploy |"
    layout.readme.write_text(layout.readme.read_text("utf-8").replace("| deploy |", row, 1), "utf-8")
    (layout.state / "db.json").write_text(json.dumps({"code": CODE}))
    (layout.state / "db.schema.json").write_text(json.dumps({"properties": {"code": {"type": "integer"}}}))
    log = layout.logs / f"{CODE}-2026-02-08-001.log"
    log.write_text("password: " + "hunter" + "2" * 6 + "\n")
    os.utime(log, (1_000_000_000, 1_000_000_000))


@pytest.mark.parametrize(
    "arguments",
    [
        ("check",),
        ("check", "--json"),
        ("check", CODE),
        ("state", "check"),
        ("scan",),
        ("scrub", "--dry-run"),
        ("clean", "--verbose", "--dry-run"),
    ],
    ids=" ".join,
)
def test_what_a_rule_of_the_directory_finds_is_not_shown(arguments, irl):
    answer = irl(*arguments)
    assert CODE.encode() not in answer.out + answer.err
    assert b"[REDACTED:acme-code]" in answer.out + answer.err


@pytest.mark.parametrize(
    "arguments",
    [("state", "set", "queue", "note={}"), ("resolve", "{run}", "--as", "failed", "--note", "{}", "--force")],
    ids=["state set", "resolve"],
)
def test_what_a_variable_keeps_secret_is_not_written(arguments, irl, tmp_path, monkeypatch):
    """A word that only its variable's name tells of, as it comes into an argument: `irl state set db note="$WORD"`."""
    word = "vivid otter" + " meadow"
    monkeypatch.setenv("DB_PASSWORD", word)
    run = Execution(tmp_path / "execution").start("deploy", agent="me")
    answer = irl(*(it.format(word, run=run.id) for it in arguments))
    assert answer.code == 0
    written = b"".join(path.read_bytes() for path in (tmp_path / "execution").rglob("*") if path.is_file())
    assert word.encode() not in written + answer.out + answer.err
    assert b"[REDACTED:" in written


@pytest.mark.parametrize("secret", [CODE, "plum-velvet-" + "Orbit77"], ids=["rule", "variable"])
@pytest.mark.parametrize(
    "arguments", [("{}",), ("log", "--level", "{}", "text"), ("--{}",), ("backup", "--keep", "{}", "x")], ids=" ".join
)
def test_a_mistake_that_comes_before_the_directory_is_opened_shows_neither(arguments, secret, irl, monkeypatch):
    monkeypatch.setenv("DB_PASSWORD", "plum-velvet-" + "Orbit77")
    answer = irl(*(argument.replace("{}", secret) for argument in arguments))
    assert answer.code == 2
    assert secret.encode() not in answer.err
    assert b"[REDACTED:" in answer.err


def test_a_mistake_in_the_settings_is_shown_without_secrets(irl, tmp_path, monkeypatch):
    monkeypatch.setenv("DB_PASSWORD", "plum-velvet-" + "Orbit77")
    (tmp_path / "pyproject.toml").write_text('[tool.irl_logging]\njson = "plum-velvet-' + 'Orbit77"\n')
    answer = irl("status")
    assert answer.code == 1
    assert b"json is '[REDACTED:registered]'" in answer.err
