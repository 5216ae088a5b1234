"""Secrets that a program is passed in other ways than by a flag: here-strings, substitutions, commands that print them."""

from __future__ import annotations

from irl_logging.redaction.keynames import Verdict
from irl_logging.redaction.rule import Rule
from irl_logging.redaction.rules.contexts import NAMES, context

_V = r"[\"']?([^\s\"'`;|&<>]{3,})"
_WORDS = r"(?i:pass|pwd|secret|token|key|cred|auth|psk)"
_PRINTING = r"(?:echo|printf)\s+(?:-\w+\s+)?(?:[\"']%s\\?n?[\"']\s+)?"
_PRINTED = r"\\?[\"']?(?:[\w.@+-]{1,60}\\n)?([^\s\"'`$();|&<>\\\x00]{4,400})"
_BASH = "https://www.gnu.org/software/bash/manual/html_node/Redirections.html"
_AUDIT = "https://man7.org/linux/man-pages/man5/auditd.conf.5.html"

RULES: tuple[Rule, ...] = (
    context(
        "here-string",
        "secret fed to a command by a here-string",
        _BASH,
        rf"(?i:(?:secret|login|passwd|token|auth|password|unseal|encrypt|kinit|sudo\s+-S|cryptsetup|pass\s+insert|load-key|passphrase|env\s+add)"
        rf"|\bread\s+(?:-\w+\s+)*\w*(?:pass|pwd?|secret|token|key)\w*)\b[^\n|;&<]{{0,80}}<<<\s*{_V}",
        "wrangler secret put API <<< <alnum 40>",
        "read -r DB_PASS <<< <alnum 14>",
        says=Verdict.STRONG,
        head="<<<",
        near=("docker login <<< $PASSWORD", "read -r KEYS <<< $LINE", "read -r line <<< text4you"),
    ),
    context(
        "process-substitution",
        "secret in a process that stands for a file",
        "https://www.gnu.org/software/bash/manual/html_node/Process-Substitution.html",
        rf"{_WORDS}[\w-]*[ =]<\(\s*{_PRINTING}{_PRINTED}",
        "wg set wg0 private-key <(echo <b64 42>A=)",
        "openvpn --auth-user-pass <(printf 'jane\\n<alnum 14>')",
        head=r"<\(\s*(?:echo|printf)\s",
        keywords=("<(",),
        near=("ssh-add --key <(echo $KEY)", "diff <(echo one) <(echo other)"),
    ),
    context(
        "printing-command",
        "secret that a command prints which a program calls to ask for it",
        "https://restic.readthedocs.io/en/stable/faq.html",
        r"(?i:pass(?:word|phrase)?|secret|token|askpass|auth)[_-]?(?i:command|cmd|program|helper|script)"
        rf"[\"']?\s*[ =:]\s*\\?[\"']?{_PRINTING}{_PRINTED}",
        'restic --password-command "echo <alnum 14>" backup /srv',
        'BORG_PASSCOMMAND="echo <alnum 14>"',
        head=r"(?i:command|cmd|program|helper|script)[\"']?\s*[ =:]\s*\\?[\"']?(?:echo|printf)\s",
        near=('restic --password-command "pass show restic"', "PASSWORD_COMMAND='echo $PW'"),
    ),
    context(
        "executed-argument",
        "secret among the arguments of a command in the audit log of Linux",
        _AUDIT,
        rf"\ba[0-9]{{1,3}}=\"(--?[\w-]*{_WORDS}[\w-]*)\"\s+a[0-9]{{1,3}}=\"([^\"\n\x00]{{3,400}})\"",
        'type=EXECVE argc=3 a0="app" a1="--password" a2="<alnum 14>"',
        says=None,
        named=True,
        head=r"\ba[0-9]{1,3}=\"--?[\w-]*" + _WORDS,
        keywords=NAMES,
        near=('a1="--token-file" a2="/run/token"', 'a1="--key" a2="name"'),
    ),
    context(
        "oathtool-seed",
        "seed of one-time codes given to oathtool",
        "https://oath-toolkit.codeberg.page/man-oathtool.html",
        r"\boathtool\s(?:[^\n|;&]{0,120}?\s)?([A-Z2-7]{16,128}={0,6}|[a-z2-7]{16,128}|[0-9a-f]{20,128})(?:[\s\"')]|$)",
        "oathtool --totp -b <b32 32>",
        says=None,
        head=r"\boathtool\s",
        near=("oathtool --totp -b $SEED", "oathtool generates one-time passwords"),
    ),
)
