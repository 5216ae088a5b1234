"""Other services: planning, documents, identity, maps, commerce tools."""

from __future__ import annotations

import string
from dataclasses import replace

from irl_logging.redaction.rule import Rule, shape

_LINEAR = "https://linear.app/developers/graphql"
_ASANA = "https://developers.asana.com/docs/personal-access-token"
_NOTION = "https://developers.notion.com/docs/authorization"
_DROPBOX = "https://developers.dropbox.com/oauth-guide"
_FIGMA = "https://www.figma.com/developers/api#access-tokens"
_AIRTABLE = "https://airtable.com/developers/web/api/authentication"
_POSTMAN = "https://learning.postman.com/docs/developer/postman-api/authentication/"
_MAPBOX = "https://docs.mapbox.com/help/getting-started/access-tokens/"
_TRELLO = "https://developer.atlassian.com/cloud/trello/guides/rest-api/authorization/"
_OKTA = "https://developer.okta.com/docs/guides/create-an-api-token/main/"
_SUPABASE = "https://supabase.com/docs/guides/api/api-keys"
_PLANETSCALE = "https://planetscale.com/docs/api/reference/service-tokens"
_CONTENTFUL = "https://www.contentful.com/developers/docs/references/authentication/"
_TYPEFORM = "https://www.typeform.com/developers/get-started/personal-access-token/"
_WORKOS = "https://workos.com/docs/reference/api-keys"

