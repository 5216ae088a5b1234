"""Clouds, hosting and content delivery."""

from __future__ import annotations

from irl_logging.redaction.rule import Rule, shape

_AWS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html"
_STS = "https://docs.aws.amazon.com/STS/latest/APIReference/API_Credentials.html"
_BEDROCK = "https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html"
_LWA = "https://developer-docs.amazon.com/sp-api/docs/connecting-to-the-selling-partner-api"
_OAUTH = "https://developers.google.com/identity/protocols/oauth2"
_AZURE = "https://github.com/microsoft/security-utilities"
_ENTRA = "https://learn.microsoft.com/entra/identity-platform/howto-create-service-principal-portal"
_DO = "https://docs.digitalocean.com/reference/api/create-personal-access-token/"
_NETLIFY = "https://docs.netlify.com/api-and-cli-guides/api-guides/get-started-with-api/"
_VERCEL = "https://vercel.com/docs/rest-api#authentication"
_FLY = "https://fly.io/docs/security/tokens/"
_CLOUDFLARE = "https://developers.cloudflare.com/fundamentals/api/get-started/token-formats/"
_YANDEX = "https://yandex.cloud/en/docs/iam/concepts/authorization/"
_HEROKU = "https://devcenter.heroku.com/articles/platform-api-reference#authentication"
_AKAMAI = "https://techdocs.akamai.com/developer/docs/edgegrid"
_DENO = "https://docs.deno.com/deploy/api/"
_BACKBLAZE = "https://www.backblaze.com/docs/cloud-storage-application-keys"

