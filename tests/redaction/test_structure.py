"""Structured values: nested, cyclic, odd; nothing mutated, harmless values keep their type."""

import datetime as dt
from collections import namedtuple
from dataclasses import dataclass
from enum import Enum
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import pytest

from irl_logging.redaction.rule import sample

SECRET = sample("<alnum 24>")
TOKEN = sample("ghp_<alnum 36>")


class Login(NamedTuple):
    user: str
    password: str


def test_values_under_telling_keys_go_however_deep(redactor):
    given = {"event": "login", "user": {"name": "jane", "password": SECRET, "tries": 3}, "ids": [1, 2]}
    assert redactor.redact_fields(given) == {
        "event": "login",
        "user": {"name": "jane", "password": "[REDACTED:password]", "tries": 3},
        "ids": [1, 2],
    }
    assert given["user"]["password"] == SECRET


@pytest.mark.parametrize(
    "fields",
    [
        {"headers": {"Authorization": "Bearer " + SECRET}},
        {"headers": [("Authorization", "Bearer " + SECRET), ("Host", "h")]},
        {"headers": [{"name": "X-Api-Key", "value": SECRET}]},
        {"argv": ["tool", "--password", SECRET, "--quiet"]},
        {"argv": ["docker", "login", "-u", "jane", "-p", SECRET]},
        {"argv": ("curl", "-u", "jane:" + SECRET, "https://api.example.com")},
        {"argv": ("mysql", "-p" + SECRET, "shop")},
        {"env": {"ACME_API_KEY": SECRET}},
        {"auth": ("jane", SECRET)},
        {"http_auth": ["jane", "tulip-7" + SECRET[:6].lower()]},
        {"basic_auth": "jane:" + SECRET},
        {"secret": {"value": SECRET, "version": 3}},
        {"db_password": {"sensitive": True, "value": SECRET}},
        {"headers": {"x-honeycomb-team": SECRET}},
        {"env": {"OPENWEATHER_APPID": SECRET}},
        {"secrets": {"db": SECRET, "mail": SECRET}},
        {"recovery_codes": [SECRET, SECRET]},
        {"api_keys": [SECRET]},
        {"body": b"token=" + SECRET.encode()},
        {"error": ValueError("bad token " + TOKEN)},
        {TOKEN: "used as a key"},
        {"seen": {TOKEN}},
        {"seen": (1, [TOKEN])},
        {"password": SECRET.encode()},
        {"Cookie": "sid=" + SECRET},
        {"password": PurePosixPath(SECRET)},
        {"passwords": [PurePosixPath(SECRET)]},
        {"password": [["password", PurePosixPath(SECRET)]]},
        {"login": Login("jane", SECRET)},
        {"change": {"field": "password", "old": None, "new": SECRET}},
        {"parameter": "password", "value": SECRET},
        {"kind": "Secret", "data": {"db": SECRET}},
        {"op": "replace", "path": "/spec/password", "value": SECRET},
    ],
)
def test_no_shape_of_value_hides_a_secret(fields, redactor):
    out = repr(redactor.redact_fields(fields))
    assert SECRET not in out
    assert TOKEN not in out


def test_harmless_values_keep_their_identity(redactor):
    class Thing:
        pass

    fields = {
        "n": 1,
        "x": 1.5,
        "t": (1, "a"),
        "s": {1},
        "b": b"raw",
        "o": Thing(),
        "none": None,
        "ok": True,
        "l": ["a"],
    }
    out = redactor.redact_fields(fields)
    assert all(out[key] is fields[key] for key in ("n", "x", "t", "s", "b", "o", "none", "ok"))
    assert out == fields


def test_the_arguments_of_a_command_keep_what_is_harmless(redactor):
    argv = ("curl", "-u", "jane:" + SECRET, "-o", "out.json")
    assert redactor.redact_value(argv) == ("curl", "-u", "jane:[REDACTED:user-flag]", "-o", "out.json")
    assert dict(redactor.counts) == {"user-flag": 1}
    plain = ["ssh", "-p", "2222", "jane@host"]
    assert redactor.redact_value(plain) is plain


