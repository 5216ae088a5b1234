"""The schedules in `conf/`: each line is run as its reader would, with the places of this machine in it."""

from __future__ import annotations

import getpass
import grp
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from irl_logging import Execution

CONF = Path(__file__).resolve().parent.parent / "conf"
SYSTEMD = sorted((CONF / "systemd").iterdir())
LOGROTATE = shutil.which("logrotate") or shutil.which("/usr/sbin/logrotate")
ANALYZE = shutil.which("systemd-analyze")
IRL = Path(sys.executable).with_name("irl")
LIMITS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))


def here(text, tmp_path):
    """Return a configuration with places of this machine in it."""
    user, group = getpass.getuser(), grp.getgrgid(os.getgid()).gr_name
    text = text.replace("/srv/irl", str(tmp_path / "irl")).replace("/srv/backup", str(tmp_path / "backup"))
    text = text.replace("/usr/local/bin/irl", str(IRL)).replace("su irl irl", f"su {user} {group}")
    return text.replace("User=irl", f"User={user}")


@pytest.fixture
def repository(tmp_path):
    """A repository in which something has run."""
    (tmp_path / "backup").mkdir()
    execution = Execution(tmp_path / "irl" / "execution")
    with execution.start("deploy") as run:
        run.log("INFO", None, "one")
    return execution


def crontab():
    """Return the five fields and the command of each line of the crontab, and the variables that it sets."""
    lines = [line for line in (CONF / "cron").read_text().splitlines() if line.strip() and not line.startswith("#")]
    variables = dict(line.split("=", 1) for line in lines if re.match(r"[A-Z]+=", line))
    return [line.split(None, 5) for line in lines if not re.match(r"[A-Z]+=", line)], variables


def test_the_crontab_is_one():
    """Five fields in their ranges, a command, and no percent sign, which would be a line feed."""
    jobs, variables = crontab()
    assert list(variables) == ["SHELL", "PATH"]
    assert [job[5].split()[3] for job in jobs] == ["status", "snapshot", "backup", "clean"]
    for *fields, command in jobs:
        for field, (least, most) in zip(fields, LIMITS, strict=True):
            found = re.fullmatch(r"\*(?:/(\d+))?|(\d+)", field)
            assert found, field
            assert least <= int(found[1] or found[2] or most) <= most
        assert "%" not in command


def test_what_cron_runs(repository, tmp_path, clean_environment):
    """Each command works and says nothing that cron would mail."""
    for *_, command in crontab()[0]:
        answer = subprocess.run(
            ["sh", "-c", here(command, tmp_path)], env=clean_environment, capture_output=True, text=True
        )
        assert (answer.returncode, answer.stdout, answer.stderr) == (0, "", ""), command
    assert len(list((tmp_path / "backup").glob("execution-backup-*.tar.gz"))) == 1


@pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")
def test_systemd_takes_the_units(repository, tmp_path):
    """Each unit is one, and each timer has a time that comes."""
    copies = tmp_path / "units"
    copies.mkdir()
    for unit in SYSTEMD:
        (copies / unit.name).write_text(here(unit.read_text(), tmp_path))
    verified = subprocess.run([ANALYZE, "verify", *sorted(copies.iterdir())], capture_output=True, text=True)
    assert (verified.returncode, verified.stderr) == (0, "")
    for timer in copies.glob("*.timer"):
        when = re.search(r"(?m)^OnCalendar=(.*)$", timer.read_text())[1]
        answer = subprocess.run([ANALYZE, "calendar", when], capture_output=True, text=True)
        assert (answer.returncode, "Next elapse: " in answer.stdout) == (0, True)


def test_what_systemd_runs(repository, tmp_path, clean_environment):
    """Each timer has its service, whose command works and writes only where the unit lets it."""
    assert [unit.stem for unit in SYSTEMD[::2]] == [unit.stem for unit in SYSTEMD[1::2]]
    for service in (unit for unit in SYSTEMD if unit.suffix == ".service"):
        text = here(service.read_text(), tmp_path)
        command = re.search(r"(?m)^ExecStart=(.*)$", text)[1].split()
        places = re.search(r"(?m)^ReadWritePaths=(.*)$", text)[1].split()
        assert set(places) <= {str(tmp_path / "irl" / "execution"), str(tmp_path / "backup")}
        answer = subprocess.run(command, env=clean_environment, capture_output=True, text=True)
        assert (answer.returncode, answer.stderr) == (0, "")


@pytest.mark.skipif(LOGROTATE is None, reason="logrotate is not installed")
def test_logrotate_rotates_by_it(repository, tmp_path):
    """Four weeks are kept, the newest of them not packed yet, and `irl clean` leaves them alone."""
    config = tmp_path / "logrotate.conf"
    config.write_text(here((CONF / "logrotate").read_text(), tmp_path))
    config.chmod(0o600)
    logs = tmp_path / "irl" / "execution" / "logs"
    (log,) = logs.iterdir()
    for week in range(6):
        log.write_text(f"week {week}\n")
        subprocess.run(
            [LOGROTATE, "--force", "--state", str(tmp_path / "state"), str(config)], check=True, capture_output=True
        )
    expected = [f"{log.name}.1", *(f"{log.name}.{number}.gz" for number in (2, 3, 4))]
    assert sorted(path.name for path in logs.iterdir()) == expected
    assert (logs / expected[0]).read_text() == "week 5\n"
    for path in logs.iterdir():
        os.utime(path, (1, 1))
    subprocess.run([IRL, "--root", tmp_path / "irl", "clean"], check=True, capture_output=True)
    assert sorted(path.name for path in logs.iterdir()) == expected
