"""Name and value in notations of their own: registry rows, make, setters, terms, elements, changes, validators' errors.

Each rule has two groups, the name and its value: the name is judged as any name beside a value is.
"""

from __future__ import annotations

from dataclasses import replace

from irl_logging.redaction.rule import Rule
from irl_logging.redaction.rules.contexts import NAMES, context

_WORDS = (
    r"(?i:pass|pwd|secret|token|key|cred|auth|psk|jwt|dsn|mnemonic|seed|salt|pin|licen[cs]e|webhook|session|cookie)"
)
_NAME = rf"([\w.$-]*{_WORDS}[\w.$-]*)"
_BARE = r"([^\s\"'`<>;,\x00]{3,400})"
_TEXT = r"[\"']([^\"'\n\x00]{3,400})[\"']"
_DRAWN = r"([^\s\"'`;,)\x00]{0,200}[0-9!#$%&*+=?@^~][^\s\"'`;,)\x00]{2,200})"
_CHOSEN = r"(?i:passw(?:or)?d|pwd|passphrase)"
_SIGNED = (
    r"[^\s\"'\x00]{0,60}[0-9!#$%&*+=?@^~][^\s\"'\x00]{3,200}|[^\s\"'\x00]{4,60}[0-9!#$%&*+=?@^~][^\s\"'\x00]{0,60}"
)
_UNQUOTED = r"[A-Za-z0-9][^\s\"'`=:/()<>{}\[\],;\x00]{2,60}[!#$%^*~][^\s\"'`=:/()<>{}\[\],;\x00]{2,60}"
_FIELD = (
    r"(?i:field|option|argument|parameter|property|path|for|flag|key|column"
    r"|setting|variable|attribute|input|loc|instance|of)"
)
_SHOWN = r"(?i:\b(?:value|got|received|found|choice|actual|provided|given|input|instead of))"
_REFUSED = r"(?i:invalid|illegal|unexpected|malformed|rejected)\s"
_CHANGED = r"(?i:changed|rotated|updated|modified|switched|migrated|reset|replaced|edited|swapped|moved|went)"
_WAS = (
    r"[\"'`]?(?:\s(?:for|of)\s[\w@.-]{1,40})?"
    rf"(?:\s(?:value|has|have|been|was|is|were|successfully|key|:))*\s{_CHANGED}(?:\s[\w@.:-]{{1,30}}){{0,3}}?\sfrom\s"
)
_REG = "https://learn.microsoft.com/windows/win32/sysinfo/registry-value-types"
_MAKE = "https://www.gnu.org/software/make/manual/html_node/Setting.html"
_PHP = "https://www.php.net/manual/en/function.var-dump.php"
_ERLANG = "https://www.erlang.org/doc/system/data_types.html"
_LISP = "https://www.gnu.org/software/emacs/manual/html_node/elisp/Setting-Variables.html"
_SIGNS = str.maketrans("‹›«»", "{}<>")  # signs that mean something in templates
_XML = "https://docs.python.org/3/library/xmlrpc.client.html"
_POSTGRES = "https://www.postgresql.org/docs/current/errcodes-appendix.html"
_SYSLOG = "https://www.rfc-editor.org/rfc/rfc5424"
_ENVIRONMENT = "https://learn.microsoft.com/dotnet/api/system.environment.setenvironmentvariable"


def _named(
    id: str,
    what: str,
    source: str,
    pattern: str,
    *examples: str,
    head: str = "",
    keywords: tuple[str, ...] = NAMES,
    allow: tuple[str, ...] = (),
    near: tuple[str, ...],
) -> Rule:
    rule = context(
        id,
        what,
        source,
        pattern,
        *examples,
        says=None,
        named=True,
        head=head,
        keywords=keywords,
        allow=allow,
        near=near,
    )
    made = rule.examples
    return replace(rule, examples=lambda: tuple(text.translate(_SIGNS) for text in made()))


