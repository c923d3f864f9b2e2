"""Many people at one address: offices, agencies, classes, hackathons; and firms with many keys."""

from __future__ import annotations

from random import Random
from typing import Any

from stillwatch.ranges.artefacts import CHAT_CLIENTS, SCRIPT_CLIENTS, SDK_CLIENTS, Network, opaque
from stillwatch.ranges.chat import Chat, converse, turns_of
from stillwatch.ranges.honest.people import chat_all_week
from stillwatch.ranges.ledger import Label
from stillwatch.ranges.prose import Topic, pick
from stillwatch.ranges.rhythm import OFFICE, loads, moments
from stillwatch.ranges.world import Account, Part, World


def _one_roof(
    world: World, rng: Random, label: Label, count: int, network: Network, **table: Any
) -> list[Account]:
    """Open accounts of unrelated people whose traffic leaves through one address and one gateway."""
    gateway = opaque("roof", network.ip, rng.random())
    found = []
    for _ in range(count):
        account = world.register(rng, network, pick(rng, (*CHAT_CLIENTS, *SDK_CLIENTS)), label, **table)
        account.shared_connection = gateway
        found.append(account)
    return found


def office(world: World, rng: Random, part: Part) -> None:
    """An office behind one NAT address and one outgoing gateway; everybody has an account of their own."""
    label = Label("office_nat")
    accounts = _one_roof(world, rng, label, part.accounts, world.networks.office(rng))
    for account, count in zip(accounts, loads(rng, part.accounts, part.exchanges), strict=True):
        chat_all_week(world, rng, account, label, count)


def agency(world: World, rng: Random, part: Part) -> None:
    """A copy agency: one address, one house style in everybody's prompts, clients of their own."""
    label = Label("agency_nat")
    style = Topic.draw(rng, "en")
    house = f"House style: {style.passage(rng, 4)}"
    accounts = _one_roof(world, rng, label, part.accounts, world.networks.office(rng))
    for account, count in zip(accounts, loads(rng, part.accounts, part.exchanges), strict=True):
        lengths = turns_of(rng, count)
        for begin, turns in zip(moments(rng, len(lengths), world.days, OFFICE), lengths, strict=True):
            converse(Chat.open(world, rng, label, system=house), rng, account, begin, turns)


def classroom(world: World, rng: Random, part: Part) -> None:
    """A class that runs one notebook: the same questions in the same hour, on campus or from home."""
    campus = bool(part.options.get("campus"))
    label = Label("class_campus" if campus else "class_homes")
    network = world.networks.office(rng)
    if campus:
        accounts = _one_roof(world, rng, label, part.accounts, network, programme="education")
    else:
        accounts = [
            world.register(
                rng, world.networks.home(rng), pick(rng, SCRIPT_CLIENTS), label, programme="education"
            )
            for _ in range(part.accounts)
        ]
    topic = Topic.draw(rng)
    system = f"You are the assistant of the course. {topic.passage(rng, 2)}"
    cells = [topic.request(rng) for _ in range(max(2, part.exchanges // part.accounts))]
    begin = (int(world.days * 0.4) * 24 + 9) * 3600.0
    for account in accounts:
        at = begin + 900 * rng.random()
        for text in cells:
            chat = Chat(
                world, label, topic, {"model": "atlas-medium-2", "system": system, "temperature": 0.7}
            )
            chat.ask(account, at, text, topic.answer(rng, text))
            at += 60 + 240 * rng.random()
            if rng.random() < 0.2:
                chat.say(rng, account, at)


def hackathon(world: World, rng: Random, part: Part) -> None:
    """Two nights, one hall, new accounts with event credit, starter code with one system text."""
    label = Label("hackathon")
    starter = Topic.draw(rng, "en")
    system = f"You are the starter bot of the hackathon. {starter.passage(rng, 3)}"
    fresh = {"created_at": world.instant(-3600.0), "programme": "startup", "payment_fp": None}
    network = world.networks.office(rng)
    accounts = _one_roof(world, rng, label, part.accounts, network, **fresh)
    for account, count in zip(accounts, loads(rng, part.accounts, part.exchanges, 2.0), strict=True):
        at = world.days * 86_400 * 0.5
        for turns in turns_of(rng, count):
            prompt = system if rng.random() < 0.6 else f"You help with {pick(rng, starter.domain)}."
            chat = Chat.open(world, rng, label, Topic.draw(rng, "en"), system=prompt)
            at = converse(chat, rng, account, at + 1800 * rng.random(), turns)


def enterprise(world: World, rng: Random, part: Part) -> None:
    """One firm with many keys as accounts, several products; declared as one organisation or not."""
    declared = bool(part.options.get("declared"))
    label = Label("enterprise" if declared else "enterprise_undeclared")
    org, base = world.token("org"), world.networks.hosting(rng)
    products = [
        (t, f"{t.passage(rng, 3)} Answer for employees only.") for t in (Topic.draw(rng) for _ in range(4))
    ]
    for count in loads(rng, part.accounts, part.exchanges, 1.4):
        account = world.register(
            rng,
            world.networks.beside(rng, base),
            pick(rng, SDK_CLIENTS[:6]),
            label,
            org_id=org if declared else None,
            payment_fp=opaque("card", org),
            email_domain=f"{opaque('firm', org, length=8)}.example",
            verification="business",
        )
        topic, system = pick(rng, products)
        lengths = turns_of(rng, count, 1.6)
        for begin, turns in zip(
            moments(rng, len(lengths), world.days, OFFICE, 1.0, 0.15), lengths, strict=True
        ):
            converse(Chat.open(world, rng, label, topic, system=system), rng, account, begin, turns)


def migrations(world: World, rng: Random, part: Part) -> None:
    """An account is closed and a new one of the same organisation goes on with its conversations."""
    label = Label("key_migration")
    for _ in range(part.accounts // 2):
        org, network, sdk = world.token("org"), world.networks.office(rng), pick(rng, SDK_CLIENTS)
        shared = {"org_id": org, "payment_fp": opaque("card", org)}
        old, new = (world.register(rng, network, sdk, label, **shared) for _ in range(2))
        switch = world.days * 86_400 * (0.3 + 0.4 * rng.random())
        for begin in moments(rng, max(2, part.exchanges // (2 * part.accounts)), world.days, OFFICE):
            chat = Chat.open(world, rng, label)
            at = converse(chat, rng, old if begin < switch else new, begin, 2)
            if begin < switch and rng.random() < 0.6:
                converse(chat, rng, new, max(at, switch) + 7200 * rng.random(), 2)
