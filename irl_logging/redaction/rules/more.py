"""Further vendors, by letter: smaller services whose keys have a look of their own."""

from __future__ import annotations

import string
from dataclasses import replace

from irl_logging.redaction.rule import Rule, shape

RULES: tuple[Rule, ...] = (
    shape(
        "authress-key",
        "Authress service client key",
        "https://authress.io/knowledge-base/docs/authorization/service-clients",
        "(sc|ext|scauth|authress)_<alnum 5-30>.<alnum 4-6>.acc(_|-)<url 10-32>.<b64any 30+>",
    ),
    shape("nightfall-key", "Nightfall API key", "https://help.nightfall.ai/developer-api", "NF-<alnum 32>"),
    shape("spectral-key", "SpectralOps personal or team key", "https://guides.spectralops.io/", "sp(u|t)-<lower 32+>"),
    shape("fleetbase-key", "Fleetbase API key", "https://docs.fleetbase.io/", "flb_(live|test)_<alnum 20>"),
    shape("flexport-token", "Flexport access token", "https://developers.flexport.com/", "shltm_<url 40+>"),
    shape(
        "recharge-key",
        "Recharge API token",
        "https://developer.rechargepayments.com/",
        "sk(_test)?_<digit 1>x<digit 1>_<Hex 64>",
    ),
    shape("robinhood-key", "Robinhood Crypto API key", "https://docs.robinhood.com/crypto/trading/", "rh-api-<uuid>"),
    shape("salad-key", "SaladCloud API key", "https://docs.salad.com/", "salad_cloud_<word 1-30>_<alnum 20+>"),
    shape(
        "shutterstock-token", "Shutterstock OAuth token", "https://api-reference.shutterstock.com/", "v2/<alnum 200+>"
    ),
    shape(
        "ubidots-token",
        "Ubidots token",
        "https://docs.ubidots.com/reference/authentication",
        "BBFF-<alnum 30+>",
        "BBUS-<alnum 30+>",
    ),
    shape(
        "gemini-exchange-key",
        "Gemini exchange API key",
        "https://docs.gemini.com/",
        "(master|account)-<alnum 20>",
        mixed=True,
        tight=True,
    ),
    shape(
        "freemius-key", "Freemius secret key", "https://freemius.com/help/documentation/", "sk_<alnum 29>", mixed=True
    ),
    shape(
        "ghost-admin-key",
        "Ghost Admin API key",
        "https://ghost.org/docs/admin-api/#token-authentication",
        "<hex 24>:<hex 64>",
    ),
    shape("apideck-key", "Apideck API key", "https://developers.apideck.com/get-started", "sk_live_<uuid>-<alnum 20+>"),
    shape(
        "agora-token", "Agora RTC token", "https://docs.agora.io/en/", "00(6|7)<alnum 32>IA<b64 60+>", "007eJx<b64 60+>"
    ),
    shape(
        "crossmint-key",
        "Crossmint server key",
        "https://docs.crossmint.com/introduction/platform/api-keys",
        "sk_(production|staging|development)_<b58 40+>",
    ),
    shape(
        "porkbun-key",
        "Porkbun API or secret key",
        "https://porkbun.com/api/json/v3/documentation",
        "(pk|sk)1_<hex 64+>",
    ),
    shape(
        "dnsimple-token",
        "DNSimple access token",
        "https://developer.dnsimple.com/v2/#authentication",
        "dnsimple_(u|a|o|oa)_<alnum 20+>",
    ),
    shape("storj-grant", "Storj access grant", "https://storj.dev/dcs/access", "1<b58 180+>", mixed=True),
    shape(
        "wakatime-key",
        "WakaTime secret key",
        "https://wakatime.com/developers",
        "waka_<uuid>",
        "waka_(sec|tok|ref)_<alnum 60+>",
        "sec_<alnum 60+>",
    ),
    shape("lichess-token", "Lichess personal token", "https://lichess.org/api", "li(p|o)_<alnum 20+>"),
    shape(
        "roblox-cookie",
        "Roblox session cookie",
        "https://create.roblox.com/docs/cloud/auth",
        "_|WARNING:-DO-NOT-SHARE-THIS.<upper 1>",
    ),
    shape("riot-key", "Riot Games API key", "https://developer.riotgames.com/docs/portal", "RGAPI-<uuid>"),
    shape(
        "openrouteservice-key",
        "openrouteservice key",
        "https://openrouteservice.org/",
        "5b3ce3597851110001cf6248<hex 32>",
    ),
    shape("hex-tech-token", "Hex API token", "https://learn.hex.tech/docs/api/api-overview", "hxt(p|w)_<alnum 40+>"),
    shape(
        "dbt-token",
        "dbt Cloud token",
        "https://docs.getdbt.com/docs/dbt-cloud-apis/authentication",
        "dbt(u|c|s|t)_<url 30+>",
        mixed=True,
    ),
    shape(
        "secret-token-uri",
        "token of the `secret-token:` URI scheme",
        "https://www.rfc-editor.org/rfc/rfc8959",
        "secret-token:<url 16+>",
    ),
    shape(
        "metabase-key",
        "Metabase API key",
        "https://www.metabase.com/docs/latest/people-and-groups/api-keys",
        "mb_<b64 40+>",
    ),
    shape(
        "nocodb-token", "NocoDB API token", "https://docs.nocodb.com/account-settings/api-tokens/", "nc_pat_<url 30+>"
    ),
    shape(
        "appwrite-key", "Appwrite API key", "https://appwrite.io/docs/advanced/platform/api-keys", "standard_<hex 100+>"
    ),
    shape(
        "qstash-key",
        "Upstash QStash signing key or token",
        "https://upstash.com/docs/qstash/howto/signature",
        "sig_<alnum 24-40>",
        "eyJVc2VySUQiOiI<b64any 60+>",
        mixed=True,
    ),
    shape(
        "svix-key", "Svix API token", "https://api.svix.com/docs", "(testsk|sk)_<url 32>.(eu|us|in|ca|au)", mixed=True
    ),
    shape("hookdeck-key", "Hookdeck API key", "https://hookdeck.com/docs/api", "hkdk_<alnum 30+>"),
    shape(
        "northflank-token",
        "Northflank API token",
        "https://northflank.com/docs/v1/api/use-the-api",
        "nf-eyJ<dotted 60+>",
    ),
    shape(
        "gitbook-token",
        "GitBook API token",
        "https://developer.gitbook.com/gitbook-api/authentication",
        "gb_api_<alnum 40+>",
    ),
    shape(
        "mintlify-key",
        "Mintlify API key",
        "https://mintlify.com/docs/api-reference/introduction",
        "mint_<alnum 20+>",
        near=("mint_dsc_<alnum 24>",),
    ),
    shape(
        "percy-token",
        "Percy project token",
        "https://www.browserstack.com/docs/percy",
        "(web|app|auto|ss|vmw|res)_<hex 64>",
    ),
    shape("chromatic-token", "Chromatic project token", "https://www.chromatic.com/docs/", "chpt_<lower 12-40>"),
    shape("argos-token", "Argos project token", "https://argos-ci.com/docs", "argos_<hex 40+>"),
    replace(
        shape(
            "transifex-token",
            "Transifex API token",
            "https://developers.transifex.com/reference/api-authentication",
            "1/<hex 40>",
            near=("GET /objects/1/<hex 40>",),
        ),
        edges=string.ascii_letters + string.digits + "_-./",
    ),
    shape("tolgee-key", "Tolgee API key or access token", "https://docs.tolgee.io/", "tg(pak|pat)_<lower 40+>"),
    shape(
        "bunny-key",
        "bunny.net storage password or account key",
        "https://docs.bunny.net/reference/storage-api",
        "<hex 8>-<hex 4>-<hex 4>-<hex 12>-<hex 4>-<hex 4>",
        "<hex 8>-<hex 4>-<hex 4>-<hex 4>-<hex 20>-<hex 4>-<hex 4>-<hex 4>-<hex 12>",
        head=r"-[0-9a-f]{4}-[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{4}|-[0-9a-f]{4}-[0-9a-f]{20}-[0-9a-f]{4}-",
        near=("<uuid>",),
    ),
    shape(
        "coingecko-key",
        "CoinGecko API key",
        "https://docs.coingecko.com/reference/authentication",
        "CG-<alnum 24>",
        mixed=True,
        tight=True,
    ),
    shape("corbado-secret", "Corbado API secret", "https://docs.corbado.com/", "corbado1_<alnum 20+>", mixed=True),
    shape(
        "databento-key",
        "Databento API key",
        "https://databento.com/docs/portal/api-keys",
        "db-<alnum 29>",
        mixed=True,
        tight=True,
        floor=3.8,
    ),
    shape(
        "steampipe-token",
        "Steampipe or Turbot Pipes token",
        "https://turbot.com/pipes/docs/da-settings",
        "(spt|tpt)_<lower 20>_<lower 24-26>",
    ),
    shape(
        "localstack-token",
        "LocalStack auth token",
        "https://docs.localstack.cloud/aws/getting-started/auth-token/",
        "ls-<alnum 8>-<alnum 4>-<alnum 4>-<alnum 4>-<alnum 12>",
        mixed=True,
        tight=True,
    ),
    shape("bannerbear-key", "Bannerbear API key", "https://developers.bannerbear.com/", "bb_(pr|ma)_<hex 30+>"),
    shape(
        "zoop-key",
        "Zoop publishable key, which is its secret too",
        "https://docs.zoop.co/",
        "zpk_(test|prod)_<alnum 24+>",
        mixed=True,
    ),
    shape(
        "iyzico-key",
        "iyzico sandbox API or secret key",
        "https://docs.iyzico.com/en",
        "sandbox-<alnum 32>",
        mixed=True,
        tight=True,
    ),
    shape(
        "cfx-key",
        "Cfx.re server key",
        "https://docs.fivem.net/docs/server-manual/",
        "cfxk_<alnum 16-24>_<alnum 5-7>",
        mixed=True,
    ),
    shape(
        "naver-key",
        "Naver Cloud access key or its secret",
        "https://guide.ncloud-docs.com/docs/en/subaccount-accesskey",
        "ncp_iam_<alnum 18+>",
        mixed=True,
    ),
    shape(
        "pangea-token", "Pangea service token", "https://pangea.cloud/docs/", "pts_<lower 32>", mixed=True, tight=True
    ),
    shape(
        "smtp2go-key",
        "SMTP2GO API key",
        "https://developers.smtp2go.com/docs/authentication",
        "api-<HEX 32>",
        tight=True,
    ),
    shape(
        "miro-token",
        "Miro access token",
        "https://developers.miro.com/docs/getting-started-with-oauth",
        "eyJtaXJvLm9yaWdpbiI6<b64any 20+>",
    ),
    shape(
        "nutrient-key",
        "Nutrient (PSPDFKit) API key",
        "https://www.nutrient.io/api/documentation/",
        "pdf_(live|test)_<url 43>",
        mixed=True,
        floor=4.0,
    ),
    shape("block-protocol-key", "Block Protocol API key", "https://blockprotocol.org/docs", "b10ck5.<hex 32>.<uuid>"),
    shape("quicknode-key", "QuickNode API key", "https://www.quicknode.com/docs/console-api", "QN_<hex 32>"),
    shape(
        "t-invest-token",
        "T-Invest (Tinkoff) API token",
        "https://developer.tbank.ru/invest/intro/intro/token",
        "t.<url 86>",
        mixed=True,
        tight=True,
        floor=4.2,
    ),
    shape(
        "yookassa-key",
        "YooKassa secret key",
        "https://yookassa.ru/developers/using-api/interaction-format",
        "(live|test)_<url 43>",
        mixed=True,
        tight=True,
        floor=4.4,
        near=("test_<lower 5>_of_the_longest_names_there_are_in_tests",),
    ),
    shape(
        "paytabs-key",
        "PayTabs server key",
        "https://docs.paytabs.com/",
        "S<upper 9>-J<upper 9>-<upper 10>",
        head=r"(?:^|[^A-Za-z0-9])S[A-Z0-9]{9}-J[A-Z0-9]{9}-",
        tight=True,
        keywords=("-j",),
    ),
    shape("vectara-key", "Vectara API key", "https://docs.vectara.com/docs/", "z(wt|ut|qt)_<url 36+>", mixed=True),
    shape(
        "jwt-base64",
        "JSON web token in base64",
        "https://www.rfc-editor.org/rfc/rfc7519",
        "ZXlK(aGJHY2lPaU|MGVYQWlPaU|cmFXUWlPaU|bGJtTWlPaU)<b64any 40+>",
    ),
    shape(
        "microsoft-refresh-token",
        "refresh token of a Microsoft account",
        "https://learn.microsoft.com/entra/identity-platform/refresh-tokens",
        "M.(C|R)<digit 1-3>_(BAY|BL2|SN1|DM5).<opaque 40+>",
    ),
    shape(
        "lark-token",
        "tenant or user access token of Lark",
        "https://open.larksuite.com/document/server-docs/getting-started/api-access-token/g",
        "(t|u)-g1<alnum 38>",
        mixed=True,
    ),
)
