"""An exchange's own turn, told for columns, is the one that the kernel's twin tells."""

from __future__ import annotations

import numpy as np
from numba import njit

from stillwatch.ranges.hashing import mix
from stillwatch.ranges.text import Script
from stillwatch.ranges.text.turns import REFUSED, SMALL, Turns, kind_of, tool_of
from tests.ranges.text.makers import talk, texts

TEXTS = texts()
CHAT = TEXTS.script(Script("request", "follow_up", "answer", small_talk=0.2, refusal=0.3))
AGENT = TEXTS.script(
    Script(
        "request", "follow_up", "answer", tool="passage", call="call", tool_names=("a", "b", "c"), refusal=0.5
    )
)


@njit
def _kind(chances, script, seed):
    return kind_of(chances, script, seed)


@njit
def _tool(tools, script, seed):
    return tool_of(tools, script, seed)


def test_columns_and_kernels_agree() -> None:
    scripts = TEXTS._table
    turns = Turns(scripts, talk(3000, CHAT, turn=2))
    kinds = np.array([_kind(scripts.chances, CHAT, seed) for seed in turns.seed])
    assert ((kinds == REFUSED) == turns.refused).all()
    small = turns.symbol == TEXTS.symbol("small_reply")
    assert ((kinds == SMALL) == small).all()
    assert abs(small.mean() - 0.2) < 0.03
    assert abs(turns.refused.mean() - 0.8 * 0.3) < 0.03
    called = Turns(scripts, talk(300, AGENT))
    assert [_tool(scripts.tools, AGENT, seed) for seed in called.seed] == called.tool.tolist()
    assert set(called.tool) == {0, 1, 2}


def test_a_thread_goes_on_as_another_from_its_fork() -> None:
    asked = talk(4, CHAT, turn=np.arange(4), fork=2, thread=7, thread2=8)
    expected = [*mix(7, np.arange(2)), *mix(8, np.arange(2, 4))]
    assert Turns(TEXTS._table, asked).seed.tolist() == expected


def test_an_agent_calls_until_it_closes_and_is_refused_only_then() -> None:
    closing = np.arange(400) % 2 == 0
    turns = Turns(TEXTS._table, talk(400, AGENT, closing=closing))
    assert ((turns.call >= 0) == ~closing).all()
    assert turns.refused[closing].any() and not turns.refused[~closing].any()
