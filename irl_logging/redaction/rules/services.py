"""Vendors, by letter, whose keys have a prefix of their own: cloud, CI, model, payment and data services."""

from __future__ import annotations

from irl_logging.redaction.rule import Rule, shape

RULES: tuple[Rule, ...] = (
    shape("adafruit-io-key", "Adafruit IO key", "https://io.adafruit.com/api/docs/", "aio_<alnum 28>"),
    shape(
        "aftership-key",
        "AfterShip API key",
        "https://www.aftership.com/docs/tracking/quickstart/authentication",
        "asat_<hex 32>",
    ),
    shape("africastalking-key", "Africa's Talking API key", "https://developers.africastalking.com/", "atsk_<hex 64>"),
    shape(
        "aikido-secret",
        "Aikido client secret or CI token",
        "https://apidocs.aikido.dev/",
        "AIK_(SECRET|CLIENT|CI|RUNTIME)_<alnum 20+>",
    ),
    shape("alchemy-token", "Alchemy auth token", "https://www.alchemy.com/docs/", "alcht_<alnum 30>"),
    shape(
        "asaas-key",
        "Asaas API key",
        "https://docs.asaas.com/docs/autenticacao-1",
        "$aact_(prod|hmlg)_<b64any 40+>",
        "$aact_<b64any 60+>",
    ),
    shape(
        "astra-token",
        "DataStax Astra token",
        "https://docs.datastax.com/en/astra-db-serverless/administration/manage-application-tokens.html",
        "AstraCS:<alnum 20-30>:<hex 64>",
    ),
    shape(
        "azure-signed-key",
        "Azure key that carries the mark of its service: storage, Cosmos DB, Service Bus, Event Hubs, Redis, Batch, search",
        "https://learn.microsoft.com/purview/sit-defn-azure-storage-account-key-generic",
        "<b64 76>(+ASt|ACDb|+ABa|+AMC)<b64 6>==",
        "<b64 33>(+ASb|+AEh|+ARm|AIoT|APIM)<b64 6-7>=",
        "<b64 33>(AzCa|AzFu|AzSe)<b64 6-7>=",
        "<alnum 42>AzSe<alnum 6>",
        "<alnum 44>AzFu<alnum 5>=",
        near=("<hex 40>AzCa<hex 2>",),
    ),
    shape(
        "baidu-qianfan-key",
        "Baidu Qianfan API key",
        "https://cloud.baidu.com/doc/qianfan/s/wmh4sv6ya",
        "bce-v3/ALTAK-<url 10+>/<hex 40>",
    ),
    shape("bitgo-token", "BitGo access token", "https://developers.bitgo.com/", "v2x<hex 64>"),
    shape(
        "blockfrost-key",
        "Blockfrost project id",
        "https://docs.blockfrost.io/",
        "(mainnet|preprod|preview|testnet|ipfs)<alnum 32>",
        mixed=True,
    ),
    shape(
        "builder-io-key", "Builder.io private key", "https://www.builder.io/c/docs/using-your-api-key", "bpk-<hex 32>"
    ),
    shape(
        "chromatic-project-token",
        "Chromatic project token",
        "https://www.chromatic.com/docs/cli/",
        "chpt_<lower 12-40>",
    ),
    shape(
        "codesandbox-token", "CodeSandbox or Together API key", "https://codesandbox.io/docs/sdk", "csb_(v1_)?<url 30+>"
    ),
    shape(
        "configcat-key",
        "ConfigCat SDK key",
        "https://configcat.com/docs/sdk-reference/overview/",
        "configcat-sdk-1/<url 22>/<url 22>",
        "configcat-proxy/<url 10+>",
    ),
    shape("context7-key", "Context7 API key", "https://context7.com/docs", "ctx7sk-<uuid>"),
    shape(
        "coralogix-typed-key",
        "Coralogix typed key",
        "https://coralogix.com/docs/user-guides/account-management/api-keys/api-keys/",
        "cxt(p|h|e)_<alnum 30>",
    ),
    shape("covalent-key", "Covalent GoldRush API key", "https://goldrush.dev/docs/", "cqt_(rQ|wF)?<alnum 26+>"),
    shape("creem-key", "Creem API key", "https://docs.creem.io/", "creem_(test_)?<alnum 20+>"),
    shape("daytona-key", "Daytona API key", "https://www.daytona.io/docs/en/api-keys/", "dtn_<hex 64>"),
    shape(
        "deepsource-token",
        "DeepSource personal token or DSN",
        "https://docs.deepsource.com/docs/developers/api",
        "dsp_<hex 40>",
    ),
    shape(
        "devin-key",
        "Devin API key",
        "https://docs.devin.ai/api-reference/overview",
        "apk_(user_)?<b64any 40+>",
        "cog_<lower 40+>",
    ),
    shape("dynamic-token", "Dynamic.xyz API token", "https://www.dynamic.xyz/docs/", "dyn_<alnum 50+>"),
    shape(
        "ebay-cert",
        "eBay Cert ID",
        "https://developer.ebay.com/api-docs/static/creating-edp-account.html",
        "(PRD|SBX)-<hex 12>-<hex 4>-<hex 4>-<hex 4>-<hex 4>",
    ),
    shape(
        "fernet-token",
        "Fernet or Keystone token",
        "https://github.com/fernet/spec/blob/master/Spec.md",
        "gAAAAA<url 80+>",
    ),
    shape("hcaptcha-secret", "hCaptcha secret", "https://docs.hcaptcha.com/", "ES_<hex 32>", "0x<HEX 40>", tight=True),
    shape(
        "jsr-publish-token",
        "JSR or Deno token",
        "https://jsr.io/docs/api",
        "jsr(p|d)_<url 30+>",
        "dd(p|o|w)_<alnum 36>",
    ),
    shape(
        "k3s-token",
        "K3s or RKE2 join token",
        "https://docs.k3s.io/cli/token",
        "K10<hex 64>::<dotted 4-40>:<alnum 16+>",
        "K10<hex 64>::<lower 6>.<lower 16>",
    ),
    shape(
        "klarna-key",
        "Klarna API key",
        "https://docs.klarna.com/api/authentication/",
        "klarna_(live|test)_api_<b64any 40+>",
    ),
    shape(
        "materialize-password",
        "Materialize app password",
        "https://materialize.com/docs/security/cloud/",
        "mzp_<hex 64>",
    ),
    shape(
        "midtrans-key",
        "Midtrans server key",
        "https://docs.midtrans.com/reference/authorization-1",
        "Mid-server-<url 20+>",
    ),
    shape("minimax-key", "MiniMax API key", "https://platform.minimax.io/docs/", "sk-(api|cp)-<url 60+>"),
    shape(
        "missive-token", "Missive API token", "https://missiveapp.com/docs/developers/rest-api", "missive_pat-<url 40+>"
    ),
    shape(
        "openvsx-access-token",
        "Open VSX access token",
        "https://github.com/eclipse/openvsx/wiki/Publishing-Extensions",
        "ovsx(p|at)_<uuid>",
    ),
    shape(
        "packagist-org-token",
        "Packagist organisation or user token",
        "https://packagist.com/docs/api",
        "packagist_(out|ack|acs|uut|ort|ust|oat)_<hex 40+>",
    ),
    shape(
        "pinterest-token",
        "Pinterest access or refresh token",
        "https://developers.pinterest.com/docs/getting-started/",
        "pin(a|r|c)_<alnum 40+>",
    ),
    shape(
        "retool-token",
        "Retool API token",
        "https://docs.retool.com/org-users/guides/retool-api/authentication",
        "retool_01<lower 20+>",
    ),
    shape(
        "samsara-token",
        "Samsara API token",
        "https://developers.samsara.com/docs/authentication",
        "samsara_api_<alnum 20+>",
    ),
    shape("stackhawk-key", "StackHawk API key", "https://docs.stackhawk.com/apidocs.html", "hawk.<url 20>.<url 20>"),
    shape(
        "stytch-project-secret",
        "Stytch project secret",
        "https://stytch.com/docs/guides/dashboard/api-keys",
        "secret-(live|test)-{<url 20+>(=)?}",
    ),
    shape(
        "swarm-token",
        "Docker Swarm join token or unlock key",
        "https://docs.docker.com/reference/cli/docker/swarm/join-token/",
        "SWMTKN-1-<lower 40-60>-<lower 20-30>",
        "SWMKEY-1-<b64 43>",
    ),
    shape(
        "teamcity-token",
        "TeamCity access token",
        "https://www.jetbrains.com/help/teamcity/configuring-your-user-profile.html",
        "eyJ0eXAiOiAiVENWMiJ9.<url 20+>.<url 30+>",
    ),
    shape("twelvelabs-key", "Twelve Labs API key", "https://docs.twelvelabs.io/", "tlk_<upper 26+>"),
    shape(
        "wix-token", "Wix API key", "https://dev.wix.com/docs/rest/articles/get-started/api-keys", "IST.eyJ<dotted 40+>"
    ),
    shape(
        "woocommerce-key",
        "WooCommerce consumer key or secret",
        "https://woocommerce.github.io/woocommerce-rest-api-docs/",
        "c(k|s)_<hex 40>",
    ),
    shape(
        "youtrack-token",
        "YouTrack or Hub permanent token",
        "https://www.jetbrains.com/help/youtrack/devportal/authentication-with-permanent-token.html",
        "perm(-|:)<b64any 6+>(=|==)?.<b64any 4+>(=|==)?.<b64any 20+>",
    ),
)
