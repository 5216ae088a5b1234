"""The records of a run, wherever its log has gone."""

from __future__ import annotations

import gzip
import subprocess

from irl_logging import Execution
from irl_logging.history import lines, log_files, read
from irl_logging.storage.rotation import set_aside


def messages(execution, run):
    return [line.message for line in lines(execution.layout, run.log_file) if line.step == "build"]


def test_a_run_is_read_through_rotation_compression_and_the_archive(tmp_path):
    execution = Execution(tmp_path)
    run = execution.start("deploy")
    log = tmp_path / run.log_file
    month = tmp_path / "archive" / "2026-02"
    month.mkdir(parents=True)
    for number in range(3):
        run.log("INFO", "build", f"part {number}\nand more")
        aside = set_aside(log)
        run.lines.close()
        if number < 2:
            subprocess.run(["gzip", str(aside)], check=True)
        if number < 1:
            aside.with_name(f"{aside.name}.gz").rename(month / f"{aside.name}.gz")
    run.log("INFO", "build", "part 3")
    run.complete()
    assert len(log_files(execution.layout, run.log_file)) == 4
    assert messages(execution, run) == ["part 0\nand more", "part 1\nand more", "part 2\nand more", "part 3"]


def test_a_large_log_is_cut_at_records_only(tmp_path):
    text = "".join(
        f"[2026-02-08T00:47:25Z] [INFO] [deploy] [-] record {number} {'x' * 300}\n\t[not a record] {number}\n"
        for number in range(9_000)
    )
    (tmp_path / "a.log.gz").write_bytes(gzip.compress(text.encode(), 1))
    found = [line.message for line in read(tmp_path / "a.log.gz")]
    assert len(found) == 9_000
    assert all(f"[not a record] {number}" in message for number, message in enumerate(found))


def test_legacy_lines_get_the_name_of_the_file(tmp_path):
    execution = Execution(tmp_path)
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "incident-batch-2026-02-08.log").write_text("[2026-02-08T00:47:25Z] Listed 12 incidents\n")
    (line,) = lines(execution.layout, "logs/incident-batch-2026-02-08.log")
    assert (line.workflow, line.message) == ("incident-batch-2026-02-08", "Listed 12 incidents")
    (line,) = lines(execution.layout, "logs/incident-batch-2026-02-08.log", workflow="incident-batch")
    assert line.workflow == "incident-batch"
