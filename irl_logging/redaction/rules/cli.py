"""Passwords and tokens on command lines whose flags do not say so."""

from __future__ import annotations

from irl_logging.redaction.keynames import Verdict
from irl_logging.redaction.rule import Rule
from irl_logging.redaction.rules.contexts import context

_V = r"[\"']?([^\s\"'`;|&<>]{3,})"  # a value, quoted or not
_Q = r"(?:\"([^\"]{3,200})\"|'([^']{3,200})'|([^\s\"'`;|&<>]{3,200}))"
_MYSQL = "https://dev.mysql.com/doc/refman/en/password-security-user.html"
_CURL = "https://curl.se/docs/manpage.html"
_TO = r"(?:\s[^\n|;&]*?)?\s"
_AND = r"[\"',\s]+"  # between the words of a command, in a shell or in a list

RULES: tuple[Rule, ...] = (
    context(
        "mysql-flag",
        "password glued to -p of a MySQL client",
        _MYSQL,
        rf"(?:mysql\w*|mariadb[\w-]*|mycli|xtrabackup)(?:[\s\"'][^\n|;&]*?)?[\s\"']-p{_Q}",
        "mysql -u root -p<alnum 16> shop",
        "mysqldump -ujane -p'<alnum 16>' --all-databases",
    ),
    context(
        "sshpass-flag",
        "password of sshpass",
        "https://linux.die.net/man/1/sshpass",
        rf"sshpass{_AND}-p(?:{_AND})?{_V}",
        "sshpass -p <alnum 12> ssh host",
        "sshpass -p<alnum 12> ssh",
    ),
    context(
        "login-flag",
        "password of a login command",
        "https://docs.docker.com/reference/cli/docker/login/",
        rf"(?:login|logon|signin|mongo\w*|cqlsh|twine|poetry|(?i:psexec)(?:64)?(?:\.exe)?|rabbitmqadmin|rdesktop|influx|snowsql|vsql|beeline|kinit"
        rf"|svn|ncftp\w*|virt-\w+|ldap\w+ -D \S+|clickhouse\w*|odo|cf|oc|az|ibmcloud|cypher-shell|(?:unlock|create)-keychain"
        rf"|arangosh|cbq|couchbase-cli|hdbsql|crackmapexec|netexec|nxc|evil-winrm|hydra|certutil|kafka\w*|trino|presto|supabase|conan)"
        rf"(?:[\"',\s][^\n|;&]*?)?[\"',\s]-p(?:{_AND}|=){_V}",
        "docker login -u jane -p <alnum 14> hub.example.com",
        "twine upload -u jane -p <alnum 14> dist",
        says=Verdict.PASSWORD,
        head=r"[\"',\s]-p[\"',\s=]",
    ),
    context(
        "capital-p-flag",
        "password of a tool that takes it after -P",
        "https://learn.microsoft.com/sql/tools/sqlcmd/sqlcmd-utility",
        rf"(?:sqlcmd|bcp|isql|unzip|zip|ipmitool|mosquitto_\w+|tsql|osql|7za?|zipcloak|freebcp"
        rf"|wput){_TO}-P(?:{_AND})?{_V}",
        "sqlcmd -S host -U sa -P <alnum 14>",
        "unzip -P <alnum 14> backup.zip",
    ),
    context(
        "archive-flag",
        "password glued to -p of an archiver",
        "https://7-zip.opensource.jp/chm/cmdline/switches/password.htm",
        rf"(?:7za?|7zr|7zz|rar|unrar|unar)(?:\.exe)?\s[axtelvu]{_TO}-h?p{_V}",
        "7z x -p<alnum 12> backup.7z",
    ),
    context(
        "redis-flag",
        "password of redis-cli",
        "https://redis.io/docs/latest/develop/tools/cli/",
        rf"(?:redis|valkey|keydb)-(?:cli|benchmark){_TO}(?:-a|--pass){_AND}{_V}",
        "redis-cli -h host -a <alnum 14> ping",
    ),
    context(
        "ldap-flag",
        "password of an LDAP client",
        "https://www.openldap.org/software/man.cgi?query=ldapsearch",
        rf"(?:ldap(?:search|add|modify|delete|passwd|whoami|modrdn|compare)|rpcclient|getfacl){_TO}-w(?:{_AND})?{_V}",
        "ldapsearch -x -D cn=jane -w <alnum 14> -b dc=example",
    ),
    context(
        "user-flag",
        "password in `-u user:password`",
        _CURL,
        rf"(?:^|[\s\"',])(?:(?:-u|-U|--user|--proxy-user|--auth|--(?:src-|dest-)?creds|--credentials|--login|--basic)"
        rf"(?:=|{_AND})?[\"']?[0-9]*[A-Za-z][\w.@+\\-]*|-a{_AND}[\"']?[A-Za-z](?:[\w+\\-]*(?:@[\w.-]+)?|[a-z]*\.[a-z]+)):((?:[^\s\"'`|&<>,/]|/[^\s\"'`|&<>,/])[^\s\"'`|&<>,]{{3,}})",
        "curl -u jane:<alnum 14> https://api.example.com",
        "--proxy-user jane:<alnum 14>",
        near=("docker run -u 1000:1000 app", "java -agentlib:jdwp=transport=dt_socket"),
    ),
    context(
        "curl-user",
        "password in `-su user:password` of curl, where the flag stands among others",
        _CURL,
        r"\bcurl(?:\s[^\n|;&]*?)?\s-[A-Za-z#]{0,8}[uU]\s*[\"']?[0-9]*[A-Za-z][\w.@+\\-]*:([^\s\"'`|&<>,]{4,200})",
        "curl -sSu jane:<alnum 14> https://api.example.com",
        "curl -ujane:<alnum 14> https://api.example.com",
        head=r"\bcurl(?:\s[^\n|;&]*?)?\s-[A-Za-z#]{0,8}[uU]",
    ),
    context(
        "curl-key-user",
        "key in place of the user that curl sends, with no password",
        _CURL,
        r"\bcurl(?:\s[^\n|;&]*?)?\s(?:-[A-Za-z#]{0,8}u|--user)[ =]?[\"']?([A-Za-z0-9_-]{20,400}):[\"']?(?:\s|$)",
        "curl -u <hex 32>: https://api.example.com",
        says=Verdict.WEAK,
        head=r"[A-Za-z0-9_-]{20}:[\"']?(?:\s|$)",
        keywords=("curl",),
        near=("curl -u svc-deploy-of-production: https://api.example.com",),
    ),
    context(
        "httpie-bearer",
        "token given to HTTPie or xh with its kind",
        "https://httpie.io/docs/cli/bearer-auth",
        r"(?:-A|--auth-type)[ =]bearer\s+(?:-a|--auth)[ =][\"']?([^\s\"'$\x00][^\s\"'\x00]{11,400})"
        r"|(?:-a|--auth)[ =][\"']?([^\s\"'$\x00][^\s\"'\x00]{11,400})[\"']?\s+(?:-A|--auth-type)[ =]bearer\b",
        "http -A bearer -a <alnum 40> api.example.com",
        "xh --auth <alnum 40> --auth-type=bearer api.example.com",
        says=Verdict.STRONG,
        head=r"(?:-A|--auth-type)[ =]bearer\b",
    ),
    context(
        "percent-user-flag",
        "password in `-U user%password`",
        "https://www.samba.org/samba/docs/current/man-html/smbclient.1.html",
        r"(?:smb\w+|winexe|wmic|rpcclient|net|ntlm_auth|pth-\w+)\s[^\n|;&]*?(?:-U"
        r"|--user=?)\s*[\"']?[\w.\\/-]+%([^\s\"']{3,})",
        "smbclient //host/share -U jane%<alnum 14>",
    ),
    context(
        "comma-user-flag",
        "password in `-u user,password`",
        "https://lftp.yar.ru/lftp-man.html",
        r"lftp\s[^\n|;&]*?-u\s+[\"']?[\w.@-]+,([^\s\"']{3,})",
        "lftp -u jane,<alnum 12> sftp://host",
    ),
    context(
        "htpasswd-argument",
        "password given to htpasswd",
        "https://httpd.apache.org/docs/current/programs/htpasswd.html",
        rf"htpasswd\s+(?:-\S+\s+)*-\w*b\w*\s+(?:-\S+\s+)*(?:/|\.|\w)\S*\s+\S+\s+{_V}",
        "htpasswd -bc /etc/nginx/.htpasswd jane <alnum 14>",
    ),
    context(
        "htpasswd-print",
        "password given to htpasswd -n",
        "https://httpd.apache.org/docs/current/programs/htpasswd.html",
        rf"htpasswd\s+(?:-\S+\s+)*-(?:\w*n\w*b\w*|\w*b\w*n\w*)\s+(?:-\S+\s+)*\w[\w.-]*\s+{_V}",
        "htpasswd -nb jane <alnum 14>",
    ),
    context(
        "chpasswd-pipe",
        "password piped into chpasswd",
        "https://man7.org/linux/man-pages/man8/chpasswd.8.html",
        r"[\"']?[\w.-]+:([^\s\"'|]{3,})[\"']?\s*(?:\||\n\++)\s*(?:sudo\s+)?chpasswd",
        "echo 'jane:<alnum 14>' | chpasswd",
        "+ echo jane:<alnum 14>\n+ chpasswd",
        head=r"(?:\||\n\++)\s*(?:sudo\s+)?chpasswd",
    ),
    context(
        "stdin-pipe",
        "password piped into a program that reads it",
        "https://docs.docker.com/reference/cli/docker/login/",
        r"(?:echo|printf)\s+(?:-\w+\s+)?(?:[\"']%s\\?n?[\"']\s+)?[\"']?([^\s\"'|$]{4,})[\"']?\s*\|\s*"
        r"(?:base64\s+(?:-d|-D|--decode)\s*\|\s*)?(?:sudo\s+-S"
        r"|docker\s+login|podman\s+login|helm\s+registry|passwd\s+--stdin|gh\s+auth|skopeo\s+login|cryptsetup"
        r"|gpg\s|vault\s+login|cosign|oras\s+login|su\s+(?:-[lc\s]|[a-z])|kinit|smbpasswd|vncpasswd|veracrypt|restic|borg|keytool|oc\s+login"
        r"|npm\s+login|fscrypt|security\s|wrangler\s+secret|fly\w*\s+secrets|docker\s+secret|kubectl\s+create\s+secret|ansible-vault"
        r"|vercel\s+env\s+add|convex\s+env\s+set|doppler\s+secrets\s+set|pulumi\s+config\s+set|gcloud\s+secrets"
        r"|pass\s+insert|gopass\s+insert|wg\s+pubkey|ssh-add|[^\n|;&]{1,120}?\s--?(?:password|token|secret|passphrase)-stdin"
        r"|[^\n|;&]{1,120}?\s(?:--with-token|--passphrase-fd[ =]0|-pass(?:in)?\sstdin))",
        "echo <alnum 14> | docker login --password-stdin",
        head=r"(?:echo|printf)\s[^|]*\|",
    ),
    context(
        "decoded-file",
        "key in base64 that a command decodes into its file",
        "https://www.gnu.org/software/coreutils/manual/html_node/base64-invocation.html",
        r"(?:echo|printf)\s+(?:-\w+\s+)?(?:[\"']%s[\"']\s+)?[\"']?([A-Za-z0-9+/_-]{16,}={0,2})[\"']?\s*\|\s*base64\s+(?:-d|-D|--decode)\s*>{1,2}\s*"
        r"\S*(?:id_(?:rsa|dsa|ecdsa|ed25519)|\.(?:pem|key|p8|p12|pfx|jks|keystore|ppk|kubeconfig|env|netrc|npmrc|pgpass)"
        r"|kube/config|kubeconfig|credentials|secrets?\b)",
        "echo <b64 200> | base64 -d > ~/.ssh/id_ed25519",
        says=None,
        head=r"base64\s+(?:-d|-D|--decode)\s*>",
        near=("echo aGVsbG8gd29ybGQgYW5kIG1vcmU= | base64 -d > hello.txt",),
    ),
    context(
        "openssl-pass",
        "password given to OpenSSL",
        "https://docs.openssl.org/master/man1/openssl-passphrase-options/",
        r"-pass(?:in|out|word)?[\"',\s]+[\"']?pass:([^\s\"']{3,})",
        "openssl rsa -passin pass:<alnum 12> -in k.pem",
    ),
    context(
        "passphrase-flag",
        "passphrase given to openssl enc or ssh-keygen",
        "https://man.openbsd.org/ssh-keygen",
        rf"(?:openssl\s+enc{_TO}-[kK]|ssh-keygen{_TO}-[NP])\s+{_V}",
        "openssl enc -aes-256-cbc -k <alnum 12> -in a",
        "ssh-keygen -t ed25519 -N <alnum 12>",
    ),
    context(
        "keytool-flag",
        "password given to keytool, jarsigner, plink or another tool with a flag of its own",
        "https://docs.oracle.com/en/java/javase/21/docs/specs/man/keytool.html",
        rf"[\s\"'](?:-(?:storepass|keypass|srcstorepass|deststorepass|srckeypass|destkeypass|upw|opw)"
        rf"|-pw)[\"',\s]+{_V}",
        "keytool -storepass <alnum 12> -list",
        near=("-storepass and -keypass options.",),
    ),
    context(
        "slash-flag",
        "password in a Windows command",
        "https://learn.microsoft.com/windows-server/administration/windows-commands/cmdkey",
        r"\s/(?i:p|pass|password|rp|pwd)[: ][\"']?([^\s\"'/\\-][^\s\"'/\\]{3,})",
        "cmdkey /add:host /user:jane /pass:<alnum 12>",
        says=Verdict.STRONG,
        allow=(r"[A-Za-z_]+=.*",),
        near=("on success /p BinOp holds the opcode", "specified by /p Flags and more", "msbuild /p:Platform=x64"),
    ),
    context(
        "net-user",
        "password given to net user or net use",
        "https://learn.microsoft.com/troubleshoot/windows-server/networking/net-commands-on-operating-systems",
        r"(?i:net[ \t]+user\s+[\w.-]+)\s+([^\s/*]{4,})(?i:\s+/)"
        r"|(?i:net[ \t]+use)\s[^\n]{0,200}/(?i:user):\S+\s+([^\s/*]{4,})",
        "net user jane <alnum 12> /add",
        "net use Z: //host/share /user:jane <alnum 12>",
        keywords=("net ",),
    ),
    context(
        "oracle-connect",
        "password in an Oracle connect string",
        "https://docs.oracle.com/en/database/oracle/oracle-database/23/sqpug/",
        r"(?:sqlplus|sqlldr|expdp|impdp|exp|imp|rman|sqlcl|tnsping|connect|CONNECT"
        r"|conn)\s+(?:-\w+\s+)*(?:target\s+)?[\"']?[A-Za-z][\w.$#-]{0,60}/([^\s\"'@/]{4,})@",
        "sqlplus app/<alnum 12>@orcl",
        "sqlplus jane.doe/<alnum 12>@db:1521/ORCL",
    ),
    context(
        "oracle-utility",
        "password of the local user of an Oracle utility",
        "https://docs.oracle.com/en/database/oracle/oracle-database/23/sutil/",
        r"(?:sqlplus|sqlldr|expdp|impdp)\s+(?:-\w+\s+)*[\"']?[A-Za-z][\w.$#-]{0,60}/([^\s\"'@/]{0,99}[0-9!#$%^*+=][^\s\"'@/]{3,99})",
        "expdp system/<alnum 12> full=y",
        near=("sqlplus / as sysdba", "cp sqlplus bin/sqlplus.real"),
    ),
    context(
        "rabbitmq-user",
        "password given to rabbitmqctl",
        "https://www.rabbitmq.com/docs/man/rabbitmqctl.8",
        rf"rabbitmqctl\s+(?:add_user|change_password|authenticate_user)\s+\S+\s+{_V}",
        "rabbitmqctl add_user jane <alnum 12>",
    ),
    context(
        "login-argument",
        "token that a login command takes as its argument",
        "https://doc.rust-lang.org/cargo/commands/cargo-login.html",
        r"(?:cargo\s+login|vault\s+login|ngrok\s+(?:authtoken|config\s+add-authtoken)"
        r"|surge\s+login|heroku\s+auth:token|wandb\s+login|huggingface-cli\s+login\s+--token|dagger\s+login"
        r"|infracost\s+auth|buf\s+registry\s+login|modal\s+token\s+set|prefect\s+cloud\s+login\s+-k"
        r"|npx\s+\S+\s+login)\s+(?:-\S+\s+)*[\"']?([A-Za-z0-9._~+/=-]{12,})",
        "ngrok config add-authtoken <alnum 40>",
        says=Verdict.WEAK,
        head=r"(?:(?:cargo|vault|surge|wandb|huggingface-cli|dagger|registry)\s+login|npx\s+\S+\s+login|authtoken|auth:token"
        r"|infracost\s+auth|token\s+set|cloud\s+login\s+-k)\s",
    ),
    context(
        "uuid-login",
        "token that a login command takes, in the form of a UUID",
        "https://docs.snyk.io/snyk-cli/authenticate-to-use-the-cli",
        r"(?:nuget\s+setapikey|snyk\s+(?:auth|config\s+set\s+api=)|ngrok\s+authtoken|heroku\s+auth:token|codecov\s+-t)\s*([0-9a-zA-Z._-]{20,})",
        "snyk auth <uuid>",
        says=Verdict.STRONG,
    ),
    context(
        "short-token-flag",
        "token after -t or -k of a deploy tool",
        "https://docs.codecov.com/docs/codecov-uploader",
        r"(?:(?:codecov[\w./)-]*|doctl|influx\w*|sentry-cli|dotnet\s+nuget\s+push|nuget\s+push"
        r"|coveralls|percy|vsce|ovsx|expo|eas|flyctl|cf-vault|sonar-scanner)\s(?:[^\n|;&]*?\s)?-[tkp]"
        r"|gitlab-runner\s+register\s(?:[^\n|;&]*?\s)?-r)[\s=]+[\"']?([A-Za-z0-9._~+/=-]{12,})",
        "codecov -t <uuid>",
        "bash codecov.sh -t <uuid> -f coverage.xml",
        "gitlab-runner register -n -u https://gitlab.example.com -r <alnum 20>",
        says=Verdict.STRONG,
        head=r"\s-[tkpr][\s=]+[\"']?[A-Za-z0-9._~+/=-]{12}",
    ),
    context(
        "minio-alias",
        "secret key given to mc",
        "https://min.io/docs/minio/linux/reference/minio-mc/mc-alias-set.html",
        r"mc\s+(?:alias\s+set|config\s+host\s+add)\s+\S+\s+\S+\s+\S+\s+[\"']?([^\s\"']{8,})",
        "mc alias set local http://localhost:9000 admin <alnum 20>",
    ),
    context(
        "configure-set",
        "secret given to a `config set` command",
        "https://docs.aws.amazon.com/cli/latest/reference/configure/set.html",
        r"(?:configure|config)\s+(?:set|add)\s+(?:--\w+\s+)*\S*(?i:secret|token|password|passwd|apikey"
        r"|api_key|api-key|_auth)\S*\s+[\"']?([^\s\"']{6,})",
        "aws configure set aws_secret_access_key <b64 40>",
    ),
    context(
        "composer-auth",
        "password given to composer config",
        "https://getcomposer.org/doc/articles/authentication-for-private-packages.md",
        r"(?:^|[\s\"'])(?:http-basic\.[\w-]\S*|(?:gitlab-token|github-oauth|bitbucket-oauth|bearer)\.[\w-]+\.\S+)\s+(?:\S+\s+)?[\"']?([^\s\"'\x00]{6,}|\x00)",
        "composer config http-basic.repo.example.com jane <alnum 20>",
        near=('assert bearer.id == "cred_bearer"',),
    ),
    context(
        "wallet-unlock",
        "community of an SNMP tool",
        "https://net-snmp.sourceforge.io/docs/man/snmpcmd.html",
        rf"snmp(?:walk|get|set|bulkwalk|table|trap){_TO}-(?:c|A|X){_AND}{_V}",
        "snmpwalk -v2c -c <alnum 12> host",
    ),
    context(
        "useradd-flag",
        "password of a new user",
        "https://man7.org/linux/man-pages/man8/useradd.8.html",
        rf"(?:useradd|usermod|adduser){_TO}-p{_AND}{_V}",
        "useradd -m -p <alnum 14> jane",
    ),
    context(
        "stored-secret",
        "secret given to the store of a cloud",
        "https://docs.aws.amazon.com/cli/latest/reference/secretsmanager/put-secret-value.html",
        r"(?:az\s+keyvault\s+(?:secret|key)\s+set|aws\s+ssm\s+put-parameter\s[^\n|;&]*SecureString|aws\s+secretsmanager\s+[\w-]+"
        r"|gcloud\s+secrets\s+[\w-]+|gh\s+secret\s+set|glab\s+variable\s+set|ibmcloud\s+secrets-manager\s+[\w-]+|oci\s+vault\s+secret"
        r"|aliyun\s+kms\s+\w+|vercel\s+env\s+add|eas\s+(?:secret|env):create)\s[^\n|;&]*?"
        rf"(?:--(?:value|secret-string|body|data|string-value|content|secret-content-content|SecretData)|-b)(?:=|\s+){_V}",
        "az keyvault secret set --vault-name kv --name db --value <alnum 14>",
        "aws ssm put-parameter --name /p --type SecureString --value <alnum 14>",
        "gh secret set DB_PASSWORD -b <alnum 14>",
        head=r"(?:keyvault|put-parameter|secretsmanager|gcloud\s+secrets|secret\s+set|variable\s+set|secrets-manager|vault\s+secret|aliyun\s+kms|env\s+add|env:create|secret:create)\s",
    ),
    context(
        "ldap-new-password",
        "new or old password given to ldappasswd",
        "https://www.openldap.org/software/man.cgi?query=ldappasswd",
        rf"ldappasswd{_TO}-[sa]\s+{_V}",
        "ldappasswd -D cn=admin -s <alnum 14> uid=jane",
    ),
    context(
        "config-user-pair",
        "password in a pair that a command stores or sends",
        "https://bundler.io/man/bundle-config.1.html",
        r"(?:bundle\s+config(?:\s+(?:set|--\w+))*\s+\S+|\bab\s(?:[^\n|;&]*?\s)?-[AP])\s+[\"']?[A-Za-z][\w.@+-]*:([^\s\"':@/]{4,})",
        "bundle config gems.example.com jane:<alnum 14>",
        "ab -n 10 -A jane:<alnum 14> http://h/",
    ),
    context(
        "impacket-target",
        "password in the target of an Impacket script",
        "https://github.com/fortra/impacket",
        r"(?:psexec|smbexec|wmiexec|atexec|dcomexec|secretsdump|mssqlclient|smbclient|lookupsid|getTGT|getST|GetUserSPNs|GetNPUsers|samrdump"
        r"|rpcdump|impacket-\w+)(?:\.py)?\s(?:[^\n|;&]*?\s)?[\w.-]*/?[\w.$-]+:"
        r"(?:([^\s\"'/]{3,})@[\w.-]+(?:\s|$)|([^\s@\"'/]{3,})(?:@|\s|$))",
        "psexec.py corp/jane:<alnum 14>@db-3",
        head=r"(?:psexec|exec|secretsdump|mssqlclient|smbclient|lookupsid|getTGT|getST|GetUserSPNs|GetNPUsers|dump|impacket-\w+)(?:\.py)?\s",
    ),
    context(
        "sonar-login",
        "token given to the SonarQube scanner",
        "https://docs.sonarsource.com/sonarqube-server/analyzing-source-code/analysis-parameters/",
        r"sonar\.(?:login|token)\s*=\s*[\"']?([A-Za-z0-9_]{20,})",
        "sonar-scanner -Dsonar.login=<hex 40>",
        says=Verdict.STRONG,
    ),
    context(
        "expected-prompt",
        "password that a script sends at a prompt",
        "https://core.tcl-lang.org/expect/",
        r"(?i:assw(?:or)?d|passphrase)[^\n]{0,60}(?:\n[^\n]{0,60})?\bsend(?:line)?\s*\(?\s*(?:--\s+)?[\"']([^\"'\\\r\n]{3,200})(?:\\+[rn])?[\"']",
        'expect "password:"; send "<alnum 14>\\r"',
        "child.expect('Password:')\nchild.sendline('<alnum 14>')",
        head=r"\bsend(?:line)?\s*\(?\s*(?:--\s+)?[\"']",
    ),
    context(
        "hashed-argument",
        "password given to a command that hashes or encrypts it",
        "https://docs.openssl.org/master/man1/openssl-passwd/",
        rf"(?:mkpasswd\s+(?:-m\s+\S+\s+|-\S+\s+)*|openssl\s+passwd\s+(?:-\w+\s+)*|hash-password\s+(?:--plaintext|-p)\s+"
        rf"|encrypt_string\s+(?:-\S+\s+)*|mosquitto_passwd\s+-b\s+\S+\s+\S+\s+|ejabberdctl\s+register\s+\S+\s+\S+\s+"
        rf"|bw\s+unlock\s+|bw\s+login\s+\S+@\S+\s+){_V}",
        "openssl passwd -6 <alnum 14>",
        "mkpasswd -m sha-512 <alnum 14>",
        head=r"(?:mkpasswd|openssl\s+passwd|hash-password|encrypt_string|mosquitto_passwd|ejabberdctl|bw\s+(?:unlock|login))\s",
    ),
)
