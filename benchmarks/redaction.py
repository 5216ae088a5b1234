"""What redaction costs: an ordinary line, a line with a secret, a megabyte, ten thousand registered values, others.

    python benchmarks/redaction.py

CPU time, best of several rounds. The peers are optional: `pip install loggingredactor`.
"""

import logging
import re
import sys
import tempfile
import time
from pathlib import Path

from irl_logging.redaction import Redactor
from irl_logging.redaction.registry import Registry
from irl_logging.redaction.rule import sample
from irl_logging.redaction.rules import RULES

LINE = "[2026-02-08T00:47:25Z] [INFO] [incident-approval] [list] Listed 12 quarantined incidents in the queue"
SECRET = LINE[:60] + " with " + sample("ghp_<alnum 36>")
KEYED = LINE[:60] + " api_token=" + sample("<alnum 32>")
HOSTILE = {
    "names": "token ",
    "prefixes": "ghp_eyJsk-",
    "userinfo": "://a:",
    "escapes": "\\\\",
    "percent": "%25",
    "key blocks": "-----BEGIN " + "PRIVATE KEY-----",
    "assignments": "password=x ",
    "one word": "a",
}


def microseconds(call, number, rounds=7):
    call()
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        for _ in range(number):
            call()
        best = min(best, time.process_time() - start)
    return best / number * 1e6


def thirty_in_one(line):
    """Redact as a filter of thirty rules in one `re` does."""
    return THIRTY.sub("[REDACTED]", line)


THIRTY = re.compile(
    "|".join(f"(?:{rule.pattern})" for rule in [r for r in RULES if r.edges and "(?i" not in r.pattern][:30])
)


def handler_cost(line, change=None, filtering=None):
    """Microseconds that a FileHandler takes for a line, with or without a filter."""
    with tempfile.TemporaryDirectory() as place:
        logger = logging.Logger("bench", logging.INFO)
        handler = logging.FileHandler(Path(place) / "out.log")
        if change is not None:

            def redacting(record):
                record.msg = change(record.msg)
                return True

            handler.addFilter(redacting)
        if filtering is not None:
            handler.addFilter(filtering)
        logger.addHandler(handler)
        cost = microseconds(lambda: logger.info(line), 2000)
        handler.close()
    return cost


def linearity(redactor):
    print("\ntime per byte, 1 MB over 1 kB (goal: at most 2)")
    for name, piece in {"ordinary lines": LINE + "\n", **HOSTILE}.items():
        small, large = (piece * (size // len(piece)) for size in (1_000, 1_000_000))
        first = microseconds(lambda text=small: redactor.redact(text), 50, 3) / len(small)
        last = microseconds(lambda text=large: redactor.redact(text), 1, 2) / len(large)
        print(f"  {name:16} {last / first:5.2f}   ({last * 1000:.1f} ns a byte)")


def main():
    start = time.process_time()
    redactor = Redactor(known=Registry())
    redactor.redact(LINE)
    print(f"{len(RULES)} rules, compiled at the first line in {(time.process_time() - start) * 1e3:.0f} ms")
    data = LINE.encode()
    print(f"gate, ordinary line       {microseconds(lambda: redactor.is_clean(data), 20000):7.2f} us")
    print(f"redact, ordinary line     {microseconds(lambda: redactor.redact(LINE), 20000):7.2f} us")
    print(f"redact, token in it       {microseconds(lambda: redactor.redact(SECRET), 3000):7.2f} us")
    print(f"redact, key and value     {microseconds(lambda: redactor.redact(KEYED), 3000):7.2f} us")
    for count in (10, 10_000):
        known = Registry()
        known.add(*(sample(f"<alnum 24>{i}") for i in range(count)))
        loaded = Redactor(known=known)
        loaded.redact(LINE)
        print(f"gate, {count:6} values       {microseconds(lambda r=loaded: r.is_clean(data), 20000):7.2f} us")
    print("\nFileHandler, one ordinary line")
    plain = handler_cost(LINE)
    print(f"  no redaction            {plain:7.2f} us   1.00")
    for name, change in (("this redactor", redactor.redact), ("30 rules in one re", thirty_in_one)):
        cost = handler_cost(LINE, change)
        print(f"  {name:22}  {cost:7.2f} us   {cost / plain:.2f}")
    try:
        import loggingredactor
    except ImportError:
        print("  loggingredactor: not installed; pip install loggingredactor")
    else:
        cost = handler_cost(LINE, filtering=loggingredactor.RedactingFilter([THIRTY]).filter)
        print(f"  loggingredactor, 30     {cost:7.2f} us   {cost / plain:.2f}")
    linearity(redactor)


if __name__ == "__main__":
    sys.exit(main())
