"""Version control hosts and what is built on them."""

from __future__ import annotations

from irl_logging.redaction.rule import Rule, shape

_GITHUB = (
    "https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github"
)
_GITLAB = "https://docs.gitlab.com/security/tokens/"
_ATLASSIAN = "https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/"
_BITBUCKET = "https://support.atlassian.com/bitbucket-cloud/docs/access-tokens/"
_SOURCEGRAPH = "https://sourcegraph.com/docs/cli/how-tos/creating_an_access_token"
_PHABRICATOR = "https://secure.phabricator.com/book/phabdev/article/conduit/"
_JETBRAINS = "https://www.jetbrains.com/help/youtrack/devportal/Manage-Permanent-Token.html"

RULES: tuple[Rule, ...] = (
    shape(
        "github-token",
        "GitHub personal, OAuth, user, server or refresh token",
        _GITHUB,
        "ghs_<digit 1-12>_eyJ<dotted 60+>",
        "gh(p|o|u|s|r)_<word 30-255>",
    ),
    shape("github-fine-grained", "GitHub fine-grained personal access token", _GITHUB, "github_pat_<word 22+>"),
    shape("github-app-legacy", "GitHub App installation token of the old kind", _GITHUB, "v1.<hex 40>", tight=True),
    shape(
        "gitlab-routable",
        "GitLab token with routing information",
        _GITLAB,
        "gl(pat|rt|rtr|dt|cbt|oas|ptt|ft|agent|wt)-<url 20+>.<lower 2>.<lower 7-9>",
    ),
    shape("gitlab-token", "GitLab personal, project or group access token", _GITLAB, "glpat-<dotted 20+>"),
    shape("gitlab-deploy-token", "GitLab deploy token", _GITLAB, "gldt-<url 20+>"),
    shape("gitlab-feed-token", "GitLab feed token", _GITLAB, "glft-<url 20+>"),
    shape("gitlab-flags-token", "GitLab feature flags client token", _GITLAB, "glffct-<url 20+>"),
    shape("gitlab-mail-token", "GitLab incoming mail token", _GITLAB, "glimt-<url 20+>"),
    shape("gitlab-agent-token", "GitLab agent for Kubernetes token", _GITLAB, "glagent-<url 20+>"),
    shape("gitlab-oauth-secret", "GitLab OAuth application secret", _GITLAB, "gloas-<url 20+>"),
    shape("gitlab-scim-token", "GitLab SCIM token", _GITLAB, "glsoat-<url 20+>"),
    shape("gitlab-runner-token", "GitLab runner authentication token", _GITLAB, "glrt(r)?-<dotted 20+>"),
    shape("gitlab-runner-legacy", "GitLab runner registration token", _GITLAB, "GR1348941<url 20+>"),
    shape("gitlab-job-token", "GitLab CI job token", _GITLAB, "glcbt-<alnum 1-5>_<url 20+>", "glcbt-<url 20+>"),
    shape("gitlab-trigger-token", "GitLab pipeline trigger token", _GITLAB, "glptt-<url 20+>"),
    shape("gitlab-workspace-token", "GitLab workspace token", _GITLAB, "glwt-<url 20+>"),
    shape("bitbucket-app-password", "Bitbucket app password", _BITBUCKET, "ATBB<alnum 24-40>"),
    shape(
        "bitbucket-http-token",
        "Bitbucket Data Center HTTP access token",
        "https://confluence.atlassian.com/bitbucketserver/http-access-tokens-939515499.html",
        "BBDC-<b64any 40-48>",
        mixed=True,
        tight=True,
    ),
    shape("bitbucket-access-token", "Bitbucket repository access token", _BITBUCKET, "ATCTT3xFfGN0<b64any 100+>"),
    shape("atlassian-token", "Atlassian API token", _ATLASSIAN, "AT(ATT|STT|CTT|LTT)3<b64any 100+>"),
    shape(
        "sourcegraph-token",
        "Sourcegraph access token",
        _SOURCEGRAPH,
        "sg(p|ph)_<alnum 4-32>_<Hex 40>",
        "sg(p|ph)_<Hex 40>",
        near=("sgp_<hex 39>",),
    ),
    shape("sourcegraph-cody", "Sourcegraph Cody gateway or dotcom token", _SOURCEGRAPH, "s(lk|gd|gs|ams)_<hex 40-64>"),
    shape("amp-key", "Amp access token", "https://ampcode.com/manual", "sgamp_<url 30+>"),
    shape(
        "phabricator-token", "Phabricator Conduit token", _PHABRICATOR, "(api|cli)-<lower 28>", mixed=True, tight=True
    ),
    shape(
        "jetbrains-token",
        "JetBrains YouTrack, Hub or Space permanent token",
        _JETBRAINS,
        "perm(-|:)<b64any 4+>(=|==)?.<b64any 4+>(=|==)?.<b64any 20+>",
    ),
    shape("gitea-token", "Gitea scoped token", "https://docs.gitea.com/development/api-usage", "gt(a|r|s)_<lower 40+>"),
    shape(
        "gitguardian-token",
        "GitGuardian personal access token",
        "https://docs.gitguardian.com/api-docs/service-accounts",
        "gg(pat|sat)_<alnum 30+>",
    ),
    shape("graphite-token", "Graphite CLI token", "https://graphite.dev/docs/install-the-cli", "gt_<alnum 60+>"),
    shape(
        "codacy-token",
        "Codacy or CodeScene project token",
        "https://docs.codacy.com/codacy-api/api-tokens/",
        "codacy_<alnum 20+>",
    ),
    shape(
        "snyk-token",
        "Snyk service account token",
        "https://docs.snyk.io/enterprise-setup/service-accounts",
        "snyk_(uat|sat).<dotted 30+>",
        "snyk_(uat|sat)_<url 20+>",
    ),
    shape(
        "semgrep-token",
        "Semgrep app token",
        "https://semgrep.dev/docs/semgrep-ci/ci-environment-variables",
        "semgrep_<hex 40+>",
    ),
    shape("socket-token", "Socket API token", "https://docs.socket.dev/reference/authentication", "sktsec_<url 30+>"),
    shape(
        "cursor-key",
        "Cursor API key",
        "https://docs.cursor.com/account/teams/admin-api",
        "(key|crsr)_<hex 64>",
        "crsr_<url 40+>",
    ),
)
