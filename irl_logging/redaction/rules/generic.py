"""Tokens that say what they are without naming a vendor: JWT, crypt hashes, and prefixed random runs."""

from __future__ import annotations

from irl_logging.redaction.rule import Rule, sample

_JWT = "https://www.rfc-editor.org/rfc/rfc7519"
_CRYPT = "https://man7.org/linux/man-pages/man5/crypt.5.html"
_SECRET_WORDS = "sk|secret|apikey|api_?key|token|tok|pat|auth|live|key|pass|cred|private|priv|session|sess"  # noqa: S105 - words

_PUBLISHED = r"(?:pk|ck|pub|public|publishable|pkey|client|anon)[_-].*"  # keys made to be shown
_TIGHT = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.+/\\"
_OBJECTS = (  # what a service calls its objects, not its keys: acct_..., evt_...
    "acct|account|agent|alert|app|artifact|asset|asst|audit|backup|blk|bkt|bucket|build|chat|chk|chunk|ckpt|client|clip|commit|"
    "cot|dep|dict|diff|disk|doc|dp|dpt|dump|dup|elt|ent|env|event|evt|ext|ft|grp|group|hook|http|ip|job|lap|link|list|lnk|lot|map|"
    "ment|mt|net|obj|opt|part|pkt|plot|pmt|point|post|pt|ptp|pit|prompt|pmpt|rcpt|receipt|rt_?id|rpt|shot|slot|snap|spot|"
    "sprint|start|step|stk|stmt|task|temp|test|text|thrd|tmp|track|trip|trk|tsk|txt|unit|vpt|work|wrk|cat|dept|dist|edit|"
    "expt|flt|font|fmt|fact|heap|init|intent|invt|lst|left|mask|mnt|next|out|pmnt|prop|root|sort|script|subnet|stack|sup"
)


def _like(*templates: str) -> tuple[str, ...]:
    return tuple(sample(template) for template in templates)


