"""One redaction rule as data: what it looks for, whose format that is, and examples made at run time.

A rule is a linear-time pattern with a few checks beside it. Most formats are a fixed prefix and a run of random
characters; `shape` builds the rule for these from a template such as `ghp_<alnum 36>`, and makes the examples from the
same template, so that no file holds anything that looks like a secret. Looking for matches is `finders`'s work.
"""

from __future__ import annotations

import functools
import re
import string
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from irl_logging.errors import RuleError
from irl_logging.redaction.keynames import Verdict
from irl_logging.redaction.literals import BEGIN, LONGEST, Words, folded, needed
from irl_logging.redaction.patterns import as_bytes

if TYPE_CHECKING:
    import random

_LETTERS = string.ascii_letters
_DIGITS = string.digits
_CLASSES = {
    "digit": (_DIGITS, "[0-9]"),
    "hex": ("0123456789abcdef", "[0-9a-f]"),
    "HEX": ("0123456789ABCDEF", "[0-9A-F]"),
    "Hex": ("0123456789abcdefABCDEF", "[0-9a-fA-F]"),
    "lower": (string.ascii_lowercase + _DIGITS, "[a-z0-9]"),
    "upper": (string.ascii_uppercase + _DIGITS, "[A-Z0-9]"),
    "letter": (_LETTERS, "[A-Za-z]"),
    "alnum": (_LETTERS + _DIGITS, "[A-Za-z0-9]"),
    "word": (_LETTERS + _DIGITS + "_", "[A-Za-z0-9_]"),
    "url": (_LETTERS + _DIGITS + "_-", "[A-Za-z0-9_-]"),
    "unreserved": (_LETTERS + _DIGITS + "_-.~", "[A-Za-z0-9_.~-]"),
    "dotted": (_LETTERS + _DIGITS + "_-.", "[A-Za-z0-9_.-]"),
    "b64": (_LETTERS + _DIGITS + "+/", "[A-Za-z0-9+/]"),
    "b64any": (_LETTERS + _DIGITS + "+/_-", "[A-Za-z0-9+/_-]"),
    "opaque": (_LETTERS + _DIGITS + "_-.~+/=%", "[A-Za-z0-9_.~+/=%-]"),
    "b32": (string.ascii_uppercase + "234567", "[A-Z2-7]"),
    "b58": ("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", "[1-9A-HJ-NP-Za-km-z]"),
    "slug": (string.ascii_lowercase + _DIGITS + "-", "[a-z0-9-]"),
}
_UUID = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
_TOKEN = re.compile(
    r"<(\w+)(?: (\d+)(?:(\+)|-(\d+))?)?>|\(((?:[^()|]*\|)+[^()|]*|[^()|]+(?=\)\?))\)(\?)?|([^<({}]+|[<({}])"
)
_WIDE = {  # for the gate: one range, or two, without `=` and `:` between digits and letters
    name: f"[{re.escape(min(of))}-{max(of)}]"
    if min(of) > "9" or max(of) < "A" or set(of) & set(":;<=>?@")
    else f"[{re.escape(min(of))}-9A-{max(of)}]"
    for name, (of, _) in _CLASSES.items()
}
_COUNT = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{(\d+),?\d*\}", re.DOTALL)  # a repetition, or what holds none
_TEXTS = ("id", "pattern", "what", "source")  # what a rule in the settings may have
_LISTS = ("keywords", "allow", "examples")
_MARKS = {"{": "(", "}": ")"}  # the part of a template between braces is the secret
LONGEST_RUN = 512  # a pattern follows a run no further than this: keeps hostile text linear; `finders` does the rest
_HEAD = 8  # characters of a random run that the gate asks for
_TELLING = 3  # characters of fixed text that make a format worth a place of its own in the gate
_WHOLE_HEAD = 12  # and where a format has less than that, so that the gate asks for all of it
_BEGIN = "(?:^|[^A-Za-z0-9])"


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing to redact.

    Args:
        id: What the placeholder names: `[REDACTED:id]`.
        what: Whose credential it is and what it opens.
        source: Public page that documents the format.
        pattern: RE2 pattern over UTF-8 bytes; group 1, where there is one, is the secret, else the whole match.
        keywords: Literals of which every match holds at least one: what the gate looks for first. Lower-case letters stand
            for either case, and `literals` has further signs. Empty: read from `head`.
        head: Pattern that matches in every text the rule matches in; empty: the pattern, somewhat loosened.
        floor: Shannon entropy in bits per character below which a match is no secret; 0 means any.
        mixed: Whether a match must look random: digits among letters, or both cases mixed.
        says: How much the surroundings say of the value, which is then judged like one beside a key; None: no judging.
        named: Whether group 1 is a name, which is judged as one beside a value is, and the last group its value.
        last_word: Whether group 1, the only one, is the last word of each match, with blanks before it and none within;
            it is then found without capturing, for which RE2 takes twice as long again.
        quoted: Whether the value stands in quotes or alone, so that it cannot be an expression of a program.
        edges: Bytes that must not join a match to more letters or digits; empty: a match may be part of a longer word.
        general: Whether it finds tokens of no vendor in particular; it leaves alone what disabled rules match.
        allow: Patterns of whole values that are no secrets (a vendor's documented example, say).
        examples: Makes texts that the rule must match.
        near: Makes texts that look alike and must not match.
    """

    id: str
    what: str
    source: str
    pattern: str
    keywords: tuple[str, ...] = ()
    head: str = ""
    floor: float = 0.0
    mixed: bool = False
    edges: str = _LETTERS + _DIGITS
    says: Verdict | None = None
    named: bool = False
    last_word: bool = False
    quoted: bool = False
    general: bool = False
    allow: tuple[str, ...] = ()
    examples: Callable[[], tuple[str, ...]] = tuple
    near: Callable[[], tuple[str, ...]] = tuple

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", self.id):
            raise RuleError(f"rule id {self.id!r} is not of lower-case words joined by '-'")
        if not self.pattern:
            raise RuleError(f"rule {self.id!r} has no pattern")

    @property
    def gate(self) -> str:
        """Pattern that is found in every text this rule can match in."""
        return self.head or _loosened(self.pattern)

    @property
    def literals(self) -> Words | None:
        """Literals, as `keywords` are, of which every text that the rule can match in has one; None where none are known."""
        return frozenset(self.keywords) or needed(self.gate)


def rule_from(entry: Rule | Mapping[str, Any]) -> Rule:
    """Return the rule that an entry of the settings describes; a `Rule` as it is.

    Args:
        entry: A table with `id` and `pattern`, and optionally `what`, `source`, `keywords`, `allow` and `examples`,
            which are as of `Rule`, the last three as lists of texts.

    Raises:
        RuleError: A field is missing, unknown, or of another type.
    """
    if isinstance(entry, Rule):
        return entry
    if not isinstance(entry, Mapping):
        raise RuleError(f"a rule is a table with id and pattern, not {type(entry).__name__}")
    name = f"rule {entry['id']!r}" if "id" in entry else "a rule"
    if unknown := [field for field in entry if field not in _TEXTS and field not in _LISTS]:
        raise RuleError(f"{name} has an unknown field {unknown[0]!r}; a rule has {', '.join((*_TEXTS, *_LISTS))}")
    if missing := [field for field in ("id", "pattern") if field not in entry]:
        raise RuleError(f"{name} has no {missing[0]}")
    if wrong := [field for field in _TEXTS if not isinstance(entry.get(field, ""), str)]:
        raise RuleError(f"{name}: {wrong[0]} is not a text")
    lists = {field: texts(f"{name}: {field}", entry.get(field, ())) for field in _LISTS}
    keywords, allow = (tuple(map(as_bytes, lists[field])) for field in ("keywords", "allow"))
    return Rule(
        id=entry["id"],
        what=entry.get("what", entry["id"]),
        source=entry.get("source", ""),
        pattern=as_bytes(entry["pattern"]),
        keywords=tuple(map(folded, keywords)),
        allow=allow,
        examples=lambda: lists["examples"],
    )


def texts(name: str, value: object) -> tuple[str, ...]:
    """Return a list of texts from the settings as a tuple.

    Raises:
        RuleError: It is something else, a single text included.
    """
    items = tuple(value) if isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping) else None
    if items is None or not all(isinstance(item, str) for item in items):
        raise RuleError(f"{name} is not a list of texts")
    return items


def patterns_by_logger(given: Mapping[str, Iterable[str]] | None) -> dict[str, tuple[str, ...]]:
    """Return the patterns that are allowed by logger, as patterns over bytes.

    Raises:
        RuleError: They are not lists of texts by logger name.
    """
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise RuleError(f"allow_loggers is {type(given).__name__}, expected lists of patterns by logger name")
    return {
        logger: tuple(map(as_bytes, texts(f"allow_loggers: {logger}", patterns))) for logger, patterns in given.items()
    }


def _loosened(pattern: str, most: int = _HEAD) -> str:
    """Take the upper bounds off a pattern's repetitions, and lower the high ones: it finds more and is far smaller."""
    if "\\Q" in pattern:
        return pattern
    return _COUNT.sub(lambda found: f"{{{min(int(found[1]), most)},}}" if found[1] else found[0], pattern)


def shape(
    id: str,
    what: str,
    source: str,
    *templates: str,
    floor: float = 0.0,
    mixed: bool = False,
    tight: bool = False,
    head: str = "",
    keywords: tuple[str, ...] = (),
    allow: tuple[str, ...] = (),
    near: tuple[str, ...] = (),
) -> Rule:
    """Make the rule for a token that is recognised by its own look.

    Args:
        id: As of `Rule`.
        what: As of `Rule`.
        source: As of `Rule`.
        templates: Literal text with runs `<class n>`, `<class n+>`, `<class n-m>`, `<uuid>`, alternatives `(a|b)` and,
            where not all of it is the secret, braces around what is.
        floor: As of `Rule`.
        mixed: As of `Rule`.
        tight: Whether `_`, `-`, `.` and a backslash may not join it to more letters either; for prefixes that words have too.
        head: As of `Rule`; empty: derived from the templates.
        keywords: As of `Rule`; empty: derived from the templates.
        allow: As of `Rule`.
        near: Templates of texts that look alike and must not match; the templates with a word for each run are, too.
    """
    whole = not any("{" in template for template in templates)  # else a match may be part of a longer word
    parsed = [_parse(template, whole=whole) for template in templates]
    known = [words for _, _, words in parsed]
    return Rule(
        id=id,
        what=what,
        source=source,
        pattern="|".join(pattern for pattern, _, _ in parsed),
        keywords=keywords or (tuple(chain.from_iterable(known)) if all(known) else ()),
        head=head or "|".join(derived for _, derived, _ in parsed),
        floor=floor,
        mixed=mixed,
        edges=_LETTERS + _DIGITS + ("_-.\\" if tight else ""),
        allow=allow,
        examples=lambda: tuple(sample(template) for template in templates),
        near=lambda: (
            *(sample(template) for template in near),
            *(with_stand_ins(template, "docs") for template in templates),
        ),
    )


def sample(template: str, rng: random.Random | None = None) -> str:
    """Draw one text of a template's format.

    Args:
        template: As `shape` takes it.
        rng: Source of the random characters; None means one seeded by the template, so that a run can be repeated.
    """
    import random  # here because only examples need it

    rng = rng or random.Random(template)  # noqa: S311 - examples, nobody's secrets
    out = []
    for name, low, more, high, choice, maybe, literal in _TOKEN.findall(template):
        if name == "uuid":
            digits = "".join(rng.choice("0123456789abcdef") for _ in range(32))
            out.append("-".join((digits[:8], digits[8:12], "4" + digits[13:16], "a" + digits[17:20], digits[20:])))
        elif name:
            least = int(low or 1)
            out.append("".join(rng.choice(_CLASSES[name][0]) for _ in range(rng.randint(least, int(high or least)))))
        elif choice:
            out.append("" if maybe and rng.random() < 0.5 else rng.choice(choice.split("|")))
        elif literal not in _MARKS:
            out.append(literal)
        del more
    return "".join(out)


def with_stand_ins(template: str, word: str) -> str:
    """Return a template's text with a word in place of each random run: what a document says of the format."""
    return "".join(
        word if name else choice.split("|")[0] if choice else "" if literal in _MARKS else literal
        for name, _, _, _, choice, _, literal in _TOKEN.findall(template)
    )


def _parse(template: str, *, whole: bool) -> tuple[str, str, list[str]]:
    """Turn a template into its pattern, its head for the gate and the literals that are looked for before it."""
    pieces = [_piece(found) for found in _TOKEN.findall(template)]
    pattern = "".join(piece.pattern for piece in pieces)
    start, telling = _most_telling(pieces)
    if telling >= _TELLING:
        return pattern, _head(pieces[start:]), _literals(pieces[start:], BEGIN if whole and start == 0 else "")
    head = (_BEGIN if whole else "") + _loosened(pattern, _WHOLE_HEAD)
    return pattern, head, sorted(needed(head, _TELLING) or ())


def _literals(pieces: list[_Piece], begin: str) -> list[str]:
    """Return what the fixed text that the pieces begin with may be, as far as it is looked for."""
    words = [begin]
    for piece in pieces:
        if piece.pattern in _MARKS.values():
            continue
        if piece.most or all(len(word) >= LONGEST for word in words):
            break
        words = [word + text for word in words for text in piece.texts]
    return words


def _most_telling(pieces: list[_Piece]) -> tuple[int, int]:
    """Return where the longest stretch of fixed text begins, the first at best, and how many characters it has."""
    best, begun, size = (0, 0), 0, 0
    for i, piece in enumerate(pieces):
        if piece.most:
            begun, size = i + 1, 0
            continue
        size += piece.least
        if size > best[1] and (best[1] < _TELLING or begun == best[0]):
            best = (begun, size)
    return best


class _Piece(NamedTuple):
    """One part of a template: literal text, or a run of a class of characters."""

    pattern: str
    least: int
    most: int = 0  # 0 for text that is not random
    of: str = ""
    texts: tuple[str, ...] = ()  # what text that is not random may be

    def first(self, size: int) -> str:
        return f"{self.of}{{{min(self.least, size)}}}"


@functools.cache
def _piece(found: tuple[str, ...]) -> _Piece:
    """Turn one token of a template into its piece; runs and literals come again and again."""
    name, low, more, high, choice, maybe, literal = found
    if literal in _MARKS:
        return _Piece(_MARKS[literal], 0)
    if literal:
        return _Piece(re.escape(literal), len(literal), texts=(literal,))
    if choice:
        texts = tuple(choice.split("|"))
        least = 0 if maybe else min(map(len, texts))
        return _Piece(f"(?:{'|'.join(map(re.escape, texts))}){maybe}", least, texts=(*texts, "") if maybe else texts)
    if name == "uuid":
        return _Piece(_UUID, 36, most=36, of="[--f]")
    of, least = _CLASSES[name][1], int(low or 1)
    most = int(high) if high else LONGEST_RUN if more else least
    return _Piece(f"{of}{{{least}}}" if most == least else f"{of}{{{least},{most}}}", least, most, _WIDE[name])


def _head(pieces: list[_Piece]) -> str:
    """Return a pattern that is found wherever the pieces are, with a few characters of random runs at most."""
    head: list[str] = []
    for piece in pieces:
        if piece.pattern in _MARKS.values():
            continue
        if not piece.most:
            head.append(piece.pattern)
            continue
        head.append(piece.first(_HEAD))
        if piece.least > _HEAD or piece.most > piece.least:
            break
    return "".join(head)
