"""The power goes: what was acknowledged is there when the machine comes up again, and the README is whole. See `powercut.py`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.conftest import tried

SCRIPT = Path(__file__).with_name("powercut.py")


@pytest.fixture
def cut(tmp_path, own_mounts):
    """Run the script with these options; return what it says of each cut, and its last sentence."""
    with (tmp_path / "disk").open("wb") as disk:
        disk.truncate(4 << 20)
    if not tried("mkfs.ext4", "-q", "-F", str(tmp_path / "disk")):
        pytest.skip("mkfs.ext4 is not installed")
    if not tried(*own_mounts, "mount", "-o", "loop", str(tmp_path / "disk"), "/mnt"):
        pytest.skip("this user may not mount image files")

    def run(*options: str) -> tuple[list[dict], str]:
        done = subprocess.run([sys.executable, str(SCRIPT), *options], capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
        *found, sentence = done.stdout.splitlines()
        return [json.loads(line) for line in found], sentence

    return run


def test_what_was_acknowledged_survives(cut):
    """No event is lost, and the README is one that was published."""
    (found,), _ = cut("--cuts", "1", "--pause", "0.5")
    assert found["acknowledged"] > 5
    assert (found["lost"], found["faults"]) == (0, [])


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_what_was_acknowledged_survives_fifteen_times(cut, measured):
    """At fifteen instants, and with a file system that hardly ever writes by itself."""
    found, sentence = cut("--cuts", "15")
    assert [(one["lost"], one["faults"]) for one in found] == [(0, [])] * 15
    measured(sentence)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("commit", [300, 1])
def test_what_is_given_up_without_fsync(cut, measured, commit):
    """Events that were acknowledged are lost; the README is whole all the same, also when the file system writes names early."""
    found, sentence = cut("--cuts", "6", "--pause", "3", "--no-fsync", "--commit", str(commit))
    assert sum(one["lost"] for one in found) > 0
    measured(f"without fsync, commit={commit}: {sentence}")
