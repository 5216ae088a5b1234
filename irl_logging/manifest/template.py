"""The README that `irl init` writes into an empty execution directory: the specification's own document."""

from __future__ import annotations

from importlib import resources


def template() -> bytes:
    """Return the document, as the package carries it."""
    return resources.files(__package__).joinpath("template.md").read_bytes()
