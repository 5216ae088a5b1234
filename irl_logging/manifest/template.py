"""The README that `irl init` writes into an empty execution directory: the specification's own document."""

from __future__ import annotations


def template() -> bytes:
    """Return the document, as the package carries it."""
    from importlib import resources  # slow to import, and needed for the first run of a directory

    return resources.files(__package__).joinpath("template.md").read_bytes()
