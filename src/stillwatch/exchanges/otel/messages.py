"""Messages of every GenAI telemetry dialect, brought to the one that `bodies.openai_chat` reads.

Dialects: role and parts (`gen_ai.input.messages`, since conventions 1.37); role and content with
`tool_calls` (the events before 1.37, and what instrumentations copy from request bodies); OpenLLMetry and
OpenInference once `indexed` has put them together. Part types as in `gen-ai-input-messages.json` of
semantic-conventions-genai.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from stillwatch.exchanges.bodies.content import arguments_text, pieces, tool_name, visible_text
from stillwatch.exchanges.bodies.fields import as_json, digest, present
from stillwatch.exchanges.bodies.finish import finish_reason
from stillwatch.exchanges.reader import Record
from stillwatch.exchanges.truncated import read_truncated

Turn = dict[str, Any]  # a message with `role`, `content` (text or a list of parts) and perhaps `tool_calls`

_SEALED = ("signature", "encrypted_content", "data")  # opaque reasoning, as its provider transmits it
_EMPTY: tuple[Any, ...] = (None, "", "[]", "{}", {})
_PART_KEYS = {"type", "role", "parts"}
_MEDIA = {"image": "image", "audio": "audio", "video": "video", "document": "file"}


def structured(value: Any) -> Any:
    """The value that JSON text stands for; text that is no JSON, and anything else, as it is.

    Text that begins like JSON and breaks off was cut by an attribute length limit: what can be read is kept.
    """
    if not isinstance(value, str) or value.lstrip()[:1] not in ("[", "{"):
        return value
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        cut = read_truncated(value)
        return value if cut is None or cut in ([], {}) else cut


def turns(value: Any, role: str) -> list[Turn]:
    """The messages in an attribute value: a list of them, one of them, a request body, or plain text.

    `role` is that of a message that does not say. Text that happens to be JSON, but not of messages, is
    what was said, and stays text.
    """
    listed = _messages_in(structured(value))
    if listed is None:
        listed = value if isinstance(value, list) else [] if value in _EMPTY else [value]
    found: list[Turn] = []
    for message in listed:
        inner = _messages_in(structured(message)) if isinstance(message, str) else None
        for one in [message] if inner is None else inner:
            found += _turns_of(one, role)
    return found


def _messages_in(held: Any) -> list[Any] | None:
    """The messages of a value that has the shape of some; None for any other value."""
    if isinstance(held, dict):
        inner = next((held[key] for key in ("messages", "contents", "choices") if key in held), None)
        if isinstance(inner, list):
            return inner
        if "input" in held and "model" in held:  # a request of the Responses API
            return held["input"] if isinstance(held["input"], list) else [held["input"]]
        return [held] if not held.keys().isdisjoint(("role", "parts", "message")) else None
    if not isinstance(held, list) or not held or not all(isinstance(one, dict) for one in held):
        return None
    if all(not one.keys().isdisjoint(("role", "parts", "message", "content")) for one in held):
        return held
    return [{"content": held}] if all("type" in one for one in held) else None


def _turns_of(message: Any, role: str) -> list[Turn]:
    if not isinstance(message, dict):
        return [{"role": role, "content": _as_text(message)}]
    inner = message.get("message")
    if isinstance(inner, dict):  # a choice: the answer and, beside it, how it ended
        message = {
            **{key: message[key] for key in ("role", "finish_reason", "tool_calls") if key in message},
            **inner,
        }
    said = message.get("role")
    named: Turn = {"role": said if isinstance(said, str) and said else role}
    if "finish_reason" in message:
        named["finish_reason"] = message["finish_reason"]
    parts = structured(message.get("parts"))
    if isinstance(parts, list):
        return _of_parts(named, parts)
    contents = message.get("contents")
    named["content"] = structured_content(message.get("content") if contents is None else contents)
    if message.get("reasoning_content") is not None or message.get("reasoning") is not None:
        named["reasoning"] = _as_text(message.get("reasoning_content") or message.get("reasoning"))
    calls = structured(message.get("tool_calls"))
    if isinstance(calls, list) and calls:
        named["tool_calls"] = [{"function": _function(call)} for call in calls]
    return [named]


def structured_content(content: Any) -> Any:
    """Content as text or a list of parts; OpenLLMetry logs a list of parts as its JSON text."""
    if isinstance(content, str):
        held = structured(content) if content.startswith('[{"') else content
        is_parts = isinstance(held, list) and all(isinstance(part, dict) and "type" in part for part in held)
        content = held if is_parts else content
    if isinstance(content, list):
        return [_part(part) if isinstance(part, dict) else _as_text(part) for part in content]
    return content if content is None or isinstance(content, str) else _as_text(content)


def _function(call: Any) -> Turn:
    held = structured(call)
    if not isinstance(held, dict):
        return {"name": None, "arguments": _as_text(held)}
    function = held.get("function", held)
    function = function if isinstance(function, dict) else held
    name, arguments = function.get("name"), function.get("arguments", function.get("input"))
    return {"name": name if isinstance(name, str) else None, "arguments": arguments}


def _of_parts(named: Turn, parts: list[Any]) -> list[Turn]:
    """One turn of the parts, with a tool turn of its own for each tool's answer among them, in order."""
    found: list[Turn] = []
    held: list[Any] = []
    for value in parts:
        part = value if isinstance(value, dict) else {"type": "text", "content": _as_text(value)}
        if part.get("type") in ("tool_call_response", "server_tool_call_response"):
            if held:
                found.append({**named, "content": held})
                held = []
            found.append({"role": "tool", "content": _as_text(_answered(part))})
        else:
            held.append(_part(part))
    if held or not found:
        found.append({**named, "content": held})
    return found


