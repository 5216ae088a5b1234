"""Chat, webhooks and incident tooling."""

from __future__ import annotations

from irl_logging.redaction.rule import Rule, shape

_SLACK = "https://api.slack.com/concepts/token-types"
_SLACK_HOOK = "https://api.slack.com/messaging/webhooks"
_DISCORD = "https://discord.com/developers/docs/reference#authentication"
_DISCORD_HOOK = "https://discord.com/developers/docs/resources/webhook"
_TELEGRAM = "https://core.telegram.org/bots/api#authorizing-your-bot"
_TEAMS = "https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook"
_META = "https://developers.facebook.com/docs/facebook-login/guides/access-tokens/"
_TINES = "https://www.tines.com/docs/actions/types/webhook/"
_MATRIX = "https://element-hq.github.io/synapse/latest/"

RULES: tuple[Rule, ...] = (
    shape(
        "slack-token",
        "Slack bot, user, workspace, refresh or workflow token",
        _SLACK,
        "xox(b|p|a|r|s|o|c|e)-<url 10+>",
        "xwfp-<url 10+>",
    ),
    shape(
        "slack-config-token",
        "Slack configuration token",
        _SLACK,
        "xoxe.xox(b|p)-<digit 1>-<url 100+>",
        "xoxe.xapp-<url 20+>",
    ),
    shape(
        "slack-app-token",
        "Slack app-level token",
        _SLACK,
        "xapp-<digit 1>-<upper 8+>-<digit 8+>-<alnum 20+>",
        "xapp-<url 20+>",
    ),
    shape(
        "slack-webhook",
        "Slack webhook, workflow or trigger URL",
        _SLACK_HOOK,
        "hooks.slack.com/services/{T<upper 6-14>/B<upper 6-14>/<alnum 16+>}",
        "hooks.slack.com/workflows/{<b64any 24+>}",
        "hooks.slack.com/triggers/{<b64any 24+>}",
        "hooks.slack.com/(commands|actions|app)/{T<upper 6-14>/<digit 6+>/<alnum 16+>}",
        "hooks.slack-gov.com/services/{T<upper 6-14>/B<upper 6-14>/<alnum 16+>}",
    ),
    shape("slack-cookie", "Slack client cookie", _SLACK, "xoxd-<opaque 20+>"),
    shape("discord-token", "Discord bot token", _DISCORD, "(M|N|O)<alnum 23-27>.<url 6>.<url 27-40>", mixed=True),
    shape("discord-mfa", "Discord user token with MFA", _DISCORD, "mfa.<url 84>"),
    shape(
        "discord-webhook",
        "Discord webhook URL",
        _DISCORD_HOOK,
        "/api/webhooks/{<digit 17-20>/<url 60+>}",
    ),
    shape(
        "telegram-token",
        "Telegram bot token",
        _TELEGRAM,
        "<digit 8-10>:AA<url 32-34>",
        "bot<digit 8-10>:AA<url 32-34>",
        floor=3.0,
    ),
    shape(
        "teams-webhook",
        "Microsoft Teams webhook URL",
        _TEAMS,
        "webhook.office.com/webhookb2/{<uuid>@<uuid>/IncomingWebhook/<alnum 32>/<uuid>}",
        "outlook.office.com/webhook/{<uuid>@<uuid>/IncomingWebhook/<alnum 32>/<uuid>}",
    ),
    shape(
        "power-automate-url",
        "Power Automate or Logic Apps signed URL",
        "https://learn.microsoft.com/azure/logic-apps/logic-apps-securing-a-logic-app",
        "/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig={<url 40+>}",
    ),
    shape(
        "vk-token",
        "VK access token",
        "https://id.vk.com/about/business/go/docs/en/vkid/latest/methods",
        "vk1.a.<url 80+>",
    ),
    shape(
        "matrix-token",
        "Matrix Synapse access, refresh or login token",
        _MATRIX,
        "sy(t|r|l)_<url 4+>_<alnum 20>_<alnum 6>",
    ),
    shape(
        "matrix-mas-token",
        "access or refresh token of the Matrix Authentication Service",
        "https://element-hq.github.io/matrix-authentication-service/",
        "m(at|ar|ct|cr)_<alnum 30>_<alnum 4-6>",
    ),
    shape(
        "mattermost-hook",
        "Mattermost incoming webhook",
        "https://developers.mattermost.com/integrate/webhooks/incoming/",
        "/hooks/{<lower 26>}",
        mixed=True,
    ),
    shape(
        "rocketchat-hook",
        "Rocket.Chat incoming webhook",
        "https://docs.rocket.chat/docs/integrations",
        "/hooks/{<alnum 17-24>/<alnum 40+>}",
    ),
    shape("facebook-token", "Facebook access token", _META, "EAA<alnum 80+>", mixed=True),
    shape(
        "facebook-app-token",
        "Facebook or Oculus app access token",
        _META,
        "<digit 15-16>|<url 27>",
        "OC|<digit 15-18>|<hex 32>",
        head=r"[0-9]{15}\|",
    ),
    shape("instagram-token", "Instagram access token", _META, "IG(QV|QW|AA)<url 60+>"),
    shape("threads-token", "Threads access token", _META, "THAA<alnum 60+>"),
    shape(
        "tines-webhook",
        "Tines webhook URL",
        _TINES,
        "tines.com/webhook/{<alnum 16+>/<alnum 16+>}",
        "tines.io/webhook/{<alnum 16+>/<alnum 16+>}",
    ),
    shape("twilio-key", "Twilio API key sid", "https://www.twilio.com/docs/iam/api-keys", "SK<hex 32>"),
    shape(
        "zapier-webhook",
        "Zapier catch hook",
        "https://help.zapier.com/hc/en-us/articles/8496288690317",
        "hooks.zapier.com/hooks/catch/{<digit 4+>/<alnum 5+>}",
    ),
    shape(
        "ifttt-webhook",
        "IFTTT webhook key",
        "https://ifttt.com/maker_webhooks",
        "maker.ifttt.com/trigger/<url 1-60>/with/key/{<url 20+>}",
        "maker.ifttt.com/trigger/<url 1-60>/json/with/key/{<url 20+>}",
    ),
    shape(
        "make-webhook",
        "Make webhook URL",
        "https://www.make.com/en/help/tools/webhooks",
        "make.com/{<lower 30-36>}",
        mixed=True,
    ),
    shape(
        "pipedream-webhook",
        "Pipedream endpoint",
        "https://pipedream.com/docs/workflows/building-workflows/triggers",
        "eo<lower 10-16>.m.pipedream.net",
        "<hex 32>.m.pipedream.net",
    ),
    shape(
        "webex-bot",
        "Webex bot or personal access token",
        "https://developer.webex.com/docs/bots",
        "<url 64>_(P|p)<lower 1>(84|F1|FF)_<uuid>",
        "<url 64>_<alnum 4>_<uuid>",
        head=r"_[A-Za-z0-9]{4}_[0-9a-fA-F]{8}-",
    ),
    shape(
        "feishu-webhook",
        "Feishu or Lark bot webhook",
        "https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot",
        "open.feishu.cn/open-apis/bot/v2/hook/{<url 20+>}",
        "open.larksuite.com/open-apis/bot/v2/hook/{<url 20+>}",
    ),
    shape(
        "dingtalk-webhook",
        "DingTalk robot webhook",
        "https://open.dingtalk.com/document/robots/custom-robot-access",
        "oapi.dingtalk.com/robot/send?access_token={<hex 64>}",
    ),
    shape(
        "wecom-webhook",
        "WeCom robot webhook",
        "https://developer.work.weixin.qq.com/document/path/91770",
        "qyapi.weixin.qq.com/cgi-bin/webhook/send?key={<uuid>}",
    ),
    shape("incidentio-key", "incident.io API key", "https://api-docs.incident.io/", "inc_<alnum 30+>"),
    shape("rootly-key", "Rootly API key", "https://rootly.com/api", "rootly_<hex 40+>"),
    shape("firehydrant-key", "FireHydrant bot token", "https://docs.firehydrant.com/docs/api-keys", "fhb-<hex 32+>"),
    shape(
        "linkedin-token",
        "LinkedIn client secret or access token",
        "https://learn.microsoft.com/linkedin/shared/authentication/authentication",
        "WPL_AP<digit 1>.<alnum 16>.<b64 6+>",
        "WPL_AP<digit 1>.<alnum 10+>",
    ),
    shape(
        "twitter-bearer",
        "X (Twitter) app bearer token",
        "https://docs.x.com/fundamentals/authentication/oauth-2-0/bearer-tokens",
        "AAAAAAAAAAAAAAAAAAAAA<alnum 60+>",
        "AAAAAAAAAAAAAAAAAAAAA<opaque 60+>",
    ),
    shape(
        "pushbullet-token",
        "Pushbullet access token",
        "https://docs.pushbullet.com/#authentication",
        "o.<alnum 32>",
        mixed=True,
        tight=True,
        floor=3.8,
        allow=(r"o\.[0-9a-f]+", r"o\.[a-z]+[0-9]*", r"o\.[A-Za-z]+"),
        near=("o.<hex 32>", "module.o.<alnum 32>"),
    ),
    shape(
        "gotify-token", "Gotify token in its header", "https://gotify.net/docs/pushmsg", "X-Gotify-Key: {<dotted 15>}"
    ),
    shape("twitch-token", "Twitch chat token", "https://dev.twitch.tv/docs/chat/irc/", "oauth:<lower 30>", mixed=True),
    shape(
        "line-token",
        "channel access token of the LINE Messaging API",
        "https://developers.line.biz/en/docs/basics/channel-access-token/",
        "<b64 130-180>/1O/w1cDnyilFU=",
        "<b64 130-180>1O/w1cDnyilFU=",
    ),
    shape(
        "notify-key",
        "GC Notify or GOV.UK Notify API key",
        "https://documentation.notification.canada.ca/",
        "gcntfy-<url 1-60>-<uuid>-{<uuid>}",
    ),
    shape("ntfy-token", "ntfy access token", "https://docs.ntfy.sh/config/#access-tokens", "tk_<lower 29>"),
)
