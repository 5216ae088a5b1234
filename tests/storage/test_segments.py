"""Which segment is whose."""

from __future__ import annotations

from irl_logging.storage.liveness import boot_id, host
from irl_logging.storage.segments import from_elsewhere, listed, own_name, own_path


def test_each_host_boot_and_month_has_a_segment():
    """The name says so, and months sort."""
    assert own_name(0) == f"{host()}-{boot_id()}-197001.jsonl"
    assert own_name(1_770_508_800) == f"{host()}-{boot_id()}-202602.jsonl"


def test_containers_of_a_machine_append_to_one_segment(tmp_path):
    """Whoever comes first names it; not that of another boot or month, nor where the boot is not known."""
    for name in ("far-0badf00d-197001.jsonl", f"container-{boot_id()}-197002.jsonl"):
        (tmp_path / name).touch()
    assert own_path(tmp_path, 0) == tmp_path / own_name(0)
    first = tmp_path / f"container-{boot_id()}-197001.jsonl"
    first.touch()
    assert own_path(tmp_path, 0) == first


def test_machines_whose_boot_is_not_known_do_not_share_a_segment(tmp_path, monkeypatch):
    """They would append to one file of a network directory."""
    monkeypatch.setattr("irl_logging.storage.segments.boot_id", lambda: "0")
    (tmp_path / "far-0-197001.jsonl").touch()
    assert own_path(tmp_path, 0) == tmp_path / f"{host()}-0-197001.jsonl"


def test_another_machine_is_one_with_another_name_and_another_boot(tmp_path):
    """Not this one after a boot, and not a container on this kernel."""
    for name in (own_name(0), f"{host()}-0badf00d-202602.jsonl", f"container-{boot_id()}-202602.jsonl", "notes.txt"):
        (tmp_path / name).touch()
    assert from_elsewhere(tmp_path) is False
    (tmp_path / "far-0badf00d-202602.jsonl").touch()
    assert from_elsewhere(tmp_path) is True


def test_a_name_that_begins_with_that_of_this_machine_is_another(tmp_path):
    """`web-2` is not `web`."""
    (tmp_path / f"{host()}-2-0badf00d-202602.jsonl").touch()
    assert from_elsewhere(tmp_path) is True


def test_only_regular_files_are_segments(tmp_path):
    """A directory, a link and a missing directory are none."""
    (tmp_path / "a.jsonl").write_bytes(b"12345")
    (tmp_path / "b.jsonl").mkdir()
    (tmp_path / "c.jsonl").symlink_to("a.jsonl")
    assert {name: stamp[1] for name, stamp in listed(tmp_path).items()} == {"a.jsonl": 5}
    assert listed(tmp_path / "none") == {}
