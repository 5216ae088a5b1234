"""Secrets that a shell, a prompt of a language or a listing of keys prints in answer to their name."""

from __future__ import annotations

from irl_logging.redaction.rule import Rule
from irl_logging.redaction.rules.contexts import NAMES, context

_WORDS = (
    r"(?i:pass|pwd|secret|token|key|cred|auth|psk|jwt|dsn|mnemonic|seed|salt|pin|licen[cs]e|webhook|session|cookie)"
)
_NAME = rf"([\w-]*{_WORDS}[\w-]*)"
_GRAPH = r"[^\s\"'`=:;(){}<>\x00]"
_DRAWN = (  # a line by itself with a digit, a sign or a capital within, but no assignment, path or flag
    rf"((?:[0-9!#%&*+?@^]|[^\s\"'`=:;(){{}}<>$/~-]{_GRAPH}{{0,300}}(?:[0-9!#$%&*+?@^~]|[a-z][A-Z])){_GRAPH}{{0,300}}={{0,2}})"
)
_ALONE = rf"[ \t]*\r?\n[ \t]*(?:[\"']([^\"'\n\x00]{{4,400}})[\"']|{_DRAWN})(?m:[ \t\r]*$)"
_ANSWER = r"(?:=>[ ]|\[1\][ ]|res[0-9]+:[ ]String[ ]=[ ]|(?:Out|out)\[[0-9]+\](?::|=)[ ]|\$[0-9]+[ ]=[ ]|[ \t]*)"
_GETTING = (  # commands that read a setting by its name
    r"\b(?:config:get|(?:secrets?|variables?|env|config|kv|parameters?|keyvault secret)[ :-](?:get|show|read|view|reveal)"
    r"|secrets? versions access|get secrets?"
    r"|get-(?:parameter|secret|secret-value|variable)|chamber read|jq|yq|crudini|doppler secrets get)"
)
_POSIX = "https://www.gnu.org/software/coreutils/manual/html_node/printenv-invocation.html"
_AZURE = "https://learn.microsoft.com/cli/azure/storage/account/keys"

