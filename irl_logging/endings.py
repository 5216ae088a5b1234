"""What an end means: the status that an exit code or an exception stands for, and the words of the end line.

Pure: nothing is written here.
"""

from __future__ import annotations

from typing import Final

from irl_logging.lifecycle import Status

_END_LINES: Final[dict[str, tuple[str, str]]] = {
    Status.COMPLETE: ("INFO", "complete"),
    Status.FAILED: ("ERROR", "fail"),
    Status.ERROR: ("ERROR", "error"),
    Status.CANCELLED: ("WARN", "cancel"),
    Status.CRASHED: ("ERROR", "crash"),
}
_CANCELLED: Final = frozenset({"KeyboardInterrupt", "CancelledError", "Cancelled", "GeneratorExit"})
"""Names of what somebody else stops a block with: Ctrl-C, a task's end (asyncio, trio), the end of a generator."""


def end_line(status: str) -> tuple[str, str]:
    """Return level and step of the line that says how a run ended."""
    return _END_LINES.get(status, ("WARN", "end"))


def exit_status(code: object) -> tuple[Status, str | None]:
    """Return the status and the note that an exit code stands for: that of `sys.exit`, or of a command.

    None and 0 are complete; 130 and 143 (128 + SIGINT, SIGTERM) are cancelled; every other number, and a text, is failed.
    """
    if code is None or (isinstance(code, int) and code == 0):
        return Status.COMPLETE, None
    if isinstance(code, int):
        return Status.CANCELLED if code in (130, 143) else Status.FAILED, f"exit code {int(code)}"
    return Status.FAILED, str(code)


def exit_code(code: object) -> int:
    """Return the exit code of a program that calls `sys.exit(code)`: a text gives 1."""
    if code is None:
        return 0
    return int(code) if isinstance(code, int) else 1


def described(error: BaseException) -> str:
    """Return one line that names `error`, for a note."""
    try:
        text = str(error).strip()
    except Exception:
        text = "(its text cannot be shown)"
    return f"{type(error).__name__}: {text.splitlines()[0]}" if text else type(error).__name__


def error_status(error: BaseException) -> tuple[Status, str | None]:
    """Return the status and the note that an exception stands for which ends a run."""
    if isinstance(error, SystemExit):
        return exit_status(error.code)
    if any(kind.__name__ in _CANCELLED for kind in type(error).__mro__):
        return Status.CANCELLED, type(error).__name__
    return Status.ERROR, described(error)


def summary_text(message: object) -> str:
    """The specification logs `Summary: 8 approved` and shows `8 approved` in the table."""
    message = str(message)
    head, colon, rest = message.partition(":")
    return rest.strip() if colon and head.strip().lower() == "summary" and rest.strip() else message.strip()
