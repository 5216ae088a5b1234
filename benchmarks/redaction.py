"""What redaction costs: lines without and with a secret, beside other redactors; time by length; registered values.

    python benchmarks/redaction.py

CPU time. Whatever is compared takes its turn in every round, so that what else the machine does hits all alike; the
figures are medians over the rounds, and the ratios medians of the rounds' ratios. The peers are those of the `bench`
dependency group (`pip install --group bench`); one that is not installed is left out, and said so.
"""

import importlib
import json
import logging
import random
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path

try:
    import resource
except ImportError:  # Windows has none
    resource = None

from irl_logging.redaction import Redactor
from irl_logging.redaction.registry import Registry
from irl_logging.redaction.rule import sample
from irl_logging.redaction.rules import RULES

HEAD = "[2026-02-08T00:47:25Z] [INFO] [incident-approval] [list] "
LINE = HEAD + "Listed 12 quarantined incidents in the queue"
LINES = {
    "ordinary": LINE,
    "git hash": HEAD + "pushed commit " + sample("<hex 40>"),
    "vendor's token": HEAD + "cloning with " + sample("ghp_<alnum 36>") + " now",
    "key=value": HEAD + "client ready api_token=" + sample("<alnum 32>"),
    "password=": HEAD + "login as jane password=" + sample("<alnum 6>!<digit 2>x"),
    "JSON": json.dumps({"user": "jane", "password": sample("<alnum 16>"), "host": "db"}),
    "Authorization": "request failed: Authorization: Bearer " + sample("<alnum 40>"),
    "URL's user": HEAD + "connecting to postgres://app:" + sample("<alnum 16>") + "@db.example.com/app",
    "flag": HEAD + "running deploy --token " + sample("<alnum 32>") + " --region eu-west-1",
    "two secrets": HEAD + sample("ghp_<alnum 36>") + " and password=" + sample("<alnum 16>"),
}
HOSTILE = {
    "names": "token ",
    "prefixes": "ghp_eyJsk-",
    "userinfo": "://a:",
    "passwords in URLs": "://a:b@",
    "escapes": "\\\\",
    "percent": "%25",
    "key blocks": "-----BEGIN " + "PRIVATE KEY-----",
    "assignments": "password=x ",
    "quotes": 'password="',
    "secrets": "password=" + sample("<alnum 12>") + " ",
    "tokens": sample("ghp_<alnum 36>") + " ",
    "random run": sample("<b64 64>"),
    "colours": "\x1b[31mtoken\x1b[0m=",
    "cookies": "Cookie: a=b; ",
    "headers": "Authorization: Bearer ",
    "placeholders": "[REDACTED:jwt] ",
    "line ends": "\n",
    "one word": "a",
}
SIZES = (1_000, 10_000, 100_000, 1_000_000)
ROUNDS = 15


def side_by_side(calls, number, rounds=ROUNDS):
    """Microseconds of each call, a list of one figure a round for each."""
    took = {name: [] for name in calls}
    for call in calls.values():
        call()
    for _ in range(rounds):
        for name, call in calls.items():
            start = time.process_time_ns()
            for _ in range(number):
                call()
            took[name].append((time.process_time_ns() - start) / number / 1000)
    return took


def ratio(took, base):
    """Median of the rounds' ratios."""
    return statistics.median(a / b for a, b in zip(took, base, strict=True))


THIRTY = re.compile(
    "|".join(f"(?:{rule.pattern})" for rule in [r for r in RULES if r.edges and "(?i" not in r.pattern][:30])
)


def others():
    """Each other redactor as a function of a line, with what it is."""
    found = {"30 rules in one `re`": lambda line: THIRTY.sub("[REDACTED]", line)}
    made = {
        "loggingredactor": lambda module: module.RedactingFilter([THIRTY]).redact,
        "python-log-redactor": lambda module: module.redact,
        "maskerlogger": _masker,
        "detect-secrets": _detector,
    }
    modules = {"python-log-redactor": "log_redactor", "detect-secrets": "detect_secrets"}
    for name, make in made.items():
        try:
            module = importlib.import_module(modules.get(name, name))
        except ImportError:
            print(f"{name} is not installed; pip install --group bench")
            continue
        found[name] = make(module)
    return found


def _masker(module):
    formatter = module.MaskerFormatter("%(message)s")
    return lambda line: formatter.format(logging.LogRecord("bench", logging.INFO, "", 0, line, (), None))


def _detector(module):
    scanning = importlib.import_module(f"{module.__name__}.core.scan")
    settings = importlib.import_module(f"{module.__name__}.settings")

    def scan(line):
        with settings.default_settings():
            return list(scanning.scan_line(line))

    return scan


def print_lines(redactor, peers):
    redactors = {"this redactor": redactor.redact, **peers}
    print("\nmicroseconds a line, median" + " " * 5 + "  ".join(f"{name:>20}" for name in redactors))
    for kind, line in LINES.items():
        calls = {name: (lambda change=change, line=line: change(line)) for name, change in redactors.items()}
        fast = {name: call for name, call in calls.items() if name not in ("maskerlogger", "detect-secrets")}
        slow = {name: call for name, call in calls.items() if name not in fast}
        took = side_by_side(fast, 1000) | side_by_side(slow, 20, 5)
        shown = "  ".join(f"{statistics.median(took[name]):20.2f}" for name in redactors)
        print(f"  {kind:30}{shown}")


