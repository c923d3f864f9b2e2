"""Honest actors of a mixed log: who they are, what they open with, and how they go on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from harness.arrivals import Tenant
from harness.corpus import SLOT, Corpus, Speaker
from stillwatch.ranges import programs
from stillwatch.ranges.artefacts import AGENT_CLIENTS, CHAT_CLIENTS, SERVER_CLIENTS, Client, Network, opaque
from stillwatch.ranges.chat import Chat, model
from stillwatch.ranges.ledger import Label
from stillwatch.ranges.prose import Topic, lexicon, pick
from stillwatch.ranges.world import Account, World

RESUME = 1_800.0  # seconds after which a conversation is over

# What opens a conversation: its columns, and the user messages to come.
Opening = tuple[dict[str, Any], list[str]]


@dataclass
class Actor:
    """One account with one habit. `open_` draws a conversation; a turn is taken at each arrival."""

    account: Account | None  # None for the customer of a relay
    label: Label
    tenant: Tenant
    open_: Callable[[Random], Opening]
    tool_loop: bool = False
    most_tokens: int = 400  # of an answer
    chat: Chat | None = None
    script: list[str] = field(default_factory=list)
    last: float = -1e9

    def step(self, world: World, rng: Random, speaker: Speaker, at: float) -> None:
        """Take the next turn at `at`, in a new conversation if the old one is over."""
        assert self.account is not None
        chat = self.next_chat(world, rng, at)
        text = self.script.pop(0)
        tokens = min(self.most_tokens, int(self.tenant.tokens[int(rng.random() * 64)]))
        answer = speaker.answer(rng, text, tokens) if tokens > 8 else pick(rng, _VERDICTS)
        if rng.random() < 0.006:
            chat.fail(self.account, at, text, pick(rng, (429, 429, 500, 529)))
            at += 0.5 + 6 * rng.random()
        if self.tool_loop:
            self._work(chat, rng, at, text, answer)
        else:
            chat.ask(self.account, at, text, answer)

    def next_chat(self, world: World, rng: Random, at: float) -> Chat:
        """Return the conversation that goes on at `at`."""
        if self.chat is None or not self.script or at - self.last > RESUME:
            habits, self.script = self.open_(rng)
            self.chat = Chat(world, self.label, _NO_TOPIC, habits)
        self.last = at
        return self.chat

    def _work(self, chat: Chat, rng: Random, at: float, text: str, answer: str) -> None:
        """Ask, or hand in a tool's result, as an agent does: the whole history every time."""
        assert self.account is not None
        role = "user" if not chat.messages or rng.random() < 0.2 else "tool"
        said = text if role == "user" else programs.tool_result(rng)
        chat.messages.append({"role": role, "content": said})
        call = [{"name": "run_command", "arguments": f'{{"cmd": "{programs.path(rng)}"}}'}]
        chat.send(self.account, at, answer, thinks=True, tool_calls=call, finish_reason="tool_calls")
        spoken = f"{answer}\n[tool_call:run_command] {call[0]['arguments']}"
        chat.messages.append({"role": "assistant", "content": spoken})


_VERDICTS = (
    "billing",
    "delivery",
    "account",
    "technical",
    "other",
    "complaint",
    "card",
    "transfer",
    "unclear",
)
_NO_TOPIC = Topic(lexicon("en"), ("text",), ("text",))


