"""What a line costs, side by side with other libraries, in one run on the same work.

Every row is CPU time (user and system) as a ratio to the standard library's `FileHandler`, which writes the same line
without redaction in the same round; ours always redacts. Where things lie in memory makes one process faster than another,
for either side, so there are several: printed are the median of their medians, and the lowest and highest. A peer that is
not installed is named with its install line. Nothing here passes or fails.

    make bench          or    python benchmarks/lines.py [--processes N] [--rounds N] [--only WORD]
"""

from __future__ import annotations

import argparse
import atexit
import importlib.util
import json
import logging
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import irl_logging
from irl_logging import context, records
from irl_logging.handler import WorkflowHandler

FORMAT = "[%(asctime)s] [%(levelname)s] [incident-approval] [list] %(message)s"
MESSAGE = "Listed %d quarantined incidents of the finance integration in %s for review"
LONG = "word " * 410
LINES = 2_000

Work = Callable[[int], None]


def standard(path: Path, name: str = "standard") -> logging.Logger:
    """A logger with the standard library's FileHandler, writing our line."""
    handler = logging.FileHandler(path)
    formatter = logging.Formatter(FORMAT, "%Y-%m-%dT%H:%M:%SZ")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    return with_handler(name, handler)


def with_handler(name: str, handler: logging.Handler) -> logging.Logger:
    logger = logging.getLogger(name)
    logger.handlers[:] = [handler]
    logger.propagate = False
    logger.setLevel(logging.INFO)
    return logger


def ours(root: Path, name: str = "ours", **settings: object) -> logging.Logger:
    """A logger with our handler."""
    return with_handler(
        name, WorkflowHandler("incident-approval", "list", agent="agent-auto-approver", root=root / name, **settings)
    )


def ours_anywhere(root: Path) -> logging.Logger:
    """A logger with a handler that leaves it to the context what records belong to."""
    return with_handler("ours", WorkflowHandler(root=root / "ours"))


def plain_calls(logger: logging.Logger) -> Work:
    def work(count: int) -> None:
        for number in range(count):
            logger.info(MESSAGE, number, "finance_integration")

    return work


