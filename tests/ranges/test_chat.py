from __future__ import annotations

from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from stillwatch.ranges.chat import Chat, converse, model, turns_of
from stillwatch.ranges.honest.people import person
from stillwatch.ranges.ledger import Label
from stillwatch.ranges.prose import LANGUAGES, lexicon
from stillwatch.ranges.world import World


def test_the_history_carries_the_issued_answers_verbatim(world: World, rng: Random) -> None:
    account = person(world, rng, Label("chat"))
    chat = Chat.open(world, rng, Label("chat"))
    converse(chat, rng, account, 100.0, 6)
    rows = [r for r in world.ledger.exchanges().to_pylist() if r["status"] == 200]
    assert len(rows) == 6
    for earlier, later in pairwise(rows):
        assert later["messages"][: len(earlier["messages"])] == earlier["messages"]
        assert later["messages"][len(earlier["messages"])]["content"] == earlier["output"]


def test_a_refused_message_is_not_remembered(world: World, rng: Random) -> None:
    account = person(world, rng, Label("chat"))
    chat = Chat.open(world, rng, Label("chat"))
    chat.fail(account, 1.0, "hello", 529)
    assert chat.messages == [] and chat.turns == 0
    (row,) = world.ledger.exchanges().to_pylist()
    assert (row["status"], row["error_type"]) == (529, "overloaded_error")


@given(st.integers(0, 99), st.integers(0, 200))
def test_conversations_share_out_all_exchanges(seed: int, count: int) -> None:
    lengths = turns_of(Random(seed), count)
    assert sum(lengths) == count and all(1 <= n <= 12 for n in lengths)


def test_small_talk_and_refusals_are_in_stock_words(world: World, rng: Random) -> None:
    said = [Chat.open(world, rng, Label("chat")).words(rng) for _ in range(1_500)]
    refusals = [answer for _, answer, fields in said if fields.get("finish_reason") == "refusal"]
    assert refusals and set(refusals) <= {lexicon(name).refusal for name in LANGUAGES}
    stock = {pair for name in LANGUAGES for pair in lexicon(name).small_talk}
    assert 20 < sum((text, answer) in stock for text, answer, _ in said) < 150


def test_habits_name_a_model(rng: Random) -> None:
    assert model(rng).startswith("atlas-")
