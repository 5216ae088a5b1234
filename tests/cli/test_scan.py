"""`irl scan`."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import os
import shutil
import subprocess

import pytest

TOKEN = "ghp" + "_" + "a1B2c3D4e5" * 3 + "x9Y8z7"
LEAK = f"pushed with {TOKEN}\n"


@pytest.fixture
def execution(tmp_path):
    """An execution directory with nothing secret in it."""
    root = tmp_path / "execution"
    for name in ("logs", "results", "state", "active/journal", "archive/2026-01"):
        (root / name).mkdir(parents=True)
    (root / "README.md").write_text("# Execution\n\ntoken=[REDACTED:password]\n")
    (root / "logs/deploy.log").write_text("[2026-02-08T00:47:25Z] [INFO] [deploy] [-] all is well\n")
    return root


@pytest.fixture
def git(tmp_path):
    """Run git in the test's directory, which is made a repository, and return what it prints."""
    home = os.environ["HOME"]
    environ = {**os.environ, "HOME": home, "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_DATE": "1700000000 +0000"}
    names = ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL")
    environ |= dict.fromkeys(names, "samson")

    def run(*arguments: str) -> str:
        command = ["git", "-C", str(tmp_path), *arguments]
        return subprocess.run(command, env=environ, check=True, capture_output=True, text=True).stdout.strip()

    run("init", "-q", "-b", "main")
    return run


def commit(git, text: str) -> str:
    git("add", "-A")
    git("commit", "-q", "--allow-empty", "-m", text)
    return git("rev-parse", "HEAD")


def test_all_of_the_execution_directory_is_looked_at(irl, execution):
    (execution / "README.md").write_text(f"# Execution\n\n| deploy | {TOKEN} |\n")
    (execution / "logs/deploy.log").write_text("fine\n" + LEAK)
    (execution / "logs/old.log.gz").write_bytes(gzip.compress(LEAK.encode()))
    (execution / "logs/older.log.bz2").write_bytes(bz2.compress(LEAK.encode()))
    (execution / "logs/oldest.log.xz").write_bytes(lzma.compress(LEAK.encode()))
    (execution / "results/deploy.json").write_text(json.dumps({"summary": LEAK}))
    (execution / "state/deploy.json").write_text('{"db_password": "tr0ub4dor&3x"}')
    (execution / "active/journal/h-0.jsonl").write_text(LEAK)
    (execution / "archive/2026-01/README.md").write_text(LEAK)
    answer = irl("scan")
    assert (answer.code, answer.err) == (1, b"")
    assert answer.out.decode().splitlines() == [
        "execution/README.md:3:12: github-token",
        "execution/active/journal/h-0.jsonl:1:13: github-token",
        "execution/archive/2026-01/README.md:1:13: github-token",
        "execution/logs/deploy.log:2:13: github-token",
        "execution/logs/old.log.gz:1:13: github-token",
        "execution/logs/older.log.bz2:1:13: github-token",
        "execution/logs/oldest.log.xz:1:13: github-token",
        "execution/results/deploy.json:1:26: github-token",
        "execution/state/deploy.json:1:18: password",
        "9 findings in 9 files: github-token 8, password 1",
    ]


def test_clean_is_0_and_placeholders_are_clean(irl, execution):
    answer = irl("scan")
    assert (answer.code, answer.out, answer.err) == (0, b"No secrets in 2 files.\n", b"")


def test_nothing_there_is_clean(irl):
    assert irl("scan").out == b"No secrets in 0 files.\n"


def test_files_as_pre_commit_gives_them(start_irl, execution):
    """As a process of its own, by relative names; what is not named is not looked at, a name that comes twice is once."""
    (execution / "logs/deploy.log").write_text(LEAK)
    process = start_irl("scan", "execution/logs/deploy.log", "execution/README.md", "execution/logs/deploy.log")
    out, err = process.communicate()
    assert (process.returncode, err) == (1, b"")
    assert out == b"execution/logs/deploy.log:1:13: github-token\n1 finding in 2 files: github-token 1\n"
    process = start_irl("scan", "execution/README.md")
    assert process.communicate() == (b"No secrets in 1 file.\n", b"")
    assert process.returncode == 0


