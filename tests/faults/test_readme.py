"""The README is held by somebody, or is none that one would expect: runs go on, and it is right or left alone, never damaged."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter

import pytest

from irl_logging import Execution, ManifestDeferred
from irl_logging.manifest.template import template
from tests.faults.readme import read
from tests.faults.records import summaries

HOLD = """\
import sys
from irl_logging.storage.locks import try_lock
with try_lock(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_somebody_holds_the_manifest(tmp_path, clean_environment):
    """Starting and ending take no time, the README waits, and the rows come with whoever is next."""
    execution = Execution(tmp_path / "execution", agent="agent-x")
    execution.start("first").complete()
    readme = tmp_path / "execution" / "README.md"
    before = readme.read_bytes()
    lock = str(tmp_path / "execution" / "active" / ".manifest.lock")
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, lock], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=clean_environment
    ) as holder:
        assert holder.stdout.readline() == b"held\n"
        began = time.monotonic()
        run = execution.start("deploy")
        took = time.monotonic() - began
        execution.start("quick").complete("done")
        assert (readme.read_bytes(), set(summaries(tmp_path / "execution").values())) == (
            before,
            {"✓ Complete", None, "done"},
        )
        with pytest.raises(ManifestDeferred, match=r"\.manifest\.lock is locked"):
            execution.sync(0.05)
        holder.communicate(b"let go\n")
    assert took < 5.0  # who waits for the manifest waits ten seconds, or for ever
    execution.update_manifest()
    found = read(readme.read_bytes())
    assert [row[0] for row in found.active] == ["deploy"]
    assert sorted(row[0] for row in found.completed) == ["first", "quick"]
    run.complete()


ACTIVE = "| Workflow | Started | Status | Log File | Agent/User |\n|---|---|---|---|---|\n"
COMPLETED = "| Workflow | Completed | Status | Results | Agent/User |\n|---|---|---|---|---|\n"
PLAIN = f"# Us\n\n## Active Workflows\n\n{ACTIVE}\n## Completed Workflows\n\n{COMPLETED}"
OLD = "| old | 2026-01-01T00:00:00Z | ✓ Complete | {} | agent-old |\n"

RIGHT = {
    "the specification's": template(),
    "short": PLAIN.encode(),
    "carriage returns": PLAIN.replace("\n", "\r\n").encode(),
    "byte order mark": b"\xef\xbb\xbf" + PLAIN.encode(),
    "no final newline": PLAIN.rstrip("\n").encode(),
    "bytes that are no text": b"\xff\xfe\n\n" + PLAIN.encode(),
    "a table in a fence": f"```\n## Active Workflows\n\n{ACTIVE}```\n\n{PLAIN}".encode(),
    "a table in a comment": f"<!--\n## Active Workflows\n\n{ACTIVE}-->\n\n{PLAIN}".encode(),
    "a table of somebody else": PLAIN.replace(
        "## Completed", "| a | b |\n|---|---|\n| 1 | 2 |\n\n## Completed"
    ).encode(),
    "columns of one's own": PLAIN.replace("| Status |", "| Cost | Status |").replace("|---|\n", "|---|---|\n").encode(),
    "columns in another order": PLAIN.replace("| Workflow | Started |", "| Started | Workflow |").encode(),
    "a column less": PLAIN.replace(
        COMPLETED, "| Workflow | Completed | Status | Agent/User |\n|---|---|---|---|\n"
    ).encode(),
    "spaces around everything": PLAIN.replace("|", "   |   ").encode(),
    "headings that are underlined": PLAIN.replace("## Active Workflows", "Active Workflows\n---").encode(),
    "ten thousand rows": (PLAIN + "".join(OLD.format(n) for n in range(10_000))).encode(),
}
LEFT_ALONE = {
    "empty": b"",
    "two tables": f"{PLAIN}\n## Active Workflows\n\n{ACTIVE}".encode(),
    "no table": b"# Us\n\n## Active Workflows\n\n## Completed Workflows\n",
    "no heading": b"# Us\n",
    "one table": f"## Active Workflows\n\n{ACTIVE}".encode(),
    "in the middle of a merge": PLAIN.replace("# Us", "<<<<<<< ours\n# Us\n=======\n# Them\n>>>>>>> theirs").encode(),
    "a merge in the rows": f"{PLAIN}<<<<<<< ours\n{OLD}=======\n{OLD}>>>>>>> theirs\n".encode(),
    "a head with a column less": PLAIN.replace(" Results |", "").encode(),
    "only in a fence": f"```\n{PLAIN}```\n".encode(),
}  # fmt: skip


def lived(tmp_path, document: bytes) -> tuple[Execution, bytes]:
    root = tmp_path / "execution"
    root.mkdir()
    (root / "README.md").write_bytes(document)
    execution = Execution(root, agent="agent-x", fsync=False, completed_rows="all")
    run = execution.start("deploy")
    for number in range(3):
        execution.start("quick").complete(f"done {number}")
    run.step("push").__enter__()
    return execution, (root / "README.md").read_bytes()


@pytest.mark.parametrize("document", RIGHT.values(), ids=RIGHT.keys())
def test_an_odd_readme_that_can_be_understood(document, tmp_path):
    """Four rows come, and every line that was there stays, byte for byte and in order."""
    execution, after = lived(tmp_path, document)
    lines, expected = after.splitlines(keepends=True), document.splitlines(keepends=True)
    added = Counter(line.rstrip(b"\r\n") for line in lines) - Counter(line.rstrip(b"\r\n") for line in expected)
    gone = Counter(line.rstrip(b"\r\n") for line in expected) - Counter(line.rstrip(b"\r\n") for line in lines)
    assert sorted(b"deploy" in line for line in added.elements()) == [False, False, False, True]
    assert all(b"none" in line for line in gone)
    ours = set(added)
    kept = [line.rstrip(b"\r\n") for line in lines if line.rstrip(b"\r\n") not in ours]
    assert kept == [line.rstrip(b"\r\n") for line in expected if line.rstrip(b"\r\n") not in gone]
    assert {line[-2:] == b"\r\n" for line in lines[:-1]} == {b"\r\n" in document}
    assert after.endswith(b"\n") == document.endswith(b"\n")
    execution.sync()
    assert (tmp_path / "execution" / "README.md").read_bytes() == after


@pytest.mark.parametrize("document", LEFT_ALONE.values(), ids=LEFT_ALONE.keys())
def test_an_odd_readme_that_cannot_be_understood(document, tmp_path):
    """Not a byte changes, the runs are in the journal, and when it is put right all rows come."""
    execution, after = lived(tmp_path, document)
    assert after == document
    assert Counter(summaries(tmp_path / "execution").values()) == Counter([None, "done 0", "done 1", "done 2"])
    with pytest.raises(ManifestDeferred):
        execution.sync(0)
    (tmp_path / "execution" / "README.md").write_bytes(PLAIN.encode())
    execution.sync()
    found = read((tmp_path / "execution" / "README.md").read_bytes())
    assert ([row[0] for row in found.active], sorted(row[3] for row in found.completed)) == (
        ["deploy"],
        ["done 0", "done 1", "done 2"],
    )
