"""`python -m irl_logging`: the command `irl` when it is not on PATH."""

from __future__ import annotations

from irl_logging.cli.quick import main

main()