def test_wrong_usage_is_2(irl):
    assert irl("scan", "missing.log").code == 2
    assert irl("scan", "--unknown").code == 2


def test_json_for_programs(irl, execution):
    (execution / "logs/deploy.log").write_text(LEAK)
    answer = irl("scan", "--json")
    assert answer.code == 1
    assert json.loads(answer.out) == {
        "version": 1,
        "files": 2,
        "versions": 0,
        "findings": [{"path": "execution/logs/deploy.log", "line": 1, "column": 13, "rule": "github-token"}],
        "counts": {"github-token": 1},
        "failures": [],
    }


def test_what_cannot_be_looked_at_is_not_called_clean(irl, execution):
    """What stands before the damage is found."""
    (execution / "logs/damaged.log.gz").write_bytes(gzip.compress((LEAK * 1_000).encode() + os.urandom(99_999))[:-9])
    (execution / "logs/no.log.gz").write_text("not packed\n")
    answer = irl("scan", "execution/logs/damaged.log.gz")
    assert answer.code == 1
    assert answer.out.startswith(b"execution/logs/damaged.log.gz:1:13: github-token\n")
    assert answer.err.startswith(b"irl: not examined: execution/logs/damaged.log.gz: it cannot be unpacked: ")
    answer = irl("scan", "--json", "execution/logs/no.log.gz")
    assert (answer.code, json.loads(answer.out)["failures"][0]["path"]) == (1, "execution/logs/no.log.gz")


def test_links_are_not_followed_out_of_the_directory(irl, execution, tmp_path):
    (tmp_path / "elsewhere.log").write_text(LEAK)
    (execution / "logs/link.log").symlink_to(tmp_path / "elsewhere.log")
    assert irl("scan").code == 0
    assert irl("scan", "execution/logs/link.log").code == 1


def test_names_are_shown_harmless(irl, execution):
    (execution / f"logs/{TOKEN}\x1b[31m\n.log").write_text(LEAK)
    out = irl("scan").out.decode()
    assert out.splitlines()[0] == "execution/logs/[REDACTED:github-token]\\x1b[31m\\n.log:1:13: github-token"


def test_a_reader_that_goes_away_ends_it_quietly(start_irl, execution):
    (execution / "logs/deploy.log").write_text(LEAK * 2_000)
    read, write = os.pipe()
    os.close(read)
    process = start_irl("scan", stdout=write)
    os.close(write)
    assert (process.stderr.read(), process.wait()) == (b"", 141)


def test_values_of_the_environment_when_asked(irl, execution, monkeypatch):
    value = "correct-horse-" + "battery-7391"
    monkeypatch.setenv("DEPLOY_PASSWORD", value)
    (execution / "logs/deploy.log").write_text(f"it was {value} then\n")
    assert irl("scan").code == 0
    assert irl("scan", "--environment").out.startswith(b"execution/logs/deploy.log:1:8: registered\n")


