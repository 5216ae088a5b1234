"""Private keys that are written as a text of their own: wallets, NATS, minisign, raw DER in hexadecimal."""

from __future__ import annotations

from irl_logging.redaction.rule import Rule, shape

_NKEYS = "https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_intro/nkey_auth"
_CIP5 = "https://cips.cardano.org/cip/CIP-5"

RULES: tuple[Rule, ...] = (
    shape("nats-seed", "seed of a NATS key", _NKEYS, "S(U|A|O|N|C|X)<b32 56>", tight=True, floor=3.8),
    shape(
        "cardano-key",
        "signing key of Cardano",
        _CIP5,
        "(ed25519_sk|ed25519e_sk|root_xsk|acct_xsk|addr_xsk|stake_xsk)1<lower 50+>",
        "(stake_sk|payment_sk|addr_sk|pool_sk|vrf_sk|kes_sk)1<lower 50+>",
    ),
    shape(
        "aleo-key",
        "private key of Aleo",
        "https://developer.aleo.org/concepts/fundamentals/accounts",
        "APrivateKey1<b58 40+>",
    ),
    shape(
        "near-key",
        "secret key of NEAR",
        "https://docs.near.org/protocol/access-keys",
        "ed25519:<b58 86-88>",
        near=("ed25519:<b58 44>",),
    ),
    shape(
        "bip38-key",
        "Bitcoin private key under a passphrase",
        "https://github.com/bitcoin/bips/blob/master/bip-0038.mediawiki",
        "6P<b58 56>",
        tight=True,
        floor=4.2,
    ),
    shape(
        "ripple-seed",
        "secret of an XRP Ledger account",
        "https://xrpl.org/docs/concepts/accounts/cryptographic-keys",
        "sEd(S|T|V)<b58 27>",
        mixed=True,
    ),
    shape(
        "zcash-key",
        "spending key of Zcash",
        "https://zips.z.cash/protocol/protocol.pdf",
        "secret-extended-key-(main|test)1<lower 60+>",
    ),
    shape(
        "minisign-key",
        "secret key of minisign or signify",
        "https://jedisct1.github.io/minisign/",
        "RWRTY0Iy<b64 80+>",
        "RWRCSw<b64 80+>",
    ),
    shape(
        "private-key-hex",
        "unencrypted private key's DER in hexadecimal",
        "https://www.rfc-editor.org/rfc/rfc8410",
        "302e020100300506032b65(6e|70)04220420<hex 64>",
        "3030020100300706052b8104000a04220420<hex 64>",
    ),
    Rule(
        id="openvpn-static-key",
        what="static key of OpenVPN",
        source="https://openvpn.net/community-resources/static-key-mini-howto/",
        pattern=r"BEGIN OpenVPN Static key V1-----(?:\\n|\s)+((?:[0-9a-f]{32}(?:\\n|\s)*){1,16})",
        keywords=("BEGIN OpenVPN Static key V1",),
        edges="",
        examples=lambda: ("-----BEGIN OpenVPN Static key V1-----\n" + "0f1e2d3c4b5a69788796a5b4c3d2e1f0\n" * 4,),
        near=lambda: ("-----BEGIN OpenVPN Static key V1-----\n...",),
    ),
)
