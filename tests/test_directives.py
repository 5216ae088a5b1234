"""What is read from a directive, and what it does to the runs of its workflow."""

from __future__ import annotations

import os
import re

import pytest

from irl_logging import Execution
from irl_logging.directives import directive_of
from irl_logging.manifest.template import template

SPECIFIED = """\
# Incident handling

## Procedure

### 1. List incidents
Text.
```
1. not a step
### 2. not a heading
```
### Step 2: Preview
### 3) Decide
- approve or flag

> **Execution Logging:**
> - Create log: `execution/logs/incident-[integration]-[timestamp].log`
> - Update state: `execution/state/quarantine-state.json`
> - Mark complete: Add row to `execution/README.md` Completed Workflows table

## Related
1. nothing
"""


@pytest.fixture
def execution(tmp_path) -> Execution:
    """An execution directory in a repository."""
    return Execution(tmp_path / "execution")


def write(execution: Execution, text: str, name: str = "incident-handling") -> None:
    """Write a directive."""
    path = execution.repository / "directives" / f"{name}.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def asked(execution: Execution, text: str) -> tuple[object, ...]:
    """What a directive with this text asks for: pattern, state, complete."""
    write(execution, text)
    directive = directive_of(execution.repository, "incident-handling")
    return directive.log_pattern, directive.state, directive.complete


def test_as_the_specification_has_it(execution):
    assert asked(execution, SPECIFIED) == ("incident-{integration}-{timestamp}.log", "quarantine-state", True)
    procedure = directive_of(execution.repository, "incident-handling").procedure
    assert [step.title for step in procedure] == ["List incidents", "Preview", "Decide"]
    assert "approve or flag" in procedure[2].text
    assert "Mark complete" not in procedure[2].text


def test_the_specifications_own_example(execution):
    """It stands in the README that `irl init` writes."""
    write(execution, template().decode())
    directive = directive_of(execution.repository, "incident-handling")
    assert (directive.log_pattern, directive.state) == ("incident-{integration}-{timestamp}.log", "quarantine-state")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (None, None, False)),
        ("- Create log: `execution/logs/a-[date].log`", (None, None, False)),
        ("**Execution Logging**\n\n* create log: logs/a-[date].log\n", ("a-{date}.log", None, False)),
        ("## Execution Logging\n\nText.\n\n- Log: `logs/a-<date>-<number>.log`\n", ("a-{date}-{seq}.log", None, False)),
        (
            "Execution logging:\n- **Update state:** `state/x.json`\n- **Log file:** `{workflow}.log`",
            ("{workflow}.log", "x", False),
        ),
        ("> **Execution Logging:**\n>\n> - Mark complete: yes\n> - Update state: `x.json`", (None, "x", True)),
        ("Execution logging:\n- Update state: `state/Queue of Today.json`", (None, "Queue-of-Today", False)),
        ("**Execution Logging:**\n- Create log: `a.log`\n\nText.\n- Create log: `b.log`", ("a.log", None, False)),
        ("**Execution Logging:**\n- Create log: `a.log`\n- Create log: `b.log`", ("a.log", None, False)),
        (
            "## Execution Logging\n- Create log: `[Incident ID].log`\n## More\n- Update state: `x.json`",
            ("{incident_id}.log", None, False),
        ),
        ("**Execution Logging:**\r\n- Create log: `a.log`\r\n", ("a.log", None, False)),
        ("**Execution Logging:**\n- Create log: as you like\n- Update state: the usual one\n", (None, None, False)),
    ],
)
def test_other_forms(text, expected, execution):
    assert asked(execution, text) == expected


def test_a_procedure_that_is_a_list(execution):
    write(
        execution,
        "# A\n1. no\n\n## Procedure\n\n1. List what waits\n   - more\n2) Preview\n\n## Troubleshooting\n\n1. no\n",
    )
    procedure = directive_of(execution.repository, "incident-handling").procedure
    assert [(step.title, step.text.strip()) for step in procedure] == [
        ("List what waits", "List what waits\n   - more"),
        ("Preview", "Preview"),
    ]


def test_a_named_pipe_is_no_directive(execution):
    """A start does not wait for somebody to write to it."""
    directory = execution.repository / "directives"
    directory.mkdir(exist_ok=True)
    os.mkfifo(directory / "pipe.md")
    assert directive_of(execution.repository, "pipe") is None


def test_none(execution):
    assert directive_of(execution.repository, "deploy") is None
    (execution.repository / "directives" / "deploy.md").mkdir(parents=True)
    assert directive_of(execution.repository, "deploy") is None


def test_the_log_is_named_so(execution):
    write(execution, SPECIFIED)
    run = execution.start("Incident Handling", integration="finance_integration")
    run.complete()
    assert re.fullmatch(r"logs/incident-finance_integration-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.log", run.log_file)
    assert execution.start("deploy").log_file.startswith("logs/deploy-")


def test_what_is_set_goes_before_it(execution, tmp_path):
    write(execution, SPECIFIED)
    with execution.start("incident-handling", log_name="batch", integration="x") as run:
        assert run.log_file.startswith("logs/batch-")
    other = Execution(tmp_path / "execution", log_pattern="all-{date}.log")
    with other.start("incident-handling", integration="x") as run:
        assert run.log_file.startswith("logs/all-")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (SPECIFIED, "asks for a log incident-{integration}-{timestamp}.log, and the run has no integration"),
        ("**Execution Logging:**\n- Log: `.log`", "the log is named as usual: log_pattern '.log' is not usable"),
    ],
)
def test_what_it_asks_for_and_cannot_be_had_is_told_once(text, told, execution, capfd):
    write(execution, text)
    for _ in range(2):
        with execution.start("incident-handling") as run:
            assert run.log_file.startswith("logs/incident-handling-")
    assert [told in line for line in capfd.readouterr().err.splitlines()] == [True]


def test_its_state_is_brought_up_to_date_at_the_end(execution):
    """When it is one that a collector fills; any other is the program's own business."""
    write(execution, SPECIFIED)
    execution.start("incident-handling", integration="x").complete()
    assert execution.state("quarantine-state").read()["total_incidents"] == 0
    write(execution, SPECIFIED.replace("quarantine-state", "mine"))
    execution.start("incident-handling", integration="x").complete()
    assert not (execution.layout.state / "mine.json").exists()
