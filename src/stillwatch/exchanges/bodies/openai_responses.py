"""OpenAI Responses bodies.

Keys as in `openai` 3.54.0 (`/v1/responses`). The service may keep the history: then a request holds only the
new items, and `previous_response_id` or `conversation` (as `session_id`) says where they belong. Items that
follow each other on the assistant's side are one assistant message, as on the other APIs.
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
    nested_text,
    system_text,
    tool_call_line,
    tool_name,
    visible_text,
)
from stillwatch.exchanges.bodies.errors import error_fields
from stillwatch.exchanges.bodies.fields import Body, an_object, digest, present
from stillwatch.exchanges.bodies.finish import finish_reason
from stillwatch.exchanges.bodies.openai_chat import response_format, sampling, tool_names, tools_hash
from stillwatch.exchanges.reader import Record

_CLIENT_CALLS = ("function_call", "custom_tool_call")  # the caller must act; other calls the service ran
_BOOKKEEPING = {"id", "type", "status", "call_id", "caller", "output", "outputs", "result", "results"}


def responses_request(body: Body) -> Record:
    """The canonical fields of a Responses request. Raises `BodyError` on a value of the wrong type."""
    said = body.get("input")
    items = [{"role": "user", "content": said}] if isinstance(said, str) else fields.items(body, "input")
    system, conversation = responses_items(items or [], "input")
    reasoning = fields.object_at(body, "reasoning")
    return present(
        model=fields.text(body, "model"),
        system=system_text(content_text(body.get("instructions"), "instructions"), system),
        messages=conversation if items is not None else None,
        reasoning_ref=_sealed(items or []),
        previous_response_id=fields.text(body, "previous_response_id"),
        session_id=_conversation(body),
        tools=tool_names(body),
        tools_hash=tools_hash(body),
        response_format=response_format(fields.object_at(body, "text").get("format"), "text.format"),
        reasoning_effort=fields.text(reasoning, "effort", "reasoning"),
        logprobs=_logprobs(body),
        **sampling(body),
        **caller(body),
    )


def _conversation(body: Body) -> str | None:
    if isinstance(body.get("conversation"), str):
        return fields.text(body, "conversation")
    return fields.text(fields.object_at(body, "conversation"), "id", "conversation")


def _logprobs(body: Body) -> bool | None:
    asked = fields.items(body, "include")
    if asked is not None and "message.output_text.logprobs" in asked:
        return True
    top = fields.integer(body, "top_logprobs")
    return None if top is None else top > 0


def responses_items(items: list[Any], where: str = "input") -> tuple[str | None, list[Message]]:
    """System text and conversation of a list of input or output items. Raises `BodyError`."""
    system: list[str] = []
    conversation: list[Message] = []
    for position, value in enumerate(items):
        at = f"{where}[{position}]"
        for role, content in _turns(an_object(value, at), at):
            if role == "system":
                system.append(content)
            elif role == "assistant" and conversation and conversation[-1]["role"] == "assistant":
                earlier = conversation[-1]["content"]
                conversation[-1] = message(role, "\n".join(filter(None, [earlier, content])))
            else:
                conversation.append(message(role, content))
    return system_text(*system), conversation


def _turns(item: Body, where: str) -> list[tuple[str, str]]:
    """The messages of one item as (role, content)."""
    kind = fields.text(item, "type", where) or "message"
    if kind == "message":
        role = canonical_role(item.get("role"), f"{where}.role")
        return [(role, content_text(item.get("content"), f"{where}.content"))]
    if kind.endswith("_output"):
        return [("tool", nested_text(_result(item), f"{where}.output"))]
    if kind.endswith("_call"):
        name, arguments = _call(item, kind, where)
        call = ("assistant", tool_call_line(name, arguments, where))
        result = item.get("output")  # a call that the service ran carries its own result
        return [call, ("tool", nested_text(result, f"{where}.output"))] if result else [call]
    return []  # reasoning, item references and bookkeeping: no part of what was said


def _result(item: Body) -> Any:
    result = fields.first(item.get("output"), item.get("tools"), item.get("result"))
    return [result] if isinstance(result, dict) else result


def _call(item: Body, kind: str, where: str) -> tuple[str, str]:
    """Name and arguments of a tool call; a built-in tool goes by its type, with all that the item says."""
    name = tool_name(item.get("name"), where)
    given = fields.first(item.get("arguments"), item.get("input"))
    if name or given is not None:
        return name, arguments_text(given, where)
    said = {key: value for key, value in item.items() if key not in _BOOKKEEPING}
    return kind.removesuffix("_call"), arguments_text(said, where)


def _sealed(items: list[Any]) -> list[str] | None:
    """SHA-256 of the encrypted content of each reasoning item."""
    found = []
    for item in items:
        if isinstance(item, dict) and item.get("type") == "reasoning":
            sealed = item.get("encrypted_content")
            if isinstance(sealed, str) and sealed:
                found.append(digest(sealed))
    return found or None


def responses_response(body: Body) -> Record:
    """The canonical fields of a Response. Raises `BodyError` on a value of the wrong type."""
    items = [
        an_object(item, f"output[{position}]")
        for position, item in enumerate(fields.items(body, "output") or [])
    ]
    return present(
        response_id=fields.text(body, "id"),
        model_served=fields.text(body, "model"),
        output=_output(items),
        reasoning=_thought(items),
        reasoning_issued=_sealed(items),
        tool_calls=_tool_calls(items),
        **responses_usage(fields.object_at(body, "usage")),
        **({"finish_reason": _finish(body, items)} | error_fields(body)),
    )


def _output(items: list[Body]) -> str | None:
    said = [
        visible_text(item.get("content"), f"output[{position}].content")
        for position, item in enumerate(items)
        if item.get("type") in (None, "message")
    ]
    return system_text(*said)


def _thought(items: list[Body]) -> str | None:
    """Reasoning text, or its summary where the text is withheld."""
    thoughts = []
    for position, item in enumerate(items):
        if item.get("type") == "reasoning":
            for key in ("content", "summary"):
                parts = fields.items(item, key, f"output[{position}]") or []
                texts = [fields.text(part, "text", key) for part in parts if isinstance(part, dict)]
                if any(texts):
                    thoughts.append(system_text(*texts))
                    break
    return system_text(*thoughts)


def _tool_calls(items: list[Body]) -> list[dict[str, str]] | None:
    calls = []
    for position, item in enumerate(items):
        kind = item.get("type")
        if isinstance(kind, str) and kind.endswith("_call"):
            name, arguments = _call(item, kind, f"output[{position}]")
            calls.append({"name": name, "arguments": arguments})
    return calls or None


def _finish(body: Body, items: list[Body]) -> str | None:
    """Why the response ended: the API gives a status, and the reason only where it is incomplete."""
    status = fields.text(body, "status")
    if status == "incomplete":
        details = fields.object_at(body, "incomplete_details")
        return finish_reason(details.get("reason"))
    if status != "completed":
        return finish_reason(status)
    if any(item.get("type") in _CLIENT_CALLS for item in items):
        return "tool_calls"
    return "refusal" if any(_refuses(item) for item in items) else "stop"


def _refuses(item: Body) -> bool:
    parts = item.get("content")
    return isinstance(parts, list) and any(
        isinstance(part, dict) and part.get("type") == "refusal" for part in parts
    )


def responses_usage(usage: Body, where: str = "usage") -> Record:
    """Token counts of a Response; input counts include what was read from the cache."""
    sent = fields.object_at(usage, "input_tokens_details", where)
    answered = fields.object_at(usage, "output_tokens_details", where)
    return present(
        input_tokens=fields.integer(usage, "input_tokens", where),
        output_tokens=fields.integer(usage, "output_tokens", where),
        reasoning_tokens=fields.integer(answered, "reasoning_tokens", f"{where}.output_tokens_details"),
        cache_read_tokens=fields.integer(sent, "cached_tokens", f"{where}.input_tokens_details"),
    )
