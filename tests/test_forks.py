"""What a forked child does not take over: locks that other threads held, and what they were in the middle of."""

from __future__ import annotations

import os
import threading
import warnings

import pytest

from irl_logging.forks import ThreadLock, renew_in_children
from irl_logging.redaction import Redactor


class Counting:
    """Counts how often it was made anew."""

    def __init__(self):
        self.renewed = 0

    def renew(self):
        self.renewed += 1


@pytest.fixture
def other_thread():
    """A thread that waits while the test goes on; what it is given to do it does first."""
    stop, started = threading.Event(), threading.Event()
    threads = []

    def start(first=lambda: None):
        def work():
            first()
            started.set()
            stop.wait()

        threads.append(threading.Thread(target=work))
        threads[0].start()
        started.wait()

    yield start
    stop.set()
    for thread in threads:
        thread.join()


def exit_code(pid):
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@pytest.fixture(autouse=True)
def forks_with_threads_are_meant():
    """Python 3.12 and later warn of what is tested here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


def test_a_lock_that_the_forking_thread_holds_is_still_its_own():
    """A signal handler may fork in the middle of whatever we do, and the child goes on there."""
    lock, other = ThreadLock(), ThreadLock()
    with lock:
        pid = os.fork()
        if not pid:
            try:
                lock.__exit__(None, None, None)
                with lock, other:
                    os._exit(0)
            finally:
                os._exit(1)
    assert exit_code(pid) == 0


def test_a_lock_that_another_thread_held_is_free(forked, other_thread):
    lock = ThreadLock()
    other_thread(lock.__enter__)
    assert exit_code(forked(lambda: lock._lock.acquire(timeout=5))) == 0


def test_only_what_other_threads_may_have_used_is_made_anew(forked, other_thread):
    thing = Counting()
    renew_in_children(thing)
    others = threading.active_count() > 1  # of another test: a wait that it gave up
    assert exit_code(forked(lambda: thing.renewed == others)) == 0
    other_thread()
    assert exit_code(forked(lambda: thing.renewed == 1)) == 0
    assert thing.renewed == 0


def test_a_child_of_threads_has_automata_of_its_own(forked, other_thread):
    """RE2 has locks that Python does not see."""
    redactor = Redactor()
    secret = "token=" + "q7Vw2x" * 4
    hidden = redactor.redact(secret)
    assert hidden != secret
    before = redactor._compiled
    other_thread()
    assert exit_code(forked(lambda: redactor.redact(secret) == hidden and redactor._compiled is not before)) == 0
