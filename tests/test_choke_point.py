"""One choke point: a secret planted on each way out is found in no byte of what was left, nor on a stream.

The secret has the shape of a vendor's token, so that only redaction can hide it, and is put together here.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

SECRET = "ghp_" + "Zk3Vq8Lw2Tn7Rb5Yx9Mc4Hd6Jf1Gs0Pa2EuW"
NAME = SECRET[4:]

PREAMBLE = """
import logging, sys
import irl_logging
SECRET = "ghp_" + "{name}"
log = logging.getLogger("app")
logging.getLogger().setLevel(logging.INFO)
"""

# Each is a way out: what a program does with a secret in its hands.
WAYS = {
    "message": "irl_logging.configure('w'); log.info('token ' + SECRET)",
    "argument": "irl_logging.configure('w'); log.info('token %s', SECRET)",
    "split by arguments": "irl_logging.configure('w'); log.info('token %s%s', SECRET[:9], SECRET[9:])",
    "template that breaks": "irl_logging.configure('w'); log.info(SECRET + ' %d', 'x')",
    "extra value": "irl_logging.configure('w'); log.info('x', extra={'note': SECRET})",
    "extra key": "irl_logging.configure('w'); log.info('x', extra={SECRET: 1})",
    "nested extra": "irl_logging.configure('w'); log.info('x', extra={'deep': {'list': [{'k': SECRET}], SECRET: 2}})",
    "object": "irl_logging.configure('w')\nclass O:\n  def __repr__(self): return SECRET\nlog.info('x %s', O(), extra={'o': O()})",
    "exception": "irl_logging.configure('w')\ntry: raise ValueError(SECRET)\nexcept ValueError: log.exception('x')",
    "note": "irl_logging.configure('w')\ntry:\n  e = ValueError('x'); e.add_note(SECRET); raise e\nexcept ValueError: log.exception('x')",
    "cause": "irl_logging.configure('w')\ntry:\n  try: raise KeyError(SECRET)\n  except KeyError as k: raise ValueError('x') from k\nexcept ValueError: log.exception('x')",
    "stack": "irl_logging.configure('w'); log.info('x', stack_info=True); '" + "ghp_" + "{name}'",
    "record's workflow": "irl_logging.configure('w'); log.info('x', extra={'workflow': SECRET})",
    "record's step": "irl_logging.configure('w'); log.info('x', extra={'step': SECRET})",
    "workflow": "irl_logging.configure(SECRET); log.info('x')",
    "agent": "irl_logging.configure('w', agent=SECRET); log.info('x')",
    "log name": "irl_logging.configure('w', log_name=SECRET); log.info('x')",
    "bound field": "irl_logging.configure('w', fields={'note': SECRET}); log.info('x')",
    "context field": "irl_logging.configure('w')\nwith irl_logging.bound(note=SECRET): log.info('x')",
    "field in the file name": "irl_logging.configure('w', log_pattern='{integration}-{seq}.log', fields={'integration': SECRET})",
    "step": "irl_logging.configure('w')\nwith irl_logging.step(SECRET): log.info('x')",
    "decision": "r = irl_logging.configure('w'); r.decision(SECRET, SECRET, by=SECRET, reason=SECRET, evidence={SECRET: SECRET})",
    "result": "r = irl_logging.configure('w'); r.result(approved=8, note=SECRET, **{SECRET: 1})",
    "state's name and checkpoint": "s = irl_logging.Execution().state('a' + SECRET); s.update({SECRET: SECRET}); s.checkpoint(); irl_logging.configure('w')",
    "result's data": "r = irl_logging.configure('w'); r.result(summary=SECRET, data={SECRET: [SECRET], 'note': {'deep': SECRET}})",
    "decision's integration": "r = irl_logging.configure('w', fields={'integration': SECRET}); r.decision('approved', 'x', evidence=[SECRET])",
    "summary": "r = irl_logging.configure('w'); r.complete(SECRET)",
    "status": "r = irl_logging.configure('w'); r.end('⚠️ ' + SECRET, note=SECRET)",
    "plain life cycle": "irl_logging.configure('w')\nfor s in ('start', 'complete'): log.info(SECRET, extra={'workflow': 'v', 'step': s})",
    "run.log": "r = irl_logging.configure('w'); r.log('INFO', SECRET, SECRET, note=SECRET)",
    "no run at all": "log.addHandler(irl_logging.WorkflowHandler()); log.info(SECRET)",
    "JSON twin": "irl_logging.configure('w', json=True)\ntry: raise ValueError(SECRET)\nexcept ValueError: log.exception(SECRET, extra={'note': SECRET, SECRET: 1, 'step': SECRET})",
    "step of the JSON twin": "irl_logging.configure('w', json=True); log.info('x', extra={'step': SECRET})",
    "logger name": "irl_logging.configure('w', json=True); logging.getLogger(SECRET).info('x %d', 'y')",
    "route": "log.addHandler(irl_logging.WorkflowHandler(routes={'app': SECRET})); log.info('x')",
    "structlog": "import structlog\nstructlog.configure(**irl_logging.structlog_config(workflow='w'))\nstructlog.get_logger().info(SECRET, note=SECRET, **{SECRET: 1})",
    "structlog exception": "import structlog\nstructlog.configure(**irl_logging.structlog_config(workflow='w'))\ntry: raise ValueError(SECRET)\nexcept ValueError: structlog.get_logger().exception('x')",
    "formatter": "h = logging.StreamHandler(); h.setFormatter(irl_logging.WorkflowFormatter()); log.addHandler(h)\nlog.info(SECRET, extra={'note': SECRET, 'workflow': SECRET, 'step': SECRET})",
    "own errors": "import traceback\nfor wrong in ({'timespec': SECRET}, {'log_pattern': SECRET}, {SECRET: 1}, {'completed_rows': SECRET}):\n  try: irl_logging.configure('w', **wrong)\n  except ValueError as e: print(e)",
    "directory that cannot be written": "open('execution', 'w').close(); irl_logging.configure(SECRET, agent=SECRET); log.info(SECRET)",
    "handler that cannot write": "open('execution', 'w').close(); log.addHandler(irl_logging.WorkflowHandler(SECRET)); log.info(SECRET)",
    "processor that fails": "def f(*a): raise ValueError(SECRET)\nwith irl_logging.workflow('w', after=[f]): pass",
    "own status word": "r = irl_logging.configure('w'); r.fail(SECRET)",
    "state": "irl_logging.configure('w')\nirl_logging.Execution('execution').state('s').update({'note': SECRET, SECRET: 1})",
    "text that raises": "irl_logging.configure('w')\nclass O:\n  def __str__(self): raise ValueError(SECRET)\n  __repr__ = __str__\nlog.info('x %s', O(), extra={'o': O()}); log.info(O()); log.info('y', extra={'o': {'deep': [O()]}})",
    "text that recurses": "irl_logging.configure('w')\nclass O:\n  def __str__(self): return SECRET[:0] + str(self)\n  __repr__ = __str__\nlog.info('x %s' + SECRET, O(), extra={'o': O()}); log.info(O())",
    "cycle": "irl_logging.configure('w', json=True)\nd = {'note': SECRET}; d['me'] = d\nlog.info('x', extra={'d': d}); log.info('y %s', d)",
    "exception whose text raises": "irl_logging.configure('w', json=True)\nclass E(Exception):\n  def __str__(self): raise ValueError(SECRET)\ntry: raise E(SECRET)\nexcept E: log.exception('x')",
    "context of an exception": "irl_logging.configure('w')\ntry:\n  try: raise KeyError(SECRET)\n  except KeyError: raise ValueError('x')\nexcept ValueError: log.exception('x')",
    "group of exceptions": "irl_logging.configure('w')\ntry: raise ExceptionGroup(SECRET, [ValueError(SECRET)])\nexcept ExceptionGroup: log.exception('x')",
    "bytes": "irl_logging.configure('w', json=True); log.info('x %s', SECRET.encode(), extra={'b': SECRET.encode(), 's': {SECRET}})",
    "stderr fallback": "import os; irl_logging.configure('w'); import shutil; shutil.rmtree('execution'); open('execution', 'w').close(); log.info(SECRET); log.error(SECRET)",
    "registered value": "irl_logging.register_secret('{name}'); irl_logging.configure('w'); log.info('x {name} y')",
}


# These end the process, so each has one of its own.
ENDS = {
    "unhandled exception": "irl_logging.configure('w'); raise ValueError(SECRET)",
    "exit text": "irl_logging.configure('w'); sys.exit(SECRET)",
}

# Takes the ways one after the other, each in a directory of its own, with what it says on the streams kept there.
DRIVER = """
import base64, contextlib, io, json, os, sys
import irl_logging
from irl_logging import configured, notices
for name, code in json.loads(base64.b64decode(input())).items():
    os.mkdir(name); os.chdir(name)
    with open("streams.txt", "w") as streams, contextlib.redirect_stdout(streams), contextlib.redirect_stderr(streams):
        exec(code, {"__name__": "__main__"})
        import logging
        irl_logging.shutdown(); configured.forget(); notices.forget()
        for handler in list(logging.getLogger("app").handlers):
            logging.getLogger("app").removeHandler(handler); handler.close()
    os.chdir("..")
