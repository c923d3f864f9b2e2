"""Axes: all that speaks for and against a group, combined within and across blocks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from stillwatch.evidence.evalues import hedge, mean_log10, product_log10
from stillwatch.evidence.group import Group, Population, Use
from stillwatch.evidence.row import AXES, Axis, Evidence
from stillwatch.signals import COUNTER_SIGNALS, SIGNALS

# What is sought and the shape of the work multiply: one reads what is asked, the other never does. Their independence
# among honest work is an assumption, tried on honest ranges (docs/limits.md). The rest of the block is averaged.
CONTENT = {"sought": 0.9, "capability_concentration": 0.1}
SOUGHT = ("sought_capability", "harvest_shape")
# Of a block's e-value against 1, which says nothing: most pools tie only some blocks together, but whoever hides
# mostly does so in all.
BLOCK_WEIGHT: dict[Axis, float] = {"coordination": 0.25, "evasion": 0.75, "extraction": 0.6}


@dataclass(frozen=True)
class Judged:
    """A group with all that speaks for and against it, and log10 e per axis."""

    group: Group
    evidence: tuple[Evidence, ...]
    counter: tuple[Evidence, ...]
    axes: dict[Axis, float]


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