RULES: tuple[Rule, ...] = (
    context(
        "printed-variable",
        "secret in a variable that a shell prints on the next line",
        _POSIX,
        rf"(?:printenv[ \t]+(?:-\S+[ \t]+)?{_NAME}"
        rf"|(?:echo|print|Write-(?:Output|Host)|printf[ \t]+\S+)[ \t]+(?:-\w[ \t]+)?"
        rf"[\"']?(?:\$\{{?(?i:env:)?|%){_NAME}[\}}%\"']{{0,2}};?"
        rf"|(?:environ|getenv|get_env|process\.env|ENV)(?:\.get|\.fetch)?[\[(.][\"']?{_NAME}[\"')\];}}]{{0,8}}"
        rf"|(?m:^|[>$#%] ?)\$(?:\{{?(?i:env):)?{_NAME}\}}?){_ALONE}",
        "$ printenv ACME_TOKEN\n<alnum 32>",
        "$ echo $DB_PASSWORD\n<alnum 14>",
        "$ python -c 'import os; print(os.environ[\"DB_PASSWORD\"])'\n<alnum 14>",
        "PS C:\\> $env:DB_PASSWORD\n<alnum 14>",
        says=None,
        named=True,
        head=rf"(?:printenv|environ|getenv|get_env|process\.env|ENV|[$%])\S*(?:[ \t]+\S+)?"
        rf"[ \t]*[\w-]*{_WORDS}[\w-]*[}}%\"')\];]*[ \t]*\r?\n",
        keywords=NAMES,
        near=(
            "$ printenv HOME\n/home/jane",
            "$ echo $TOKEN_FILE\n/run/t4",
            "echo $DB_PASSWORD\nPORT=8080",
            "echo $PASSWORD\nexit",
        ),
    ),
    context(
        "printed-file",
        "secret in a file that a command prints",
        "https://docs.docker.com/compose/how-tos/use-secrets/",
        r"\b(?:cat|type|bat|less|more|tail|head|Get-Content|gc)[ \t]+(?:-\S+[ \t]+)*[\"']?(?:[^\s\"'|;&<>]{0,200}[/\\.~])?"
        rf"{_NAME}(?:\.\w{{1,6}})?[\"']?{_ALONE}",
        "$ cat /run/secrets/db_password\n<alnum 14>",
        "$ kubectl exec web-0 -- cat /etc/app/api-token.txt\n<alnum 40>",
        says=None,
        named=True,
        head=rf"{_WORDS}[\w-]*(?:\.\w+)?[\"']?[ \t]*\r?\n",
        keywords=NAMES,
        near=(
            "$ cat /etc/passwd\nroot:x:0:0:root:/root:/bin/bash",
            "$ cat keys.py\nimport os",
            "$ cat VERSION_KEY.md\n4.2",
        ),
    ),
    context(
        "printed-setting",
        "secret that a command reads by its name",
        "https://docs.aws.amazon.com/cli/latest/reference/ssm/get-parameter.html",
        rf"{_GETTING}"
        rf"(?:[ \t][^\n]{{0,200}}?)?[\"' \t/.=]{_NAME}(?:[\"' \t}})][^\n]{{0,200}})?{_ALONE}",
        "$ heroku config:get DB_PASSWORD -a shop\n<alnum 14>",
        "$ aws ssm get-parameter --name /prod/db/password --with-decryption --output text\n<alnum 14>",
        says=None,
        named=True,
        allow=("secrets?/.*",),
        head=_GETTING,
        keywords=NAMES,
        near=("$ heroku config:get TOKEN_TTL\n3600s", "$ jq .token_count out.json\n41412"),
    ),
    context(
        "printed-expression",
        "secret that a language answers with at its prompt",
        "https://docs.ruby-lang.org/en/master/ENV.html",
        rf"[>$#%\]:*][ ][^\n]{{0,120}}?{_NAME}[\"'\])}};]{{0,4}}[ \t]*\r?\n"
        rf"(?:{_ANSWER}[\"']([^\"'\n\x00]{{4,400}})[\"']|(?:val[ ])?res[0-9]+:[ ]String[ ]=[ ]{_DRAWN})(?m:[ \t\r]*$)",
        "irb(main):001:0> ENV['DB_PASSWORD']\n=> \"<alnum 14>\"",
        'iex(1)> System.get_env("ACME_TOKEN")\n"<alnum 32>"',
        'scala> sys.env("ACME_TOKEN")\nval res0: String = <alnum 31>4',
        '> Sys.getenv("ACME_TOKEN")\n[1] "<alnum 32>"',
        says=None,
        named=True,
        head=rf"{_WORDS}[\w-]*[\"'\])}};]*[ \t]*\r?\n(?:{_ANSWER}[\"']|(?:val[ ])?res[0-9])",
        keywords=NAMES,
        near=("irb> ENV['TOKEN_TTL']\n=> \"3600s\"", "irb> ENV['DB_PASSWORD']\n=> nil"),
    ),
    context(
        "listed-account-key",
        "key of an Azure account in a listing of its keys",
        _AZURE,
        r"(?:(?i:\"keyName\"\s*:\s*\"[^\"\n]{1,40}\"[^{}]{0,200}?\"value\"\s*:\s*\")"
        r"|(?m:^)key[12][ \t]+(?:FULL|Full|READ|Read)[ \t]+(?:[^\n]{0,60}?[ \t])?"
        r"|\"(?:primary|secondary)(?:Readonly)?(?:Master)?Key\"\s*:\s*\")([A-Za-z0-9+/]{42,86}={1,2})",
        '"keyName": "key1", "permissions": "FULL", "value": "<b64 86>=="',
        "key1       FULL           <b64 86>==",
        '"primaryKey": "<b64 43>="',
        says=None,
        head=r"(?i:\"keyName\"\s*:|key[12][ \t]+(?:full|read)[ \t]|\"(?:primary|secondary)(?:Readonly)?(?:Master)?Key\"\s*:)",
        near=('{"keyName": "key1", "permissions": "FULL", "value": null}', '"primaryKey": "user_id"'),
    ),
)
