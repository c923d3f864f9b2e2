"""Conversations and single calls: the two shapes of honest and other work, planned whole columns at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stillwatch.ranges.actors.labels import Label
from stillwatch.ranges.actors.roster import Accounts
from stillwatch.ranges.arrivals import arrivals, sessions, shapes, think_times
from stillwatch.ranges.hashing import below, mix, unit
from stillwatch.ranges.traffic.habits import MODEL_WEIGHTS, Habit
from stillwatch.ranges.traffic.plan import Plan, blank
from stillwatch.ranges.traffic.scene import Scene

OTHER_CLOUD: Final = 0.15  # of servers' programs reach the model through another cloud
THINKS: Final = 0.2  # of programs ask for reasoning and send its opaque blocks back

Ints = NDArray[np.int64]


@dataclass
class Starts:
    """When work begins: one row a conversation (or call), by account and then time."""

    owner: Ints  # place in the list of accounts
    at: NDArray[np.float64]
    thread: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.at)


def starts(
    scene: Scene,
    rng: np.random.Generator,
    name: object,
    accounts: Accounts,
    counts: Ints,
    rhythm: int | NDArray[np.integer],
) -> Starts:
    """Return when each account begins its `counts` pieces of work, by a rhythm and bursts of its own."""
    shape, family = shapes(rng, len(accounts))
    zone = scene.roster.rows["zone"][accounts].astype(np.float64)
    rhythms = np.broadcast_to(np.asarray(rhythm, dtype=np.int32), len(accounts))
    owner, at = arrivals(rng, counts, scene.days, rhythms, shape, family, zone)
    return Starts(owner, at, scene.ids("thread", name, count=len(at)))


def rows(scene: Scene, accounts: Accounts, owner: Ints, label: Label) -> Plan:
    """Return plan rows sent by `accounts[owner]` from where and with what they usually send."""
    plan = blank(len(owner))
    plan["account"] = accounts[owner]
    who = scene.roster.rows[plan["account"]]
    for name in ("network", "client", "device"):
        plan[name] = who[name]
    plan["tls"] = who["client"]
    plan["platform"] = _platforms(who["uid"], who["device"])
    plan["label"] = scene.labels.number(label)
    return plan


def _platforms(uid: NDArray[np.uint64], device: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return the way in of accounts: programs without a device of their own come over other clouds at times."""
    other = (unit(mix(uid, 167)) < OTHER_CLOUD) & (device == 0)
    return np.where(other, 1 + below(mix(uid, 173), 3), 0)


def calls(
    scene: Scene,
    rng: np.random.Generator,
    name: object,
    accounts: Accounts,
    counts: Ints,
    label: Label,
    rhythm: int | NDArray[np.integer],
) -> Plan:
    """Plan single calls: every one a thread and topic of its own. Script, habit and texts are for the caller."""
    begun = starts(scene, rng, name, accounts, counts, rhythm)
    plan = rows(scene, accounts, begun.owner, label)
    plan["time"], plan["thread"], plan["topic"] = begun.at, begun.thread, mix(begun.thread, 11)
    return plan


def conversations(
    scene: Scene,
    rng: np.random.Generator,
    name: object,
    accounts: Accounts,
    counts: Ints,
    label: Label,
    rhythm: int | NDArray[np.integer],
    *,
    mean: float = 2.6,
    most: int = 12,
    pause: float = 1.0,
) -> Plan:
    """Plan conversations of geometric length with a person's pauses (times `pause`) between turns."""
    lengths, owner = sessions(rng, counts, mean, most)
    begun = starts(scene, rng, name, accounts, np.bincount(owner, minlength=len(accounts)), rhythm)
    at = np.repeat(np.arange(len(begun)), lengths)
    plan = rows(scene, accounts, begun.owner[at], label)
    turn = np.arange(len(at)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    waits = np.where(turn == 0, 0.0, think_times(rng, len(at)) * pause)
    since = np.cumsum(waits)
    plan["time"] = begun.at[at] + since - since[np.cumsum(lengths) - lengths][at]
    plan["turn"], plan["thread"] = turn, begun.thread[at]
    plan["topic"] = mix(plan["thread"], 11)
    plan["closing"] = turn == (lengths - 1)[at]
    return plan


def by_account(plan: Plan, accounts: Accounts, values: NDArray[Any]) -> NDArray[Any]:
    """Return for each row the value of its account; `values` stand in the order of `accounts`."""
    order = np.argsort(accounts, kind="stable")
    return values[order[np.searchsorted(accounts[order], plan["account"])]]


def models(rng: np.random.Generator, count: int) -> NDArray[np.int64]:
    """Return the models that accounts habitually use."""
    return rng.choice(len(MODEL_WEIGHTS), count, p=MODEL_WEIGHTS)


def dress(
    scene: Scene,
    rng: np.random.Generator,
    plan: Plan,
    accounts: Accounts,
    *,
    habit: Habit | None = None,
    model: int | None = None,
    profiles: NDArray[np.uint8],
) -> None:
    """Give each account a habit, a model and a profile of text lengths, for all its rows of this plan."""
    count = len(accounts)
    place = by_account(plan, accounts, np.arange(count))  # looked up once for the four
    plan["habit"] = scene.habits.draw(rng, count, habit or Habit())[place]
    plan["model"] = (models(rng, count) if model is None else np.full(count, model))[place]
    plan["profile"] = rng.choice(profiles, count)[place]
    plan["thinks"] = (rng.random(count) < THINKS)[place]


def speak(
    scene: Scene,
    rng: np.random.Generator,
    plan: Plan,
    accounts: Accounts,
    scripts: NDArray[np.int16],
    strays: float = 0.1,
) -> Ints:
    """Let each account speak its language, now and then another; set scripts and return languages by row.

    `scripts` has one script a language. A conversation stays in one language.
    """
    own = by_account(plan, accounts, scene.languages(rng, len(accounts)))
    lot = mix(plan["thread"], 19)
    other = np.searchsorted(np.cumsum(scene.texts.weights), (mix(lot, 3) >> np.uint64(11)) / float(1 << 53))
    spoken = np.where((lot >> np.uint64(11)) / float(1 << 53) < strays, other, own)
    plan["script"] = scripts[np.minimum(spoken, len(scripts) - 1)]
    return spoken
