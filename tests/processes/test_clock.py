"""The clock of the machine is set back while runs go on: their order is that of the journal, not that of the times."""

from __future__ import annotations

WORK = """\
import time
from irl_logging import Execution

set_back, real = 0.0, time.time
time.time = lambda: real() - set_back
execution = Execution("execution", agent="agent-x")
first = execution.start("deploy")
first.log("INFO", None, "before")
set_back = 3 * 86_400.0
first.log("INFO", None, "behind")
with first.step("push"):
    second = execution.start("deploy")
    second.complete("second")
first.complete("first")
third = execution.start("deploy")
third.log("INFO", None, "still behind")
execution.sync()
print([(state.summary, state.status) for state in execution.runs()])
"""


def test_a_clock_that_is_set_back_three_days(run_python, left):
    """No line and no event is lost, each run ends as it ended, and the next process, whose clock is right, agrees.

    The third is left open by its program, which says so when it exits.
    """
    result = run_python(WORK)
    assert (result.returncode, result.stderr) == (0, "")
    states = {state.summary: state.status for state in left.states()}
    assert states == {"first": "✓ Complete", "second": "✓ Complete", None: "⚠️ Error"}
    assert left.rows("Active Workflows") == [["_(none)_", "-", "-", "-", "-"]]
    rows = {row[3]: row[2] for row in left.rows("Completed Workflows")}
    assert {name: rows[name] for name in ("first", "second")} == {"first": "✓ Complete", "second": "✓ Complete"}
    assert len(rows) == 3
    events = left.events()
    assert [event["seq"] for event in events] == sorted(event["seq"] for event in events)
    assert [event["time"] for event in events] != sorted(event["time"] for event in events)
    logs = "".join(path.read_text() for path in sorted((left.root / "logs").iterdir()))
    assert [logs.count(f"[-] {text}\n") for text in ("before", "behind", "still behind")] == [1, 1, 1]
