"""Learning: from a log's population to its profile."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from stillwatch.evidence.mixes import MIN_REQUESTS, Mix, lumped, table, told_apart
from stillwatch.evidence.population.betabinomial import fit_rate
from stillwatch.evidence.population.dirichlet import concentration_curve
from stillwatch.evidence.population.loads import load_curve
from stillwatch.evidence.population.observed import Ints, Observed, Streams
from stillwatch.evidence.population.pools import Pool, splits
from stillwatch.evidence.population.prevalence import fit_prevalence
from stillwatch.evidence.population.profile import KINDS, LOADS, WORKLOADS, PopulationProfile
from stillwatch.evidence.population.rhythm import fit_rhythm
from stillwatch.evidence.population.robust import Estimate, estimate
from stillwatch.evidence.population.segments import fit_segments

Floats = NDArray[np.float64]

GRID = np.geomspace(0.1, 1000.0, 25)  # concentrations
MIN_ROWS = 5  # users of a pool, for their mixes to say how alike they are
MIN_MEAN_LOAD = 4.0
MOST_MIXES = 200  # tools of a log, those of the most users, whose mixes are looked at


def learn_from(observed: Observed, source: str) -> PopulationProfile:
    """Return the profile of a log's population; what too little is seen of is left out."""
    rates = {name: fit_rate(k, n) for name, (k, n) in sorted(observed.rates.items())}
    known = {name: found for name, found in rates.items() if found is not None}
    prevalence = {name: fit_prevalence(holders) for name, holders in sorted(observed.holders.items())}
    return PopulationProfile(
        source=source,
        accounts=float(observed.accounts),
        until=observed.until,
        estimates=estimates_of([observed.streams]),
        rates=known,
        segments=fit_segments(observed, known),
        prevalence={name: found for name, found in prevalence.items() if found is not None},
        rhythm=fit_rhythm(observed.hours) if observed.hours is not None else None,
    )


def estimates_of(logs: Sequence[Streams]) -> dict[str, Estimate]:
    """Return how alike the users of one thing are, over all logs: in how much they ask, and what they do besides."""
    curves: dict[str, list[Floats]] = {LOADS: [], WORKLOADS: [], KINDS: []}
    for streams in logs:
        _add_curves(streams, curves)
    found = {name: estimate(np.array(each), GRID, "log") for name, each in curves.items() if each}
    return {name: each for name, each in found.items() if each is not None}


def _add_curves(streams: Streams, curves: dict[str, list[Floats]]) -> None:
    for number, (pool, row, at) in enumerate(splits(streams)):
        if pool.loads.mean() >= MIN_MEAN_LOAD:
            curves[LOADS].append(load_curve(pool.loads, GRID))
        scales = ((WORKLOADS, streams.workload), (KINDS, streams.kind)) if number < MOST_MIXES else ()
        for name, kind in scales:
            mixed = _counts(pool, row, kind[at], streams.exchanges[at])
            if mixed is not None:
                curves[name].append(concentration_curve(mixed, GRID))


def _counts(pool: Pool, row: Ints, kind: Ints, exchanges: Ints) -> Ints | None:
    """Return the users' other work (users, kinds), rows in a fixed order; None where there is too little."""
    if int(exchanges.sum()) < MIN_ROWS * MIN_REQUESTS:
        return None
    counts = table(Mix(row, kind, exchanges, len(pool.accounts)))
    columns = told_apart(counts)
    if len(columns) < 2 or len(counts) < MIN_ROWS:
        return None
    counts = lumped(counts, columns)
    return counts[np.lexsort(counts.T)]
