"""Systems that do not have all that Linux has: nothing is asked of `os` and `signal` that is not everywhere."""

from __future__ import annotations

# The standard library's own modules, and portalocker, look for their names when they are loaded.
WITHOUT_LINUX = """
import asyncio, multiprocessing, os, pkgutil, signal, socket, subprocess, sys
import portalocker

for name in (
    "fork register_at_fork posix_spawn posix_spawnp killpg getpgrp tcgetpgrp geteuid getuid fchmod fchown listxattr "
    "fdatasync pread pwrite O_NOFOLLOW O_CLOEXEC O_DIRECTORY O_NONBLOCK"
).split():
    delattr(os, name)
for name in "SIGHUP SIGQUIT SIGUSR1 SIGUSR2 SIGWINCH SIGPIPE SIGURG SIGKILL pthread_sigmask sigwait sigwaitinfo".split():
    delattr(signal, name)
sys.modules.update(dict.fromkeys(["fcntl", "pwd", "grp", "resource", "termios"]))
"""


def test_every_module_can_be_imported(run_python):
    done = run_python(
        WITHOUT_LINUX
        + "import irl_logging\n"
        + "for module in pkgutil.walk_packages(irl_logging.__path__, 'irl_logging.'):\n"
        + "    if not module.name.endswith('__main__'):\n"
        + "        __import__(module.name)\n"
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_run_leaves_its_trail(run_python, left):
    done = run_python(
        WITHOUT_LINUX
        + "import logging, irl_logging\n"
        + "run = irl_logging.configure('deploy', level='INFO', agent='agent-tester')\n"
        + "with irl_logging.step('build'):\n"
        + "    logging.info('Built')\n"
        + "run.decision('approved', 'first')\n"
        + "run.result(approved=1)\n"
        + "irl_logging.Execution().state('services').update(built=3)\n"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (left.only().status, left.only().counters) == ("✓ Complete", {"approved": 1})
    assert [row[2] for row in left.rows("Completed Workflows")] == ["✓ Complete"]
