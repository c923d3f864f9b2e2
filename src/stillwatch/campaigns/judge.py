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
from dataclasses import dataclass, replace

import numpy as np

from stillwatch.campaigns.model import Verdict
from stillwatch.evidence.evalues import e_benjamini_hochberg, hedge, mean_log10, product_log10
from stillwatch.evidence.group import Group, Population, Use
from stillwatch.evidence.handover import HANDED_OVER
from stillwatch.evidence.row import AXES, Axis, Evidence
from stillwatch.signals import COUNTER_SIGNALS, SIGNALS

# What is sought and the shape of the work multiply: one reads what is asked, the other never does. Their independence
# among honest work is an assumption, tried on honest ranges (docs/limits.md). The rest of the block is averaged.
CONTENT = {"sought": 0.9, "capability_concentration": 0.1}
SOUGHT = ("sought_capability", "harvest_shape")
TYING = (*HANDED_OVER, "shared_payment", "shared_email", "shared_phone", "shared_device")
# Of a block's e-value against 1, which says nothing: most pools tie only some blocks together, but whoever hides
# mostly does so in all.
BLOCK_WEIGHT: dict[Axis, float] = {"coordination": 0.25, "evasion": 0.75, "extraction": 0.6}
SAME_GROUP = 0.5  # overlap (Jaccard), or
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


def _over_blocks(evidence: Sequence[Evidence], weight: float) -> float:
    """Multiply over blocks, average inside a block; each block is hedged, being beside the point for most pools."""
    blocks = sorted({row.block for row in evidence})
    means = [mean_log10([r.log10_e for r in evidence if r.block == block]) for block in blocks]
    return product_log10([hedge(mean, weight) for mean in means])


def _extraction(evidence: Sequence[Evidence], prior: float) -> float:
    """Multiply what is asked with what comes back; what rests on the chosen workload pays for the choice."""
    weight = BLOCK_WEIGHT["extraction"]
    content = [row for row in evidence if row.block == "content"]
    others = [row for row in evidence if row.block != "content"]
    return (hedge(_content(content, prior), weight) if content else 0.0) + _over_blocks(others, weight)


def _content(evidence: Sequence[Evidence], prior: float) -> float:
    """Average, by fixed weights, what is sought with its shape and how concentrated the accounts are on it."""
    found = {row.signal: row.log10_e for row in evidence if row.signal not in SOUGHT}
    sought = [row.log10_e for row in evidence if row.signal in SOUGHT]
    if sought:
        found["sought"] = product_log10(sought) + math.log10(prior)
    weights = np.array([CONTENT[name] for name in found])
    powers = np.array(list(found.values()))
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
        "coordination": _over_blocks(by_axis["coordination"], BLOCK_WEIGHT["coordination"]),
        "extraction": _extraction(by_axis["extraction"], prior),
        "evasion": _over_blocks(by_axis["evasion"], BLOCK_WEIGHT["evasion"]),
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
        rivals = [other for other in kept if _overlap(candidate.group, other.group)]
        if all(_supersedes(candidate, rival) for rival in rivals):
            kept = [other for other in kept if all(other is not rival for rival in rivals)]
            kept.append(_whole(candidate, rivals) if rivals else candidate)
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
                [j for j in small if not any(_overlap(j.group, group) for group in taken)],
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
    near = [j for j in near if not any(_overlap(j.group, group) for group in groups)]
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
