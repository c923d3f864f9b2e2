"""Bulk work of one firm: classification, translation, extraction, summaries, load tests, permitted data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from stillwatch.ranges.artefacts import SCRIPT_CLIENTS, SDK_CLIENTS, opaque
from stillwatch.ranges.chat import Chat
from stillwatch.ranges.ledger import Label
from stillwatch.ranges.prose import LANGUAGES, Topic, pick
from stillwatch.ranges.rhythm import burst, loads
from stillwatch.ranges.world import Account, Part, World


@dataclass(frozen=True)
class Job:
    """One kind of batch: fixed instructions, and how an item's prompt and answer are made."""

    system: str
    item: Callable[[Random, Topic], str]
    reply: Callable[[Random, Topic, str], str]
    params: dict[str, Any]


_INTENTS = ("billing", "delivery", "returns", "account", "complaint", "praise", "technical", "other")


def _classify(rng: Random, topic: Topic) -> Job:
    labels = ", ".join(rng.sample(_INTENTS, 6))
    return Job(
        f"Classify the ticket. {topic.passage(rng, 1)} Answer with JSON only, label one of: {labels}.",
        lambda r, t: f"Ticket: {t.passage(r, 1 + int(r.random() * 3))}",
        lambda r, t, p: f'{{"label": "{pick(r, _INTENTS)}", "confidence": 0.{int(r.random() * 50) + 50}}}',
        {"temperature": 0.0, "max_tokens": 60, "response_format": "json_object"},
    )


def _translate(rng: Random, topic: Topic) -> Job:
    target = Topic.draw(rng, pick(rng, LANGUAGES[1:]))
    return Job(
        f"Translate product texts into {target.lexicon.language}. {topic.passage(rng, 1)} Translation only.",
        lambda r, t: t.passage(r, 1 + int(r.random() * 3)),
        lambda r, t, p: target.passage(r, 2),
        {"temperature": 0.0},
    )


def _extract(rng: Random, topic: Topic) -> Job:
    schema = opaque("schema", topic.nouns)
    return Job(
        f"Extract as JSON: {', '.join(topic.nouns[:3])}. Use null where absent. {topic.passage(rng, 1)}",
        lambda r, t: f"Document {int(r.random() * 10**6)}\n{t.passage(r, 6)}",
        lambda r, t, p: "{" + ", ".join(f'"{n}": {int(r.random() * 900)}' for n in topic.nouns[:3]) + "}",
        {"temperature": 0.0, "response_format": schema},
    )


def _summarise(rng: Random, topic: Topic) -> Job:
    return Job(
        f"Summarise the article for our readers in three sentences. {topic.passage(rng, 1)}",
        lambda r, t: t.passage(r, 10 + int(r.random() * 12)),
        lambda r, t, p: t.answer(r, p, 3),
        {"temperature": 0.3, "max_tokens": 300},
    )


JOBS: dict[str, Callable[[Random, Topic], Job]] = {
    "classification_batch": _classify,
    "translation_batch": _translate,
    "extraction_batch": _extract,
    "summarisation_batch": _summarise,
}


def run_job(
    world: World, rng: Random, job: Job, topic: Topic, accounts: list[Account], count: int, label: Label
) -> None:
    """Run a batch in a few sittings, items shared out over the accounts in turn."""
    habits = {"model": "atlas-small-2", "system": job.system} | job.params
    sittings = max(1, min(4, int(world.days)))
    for sitting in range(sittings):
        begin = (sitting + 0.2 + 0.6 * rng.random()) * world.days * 86_400 / (sittings + 1)
        for at in burst(rng, count // sittings, begin, 1.2):
            text = job.item(rng, topic)
            chat = Chat(world, label, topic, dict(habits))
            account = accounts[int(at) % len(accounts)]
            if rng.random() < 0.01:
                chat.fail(account, at, text)
                at += 1.0 + rng.random()
            chat.ask(account, at, text, job.reply(rng, topic, text))


def single_batch(world: World, rng: Random, part: Part) -> None:
    """One account, one batch: `options.job` names which; several accounts are unrelated firms."""
    name = part.options["job"]
    label = Label(name)
    for count in loads(rng, part.accounts, part.exchanges, 2.0):
        topic = Topic.draw(rng)
        account = world.register(
            rng, world.networks.hosting(rng), pick(rng, SCRIPT_CLIENTS), label, plan="team"
        )
        run_job(world, rng, JOBS[name](rng, topic), topic, [account], count, label)


def firm_batch(world: World, rng: Random, part: Part) -> None:
    """One firm with several keys as accounts over one batch: declared, or only one network and one card."""
    label = Label("firm_batch" if part.options.get("declared") else "firm_batch_undeclared")
    org, network = world.token("org"), world.networks.hosting(rng)
    sdk, topic = pick(rng, SDK_CLIENTS), Topic.draw(rng)
    accounts = [
        world.register(
            rng,
            network,
            sdk,
            label,
            org_id=org if part.options.get("declared") else None,
            payment_fp=opaque("card", org),
            email_domain=f"{opaque('firm', org, length=8)}.example",
            verification="business",
        )
        for _ in range(part.accounts)
    ]
    job = JOBS[pick(rng, sorted(JOBS))](rng, topic)
    run_job(world, rng, job, topic, accounts, part.exchanges, label)


def load_test(world: World, rng: Random, part: Part) -> None:
    """One prompt, repeated as fast as the quota allows."""
    label = Label("load_test")
    for _ in range(part.accounts):
        account = world.register(rng, world.networks.hosting(rng), pick(rng, SCRIPT_CLIENTS), label)
        topic = Topic.draw(rng)
        text = topic.request(rng)
        for at in burst(rng, part.exchanges // part.accounts, rng.random() * world.days * 80_000, 0.3):
            chat = Chat(world, label, topic, {"model": "atlas-mini-1", "max_tokens": 64})
            if rng.random() < 0.05:
                chat.fail(account, at, text)
            else:
                chat.ask(account, at, text, topic.answer(rng, text, 2), finish_reason="length")


def permitted_synthesis(world: World, rng: Random, part: Part) -> None:
    """An account that may train on outputs, and makes instruction data openly."""
    label = Label("permitted_synthesis", capability="instruction_generation")
    for _ in range(part.accounts):
        account = world.register(
            rng,
            world.networks.hosting(rng),
            pick(rng, SCRIPT_CLIENTS),
            label,
            declared_use="synthetic_data",
            distillation_permitted=True,
            verification="business",
        )
        for at in burst(rng, part.exchanges // part.accounts, rng.random() * world.days * 60_000, 2.5):
            topic = Topic.draw(rng)
            text = (
                f"Write one new task for an assistant about {topic.nouns[0]} and {topic.nouns[1]}, "
                f"then solve it. Seed text: {topic.passage(rng, 2)}"
            )
            habits = {"model": "atlas-large-2", "temperature": 1.0, "max_tokens": 2048}
            Chat(world, label, topic, habits).ask(account, at, text, topic.answer(rng, text, 7))
