"""Tokens that say what they are without naming a vendor: JWT, crypt hashes, and prefixed random runs."""

from __future__ import annotations

from irl_logging.redaction.rule import Rule, sample

_JWT = "https://www.rfc-editor.org/rfc/rfc7519"
_CRYPT = "https://man7.org/linux/man-pages/man5/crypt.5.html"
_SECRET_WORDS = "sk|secret|apikey|api_?key|token|tok|pat|auth|live|key|pass|cred|private|priv|session|sess"  # noqa: S105 - words


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
    ),
    Rule(
        id="jwt-part",
        what="the head or body of a JSON web token, cut off",
        source=_JWT,
        pattern=r"eyJ(?:hbGciOi|0eXAiOi|raWQiOi|lbmMiOi)[A-Za-z0-9_-]{16,}(?:\.[A-Za-z0-9_-]+)*",
        head=r"eyJ(?:hbGciOi|0eXAiOi|raWQiOi|lbmMiOi)",
        floor=3.0,
        examples=lambda: _like("eyJhbGciOi<url 30>"),
    ),
    Rule(
        id="crypt-hash",
        what="a salted password hash: bcrypt, Argon2, SHA-crypt, yescrypt, PBKDF2",
        source=_CRYPT,
        pattern=(
            r"\$2[abxy]\$[0-9]{2}\$[./A-Za-z0-9]{53}|\$argon2(?:id|i|d)\$v=[0-9]+\$[a-z0-9=,]+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+"
            r"|\$(?:1|5|6|apr1|y|gy|7)\$[./A-Za-z0-9=$]{24,}|pbkdf2_sha(?:1|256|512)\$[0-9]+\$[^\s$]+\$[A-Za-z0-9+/=]+"
        ),
        head=r"\$(?:2[abxy]|argon2[id]+|[1567y]|apr1|gy)\$|pbkdf2_sha[0-9]+\$",
        edges="",
        examples=lambda: _like(
            "$2b$12$<alnum 53>", "$6$<alnum 8>$<alnum 86>", "$argon2id$v=19$m=65536,t=3,p=4$<b64 22>$<b64 43>"
        ),
    ),
    Rule(
        id="prefixed-key",
        what="a random run after a prefix that says `key`, `token`, `secret`, `sk`, `live`",
        source="https://github.blog/engineering/behind-githubs-new-authentication-token-formats/",
        pattern=rf"(?:[a-z][a-z0-9]{{1,15}}[_-]){{0,3}}(?:{_SECRET_WORDS})(?:[_-][a-z0-9]{{1,12}}){{0,2}}[_-][A-Za-z0-9]{{20,}}",
        head=rf"(?:{_SECRET_WORDS})[_-](?:[a-z0-9]{{1,12}}[_-]){{0,2}}[A-Za-z0-9]{{8}}",
        floor=3.4,
        mixed=True,
        edges="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.\\",
        examples=lambda: _like("acme_sk_<alnum 32>", "vendor_live_key_<alnum 30>", "foo-token-<hex 40>"),
    ),
    Rule(
        id="prefixed-token",
        what="a long random run of mixed case after a short lower-case prefix",
        source="https://github.blog/engineering/behind-githubs-new-authentication-token-formats/",
        pattern=r"[a-z][a-z0-9]{1,9}_[A-Za-z0-9]{34,}",
        head=r"[a-z0-9]_[A-Za-z0-9]{34}",
        floor=4.2,
        mixed=True,
        edges="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.+/\\",
        allow=(r"[a-z0-9]+_[a-f0-9]+", r"[a-z0-9]+_[a-z0-9]+", r"[a-z0-9]+_[A-Z0-9]+", r"[a-z0-9]+_[A-Za-z]+"),
        examples=lambda: _like("acme_<alnum 40>"),
    ),
)
