"""Honest customers of a relay: their conversations hop between the pool's accounts."""

from __future__ import annotations

from random import Random
from typing import Any

from stillwatch.ranges import programs
from stillwatch.ranges.artefacts import SDK_CLIENTS
from stillwatch.ranges.chat import Chat, turns_of
from stillwatch.ranges.ledger import Label
from stillwatch.ranges.pools.relay import Errand
from stillwatch.ranges.prose import Topic, pick
from stillwatch.ranges.rhythm import HOME, moments, thinking
from stillwatch.ranges.world import World


def customers(world: World, rng: Random, label: Label, count: int, **params: Any) -> list[Errand]:
    """Return the requests of unrelated people who bought access: chats, and some coding questions."""
    found: list[Errand] = []
    lengths = turns_of(rng, count, 3.2)
    for number, (begin, turns) in enumerate(
        zip(moments(rng, len(lengths), world.days, HOME, rng.gauss(0, 6)), lengths, strict=True)
    ):
        topic = Topic.draw(rng)
        chat = Chat.open(world, rng, label, topic, **params)
        coding = rng.random() < 0.25
        at, client = begin, pick(rng, SDK_CLIENTS)
        for _ in range(turns):
            found.append(Errand(at, f"{label.kind}{number}", chat, _writer(chat, coding), label, client))
            at += thinking(rng)
    return found


def _writer(chat: Chat, coding: bool) -> Any:
    def write(rng: Random) -> tuple[str, str, dict[str, Any]]:
        if coding:
            text = f"{programs.task(rng)}\n{programs.fault(rng)}\n{programs.function(rng)}"
            return text, programs.change(rng), {}
        return chat.words(rng)

    return write
