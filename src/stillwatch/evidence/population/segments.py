"""Segments: accounts of like size and like work, by what they do; never by country, language or hours.

An account's segment is the decade of its requests, how much of its work follows a request form, and what it is
mostly after. Each segment has a mix of work (a Dirichlet prior over kinds of work, by its concentration) and rates;
a small segment leans on the whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stillwatch.evidence.population.betabinomial import MIN_REQUESTS, Rate
from stillwatch.evidence.population.dirichlet import likeliest_base, log_mixes
from stillwatch.evidence.population.observed import Ints, Observed

Floats = NDArray[np.float64]

DECADES = ("1-9", "10-99", "100-999", "1000 or more")
FORMS = ("free", "mixed", "templated")
LEAST = 20  # accounts, for a segment to be one
SHRINK = 30.0  # accounts of the whole that a segment leans on
GRID = np.geomspace(0.05, 400.0, 19)
TRIMMED = 0.05  # of the accounts: the least likely ones
MOST = 1000  # accounts a mix is fitted from
LIKELY = 1.92  # natural log-likelihood below the top that an interval reaches down to (95 %)


@dataclass(frozen=True)
class Segment:
    """One segment: its accounts, how alike their mixes of work are with the interval's upper end, and their rates."""

    accounts: float
    concentration: float
    concentration_high: float
    rates: Mapping[str, float]  # means over accounts, leaning on the whole


def segment_names(observed: Observed) -> list[str]:
    """Return each account's segment in words."""
    streams = observed.streams
    formed = np.bincount(
        streams.account, weights=streams.exchanges * streams.templated, minlength=observed.accounts
    )
    share = formed / np.maximum(observed.loads, 1)
    form = (share >= 1 / 3).astype(int) + (share > 2 / 3)
    decade = np.minimum(np.log10(np.maximum(observed.loads, 1)).astype(int), len(DECADES) - 1)
    return [
        f"{DECADES[d]} requests, {FORMS[f]}, {observed.capabilities[m]}"
        for d, f, m in zip(decade, form, observed.main, strict=True)
    ]


def mixes_of(observed: Observed) -> Ints:
    """Return requests by kind of work, (accounts, kinds)."""
    kinds, at = np.unique(observed.streams.kind, return_inverse=True)
    counts = np.zeros((observed.accounts, max(len(kinds), 1)), dtype=np.int64)
    np.add.at(counts, (observed.streams.account, at), observed.streams.exchanges)
    return counts


def _row_terms(counts: Ints, base: Floats, concentration: float) -> Floats:
    return np.array([log_mixes(counts[i : i + 1], base, concentration) for i in range(len(counts))])


def fit_mix(counts: Ints) -> tuple[float, float]:
    """Return (concentration, upper end of its interval) of accounts' mixes, trimmed maximum likelihood.

    The least likely twentieth of the accounts, by likelihood a request, is left out of a second fit (Neykov &
    Muller 2003, Developments in Robust Statistics); the upper end is the larger of both fits' ends.
    """
    counts = counts[counts.sum(axis=1) >= 2][:, counts.sum(axis=0) > 0]
    if len(counts) < 2 or counts.shape[1] < 2:
        return float(GRID[0]), float(GRID[0])
    counts = counts[np.lexsort(counts.T)]
    if len(counts) > MOST:
        counts = counts[np.linspace(0, len(counts) - 1, MOST).astype(np.int64)]
    first = _peak(counts)
    base, _top = likeliest_base(counts, first[0])
    each = _row_terms(counts, base, first[0]) / counts.sum(axis=1)
    kept = np.sort(np.argsort(each, kind="stable")[int(np.ceil(TRIMMED * len(counts))) :])
    second = _peak(counts[kept])
    return second[0], max(first[1], second[1])


def _peak(counts: Ints) -> tuple[float, float]:
    curve = np.array([likeliest_base(counts, float(c))[1] for c in GRID])
    near = np.flatnonzero(curve >= curve.max() - LIKELY)
    return float(GRID[curve.argmax()]), float(GRID[min(near[-1] + 1, len(GRID) - 1)])


def fit_segments(observed: Observed, whole: Mapping[str, Rate]) -> dict[str, Segment]:
    """Return the segments of at least `LEAST` accounts; `whole` holds the rates of all accounts, by name."""
    names = np.array(segment_names(observed))
    counts = mixes_of(observed)
    found = {}
    for name in sorted(set(names.tolist())):
        mine = np.flatnonzero(names == name)
        if len(mine) >= LEAST:
            concentration, high = fit_mix(counts[mine])
            rates = {rate: _leaning(observed, mine, rate, prior) for rate, prior in sorted(whole.items())}
            found[name] = Segment(float(len(mine)), concentration, high, rates)
    return found


def _leaning(observed: Observed, mine: NDArray[np.int64], rate: str, whole: Rate) -> float:
    """Return a segment's rate: the trimmed mean over its accounts, leaning on the whole by `SHRINK` accounts."""
    k, n = (column[mine] for column in observed.rates[rate])
    own = np.sort(k[n >= MIN_REQUESTS] / n[n >= MIN_REQUESTS])
    cut = int(TRIMMED * len(own))
    middle = float(own[cut : len(own) - cut].mean()) if len(own) else whole.mean
    weight = len(own) / (len(own) + SHRINK)
    return weight * middle + (1 - weight) * whole.mean
