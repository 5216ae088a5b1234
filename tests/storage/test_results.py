"""Results files: a name of their own, written whole, never over something that is there."""

from __future__ import annotations

import json
import os

import pytest

from irl_logging.storage.results import ResultsFile


def names(directory):
    return sorted(path.name for path in directory.iterdir())


def test_results_take_the_next_free_name(tmp_path):
    """Files of others stay as they are; the file's own content is replaced, whole."""
    (tmp_path / "deploy.json").write_text("theirs")
    (tmp_path / "deploy-002.json").symlink_to("nowhere")
    results = ResultsFile(tmp_path, "deploy")
    assert results.save({"a": 1}, {"a": 1}).name == "deploy-003.json"
    assert results.save({"a": 2}, {"a": 2}).name == "deploy-003.json"
    assert json.loads((tmp_path / "deploy-003.json").read_text()) == {"a": 2}
    assert ((tmp_path / "deploy.json").read_text(), results.content()) == ("theirs", {"a": 2})


def test_a_forked_child_has_a_file_of_its_own(tmp_path):
    """It neither overwrites its parent's nor takes over its counters."""
    results = ResultsFile(tmp_path, "deploy")
    results.save({"a": 1}, {"a": 1})
    pid = os.fork()
    if pid == 0:
        right = results.content() == {} and results.save({"b": 2}, {"b": 2}).name == "deploy-002.json"
        os._exit(0 if right else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert [json.loads((tmp_path / name).read_text()) for name in names(tmp_path)] == [{"b": 2}, {"a": 1}]


def test_what_is_refused_leaves_no_file(tmp_path):
    """NaN is no JSON; neither the name nor the counters are taken."""
    results = ResultsFile(tmp_path, "deploy")
    with pytest.raises(ValueError, match="JSON"):
        results.save({"a": float("nan")}, {"a": float("nan")})
    assert (names(tmp_path), results.path, results.content()) == ([], None, {})
