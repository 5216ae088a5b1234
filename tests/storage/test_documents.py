"""Documents: made once and whole, never over something that is there."""

from __future__ import annotations

import json
import os
import threading

import pytest

from irl_logging.storage.documents import ResultsFile, create_file, encode_document


def names(directory):
    return sorted(path.name for path in directory.iterdir())


def test_a_file_is_created_once(tmp_path):
    """Who comes second changes nothing, and no temporary file is left."""
    assert create_file(tmp_path / "README.md", b"first") is True
    assert create_file(tmp_path / "README.md", b"second") is False
    assert ((tmp_path / "README.md").read_bytes(), names(tmp_path)) == (b"first", ["README.md"])


def test_of_many_threads_one_creates_it(tmp_path):
    """All try at once: one made it, and it is whole."""
    barrier, made = threading.Barrier(8), []

    def create(number):
        barrier.wait()
        made.append(create_file(tmp_path / "a.json", b"%d" % number * 1000))

    threads = [threading.Thread(target=create, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (made.count(True), len((tmp_path / "a.json").read_bytes())) == (1, 1000)
    assert names(tmp_path) == ["a.json"]


def test_a_link_to_nothing_is_not_followed(tmp_path):
    """A name that leads elsewhere is taken."""
    (tmp_path / "a.json").symlink_to(tmp_path / "elsewhere")
    assert create_file(tmp_path / "a.json", b"{}") is False
    assert names(tmp_path) == ["a.json"]


def test_results_take_the_next_free_name(tmp_path):
    """Files of others stay as they are; the file's own content is replaced, whole."""
    (tmp_path / "deploy.json").write_text("theirs")
    (tmp_path / "deploy-002.json").symlink_to("nowhere")
    results = ResultsFile(tmp_path, "deploy")
    assert results.save({"a": 1}, {"a": 1}).name == "deploy-003.json"
    assert results.save({"a": 2}, {"a": 2}).name == "deploy-003.json"
    assert json.loads((tmp_path / "deploy-003.json").read_text()) == {"a": 2}
    assert ((tmp_path / "deploy.json").read_text(), results.counters()) == ("theirs", {"a": 2})


def test_a_forked_child_has_a_file_of_its_own(tmp_path):
    """It neither overwrites its parent's nor takes over its counters."""
    results = ResultsFile(tmp_path, "deploy")
    results.save({"a": 1}, {"a": 1})
    pid = os.fork()
    if pid == 0:
        right = results.counters() == {} and results.save({"b": 2}, {"b": 2}).name == "deploy-002.json"
        os._exit(0 if right else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert [json.loads((tmp_path / name).read_text()) for name in names(tmp_path)] == [{"b": 2}, {"a": 1}]


def test_what_is_refused_leaves_no_file(tmp_path):
    """NaN is no JSON; neither the name nor the counters are taken."""
    results = ResultsFile(tmp_path, "deploy")
    with pytest.raises(ValueError, match="JSON"):
        results.save({"a": float("nan")}, {"a": float("nan")})
    assert (names(tmp_path), results.path, results.counters()) == ([], None, {})


def test_documents_are_for_people_too():
    """Indented, in UTF-8, with a line feed at the end."""
    assert encode_document({"größe": [1]}) == '{\n  "größe": [\n    1\n  ]\n}\n'.encode()
