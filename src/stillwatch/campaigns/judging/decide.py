"""Judging: which proposals are findings, at the false-discovery rate that the operator set.

The null of a campaign is 'at least one of coordination, evasion and extraction is absent'. The axes are
tested one inside the other, each at its part w of the dial (the parts add up to one): coordination over all m
proposals, evasion over the r that were coordinated, extraction over the q of these that were evasive. For a
final list D of size k whose members all have coordination >= m/(w1 dial k), evasion >= r/(w2 dial k) and
extraction >= q/(w3 dial k), E[false/k] <= dial: each false member is charged to an axis whose null is true, and
1{e >= m/(w dial k)}/k <= w dial e/m (the self-consistency argument of Wang & Ramdas 2022, JRSS-B 84(3),
section 4); an axis's e-value must keep its mean where the axes before it chose. The largest such k is found
by e-BH on the smallest of the scaled axes.

The last of three tests is weighted (Wang & Ramdas 2022, section 4; weights of mean one over the q groups): a group
whose coordination and evasion are strong needs less, one that passed them barely needs more. The weights are made of
the axes before, so what was said of their choice holds for them too.

With a state, a scan may spend its share of the dial, `rate`, and the R discoveries of the scans before it count:
k becomes R + k in every cut. The argument stays, as the list of all scans holds R + k at least, and the shares
add up to the dial (`evidence/online.py`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from stillwatch.campaigns.judging.axes import Judged
from stillwatch.campaigns.judging.distinct import distinct, overlap
from stillwatch.campaigns.model import Verdict
from stillwatch.evidence.handover import HANDED_OVER
from stillwatch.evidence.online import e_lond
from stillwatch.evidence.row import Axis

TYING = (*HANDED_OVER, "shared_payment", "shared_email", "shared_phone", "shared_device")
STRONG = 8.0  # orders of ten beyond which an axis adds no more weight to the test of the last


@dataclass(frozen=True)
class Bar:
    """What the list of one verdict asked of a group: the cut on each axis, in the order they are tested."""

    cuts: Mapping[Axis, float]
    trust: float | None = None  # mean over the groups whose last axis was tested; None where all weigh alike

    def of(self, axes: Mapping[Axis, float]) -> dict[Axis, float]:
        """Return what each axis had to reach for a group of these axes, the rest of the list as it was.

        An axis that fell short counts as if it had just reached its cut: the last would else not have been tested.
        """
        *earlier, last = self.cuts
        found = dict(self.cuts)
        if self.trust is not None:
            reached = {axis: max(axes[axis], self.cuts[axis]) for axis in earlier}
            found[last] -= math.log10(max(_trust(reached, earlier), 1e-9) / self.trust)
        return found


def _trust(axes: Mapping[Axis, float], earlier: Sequence[Axis]) -> float:
    """Return how hard the last axis is looked at: harder where the axes before it are strong."""
    return math.prod(max(min(axes[axis], STRONG), 0.0) for axis in earlier)


@dataclass(frozen=True)
class Finding:
    judged: Judged
    verdict: Verdict
    log10_e: float
    cut: float
    cuts: Mapping[Axis, float] = field(default_factory=dict)  # what each axis of its verdict had to reach


def _never(_judged: Judged, _verdict: Verdict) -> bool:
    return False


@dataclass(frozen=True)
class Earlier:
    """What the scans before leave for the tests of this one; the default is that there were none."""

    found: Mapping[Verdict, int] = field(default_factory=dict)  # discoveries so far
    untold: int = 0  # proposals of earlier scans that count as tested here, having been dropped as weak
    known: Callable[[Judged, Verdict], bool] = _never  # found with this verdict before: no discovery

    @property
    def most_found(self) -> int:
        return max(self.found.values(), default=0)


FIRST = Earlier()


def _select(scores: Sequence[float], rate: float, before: int = 0) -> tuple[list[int], float]:
    rejected, cut = e_lond(np.array(scores, dtype=np.float64), rate, found_before=before)
    return [int(i) for i in np.flatnonzero(rejected)], cut


@dataclass(frozen=True)
class Outcome:
    findings: tuple[Finding, ...]
    innocent: tuple[Judged, ...]  # coordinated or nearly so, and not reported
    proposals: int
    coordinated: int
    cut: float  # log10 e a campaign had to reach
    bars: Mapping[Verdict, Bar] = field(default_factory=dict)  # each verdict's own
    min_accounts: int = 0


COORDINATED = 0.2  # part of the dial at which groups are worth a second look

# The axes of each verdict in the order they are tested, with their part of the dial: extraction, where the
# evidence is hardest to come by, gets most.
NEEDED: dict[Verdict, dict[Axis, float]] = {
    "distillation_campaign": {"coordination": 0.1, "evasion": 0.15, "extraction": 0.75},
    "resale_pool": {"coordination": 0.5, "evasion": 0.5},
    "related_accounts": {"coordination": 1.0},
}


def _nested(
    judged: Sequence[Judged], parts: Mapping[Axis, float], rate: float, proposals: int, before: int = 0
) -> tuple[list[int], Bar]:
    """Return the positions that pass all axes, tested one inside the other, and what was asked of them."""
    axes = list(parts)
    left, tested = list(range(len(judged))), [max(proposals, 1)]
    for axis in axes[:-1]:
        padded = [judged[i].axes[axis] for i in left] + [-np.inf] * (tested[-1] - len(left))
        passed, _cut = _select(padded, parts[axis] * rate, before)
        left = [left[i] for i in passed]
        tested.append(max(len(left), 1))
    last = tested[-1] / parts[axes[-1]]
    scale = {axis: math.log10(n / parts[axis] / last) for axis, n in zip(axes, tested, strict=True)}
    trusts = [_trust(judged[i].axes, axes[:-1]) for i in left]
    # the weights of the last test have mean one
    trust = float(np.mean(trusts)) if len(axes) > 2 and left else None
    weights = [math.log10(each / trust) if trust else 0.0 for each in trusts]
    scores = [
        min(judged[i].axes[axis] + (weight if axis == axes[-1] else 0.0) - scale[axis] for axis in axes)
        for i, weight in zip(left, weights, strict=True)
    ]
    passed, cut = _select(scores + [-np.inf] * (tested[-1] - len(left)), parts[axes[-1]] * rate, before)
    return [left[i] for i in passed], Bar({axis: cut + scale[axis] for axis in axes}, trust)


def decide(judged: Sequence[Judged], rate: float, min_accounts: int, earlier: Earlier = FIRST) -> Outcome:
    """Return the findings among several-account proposals.

    The dial `rate` is kept for the list of each verdict by itself: campaigns and pools are sought among groups large
    enough to be one, related accounts among what is left, however small. With `earlier`, `rate` is this scan's share.
    """
    large = [j for j in judged if big_enough(j, min_accounts)]
    coordinated = _coordinated(large, rate, earlier)
    findings: list[Finding] = []
    bars: dict[Verdict, Bar] = {}
    for verdict, parts in NEEDED.items():
        if verdict == "related_accounts":
            taken = [finding.judged.group for finding in findings]
            small = _coordinated([j for j in judged if able(j, verdict)], rate, earlier)
            pool = [j for j in small if not any(overlap(j.group, group) for group in taken)]
        else:
            pool = [j for j in coordinated if able(j, verdict)]
        pool = [j for j in pool if not earlier.known(j, verdict)]
        tests = earlier.untold + len(judged if verdict == "related_accounts" else large)
        passed, bar = _nested(pool, parts, rate, tests, earlier.found.get(verdict, 0))
        bars[verdict] = bar
        findings += [_finding(pool[i], verdict, bar) for i in passed]
        found = {id(finding.judged) for finding in findings}
        coordinated = [j for j in coordinated if id(j) not in found]
    groups = [finding.judged.group for finding in findings]
    near = distinct([*coordinated, *(j for j in judged if j.axes["coordination"] > 0.5)])
    near = [j for j in near if not any(overlap(j.group, group) for group in groups)]
    cut = bars["distillation_campaign"].cuts["extraction"]
    seconded = len(coordinated) + len(findings)
    return Outcome(tuple(findings), tuple(near), len(judged), seconded, cut, bars, min_accounts)


def _finding(judged: Judged, verdict: Verdict, bar: Bar) -> Finding:
    *_earlier, last = bar.cuts
    smallest = min(judged.axes[axis] for axis in bar.cuts)
    return Finding(judged, verdict, smallest, bar.cuts[last], bar.of(judged.axes))


def _coordinated(judged: Sequence[Judged], rate: float, earlier: Earlier) -> list[Judged]:
    scores = [j.axes["coordination"] for j in judged] + [-np.inf] * earlier.untold
    chosen, _cut = _select(scores, COORDINATED * rate, earlier.most_found)
    return distinct([judged[i] for i in chosen])


def able(judged: Judged, verdict: Verdict) -> bool:
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


def standing(judged: Judged, bars: Mapping[Verdict, Bar], min_accounts: int) -> Verdict | None:
    """Return the first verdict whose bar a group reaches, None for none; the lists beside it are taken as they are."""
    for verdict, bar in bars.items():
        if not fit_for(judged, verdict, min_accounts):
            continue
        needed = bar.of(judged.axes)
        if all(judged.axes[axis] >= cut - 1e-9 for axis, cut in needed.items()):
            return verdict
    return None


def fit_for(judged: Judged, verdict: Verdict, min_accounts: int) -> bool:
    """Return whether a group is of the size and kind that a verdict is held of."""
    if verdict == "bulk_extraction" or judged.group.size == 1:
        return verdict == "bulk_extraction" and judged.group.size == 1
    return (verdict == "related_accounts" or big_enough(judged, min_accounts)) and able(judged, verdict)


def big_enough(judged: Judged, min_accounts: int) -> bool:
    """Return whether the group is large enough to accuse, or small with identities that contradict."""
    if judged.group.size >= min_accounts:
        return True
    claimed = [judged.group.traits.get(name) for name in ("payment", "organisation", "phone")]
    return judged.group.size >= 3 and any(
        trait is not None and trait.known >= 3 and trait.distinct == trait.known for trait in claimed
    )


def decide_bulk(judged: Sequence[Judged], rate: float, found_before: int = 0) -> list[Finding]:
    """Return the single accounts whose bulk work is shaped like a harvest, by e-BH over all such accounts."""
    passed, cut = _select([j.axes["extraction"] for j in judged], rate, found_before)
    scores = [judged[i].axes["extraction"] for i in passed]
    cuts: dict[Axis, float] = {"extraction": cut}
    return [
        Finding(judged[i], "bulk_extraction", score, cut, cuts)
        for i, score in zip(passed, scores, strict=True)
    ]
