"""The reference and the README's settings say what the code says: names, arguments, defaults, words."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path

import pytest

import irl_logging
from irl_logging.lifecycle import Event, Status
from irl_logging.settings import NAMES, load

ROOT = Path(__file__).resolve().parent.parent.parent
REFERENCE = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
HEADINGS = re.findall(r"(?m)^### `([A-Za-z_.]+)(?:(\(.*\)))?`$", REFERENCE)


def found(name: str) -> object:
    """Return what a heading of the reference names."""
    value: object = irl_logging
    for part in name.split("."):
        value = getattr(value, part)
    return value


def rows(text: str) -> list[list[str]]:
    """Return the cells of all table rows in a Markdown text."""
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in re.findall(r"(?m)^\|.*\|$", text)]


def test_every_public_name_is_there():
    """Each name of `__all__` has a heading or, if it is an error, a row."""
    named = {name.split(".")[0] for name, _ in HEADINGS} | {row[0].strip("`") for row in rows(REFERENCE)} | {"Status"}
    assert sorted({*irl_logging.__all__} - named) == []


@pytest.mark.parametrize(("name", "arguments"), [it for it in HEADINGS if it[1]])
def test_arguments(name, arguments):
    """Headings show the arguments with their defaults."""
    signature = inspect.signature(found(name))
    parameters = [it.replace(annotation=inspect.Parameter.empty) for it in signature.parameters.values()]
    if parameters and parameters[0].name == "self":
        parameters.pop(0)
    assert arguments == str(inspect.Signature(parameters))


def test_settings():
    """The README's table has each setting with its variable and its default."""
    section = README.split("\n## Settings\n")[1].split("\n## ")[0]
    shown = {row[0].strip("`"): row[1:3] for row in rows(section)[2:]}
    assert list(shown) == list(NAMES)
    settings = load({}, environ={})
    for name, (variable, default) in shown.items():
        assert variable in (f"`IRL_{name.upper()}`", "(none)")
        if default.startswith("`"):
            value = getattr(settings, name)
            assert default == f"`{str(value).lower() if isinstance(value, bool) else value}`"


def test_statuses():
    """Each status has a row."""
    section = REFERENCE.split("\n## Statuses\n")[1].split("\n## ")[0]
    shown = {row[0].strip("`"): row[1].strip("`") for row in rows(section)[2:]}
    assert shown == {status.name: status.value for status in Status}


def test_events():
    """Each kind of lifecycle event that is written is named."""
    (row,) = [row for row in rows(REFERENCE) if row[0] == "`event`"]
    assert re.findall(r"`([a-z.]+)`", row[2]) == list(Event)


def test_processors():
    """The processors that the reference names are there."""
    processors = importlib.import_module("irl_logging.processors")
    for name in ("add_context", "redact", "render_line", "EmitLifecycle"):
        assert f"`{name}`" in REFERENCE
        assert callable(getattr(processors, name))


def test_layers():
    """The design has a row for each module of the package."""
    shown = {row[0].strip("`").strip("/") for row in rows((ROOT / "docs" / "design.md").read_text(encoding="utf-8"))}
    package = ROOT / "irl_logging"
    modules = {path.stem for path in package.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    assert sorted(modules - shown - {"__init__", "__main__"}) == []
