"""The errors that `irl_logging` raises to its callers.

    IrlLoggingError
    ├── ConfigurationError   (ValueError)    a setting, pattern, level or config file is wrong
    │   └── RuleError                        a redaction rule is wrong
    ├── RunEndedError        (RuntimeError)  something was asked of a run that has ended
    ├── RunAliveError        (RuntimeError)  a run was to be ended by hand whose process lives
    ├── UnknownRunError      (LookupError)   no run has this id
    ├── JournalError         (OSError)       a lifecycle event could not be made durable
    ├── DocumentError        (ValueError)    a state or results file is not valid JSON, or would be none
    ├── BusyError            (TimeoutError)  others held a file for longer than one wanted to wait
    ├── ManifestDeferred     (RuntimeError)  the README cannot be edited safely now; nothing is lost
    ├── ArchiveError         (OSError)       a packed log or a backup is damaged, or is not what it says
    └── MissingExtraError    (ImportError)   an optional dependency is not installed

Writing a log line raises none of these into the host program: handlers and processors count failures and report them once
on stderr. They are for calls whose caller must know whether something happened.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

_redact: Callable[[str], str] = str


def redact_with(redact: Callable[[str], str]) -> None:
    """Redact the text of every error with `redact` from now on; the redaction package calls this when it is loaded.

    A message quotes what was found, and what was found may be a secret in the wrong place.
    """
    global _redact  # noqa: PLW0603 - this module is below the redactor and must not import it
    _redact = redact


class IrlLoggingError(Exception):
    """Base class of every error that this package raises on purpose; its texts are redacted."""

    def __init__(self, *args: object) -> None:
        super().__init__(*(_redact(arg) if isinstance(arg, str) else arg for arg in args))


class ConfigurationError(IrlLoggingError, ValueError):
    """A setting, a file name pattern, a level or a config file is wrong; the message says what was expected."""


class RuleError(ConfigurationError):
    """A redaction rule is wrong: its pattern does not compile in linear time, or its id is taken or unknown."""


class RunEndedError(IrlLoggingError, RuntimeError):
    """The call needs an open run, and this one has ended."""


class RunAliveError(IrlLoggingError, RuntimeError):
    """The run cannot be ended by hand, because its own process is alive and will end it."""


class UnknownRunError(IrlLoggingError, LookupError):
    """No run with this id is in the journal of this execution directory."""


class JournalError(IrlLoggingError, OSError):
    """A lifecycle event could not be written and synced: it is not acknowledged."""


class DocumentError(IrlLoggingError, ValueError):
    """A state or results file is not a JSON object, does not fit its schema, or what is to be written into it cannot be.

    Attributes:
        path: The file; None when nothing of it stands on the disk.
        line: Where the mistake is, from 1; None when it has no place.
        column: The character in that line, from 1; None when it has no place.
    """

    def __init__(
        self, message: str, path: Path | None = None, line: int | None = None, column: int | None = None
    ) -> None:
        super().__init__(message)
        self.path = path
        self.line = line
        self.column = column


class BusyError(IrlLoggingError, TimeoutError):
    """Other processes held a file for longer than the time limit; nothing was changed."""


class ManifestDeferred(IrlLoggingError, RuntimeError):  # noqa: N818 - it is put off, not failed
    """The README cannot be edited safely now; the journal has the events and the next projection tries again.

    Attributes:
        reason: One sentence for people: what stands in the way and where.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = str(self)


class ArchiveError(IrlLoggingError, OSError):
    """A packed log or a backup is damaged, unpacks to too much, or holds what does not belong there."""


class MissingExtraError(IrlLoggingError, ImportError):
    """An optional dependency is not installed; the message has the line that installs it."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(f"{feature} needs an optional dependency: pip install 'irl_logging[{extra}]'")