def long_calls(logger: logging.Logger) -> Work:
    def work(count: int) -> None:
        for _ in range(count // 4):
            logger.info(LONG)

    return work


def disabled_calls(logger: logging.Logger) -> Work:
    def work(count: int) -> None:
        for number in range(count * 20):
            logger.debug(MESSAGE, number, "finance_integration")

    return work


def exception_calls(logger: logging.Logger) -> Work:
    def down(depth: int) -> None:
        if depth:
            down(depth - 1)
        else:
            raise ValueError("a finance_integration payload has drifted")

    def work(count: int) -> None:
        for _ in range(count // 10):
            try:
                down(5)
            except ValueError:
                logger.exception("validation failed")

    return work


def threaded(work: Work, threads: int = 8) -> Work:
    def all_of_them(count: int) -> None:
        started = [threading.Thread(target=work, args=(count // threads,)) for _ in range(threads)]
        for thread in started:
            thread.start()
        for thread in started:
            thread.join()

    return all_of_them


def fast(work: Work) -> Work:
    def with_fast_records(count: int) -> None:
        records.use_fast()
        try:
            work(count)
        finally:
            records.use_ordinary()

    return with_fast_records


def in_a_run(work: Work, root: Path) -> Work:
    """The same inside a run and one of its steps."""
    run = irl_logging.Execution(root / "ours").start("incident-approval")

    def within(count: int) -> None:
        token = context.enter(run=run, step="list")
        work(count)
        context.leave(token)

    return within


def calls_with_extra(logger: logging.Logger) -> Work:
    def work(count: int) -> None:
        for number in range(count):
            logger.info("Listed quarantined incidents for review", extra={"step": "list", "count": number})

    return work


def structlog_logger(root: Path) -> Any:
    """A logger of our chain, as `structlog.get_logger()` at the top of a module gives it."""
    import structlog

    structlog.configure(
        **irl_logging.structlog_config(workflow="incident-approval", step="list", root=root / "structlog")
    )
    return structlog.get_logger()


def structlog_calls(logger: Any) -> Work:
    def work(count: int) -> None:
        for number in range(count):
            logger.info("Listed quarantined incidents of the finance integration for review", count=number)

    return work


def structlog_message_calls(logger: Any) -> Work:
    def work(count: int) -> None:
        for number in range(count):
            logger.info(MESSAGE, number, "finance_integration")

    return work


def native_structlog_calls(path: Path) -> Work:
    import structlog

    file = path.open("a")
    logger = structlog.wrap_logger(
        structlog.WriteLogger(file),
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.KeyValueRenderer(["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    ).bind()

    def work(count: int) -> None:
        for number in range(count):
            logger.info("Listed quarantined incidents of the finance integration for review", count=number)

    return work


def loguru_calls(path: Path) -> Work:
    from loguru import logger

    logger.remove()
    logger.add(path, format="[{time:YYYY-MM-DDTHH:mm:ss}Z] [{level}] [incident-approval] [list] {message}")

    def work(count: int) -> None:
        for number in range(count):
            logger.info(
                "Listed {} quarantined incidents of the finance integration in {} for review", number, "finance"
            )

    return work


def concurrent_log_handler_calls(path: Path) -> Work:
    from concurrent_log_handler import ConcurrentRotatingFileHandler

    handler = ConcurrentRotatingFileHandler(str(path), maxBytes=1 << 40)
    formatter = logging.Formatter(FORMAT, "%Y-%m-%dT%H:%M:%SZ")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    return plain_calls(with_handler("clh", handler))


def many_workflows(root: Path, count: int) -> Work:
    """Records of several workflows round-robin through one handler."""
    logger = with_handler(f"many{count}", WorkflowHandler(root=root / f"many{count}"))
    extras = [{"workflow": f"workflow-{number}"} for number in range(count)]

    def work(lines: int) -> None:
        for number in range(lines):
            logger.info(MESSAGE, number, "finance_integration", extra=extras[number % count])

    return work


def cpu(work: Work, count: int) -> float:
    """Seconds of processor time that `work` takes in this process, all threads."""
    began = time.process_time()
    work(count)
    return time.process_time() - began


def compare(subject: Work, base: Work, rounds: int) -> float:
    """The median ratio of paired rounds, after what a process does once; who comes first takes turns."""
    subject(LINES)
    base(LINES)
    ratios = []
    for number in range(rounds):
        if number % 2:
            after = cpu(base, LINES)
            ratios.append(cpu(subject, LINES) / after)
        else:
            before = cpu(subject, LINES)
            ratios.append(before / cpu(base, LINES))
    return statistics.median(ratios)


def alone(*handlers: logging.Logger) -> None:
    """Close the WorkflowHandlers of loggers that are done with: a second one in the process costs a look per record."""
    for logger in handlers:
        for handler in list(logger.handlers):
            logger.removeHandler(handler)
            handler.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--processes", type=int, default=10, help="processes that measure, one after the other")
    parser.add_argument("--rounds", type=int, default=5, help="paired rounds of each row in each process")
    parser.add_argument("--only", default="", help="only rows whose title holds this word")
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.measure:
        directory = tempfile.mkdtemp()
        atexit.register(shutil.rmtree, directory)  # before the first run, so after the end of the last
        rows(Path(directory), chosen.rounds, chosen.only)
        return
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} CPUs, {LINES} lines a round, "
        f"{chosen.processes} processes with {chosen.rounds} rounds"
    )
    measured: dict[str, list[float]] = {}
    goals: dict[str, str] = {}
    command = [sys.executable, __file__, "--measure", "--rounds", str(chosen.rounds), "--only", chosen.only]
    for _ in range(chosen.processes):
        for line in subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.splitlines():
            title, ratio, goal = json.loads(line)
            goals[title] = goal
            measured.setdefault(title, []).extend([] if ratio is None else [ratio])
    print(f"{'ratio of CPU time to FileHandler, same line':<58} {'median':>6}")
    for title, ratios in measured.items():
        if ratios:
            shown = f"{statistics.median(ratios):6.2f}  ({min(ratios):.2f} to {max(ratios):.2f})"
            print(f"{title:<58} {shown:<24} {goals[title]}")
        else:
            print(f"{title:<58} {goals[title]}")


def rows(root: Path, rounds: int, only: str) -> None:
    """Measure each row and print its title, ratio (None for a peer that is not installed) and goal, as JSON."""
    base = standard(root / "standard.log")
    plain = plain_calls(base)

    def row(title: str, make: Callable[[], tuple[Work, Work]], goal: str = "", needs: str = "") -> None:
        if only not in title:
            return
        if needs and importlib.util.find_spec(needs) is None:
            print(json.dumps([title, None, f"not installed: pip install {needs.replace('_', '-')}"]))
            return
        subject, reference = make()
        print(json.dumps([title, compare(subject, reference, rounds), goal]), flush=True)
        for name in ("ours", "many1", "many64"):
            alone(logging.getLogger(name))

    row("WorkflowHandler, redaction on", lambda: (plain_calls(ours(root)), plain), "goal 0.70")
    row("  in a run and a step", lambda: (in_a_run(plain_calls(ours_anywhere(root)), root), plain))
    row("  with a step and a field by extra", lambda: (calls_with_extra(ours(root)), plain))
    row("  with fast_records", lambda: (fast(plain_calls(ours(root))), plain), "goal 0.40")
    row("  JSON twin on", lambda: (plain_calls(ours(root, json=True)), plain))
    row("  8 threads", lambda: (threaded(plain_calls(ours(root))), threaded(plain)), "goal 0.45")
    row("  a record with an exception", lambda: (exception_calls(ours(root)), exception_calls(base)), "goal 0.40")
    row("  a message of 2 KB", lambda: (long_calls(ours(root)), long_calls(base)), "goal 0.85")
    row("  a disabled level", lambda: (disabled_calls(ours(root)), disabled_calls(base)), "goal 1.00")
    row(
        "  64 workflows, against one workflow", lambda: (many_workflows(root, 64), many_workflows(root, 1)), "goal 1.20"
    )
    row(
        "structlog through our chain, a bound logger",
        lambda: (structlog_message_calls(structlog_logger(root).bind()), plain),
        "goal 0.40",
    )
    row("  with a field", lambda: (structlog_calls(structlog_logger(root).bind()), plain), "goal 0.40")
    row("  a module's lazy logger", lambda: (structlog_message_calls(structlog_logger(root)), plain))
    row("  a module's lazy logger, with a field", lambda: (structlog_calls(structlog_logger(root)), plain))
    row(
        "structlog's native chain, a bound logger, with a field",
        lambda: (native_structlog_calls(root / "native.log"), plain),
    )
    row("loguru", lambda: (loguru_calls(root / "loguru.log"), plain), needs="loguru")
    row(
        "concurrent-log-handler",
        lambda: (concurrent_log_handler_calls(root / "clh.log"), plain),
        needs="concurrent_log_handler",
    )


if __name__ == "__main__":
    sys.exit(main())
