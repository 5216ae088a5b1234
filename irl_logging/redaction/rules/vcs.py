"""Version control hosts."""

from __future__ import annotations

from irl_logging.redaction.rule import Rule, shape

_GITHUB = (
    "https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github"
)
_GITLAB = "https://docs.gitlab.com/security/tokens/"

RULES: tuple[Rule, ...] = (
    shape(
        "github-token", "GitHub token: personal, OAuth, user, server, refresh", _GITHUB, "gh(p|o|u|s|r)_<alnum 30-255>"
    ),
    shape("github-fine-grained", "GitHub fine-grained personal access token", _GITHUB, "github_pat_<word 22+>"),
    shape("gitlab-token", "GitLab personal, project or group access token", _GITLAB, "glpat-<url 20+>"),
)
