"""The manifest of an execution directory: bring `README.md` and `active/workflows.json` in line with the journal.

Whoever gets the manifest lock without waiting does it for everyone, then looks again; nobody waits to start or end a
run. What cannot be done safely is put off: the journal has it. What the README should say is decided by `projection`,
how a file that people edit too is replaced by `document`.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeVar

from irl_logging.errors import ManifestDeferred
from irl_logging.lifecycle import RunState
from irl_logging.manifest import archive
from irl_logging.manifest.document import Busy, SharedDocument
from irl_logging.manifest.listing import SCHEMA_VERSION, listed, standing
from irl_logging.manifest.projection import COMPLETED_ROWS, Projection, project
from irl_logging.storage import files, locks
from irl_logging.storage.worktrees import git_directory

PUT_BACK: Final = dt.timedelta(minutes=15)
"""How long rows that somebody took away are put back; later it is taken as meant."""

_TRIES: Final = 20
_LOOKS: Final = 5
_PAUSE: Final = 0.02
_LONGEST_PAUSE_MS: Final = 10
_GIT_AT_WORK: Final = 10.0
_HAND_OVER_AFTER: Final = 0.25
_HAND_OVER_PAUSE: Final = 0.002
_WAITING: Final = 500  # runs


_T = TypeVar("_T")

_Settled = tuple[list[tuple[str, str]], tuple[int, ...]]
"""Ids and statuses that the journal has and no manifest has marked as shown, and the stamp of the README then."""


class ManifestStore:
    """Keeps the manifest of one execution directory.

    Args:
        root: The execution directory; `README.md` stands in it.
        runs: Returns the runs that are open, not shown, or ended lately, as the journal has them now; called with the lock
            held.
        mark_shown: Records in the journal that the manifest shows these runs' ends; called after publishing.
        all_runs: Returns also the runs that `runs` has forgotten, as they were shown long ago; None when it forgets none.
        position: Returns a value that is another one when the journal has grown; None when there is no such thing, and
            then what another process journals while this one publishes is shown with the next event.
        completed_rows: Dated rows that stay in Completed; 0 archives all, None none.
        durable: Sync the README's name when it is published, too; its text always is.

    Attributes:
        deferred: Why the last `update` could not be done, one sentence; None when it was done.
        notices: Sentences for people about texts of others that were put aside; emptied by the caller.
    """

    def __init__(
        self,
        root: Path,
        *,
        runs: Callable[[], Collection[RunState]],
        mark_shown: Callable[[Sequence[str]], None],
        all_runs: Callable[[], Collection[RunState]] | None = None,
        position: Callable[[], object] | None = None,
        completed_rows: int | None = COMPLETED_ROWS,
        durable: bool = True,
    ) -> None:
        self.deferred: str | None = None
        self._root = root
        self._active = root / "active"
        self._lock = self._active / ".manifest.lock"
        self._memory = self._active / ".projection.json"
        self._runs = runs
        self._all_runs = all_runs or runs
        self._mark_shown = mark_shown
        self._position = position or (lambda: None)
        self._completed_rows = completed_rows
        self._durable = durable
        self._readme = SharedDocument(root / "README.md", self._active, durable=durable)
        self.notices = self._readme.notices

    def update(self) -> bool:
        """Show what is pending, unless another process is at it: that one shows it.

        Returns:
            False when it had to be put off; `deferred` says why.
        """
        return self._until_settled(None)

    def _until_settled(self, settled: _Settled | None) -> bool:
        """Show what is pending until nothing is: who comes while we have the lock goes on and counts on us."""
        began = time.monotonic()
        try:
            while True:
                lock = locks.try_lock(self._lock)
                if lock is None:
                    return True
                with lock:
                    seen = self._position()
                    # What stood in the way the last time is not worth waiting for again.
                    patience = 0.0 if self.deferred else _LOOKS * _PAUSE
                    settled = self._project(time.monotonic() + patience, settled)
                if self._position() == seen:
                    self.deferred = None
                    return True
                if time.monotonic() - began > _HAND_OVER_AFTER:
                    # Under lasting load whoever comes next takes over: this caller wants to go on with its own work.
                    time.sleep(_HAND_OVER_PAUSE)
        except ManifestDeferred as error:
            self.deferred = error.reason
        except OSError as error:
            self.deferred = f"{self._name} cannot be published: {error}"
        return False

    def sync(self, limit: float = 10.0, *, reassert: bool = False) -> None:
        """Show everything that is pending, waiting for others.

        Args:
            limit: Seconds to wait at most; 0 means not at all.
            reassert: Put back the rows of all runs that the journal knows, not only recent ones.

        Raises:
            ManifestDeferred: when it cannot be done within the limit; the message says why.
        """
        deadline = time.monotonic() + limit
        try:
            with self._wait(limit):
                settled = self._project(deadline, reassert=reassert)
        except ManifestDeferred as error:
            self.deferred = error.reason
            raise
        except OSError as error:
            self.deferred = f"{self._name} cannot be published: {error}"
            raise ManifestDeferred(self.deferred) from error
        self.deferred = None
        self._until_settled(settled)

    def edit(self, change: Callable[[bytes], bytes], limit: float = 10.0, *, archives: bool = False) -> int:
        """Change the README by the rules that runs are shown by: nobody's edit is lost, nothing is half written.

        Args:
            change: Gives the new document for the one that stands there; it may be called several times, for other documents
                each time, and is to return what it was given where nothing is to be done.
            limit: Seconds to wait for others at most; 0 does not wait.
            archives: Change the months' archives of Completed rows as well.

        Returns:
            How many documents were changed.

        Raises:
            ManifestDeferred: when it cannot be done within the limit; the message says why.
        """
        deadline = time.monotonic() + limit
        documents = [self._readme]
        try:
            with self._wait(limit):
                if archives:
                    standing = sorted(self._root.glob(archive.NAME.format(month="*")))
                    documents += [SharedDocument(path, self._active, durable=self._durable) for path in standing]
                changed = sum(
                    self._patiently(functools.partial(self._changed, document, change), deadline, self._named(document))
                    for document in documents
                )
        except OSError as error:
            raise ManifestDeferred(f"{self._name} cannot be published: {error}") from error
        self._until_settled(None)
        return changed

    def _changed(self, shared: SharedDocument, change: Callable[[bytes], bytes]) -> bool:
        """Replace one document by what `change` makes of it, until nobody comes between, and say whether it is another."""
        for attempt in range(1, _TRIES + 1):
            seen = shared.read()
            try:
                data = change(seen.data)
            except ManifestDeferred as error:
                raise (Busy(error.reason) if seen.fresh() else error) from None
            if data == seen.data:
                return False
            if shared.replace(seen, data) is not None:
                return True
            time.sleep(min(attempt, _LONGEST_PAUSE_MS) / 1000)
        raise Busy("is constantly being written by another program")

    def _named(self, document: SharedDocument) -> str:
        return f"{self._root.name}/{document.path.relative_to(self._root).as_posix()}"

    def _wait(self, limit: float) -> locks.FileLock:
        lock = locks.wait_lock(self._lock, limit)
        if lock is None:
            raise ManifestDeferred(f"{self._name} was being edited by others for {limit:g} s: {self._lock} is locked")
        return lock

    @property
    def _name(self) -> str:
        return f"{self._root.name}/README.md"

    def _project(self, deadline: float, settled: _Settled | None = None, *, reassert: bool = False) -> _Settled:
        """Publish what the runs amount to; the lock is held.

        Args:
            deadline: When to stop looking again while somebody is at work on the README, monotonic.
            settled: What an earlier call left; when it still is so, the README need not be read.
            reassert: Put back the rows of all runs.
        """
        runs = self._all_runs() if reassert else self._runs()
        pending = [(run.id, f"{run.status} {run.phase}") for run in runs if not run.shown]
        try:
            if settled == (pending, self._readme.stamp()):
                return settled
            shown, stamp = self._show(runs, deadline, reassert=reassert)
            if shown:
                self._mark_shown(shown)
            done = set(shown)
            return [item for item in pending if item[0] not in done], stamp
        except ManifestDeferred:
            if not self._readme.stamp():
                self._let_go(runs)
            raise
        finally:
            self._write_workflows([run for run in runs if not run.shown and run.open])

    def _let_go(self, runs: Collection[RunState]) -> None:
        """Let only the newest runs wait for a README that people have taken away: every process reads all that wait."""
        waiting = sorted((run.ended or "", run.id) for run in runs if not run.shown and not run.open)
        if len(waiting) > _WAITING:
            self._mark_shown([run_id for _, run_id in waiting[: -_WAITING // 2]])

    def _show(
        self, runs: Collection[RunState], deadline: float, *, reassert: bool
    ) -> tuple[Sequence[str], tuple[int, ...]]:
        """Publish the README, looking again while somebody is at work on it."""
        return self._patiently(lambda: self._edit(runs, reassert=reassert), deadline, self._name)

    def _patiently(self, work: Callable[[], _T], deadline: float, name: str) -> _T:
        """Do some work on a document, again while somebody else is at work on it."""
        while True:
            try:
                self._refuse_while_git_works()
                return work()
            except Busy as error:
                if time.monotonic() + _PAUSE > deadline:
                    raise ManifestDeferred(f"{name} {error.reason}") from None
                time.sleep(_PAUSE)
            except ManifestDeferred as error:
                raise ManifestDeferred(f"{name} {error.reason}") from None

    def _edit(self, runs: Collection[RunState], *, reassert: bool) -> tuple[Sequence[str], tuple[int, ...]]:
        """Read, project, replace, until nobody comes between; return the runs newly shown and the README's stamp."""
        since: str | None = "" if reassert else None
        for attempt in range(1, _TRIES + 1):
            seen = self._readme.read()
            if not seen.ours and since is None:
                since = (dt.datetime.now(dt.UTC) - PUT_BACK).strftime("%Y-%m-%dT%H:%M:%S")
            remembered = self._placeholders()
            show = functools.partial(
                project, seen.data, completed_rows=self._completed_rows, since=since, placeholders=remembered
            )
            try:
                new = show(runs)
                if new.unknown and not seen.ours:
                    new = show(self._all_runs())  # an old README was put back: its runs may have ended long ago
            except ManifestDeferred as error:
                # An editor that truncates and then writes looks like this for a moment.
                raise (Busy(error.reason) if seen.fresh() else error) from None
            self._archive(new)
            self._remember(remembered, new.placeholders)
            if new.document == seen.data:
                return new.shown, seen.stamp
            stamp = self._readme.replace(seen, new.document)
            if stamp is not None:
                return new.shown, stamp
            time.sleep(min(attempt, _LONGEST_PAUSE_MS) / 1000)
        raise Busy("is constantly being written by another program")

    def _placeholders(self) -> dict[str, bytes]:
        """Return the rows that said that there is none, as they stood before the first row came."""
        try:
            standing = json.loads(self._memory.read_bytes())["placeholders"]
            return {str(heading): str(row).encode("latin-1") for heading, row in standing.items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}

    def _remember(self, old: Mapping[str, bytes], new: Mapping[str, bytes]) -> None:
        if new != old:
            standing = {heading: row.decode("latin-1") for heading, row in new.items()}
            files.publish(self._memory, json.dumps({"placeholders": standing}).encode(), durable=False)

    def _archive(self, new: Projection) -> None:
        """Publish the months' archives with the rows that leave the README, before the README is without them."""
        for month in sorted({row.month for row in new.archived}):
            path = self._root / archive.NAME.format(month=month)
            path.parent.mkdir(parents=True, exist_ok=True)
            rows = [row for row in new.archived if row.month == month]
            shared = SharedDocument(path, self._active, durable=self._durable)
            for _ in range(_TRIES):
                seen = shared.read() if path.exists() else None
                data = archive.merge(
                    seen.data if seen else None, month, new.columns, rows, newest_first=new.newest_first
                )
                if seen is None:
                    files.publish(path, data)
                    break
                if data == seen.data or shared.replace(seen, data) is not None:
                    break
            else:
                raise Busy(f"cannot be shortened: {path} is constantly being written by another program")

    def _refuse_while_git_works(self) -> None:
        """Git rewrites files it has read before: an edit of ours in between would be lost."""
        if self._git is None:
            return
        lock = self._git / "index.lock"
        try:
            age = time.time() - lock.stat().st_mtime
        except OSError:
            return
        if abs(age) < _GIT_AT_WORK:
            raise Busy(f"is left alone while git is at work: {lock} exists")

    @functools.cached_property
    def _git(self) -> Path | None:
        """The git directory of the work tree that the manifest stands in."""
        return git_directory(self._root)

    def _write_workflows(self, running: Collection[RunState]) -> None:
        """Publish `active/workflows.json`, unless it says the same already."""
        path = self._active / "workflows.json"
        workflows = listed(running)
        if standing(path) == workflows:
            return
        now = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        document = {"version": SCHEMA_VERSION, "updated": now, "workflows": workflows}
        files.publish(path, json.dumps(document, indent=2).encode() + b"\n", durable=False)
