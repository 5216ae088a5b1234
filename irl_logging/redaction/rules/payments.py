"""Payments, commerce and exchanges."""

from __future__ import annotations

from irl_logging.redaction.rule import Rule, sample, shape

_STRIPE = "https://docs.stripe.com/keys"
_SQUARE = "https://developer.squareup.com/docs/build-basics/access-tokens"
_SHOPIFY = "https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens"
_FLUTTERWAVE = "https://developer.flutterwave.com/docs/authentication"
_PLAID = "https://plaid.com/docs/quickstart/glossary/"
_PADDLE = "https://developer.paddle.com/api-reference/about/api-keys"
_BRAINTREE = "https://developer.paypal.com/braintree/articles/control-panel/important-gateway-credentials"
_COINBASE = "https://docs.cdp.coinbase.com/"
_XENDIT = "https://docs.xendit.co/api-integration/api-keys"
_RAZORPAY = "https://razorpay.com/docs/api/authentication/"

RULES: tuple[Rule, ...] = (
    shape(
        "stripe-key",
        "Stripe secret or restricted key",
        _STRIPE,
        "(sk|rk)_(live|test|prod)_<url 16+>",
        near=("pk_live_<alnum 24>",),
    ),
    shape("stripe-org-key", "Stripe organization key", _STRIPE, "sk_org_(live|test)_<word 16+>", "sk_org_<word 20+>"),
    shape(
        "stripe-webhook",
        "Stripe, Svix or Clerk webhook signing secret",
        "https://docs.stripe.com/webhooks/signature",
        "whsec_<b64any 24+>",
    ),
    shape(
        "stripe-client-secret",
        "Stripe intent client secret",
        "https://docs.stripe.com/api/payment_intents/object",
        "(pi|seti|cs|pcs)_<alnum 10-40>_secret_<alnum 16+>",
    ),
    shape(
        "square-token",
        "Square access token",
        _SQUARE,
        "EAAA<url 60>",
        "sq0(atp|csp|idp|ids|cst)-<url 22+>",
        "sandbox-sq0(idb|csb|atb)-<url 22+>",
    ),
    shape(
        "shopify-token", "Shopify access token or shared secret", _SHOPIFY, "shp(at|ca|pa|ss|ua|tka|rt|ka)_<Hex 32+>"
    ),
    shape("shopee-key", "Shopee Open Platform partner key", "https://open.shopee.com/developer-guide/", "shpk<hex 60>"),
    shape("shopify-session", "Shopify partner or collaborator token", _SHOPIFY, "(prtapi|atkn|shpct|shpit)_<Hex 32+>"),
    shape(
        "flutterwave-key",
        "Flutterwave secret or encryption key",
        _FLUTTERWAVE,
        "FLWSECK(_TEST)?-<alnum 12+>",
        "FLWSECK_(TEST|LIVE|PROD)<hex 12>",
    ),
    shape(
        "plaid-token",
        "Plaid access, link or public token",
        _PLAID,
        "(access|link|public|processor|asset-report|user)-(production|sandbox|development)-<uuid>",
    ),
    shape(
        "paddle-key",
        "Paddle API key",
        _PADDLE,
        "pdl_(live|sdbx)_apikey_<lower 26>_<alnum 22>_<alnum 3>",
        "pdl_(live|sdbx)_apikey_<alnum 20+>_<alnum 10+>",
        "pdl_ntfset_<word 30+>",
    ),
    shape(
        "shippo-token",
        "Shippo API token",
        "https://docs.goshippo.com/docs/guides_general/authentication/",
        "shippo_(live|test)_<hex 40+>",
    ),
    shape("easypost-key", "EasyPost API key", "https://docs.easypost.com/docs/authentication", "EZ(A|T)K<alnum 54>"),
    shape(
        "pagarme-key",
        "Pagar.me API key",
        "https://docs.pagar.me/docs/chaves-de-acesso",
        "(ak|ek)_(live|test)_<alnum 30>",
        "sk_<alnum 16>",
        mixed=True,
        allow=("sk_[A-Za-z]+",),
        near=("sk_IPAddressOrRang",),
    ),
    shape(
        "live-key",
        "API key of the `live_`/`test_` kind: Mollie, Lob, Frontegg and more",
        "https://docs.mollie.com/reference/authentication",
        "(live|test|sandbox|prod)_<alnum 28+>",
        "(live|test)_(sk_|gsk_)?<hex 30+>",
        "access_<alnum 30+>",
        mixed=True,
        tight=True,
        allow=(r"test_[a-z]+(?:[A-Z]{1,4}[a-z]+)+[0-9]{0,3}",),  # the name of a test
        near=("pk_live_<alnum 99>", "my_test_<alnum 30>", "test_undefinedNameObscuringLocalVariable2"),
    ),
    shape("razorpay-key", "Razorpay key id", _RAZORPAY, "rzp_(live|test)_<alnum 14+>"),
    shape(
        "braintree-token",
        "Braintree production or sandbox access token",
        _BRAINTREE,
        "access_token$(production|sandbox)$<lower 16>$<hex 32>",
    ),
    shape(
        "paypal-token",
        "PayPal access token",
        "https://developer.paypal.com/api/rest/authentication/",
        "A21A<url 60+>",
        mixed=True,
    ),
    shape(
        "gocardless-token",
        "GoCardless access token",
        "https://developer.gocardless.com/api-reference/",
        "(live|sandbox)_<url 40>",
        mixed=True,
    ),
    Rule(
        id="adyen-key",
        what="Adyen API key",
        source="https://docs.adyen.com/development-resources/api-credentials/",
        pattern=r"AQE[A-Za-z0-9+/]{40,250}={0,2}(?:-[A-Za-z0-9+/]{20,90}={0,2}-[^\s\"'\\]{10,24}|)",
        head=r"AQE[A-Za-z0-9+/]{40}",
        mixed=True,
        examples=lambda: (sample("AQEyhmf<b64 80>==-<b64 43>=-<alnum 8>{*nb~m4z"), sample("AQE<alnum 4><b64 100>")),
        allow=(r"AQE[A-P](?:BQA|AAO)[^-]*", r"AQEA[^-]*"),  # as lines of certificates and public keys begin
        near=lambda: (
            sample("<b64 20>AQE<b64 80>=="),
            sample("AQELBQADggIBA<b64 51>"),
            sample("AQEFAAOCAg8A<b64 52>"),
            sample("AQEA<b64 60>"),
        ),
    ),
    shape("coinbase-key", "Coinbase API key name", _COINBASE, "organizations/<uuid>/apiKeys/<uuid>"),
    shape(
        "xendit-key",
        "Xendit API key",
        _XENDIT,
        "xnd_(production|development)_<alnum 30+>",
        near=("xnd_public_production_<alnum 40>",),
    ),
    shape(
        "paystack-key",
        "Paystack secret key",
        "https://paystack.com/docs/api/authentication/",
        "sk_(live|test)_<hex 40>",
    ),
    shape(
        "mercadopago-token",
        "Mercado Pago access token",
        "https://www.mercadopago.com/developers/en/docs/your-integrations/credentials",
        "(APP_USR|TEST)-<digit 12-20>-<digit 6>-<hex 32>(__LA_LB__|__LA_LD__|__LB_LA__|__LD_LA__)?-<digit 6-12>",
        near=("APP_USR-<uuid>",),
    ),
    shape(
        "polar-token",
        "Polar access token",
        "https://docs.polar.sh/integrate/oat",
        "polar_(oat|pat|at_u|at_o|rt_u|rt_o|cs|crt|ac|wh|whs)_<url 20+>",
        near=("polar_ci_<alnum 43>",),
    ),
    shape(
        "duffel-token",
        "Duffel access token",
        "https://duffel.com/docs/api/overview/authentication",
        "duffel_(test|live)_<url 40+>",
    ),
    shape(
        "increase-key",
        "Increase or Column API key",
        "https://increase.com/documentation/api-keys",
        "(live|sandbox|test)_key_<alnum 20+>",
        "secret_key_(production|sandbox|live|test)_<alnum 20+>",
    ),
    shape(
        "brex-token",
        "Brex or Ramp token",
        "https://developer.brex.com/docs/authentication/",
        "bxt_<alnum 30+>",
        "ramp_(business_tok|tok|sec|id)_<alnum 30+>",
    ),
    shape(
        "chargebee-key",
        "Chargebee API key",
        "https://www.chargebee.com/docs/api_keys.html",
        "(live|test)_<alnum 32-40>cu<alnum 2+>",
    ),
    shape("medusa-key", "Medusa secret key", "https://docs.medusajs.com/", "sk_<hex 64>"),
    shape(
        "revolut-token", "Revolut Business token", "https://developer.revolut.com/docs/", "oa_(prod|sand)_<url 40-80>"
    ),
    shape(
        "alchemy-url",
        "blockchain node URL with its key",
        "https://www.alchemy.com/docs/",
        "g.alchemy.com/v2/{<url 20+>}",
        "infura.io/(ws/)?v3/{<hex 32>}",
        "alchemyapi.io/v2/{<url 20+>}",
        "quiknode.pro/{<hex 40>}",
        "ankr.com/<slug 2-20>/{<hex 64>}",
        "blastapi.io/{<uuid>}",
        "getblock.io/{<hex 32>}",
        "chainstack.com/{<hex 32>}",
        "helius-rpc.com/?api-key={<uuid>}",
    ),
    shape(
        "omise-key",
        "Omise secret key",
        "https://docs.omise.co/api-authentication",
        "skey_(test_)?<lower 19-20>",
        mixed=True,
        near=("pkey_test_<lower 19>",),
    ),
    shape(
        "cashfree-key",
        "Cashfree secret key",
        "https://www.cashfree.com/docs/api-reference/authentication",
        "cfsk_ma_(prod|test)_<hex 32>_<hex 8>",
    ),
    shape(
        "chapa-key",
        "Chapa secret key",
        "https://developer.chapa.co/",
        "CHASECK(_TEST)?-<alnum 20+>",
        "CHAPA_(TEST|LIVE)_PRIV_<url 16+>",
        near=("CHAPUBK_TEST-<alnum 32>",),
    ),
    shape(
        "wompi-key",
        "Wompi private key or secret",
        "https://docs.wompi.co/",
        "prv_(prod|test)_<alnum 24+>",
        "(prod|test)_(integrity|events)_<alnum 24+>",
        near=("pub_prod_<alnum 32>",),
    ),
    shape(
        "efi-secret",
        "Efi client secret",
        "https://dev.efipay.com.br/",
        "Client_Secret_<hex 40+>",
        near=("Client_Id_<hex 40>",),
    ),
    shape(
        "whop-key",
        "Whop API key",
        "https://docs.whop.com/",
        "apik_<alnum 10+>_<word 20+>",
        "apik_<alnum 30+>",
        mixed=True,
    ),
    shape(
        "abacatepay-key", "AbacatePay API key", "https://docs.abacatepay.com/", "abc_(dev|prod)_<alnum 20+>", mixed=True
    ),
    shape(
        "mercury-token",
        "Mercury API token",
        "https://docs.mercury.com/reference/getting-started-with-your-api",
        "mercury_(production|sandbox)_<lower 2-8>_<alnum 30+>",
    ),
)
