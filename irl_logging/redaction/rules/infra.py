"""Secret managers, infrastructure as code, networks, clusters and CI."""

from __future__ import annotations

from dataclasses import replace

from irl_logging.redaction.rule import Rule, shape

_VAULT = "https://developer.hashicorp.com/vault/docs/concepts/tokens"
_TFC = "https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens"
_DOPPLER = "https://docs.doppler.com/reference/auth-token-formats"
_TAILSCALE = "https://tailscale.com/kb/1277/key-prefixes"
_PREFECT = "https://docs.prefect.io/v3/how-to-guides/cloud/manage-users/api-keys"
_HARNESS = "https://developer.harness.io/docs/platform/automation/api/add-and-manage-api-keys/"
_KONG = "https://developer.konghq.com/konnect-api/"
_OCTOPUS = "https://octopus.com/docs/octopus-rest-api/how-to-create-an-api-key"
_ONEPASSWORD = "https://developer.1password.com/docs/service-accounts/"
_JFROG = "https://jfrog.com/help/r/jfrog-platform-administration-documentation/access-tokens"
_BUILDKITE = "https://buildkite.com/docs/platform/security/tokens"
_CIRCLECI = "https://circleci.com/docs/managing-api-tokens/"
_SONAR = "https://docs.sonarsource.com/sonarqube-server/user-guide/managing-tokens/"


def _apart_from_base64(id: str, what: str, source: str, *templates: str, near: tuple[str, ...]) -> Rule:
    """Make the rule for a key without fixed text, of which base64 of anything else may hold what looks alike."""
    rule = shape(id, what, source, *templates, mixed=True, floor=4.2, near=near)
    return replace(rule, edges=rule.edges + "_-.\\+/")


