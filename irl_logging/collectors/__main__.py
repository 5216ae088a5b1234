"""Run one collector in this process: `python -m irl_logging.collectors MODULE:FUNCTION ROOT`, for `snapshots.taking`.

What it returns goes to stdout as JSON; what it prints goes to stderr.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from importlib import import_module
from operator import attrgetter
from typing import Any

from irl_logging.execution import Execution
from irl_logging.storage.documents import encode_document


def collected(target: str, execution: Execution) -> Mapping[str, Any]:
    """Return the result of the collector `target`.

    Raises:
        TypeError: when that is not a mapping.
    """
    module, _, function = target.partition(":")
    content = attrgetter(function)(import_module(module))(execution)
    if not isinstance(content, Mapping):
        raise TypeError(f"{target} returned {type(content).__name__}, expected a mapping")
    return content


def main(target: str, root: str) -> None:
    """Print the result of the collector `target` for the execution directory `root`."""
    answer = os.dup(1)
    os.dup2(2, 1)
    sys.path.append(str(Execution(root).repository))
    with os.fdopen(answer, "wb") as file:
        file.write(encode_document(collected(target, Execution(root))))


if __name__ == "__main__":
    main(*sys.argv[1:])
