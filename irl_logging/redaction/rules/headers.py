"""HTTP headers that carry credentials; cookies are `cookies`'s."""

from __future__ import annotations

from irl_logging.redaction.keynames import Verdict
from irl_logging.redaction.rule import Rule
from irl_logging.redaction.rules.contexts import context

_RFC = "https://www.rfc-editor.org/rfc/rfc9110#section-11"
_AFTER = r"(?i:authorization)[\"'\]]*\s*(?:[:=,]|=>)+\s*(?:\w+\()?[bru]?[\"']?"
_SCHEMES = (
    "basic|bearer|token|negotiate|ntlm|kerberos|ssws|api-?key|key|bot|jwt|geniekey|sso-key|splunk|klaviyo-api-key|zoho-oauthtoken|"
    "zoho-enczapikey|firebase|ghost|pve(?:api)?token|apitoken|client-id|discogs|deepgram|keytoken|dpop|gnap|mutual|oauth|oauth2|"
    "aws|goog1|mac|accesskey|secret|x-auth|custom|hoba|vapid|scram-sha-(?:1|256)|privatetoken|session|usertoken|key-id|"
    "api[-_]token|api_key|access[-_]token|deepl-auth-key|kakaoak|infisical|css-account-token"
)
_IS = r"[\"'\]]*\s*(?:[:=,]|=>)+\s*[bru]?[\"']?"
_BY_VENDOR = (  # headers and metadata whose value is a key, though their names do not say it
    "x-honeycomb-team",
    "x-jfrog-art-api",
    "x-ovh-consumer",
    "x-identity-header",
    "comet-sdk-api",
    "x-metabase-session",
    "x-tableau-auth",
    "x-ebay-api-cert-name",
    "x-ha-access",
    "unleash-instanceid",
    "jenkins-crumb",
)
_SCHEME = r"(?:v[0-9]a?|h[0-9]|(?i:(?:hmac-)?sha-?(?:1|256|512)))[=,]"  # before each signature of a header
_SIGNED = r"[A-Za-z0-9+/=_-]{27,400}"
_UUID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
_CREDENTIAL = r"([^\s\"'\\,;<>(){}\x00]{6,})"

