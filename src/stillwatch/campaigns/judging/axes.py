"""Axes: all that speaks for and against a group, combined within and across blocks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from stillwatch.evidence.composition import Part, against, hedged, mean_of, of_row, price, product_of
from stillwatch.evidence.evalues import product_log10, weighted_mean_log10
from stillwatch.evidence.group import Group, Population, Use, weights_of
from stillwatch.evidence.row import AXES, Axis, Evidence
from stillwatch.signals import COUNTER_SIGNALS, SIGNALS

# What is sought and the shape of the work multiply: one reads what is asked, the other never does. Their independence
# among honest work is an assumption, tried on honest ranges (docs/limits.md). The rest of the block is averaged.
CONTENT = {"works": 0.9, "capability_concentration": 0.1}
SOUGHT = ("sought_capability", "harvest_shape")
PROBING = "probing"
# The kinds of harvest, with the weight each has before anything is seen: some show in what is asked, some in what is
# made of the answers, some in both, and some are only trying what they can get. A kind that is silent earns nothing.
KINDS = {"content": 0.5, "responses": 0.15, "content_and_responses": 0.2, PROBING: 0.15}
# Of a block's e-value against 1, which says nothing: most pools tie only some blocks together, but whoever hides
# mostly does so in all.
BLOCK_WEIGHT: dict[Axis, float] = {"coordination": 0.25, "evasion": 0.75}
OWN_FORM = 3.0  # weight of a request form that is mostly the group's, to one that others use as well
SILENT = -300.0  # log10 of the e-value of a kind of harvest that nothing speaks of


@dataclass(frozen=True)
class Judged:
    """A group with all that speaks for and against it, and log10 e per axis."""

    group: Group
    evidence: tuple[Evidence, ...]
    counter: tuple[Evidence, ...]
    axes: dict[Axis, float]
    prior: float = 1.0  # weight of the workload it is shown on among all of the group's
    others: float = SILENT  # log10 e of what is sought and its shape, averaged over the other workloads
    readings: int = 1  # of the group that were tried: pieces or the whole

    def composed(
        self, evidence: Sequence[Evidence] | None = None, counter: Sequence[Evidence] | None = None
    ) -> dict[Axis, Part]:
        """Return how each axis came about, or would have come about from other rows."""
        rows = self.evidence if evidence is None else evidence
        return compose(
            rows, self.counter if counter is None else counter, self.prior, self.readings, self.others
        )


def _over_blocks(evidence: Sequence[Evidence], weight: float) -> list[Part]:
    """Average inside a block and hedge each block, being beside the point for most pools; to be multiplied."""
    blocks = sorted({row.block for row in evidence})
    means = [mean_of(block, [of_row(r) for r in evidence if r.block == block]) for block in blocks]
    return [hedged(mean, weight) for mean in means]


def _extraction(evidence: Sequence[Evidence], prior: float, others: float) -> list[Part]:
    """Mix the kinds of harvest by their weights; without any evidence the axis says nothing."""
    if not evidence:
        return []
    silent = Part("silent", "row", SILENT)
    content = [row for row in evidence if row.block == "content"]
    responses = [of_row(row) for row in evidence if row.block == "responses" and row.signal != PROBING]
    probing = [of_row(row) for row in evidence if row.signal == PROBING]
    asked = _content(content, prior, others) if content else silent
    fed_back = mean_of("responses", responses) if responses else silent
    both = product_of("content_and_responses", [asked, fed_back]) if content and responses else silent
    parts = [asked, fed_back, both, probing[0] if probing else silent]
    return [mean_of("kinds_of_harvest", parts, list(KINDS.values()))]


def _content(evidence: Sequence[Evidence], prior: float, others: float) -> Part:
    """Average, by fixed weights, what is sought with its shape and how concentrated the accounts are on it."""
    found = {row.signal: of_row(row) for row in evidence if row.signal not in SOUGHT}
    sought = [of_row(row) for row in evidence if row.signal in SOUGHT]
    if sought:
        main = product_of("sought", sought)
        rest = Part("other_works", "row", others)
        found["works"] = mean_of("works", [main, rest], [prior, 1 - prior]) if prior < 1 else main
    return mean_of("content", list(found.values()), [CONTENT[name] for name in found])


def priors_of(uses: tuple[Use, ...]) -> NDArray[np.float64]:
    """Return the weight of each workload in the mean over a group's, set without looking at its shape; shape (uses,).

    By volume; a form that is mostly the group's own weighs `OWN_FORM` times as much.
    """
    weights = weights_of(uses) * np.where([is_own(use) for use in uses], OWN_FORM, 1.0)
    return np.asarray(weights / weights.sum())


def is_own(use: Use) -> bool:
    """Return whether more of the group than of everybody else uses a request form."""
    return len(use.outside_loads) < use.holders


def compose(
    evidence: Sequence[Evidence],
    counter: Sequence[Evidence],
    prior: float,
    readings: int = 1,
    others: float = SILENT,
) -> dict[Axis, Part]:
    """Return how each axis comes about. Counter-evidence acts on its own axis.

    `prior` is the weight of the workload that the rows are about, `others` the mean log10 e of the group's others;
    `readings` pays for the choice between so many readings of one group: the best of n e-values, by n, is one.
    """
    by_axis: dict[Axis, list[Evidence]] = {axis: [r for r in evidence if r.axis == axis] for axis in AXES}
    found: dict[Axis, list[Part]] = {
        "coordination": _over_blocks(by_axis["coordination"], BLOCK_WEIGHT["coordination"]),
        "extraction": _extraction(by_axis["extraction"], prior, others),
        "evasion": _over_blocks(by_axis["evasion"], BLOCK_WEIGHT["evasion"]),
    }
    for row in counter:
        found[row.axis].append(against(row))
    if readings > 1:
        for axis in ("coordination", "evasion"):  # they chose
            found[axis].append(price("readings_tried", -math.log10(readings)))
    return {axis: product_of(axis, parts) for axis, parts in found.items()}


def axes_of(
    evidence: Sequence[Evidence], counter: Sequence[Evidence], prior: float, others: float = SILENT
) -> dict[Axis, float]:
    """Return log10 e per axis: the value of what `compose` puts together."""
    composed = compose(evidence, counter, prior, others=others)
    return {axis: part.log10_e for axis, part in composed.items()}


def _weigh(group: Group, population: Population) -> tuple[tuple[Evidence, ...], tuple[Evidence, ...]]:
    evidence = tuple(row for s in SIGNALS if (row := s.weigh(group, population)) is not None)
    counter = tuple(row for s in COUNTER_SIGNALS if (row := s.weigh(group, population)) is not None)
    return evidence, counter


def judge(group: Group, population: Population) -> Judged:
    """Weigh a group by every signal, and show it on the workload that speaks most for a harvest."""
    if not group.uses:
        evidence, counter = _weigh(group, population)
        return Judged(group, evidence, counter, axes_of(evidence, counter, 1.0))
    views = [replace(group, uses=(use, *(u for u in group.uses if u is not use))) for use in group.uses]
    priors = priors_of(group.uses)
    values = np.array([_sought(view, population) for view in views])
    best = int(np.argmax(np.log10(priors) + values))
    rest = np.arange(len(views)) != best
    others = max(float(weighted_mean_log10(values[rest], priors[rest])), SILENT) if rest.any() else SILENT
    evidence, counter = _weigh(views[best], population)
    prior = float(priors[best])
    axes = axes_of(evidence, counter, prior, others)
    return Judged(views[best], evidence, counter, axes, prior=prior, others=others)


def _sought(view: Group, population: Population) -> float:
    """Return log10 e of what the first of a group's workloads is after, times its shape."""
    rows = (s.weigh(view, population) for s in SIGNALS if s.name in SOUGHT)
    told = [row.log10_e for row in rows if row is not None]
    return product_log10(told) if told else SILENT
