"""State files: every change is whole, redacted and under the lock; a broken file is told, kept and replaced."""

from __future__ import annotations

import json
import re
import threading

import pytest

from irl_logging.errors import BusyError, ConfigurationError, DocumentError
from irl_logging.redaction import Redactor
from irl_logging.storage.layout import Layout
from irl_logging.storage.locks import try_lock
from irl_logging.storage.state import StateFile, documents, faults


@pytest.fixture
def layout(tmp_path):
    return Layout(tmp_path / "execution")


@pytest.fixture
def state(layout):
    """A state that does not exist yet."""
    return StateFile(layout, Redactor(), "quarantine-state", durable=False)


def names(directory):
    return sorted(path.name for path in directory.iterdir())


def test_what_is_not_there_is_empty(state, layout):
    """Reading makes nothing."""
    assert state.read() == {}
    assert not layout.root.exists()


def test_a_change_leaves_the_other_keys(state):
    """`update` sets keys, `replace` sets all; both return what stands in the file."""
    assert state.replace({"total": 12, "oldest": "2026-02-08T00:45:00Z"}) == state.read()
    assert state.update({"by integration": {"finance_integration": 5}}, total=13) == {
        "total": 13,
        "oldest": "2026-02-08T00:45:00Z",
        "by integration": {"finance_integration": 5},
    }
    assert state.replace({"total": 0}) == {"total": 0}
    assert state.path.read_text() == '{\n  "total": 0\n}\n'
    assert names(state.path.parent) == ["quarantine-state.json"]


def test_an_edit_is_written_when_its_block_ends(state):
    """A block that raises leaves the file as it was."""
    with state.edit() as values:
        values["approved"] = values.get("approved", 0) + 1
        assert state.read() == {}
    with pytest.raises(KeyError), state.edit() as values:
        values["approved"] = values["no such key"]
    assert state.read() == {"approved": 1}


def test_an_edit_leaves_the_dict_as_it_was_written(state):
    """Whoever goes on with it has what others read."""
    with state.edit() as values:
        values["password"] = "tr0ub4dor-" * 2
    assert values == state.read() == {"password": "[REDACTED:password]"}


def test_what_does_not_change_is_not_written(state):
    """A file that people have laid out by hand stays so while nothing in it changes; `true` is not 1."""
    state.replace({"total": 1})
    state.path.write_text('{"total": 1}')
    state.update(total=1)
    assert state.path.read_text() == '{"total": 1}'
    state.update(total=True)
    assert state.path.read_text() == '{\n  "total": true\n}\n'


def test_threads_lose_nothing(layout):
    """Each with an object of its own, all at once."""

    def count():
        mine = StateFile(layout, Redactor(), "metrics", durable=False)
        for _ in range(25):
            with mine.edit() as values:
                values["n"] = values.get("n", 0) + 1

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert StateFile(layout, Redactor(), "metrics").read() == {"n": 200}


def test_a_thread_does_not_wait_for_itself(state):
    """A change inside a block of the same file is a mistake, not a wait to the limit."""
    with state.edit() as values:
        values["a"] = 1
        with pytest.raises(BusyError, match="by this thread already"):
            state.update(a=2)
    assert state.read() == {"a": 1}


def test_waiting_has_an_end(layout):
    """Who cannot have the lock in time is told which file is locked; nothing is changed."""
    state = StateFile(layout, Redactor(), "a", limit=0.05)
    state.replace({"a": 1})
    with try_lock(layout.last_states / "a.lock"), pytest.raises(TimeoutError, match=r"a\.lock is locked"):
        state.update(a=2)
    assert state.read() == {"a": 1}


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("quarantine-state.json", "quarantine-state.json"),
        ("../../etc/passwd", "etc-passwd.json"),
        ("Größe 1", "Große-1.json".replace("ß", "")),
        ("..", "unnamed.json"),
    ],
)
def test_a_name_cannot_leave_the_directory(name, file, layout):
    """Names are slugs, with or without the file's ending."""
    assert StateFile(layout, Redactor(), name).path == layout.state / file


def test_a_schema_is_no_state(layout):
    """Its place is taken."""
    with pytest.raises(ConfigurationError, match="would take the place of a schema"):
        StateFile(layout, Redactor(), "quarantine-state.schema.json")


@pytest.mark.parametrize(
    "change", [lambda it: it.update(rate=float("nan")), lambda it: it.replace({"rate": float("inf")})]
)
def test_what_is_no_json_changes_nothing(change, state):
    """The key is named, the file stays."""
    state.replace({"rate": 0.7})
    with pytest.raises(DocumentError, match=r"rate is (nan|inf)"):
        change(state)
    assert state.read() == {"rate": 0.7}


def test_a_state_fits_its_schema(state):
    """When there is one, every change has to."""
    state.replace({"total": 1})
    (state.path.parent / "quarantine-state.schema.json").write_text('{"properties": {"total": {"minimum": 0}}}')
    with pytest.raises(DocumentError, match=r"\$\.total: -1 is less than the minimum of 0"):
        state.update(total=-1)
    assert state.update(total=2) == {"total": 2}


BROKEN = '{\n  "total": 12,,\n}\n'


