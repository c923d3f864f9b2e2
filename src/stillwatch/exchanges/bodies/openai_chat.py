"""OpenAI Chat Completions bodies, and those of the many servers that speak the same dialect.

Keys as in `openai` 3.54.0 (`/v1/chat/completions`), with the reasoning keys of common compatible servers:
`reasoning_content` (DeepSeek, vLLM), `reasoning` and `reasoning_details` (OpenRouter), `thinking_blocks`
(LiteLLM). The first choice is the answer.
"""

from __future__ import annotations

from typing import Any

from stillwatch.exchanges.bodies import fields
from stillwatch.exchanges.bodies.caller import caller
from stillwatch.exchanges.bodies.content import (
    Message,
    arguments_text,
    canonical_role,
    content_text,
    message,
    system_text,
    tool_call_line,
    tool_name,
    visible_text,
)
from stillwatch.exchanges.bodies.errors import error_fields
from stillwatch.exchanges.bodies.fields import Body, an_object, digest, present, schema_hash
from stillwatch.exchanges.bodies.finish import finish_reason
from stillwatch.exchanges.reader import Record


def openai_request(body: Body) -> Record:
    """The canonical fields of a chat completion request. Raises `BodyError` on a value of the wrong type."""
    messages = fields.items(body, "messages")
    system, conversation = openai_messages(messages or [])
    return present(
        model=fields.text(body, "model"),
        system=system,
        messages=conversation if messages is not None else None,
        reasoning_ref=_opaque_blocks(messages or []),
        tools=tool_names(body),
        tools_hash=tools_hash(body),
        response_format=response_format(body.get("response_format"), "response_format"),
        reasoning_effort=_effort(body),
        logprobs=_logprobs(body),
        **sampling(body),
        **caller(body),
    )


def sampling(body: Body, where: str = "") -> Record:
    """Temperature, nucleus, lengths, seed and streaming: spelled alike by most APIs."""
    longest = (fields.integer(body, key, where) for key in _LENGTHS)
    return present(
        temperature=fields.number(body, "temperature", where),
        top_p=fields.number(body, "top_p", where),
        max_tokens=fields.first(*longest),
        n=fields.integer(body, "n", where),
        seed=fields.integer(body, "seed", where),
        stream=fields.flag(body, "stream", where),
    )


_LENGTHS = ("max_completion_tokens", "max_output_tokens", "max_tokens", "max_tokens_to_sample")


def openai_messages(messages: list[Any]) -> tuple[str | None, list[Message]]:
    """System text and conversation of a chat `messages` list.

    Returns the system and developer texts joined by newlines (None if there are none), and the other
    messages in order with roles `user`, `assistant`, `tool`; tool calls of an assistant turn are lines of
    its content. Raises `BodyError` on a message that is not an object with a role.
    """
    system: list[str] = []
    conversation: list[Message] = []
    for position, value in enumerate(messages):
        where = f"messages[{position}]"
        turn = an_object(value, where)
        role = canonical_role(turn.get("role"), f"{where}.role")
        content = content_text(turn.get("content"), f"{where}.content")
        if role == "system":
            system.append(content)
        else:
            calls = [tool_call_line(name, said, where) for name, said in _calls(turn, where)]
            conversation.append(message(role, "\n".join(filter(None, [content, *calls]))))
    return system_text(*system), conversation


def _calls(turn: Body, where: str) -> list[tuple[Any, Any]]:
    """Name and arguments of each tool call of an assistant message, in order."""
    found = []
    for position, value in enumerate(fields.items(turn, "tool_calls", where) or []):
        at = f"{where}.tool_calls[{position}]"
        call = an_object(value, at)
        function = fields.object_at(call, "custom" if "custom" in call else "function", at)
        found.append((function.get("name"), function.get("arguments", function.get("input"))))
    legacy = fields.object_at(turn, "function_call", where)
    if legacy:
        found.append((legacy.get("name"), legacy.get("arguments")))
    return found


def tool_names(body: Body) -> list[str] | None:
    """Names of the tools offered, in order; a built-in tool without a name goes by its type."""
    offered = fields.items(body, "tools")
    if offered is None:
        offered = fields.items(body, "functions")  # the spelling before `tools`
    if offered is None:
        return None
    names = []
    for position, value in enumerate(offered):
        where = f"tools[{position}]"
        tool = an_object(value, where)
        inner = first_object(tool, "function", "custom")
        name = fields.first(fields.text(inner, "name", where), fields.text(tool, "name", where))
        names.append(name or fields.text(tool, "type", where) or "unnamed")
    return names


