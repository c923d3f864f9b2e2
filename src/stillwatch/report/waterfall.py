"""The evidence for and against as steps: what each adds, and where each axis ends.

What is drawn is what was computed: the tree of each axis (`evidence/composition.py`) as the judging built it. The
parts of its topmost product are the steps, and they add up to the tested value; what a step was made of (means,
mixtures, products below it) is drawn above it, from zero. A result without trees, such as another tool's, shows its
rows and the tested value and claims nothing of how one became the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from stillwatch.campaigns.model import Campaign
from stillwatch.evidence.composition import Part
from stillwatch.evidence.row import AXES, Axis
from stillwatch.report import words
from stillwatch.report.draw import Scale, bar, scale_for, strip, upright
from stillwatch.report.reasons import margins
from stillwatch.report.record import decimal

HEIGHT = 20
OVER = 18  # how far lines reach into the gap between rows
SILENT = -290.0  # log10 e of what says nothing at all: not drawn
SHOWN_DIFFERENCE = 0.05  # orders of ten

NODES = {
    "sought": "This work: asked × shape",
    "other_works": "Its other work",
    "works": "All its work",
    "content_and_responses": "Content × responses",
    "kinds_of_harvest": "All kinds of harvest",
    "workloads_tried": "Several workloads tried",
    "readings_tried": "Two readings of the group tried",
    "earlier_scans": "Groups of earlier scans tried",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the waterfall, from where the last one ended."""

    name: str
    how: str  # in words, how it comes from what stands above it
    weight: float
    start: float
    end: float
    kind: str  # part, inner (make up the next step) | for | against | rest | total
    depth: int = 0  # of a part: how many means and products lie between it and its step


@dataclass(frozen=True, slots=True)
class AxisSteps:
    """The steps of one axis, drawn."""

    axis: Axis
    question: str
    decides: bool
    margin: str  # what the axis had to reach, in words
    rows: tuple[tuple[Step, Markup], ...]


@dataclass(frozen=True, slots=True)
class Waterfall:
    """All axes on one scale, with the labels of the cut and the confidence steps."""

    axes: tuple[AxisSteps, ...]
    marks: tuple[tuple[str, str], ...]  # position from the left as CSS, label


def steps(campaign: Campaign, axis: Axis) -> tuple[Step, ...]:
    """Return the steps of one axis: for (heaviest first), against, prices, and the tested value."""
    tested = decimal(campaign.axes.get(axis, 0.0))
    tried = campaign.grounds is None or not campaign.grounds.needed or axis in campaign.grounds.needed
    total = Step("Tested" if tried else "In all", "", tested, 0.0, tested, "total")
    tree = campaign.grounds.composition.get(axis) if campaign.grounds is not None else None
    if tree is None:
        return (*_rows(campaign, axis), total)
    at, found = 0.0, []
    for part in sorted(tree.parts, key=lambda p: (_RANK.get(p.operation, 0), -p.log10_e, p.name)):
        found += list(_below(part))
        kind = {"against": "against", "price": "rest"}.get(part.operation, "for")
        found.append(Step(_name(part), _how(part), part.log10_e, at, at + part.log10_e, kind))
        at += part.log10_e
    return (*found, total)


_RANK = {"against": 1, "price": 2}


def _rows(campaign: Campaign, axis: Axis) -> Iterator[Step]:
    """Yield the rows of an axis whose composition is not known, each from zero."""
    rows = [row for row in (*campaign.evidence, *campaign.counter_evidence) if row.axis == axis]
    for row in sorted(rows, key=lambda r: (-r.log10_e, r.signal)):
        weight = decimal(row.log10_e)
        yield Step(words.humanise(row.signal), "", weight, 0.0, weight, "part")


def _below(part: Part, depth: int = 0) -> Iterator[Step]:
    """Yield what a node was made of, each before what it is part of; single parts are not said twice."""
    inner = _inside(part)
    if len(inner) == 1 and depth == 0:
        return
    names = {each.name for each in inner}
    # the product of two kinds comes last, and its factors are not drawn again
    again = {each.name for each in inner if {n.name for n in _inside(each)} & names}
    for each in sorted(inner, key=lambda p: (p.name in again, -p.log10_e, p.name)):
        if each.log10_e <= SILENT:
            continue
        nested = _inside(each)
        if len(nested) > 1 and each.name not in again:
            yield from _below(each, depth + 1)
        kind = "inner" if len(nested) > 1 else "part"
        yield Step(_name(each), _how(each), each.log10_e, 0.0, each.log10_e, kind, depth)