def test_a_broken_file_is_told_and_left(state):
    """Reading and changing say where the mistake is and what brings the copy back; nothing is touched."""
    state.replace({"total": 12})
    state.path.write_text(BROKEN)
    for use in (state.read, lambda: state.update(total=1), state.checkpoint):
        with pytest.raises(
            DocumentError, match=r"line 2, column 15: .*: irl state restore quarantine-state$"
        ) as caught:
            use()
        assert (caught.value.line, caught.value.column) == (2, 15)
    assert (names(state.path.parent), state.path.read_text()) == (["quarantine-state.json"], BROKEN)


def test_the_last_good_copy_comes_back(state):
    """What was acknowledged last is there again, the broken text stands beside it."""
    state.replace({"total": 12})
    state.update(total=13)
    state.path.write_text(BROKEN)
    aside = state.restore()
    assert state.read() == {"total": 13}
    assert re.fullmatch(r"quarantine-state\.json\.broken-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{6}Z", aside.name)
    assert aside.read_text() == BROKEN
    assert state.restore() is None
    assert state.read() == {"total": 13}


def test_a_removed_file_comes_back(state):
    """There is nothing to keep aside then."""
    state.replace({"total": 12})
    state.path.unlink()
    assert state.restore() is None
    assert (state.read(), names(state.path.parent)) == ({"total": 12}, ["quarantine-state.json"])


def test_without_a_copy_nothing_can_come_back(state):
    """A file that this machine never wrote has none, and the error says so."""
    state.path.parent.mkdir(parents=True)
    state.path.write_text(BROKEN)
    with pytest.raises(DocumentError, match="fix it by hand, there is no copy of it"):
        state.read()
    with pytest.raises(FileNotFoundError, match="there is no good copy"):
        state.restore()
    assert state.path.read_text() == BROKEN


def test_replacing_a_broken_file_keeps_it_aside(state):
    """What was in it cannot matter to a new content, but it is somebody's."""
    state.replace({"total": 12})
    state.path.write_text(BROKEN)
    with pytest.raises(DocumentError, match="not JSON: total is nan"):
        state.replace({"total": float("nan")})
    assert names(state.path.parent) == ["quarantine-state.json"]
    state.replace({"total": 1})
    new, aside = names(state.path.parent)
    assert (new, aside[:29]) == ("quarantine-state.json", "quarantine-state.json.broken-")
    assert (state.path.parent / aside).read_text() == BROKEN


def test_a_checkpoint_keeps_a_day(state):
    """The day's file has the content of now; the next one of the day takes its place."""
    with pytest.raises(FileNotFoundError, match="to make a checkpoint of"):
        state.checkpoint()
    state.replace({"total": 12})
    assert state.checkpoint("2026-02-08").name == "quarantine-state-2026-02-08.json"
    state.update(total=13)
    assert json.loads(state.checkpoint("2026-02-08").read_text()) == {"total": 13}
    assert re.fullmatch(r"quarantine-state-\d{4}-\d\d-\d\d\.json", state.checkpoint().name)
    with pytest.raises(ConfigurationError, match="expected one such as 2026-02-08"):
        state.checkpoint("../8")


def test_what_a_killed_writer_left_goes_with_the_next_change(state):
    """Its temporary files, and only those of this state."""
    state.replace({"total": 12})
    for name in (
        ".quarantine-state.json.0123456789ab.tmp",
        ".other.json.0123456789ab.tmp",
        ".quarantine-state.json.b.json.0123456789ab.tmp",
    ):
        (state.path.parent / name).write_text("{")
    state.update(total=13)
    assert names(state.path.parent) == [
        ".other.json.0123456789ab.tmp",
        ".quarantine-state.json.b.json.0123456789ab.tmp",
        "quarantine-state.json",
    ]


def test_modes_are_kept(state):
    """A state that only its owner may read has a copy that only its owner may read."""
    state.replace({"a": 1})
    state.path.chmod(0o600)
    state.update(a=2)
    copy = state.path.parent.parent / "active" / ".state" / "quarantine-state.json"
    assert [path.stat().st_mode & 0o777 for path in (state.path, copy)] == [0o600, 0o600]


def test_git_does_not_see_what_is_kept(state, layout):
    """Lock and copy stand where `.gitignore` covers them."""
    state.replace({"a": 1})
    assert names(layout.active) == [".gitignore", ".state"]
    assert ".*\n" in (layout.active / ".gitignore").read_text()


def test_all_that_is_wrong_is_found(layout, state):
    """States, with their schema, and results; what is no JSON by its name is left alone."""
    state.replace({"total": -1})
    layout.results.mkdir()
    (layout.results / "deploy-2026-02-08.json").write_text("[1]")
    (layout.results / "arch-validation-2026-02-08.md").write_text("# no JSON")
    (layout.results / "right.json").write_text("{}")
    (layout.state / "quarantine-state.schema.json").write_text('{"properties": {"total": {"minimum": 0}}}')
    (layout.state / "torn.json").write_text(BROKEN)
    assert [path.name for path in documents(layout)] == [
        "quarantine-state.json",
        "quarantine-state.schema.json",
        "torn.json",
        "deploy-2026-02-08.json",
        "right.json",
    ]
    assert [(error.path.name, error.line) for error in faults(layout)] == [
        ("quarantine-state.json", None),
        ("torn.json", 2),
        ("deploy-2026-02-08.json", 1),
    ]