RULES: tuple[Rule, ...] = (
    context(
        "authorization",
        "credentials of an Authorization header",
        _RFC,
        rf"{_AFTER}(?i:{_SCHEMES})\s+{_CREDENTIAL}",
        "Authorization: Basic <b64 24>",
        "authorization: SSWS <url 42>",
        "Proxy-Authorization: Negotiate <b64 60>",
        says=Verdict.STRONG,
        last_word=True,
        head=rf"{_AFTER}(?i:{_SCHEMES})\s+{_CREDENTIAL}",
    ),
    context(
        "authorization-plain",
        "an Authorization header without a known scheme",
        _RFC,
        rf"{_AFTER}(?:[A-Za-z][\w-]{{1,24}}\s+)?(?:[a-z0-9]{{3,24}}:)?([A-Za-z0-9._~+/:|-]{{12,}}={{0,2}})(?:[\s\"'\\,;)}}\]]|$)",
        "Authorization: <alnum 32>",
        "Authorization: Acme <url 40>",
        says=Verdict.WEAK,
        head=rf"{_AFTER}(?:[A-Za-z][\w-]{{1,24}}\s+)?[A-Za-z0-9._~+/:|-]{{12}}",
        allow=(r"[a-z]+(?:[A-Z][a-z]+){1,3}=",),
        near=('message="First authorization", elicitationId="elicit-1"',),
    ),
    context(
        "authorization-uuid",
        "UUID in an Authorization header",
        _RFC,
        rf"{_AFTER}(?:[A-Za-z][\w-]{{1,24}}\s+)?({_UUID})",
        "Authorization: <uuid>",
        "Authorization: App <uuid>",
        says=None,
        head=rf"{_AFTER}(?:[A-Za-z][\w-]{{1,24}}\s+)?[0-9a-fA-F]{{8}}-",
    ),
    context(
        "digest-response",
        "response of digest authentication",
        "https://www.rfc-editor.org/rfc/rfc7616",
        r"(?i:digest\s)[^\n]*?(?i:response)=\\?[\"']?([0-9a-fA-F]{32,128})",
        'Digest username="jane", response="<hex 32>"',
        says=None,
    ),
    context(
        "oauth1-parameter",
        "signature or token of an OAuth 1 header",
        "https://www.rfc-editor.org/rfc/rfc5849",
        r"(?i:oauth_signature|oauth_token|oauth_token_secret|oauth_verifier)=\\?[\"']([^\"'\\]{6,})",
        'oauth_signature="<b64 28>"',
        says=Verdict.STRONG,
    ),
    context(
        "hawk-mac",
        "MAC of a Hawk, HMAC or signed request header",
        "https://github.com/mozilla/hawk",
        r"(?i:hawk|mac|hmac|signature|eg1-hmac-sha256)\s[^\n]*?(?i:mac|hmac|signature|sig)=(?:\\?[\"'])?([A-Za-z0-9+/_-][A-Za-z0-9+/=_-]{19,})",
        'Hawk id="x", mac="<b64 43>="',
        "EG1-HMAC-SHA256 client_token=x;signature=<b64 43>=",
        says=None,
    ),
    context(
        "webhook-signature",
        "signature of a webhook: of GitHub, Stripe, Slack, Shopify, Standard Webhooks",
        "https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries",
        rf"(?i:[a-z][a-z0-9_-]*[-_](?:signature|hmac)(?:[-_][a-z0-9]{{1,8}})?){_IS}\[?[\"']?"
        rf"(?:ts?=[0-9]+[,;] ?)?{_SCHEME}({_SIGNED}(?:[,; ] ?{_SCHEME}{_SIGNED})*)"
        rf"|(?i:x[-_](?:[a-z0-9_-]*[-_])?(?:signature|hmac)(?:[-_][a-z0-9]{{1,8}})?){_IS}\[?[\"']?"
        r"([0-9a-fA-F]{40,128}|[A-Za-z0-9+/]{27,86}={1,2})",
        "X-Hub-Signature-256: sha256=<hex 64>",
        "Stripe-Signature: t=1790000000,v1=<hex 64>,v0=<hex 64>",
        "webhook-signature: v1,<b64 43>= v1,<b64 43>=",
        "X-Shopify-Hmac-Sha256: <b64 43>=",
        says=None,
        head=rf"[-_](?i:signature|hmac)(?:[-_]\w{{1,8}})?{_IS}",
        near=("X-Hub-Signature-256: sha256=invalid", "code-signature: valid on disk", "X-Signature-Version: 2"),
    ),
    context(
        "bearer-token",
        "token after a Bearer scheme",
        "https://www.rfc-editor.org/rfc/rfc6750",
        r"\b(?i:bearer)[\s,:]+[\"']?([A-Za-z0-9._~+/|:-]{12,}=*)",
        "Bearer <alnum 40>",
        says=Verdict.WEAK,
        head=r"(?i:bearer)[\s,:]+[\"']?[A-Za-z0-9._~+/|:-]{12}",
    ),
    context(
        "basic-credentials",
        "base64 of user and password after `Basic`",
        "https://www.rfc-editor.org/rfc/rfc7617",
        r"\b(?:Basic|basic|BASIC)\s+([A-Za-z0-9+/]{12,}={0,2})",
        "Basic <b64 24>",
        says=Verdict.WEAK,
        head=r"(?i:basic)\s+[A-Za-z0-9+/]{12}",
    ),
    context(
        "aws-signature",
        "signature of an AWS request",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html",
        r"(?:SignedHeaders=[^\s,]+,\s*Signature=|botocore\S*[ \t:][^\n]{0,80}Signature:\s*\n\s*)([0-9a-f]{64})",
        "SignedHeaders=host,Signature=<hex 64>",
        "DEBUG:botocore.auth:Signature:\n<hex 64>",
        says=None,
        head=r"(?:SignedHeaders=|Signature:\s*\n)",
    ),
    context(
        "logicmonitor-signature",
        "signature of a request to LogicMonitor",
        "https://www.logicmonitor.com/support/rest-api-authentication",
        r"LMv1 [\w-]{4,80}:([A-Za-z0-9+/]{27,100}={0,2}):[0-9]{8}",
        "Authorization: LMv1 acme1:<b64 43>=:1700000000",
        says=None,
        near=("LMv1 id:signature:timestamp",),
    ),
    context(
        "websocket-protocol",
        "token sent as a WebSocket protocol",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-WebSocket-Protocol",
        r"(?i:sec-websocket-protocol)[\"']?:\s*[\"']?(?:[\w.-]+,\s*)+([A-Za-z0-9._~+/=|-]{16,})",
        "Sec-WebSocket-Protocol: bearer, <url 60>",
        says=Verdict.WEAK,
    ),
    context(
        "websocket-bearer",
        "token that the Kubernetes API takes as a WebSocket protocol",
        "https://github.com/kubernetes/kubernetes/pull/47740",
        r"base64url\.bearer\.authorization\.k8s\.io\.([A-Za-z0-9_-]{12,})",
        "Sec-WebSocket-Protocol: base64url.bearer.authorization.k8s.io.<url 60>, base64.binary.k8s.io",
        says=None,
    ),
    context(
        "vendor-header",
        "key in a header whose name does not say so: Honeycomb, Artifactory, OVHcloud, Comet, IG, managed identities",
        "https://docs.honeycomb.io/api/",
        rf"(?i:{'|'.join(_BY_VENDOR)}){_IS}([A-Za-z0-9._~+/=-]{{16,}})",
        "x-honeycomb-team: <alnum 22>",
        "curl -H 'X-JFrog-Art-Api: <alnum 73>'",
        "X-IDENTITY-HEADER: <uuid>",
        says=None,
        head=rf"(?i:{'|'.join(_BY_VENDOR)}){_IS}[A-Za-z0-9._~+/=-]{{16}}",
        near=("x-honeycomb-team: is missing here", "X-JFrog-Art-Api: your-api-key"),
    ),
)
