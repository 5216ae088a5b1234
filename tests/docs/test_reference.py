"""The reference says what the code says: names, arguments, defaults, words."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import irl_logging
from irl_logging.cli.main import irl
from irl_logging.lifecycle import Event, Status
from irl_logging.settings import NAMES, load

ROOT = Path(__file__).resolve().parent.parent.parent
REFERENCE = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
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
    """The table has each setting with its variable and its default."""
    section = REFERENCE.split("\n## Settings\n")[1].split("\n## ")[0]
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


def commands(group: click.Group, prefix: str) -> Iterator[tuple[str, click.Command]]:
    """Yield each command with its full name, those of groups too."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield f"{prefix} {name}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix} {name}")


def test_commands():
    """Each command has a row, which has each of its options."""
    shown = [row[0] for row in rows(REFERENCE.split("\n## Commands\n")[1].split("\n## ")[0])]
    for name, command in commands(irl, "irl"):
        options = [it.opts for it in command.params if isinstance(it, click.Option)]
        alone = isinstance(command, click.Group) and not options
        of_it = [row for row in shown if re.match(rf"`{name}(?! [a-z])\b", row)]
        assert of_it or alone, name
        missing = [it for it in options if not any(spelling in row for row in of_it for spelling in it)]
        assert missing == [], name


@pytest.mark.parametrize("page", ["reference", "how-to"])
def test_contents(page):
    """The list at the top of a long page names each of its sections."""
    text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
    text = re.sub(r"(?ms)^```.*?^```$", "", text)
    listed = set(re.findall(r"\(#([^)]+)\)", text.partition("\n## ")[0]))
    sections = re.findall(r"(?m)^## (.+)$", text)
    anchors = {re.sub(r"[^a-z0-9_ -]", "", it.lower()).replace(" ", "-") for it in sections}
    assert anchors - listed - {"formats"} == set()


def test_layers():
    """The design has a row for each module of the package."""
    shown = {row[0].strip("`").strip("/") for row in rows((ROOT / "docs" / "design.md").read_text(encoding="utf-8"))}
    package = ROOT / "irl_logging"
    modules = {path.stem for path in package.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    assert sorted(modules - shown - {"__init__", "__main__"}) == []
