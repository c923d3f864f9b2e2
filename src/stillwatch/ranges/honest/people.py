"""People who chat: alone, with several accounts, shared chats, at night, with lost history."""

from __future__ import annotations

from random import Random
from typing import Any

from stillwatch.ranges.artefacts import CHAT_CLIENTS, SDK_CLIENTS, opaque
from stillwatch.ranges.chat import Chat, converse, turns_of
from stillwatch.ranges.ledger import Label
from stillwatch.ranges.prose import Topic, pick
from stillwatch.ranges.rhythm import HOME, NIGHT, loads, moments, thinking
from stillwatch.ranges.world import Account, Part, World


def person(world: World, rng: Random, label: Label, **table: Any) -> Account:
    """Open an account of a private person."""
    client = pick(rng, CHAT_CLIENTS if rng.random() < 0.6 else SDK_CLIENTS)
    account = world.register(rng, world.networks.home(rng), client, label, **table)
    account.device_id = opaque("device", account.account_id) if client.sdk is None else None
    return account


def chat_all_week(world: World, rng: Random, account: Account, label: Label, count: int) -> None:
    """Let one person hold conversations of `count` exchanges in all, over the whole range."""
    language = Topic.draw(rng).lexicon.language
    lengths = turns_of(rng, count)
    for begin, turns in zip(moments(rng, len(lengths), world.days, HOME, account.zone), lengths, strict=True):
        topic = Topic.draw(rng, language if rng.random() < 0.9 else "en")
        converse(Chat.open(world, rng, label, topic), rng, account, begin, turns)


def chat_users(world: World, rng: Random, part: Part) -> None:
    """Unrelated people with conversations of their own."""
    label = Label("chat")
    for count in loads(rng, part.accounts, part.exchanges):
        chat_all_week(world, rng, person(world, rng, label), label, count)


def tutors(world: World, rng: Random, part: Part) -> None:
    """Long multi-turn lessons: one learner an account, the same tutor prompt in each account's own words."""
    label = Label("tutor")
    for count in loads(rng, part.accounts, part.exchanges, 2.5):
        account = person(world, rng, label)
        topic = Topic.draw(rng)
        system = f"Be a patient tutor. {topic.passage(rng, 3)}"
        lengths = turns_of(rng, count, 7.0, 20)
        for begin, turns in zip(
            moments(rng, len(lengths), world.days, HOME, account.zone), lengths, strict=True
        ):
            converse(Chat.open(world, rng, label, topic, system=system), rng, account, begin, turns)


def night_owls(world: World, rng: Random, part: Part) -> None:
    """New accounts, behind a consumer VPN, busy at night, with throwaway mail: and honest."""
    label = Label("night_vpn")
    for count in loads(rng, part.accounts, part.exchanges, 2.0):
        account = person(world, rng, label, **world.throwaway(rng))
        lengths = turns_of(rng, count)
        for begin, turns in zip(moments(rng, len(lengths), world.days, NIGHT), lengths, strict=True):
            account.network = world.networks.vpn(rng)
            converse(Chat.open(world, rng, label), rng, account, begin, turns)


def several_accounts(world: World, rng: Random, part: Part) -> None:
    """One person with 2 to 4 accounts from one home, taking up a conversation on another account at times."""
    label = Label("several_accounts")
    left = part.accounts
    while left > 0:
        first = person(world, rng, label)
        own = [first]
        for _ in range(min(left, 2 + int(rng.random() * 3)) - 1):
            same_card = {"payment_fp": first.table["payment_fp"]} if rng.random() < 0.6 else {}
            other = world.register(rng, first.network, first.client, label, **same_card)
            other.device_id, other.zone = first.device_id, first.zone
            own.append(other)
        left -= len(own)
        share = max(1, part.exchanges * len(own) // part.accounts)
        lengths = turns_of(rng, share)
        for begin, turns in zip(
            moments(rng, len(lengths), world.days, HOME, first.zone), lengths, strict=True
        ):
            chat = Chat.open(world, rng, label)
            at = converse(chat, rng, pick(rng, own), begin, turns)
            if rng.random() < 0.15:
                chat.say(rng, pick(rng, own), at + 600 * rng.random())


def shared_chats(world: World, rng: Random, part: Part) -> None:
    """Friends who send each other a chat: the other account goes on from a copy of the history."""
    label = Label("shared_chat")
    for _ in range(part.accounts // 2):
        pair = [person(world, rng, label), person(world, rng, label)]
        share = max(2, part.exchanges * 2 // part.accounts)
        for account in pair:
            chat_all_week(world, rng, account, label, max(1, share // 2 - 2))
        chat = Chat.open(world, rng, label)
        begin = rng.random() * world.days * 80_000
        at = converse(chat, rng, pair[0], begin, 2) + 3600 * rng.random()
        fork = Chat(world, label, chat.topic, dict(chat.params), list(chat.messages), turns=chat.turns)
        converse(fork, rng, pair[1], at, 1 + int(rng.random() * 2))


def lost_histories(world: World, rng: Random, part: Part) -> None:
    """Conversations restored from a backup: earlier answers were regenerated or never logged."""
    label = Label("lost_history")
    for count in loads(rng, part.accounts, part.exchanges, 2.5):
        account = person(world, rng, label)
        lengths = turns_of(rng, count)
        for begin, turns in zip(
            moments(rng, len(lengths), world.days, HOME, account.zone), lengths, strict=True
        ):
            chat = Chat.open(world, rng, label)
            for _ in range(1 + int(rng.random() * 2)):
                text = chat.topic.follow_up(rng) if chat.messages else chat.topic.request(rng)
                chat.messages += [
                    {"role": "user", "content": text},
                    {"role": "assistant", "content": chat.topic.answer(rng, text)},
                ]
                chat.turns += 1
            converse(chat, rng, account, begin, turns)


def regenerations(world: World, rng: Random, part: Part) -> None:
    """People who press regenerate: the same prompt several times within a minute, one account."""
    label = Label("regenerated")
    for count in loads(rng, part.accounts, part.exchanges, 2.5):
        account = person(world, rng, label)
        for begin in moments(rng, max(1, count // 3), world.days, HOME, account.zone):
            chat, at = Chat.open(world, rng, label), begin
            text = chat.topic.request(rng)
            for _ in range(min(3, count)):
                chat.messages.clear()
                chat.ask(account, at, text, chat.topic.answer(rng, text))
                at += thinking(rng) / 3
