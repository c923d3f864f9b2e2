"""Conversations: requests whose history carries the issued answers verbatim."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from stillwatch.ranges.artefacts import opaque
from stillwatch.ranges.ledger import Label
from stillwatch.ranges.prose import Topic, pick
from stillwatch.ranges.rhythm import thinking
from stillwatch.ranges.world import Account, World

MODELS = ("atlas-large-2", "atlas-medium-2", "atlas-small-2", "atlas-mini-1")
MODEL_WEIGHTS = (0.3, 0.35, 0.25, 0.1)

ASSISTANTS = (
    "You are a helpful assistant.",
    "You are a helpful, honest assistant. Answer in the language of the user.",
    "You are a concise assistant. Avoid lists unless asked.",
    None,
    None,
)


def model(rng: Random) -> str:
    """Return the model an account habitually uses."""
    return rng.choices(MODELS, MODEL_WEIGHTS)[0]


@dataclass(slots=True)
class Chat:
    """One conversation, wherever it is carried on: every turn may be sent by another account."""

    world: World
    label: Label
    topic: Topic
    params: dict[str, Any]
    messages: list[dict[str, str]] = field(default_factory=list)
    blocks: list[str] = field(default_factory=list)  # opaque reasoning issued so far
    turns: int = 0

    @staticmethod
    def open(world: World, rng: Random, label: Label, topic: Topic | None = None, **params: Any) -> Chat:
        """Begin a conversation with the habits of an ordinary client."""
        habits = {"model": model(rng), "system": pick(rng, ASSISTANTS), "stream": rng.random() < 0.6} | params
        return Chat(world, label, topic or Topic.draw(rng), habits)

    def ask(self, account: Account, at: float, text: str, answer: str, **fields: Any) -> str:
        """Send a user message, receive `answer`, remember both; return the exchange id."""
        self.messages.append({"role": "user", "content": text})
        sent = self.send(account, at, answer, **fields)
        self.messages.append({"role": "assistant", "content": answer})
        return sent

    def say(self, rng: Random, account: Account, at: float, **fields: Any) -> str:
        """Take the next turn on the topic: an opening request, later a follow-up."""
        text, answer, more = self.words(rng)
        return self.ask(account, at, text, answer, **(more | fields))

    def words(self, rng: Random) -> tuple[str, str, dict[str, Any]]:
        """Return the next message and its answer; now and then small talk, or a refusal in stock words.

        Stock replies are the same for everybody: a shared history of them ties nobody to anybody.
        """
        lexicon, lot = self.topic.lexicon, rng.random()
        if lot < 0.04:
            text, answer = pick(rng, lexicon.small_talk)
            return text, answer, {}
        text = self.topic.follow_up(rng) if self.turns else self.topic.request(rng)
        if lot > 0.99:
            return text, lexicon.refusal, {"finish_reason": "refusal"}
        return text, self.topic.answer(rng, text), {}

    def send(self, account: Account, at: float, answer: str | None, **fields: Any) -> str:
        """Write the exchange that has the present history; does not extend the history."""
        self.turns += 1
        row = self.params | {"messages": list(self.messages), "output": answer} | fields
        if row.pop("thinks", False):
            row["reasoning_ref"] = list(self.blocks) or None
            block = opaque("block", account.account_id, at, length=64)
            row["reasoning_issued"] = [block]
            row.setdefault("reasoning_tokens", 200 + int(at * 7) % 3000)
            self.blocks.append(block)
        return self.world.emit(account, at, self.label, **row)

    def fail(self, account: Account, at: float, text: str | None, status: int = 429, **fields: Any) -> str:
        """Write a refused delivery of the next message (or of the present history); nothing is remembered."""
        asked = [{"role": "user", "content": text}] if text is not None else []
        kind = {429: "rate_limit_error", 529: "overloaded_error", 403: "permission_error"}.get(
            status, "api_error"
        )
        row = (
            self.params
            | fields
            | {"messages": [*self.messages, *asked], "status": status, "error_type": kind}
        )
        for name in ("reasoning_issued", "reasoning_tokens", "refusal_category"):
            row.pop(name, None)
        row.pop("thinks", None)
        return self.world.emit(account, at, self.label, **row)


def converse(chat: Chat, rng: Random, account: Account, begin: float, turns: int) -> float:
    """Let a person hold `turns` turns from `begin` on; a refused message is sent again by the same account.

    Returns the time after the last turn, in seconds since the start.
    """
    at = begin
    for _ in range(turns):
        if rng.random() < 0.008:
            text, answer, fields = chat.words(rng)
            chat.fail(account, at, text, pick(rng, (429, 429, 500, 529)))
            at += 0.5 + 8 * rng.random()
            chat.ask(account, at, text, answer, **fields)
        else:
            chat.say(rng, account, at)
        at += thinking(rng)
    return at


def turns_of(rng: Random, count: int, mean: float = 2.6, most: int = 12) -> list[int]:
    """Cut `count` exchanges into conversations of geometric length."""
    found: list[int] = []
    while count > 0:
        length = 1
        while length < min(count, most) and rng.random() < 1 - 1 / mean:
            length += 1
        found.append(length)
        count -= length
    return found