def first_object(body: Body, *keys: str) -> Body:
    """The first of `keys` that holds an object; an empty one if none does."""
    return next((body[key] for key in keys if isinstance(body.get(key), dict)), {})


def tools_hash(body: Body) -> str | None:
    """SHA-256 of the canonical JSON of the tool definitions as sent; None where no tool was offered."""
    offered = body.get("tools") or body.get("functions")
    return schema_hash(offered, "tools") if offered else None


def response_format(wanted: Any, where: str) -> str | None:
    """`text`, `json_object`, or the SHA-256 of the JSON schema asked for."""
    if wanted is None:
        return None
    form = an_object(wanted, where)
    kind = fields.text(form, "type", where)
    wrapped = fields.object_at(form, "json_schema", where) or form
    schema = wrapped.get("schema")
    if schema is not None:
        return schema_hash(schema, f"{where}.schema")
    return schema_hash(wrapped, where) if kind == "json_schema" else kind


def _effort(body: Body) -> str | None:
    nested = first_object(body, "reasoning")
    return fields.first(
        fields.identifier(body, "reasoning_effort"),
        fields.identifier(nested, "effort", "reasoning"),
        fields.identifier(nested, "max_tokens", "reasoning"),
        fields.identifier(first_object(body, "thinking"), "budget_tokens", "thinking"),
    )


def _logprobs(body: Body) -> bool | None:
    wanted = body.get("logprobs")
    if isinstance(wanted, int) and not isinstance(wanted, bool):  # compatible servers take a count
        return wanted > 0
    return fields.flag(body, "logprobs")


def _opaque_blocks(messages: list[Any]) -> list[str] | None:
    """SHA-256 of each opaque reasoning block in the assistant messages of a conversation."""
    return [ref for turn in messages if isinstance(turn, dict) for ref in _opaque(turn)] or None


def _opaque(turn: Body) -> list[str]:
    found = []
    for key in ("thinking_blocks", "reasoning_details"):
        blocks = turn.get(key)
        for block in blocks if isinstance(blocks, list) else []:
            if isinstance(block, dict):
                sealed = block.get("signature") or block.get("data")
                if isinstance(sealed, str) and sealed:
                    found.append(digest(sealed))
    return found


def openai_response(body: Body) -> Record:
    """The canonical fields of a chat completion. Raises `BodyError` on a value of the wrong type."""
    choices = fields.items(body, "choices") or []
    choice = an_object(choices[0], "choices[0]") if choices else {}
    where = "choices[0].message"
    answer = fields.object_at(choice, "message", "choices[0]")
    refusal = fields.text(answer, "refusal", where)
    spoken = fields.text(fields.object_at(answer, "audio", where), "transcript", f"{where}.audio")
    calls = [
        {"name": tool_name(name, where), "arguments": arguments_text(said, where)}
        for name, said in _calls(answer, where)
    ]
    return present(
        response_id=fields.text(body, "id"),
        model_served=fields.text(body, "model"),
        output=fields.first(visible_text(answer.get("content"), f"{where}.content"), refusal, spoken),
        reasoning=_reasoning(answer, where),
        reasoning_issued=_opaque(answer) or None,
        tool_calls=calls or None,
        **chat_usage(fields.object_at(body, "usage")),
        **({"finish_reason": _finish(choice, refusal)} | error_fields(body)),
    )


def _finish(choice: Body, refusal: str | None) -> str | None:
    ended = finish_reason(fields.first(choice.get("finish_reason"), choice.get("stop_reason")))
    return "refusal" if refusal and ended == "stop" else ended


def _reasoning(answer: Body, where: str) -> str | None:
    plain = answer.get("reasoning")
    return fields.first(
        fields.text(answer, "reasoning_content", where), plain if isinstance(plain, str) and plain else None
    )


def chat_usage(usage: Body, where: str = "usage") -> Record:
    """Token counts of a chat completion; input counts include what was read from the cache."""
    sent = fields.object_at(usage, "prompt_tokens_details", where)
    answered = fields.object_at(usage, "completion_tokens_details", where)
    return present(
        input_tokens=fields.integer(usage, "prompt_tokens", where),
        output_tokens=fields.integer(usage, "completion_tokens", where),
        reasoning_tokens=fields.integer(answered, "reasoning_tokens", f"{where}.completion_tokens_details"),
        cache_read_tokens=fields.first(
            fields.integer(sent, "cached_tokens", f"{where}.prompt_tokens_details"),
            fields.integer(usage, "prompt_cache_hit_tokens", where),  # DeepSeek's spelling
        ),
    )