RULES: tuple[Rule, ...] = (
    Rule(
        id="jwt",
        what="a JSON web token, signed or encrypted",
        source=_JWT,
        pattern=r"eyJ[A-Za-z0-9_-]{8,}\.(?:eyJ[A-Za-z0-9_-]{2,}(?:\.[A-Za-z0-9_=-]*)?|[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)",
        head=r"eyJ[A-Za-z0-9_-]{8}",
        keywords=("eyJ",),
        floor=3.0,
        examples=lambda: _like(
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIi<url 30>.<url 43>", "eyJhbGciOiJkaXIi<url 20>..<url 16>.<url 40>.<url 22>"
        ),
        near=lambda: ("eyJhbGciOiJIUzI1NiJ9 is a head alone", "eyJ..."),
    ),
    Rule(
        id="jwt-part",
        general=True,
        what="the head or body of a JSON web token, cut off",
        source=_JWT,
        pattern=r"eyJ(?:hbGciOi|0eXAiOi|raWQiOi|lbmMiOi)[A-Za-z0-9_-]{16,}(?:\.[A-Za-z0-9_-]+)*",
        head=r"eyJ(?:hbGciOi|0eXAiOi|raWQiOi|lbmMiOi)",
        floor=3.0,
        examples=lambda: _like("eyJhbGciOi<url 30>"),
        near=lambda: ("eyJhbGciOi...",),
    ),
    Rule(
        id="crypt-hash",
        what="a salted password hash: bcrypt, Argon2, SHA-crypt, yescrypt, PBKDF2, SCRAM",
        source=_CRYPT,
        pattern=(
            r"\$2[abxy]\$[0-9]{2}\$[./A-Za-z0-9]{53}|\$argon2(?:id|i|d)\$v=[0-9]+\$[a-z0-9=,]+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+"
            r"|\$(?:1|5|6|apr1|y|gy|7)\$[./A-Za-z0-9=$]{24,}|pbkdf2_sha(?:1|256|512)\$[0-9]+\$[^\s$]+\$[A-Za-z0-9+/=]+"
            r"|SCRAM-SHA-(?:1|256)\$[0-9]+:[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+"
        ),
        keywords=(
            "scram-sha-1$",
            "scram-sha-256$",
            "$2a$",
            "$2b$",
            "$2x$",
            "$2y$",
            "$argon2",
            *(f"${one}$" for one in ("1", "5", "6", "7", "y", "gy", "apr1")),
            "pbkdf2_sha",
        ),
        near=lambda: ("$2b$12$", "$6$rounds=5000$"),
        head=r"\$(?:2[abxy]|argon2[id]+|[1567y]|apr1|gy)\$|pbkdf2_sha[0-9]+\$|SCRAM-SHA-(?:1|256)\$",
        edges="",
        examples=lambda: _like(
            "$2b$12$<alnum 53>",
            "$6$<alnum 8>$<alnum 86>",
            "$argon2id$v=19$m=65536,t=3,p=4$<b64 22>$<b64 43>",
            "SCRAM-SHA-256$4096:<b64 22>==$<b64 43>=:<b64 43>=",
        ),
    ),
    Rule(
        id="prefixed-key",
        general=True,
        what="a random run after a prefix that says `key`, `token`, `secret`, `sk`, `live`",
        source="https://github.blog/engineering/behind-githubs-new-authentication-token-formats/",
        pattern=rf"(?:[a-z][a-z0-9]{{1,15}}[_-]){{0,3}}(?:{_SECRET_WORDS})(?:[_-][a-z0-9]{{1,12}}){{0,2}}[_-][A-Za-z0-9]{{20,}}",
        head=rf"(?:{_SECRET_WORDS})[_-](?:[a-z0-9]{{1,12}}[_-]){{0,2}}[A-Za-z0-9]{{8}}",
        floor=3.4,
        mixed=True,
        allow=(_PUBLISHED, r"sb_publishable_.*", r"xnd_public_.*", r"dvc_client_.*"),
        edges="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.\\",
        examples=lambda: _like("acme_sk_<alnum 32>", "vendor_live_key_<alnum 30>", "foo-token-<hex 40>"),
        near=lambda: ("api_key_rotation_interval", "token-bucket-refill-rate-limit"),
    ),
    Rule(
        id="prefixed-token",
        general=True,
        what="a long random run of mixed case after a short lower-case prefix",
        source="https://github.blog/engineering/behind-githubs-new-authentication-token-formats/",
        pattern=r"[a-z][a-z0-9]{1,9}_[A-Za-z0-9]{34,}",
        head=r"[a-z0-9]_[A-Za-z0-9]{34}",
        floor=4.2,
        mixed=True,
        edges="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.+/\\",
        allow=(
            _PUBLISHED,
            r"phc_.*",
            r"test_[a-z]+(?:[A-Z]{1,4}[a-z]+)+[0-9]{0,3}",  # the name of a test
            r"[a-z0-9]+_[a-f0-9]+",
            r"[a-z0-9]+_[a-z0-9]+",
            r"[a-z0-9]+_[A-Z0-9]+",
            r"[a-z0-9]+_[A-Za-z]+",
        ),
        near=lambda: ("acme_requests_served_total",),
        examples=lambda: _like("acme_<alnum 40>"),
    ),
    Rule(
        id="prefixed-url-key",
        general=True,
        what="a long random run of URL-safe base64 after a prefix that says `key`, `token`, `secret`, `sk`, `live`",
        source="https://www.rfc-editor.org/rfc/rfc4648#section-5",
        pattern=rf"(?:[a-z][a-z0-9]{{1,15}}[_-]){{0,3}}(?:{_SECRET_WORDS})(?:[_-][a-z0-9]{{1,12}}){{0,2}}[_-][A-Za-z0-9_-]{{36,512}}",
        head=rf"(?:{_SECRET_WORDS})[_-](?:[a-z0-9]{{1,12}}[_-]){{0,2}}[A-Za-z0-9_-]{{16}}",
        floor=4.6,
        mixed=True,
        edges=_TIGHT,
        allow=(_PUBLISHED, r"sb_publishable_.*", r"[a-z0-9_-]+", r"[A-Z0-9_-]+"),
        examples=lambda: _like("acme_live_api_<url 60>", "acme_pat-<url 60>"),
        near=lambda: ("api-token-rotation-and-session-key-handling-of-every-service-2024",),
    ),
    Rule(
        id="abbreviated-token",
        general=True,
        what="a random run after a short prefix that ends as those of keys and tokens do: `k`, `p`, `t`",
        source="https://github.blog/engineering/behind-githubs-new-authentication-token-formats/",
        pattern=r"[a-z]{1,5}[kpt]_(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{48}|[0-9a-f]{64}|[A-Za-z0-9]{26,80})",
        head=r"[kpt]_[A-Za-z0-9]{26}",
        floor=3.2,
        mixed=True,
        edges=_TIGHT,
        allow=(rf"(?:{_OBJECTS})_.*", _PUBLISHED, r"[a-z]+_[a-z]+", r"[a-z]+_[A-Za-z]+", r"[a-z]+_[0-9]+"),
        examples=lambda: _like("abct_<hex 32>", "xyzk_<alnum 32>"),
        near=lambda: _like("acct_<alnum 26>", "evt_<alnum 26>", "commit_<hex 40>", "app_<hex 40>.js", "tmp_<hex 32>"),
    ),
)
