"""Signed and sealed values that frameworks hand to clients: sessions, remember-me tokens, data protection, macaroons."""

from __future__ import annotations

from irl_logging.redaction.literals import RUN
from irl_logging.redaction.rule import Rule, sample, shape

_FLASK = "https://itsdangerous.palletsprojects.com/en/stable/timed/"
_DJANGO = "https://docs.djangoproject.com/en/stable/topics/signing/"
_RAILS = "https://api.rubyonrails.org/classes/ActiveSupport/MessageVerifier.html"
_EXPRESS = "https://github.com/expressjs/session"
_ASPNET = (
    "https://learn.microsoft.com/aspnet/core/security/data-protection/implementation/authenticated-encryption-details"
)
_LARAVEL = "https://laravel.com/docs/encryption"
_MACAROON = "https://github.com/rescrv/libmacaroons"

RULES: tuple[Rule, ...] = (
    shape(
        "itsdangerous-token",
        "session or token signed by itsdangerous: Flask and others",
        _FLASK,
        "eyJ<url 8+>.<url 6>.<url 27>",
        ".eJ<url 16+>.<url 6>.<url 27>",
    ),
    shape(
        "django-signed",
        "value signed by Django: a session in a cookie, a reset link",
        _DJANGO,
        "eyJ<url 4+>:<alnum 6>:<url 43>",
        ".eJ<url 8+>:<alnum 6>:<url 43>",
    ),
    shape(
        "rails-message",
        "session or message signed or encrypted by Rails",
        _RAILS,
        "<b64any 40+>(==|=)?--<hex 64>",
        "<b64any 40+>(==|=)?--<hex 40>",
        "<b64any 24+>(==|=)?--<b64 16>--<b64 22>==",
        head=r"[A-Za-z0-9+/_=-]--[A-Za-z0-9+/]{16}",
        mixed=True,
        keywords=(f"--{RUN}", "=="),
        near=("acme--<hex 40>", "--<hex 40>--"),
    ),
    shape(
        "express-session",
        "signed session id of Express",
        _EXPRESS,
        "s(%3A|:)<url 20-40>.<opaque 43-60>",
        head=r"s(?:%3A|:)[A-Za-z0-9_-]{20}",
        mixed=True,
        tight=True,
    ),
    shape("aspnet-protected", "cookie or token sealed by ASP.NET data protection", _ASPNET, "CfDJ8<url 60+>"),
    shape("laravel-encrypted", "cookie or value encrypted by Laravel", _LARAVEL, "eyJpdiI6I<b64any 80+>"),
    shape("laravel-app-key", "application key of Laravel", _LARAVEL, "base64:<b64 43>="),
    Rule(
        id="django-insecure-key",
        what="secret key that Django's startproject has drawn",
        source="https://docs.djangoproject.com/en/stable/ref/settings/#secret-key",
        pattern=r"django-insecure-[a-z0-9!@#$%^&*(_=+)-]{32,80}",
        keywords=("django-insecure-",),
        mixed=True,
        edges="",
        examples=lambda: (sample("django-insecure-<lower 20>$(<lower 20>^_-<lower 5>"),),
        near=lambda: ("django-insecure-key-of-development",),
    ),
    shape(
        "sanctum-token",
        "token of Laravel Sanctum, and of what is built on it: Coolify, Ploi, Forge",
        "https://laravel.com/docs/sanctum",
        "<digit 1-8>|(laravel_sanctum_)?<alnum 40-48>",
        head=r"[0-9]\|(?:laravel_sanctum_)?[A-Za-z0-9]{20}",
        mixed=True,
        tight=True,
        floor=4.3,
        allow=(r"[0-9]+\|[0-9a-z]+",),
        near=("7|<hex 40>", "12|<lower 40>|x"),
    ),
    shape(
        "macaroon",
        "macaroon in base64",
        _MACAROON,
        "MDA<b64 3>xvY2F0aW9u<b64any 40+>",
        "AgE<b64any 3>CGxvY2F0aW9u<b64any 40+>",
    ),
    shape(
        "lnd-macaroon",
        "macaroon of a Lightning node, in hexadecimal",
        "https://docs.lightning.engineering/lightning-network-tools/lnd/macaroons",
        "0201036c6e64<Hex 80+>",
    ),
    shape(
        "entra-refresh-token",
        "refresh token of Microsoft Entra",
        "https://learn.microsoft.com/entra/identity-platform/refresh-tokens",
        "(0|1).A<url 20-60>.<url 200+>",
        mixed=True,
    ),
    shape(
        "firebase-refresh-token",
        "refresh token of Firebase Authentication",
        "https://firebase.google.com/docs/reference/rest/auth",
        "AMf-vB<url 100+>",
    ),
    shape(
        "google-auth-code",
        "authorization code of Google's OAuth",
        "https://developers.google.com/identity/protocols/oauth2/web-server",
        "4/0A<url 40+>",
    ),
    shape(
        "encoded-secret",
        "base64 of a JSON object that begins with a secret",
        "https://www.rfc-editor.org/rfc/rfc8259",
        "eyJ(hcGlLZXkiOi|hcGlfa2V5Ijoi|0b2tlbiI6|hY2Nlc3NfdG9rZW4i|wYXNzd29yZCI6|zZWNyZXQiO|jbGllbnRfc2VjcmV0Ij)<b64any 16+>",
    ),
)
