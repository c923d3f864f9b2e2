"""Typical weeks: mean-one activity by local hour of week, and how a client's rate wavers around it.

The `api-*` weeks are fitted to the clients of ServeGen (Xiang et al. 2025, arXiv 2505.09999); `home`, `office`,
`night` and `even` are written by hand: no public trace shows single persons.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from stillwatch.ranges.arrivals.tables import table

WEEKEND = (1.0, 1.0, 1.0, 1.0, 1.0, 0.6, 0.6)
FREE_WEEKEND = (1.0, 1.0, 1.0, 1.0, 1.0, 0.2, 0.2)

# Share of activity by local hour: office hours with an evening shoulder, none zero.
OFFICE = (1, 1, 1, 1, 1, 2, 4, 9, 16, 20, 21, 20, 15, 18, 20, 20, 17, 12, 8, 6, 5, 4, 3, 2)
HOME = (4, 2, 1, 1, 1, 1, 3, 6, 8, 9, 9, 10, 11, 10, 10, 10, 11, 13, 16, 19, 21, 20, 15, 9)
NIGHT = (20, 21, 20, 16, 10, 5, 3, 2, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 6, 8, 10, 14, 18)
EVEN = (1,) * 24

# How a person's activity wavers from one ten minutes to the next. Written, not fitted: good days and bad days
# within a factor of about two, lasting hours; somebody at work half of the time.
PERSON = (0.5, 0.5, 0.97)
WRITTEN = {
    "home": (HOME, WEEKEND, PERSON),
    "office": (OFFICE, FREE_WEEKEND, PERSON),
    "night": (NIGHT, WEEKEND, PERSON),
    "even": (EVEN, (1.0,) * 7, (1.0, 0.0, 0.0)),
}


@dataclass(frozen=True)
class Rhythms:
    """All typical weeks, written ones first.

    week         f64[P, 168], mean one; hour 0 is Monday 00:00 local time
    on           f64[P] share of ten-minute windows with any activity at all
    sigma        f64[P] log-normal sd of the ten-minute rate, while active, around the week's
    persistence  f64[P] lag-one (ten minutes) autocorrelation of the normal scores of the rate
    weight       f64[P] share of API clients with such a week, sum one; 0 for written weeks
    load_rank    correlation of a client's number of requests and its constancy (normal scores)
    """

    names: tuple[str, ...]
    week: NDArray[np.float64]
    on: NDArray[np.float64]
    sigma: NDArray[np.float64]
    persistence: NDArray[np.float64]
    weight: NDArray[np.float64]
    load_rank: float

    @property
    def threshold(self) -> NDArray[np.float64]:
        """Return f64[P]: the normal score below which a window is silent; -inf where none is."""
        return np.asarray(ndtri(1.0 - self.on), np.float64)

    @staticmethod
    def of(fitted_table: dict[str, Any]) -> Rhythms:
        """Return the written weeks and those of a fitted table (`profiles`, `load_rank`)."""
        fitted = fitted_table["profiles"]
        weeks = [_week(hours, days) for hours, days, _ in WRITTEN.values()]
        week = np.vstack(weeks + [np.asarray(p["week"], np.float64) for p in fitted])
        waver = [w for _, _, w in WRITTEN.values()]
        waver += [(p["on"], p["sigma"], p["persistence"]) for p in fitted]
        on, sigma, persistence = np.array(waver, np.float64).T
        weight = np.array([0.0] * len(WRITTEN) + [p["weight"] for p in fitted])
        return Rhythms(
            (*WRITTEN, *(p["name"] for p in fitted)),
            week / week.mean(axis=1, keepdims=True),
            on,
            sigma,
            persistence,
            weight / weight.sum(),
            float(fitted_table["load_rank"]),
        )


@cache
def load_rhythms() -> Rhythms:
    """Return the written weeks and the fitted ones that are shipped."""
    return Rhythms.of(table("rhythms"))


def _week(hours: tuple[int, ...], days: tuple[float, ...]) -> NDArray[np.float64]:
    return np.outer(days, hours).ravel().astype(np.float64)


def rhythm(name: str) -> int:
    """Return the index of the week called `name`.

    Raises ValueError naming the weeks that exist.
    """
    names = load_rhythms().names
    if name not in names:
        raise ValueError(f"there is no rhythm {name!r}; choose one of {', '.join(names)}")
    return names.index(name)


def api_rhythms() -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Return the indices i32[k] of the weeks fitted to API clients and their shares f64[k], sum one."""
    found = load_rhythms()
    index = np.arange(len(WRITTEN), len(found.names), dtype=np.int32)
    return index, found.weight[index].copy()


def rhythms_by_load(
    rng: np.random.Generator, loads: NDArray[np.int64], weeks: Rhythms | None = None
) -> NDArray[np.int32]:
    """Draw a fitted week for each API client, i32[a], by its number of requests i64[a] among the others'.

    In the traces who asks most also asks most constantly, and half of the clients come a few times in two weeks. Ranks
    of load and constancy go together by a Gaussian copula; the weeks come out in their shares. `weeks` replaces
    the shipped ones.
    """
    weeks = weeks or load_rhythms()
    if len(loads) == 0:
        return np.zeros(0, np.int32)
    index = np.flatnonzero(weeks.weight > 0)
    # Equal loads are many; chance orders them, not the accounts' numbers.
    rank = np.argsort(np.lexsort((rng.random(len(loads)), loads)))
    score = ndtri((rank + 0.5) / len(loads))
    r = weeks.load_rank
    score = r * score + np.sqrt(1 - r * r) * rng.standard_normal(len(loads))
    constancy = index[np.argsort(weeks.on[index], kind="stable")]
    edges = np.cumsum(weeks.weight[constancy])[:-1]
    return np.asarray(constancy[np.searchsorted(edges, ndtr(score))], np.int32)
