"""Mixes: how a group's members share their requests out over kinds of work, and whether they are too alike.

The mix is tried on two scales: over single forms of request, and over kinds of work (capability and shape).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp
from scipy.stats import norm

from stillwatch.evidence.evalues import LN10
from stillwatch.evidence.population.dirichlet import log_mixes
from stillwatch.evidence.population.robust import QUANTILE, Estimate

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

KINDS = 32  # kinds of work told apart in a group, the rest taken together
MIN_REQUESTS = 3  # of an account: fewer are no mix
MIN_MEMBERS = 6
MOST_MEMBERS = 400  # those with the most requests
FIRST = 3  # members, at least, that name the kinds before anything is tested
DOUBLINGS = 4  # of the members that name the kinds
NAMED_BY = 2  # members, for a kind of work to be told apart
CLOSER = (1.0, 4.0, np.inf)  # concentrations of the alternative: times what few honest groups exceed
STEPS = np.arange(-4.0, 6.01, 0.5)  # concentrations of the null, in careful spreads from the middle


@dataclass(frozen=True, eq=False)
class Mix:
    """Requests of members by kind of work: parallel arrays, one entry an account and kind, or several.

    `row` numbers the members from 0, `kind` is any code.
    """

    row: Ints
    kind: Ints
    count: Ints
    members: int


@dataclass(frozen=True)
class Mixes:
    """The members' mixes on both scales; what proposed the group is left out of them."""

    forms: Mix  # of request: single workloads; those without a template by their kind
    kinds: Mix  # of work: capability and shape


@dataclass(frozen=True)
class Alikeness:
    """Log10 e that members share one mix, over how many accounts and kinds of work."""

    log10_e: float
    accounts: int
    kinds: int


def _drawn(mix: Mix) -> NDArray[np.uint64]:
    """Return a number for each member that follows from what it did, as good as drawn, whatever it is called."""
    keys, at = np.unique(np.stack([mix.row, mix.kind]), axis=1, return_inverse=True)
    counts = np.bincount(at.ravel(), weights=mix.count, minlength=keys.shape[1]).astype(np.uint64)
    mixed = keys[1].astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + counts
    for shift, factor in (
        (30, 0xBF58476D1CE4E5B9),
        (27, 0x94D049BB133111EB),
    ):  # splitmix64, Steele et al. 2014
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    drawn = np.zeros(mix.members, dtype=np.uint64)
    np.add.at(drawn, keys[0], mixed)
    return drawn


def table(mix: Mix) -> Ints:
    """Return counts (members, kinds) of the members with enough requests, those with most first.

    Members of equally many come in an order that has nothing to do with their names.
    """
    kinds, at = np.unique(mix.kind, return_inverse=True)
    totals = np.bincount(mix.row, weights=mix.count, minlength=mix.members)
    rows = np.flatnonzero(totals >= MIN_REQUESTS)
    rows = rows[np.lexsort((_drawn(mix)[rows], -totals[rows]))]
    place = np.full(mix.members, -1)
    place[rows] = np.arange(len(rows))
    counts = np.zeros((len(rows), len(kinds)), dtype=np.int64)
    known = place[mix.row] >= 0
    np.add.at(counts, (place[mix.row[known]], at[known]), mix.count[known])
    return counts


def told_apart(counts: Ints) -> Ints:
    """Return the columns that several rows have, the most asked for `KINDS` of them, in the order of columns."""
    several = np.flatnonzero((counts > 0).sum(axis=0) >= NAMED_BY)
    asked = counts[:, several].sum(axis=0)
    return np.asarray(np.sort(several[np.argsort(-asked, kind="stable")][:KINDS]))


def lumped(counts: Ints, columns: Ints) -> Ints:
    """Return the counts of some columns, and in a last one those of all others."""
    kept = counts[:, columns]
    return np.asarray(np.column_stack([kept, counts.sum(axis=1) - kept.sum(axis=1)]))


def honest_concentrations(honest: Estimate) -> tuple[Floats, Floats]:
    """Return concentrations of honest groups, and the natural log of how many have each (as if log-normal).

    The spread is widened to the careful end of the estimate's interval; the last one stands for all beyond it.
    """
    spread = (honest.level + honest.above - honest.middle) / QUANTILE
    edges = np.concatenate([[-np.inf], (STEPS[1:] + STEPS[:-1]) / 2, [np.inf]])
    upper = norm.logsf(edges[:-1]) + np.log1p(-np.exp(norm.logsf(edges[1:]) - norm.logsf(edges[:-1])))
    return np.exp(honest.middle + spread * STEPS), np.asarray(upper)


@lru_cache(maxsize=16)  # a group is weighed once for each of its workloads, and its mixes stay the same
def alikeness(mix: Mix, honest: Estimate) -> Alikeness | None:
    """Return the evidence that members share one mix more closely than the members of honest groups do.

    `honest` is how alike honest groups are: a group's concentration is a draw of it, its base is unknown. None where
    too few members or kinds of work are there. A prequential likelihood ratio (Dawid 1984, JRSS-A 147(2)): members
    that come before name the kinds of work and the base, those that come after are tested, in a few doublings.
    """
    counts = table(mix)[:MOST_MEMBERS]
    if len(counts) < MIN_MEMBERS:
        return None
    concentrations, weights = honest_concentrations(honest)
    closer = np.exp(honest.level + honest.above) * np.array(CLOSER)
    null, alternative = np.zeros(len(concentrations)), np.zeros(len(closer))
    tested = kinds = 0
    edges = sorted({max(FIRST, len(counts) >> shift) for shift in range(DOUBLINGS + 1)})
    for first, last in pairwise(edges):
        columns = told_apart(counts[:first])
        if len(columns) < 2:
            continue
        before = lumped(counts[:first], columns).sum(axis=0) + 0.5
        base, after = before / before.sum(), lumped(counts[first:last], columns)
        null += [log_mixes(after, base, float(c)) for c in concentrations]
        alternative += [log_mixes(after, base, float(c)) for c in closer]
        tested, kinds = tested + last - first, max(kinds, len(columns))
    if not tested:
        return None
    ratio = logsumexp(alternative) - np.log(len(closer)) - logsumexp(null + weights)
    return Alikeness(float(ratio) / LN10, tested, kinds)
