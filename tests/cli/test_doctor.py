"""`irl doctor`."""

from __future__ import annotations

import json

from irl_logging import Execution


def test_all_is_well(irl, tmp_path):
    Execution(tmp_path / "execution").start("deploy").complete()
    answer = irl("doctor")
    lines = answer.out.decode().splitlines()
    assert (answer.code, answer.err) == (0, b"")
    assert lines[0] == f"ok       settings   root is {tmp_path / 'execution'}, found from the working directory"
    assert "ok       manifest   up to date: 0 running, 1 ended" in lines
    assert lines[-1] == "0 problems, 0 warnings"


def test_a_problem_is_1_and_what_to_do(irl, tmp_path):
    execution = Execution(tmp_path / "execution")
    execution.start("deploy").complete()
    execution.layout.readme.write_text("# Gone\x1b[31m\n")
    answer = irl("doctor")
    lines = answer.out.decode().splitlines()
    assert (answer.code, answer.err) == (1, b"")
    at = next(at for at, line in enumerate(lines) if line.startswith("problem  manifest   README.md cannot be brought"))
    assert lines[at + 1] == f"{'':18}  -> nothing is lost: the journal has it, and `irl sync` tries again"
    assert lines[-1] == "1 problem, 0 warnings"


def test_json_for_programs(irl, tmp_path):
    answer = irl("doctor", "--json")
    assert answer.code == 0
    document = json.loads(answer.out)
    assert document["version"] == 1
    assert {
        "level": "warn",
        "topic": "directory",
        "text": f"{tmp_path / 'execution'} does not exist",
        "remedy": "`irl init` creates it, and so does the first run",
    } in document["findings"]


def test_secrets_in_names_are_not_shown(irl, tmp_path, secret):
    execution = Execution(tmp_path / "execution")
    execution.start("deploy").complete()
    (execution.layout.root / f"README.md.foreign-{secret}").touch()
    out = irl("doctor").out + irl("doctor", "--json").out
    assert b"README.md.foreign-" in out
    assert secret.encode() not in out
