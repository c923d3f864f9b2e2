"""Hand-overs inside a group, counted in the half that did not form it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stillwatch.campaigns.traffic import Traffic, among
from stillwatch.evidence.group import Handovers

Ints = NDArray[np.int64]

CHANCE_FLOOR = 0.05  # hand-overs per half: honest accounts with a lasting relation pass things now and then
COVERED = 0.8  # of the members at least, by the cluster that hand-overs are counted in


def measure_handovers(
    traffic: Traffic, half_clusters: tuple[Ints, Ints], members: Ints
) -> dict[str, Handovers]:
    """Return what passed between the members by signal; `half_clusters` are the labels that each half alone gives."""
    moved, loads = traffic.handovers, traffic.population.loads
    total = max(int(loads.sum()), 1)
    formed = []
    for labels in half_clusters:  # the cluster of each half that covers most of the members
        values, counts = np.unique(labels[members], return_counts=True)
        formed.append(np.flatnonzero(labels == values[counts.argmax()]))
    within = among(members, moved.giver) & among(members, moved.taker)
    found = {}
    for code, name in enumerate(traffic.signals):
        mine = moved.signal == code
        units = len(np.unique(moved.unit[mine & within]))
        if not units:
            continue
        tested, expected = [], []
        for half in (0, 1):
            cluster = np.intersect1d(formed[1 - half], members)
            if len(cluster) < COVERED * len(members):  # it speaks for a part of the group only
                cluster = cluster[:0]
            of_half = mine & (moved.half == half)
            inside = of_half & among(cluster, moved.giver) & among(cluster, moved.taker)
            tested.append(len(np.unique(moved.unit[inside])) if len(cluster) > 1 else 0)
            share = float(loads[cluster].sum()) / total
            expected.append(max(CHANCE_FLOOR, len(np.unique(moved.unit[of_half])) * share**2))
        found[name] = Handovers(units, (tested[0], tested[1]), (expected[0], expected[1]))
    return found