def test_what_git_remembers_is_found_by_the_commit_that_brought_it(irl, git, execution):
    """Also when it is gone since, or came by a branch that was merged, or stands on one that was not, or under a tag."""
    commit(git, "clean")
    log = execution / "logs/deploy.log"
    log.write_text("one\n" + LEAK)
    brought = commit(git, "leak")
    (execution / "logs/copy of it\n.log").write_text("one\n" + LEAK)
    (execution / "logs/packed.log.gz").write_bytes(gzip.compress(LEAK.encode(), mtime=0))
    packed = commit(git, "copy")
    git("checkout", "-q", "-b", "side", "HEAD~2")
    (execution / "results/r.json").write_text(json.dumps({"a": LEAK}))
    side = commit(git, "side")
    git("checkout", "-q", "main")
    git("merge", "-q", "--no-edit", "side")
    git("checkout", "-q", "--detach")
    (execution / "state/s.json").write_text(json.dumps({"b": LEAK}))
    tagged = commit(git, "tagged")
    git("tag", "v1")
    git("checkout", "-q", "main")
    shutil.rmtree(execution)
    commit(git, "remove all")
    answer = irl("scan", "--git")
    assert (answer.code, answer.err) == (1, b"")
    *found, summary = answer.out.decode().splitlines()
    assert sorted(found) == sorted(
        [
            f"{brought}:execution/logs/deploy.log:2:13: github-token",
            f"{packed}:execution/logs/packed.log.gz:1:13: github-token",
            f"{side}:execution/results/r.json:1:20: github-token",
            f"{tagged}:execution/state/s.json:1:20: github-token",
        ]
    )
    assert summary == "4 findings in 0 files and 6 versions in git: github-token 4"


def test_history_of_the_named_paths_only(irl, git, execution):
    (execution / "logs/deploy.log").write_text(LEAK)
    (execution / "logs/other.log").write_text(LEAK + "other\n")
    leak = commit(git, "leak")
    (execution / "logs/deploy.log").write_text("clean\n")
    found = irl("scan", "--git", "execution/logs/deploy.log").out.decode().splitlines()
    assert found[:-1] == [f"{leak}:execution/logs/deploy.log:1:13: github-token"]
    document = json.loads(irl("scan", "--git", "--json", "execution/logs/deploy.log").out)
    assert document["findings"] == [
        {"commit": leak, "path": "execution/logs/deploy.log", "line": 1, "column": 13, "rule": "github-token"}
    ]


def test_nothing_is_changed_and_no_configuration_counts(start_irl, git, execution, tmp_path):
    """As a process of its own, in a repository whose settings change what git prints, in a hook's environment."""
    (execution / "logs/deploy.log").write_text(LEAK)
    leak = commit(git, "leak")
    for name, value in (("log.showSignature", "true"), ("diff.relative", "true"), ("core.quotePath", "true")):
        git("config", name, value)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    hook = {"GIT_DIR": ".git", "GIT_INDEX_FILE": ".git/index"}
    process = start_irl("scan", "--git", "logs", cwd=execution, env=hook)
    out, err = process.communicate()
    assert (process.returncode, err) == (1, b"")
    assert f"{leak}:execution/logs/deploy.log:1:13: github-token" in out.decode().splitlines()
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_without_a_repository_there_is_no_history(irl, execution):
    answer = irl("scan", "--git")
    assert (answer.code, answer.out) == (0, b"No secrets in 2 files and 0 versions in git.\n")
    assert answer.err.decode() == f"irl: no history: {execution} is not in a git repository\n"


def test_a_repository_without_commits_is_clean(irl, git, execution):
    assert (irl("scan", "--git").code, irl("scan", "--git").err) == (0, b"")


def test_a_history_that_cannot_be_read_is_not_called_clean(irl, git, execution, tmp_path, monkeypatch):
    commit(git, "clean")
    with monkeypatch.context() as patched:
        patched.setenv("PATH", str(tmp_path / "no-programs"))
        answer = irl("scan", "--git")
    assert answer.code == 1
    assert b"cannot be read without git" in answer.err
    (tmp_path / ".git/HEAD").write_text("broken\n")
    answer = irl("scan", "--git", str(execution))
    assert answer.code == 1
    assert b"git cannot read the history" in answer.err


def test_a_shallow_clone_is_not_called_clean(irl, git, execution, tmp_path):
    commit(git, "one")
    commit(git, "two")
    clone = tmp_path / "clone"
    git("clone", "-q", "--depth", "1", tmp_path.as_uri(), str(clone))
    answer = irl("scan", "--git", str(clone / "execution"))
    assert answer.code == 1
    assert b"the clone is shallow" in answer.err
