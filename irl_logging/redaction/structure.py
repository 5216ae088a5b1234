"""Secrets in structured values: mappings, sequences, objects. Nothing is mutated; harmless values stay themselves."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple, Protocol

from irl_logging.redaction.keynames import Verdict, classify
from irl_logging.redaction.patterns import Lazy
from irl_logging.redaction.together import Found, judged_together
from irl_logging.redaction.values import is_secret, mixed, within

_DEEPEST = 40
_PLAIN = (bool, type(None))
_HOLDERS = (Mapping, AbstractSet, list, tuple)  # what is judged part by part
FAILED = "[REDACTED:redactor-error]"  # in place of what could not be redacted
UNPRINTABLE = "[REDACTED:unprintable]"
CYCLE = "[REDACTED:cycle]"
TOO_DEEP = "[REDACTED:too-deep]"


class Redacts(Protocol):
    """The part of a redactor that this module uses."""

    allow_keys: frozenset[str]

    def redact(self, text: str) -> str:
        """Return the text without secrets."""

    def explain(self, text: str) -> Sequence[Found]:
        """Return which rules find something in a text, and where."""

    def spares(self, rule: str, value: bytes) -> bool:
        """Return whether a value that a rule found may stay."""

    def count(self, rule: str) -> None:
        """Count one redaction."""


def redact_mapping(redactor: Redacts, fields: Mapping[Any, Any], *, document: bool = False) -> dict[Any, Any]:
    """Return a copy of a mapping without secrets.

    Args:
        redactor: Says what is one.
        fields: The mapping.
        document: Whether it is to be JSON: what JSON does not know becomes what it does, so that nothing has another text
            later than the one that was judged.
    """
    try:
        out = _Walk(redactor, document=document).value(fields, 0)
        return judged_together(redactor, out) if isinstance(out, dict) else {"redaction": FAILED}
    except Exception:
        return {"redaction": FAILED}


def text_of(value: object) -> str:
    """Return the text of what JSON does not know: ISO 8601 for times, as everywhere, else what `str` says."""
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


def redact_any(redactor: Redacts, value: Any) -> Any:
    """Return a value of any type without secrets."""
    try:
        return _Walk(redactor).value(value, 0)
    except Exception:
        return FAILED


class _Walk:
    """One walk through a value; knows the containers it is currently inside."""

    def __init__(self, redactor: Redacts, *, document: bool = False) -> None:
        self._redactor = redactor
        self._document = document
        self._inside: set[int] = set()

    def value(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if kind is str:
            return self._redactor.redact(value)
        if kind in _PLAIN:
            return value
        if kind is int or kind is float:
            return (
                value
                if len(text := str(value)) < 6 or self._redactor.redact(text) == text
                else self._redactor.redact(text)
            )
        if depth > _DEEPEST:
            return TOO_DEEP
        if id(value) in self._inside:
            return CYCLE
        self._inside.add(id(value))
        try:
            return self._container(value, depth + 1)
        finally:
            self._inside.discard(id(value))

    def _container(self, value: Any, depth: int) -> Any:
        if isinstance(value, Mapping):
            return self._mapping(value, depth)
        if isinstance(value, (bytes, bytearray, memoryview)):
            return self._bytes(value)
        if isinstance(value, str):
            text = self._redactor.redact(str(value))
            return value if text == value else text
        if isinstance(value, AbstractSet):
            items = [self.value(item, depth) for item in value]
            if self._document:
                return sorted(items, key=str)
            if all(new is old for new, old in zip(items, value, strict=True)):
                return value
            return frozenset(items) if isinstance(value, frozenset) else set(items)
        if isinstance(value, Sequence) and not (self._document and isinstance(value, range)):
            return self._sequence(value, depth)
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return self._dataclass(value, depth)
        if self._document and isinstance(value, enum.Enum):
            return self.value(value.value, depth)
        return self._object(value)

    def _mapping(
        self, value: Mapping[Any, Any], depth: int, each: str | None = None, *, holder: str | None = None
    ) -> dict[Any, Any]:
        out = {}
        named = holder or _named_value(value)
        of_user = any(isinstance(key, str) and key.lower() in _BESIDE_PASS for key in value)
        private = _PRIVATE_PARTS if "kty" in value else _NOTHING
        for key, item in value.items():
            name = key if isinstance(key, str) else key.decode("latin-1") if isinstance(key, bytes) else None
            new_key = self.value(key, depth) if name is not None or not isinstance(key, (int, float)) else key
            if not _hashable(new_key):
                new_key = str(new_key)
            while new_key in out:
                new_key = f"{new_key}'"
            if named is not None and isinstance(key, str) and key.lower() in _VALUE_NAMES:
                name = named
            elif name in private:
                name = "private_key"
            elif name is not None and (other := _BY_VALUE.get(name.lower())) and other.means(item, of_user):
                name = other.name
            if each is not None and not isinstance(item, Mapping):
                name = _each(each, name)
            out[new_key] = self._under(name, item, depth)
        return out

    def _under(self, name: str | None, item: Any, depth: int) -> Any:
        """Redact a value that has a name."""
        if name is None:
            return self.value(item, depth)
        verdict = classify(name)
        if verdict is Verdict.NO or name.lower() in self._redactor.allow_keys:
            return self.value(item, depth)
        if verdict in (Verdict.HEADER, Verdict.COOKIE):
            return self._header(name, item, depth)
        if isinstance(item, (str, bytes, bytearray, int, float)) and not isinstance(item, bool):
            raw = bytes(item) if isinstance(item, (bytes, bytearray)) else str(item).encode("utf-8", "surrogatepass")
            if isinstance(item, str) and (part := within(name.encode("utf-8", "replace"), raw)) is not None:
                return self._part(item, raw, *part.span(part.lastindex or 0))
            rule = "password" if verdict is Verdict.PASSWORD else "secret-key-value"
            if is_secret(verdict, raw, quoted=True) and not self._redactor.spares(rule, raw):
                self._redactor.count(rule)
                placeholder = f"[REDACTED:{rule}]"
                return placeholder.encode() if isinstance(item, (bytes, bytearray)) else placeholder
        elif _has_a_text(item):
            return self._named_object(verdict, item)
        if isinstance(item, (list, tuple)) and verdict >= Verdict.STRONG and _is_bytes(name, item):
            self._redactor.count("secret-key-value")
            return "[REDACTED:secret-key-value]"
        if type(item) in (list, tuple) and name.lower().endswith(_OF_TWO) and _is_user_and_password(item):
            return type(item)((self.value(item[0], depth + 1), self._under("password", item[1], depth + 1)))
        if isinstance(item, (list, tuple, set, frozenset)) and type(item) in (list, tuple, set, frozenset):
            one = _singular(name, Verdict.PASSWORD)
            items = [
                self._under(one, part, depth + 1)
                if isinstance(part, (str, bytes)) or _has_a_text(part)
                else self.value(part, depth + 1)
                for part in item
            ]
            return items if self._document else type(item)(items)
        if isinstance(item, Mapping) and len(item) == 1 and not _TYPES.isdisjoint(item):
            return {key: self._under(name, part, depth + 1) for key, part in item.items()}
        if isinstance(item, Mapping) and verdict >= Verdict.STRONG and not _VALUE_NAMES.isdisjoint(item):
            return self._mapping(item, depth + 1, holder=name)
        if isinstance(item, Mapping) and (one := _singular(name, Verdict.STRONG)) != name and depth < _DEEPEST:
            return self._mapping(item, depth + 1, one)
        return self.value(item, depth)

    def _named_object(self, verdict: Verdict, item: Any) -> Any:
        """Redact an object that has a telling name by the text it has now."""
        try:
            text = text_of(item.value if isinstance(item, enum.Enum) else item)
        except Exception:
            return UNPRINTABLE
        rule = "password" if verdict is Verdict.PASSWORD else "secret-key-value"
        raw = text.encode("utf-8", "surrogatepass")
        if is_secret(verdict, raw, quoted=True) and not self._redactor.spares(rule, raw):
            self._redactor.count(rule)
            return f"[REDACTED:{rule}]"
        return self._redactor.redact(text) if self._document else self._object(item)

    def _part(self, item: str, raw: bytes, start: int, end: int) -> str:
        """Redact the password of a value that tells more, and is `raw` as bytes."""
        if not is_secret(Verdict.PASSWORD, raw[start:end], quoted=True) or self._redactor.spares(
            "password", raw[start:end]
        ):
            return item
        self._redactor.count("password")
        return (raw[:start] + b"[REDACTED:password]" + raw[end:]).decode("utf-8", "surrogatepass")

    def _header(self, name: str, item: Any, depth: int) -> Any:
        if not isinstance(item, (str, bytes)):
            return self.value(item, depth)
        text = item if isinstance(item, str) else item.decode("utf-8", "surrogateescape")
        prefix = f"{name}: "
        new = self._redactor.redact(prefix + text)
        new = new.removeprefix(prefix)
        return item if new == text else new if isinstance(item, str) else new.encode("utf-8", "surrogateescape")

    def _sequence(self, value: Sequence[Any], depth: int) -> Any:
        items: list[Any] = []
        before: str | None = None
        pair = len(value) == 2
        names = getattr(value, "_fields", ()) if isinstance(value, tuple) else ()
        if len(names) == len(value) and names:
            items = [self._under(name, item, depth) for name, item in zip(names, value, strict=True)]
            return value if all(new is old for new, old in zip(items, value, strict=True)) else type(value)(*items)
        for item in self._words(value):
            known = before is not None and (before.startswith("-") or (pair and isinstance(value, tuple | list)))
            if known and not (isinstance(item, str) and item.startswith("-")):
                items.append(self._under(before, item, depth))
            else:
                items.append(self.value(item, depth))
            before = item if isinstance(item, str) else item.decode("latin-1") if isinstance(item, bytes) else None
            if before is not None and (len(before) > 100 or "=" in before or " " in before):
                before = None
        if all(new is old for new, old in zip(items, value, strict=True)):
            return value
        return tuple(items) if isinstance(value, tuple) else items

    def _words(self, value: Sequence[Any]) -> Sequence[Any]:
        """Return the arguments of a command without what the command gives away; any other sequence as it is."""
        if not any(type(word) is str and word[:1] == "-" for word in value) or not all(type(w) is str for w in value):
            return value
        line = " ".join(value)
        words, at = list(value), len(line)
        found = list(self._redactor.explain(line))
        for i in range(len(words) - 1, -1, -1):
            at -= len(words[i])
            while found and found[-1].start >= at:
                one = found.pop()
                if one.end - at <= len(value[i]):
                    words[i] = f"{words[i][: one.start - at]}[REDACTED:{one.rule}]{words[i][one.end - at :]}"
                    self._redactor.count(one.rule)
            at -= 1
        return words

    def _bytes(self, value: bytes | bytearray | memoryview) -> Any:
        text = bytes(value).decode("utf-8", "surrogateescape")
        new = self._redactor.redact(text)
        return value if new == text else new.encode("utf-8", "surrogateescape")

    def _dataclass(self, value: Any, depth: int) -> Any:
        if self._document:
            fields = {field.name: getattr(value, field.name, None) for field in dataclasses.fields(value) if field.repr}
            return self._mapping(fields, depth)
        changed = False
        parts = []
        for field in dataclasses.fields(value):
            old = getattr(value, field.name, None)
            new = self._under(field.name, old, depth)
            changed = changed or (new is not old and new != old)
            if field.repr:
                parts.append(f"{field.name}={new!r}")
        if changed:
            return f"{type(value).__qualname__}({', '.join(parts)})"
        return self._object(value)

    def _object(self, value: Any) -> Any:
        """Keep an object whose two texts are harmless; else, and in a document, give its redacted text."""
        try:
            texts = text_of(value), repr(value)
        except Exception:
            return UNPRINTABLE
        if self._document:
            return self._redactor.redact(texts[0])
        redacted = [self._redactor.redact(text) for text in texts]
        if redacted == list(texts):
            return value
        return redacted[0] if redacted[0] != texts[0] or redacted[1] == texts[1] else redacted[1]


_BESIDE_PASS = frozenset(  # `pass` beside one is a password
    ("user", "username", "login", "email", "account", "usr", "host", "hostname", "server", "port", "url", "database")
)
_OF_TWO = ("auth", "credentials", "creds")  # how the name of a pair of user and password ends
_NOTHING: frozenset[str] = frozenset()
_PRIVATE_PARTS = frozenset(("d", "p", "q", "dp", "dq", "qi", "k"))  # of a JSON web key
_ROUTING_KEY = Lazy(r"[0-9a-f]{32}|R[0-9A-Z]{31}")
_FEWEST_BYTES = 16  # of a key that is given as numbers


class _ByValue(NamedTuple):
    """A name that means a secret beside some values only."""

    name: str
    means: Callable[[Any, bool], bool]


def _is_chosen(item: Any, of_user: bool) -> bool:
    """Return whether what stands under `pass` is a password rather than how many passed."""
    return of_user or (isinstance(item, str) and len(item) >= _FEWEST_CHOSEN and mixed(item.encode()))


def _is_events(item: Any, of_user: bool) -> bool:
    """Return whether a routing key is that of an incident service, not the name of a broker's route."""
    del of_user
    return isinstance(item, str) and _ROUTING_KEY.fullmatch(item) is not None


