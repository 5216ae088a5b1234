"""The small IRL repository that the demo runs on: incidents with secrets in them, a registry, a directive, scripts.

Secrets are made up when the repository is laid out, so that no file of the package holds anything that looks like one.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
import string
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any, Final

from irl_logging.cli.demo import documents
from irl_logging.errors import ConfigurationError
from irl_logging.manifest.template import template
from irl_logging.storage.documents import encode_document
from irl_logging.storage.files import create_file
from irl_logging.storage.layout import Layout

MARKER: Final = ".irl-demo"
_MARKER_TEXT: Final = "Laid out by `irl demo`; running it again lays out quarantine/ anew and keeps execution/.\n"
_SCRIPTS: Final = ("approve_incidents.py", "register_baselines.py")
_ALPHANUMERIC: Final = string.ascii_letters + string.digits

# What drifted -> integration -> incidents.
_RENAMED: Final = {
    "finance_integration": (
        "2026-01-01T17-28-20-262Z_228986",
        "2026-01-02T08-03-41-507Z_114027",
        "2026-01-02T08-03-41-911Z_114028",
        "2026-01-05T22-59-59-999Z_903311",
    ),
    "user_integration": (
        "2026-01-01T09-15-02-118Z_550120",
        "2026-01-03T13-44-10-640Z_550731",
        "2026-01-03T13-44-12-005Z_550732",
        "2026-01-06T06-30-00-001Z_551904",
    ),
}
_RETYPED: Final = {
    "finance_integration": ("2026-01-04T11-20-33-870Z_671250",),
    "user_integration": ("2026-01-04T19-07-56-342Z_551200",),
}
_LOST: Final = {
    "finance_integration": ("2026-01-07T03-12-48-075Z_904002",),
    "user_integration": ("2026-01-07T15-51-27-633Z_552318",),
}
_RENAME: Final = [
    {"path": "customer_mail", "changeType": "FIELD_REMOVED", "note": "in the baseline, not in the payload"},
    {"path": "customer_email", "changeType": "FIELD_ADDED", "note": "in the payload, not in the baseline"},
]
_MISMATCH: Final = [{"path": "amount", "changeType": "TYPE_MISMATCH", "note": "number in the baseline, string here"}]
_LOSS: Final = [{"path": "customer_mail", "changeType": "FIELD_REMOVED", "note": "nothing took its place"}]


class Repository:
    """The demo's repository at `root`.

    Attributes:
        root: Its directory.
        planted: The made-up secrets that are in it, and in `environ`.
        environ: Environment variables with secrets that its scripts use.
        incidents: How many wait for a decision.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.planted: list[str] = []
        self.environ: dict[str, str] = {}
        self.incidents = 0

    def lay_out(self) -> None:
        """Write everything, over an earlier demo if there is one; `execution/` keeps what it has.

        Raises:
            ConfigurationError: when the directory has something in it that is not an earlier demo.
            OSError: when it cannot be written.
        """
        if self.root.exists() and (not self.root.is_dir() or any(self.root.iterdir())):
            if not (self.root / MARKER).is_file():
                raise ConfigurationError(
                    f"{self.root} has files that are not an earlier demo's: name a directory that is empty or new, "
                    "e.g. irl demo /tmp/irl-demo"
                )
            shutil.rmtree(self.root / "quarantine", ignore_errors=True)
        self._write(MARKER, _MARKER_TEXT)
        for drifted, drift in ((_RENAMED, _RENAME), (_RETYPED, _MISMATCH), (_LOST, _LOSS)):
            for integration, incidents in drifted.items():
                for incident in incidents:
                    self._incident(f"quarantine/{integration}/{incident}", drift)
        for integration in _RENAMED:
            self._registered(f"registry/{integration}")
        self._write("directives/incident-handling.md", documents.INCIDENT_HANDLING)
        self._write("scripts/health_check.sh", documents.HEALTH_CHECK)
        self._write("scripts/deploy.sh", documents.DEPLOY)
        for name in _SCRIPTS:
            script = resources.files("irl_logging.cli.demo.scripts").joinpath(name)
            self._write(f"scripts/{name}", script.read_text("utf-8"))
        self.environ = {"SLACK_WEBHOOK_URL": self._planted(_webhook), "DATABASE_URL": self._planted(_database)}
        layout = Layout(self.root / "execution")
        layout.create()
        create_file(layout.readme, template())

    def leaks(self) -> list[Path]:
        """Return the files under `execution/` that hold one of the planted secrets."""
        files = [path for path in sorted((self.root / "execution").rglob("*")) if path.is_file()]
        return [path for path in files if any(secret.encode() in path.read_bytes() for secret in self.planted)]

    def _incident(self, folder: str, drift: list[dict[str, str]]) -> None:
        kinds: list[tuple[str, Callable[[], tuple[str, str]]]] = [
            ("api_key", _model_key),
            ("callback", _webhook),
            ("source", _database),
            ("authorization", _bearer),
            ("stripe", _payment_key),
            ("password", _password),
        ]
        field, make = kinds[self.incidents % len(kinds)]
        self.incidents += 1
        payload: dict[str, Any] = {"event_id": f"evt-{self.incidents:04d}", "amount": 100 * self.incidents}
        if drift is _MISMATCH:
            payload["amount"] = f"{payload['amount']}.00 EUR"
        if drift is not _LOSS:
            payload["customer_email" if drift is _RENAME else "customer_mail"] = "ada@example.com"
        self._json(f"{folder}/payload.json", {**payload, field: self._planted(make)})
        self._json(f"{folder}/drift_report.json", drift)
        move = {"op": "move", "from": "/customer_email", "path": "/customer_mail"}
        self._json(f"{folder}/proposed_patch.json", [move] if drift is _RENAME else [])

    def _registered(self, folder: str) -> None:
        baseline = {"event_id": "string", "amount": "number", "customer_mail": "string"}
        digest = hashlib.sha256(json.dumps(baseline, sort_keys=True).encode()).hexdigest()
        self._json(f"{folder}/baseline.json", {"version": 1, "registered": "2025-12-20T09:00:00Z", "fields": baseline})
        self._json(f"{folder}/fingerprint.json", {"algorithm": "sha256", "fingerprint": digest})
        self._json(f"{folder}/invariants.json", {"amount": "amount >= 0"})

    def _planted(self, make: Callable[[], tuple[str, str]]) -> str:
        text, secret = make()
        self.planted.append(secret)
        return text

    def _json(self, name: str, content: Any) -> None:
        self._write(name, encode_document(content).decode())

    def _write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _random(length: int, alphabet: str = _ALPHANUMERIC) -> str:
    return "".join(secrets.choice(alphabet) for _ in range(length))


# Each returns a text as payloads have it, and the part of it that must never be seen.


def _model_key() -> tuple[str, str]:
    secret = _random(93)
    return "sk-" + f"ant-api03-{secret}AA", secret


def _payment_key() -> tuple[str, str]:
    secret = _random(24)
    return "sk_" + f"test_{secret}", secret


def _webhook() -> tuple[str, str]:
    secret = _random(24)
    upper = string.ascii_uppercase + string.digits
    return f"https://hooks.slack.com/services/T{_random(8, upper)}/B{_random(10, upper)}/{secret}", secret


def _database() -> tuple[str, str]:
    secret = _random(20)
    return f"postgres://irl:{secret}@db.example.com:5432/finance", secret


def _bearer() -> tuple[str, str]:
    secret = _random(40)
    return f"Bearer {secret}", secret


def _password() -> tuple[str, str]:
    secret = _random(20)
    return secret, secret
