"""Mail, SMS and customer messaging."""

from __future__ import annotations

from irl_logging.redaction.rule import Rule, shape

_MAILGUN = "https://documentation.mailgun.com/docs/mailgun/user-manual/api-key-mgmt/rbac-mgmt"
_BREVO = "https://developers.brevo.com/docs/getting-started"
_HUBSPOT = "https://developers.hubspot.com/docs/guides/apps/private-apps/overview"
_MAILCHIMP = "https://mailchimp.com/developer/marketing/guides/quick-start/"

RULES: tuple[Rule, ...] = (
    shape(
        "sendgrid-key",
        "SendGrid API key",
        "https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys",
        "SG.<url 16-32>.<url 30-60>",
        "SG.<dotted 60+>",
    ),
    shape(
        "mailgun-key",
        "Mailgun API, signing or validation key",
        _MAILGUN,
        "key-<lower 32>",
        "<hex 32>-<hex 8>-<hex 8>",
    ),
    shape("mailchimp-key", "Mailchimp API key", _MAILCHIMP, "<hex 32>-us<digit 1-2>"),
    shape(
        "mandrill-key",
        "Mandrill API key",
        "https://mailchimp.com/developer/transactional/guides/quick-start/",
        "md-<url 22>",
        mixed=True,
        tight=True,
    ),
    shape(
        "brevo-key",
        "Brevo API or SMTP key",
        _BREVO,
        "xkeysib-<hex 64>-<alnum 16>",
        "xsmtpsib-<hex 64>-<alnum 16>",
        "x(key|smtp)sib-<url 40+>",
    ),
    shape(
        "resend-key",
        "Resend API key",
        "https://resend.com/docs/dashboard/api-keys/introduction",
        "re_<alnum 8>_<alnum 20+>",
        "re_<alnum 30+>",
        mixed=True,
    ),
    shape(
        "mailersend-token",
        "MailerSend API token or SMTP password",
        "https://developers.mailersend.com/general.html#authentication",
        "mlsn.<alnum 40+>",
        "mssp.<alnum 5-16>.<alnum 10-20>.<alnum 5-16>",
    ),
    shape(
        "agentmail-key",
        "AgentMail API key",
        "https://docs.agentmail.to/",
        "am_<hex 40+>",
        "am_(us|eu)_<hex 40+>",
        tight=True,
    ),
    shape(
        "klaviyo-key",
        "Klaviyo private key",
        "https://developers.klaviyo.com/en/docs/retrieve_api_credentials",
        "pk_<alnum 34>",
        "pk_<alnum 6>_<hex 34>",
        mixed=True,
    ),
    shape("hubspot-token", "HubSpot private app token", _HUBSPOT, "pat-(na1|na2|na3|eu1|ap1)-<uuid>"),
    shape(
        "hubspot-personal-key",
        "HubSpot personal access key of its command line",
        "https://developers.hubspot.com/docs/cms/developer-reference/personal-access-key",
        "CiR(uYTEt|uYTIt|ldTEt|hcDEt)<b64any 60+>",
    ),
    shape(
        "intercom-token",
        "Intercom access token",
        "https://developers.intercom.com/docs/build-an-integration/learn-more/authentication",
        "dG9rO<b64 40+>",
    ),
    shape(
        "courier-key",
        "Courier API key",
        "https://www.courier.com/docs/",
        "pk_(prod|test)_<upper 20+>",
        "dk_(prod|test)_<upper 20+>",
    ),
    shape(
        "knock-key",
        "Knock secret key",
        "https://docs.knock.app/developer-tools/api-keys",
        "sk_(test|live)_<url 30+>",
        "sk_(test_)?<url 40+>",
        mixed=True,
        allow=(r"sk_[a-z0-9]+(?:_[a-z0-9]+){2,}",),
        near=("test_sk_from_p8_der_with_trailing_junk_after_algorithm",),
    ),
    shape(
        "onesignal-key",
        "OneSignal organization or app key",
        "https://documentation.onesignal.com/docs/keys-and-ids",
        "os_v2_(app|org)_<lower 40+>",
    ),
    shape("bird-key", "Bird access key", "https://bird.com/en-us/docs", "AccessKey {<alnum 25>}", mixed=True),
    shape(
        "telnyx-key",
        "Telnyx API key",
        "https://developers.telnyx.com/development/api-fundamentals/authentication",
        "KEY<alnum 20-60>_<alnum 16+>",
    ),
    shape(
        "zeptomail-token",
        "ZeptoMail send token",
        "https://www.zoho.com/zeptomail/help/api/",
        "Zoho-enczapikey {<b64any 40+>}",
    ),
    shape(
        "zoho-oauth", "Zoho OAuth token", "https://www.zoho.com/accounts/protocol/oauth.html", "1000.<hex 32>.<hex 32>"
    ),
    shape(
        "close-key",
        "Close CRM API key",
        "https://developer.close.com/topics/authentication/",
        "api_<alnum 20-24>.<alnum 20-24>",
    ),
    shape(
        "salesforce-session",
        "Salesforce session or access token",
        "https://help.salesforce.com/s/articleView?id=sf.remoteaccess_access_tokens.htm",
        "00D<alnum 12-15>!<dotted 80-120>",
    ),
    shape(
        "salesforce-refresh",
        "Salesforce refresh token",
        "https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_tokens.htm",
        "5Aep<dotted 60+>",
    ),
)
