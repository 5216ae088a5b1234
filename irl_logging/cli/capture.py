"""What a command writes, on its way: shown at once on the stream it was meant for, logged line by line, redacted both times.

Text is redacted when its line is complete. A line that is not, such as a prompt or a progress bar, is shown after a tenth
of a second all the same, but for a last word that may be the beginning of a secret. What the command wrote passes byte
for byte, whether it is valid UTF-8 or not.
"""

from __future__ import annotations

import codecs
import os
import re
import selectors
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from irl_logging.redaction import Redactor, counting
from irl_logging.redaction.stream import StreamRedactor

REVEAL_SECONDS: Final = 0.1
"""How long the beginning of a line is kept back."""

GRACE_SECONDS: Final = 0.5
"""How long output is waited for when the command has ended and a child of its own still holds the stream."""

PIECE: Final = 60_000
"""Characters of a line at most; a longer one is logged in pieces."""

_CHUNK: Final = 65_536
_LEFT_OVER: Final = 1 << 20  # bytes; no pipe holds more, so what comes after it was written after the end
_KEY_BLOCK: Final = "-----BEGIN"
# Colours and "erase this line", which programs that believe in a terminal put into their output.
_DRESSING: Final = re.compile(r"\x1b\[[0-9;:]*[mK]")
# The last word of an unfinished line, if it may go on as a secret: long, ends in a character that tokens have.
_UNFINISHED: Final = re.compile(r"\S{7,}[A-Za-z0-9_/+=-]\Z")
_PLAIN_WORD: Final = re.compile(r"[^A-Za-z0-9]*[A-Z]?[a-z]+")


class Stream:
    """One output stream of a command.

    Args:
        source: Descriptor that the command's output is read from; closed when it has ended.
        target: Descriptor that it is shown on.
        redactor: The redactor whose rules apply.
        log: Is called with each line, redacted, without its line feed.
        tally: Counts by rule what is redacted; None counts only where the redactor does.
    """

    def __init__(
        self,
        source: int,
        target: int,
        redactor: Redactor,
        log: Callable[[str], None],
        tally: Counter[str] | None = None,
    ) -> None:
        self.source = source
        self.due: float | None = None
        """When what is held back is shown (monotonic seconds); None when nothing is."""
        self.broken = False
        """True when nobody reads any more what is shown."""
        self._target = target
        self._redactor = redactor
        self._log = log
        self._tally = Counter() if tally is None else tally
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._pending = StreamRedactor(redactor)
        self._early = ""
        self._line = ""
        self._cut = False
        self._showing = True

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        with counting(self._tally):
            text = self._pending.feed(self._decoder.decode(data))
        self._give(text)
        if not self._pending.held:
            self.due = None
        elif self.due is None:
            self.due = time.monotonic() + REVEAL_SECONDS

    def reveal(self) -> None:
        """Show the beginning of a line that is not complete."""
        self.due = None
        self._advance(self._redactor.redact(self._harmless_part(self._pending.held)))

    def _harmless_part(self, held: str) -> str:
        """Return the part of an unfinished text that can be shown: no open key block, no word that may become a secret."""
        at = held.find(_KEY_BLOCK)
        if at >= 0:
            held = held[: held.rfind("\n", 0, at) + 1]
        held = held[: self._redactor.begun(held)]
        found = _UNFINISHED.search(held[-_CHUNK:])
        if found is None or _PLAIN_WORD.fullmatch(found[0]):
            return held
        return held[: len(held) - len(found[0])]

    def finish(self) -> None:
        """Show and log the rest: the stream has ended."""
        self.due = None
        with counting(self._tally):
            text = self._pending.feed(self._decoder.decode(b"", final=True)) + self._pending.flush()
        self._give(text)
        self._log_line(self._line)
        self._line = ""
        os.close(self.source)

    def _give(self, text: str) -> None:
        """Show and log redacted text that is certain."""
        if not text:
            return
        self._collect(text)
        early = self._early
        self._advance(text)
        # What was shown early of later lines stays shown.
        self._early = early[len(text) :] if early.startswith(text) else ""

    def _advance(self, text: str) -> None:
        """Show `text`, but for what of it was shown early; a placeholder may have come in the place of its end."""
        common = len(self._early) if text.startswith(self._early) else _common(self._early, text)
        if common < len(text):
            self._show(text[common:])
            self._early = text

    def _show(self, text: str) -> None:
        if not self._showing:
            return
        rest = memoryview(text.encode("utf-8", "surrogateescape"))
        while rest:
            try:
                rest = rest[os.write(self._target, rest) :]
            except BlockingIOError:
                _wait_writable(self._target)
            except OSError as error:
                # A stdout that is closed or whose disk is full: the log goes on.
                self._showing = False
                self.broken = isinstance(error, BrokenPipeError)
                return

    def _collect(self, text: str) -> None:
        *lines, rest = text.split("\n")
        for line in lines:
            self._log_line(self._line + line)
            self._line = ""
        self._line += rest
        if "\r" in self._line:
            self._line = self._line[self._line.rfind("\r", 0, -1) + 1 :]
        if len(self._line) > PIECE:
            self._log_line(self._line)
            self._line, self._cut = "", True

    def _log_line(self, line: str) -> None:
        text = (
            _DRESSING.sub("", _final_text(line)).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
        )
        for at in range(0, len(text), PIECE):
            self._log(f"...{text[at : at + PIECE]}" if at or self._cut else text[:PIECE])
        self._cut = False


