"""Hand-overs inside a group, counted where they did not form it.

A group formed by hand-overs is tested half by half, each half inside the cluster that the other half forms. A group
formed by something else, a request form or a client print, is tested by all of them, if they speak for the whole
group and not for a few who know each other: spread over the members as far as so many could be, and then only pairs
by which three members or more hang together count, since many an honest customer has a second account.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from stillwatch.campaigns.proposing.splitting import seams
from stillwatch.campaigns.traffic import Traffic, among
from stillwatch.evidence.group import Handovers

Ints = NDArray[np.int64]

CHANCE_FLOOR = 0.05  # hand-overs per half: honest accounts with a lasting relation pass things now and then
SPREAD = 0.85  # of the members that so many pairs would touch if dealt out at random, at least
TOUCHED = 0.25  # of the members at least, and
MANY = 12  # members, or of few of them as many as a cluster has to cover
COVERED = 0.8  # of the members at least, by the cluster that hand-overs are counted in


def chained(low: Ints, high: Ints) -> NDArray[np.bool_]:
    """Return which pairs share an account with another pair."""
    _accounts, at, partners = np.unique(np.r_[low, high], return_inverse=True, return_counts=True)
    several = partners[at] > 1
    return np.asarray(several[: len(low)] | several[len(low) :])


def _follow(traffic: Traffic, parts: list[Ints]) -> bool:
    """Return whether parts of a group were at work one after the other, as a pool and what replaced it."""
    starts, ends = traffic.population.starts, traffic.population.ends
    spans = sorted((float(np.median(starts[part])), float(np.median(ends[part]))) for part in parts)
    return all(later[0] >= earlier[1] for earlier, later in pairwise(spans))


def speaks_for_all(traffic: Traffic, members: int, a: Ints, b: Ints) -> bool:
    """Return whether pairs that passed something touch so many of the members that they speak for all of them.

    Pairs dealt out at random over the members touch most of them soon; those of a part of the group do not, and those
    of two pools that use one form fall into two. `a`, `b` have shape (pairs,): each pair once, of whatever signal.
    """
    touched = np.unique(np.r_[a, b])
    by_chance = members * (1 - (1 - 1 / members) ** (2 * len(a)))
    enough = max(SPREAD * by_chance, TOUCHED * members, min(COVERED * members, MANY))
    return len(touched) >= enough and _follow(traffic, seams(touched, a, b))


def measure_unformed(traffic: Traffic, members: Ints) -> dict[str, Handovers]:
    """Return what passed between members that something else than hand-overs brought together, by signal.

    `tested` counts pairs that passed something, each once, in the half of the first thing they passed.
    """
    moved, loads, size = traffic.handovers, traffic.population.loads, traffic.size
    share = float(loads[members].sum()) / max(int(loads.sum()), 1)
    within = np.flatnonzero(among(members, moved.giver) & among(members, moved.taker))
    giver, taker = moved.giver[within], moved.taker[within]
    pair = np.minimum(giver, taker) * size + np.maximum(giver, taker)
    every = np.unique(pair)
    whole = speaks_for_all(traffic, len(members), every // size, every % size)
    found = {}
    for code, name in enumerate(traffic.signals):
        mine = moved.signal[within] == code
        units = len(np.unique(moved.unit[within][mine]))
        if not units:
            continue
        passed, first = np.unique(pair[mine], return_index=True)
        half = moved.half[within][mine][first][chained(passed // size, passed % size) & whole]
        expected = [max(CHANCE_FLOOR, int(n) * share**2) for n in traffic.units[code]]
        tested = (int((half == 0).sum()), int((half == 1).sum()))
        found[name] = Handovers(units, tested, (expected[0], expected[1]), formed=False)
    return found


def measure_handovers(
    traffic: Traffic, half_clusters: tuple[Ints, Ints], members: Ints, *, formed: bool = True
) -> dict[str, Handovers]:
    """Return what passed between the members by signal; `half_clusters` are the labels that each half alone gives.

    `formed` says whether hand-overs formed the group.
    """
    if not formed:
        return measure_unformed(traffic, members)
    moved, loads = traffic.handovers, traffic.population.loads
    total = max(int(loads.sum()), 1)
    clusters = []
    for labels in half_clusters:  # the cluster of each half that covers most of the members
        values, counts = np.unique(labels[members], return_counts=True)
        clusters.append(np.flatnonzero(labels == values[counts.argmax()]))
    within = among(members, moved.giver) & among(members, moved.taker)
    found = {}
    for code, name in enumerate(traffic.signals):
        mine = moved.signal == code
        units = len(np.unique(moved.unit[mine & within]))
        if not units:
            continue
        tested, expected = [], []
        for half in (0, 1):
            cluster = np.intersect1d(clusters[1 - half], members)
            if len(cluster) < COVERED * len(members):  # it speaks for a part of the group only
                cluster = cluster[:0]
            of_half = mine & (moved.half == half)
            inside = of_half & among(cluster, moved.giver) & among(cluster, moved.taker)
            tested.append(len(np.unique(moved.unit[inside])) if len(cluster) > 1 else 0)
            share = float(loads[cluster].sum()) / total
            expected.append(max(CHANCE_FLOOR, int(traffic.units[code, half]) * share**2))
        found[name] = Handovers(units, (tested[0], tested[1]), (expected[0], expected[1]))
    return found