_FEWEST_CHOSEN = 8  # characters of a password that its name does not tell
_BY_VALUE = {
    "pass": _ByValue("password", _is_chosen),
    "routing_key": _ByValue("pagerduty_routing_key", _is_events),
    "routingkey": _ByValue("pagerduty_routing_key", _is_events),
}


def _is_bytes(name: str, items: Sequence[Any]) -> bool:
    """Return whether a sequence is the bytes of a key, `[200, 25, 18, ...]`, rather than the numbers of tokens."""
    return (
        "token" not in name.lower()
        and len(items) >= _FEWEST_BYTES
        and all(type(item) is int and 0 <= item < 256 for item in items)
    )


def _is_user_and_password(items: Sequence[Any]) -> bool:
    """Return whether the two of `auth=("jane", ...)` are a user and a password rather than two words."""
    return (
        len(items) == 2
        and all(type(item) is str for item in items)
        and len(items[1]) >= _FEWEST_CHOSEN
        and mixed(items[1].encode("utf-8", "replace"))
    )


_VALUE_NAMES = frozenset(
    ("value", "val", "content", "parametervalue", "outputvalue", "option_value", "variable_value", "stringvalue")
)
_TYPES = frozenset(("S", "stringValue", "string_value"))  # around a value of DynamoDB, Firestore or OTLP
_NAME_NAMES = (
    *("name", "key", "header", "Name", "Key", "ParameterKey", "OutputKey", "ParameterName", "option_name"),
    *("variable_name", "optionName", "keyName"),
)


