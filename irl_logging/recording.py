"""What happens to a lifecycle event: redacted, journalled (now it is acknowledged), shown in the manifest, passed on.

Each link has structlog's contract, `(logger, method_name, event_dict) -> event_dict`. What comes after the journal never
raises: the event has happened, and what could not be done with it is put off or reported on stderr.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, MutableMapping, Sequence
from contextlib import suppress
from typing import Any, Final

from irl_logging.errors import IrlLoggingError, ManifestDeferred
from irl_logging.lifecycle import Event, RunState, Status
from irl_logging.line import render_time
from irl_logging.manifest.store import ManifestStore
from irl_logging.notices import notice
from irl_logging.reaping import changed_verdicts, dead_runs
from irl_logging.redaction import Redactor
from irl_logging.storage.compaction import compact
from irl_logging.storage.journal import Journal
from irl_logging.storage.layout import Layout

Processor = Callable[[Any, str, MutableMapping[str, Any]], Mapping[str, Any]]
"""One link of the chain that lifecycle events go through; structlog's contract."""

_SHOWN_AT_ONCE: Final = 200
"""Runs that one event names as shown: so many ids fit into a record."""


class Recorder:
    """Records the lifecycle events of one execution directory.

    Args:
        layout: The execution directory's paths.
        redactor: Redacts every event first.
        durable: Sync each event to the disk before it is acknowledged, and the README when it is published.
        completed_rows: Rows that the README's Completed table keeps; None keeps all.
        crashed: Called with each run that was found dead, and the note of its end.
    """

    def __init__(
        self,
        layout: Layout,
        redactor: Redactor,
        *,
        durable: bool,
        completed_rows: int | None,
        crashed: Callable[[RunState, str], None],
    ) -> None:
        self.journal = Journal(layout.journal, layout.checkpoint, durable=durable)
        self._layout = layout
        self._redactor = redactor
        self._crashed = crashed
        self._compacted = False
        self._looked = False
        self._manifest = ManifestStore(
            layout.root,
            runs=self._known,
            mark_shown=self._mark_shown,
            all_runs=self._all_known,
            position=self.journal.position,
            completed_rows=completed_rows,
            durable=durable,
        )

    def record(self, event: MutableMapping[str, Any], after: Iterable[Processor] = ()) -> Mapping[str, Any]:
        """Pass `event` through all of that and return it as the last processor left it.

        Args:
            event: Its own fields: `event`, `run`, `workflow` and so on.
            after: Processors that get it when it is recorded and shown.

        Raises:
            JournalError: when it could not be made durable; it has not happened then.
        """
        current: Any = self.journal.append(self._redactor.redact_fields(event, document=True))
        self.update_manifest()
        if event.get("event") == Event.ENDED and not self._compacted:
            self._compacted = True
            self._compact()
        for link in after:
            try:
                current = link(None, "info", current)
            except Exception as error:
                notice(f"after {link!r}", f"a processor for lifecycle events failed: {type(error).__name__}: {error}")
                break
        return current  # type: ignore[no-any-return]  # a processor may return anything

    def runs(self) -> dict[str, RunState]:
        """Return all runs that the journal knows, by id.

        Raises:
            OSError: when the journal cannot be read.
        """
        return self.journal.runs()

    def reap(self) -> list[str]:
        """End runs whose process is gone as `⚠️ Crashed`, and return their ids."""
        crashed, changed = self._look()
        if changed:
            self.update_manifest()
        return crashed

    def _look(self) -> tuple[list[str], bool]:
        """Record what has become of runs; return the ids of crashed ones, and whether anything was recorded."""
        crashed, changed = [], False
        try:
            for state in dead_runs(self._layout, self.journal):
                note = f"last sign of life {self._last_sign(state)}"
                note += f" in step {state.last_step}" if state.last_step else ""
                self.journal.append({**_of(state, Event.ENDED), "status": str(Status.CRASHED), "note": note})
                self._crashed(state, note)
                crashed.append(state.id)
            for state, event in changed_verdicts(self._layout, self.journal):
                self.journal.append(_of(state, event))
                changed = True
        except (OSError, IrlLoggingError) as error:
            root = self._layout.root
            notice(f"reap {root}", f"crashed runs could not be looked for in {root}: {error}")
        return crashed, changed or bool(crashed)

    def _last_sign(self, state: RunState) -> str:
        """Return the last sign of life of a dead run: a lifecycle event, or a line in its log if that is not shared."""
        event = f"{state.last_time[:19]}Z"
        if sum(run.log == state.log for run in self.journal.runs().values()) > 1:
            return event
        with suppress(OSError):
            return max(event, render_time((self._layout.root / state.log).stat().st_mtime))
        return event

    def update_manifest(self) -> None:
        """Project what the journal has and the manifest has not; what cannot be done now is put off with one notice."""
        self._looked = False
        try:
            self._manifest.update()
            reason = self._manifest.deferred
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
        self._say(reason)

    def wait_for_manifest(self, limit: float) -> None:
        """Do what `sync` does; if that takes longer than `limit` seconds, it is put off with one notice."""
        try:
            self._manifest.sync(limit)
        except ManifestDeferred as error:
            self._say(error.reason)

    def _say(self, reason: str | None) -> None:
        """Report why the manifest could not be updated, and which texts were put aside for people."""
        if reason:
            later = "nothing is lost: the next event, or `irl sync`, tries again"
            notice(f"manifest {self._layout.root}", f"README.md is not up to date: {reason}; {later}")
        while self._manifest.notices:
            text = self._manifest.notices.pop(0)
            notice(f"aside {text}", text, every=None)

    def sync(self, limit: float, *, everything: bool = False) -> None:
        """Bring README and `workflows.json` up to date, waiting `limit` seconds at most for whoever is at it.

        Args:
            limit: Seconds.
            everything: Put back the rows of all runs that the journal knows, not only of those that ended lately.

        Raises:
            ManifestDeferred: when it cannot be done now.
        """
        self._looked = False
        self._manifest.sync(limit, reassert=everything)

    def _compact(self) -> None:
        """Move what is old out of the journal; at the end of a process's first run, when nobody waits for one to start."""
        try:
            compact(self._layout, self._unsettled)
        except OSError as error:
            notice(f"compact {self._layout.root}", f"old parts of the journal could not be archived: {error}")

    def _unsettled(self) -> list[str]:
        return [run.id for run in self.journal.runs().values() if run.open or not run.shown]

    def _known(self) -> Collection[RunState]:
        """Return the runs for the manifest, after looking who lives: whoever shows the runs of all looks for all, once."""
        if not self._looked:
            self._looked = True
            self._look()
        runs = self.journal.runs()
        with suppress(OSError):  # it only saves time
            self.journal.save()
        return runs.values()

    def edit_manifest(self, change: Callable[[bytes], bytes], limit: float, *, archives: bool) -> int:
        """Change the README; see `manifest.store.ManifestStore.edit`."""
        return self._manifest.edit(change, limit, archives=archives)

    def _all_known(self) -> Collection[RunState]:
        self._look()
        return self.journal.all_runs().values()

    def _mark_shown(self, run_ids: Sequence[str]) -> None:
        for at in range(0, len(run_ids), _SHOWN_AT_ONCE):
            self.journal.append({"event": str(Event.SHOWN), "runs": list(run_ids[at : at + _SHOWN_AT_ONCE])})


def _of(state: RunState, event: Event) -> dict[str, Any]:
    return {"event": str(event), "run": state.id, "workflow": state.workflow}