def print_handlers(redactor, peers):
    """A FileHandler's line without and with each redactor as a filter on it."""
    print("\nlogging.FileHandler, one ordinary line, microseconds, and its ratio to no redaction")
    with tempfile.TemporaryDirectory() as place:
        loggers = {}
        fast = {name: change for name, change in peers.items() if name not in ("maskerlogger", "detect-secrets")}
        for name, change in {"no redaction": None, "this redactor": redactor.redact, **fast}.items():
            handler = logging.FileHandler(Path(place) / name.replace("/", "-"))
            if change is not None:

                def redacting(record, change=change):
                    record.msg = change(record.msg)
                    return True

                handler.addFilter(redacting)
            loggers[name] = logging.Logger("bench", logging.INFO)
            loggers[name].addHandler(handler)
        calls = {name: (lambda logger=logger: logger.info(LINE)) for name, logger in loggers.items()}
        took = side_by_side(calls, 500)
        for name, logger in loggers.items():
            print(f"  {name:30}{statistics.median(took[name]):8.2f}{ratio(took[name], took['no redaction']):8.2f}")
            logger.handlers[0].close()


def print_linearity(redactor):
    print("\nnanoseconds a byte by length, and 1 MB over 1 kB (goal: at most 2)")
    print(" " * 22 + "".join(f"{size // 1000:>7} kB" for size in SIZES) + "     ratio")
    worst = 0.0
    for name, piece in {"ordinary lines": LINE + "\n", **HOSTILE}.items():
        texts = {size: piece * (size // len(piece)) for size in SIZES}
        costs = {}
        for size, text in texts.items():
            calls = {size: lambda text=text: redactor.redact(text)}
            costs[size] = statistics.median(side_by_side(calls, max(1, 50_000 // size), 5)[size]) / len(text) * 1000
        grown = costs[SIZES[-1]] / costs[SIZES[0]]
        worst = max(worst, grown)
        print(f"  {name:20}" + "".join(f"{costs[size]:10.1f}" for size in SIZES) + f"{grown:10.2f}")
    print(f"  the worst of them: {worst:.2f}")


def print_unlike():
    """What lines cost that differ: RE2 makes the states of its automatons as it meets new text."""
    rng = random.Random(1)
    folder = Path(json.__file__).parent.parent
    code = [
        line for path in sorted(folder.glob("*.py")) for line in path.read_text("utf-8").splitlines() if len(line) > 40
    ]
    ids = [
        HEAD + f"took {rng.randrange(5000)} ms for {rng.getrandbits(128):032x} of item {rng.randrange(10**6)}"
        for _ in code
    ]
    secrets = [f"step {i}: token=" + sample("<alnum 40>", rng) for i in range(5000)]
    formats = [example for rule in RULES for example in rule.examples()] * 6
    print("\nlines that differ, microseconds a line: the first 1,000 of a new redactor, the next 4,000, the rest")
    kinds = {
        "lines of source code": code,
        "ids, numbers": ids,
        "a new secret each": secrets,
        "every format in turn": formats,
    }
    for kind, lines in kinds.items():
        redactor = Redactor(known=Registry())
        redactor.redact(LINE)
        rng.shuffle(lines)
        costs = []
        for part in (lines[:1000], lines[1000:5000], lines[5000:50_000]):
            start = time.process_time_ns()
            for line in part:
                redactor.redact(line)
            costs.append((time.process_time_ns() - start) / 1000 / len(part) if part else None)
        print(f"  {kind:30}" + "".join(f"{'-' if cost is None else format(cost, '.1f'):>10}" for cost in costs))
    if resource is not None:
        print(f"  memory of this process by now: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


def print_registered():
    calls = {}
    for count in (10, 10_000):
        known = Registry()
        known.add(*(sample(f"<alnum 24>{i}") for i in range(count)))
        loaded = Redactor(known=known)
        loaded.redact(LINES["vendor's token"])
        calls[count] = lambda loaded=loaded: loaded.redact(LINE)
    took = side_by_side(calls, 5000)
    few, many = took.values()
    print("\nordinary line, 10 and 10,000 registered values, microseconds (goal: at most 1.5 times)")
    print(f"  {statistics.median(few):.2f}  {statistics.median(many):.2f}   ratio {ratio(many, few):.2f}")


def main():
    start = time.process_time()
    redactor = Redactor(known=Registry())
    redactor.redact(LINE)
    print(f"{len(RULES)} rules, compiled at the first line in {(time.process_time() - start) * 1e3:.0f} ms of CPU")
    print_unlike()
    redactor.redact(LINES["vendor's token"])  # until the first secret, what was ordinary once is so by memory
    peers = others()
    print_lines(redactor, peers)
    print_handlers(redactor, peers)
    print_registered()
    print_linearity(redactor)


if __name__ == "__main__":
    sys.exit(main())
