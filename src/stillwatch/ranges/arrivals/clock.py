"""When requests come: renewal processes in operational time, run through each client's wavering week.

Burstiness and its families follow ServeGen (Xiang et al. 2025, arXiv 2505.09999): the gaps between one client's
requests are Gamma or Weibull with a coefficient of variation of the client's own, its rate moves by the hour.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from stillwatch.ranges.arrivals.intensity import run
from stillwatch.ranges.arrivals.rhythms import (
    Rhythms,
    api_rhythms,
    load_rhythms,
    rhythm,
    rhythms_by_load,
)
from stillwatch.ranges.arrivals.tables import table

__all__ = [
    "GAMMA",
    "WEIBULL",
    "api_rhythms",
    "arrivals",
    "gamma_shape",
    "heavy_tail",
    "rhythm",
    "rhythms_by_load",
    "sessions",
    "shapes",
    "think_times",
    "weibull_cv",
    "weibull_shape",
]

GAMMA, WEIBULL = 0, 1
_SHAPE_GRID = np.exp(np.linspace(np.log(0.15), np.log(20.0), 2_048))


def arrivals(
    rng: np.random.Generator,
    counts: NDArray[np.int64],
    days: float,
    rhythm: NDArray[np.int32],
    shape: NDArray[np.float64],
    family: NDArray[np.int8],
    zone: NDArray[np.float64],
    modulation: bool = True,
    weeks: Rhythms | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return who asks when: owner i64[n] and seconds since the start f64[n], by owner, then by time.

    counts     i64[a] events of each account; exactly so many come back, all in [0, days * 86400)
    rhythm     i32[a] index of the typical week, from `rhythm()` or `api_rhythms()`
    shape      f64[a] shape of the gaps' distribution; family i8[a]: 0 Gamma, 1 Weibull
    zone       f64[a] hours east of UTC; the range starts on a Monday 00:00 UTC
    modulation whether the rate also wavers around the week, as clients' rates do
    weeks      the typical weeks, if not the shipped ones

    Raises ValueError for a range without length, a negative count, a shape that is not positive or a rhythm that
    does not exist.
    """
    counts = np.ascontiguousarray(counts, np.int64)
    shape = np.ascontiguousarray(shape, np.float64)
    rhythms = weeks or load_rhythms()
    _check(counts, days, rhythm, shape, len(rhythms.names))
    owner = np.repeat(np.arange(counts.size, dtype=np.int64), counts)
    gaps = _gaps(rng, counts, shape, np.asarray(family))
    sigma = rhythms.sigma if modulation else np.full(len(rhythms.names), -1.0)
    waver = np.column_stack([rhythms.threshold, sigma, rhythms.persistence])
    at = run(
        rng,
        counts,
        gaps,
        np.ascontiguousarray(rhythm, np.int32),
        np.ascontiguousarray(zone, np.float64),
        rhythms.week,
        waver,
        float(days),
    )
    return owner, at


def _check(
    counts: NDArray[np.int64], days: float, rhythm: NDArray[np.int32], shape: NDArray[np.float64], weeks: int
) -> None:
    if not days > 0:
        raise ValueError(f"days: expected more than 0, got {days}")
    if counts.size and counts.min() < 0:
        raise ValueError(f"counts: expected none below 0, got {counts.min()}")
    if shape.size and not shape.min() > 0:
        raise ValueError(f"shape: expected all above 0, got {shape.min()}")
    if len(rhythm) and not (np.min(rhythm) >= 0 and np.max(rhythm) < weeks):
        raise ValueError(f"rhythm: expected 0 to {weeks - 1}, got {np.min(rhythm)} to {np.max(rhythm)}")


def _gaps(
    rng: np.random.Generator,
    counts: NDArray[np.int64],
    shape: NDArray[np.float64],
    family: NDArray[np.int8],
) -> NDArray[np.float64]:
    """Return counts[i] + 1 gaps of every client in turn, each client's in a unit of its own."""
    shapes = np.repeat(shape, counts + 1)
    weibull = np.repeat(family == WEIBULL, counts + 1)
    gaps = np.empty(shapes.size)
    gaps[~weibull] = rng.standard_gamma(shapes[~weibull])
    gaps[weibull] = rng.weibull(shapes[weibull])
    return gaps


