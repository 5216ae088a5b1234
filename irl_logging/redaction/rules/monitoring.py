"""Monitoring, logging, analytics and feature flags."""

from __future__ import annotations

from irl_logging.redaction.rule import Rule, shape

_GRAFANA = "https://grafana.com/docs/grafana/latest/administration/service-accounts/"
_NEWRELIC = "https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/"
_DYNATRACE = (
    "https://docs.dynatrace.com/docs/manage/identity-access-management/access-tokens-and-oauth-clients/access-tokens"
)
_SENTRY = "https://docs.sentry.io/account/auth-tokens/"
_HONEYCOMB = "https://docs.honeycomb.io/configure/environments/manage-api-keys/"
_POSTHOG = "https://posthog.com/docs/api"
_LAUNCHDARKLY = "https://launchdarkly.com/docs/home/account/api"

RULES: tuple[Rule, ...] = (
    shape("grafana-cloud-token", "Grafana Cloud access policy token", _GRAFANA, "glc_<b64any 30+>", mixed=True),
    shape(
        "grafana-service-account",
        "Grafana service account token",
        _GRAFANA,
        "glsa_<alnum 32>_<Hex 8>",
        "glsa_<word 30+>",
    ),
    shape("grafana-api-key", "Grafana API key of the old kind", _GRAFANA, "eyJrIjoi<b64any 60+>"),
    shape("newrelic-user-key", "New Relic user key", _NEWRELIC, "NRAK-<upper 27+>", "NRRA-<hex 42+>"),
    shape("newrelic-license", "New Relic license key", _NEWRELIC, "<lower 32>FFFFNRAL", "<lower 36>NRAL"),
    shape(
        "newrelic-insert-key",
        "New Relic insights or browser key",
        _NEWRELIC,
        "NRI(I|Q)-<url 32+>",
        "NR(JS|BR)-<hex 19>",
        "NR(SP|AA|BR)-<url 20+>",
    ),
    shape(
        "dynatrace-token",
        "Dynatrace token",
        _DYNATRACE,
        "dt0(a|c|s)<digit 2>.<upper 24>.<upper 64>",
        "dt0(a|c|s)<digit 2>.<upper 8-23>.<upper 64>",
    ),
    shape("sentry-token", "Sentry user auth or integration token", _SENTRY, "sntry(u|a|r|i|_u|_i)_<hex 64+>"),
    shape("sentry-org-token", "Sentry organization token", _SENTRY, "sntrys_eyJ<b64any 60+>"),
    shape(
        "honeycomb-key",
        "Honeycomb ingest or management key",
        _HONEYCOMB,
        "hc<letter 1>(ik|ic)_<lower 50+>",
        "hc<letter 1>mk_<lower 26>:<lower 32>",
        head=r"hc[A-Za-z](?:ik|ic|mk)_",
    ),
    shape(
        "datadog-token",
        "Datadog application key or personal access token with a prefix",
        "https://docs.datadoghq.com/account_management/personal-access-tokens/",
        "dd(pat|ap|app)_<alnum 30+>",
        near=("ddpat_<hex 8>",),
    ),
    shape(
        "posthog-key",
        "PostHog personal or feature flags key",
        _POSTHOG,
        "ph(x|s|r|a)_<alnum 36+>",
        near=("phc_<alnum 43>",),
    ),
    shape(
        "axiom-token", "Axiom API or personal token", "https://axiom.co/docs/reference/tokens", "xa(at|pt|it)-<uuid>"
    ),
    shape(
        "logtail-key",
        "Better Stack source token",
        "https://betterstack.com/docs/logs/api/getting-started/",
        "logtail_<alnum 20+>",
    ),
    shape(
        "launchdarkly-key", "LaunchDarkly API, SDK or mobile key", _LAUNCHDARKLY, "(api|sdk|mob|rel)-<uuid>", tight=True
    ),
    shape(
        "statsig-key",
        "Statsig server secret",
        "https://docs.statsig.com/sdk-keys/api-keys",
        "(secret|console|client)-<alnum 40+>",
        mixed=True,
    ),
    shape(
        "growthbook-key",
        "GrowthBook API key",
        "https://docs.growthbook.io/api-overview",
        "secret_(admin|readonly|user)_<alnum 16+>",
        "secret_<alnum 30+>",
        mixed=True,
    ),
    shape(
        "flagsmith-key",
        "Flagsmith server key",
        "https://docs.flagsmith.com/clients/server-side",
        "ser.<alnum 20-24>",
        mixed=True,
        tight=True,
        near=("jackson.databind.ser.BeanSerializerFactory",),
    ),
    shape(
        "unleash-key",
        "Unleash API token",
        "https://docs.getunleash.io/concepts/api-tokens-and-client-keys",
        "*:<slug 2-40>.<hex 40+>",
        "[]:<slug 2-40>.<hex 40+>",
        "<slug 1-40>:(development|production|staging|default|dev|prod|test).<hex 40+>",
        "<slug 1-40>:<slug 2-40>.<hex 56>",
    ),
    shape(
        "checkly-key",
        "Checkly API key",
        "https://www.checklyhq.com/docs/accounts-and-users/creating-api-key/",
        "cu_<hex 32>",
        "sv_<hex 32>",
    ),
    shape(
        "healthchecks-key",
        "Healthchecks ping or API key",
        "https://healthchecks.io/docs/api/",
        "hcw_<alnum 28+>",
        "hcr_<alnum 28+>",
    ),
    shape(
        "coralogix-key",
        "Coralogix API key",
        "https://coralogix.com/docs/user-guides/account-management/api-keys/api-keys/",
        "cx(t|u|o|up|tp|tph|te|th|ap|or)(p)?_<alnum 30>",
    ),
    shape(
        "mezmo-key",
        "Mezmo service or ingestion key",
        "https://docs.mezmo.com/docs/ingestion-key",
        "sts_<hex 32+>",
        "mezmo_<alnum 30+>",
    ),
    shape(
        "elastic-cloud-key",
        "Elastic Cloud API key",
        "https://www.elastic.co/docs/deploy-manage/api-keys",
        "essu_<b64any 60+>",
    ),
    shape("segment-token", "Segment public API token", "https://docs.segmentapis.com/", "sgp_<alnum 64+>"),
    shape(
        "uptimerobot-key",
        "UptimeRobot API key",
        "https://uptimerobot.com/api/",
        "(u|ur|m)<digit 6-10>-<hex 24>",
        "m<digit 6-10>-<hex 24>",
        mixed=True,
    ),
)
