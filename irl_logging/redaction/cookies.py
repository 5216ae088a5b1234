"""Cookies: each pair of a Cookie header is judged alone; the attributes of Set-Cookie are not secrets."""

from __future__ import annotations

from irl_logging.redaction.keynames import Verdict, classify
from irl_logging.redaction.patterns import Lazy
from irl_logging.redaction.values import is_secret, random_looking

COOKIE = r"(?i:cookie)[\"'\]]*\s*(?:[:=,]|=>)+\s*[bru]?[\"'{\[(]?[^\s]*="
_HEADER = Lazy(rb"(?i:cookie)[\"'\]]*\s*(?:[:=,]|=>)+\s*[bru]?[\"'{\[(]?(?=[^\s=]*=)")
_PAIR = Lazy(rb"\s*([^\s=;,\"']{1,100})=(\"?)([^\s;,\"'\\\x00]*)\"?\s*(;?)")
_HARMLESS = Lazy(
    rb"(?i:path|domain|expires|max-age|samesite|secure|httponly|priority|partitioned|theme|lang|locale|language|timezone|tz|currency|"
    rb"_ga\w*|_gid|_gat\w*|_fbp|_fbc|_gcl\w*|_hj\w*|_utm\w*|__utm\w*|ajs_\w+|consent\w*|cookie_?consent|optanon\w*|country|region|version|"
    rb"amp_\w+|mp_\w+|_clck|_clsk|intercom-\w+|debug|tab|view|sort|page|color\w*|font\w*|layout|sidebar\w*)"
)


def cookies(data: bytes) -> list[tuple[int, int, str]]:
    """Return the values of session and other random cookies."""
    found: list[tuple[int, int, str]] = []
    for header in _HEADER.finditer(data):
        at = header.end()
        while pair := _PAIR.match(data, at):
            name, value = pair[1], pair[3]
            if not _HARMLESS.fullmatch(name) and _is_secret(name, value):
                found.append((*pair.span(3), "cookie"))
            at = pair.end()
            if not pair[4]:
                break
    return found


def _is_secret(name: bytes, value: bytes) -> bool:
    verdict = classify(name.decode("latin-1"))
    if verdict is not Verdict.NO:
        return is_secret(max(verdict, Verdict.STRONG), value, quoted=True)
    return len(value) >= 16 and random_looking(value)
