"""Drift: which parameters of the population moved by more than their intervals, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from stillwatch.evidence.population.prevalence import STEPS
from stillwatch.evidence.population.profile import PopulationProfile
from stillwatch.evidence.population.robust import Estimate

LEAST_MOVE = 0.02  # of all accounts: a smaller move of a share is none to act on


@dataclass(frozen=True)
class Drift:
    """One parameter that moved, with its interval before and after, in its own units."""

    name: str
    before: tuple[float, float]
    after: tuple[float, float]
    words: str


def drift(old: PopulationProfile, new: PopulationProfile) -> list[Drift]:
    """Return what moved from one profile to another: parameters whose intervals do not meet, by name."""
    return [
        *_estimates(old, new),
        *_rates(old, new),
        *_segments(old, new),
        *_hours(old, new),
        *_prevalence(old, new),
    ]


def _apart(a: tuple[float, float], b: tuple[float, float]) -> bool:
    return a[1] < b[0] or b[1] < a[0]


def _told(name: str, before: tuple[float, float], after: tuple[float, float], what: str) -> Drift:
    way = "rose" if after[0] > before[1] else "fell"
    words = f"{what} {way}: from {_span(before)} to {_span(after)}"
    return Drift(name, before, after, words)


def _span(ends: tuple[float, float]) -> str:
    return f"{ends[0]:.3g} to {ends[1]:.3g}" if ends[0] < ends[1] else f"{ends[0]:.3g}"


def _interval(estimate: Estimate) -> tuple[float, float]:
    return estimate.low, estimate.high


def _estimates(old: PopulationProfile, new: PopulationProfile) -> Iterator[Drift]:
    for name in sorted(old.estimates.keys() & new.estimates.keys()):
        before, after = _interval(old.estimates[name]), _interval(new.estimates[name])
        if _apart(before, after):
            what = name.replace("_", " ") + ", which one honest group in a hundred exceeds,"
            yield _told(name, before, after, what)


def _rates(old: PopulationProfile, new: PopulationProfile) -> Iterator[Drift]:
    for name in sorted(old.rates.keys() & new.rates.keys()):
        before, after = (
            (max(rate.mean - rate.mean_within, 0.0), min(rate.mean + rate.mean_within, 1.0))
            for rate in (old.rates[name], new.rates[name])
        )
        if _apart(before, after):
            yield _told(
                f"rate {name}", before, after, f"the mean rate of {name.replace('_', ' ')} of an account"
            )


def _segments(old: PopulationProfile, new: PopulationProfile) -> Iterator[Drift]:
    """Yield segments whose share of the accounts moved by more than two standard errors and by `LEAST_MOVE`."""
    for name in sorted(old.segments.keys() | new.segments.keys()):
        before, after = (_share(profile, name) for profile in (old, new))
        if _apart(before, after) and abs(sum(after) - sum(before)) / 2 >= LEAST_MOVE:
            yield _told(f"segment {name}", before, after, f"the share of accounts with {name}")


def _share(profile: PopulationProfile, name: str) -> tuple[float, float]:
    n = max(profile.accounts, 1.0)
    found = profile.segments.get(name)
    share = min((found.accounts if found is not None else 0.0) / n, 1.0)
    error = 2.0 * (max(share * (1 - share), 1 / n) / n) ** 0.5
    return max(share - error, 0.0), min(share + error, 1.0)


def _hours(old: PopulationProfile, new: PopulationProfile) -> Iterator[Drift]:
    if old.rhythm is None or new.rhythm is None:
        return
    for hour, (a, x, b, y) in enumerate(
        zip(old.rhythm.shares, old.rhythm.within, new.rhythm.shares, new.rhythm.within, strict=True)
    ):
        before, after = (max(a - x, 0.0), a + x), (max(b - y, 0.0), b + y)
        if _apart(before, after):
            yield _told(
                f"hour {hour}", before, after, f"the share of requests at {hour:02}:00 to {hour:02}:59 UTC"
            )


def _prevalence(old: PopulationProfile, new: PopulationProfile) -> Iterator[Drift]:
    for name in sorted(old.prevalence.keys() & new.prevalence.keys()):
        one, two = old.prevalence[name], new.prevalence[name]
        for step, a, x, b, y in zip(STEPS, one.shares, one.within, two.shares, two.within, strict=True):
            before, after = (max(a - x, 0.0), a + x), (max(b - y, 0.0), b + y)
            if _apart(before, after):
                what = f"the share of values of {name} that {step} accounts or more have"
                yield _told(f"prevalence {name} {step}", before, after, what)
