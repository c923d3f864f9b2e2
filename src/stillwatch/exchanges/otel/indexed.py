"""Lists that were flattened into attribute names, such as `gen_ai.prompt.0.role` (OpenLLMetry) and
`llm.input_messages.0.message.tool_calls.1.tool_call.function.name` (OpenInference), put together again.
"""

from __future__ import annotations

from typing import Any

from stillwatch.exchanges.otel.items import Attributes

_MOST_SEGMENTS = 24  # of a name; the conventions use up to nine
_WRAPPERS = ("message", "message_content", "tool_call", "tool", "image")  # OpenInference's objects


def indexed(attributes: Attributes, prefix: str) -> list[Any]:
    """The list flattened under `prefix`, in order of its indices; empty if there is none."""
    root: dict[str, Any] = {}
    start = len(prefix) + 1
    for name, value in attributes.items():
        if (
            not name.startswith(prefix)
            or name[start - 1 : start] != "."
            or not name[start : start + 1].isdigit()
        ):
            continue
        segments = name[start:].split(".")
        if len(segments) <= _MOST_SEGMENTS:
            _place(root, segments, value)
    listed = _lists(root)
    return listed if isinstance(listed, list) else []


def _place(root: dict[str, Any], segments: list[str], value: Any) -> None:
    at = root
    for segment in segments[:-1]:
        inner = at.setdefault(segment, {})
        if not isinstance(inner, dict):
            return  # both `a` and `a.b` are attributes: the shorter name came first and stays
        at = inner
    at.setdefault(segments[-1], value)


def _lists(node: Any) -> Any:
    """Objects whose keys are all numbers become lists; a wrapping object gives way to what it wraps."""
    if not isinstance(node, dict):
        return node
    if node and all(key.isdecimal() and len(key) < 10 for key in node):
        return [_lists(node[key]) for key in sorted(node, key=int)]
    plain = {key: _lists(value) for key, value in node.items()}
    for wrapper in _WRAPPERS:
        if len(plain) == 1 and isinstance(plain.get(wrapper), dict):
            return plain[wrapper]
    return plain
