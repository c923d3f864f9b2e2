"""Scripts: who says what in a conversation, and the table of them that the kernel reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stillwatch.ranges.text.program import PADDING

OPENING, FOLLOW_UP, ANSWER, LATER, TOOL, CALL, SAID, REPLY, REFUSAL, SHOTS = range(10)


@dataclass(frozen=True)
class Script:
    """The rules of a conversation's turns, by name; an agent's has a `tool`."""

    opening: str
    follow_up: str
    answer: str
    tool: str | None = None  # rule of a tool's results
    call: str | None = None  # rule of a tool call's arguments, JSON
    tool_names: tuple[str, ...] = ()
    small_talk: float = 0.0  # share of turns that are small talk
    refusal: float = 0.0  # share of the other turns that are refused
    shots: int = 0  # worked examples before the conversation, the same in all of it
    shots_topic: int = 0
    later_answer: str | None = None  # rule of answers after the first

    def __post_init__(self) -> None:
        if not (0 <= self.small_talk <= 1 and 0 <= self.refusal <= 1 and self.shots >= 0):
            raise ValueError("Script: shares are in 0..1 and shots 0 or more")
        if self.tool is not None and (self.call is None or not self.tool_names):
            raise ValueError("Script: an agent's `tool` needs a `call` rule and `tool_names`")
        if self.tool is not None and self.small_talk:
            raise ValueError("Script: an agent makes no small talk; set small_talk to 0")


class ScriptTable(NamedTuple):
    """Registered scripts, one row each."""

    symbols: NDArray[np.int32]  # (scripts, 10): see the names above
    chances: NDArray[np.float64]  # (scripts, 2): small talk, refusal
    shots_topic: NDArray[np.uint64]
    tools: NDArray[np.int32]  # (scripts, 2): first tool, number of tools
    names: NDArray[np.int32]  # (tools, 2): place in the pool, length
    pool: NDArray[np.uint8]


def table(scripts: list[tuple[Script, list[int]]]) -> ScriptTable:
    """Lay registered scripts, each with its row of symbols, out for the kernel."""
    pool = bytearray()
    names: list[tuple[int, int]] = []
    tools: list[tuple[int, int]] = []
    for script, _ in scripts:
        tools.append((len(names), len(script.tool_names)))
        for name in script.tool_names:
            names.append((len(pool), len(name.encode())))
            pool += name.encode()
    return ScriptTable(
        symbols=np.array([row for _, row in scripts], np.int32).reshape(-1, 10),
        chances=np.array([(s.small_talk, s.refusal) for s, _ in scripts], np.float64).reshape(-1, 2),
        shots_topic=np.array([s.shots_topic % 2**64 for s, _ in scripts], np.uint64),
        tools=np.array(tools, np.int32).reshape(-1, 2),
        names=np.array(names, np.int32).reshape(-1, 2),
        pool=np.frombuffer(bytes(pool) + bytes(PADDING), np.uint8).copy(),
    )
