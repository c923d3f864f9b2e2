"""What was said in a call and which tools were offered, out of its attributes or its events."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from stillwatch.exchanges.bodies.content import system_text
from stillwatch.exchanges.bodies.fields import present
from stillwatch.exchanges.bodies.openai_chat import openai_messages, response_format, tool_names, tools_hash
from stillwatch.exchanges.otel import aliases
from stillwatch.exchanges.otel.indexed import indexed
from stillwatch.exchanges.otel.items import Attributes, Event
from stillwatch.exchanges.otel.messages import Turn, answer, instructions, opaque_reasoning, structured, turns
from stillwatch.exchanges.reader import Record

# Events of the conventions before 1.37, one a message, and whose words they are.
SPEAKERS = {
    "gen_ai.system.message": "system",
    "gen_ai.developer.message": "system",
    "gen_ai.user.message": "user",
    "gen_ai.assistant.message": "assistant",
    "gen_ai.tool.message": "tool",
    "gen_ai.choice": "assistant",
}
_FORMATS = {"json": "json_object", "json_object": "json_object", "text": "text"}


def content(attributes: Attributes, events: Iterable[Event]) -> Record:
    """The canonical fields of what was said and offered: system, messages, tools, answer.

    Attributes go before events. Raises `BodyError` where content is not what the conventions document.
    """
    asked, answered = (
        _turns(attributes, aliases.INPUT, aliases.INDEXED_INPUT, "user"),
        _turns(attributes, aliases.OUTPUT, aliases.INDEXED_OUTPUT, "assistant"),
    )
    spoken, chosen = _from_events(events)
    asked, answered = asked or spoken, answered or chosen
    _, told = aliases.first(attributes, aliases.SYSTEM)
    system, conversation = openai_messages([_sayable(turn) for turn in asked])
    tools = _tools(attributes)
    _, wanted = aliases.first(attributes, aliases.RESPONSE_FORMAT)
    return present(
        system=system_text(*instructions(told), system),
        messages=conversation or None,
        reasoning_ref=opaque_reasoning(asked),
        tools=tool_names({"tools": tools}) if tools else None,
        tools_hash=tools_hash({"tools": tools}) if tools else None,
        response_format=_format(wanted),
        **answer(answered),
    )


def _sayable(turn: Turn) -> Turn:
    return {key: turn[key] for key in ("role", "content", "tool_calls") if key in turn}


def _turns(attributes: Attributes, names: Sequence[str], prefixes: Sequence[str], role: str) -> list[Turn]:
    _, value = aliases.first(attributes, names[:1])
    if value is None:
        for prefix in prefixes:
            if listed := indexed(attributes, prefix):
                return turns(listed, role)
        _, value = aliases.first(attributes, names[1:])
    return turns(value, role)


def _from_events(events: Iterable[Event]) -> tuple[list[Turn], list[Turn]]:
    """Input and output messages of the events before conventions 1.37, one a message."""
    asked: list[Turn] = []
    answered: list[Turn] = []
    for event in events:
        if (role := SPEAKERS.get(event["name"])) is None:
            continue
        said = structured(event["attributes"].get("gen_ai.event.content"))
        message = {**event["attributes"], **(said if isinstance(said, dict) else {})}
        message["message"] = structured(message.get("message"))
        found = turns([message], role)
        if event["name"] == "gen_ai.choice":
            answered += found
        else:
            asked += found
    return asked, answered


def _tools(attributes: Attributes) -> list[Any] | None:
    _, value = aliases.first(attributes, aliases.TOOLS)
    offered = structured(value)
    if not isinstance(offered, list):
        offered = next(
            (found for prefix in aliases.INDEXED_TOOLS if (found := indexed(attributes, prefix))), None
        )
        offered = [_schema(tool) for tool in offered] if offered else None
    return [tool for tool in map(structured, offered) if isinstance(tool, dict)] if offered else None


def _schema(tool: Any) -> Any:
    """OpenInference keeps the whole definition as JSON text in `tool.json_schema`."""
    return (
        structured(tool["tool.json_schema"] if "tool.json_schema" in tool else tool.get("json_schema", tool))
        if isinstance(tool, dict)
        else tool
    )


def _format(wanted: Any) -> str | None:
    """`gen_ai.output.type` says `json` or `text`; older attributes hold the request's own object."""
    held = structured(wanted)
    if isinstance(held, dict):
        return response_format(held, "response_format")
    return _FORMATS.get(held) if isinstance(held, str) else None
