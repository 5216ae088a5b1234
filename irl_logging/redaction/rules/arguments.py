"""Secrets that commands, configurations and files take as bare words: where the word stands is all that tells."""

from __future__ import annotations

from irl_logging.redaction.keynames import Verdict
from irl_logging.redaction.rule import Rule
from irl_logging.redaction.rules.contexts import context

_V = r"[\"']?([^\s\"'`;|&<>$\x00][^\s\"'`;|&<>\x00]{2,400})"
_DRAWN = r"[\"']?([^\s\"'`;|&<>\x00]{0,200}[0-9!#$%*+=?@^~][^\s\"'`;|&<>\x00]{2,200})"
_BIND = "https://bind9.readthedocs.io/en/latest/manpages.html"
_CISCO = "https://www.cisco.com/c/en/us/td/docs/ios-xml/ios/security/a1/sec-a1-cr-book.html"
_SWAN = "https://docs.strongswan.org/docs/latest/swanctl/swanctlConf.html"
_NETSH = "https://learn.microsoft.com/windows-server/administration/windows-commands/netsh-wlan"
_SLMGR = "https://learn.microsoft.com/windows-server/get-started/activation-slmgr-vbs-options"

RULES: tuple[Rule, ...] = (
    context(
        "share-password",
        "password given to net use after the share",
        "https://learn.microsoft.com/windows-server/administration/windows-commands/net-use",
        r"(?i:net\s+use)\s+(?:\S:\s+|\*\s+)?\\\\[^\s\\]+\\\S+\s+([^\s/*\"'][^\s\"']{3,200})",
        "net use Z: \\\\srv\\share <alnum 14> /user:jane",
        head=r"(?i:net\s+use)\s",
        near=("net use Z: \\\\srv\\share /user:jane", "net use Z: \\\\srv\\share * /user:jane"),
    ),
    context(
        "windows-user",
        "password given to net user after the user",
        "https://learn.microsoft.com/windows-server/administration/windows-commands/net-user",
        r"(?i:\bnet1?(?:\.exe)?\s+user)\s+[^\s/\"']{1,60}\s+\"?([^\s/*\"'$%][^\s\"']{3,200})(?:\"|\s|$)",
        "net user jane <letter 6>16*<alnum 4> /add",
        head=r"(?i:\bnet1?(?:\.exe)?\s+user)\s",
        near=("net user jane /add", "net user jane * /add", "net user jane %PW%"),
    ),
    context(
        "radius-test",
        "password and shared secret given to a tool of RADIUS",
        "https://www.freeradius.org/documentation/freeradius-server/4.0.0/reference/man/radtest.html",
        rf"radtest\s+(?:-\w+\s+(?:\w+\s+)?)*\S+\s+{_V}\s+\S+\s+[0-9]+\s+\S",
        "radtest jane <alnum 14> radius.example.com 0 ******",
        near=("radtest user $PASS host 0 $SECRET",),
    ),
    context(
        "radius-secret",
        "shared secret given to a tool of RADIUS",
        "https://www.freeradius.org/documentation/freeradius-server/4.0.0/reference/man/radclient.html",
        rf"(?:radtest\s+(?:-\w+\s+(?:\w+\s+)?)*\S+\s+\S+\s+\S+\s+[0-9]+\s+{_V}|radclient\s(?:[^\n|;]*?\s)?(?:auth"
        rf"|acct|coa|disconnect|status|auto)\s+{_V}"
        rf"|eapol_test\s[^\n|;]*?-s\s*{_V})",
        "radclient -x 10.0.0.1:1812 auth <alnum 16>",
        head=r"(?:radtest|radclient|eapol_test)\s",
    ),
    context(
        "tsig-key",
        "TSIG key given to a client of DNS",
        _BIND,
        r"(?:nsupdate|dig|kdig|knsupdate|delv|mdig|nsdiff|host)\s(?:[^\n|;&]*?\s)?-y\s*[\"']?"
        r"(?:[\w-]+:)?[\w.-]+[: ]([A-Za-z0-9+/]{12,}={0,2})",
        "nsupdate -y hmac-sha256:ddns:<b64 43>= zone.txt",
        says=None,
        head=r"(?:nsupdate|dig|delv|nsdiff|host)\s",
        near=("dig -y hmac-sha256:name:key example.com",),
    ),
    context(
        "passwd-pipe",
        "password that passwd is told, once or twice",
        "https://man7.org/linux/man-pages/man1/passwd.1.html",
        r"(?:echo|printf|yes)\s+(?:-\w+\s+)?[\"']?([^\s\"'|$-][^\"'|$]{3,200}?)[\"']?\s*\|\s*(?:sudo\s+)?(?:smb)?passwd\b",
        'echo -e "<alnum 14>\\n<alnum 14>" | passwd jane',
        "yes <alnum 14> | sudo passwd jane",
        head=r"(?:echo|printf|yes)\s[^|]*\|\s*(?:sudo\s+)?(?:smb)?passwd",
        near=("yes | passwd -d jane",),
    ),
    context(
        "written-to-file",
        "secret that a shell writes to a file named after it",
        "https://pubs.opengroup.org/onlinepubs/9799919799/utilities/echo.html",
        r"(?:echo|printf)\s+(?:-\w+\s+)?[\"']?([^\s\"'|$]{8,400})[\"']?\s*>{1,2}\s*[\"']?[^\s\"'|;&]{0,120}"
        r"(?i:token|secret|passw|credential|api_?key|\.key)",
        'echo "<alnum 40>" > ~/.acme_token',
        says=Verdict.WEAK,
        head=r"(?:echo|printf)\s[^|>]*>",
        near=("echo refreshed-at-noon >> token.log",),
    ),
    context(
        "bare-password",
        "password that a command takes in a place of its own",
        "https://www.kernel.org/doc/man-pages/",
        r"(?:neo4j-admin\s+(?:dbms\s+)?set-initial-password|grafana[ -]cli\s+(?:\S+\s+)*?admin\s+reset-admin-password"
        r"|prosodyctl\s+register\s+\S+\s+\S+"
        r"|dscl\s+\S+\s+-passwd\s+\S+|mysqladmin\s(?:[^\n|;]*?\s)?password|drush\s(?:[^\n"
        r"|;]*?\s)?user[:-]password\s+\S+|slappasswd\s(?:[^\n|;]*?\s)?-s"
        r"|doveadm\s+pw\s(?:[^\n|;]*?\s)?-p|kadmin(?:\.local)?\s[^\n|;]*?-(?:w|pw)|x11vnc\s(?:[^\n|;]*?\s)?-passwd"
        r"|rclone\s+obscure|chamber\s+write\s+\S+\s+\S+"
        r"|credstash\s+put\s+\S+|nmcli\s[^\n|;]*?(?:\spassword|wifi-sec\.psk|wireless-security\.psk)"
        r"|networksetup\s+-setairportnetwork\s+\S+\s+\S+"
        r"|(?:user_pw|owner_pw|input_pw)|qpdf\s(?:[^\n|;]*?\s)?--encrypt"
        r"|db2\s+connect\s+to\s+\S+\s+user\s+\S+\s+using|saslpasswd2\s[^\n|;]*?-p\s+\S+"
        r"|dsmod\s+user\s[^\n|;]*?-pwd|choco\s+apikey\s[^\n|;]*?-k|netlify\s+env:set\s+\S*(?i:key|token|secret"
        r"|pass)\S*|addprinc\s(?:[^\n|;]*?\s)?-pw"
        r"|cloudflared(?:\.exe)?\s+service\s+install|keyring\s+set\s+\S+\s+\S+|wpa_passphrase\s+\S+|wpa-psk(?:\s+(?:ascii|hex)(?:\s+[0-9])?)?"
        r"|wpa_cli\s[^\n|;]*?psk)"
        rf"\s+{_V}",
        "neo4j-admin set-initial-password <alnum 14>",
        "nmcli device wifi connect office password <alnum 14>",
        "mysqladmin -u root password <alnum 14>",
        head=r"(?:neo4j-admin|reset-admin-password|prosodyctl|dscl|mysqladmin|drush|slappasswd|doveadm|kadmin|x11vnc|rclone\s+obscure|chamber"
        r"|credstash|nmcli|networksetup|user_pw|owner_pw|input_pw|qpdf|db2\s+connect|saslpasswd2|dsmod|choco\s+apikey"
        r"|netlify|addprinc|cloudflared"
        r"|keyring\s+set|wpa_passphrase|wpa-psk|wpa_cli)",
        near=("nmcli device wifi connect office password $PSK",),
    ),
    context(
        "rclone-option",
        "password or key among the names and values that rclone makes a remote of",
        "https://rclone.org/commands/rclone_config_create/",
        r"rclone\s+config\s+(?:create|update|password)\s[^\n|;&]*?\s(?:pass(?:word2?)?|bearer_token|secret_access_key|client_secret"
        rf"|account_key|sas_url|service_password|api_password|token|key)(?:\s+|=){_V}",
        "rclone config create backup sftp host db user jane pass <alnum 14>",
        head=r"rclone\s+config\s",
        near=("rclone config create backup drive config_is_local false",),
    ),
    context(
        "device-key",
        "key or password in a line of a router, switch or firewall",
        _CISCO,
        r"(?:crypto\s+isakmp\s+key(?:\s+[06])?|(?:tacacs|radius)(?:-server)?\s+(?:host\s+\S+\s+)?(?:[^\n]{0,60}\s)?"
        r"(?:shared-)?(?:key|secret)(?:\s+[0-9])?"
        r"|pre-shared-key(?:\s+(?:local|remote|address\s+\S+|ascii-text|hexadecimal|key))*(?:\s+[06])?"
        r"|message-digest-key\s+[0-9]+\s+md5(?:\s+[0-9])?"
        r"|ppp\s+(?:chap|pap)\s+(?:sent-username\s+\S+\s+)?password(?:\s+[0-9])?|authentication-key\s+[0-9]+\s+(?:md5|sha\w*)"
        r"|(?:enable|line|username\s+\S+)(?:\s+privilege\s+[0-9]+)?\s+(?:password|secret)(?:\s+[0-9])?"
        r"|neighbor\s+\S+\s+password(?:\s+[0-9])?"
        r"|snmp-server\s+(?:community|user\s[^\n]{0,60}?\s(?:auth\s+(?:md5|sha\w*)|priv\s+(?:aes|des|3des)"
        r"(?:\s+[0-9]+)?))|wpa-psk\s+ascii(?:\s+[0-9])?"
        r"|set\s+(?:psksecret|passwd|passphrase)|set\s+(?:password|psksecret|private-key|secret)\s+ENC|(?:^|\s)key-string"
        r"(?:\s+[0-9])?|\baaa\s[^\n]{0,60}\skey"
        r"|(?:password|authentication-mode|shared-key)\s+(?:cipher|simple|irreversible-cipher|hash)"
        r"|encrypted-password|plain-text-password-value"
        r"|ip\s+ospf\s+authentication-key|standby\s+[0-9]+\s+authentication(?:\s+md5\s+key-string|\s+text)?"
        r"|vrrp\s+[0-9]+\s+authentication(?:\s+text)?)"
        rf"\s+{_DRAWN}",
        "crypto isakmp key <alnum 20> address 192.0.2.1",
        "tacacs-server host 192.0.2.1 key <alnum 8>-<alnum 8>4",
        'set pre-shared-key ascii-text "<alnum 12>$<alnum 8>"',
        head=r"(?:isakmp\s+key|(?:tacacs|radius)|pre-shared-key|message-digest-key|ppp\s+(?:chap|pap)|authentication-key|(?:password|secret)\s+[0-9]\s"
        r"|(?:enable|line)\s+(?:privilege|password|secret)|username\s|neighbor\s|snmp-server|wpa-psk|set\s+(?:psksecret|passwd"
        r"|passphrase|password|private-key|secret)"
        r"|key-string|\baaa\s|(?:cipher|simple|hash)\s|encrypted-password|plain-text-password|standby\s|vrrp\s)",
        allow=(r"\[.*",),
        near=(
            "the Argon2 password hash [#argon2-home]_, and more",
            "enable secret scanning",
            "radius server key rotation",
            "snmp-server community public RO",
        ),
    ),
    context(
        "ipsec-secret",
        "secret in a line of ipsec.secrets",
        _SWAN,
        r"(?:^|[\s\"%\w.@])\s*:\s+(?:PSK|EAP|XAUTH|NTLM|PIN(?:\s+%\S+)?|(?:RSA|ECDSA|P12|PKCS8|PKCS12"
        r"|BLISS)\s+\S+)\s+\"([^\"\n\x00]{3,200})\"",
        'jane : EAP "<alnum 15>"',
        head=r":\s+(?:PSK|EAP|XAUTH|NTLM|PIN|RSA|ECDSA|P12|PKCS8|PKCS12|BLISS)\s",
    ),
    context(
        "chap-secret",
        "secret in a line of chap-secrets or pap-secrets",
        "https://ppp.samba.org/pppd.html",
        r"(?:(?:chap|pap)-secrets[^\n]*\n(?:[ \t]*#[^\n]*\n|[ \t]*\n){0,4}"
        r"[ \t]*[\"']?[\w.@\\*-]+[\"']?[ \t]+\S+[ \t]+\"?([^\s\"]{3,200})"
        r"|(?m:^)[ \t]*\"?[\w.@\\-]+\"?[ \t]+(?:\*|[\w.-]+)[ \t]+\"([^\s\"\x00]{3,200})\"[ \t]+(?:\*"
        r"|[0-9.]{7,15})[ \t]*(?m:$))",
        '"jane" * "<alnum 14>" *',
        head=r"(?:(?:chap|pap)-secrets|\"[ \t]+(?:\*|[0-9.]{7}))",
        keywords=("-secrets", '" '),
        near=('5 * "*/2" *',),
    ),
    context(
        "wireless-key",
        "key of a wireless network in clear",
        _NETSH,
        r"(?:Key Content|keyMaterial|Contenu de la cl\S+|Schl\S+sselinhalt|Contenido de la clave"
        r"|Contenuto chiave)[ \t]*(?::[ \t]*|>)([^\s<\x00][^\n<\x00]{3,80}?)[ \t\r]*(?:<|(?m:$))",
        "    Key Content            : <alnum 14>",
    ),
    context(
        "postfix-row",
        "password in a row of Postfix's table of passwords",
        "https://www.postfix.org/SASL_README.html",
        r"(?:sasl_?passw(?:or)?d(?:\.db|_maps)?(?:[:\s]\s*\S+\s+|\s*=\s*static:)|(?:\[[\w.-]+\]:\w+"
        r"|\[[\w.-]+\.[a-z]{2,24}\])[ \t]+)[\w.@+-]+:([^\s:/\x00][^\s:\x00]{2,200})(?m:\s*$)",
        "[smtp.example.com]:587 jane:<alnum 14>",
        "smtp_sasl_password_maps = static:jane:<alnum 14>",
        head=r"(?:sasl_?passw|(?:\]:\w+|\.[a-z]{2,24}\])[ \t]+[\w.@+-]+:)",
        near=("[web-1] health:passing", "[2.1] https://docs.example.com/", "[smtp.example.com]:587"),
    ),
    context(
        "pgpass-line",
        "password in a line of .pgpass that is quoted or listed",
        "https://www.postgresql.org/docs/current/libpq-pgpass.html",
        r"pgpass[^\n]{0,40}?[\s\"'](?:[\w.-]+|\*):(?:[0-9]{2,5}|\*):[\w*-]+:[\w.*-]+:([^\s:\"'\x00]{4,200})",
        "~/.pgpass: db.example.com:5432:app:jane:<alnum 14>",
        head=r"pgpass",
    ),
    context(
        "sip-password",
        "password of a SIP URI's user",
        "https://www.rfc-editor.org/rfc/rfc3261#section-19.1.1",
        r"\bsips?:[\w.!~*'()&=+$,;?%-]{1,80}:([^\s@:;\"'<>\x00]{3,200}(?:@[^\s@:;,\"'<>\x00]{1,80})*)@",
        "registrar sip:jane:<alnum 14>@pbx.example.com:5060",
        near=("sip:jane@pbx.example.com:5060",),
    ),
    context(
        "login-module-user",
        "password of a user that a Kafka login module knows",
        "https://kafka.apache.org/documentation/#security_sasl_plain",
        r"LoginModule\s[^;]{0,400}?\suser_[\w.-]+=\\?[\"']([^\"'\\\n\x00]{3,200})\\?[\"']",
        'PlainLoginModule required user_jane="<alnum 14>";',
        head=r"LoginModule\s",
        near=('PlainLoginModule required user_jane="";', 'user_agent="curl/8.5.0" user_name="jane"'),
    ),
    context(
        "masked-variable",
        "secret that a build is told to mask",
        "https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands",
        r"(?:##vso\[task\.setvariable[^\]\n]*issecret=true[^\]\n]*\]|##vso\[task\.setsecret\]|::add-mask::|::set-"
        r"(?:output|env)\s+name=[\w.-]*"
        r"(?i:pass|secret|token|key|cred)[\w.-]*::)([^\s\x00][^\n\x00]{2,400}?)[ \t\r\"']*(?m:$)",
        "##vso[task.setvariable variable=certPassword;issecret=true]<alnum 12>",
        "::add-mask::<alnum 20>",
        head=r"(?:##vso\[task\.set|::add-mask::|::set-(?:output|env)\s)",
    ),
    context(
        "product-key",
        "product or licence key",
        _SLMGR,
        r"(?:(?i:product|licen[cs]e|serial|activation|registration|cd[ _-]?key|volume|retail|kms|unlock|upgrade"
        r"|installation)[ _-]?(?i:key|code|number|no\.?|nr\.?)?"
        r"[^\n:=]{0,40}[:=]\s*|/ipk\s+|(?i:/ProductKey:|-ProductKey\s+|/pk:))[\"']?"
        r"([A-Z0-9]{4,8}(?:-[A-Z0-9]{4,8}){2,9})(?:[^A-Za-z0-9-]|$)",
        "Windows 11 Pro product key: <upper 5>-<upper 5>-<upper 5>-<upper 5>-<upper 5>",
        "slmgr /ipk <upper 5>-<upper 5>-<upper 5>-<upper 5>-<upper 5>",
        says=None,
        head=r"[A-Z0-9]{4}-[A-Z0-9]{4}",
        keywords=(
            *("product", "licen", "serial", "activation", "registration", "volume", "retail", "kms", "unlock"),
            *("upgrade", "installation", "cdkey", "cd key", "cd_key", "cd-key", "/ipk", "/pk:"),
        ),
        allow=(r"[A-Z]+(?:-[A-Z]+)+",),
        near=("product key: ABCD", "serial number: 12-34", "License: SDBM-PUBLIC-DOMAIN"),
    ),
    context(
        "activation-code",
        "code that activates, enrols or pairs",
        _SLMGR,
        r"(?i:\b(?:activation|enrol?lment|registration|invit(?:e|ation)|claim|redeem|pairing|device)[_ -]?code)[\"']?"
        r"(?:\s*[:=]\s*|\s+is\s+)[\"']?([A-Za-z0-9][A-Za-z0-9_-]{9,200})"
        r"|(?:^|\s)--?(?:activation|enrol?lment|registration|invite|pairing)-?code\s+[\"']?([A-Za-z0-9][A-Za-z0-9_-]{9,200})",
        "agent register --activation-code <alnum 24>",
        says=Verdict.WEAK,
        head=r"(?i:(?:activation|enrol?lment|registration|invit(?:e|ation)|claim|redeem|pairing|device)[_ -]?code)",
        near=("activation code: relu", "registration code is invalid", "device code path: configuration"),
    ),
    context(
        "azure-vault-secret",
        "secret that Azure Key Vault shows",
        "https://learn.microsoft.com/cli/azure/keyvault/secret",
        r"vault\.azure\.(?:net|cn|us)[:/0-9]*/secrets/[^{}]{0,600}?\"value\"\s*:\s*\"([^\"\n\x00]{3,900})\"",
        '"id": "https://acme.vault.azure.net/secrets/db/1", "name": "db", "value": "<alnum 14>"',
        says=Verdict.PASSWORD,
        head=r"vault\.azure\.(?:net|cn|us)[:/0-9]*/secrets/",
    ),
    context(
        "secure-parameter",
        "value of a secure parameter of AWS",
        "https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_Parameter.html",
        r"\"SecureString\"[^{}]{0,400}?\"Value\"\s*:\s*\"([^\"\n\x00]{3,900})\"",
        '"Type": "SecureString", "Value": "<alnum 14>"',
        head=r"\"SecureString\"",
    ),
    context(
        "alert-route",
        "integration key of an incident service in a configuration or an event",
        "https://prometheus.io/docs/alerting/latest/configuration/#pagerduty_config",
        r"(?:pagerduty_configs?:\s[^\x00]{0,400}?(?:routing_key|service_key):\s*[\"']?([0-9A-Za-z]{32})"
        r"|[\"']routing_key\\?[\"']\s*:\s*\\?[\"']([0-9a-z]{32}|R[0-9A-Z]{31})\\?[\"'])",
        "pagerduty_configs:\n  - routing_key: <hex 32>",
        '"routing_key": "<hex 32>", "event_action": "trigger"',
        says=None,
        head=r"(?:pagerduty_config|[\"']routing_key\\?[\"'])",
        near=('"routing_key": "orders.created"',),
    ),
    context(
        "alert-url",
        "integration key in a URL of Splunk On-Call",
        "https://help.splunk.com/en/splunk-observability-cloud",
        r"alert\.victorops\.com/integrations/\w+/[0-9]+/alert/([0-9a-f-]{36})",
        "https://alert.victorops.com/integrations/generic/20131114/alert/<uuid>/team",
        says=None,
    ),
    context(
        "login-key",
        "key given to a function that logs in or makes a client",
        "https://docs.wandb.ai/ref/python/login/",
        r"(?:(?i:login|log_in|signin|sign_in|authenticate|authorize|auth|connect|init|configure|client|credentials?"
        r"|setup|session)\w*\("
        r"(?:[^()\n]{0,120}?[\s,(])?(?i:key|token|api|auth|access)\s*[=:]\s*|(?:\.|\b)(?:login|signIn|authenticate"
        r"|auth|AzureKeyCredential|Bot)\(\s*)"
        r"[bru]?[\"']([A-Za-z0-9+/_.=-]{20,400})[\"']",
        'wandb.login(key="<hex 40>")',
        says=Verdict.WEAK,
        near=('connect(host="db-3.internal.example.com")',),
    ),
)