"""


def encoded(ways: dict[str, str]) -> str:
    code = {name: (PREAMBLE + way).replace("{name}", NAME) for name, way in ways.items()}
    return base64.b64encode(json.dumps(code).encode()).decode()


def test_a_secret_leaves_by_no_way(run_python: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path):
    done = run_python(DRIVER, stdin=encoded(WAYS))
    assert done.returncode == 0, done.stderr
    assert_nowhere(tmp_path, done.stdout + done.stderr)
    for way in WAYS:
        said = (tmp_path / way / "streams.txt").read_text("utf-8")
        assert "Traceback" not in said, way
        assert list((tmp_path / way).glob("execution/logs/*.log")) or said, f"{way} left nothing at all"


@pytest.mark.parametrize("way", ENDS, ids=str)
def test_a_secret_does_not_leave_with_the_process(
    way: str, run_python: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
):
    done = run_python(
        "import base64, json\nexec(json.loads(base64.b64decode(input()))['x'])", stdin=encoded({"x": ENDS[way]})
    )
    assert done.returncode == 1
    assert_nowhere(tmp_path, "")  # what Python itself says on stderr is not ours
    assert list(tmp_path.glob("execution/logs/*.log"))


def assert_nowhere(root: Path, streams: str):
    """No 12 characters in a row of the secret's unguessable part, in any name, any byte, any stream."""
    pieces = [NAME[at : at + 12] for at in range(len(NAME) - 11)]
    texts = {"streams": streams}
    for path in root.rglob("*"):
        texts[f"name {path.name}"] = str(path.relative_to(root))
        if path.is_file():
            texts[str(path)] = path.read_bytes().decode("utf-8", "replace")
    for where, text in texts.items():
        assert not any(piece in text for piece in pieces), where


def test_captured_output_and_arguments_of_a_command(tmp_path: Path, clean_environment: dict[str, str]):
    program = "import sys; print(sys.argv[1]); print(sys.argv[1], file=sys.stderr)"
    command = [
        str(Path(sys.executable).with_name("irl")),
        "run",
        "--workflow",
        "w",
        "--",
        sys.executable,
        "-c",
        program,
        SECRET,
    ]
    if not os.access(command[0], os.X_OK):
        pytest.skip("the irl command is not installed beside this interpreter")
    done = subprocess.run(
        command, cwd=tmp_path, env=clean_environment, capture_output=True, encoding="utf-8", timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert_nowhere(tmp_path, done.stdout + done.stderr)
