"""`irl state`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

FILE = Path("execution/state/quarantine-state.json")


def test_values_are_json_where_they_are_json(irl):
    """Keys are set one by one; what is no JSON, NaN too, is text."""
    assert irl("state", "set", "quarantine-state", "total=12", "top=finance=1", 'by={"a": 1}', "rate=NaN").code == 0
    assert irl("state", "set", "quarantine-state", 'total="12"', "open=null").code == 0
    answer = irl("state", "show", "quarantine-state")
    expected = {"total": "12", "top": "finance=1", "by": {"a": 1}, "rate": "NaN", "open": None}
    assert (answer.code, json.loads(answer.out)) == (0, expected)
    assert json.loads(FILE.read_text()) == expected


@pytest.mark.parametrize("pair", ["total", "=12"])
def test_a_pair_that_sets_nothing_is_wrong_usage(irl, pair):
    answer = irl("state", "set", "quarantine-state", pair)
    assert (answer.code, b"expected KEY=VALUE" in answer.err, FILE.exists()) == (2, True, False)


def test_the_whole_content_is_replaced(irl, tmp_path):
    """By a file; one that is no JSON object changes nothing."""
    (tmp_path / "new.json").write_text('{"total": 3}')
    assert irl("state", "replace", "quarantine-state", "new.json").code == 0
    (tmp_path / "new.json").write_text("[3]")
    answer = irl("state", "replace", "quarantine-state", "new.json")
    assert (answer.code, answer.err) == (1, b"irl: new.json holds a list, expected an object: {...}\n")
    assert json.loads(FILE.read_text()) == {"total": 3}


def test_what_comes_in_is_taken(start_irl, tmp_path):
    """`irl state replace NAME < FILE`."""
    source = tmp_path / "new.json"
    source.write_text('{"total": 3}')
    with source.open("rb") as opened:
        assert start_irl("state", "replace", "quarantine-state", stdin=opened).wait(30) == 0
    assert json.loads((tmp_path / FILE).read_text()) == {"total": 3}


def test_no_secret_is_kept_or_shown(irl, secret):
    """A secret in a value does not get into the file, one that is there does not get to the terminal."""
    irl("state", "set", "quarantine-state", f"note={secret}")
    assert secret not in FILE.read_text()
    FILE.write_text(json.dumps({"note": secret, "colour": "\x1b[31mred\x9b"}))
    answer = irl("state", "show", "quarantine-state")
    assert secret.encode() not in answer.out
    assert b"\x1b" not in answer.out
    assert b"\xc2\x9b" not in answer.out


def test_a_state_that_is_not_there_names_those_that_are(irl):
    irl("state", "set", "approval-metrics", "rate=1")
    answer = irl("state", "show", "quarantine-state")
    assert (answer.code, answer.err.decode()) == (
        1,
        "irl: there is no execution/state/quarantine-state.json; there is approval-metrics\n",
    )


def test_a_broken_state_is_found_and_mended(irl):
    """Each with its place; the copy comes back, the broken text stays."""
    irl("state", "set", "quarantine-state", "total=12")
    irl("state", "set", "metrics", "total=12")
    assert irl("state", "check").out == b"2 of 2 JSON files in state/ and results/ are valid.\n"
    FILE.write_text('{"total": 12\n')
    found = irl("state", "check")
    assert (found.code, found.out) == (1, b"1 of 2 JSON files in state/ and results/ are valid.\n")
    assert re.search(rb"quarantine-state\.json is not JSON at line 2, column 1: ", found.err)
    mended = irl("state", "restore", "quarantine-state")
    aside = re.search(r"Its previous content is in (\S+)\.\n", mended.out.decode())[1]
    assert (Path(aside).read_text(), json.loads(FILE.read_text())) == ('{"total": 12\n', {"total": 12})
    again = irl("state", "restore", "quarantine-state")
    assert (again.code, again.out) == (0, b"Nothing to do: execution/state/quarantine-state.json is valid.\n")


def test_a_checkpoint_names_its_file(irl):
    irl("state", "set", "quarantine-state", "total=12")
    answer = irl("state", "checkpoint", "quarantine-state", "--date", "2026-02-08")
    assert answer.out == b"execution/state/quarantine-state-2026-02-08.json\n"
    assert json.loads(FILE.with_name("quarantine-state-2026-02-08.json").read_text()) == {"total": 12}
    assert irl("state", "checkpoint", "quarantine-state", "--date", "today").code == 1
