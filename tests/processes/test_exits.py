"""How a program ends, and what becomes of the run that `configure` started: the exit matrix, with real processes."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

COMPLETE, FAILED, ERROR, CANCELLED, CRASHED = "✓ Complete", "✗ Failed", "⚠️ Error", "⚠️ Cancelled", "⚠️ Crashed"
UNSEEN = "⚠️ Ended, exit code not seen"
HIDDEN = "raise SystemExit(...) did not show its code, as sys.exit(...) and exit(...) do"


@pytest.mark.parametrize(
    ("body", "code", "status", "note"),
    [
        pytest.param("log.info('worked')", 0, COMPLETE, None, id="clean"),
        pytest.param("sys.exit()", 0, COMPLETE, None, id="sys.exit()"),
        pytest.param("sys.exit(0)", 0, COMPLETE, None, id="sys.exit(0)"),
        pytest.param("sys.exit(3)", 3, FAILED, "exit code 3", id="sys.exit(3)"),
        pytest.param("sys.exit(0.0)", 1, FAILED, "0.0", id="sys.exit(0.0)"),
        pytest.param("sys.exit('no cluster')", 1, FAILED, "no cluster", id="sys.exit(text)"),
        pytest.param("sys.exit(143)", 143, CANCELLED, "exit code 143", id="sys.exit(143)"),
        pytest.param("exit(4)", 4, FAILED, "exit code 4", id="exit(4)"),
        pytest.param("quit(code=0)", 0, COMPLETE, None, id="quit(code=0)"),
        pytest.param("from sys import exit\nexit(6)", 6, FAILED, "exit code 6", id="imported exit"),
        pytest.param("try: sys.exit(3)\nexcept SystemExit: pass", 0, COMPLETE, None, id="caught sys.exit"),
        pytest.param(
            "try: sys.exit(3)\nexcept SystemExit: pass\nraise ValueError('boom')",
            1,
            ERROR,
            "ValueError: boom",
            id="caught sys.exit, then an exception",
        ),
        pytest.param(
            "thread = threading.Thread(target=sys.exit, args=(3,)); thread.start(); thread.join(); sys.exit(0)",
            0,
            COMPLETE,
            None,
            id="sys.exit in a thread",
        ),
        pytest.param("raise ValueError('boom\\nmore')", 1, ERROR, "ValueError: boom", id="exception"),
        pytest.param(
            "class Bad(Exception):\n    __str__ = None\nraise Bad()",
            1,
            ERROR,
            "Bad: (its text cannot be shown)",
            id="exception without a text",
        ),
        pytest.param(
            "sys.excepthook = lambda *_: None\nraise ValueError('boom')",
            1,
            ERROR,
            "ValueError: boom",
            id="exception hook set after ours",
        ),
        pytest.param("assert False", 1, ERROR, "AssertionError", id="exception without words"),
        pytest.param("raise KeyboardInterrupt", -2, CANCELLED, "KeyboardInterrupt", id="KeyboardInterrupt"),
        pytest.param(
            "os.kill(os.getpid(), signal.SIGINT); time.sleep(9)", -2, CANCELLED, "KeyboardInterrupt", id="SIGINT"
        ),
        pytest.param("os.kill(os.getpid(), signal.SIGTERM); time.sleep(9)", -15, CANCELLED, "SIGTERM", id="SIGTERM"),
        pytest.param("run.complete('3 services')", 0, COMPLETE, None, id="ended by itself"),
        pytest.param("run.fail(); raise ValueError('late')", 1, FAILED, None, id="ended, then an exception"),
    ],
)
def test_the_end_of_the_process_is_the_end_of_the_run(body, code, status, note, run_script, left):
    """The status follows the way the process ends, the exit code is as without us, and nothing else is said."""
    result = run_script(body)
    assert (result.returncode, left.only().status, left.only().note) == (code, status, note)
    assert "irl_logging" not in result.stderr
    assert len(left.events("run.ended")) == 1
    assert left.rows("Active Workflows") == [["_(none)_", "-", "-", "-", "-"]]
    assert [row[2] for row in left.rows("Completed Workflows")] == [status]
    assert list((left.root / "active" / "runs").iterdir()) == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        pytest.param("os._exit(5)", 5, id="os._exit"),
        pytest.param("os.kill(os.getpid(), signal.SIGKILL)", -9, id="SIGKILL"),
        pytest.param("os.abort()", -6, id="abort"),
        pytest.param("os.execv(sys.executable, [sys.executable, '-c', 'pass'])", 0, id="another program"),
    ],
)
def test_an_end_that_nobody_sees_is_noticed_by_the_next_look(body, code, run_script, left):
    """No hook runs; the run is open until somebody looks, who names the last step and the time."""
    result = run_script(f"with irl_logging.step('push'): {body}")
    assert result.returncode == code
    assert left.events("run.ended") == []
    state = left.only()
    last = left.events("step.started")[0]["time"][:19]
    assert (state.status, state.note) == (CRASHED, f"last sign of life {last}Z in step push")
    assert [row[2:4] for row in left.rows("Completed Workflows")] == [[CRASHED, state.note]]
    assert left.messages()[-1] == f"[crash] {CRASHED}: {state.note}"


def test_exit_that_the_program_imported_before_us_is_seen(run_python, left):
    """The name in the main program is ours as long as its run is open, and calls what was there."""
    result = run_python(
        "from sys import exit as leave\nimport irl_logging\nirl_logging.configure('deploy', level='INFO')\nleave(3)"
    )
    assert (result.returncode, left.only().status, left.only().note) == (3, FAILED, "exit code 3")


RAISED = [
    pytest.param("raise SystemExit(3)", 3, FAILED, "exit code 3", id="raise SystemExit(3)"),
    pytest.param("raise SystemExit", 0, COMPLETE, None, id="raise SystemExit"),
    pytest.param("raise SystemExit('no cluster')", 1, FAILED, "no cluster", id="raise SystemExit(text)"),
    pytest.param(
        "class Stop(SystemExit): pass\ndef main(): raise Stop(4)\nmain()", 4, FAILED, "exit code 4", id="a kind of it"
    ),
    pytest.param(
        "try: sys.exit(3)\nexcept SystemExit: pass\nraise SystemExit(4)", 4, FAILED, "exit code 4", id="after another"
    ),
    pytest.param(
        "thread = threading.Thread(target=sys.exit, args=(3,)); thread.start(); thread.join(); raise SystemExit(0)",
        0,
        COMPLETE,
        None,
        id="with another in a thread",
    ),
]


@pytest.mark.skipif(
    sys.version_info < (3, 12), reason="Python 3.11 tells of a raised SystemExit only at the price of a call tracer"
)
@pytest.mark.parametrize(("body", "code", "status", "note"), RAISED)
def test_a_raised_system_exit_is_seen(body, code, status, note, run_script, left):
    """What leaves the main program counts, whoever raised it."""
    result = run_script(body)
    assert (result.returncode, left.only().status, left.only().note) == (code, status, note)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="there is no sys.monitoring")
def test_tools_that_took_every_number_leave_the_run_with_what_else_is_seen(run_python, left):
    """A debugger and others may be there already; nothing breaks, and after the run no number is taken."""
    result = run_python(
        "import sys\n"
        "import irl_logging\n"
        "irl_logging.configure('build', level='INFO')\n"
        "assert 'irl_logging' in [sys.monitoring.get_tool(number) for number in range(6)]\n"
        "irl_logging.shutdown()\n"
        "for number in range(6):\n"
        "    sys.monitoring.use_tool_id(number, 'theirs')\n"
        "irl_logging.configure('deploy', level='INFO')\n"
        "raise SystemExit(3)"
    )
    assert result.returncode == 3, result.stderr
    assert {state.workflow: state.status for state in left.states()} == {"build": COMPLETE, "deploy": UNSEEN}


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="it is seen")
@pytest.mark.parametrize("body", ["raise SystemExit(3)", "raise SystemExit(0)"])
def test_a_raised_system_exit_is_not_seen(body, run_script, left):
    """Python 3.11 shows its code to nobody; the status says so in place of guessing."""
    run_script(body)
    assert (left.only().status, left.only().note) == (UNSEEN, HIDDEN)


def test_an_unhandled_exception_is_in_the_log(run_script, left):
    """Its traceback is one record, before the record that ends the run; stderr has it as always."""
    result = run_script("def fail():\n    raise ValueError('boom')\nfail()")
    assert result.stderr.endswith("ValueError: boom\n")
    _, error, end = left.log()
    assert error.startswith("[ERROR] [deploy] [error] Traceback (most recent call last):\n\t")
    assert error.endswith("\n\tValueError: boom")
    assert end.startswith(f'[ERROR] [deploy] [error] {ERROR} note="ValueError: boom" errors=1 duration=')


def test_an_exception_in_a_thread_is_none_of_a_run_that_starts_later(run_python, left):
    """A service goes on for months; what its frames held is let go of at once."""
    run_python(
        "import gc, threading, weakref, irl_logging\n"
        "class Held: pass\n"
        "def work():\n"
        "    global seen\n"
        "    held = Held()\n"
        "    seen = weakref.ref(held)\n"
        "    1 / 0\n"
        "with irl_logging.workflow('first'):\n"
        "    thread = threading.Thread(target=work); thread.start(); thread.join()\n"
        "    del thread; gc.collect()\n"
        "    irl_logging.current_run().log('INFO', None, f'held: {seen()}')\n"
        "irl_logging.Execution('execution').start('second', explicit=False)\n"
    )
    assert [(state.workflow, state.status) for state in left.states()] == [("first", COMPLETE), ("second", COMPLETE)]
    assert "[-] held: None" in left.messages("first*")


def test_an_exception_in_another_thread_is_in_the_log(run_script, left):
    """The program goes on; the run ends as an error, and the earlier thread hook was called."""
    body = (
        "thread = threading.Thread(target=lambda: 1 / 0, name='worker')\n"
        "thread.start(); thread.join(); log.info('goes on')"
    )
    result = run_script(body)
    assert result.returncode == 0
    assert "Exception in thread worker" in result.stderr
    _, error, on, end = left.messages()
    assert error.endswith("ZeroDivisionError: division by zero")
    assert (on, end) == ("[-] goes on", f'[error] {ERROR} note="ZeroDivisionError: division by zero" errors=1')


@pytest.mark.parametrize(
    ("handler", "code", "said"),
    [
        ("lambda *_: print('theirs') or sys.exit(7)", 7, "theirs\n"),
        ("lambda *_: print('theirs') or stop.set()", 0, "theirs\nstopped by itself\n"),
    ],
)
def test_an_earlier_handler_of_sigterm_is_called(handler, code, said, run_python, left):
    """It decides how the process ends; the run was cancelled."""
    result = run_python(
        "import os, signal, sys, threading, irl_logging\n"
        "stop = threading.Event()\n"
        f"signal.signal(signal.SIGTERM, {handler})\n"
        "irl_logging.configure('deploy', level='INFO')\n"
        "os.kill(os.getpid(), signal.SIGTERM)\n"
        "assert stop.wait(30)\n"
        "print('stopped by itself')\n"
    )
    assert (result.returncode, result.stdout) == (code, said)
    assert (left.only().status, left.only().note) == (CANCELLED, "SIGTERM")


def test_an_ignored_sigterm_stays_ignored(run_python, left):
    """What the program, or nohup, does not want to hear does not end it."""
    result = run_python(
        "import os, signal, irl_logging\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "irl_logging.configure('deploy', level='INFO')\n"
        "os.kill(os.getpid(), signal.SIGTERM)\n"
    )
    assert (result.returncode, left.only().status) == (0, COMPLETE)


def test_two_signals_at_once_end_the_run_once(start_python, left):
    """A second SIGTERM, or Ctrl-C, while the first is being recorded cuts nothing off."""
    process = start_python(
        "import os, signal, irl_logging\n"
        "run = irl_logging.configure('deploy', level='INFO')\n"
        "def again(_logger, _method, event):\n"
        "    if event['event'] == 'run.ended':\n"
        "        os.kill(os.getpid(), signal.SIGTERM)\n"
        "    return event\n"
        "other = irl_logging.Execution('execution').start('other', after=[again])\n"
        "print('ready')\n"
        "signal.pause()\n"
    )
    process.wait_for("ready")
    assert process.kill(signal.SIGTERM)[0] == -signal.SIGTERM
    assert [(state.workflow, state.status, state.note) for state in left.states()] == [
        ("deploy", CANCELLED, "SIGTERM"),
        ("other", CANCELLED, "SIGTERM"),
    ]
    assert len(left.events("run.ended")) == 2


KILLS_PARENT = "import os, signal, time; os.kill(os.getppid(), signal.SIGTERM); time.sleep(3)"


def test_a_signal_while_a_completion_is_looked_into_cancels_the_run(run_python, left):
    """SIGTERM before the end that is under way was recorded: it never would be, as the process dies of the signal."""
    result = run_python(
        "import sys, irl_logging\n"
        "with irl_logging.workflow('deploy') as run:\n"
        f"    run.expect(command=[sys.executable, '-c', {KILLS_PARENT!r}])\n"
    )
    assert result.returncode == -signal.SIGTERM
    assert (left.only().status, left.only().note) == (CANCELLED, "SIGTERM")
    assert left.messages("deploy*")[-1] == f"[cancel] {CANCELLED} note=SIGTERM"


def test_a_signal_after_an_end_was_recorded_changes_nothing_of_it(run_python, left):
    """SIGTERM while the README is written: what the run ended as is final."""
    result = run_python(
        "import os, signal, irl_logging\n"
        "def late(_logger, _method, event):\n"
        "    if event['event'] == 'run.ended':\n"
        "        os.kill(os.getpid(), signal.SIGTERM)\n"
        "    return event\n"
        "irl_logging.Execution('execution').start('deploy', after=[late]).complete()\n"
    )
    assert (result.returncode, left.only().status) == (-signal.SIGTERM, COMPLETE)
    assert len(left.events("run.ended")) == 1


def test_a_signal_at_the_end_of_the_program_lets_it_end(run_python, left):
    """SIGTERM while the end is being recorded: it is recorded, and then the process dies of the signal."""
    result = run_python(
        "import os, signal, irl_logging\n"
        "def late(_logger, _method, event):\n"
        "    if event['event'] == 'run.ended':\n"
        "        os.kill(os.getpid(), signal.SIGTERM)\n"
        "    return event\n"
        "irl_logging.Execution('execution').start('first', explicit=False, after=[late])\n"
        "irl_logging.Execution('execution').start('second', explicit=False)\n"
    )
    assert result.returncode == -signal.SIGTERM
    assert [state.status for state in left.states()] == [COMPLETE, COMPLETE]


def test_ctrl_c_at_the_end_of_the_program_loses_no_end(run_python, left):
    """KeyboardInterrupt out of the middle of recording the end: it is recorded all the same, and counts once."""
    run_python(
        "import irl_logging\n"
        "times = []\n"
        "def late(_logger, _method, event):\n"
        "    times.append(event['event'])\n"
        "    if times == ['run.started', 'run.ended']:\n"
        "        raise KeyboardInterrupt\n"
        "    return event\n"
        "irl_logging.Execution('execution').start('first', explicit=False, after=[late])\n"
        "irl_logging.Execution('execution').start('second', explicit=False)\n"
    )
    assert [state.status for state in left.states()] == [COMPLETE, COMPLETE]
    assert [left.messages(name)[-1] for name in ("first*", "second*")] == [f"[complete] {COMPLETE}"] * 2
    assert len(left.rows("Completed Workflows")) == 2


def test_a_run_started_to_be_ended_by_hand_is_an_error_when_it_is_not(run_python, left):
    """`Execution.start` says that the program ends the run; a clean end of the process without that is a bug."""
    run_python("import irl_logging\nirl_logging.Execution('execution').start('deploy')")
    assert (left.only().status, left.only().note) == (ERROR, "the process ended without ending the run")


def test_functions_at_exit_can_log_before_and_after(run_python, left):
    """Those registered after us run before the end line, those registered before us after it; both are in the log."""
    result = run_python(
        "import atexit, logging, irl_logging\n"
        "atexit.register(logging.getLogger().info, 'registered before')\n"
        "irl_logging.configure('deploy', level='INFO')\n"
        "atexit.register(logging.getLogger().info, 'registered after')\n"
    )
    assert result.stderr == ""
    assert left.messages() == [
        "[start] Started deploy",
        "[-] registered after",
        f"[complete] {COMPLETE}",
        "[-] registered before",
    ]


def test_logging_while_the_interpreter_is_torn_down(run_script, left):
    """An object that logs when it is collected, at the very end: it is collected as without us, and the line is there."""
    result = run_script(
        "class Late:\n"
        "    def __init__(self):\n"
        "        self.log = log.info\n"
        "    def __del__(self):\n"
        "        self.log('collected')\n"
        "late = Late()\n"
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert left.messages()[-1] == "[-] collected"


def test_threads_that_outlive_the_main_program_belong_to_the_run(run_script, left):
    """The process ends with its last ordinary thread; the run does, too."""
    result = run_script(
        "def work():\n    threading.main_thread().join()\n    log.info('still at work')\nthreading.Thread(target=work).start()\n"
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert left.messages()[1:] == ["[-] still at work", f"[complete] {COMPLETE}"]


BODY = (
    "import sys, irl_logging\nirl_logging.configure(level='INFO')\nif len(sys.argv) > 1: sys.exit(int(sys.argv[-1]))\n"
)


@pytest.mark.parametrize("code", [0, 3])
@pytest.mark.parametrize(
    ("arguments", "stdin", "workflow"),
    [
        pytest.param(["nightly.py"], "", "nightly", id="script"),
        pytest.param(["-m", "nightly"], "", "nightly", id="module"),
        pytest.param(["-m", "package"], "", "package", id="package"),
        pytest.param(["-c", BODY], "", "python", id="command"),
        pytest.param(["-"], BODY, "python", id="stdin"),
        pytest.param(
            ["-c", "import runpy; runpy.run_path('nightly.py', run_name='__main__')"], "", "nightly", id="runpy"
        ),
        pytest.param(["-S", "-E", "-s", "nightly.py"], "", "nightly", id="without site"),
    ],
)
def test_every_way_to_start_python(arguments, stdin, workflow, code, tmp_path, clean_environment, left):
    """The run is named after the script and ends with the exit code, however the interpreter was started."""
    (tmp_path / "nightly.py").write_text(BODY)
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__main__.py").write_text(BODY)
    environment = dict(clean_environment)
    if "-S" in arguments:
        paths = [path for path in sys.path if path]
        (tmp_path / "nightly.py").write_text(f"import sys; sys.path[:0] = {paths!r}\n{BODY}")
    last = [str(code)] if code else []
    if code and arguments[0] == "-":
        arguments = ["-"]
    result = subprocess.run(
        [sys.executable, *arguments, *last], cwd=tmp_path, env=environment, input=stdin, capture_output=True, text=True
    )
    assert (result.returncode, result.stderr) == (code, "")
    assert (left.only().workflow, left.only().status) == (workflow, FAILED if code else COMPLETE)


def test_a_program_that_runs_others_inside_it(run_python, left, tmp_path):
    """A script whose SystemExit is caught by what runs it (a test runner, an embedding program) ends with the process."""
    (tmp_path / "inner.py").write_text(
        "import sys, irl_logging\nirl_logging.configure('inner', level='INFO')\nsys.exit(3)"
    )
    result = run_python(
        "import runpy\ntry:\n    runpy.run_path('inner.py', run_name='__main__')\nexcept SystemExit:\n    print('caught')\n"
    )
    assert (result.returncode, result.stdout) == (0, "caught\n")
    assert left.only().status == COMPLETE


def test_an_error_at_the_prompt_is_not_the_end(clean_environment, tmp_path, left):
    """In an interactive interpreter an exception is a line in the log, and the work goes on."""
    said = "import irl_logging\nrun = irl_logging.configure('session', level='INFO')\n1 / 0\nexit\n"
    result = subprocess.run(
        [sys.executable, "-i", "-q"], cwd=tmp_path, env=clean_environment, input=said, capture_output=True, text=True
    )
    assert result.returncode == 0
    assert "Use exit() or Ctrl-D" in result.stdout
    assert left.only().status == COMPLETE
    assert left.messages()[1].endswith("ZeroDivisionError: division by zero")
