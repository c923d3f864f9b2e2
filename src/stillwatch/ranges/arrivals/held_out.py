"""Compares samples of the fitted model with clients it was not fitted to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import ks_2samp, weibull_min

from stillwatch.ranges.arrivals.burstiness import LEAST_REQUESTS
from stillwatch.ranges.arrivals.clock import (
    WEIBULL,
    arrivals,
    gamma_shape,
    heavy_tail,
    shapes,
    weibull_cv,
    weibull_shape,
)
from stillwatch.ranges.arrivals.fit import fit_clock
from stillwatch.ranges.arrivals.lengths import CONDENSE, TOKENS_A_SENTENCE, sentences
from stillwatch.ranges.arrivals.quantiles import LEVELS, SERVEGEN, SINGLE, members, representatives, thirds
from stillwatch.ranges.arrivals.rhythms import WRITTEN, Rhythms, rhythms_by_load
from stillwatch.ranges.arrivals.traces import (
    AZURE,
    WINDOW,
    ClientArrivals,
    client_arrivals,
    client_lengths,
    pair,
    read,
)
from stillwatch.ranges.arrivals.typical import constancy, lag_one, weeks

# Splits that no choice of the model was made on (those were made on others); the first is drawn. All are of the same
# clients, so they say how much chance is in one split, not how another provider's clients would fare.
SPLITS = (11, 12, 13, 14, 15)
OFTEN = 0.1  # share of active windows from which a client's own two weeks show a week
MOST_EVENTS = 100_000  # a client's events that are sampled; busier ones are thinned, in the trace alike
MOST_IN_WINDOW = 10_000
WINDOWS = 5
REPEATS = 2
DAYS = 14.0


@dataclass(frozen=True)
class Comparison:
    """Values of held-out clients (`trace`) beside the model's (`model`) and those of the clients it was fitted to."""

    name: str
    trace: NDArray[np.float64]
    model: NDArray[np.float64]
    fitted: NDArray[np.float64]

    @property
    def ks(self) -> float:
        """Return the Kolmogorov-Smirnov distance of model and held-out clients."""
        return float(ks_2samp(self.trace, self.model, method="asymp").statistic)

    @property
    def between_halves(self) -> float:
        """Return the distance of the two halves of the trace: a model can hardly come closer."""
        return float(ks_2samp(self.trace, self.fitted, method="asymp").statistic)


