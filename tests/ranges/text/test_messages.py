"""What an exchange sends: examples, what was said so far, what is said now; told by the parts, one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from stillwatch.exchanges.schema import MESSAGES
from stillwatch.ranges.hashing import mix
from stillwatch.ranges.text import Refs, Script, Talk
from tests.ranges.text.makers import refs, talk, texts

TEXTS = texts()
CHAT = Script("request", "follow_up", "answer", small_talk=0.2, refusal=0.2, later_answer="passage")
AGENT = Script("request", "follow_up", "answer", tool="passage", call="call", tool_names=("grep", "sed"))


def sent(asked: Talk) -> list[list[tuple[str, str]]]:
    found = TEXTS.messages(asked)
    found.validate(full=True)
    assert found.type == MESSAGES
    return [[(m["role"], m["content"]) for m in row] for row in found.to_pylist()]


def said(rule: str, topic: Any, seed: Any, profile: int, *arguments: Refs) -> str:
    one = Refs(*(np.array([v]) for v in (TEXTS.symbol(rule), np.uint64(topic), np.uint64(seed), 0)))
    return str(TEXTS.render(one, np.array([profile], np.uint8), *arguments)[0])


def test_the_next_exchange_quotes_the_answer_before() -> None:
    script = TEXTS.script(CHAT)
    for turn in range(4):
        now, later = (talk(50, script, turn=turn + more) for more in (0, 1))
        answers = TEXTS.answers(now)
        for before, after, answer in zip(sent(now), sent(later), answers.output.to_pylist(), strict=True):
            assert after[: len(before)] == before
            assert after[len(before)] == ("assistant", answer)
            assert [role for role, _ in after] == ["user", "assistant"] * (turn + 1) + ["user"]


def test_an_agent_s_next_exchange_quotes_its_call_and_brings_the_result() -> None:
    script = TEXTS.script(AGENT)
    for turn in range(3):
        now, later = (talk(20, script, turn=turn + more) for more in (0, 1))
        found = TEXTS.answers(now)
        parts = zip(found.output, found.call_name, found.call_arguments, strict=True)
        for before, after, (output, name, arguments) in zip(sent(now), sent(later), parts, strict=True):
            assert after[: len(before)] == before
            assert after[len(before)] == ("assistant", f"{output}\n[tool_call:{name}] {arguments}")
            assert after[-1][0] == "tool"
            assert len(after) == len(before) + 2


def test_only_held_turns_are_sent() -> None:
    script = TEXTS.script(CHAT)
    whole, held = sent(talk(30, script, turn=5)), sent(talk(30, script, turn=5, first=3))
    assert [row[6:] for row in whole] == held


def test_small_talk_is_answered_by_its_own_reply_whatever_the_sampling() -> None:
    script = TEXTS.script(Script("request", "follow_up", "answer", small_talk=1.0))
    asked = talk(60, script, turn=1, sample=np.arange(60))
    replies = {"Hello": "Hello to you", "Thanks": "Any time", "Bye": "See you"}
    for row, output in zip(sent(asked), TEXTS.answers(asked).output.to_pylist(), strict=True):
        assert row[1][1] == replies[row[0][1]]
        assert output == replies[row[2][1]]


def test_examples_are_the_same_before_every_conversation() -> None:
    script = TEXTS.script(Script("request", "follow_up", "answer", shots=2, shots_topic=5))
    other = TEXTS.script(Script("request", "follow_up", "answer", shots=2, shots_topic=6))
    rows, others = sent(talk(20, script, profile=np.arange(20))), sent(talk(1, other))
    assert len({tuple(row[:4]) for row in rows}) == 1
    assert rows[0][:4] != others[0][:4]
    assert rows[0][0] == ("user", said("request", mix(5, 0), 0, 0))
    assert [role for role, _ in rows[0]] == ["user", "assistant", "user", "assistant", "user"]


def test_arguments_stand_only_in_what_is_said_now() -> None:
    script = TEXTS.script(Script("instruction", "instruction", "answer"))
    n = 30
    argument = refs(TEXTS.symbol("call"), n)
    plain = TEXTS.render(argument).to_pylist()
    for row, text in zip(sent(talk(n, script, turn=1, arg0=argument)), plain, strict=True):
        assert text in row[-1][1]
        assert text not in row[0][1]


def test_samplings_differ_and_the_closing_answer_calls_nothing() -> None:
    script = TEXTS.script(AGENT)
    first, second = (TEXTS.answers(talk(50, script, sample=s)).output.to_pylist() for s in (0, 1))
    assert sum(a != b for a, b in zip(first, second, strict=True)) > 45
    found = TEXTS.answers(talk(3, script, closing=True))
    assert found.call_name.null_count == found.call_arguments.null_count == 3


def test_large_batches_outgrow_the_first_buffer() -> None:
    script = TEXTS.script(CHAT)
    asked = talk(3000, script, turn=4)
    assert sent(asked)[2990:] == sent(_tail(asked, 2990))


def _tail(asked: Talk, first: int) -> Talk:
    names = [n for n in vars(asked) if n not in ("arg0", "arg1")]
    n = len(asked) - first
    return Talk(**{k: getattr(asked, k)[first:] for k in names}, arg0=Refs.none(n), arg1=Refs.none(n))


def test_no_exchanges_send_nothing_and_unknown_scripts_are_told() -> None:
    assert sent(talk(0, 0)) == []
    with pytest.raises(ValueError, match=r"Talk\.script"):
        TEXTS.messages(talk(1, 999))
