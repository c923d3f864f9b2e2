"""Distinct groups: of overlapping proposals, the one best supported."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from stillwatch.campaigns.judging.axes import Judged
from stillwatch.evidence.group import Group

SAME_GROUP = 0.5  # overlap (Jaccard), or
CONTAINED = 0.8  # of the smaller in the larger: two proposals of one group


def overlap(a: Group, b: Group) -> bool:
    """Return whether two proposals are of one group."""
    shared = len(np.intersect1d(a.accounts, b.accounts, assume_unique=True))
    union = a.size + b.size - shared
    return shared >= SAME_GROUP * union or shared >= CONTAINED * min(a.size, b.size)


def _worst(judged: Judged) -> float:
    return min(judged.axes.values())


def _supersedes(candidate: Judged, kept: Judged) -> bool:
    """Return whether a proposal is the larger whole of a kept one: the same work, with the kept members in it.

    Things that passed by chance of the schedule tie a pool together in pieces; who does the work is the pool,
    unless taking the rest in makes it look worse.
    """
    if candidate.group.origin != "workload" or kept.group.origin != "handover":
        return False
    shared = len(np.intersect1d(candidate.group.accounts, kept.group.accounts, assume_unique=True))
    works = [use.workload for use in kept.group.uses]
    same_work = candidate.group.main is not None and candidate.group.main.workload in works
    whole = candidate.group.size >= kept.group.size and shared >= CONTAINED * kept.group.size
    return same_work and whole and _worst(candidate) >= _worst(kept) - math.log10(2)


def _whole(candidate: Judged, pieces: Sequence[Judged]) -> Judged:
    """Return the larger reading of a group, with the other work that its pieces showed.

    It pays for the choice between two readings: the better of two e-values, halved, is one.
    """
    axes = {axis: value - math.log10(2) for axis, value in candidate.axes.items()}
    uses = {use.workload: use for group in (candidate, *pieces) for use in reversed(group.group.uses)}
    main = candidate.group.main
    others = [uses[w] for w in sorted(uses) if main is not None and w != main.workload]
    return replace(
        candidate, axes=axes, group=replace(candidate.group, uses=(*candidate.group.uses[:1], *others))
    )


def distinct(judged: Sequence[Judged]) -> list[Judged]:
    """Keep of overlapping proposals the one best supported, without a look at what it takes."""
    order = sorted(
        judged,
        key=lambda j: (-round(j.axes["coordination"], 6), -j.group.size, j.group.accounts.tobytes()),
    )
    kept: list[Judged] = []
    for candidate in order:
        rivals = [other for other in kept if overlap(candidate.group, other.group)]
        if all(_supersedes(candidate, rival) for rival in rivals):
            kept = [other for other in kept if all(other is not rival for rival in rivals)]
            kept.append(_whole(candidate, rivals) if rivals else candidate)
    return kept
