"""A pipeline's system text is sent as its donor sends one, and never lost."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from stillwatch.exchanges.schema import MESSAGES
from stillwatch.ranges.planting.instructions import instructed

ASK = [{"role": "user", "content": "How far?"}, {"role": "assistant", "content": "Far."}]


def sent(
    system: list[str | None], kinds: list[str], sends: list[bool], messages: list[object] | None = None
) -> tuple[list[str | None], list[object]]:
    told = pa.array(messages or [ASK] * len(system), MESSAGES)
    out = instructed(pa.array(system, pa.string()), told, np.array(kinds), np.array(sends))
    assert out[1].type == MESSAGES
    return out[0].to_pylist(), out[1].to_pylist()


def test_a_program_that_sends_none_puts_it_before_the_question() -> None:
    system, messages = sent(["Be terse."], ["cot"], [False])
    assert system == [None]
    assert messages == [[{"role": "user", "content": "Be terse.\n\nHow far?"}, ASK[1]]]


def test_a_program_that_sends_one_sends_the_pipelines() -> None:
    system, messages = sent(["Be terse.", None], ["cot", "cot"], [True, True])
    assert system == ["Be terse.", "Be terse."]
    assert messages == [ASK, ASK]


def test_rows_of_no_pipeline_stay_as_they_are() -> None:
    system, messages = sent(["Be kind.", None, "Be terse."], ["", "", "cot"], [False, True, True])
    assert system == ["Be kind.", None, "Be terse."]
    assert messages == [ASK] * 3


def test_a_pipeline_without_a_text_sends_none() -> None:
    assert sent([None, None], ["cot", "cot"], [True, False])[0] == [None, None]


def test_rows_without_messages_keep_none() -> None:
    _, messages = sent(["Be terse.", "Be terse."], ["cot", "cot"], [False, False], [None, ASK[:1]])
    assert messages == [None, [{"role": "user", "content": "Be terse.\n\nHow far?"}]]
