"""Draws the ladder: how much of a campaign is found against what a thousand useful exchanges cost its operator."""

from __future__ import annotations

import importlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any, Final

from stillwatch.ranges.scoring.baselines.embeddings import MissingExtraError
from stillwatch.ranges.trials.ladder import Row

# Okabe and Ito's colours, told apart by the colour-blind, each with a marker and a dash of its own.
COLOURS: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
MARKERS: Final = ("o", "s", "^", "D", "v", "P", "X")
DASHES: Final = ("-", "--", "-.", ":")


@dataclass(frozen=True, slots=True)
class Point:
    """One rung of a line: the mean recall over seeds, with the least and the greatest."""

    level: int
    cost: float  # US dollars per thousand useful exchanges
    recall: float
    least: float
    most: float


@dataclass(slots=True)
class Spot:
    """A name on the plot: the rungs whose points lie there."""

    line: int  # the first that has a point there
    cost: float
    recall: float
    levels: list[int]

    def takes(self, line: int, point: Point) -> bool:
        """Whether a point of a line is named here: too near for a name of its own, and not another line's rung."""
        if line != self.line and point.level not in self.levels:
            return False
        near = abs(math.log10(point.cost / self.cost)) < 0.035
        return near and abs(point.recall - self.recall) < 0.04


def lines_of(rows: Sequence[Row]) -> dict[str, list[Point]]:
    """Return the points of each line, by its name: one a size, background and share of harvest, rungs ascending.

    Rungs without customers stand in the line of every share.
    """
    found: dict[str, list[Point]] = {}
    grounds = sorted({(r.background, r.accounts, r.each) for r in rows})
    for background, accounts, each in grounds:
        here = [r for r in rows if (r.background, r.accounts, r.each) == (background, accounts, each)]
        shares: list[float | None] = []
        shares += sorted({r.share for r in here if r.share is not None}, reverse=True)
        for share in shares or [None]:
            told = f"{accounts:,} × {each:,}, background {background:,} ×"
            told += (
                f", harvest {share:.0%} of its traffic in L6 to L8"
                if len(shares) > 1 and share is not None
                else ""
            )
            found[told] = _points([r for r in here if r.share in (None, share)])
    return found


def plot(rows: Sequence[Row], path: Path) -> Path:
    """Draw the ladder into an image file, its form by its ending (.png, .svg, .pdf); return the path.

    Raises MissingExtraError where matplotlib is not installed, ValueError where there is no row.
    """
    if not rows:
        raise ValueError("no row to draw; climb at least one rung")
    figure = _figure()
    axes = figure.subplots()
    lines = lines_of(rows)
    for number, (name, points) in enumerate(lines.items()):
        _draw(axes, name, points, number)
    _label(axes, list(lines.values()))
    _dress(axes)
    figure.legend(loc="outside lower center", frameon=False, fontsize=8, ncols=1 if len(lines) < 4 else 2)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=150)
    return path


def _figure() -> Any:
    try:
        module = importlib.import_module("matplotlib.figure")
    except ImportError:
        raise MissingExtraError(
            "plots need matplotlib, which is not installed; install it with pip install 'stillwatch[ranges]'"
        ) from None
    return module.Figure(figsize=(8.4, 5.6), layout="constrained")


def _points(rows: Sequence[Row]) -> list[Point]:
    points = []
    for level in sorted({r.level for r in rows}):
        here = [r for r in rows if r.level == level]
        recalls = [r.recall for r in here]
        cost = fmean(r.cost_per_thousand for r in here)
        points.append(Point(level, cost, fmean(recalls), min(recalls), max(recalls)))
    return points


def _draw(axes: Any, name: str, points: Sequence[Point], number: int) -> None:
    colour = COLOURS[number % len(COLOURS)]
    costs, recalls = [p.cost for p in points], [p.recall for p in points]
    spread = [[p.recall - p.least for p in points], [p.most - p.recall for p in points]]
    axes.errorbar(
        costs, recalls, yerr=spread if any(map(any, spread)) else None, label=name, color=colour,
        marker=MARKERS[number % len(MARKERS)], linestyle=DASHES[number % len(DASHES)], linewidth=1.4, markersize=6,
        markeredgecolor="white", markeredgewidth=0.7, capsize=2.5, elinewidth=0.9,
    )  # fmt: skip


def _label(axes: Any, lines: Sequence[Sequence[Point]]) -> None:
    """Name the rungs beside their points, those of every other line on the left; points that coincide share one."""
    halo = importlib.import_module("matplotlib.patheffects").withStroke(linewidth=2.5, foreground="white")
    for spot in spots_of(lines):
        left = spot.line % 2 == 1
        axes.annotate(
            ", ".join(f"L{level}" for level in spot.levels), (spot.cost, spot.recall),
            xytext=(-7 if left else 7, 7), textcoords="offset points", ha="right" if left else "left", va="center",
            fontsize=8, color="#222222", path_effects=[halo],
        )  # fmt: skip


def spots_of(lines: Sequence[Sequence[Point]]) -> list[Spot]:
    """Return where names stand: points nearer to each other than a name is wide or high share a spot."""
    spots: list[Spot] = []
    for number, points in enumerate(lines):
        for point in points:
            near = next((s for s in spots if s.takes(number, point)), None)
            if near is None:
                spots.append(Spot(number, point.cost, point.recall, [point.level]))
            elif point.level not in near.levels:
                near.levels.append(point.level)
    for spot in spots:
        spot.levels.sort()
    return spots


def _dress(axes: Any) -> None:
    axes.set_xscale("log")
    axes.margins(x=0.09)
    low, high = axes.get_xlim()
    ticks = [lead * 10.0**power for power in range(-2, 8) for lead in (1, 2, 5)]
    axes.set_xticks([tick for tick in ticks if low <= tick <= high])
    axes.xaxis.set_major_formatter(lambda value, _at: f"${value:,.0f}" if value >= 1 else f"${value:g}")
    axes.xaxis.set_minor_formatter(lambda value, _at: "")
    axes.yaxis.set_major_formatter(lambda value, _at: f"{value:.0%}")
    axes.set_ylim(-0.06, 1.08)
    axes.set_xlabel("attacker's cost per 1,000 useful exchanges (assumed prices, log scale)")
    axes.set_ylabel("exchanges of the campaign that are attributed to it")
    axes.set_title("What evasion costs, and what it buys", loc="left", fontsize=11)
    axes.grid(alpha=0.25, linewidth=0.5)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
