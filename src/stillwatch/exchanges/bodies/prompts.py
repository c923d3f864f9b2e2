"""Prompt-shaped bodies of models hosted on Amazon Bedrock: Titan, Llama, Mistral, Cohere, AI21, Claude 2.

One prompt in, one text out, each vendor with its own spelling. Keys from the vendors' `InvokeModel` pages.
"""

from __future__ import annotations

from typing import Any

from stillwatch.exchanges.bodies import fields
from stillwatch.exchanges.bodies.content import Message, canonical_role, message
from stillwatch.exchanges.bodies.errors import error_fields
from stillwatch.exchanges.bodies.fields import Body, an_object, present
from stillwatch.exchanges.bodies.finish import finish_reason
from stillwatch.exchanges.reader import Record

PROMPT_KEYS = ("prompt", "inputText", "message")
_ANSWERS = ("outputs", "results", "generations", "completions")
_TEXTS = ("generation", "outputText", "completion", "text")
_ENDS = ("stop_reason", "completionReason", "finish_reason", "finishReason")


def prompt_request(body: Body) -> Record:
    """The canonical fields of a prompt. Raises `BodyError` on a value of the wrong type."""
    config = fields.object_at(body, "textGenerationConfig")
    prompt = fields.first(*(fields.text(body, key) for key in PROMPT_KEYS))
    return present(
        system=fields.text(body, "preamble"),
        messages=[*_history(body), message("user", prompt)] if prompt is not None else None,
        temperature=fields.first(
            fields.number(body, "temperature"), fields.number(config, "temperature", "textGenerationConfig")
        ),
        top_p=fields.first(
            *(fields.number(body, key) for key in ("top_p", "p", "topP")),
            fields.number(config, "topP", "textGenerationConfig"),
        ),
        max_tokens=fields.first(
            *(fields.integer(body, key) for key in ("max_gen_len", "max_tokens", "max_tokens_to_sample")),
            fields.integer(body, "maxTokens"),
            fields.integer(config, "maxTokenCount", "textGenerationConfig"),
        ),
        seed=fields.integer(body, "seed"),
        stream=fields.flag(body, "stream"),
    )


def _history(body: Body) -> list[Message]:
    """Cohere's earlier turns."""
    turns: list[Message] = []
    for position, value in enumerate(fields.items(body, "chat_history") or []):
        where = f"chat_history[{position}]"
        turn = an_object(value, where)
        role = fields.text(turn, "role", where) or "user"
        said = fields.text(turn, "message", where) or ""
        turns.append(message("assistant" if role.lower() == "chatbot" else canonical_role(role, where), said))
    return turns


def prompt_response(body: Body) -> Record:
    """The canonical fields of a text answer. Raises `BodyError` on a value of the wrong type."""
    answers: list[Any] = next((body[key] for key in _ANSWERS if isinstance(body.get(key), list)), [])
    answer = an_object(answers[0], "results[0]") if answers else body
    if isinstance(answer.get("data"), dict):  # AI21 wraps the text once more
        answer = {**answer["data"], **answer}
    ended = fields.first(*(answer.get(key) for key in _ENDS))
    reason = ended.get("reason") if isinstance(ended, dict) else ended
    return present(
        output=fields.first(*(fields.text(answer, key) for key in _TEXTS)),
        input_tokens=fields.first(
            fields.integer(body, "prompt_token_count"), fields.integer(body, "inputTextTokenCount")
        ),
        output_tokens=fields.first(
            fields.integer(body, "generation_token_count"), fields.integer(answer, "tokenCount")
        ),
        **({"finish_reason": finish_reason(reason)} | error_fields(body)),
    )
