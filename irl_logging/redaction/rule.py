"""One redaction rule as data: what it looks for, whose format that is, and examples made at run time.

A rule is a linear-time pattern with a few checks beside it. Most formats are a fixed prefix and a run of random
characters; `shape` builds the rule for these from a template such as `ghp_<alnum 36>`, and makes the examples from the
same template, so that no file holds anything that looks like a secret. Looking for matches is `finders`'s work.
"""

from __future__ import annotations

import random
import re
import string
from collections.abc import Callable
from dataclasses import dataclass

from irl_logging.errors import RuleError
from irl_logging.redaction.keynames import Verdict

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
    "dotted": (_LETTERS + _DIGITS + "_-.", "[A-Za-z0-9_.-]"),
    "b64": (_LETTERS + _DIGITS + "+/", "[A-Za-z0-9+/]"),
    "b64any": (_LETTERS + _DIGITS + "+/_-", "[A-Za-z0-9+/_-]"),
    "b32": (string.ascii_uppercase + "234567", "[A-Z2-7]"),
    "b58": ("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", "[1-9A-HJ-NP-Za-km-z]"),
    "slug": (string.ascii_lowercase + _DIGITS + "-", "[a-z0-9-]"),
}
_UUID = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
_TOKEN = re.compile(r"<(\w+)(?: (\d+)(?:(\+)|-(\d+))?)?>|\(([^()]+)\)(\?)?|([^<(]+)")
_LONGEST = 512  # a run is followed no further than this: keeps hostile text linear
_HEAD = 8  # characters of a random run that the gate asks for


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing to redact.

    Args:
        id: What the placeholder names: `[REDACTED:id]`.
        what: Whose credential it is and what it opens.
        source: Public page that documents the format.
        pattern: RE2 pattern over UTF-8 bytes; group 1, where there is one, is the secret, else the whole match.
        keywords: Literals of which every match holds at least one, for people and for the gate.
        head: Pattern that matches in every text the rule matches in; empty: one of `keywords`, else the pattern.
        floor: Shannon entropy in bits per character below which a match is no secret; 0 means any.
        mixed: Whether a match must look random: digits among letters, or both cases mixed.
        says: How much the surroundings say of the value, which is then judged like one beside a key; None: no judging.
        edges: Bytes that must not stand beside a match; empty means a match may be part of a longer word.
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
        if self.head:
            return self.head
        return "|".join(re.escape(word) for word in self.keywords) or self.pattern


def shape(
    id: str,
    what: str,
    source: str,
    *templates: str,
    floor: float = 2.0,
    mixed: bool = False,
    tight: bool = False,
    near: tuple[str, ...] = (),
) -> Rule:
    """Make the rule for a token that is recognised by its own look.

    Args:
        id: As of `Rule`.
        what: As of `Rule`.
        source: As of `Rule`.
        templates: Literal text with runs `<class n>`, `<class n+>`, `<class n-m>`, `<uuid>` and alternatives `(a|b)`.
        floor: As of `Rule`.
        mixed: As of `Rule`.
        tight: Whether `_`, `-`, `.` and `/` may not stand beside it either; for prefixes that words have too.
        near: Templates of texts that look alike and must not match.
    """
    parsed = [_parse(template) for template in templates]
    return Rule(
        id=id,
        what=what,
        source=source,
        pattern="|".join(pattern for pattern, _, _ in parsed),
        keywords=tuple(word for _, _, word in parsed if word),
        head="|".join(head for _, head, _ in parsed),
        floor=floor,
        mixed=mixed,
        edges=_LETTERS + _DIGITS + ("_-./" if tight else ""),
        examples=lambda: tuple(sample(template) for template in templates),
        near=lambda: tuple(sample(template) for template in near),
    )


def sample(template: str, rng: random.Random | None = None) -> str:
    """Draw one text of a template's format.

    Args:
        template: As `shape` takes it.
        rng: Source of the random characters; None means one seeded by the template, so that a run can be repeated.
    """
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
        else:
            out.append(literal)
        del more
    return "".join(out)


def _parse(template: str) -> tuple[str, str, str]:
    """Turn a template into its pattern, its head for the gate and its first literal."""
    pattern, head, keyword, done, literal_length = [], [], "", False, 0
    for name, low, more, high, choice, maybe, literal in _TOKEN.findall(template):
        if literal:
            piece = piece_head = re.escape(literal)
            keyword = keyword or literal
            literal_length += len(literal)
        elif choice:
            piece = piece_head = "(?:" + "|".join(re.escape(c) for c in choice.split("|")) + ")" + maybe
        elif name == "uuid":
            piece = piece_head = _UUID
        else:
            of, least = _CLASSES[name][1], int(low or 1)
            most = int(high) if high else _LONGEST if more else least
            piece = f"{of}{{{least}}}" if most == least else f"{of}{{{least},{most}}}"
            cut = least > _HEAD and literal_length >= 1
            piece_head = f"{of}{{{_HEAD}}}" if cut else f"{of}{{{least}}}"
            done_after = cut or most != least
            pattern.append(piece)
            if not done:
                head.append(piece_head)
            done = done or done_after
            continue
        pattern.append(piece)
        if not done:
            head.append(piece_head)
    return "".join(pattern), "".join(head), keyword