class Cast:
    """Makes honest actors of every kind out of the corpus."""

    # Share of accounts by kind; loads are drawn apart.
    MIX = (
        ("chat", 0.50),
        ("persona_chat", 0.16),
        ("support_bot", 0.06),
        ("coding_agent", 0.12),
        ("app", 0.08),
        ("classification_batch", 0.02),
        ("office_nat", 0.05),
        ("eval_run", 0.01),
    )

    def __init__(
        self, world: World, corpus: Corpus, speaker: Speaker, tenants: list[Tenant], rng: Random
    ) -> None:
        self.world, self.corpus, self.speaker, self.tenants, self.rng = world, corpus, speaker, tenants, rng
        self._offices: list[tuple[Network, str]] = []
        self._orgs: list[dict[str, Any]] = []

    def actor(self) -> Actor:
        """Return one more actor, with a new account."""
        kinds, weights = zip(*self.MIX, strict=True)
        kind = self.rng.choices(kinds, weights)[0]
        label = Label(kind)
        account = self._account(kind, label)
        maker = getattr(self, f"_{kind}")
        actor = Actor(account, label, pick(self.rng, self.tenants), maker(account), kind == "coding_agent")
        actor.most_tokens = {"classification_batch": 6, "eval_run": 120}.get(kind, 400)
        return actor

    def customer(self, kind: str) -> Actor:
        """Return somebody who comes through a relay; the account is the relay's, a new one each turn."""
        maker = self._chat if self.rng.random() < 0.7 else self._persona_chat
        return Actor(None, Label(kind), pick(self.rng, self.tenants), maker(None))

    def _account(self, kind: str, label: Label) -> Account:
        rng, nets = self.rng, self.world.networks
        served = kind in ("support_bot", "app", "classification_batch", "eval_run")
        network = nets.hosting(rng) if served else nets.home(rng)
        clients: tuple[Client, ...] = SERVER_CLIENTS if served or rng.random() < 0.4 else CHAT_CLIENTS
        gateway = None
        if kind == "coding_agent":
            clients = AGENT_CLIENTS
        if kind == "office_nat":
            if not self._offices or rng.random() < 1 / 30:
                self._offices.append((nets.office(rng), self.world.token("roof")))
            network, gateway = self._offices[-1]
        account = self.world.register(rng, network, pick(rng, clients), label, **self._org(served))
        account.shared_connection = gateway
        return account

    def _org(self, served: bool) -> dict[str, Any]:
        """Return the columns of a firm with several accounts, declared or not, or none."""
        rng = self.rng
        if not served or rng.random() < 0.5:
            return {}
        if not self._orgs or rng.random() < 0.3:
            name = self.world.token("org")
            shared = {"payment_fp": opaque("card", name), "email_domain": f"{opaque(name, length=8)}.example"}
            self._orgs.append(shared | ({"org_id": name} if rng.random() < 0.7 else {}))
        return self._orgs[-1]

    def _told(self, rng: Random, text: str) -> str:
        """Return a prompt with a situation told before or after it: the corpus is small, people are not."""
        topic = self.speaker.topic(rng, text)
        if rng.random() < 0.2:
            return text
        words = topic.passage(rng, 1 + int(rng.random() * 3))
        return f"{words}\n\n{text}" if rng.random() < 0.5 else f"{text}\n\n{words}"

    def _talk(self, rng: Random, talks: tuple[tuple[str, ...], ...]) -> list[str]:
        first, *rest = pick(rng, talks)
        return [self._told(rng, first), *rest]

    def _chat(self, account: Account | None) -> Callable[[Random], Opening]:
        habits = {"model": model(self.rng), "stream": True}
        return lambda rng: (dict(habits), self._talk(rng, self.corpus.chats))

    _office_nat = _chat

    def _persona_chat(self, account: Account | None) -> Callable[[Random], Opening]:
        # Popular personas are used by many, most by few.
        at = int(len(self.corpus.personas) * self.rng.random() ** 2.5)
        habits = {"model": model(self.rng), "system": self.corpus.personas[at], "stream": True}
        return lambda rng: (dict(habits), self._talk(rng, self.corpus.chats))

    def _support_bot(self, account: Account) -> Callable[[Random], Opening]:
        topic = Topic.draw(self.rng)
        system = (
            f"You are the help desk of {opaque(account.account_id, length=6)}. {topic.passage(self.rng, 6)}"
        )
        habits = {"model": model(self.rng), "system": system, "temperature": 0.3}

        def open_(rng: Random) -> Opening:
            return habits | {"end_user_id": self.world.token("eu")}, self._talk(rng, self.corpus.support)

        return open_

    def _coding_agent(self, account: Account) -> Callable[[Random], Opening]:
        at = int(len(self.corpus.agents) * self.rng.random() ** 3)
        tools = ["read_file", "edit_file", "run_command", "search"]
        habits = {
            "model": model(self.rng),
            "system": f"{self.corpus.agents[at]}\nproject: {opaque(account.account_id, length=6)}",
            "tools": tools,
            "tools_hash": opaque("tools", at),
            "stream": True,
        }

        def open_(rng: Random) -> Opening:
            first = programs.task(rng) if rng.random() < 0.6 else pick(rng, self.corpus.tasks)[0]
            return dict(habits), [self._told(rng, first)] * (2 + int(rng.random() * 10))

        return open_

    def _app(self, account: Account) -> Callable[[Random], Opening]:
        """One of the published application templates, filled with the customer's own texts."""
        text = pick(self.rng, self.corpus.apps)
        own = Topic.draw(self.rng)
        habits = {"model": model(self.rng), "temperature": 0.2}

        def open_(rng: Random) -> Opening:
            filled = SLOT.sub(lambda _: own.passage(rng, 2), text)
            return dict(habits), [f"{filled}\n\n{own.passage(rng, 3)}"]

        return open_

    def _classification_batch(self, account: Account) -> Callable[[Random], Opening]:
        own = Topic.draw(self.rng)
        system = f"Classify the message. {own.passage(self.rng, 3)} Reply with one label."
        habits = {"model": "atlas-small-2", "system": system, "temperature": 0.0, "max_tokens": 20}
        return lambda rng: (dict(habits), [pick(rng, self.corpus.support)[0]])

    def _eval_run(self, account: Account) -> Callable[[Random], Opening]:
        """A run over a public benchmark in its own order: everybody asks the same items."""
        begin = pick(self.rng, (0, 3_000, 6_000, 9_000))
        counter = iter(range(10**9))
        habits = {"model": "atlas-large-2", "temperature": 0.0, "max_tokens": 512}

        def open_(rng: Random) -> Opening:
            question, _ = self.corpus.questions[(begin + next(counter) % 2_500) % len(self.corpus.questions)]
            return dict(habits), [f"Question: {question}\nAnswer:"]

        return open_
