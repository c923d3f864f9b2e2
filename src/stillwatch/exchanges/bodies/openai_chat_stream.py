"""Chat completion chunks (and those of legacy completions), put together into one completion body."""

from __future__ import annotations

from typing import Any

from stillwatch.exchanges.bodies import fields
from stillwatch.exchanges.bodies.fields import Body, an_object, run_on

_TEXTS = ("content", "refusal", "reasoning_content", "reasoning")
_BLOCKS = ("thinking_blocks", "reasoning_details")


class _Answer:
    """The first choice, as its deltas arrive."""

    def __init__(self) -> None:
        self.texts: dict[str, list[str]] = {}
        self.blocks: dict[str, list[Any]] = {}
        self.calls: list[dict[str, Any]] = []
        self.by_index: dict[int, dict[str, Any]] = {}
        self.finish: Any = None

    def add(self, choice: Body, where: str) -> None:
        """Take in one choice of a chunk."""
        self.finish = fields.first(choice.get("finish_reason"), self.finish)
        if "text" in choice:
            self._text("text", choice, where)
        delta = fields.object_at(choice, "message" if "message" in choice else "delta", where)
        for key in _TEXTS:
            self._text(key, delta, where)
        for key in _BLOCKS:
            self.blocks.setdefault(key, []).extend(fields.items(delta, key, where) or [])
        for value in fields.items(delta, "tool_calls", where) or []:
            self._call(an_object(value, f"{where}.tool_calls"), where)
        legacy = fields.object_at(delta, "function_call", where)
        if legacy:
            self._call({"index": 0, "function": legacy}, where)

    def _text(self, key: str, delta: Body, where: str) -> None:
        said = fields.text(delta, key, where)
        if said is not None:
            self.texts.setdefault(key, []).append(said)

    def _call(self, delta: Body, where: str) -> None:
        key = "custom" if "custom" in delta else "function"
        function = fields.object_at(delta, key, where)
        name = fields.text(function, "name", where)
        call = self._slot(fields.integer(delta, "index", where), opens=bool(name or delta.get("id")))
        call["name"] = call["name"] or name  # whole in its first delta; some servers repeat it in each
        for spelling in ("arguments", "input"):
            said = fields.text(function, spelling, where)
            if said is not None:
                call["arguments"].append(said)

    def _slot(self, index: int | None, opens: bool) -> dict[str, Any]:
        """The call that a delta belongs to: by index, or the latest where a server leaves indices out."""
        if index is not None and index in self.by_index:
            return self.by_index[index]
        if index is None and self.calls and not opens:
            return self.calls[-1]
        call: dict[str, Any] = {"name": None, "arguments": []}
        self.calls.append(call)
        if index is not None:
            self.by_index[index] = call
        return call

    def choice(self) -> dict[str, Any]:
        """The choice as an unstreamed body has it."""
        texts = {key: run_on(said) for key, said in self.texts.items()}
        text = texts.pop("text", None)
        message: dict[str, Any] = {**texts, **{key: said for key, said in self.blocks.items() if said}}
        if self.calls:
            message["tool_calls"] = [
                {"function": {"name": call["name"], "arguments": run_on(call["arguments"])}}
                for call in self.calls
            ]
        whole = {"index": 0, "message": message, "finish_reason": self.finish}
        return whole if text is None else {**whole, "text": text}


def assemble_chat(events: list[dict[str, Any]]) -> Body:
    """The completion body of its chunks. Of several choices the first (index 0) is kept.

    The usage is the last one sent; an `error` in the stream stays beside what arrived before it.
    """
    answer = _Answer()
    body: dict[str, Any] = {}
    seen = False
    for position, event in enumerate(events):
        for key in ("id", "model", "object", "error", "usage"):
            if event.get(key):
                body[key] = event[key]
        for value in fields.items(event, "choices", f"sse[{position}]") or []:
            where = f"sse[{position}].choices"
            choice = an_object(value, where)
            if not fields.integer(choice, "index", where):
                answer.add(choice, where)
                seen = True
    body["choices"] = [answer.choice()] if seen else []
    return body
