"""Message content of every vendor, as the text of a canonical message.

Text parts are kept; an image or a file becomes `[image:SHA256]` or `[file:SHA256]` of its bytes (base64 is
decoded, so the same picture has the same mark on every API), or of its URL or file id where no bytes were
sent; a tool call is a line `[tool_call:NAME] ARGUMENTS`. Thinking is not part of a message: it has its own
fields (`reasoning`, `reasoning_ref`, `reasoning_issued`).
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from stillwatch.exchanges.bodies.fields import Body, BodyError, an_object, as_json, digest, wrong_type

Message = dict[str, str]
Kind = Literal["text", "mark", "call", "result", "thinking"]

_DEEPEST = 8  # content inside the content of a tool result, inside ...
_TEXT = {"text", "input_text", "output_text", "summary_text"}
_MEDIA = {
    "image": "image",
    "image_url": "image",
    "input_image": "image",
    "audio": "audio",
    "input_audio": "audio",
    "audio_url": "audio",
    "video": "video",
    "video_url": "video",
    "document": "file",
    "file": "file",
    "input_file": "file",
    "container_upload": "file",
}
_THINKING = {"thinking", "redacted_thinking", "reasoning", "reasoning_text", "reasoning_content"}
_CALLS = {"tool_use", "server_tool_use", "mcp_tool_use", "tool_call"}
_CARRIERS = {"search_result", "compaction"}  # text a server put into the conversation
_ROLES = {
    "assistant": "assistant",
    "model": "assistant",
    "ai": "assistant",
    "tool": "tool",
    "function": "tool",
    "system": "system",
    "developer": "system",
}
_PLAIN = re.compile(r"[^A-Za-z0-9_.-]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a message's content: its text as the canonical message shows it, and what it is."""

    kind: Kind
    text: str


def canonical_role(role: object, where: str) -> str:
    """`user`, `assistant`, `tool` or `system`. Any other name is the caller's side, hence `user`."""
    if not isinstance(role, str):
        raise wrong_type(where, "a role such as 'user'", role)
    return _ROLES.get(role.lower(), "user")


def content_text(content: Any, where: str = "content") -> str:
    """The text of message content: a string, a part, or a list of parts; empty for null.

    Raises `BodyError` where a part is neither a string nor an object, or text is not a string.
    """
    return joined_pieces(pieces(content, where))


def visible_text(content: Any, where: str = "content") -> str | None:
    """As `content_text`, without tool calls and their results. None where there is nothing to see."""
    return answer_text(pieces(content, where))


def answer_text(parts: Iterable[Piece]) -> str | None:
    """What a person sees of an answer: its text and marks; None where there is nothing."""
    return joined_pieces(part for part in parts if part.kind in ("text", "mark")) or None


def run_together(parts: Iterable[Piece]) -> list[Piece]:
    """The pieces of an answer, texts that follow each other joined without a break.

    Citations, signatures and streaming cut one text of the model into several parts.
    """
    together: list[Piece] = []
    for part in parts:
        if part.kind == "text" and together and together[-1].kind == "text":
            together[-1] = Piece("text", together[-1].text + part.text)
        else:
            together.append(part)
    return together


def split_turn(role: str, parts: list[Piece]) -> list[Message]:
    """A turn as canonical messages: each tool result a `tool` message, the rest in the turn's own role.

    The APIs that put tool results into a user turn (Anthropic, Converse, Gemini) so come out as those that
    give each its own message. A turn of thinking alone leaves no message, an empty turn an empty one.
    """
    split: list[Message] = []
    run: list[Piece] = []
    for part in run_together(parts) if role == "assistant" else parts:
        if part.kind == "result":
            if run:
                split.append(message(role, joined_pieces(run)))
                run = []
            split.append(message("tool", part.text))
        elif part.kind != "thinking":
            run.append(part)
    if run or not parts:
        split.append(message(role, joined_pieces(run)))
    return split


def joined_pieces(parts: Iterable[Piece]) -> str:
    """The pieces but for thinking, joined by newlines; empty texts leave no blank line."""
    return "\n".join(part.text for part in parts if part.text and part.kind != "thinking")


