"""Package registries and stores."""

from __future__ import annotations

from irl_logging.redaction.rule import Rule, shape

_PYPI = "https://warehouse.readthedocs.io/api-reference/"
_NPM = "https://github.blog/changelog/2021-09-23-npm-has-a-new-access-token-format/"
_NUGET = "https://learn.microsoft.com/nuget/nuget-org/publish-a-package"

RULES: tuple[Rule, ...] = (
    shape("pypi-token", "PyPI or TestPyPI upload token", _PYPI, "pypi-AgE<url 50+>", near=("pypi-<slug 60>",)),
    shape("npm-token", "npm access token", _NPM, "npm_<alnum 36-64>"),
    shape("rubygems-key", "RubyGems API key", "https://guides.rubygems.org/api-key-scopes/", "rubygems_<hex 48>"),
    shape("nuget-key", "NuGet API key", _NUGET, "oy2<lower 43>"),
    shape(
        "crates-token",
        "crates.io token",
        "https://doc.rust-lang.org/cargo/reference/publishing.html",
        "cio<alnum 32>",
        "cio_tp_<alnum 32>",
    ),
    shape(
        "clojars-token",
        "Clojars deploy token",
        "https://github.com/clojars/clojars-web/wiki/Deploy-Tokens",
        "CLOJARS_<lower 60>",
    ),
    shape("hex-key", "Hackage or Hex API key", "https://hex.pm/docs/publish", "hexpm_<hex 32+>"),
    shape(
        "packagist-token",
        "Packagist token",
        "https://packagist.com/docs/api",
        "packagist_(out|ack|acs|uut|ort|ust|oat)_<hex 40+>",
    ),
    shape("jsr-deno-token", "JSR token", "https://jsr.io/docs/api", "jsr(p|d)_<url 20+>"),
    shape(
        "openvsx-token",
        "Open VSX access token",
        "https://github.com/eclipse/openvsx/wiki/Publishing-Extensions",
        "ovsx(p|at)_<uuid>",
        "ovsxat_<alnum 20+>",
    ),
    shape(
        "gitpod-token",
        "Gitpod personal access token",
        "https://www.gitpod.io/docs/configure/user-settings/access-tokens",
        "gitpod_pat_<dotted 40+>",
    ),
    shape("fury-token", "Gemfury token", "https://gemfury.com/help/tokens/", "fury_<alnum 20+>"),
    shape(
        "conda-token",
        "Anaconda token in a channel URL",
        "https://www.anaconda.com/docs/tools/anaconda-org/user-guide/tasks/work-with-accounts",
        "/t/{<uuid>}/",
        "/t/{<lower 2>-<uuid>}/",
    ),
    shape(
        "revenuecat-key",
        "RevenueCat secret key",
        "https://www.revenuecat.com/docs/projects/authentication",
        "(sk|atk|goog|appl)_<letter 32>",
        mixed=True,
    ),
)
