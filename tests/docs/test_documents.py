"""Every document of the repository is run as written; `snippets.py` says how.

`README.md`, `CONTRIBUTING.md`, `docs/` and `conf/`: each Markdown file is one test. Of `conf/`, each file is also read in
its own language here; what the configurations do is tested with the modules that they configure.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.docs.snippets import PARSERS, blocks_of, run_document

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENTS = sorted(
    [
        *ROOT.glob("README.md"),
        *ROOT.glob("CONTRIBUTING.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "conf").rglob("*.md"),
    ]
)
CONFIGURATIONS = sorted(path for path in (ROOT / "conf").rglob("*") if path.suffix.lstrip(".") in PARSERS)

# Why a block may be left alone. A reason that is not here is given its place here, in the open, or the block is run.
REASONS = {
    "sets up the machine": "installs packages or runs make, which `.ci/run` does before any test",
    "runs until stopped": "a server, a dashboard, `tail -f`",
    "needs a service": "talks to a program that is not on every machine, such as Prometheus",
    "takes minutes": "the long form of a test, or the mutants; test_reliability.py looks that what is named is there",
    "changes the machine": "writes outside the reader's directory, such as cron or /etc",
}

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")


def name_of(path: Path) -> str:
    """Return a document's name for people."""
    return path.relative_to(ROOT).as_posix()


def test_the_readme_is_among_them():
    """A search that finds nothing must not look like documents that all work."""
    assert ROOT / "README.md" in DOCUMENTS


@pytest.mark.timeout(900)
@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_document_runs_as_written(document, tmp_path, clean_environment, monkeypatch):
    """Each command and snippet of a document works, in the order of the document."""
    if "PYTHONPATH" in clean_environment:
        monkeypatch.setenv("PYTHONPATH", clean_environment["PYTHONPATH"])
    skipped = run_document(document, tmp_path, conf=ROOT / "conf" if (ROOT / "conf").is_dir() else None)
    assert [why for why in skipped if not why.endswith(" is not installed")] == []
    if skipped:
        pytest.skip("; ".join(skipped))


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_blocks_are_left_alone_for_a_known_reason(document):
    """Each `not run` gives one of the reasons that count."""
    assert {
        block.where: block.reason for block in blocks_of(document) if block.reason and block.reason not in REASONS
    } == {}


@pytest.mark.parametrize("configuration", CONFIGURATIONS, ids=name_of)
def test_configuration_parses(configuration):
    """Each file in conf/ is what its name says."""
    assert PARSERS[configuration.suffix.lstrip(".")](configuration.read_text(encoding="utf-8"))
