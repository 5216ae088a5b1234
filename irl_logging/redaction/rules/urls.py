"""Credentials in URLs and connection strings."""

from __future__ import annotations

from irl_logging.redaction.keynames import Verdict
from irl_logging.redaction.rule import Rule
from irl_logging.redaction.rules.contexts import context

_RFC3986 = "https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1"
_SAS = "https://learn.microsoft.com/rest/api/storageservices/create-service-sas"
_PRESIGNED = "https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html"
_HOSTED = "https://git-scm.com/docs/git-credential"

RULES: tuple[Rule, ...] = (
    context(
        "url-password",
        "password of a URL's user",
        _RFC3986,
        r"""[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#"'<>@:\\\x00]*:([^\s/"'<>@\\\x00]+(?:@[^\s/"'<>@\\?&\x00]+)*)@""",
        "postgres://jane:<alnum 14>@db.example.com/app",
        "redis://:<alnum 14>@host",
        allow=(r"\w+\]", r"\]\w+\[:\w+", r"-\w*\}:\$\{\w+\}", r"[\[\]]+\w+[\[\]]*"),
        head=r"://[^\s/\x00]*:[^\s/\x00]+@",
        keywords=("@",),
        near=(
            "ftp://[[user][:pass]@]host[:port]/",
            "https://${USER:-jane}:${PASSWORD}@localhost/",
        ),
    ),
    context(
        "url-password-slash",
        "password with a slash in a database URL",
        _RFC3986,
        r"""(?:postgres(?:ql)?|mysql|mariadb|mongodb|redis|rediss|amqps?|clickhouse)(?:\+\w+)?://[^\s/?#"'<>@:\\\x00]*:([^\s"'<>@\\\x00]+)@[\w.-]+""",
        "mysql://jane:<alnum 8>/<alnum 8>@host",
        head=r"(?:postgres(?:ql)?|mysql|mariadb|mongodb|redis|rediss|amqps?|clickhouse)(?:\+\w+)?://[^\s/@\x00]*:[^\s@\x00]+@",
        keywords=("@",),
        allow=(r"\[\w+\]+",),
        near=("postgres://db.example.com/app", "redis://[[username]:[password]]@localhost:6379/0"),
    ),
    context(
        "url-user-token",
        "token in place of a URL's user",
        _HOSTED,
        r"""[A-Za-z][A-Za-z0-9+.-]*://([^\s/?#"'<>@:\\\x00]{16,})(?::(?:x-oauth-basic|api_token|[xX_]|)?)?@(?:[^o]|o[^0-9]|o[0-9]+[^0-9.]|o[0-9]+\.[^i]|$)""",
        "https://<alnum 40>@github.com/acme/repo.git",
        says=Verdict.WEAK,
        allow=(r"[\w.+-]+%40[\w.-]+",),  # an address
        near=("https://0f1e2d3c4b5a69788796a5b4c3d2e1f0@o123456.ingest.sentry.io/123456",),
        head=r"://[^\s/@:?#\"']{16,}(?::|@)",
        keywords=("@",),
    ),
    context(
        "query-key",
        "key or one-time code in a query",
        "https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2",
        r"[?&](?:amp;)?(?i:key|code|auth|sid|ticket|sig|signature|hmac|hash|appkey|app_?id_?secret|access|k|tk|invite|state_token|st|authkey|api_?sig|magic|otp|login_token|verify|confirm|confirmation|ak|sk|user_?key|wskey|devkey|rsskey|crumb|tok|geniekey)=([^\s&\"'<>\\#;,\x00]{12,})",
        "https://api.example.com/v1?key=<alnum 32>&page=2",
        says=Verdict.WEAK,
    ),
    context(
        "query-user-password",
        "password in a query beside its user",
        "https://docs.influxdata.com/influxdb/v1/tools/api/",
        r"[?&](?:u|user|username|login)=[^&\s\"']{1,80}&(?:p|pw|pass)=([^&\s\"'#]{3,200})",
        "http://db:8086/write?db=metrics&u=jane&p=<alnum 14>",
    ),
    context(
        "query-app-key",
        "key that a service wants as its app id in a query",
        "https://openweathermap.org/appid",
        r"(?:openweathermap\.org|aladhan|wolframalpha\.com|openexchangerates\.org|translate\.yandex)[^\s\"']{0,300}[?&](?i:app_?id)=([A-Za-z0-9-]{12,64})",
        "https://api.openweathermap.org/data/2.5/weather?q=Oslo&appid=<hex 32>",
        says=None,
    ),
    context(
        "query-app-id",
        "key that a service calls its app id, in a query",
        "https://openweathermap.org/appid",
        r"[?&](?i:app_?id)=([0-9a-f]{32})(?:[&\s\"'<>#,;)]|$)",
        "GET /data/2.5/weather?q=Oslo&appid=<hex 32>",
        says=None,
        near=("GET /connect?appid=wx0123456789abcdef",),
    ),
    context(
        "path-session",
        "session of a servlet container in the path of a URL",
        "https://jakarta.ee/specifications/servlet/6.0/",
        r";(?i:jsessionid|phpsessid|sid|aspsessionid)=([A-Za-z0-9._!-]{16,})",
        "GET /view;jsessionid=<HEX 32>?x=1",
        says=Verdict.WEAK,
    ),
    context(
        "device-code",
        "device code of an OAuth flow",
        "https://www.rfc-editor.org/rfc/rfc8628",
        r"(?i:device_?code)[\"']?\s*[=:]\s*[\"']?([A-Za-z0-9._~-]{20,})",
        "POST /token device_code=<hex 40>&client_id=cli",
        '{"device_code": "<alnum 40>"}',
        says=Verdict.WEAK,
    ),
    context(
        "proxy-url-password",
        "password in place of a proxy URL's user",
        "https://trojan-gfw.github.io/trojan/trojan-url",
        r"(?:trojan(?:-go)?|hysteria2?|hy2|anytls)://([^\s@/?#:\"'<>]{4,400})@",
        "trojan://<alnum 14>@proxy.example.com:443?security=tls",
    ),
    context(
        "cvs-root",
        "password in the root of a CVS repository",
        "https://www.gnu.org/software/trans-coord/manual/cvs/html_node/Password-authentication-client.html",
        r":[gk]?(?:p|ss)?server:[^\s:@]{1,80}:([^\s@]{3,200})@",
        "cvs -d :pserver:jane:<alnum 14>@cvs.example.com:/root login",
        near=(":pserver:anonymous@cvs.example.com:/root",),
    ),
    context(
        "wifi-code",
        "passphrase in the text of a wireless network's QR code",
        "https://github.com/zxing/zxing/wiki/Barcode-Contents#wi-fi-network-config-android-ios-11",
        r"WIFI:(?:[TSHRI]:(?:[^;\\\n]|\\.){0,80};)*P:((?:[^;\\\n\x00]|\\.){4,200});",
        "WIFI:T:WPA;S:office;P:<alnum 14>;;",
        near=("WIFI:T:nopass;S:guest;;",),
    ),
    context(
        "sas-signature",
        "signature of an Azure shared access URL or token",
        _SAS,
        r"[?&;](?i:sig)=([A-Za-z0-9%+/=_-]{20,})",
        "sv=2022-11-02&sig=<b64 40>%3D",
        says=None,
    ),
    context(
        "presigned-signature",
        "signature, credential or token of a presigned URL",
        _PRESIGNED,
        r"(?i:X-(?:Amz|Goog|Oss|Cos|Tos|Obs)-(?:Signature|Security-Token|Credential)|(?:^|[?&])Signature|hdnt[sl]|hdnea|q-signature)=([A-Za-z0-9%+/=_.~*-]{16,})",
        "X-Amz-Signature=<hex 64>",
        says=None,
    ),
    context(
        "cloudfront-cookie",
        "signature of a CloudFront cookie",
        "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-signed-cookies.html",
        r"CloudFront-Signature[\"']?\s?[=:,]\s?[\"']?([A-Za-z0-9+/=_~-]{40,})",
        "CloudFront-Signature=<url 200>__",
        says=None,
    ),
    context(
        "jdbc-password",
        "password in a JDBC or ADO.NET connection string",
        "https://learn.microsoft.com/dotnet/framework/data/adonet/connection-string-syntax",
        r"(?i:[;?&:](?:password|pwd|passwd)\s*=\s*)\{?([^\s;&\"'}]{3,})",
        "Server=db;User ID=sa;Password=<alnum 14>;Encrypt=True",
    ),
    context(
        "shared-access-key",
        "SharedAccessKey, AccountKey or SharedSecretValue of a connection string",
        _SAS,
        r"(?i:(?:Shared)?Access(?:Key|Signature)|AccountKey|SharedSecretValue|PrimaryKey|SecondaryKey)=([A-Za-z0-9+/=%_-]{20,})",
        "SharedAccessKey=<b64 43>=",
        says=None,
    ),
    context(
        "hosted-path-token",
        "token that a service wants in the path of its URL",
        "https://docs.docker.com/",
        r"(?:index\.docker\.io|dl\.cloudsmith\.io|repo\.fury\.io|packagecloud\.io/priv|npm\.fontawesome\.com|heartbeat\.uptimerobot\.com|hc-ping\.com|push\.databox\.com|hook\.[a-z0-9.]*make\.com|hooks\.airtable\.com/workflows/v1/genericWebhook|api\.telegram\.org/bot|events\.pagerduty\.com/integration|discord\.com/api/interactions|api\.opsgenie\.com/v2/integrations|in\.logs\.betterstack\.com|webhook\.site|ntfy\.sh|gotify)/([A-Za-z0-9_/.-]{16,})",
        "https://hc-ping.com/<uuid>",
        "https://webhook.site/<uuid>",
        says=None,
    ),
)
