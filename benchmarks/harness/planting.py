"""The pools planted into a mixed log: published pipeline templates filled from question banks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from harness.actors import Actor
from harness.corpus import Corpus, Speaker, Template
from stillwatch.ranges.chat import Chat
from stillwatch.ranges.ledger import Label
from stillwatch.ranges.pools.relay import Errand, Relay
from stillwatch.ranges.prose import Topic, lexicon, pick
from stillwatch.ranges.world import World

# Slugs of the capability taxonomy for the labels that the corpus gives its templates.
SLUGS = {
    "cot_reasoning_elicitation": "reasoning_elicitation",
    "rubric_grading": "rubric_grading",
    "preference_judging": "preference",
    "safe_rewriting": "safe_rewriting",
    "question_generation": "instruction_generation",
    "prompt_evolution": "instruction_generation",
    "agentic_swe_datagen": "agentic_coding",
    "code_datagen": "agentic_coding",
    "tool_use_datagen": "tool_use",
    "answer_generation": "benchmark_items",
    "verification": "rubric_grading",
}


@dataclass(frozen=True)
class Pool:
    """A pool to plant: its size, what share of its exchanges is harvest, and how its relay behaves."""

    name: str
    accounts: int
    each: int  # harvested exchanges an account
    capability: str  # of the corpus
    share: float = 1.0  # below 1 the relay carries customers, too
    schedule: str = "random"
    egress: str = "per_account"
    failure: float = 0.01
    bans: int = 0
    days: float = 1.0  # how long the harvest lasts
    campaign: bool = True


POOLS = (
    Pool("p005x200", 5, 200, "cot_reasoning_elicitation", schedule="round_robin"),
    Pool("p012x150", 12, 150, "rubric_grading", egress="shared"),
    Pool("p024x120", 24, 120, "cot_reasoning_elicitation", failure=0.05),
    Pool("p030x060-mixed", 30, 60, "answer_generation", share=0.5, egress="shared"),
    Pool("p040x050", 40, 50, "agentic_swe_datagen", schedule="round_robin", bans=6),
    Pool("p060x030-sticky", 60, 30, "question_generation", schedule="sticky", days=2.0),
    Pool("p080x030-mixed", 80, 30, "preference_judging", share=0.25, failure=0.03),
    Pool("p120x015", 120, 15, "code_datagen", egress="rotating", days=2.0),
    Pool("p200x010-mixed", 200, 10, "cot_reasoning_elicitation", share=0.4, egress="rotating"),
    Pool("p300x006", 300, 6, "rubric_grading", days=2.0),
    Pool("resale-040", 40, 0, "", share=0.0, campaign=False),
)


@dataclass
class Planted:
    """A pool at work: its relay, its template and its part of the questions."""

    pool: Pool
    relay: Relay
    label: Label
    template: Template | None
    items: Iterator[tuple[str, str]]
    speaker: Speaker
    kept: list[str] = field(default_factory=list)

    def harvest(self, at: float) -> None:
        """Send the next item of the harvest."""
        habits = {"model": "atlas-large-2", "temperature": 0.8, "max_tokens": 4096}
        chat = Chat(self.relay.world, self.label, _NO_TOPIC, habits)
        self.relay.deliver(Errand(at, self.pool.name, chat, self._write, self.label))

    def serve(self, customer: Actor, rng: Random, at: float) -> None:
        """Send the next turn of a paying customer through the relay."""
        chat = customer.next_chat(self.relay.world, rng, at)

        def write(r: Random) -> tuple[str, str, dict[str, Any]]:
            text = customer.script.pop(0)
            return text, self.speaker.answer(r, text, int(customer.tenant.tokens[int(r.random() * 64)])), {}

        self.relay.deliver(Errand(at, f"{id(chat)}", chat, write, customer.label))

    def _write(self, rng: Random) -> tuple[str, str, dict[str, Any]]:
        assert self.template is not None
        question, known = next(self.items)
        grades = SLUGS.get(self.template.capability) in ("rubric_grading", "preference")
        shown = (
            pick(rng, self.kept) if grades and self.kept else known or self.speaker.answer(rng, question, 40)
        )
        topic = self.speaker.topic(rng, question)
        text = self.template.fill(question, shown, topic, rng)
        said = self.speaker.answer(rng, text[-1_500:], 120)
        if len(self.kept) < 2_000:
            self.kept.append(said)
        return text, said, {}


_NO_TOPIC = Topic(lexicon("en"), ("text",), ("text",))


def plant(world: World, pool: Pool, corpus: Corpus, speaker: Speaker, number: int) -> Planted:
    """Open the accounts of a pool and give it a template and questions of its own."""
    rng = world.branch("pool", pool.name)
    fitting = [t for t in corpus.templates if t.capability == pool.capability]
    template = fitting[(7 * number) % len(fitting)] if fitting else None
    slug = SLUGS.get(pool.capability)
    label = Label("harvest", pool.name, slug) if pool.campaign else Label("resale_pool")
    role = "customer" if not pool.campaign else "operator" if pool.share == 1.0 else "mixed"
    relay = Relay(
        world,
        rng,
        label,
        role,
        schedule=pool.schedule,
        egress=pool.egress,
        failure=pool.failure,
        bans=pool.bans,
    ).staff(pool.accounts)
    return Planted(pool, relay, label, template, _items(rng, corpus, pool), speaker)


def _items(rng: Random, corpus: Corpus, pool: Pool) -> Iterator[tuple[str, str]]:
    """Yield the pool's part of a bank, shuffled, without repetition until it is used up."""
    bank: list[tuple[str, str]] = list(corpus.questions)
    if SLUGS.get(pool.capability) in ("instruction_generation", "agentic_coding"):
        bank = [(seed, "") for seed in corpus.seeds]
    rng.shuffle(bank)
    while True:
        yield from bank