def gamma_shape(cv: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the shape of Gamma gaps with coefficient of variation `cv`, elementwise."""
    return np.asarray(1.0 / np.square(cv), np.float64)


def weibull_cv(shape: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the coefficient of variation of Weibull gaps of `shape`, elementwise."""
    return np.asarray(np.sqrt(np.expm1(gammaln(1 + 2 / shape) - 2 * gammaln(1 + 1 / shape))), np.float64)


def weibull_shape(cv: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the shape, within 0.15 to 20, of Weibull gaps with coefficient of variation `cv`, elementwise."""
    # The variation falls as the shape grows; interpolation wants ascending abscissae.
    known = np.log(weibull_cv(_SHAPE_GRID))[::-1]
    return np.asarray(np.exp(np.interp(np.log(cv), known, np.log(_SHAPE_GRID)[::-1])), np.float64)


def shapes(
    rng: np.random.Generator, n: int, fitted: dict[str, Any] | None = None
) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    """Draw the burstiness of `n` API clients: shape f64[n] and family i8[n] (0 Gamma, 1 Weibull).

    `fitted` replaces the shipped table of the gaps' variation.
    """
    fitted = fitted or table("burstiness")["gaps"]
    family = (rng.random(n) >= fitted["gamma_share"]).astype(np.int8)
    level = rng.random(n)
    gamma = gamma_shape(quantile(fitted["gamma_cv"], level))
    weibull = weibull_shape(quantile(fitted["weibull_cv"], level))
    return np.where(family == WEIBULL, weibull, gamma), family


def quantile(values: list[float], level: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the quantiles at `level` f64[n] in [0, 1) of a table of mid-point quantiles, interpolated."""
    middle = (np.arange(len(values)) + 0.5) / len(values)
    return np.asarray(np.interp(level, middle, np.asarray(values, np.float64)), np.float64)


def heavy_tail(rng: np.random.Generator, accounts: int, total: int, tail: float) -> NDArray[np.int64]:
    """Share `total` exchanges out over accounts with Lomax weights: i64[accounts], each >= 1.

    A smaller `tail` index is less even; the traces' own is `table("burstiness")["rate"]["tail"]`. The sum is
    exactly max(total, accounts). Raises ValueError if `tail` is not positive.
    """
    if not tail > 0:
        raise ValueError(f"tail: expected more than 0, got {tail}")
    if accounts <= 0:
        return np.zeros(0, np.int64)
    weights = rng.pareto(tail, accounts)
    # Cumulative rounding: each share is off by less than one, the sum by nothing.
    edges = np.floor(np.cumsum(weights) / weights.sum() * max(total - accounts, 0) + 0.5).astype(np.int64)
    edges[-1] = max(total - accounts, 0)
    return np.asarray(np.diff(edges, prepend=0) + 1, np.int64)


def think_times(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    """Return f64[n] seconds from one request of a conversation to its next, answer and reading included.

    Log-normal, from the conversation trace of Mooncake (Qin et al. 2025): requests whose prompt blocks begin with all
    of an earlier request's. The trace is an hour long, so pauses that outlast it are missing.
    """
    fitted = table("burstiness")["think"]
    return np.asarray(rng.lognormal(fitted["mu"], fitted["sigma"], n), np.float64)


def sessions(
    rng: np.random.Generator, counts: NDArray[np.int64], mean: float, most: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cut each owner's exchanges into conversations: lengths i64[s] and owner i64[s], by owner.

    Lengths are geometric with that `mean` before an owner's last conversation is cut short by the end of the count
    and longer ones are split at `most`; they sum to counts[i] for each owner. Raises ValueError if `mean` or `most`
    is below 1.
    """
    if not mean >= 1 or not most >= 1:
        raise ValueError(f"mean and most: expected 1 or more, got {mean} and {most}")
    counts = np.asarray(counts, np.int64)
    owner = np.repeat(np.arange(counts.size, dtype=np.int64), counts)
    n = owner.size
    opens = rng.random(n) < 1.0 / mean
    opens[(np.cumsum(counts) - counts)[counts > 0]] = True
    place = np.arange(n)
    since = place - np.maximum.accumulate(np.where(opens, place, 0)) if n else place
    begins = np.flatnonzero(since % most == 0)
    return np.diff(np.append(begins, n)), owner[begins]