def _inside(part: Part) -> tuple[Part, ...]:
    """Return the parts of a node, through hedges and through nodes of one part."""
    while len(part.parts) == 1:
        (inner,) = part.parts
        if not inner.parts:
            return (inner,)
        part = inner
    return part.parts


def _name(part: Part) -> str:
    inner = _inside(part)
    only = inner[0] if len(inner) == 1 else part
    return NODES.get(only.name, words.humanise(only.name))


def _how(part: Part) -> str:
    """Return how a node comes from what stands above it, and what it weighs in the mean it is part of."""
    parts = _inside(part)
    inner = [p for p in parts if p.log10_e > SILENT]
    said = []
    if len(parts) > 1:
        weighed = "weighted " if any(p.weight is not None for p in parts) else ""
        said.append(
            f"{weighed}{_made_by(part)} of {len(inner)}{' and silence' if len(inner) < len(parts) else ''}"
        )
    if part.operation == "hedge" and part.weight is not None:
        by_itself = f"{words.signed(inner[0].log10_e)}, " if len(inner) == 1 else ""
        said.append(f"{by_itself}hedged at {words.percent(part.weight)}")
    elif part.operation == "against":
        said.append("against")
    elif part.operation == "price":
        said.append("paid for the choice")
    elif part.weight is not None:
        said.append(f"weight {words.percent(part.weight)}")
    return ", ".join(said)


def _made_by(part: Part) -> str:
    while len(part.parts) == 1:
        part = part.parts[0]
    return part.operation


def waterfall(campaign: Campaign, cut: float | None) -> Waterfall:
    """Return the waterfall of a campaign, the axis that decides marked.

    `cut` is the list's own, for campaigns that do not say what each of their axes had to reach.
    """
    each = {axis: steps(campaign, axis) for axis in AXES}
    grounds, told = campaign.grounds, margins(campaign.grounds, campaign.axes)
    cuts = (
        dict(grounds.needed)
        if told and grounds is not None
        else ({} if cut is None else dict.fromkeys(AXES, cut))
    )
    base = cut if grounds is None else grounds.steps_from
    scale = scale_for([x for found in each.values() for s in found for x in (s.start, s.end)], base)
    decides = deciding_axis(campaign)
    return Waterfall(
        tuple(
            AxisSteps(axis, words.AXIS_QUESTION[axis], axis == decides, told.get(axis, ""),
                      tuple((s, _drawn(s, scale, cuts.get(axis), base)) for s in found))
            for axis, found in each.items()
        ),
        _marks(scale, base, one_cut=not told),
    )  # fmt: skip


def deciding_axis(campaign: Campaign) -> Axis | None:
    """Return the axis whose evidence was tested: the one that equals the campaign's log10 e."""
    tested = campaign.grounds.needed if campaign.grounds is not None else {}
    near = [
        axis
        for axis in AXES
        if (not tested or axis in tested)
        and abs(campaign.axes.get(axis, 0.0) - campaign.log10_e) < SHOWN_DIFFERENCE
    ]
    return near[0] if near else None


def _drawn(step: Step, scale: Scale, cut: float | None, base: float | None) -> Markup:
    lines = [upright(scale.at(0.0), -OVER, HEIGHT + OVER, "zero")]
    if base is not None:
        steps_above = [base + over for _, over in words.CONFIDENCE_STEPS[1:]]
        lines += [upright(scale.at(x), -OVER, HEIGHT + OVER, "step") for x in steps_above]
    if cut is not None:
        lines.append(upright(scale.at(cut), -OVER, HEIGHT + OVER, "cut"))
    if step.kind not in ("total", "part", "inner"):
        lines.append(upright(scale.at(step.end), HEIGHT / 2, HEIGHT + OVER, "joint"))
    if step.start != 0.0:
        lines.append(upright(scale.at(step.start), -OVER, HEIGHT / 2, "joint"))
    kind = "minus" if step.weight < 0 else "plus"
    thick = {"total": 14, "part": 3, "inner": 5}.get(step.kind, 8)
    drawn = bar(scale, step.start, step.end, f"{step.kind} {kind}", height=HEIGHT, thick=thick)
    return strip(*lines, drawn, height=HEIGHT)


def _marks(scale: Scale, base: float | None, *, one_cut: bool) -> tuple[tuple[str, str], ...]:
    marks = [(scale.share(0.0), "0")]
    if base is not None:
        named = words.CONFIDENCE_STEPS if one_cut else words.CONFIDENCE_STEPS[1:]
        marks += [
            (
                scale.share(base + over),
                "cut" if over == 0 else words.CONFIDENCE_TITLE[step].split()[0].lower(),
            )
            for step, over in named
        ]
    return tuple(marks)