RULES: tuple[Rule, ...] = (
    shape("linear-token", "Linear API key, OAuth token or webhook secret", _LINEAR, "lin_(api|oauth|wh)_<alnum 32+>"),
    replace(
        shape(
            "asana-token",
            "Asana personal access token",
            _ASANA,
            "<digit 1>/<digit 13-17>:<hex 32>",
            "0/<hex 32>",
            "<digit 1>/<digit 13-17>/<digit 13-17>:<hex 32>",
            near=("GET /cache/0/<hex 32>",),
        ),
        edges=string.ascii_letters + string.digits + "_-./",
    ),
    shape("notion-token", "Notion integration token", _NOTION, "ntn_<alnum 40+>", "secret_<alnum 43>", mixed=True),
    shape("dropbox-token", "Dropbox access token", _DROPBOX, "sl.(u.)?<url 100+>", "sl.<url 100+>"),
    shape("dropbox-long-token", "Dropbox long-lived token", _DROPBOX, "<alnum 11>AAAAAAAAAA<url 43>"),
    shape("figma-token", "Figma personal or OAuth token", _FIGMA, "fig(d|p|o|u|or|ur|oh)_<url 30+>"),
    shape(
        "airtable-token",
        "Airtable personal access token",
        _AIRTABLE,
        "pat<alnum 14>.<alnum 60+>",
        "oaa<alnum 14>.<alnum 60+>",
        "oaa<alnum 14>.v1.<dotted 60+>",
    ),
    shape(
        "postman-key",
        "Postman API or collection key",
        _POSTMAN,
        "PMAK-<hex 24>-<hex 34>",
        "PMAT-<upper 26+>",
        "PMAK-<url 40+>",
    ),
    shape("mapbox-token", "Mapbox secret or temporary token", _MAPBOX, "(sk|tk).eyJ<url 40+>.<url 20+>"),
    shape(
        "clickup-token",
        "ClickUp personal token",
        "https://developer.clickup.com/docs/authentication",
        "pk_<digit 5-9>_<upper 32>",
    ),
    shape("trello-token", "Trello token", _TRELLO, "ATTA<Hex 64+>"),
    shape("frameio-token", "Frame.io developer token", "https://developer.adobe.com/frameio/", "fio-(u|o|a)-<url 40+>"),
    shape(
        "intra42-secret",
        "42 Intra client id or secret",
        "https://api.intra.42.fr/apidoc/guides/getting_started",
        "(s|u)-s4t2(ud|af)-<hex 64+>",
    ),
    shape(
        "planetscale-token",
        "PlanetScale token, password or OAuth secret",
        _PLANETSCALE,
        "pscale_(tkn|pw|oauth|api|otkn|oid)_<dotted 30+>",
    ),
    shape("neon-key", "Neon API key", "https://neon.com/docs/manage/api-keys", "napi_<lower 40+>"),
    shape(
        "neon-role-password", "Neon role password", "https://neon.com/docs/manage/roles", "npg_<alnum 12+>", mixed=True
    ),
    shape(
        "databricks-token",
        "Databricks personal access or OAuth token",
        "https://docs.databricks.com/dev-tools/auth/pat",
        "d(api|kea|ose|oss)<hex 32>-<digit 1>",
        "d(api|kea|ose|oss)<hex 32>",
    ),
    shape(
        "aiven-password",
        "Aiven service password",
        "https://aiven.io/docs/platform/howto/change-password",
        "AVNS_<url 16+>",
    ),
    shape(
        "aiven-token",
        "Aiven API token",
        "https://aiven.io/docs/platform/howto/create_authentication_token",
        "aivenv1 {<b64any 40+>}",
    ),
    shape(
        "crunchy-key",
        "Crunchy Bridge API key",
        "https://docs.crunchybridge.com/api-concepts/authentication",
        "cbkey_<alnum 20+>",
    ),
    shape(
        "cockroach-key",
        "CockroachDB Cloud API key",
        "https://www.cockroachlabs.com/docs/cockroachcloud/managing-access",
        "CCDB1_<alnum 22>_<alnum 40>",
    ),
    shape(
        "clickhouse-secret",
        "ClickHouse Cloud key secret",
        "https://clickhouse.com/docs/cloud/manage/openapi",
        "4b1d<alnum 38>",
    ),
    shape("xata-key", "Xata API key", "https://xata.io/docs/getting-started/api-keys", "xa(u|o)_<alnum 24-44>"),
    shape(
        "fauna-key",
        "Fauna secret",
        "https://docs.fauna.com/fauna/current/reference/security/keys/",
        "fn(A|B|a)<url 30-40>",
        mixed=True,
        tight=True,
    ),
    shape(
        "edgedb-key",
        "Gel (EdgeDB) secret key",
        "https://docs.geldata.com/cloud/http_gql",
        "(nbwt1|edbt1|nbwt|edbt)_<b64any 60+>",
    ),
    shape(
        "tinybird-token",
        "Tinybird token",
        "https://www.tinybird.co/docs/get-started/administration/auth-tokens",
        "p.eyJ<b64any 30+>.<b64any 20+>",
    ),
    shape(
        "confluent-key",
        "Confluent Cloud API secret",
        "https://docs.confluent.io/cloud/current/security/authenticate/workload-identities/service-accounts/api-keys/",
        "cflt<b64 60>",
    ),
    shape(
        "mongodb-atlas",
        "MongoDB Atlas service account secret",
        "https://www.mongodb.com/docs/atlas/api/service-accounts-overview/",
        "mdb_sa_sk_<url 40+>",
    ),
    shape(
        "convex-key",
        "Convex deploy key",
        "https://docs.convex.dev/cli/deploy-key-types",
        "(prod|dev|preview):<slug 4-40>|<b64any 40+>",
    ),
    shape(
        "liveblocks-key",
        "Liveblocks secret key",
        "https://liveblocks.io/docs/authentication",
        "sk_(dev|prod|live)_<url 20+>",
    ),
    shape("contentful-token", "Contentful management token", _CONTENTFUL, "CFPAT-<url 40+>"),
    shape("sanity-token", "Sanity API token", "https://www.sanity.io/docs/http-auth", "sk<alnum 78+>", mixed=True),
    shape(
        "readme-key",
        "ReadMe API key",
        "https://docs.readme.com/main/reference/authentication",
        "rdme_x(p|n)?_<lower 60+>",
        "rdme_<lower 60+>",
    ),
    shape("typeform-token", "Typeform personal token", _TYPEFORM, "tfp_<dotted 40+>"),
    shape(
        "cal-com-key",
        "Cal.com API key",
        "https://cal.com/docs/api-reference/v1/authentication",
        "cal_(live_)?<hex 32+>",
    ),
    shape("workos-key", "WorkOS API key", _WORKOS, "sk_(live|test)_<alnum 20+>", "sk_<b64any 60+>", mixed=True),
    shape(
        "stytch-secret",
        "Stytch secret",
        "https://stytch.com/docs/api/authentication",
        "secret-(test|live)-{<url 20+>(=)?}",
        "project-(test|live)-secret-<url 20+>",
    ),
    shape(
        "censys-token",
        "Censys personal access token",
        "https://docs.censys.com/reference/get-started",
        "censys_<alnum 8>_<alnum 20+>",
    ),
    shape(
        "descope-key",
        "Descope management key",
        "https://docs.descope.com/",
        "K(2|3)<alnum 27>:K(2|3)<alnum 40+>",
        "K(2|3)<alnum 60+>",
        mixed=True,
    ),
    shape(
        "ory-token",
        "Ory API key or session token",
        "https://www.ory.com/docs/security-compliance/token-formats",
        "ory_(pat|st|at|rt|ac|apikey|wak)_<dotted 24+>",
    ),
    shape(
        "onfido-token",
        "Onfido API token",
        "https://documentation.onfido.com/",
        "api_(live|sandbox|live_us|live_ca)_<alnum 11>.<url 32>",
        "api_(live|sandbox)(_us|_ca)?.<url 11>.<url 32>",
    ),
    shape(
        "scrapfly-key",
        "Scrapfly key",
        "https://scrapfly.io/docs/scrape-api/getting-started",
        "scp-(live|test)-<hex 32+>",
    ),
    shape(
        "rapidapi-key", "RapidAPI key", "https://docs.rapidapi.com/docs/keys", "<hex 10>msh<hex 15>p<hex 6>jsn<hex 12>"
    ),
    shape("locationiq-key", "LocationIQ API key", "https://docs.locationiq.com/docs/authentication", "pk.<hex 32>"),
    shape(
        "pubnub-key",
        "PubNub secret key",
        "https://www.pubnub.com/docs/general/setup/account-setup",
        "sec-c-<b64any 36+>",
        "sec-c-<uuid>",
        near=("sub-c-<uuid>",),
    ),
    shape("deel-token", "Deel API token", "https://developer.deel.com/docs/api-tokens-1", "dpat_<alnum 20+>"),
    shape(
        "trigger-dev-key",
        "Trigger.dev key",
        "https://trigger.dev/docs/apikeys",
        "tr_(dev|prod|stg|preview)_(sk_)?<alnum 20+>",
        "tr_(pat|oat)_<alnum 20+>",
        near=("pk_dev_<alnum 20>",),
    ),
    shape("val-town-token", "Val Town token", "https://docs.val.town/api/authentication/", "vtwn_<url 24+>"),
    shape("unkey-key", "Unkey root key", "https://www.unkey.com/docs/security/root-keys", "unkey_<alnum 20+>"),
    shape(
        "scalingo-token", "Scalingo API token", "https://developers.scalingo.com/", "tk-us-<url 40+>", "tk-<url 40+>"
    ),
    shape(
        "adobe-secret",
        "Adobe OAuth client secret",
        "https://developer.adobe.com/developer-console/docs/guides/credentials/",
        "p8e-<alnum 32>",
        "p8e-<url 28+>",
    ),
    shape(
        "canva-secret",
        "Canva client secret",
        "https://www.canva.dev/docs/connect/authentication/",
        "cnvca<url 40+>",
        mixed=True,
    ),
    shape("tally-key", "Tally API key", "https://developers.tally.so/", "tly-<alnum 20+>"),
    shape(
        "maxmind-key",
        "MaxMind license key",
        "https://dev.maxmind.com/geoip/release-notes/2023-03-16-changes-to-maxmind-license-keys/",
        "<alnum 6>_<alnum 29-60>_mmk",
    ),
    shape(
        "defined-networking",
        "Defined Networking token",
        "https://docs.defined.net/guides/automating-host-creation/",
        "dnkey-<url 26>-<url 52>",
        "dnkey-<url 40+>",
    ),
    shape("paseto-token", "PASETO token", "https://paseto.io/", "v(1|2|3|4).(local|public).<url 40+>"),
    shape(
        "sidekiq-key",
        "Sidekiq Pro credential URL",
        "https://github.com/sidekiq/sidekiq/wiki/Commercial-FAQ",
        "<hex 8>:<hex 8>@(gems|enterprise).contribsys.com",
    ),
    shape(
        "artillery-key",
        "Artillery Cloud key",
        "https://www.artillery.io/docs/get-started/artillery-cloud",
        "a9_<alnum 32>",
    ),
    shape("infracost-key", "Infracost API key", "https://www.infracost.io/docs/", "ico-<alnum 32+>"),
    shape(
        "standard-webhook-key",
        "Prefixed webhook secret",
        "https://www.standardwebhooks.com/",
        "(whsk|whpk)_<b64any 24+>",
    ),
    shape(
        "settlemint-token",
        "Settlemint token",
        "https://console.settlemint.com/documentation/",
        "sm_(pat|aat|sat)_<alnum 16>",
    ),
    shape(
        "nylas-key",
        "Nylas API key",
        "https://developer.nylas.com/docs/v3/auth/",
        "nyk_<alnum 30+>",
        "nyk_v0_<alnum 60+>",
    ),
    shape("plain-key", "Plain API key", "https://www.plain.com/docs", "plainApiKey_<word 30+>"),
    shape("arcjet-key", "Arcjet site key", "https://docs.arcjet.com/", "ajkey_<lower 20+>", mixed=True),
    shape(
        "harvest-token",
        "Harvest personal access token",
        "https://help.getharvest.com/api-v2/authentication-api/authentication/authentication/",
        "<digit 4-9>.pt.<url 60+>",
        mixed=True,
    ),
    shape("webflow-token", "Webflow workspace or site token", "https://developers.webflow.com/", "ws-<hex 64>"),
    shape("weblate-token", "Weblate token", "https://www.weblate.org/en/", "wl(u|p)_<alnum 36+>"),
    shape(
        "zuplo-key",
        "Zuplo API key",
        "https://zuplo.com/docs/articles/api-key-management",
        "zpka_<lower 32>_<hex 8>",
        "zpkv_<word 30+>",
    ),
    shape(
        "supabase-key",
        "Supabase access token or secret key",
        _SUPABASE,
        "sbp_<hex 40+>",
        "sbp_oauth_<hex 40+>",
        "sb_secret_<url 20+>",
        "sbp_v0_<hex 40+>",
        near=("sb_publishable_<alnum 31>",),
    ),
)
