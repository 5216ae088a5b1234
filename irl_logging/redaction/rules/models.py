"""Model vendors, agent tooling and their observability."""

from __future__ import annotations

from irl_logging.redaction.rule import Rule, shape

_OPENAI = "https://platform.openai.com/docs/api-reference/authentication"
_ANTHROPIC = "https://docs.anthropic.com/en/api/admin-api/apikeys/get-api-key"
_LANGFUSE = "https://langfuse.com/docs/api-and-data-platform/features/public-api"
_LANGSMITH = (
    "https://docs.smith.langchain.com/administration/how_to_guides/organization_management/create_account_api_key"
)
_HF = "https://huggingface.co/docs/hub/security-tokens"
_DIFY = "https://docs.dify.ai/en/guides/application-publishing/developing-with-apis"
_LOGFIRE = "https://logfire.pydantic.dev/docs/how-to-guides/create-write-tokens/"
_ZHIPU = "https://docs.bigmodel.cn/cn/guide/develop/http/introduction"
_HELICONE = "https://docs.helicone.ai/helicone-headers/helicone-auth"

RULES: tuple[Rule, ...] = (
    shape("openai-key", "OpenAI API key", _OPENAI, "sk-<url 20-100>T3BlbkFJ<url 20+>"),
    shape(
        "openai-project-key",
        "OpenAI project, service account or admin key",
        _OPENAI,
        "sk-(proj|svcacct|admin|None|service)-<url 20+>",
    ),
    shape("openai-session", "OpenAI session", _OPENAI, "sess-<alnum 40>"),
    shape("anthropic-key", "Anthropic API, admin, session or OAuth key", _ANTHROPIC, "sk-ant-<url 20+>"),
    shape(
        "openrouter-key",
        "OpenRouter API key",
        "https://openrouter.ai/docs/api-reference/authentication",
        "sk-or-<url 20+>",
    ),
    shape("langfuse-key", "Langfuse secret key", _LANGFUSE, "(sk|pk)-lf-<uuid>"),
    shape("helicone-key", "Helicone API key", _HELICONE, "(sk|pk)-helicone-<slug 20+>"),
    shape("letta-key", "Letta API key", "https://docs.letta.com/", "sk-let-<b64any 40+>"),
    shape("zapier-ai-key", "Zapier AI Actions key", "https://docs.zapier.com/ai-actions/", "sk-ak-<url 20+>"),
    shape("requesty-key", "Requesty API key", "https://docs.requesty.ai/", "rqsty-sk-<b64any 30+>"),
    shape("you-key", "You.com API key", "https://documentation.you.com/", "ydc-sk-<url 16+>"),
    shape(
        "sk-key",
        "API key in the style of OpenAI: DeepSeek, Moonshot, DashScope, LiteLLM, Stability and many more",
        "https://api-docs.deepseek.com/",
        "sk-<alnum 32-64>",
        "sk-<url 20-64>",
        mixed=True,
        floor=3.2,
        allow=(r"sk-(?:ecdsa-sha2-nistp256|ssh-ed25519)-cert-v[0-9]+",),
        near=("sk-ecdsa-sha2-nistp256-cert-v01@openssh.com",),
    ),
    shape(
        "sk-underscore-key",
        "API key `sk_...`: ElevenLabs, Novita, Checkout.com, Clerk and more",
        "https://elevenlabs.io/docs/api-reference/authentication",
        "sk_<hex 32-128>",
        "sk_<alnum 32+>",
        "sk_<uuid>",
        mixed=True,
    ),
    shape(
        "sk-labelled-key",
        "API key `sk_<label>_...`: Photoroom, Cartesia, Stripe-like",
        "https://docs.photoroom.com/getting-started/how-to-get-an-api-key",
        "sk_<slug 1-12>_<alnum 20+>",
        "sk_<slug 1-12>_<slug 1-12>_<alnum 20+>",
        mixed=True,
    ),
    shape("groq-key", "Groq API key", "https://console.groq.com/docs/quickstart", "gsk_<alnum 40+>"),
    shape("xai-key", "xAI API key", "https://docs.x.ai/docs/overview", "xai-<alnum 60+>"),
    shape(
        "perplexity-key",
        "Perplexity API key",
        "https://docs.perplexity.ai/guides/api-key-management",
        "pplx-<alnum 40+>",
    ),
    shape(
        "fireworks-key",
        "Fireworks API key",
        "https://docs.fireworks.ai/tools-sdks/python-client/api-reference",
        "f(w|pk)_<alnum 20+>",
        mixed=True,
    ),
    shape(
        "together-key", "Together API key", "https://docs.together.ai/docs/api-keys-authentication", "tgp_v1_<url 30+>"
    ),
    shape(
        "replicate-key",
        "Replicate API token",
        "https://replicate.com/docs/reference/http#authentication",
        "r8_<alnum 37>",
    ),
    shape("huggingface-token", "Hugging Face user token", _HF, "hf_<alnum 30-50>"),
    shape("huggingface-org", "Hugging Face organization token", _HF, "api_org_<alnum 30-50>"),
    shape("huggingface-oauth", "Hugging Face OAuth token", _HF, "hf_(oauth|jwt|app)_<dotted 30+>", mixed=True),
    shape(
        "nvidia-key",
        "NVIDIA API key",
        "https://docs.nvidia.com/nim/large-language-models/latest/getting-started.html",
        "nvapi-<url 40+>",
    ),
    shape("cerebras-key", "Cerebras API key", "https://inference-docs.cerebras.ai/quickstart", "csk(-|_)<url 40-64>"),
    shape("jina-key", "Jina AI API key", "https://jina.ai/reader/", "jina_<url 40+>", mixed=True, floor=4.2),
    shape(
        "voyage-key",
        "Voyage AI API key",
        "https://docs.voyageai.com/docs/api-key-and-installation",
        "(pa|al)-<url 40-50>",
        mixed=True,
        tight=True,
    ),
    shape(
        "langsmith-key",
        "LangSmith API key",
        _LANGSMITH,
        "lsv2_(pt|sk|sk2)_<hex 32>_<hex 10>",
        "ls__<hex 32>",
        "lsv2_<word 20+>",
    ),
    shape("e2b-key", "E2B API key", "https://e2b.dev/docs/api-key", "(e2b|sk_e2b)_<hex 40+>"),
    shape("mem0-key", "Mem0 API key", "https://docs.mem0.ai/platform/quickstart", "m0-<alnum 36+>"),
    shape(
        "tavily-key",
        "Tavily API key",
        "https://docs.tavily.com/documentation/quickstart",
        "tvly-(dev-|prod-)?<url 24+>",
    ),
    shape("firecrawl-key", "Firecrawl API key", "https://docs.firecrawl.dev/api-reference/introduction", "fc-<hex 32>"),
    shape(
        "browserbase-key",
        "Browserbase API key",
        "https://docs.browserbase.com/reference/introduction",
        "bb_(live|test)_<url 20+>",
    ),
    shape(
        "apify-token",
        "Apify API token",
        "https://docs.apify.com/platform/integrations/api",
        "apify_(api|proxy|ui)_<alnum 30+>",
    ),
    shape(
        "pinecone-key",
        "Pinecone API key",
        "https://docs.pinecone.io/guides/projects/manage-api-keys",
        "pc(sk|cp)_<word 40+>",
    ),
    shape(
        "voiceflow-key",
        "Voiceflow API key",
        "https://docs.voiceflow.com/reference/authentication",
        "VF.(DM|WS|PA).<alnum 20+>.<alnum 10+>",
        "VF.<alnum 20+>.<alnum 10+>",
    ),
    shape(
        "wandb-key",
        "Weights & Biases API key",
        "https://docs.wandb.ai/guides/track/environment-variables",
        "wandb_v1_<word 40+>",
    ),
    shape(
        "lambda-key",
        "Lambda Cloud API key",
        "https://docs.lambda.ai/public-cloud/cloud-api/",
        "secret_<alnum 20-60>.<alnum 20+>",
    ),
    shape(
        "anyscale-key",
        "Anyscale credential",
        "https://docs.anyscale.com/",
        "(esecret_|aph0_|sss_)<url 20+>",
    ),
    shape("llamacloud-key", "LlamaCloud API key", "https://docs.cloud.llamaindex.ai/api_key", "llx-<alnum 40+>"),
    shape("openpipe-key", "OpenPipe API key", "https://docs.openpipe.ai/getting-started/quick-start", "opk_<hex 32+>"),
    shape(
        "humanloop-key", "Humanloop API key", "https://humanloop.com/docs/reference/api-keys", "hl_(sk|pk)_<hex 32+>"
    ),
    shape("promptlayer-key", "PromptLayer API key", "https://docs.promptlayer.com/quickstart", "pl_<hex 32>"),
    shape("logfire-token", "Logfire write or read token", _LOGFIRE, "pylf_v<digit 1>_<letter 2-12>_<url 40+>"),
    shape("gretel-key", "Gretel API key", "https://docs.gretel.ai/gretel-basics/getting-started", "grtu<hex 64>"),
    shape("dify-key", "Dify app or dataset key", _DIFY, "(app|dataset)-<alnum 24>", mixed=True, tight=True),
    shape("n8n-key", "n8n API key", "https://docs.n8n.io/api/authentication/", "n8n_api_<hex 40+>"),
    shape("supermemory-key", "Supermemory API key", "https://supermemory.ai/docs/", "sm_<alnum 20-24>_<url 40+>"),
    shape(
        "friendli-token",
        "FriendliAI token",
        "https://friendli.ai/docs/guides/personal_access_tokens",
        "flp_<alnum 30+>",
    ),
    shape("nomic-key", "Nomic Atlas API key", "https://docs.nomic.ai/atlas/", "nk-<url 43>", mixed=True, tight=True),
    shape(
        "mixedbread-key", "Mixedbread API key", "https://www.mixedbread.com/docs/", "(mxb|emb)_<alnum 24+>", mixed=True
    ),
    shape(
        "upstage-key",
        "Upstage API key",
        "https://console.upstage.ai/docs/getting-started",
        "up_<alnum 28-32>",
        mixed=True,
        tight=True,
    ),
    shape(
        "predibase-token", "Predibase token", "https://docs.predibase.com/", "pb_<url 20-24>", mixed=True, tight=True
    ),
    shape(
        "braintrust-token",
        "Braintrust service token",
        "https://www.braintrust.dev/docs/admin/authentication",
        "bt-st-<alnum 40+>",
    ),
    shape(
        "fastgpt-key",
        "FastGPT API key",
        "https://doc.fastgpt.io/docs/introduction/development/openapi/",
        "fastgpt-<alnum 40+>",
    ),
    shape(
        "chutes-key",
        "Chutes API key",
        "https://chutes.ai/docs/getting-started/authentication",
        "cpk_<alnum 20+>.<alnum 20+>.<alnum 20+>",
    ),
    shape("targon-key", "Targon API key", "https://docs.targon.com/", "sn4_<lower 24+>"),
    shape("glhf-key", "glhf.chat API key", "https://glhf.chat/users/settings/api", "glhf_<hex 32+>"),
    shape(
        "parasail-key",
        "Parasail API key",
        "https://docs.parasail.io/",
        "psk-<alnum 20+>",
        "psk-<alnum 10-16>-<alnum 16+>",
        mixed=True,
    ),
    shape("retell-key", "Retell AI API key", "https://docs.retellai.com/api-references/", "key_<hex 24-32>"),
    shape("runway-key", "Runway API key", "https://docs.dev.runwayml.com/", "key_<hex 128>"),
    shape("fal-key", "fal.ai API key", "https://docs.fal.ai/authentication/key-based/", "<uuid>:<hex 32>"),
    shape("zhipu-key", "Zhipu AI (GLM) API key", _ZHIPU, "<hex 32>.<alnum 16>", mixed=True, tight=True),
    shape("luma-key", "Luma AI API key", "https://docs.lumalabs.ai/docs/api", "luma-<slug 30+>", mixed=True),
    shape(
        "traceloop-key",
        "Traceloop API key",
        "https://www.traceloop.com/docs/quick-start-python",
        "tl_<hex 32>_<hex 32>",
        "tl_<hex 64>",
        "tl_<hex 32>",
    ),
    shape("heygen-key", "HeyGen API key", "https://docs.heygen.com/docs/using-heygen-api", "sk_V2_(hgu_)?<word 30+>"),
    shape(
        "zep-key",
        "Zep API key",
        "https://help.getzep.com/",
        "z_1dWlkIjoi<b64any 20+>.<b64any 30+>",
        "z_1dWlkIjoi<b64any 30+>",
    ),
    shape(
        "arize-key",
        "Arize service key",
        "https://arize.com/docs/ax/",
        "ak-<uuid>-<alnum 20+>",
    ),
    shape(
        "factory-key",
        "Factory API key",
        "https://docs.factory.ai/cli/",
        "fk-<url 36+>",
        mixed=True,
        tight=True,
        floor=4.2,
        near=("fk-users-organization-id-references-accounts-id",),
    ),
    shape(
        "browser-use-key",
        "Browser Use API key",
        "https://docs.browser-use.com/",
        "bu_<url 40+>",
        mixed=True,
        tight=True,
        floor=4.2,
        near=("bu_monthly_revenue_by_region_and_product_line",),
    ),
    shape("steel-key", "Steel API key", "https://docs.steel.dev/", "ste-<alnum 50+>", mixed=True),
    shape(
        "hyperbrowser-key",
        "Hyperbrowser API key",
        "https://docs.hyperbrowser.ai/",
        "hb_<hex 28-40>",
        mixed=True,
        tight=True,
    ),
    shape(
        "arcade-key",
        "Arcade API key",
        "https://docs.arcade.dev/",
        "arc_(proj_)?<alnum 40+>",
        mixed=True,
        tight=True,
    ),
    shape("inference-net-key", "Inference.net API key", "https://docs.inference.net/", "inference-<hex 32>"),
    shape("warp-key", "Warp API key", "https://docs.warp.dev/", "wk-<digit 1>.<hex 40+>"),
    shape(
        "coderabbit-key", "CodeRabbit API key", "https://docs.coderabbit.ai/", "cr-<hex 40+>", mixed=True, tight=True
    ),
    shape(
        "turbopuffer-key", "turbopuffer API key", "https://turbopuffer.com/docs/auth", "tpuf_<alnum 24+>", mixed=True
    ),
    shape(
        "chroma-key",
        "Chroma Cloud API key",
        "https://docs.trychroma.com/",
        "ck-<alnum 40-60>",
        mixed=True,
        tight=True,
        floor=4.2,
        near=("ck-<hex 40>",),
    ),
    shape("ragie-key", "Ragie API key", "https://docs.ragie.ai/", "tnt_<url 40+>", mixed=True, tight=True, floor=4.2),
    shape(
        "blaxel-key", "Blaxel API key", "https://docs.blaxel.ai/", "bl_aa<lower 28+>", mixed=True, tight=True, floor=3.8
    ),
    shape("v0-key", "v0 API key", "https://v0.app/docs/api", "v1:(team_)?<alnum 24>:<alnum 24+>", mixed=True),
    shape("featherless-key", "Featherless API key", "https://featherless.ai/docs/", "rc_<hex 64>"),
    shape(
        "composio-key",
        "Composio project, organization or user key",
        "https://docs.composio.dev/",
        "uak_<url 43+>",
        "(ak|oak|uak)_<url 20>",
        mixed=True,
        tight=True,
        near=("ak_<letter 8>_<letter 8>_name",),
    ),
    shape(
        "baseten-key",
        "Baseten API key",
        "https://docs.baseten.co/organization/api-keys",
        "b10_<alnum 8>.<alnum 32>",
        near=("b10_<alnum 8>",),
    ),
    shape(
        "roboflow-key",
        "Roboflow publishable or workflow key",
        "https://docs.roboflow.com/api-reference/authentication",
        "rf_<alnum 20+>",
        mixed=True,
    ),
    shape(
        "nebius-key",
        "Nebius AI Studio key",
        "https://docs.nebius.com/studio/api/authentication",
        "v1.Cm<b64any 80+>.<b64any 40+>",
        "v1.CmM<b64any 120+>",
    ),
    shape(
        "inngest-key",
        "Inngest signing or event key",
        "https://www.inngest.com/docs/events/creating-an-event-key",
        "signkey-(prod|test|branch)-<hex 20+>",
    ),
)
