"""Register new baselines; a person confirms each of them with Enter.

Shows a run as a block with named steps. `irl demo` kills it while it waits: whoever looks next finds it crashed.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import irl_logging

logger = logging.getLogger("baselines")


def main() -> None:
    """Go through the registry and wait for a person's word on each integration."""
    logging.basicConfig(handlers=[irl_logging.WorkflowHandler()], level="INFO")
    with irl_logging.workflow("baseline-registration", agent="agent-registrar") as run:
        for baseline in sorted(Path("registry").glob("*/baseline.json")):
            with run.step("fingerprint"):
                logger.info("Read %s, %d bytes", baseline, baseline.stat().st_size)
            with run.step("confirm"):
                logger.info("Waiting for a person to confirm %s", baseline.parent.name)
                sys.stdin.readline()
            run.decision("approved", baseline.parent.name, reason="confirmed by hand")


if __name__ == "__main__":
    main()