RULES: tuple[Rule, ...] = (
    _named(
        "registry-value",
        "secret in a row of the Windows registry",
        _REG,
        rf"{_NAME}[ \t]+REG_(?:SZ|EXPAND_SZ|MULTI_SZ|BINARY)[ \t]+([^\r\n\x00]{{3,400}})",
        "    ServicePassword    REG_SZ    <alnum 14>",
        head=r"REG_(?:SZ|EXPAND_SZ|MULTI_SZ|BINARY)[ \t]",
        keywords=(),
        near=("    TokenLifetime    REG_SZ    3600 s", "    KeyName    REG_SZ    main"),
    ),
    _named(
        "named-argument",
        "secret given to a command by name and value",
        "https://learn.microsoft.com/windows-server/administration/windows-commands/reg-add",
        rf"[ \t][-/](?i:name|n|v|key|variable|k)[ :=][\"']?{_NAME}[\"']?(?:[ \t][^\n|;&]{{1,60}}?)?[ \t]"
        rf"(?:[-/](?i:value|val|d|data|v)|--value|--data)[ :=](?:{_TEXT}|{_BARE})",
        "reg add HKCU\\\\Acme /v ApiToken /t REG_SZ /d <alnum 24> /f",
        "New-ItemProperty -Path HKLM: -Name SvcPassword -Value <alnum 14>",
        head=r"[ \t][-/](?i:name|n|v|key|variable|k)[ :=][\"']?[\w.$-]*" + _WORDS,
        near=("reg query HKCU /v TokenLifetime /d 12",),
    ),
    _named(
        "environment-element",
        "secret put into the environment by a program in Perl or Tcl, or by PowerShell with braces",
        "https://perldoc.perl.org/variables/%25ENV",
        rf"(?i:\bENV\{{[\"']?{_NAME}[\"']?\}}|\benv:{_NAME}\}})[ \t]*(?:\|\||//)?=[ \t]*{_TEXT}"
        rf"|\benv\({_NAME}\)[ \t]+(?:{_TEXT}|{_BARE})",
        "$ENV‹ACME_TOKEN› = '<alnum 32>';",
        "set env(ACME_TOKEN) <alnum 32>",
        head=r"(?i:\benv)[\{\(:]",
        keywords=("env{", "env(", "env:"),
        near=("$ENV‹TOKEN_FILE› = '/run/token';", "set env(PASSWORD_MIN) 12", "$‹env:TOKEN› = 'none'"),
    ),
    _named(
        "conditional-assignment",
        "secret assigned by make or where there is none yet",
        _MAKE,
        rf"{_NAME}[ \t]*(?:(?:\?|::|:::)=[ \t]*[\"'`]?{_BARE}|(?:\+|\|\||\?\?|&&|\.)=[ \t]*{_TEXT})",
        "API_TOKEN ?= <alnum 32>",
        head=rf"{_WORDS}[\w.$-]*[ \t]*(?:\?|\+|\|\||\?\?|&&|\.|:)+=[ \t]*[^\s=]",
        near=("TOKEN_FILE ?= /run/token", "token ||= 'none'", "PASSWORD ?= $(shell cat pw)"),
    ),
    _named(
        "printed-object",
        "value of an object that is called after what it holds",
        "https://kotlinlang.org/docs/data-classes.html",
        rf"{_NAME}[({{]\s*(?:value|raw|data)=[\"']?([^\s\"'`<>;,)}}\x00]{{3,400}})",
        "AuthToken(value='<alnum 32>')",
        "Password(value=<alnum 14>)",
        head=rf"{_WORDS}[\w.$-]*[({{]\s*(?:value|raw|data)=",
        near=("TokenCount(value=512)", "SecretName(value=db-creds)"),
    ),
    _named(
        "set-call",
        "secret given with its name to a function that sets it",
        _ENVIRONMENT,
        rf"(?i:set|put|add|header|with|store|save|write|register|define|append|insert|update|export|setenv)\w*!?\s*\(\s*"
        rf"(?:[\w.:]+,\s*)?[bru]?[\"']{_NAME}[\"']\s*,\s*[bru]?{_TEXT}\s*[,)]",
        'SetEnvironmentVariable("ACME_PASSWORD", "<alnum 14>", "User")',
        head=rf"(?i:set|put|add|header|with|store|save|write|register|define|append|insert|update|export)\w*!?\s*\(\s*"
        rf"(?:[\w.:]+,\s*)?[bru]?[\"'][\w.$-]*{_WORDS}",
        near=('add_argument("--token", "TOKEN")', 'setAttribute("key", "id")'),
    ),
    _named(
        "changed-value",
        "former secret in a sentence about a change",
        _SYSLOG,
        rf"{_NAME}{_WAS}(?:[\"'`]([^\s\"'`\x00]{{4,400}})[\"'`]|{_DRAWN})",
        "config watch: acme_secret_key changed from '<alnum 40>' (revision 7)",
        head=rf"{_CHANGED}(?:\s[\w@.:-]+)?\sfrom\s",
        near=("token count changed from 12 to 14", "password policy changed from 'weak' to 'strong'"),
    ),
    _named(
        "changed-into",
        "new secret in a sentence about a change",
        _SYSLOG,
        rf"{_NAME}(?:{_WAS}|\s?[:=]?\s)[\"'`]?[^\s\"'`]{{1,400}}[\"'`]?\s?(?:->|=>|\xe2\x86\x92|\s(?i:to|into)\s)\s?"
        rf"(?:[\"'`]([^\s\"'`\x00]{{4,400}})[\"'`]|{_DRAWN})",
        "updated acme_password: '<alnum 14>' -> '<alnum 14>'",
        head=r"(?:[\"'`\w]\s?(?:->|=>|\xe2\x86\x92)\s?[\"'`]?[^\s]|\sfrom\s[^\s]+\s(?i:to|into)\s)",
        allow=(r"\$?[A-Za-z_]\w*\(.*",),  # a call
        near=("password_policy: 'weak' -> 'strong'", "token_ttl: 300 -> 600", "$token = $self->$handler($line);"),
    ),
    _named(
        "object-member",
        "secret in a protected or private member that PHP dumps",
        _PHP,
        rf"\[\\?[\"']?{_NAME}\\?[\"']?(?::\\?[\"']?[\w\\]+\\?[\"']?)?:(?:protected|private)\]\s*=>\s*(?:string\([0-9]+\)\s*)?"
        rf"(?:[\"']([^\"'\n\x00]{{3,400}})[\"']|([^\s\"']{{3,400}}))",
        '["password":protected]=>\n  string(14) "<alnum 14>"',
        "[token:Acme\\\\Client:private] => <alnum 32>",
        head=r":(?:protected|private)\]\s*=>",
        keywords=(),
        near=('["password":protected]=>\n  NULL', '["token_ttl":protected]=>\n  int(3600)'),
    ),
    _named(
        "term",
        "secret in a tuple of Erlang or Elixir",
        _ERLANG,
        rf"\{{\s*(?::?{_NAME}|<<\"{_NAME}\">>|[\"']{_NAME}[\"'])\s*,\s*(?:<<)?{_TEXT}(?:/utf8)?(?:>>)?\s*\}}"
        rf"|{_NAME}[\"']?(?:>>)?\s*=>\s*<<{_TEXT}",
        '[‹host,"db"›,‹password,««"<alnum 14>"»»›]',
        head=r"\{\s*[:<]*[\w.$\"'-]+>*\s*,\s*(?:<<)?[\"']|=>\s*<<[\"']",
        allow=(r"[a-z]+(?:_[a-z]+)+",),
        near=('{token,"none"}', '{key,"id"}', "{'refresh_token', 'response_types'}"),
    ),
    _named(
        "quoted-password",
        "password in quotes after a definition, an arrow or nothing but its name",
        "https://learn.microsoft.com/cpp/preprocessor/hash-define-directive-c-cpp",
        rf"([\w.$-]*{_CHOSEN}\w*)[\"'`]?(?:[ \t]*(?:<-|,)[ \t]*|[ \t]+(?:[Aa]s[ \t]+\w+[ \t]*=[ \t]*)?)[\"']({_SIGNED})[\"']",
        '#define WIFI_PASSWORD "<alnum 8>!<alnum 6>"',
        head=rf"{_CHOSEN}\w*[\"'`]?(?:[ \t]*(?:<-|,)[ \t]*|[ \t]+(?:[Aa]s[ \t]+\w+[ \t]*=[ \t]*)?)[\"']",
        allow=(r"[\w.,/-]+\.(?:csv|s[0-9]p|dat|bin|npy|npz|h5|pkl|png)",),
        near=('unknown password "main"', "('password', 'user_name')", "join(pwd, './data/set-1.csv')"),
    ),
    _named(
        "signed-password",
        "password of letters and signs after nothing but blanks or a bar",
        "https://pages.nist.gov/800-63-4/sp800-63b.html",
        rf"([\w.$-]*{_CHOSEN}\w*)(?:[ \t]+|[ \t]*(?:\||\xe2\x94\x82|\.{{3,60}})[ \t]*)({_UNQUOTED})",
        "set password <letter 6>*<letter 2>^+<letter 6>",
        head=rf"{_CHOSEN}\w*(?:[ \t]+|[ \t]*(?:\||\xe2\x94\x82|\.\.\.)[. \t]*)[A-Za-z0-9][^\s\"']*[!#$%^*~]",
        near=("password %s", "| password | text |", "no password ****"),
    ),
    _named(
        "lisp-value",
        "secret bound to a name in Lisp, Clojure or a pair of a list",
        _LISP,
        rf"(?:\((?:setq|setf|defvar|defparameter|defconst|defcustom|def|setenv|define|setopt|cons)?\s*'?"
        rf"|[\s({{,]):?[\"']?{_NAME}[\"']?"
        rf"\s+(?:\.\s+)?\"([^\"\n\x00]{{3,400}})\"\s*[)}}\n]",
        '(setq acme-api-key "<alnum 32>")',
        '(password . "<alnum 14>")',
        head=rf"{_WORDS}[\w.$-]*[\"']?\s+(?:\.\s+)?\"",
        near=('(setq token-mode "strict")', '(password . "none")'),
    ),
    _named(
        "element-pair",
        "secret in the element after the one that names it",
        _XML,
        rf"<(?:[\w-]+:)?(?i:name|key|string|param-?name|parameter-?name|id|property|label|field|option|variable"
        rf"|k)>\s*{_NAME}\s*</[^<>\x00]+>"
        r"\s*(?:<[^<>!/\x00]+>\s*){1,3}(?:<!\[CDATA\[)?([^<\s\x00][^<\x00]{2,400}?)\s*(?:\]\]>)?</",
        "«name»password«/name»«value»«string»<alnum 14>«/string»«/value»",
        head=rf"{_WORDS}[\w.$-]*\s*</[^<>]+>\s*<[^<>!/]+>",
        near=("<name>token_ttl</name><value>3600</value>", "<key>password</key><value>none</value>"),
    ),
    _named(
        "cell-pair",
        "secret in the cell of a table after the one that names it",
        "https://html.spec.whatwg.org/multipage/tables.html",
        rf"<(?:t[dh]|dt)(?:[ \t][^<>]*)?>\s*(?:<[\w-]+[^<>/]*>\s*)?((?:[\w.$-]+ ){{0,3}}[\w.$-]*{_WORDS}[\w.$-]*)\s*"
        r"(?:</[\w-]+>\s*)?</(?:t[dh]|dt)>\s*<(?:td|dd)(?:[ \t][^<>]*)?>\s*(?:<[\w-]+[^<>/]*>\s*)?"
        r"([^\s<>()\x00]{0,200}[0-9!#$%&*+=?@^~][^\s<>()\x00]{2,200}|[^\s<>()\x00]{5,200}[0-9!#$%&*+=?@^~][^\s<>()\x00]{0,200})\s*</",
        "«tr»«td»acme_api_key«/td»«td»<alnum 24>«/td»«/tr»",
        "«dt»Password«/dt»«dd»«code»<alnum 10>4«/code»«/dd»",
        head=r"</(?:t[dh]|dt)>\s*<(?:td|dd)",
        keywords=(),
        near=(
            "<tr><td>token_ttl</td><td>3600s</td></tr>",
            "<th>Password</th><th>Expires2</th>",
            "<td>password</td><td>varchar(255)</td>",
            "<td>token</td><td>string</td>",
        ),
    ),
    _named(
        "list-table-cell",
        "secret in the cell of a list table after the one that names it",
        "https://docutils.sourceforge.io/docs/ref/rst/directives.html#list-table",
        rf"(?m:^)[ \t]*\*[ \t]+-[ \t]+[`\"'*]{{0,4}}{_NAME}[`\"'*]{{0,4}}[ \t\r]*\n[ \t]+-[ \t]+[`\"'*]{{0,4}}"
        r"([^\s\"'`*()\x00][^\s\"'`()\x00]{2,200}[0-9!#$%&*+=?@^~][^\s\"'`()\x00]{0,200}"
        r"|[^\s\"'`*()\x00]{0,4}[0-9!#$%&*+=?@^~][^\s\"'`()\x00]{4,400})[`\"'*]{0,4}(?m:[ \t\r]*$)",
        "   * - ``REDIS_PASSWORD``\n     - ``<alnum 13>4``",
        head=rf"\*[ \t]+-[ \t]+[`\"'*]*[\w.$-]*{_WORDS}[\w.$-]*[`\"'*]*[ \t\r]*\n[ \t]+-",
        near=("* - Token\n  - Meaning4", "* - TOKEN_TTL\n  - 3600s", "* - password\n  - varchar(255)"),
    ),
    _named(
        "form-field",
        "secret in a field of a form sent as multipart",
        "https://www.rfc-editor.org/rfc/rfc7578",
        rf"form-data;\s*name=\\?[\"']([\w./: \[\]-]{{0,60}}{_WORDS}[\w.\[\]-]{{0,40}})\\?[\"'][ \t]*"
        r"(?:\r?\n[\w-]+:[^\n]*)*(?:\r?\n|\\r\\n|\\n){2}([^\s\\\x00][^\r\n\\\x00]{2,400})",
        'Content-Disposition: form-data; name="password"\r\n\r\n<alnum 12>\r\n--',
        'form-data; name="acme_secret_key"\n\n<alnum 32>\n--',
        head=r"form-data;\s*name=\\?[\"']",
        keywords=(),
        near=('form-data; name="token_ttl"\r\n\r\n3600 s\r\n--', 'form-data; name="password"\r\n\r\n\r\n--boundary'),
    ),
    _named(
        "attribute-element",
        "secret in an element within the one whose attribute names it",
        "https://learn.microsoft.com/dotnet/framework/configure-apps/file-schema/appsettings/",
        rf"<[\w:-]+\s[^<>]{{0,200}}?(?i:name|key|id|parameter|field)=\\?[\"']{_NAME}\\?[\"'][^<>]*>\s*<(?i:value"
        rf"|string|text|val|plaintext)[^<>]*>"
        r"(?:<!\[CDATA\[)?([^<\s\x00][^<\x00]{2,400}?)\s*(?:\]\]>)?</",
        '«setting name="SvcPassword" serializeAs="String"»«value»<alnum 14>«/value»',
        head=rf"=\\?[\"'][\w.$-]*{_WORDS}[\w.$-]*\\?[\"'][^<>]*>\s*<",
        near=('<setting name="TokenLifetime"><value>3600</value>',),
    ),
    _named(
        "key-detail",
        "secret in a database's message about a constraint",
        _POSTGRES,
        rf"(?i:key|column|field|constraint)\s?\(\"?{_NAME}\"?\)\s?=\s?\([\"']?([^()\n\"'\x00]{{3,400}})[\"']?\)",
        "DETAIL:  Key (api_key)=(<alnum 32>) already exists.",
        head=rf"{_WORDS}[\w.$-]*\"?\)\s?=\s?\(",
        near=("DETAIL:  Key (token_id)=(42) already exists.",),
    ),
    _named(
        "refused-value",
        "value that a validator refuses and shows, with the name of its field",
        "https://json-schema.org/draft/2020-12/json-schema-validation",
        rf"(?:{_FIELD}[\"'\s:=(\[]{{1,5}}[-$./\[\]\"'\w]{{0,60}}?{_NAME}[^\n]{{0,120}}?{_SHOWN}[:=\s]{{1,3}}\\?{_TEXT}"
        rf"|{_REFUSED}[^\n]{{0,40}}?{_NAME}[\"'`]?\)?:\s\\?{_TEXT})",
        "Invalid value for '--token': '<alnum 32>'",
        '"path":"$.credentials.password","note":"value \'<alnum 12>\' not in baseline"',
        head=rf"(?:{_SHOWN}[:=\s]+\\?[\"']|{_REFUSED})",
        near=("unknown option --token-file: 'x.txt'",),
    ),
)
