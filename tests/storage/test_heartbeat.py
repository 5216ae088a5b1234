"""What observers have seen of runs on other machines, kept between looks."""

from __future__ import annotations

import os
import time

from irl_logging.storage.heartbeat import Observations
from irl_logging.storage.liveness import boot_id

DAY = 86_400


def see(directory, *runs):
    """What one process sees, and keeps."""
    observations = Observations(directory)
    seen = [observations.see(run, "1 sign", 100.0) for run in runs]
    observations.keep()
    return seen


def kept(directory):
    return sorted(path.name for path in directory.iterdir())


def test_the_first_look_after_a_boot_removes_what_was_seen_in_boots_long_gone(tmp_path):
    """A file that was written lately may be that of a machine that looks at the same directory."""
    for name, days in (("0000old0", 8), ("000young", 6)):
        path = tmp_path / f".observed-{name}.json"
        path.write_text("{}")
        os.utime(path, (time.time() - days * DAY,) * 2)
    assert see(tmp_path) == []
    assert kept(tmp_path) == [".observed-0000old0.json", ".observed-000young.json"]
    assert see(tmp_path, "run") == [(100.0, False)]
    assert kept(tmp_path) == sorted([".observed-000young.json", f".observed-{boot_id()}.json"])


def test_our_own_file_is_as_old_as_it_is(tmp_path):
    see(tmp_path, "run")
    (path,) = tmp_path.iterdir()
    os.utime(path, (time.time() - 30 * DAY,) * 2)
    assert see(tmp_path, "run", "other") == [(100.0, False), (100.0, False)]
    assert kept(tmp_path) == [path.name]
    see(tmp_path)
    assert kept(tmp_path) == []
