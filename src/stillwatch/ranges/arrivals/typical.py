"""Fits typical weeks: clients of like constancy clustered by when in the week they ask, and how they waver."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from scipy.signal import lfilter
from scipy.special import ndtri
from scipy.stats import rankdata

HOURS = 168
# The trace does not say which weekday it begins on, nor its zone. Its quiet days are the fifth and sixth, the twelfth
# and thirteenth, its nights are quietest at three to five: so it begins on a Tuesday, at local midnight.
FIRST_HOUR = 24
# Constancy classes: name, least share of active windows, weeks to find in it.
CLASSES = (
    ("constant", 0.985, 3),
    ("steady", 0.85, 2),
    ("frequent", 0.5, 3),
    ("sparse", 0.1, 3),
    ("rare", 0.01, 2),
    ("scarce", 0.0, 1),
)
FREQUENT = 0.5  # share of active windows of the clients whose mean week all others lean on
PRIOR = 288.0  # windows of that shared week that a client's own is mixed with
LOWEST = 0.02
HIGHEST = 5.0
SMOOTH = 0.7
LEAST_MEMBERS = 3
MOST_PERSISTENT = 0.998
SIMULATED, ROUNDS = 200, 24


def fit_rhythms(rate: NDArray[np.float64]) -> list[dict[str, Any]]:
    """Return profiles (name, weight, week, on, sigma, persistence) of f64[c, windows] rates over whole weeks."""
    rate = rate[np.nansum(rate, axis=1) > 0]
    active = constancy(rate)
    frequent = rate[active >= FREQUENT]
    shared = separable(weeks(frequent if frequent.size else rate).mean(axis=0))
    found: list[dict[str, Any]] = []
    above = np.inf
    for name, least, k in CLASSES:
        members = rate[(active >= least) & (active < above)]
        above = least
        if members.shape[0]:
            found += _class(name, members, k, members.shape[0] / rate.shape[0], shared)
    return found


def constancy(rate: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return f64[c]: each client's share of windows with any request."""
    return np.asarray((rate > 0).mean(axis=1))


