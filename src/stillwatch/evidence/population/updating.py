"""Updating: a profile leans on an older one by how many units each rests on; units lose weight as they age."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final, TypeVar

import numpy as np

from stillwatch.evidence.population.betabinomial import Rate
from stillwatch.evidence.population.prevalence import Prevalence
from stillwatch.evidence.population.profile import PopulationProfile
from stillwatch.evidence.population.rhythm import Rhythm
from stillwatch.evidence.population.robust import QUANTILE, Estimate
from stillwatch.evidence.population.segments import Segment

DAY: Final = 86_400.0
HALF_LIFE: Final = 30.0  # days
PSEUDO_UNITS: Final = 40.0  # what the shipped profile counts for at most
PSEUDO_ACCOUNTS: Final = 200.0  # the same, where the unit is an account or a value
T = TypeVar("T", Estimate, Rate, Rhythm, Prevalence)
Kind = TypeVar("Kind", Estimate, Rate, Segment, Prevalence)

MOST_UNITS: Final = 4_000.0  # what the past counts for at most


def update(old: PopulationProfile, new: PopulationProfile, half_life: float = HALF_LIFE) -> PopulationProfile:
    """Return the profile after a new log, the old one's units halved every `half_life` days of event time.

    A log that ends no later than what was learned already adds nothing: scanning it twice is not seeing it twice.
    """
    if half_life <= 0:
        raise ValueError(f"half_life: expected a positive number of days, got {half_life}")
    if new.until <= old.until:
        return old
    kept = 0.5 ** ((new.until - old.until) / DAY / half_life)
    return pooled([_weighed(old, kept, MOST_UNITS), new], new.source)


def adapted(shipped: PopulationProfile, learned: PopulationProfile | None) -> PopulationProfile:
    """Return what to judge by: what was learned, leaning on the shipped profile as on a few units more."""
    if learned is None:
        return shipped
    prior = _weighed(shipped, 1.0, PSEUDO_ACCOUNTS)
    few = {name: _most(each, PSEUDO_UNITS) for name, each in prior.estimates.items()}
    prior = replace(prior, estimates=few)
    return pooled([prior, learned], learned.source)


def pooled(profiles: Iterable[PopulationProfile], source: str) -> PopulationProfile:
    """Return several profiles as one, each parameter weighted by the units it rests on."""
    each = list(profiles)
    rhythms = [p.rhythm for p in each if p.rhythm is not None]
    return PopulationProfile(
        source=source,
        accounts=sum(p.accounts for p in each),
        until=max(p.until for p in each),
        estimates={n: _estimates(found) for n, found in _gathered([p.estimates for p in each])},
        rates={n: _rates(found) for n, found in _gathered([p.rates for p in each])},
        segments={n: _segments(found) for n, found in _gathered([p.segments for p in each])},
        prevalence={n: _prevalences(found) for n, found in _gathered([p.prevalence for p in each])},
        rhythm=_rhythms(rhythms) if rhythms else None,
    )


def _gathered(parts: list[Mapping[str, Kind]]) -> list[tuple[str, list[Kind]]]:
    names = sorted({name for part in parts for name in part})
    return [(name, [part[name] for part in parts if name in part]) for name in names]


def _estimates(found: list[Estimate]) -> Estimate:
    """Pool middles and variances of units; the interval holds each part's own, and how far the parts are apart."""
    weight = np.array([e.units for e in found]) / sum(e.units for e in found)
    middle = float(weight @ [e.middle for e in found])
    variance = float(weight @ [e.spread**2 + (e.middle - middle) ** 2 for e in found])
    level = middle + QUANTILE * variance**0.5
    apart = float(np.sqrt(weight**2 @ [(e.level - level) ** 2 for e in found]))
    return Estimate(
        scale=found[0].scale,
        middle=middle,
        spread=variance**0.5,
        level=level,
        below=float(np.sqrt(weight**2 @ [e.below**2 for e in found])) + apart,
        above=float(np.sqrt(weight**2 @ [e.above**2 for e in found])) + apart,
        units=sum(e.units for e in found),
    )


def _rates(found: list[Rate]) -> Rate:
    """Pool beta priors to the one with the mean and the variance of their mixture."""
    weight = np.array([r.units for r in found]) / sum(r.units for r in found)
    means = np.array([r.mean for r in found])
    spreads = np.array([r.mean * (1 - r.mean) / (r.a + r.b + 1) for r in found])
    mean = float(weight @ means)
    variance = float(weight @ (spreads + (means - mean) ** 2))
    size = mean * (1 - mean) / variance - 1
    each = Rate(mean * size, (1 - mean) * size, 0.0, 0.0, sum(r.units for r in found))
    apart = [
        np.abs(weight * (means - mean)).max(),
        np.abs(weight * [r.threshold - each.threshold for r in found]).max(),
    ]
    within = [weight @ [r.mean_within for r in found], weight @ [r.threshold_within for r in found]]
    return replace(
        each, mean_within=float(within[0] + apart[0]), threshold_within=float(within[1] + apart[1])
    )


def _segments(found: list[Segment]) -> Segment:
    weight = np.array([s.accounts for s in found]) / sum(s.accounts for s in found)
    names = sorted({name for s in found for name in s.rates})
    rates = {}
    for name in names:
        known = [(w, s.rates[name]) for w, s in zip(weight, found, strict=True) if name in s.rates]
        rates[name] = float(sum(w * rate for w, rate in known) / sum(w for w, _rate in known))
    return Segment(
        accounts=sum(s.accounts for s in found),
        concentration=float(np.exp(weight @ np.log([s.concentration for s in found]))),
        concentration_high=float(np.exp(weight @ np.log([s.concentration_high for s in found]))),
        rates=rates,
    )


def _shares(found: list[Rhythm] | list[Prevalence]) -> tuple[tuple[float, ...], tuple[float, ...], float]:
    units = np.array([each.units for each in found])
    weight = units / units.sum()
    shares = weight @ np.array([each.shares for each in found])
    within = np.sqrt(weight**2 @ np.array([each.within for each in found]) ** 2)
    return tuple(shares.tolist()), tuple(within.tolist()), float(units.sum())


def _rhythms(found: list[Rhythm]) -> Rhythm:
    return Rhythm(*_shares(found))


def _prevalences(found: list[Prevalence]) -> Prevalence:
    return Prevalence(*_shares(found))


def _most(each: T, units: float, times: float = 1.0) -> T:
    return replace(each, units=max(min(each.units * times, units), 1e-9))


def _weighed(profile: PopulationProfile, times: float, most: float) -> PopulationProfile:
    """Return a profile whose units count `times` as much, and for `most` at most; what it says stays."""
    of_accounts = min(times, most / max(profile.accounts, 1.0))
    return replace(
        profile,
        accounts=profile.accounts * of_accounts,
        estimates={name: _most(each, most, times) for name, each in profile.estimates.items()},
        rates={name: _most(each, most, times) for name, each in profile.rates.items()},
        segments={
            name: replace(each, accounts=max(each.accounts * of_accounts, 1e-9))
            for name, each in profile.segments.items()
        },
        prevalence={name: _most(each, most, times) for name, each in profile.prevalence.items()},
        rhythm=_most(profile.rhythm, most, times) if profile.rhythm is not None else None,
    )
