"""Judging: which proposals are findings, at the false-discovery rate that the operator set.

The null of a campaign is 'at least one of coordination, evasion and extraction is absent'. The axes are
tested one inside the other, each at a third of the dial: coordination over all m proposals, evasion over the
r that were coordinated, extraction over the q of these that were evasive. For a final list D of size k whose
members all have coordination >= 3m/(dial k), evasion >= 3r/(dial k) and extraction >= 3q/(dial k),
E[false/k] <= dial: each false member is charged to an axis whose null is true, and
1{e >= 3m/(dial k)}/k <= dial e/(3m) (the self-consistency argument of Wang & Ramdas 2022, JRSS-B 84(3),
section 4); an axis's e-value must keep its mean where the axes before it chose. The largest such k is found
by e-BH on the smallest of the scaled axes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from stillwatch.campaigns.model import Verdict
from stillwatch.evidence.evalues import e_benjamini_hochberg, hedge, mean_log10, product_log10
from stillwatch.evidence.group import Group, Population, Use
from stillwatch.evidence.row import AXES, Axis, Evidence
from stillwatch.signals import COUNTER_SIGNALS, SIGNALS

# Fixed weights of the extraction signals: they look at the same work, so they are averaged, not multiplied.
EXTRACTION_WEIGHTS = {
    "harvest_shape": 0.4,
    "answer_pipeline": 0.3,
    "bare_replay": 0.2,
    "capability_concentration": 0.1,
}
HANDED_OVER = ("conversation_carried", "answers_passed", "reasoning_replay", "retry_handed_over")
TYING = (*HANDED_OVER, "shared_payment", "shared_email", "shared_phone", "shared_device")
BLOCK_WEIGHT = 0.25  # of a block's e-value against 1, which says nothing
SAME_GROUP = 0.5  # overlap (Jaccard), or
PIECE = 0.5  # of the whole, at most, that a cluster of hand-overs is to count as a piece of it
CONTAINED = 0.8  # of the smaller in the larger: two proposals of one group


@dataclass(frozen=True)
class Judged:
    """A group with all that speaks for and against it, and log10 e per axis."""

    group: Group
    evidence: tuple[Evidence, ...]
    counter: tuple[Evidence, ...]
    axes: dict[Axis, float]


@dataclass(frozen=True)
class Finding:
    judged: Judged
    verdict: Verdict
    log10_e: float
    cut: float


def _over_blocks(evidence: Sequence[Evidence]) -> float:
    """Multiply over blocks, average inside a block; each block is hedged, being beside the point for most pools."""
    blocks = sorted({row.block for row in evidence})
    means = [mean_log10([r.log10_e for r in evidence if r.block == block]) for block in blocks]
    return product_log10([hedge(mean, BLOCK_WEIGHT) for mean in means])


def _extraction(evidence: Sequence[Evidence], prior: float) -> float:
    """Average by the fixed weights; what rests on the chosen workload pays for the choice."""
    weights = np.array([EXTRACTION_WEIGHTS[row.signal] for row in evidence])
    powers = np.array(
        [r.log10_e + (math.log10(prior) if r.signal == "harvest_shape" else 0.0) for r in evidence]
    )
    if not len(powers):
        return 0.0
    top = powers.max()
    return float(top + np.log10((weights * 10 ** (powers - top)).sum() / weights.sum()))


def prior_of(use: Use, uses: Sequence[Use]) -> float:
    """Return the weight a workload has in the mean over the group's workloads, set without looking at its shape.

    Half of it is equal, half goes by volume; the best workload's e-value times its weight bounds the mean below.
    """
    total = sum(other.exchanges for other in uses)
    return 0.5 / len(uses) + 0.5 * use.exchanges / max(total, 1)


def axes_of(evidence: Sequence[Evidence], counter: Sequence[Evidence], prior: float) -> dict[Axis, float]:
    """Return log10 e per axis. Counter-evidence acts on its own axis; `prior` pays for the workloads tried."""
    by_axis: dict[Axis, list[Evidence]] = {axis: [r for r in evidence if r.axis == axis] for axis in AXES}
    axes: dict[Axis, float] = {
        "coordination": _over_blocks(by_axis["coordination"]),
        "extraction": _extraction(by_axis["extraction"], prior),
        "evasion": _over_blocks(by_axis["evasion"]),
    }
    for row in counter:
        axes[row.axis] += min(row.log10_e, 0.0)
    return axes


def judge(group: Group, population: Population) -> Judged:
    """Weigh a group by every signal, on the workload that speaks most for a harvest."""
    ways = []
    for use in group.uses or (None,):
        view = replace(group, uses=(use, *(u for u in group.uses if u is not use))) if use else group
        evidence = tuple(row for s in SIGNALS if (row := s.weigh(view, population)) is not None)
        counter = tuple(row for s in COUNTER_SIGNALS if (row := s.weigh(view, population)) is not None)
        axes = axes_of(evidence, counter, prior_of(use, group.uses) if use else 1.0)
        ways.append(Judged(view, evidence, counter, axes))
    return max(ways, key=lambda way: (way.axes["extraction"], way.axes["coordination"]))


def _overlap(a: Group, b: Group) -> bool:
    shared = len(np.intersect1d(a.accounts, b.accounts, assume_unique=True))
    union = a.size + b.size - shared
    return shared >= SAME_GROUP * union or shared >= CONTAINED * min(a.size, b.size)


def _supersedes(candidate: Judged, kept: Judged) -> bool:
    """Return whether a proposal is the larger whole of a kept one: the same work, with the kept members in it.

    Things that passed by chance of the schedule tie a pool together in pieces; who does the work is the pool.
    """
    if candidate.group.origin != "workload" or kept.group.origin != "handover" or kept.group.main is None:
        return False
    shared = len(np.intersect1d(candidate.group.accounts, kept.group.accounts, assume_unique=True))
    same_work = candidate.group.main is not None and candidate.group.main.workload == kept.group.main.workload
    a_piece = kept.group.size < PIECE * candidate.group.size and shared >= CONTAINED * kept.group.size
    return same_work and a_piece


def distinct(judged: Sequence[Judged]) -> list[Judged]:
    """Keep of overlapping proposals the one best supported, without a look at what it takes."""
    order = sorted(
        judged,
        key=lambda j: (-round(j.axes["coordination"], 6), -j.group.size, j.group.accounts.tobytes()),
    )
    kept: list[Judged] = []
    for candidate in order:
        rivals = [other for other in kept if _overlap(candidate.group, other.group)]
        if all(_supersedes(candidate, rival) for rival in rivals):
            kept = [other for other in kept if all(other is not rival for rival in rivals)]
            kept.append(candidate)
    return kept


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


NEEDED: dict[Verdict, tuple[Axis, ...]] = {
    "distillation_campaign": ("coordination", "evasion", "extraction"),
    "resale_pool": ("coordination", "evasion"),
    "related_accounts": ("coordination",),
}


def _nested(
    judged: Sequence[Judged], axes: Sequence[Axis], rate: float, proposals: int
) -> tuple[list[int], float]:
    """Return the positions that pass all axes, tested one inside the other, and the cut on the last of them."""
    share = rate / len(axes)
    left, tested = list(range(len(judged))), [proposals]
    for axis in axes[:-1]:
        padded = [judged[i].axes[axis] for i in left] + [-np.inf] * (tested[-1] - len(left))
        passed, _cut = _select(padded, share)
        left = [left[i] for i in passed]
        tested.append(max(len(left), 1))
    scale = {axis: math.log10(n / tested[-1]) for axis, n in zip(axes, tested, strict=True)}
    scores = [min(judged[i].axes[axis] - scale[axis] for axis in axes) for i in left]
    passed, cut = _select(scores + [-np.inf] * (tested[-1] - len(left)), share)
    return [left[i] for i in passed], cut


def decide(judged: Sequence[Judged], rate: float, min_accounts: int) -> Outcome:
    """Return the findings among several-account proposals at the false-discovery rate `rate`."""
    proposals = max(len(judged), 1)
    chosen, _cut = _select([j.axes["coordination"] for j in judged], rate / 3)
    coordinated = distinct([judged[i] for i in chosen])
    findings: list[Finding] = []
    rest, first_cut = list(coordinated), 0.0
    for verdict, axes in NEEDED.items():
        able = [j for j in rest if _able(j, verdict, min_accounts)]
        passed, cut = _nested(able, axes, rate, proposals)
        first_cut = first_cut or cut
        findings += [Finding(able[i], verdict, min(able[i].axes[a] for a in axes), cut) for i in passed]
        rest = [j for j in rest if all(j is not finding.judged for finding in findings)]
    kept = {id(j) for j in coordinated}
    near = distinct([j for j in judged if id(j) not in kept and j.axes["coordination"] > 0.5])
    near = [j for j in near if not any(_overlap(j.group, other.group) for other in coordinated)]
    return Outcome(tuple(findings), (*rest, *near), proposals, len(coordinated), first_cut)


def _able(judged: Judged, verdict: Verdict, min_accounts: int) -> bool:
    """Return whether a verdict may be held of this group at all, whatever its numbers.

    Working alike, at the same hours or behind one address is no relation by itself: without an extraction shape
    beside it, a group needs something that passed between its accounts or, to be related, an artefact of its own.
    """
    if verdict == "distillation_campaign":
        return big_enough(judged, min_accounts)
    if judged.group.origin != "handover":
        return False
    ties = HANDED_OVER if verdict == "resale_pool" else TYING
    tied = any(row.signal in ties and row.log10_e >= 1.0 for row in judged.evidence)
    return tied and (verdict == "related_accounts" or big_enough(judged, min_accounts))


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