def halves(n: int, split: int) -> NDArray[np.bool_]:
    """Return bool[n]: the half, drawn once and for all, that is fitted to."""
    fitted = np.zeros(n, bool)
    fitted[np.random.default_rng(split).permutation(n)[: n // 2]] = True
    return fitted


def compare_clock(traces: Path, split: int) -> tuple[list[Comparison], Rhythms, NDArray[np.float64]]:
    """Fit half of the clients' arrivals, compare with the other; also the weeks fitted, and those of the
    held-out clients that come often f64[c, 168].
    """
    clients = client_arrivals(traces)
    half = halves(len(clients.name), split)
    seen, held = clients.only(half), clients.only(~half)
    fitted = fit_clock(seen)
    rng = np.random.default_rng(split)
    typical = Rhythms.of(fitted["rhythms"])
    gaps = fitted["burstiness"]["gaps"]
    found = [
        Comparison(
            "variation of gaps",
            window_variation(held)[0],
            sampled_variation(rng, window_variation(held)[1], gaps),
            window_variation(seen)[0],
        ),
        *compare_rates(rng, held.only(held.whole), seen.only(seen.whole), typical, gaps),
        Comparison(
            "requests of a client / the median's",
            _of_median(held),
            _shares(rng, fitted["burstiness"]["rate"]["tail"]),
            _of_median(seen),
        ),
        azure_gaps(rng, traces),
    ]
    often = (held.whole) & (constancy(np.nan_to_num(held.rate)) > OFTEN)
    return found, typical, weeks(held.rate[often])


def _of_median(clients: ClientArrivals) -> NDArray[np.float64]:
    mean = np.nanmean(clients.rate, axis=1)
    return np.asarray(mean / np.median(mean))


def _shares(rng: np.random.Generator, tail: float) -> NDArray[np.float64]:
    drawn = heavy_tail(rng, 4_000, 10**12, tail).astype(np.float64)
    return np.asarray(drawn / np.median(drawn))


def window_variation(clients: ClientArrivals) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return each client's median variation of gaps, and requests, in windows of LEAST_REQUESTS or more."""
    believed = (clients.count >= LEAST_REQUESTS) & (clients.cv > 0)
    told = [(c[b], v[b]) for c, v, b in zip(clients.count, clients.cv, believed, strict=True) if b.any()]
    return np.array([np.median(v) for _, v in told]), np.array([np.median(c) for c, _ in told])


def sampled_variation(
    rng: np.random.Generator, sizes: NDArray[np.float64], fitted: dict[str, Any]
) -> NDArray[np.float64]:
    """Return the same of the model's clients, REPEATS for each client of `sizes` requests in ten minutes."""
    shape, family = shapes(rng, sizes.size * REPEATS, fitted)
    size = np.minimum(np.tile(sizes, REPEATS), MOST_IN_WINDOW).astype(np.int64)
    owner, at = even_arrivals(
        rng, np.repeat(size, WINDOWS), WINDOW, np.repeat(shape, WINDOWS), np.repeat(family, WINDOWS)
    )
    cv = variation_of_gaps(owner, at, size.size * WINDOWS)
    return np.asarray(np.median(cv.reshape(-1, WINDOWS), axis=1))


def even_arrivals(
    rng: np.random.Generator,
    counts: NDArray[np.int64],
    seconds: float,
    shape: NDArray[np.float64],
    family: NDArray[np.int8],
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return arrivals (owner, seconds) at a constant rate: burstiness alone."""
    week = np.full(counts.size, list(WRITTEN).index("even"), np.int32)
    return arrivals(rng, counts, seconds / 86_400, week, shape, family, np.zeros(counts.size), False)


def variation_of_gaps(owner: NDArray[np.int64], at: NDArray[np.float64], owners: int) -> NDArray[np.float64]:
    """Return f64[owners]: coefficient of variation of the gaps between each owner's instants."""
    same = owner[1:] == owner[:-1]
    gap, who = np.diff(at)[same], owner[1:][same]
    n = np.maximum(np.bincount(who, minlength=owners), 1)
    mean = np.bincount(who, gap, owners) / n
    square = np.bincount(who, gap**2, owners) / n
    return np.asarray(np.sqrt(np.maximum(square - mean**2, 0)) / np.maximum(mean, 1e-300))


def compare_rates(
    rng: np.random.Generator,
    held: ClientArrivals,
    seen: ClientArrivals,
    typical: Rhythms,
    gaps: dict[str, Any],
) -> list[Comparison]:
    """Return how clients' counts in ten minutes waver over two weeks.

    The model's clients have the held-out clients' numbers of requests; week and burstiness are drawn.
    """
    whole = held.count.sum(axis=1)
    size = np.tile(np.minimum(whole, MOST_EVENTS).astype(np.int64), REPEATS)
    shape, family = shapes(rng, size.size, gaps)
    shape = thinned_shape(shape, family, np.tile(np.minimum(1.0, MOST_EVENTS / whole), REPEATS))
    # Every repeat is a population of its own: ranks of load are ranks within it.
    drawn = np.concatenate(
        [rhythms_by_load(rng, whole.astype(np.int64), typical) for _ in range(REPEATS)]
    )  # fmt: skip
    owner, at = arrivals(rng, size, DAYS, drawn, shape, family, np.zeros(size.size), weeks=typical)
    bins = held.count.shape[1]
    sampled = np.bincount(owner * bins + (at / WINDOW).astype(np.int64), minlength=size.size * bins)
    model = wavering(sampled.reshape(size.size, bins).astype(np.float64))
    trace, fitted = wavering(held.count), wavering(seen.count)
    return [Comparison(name, trace[name], model[name], fitted[name]) for name in trace]


def thinned_shape(
    shape: NDArray[np.float64], family: NDArray[np.int8], kept: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the shapes of gaps after keeping each event with probability `kept`: c^2 becomes 1 + kept (c^2 - 1)."""
    square = np.where(family == WEIBULL, weibull_cv(shape) ** 2, 1.0 / shape)
    cv = np.sqrt(1 + kept * (square - 1))
    return np.where(family == WEIBULL, weibull_shape(cv), gamma_shape(cv))


def wavering(counts: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Return Fano factor, active share and lag-one correlation of f64[c, windows] counts, by client.

    Counts of clients with more than MOST_EVENTS are as if thinned to that: thinning with probability p turns the
    Fano factor F into 1 + p (F - 1) and leaves covariances p^2 of what they were (Cox & Isham 1980, Point Processes).
    """
    whole = counts.sum(axis=1)
    thin = np.minimum(1.0, MOST_EVENTS / whole)
    fano = counts.var(axis=1) / counts.mean(axis=1)
    thinned = 1 + thin * (fano - 1)
    lag = lag_one(counts) * thin * fano / thinned
    return {
        "Fano factor of ten minutes' counts": thinned,
        "share of ten minutes with requests": (counts > 0).mean(axis=1),
        "lag-one correlation of counts": lag[whole >= LEAST_REQUESTS],
    }


def azure_gaps(rng: np.random.Generator, traces: Path) -> Comparison:
    """Return gaps over their mean of the Azure trace, beside Weibull ones fitted to its first half."""
    at = np.sort(read(traces, AZURE, ["ts"])["ts"].to_numpy().astype("datetime64[ns]").astype(np.int64)) / 1e9
    first, second = np.array_split(np.diff(at), 2)
    shape = np.array([weibull_min.fit(first[first > 0], floc=0)[0]])
    count = np.array([second.size])
    _, sampled = even_arrivals(rng, count, float(second.sum()), shape, np.ones(1, np.int8))
    model = np.diff(sampled)
    return Comparison(
        "gaps of Azure's coding service",
        second / second.mean(), model / model.mean(), first / first.mean(),
    )  # fmt: skip


def compare_lengths(traces: Path, split: int) -> list[Comparison]:
    """Fit the lengths of half of the clients (of single requests where there are no clients), compare the others."""
    clients = client_lengths(traces, LEVELS)
    half = halves(len(clients.name), split)
    found = []
    for group, bands, each in SERVEGEN:
        chosen = members(clients, group)
        fitted, held = clients.only(chosen & half), clients.only(chosen & ~half)
        picked = representatives(fitted, bands, each)
        found.append(Comparison(f"{group}: prompt", *_parts(held.asked, fitted.asked, picked)))
        found.append(Comparison(f"{group}: answer", *_parts(held.said, fitted.said, picked)))
    for group, file, _, asked_name, said_name in SINGLE:
        asked, said = pair(traces, file, asked_name, said_name)
        half = halves(asked.size, split)
        parts = thirds(asked[half], said[half])
        found.append(
            Comparison(f"{group}: prompt", asked[~half], np.concatenate([p[0] for p in parts]), asked[half])
        )
        found.append(
            Comparison(f"{group}: answer", said[~half], np.concatenate([p[1] for p in parts]), said[half])
        )
    return found


def _parts(
    held: NDArray[np.float64], fitted: NDArray[np.float64], picked: list[int]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    return held.ravel(), fitted[picked].ravel(), fitted.ravel()


def condensed(tokens: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the tokens that the sentences written for `tokens` stand for."""
    return sentences(tokens).astype(np.float64) * TOKENS_A_SENTENCE * CONDENSE
