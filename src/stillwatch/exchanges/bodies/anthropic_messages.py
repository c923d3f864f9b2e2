"""Anthropic Messages bodies, as the vendor's API, Amazon Bedrock and Vertex AI carry them.

Keys as in `anthropic` 2.12.0 (`/v1/messages`, and the beta's `thread` and `user_profile_id`). Tool results
inside a user turn become messages of the role `tool`, as on the other APIs.
"""

from __future__ import annotations

from typing import Any

from stillwatch.exchanges.bodies import fields
from stillwatch.exchanges.bodies.caller import caller
from stillwatch.exchanges.bodies.content import (
    Message,
    answer_text,
    arguments_text,
    canonical_role,
    content_text,
    pieces,
    run_together,
    split_turn,
    system_text,
    tool_name,
)
from stillwatch.exchanges.bodies.errors import error_fields
from stillwatch.exchanges.bodies.fields import Body, an_object, digest, present
from stillwatch.exchanges.bodies.finish import finish_reason
from stillwatch.exchanges.bodies.openai_chat import response_format, sampling, tool_names, tools_hash
from stillwatch.exchanges.reader import Record

_SEALED = {"thinking": "signature", "redacted_thinking": "data"}
_CALLS = {"tool_use", "server_tool_use", "mcp_tool_use"}


def anthropic_request(body: Body) -> Record:
    """The canonical fields of a Messages request. Raises `BodyError` on a value of the wrong type."""
    messages = fields.items(body, "messages")
    system, conversation = anthropic_messages(messages or [])
    first_system = content_text(body.get("system"), "system")
    output = fields.object_at(body, "output_config")
    return present(
        model=fields.text(body, "model"),
        system=system_text(first_system, system),
        messages=conversation if messages is not None else None,
        reasoning_ref=_presented(messages or []),
        previous_response_id=fields.text(fields.object_at(body, "thread"), "previous_message_id", "thread"),
        tools=tool_names(body),
        tools_hash=tools_hash(body),
        response_format=response_format(
            output.get("format", body.get("output_format")), "output_config.format"
        ),
        reasoning_effort=_effort(body, output),
        **sampling(body),
        **caller(body),
    )


def anthropic_messages(messages: list[Any]) -> tuple[str | None, list[Message]]:
    """System text (of system turns inside the list) and conversation of a Messages `messages` list.

    Raises `BodyError` on a message that is not an object with a role.
    """
    system: list[str] = []
    conversation: list[Message] = []
    for position, value in enumerate(messages):
        where = f"messages[{position}]"
        turn = an_object(value, where)
        role = canonical_role(turn.get("role"), f"{where}.role")
        parts = pieces(turn.get("content"), f"{where}.content")
        if role == "system":
            system.append(answer_text(parts) or "")
        else:
            conversation += split_turn(role, parts)
    return system_text(*system), conversation


def _effort(body: Body, output: Body) -> str | None:
    """Effort as sent, else the thinking budget, else the thinking mode (`adaptive`, `disabled`, …)."""
    thinking = fields.object_at(body, "thinking")
    return fields.first(
        fields.text(output, "effort", "output_config"),
        fields.identifier(thinking, "budget_tokens", "thinking"),
        fields.text(thinking, "type", "thinking"),
    )


def _presented(messages: list[Any]) -> list[str] | None:
    """SHA-256 of each opaque reasoning block that the caller hands back, in order."""
    contents = (turn.get("content") for turn in messages if isinstance(turn, dict))
    return [ref for content in contents if isinstance(content, list) for ref in _sealed(content)] or None


def _sealed(blocks: list[Any]) -> list[str]:
    """SHA-256 of the signature of each thinking block, and of the data of each redacted one."""
    found = []
    for block in blocks:
        kind = block.get("type") if isinstance(block, dict) else None
        sealed = block.get(_SEALED[kind]) if isinstance(kind, str) and kind in _SEALED else None
        if isinstance(sealed, str) and sealed:
            found.append(digest(sealed))
    return found


def anthropic_response(body: Body) -> Record:
    """The canonical fields of a Message. Raises `BodyError` on a value of the wrong type."""
    blocks = fields.items(body, "content") or []
    details = fields.object_at(body, "stop_details")
    return present(
        response_id=fields.text(body, "id"),
        model_served=fields.text(body, "model"),
        output=answer_text(run_together(pieces(blocks, "content"))),
        reasoning=_thought(blocks),
        reasoning_issued=_sealed(blocks) or None,
        tool_calls=_tool_calls(blocks),
        refusal_category=fields.text(details, "category", "stop_details"),
        **anthropic_usage(fields.object_at(body, "usage")),
        **({"finish_reason": finish_reason(body.get("stop_reason"))} | error_fields(body)),
    )


def _thought(blocks: list[Any]) -> str | None:
    thoughts = []
    for position, block in enumerate(blocks):
        if isinstance(block, dict) and block.get("type") == "thinking":
            thoughts.append(fields.text(block, "thinking", f"content[{position}]"))
    return system_text(*thoughts)


def _tool_calls(blocks: list[Any]) -> list[dict[str, str]] | None:
    calls = []
    for position, block in enumerate(blocks):
        kind = block.get("type") if isinstance(block, dict) else None
        if isinstance(kind, str) and kind in _CALLS:
            where = f"content[{position}]"
            arguments = arguments_text(block.get("input"), where)
            calls.append({"name": tool_name(block.get("name"), where), "arguments": arguments})
    return calls or None


def anthropic_usage(usage: Body, where: str = "usage") -> Record:
    """Token counts of a Message.

    The vendor counts cached input apart; the canonical `input_tokens` is all of it, as on other APIs: the
    sum of `input_tokens`, `cache_read_input_tokens` and `cache_creation_input_tokens`.
    """
    read = fields.integer(usage, "cache_read_input_tokens", where)
    written = fields.integer(usage, "cache_creation_input_tokens", where)
    fresh = fields.integer(usage, "input_tokens", where)
    details = fields.object_at(usage, "output_tokens_details", where)
    return present(
        input_tokens=None if fresh is None else fields.total(fresh, read, written),
        output_tokens=fields.integer(usage, "output_tokens", where),
        reasoning_tokens=fields.integer(details, "thinking_tokens", f"{where}.output_tokens_details"),
        cache_read_tokens=read,
    )
