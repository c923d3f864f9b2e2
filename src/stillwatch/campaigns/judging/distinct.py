"""Distinct groups: of overlapping proposals, the one best supported."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from stillwatch.campaigns.judging.axes import Judged
from stillwatch.evidence.group import Group
from stillwatch.evidence.row import Axis

CHOSEN_BY: tuple[Axis, ...] = ("coordination", "evasion")  # axes by which one reading of a group is chosen
SURE = 12.0  # orders of ten on these beyond which more makes no difference to the choice
SAME_GROUP = 0.5  # overlap (Jaccard), or
GROWS = 1.3  # times a piece, from which a proposal is the whole of it
CONTAINED = 0.8  # of the smaller in the larger: two proposals of one group


def overlap(a: Group, b: Group) -> bool:
    """Return whether two proposals are of one group."""
    shared = len(np.intersect1d(a.accounts, b.accounts, assume_unique=True))
    union = a.size + b.size - shared
    return shared >= SAME_GROUP * union or shared >= CONTAINED * min(a.size, b.size)


def _holds(candidate: Judged, kept: Judged) -> bool:
    """Return whether a proposal is as well tied and hidden as a kept one, or beyond any doubt; taking is no matter."""
    return all(candidate.axes[axis] >= min(kept.axes[axis], SURE) - math.log10(2) for axis in CHOSEN_BY)


def _all_of_form(judged: Judged) -> bool:
    use = judged.group.main
    return use is not None and not len(use.outside_loads)


def _supersedes(candidate: Judged, kept: Judged) -> bool:
    """Return whether a proposal is the larger whole of a kept one: the same work, with the kept members in it.

    Things that passed by chance of the schedule tie a pool together in pieces; who does the work is the pool,
    unless taking the rest in makes it look worse. So it is with a part of the users of a form that is all theirs.
    """
    if candidate.group.origin != "workload" or not (
        kept.group.origin == "handover" or _all_of_form(candidate)
    ):
        return False
    shared = len(np.intersect1d(candidate.group.accounts, kept.group.accounts, assume_unique=True))
    works = [use.workload for use in kept.group.uses]
    same_work = candidate.group.main is not None and candidate.group.main.workload in works
    # much more than the piece, or as well tied: else the few who are added only happen to use the same form
    grows = candidate.group.size >= GROWS * kept.group.size
    tied = (
        candidate.group.size >= kept.group.size
        and candidate.axes["coordination"] >= kept.axes["coordination"]
    )
    whole = (grows or tied) and shared >= CONTAINED * kept.group.size
    return same_work and whole and _holds(candidate, kept)


def _whole(candidate: Judged, pieces: Sequence[Judged]) -> Judged:
    """Return the larger reading of a group, with the other work that its pieces showed.

    The axes that chose between two readings pay for it: the better of two e-values, halved, is one.
    """
    axes = candidate.axes | {axis: candidate.axes[axis] - math.log10(2) for axis in CHOSEN_BY}
    uses = {use.workload: use for group in (candidate, *pieces) for use in reversed(group.group.uses)}
    main = candidate.group.main
    others = [uses[w] for w in sorted(uses) if main is not None and w != main.workload]
    group = replace(candidate.group, uses=(*candidate.group.uses[:1], *others))
    return replace(candidate, axes=axes, group=group, readings=2 * candidate.readings)


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