def relay(streams: Sequence[Stream], ended: int) -> list[Stream]:
    """Pass on what comes in the streams until all have ended.

    A stream that nobody reads on the other side any more is closed, so that the command notices as it would without us.

    Args:
        streams: The command's streams.
        ended: A descriptor that reads as ended when the command has.

    Returns:
        The streams that others hold open beyond the command's end; they are closed, too.
    """
    opened = list(streams)
    with selectors.DefaultSelector() as selector:
        selector.register(ended, selectors.EVENT_READ)
        for stream in streams:
            selector.register(stream.source, selectors.EVENT_READ, stream)
        give_up: float | None = None
        left_over = 0
        while opened:
            ready = selector.select(_patience(opened, give_up))
            for key, _ in ready:
                if key.data is None:
                    selector.unregister(ended)
                    give_up = time.monotonic() + GRACE_SECONDS
                    continue
                data = os.read(key.fd, _CHUNK)
                left_over += len(data) if give_up is not None else 0
                key.data.feed(data)
                if not data or key.data.broken:
                    selector.unregister(key.fd)
                    key.data.finish()
                    opened.remove(key.data)
            late = give_up is not None and time.monotonic() >= give_up
            if late and (not ready or left_over > _LEFT_OVER):
                break
    for stream in opened:
        stream.finish()
    return opened


def _patience(opened: Sequence[Stream], give_up: float | None) -> float | None:
    """Show what is due and return how many seconds may be waited for more; None for as long as it takes."""
    now = time.monotonic()
    for stream in opened:
        if stream.due is not None and stream.due <= now:
            stream.reveal()
    times = [at for at in (*(stream.due for stream in opened), give_up) if at is not None]
    return max(0.0, min(times) - now) if times else None


def _common(one: str, other: str) -> int:
    """Return how many characters two texts have in common at their beginning."""
    for at, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return at
    return min(len(one), len(other))


def _final_text(line: str) -> str:
    """Return what a terminal would show of a line that rewrites itself: the text after the last carriage return.

    Empty for a line on which nothing can be seen.
    """
    for part in reversed(line.split("\r")):
        if _DRESSING.sub("", part).strip():
            return part
    return ""


def _wait_writable(target: int) -> None:
    with selectors.DefaultSelector() as selector:
        selector.register(target, selectors.EVENT_WRITE)
        selector.select()
