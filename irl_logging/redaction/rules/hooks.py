"""URLs whose path is the credential: build and deploy hooks, intakes of logs and heartbeats, links that let one in."""

from __future__ import annotations

from irl_logging.redaction.keynames import Verdict
from irl_logging.redaction.rule import Rule, shape
from irl_logging.redaction.rules.contexts import context

_LOGGLY = "https://documentation.solarwinds.com/en/success_center/loggly/content/admin/http-bulk-endpoint.htm"
_PAGES = "https://developers.cloudflare.com/pages/configuration/deploy-hooks/"
_RESET = "https://docs.djangoproject.com/en/stable/topics/auth/default/"
_WAY_IN = (  # what the path of such a link says
    r"[Rr]eset[\w-]*|(?:[\w-]*[Pp]assword|[Aa]ccount)[-_/]?[Rr](?:eset|ecovery)|[Rr]ecover[\w-]*|[Ff]orgot[\w-]*"
    r"|[Aa]ctivat[\w-]*|[Cc]onfirm[\w-]*|verify[-_]?[Ee]mail|email[-_]?[Vv]erif[\w-]*|[Ii]nvit[\w-]*"
    r"|magic[-_]?[Ll]ink[\w-]*|passwordless|one[-_]?time[-_]?login|login[-_]?link"
)

RULES: tuple[Rule, ...] = (
    shape(
        "deploy-hook",
        "URL that starts a build or deployment: Netlify, Vercel, Cloudflare, Render, Docker Hub",
        _PAGES,
        "api.netlify.com/(build_hooks|preview_server_hooks)/{<hex 24>}",
        "api.vercel.com/v1/integrations/deploy/prj_<alnum 16-40>/{<alnum 8-40>}",
        "api.cloudflare.com/client/v4/pages/webhooks/deploy_hooks/{<uuid>}",
        "api.cloudflare.com/client/v4/workers/builds/deploy_hooks/{<uuid>}",
        "api.render.com/deploy/srv-<lower 20>?key={<url 8-40>}",
        "hub.docker.com/api/build/v1/source/<uuid>/trigger/{<uuid>}",
    ),
    shape(
        "log-intake",
        "URL of an intake of logs: Loggly, Datadog, Sumo Logic, Rapid7",
        _LOGGLY,
        "loggly.com/(inputs|bulk)/{<uuid>}",
        "datadoghq.(com|eu)/v1/input/{<hex 32>}",
        "ddog-gov.com/v1/input/{<hex 32>}",
        "sumologic.com/receiver/v1/http/{<b64any 40+>}",
        "webhook.logentries.com/noformat/logs/{<uuid>}",
        "insight.rapid7.com/v1/noformat/{<uuid>}",
    ),
    shape(
        "heartbeat-url",
        "URL of a heartbeat or alert: Better Stack, Cronitor, Grafana OnCall",
        "https://betterstack.com/docs/uptime/cron-and-heartbeat-monitor/",
        "betterstack.com/api/v1/heartbeat/{<alnum 20+>}",
        "betteruptime.com/api/v1/heartbeat/{<alnum 20+>}",
        "cronitor.link/p/{<hex 32>}",
        "grafana.net/integrations/v1/<word 3-40>/{<alnum 20+>}",
    ),
    context(
        "link-token",
        "token in the path of a link that resets a password, confirms an address or accepts an invitation",
        _RESET,
        rf"/(?:{_WAY_IN})(?:/[A-Za-z0-9_=-]{{1,24}}){{0,2}}/([A-Za-z0-9][A-Za-z0-9._~=-]{{19,400}})",
        "https://acme.example.com/reset-password/<url 43>",
        "https://acme.example.com/accounts/reset/MQ/<lower 6>-<hex 32>/",
        says=Verdict.WEAK,
        head=r"/(?:[\w-]*[Pp]assword|[Aa]ccount|email|verify|[Rr]eset|[Rr]ecover|[Ff]orgot|[Aa]ctivat|[Cc]onfirm|[Ii]nvit|magic|one[-_]?time|login)[\w-]*/",
        near=("/reset/the-password-of-your-account-now", "GET /confirm/orders/list-of-all-open-orders 200"),
    ),
    context(
        "reset-uuid",
        "UUID in the path of a link that resets a password",
        _RESET,
        r"/(?:[Rr]eset[-_]?[Pp]assword|[Pp]assword[-_/]?[Rr]eset|[Ff]orgot[-_]?[Pp]assword)(?:/[A-Za-z0-9_=-]{1,24})?/"
        r"([0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12})",
        "https://acme.example.com/password-reset/<uuid>",
        says=None,
        head=r"/(?:[Rr]eset[-_]?[Pp]assword|[Pp]assword[-_/]?[Rr]eset|[Ff]orgot[-_]?[Pp]assword)/",
        near=("/users/8f14e45f-ceea-467f-a0e6-1c7d0c0a2b1d/password-reset/done",),
    ),
)
