"""The notations in which a value stands beside its name: quotes, JSON, YAML, XML, tables, calls, flags, prose.

Each pattern but `PLAIN` is matched where a name ends. Whether the name says anything, and whether what is found is a
secret, is for `assignments`, `keynames` and `values` to say.
"""

from __future__ import annotations

import re

from irl_logging.redaction.patterns import Lazy

_WHOSE = "the|user|key|account|host|database|db"
JOINS = (
    rf"(?:(?:for|of|on|from|in|at)[ \t]+(?:(?:{_WHOSE})[ \t]+){{0,2}}|to[ \t]+(?:(?:{_WHOSE})[ \t]+){{1,2}})"
    r"[\"'`]?[\w.@+-]+\b[\"'`]?[ \t]*"
)
IS = (
    r"(?:(?:(?:(?:has been|was|is)[ \t]+)?(?:changed|set|updated|rotated|reset)[ \t]+to|is|are|was|as|equals|to|reads"
    r"|becomes|est|es|ist|lautet)(?:[ \t]+now)?[ \t]*:?[ \t]+|[:=][ \t]*)"
)
VALUE = "(?i:[a-z_]*value|content|val)"
"""The name of a field that holds a value, whose name is in the field before: `Value`, `ParameterValue`, `new_value`."""
_STOP = rb"\s\"'`<>,;&|(){}\[\]\\\x00\x1b"
_BARE = (
    rb"(?P<bare>(?:[^" + _STOP + rb"]++"
    rb"|[,;&|(){}\[\]](?=[^" + _STOP + rb"])"
    rb"(?![\w.%-]{0,64}(?:\[[\w.%-]{0,64}\])*=|[\w.-]{0,64}: |(?<=[;,|])[\w.-]{1,64}:|(?<=[;,])[\x80-\xff]+(?:\s|\Z))"
    rb"|\\(?![nrtu\"'\\x]))++)"
)
_QUOTED = (
    rb"[bBuUrRfF]{0,2}(?:\"\"\"(?P<d3>.*?)\"\"\"|\"(?P<d>(?:[^\"\\]|\\.)*+)(?:\"|\Z)"
    rb"|'(?P<s>(?:[^'\\\n]|\\.)*+)'|`(?P<t>[^`\n]*+)`|['`](?P<cut>[^\s'`]++)(?=\r?\n|\Z))"
)
_VALUE = rb"(?:" + _QUOTED + rb"|(?![\[({])" + _BARE + rb")"
_TYPE = (
    rb"(?:[ \t]*\{[^{}\n]*\}[ \t]*(?==)|[ \t]+(?:string|String|str)[ \t]*(?==)"
    rb"|[ \t]*:[ \t]*(?:str|[Ss]tring|bytes|&str|SecretStr|any|Optional\[str\]|str \| None)[ \t]*(?==))?"
)
_TYPED = (
    rb"(?:\{\s*[\"'](?:S|stringValue|string_value)[\"']\s*:\s*(?=[\"']))?"  # a value of DynamoDB, Firestore or OTLP
)
_WRAPPED = (
    rb"(?:\s*string\([0-9]+\)[ ](?=\")|<%=\s*(?=[\"'])|Str\((?=[^\s\"'()])|\[\]byte\((?=[\"`])"
    rb"|(?:Some|Just|Ok|String(?:::from)?|Secret(?:Str|String)?(?:::(?:new|from))?)\(?[ ]?(?=[\"'])"
    rb"|(?:new[ ])?(?:bytes|bytearray|memoryview|Buffer\.from|str|String|Optional|Password|Token|ApiKey)\((?=b?[\"']))?"
)
_MARKUP = (  # of the name, which ends after the colon, and of the value
    rb"(?:(?<=:)\*{1,2}(?=[ \t])|(?:</\w{1,8}>\s*)+(?:<\w{1,8}(?:[ \t][^<>\n]*)?>\s*)*"
    rb"|[ \t]*<(?:code|kbd|samp|pre|span|strong|em|tt|b|i)>)?"
)
_ADORNED = (
    rb"(?:(?:&[A-Za-z_][\w-]{0,40}|!!(?:str|binary|int|float)|!<[^<>\s]{1,60}>)[ \t]+)*+"  # anchor and type of YAML
)
ASSIGN = Lazy(
    rb"[\"'`*\])]*+(?:\[[0-9]*\])?"
    + _TYPE
    + rb"[ \t]*(?P<sep>:=|=>|->|\xe2\x86\x92|==?|::?)"
    + _MARKUP
    + rb"(?P<gap>[ \t]*(?:[|>][+-]?[ \t]*)?"
    + _ADORNED
    + rb"(?:\r?\n[ \t]+(?![\w.-]+:|-)|\\\r?\n[ \t]*|\([ \t]*(?:#[^\n]*)?\r?\n\s*(?=[bru]?[\"']))?)"
    + _TYPED
    + rb"(?P<open>[\[({<][ \t]*(?=[\"'A-Za-z0-9_]))?"
    + _WRAPPED
    + _VALUE,
    re.DOTALL,
)
NAMED_VALUE = Lazy(
    rb"[\"'`*\])]*+[,;\s]\s*(?:[\w-]+\s*=\s*[\"'][\w -]*[\"']\s+)?[\"']?"
    + VALUE.encode()
    + rb"[\"']?\s*[:=]\s*"
    + _TYPED
    + _VALUE,
    re.DOTALL,
)
PAIR = Lazy(rb"[\"']\s*,\s*" + _VALUE, re.DOTALL)
TABLE = Lazy(
    rb"[\"'`*=~]*[ \t]*(?:\|{1,2}|\xe2\x94[\x82\x83])[ \t]*"
    rb"(?:~(?P<t>[^~\s|]+)~|=(?P<s>[^=\s|]+)=|[\"'`*=~]*(?P<bare>[^\s|\"'`\xe2]+))"
)
PLIST = Lazy(rb"</key>\s*<\w+>(?P<bare>[^<\s][^<]*)</")
INNER = Lazy(rb"[\"']>(?P<bare>[^<>\s][^<>\n]*)</")
NEXT = Lazy(rb"[\"']?[,;/][ ]?" + _VALUE, re.DOTALL)
ELEMENT = Lazy(
    rb"(?:[ \t][^<>]*)?>\s*(?:<!\[CDATA\[(?P<c>(?:[^\]]|\](?!\]>))++)\]\]>|(?P<bare>[^<>\s][^<>\n]*)</)", re.DOTALL
)
CALL = Lazy(rb"\(\s*[bBuUrRfF]?(?:\"(?P<d>(?:[^\"\\]|\\.)*+)\"|'(?P<s>(?:[^'\\\n]|\\.)*+)')\s*[,)]")
SPACE = Lazy(rb"[\"'`]?[ \t]+(?:[\\`^]\r?\n[ \t]*)?\(?" + _VALUE, re.DOTALL)
PROSE = Lazy(
    rb"[\"'`]?[ \t]+(?:" + JOINS.encode() + rb")?" + IS.encode() + rb"\(?" + _VALUE,
    re.DOTALL,
)
PLAIN = Lazy(  # a name, or a flag, with its value, as most are; `\3` is the quote, and the value has no sign of a notation
    rb"(?:([\w.$@\x80-\xff][\w.$@\x80-\xff-]*+)(?<![.-])[\"']?[=:] ?|(-[\w.$@\x80-\xff-]*+)(?<![.-])[ \t]+(?=[\"']?\w))"
    rb"([\"']?)([\w!@$%^*+~-]{6,})(?=\3(?:[,;)}\]]*(?:\Z|\s(?!\s*=))|[,}][ \"']))"
)
READERS = {
    ord("="): (ASSIGN, TABLE),
    ord("~"): (TABLE,),
    ord(":"): (ASSIGN,),
    ord("-"): (ASSIGN,),
    ord(" "): (ASSIGN, NAMED_VALUE, ELEMENT, TABLE, PROSE),
    ord("\t"): (ASSIGN, NAMED_VALUE, ELEMENT, TABLE, PROSE),
    ord("\n"): (NAMED_VALUE,),
    ord("\r"): (NAMED_VALUE,),
    ord(","): (NAMED_VALUE, NEXT),
    ord(";"): (NAMED_VALUE, NEXT),
    ord("/"): (NEXT,),
    ord("<"): (PLIST,),
    0xE2: (ASSIGN, TABLE),
    ord("["): (ASSIGN,),
    ord("|"): (TABLE,),
    ord(">"): (ELEMENT,),
    ord("("): (CALL,),
}
QUOTES = (ASSIGN, PAIR, NAMED_VALUE, INNER, NEXT, TABLE, PROSE)
