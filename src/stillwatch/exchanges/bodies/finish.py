"""Why an answer ended: every vendor's words for it, in the six of the canonical exchange."""

from __future__ import annotations

_WORDS = {
    "stop": "stop end_turn stop_sequence eos eos_token complete completed finish finished pause_turn",
    "length": "length max_tokens max_output_tokens model_length model_context_window_exceeded token_limit",
    "tool_calls": "tool_calls tool_use function_call tool_call",
    "refusal": "refusal refused",
    "content_filter": (
        "content_filter content_filtered guardrail_intervened safety recitation language blocklist "
        "prohibited_content spii image_safety error_toxic jailbreak model_armor"
    ),
    "error": (
        "error failed malformed_function_call unexpected_tool_call malformed_model_output malformed_tool_use "
        "too_many_tool_calls other"
    ),
}
_MEANING = {word: meaning for meaning, words in _WORDS.items() for word in words.split()}


def finish_reason(value: object) -> str | None:
    """`stop`, `length`, `tool_calls`, `refusal`, `content_filter`, `error`; None for a word not known.

    Sources: OpenAI `finish_reason` and `incomplete_details.reason`, Anthropic `stop_reason`, Gemini
    `FinishReason`, Bedrock Converse `stopReason`, Cohere and Titan on Bedrock. `pause_turn` (a server-side
    tool loop that paused) counts as `stop`: the answer is whole as far as the caller has it.
    """
    return _MEANING.get(value.lower()) if isinstance(value, str) else None