def weeks(rate: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return f64[c, 168]: each client's mean activity by local hour of week, mean one; hour 0 is Monday's first.

    An hour counts for at most HIGHEST times the client's mean hour: a single batch is not a habit.
    """
    by_hour = rate.reshape(rate.shape[0], -1, 6).mean(axis=2)
    by_hour = np.minimum(by_hour / by_hour.mean(axis=1, keepdims=True), HIGHEST)
    by_hour = np.roll(by_hour.reshape(rate.shape[0], -1, HOURS).mean(axis=1), FIRST_HOUR, axis=1)
    return np.asarray(by_hour / by_hour.mean(axis=1, keepdims=True))


def separable(week: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return f64[168] as a factor of the day times one of the hour, the weekend's hours apart from the weekdays'.

    Two weeks of a client who comes now and then cannot tell 168 numbers; they may tell these.
    """
    days = week.reshape(7, 24)
    hours = [days[part].mean(axis=0) for part in (slice(0, 5), slice(5, 7))]
    hours = [gaussian_filter1d(h / max(float(h.mean()), 1e-9), SMOOTH, mode="wrap") for h in hours]
    by_hour = np.concatenate([*[hours[0]] * 5, *[hours[1]] * 2])
    return np.asarray(np.repeat(days.mean(axis=1), 24) * by_hour, np.float64)


def _class(
    name: str, rate: NDArray[np.float64], k: int, share: float, shared: NDArray[np.float64]
) -> list[dict[str, Any]]:
    own = np.array([separable(w) for w in weeks(rate)])
    seen = (rate > 0).sum(axis=1, keepdims=True)
    shrunk = (own * seen + shared * PRIOR) / (seen + PRIOR)
    label = k_means(np.sqrt(shrunk), min(k, rate.shape[0]))
    found: list[dict[str, Any]] = []
    for g in np.unique(label):
        mine = label == g
        week = np.maximum(shrunk[mine].mean(axis=0), LOWEST)
        week /= week.mean()
        found.append(
            {
                "name": f"api-{name}-{len(found) + 1}",
                "weight": round(share * float(mine.mean()), 5),
                **waver(rate[mine], week),
                "week": [round(float(v), 3) for v in week],
            }
        )
    return found


def waver(rate: NDArray[np.float64], week: NDArray[np.float64]) -> dict[str, float]:
    """Return `on`, `sigma` and `persistence` of clients' ten-minute rates around a week of mean one.

    `on` is the mean share of active windows. `sigma` and `persistence` are such that simulated series of the same
    length have the clients' median coefficient of variation and median lag-one correlation (indirect inference,
    Gourieroux, Monfort & Renault 1993): of rates so heavy-tailed and so slow, two weeks show less than formulas say.
    """
    expected = np.tile(np.repeat(np.roll(week, -FIRST_HOUR), 6), rate.shape[1] // (HOURS * 6))
    variation, correlation = _shown(rate / expected)
    on = float(np.clip((rate > 0).mean(), 1e-3, 1 - 1e-6))
    fresh = np.random.default_rng(0).standard_normal((SIMULATED, rate.shape[1]))
    sigma, persistence = 0.8, 0.9
    for _ in range(ROUNDS):
        got_variation, got_correlation = _shown(_simulated(fresh, on, sigma, persistence))
        sigma *= np.sqrt(np.log1p(variation**2) / np.log1p(got_variation**2))
        persistence = 1 - (1 - persistence) * np.sqrt((1 - correlation) / (1 - got_correlation))
        sigma, persistence = (
            float(np.clip(sigma, 0.05, 3.0)),
            float(np.clip(persistence, 0.0, MOST_PERSISTENT)),
        )
    return {"on": round(on, 4), "sigma": round(sigma, 4), "persistence": round(persistence, 4)}


def _shown(rate: NDArray[np.float64]) -> tuple[float, float]:
    """Return the median over clients of the coefficient of variation and of the lag-one correlation."""
    rate = rate[rate.any(axis=1)]
    return float(np.median(rate.std(axis=1) / rate.mean(axis=1))), float(np.median(lag_one(rate)))


def lag_one(series: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return f64[c]: the correlation of each row's values with the next ones."""
    off = series - series.mean(axis=1, keepdims=True)
    return np.asarray((off[:, 1:] * off[:, :-1]).sum(axis=1) / (off**2).sum(axis=1))


def _simulated(
    fresh: NDArray[np.float64], on: float, sigma: float, persistence: float
) -> NDArray[np.float64]:
    """Return exp(sigma z) where the autoregression z made of `fresh` passes the threshold, else 0."""
    start = fresh[:, :1] * persistence
    z = lfilter([np.sqrt(1 - persistence**2)], [1.0, -persistence], fresh[:, 1:], axis=1, zi=start)[0]
    return np.where(z >= ndtri(1.0 - on), np.exp(sigma * z), 0.0)


def load_rank(rate: NDArray[np.float64]) -> float:
    """Return how clients' mean rate and share of active windows go together: correlation of normal scores."""
    scores = [ndtri((rankdata(v) - 0.5) / v.size) for v in (rate.mean(axis=1), (rate > 0).mean(axis=1))]
    return round(float(np.corrcoef(scores)[0, 1]), 4)


def k_means(points: NDArray[np.float64], k: int, rounds: int = 100) -> NDArray[np.int64]:
    """Return cluster labels i64[n] by Lloyd's algorithm, begun with equal parts along the principal axis: no chance.

    Clusters of fewer than LEAST_MEMBERS are dissolved into the others: one odd client is not a type.
    """
    centred = points - points.mean(axis=0)
    axis = np.linalg.svd(centred, full_matrices=False)[2][0]
    axis = axis * (1.0 if axis[np.argmax(np.abs(axis))] > 0 else -1.0)
    label = np.empty(points.shape[0], np.int64)
    for g, part in enumerate(np.array_split(np.argsort(centred @ axis, kind="stable"), k)):
        label[part] = g
    groups = np.unique(label)
    while True:
        for _ in range(rounds):
            middle = np.array([points[label == g].mean(axis=0) for g in groups])
            moved = groups[np.argmin(((points[:, None, :] - middle[None]) ** 2).sum(axis=2), axis=1)]
            if np.array_equal(moved, label):
                break
            label, groups = moved, np.unique(moved)
        sizes = np.array([(label == g).sum() for g in groups])
        if groups.size == 1 or sizes.min() >= LEAST_MEMBERS:
            return np.unique(label, return_inverse=True)[1].astype(np.int64)
        groups = np.delete(groups, np.argmin(sizes))
        label = np.where(np.isin(label, groups), label, groups[0])
