"""The evidence for and against as steps: what each adds, and where each axis ends.

Coordination and evasion multiply over blocks and average inside one; extraction averages all its signals,
which look at the same work. A step is that mean; the signals that were averaged are drawn above it, from
zero. Where the tested value differs from the sum of the steps (hedged blocks, weights of signals, workloads
tried) the difference is a step of its own: the steps always add up.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass

from markupsafe import Markup

from stillwatch.campaigns.model import Campaign
from stillwatch.evidence.row import AXES, Axis, Evidence
from stillwatch.report import words
from stillwatch.report.draw import Scale, bar, scale_for, strip, upright
from stillwatch.report.record import decimal

HEIGHT = 20
OVER = 14  # how far lines reach into the gap between rows
SHOWN_DIFFERENCE = 0.05  # orders of ten

_CORRECTION: dict[Axis, str] = {
    "coordination": "each block is hedged",
    "extraction": "weights of signals, workloads tried",
    "evasion": "each block is hedged",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the waterfall, from where the last one ended."""

    name: str
    signals: str
    weight: float
    start: float
    end: float
    kind: str  # part (averaged into the next) | for | against | rest | total


@dataclass(frozen=True, slots=True)
class AxisSteps:
    """The steps of one axis, drawn."""

    axis: Axis
    question: str
    decides: bool
    rows: tuple[tuple[Step, Markup], ...]


@dataclass(frozen=True, slots=True)
class Waterfall:
    """All axes on one scale, with the labels of the cut and the confidence steps."""

    axes: tuple[AxisSteps, ...]
    marks: tuple[tuple[str, str], ...]  # position from the left as CSS, label


def block_mean(rows: list[Evidence]) -> float:
    """Return log10 of the mean of the rows' e-values."""
    weights = [decimal(row.log10_e) for row in rows]
    top = max(weights)
    return top + math.log10(sum(10 ** (x - top) for x in weights) / len(weights))


def steps(campaign: Campaign, axis: Axis) -> tuple[Step, ...]:
    """Return the steps of one axis: for (heaviest first), against, the difference, and the tested value."""
    at, found = 0.0, []
    for name, rows in _averaged([row for row in campaign.evidence if row.axis == axis], axis):
        weight = block_mean(rows)
        if len(rows) > 1:
            found += [
                Step(_title(row), "", decimal(row.log10_e), 0.0, decimal(row.log10_e), "part") for row in rows
            ]
        signals = "mean of the above" if len(rows) > 1 else ""
        found.append(
            Step(name if len(rows) > 1 else _title(rows[0]), signals, weight, at, at + weight, "for")
        )
        at += weight
    for row in sorted(campaign.counter_evidence, key=lambda r: (r.log10_e, r.signal)):
        if row.axis == axis and row.log10_e < 0:
            weight = decimal(row.log10_e)
            found.append(Step(_title(row), "against", weight, at, at + weight, "against"))
            at += weight
    tested = decimal(campaign.axes.get(axis, 0.0))
    if found and abs(tested - at) > SHOWN_DIFFERENCE:
        found.append(Step("Correction", _CORRECTION[axis], tested - at, at, tested, "rest"))
    return (*found, Step("Tested", "", tested, 0.0, tested, "total"))


def _averaged(rows: list[Evidence], axis: Axis) -> list[tuple[str, list[Evidence]]]:
    """Return the rows that are averaged together, under a name, the heaviest mean first."""
    sets: defaultdict[str, list[Evidence]] = defaultdict(list)
    for row in sorted(rows, key=lambda r: (-r.log10_e, r.signal)):
        sets[words.humanise(axis) if axis == "extraction" else words.humanise(row.block)].append(row)
    return sorted(sets.items(), key=lambda item: (-block_mean(item[1]), item[0]))


def _title(row: Evidence) -> str:
    return words.humanise(row.signal)


def waterfall(campaign: Campaign, cut: float | None) -> Waterfall:
    """Return the waterfall of a campaign, the axis that decides marked."""
    each = {axis: steps(campaign, axis) for axis in AXES}
    scale = scale_for([x for found in each.values() for s in found for x in (s.start, s.end)], cut)
    decides = deciding_axis(campaign)
    return Waterfall(
        tuple(
            AxisSteps(axis, words.AXIS_QUESTION[axis], axis == decides,
                      tuple((s, _drawn(s, scale, cut)) for s in found))
            for axis, found in each.items()
        ),
        _marks(scale, cut),
    )  # fmt: skip


def deciding_axis(campaign: Campaign) -> Axis | None:
    """Return the axis whose evidence was tested: the one that equals the campaign's log10 e."""
    near = [axis for axis in AXES if abs(campaign.axes.get(axis, 0.0) - campaign.log10_e) < SHOWN_DIFFERENCE]
    return near[0] if near else None


def _drawn(step: Step, scale: Scale, cut: float | None) -> Markup:
    lines = [upright(scale.at(0.0), -OVER, HEIGHT + OVER, "zero")]
    if cut is not None:
        steps_above = [cut + over for _, over in words.CONFIDENCE_STEPS[1:]]
        lines += [upright(scale.at(x), -OVER, HEIGHT + OVER, "step") for x in steps_above]
        lines.append(upright(scale.at(cut), -OVER, HEIGHT + OVER, "cut"))
    if step.kind not in ("total", "part"):
        lines.append(upright(scale.at(step.end), HEIGHT / 2, HEIGHT + OVER, "joint"))
    if step.start != 0.0:
        lines.append(upright(scale.at(step.start), -OVER, HEIGHT / 2, "joint"))
    kind = "minus" if step.weight < 0 else "plus"
    thick = {"total": 14, "part": 3}.get(step.kind, 8)
    drawn = bar(scale, step.start, step.end, f"{step.kind} {kind}", height=HEIGHT, thick=thick)
    return strip(*lines, drawn, height=HEIGHT)


def _marks(scale: Scale, cut: float | None) -> tuple[tuple[str, str], ...]:
    marks = [(scale.share(0.0), "0")]
    if cut is not None:
        marks += [
            (scale.share(cut + over), "cut" if over == 0 else words.CONFIDENCE_TITLE[step].split()[0].lower())
            for step, over in words.CONFIDENCE_STEPS
        ]
    return tuple(marks)
