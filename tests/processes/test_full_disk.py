"""What an error of a full disk says: which file could not be written, as whoever reads it has to know where to make room."""

from __future__ import annotations

import errno
import os
import resource
import signal

import pytest

from irl_logging import Execution
from irl_logging.retention.backup import backup


@pytest.mark.parametrize(
    ("call", "file"),
    [
        (lambda execution, _: execution.start("next"), "active/runs/"),
        (lambda _, run: run.result(approved=2), "results/deploy-"),
        (lambda _, run: run.decision("approved", "incident"), "logs/agent-approvals-"),
        (lambda execution, _: execution.state("queue").update(length=2), "state/queue.json"),
        (lambda execution, _: execution.state("queue").checkpoint(), "state/queue-"),
        (lambda execution, _: backup(execution.layout, execution.layout.repository / "kept.tar.gz"), "../kept.tar.gz"),
    ],
)
def test_an_error_names_the_file(call, file, forked, tmp_path):
    """A write knows a descriptor only, so whoever writes adds the name."""
    execution = Execution("execution")
    run = execution.start("deploy")
    run.result(approved=1)
    execution.state("queue").update(length=1)

    def refuse() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        with pytest.raises(OSError) as caught:
            call(execution, run)
        assert caught.value.errno == errno.EFBIG
        assert str(caught.value.filename).startswith(str(execution.layout.root / file).replace("execution/../", ""))

    assert os.waitpid(forked(refuse), 0)[1] == 0
