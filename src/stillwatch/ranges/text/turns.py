"""What happens in a turn of a conversation: its seed, small talk, refusal, the tool that is called.

Each rule is told for columns and, in a twin that agrees, for kernels: an answer written as the exchange's
own must be the one that later exchanges quote.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from stillwatch.ranges.hashing import below, bounded, in_unit, mix, mixed, unit
from stillwatch.ranges.text.columns import NONE, Talk
from stillwatch.ranges.text.scripts import ANSWER, CALL, LATER, REFUSAL, REPLY, ScriptTable
from stillwatch.sketches.kernels import inlined

U = np.uint64

SMALL_TALK = U(8 << 40)
DENIED = U(9 << 40)
TOOL_CALL = U(10 << 40)

CHAT, SMALL, REFUSED = 0, 1, 2


class Turns:
    """Each exchange's own turn, as columns of n."""

    def __init__(self, scripts: ScriptTable, talk: Talk) -> None:
        symbols = scripts.symbols[talk.script]
        chances = scripts.chances[talk.script]
        self.seed: NDArray[np.uint64] = mix(
            np.where(talk.turn < talk.fork, talk.thread, talk.thread2), talk.turn
        )
        self.agent = symbols[:, CALL] != NONE
        small = unit(mix(self.seed, SMALL_TALK)) < chances[:, 0]
        denied = ~small & (unit(mix(self.seed, DENIED)) < chances[:, 1])
        self.refused: NDArray[np.bool_] = denied & (~self.agent | talk.closing)
        said = np.where(talk.turn == 0, symbols[:, ANSWER], symbols[:, LATER])
        said = np.where(small, symbols[:, REPLY], np.where(self.refused, symbols[:, REFUSAL], said))
        self.symbol: NDArray[np.int32] = said.astype(np.int32)
        # A stock reply answers its message whichever sampling this is.
        self.sample: NDArray[np.uint16] = np.where(small, 0, talk.sample).astype(np.uint16)
        calls = self.agent & ~talk.closing
        self.call: NDArray[np.int32] = np.where(calls, symbols[:, CALL], NONE).astype(np.int32)
        first, number = scripts.tools[talk.script, 0], scripts.tools[talk.script, 1]
        which = first + below(mix(self.seed, TOOL_CALL), np.maximum(number, 1))
        self.tool: Any = np.where(calls, which, NONE)


@inlined
def kind_of(chances, script, seed):  # type: ignore[no-untyped-def]
    """Return whether a turn of a chat is a usual one, small talk, or refused."""
    if in_unit(mixed(seed, SMALL_TALK)) < chances[script, 0]:
        return SMALL
    return REFUSED if in_unit(mixed(seed, DENIED)) < chances[script, 1] else CHAT


@inlined
def tool_of(tools, script, seed):  # type: ignore[no-untyped-def]
    """Return the number of the tool that an agent calls in a turn."""
    return tools[script, 0] + bounded(mixed(seed, TOOL_CALL), np.int64(tools[script, 1]))