def _answered(part: Turn) -> Any:
    keys = ("response", "result", "server_tool_call_response", "content")
    return next((part[key] for key in keys if part.get(key) is not None), "")


def _part(part: Turn) -> Any:
    """A part as an OpenAI content part; one that is none of the conventions' stays as it is."""
    kind = part.get("type")
    medium = _MEDIA.get(str(part.get("modality")), "file")
    match kind:
        case "text" | "refusal" | "compaction" if "content" in part:
            return _as_text(part["content"])
        case "reasoning" | "thinking":
            return {**part, "type": "reasoning"}
        case "server_tool_call":
            details = part.get("server_tool_call")
            sent = (
                {key: details[key] for key in details if key != "type"}
                if isinstance(details, dict)
                else details
            )
            return {"type": "tool_call", "name": tool_name(part.get("name"), "name"), "arguments": sent}
        case "blob":
            return {"type": medium, "data": part.get("content")}
        case "uri":
            return {"type": medium, "url": part.get("uri")}
        case "file" if "file_id" in part and "modality" in part:
            return {"type": medium, "file_id": part.get("file_id")}
        case "image" if isinstance(part.get("image"), dict):  # OpenInference
            return {"type": "image", **part["image"]}
    return part


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else as_json(value, where="content").decode("utf-8", "replace")


def instructions(value: Any) -> list[str]:
    """The texts of system instructions: text, parts, or messages."""
    held = structured(value)
    shaped = isinstance(held, list) and all(isinstance(p, dict) and p.keys() & _PART_KEYS for p in held)
    held = value if isinstance(value, str) and not shaped else held
    texts = []
    for part in held if isinstance(held, list) else [held]:
        if isinstance(part, dict) and ("role" in part or "parts" in part):
            texts += [visible_text(turn["content"]) or "" for turn in turns(part, "system")]
        else:
            texts.append(visible_text(_part(part)) or "" if isinstance(part, dict) else _as_text(part))
    return [text for text in texts if text]


def opaque_reasoning(found: Iterable[Turn]) -> list[str] | None:
    """SHA-256 of each opaque reasoning block among the parts of some turns."""
    sealed = [
        next((part[key] for key in _SEALED if isinstance(part.get(key), str) and part[key]), None)
        for turn in found
        for part in _dicts(turn.get("content"))
        if part.get("type") in ("reasoning", "redacted_thinking")
    ]
    return [digest(block) for block in sealed if block is not None] or None


def _dicts(content: Any) -> list[Turn]:
    return [part for part in content if isinstance(part, dict)] if isinstance(content, list) else []


def answer(found: list[Turn]) -> Record:
    """The canonical fields of the output messages: the first choice that says or calls anything."""
    if not found:
        return {}
    told = [(turn, *_said(turn)) for turn in found]
    turn, output, calls = next((one for one in told if one[1] or one[2]), told[0])
    thoughts = [
        _as_text(part.get("content") or part.get("text") or part.get("thinking"))
        for part in _dicts(turn.get("content"))
        if part.get("type") == "reasoning"
    ]
    return present(
        output=output,
        reasoning="\n".join(filter(None, [turn.get("reasoning"), *thoughts])) or None,
        reasoning_issued=opaque_reasoning([turn]),
        tool_calls=calls or None,
        finish_reason=finish_reason(turn.get("finish_reason")),
    )


def _said(turn: Turn) -> tuple[str | None, list[dict[str, str]]]:
    """Visible text and tool calls of an answer."""
    content = turn.get("content")
    functions = [call["function"] for call in turn.get("tool_calls", ())]
    functions += [
        {"name": part.get("name"), "arguments": part.get("arguments", part.get("input"))}
        for part in _dicts(content)
        if part.get("type") in ("tool_call", "tool_use", "server_tool_use", "mcp_tool_use")
    ]
    calls = [
        {
            "name": tool_name(function["name"], "tool_calls.name"),
            "arguments": arguments_text(function["arguments"], "tool_calls.arguments"),
        }
        for function in functions
    ]
    shown = [piece.text for piece in pieces(content) if piece.kind in ("text", "mark") and piece.text]
    return "\n".join(shown) or None, calls