def test_only_what_looks_random_goes_under_secrets(redactor):
    fields = {
        "secrets": {"provider": "vault", "count": 2, "id": "a8f3k2m9s0", "path": "kv/data/app"},
        "tokens": {"prompt": 512, "model": "gpt-4o-2024-08-06"},
        "recovery_codes": 8,
    }
    assert redactor.redact_fields(fields) == fields


def test_numbers_under_a_password_go_and_counts_stay(redactor):
    assert redactor.redact_fields({"password": 1234567890, "token_count": 512, "password_age_days": 12}) == {
        "password": "[REDACTED:password]",
        "token_count": 512,
        "password_age_days": 12,
    }


def test_cycles_end(redactor):
    loop = {"name": "jane", "token": SECRET}
    loop["self"] = loop
    assert redactor.redact_fields(loop) == {
        "name": "jane",
        "token": "[REDACTED:secret-key-value]",
        "self": "[REDACTED:cycle]",
    }


def test_an_object_that_cannot_be_printed_becomes_a_placeholder(redactor):
    class Raises:
        def __str__(self):
            raise RuntimeError(SECRET)

    class Recurses:
        def __str__(self):
            return str(self)

    assert redactor.redact_fields({"a": Raises(), "b": Recurses()}) == {
        "a": "[REDACTED:unprintable]",
        "b": "[REDACTED:unprintable]",
    }


def test_a_dataclass_and_a_named_tuple_are_looked_into(redactor):
    @dataclass
    class Config:
        host: str
        password: str

    pair = namedtuple("Pair", "name note")  # noqa: PYI024 - the untyped kind, too, is walked
    out = redactor.redact_fields({"config": Config("db", SECRET), "pair": pair("a", TOKEN), "fine": pair("a", "b")})
    assert out["config"].endswith("Config(host='db', password='[REDACTED:password]')")
    assert out["pair"] == pair("a", "[REDACTED:github-token]")
    assert out["fine"] == pair("a", "b")


def test_an_object_whose_text_is_secret_becomes_its_redacted_text(redactor):
    class Client:
        def __repr__(self):
            return f"Client({TOKEN})"

    assert redactor.redact_fields({"client": Client()}) == {"client": "Client([REDACTED:github-token])"}


def test_passwords_that_read_as_words_go_where_the_key_above_says_so(redactor):
    word, gone = "lilac-" + "ocelot-vortex", "[REDACTED:password]"
    assert redactor.redact_fields({"passwords": [word, 3]}) == {"passwords": [gone, 3]}
    assert redactor.redact_fields({"passwords": {"jane": word}}) == {"passwords": {"jane": gone}}
    assert redactor.redact_fields({"auth": {"user": "jane", "pass": word}}) == {"auth": {"user": "jane", "pass": gone}}
    assert redactor.redact_fields({"tests": {"pass": word, "fail": 2}}) == {"tests": {"pass": word, "fail": 2}}


def test_a_document_holds_nothing_that_can_have_another_text_later(redactor):
    class Fickle:
        texts = iter(["calm", TOKEN, TOKEN])

        def __str__(self):
            return next(self.texts)

        def __repr__(self):
            return "Fickle()"

    class Mode(Enum):
        LIVE = "sk-" + TOKEN

        def __repr__(self):
            return "Mode.LIVE"

    @dataclass
    class Job:
        name: str
        at: object

    fields = {
        "when": dt.date(2026, 2, 8),
        "who": Fickle(),
        "mode": Mode.LIVE,
        "tags": {"b", "a"},
        "job": Job("x", Path("/y")),
    }
    out = redactor.redact_fields(fields, document=True)
    assert out == {
        "when": "2026-02-08",
        "who": "calm",
        "mode": out["mode"],
        "tags": ["a", "b"],
        "job": {"name": "x", "at": "/y"},
    }
    assert TOKEN not in out["mode"]


def test_what_parts_tell_only_together_goes_without_the_rest(redactor):
    given = {"id": 7, "changes": ({"field": "password", "new": SECRET}, {"field": "colour", "new": "blue"})}
    out = redactor.redact_fields(given)
    assert out == {
        "id": 7,
        "changes": ({"field": "password", "new": out["changes"][0]["new"]}, {"field": "colour", "new": "blue"}),
    }
    assert out["changes"][0]["new"].startswith("[REDACTED:")
    assert given["changes"][0]["new"] == SECRET
    assert redactor.redact_fields(out) == out