def pieces(content: Any, where: str = "content", depth: int = 0) -> list[Piece]:
    """The parts of message content in order."""
    if content is None:
        return []
    if isinstance(content, str):
        return [Piece("text", content)]
    if isinstance(content, dict):
        return [_piece(content, where, depth)]
    if not isinstance(content, list):
        raise wrong_type(where, "a string or a list of parts", content)
    found = []
    for position, part in enumerate(content):
        at = f"{where}[{position}]"
        found.append(Piece("text", part) if isinstance(part, str) else _piece(an_object(part, at), at, depth))
    return found


def _piece(part: Body, where: str, depth: int) -> Piece:
    kind = part.get("type")
    if not isinstance(kind, str):
        kind = "text" if "text" in part else "part"
    if kind in _TEXT:
        return Piece("text", _string(part.get("text"), f"{where}.text"))
    if kind == "refusal":
        return Piece("text", _string(part.get("refusal"), f"{where}.refusal"))
    if kind in _THINKING:
        return Piece("thinking", "")
    if kind in _CALLS:
        arguments = part.get("input", part.get("arguments"))
        return Piece("call", tool_call_line(part.get("name"), arguments, where))
    if kind in _MEDIA:
        return Piece("mark", mark(_MEDIA[kind], *_medium(part, kind), where=where))
    if kind == "tool_result" or kind.endswith("_tool_result"):
        return Piece("result", nested_text(part.get("content"), f"{where}.content", depth))
    if kind in _CARRIERS and "content" in part:
        return Piece("text", nested_text(part["content"], f"{where}.content", depth))
    return Piece("mark", mark(kind, part, where=where))


def nested_text(content: Any, where: str, depth: int = 0) -> str:
    """The text of content inside a part, at most eight levels down."""
    if depth >= _DEEPEST:
        raise BodyError(where, f"content is nested more than {_DEEPEST} deep; no API sends that")
    return joined_pieces(pieces(content, where, depth + 1))


def _string(value: Any, where: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise wrong_type(where, "a string", value)
    return value


def _medium(part: Body, kind: str) -> tuple[Any, bool]:
    """What was transmitted of an image, sound or file, and whether it may be base64."""
    holder = part.get("source", part.get(kind, part))
    if not isinstance(holder, dict):
        return holder, True  # `image_url: "https://…"`, the Responses API's spelling
    for key in ("data", "file_data", "bytes"):
        if holder.get(key):
            return holder[key], holder.get("type") != "text"
    for key in ("url", "image_url", "file_url"):
        if holder.get(key):
            return holder[key], True
    return holder.get("file_id") or holder.get("content") or part, False


def mark(kind: str, sent: Any, base64: bool = False, *, where: str) -> str:
    """`[KIND:SHA256]` of what was sent: decoded base64, or a URL or id as it is, or canonical JSON."""
    name = _PLAIN.sub("_", kind)[:40] or "part"
    if not isinstance(sent, str):
        return f"[{name}:{digest(as_json(sent, where=where, sort_keys=True))}]"
    return f"[{name}:{digest(_transmitted(sent) if base64 else sent)}]"


def _transmitted(sent: str) -> bytes | str:
    if sent.startswith("data:"):
        header, _, payload = sent.partition(",")
        if not header.endswith(";base64"):
            return sent
        sent = payload
    elif "://" in sent[:16]:
        return sent
    try:
        return binascii.a2b_base64(sent, strict_mode=True)
    except ValueError:  # not base64 after all, or cut short by the logger
        return sent


def tool_call_line(name: Any, arguments: Any, where: str) -> str:
    """`[tool_call:NAME] ARGUMENTS`, arguments as sent: a string as it is, anything else as compact JSON."""
    return f"[tool_call:{tool_name(name, where)}] {arguments_text(arguments, where)}".rstrip()


def tool_name(name: Any, where: str) -> str:
    """The name of a tool called; empty for null, which a truncated stream leaves."""
    return _string(name, f"{where}.name")


def arguments_text(arguments: Any, where: str) -> str:
    """Arguments of a tool call as a string: as it is, or compact JSON of an object; empty for null."""
    if arguments is None:
        return ""
    if isinstance(arguments, str):
        return arguments
    return as_json(arguments, where=where).decode("utf-8", "replace")


def message(role: str, content: str) -> Message:
    """One canonical message."""
    return {"role": role, "content": content}


def system_text(*texts: str | None) -> str | None:
    """System and developer texts joined by newlines; None where there is none."""
    return "\n".join(said for said in texts if said) or None
