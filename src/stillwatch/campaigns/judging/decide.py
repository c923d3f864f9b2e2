"""Judging: which proposals are findings, at the false-discovery rate that the operator set.

The null of a campaign is 'at least one of coordination, evasion and extraction is absent'. The axes are
tested one inside the other, each at its part w of the dial (the parts add up to one): coordination over all m
proposals, evasion over the r that were coordinated, extraction over the q of these that were evasive. For a
final list D of size k whose members all have coordination >= m/(w1 dial k), evasion >= r/(w2 dial k) and
extraction >= q/(w3 dial k), E[false/k] <= dial: each false member is charged to an axis whose null is true, and
1{e >= m/(w dial k)}/k <= w dial e/m (the self-consistency argument of Wang & Ramdas 2022, JRSS-B 84(3),
section 4); an axis's e-value must keep its mean where the axes before it chose. The largest such k is found
by e-BH on the smallest of the scaled axes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from stillwatch.campaigns.judging.axes import Judged
from stillwatch.campaigns.judging.distinct import distinct, overlap
from stillwatch.campaigns.model import Verdict
from stillwatch.evidence.evalues import e_benjamini_hochberg
from stillwatch.evidence.handover import HANDED_OVER
from stillwatch.evidence.row import Axis

TYING = (*HANDED_OVER, "shared_payment", "shared_email", "shared_phone", "shared_device")


@dataclass(frozen=True)
class Finding:
    judged: Judged
    verdict: Verdict
    log10_e: float
    cut: float


def _select(scores: Sequence[float], rate: float) -> tuple[list[int], float]:
    rejected, cut = e_benjamini_hochberg(np.array(scores, dtype=np.float64), rate)
    return [int(i) for i in np.flatnonzero(rejected)], cut


@dataclass(frozen=True)
class Outcome:
    findings: tuple[Finding, ...]
    innocent: tuple[Judged, ...]  # coordinated or nearly so, and not reported
    proposals: int
    coordinated: int
    cut: float  # log10 e a campaign had to reach


COORDINATED = 0.2  # part of the dial at which groups are worth a second look

# The axes of each verdict in the order they are tested, with their part of the dial: extraction, where the
# evidence is hardest to come by, gets most.
NEEDED: dict[Verdict, dict[Axis, float]] = {
    "distillation_campaign": {"coordination": 0.2, "evasion": 0.15, "extraction": 0.65},
    "resale_pool": {"coordination": 0.5, "evasion": 0.5},
    "related_accounts": {"coordination": 1.0},
}


def _nested(
    judged: Sequence[Judged], parts: Mapping[Axis, float], rate: float, proposals: int
) -> tuple[list[int], float]:
    """Return the positions that pass all axes, tested one inside the other, and the cut on the last of them."""
    axes = list(parts)
    left, tested = list(range(len(judged))), [max(proposals, 1)]
    for axis in axes[:-1]:
        padded = [judged[i].axes[axis] for i in left] + [-np.inf] * (tested[-1] - len(left))
        passed, _cut = _select(padded, parts[axis] * rate)
        left = [left[i] for i in passed]
        tested.append(max(len(left), 1))
    last = tested[-1] / parts[axes[-1]]
    scale = {axis: math.log10(n / parts[axis] / last) for axis, n in zip(axes, tested, strict=True)}
    scores = [min(judged[i].axes[axis] - scale[axis] for axis in axes) for i in left]
    passed, cut = _select(scores + [-np.inf] * (tested[-1] - len(left)), parts[axes[-1]] * rate)
    return [left[i] for i in passed], cut


def decide(judged: Sequence[Judged], rate: float, min_accounts: int) -> Outcome:
    """Return the findings among several-account proposals.

    The dial `rate` is kept for the list of each verdict by itself: campaigns and pools are sought among groups large
    enough to be one, related accounts among what is left, however small.
    """
    large = [j for j in judged if big_enough(j, min_accounts)]
    coordinated, rest = _coordinated(large, rate), list(judged)
    findings: list[Finding] = []
    first_cut = 0.0
    for verdict, parts in NEEDED.items():
        if verdict == "related_accounts":
            taken = [finding.judged.group for finding in findings]
            small = _coordinated([j for j in rest if _able(j, verdict)], rate)
            pool, tests = (
                [j for j in small if not any(overlap(j.group, group) for group in taken)],
                len(judged),
            )
        else:
            pool, tests = [j for j in coordinated if _able(j, verdict)], len(large)
        passed, cut = _nested(pool, parts, rate, tests)
        first_cut = first_cut or cut
        findings += [Finding(pool[i], verdict, min(pool[i].axes[a] for a in parts), cut) for i in passed]
        found = {id(finding.judged) for finding in findings}
        coordinated = [j for j in coordinated if id(j) not in found]
    groups = [finding.judged.group for finding in findings]
    near = distinct([*coordinated, *(j for j in judged if j.axes["coordination"] > 0.5)])
    near = [j for j in near if not any(overlap(j.group, group) for group in groups)]
    return Outcome(tuple(findings), tuple(near), len(judged), len(coordinated) + len(findings), first_cut)


def _coordinated(judged: Sequence[Judged], rate: float) -> list[Judged]:
    chosen, _cut = _select([j.axes["coordination"] for j in judged], COORDINATED * rate)
    return distinct([judged[i] for i in chosen])


def _able(judged: Judged, verdict: Verdict) -> bool:
    """Return whether a verdict may be held of this group at all, whatever its numbers.

    Working alike, at the same hours or behind one address is no relation by itself: without an extraction shape
    beside it, a group needs something that passed between its accounts or, to be related, an artefact of its own.
    """
    if verdict == "distillation_campaign":
        # whose work is too little to say what it is after is not tested for it
        return any(row.axis == "extraction" for row in judged.evidence)
    if verdict == "related_accounts" and judged.group.origin != "handover":
        return False
    ties = HANDED_OVER if verdict == "resale_pool" else TYING
    return any(row.signal in ties and row.log10_e >= 1.0 for row in judged.evidence)


def big_enough(judged: Judged, min_accounts: int) -> bool:
    """Return whether the group is large enough to accuse, or small with identities that contradict."""
    if judged.group.size >= min_accounts:
        return True
    claimed = [judged.group.traits.get(name) for name in ("payment", "organisation", "phone")]
    return judged.group.size >= 3 and any(
        trait is not None and trait.known >= 3 and trait.distinct == trait.known for trait in claimed
    )


def decide_bulk(judged: Sequence[Judged], rate: float) -> list[Finding]:
    """Return the single accounts whose bulk work is shaped like a harvest, by e-BH over all such accounts."""
    passed, cut = _select([j.axes["extraction"] for j in judged], rate)
    return [Finding(judged[i], "bulk_extraction", judged[i].axes["extraction"], cut) for i in passed]
