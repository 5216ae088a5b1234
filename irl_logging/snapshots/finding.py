"""Which collectors there are: built in, from the settings, from installed packages.

A collector is a callable that takes the `Execution` and returns a mapping that JSON can hold. It is known by its name and by
where it stands, `"package.module:function"`; it is loaded only where it runs.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from irl_logging.errors import ConfigurationError
from irl_logging.naming import slug

GROUP: Final = "irl_logging.collectors"
"""The entry points by which installed packages offer collectors."""

_OURS: Final = "built in"
_BUILT_IN: Final = {
    "quarantine": "quarantine-state",
    "registry": "baseline-registry",
    "approvals": "approval-metrics",
    "health": "health",
}


@dataclass(frozen=True, slots=True)
class Collector:
    """A collector's name and location.

    Attributes:
        name: What its snapshot is called.
        target: The callable, `"package.module:function"`.
        origin: Where it comes from: `built in`, `settings`, or the name of a distribution.
    """

    name: str
    target: str
    origin: str

    @property
    def built_in(self) -> bool:
        """Whether it is one of ours, which nobody had to name."""
        return self.origin == _OURS

    @property
    def state(self) -> str:
        """The name of the state that it fills: the specification's where it has one, else the collector's own."""
        return _BUILT_IN.get(self.name, self.name)


def collectors(configured: Mapping[str, str]) -> dict[str, Collector]:
    """Return all collectors by name. Settings go before built-in ones, these before those of installed packages.

    Args:
        configured: The setting `snapshots`.
    """
    from importlib.metadata import entry_points  # slow to import, and only lists need it

    offered = {
        slug(point.name): Collector(slug(point.name), point.value, point.dist.name if point.dist else "a package")
        for point in entry_points(group=GROUP)
    }
    return {**offered, **_ours(configured)}


def collector(name: str, configured: Mapping[str, str]) -> Collector:
    """Return the collector called `name`.

    Raises:
        ConfigurationError: when there is none.
    """
    ours = _ours(configured)
    if name in ours:
        return ours[name]
    found = collectors(configured)
    if name not in found:
        close = difflib.get_close_matches(name, found, n=1)
        hint = f"did you mean {close[0]!r}? " if close else ""
        raise ConfigurationError(f"snapshot {name!r} is not known: {hint}expected one of {', '.join(found)}")
    return found[name]


def filling(state: str, configured: Mapping[str, str]) -> Collector | None:
    """Return the collector of ours or of the settings that fills the state; None when a program does so itself."""
    return next((it for it in _ours(configured).values() if it.state == state), None)


def _ours(configured: Mapping[str, str]) -> dict[str, Collector]:
    built_in = {name: Collector(name, f"irl_logging.collectors.{name}:collect", _OURS) for name in _BUILT_IN}
    return built_in | {name: Collector(name, target, "settings") for name, target in configured.items()}
