"""The version of the package, for whoever is below `__init__`."""

from __future__ import annotations

__version__ = "0.1.0"
"""That of `pyproject.toml`, too; a test compares them."""
