"""Robust estimates: what honest units are like, fitted from units of which a few may be an attacker's.

A unit (an account, the users of one request form) enters with its whole likelihood over a grid of its parameter, so
that a unit that tells little weighs little. Honest units are taken to be normal on the log (or logit) scale; a part
of the units may be anything at all (the contaminated normal of Huber 1964, Annals of Mathematical Statistics 35(1),
with the contamination spread evenly over the grid), and its share is fitted up to `MOST_ODD`.

The interval of a threshold holds two things: sampling of units (bootstrap over units; Rubin 1981, Annals of
Statistics 9(1)), and how far one unit in twenty can push it, being taken away at either end or added at the worst
place there is. So the threshold without attackers lies in it, wherever one unit in twenty that is theirs may be.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Scale = Literal["log", "logit"]

MOST_ODD = 0.2  # share of the units, at most, that is nothing like the rest
SHARE_UNKNOWN = 0.05  # of the units may be an attacker's without the threshold leaving its interval
QUANTILE = 2.3263  # of the standard normal: the threshold is what one honest unit in a hundred exceeds
DRAWS = 100
SURE = 1.96
NARROWEST = 0.05  # of the scale: units are never taken to be all the same
MIN_UNITS = 5
TOLERANCE = 1e-6  # of the level, on its scale


@dataclass(frozen=True)
class Estimate:
    """A parameter over honest units: its middle, its spread, a threshold few units exceed, and its interval.

    All are on `scale` (natural log or logit); `value`, `low`, `high` are in the parameter's own units.
    """

    scale: Scale
    middle: float
    spread: float
    level: float
    below: float  # how far the threshold may lie below `level`
    above: float
    units: float  # that it rests on; decays as it ages

    @property
    def value(self) -> float:
        return self.back(self.level)

    @property
    def low(self) -> float:
        return self.back(self.level - self.below)

    @property
    def high(self) -> float:
        """Return the upper end of the interval: the careful one, where more than this would be a surprise."""
        return self.back(self.level + self.above)

    @property
    def typical(self) -> float:
        return self.back(self.middle)

    def back(self, x: float) -> float:
        """Return a number of the scale in the parameter's own units."""
        return float(np.exp(x)) if self.scale == "log" else float(1.0 / (1.0 + np.exp(-x)))


def on_scale(values: Floats, scale: Scale) -> Floats:
    """Return values in their own units on the scale."""
    return np.log(values) if scale == "log" else np.log(values / (1.0 - values))


@dataclass(frozen=True)
class Fit:
    """A contaminated normal: middle and spread of the honest units, and the share that is like nothing."""

    middle: float
    spread: float
    odd: float

    @property
    def level(self) -> float:
        return self.middle + QUANTILE * self.spread


def _start(likelihood: Floats, points: Floats) -> Fit:
    best = np.sort(points[likelihood.argmax(axis=1)])
    low, middle, high = np.quantile(best, (0.25, 0.5, 0.75))
    return Fit(float(middle), max(float(high - low) / 1.349, NARROWEST), MOST_ODD / 2)


def normal_fit(
    likelihood: Floats, points: Floats, weights: Floats, start: Fit | None = None, passes: int = 1000
) -> Fit:
    """Return the contaminated normal under which weighted units are likeliest (expectation-maximisation).

    `likelihood` (units, points) has any scale per unit; `weights` (units,). The spread is at least `NARROWEST`.
    """
    fit = start or _start(likelihood[weights > 0], points)
    anywhere = likelihood.mean(axis=1)
    for _pass in range(passes):
        prior = np.exp(-0.5 * ((points - fit.middle) / fit.spread) ** 2)
        prior /= prior.sum()
        mass = likelihood @ prior
        honest = (1 - fit.odd) * mass / ((1 - fit.odd) * mass + fit.odd * anywhere)
        of_point = (weights * honest / np.maximum(mass, 1e-300)) @ likelihood * prior
        whole = float(of_point.sum())
        middle = float(of_point @ points) / whole
        variance = float(of_point @ (points - middle) ** 2) / whole
        odd = 1.0 - whole / float(weights.sum())
        before, fit = fit, Fit(middle, max(variance**0.5, NARROWEST), min(MOST_ODD, max(1e-3, odd)))
        if abs(fit.level - before.level) < TOLERANCE:
            break
    return fit


def _pushed(likelihood: Floats, points: Floats, fit: Fit) -> tuple[float, float]:
    """Return how far the level can be (below, above) `fit`'s with one unit in twenty taken away, or one more added.

    Taken away are those at either end; added are units at any one point of the grid.
    """
    units = len(likelihood)
    order = np.argsort((likelihood @ points) / likelihood.sum(axis=1), kind="stable")
    few = int(np.ceil(SHARE_UNKNOWN * units))
    levels = [
        normal_fit(likelihood[kept], points, np.ones(len(kept)), fit, 200).level
        for kept in (order[few:], order[:-few])
    ]
    weights = np.append(np.ones(units), units * SHARE_UNKNOWN / (1 - SHARE_UNKNOWN))
    levels += [
        normal_fit(np.vstack([likelihood, at]), points, weights, fit, 200).level for at in np.eye(len(points))
    ]
    return max(0.0, fit.level - min(levels)), max(0.0, max(levels) - fit.level)


def likelihood_of(curves: Floats) -> Floats:
    """Return likelihoods, each unit's largest being one, in an order that is the same however units came."""
    rounded = np.round(curves - curves.max(axis=1, keepdims=True), 9)
    return np.asarray(np.exp(rounded[np.lexsort(rounded.T)]))


def estimate(curves: Floats, grid: Floats, scale: Scale, seed: int = 1) -> Estimate | None:
    """Return what the units say of a parameter; None for fewer than `MIN_UNITS`.

    `curves` (units, points) are natural log-likelihoods, `grid` (points,) the parameter in its own units. The
    order of the units does not matter.
    """
    units = len(curves)
    if units < MIN_UNITS:
        return None
    likelihood, points, ones = likelihood_of(curves), on_scale(grid, scale), np.ones(units)
    fit = normal_fit(likelihood, points, ones)
    random = np.random.default_rng(seed)
    draws = [
        normal_fit(likelihood, points, random.exponential(size=units), fit, 100) for _draw in range(DRAWS)
    ]
    sampling = SURE * float(np.std([draw.level for draw in draws]))
    lower, higher = _pushed(likelihood, points, fit)
    return Estimate(
        scale=scale,
        middle=fit.middle,
        spread=fit.spread,
        level=fit.level,
        below=sampling + higher,  # what could have pushed it up means that it lies lower
        above=sampling + lower,
        units=float(units),
    )
