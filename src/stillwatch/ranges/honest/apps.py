"""Products built on the API: retrieval, a popular open-source app, resellers, fallback routers."""

from __future__ import annotations

from random import Random

from stillwatch.ranges.artefacts import RELAY_CLIENTS, SDK_CLIENTS, SERVER_CLIENTS, opaque
from stillwatch.ranges.chat import Chat, converse, model, turns_of
from stillwatch.ranges.ledger import Label
from stillwatch.ranges.prose import Topic, pick
from stillwatch.ranges.rhythm import EVEN, HOME, OFFICE, loads, moments
from stillwatch.ranges.world import Account, Part, World

MINUTES_SYSTEM = (
    "You turn meeting transcripts into minutes. List decisions first, then open questions, then action items "
    "with owner and due date. Keep names exactly as spoken. If no decision was taken, say so. "
    "Do not invent attendees. Write in the language of the transcript."
)
MINUTES_PROMPT = (
    "Transcript of the meeting follows between the rulers.\n-----\n{text}\n-----\nWrite the minutes."
)


def rag_products(world: World, rng: Random, part: Part) -> None:
    """Question answering over a firm's own documents: one account a product, one small store."""
    label = Label("rag_app")
    for count in loads(rng, part.accounts, part.exchanges, 1.6):
        topic = Topic.draw(rng)
        account = world.register(
            rng, world.networks.hosting(rng), pick(rng, SERVER_CLIENTS), label, plan="team"
        )
        store = [topic.passage(rng, 5) for _ in range(30)]
        system = f"You answer questions from the context only. {topic.passage(rng, 2)} Cite as [1], [2]."
        habits = {"model": model(rng), "temperature": 0.2, "max_tokens": 800}
        for at in moments(rng, count, world.days, OFFICE, account.zone):
            found = rng.sample(store, 3)
            context = "\n\n".join(f"[{i}] {text}" for i, text in enumerate(found, 1))
            chat = Chat(world, label, topic, habits | {"system": system})
            text = f"Context:\n{context}\n\nQuestion: {topic.request(rng)}"
            chat.ask(account, at, text, topic.answer(rng, text, 3) + " [1]", end_user_id=world.token("eu"))


def popular_app(world: World, rng: Random, part: Part) -> None:
    """One open-source app, one template, hundreds of unrelated small customers with their own timing."""
    label = Label("popular_app", capability="data_analysis")
    for count in loads(rng, part.accounts, part.exchanges, 1.05):
        network = world.networks.hosting(rng) if rng.random() < 0.4 else world.networks.home(rng)
        account = world.register(rng, network, pick(rng, SDK_CLIENTS[:12]), label)
        habits = {"model": model(rng), "system": MINUTES_SYSTEM, "temperature": 0.3}
        language = Topic.draw(rng).lexicon.language
        for at in moments(rng, count, world.days, OFFICE, account.zone):
            topic = Topic.draw(rng, language)
            text = MINUTES_PROMPT.format(text=topic.passage(rng, 4 + int(rng.random() * 10)))
            Chat(world, label, topic, dict(habits)).ask(account, at, text, topic.answer(rng, text, 5))


def _end_users(
    world: World, rng: Random, part: Part, label: Label, accounts: list[Account], client_users: int
) -> None:
    """Serve many end users through the accounts of one gateway; each user sticks to one account."""
    users = [(world.token("eu"), pick(rng, accounts)) for _ in range(client_users)]
    lengths = turns_of(rng, part.exchanges)
    for begin, turns in zip(moments(rng, len(lengths), world.days, HOME), lengths, strict=True):
        user, account = pick(rng, users)
        chat = Chat.open(world, rng, label, end_user_id=user, platform="gateway:openway")
        converse(chat, rng, account, begin, turns)


def honest_gateway(world: World, rng: Random, part: Part) -> None:
    """A declared reseller: one account, or several at one address, that declare what they are."""
    label = Label("honest_reseller")
    org, network = world.token("org"), world.networks.hosting(rng)
    accounts = [
        world.register(
            rng,
            network,
            RELAY_CLIENTS[0],
            label,
            org_id=org if part.options.get("declares_org") else None,
            declared_use="reseller",
            verification="business",
            payment_fp=opaque("card", org),
            email_domain=f"{opaque('firm', org, length=8)}.example",
        )
        for _ in range(part.accounts)
    ]
    for account in accounts:
        account.shared_connection = org
    _end_users(world, rng, part, label, accounts, 12 * part.accounts)


def fallback_routers(world: World, rng: Random, part: Part) -> None:
    """Clients that send a refused prompt again through their own second account at once (same card)."""
    label = Label("fallback_router")
    for _ in range(part.accounts // 2):
        first = world.register(rng, world.networks.hosting(rng), pick(rng, SERVER_CLIENTS), label)
        card, domain = first.table["payment_fp"], first.table["email_domain"]
        second = world.register(rng, first.network, first.client, label, payment_fp=card, email_domain=domain)
        topic = Topic.draw(rng)
        habits = {"model": model(rng), "system": topic.passage(rng, 2)}
        for at in moments(rng, max(2, part.exchanges * 2 // part.accounts), world.days, EVEN):
            chat, text = Chat(world, label, topic, dict(habits)), topic.request(rng)
            if rng.random() < 0.12:
                chat.fail(first, at, text, pick(rng, (429, 529)))
                if rng.random() < 0.5:  # the other half goes to another provider and is never seen here
                    chat.ask(second, at + 0.08 + rng.random() / 4, text, topic.answer(rng, text))
            else:
                chat.ask(first, at, text, topic.answer(rng, text))


def key_rotations(world: World, rng: Random, part: Part) -> None:
    """A firm that renews its key monthly by opening a new account of the same organisation; retries once."""
    label = Label("key_rotation")
    for _ in range(part.accounts // 2):
        org = world.token("org")
        shared = {"org_id": org, "payment_fp": opaque("card", org)}
        network, sdk = world.networks.hosting(rng), pick(rng, SERVER_CLIENTS)
        old, new = (world.register(rng, network, sdk, label, **shared) for _ in range(2))
        switch = world.days * 86_400 * (0.3 + 0.4 * rng.random())
        topic, habits = Topic.draw(rng), {"model": model(rng), "temperature": 0.0}
        for at in moments(rng, max(2, part.exchanges * 2 // part.accounts), world.days, OFFICE):
            chat, text = Chat(world, label, topic, dict(habits)), topic.request(rng)
            account = old if at < switch else new
            if account is new and at - switch < 7200:
                chat.fail(old, at - 0.2, text, 403)
            chat.ask(account, at, text, topic.answer(rng, text))
