"""Private people: chatting, learning, at night behind a VPN, with several accounts, with shared or lost chats."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from stillwatch.ranges.actors import clients
from stillwatch.ranges.actors.labels import Label
from stillwatch.ranges.actors.roster import Accounts
from stillwatch.ranges.arrivals import heavy_tail, profiles, rhythm
from stillwatch.ranges.hashing import mix
from stillwatch.ranges.text import Script
from stillwatch.ranges.traffic.faults import retried
from stillwatch.ranges.traffic.jobs import greet, instruct
from stillwatch.ranges.traffic.plan import Plan
from stillwatch.ranges.traffic.scene import DAY, Part, Scene
from stillwatch.ranges.traffic.talk import by_account, conversations, dress, speak

CHAT = Script(opening="request", follow_up="follow_up", answer="answer", small_talk=0.04, refusal=0.008)
LESSON = Script(
    opening="lesson_request", follow_up="lesson_follow_up", answer="lesson_answer", small_talk=0.02
)


def chatting(
    scene: Scene,
    rng: np.random.Generator,
    name: object,
    accounts: Accounts,
    counts: NDArray[np.int64],
    label: Label,
    *,
    hours: str = "home",
    script: Script = CHAT,
    **lengths: Any,
) -> Plan:
    """Plan the conversations of unrelated people, each in their own language and about their own things."""
    plan = conversations(scene, rng, name, accounts, counts, label, rhythm(hours), **lengths)
    dress(scene, rng, plan, accounts, profiles=profiles("chat"))
    languages = speak(scene, rng, plan, accounts, scene.scripts(script))
    greet(scene, rng, plan, accounts, languages)
    return plan


def chat_users(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """Unrelated people with conversations of their own."""
    label = Label("chat")
    accounts = scene.people(rng, part.accounts, label)
    counts = heavy_tail(rng, part.accounts, part.exchanges, 1.3)
    scene.emit(retried(chatting(scene, rng, part, accounts, counts, label), rng), part)


def newcomers(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """Accounts that are simply new: opened within the last days, busy at once."""
    label = Label("new_account")
    fresh = {"born": -rng.random(part.accounts) * 2 * DAY}
    accounts = scene.people(rng, part.accounts, label, **fresh)
    counts = heavy_tail(rng, part.accounts, part.exchanges, 1.5)
    scene.emit(retried(chatting(scene, rng, part, accounts, counts, label), rng), part)


def tutors(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """Long lessons that ask for steps: one learner an account, a tutor's instruction in each one's own words."""
    label = Label("tutor")
    accounts = scene.people(rng, part.accounts, label)
    counts = heavy_tail(rng, part.accounts, part.exchanges, 2.0)
    plan = chatting(scene, rng, part, accounts, counts, label, script=LESSON, mean=7.0, most=20)
    own = scene.roster.rows["uid"][plan["account"]]
    instruct(scene, plan, "homework_system", own)
    scene.emit(retried(plan, rng), part)


def night_owls(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """New accounts, behind a consumer VPN, busy at night, with throwaway mail: and honest."""
    label = Label("night_vpn")
    accounts = scene.people(rng, part.accounts, label, **scene.throwaway(rng, part.accounts))
    counts = heavy_tail(rng, part.accounts, part.exchanges, 1.7)
    plan = chatting(scene, rng, part, accounts, counts, label, hours="night")
    # one exit a session
    exits = scene.networks.vpn(rng, 288)
    plan["network"] = exits[(mix(plan["thread"], 23) % np.uint64(288)).astype(np.int64)]
    scene.emit(retried(plan, rng), part)


def several_accounts(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """People or small firms with two to four accounts; a conversation is taken up on another one at times."""
    label = Label("several_accounts")
    owner = _owners(rng, part.accounts)
    accounts = _own_accounts(scene, rng, owner, label)
    counts = heavy_tail(rng, len(accounts), part.exchanges, 1.5)
    plan = chatting(scene, rng, part, accounts, counts, label, mean=3.0)
    # from some turn on, one in seven conversations goes on from a sibling account with the same history
    place = by_account(plan, accounts, np.arange(len(accounts)))
    first = np.searchsorted(owner, owner[place])
    size = np.bincount(owner)[owner[place]]
    lot = mix(plan["thread"], 29)
    hops = (lot % np.uint64(7) == 0) & (plan["turn"] >= 1 + (lot >> np.uint64(8)) % np.uint64(3)) & (size > 1)
    step = 1 + ((lot >> np.uint64(16)) % np.maximum(size - 1, 1).astype(np.uint64)).astype(np.int64)
    moved = accounts[first + (place - first + step) % size]
    plan["account"] = np.where(hops, moved, plan["account"])
    scene.emit(retried(plan, rng), part)


def _owners(rng: np.random.Generator, accounts: int) -> NDArray[np.int64]:
    """Return the person of each account; each has two to four."""
    sizes = rng.integers(2, 5, max(1, -(-accounts // 2)))
    kept = int(np.searchsorted(np.cumsum(sizes), accounts)) + 1
    return np.repeat(np.arange(kept), sizes[:kept])[: max(accounts, 2)]


def _own_accounts(scene: Scene, rng: np.random.Generator, owner: NDArray[np.int64], label: Label) -> Accounts:
    """Open the accounts of people with several: one home, one machine, often one card."""
    persons = int(owner.max()) + 1
    browses = rng.random(persons) < 0.5
    client = np.where(browses, rng.choice(clients.BROWSER, persons), rng.choice(clients.SDK, persons))
    device = np.where(browses, scene.ids("several", scene.roster.size, count=persons), 0)
    card = scene.ids("card", scene.roster.size, count=persons)[owner]
    own = scene.ids("own card", scene.roster.size, count=len(owner))
    return scene.register(
        rng,
        len(owner),
        label,
        network=scene.networks.home(rng, persons)[owner],
        client=client[owner],
        device=device[owner],
        zone=np.round(rng.normal(0, 5, persons))[owner],
        card=np.where(rng.random(len(owner)) < 0.6, card, own),
    )


def shared_chats(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """People who send each other a chat: the other account goes on from a copy of the history."""
    label = Label("shared_chat")
    accounts = scene.people(rng, max(2, part.accounts), label)
    counts = heavy_tail(rng, len(accounts), part.exchanges, 1.5)
    plan = chatting(scene, rng, part, accounts, counts, label, mean=3.0)
    shared = plan[(mix(plan["thread"], 31) % np.uint64(5) == 0) & plan["closing"]]
    friend = accounts[rng.integers(0, len(accounts), len(shared))]
    length = 1 + (mix(shared["thread"], 37) % np.uint64(3)).astype(np.int64)
    fork = shared[np.repeat(np.arange(len(shared)), length)].copy()
    nth = np.arange(len(fork)) - np.repeat(np.cumsum(length) - length, length)
    fork["fork"] = fork["turn"] + 1
    fork["turn"] += (nth + 1).astype(np.uint16)
    fork["thread2"] = mix(fork["thread"], 41)
    delay = np.repeat(3600 * rng.lognormal(0.0, 1.0, len(shared)), length)
    fork["time"] += delay + 50.0 * nth
    fork["account"] = np.repeat(friend, length)
    who = scene.roster.rows[fork["account"]]
    for name in ("network", "client", "device"):
        fork[name] = who[name]
    fork["tls"] = who["client"]
    scene.emit(retried(np.concatenate([plan, fork]), rng), part)


def lost_histories(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """Conversations restored from a backup or another product: their earlier answers are not in this log."""
    label = Label("lost_history")
    accounts = scene.people(rng, part.accounts, label)
    counts = heavy_tail(rng, part.accounts, part.exchanges, 1.7)
    plan = chatting(scene, rng, part, accounts, counts, label, mean=3.0)
    before = 1 + (mix(plan["thread"], 43) % np.uint64(2)).astype(np.uint16)
    plan["turn"] += before
    scene.emit(retried(plan, rng), part)


def regenerations(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """People who press regenerate: the same prompt several times within a minute, on one account."""
    label = Label("regenerated")
    accounts = scene.people(rng, part.accounts, label)
    counts = np.maximum(1, heavy_tail(rng, part.accounts, part.exchanges, 1.7) // 3)
    plan = chatting(scene, rng, part, accounts, counts, label, mean=1.5)
    again = np.repeat(np.arange(len(plan)), rng.integers(2, 5, len(plan)))
    nth = np.arange(len(again)) - np.searchsorted(again, again)
    more = plan[again].copy()
    more["sample"] = nth
    more["time"] += nth * (10 + 10 * rng.random(len(more)))
    scene.emit(retried(more, rng), part)