def _singular(name: str, least: Verdict) -> str:
    """Return the name of each value under `passwords`, if that says so much of it; other names as they are."""
    one = name[:-1] if name[-1:] in ("s", "S") else name
    if one.lower().endswith("token"):
        return name  # {"tokens": {"model": ..., "prompt": ...}} counts them
    return one if least <= classify(one) <= Verdict.PASSWORD else name


def _each(one: str, name: str | None) -> str | None:
    """Name a value of `{"passwords": {"jane": ...}}` or `{"secrets": {"db": ..., "count": 2}}`."""
    if classify(one) is Verdict.PASSWORD or name is None:
        return one
    return name if classify(name) is not Verdict.NO else f"{one}_{name}"


def _named_value(value: Mapping[Any, Any]) -> str | None:
    """Return the name in a mapping like `{"name": "Authorization", "value": ...}`."""
    if not any(isinstance(key, str) and key.lower() in _VALUE_NAMES for key in value):
        return None
    return next((value[key] for key in _NAME_NAMES if isinstance(value.get(key), str)), None)


def _has_a_text(item: Any) -> bool:
    """Return whether a value is an object that is written as its text, rather than part by part or as it is."""
    return not isinstance(item, (str, bytes, bytearray, memoryview, int, float, type(None), *_HOLDERS, Sequence)) and (
        not dataclasses.is_dataclass(item)
    )


def _hashable(value: Any) -> bool:
    try:
        hash(value)
    except Exception:
        return False
    return True
