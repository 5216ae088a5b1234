"""What is shipped: the wheel holds the package alone, the sdist all that its tests need, the metadata what we meant.

The sdist is built from a copy of the repository, the wheel from the sdist, both by the setuptools of this environment
and without asking an index.
"""

from __future__ import annotations

import configparser
import importlib.metadata
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.metadata import Metadata
from packaging.version import Version

import irl_logging

ROOT = Path(__file__).resolve().parent.parent
NOT_SHIPPED = {".gitignore"}
BUILD = "import sys; from setuptools import build_meta; print(build_meta.build_{kind}(sys.argv[1]))"


def setuptools_is_new_enough() -> bool:
    """Whether the build backend that pyproject.toml asks for is installed here."""
    try:
        return Version(importlib.metadata.version("setuptools")) >= Version("77")
    except importlib.metadata.PackageNotFoundError:
        return False


pytestmark = pytest.mark.skipif(
    not setuptools_is_new_enough(), reason="setuptools >= 77 is not installed: pip install --group test"
)


def build(kind: str, source: Path, target: Path) -> tuple[Path, str]:
    """Build an sdist or a wheel; return it and all that the backend said."""
    target.mkdir()
    result = subprocess.run(
        [sys.executable, "-c", BUILD.format(kind=kind), target], cwd=source, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    return target / result.stdout.splitlines()[-1], result.stdout + result.stderr


def shipped_sources() -> set[str]:
    """Return the files of the repository that an sdist should have, as git knows them or as they lie there."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True
    )
    if listed.returncode == 0 and listed.stdout:
        names = listed.stdout.splitlines()
    else:
        left_out = {".venv", "demo", "build", "dist", "__pycache__"}
        paths = [path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file()]
        names = [it.as_posix() for it in paths if not left_out & set(it.parts) and not it.parts[0].endswith("-info")]
    return {name for name in names if (ROOT / name).is_file() and not name.startswith(".")} | {".ci/run"}


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> dict[str, object]:
    """The sdist and the wheel, and what was said while they were built."""
    base = tmp_path_factory.mktemp("packaging")
    for name in shipped_sources() | NOT_SHIPPED:
        if (ROOT / name).is_file():
            (base / "source" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, base / "source" / name)
    sdist, said_of_sdist = build("sdist", base / "source", base / "sdist")
    with tarfile.open(sdist) as archive:
        archive.extractall(base / "unpacked", filter="data")
    (unpacked,) = (base / "unpacked").iterdir()
    wheel, said_of_wheel = build("wheel", unpacked, base / "wheel")
    return {"unpacked": unpacked, "wheel": wheel, "said": said_of_sdist + said_of_wheel}


@pytest.fixture
def metadata(built) -> Metadata:
    """The wheel's metadata, validated."""
    with zipfile.ZipFile(built["wheel"]) as wheel:
        (name,) = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
        return Metadata.from_email(wheel.read(name), validate=True)


def test_wheel_holds_the_package_alone(built):
    """Every module, py.typed and the manifest's template; neither conf/ nor tests."""
    with zipfile.ZipFile(built["wheel"]) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "irl_logging").rglob("*.py")}
    assert names == modules | {f"irl_logging/{name}" for name in ("manifest/template.md", "ordinary.bin", "py.typed")}


def test_sdist_holds_what_its_tests_need(built):
    """All files of the repository are in the sdist."""
    found = {path.relative_to(built["unpacked"]).as_posix() for path in built["unpacked"].rglob("*") if path.is_file()}
    assert shipped_sources() - found == set()


def test_backend_warns_of_nothing(built):
    """Building says nothing of deprecated, ignored or overridden metadata."""
    # The names of Python's and setuptools' warning classes; "warning:" in small letters is the file list's chatter.
    assert re.findall(r".*(?:Warning|_MissingDynamic|_Deprecated).*", built["said"]) == []


def test_metadata_says_what_we_meant(metadata):
    """The facts of pyproject.toml, and none from elsewhere."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert metadata.name == "irl_logging"
    assert str(metadata.version) == project["version"] == irl_logging.__version__
    assert metadata.summary == project["description"]
    assert str(metadata.requires_python) == ">=3.11"
    assert metadata.license_expression == "MIT"
    assert metadata.license_files == ["LICENSE"]
    assert metadata.description_content_type == "text/markdown"
    assert {requirement.name for requirement in metadata.requires_dist if requirement.marker is None} == {
        "click",
        "google-re2",
        "portalocker",
        "python-json-logger",
        "structlog",
    }
    assert (metadata.author, metadata.author_email, metadata.home_page) == (None, None, None)


def test_installed_wheel_works(built, tmp_path, clean_environment):
    """Unpacked away from the repository, the package imports and its command starts."""
    with zipfile.ZipFile(built["wheel"]) as wheel:
        wheel.extractall(tmp_path / "site")
        (points,) = [name for name in wheel.namelist() if name.endswith(".dist-info/entry_points.txt")]
        assert wheel.read(points).decode() == "[console_scripts]\nirl = irl_logging.cli.quick:main\n"
    started = subprocess.run(
        [sys.executable, "-c", "import irl_logging.cli.main as it; print(it.__file__); it.main(['--help'])"],
        env=clean_environment | {"PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
    )
    assert (started.returncode, started.stderr) == (0, "")
    assert started.stdout.startswith(f"{tmp_path / 'site'}")


def test_setup_cfg_holds_only_what_must_live_there():
    """Metadata and options in setup.cfg would leak into what is built."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    assert parser.sections() == ["flake8"]


def test_news_fragments_become_a_section(tmp_path):
    """`towncrier build --draft` reads every fragment; each has a kind that is known."""
    pytest.importorskip("towncrier", reason="towncrier is not installed: pip install --group release")
    fragments = [path for path in (ROOT / "changelog.d").iterdir() if path.name != "README.md"]
    assert {path.suffixes[-2:][0] for path in fragments} <= {".added", ".changed", ".fixed"}
    shutil.copytree(ROOT / "changelog.d", tmp_path / "changelog.d")
    for name in ("pyproject.toml", "CHANGELOG.md"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "changelog.d" / "+planted.added.md").write_text("A planted sentence.\n")
    result = subprocess.run(
        [sys.executable, "-m", "towncrier", "build", "--yes", "--version", "9.9.9", "--date", "2026-02-08"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    text = (tmp_path / "CHANGELOG.md").read_text(encoding="utf-8")
    marker = "<!-- towncrier release notes start -->\n"
    assert text.startswith((ROOT / "CHANGELOG.md").read_text(encoding="utf-8").partition(marker)[0] + marker)
    section = text.partition(marker)[2]
    assert section.strip().startswith("## 9.9.9 (2026-02-08)\n")
    assert "- A planted sentence." in section
