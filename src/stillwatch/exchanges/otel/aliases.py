"""Every attribute name that a canonical field has had, current GenAI conventions first.

Sources: semantic-conventions-genai 0.1.0 and the conventions before it (`gen_ai.*`, `user.*`, `client.*`,
`http.*`); OpenLLMetry (`llm.*`, `traceloop.*`); OpenInference (`llm.*`, `session.id`, `metadata`); the spans
of the Claude API and SDK (`anthropic.*`); LiteLLM's callback (`metadata.*`); Langfuse (`langfuse.*`). The
first name that a call carries wins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple

Kind = Literal["text", "integer", "number", "flag"]


class Alias(NamedTuple):
    """The names of one canonical field and the type of its value."""

    kind: Kind
    names: tuple[str, ...]


# Who pays. `cloud.account.id` is not here: it is the account of whoever emits the telemetry. Neither is a
# key: keys of one account are one customer. A field of its own comes first, then a user of the operator.
ACCOUNT = (
    "account.id",
    "account_id",
    "customer.id",
    "customer_id",
    "anthropic.user_profile.id",
    "metadata.user_api_key_user_id",
    "user.id",
    "user_id",
    "enduser.id",
    "langfuse.user.id",
    "traceloop.association.properties.user_id",
)

# Who asks on behalf of the account. The attribute that gave the account gives no end user.
END_USER = (
    "gen_ai.request.user",
    "openai.request.user",
    "llm.user",
    "metadata.user_api_key_end_user_id",
    "enduser.id",
    "enduser.pseudo.id",
    "user.id",
    "user_id",
    "langfuse.user.id",
    "traceloop.association.properties.user_id",
)

ALIASES: dict[str, Alias] = {
    "org_id": Alias(
        "text", ("organization.id", "org.id", "anthropic.organization.id", "metadata.user_api_key_org_id")
    ),
    "project_id": Alias(
        "text",
        (
            "project.id",
            "anthropic.organization.workspace.id",
            "openai.project.id",
            "metadata.user_api_key_team_id",
        ),
    ),
    "key_id": Alias(
        "text", ("anthropic.organization.api_key.id", "api_key.id", "metadata.user_api_key_hash")
    ),
    "session_id": Alias(
        "text",
        (
            "gen_ai.conversation.id",
            "session.id",
            "anthropic.session.id",
            "langfuse.session.id",
            "traceloop.association.properties.session_id",
        ),
    ),
    "model": Alias(
        "text",
        (
            "gen_ai.request.model",
            "llm.request.model",
            "embedding.model_name",
            "llm.model_name",
            "metadata.model_group",
            "langfuse.observation.model.name",
        ),
    ),
    "model_served": Alias("text", ("gen_ai.response.model", "llm.response.model")),
    "response_id": Alias("text", ("gen_ai.response.id", "llm.response.id", "anthropic.message.id")),
    "previous_response_id": Alias(
        "text", ("gen_ai.request.previous_response_id", "openai.request.previous_response_id")
    ),
    "temperature": Alias(
        "number", ("gen_ai.request.temperature", "llm.request.temperature", "llm.temperature")
    ),
    "top_p": Alias("number", ("gen_ai.request.top_p", "llm.request.top_p", "llm.top_p")),
    "max_tokens": Alias(
        "integer",
        (
            "gen_ai.request.max_tokens",
            "gen_ai.request.max_completion_tokens",
            "llm.request.max_tokens",
            "llm.max_tokens",
        ),
    ),
    "n": Alias("integer", ("gen_ai.request.choice.count", "gen_ai.request.candidate_count", "llm.request.n")),
    "seed": Alias("integer", ("gen_ai.request.seed", "gen_ai.openai.request.seed", "llm.request.seed")),
    "stream": Alias(
        "flag",
        ("gen_ai.request.stream", "gen_ai.is_streaming", "llm.is_streaming", "llm.request.streaming"),
    ),
    "logprobs": Alias("flag", ("gen_ai.request.logprobs", "openai.request.logprobs")),
    "reasoning_effort": Alias(
        "text",
        (
            "gen_ai.request.reasoning.level",
            "gen_ai.request.reasoning_effort",
            "openai.request.reasoning_effort",
            "llm.request.reasoning_effort",
        ),
    ),
    "refusal_category": Alias(
        "text", ("anthropic.stop_details.category", "anthropic.response.stop_details.category")
    ),
    "status": Alias("integer", ("http.response.status_code", "http.status_code")),
    "input_tokens": Alias(
        "integer",
        (
            "gen_ai.usage.input_tokens",
            "gen_ai.usage.prompt_tokens",
            "llm.usage.prompt_tokens",
            "llm.token_count.prompt",
        ),
    ),
    "output_tokens": Alias(
        "integer",
        (
            "gen_ai.usage.output_tokens",
            "gen_ai.usage.completion_tokens",
            "llm.usage.completion_tokens",
            "llm.token_count.completion",
        ),
    ),
    "reasoning_tokens": Alias(
        "integer",
        (
            "gen_ai.usage.reasoning.output_tokens",
            "gen_ai.usage.reasoning_tokens",
            "gen_ai.usage.details.reasoning_tokens",
            "llm.usage.reasoning_tokens",
            "llm.token_count.completion_details.reasoning",
        ),
    ),
    "cache_read_tokens": Alias(
        "integer",
        (
            "gen_ai.usage.cache_read.input_tokens",
            "gen_ai.usage.cache_read_input_tokens",
            "llm.usage.cache_read_input_tokens",
            "llm.token_count.prompt_details.cache_read",
        ),
    ),
    "ip": Alias(
        "text",
        (
            "client.address",
            "http.client_ip",
            "metadata.requester_ip_address",
        ),
    ),
    "user_agent": Alias("text", ("user_agent.original", "http.user_agent", "metadata.user_agent")),
    "ja4": Alias("text", ("tls.client.ja4", "ja4")),
    "device_id": Alias("text", ("device.id", "app.installation.id")),
}

# The caller's address only on a span of kind server: the peer of a client span is the model provider.
PEER_ADDRESS = ("network.peer.address", "net.sock.peer.addr")

TTFT_SECONDS = ("gen_ai.response.time_to_first_chunk", "gen_ai.server.time_to_first_token")
RESPONSE_FORMAT = (
    "gen_ai.output.type",
    "gen_ai.openai.request.response_format",
    "gen_ai.request.response_format",
)
FINISH_REASONS = (
    "gen_ai.response.finish_reasons",
    "gen_ai.response.finish_reason",
    "llm.response.finish_reason",
)
ERROR_TYPE = ("error.type", "exception.type")
OPERATION = ("gen_ai.operation.name", "llm.request.type")
PROVIDER = ("gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system")
SPAN_KIND = ("openinference.span.kind", "traceloop.span.kind", "langfuse.observation.type")

SYSTEM = ("gen_ai.system_instructions", "gen_ai.request.instructions", "gen_ai.system.instructions")
INPUT = (
    "gen_ai.input.messages",
    "gen_ai.prompt",
    "llm.prompts",
    "langfuse.observation.input",
    "ai.prompt.messages",
    "input.value",
)
OUTPUT = (
    "gen_ai.output.messages",
    "gen_ai.completion",
    "llm.completions",
    "langfuse.observation.output",
    "ai.response.text",
    "output.value",
)
INDEXED_INPUT = ("gen_ai.prompt", "llm.input_messages", "llm.prompts")
INDEXED_OUTPUT = ("gen_ai.completion", "llm.output_messages", "llm.completions")
TOOLS = ("gen_ai.tool.definitions", "gen_ai.request.tools")
INDEXED_TOOLS = ("llm.tools", "llm.request.functions", "gen_ai.request.tools")

PLATFORMS = {
    "aws.bedrock": "bedrock",
    "aws_bedrock": "bedrock",
    "bedrock": "bedrock",
    "gcp.vertex_ai": "vertex",
    "vertex_ai": "vertex",
    "vertexai": "vertex",
    "azure.ai.openai": "azure",
    "azure.ai.inference": "azure",
    "az.ai.openai": "azure",
    "az.ai.inference": "azure",
    "azure": "azure",
    **dict.fromkeys(
        [
            "openai",
            "anthropic",
            "gcp.gemini",
            "gemini",
            "google",
            "mistral_ai",
            "mistralai",
            "cohere",
            "deepseek",
            "groq",
            "perplexity",
            "x_ai",
            "xai",
        ],
        "direct",
    ),
}
APIS = {
    "chat": "chat",
    "generate_content": "chat",
    "text_completion": "completions",
    "completion": "completions",
    "embeddings": "embeddings",
    "embedding": "embeddings",
    "messages": "messages",
    "responses": "responses",
    # What LiteLLM calls them.
    "acompletion": "chat",
    "atext_completion": "completions",
    "aembedding": "embeddings",
    "aresponses": "responses",
    "anthropic_messages": "messages",
}


def first(attributes: Mapping[str, Any], names: Iterable[str]) -> tuple[str | None, Any]:
    """The first of the names that is an attribute, and its value."""
    for name in names:
        value = attributes.get(name)
        if value is not None and value != "":
            return name, value
    return None, None


def text(attributes: Mapping[str, Any], names: Iterable[str]) -> str | None:
    """The value of the first of the names that is an attribute, as text."""
    _, value = first(attributes, names)
    return value if isinstance(value, str) else None if value is None else str(value)
