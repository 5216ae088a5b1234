"""Who runs: the first that says so."""

from __future__ import annotations

import subprocess

import pytest

from irl_logging import Execution, identity


@pytest.mark.parametrize(
    ("given", "environ", "expected"),
    [
        ("agent-x", {"CLAUDECODE": "1"}, "agent-x"),
        (None, {"CLAUDECODE": "1", "GITHUB_ACTOR": "octo"}, "agent-claude-code"),
        ("", {"GEMINI_CLI": "1"}, "agent-gemini-cli"),
        (None, {"CLAUDECODE": "", "GITHUB_ACTOR": "octo"}, "ci:octo"),
        (None, {"GITLAB_USER_LOGIN": "lab"}, "ci:lab"),
    ],
)
def test_what_is_given_then_the_tool_then_the_job(given, environ, expected):
    """An argument, the agent that started us, the person behind a CI job."""
    assert identity.agent_name(given, environ=environ) == expected


def test_a_person_is_who_git_knows(tmp_path):
    """`git config user.name`, with `human:` before it."""
    identity._person.cache_clear()
    subprocess.run(["git", "config", "--global", "user.name", "Samson"], check=True)
    assert identity.agent_name(environ={}) == "human:Samson"
    identity._person.cache_clear()


def test_without_git_it_is_the_user(monkeypatch):
    """The operating system's name for them."""
    identity._person.cache_clear()
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("LOGNAME", "samson")
    assert identity.agent_name(environ={}) == "human:samson"
    identity._person.cache_clear()


def test_the_order_in_an_execution(tmp_path, monkeypatch):
    """Argument, IRL_AGENT, config file, and only then what tools say."""
    (tmp_path / "pyproject.toml").write_text("[tool.irl_logging]\nagent = 'agent-file'\n")
    monkeypatch.setenv("CLAUDECODE", "1")

    def agent(**given):
        return Execution(tmp_path / "execution", fsync=False).start("deploy", **given).agent

    assert agent() == "agent-file"
    monkeypatch.setenv("IRL_AGENT", "agent-variable")
    assert [agent(), agent(agent="agent-argument")] == ["agent-variable", "agent-argument"]
