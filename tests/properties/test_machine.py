"""The specification's README put through whatever happens to it, against a dict that says what must be there.

Runs are started, end, are killed in processes of their own; people write prose and rows, correct and remove rows, take the file away,
have it in the middle of a merge, commit it and check it out again; what is derived is removed, and processes come and go. After
each `sync` the README, `workflows.json` and the journal say what the dict says, and every word of people is where it was.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections import Counter
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from irl_logging import Execution, ManifestDeferred
from irl_logging.manifest.template import template
from tests.faults.readme import NONE, read
from tests.faults.records import summaries

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
CRASHED = "⚠️ Crashed"
CORRECTED = "⚠️ Overstated"
CONFLICT = ["<<<<<<< ours", "one thing", "=======", "another thing", ">>>>>>> theirs"]
PICK = st.integers(0, 99)
WAYS = st.sampled_from(["in place", "rename", "unlink"])


class Manifest(RuleBasedStateMachine):
    """What is done to an execution directory, and what is expected of it."""

    done: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.directory = Path(tempfile.mkdtemp())
        self.root = self.directory / "execution"
        self.readme = self.root / "README.md"
        self.runs: dict[str, dict] = {}
        self.held: dict[str, object] = {}
        self.children: dict[str, int] = {}
        self.number = 0
        self.commits = 0

    @initialize(rows=st.sampled_from(["all", "all", 3]))
    def begin(self, rows):
        self.rows = rows
        self.root.mkdir()
        self.readme.write_bytes(template())
        self.prose: list[str] | None = read(template()).prose
        self.by_hand: list[tuple[str, str]] = []
        self.git("init", "-q")
        self.agents = [self.opened("agent-a"), self.opened("agent-b")]
        self.commit()
        self.start(0, "first")

    def opened(self, agent: str) -> Execution:
        return Execution(self.root, agent=agent, fsync=False, completed_rows=self.rows)

    def git(self, *arguments: str) -> None:
        who = ["-c", "user.name=samson", "-c", "user.email=samson@example.invalid", "-c", "gc.auto=0"]
        subprocess.run(["git", *who, *arguments], cwd=self.directory, check=True, capture_output=True)

    def next(self) -> int:
        self.number += 1
        return self.number

    # --- runs ---------------------------------------------------------------------------------------------------------

    @rule(pick=PICK, workflow=st.sampled_from(["deploy", "deploy", "a|b `c`"]))
    def start(self, pick, workflow):
        execution = self.agents[pick % 2]
        run = execution.start(workflow)
        self.held[run.id] = run
        self.runs[run.id] = {
            "workflow": workflow,
            "status": "Running",
            "agent": execution.settings.agent,
            "log": run.log_file,
        }

    @rule(pick=PICK)
    @precondition(lambda self: self.held)
    def step(self, pick):
        run = self.held[sorted(self.held)[pick % len(self.held)]]
        with run.step("push"):
            run.log("INFO", "push", "pushed")

    @rule(pick=PICK, status=st.sampled_from(["✓ Complete", "✗ Failed", CORRECTED]), alike=st.booleans())
    @precondition(lambda self: self.held)
    def end(self, pick, status, alike):
        run = self.held.pop(sorted(self.held)[pick % len(self.held)])
        summary = "alike" if alike else f"done {self.next()}"
        run.end(status, summary)
        self.runs[run.id] |= {"status": status, "summary": summary}

    @rule()
    @precondition(lambda self: len(self.children) < 3)
    def start_in_another_process(self):
        read_end, write_end = os.pipe()
        pid = os.fork()
        if pid == 0:
            with contextlib.suppress(BaseException):
                run = self.opened("agent-c").start("nightly")
                os.write(write_end, f"{run.id} {run.log_file}".encode())
                signal.pause()
            os._exit(1)
        run, log = os.read(read_end, 999).decode().split()
        os.close(read_end)
        os.close(write_end)
        self.children[run] = pid
        self.runs[run] = {"workflow": "nightly", "status": "Running", "agent": "agent-c", "log": log}

    @rule(pick=PICK)
    @precondition(lambda self: self.children)
    def kill(self, pick):
        run = sorted(self.children)[pick % len(self.children)]
        pid = self.children.pop(run)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        self.runs[run] |= {"status": CRASHED}

    @rule(pick=PICK)
    def another_process_takes_over(self, pick):
        self.agents[pick % 2] = self.opened(self.agents[pick % 2].settings.agent)

    @rule(pick=PICK)
    def reap(self, pick):
        self.agents[pick % 2].reap()

    # --- people -------------------------------------------------------------------------------------------------------

    @property
    def usable(self) -> bool:
        return self.prose is not None and CONFLICT[0] not in self.prose

    def save(self, lines: list[str], way: str) -> None:
        data = "".join(f"{line}\n" for line in lines).encode()
        if way == "in place":
            self.readme.write_bytes(data)
        elif way == "rename":
            (self.root / "README.md~").write_bytes(data)
            (self.root / "README.md~").replace(self.readme)
        else:
            self.readme.unlink()
            self.readme.write_bytes(data)

    def lines(self) -> list[str]:
        return self.readme.read_text().splitlines()

    @rule(way=WAYS)
    @precondition(lambda self: self.prose is not None)
    def write_prose(self, way):
        note = f"Note {self.next()}: look | here"
        for lines in (self.prose, text := self.lines()):
            lines.insert(lines.index("## Purpose") + 1, note)
        self.save(text, way)

    @rule(way=WAYS, heading=st.sampled_from(["Active Workflows", "Completed Workflows"]))
    @precondition(lambda self: self.prose is not None)
    def write_row(self, way, heading):
        text, name = self.lines(), f"by hand {self.next()}"
        rule_of_table = next(n for n in range(text.index(f"## {heading}"), len(text)) if text[n].startswith("|---"))
        text.insert(rule_of_table + 1, f"|  {name} | yesterday | ⚠️ Overstated|-| human:samson |")
        self.by_hand.append((heading, name))
        self.save(text, way)

    @rule(way=WAYS, pick=PICK, remove=st.booleans())
    @precondition(lambda self: self.usable and self.rows == "all")
    def change_a_row(self, way, pick, remove):
        """Correct the status of an ended run, or remove its row: one is kept, the other comes back."""
        text = self.lines()
        rows = [n for n, line in enumerate(text) if "| done " in line]
        if rows:
            at = rows[pick % len(rows)]
            if remove:
                del text[at]
            else:
                text[at] = text[at].replace("✓ Complete", CORRECTED).replace("✗ Failed", CORRECTED)
            self.save(text, way)

    @rule()
    @precondition(lambda self: self.usable)
    def begin_a_merge(self):
        self.prose += CONFLICT
        self.save(self.lines() + CONFLICT, "in place")

    @rule()
    @precondition(lambda self: self.prose is not None and not self.usable)
    def end_the_merge(self):
        self.prose = [line for line in self.prose if line not in CONFLICT]
        self.save([line for line in self.lines() if line not in CONFLICT], "in place")

    @rule()
    @precondition(lambda self: self.prose is not None)
    def remove_the_readme(self):
        self.readme.unlink()
        self.prose = None

    @rule()
    @precondition(lambda self: self.usable)
    def commit(self):
        self.git("add", "execution/README.md")
        self.git("commit", "-q", "--allow-empty", "-m", "state")
        self.committed = (list(self.prose), list(self.by_hand))

    @rule()
    def check_out(self):
        self.git("checkout", "-q", "--", "execution/README.md")
        self.prose, self.by_hand = (list(part) for part in self.committed)

    # --- accidents ----------------------------------------------------------------------------------------------------

    @rule()
    def remove_what_is_derived(self):
        for path in (self.root / "active").glob("*"):
            if path.is_file() and path.name not in (".gitignore", ".manifest.lock"):
                path.unlink()

    @rule()
    def remove_the_lock_files(self):
        shutil.rmtree(self.root / "active" / "runs", ignore_errors=True)

    # --- what must be there -------------------------------------------------------------------------------------------

    def synced(self, pick):
        if self.usable:
            self.agents[pick % 2].sync()
            self.look()
            return
        before = self.readme.read_bytes() if self.prose is not None else None
        with pytest.raises(ManifestDeferred):
            self.agents[pick % 2].sync(0)
        assert (self.readme.read_bytes() if self.readme.exists() else None) == before

    # Three of them, as it is what there is to see.
    sync = rule(pick=PICK)(synced)
    sync_again = rule(pick=PICK)(synced)
    sync_once_more = rule(pick=PICK)(synced)

    @invariant()
    def count(self):
        self.done["steps"] += 1

    def look(self):
        self.done["looks"] += 1
        found = read(self.readme.read_bytes())
        running = {run: state for run, state in self.runs.items() if state["status"] == "Running"}
        ended = {run: state for run, state in self.runs.items() if run not in running}
        assert Counter((row[0], row[2], row[3], row[4]) for row in found.active if "by hand" not in row[0]) == Counter(
            (state["workflow"], "Running", state["log"], state["agent"]) for state in running.values()
        )
        completed = [row for row in found.completed + self.archived() if "by hand" not in row[0]]
        assert Counter((row[0], row[4], self.results(row)) for row in completed) == Counter(
            (state["workflow"], state["agent"], state.get("summary")) for state in ended.values()
        )
        statuses = Counter((state.get("summary"), state["status"]) for state in ended.values())
        shown = Counter((self.results(row), row[2]) for row in completed if row[2] != CORRECTED)
        assert shown <= statuses
        by_hand = [(heading, row[0]) for heading, rows in zip(
            ("Active Workflows", "Completed Workflows"), (found.active, found.completed), strict=True
        ) for row in rows if "by hand" in row[0]]  # fmt: skip
        assert sorted(by_hand) == sorted(self.by_hand)
        assert self.words(found.prose) == self.words(self.prose)
        workflows = json.loads((self.root / "active" / "workflows.json").read_bytes())["workflows"]
        assert {one["run"] for one in workflows} == set(running)
        recorded = {run: state.get("summary") for run, state in self.runs.items() if state["status"] != CRASHED}
        assert {run: text for run, text in summaries(self.root).items() if text != CRASHED} == recorded
        assert list(self.root.glob("README.md.foreign-*")) == []
        assert list(self.root.rglob(".*.tmp")) == []

    @staticmethod
    def results(row: list[str]) -> str | None:
        return None if row[2] == CRASHED else row[3]

    def archived(self) -> list[list[str]]:
        rows = []
        for month in (self.root / "archive").glob("*/README.md"):
            table = month.read_text().replace("# ", "## Completed Workflows\n# ", 1)
            lines = [line for line in table.splitlines() if line.startswith("|")][2:]
            rows += read(("## Completed Workflows\n|\n|\n" + "\n".join(lines)).encode()).completed
        return [row for row in rows if row[0] not in NONE]

    def words(self, prose: list[str]) -> list[str]:
        """The prose, without the link to the archive that stands there when rows had to go."""
        return prose if self.rows == "all" else [line for line in prose if line and "archive/" not in line]

    def teardown(self):
        """Look a last time, once people have put their README in order."""
        try:
            if self.prose is None:
                self.check_out()
            if not self.usable:
                self.end_the_merge()
            self.synced(0)
        finally:
            self.remove()

    def remove(self):
        for pid in self.children.values():
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        shutil.rmtree(self.directory, ignore_errors=True)


def play(examples: int, steps: int) -> Counter[str]:
    """Let hypothesis do what it likes; return how many steps that were, and how often everything was looked at."""
    Manifest.done.clear()
    run_state_machine_as_test(
        Manifest,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
    return Manifest.done


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_whatever_happens_to_it():
    assert play(examples=6, steps=25)["looks"]


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_whatever_happens_to_it_in_two_thousand_steps(measured):
    done = play(examples=80, steps=60)
    assert done["steps"] >= 2_000
    measured(f"{done['steps']:,} steps, after {done['looks']} of them all was looked at")
