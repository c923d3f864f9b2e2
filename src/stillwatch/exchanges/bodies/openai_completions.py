"""OpenAI's prompt-shaped APIs: legacy completions (`/v1/completions`) and embeddings (`/v1/embeddings`).

A prompt is one user message; a batch of prompts or texts in one request is one message each.
"""

from __future__ import annotations

from typing import Any

from stillwatch.exchanges.bodies import fields
from stillwatch.exchanges.bodies.caller import caller
from stillwatch.exchanges.bodies.content import Message, mark, message
from stillwatch.exchanges.bodies.errors import error_fields
from stillwatch.exchanges.bodies.fields import Body, an_object, present
from stillwatch.exchanges.bodies.finish import finish_reason
from stillwatch.exchanges.bodies.openai_chat import chat_usage, sampling
from stillwatch.exchanges.reader import Record


def completions_request(body: Body) -> Record:
    """The canonical fields of a completion request. Raises `BodyError` on a value of the wrong type."""
    wanted = fields.integer(body, "logprobs")
    return present(
        model=fields.text(body, "model"),
        messages=_prompts(body.get("prompt"), "prompt"),
        logprobs=None if wanted is None else wanted > 0,
        **sampling(body),
        **caller(body),
    )


def completions_response(body: Body) -> Record:
    """The canonical fields of a completion. Raises `BodyError` on a value of the wrong type."""
    choices = fields.items(body, "choices") or []
    choice = an_object(choices[0], "choices[0]") if choices else {}
    return present(
        response_id=fields.text(body, "id"),
        model_served=fields.text(body, "model"),
        output=fields.text(choice, "text", "choices[0]"),
        **chat_usage(fields.object_at(body, "usage")),
        **({"finish_reason": finish_reason(choice.get("finish_reason"))} | error_fields(body)),
    )


def embeddings_request(body: Body) -> Record:
    """The canonical fields of an embedding request. Raises `BodyError` on a value of the wrong type."""
    return present(
        model=fields.text(body, "model"), messages=_prompts(body.get("input"), "input"), **caller(body)
    )


def embeddings_response(body: Body) -> Record:
    """The canonical fields of an embedding response: its vectors are no text and are left out."""
    return present(
        model_served=fields.text(body, "model"),
        **chat_usage(fields.object_at(body, "usage")),
        **error_fields(body),
    )


def _prompts(prompt: Any, where: str) -> list[Message] | None:
    if prompt is None:
        return None
    prompts = prompt if isinstance(prompt, list) else [prompt]
    if prompts and isinstance(prompts[0], int):  # one prompt as token numbers: opaque, but comparable
        return [message("user", mark("tokens", prompts, where=where))]
    return [
        message("user", said if isinstance(said, str) else mark("tokens", said, where=where))
        for said in prompts
    ]