RULES: tuple[Rule, ...] = (
    shape("aws-access-key", "AWS access key id", _AWS, "(AKIA|ASIA|ABIA|ACCA)<upper 16>"),
    shape("aws-a3t-key", "AWS access key id of the old kind", _AWS, "A3T<upper 17>", floor=3.0),
    shape("aws-bedrock-key", "AWS Bedrock long-term API key", _BEDROCK, "ABSK<b64 100+>"),
    shape("aws-bedrock-short", "AWS Bedrock short-term API key", _BEDROCK, "bedrock-api-key-<b64 40+>"),
    shape("aws-session-token", "AWS session token", _STS, "(IQoJb3JpZ2lu|FwoGZXIvYXdz|FQoGZXIvYXdz)<b64 80+>"),
    shape(
        "aws-ecr-password",
        "password of AWS's container registry",
        "https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html",
        "eyJwYXlsb2FkIjoi<b64 100+>",
    ),
    shape("aws-mws", "Amazon Marketplace token", _LWA, "amzn.mws.<uuid>"),
    shape(
        "aws-appsync",
        "AWS AppSync API key",
        "https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html",
        "da2-<lower 26>",
    ),
    shape("amazon-client-secret", "Login with Amazon client secret", _LWA, "amzn1.oa2-cs.v1.<hex 64>"),
    shape("amazon-oauth", "Login with Amazon access or refresh token", _LWA, "(Atza|Atzr)|<url 60+>"),
    shape("gcp-api-key", "Google API key", "https://cloud.google.com/docs/authentication/api-keys", "AIza<url 35>"),
    shape(
        "gcp-bound-key",
        "Google API key bound to a service account",
        "https://cloud.google.com/docs/authentication/api-keys",
        "AQ.Ab8<url 40+>",
    ),
    shape("google-client-secret", "Google OAuth client secret", _OAUTH, "GOCSPX-<url 28>"),
    shape("google-access-token", "Google OAuth access token", _OAUTH, "ya29.<dotted 20+>"),
    shape("google-refresh-token", "Google OAuth refresh token", _OAUTH, "1//0<url 40+>"),
    shape(
        "google-hmac-key",
        "Cloud Storage HMAC access id",
        "https://cloud.google.com/storage/docs/authentication/hmackeys",
        "GOOG1E<upper 55>",
        "GOOG<upper 20>",
    ),
    shape(
        "firebase-server-key",
        "Firebase Cloud Messaging server key",
        "https://firebase.google.com/docs/cloud-messaging/auth-server",
        "AAAA<url 7>:APA91b<url 100+>",
    ),
    shape(
        "azure-client-secret",
        "Microsoft Entra client secret",
        _ENTRA,
        "<word 3><digit 1>Q~<unreserved 31-34>",
        head=r"[0-9]Q~",
        keywords=("q~",),
    ),
    shape(
        "azure-storage-key",
        "Azure key of 64 bytes with the mark of its service: storage, Cosmos DB, Batch, API management",
        _AZURE,
        "<b64 76>(+ASt|+ABa|+AMC|ACDb|APIM)<b64 6>==",
    ),
    shape(
        "azure-identifiable",
        "Azure key with the mark of its service: Service Bus, Event Hubs, relay, IoT, Redis, Event Grid, functions, search",
        _AZURE,
        "<b64 33>(+ASb|+AEh|+ARm|AIoT|AzCa|AZEG)<b64 6>=",
        "<url 44>AzFu<url 6>==",
        "<alnum 42>AzSe<alnum 6>",
        near=("<hex 40>AzCa<hex 2>",),
    ),
    shape(
        "azure-cognitive-key",
        "Azure AI services key",
        _AZURE,
        "<alnum 52>JQQJ9(9|D|H)<alnum 20+>",
        "<alnum 60-76>AAA(A|B)ACOG<alnum 4>",
    ),
    shape("azure-container-registry", "Azure Container Registry password", _AZURE, "<b64 42>+ACR<alnum 6>"),
    shape(
        "azure-devops-pat",
        "Azure DevOps personal access token",
        "https://learn.microsoft.com/azure/devops/organizations/accounts/use-personal-access-tokens-to-authenticate",
        "<alnum 76>AZDO<alnum 4>",
    ),
    shape(
        "alibaba-access-key",
        "Alibaba Cloud AccessKey id",
        "https://www.alibabacloud.com/help/en/ram/user-guide/create-an-accesskey-pair",
        "LTAI<alnum 12-26>",
        floor=3.0,
    ),
    shape(
        "alibaba-sts",
        "Alibaba Cloud security token",
        "https://www.alibabacloud.com/help/en/ram/product-overview/what-is-sts",
        "STS.<alnum 20+>",
        mixed=True,
    ),
    shape(
        "tencent-secret-id",
        "Tencent Cloud SecretId",
        "https://www.tencentcloud.com/document/product/598/32675",
        "AKID<alnum 32-40>",
    ),
    shape(
        "volcengine-access-key",
        "Volcengine access key",
        "https://www.volcengine.com/docs/6291/65568",
        "AKLT<b64any 40+>",
    ),
    shape(
        "baidu-access-key",
        "Baidu AI Cloud access key",
        "https://cloud.baidu.com/doc/Reference/s/9jwvz2egb",
        "ALTAK<alnum 21>",
    ),
    shape("yandex-api-key", "Yandex Cloud API key", _YANDEX, "AQVN<url 35-40>"),
    shape(
        "yandex-static-key",
        "Yandex Cloud static access key",
        _YANDEX,
        "YCAJE<url 20>",
        "YC(M|N|O|P)<url 37>",
        mixed=True,
        floor=3.8,
    ),
    shape(
        "digitalocean-model",
        "DigitalOcean model access key",
        "https://docs.digitalocean.com/products/gradient-ai-platform/how-to/manage-model-access-keys/",
        "sk-do-<url 40+>",
    ),
    shape("heroku-token", "Heroku API token", _HEROKU, "HRKU-<url 36+>"),
    shape("netlify-token", "Netlify token", _NETLIFY, "nf(p|c|o|u|b)_<alnum 36-60>"),
    shape(
        "vercel-blob",
        "Vercel Blob read-write token",
        "https://vercel.com/docs/vercel-blob",
        "vercel_blob_rw_<alnum 10-24>_<alnum 20+>",
    ),
    shape("vercel-token", "Vercel token", _VERCEL, "vc(p|i|a|r|k)_<alnum 24+>", mixed=True),
    shape("flyio-token", "Fly.io macaroon", _FLY, "fm(1r|1a|2)_<b64any 60+>"),
    shape("flyio-personal", "Fly.io personal token", _FLY, "fo1_<url 40+>"),
    shape("cloudflare-origin-ca", "Cloudflare Origin CA key", _CLOUDFLARE, "v1.0-<hex 24>-<hex 146>"),
    shape("cloudflare-token", "Cloudflare global key, user or account token", _CLOUDFLARE, "cf(k|ut|at)_<alnum 40+>"),
    shape(
        "cloudflare-tunnel",
        "Cloudflare tunnel token",
        "https://developers.cloudflare.com/cloudflare-one/networks/connectors/cloudflare-tunnel/",
        "eyJhIjoi<b64any 80+>",
    ),
    shape(
        "cloudflare-turnstile",
        "Cloudflare Turnstile secret",
        "https://developers.cloudflare.com/turnstile/get-started/",
        "0x4AAAAAA<url 26>",
        near=("0x4AAAAAA<alnum 15>",),
    ),
    shape("render-key", "Render API key", "https://render.com/docs/api", "rnd_<alnum 24+>"),
    shape(
        "scaleway-access-key",
        "Scaleway access key",
        "https://www.scaleway.com/en/docs/iam/how-to/create-api-keys/",
        "SCW<upper 17>",
        floor=3.0,
    ),
    shape("exoscale-key", "Exoscale API key", "https://community.exoscale.com/product/iam/", "EXO<hex 24>"),
    shape(
        "upcloud-token",
        "UpCloud API token",
        "https://upcloud.com/docs/guides/getting-started-upcloud-api/",
        "ucat_<upper 24+>",
    ),
    shape(
        "akamai-edgegrid",
        "Akamai EdgeGrid client or access token",
        _AKAMAI,
        "akab-<lower 16>-<lower 16>",
        tight=True,
        near=("akab-<lower 16>-<lower 16>.luna.akamaiapis.net",),
    ),
    shape("deno-token", "Deno Deploy token", _DENO, "dd(p|o|s|w)_<alnum 36+>"),
    shape("backblaze-key", "Backblaze application key", _BACKBLAZE, "K00<digit 1><b64 27>", mixed=True, tight=True),
    shape(
        "oracle-auth-token",
        "Oracle Cloud instance token",
        "https://docs.oracle.com/iaas/Content/Identity/home.htm",
        "ST$eyJ<dotted 60+>",
    ),
    shape(
        "tigris-key",
        "Tigris access key",
        "https://www.tigrisdata.com/docs/iam/manage-access-key/",
        "tid_<url 24+>",
        "tsec_<url 40+>",
        mixed=True,
        tight=True,
    ),
    shape(
        "cloudinary-url",
        "Cloudinary environment with its secret",
        "https://cloudinary.com/documentation/how_to_integrate_cloudinary",
        "cloudinary://{<digit 15>:<url 20+>}",
    ),
    shape(
        "modal-token",
        "Modal token",
        "https://modal.com/docs/reference/modal.config",
        "(ak|as)-<alnum 22>",
        mixed=True,
        tight=True,
    ),
    shape("runpod-key", "RunPod API key", "https://docs.runpod.io/get-started/api-keys", "rpa_<alnum 31+>"),
    shape(
        "coreweave-token",
        "CoreWeave access token",
        "https://docs.coreweave.com/",
        "CW-SECRET-<alnum 20+>",
    ),
    shape("yandex-iam-token", "Yandex Cloud IAM token", _YANDEX, "t1.<url 30+>.<url 80+>"),
    shape("yandex-oauth", "Yandex OAuth token", _YANDEX, "y(0|1|2|3)_<url 50+>"),
    shape("digitalocean-token", "DigitalOcean personal, OAuth or refresh token", _DO, "do(p|o|r)_v1_<hex 64>"),
    shape(
        "digitalocean-spaces",
        "DigitalOcean Spaces access key",
        "https://docs.digitalocean.com/products/spaces/how-to/manage-access/",
        "DO(00|801)<upper 16-17>",
        floor=3.0,
    ),
    shape(
        "snowflake-token",
        "Snowflake session or master token",
        "https://docs.snowflake.com/en/developer-guide/sql-api/authenticating",
        "ver:<digit 1>-hint:<digit 4-20>-<b64 60+>(==|=)?",
    ),
)