RULES: tuple[Rule, ...] = (
    shape("vault-token", "HashiCorp Vault service, batch or recovery token", _VAULT, "hv(s|b|r).<url 20+>"),
    shape(
        "vault-legacy-token",
        "HashiCorp Vault token of the old kind",
        _VAULT,
        "(s|b|r).<alnum 24>",
        mixed=True,
        tight=True,
        floor=3.5,
    ),
    shape("terraform-token", "HCP Terraform API token", _TFC, "<alnum 14>.atlasv1.<url 60+>"),
    shape(
        "boundary-token",
        "HashiCorp boundary token",
        "https://developer.hashicorp.com/boundary/docs/concepts/domain-model/auth-tokens",
        "at_<alnum 10>_s1<alnum 40+>",
    ),
    shape(
        "pulumi-token",
        "Pulumi access token",
        "https://www.pulumi.com/docs/administration/access-identity/access-tokens/",
        "pul-<hex 40+>",
    ),
    shape(
        "doppler-token",
        "Doppler token",
        _DOPPLER,
        "dp.(ct|pt|sa|scim|audit|said).<alnum 40+>",
        "dp.st.<url 2-35>.<alnum 40+>",
        "dp.st.<alnum 40+>",
    ),
    shape(
        "infisical-token",
        "Infisical service token",
        "https://infisical.com/docs/documentation/platform/token",
        "st.<hex 24>.<hex 32>.<hex 32>",
        "st.<uuid>.<hex 32>.<hex 32>",
        "st.<hex 8+>.<url 20+>.<url 20+>",
    ),
    shape(
        "tailscale-key",
        "Tailscale key",
        _TAILSCALE,
        "tskey-(auth|api|client|scim|webhook|reusable)-<url 12+>",
        "tskey-<alnum 12+>",
    ),
    shape(
        "netbird-token",
        "NetBird personal access token",
        "https://docs.netbird.io/how-to/access-netbird-public-api",
        "nbp_<alnum 36+>",
    ),
    shape("onepassword-service", "1Password service account token", _ONEPASSWORD, "ops_eyJ<b64any 60+>"),
    shape(
        "onepassword-secret-key",
        "1Password secret key",
        "https://support.1password.com/secret-key-security/",
        "A3-<upper 6>-<upper 6>-<upper 5>-<upper 5>-<upper 5>-<upper 5>",
        "A3-<upper 6>-<upper 11>-<upper 5>-<upper 5>-<upper 5>",
    ),
    shape(
        "bitwarden-token",
        "Bitwarden Secrets Manager access token",
        "https://bitwarden.com/help/access-tokens/",
        "0.<uuid>.<alnum 30>:<b64 20+>",
    ),
    shape("prefect-key", "Prefect Cloud user or bot key", _PREFECT, "pn(u|b)_<alnum 30+>"),
    shape(
        "endor-key",
        "Endor Labs API credential",
        "https://docs.endorlabs.com/administration/api-keys/",
        "endr+<alnum 16>",
    ),
    shape(
        "harness-token", "Harness personal or service account token", _HARNESS, "(pat|sat).<url 22>.<hex 24>.<alnum 20>"
    ),
    shape(
        "openshift-token",
        "OpenShift OAuth token",
        "https://docs.redhat.com/en/documentation/openshift_container_platform/",
        "sha256~<url 43>",
        mixed=True,
    ),
    shape(
        "rancher-token",
        "Rancher API token",
        "https://ranchermanager.docs.rancher.com/reference-guides/user-settings/api-keys",
        "token-<lower 5>:<lower 40+>",
        "kubeconfig-<slug 4+>:<lower 40+>",
    ),
    shape(
        "docker-token",
        "Docker personal or organization access token",
        "https://docs.docker.com/security/access-tokens/",
        "dckr_(pat|oat)_<url 20+>",
    ),
    shape("kong-token", "Kong Konnect token", _KONG, "(kpat|spat)_<alnum 30+>"),
    shape(
        "phase-token",
        "Phase service or user token",
        "https://docs.phase.dev/access-control/service-accounts",
        "pss_(service|user):v<digit 1>:<hex 64>:<hex 64>:<hex 64>:<hex 64>",
        "pss_(service|user):v<digit 1>:<hex 64>(:<hex 32>)?",
    ),
    shape(
        "apollo-key",
        "Apollo GraphOS key",
        "https://www.apollographql.com/docs/graphos/platform/access-management/api-keys",
        "(service|user):<slug 2-40>:<url 16+>",
        mixed=True,
        tight=True,
    ),
    shape("octopus-key", "Octopus Deploy API key", _OCTOPUS, "API-<upper 20-36>", mixed=True, tight=True, floor=3.2),
    shape(
        "portainer-token",
        "Portainer access token",
        "https://docs.portainer.io/api/access",
        "ptr_<b64 43>=",
        "ptr_<b64 43>",
        mixed=True,
        near=("ptr_<word 20>",),
    ),
    shape("jfrog-api-key", "JFrog Artifactory API key", _JFROG, "AKCp<alnum 60+>"),
    shape("jfrog-reference", "JFrog Artifactory reference token", _JFROG, "cmVmd<alnum 59>", mixed=True),
    shape(
        "buildkite-token",
        "Buildkite user or agent token",
        _BUILDKITE,
        "bk(ua|ur|tx|aa|ar|aj|jat|at|ct|cqt|pt|pat|ps|rt|tr)_<dotted 24+>",
    ),
    shape("circleci-token", "CircleCI personal or project token", _CIRCLECI, "CCI(PAT|PRJ)_<alnum 20-24>_<alnum 40>"),
    shape(
        "sonar-token", "SonarQube user, project or global token", _SONAR, "sq(u|p|a)_<hex 40+>", near=("sqb_<hex 40>",)
    ),
    shape(
        "dagster-token",
        "Dagster+ token",
        "https://docs.dagster.io/deployment/dagster-plus/management/tokens",
        "(agent|user):<slug 2-40>:<hex 32>",
        tight=True,
    ),
    shape(
        "nx-cloud-token",
        "Nx Cloud access token",
        "https://nx.dev/ci/recipes/security/access-tokens",
        "<b64 48>fHJlYWQtd3JpdGU=",
        "<b64 48>fHJlYWQtb25seQ==",
    ),
    shape(
        "depot-token", "Depot token", "https://depot.dev/docs/cli/authentication", "depot_(project|org|user)_<hex 40+>"
    ),
    shape(
        "bitrise-token",
        "Bitrise access token",
        "https://docs.bitrise.io/en/bitrise-platform/accounts/personal-access-tokens.html",
        "bit(p|w)at_<url 40+>",
        mixed=True,
    ),
    shape("bytebase-key", "Bytebase service key", "https://www.bytebase.com/docs/", "bbs_<alnum 20>"),
    shape(
        "ngrok-token",
        "ngrok authtoken or API key",
        "https://ngrok.com/docs/agent/#authtokens",
        "<digit 1><alnum 26>_<digit 1><alnum 20>",
        "<digit 1><alnum 19-21>_<digit 1><alnum 20>",
        "cr_<alnum 27>",
        mixed=True,
        tight=True,
    ),
    shape(
        "age-secret-key",
        "age secret key",
        "https://age-encryption.org/v1",
        "AGE-SECRET-KEY-1<upper 58>",
        "AGE-SECRET-KEY-PQ-1<upper 58+>",
        "AGE-SECRET-KEY-<upper 40+>",
    ),
    shape(
        "age-plugin-identity",
        "age plugin identity",
        "https://age-encryption.org/v1",
        "AGE-PLUGIN-<upper 2-12>-1<upper 40+>",
    ),
    shape(
        "nostr-key", "Nostr secret key", "https://github.com/nostr-protocol/nips/blob/master/19.md", "nsec1<lower 58>"
    ),
    shape(
        "bip32-private",
        "extended private key of a wallet",
        "https://en.bitcoin.it/wiki/BIP_0032",
        "(xprv|yprv|zprv|tprv)<b58 100-112>",
    ),
    shape(
        "kubeadm-token",
        "bootstrap token of Kubernetes",
        "https://kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens/",
        "<lower 6>.<lower 16>",
        head=r"[a-z0-9]{6}\.[a-z0-9]{16}",
        mixed=True,
        tight=True,
        floor=3.6,
        allow=(r"[a-z0-9]{6}\.(?:[0-9a-f]+|[a-z]+[0-9]*|[0-9]+[a-z]*)",),
        near=("styles.<hex 16>", "module.longfunctionname", "chunk1.<hex 16>.js", "python.2024010112345678"),
    ),
    _apart_from_base64(
        "bitcoin-wif",
        "Bitcoin private key in wallet import format",
        "https://en.bitcoin.it/wiki/Wallet_import_format",
        "5(H|J|K)<b58 49>",
        "(K|L)<b58 51>",
        "(9|c)<b58 50-51>",
        near=("UklGRDKJ<b64 24>/L<b58 51>/42B9", "iVBORw0KGgo+K<b58 51>+a"),
    ),
    shape(
        "stellar-seed",
        "Stellar secret seed",
        "https://stellar.org/protocol/sep-23",
        "S(A|B|C|D)<b32 54>",
        tight=True,
        floor=3.8,
    ),
    shape("tezos-key", "Tezos secret key", "https://tezos.com/docs/", "(edsk|spsk|p2sk|edesk)<b58 50+>"),
    shape("sui-key", "Sui private key", "https://docs.sui.io/references/cli/keytool", "suiprivkey1<lower 50+>"),
    shape(
        "private-key-der",
        "base64 of an unencrypted private key's DER",
        "https://www.rfc-editor.org/rfc/rfc5958",
        "MIIE(p|o|v)<b64 60+>",
        "MIIJ(K|J|R|Q)<b64 60+>",
        "MHcCAQEE<b64 40+>",
        "MC4CAQAwBQYDK2VwBCIEI<b64 40+>",
        "MIGHAgEAMBMG<b64 60+>",
        "MIIC(X|W|d|Y)<b64 60+>",
        "b3BlbnNzaC1rZXktdjE<b64 40+>",
        "LS0tLS1CRUdJTi<b64 8>BSSVZBVEUgS0VZ<b64 20+>",
        "LS0tLS1CRUdJTiB<b64 4-24>UFJJVkFURSBLRV<b64 20+>",
        "LS0tLS1CRUdJTiB<b64 4-24>QUklWQVRFIEtFW<b64 20+>",
        "LS0tLS1CRUdJTiBQUklWQVRFIEtFWS<b64 20+>",
    ),
)
