"""Ties: what one account has in common with the other accounts of a group, counted; no judgement here.

Every account can be counted against a group, member or not: the members to weigh them, everybody else to see
what chance makes. What an account has in common with accounts that openly are the same party (one payment,
organisation, e-mail or telephone) is no hidden tie, so partners are counted by party, the own one aside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from stillwatch.campaigns.measuring.traits import main_values
from stillwatch.campaigns.proposing.cluster import cluster
from stillwatch.campaigns.proposing.propose import DENSITY, MAX_HOLDERS, UNITS_CAP
from stillwatch.campaigns.traffic import Handover, Traffic, among
from stillwatch.evidence.group import MIN_WORK, Group, Use, weights_of
from stillwatch.evidence.handover import HANDED_OVER
from stillwatch.signals.joint_window import window_of

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

OPEN_TRAITS = ("payment", "organisation", "email", "phone")  # who shares one says so
HIDDEN_TRAITS = ("device", "client")  # an address says nothing of an account: an office has one too
CORE = 0.25  # of the group's own density of hand-overs: what hangs on by less is not counted with
ENOUGH_USERS = 20  # of a workload outside the group, to know how much of it people do


@dataclass(frozen=True)
class Chance:
    """A yes-or-no observation of each account, its rate among others and among the other members; shape (n,).

    Where `known` is false there is nothing to observe.
    """

    known: Flags
    hit: Flags
    null: Floats
    alternative: Floats


@dataclass(frozen=True)
class Ties:
    """What each of n accounts has in common with a group's other accounts.

    `partners` and `chance` have shape (2, n): for either half of what was passed, the parties of the core that the
    other half had formed, with which the account exchanged something, and how many of them chance makes.
    """

    partners: Ints | None = None  # None where nothing passed inside the group
    chance: Floats | None = None
    adopted: tuple[tuple[float, Chance], ...] = ()  # (weight, adoption) of each workload of the group
    doses: tuple[tuple[float, Floats], ...] = ()  # (weight, share of the other users that do as much or more)
    traits: Mapping[str, Chance] = field(default_factory=dict)
    windows: Chance | None = None


def parties(traffic: Traffic) -> Ints:
    """Return a party for each account: accounts that share an open identity are one."""
    size, account, value, offset = traffic.size, [], [], traffic.size
    for name in OPEN_TRAITS:
        shown = traffic.traits.get(name)
        if shown is None or not len(shown.value):
            continue
        codes = np.unique(shown.value, return_inverse=True)[1]
        held = np.bincount(codes)[codes] <= MAX_HOLDERS
        account.append(shown.account[held].astype(np.int64))
        value.append(codes[held] + offset)
        offset += int(codes.max()) + 1
    if not account:
        return np.arange(size)
    a, v = np.concatenate(account), np.concatenate(value)
    graph = coo_array((np.ones(len(a), dtype=np.int8), (a, v)), shape=(offset, offset))
    return np.asarray(connected_components(graph, directed=False)[1][:size], dtype=np.int64)


def core(moved: Handover, members: Ints, half: int) -> Ints:
    """Return the members that the hand-overs of one half hold together, sorted; empty where they hold nobody.

    A household or an office that hangs on a pool by a few chance links is left out of it.
    """
    inside = (moved.half == half) & among(members, moved.giver) & among(members, moved.taker)
    a, b = np.searchsorted(members, moved.giver[inside]), np.searchsorted(members, moved.taker[inside])
    pair, counts = np.unique(np.minimum(a, b) * len(members) + np.maximum(a, b), return_counts=True)
    if not len(pair):
        return members[:0]
    weight = np.minimum(counts, UNITS_CAP).astype(np.float64)
    pairs = len(members) * (len(members) - 1) / 2
    density = max(DENSITY, CORE * float(weight.sum()) / pairs)
    labels = cluster(len(members), pair // len(members), pair % len(members), weight, density)
    values, sizes = np.unique(labels, return_counts=True)
    return members[labels == values[sizes.argmax()]] if sizes.max() > 1 else members[:0]


def _met(mine: Ints, theirs: Ints, party: Ints) -> Ints:
    """Return (account, party) of every meeting of an account with a party that is not its own, shape (2, n)."""
    other = party[mine] != party[theirs]
    return np.stack([mine[other], party[theirs[other]]]).astype(np.int64)


def _partners(moved: Handover, chosen: Flags, others: Ints, party: Ints) -> tuple[Ints, Flags, Flags]:
    """Return for every account the parties it met among `others`, and whether it gave to and took from any."""
    to, of = chosen & among(others, moved.taker), chosen & among(others, moved.giver)
    gave = _met(moved.giver[to], moved.taker[to], party)
    took = _met(moved.taker[of], moved.giver[of], party)
    size = len(party)
    met = np.unique(np.concatenate([gave, took], axis=1), axis=1)
    gives, takes = (np.bincount(way[0], minlength=size) > 0 for way in (gave, took))
    return np.bincount(met[0], minlength=size), gives, takes


def _passed(traffic: Traffic, group: Group, party: Ints, floor: float) -> tuple[Ints, Floats] | None:
    """Return the partners of every account and what chance makes of them, both of shape (2, size).

    Whatever passed counts alike: a request that failed is sent again with its conversation. Who only gives or only
    takes has no partners: so do customers who move out with their conversations, and whoever goes on with what
    others have shared.
    """
    codes = [
        code for code, name in enumerate(traffic.signals) if name in HANDED_OVER and name in group.handovers
    ]
    if not codes:
        return None
    moved, loads = traffic.handovers, traffic.population.loads.astype(np.float64)
    outside = np.setdiff1d(np.arange(traffic.size), group.accounts, assume_unique=True)
    elsewhere = max(float(loads[outside].sum()), 1.0)
    cores = [core(moved, group.accounts, half) for half in (0, 1)]
    gives, takes = np.zeros(traffic.size, dtype=bool), np.zeros(traffic.size, dtype=bool)
    partners, chance = [], []
    for half in (0, 1):
        chosen, formed = np.isin(moved.signal, codes) & (moved.half == half), cores[1 - half]
        met, gave, took = _partners(moved, chosen, formed, party)
        gives, takes = gives | gave, takes | took
        # an account that much passes to and from anyway meets the core as often as its size says
        own, *_ways = _partners(moved, chosen, outside, party)
        partners.append(met)
        chance.append(np.maximum(floor, (own + 2.0) * float(loads[formed].sum()) / elsewhere))
    return np.stack(partners) * (gives & takes), np.stack(chance)


def _others(hit: Flags, member: Flags) -> Floats:
    """Return the rate of hits among the other members, as seen by every account: h/(n + 1)."""
    hits, size = int((hit & member).sum()), int(member.sum())
    return np.asarray((hits - (hit & member)) / (size - member + 1.0))


def _adoption(users: Ints, member: Flags) -> Chance:
    """Return who uses a workload, against the rate of accounts outside the group."""
    hit = np.zeros(len(member), dtype=bool)
    hit[users] = True
    outsiders = int((~member).sum())
    rate = (int((hit & ~member).sum()) + 1) / (outsiders + 2)
    return Chance(np.ones_like(hit), hit, np.full(len(hit), rate), _others(hit, member))


def _dose(users: Ints, shares: Floats, member: Flags) -> Floats | None:
    """Return the share of other users that do as much of the workload or more; nan for who does none of it."""
    outside = np.sort(shares[~member[users]])
    if len(outside) < ENOUGH_USERS:
        return None
    above = len(outside) - np.searchsorted(outside, shares, side="left")
    own = ~member[users]  # an outsider is not compared with itself
    ranks = np.full(len(member), np.nan)
    ranks[users] = (above - own + 1.0) / (len(outside) - own + 1.0)
    return ranks


def _hidden(traffic: Traffic, name: str, member: Flags, party: Ints) -> Chance:
    """Return who shares a value of a trait with a member of another party."""
    values = main_values(traffic.traits[name], traffic.size).of_account
    known = values >= 0
    held = np.unique(np.stack([values[known & member], party[known & member]]), axis=1)
    parties_by_value = np.bincount(held[0], minlength=int(values.max(initial=0)) + 1)
    span = int(party.max(initial=0)) + 1
    own = np.isin(values * span + party, held[0] * span + held[1])
    hit = known & (parties_by_value[np.maximum(values, 0)] - own >= 1)
    outside = known & ~member
    rate = (int((hit & outside).sum()) + 1) / (int(outside.sum()) + 2)
    return Chance(known, hit, np.full(len(hit), rate), _others(hit, member & known))


def _window(traffic: Traffic, use: Use, rows: Ints, member: Flags) -> Chance | None:
    """Return whose part of the work lies inside the window that the other half of the members sets."""
    population, account = traffic.population, traffic.streams["account"].to_numpy()[rows]
    start, end = (traffic.streams[name].to_numpy()[rows] for name in ("start", "end"))
    worked = traffic.streams["exchanges"].to_numpy()[rows] >= MIN_WORK
    known, hit = np.zeros(traffic.size, dtype=bool), np.zeros(traffic.size, dtype=bool)
    null = np.full(traffic.size, 0.5)
    for half in (0, 1):
        window = window_of(use, half)
        if window is None:
            return None
        tested = worked & (traffic.halves[account] != half)
        inside = (start >= window[0]) & (end <= window[1])
        within = (population.work_starts >= window[0]) & (population.work_ends <= window[1])
        own = int((inside & worked).sum())
        rate = (max(int(within.sum()) - own, 0) + 1) / (max(len(within) - int(worked.sum()), 0) + 2)
        known[account[tested]], hit[account[tested & inside]] = True, True
        null[account[tested]] = min(rate, 0.99)
    return Chance(known, hit, null, _others(hit, member & known))


def count_ties(traffic: Traffic, group: Group, floor: float) -> Ties:
    """Return the ties of every account of the traffic to a group; `floor` is the least mean of chance hand-overs.

    All arrays have one entry an account of the traffic.
    """
    party, member = parties(traffic), np.zeros(traffic.size, dtype=bool)
    member[group.accounts] = True
    passed = _passed(traffic, group, party, floor)
    account, workload = traffic.streams["account"].to_numpy(), traffic.streams["workload"].to_numpy()
    share = traffic.streams["exchanges"].to_numpy() / np.maximum(traffic.population.loads[account], 1)
    adopted, doses, windows = [], [], None
    weights = weights_of(group.uses).tolist() if group.uses else []
    for place, (use, weight) in enumerate(zip(group.uses, weights, strict=True)):
        rows = np.flatnonzero(workload == use.workload)
        if use.templated and group.origin != "workload":  # what proposed the members is not counted again
            adopted.append((weight, _adoption(account[rows], member)))
        ranks = _dose(account[rows], share[rows], member) if use.templated else None
        if ranks is not None:
            doses.append((weight, ranks))
        if place == 0 and not group.picked_by_start:
            windows = _window(traffic, use, rows, member)
    shown = [name for name in HIDDEN_TRAITS if name in traffic.traits and len(traffic.traits[name].value)]
    return Ties(
        partners=passed[0] if passed else None,
        chance=passed[1] if passed else None,
        adopted=tuple(adopted),
        doses=tuple(doses),
        traits={name: _hidden(traffic, name, member, party) for name in shown},
        windows=windows,
    )
