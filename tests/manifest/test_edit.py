"""Changes of the manifest that are not rows of runs: by the same rules, and for the archives too."""

from __future__ import annotations

import pytest

from irl_logging.errors import ManifestDeferred
from irl_logging.storage import locks


def louder(document):
    return document.replace(b"# Execution Manifest", b"# EXECUTION MANIFEST").replace(b"old rows", b"new rows")


@pytest.fixture
def archived(directory):
    """An archive of a month beside the README."""
    path = directory.root / "archive" / "2026-02" / "README.md"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"# Completed Workflows, 2026-02\r\n\r\nold rows\r\n")
    return path


def test_the_readme_is_changed_once(directory):
    before = directory.readme.read_bytes()
    assert directory.store().edit(louder) == 1
    assert directory.readme.read_bytes() == louder(before)
    stamp = directory.readme.stat()
    assert directory.store().edit(louder) == 0
    assert directory.readme.stat() == stamp


def test_the_archives_are_changed_when_asked_for(directory, archived):
    assert directory.store().edit(louder) == 1
    assert directory.store().edit(louder, archives=True) == 1
    assert archived.read_bytes() == b"# Completed Workflows, 2026-02\r\n\r\nnew rows\r\n"


def test_an_edit_of_somebody_else_meanwhile_is_kept(directory):
    """Between reading and replacing a person saves the file: the change is made again, on top of that."""
    calls = []

    def change(document):
        calls.append(document)
        if len(calls) == 1:
            directory.readme.write_bytes(document + b"a person was here\n")
        return louder(document)

    assert directory.store().edit(change) == 1
    assert len(calls) > 1
    text = directory.readme.read_bytes()
    assert text.startswith(b"# EXECUTION MANIFEST")
    assert text.endswith(b"a person was here\n")


def test_what_a_change_says_cannot_be_done_is_put_off(directory):
    def change(document):
        raise ManifestDeferred("has no section 'Current System State'")

    before = directory.readme.read_bytes()
    with pytest.raises(ManifestDeferred, match=r"README\.md has no section 'Current System State'"):
        directory.store().edit(change, 0.05)
    assert directory.readme.read_bytes() == before


def test_others_are_waited_for_within_the_limit(directory):
    with (
        locks.try_lock(directory.root / "active" / ".manifest.lock"),
        pytest.raises(ManifestDeferred, match=r"was being edited by others for 0\.05 s"),
    ):
        directory.store().edit(louder, 0.05)
