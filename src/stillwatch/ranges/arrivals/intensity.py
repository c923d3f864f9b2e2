"""Kernels that map a renewal process through a client's wavering weekly intensity (time rescaling).

Cox (1955), "Some statistical methods connected with series of events": events of a renewal process in
operational time, carried to clock time by the inverse of the cumulative intensity.
"""

from __future__ import annotations

from math import exp, floor, sqrt

import numpy as np
from numba import njit
from numpy.typing import NDArray

BINS_A_DAY = 144
BIN_SECONDS = 600.0
# Of a client with fewer events nothing of the wavering could be seen, and there are very many such clients.
LEAST_WAVERING = 3


@njit(cache=True)  # type: ignore[untyped-decorator]
def intensity(
    rng: np.random.Generator,
    week: NDArray[np.float64],
    zone: float,
    threshold: float,
    sigma: float,
    persistence: float,
    last: float,
    into: NDArray[np.float64],
) -> None:
    """Write one client's mean events per ten minutes, up to a factor, into f64[bins].

    `week` is f64[168] by local hour, `zone` hours east, `last` the share of the last bin that is in range. A
    normal first-order autoregression z silences bins where z < `threshold` and scales others by exp(sigma z);
    if it silences all, or `sigma` is negative, the week alone speaks.
    """
    fresh = sqrt(max(0.0, 1.0 - persistence * persistence))
    total = 0.0
    if sigma >= 0.0:
        z = rng.standard_normal()
        for b in range(into.size):
            if z < threshold:
                into[b] = 0.0
            else:
                into[b] = week[floor((b + 0.5) / 6.0 + zone) % 168] * exp(sigma * z)
            total += into[b]
            z = persistence * z + fresh * rng.standard_normal()
    if total <= 0.0:
        for b in range(into.size):
            into[b] = week[floor((b + 0.5) / 6.0 + zone) % 168]
    into[into.size - 1] *= last


@njit(cache=True)  # type: ignore[untyped-decorator]
def place(
    gaps: NDArray[np.float64], weights: NDArray[np.float64], limit: float, into: NDArray[np.float64]
) -> None:
    """Write f64[n] instants in seconds, ascending, below `limit`.

    `gaps` is f64[n + 1] in any unit: n events and the time that remains after the last; `weights` is f64[bins], the
    intensity of each ten minutes, not all zero.
    """
    n = into.size
    whole = gaps.sum()
    mass = weights.sum()
    at, bin_, before = 0.0, 0, 0.0
    for j in range(n):
        at += gaps[j]
        target = mass * (at / whole if whole > 0.0 else (j + 1.0) / (n + 1.0))
        while bin_ < weights.size - 1 and before + weights[bin_] < target:
            before += weights[bin_]
            bin_ += 1
        within = min(1.0, (target - before) / weights[bin_]) if weights[bin_] > 0.0 else 0.0
        into[j] = min((bin_ + max(0.0, within)) * BIN_SECONDS, limit)


@njit(cache=True)  # type: ignore[untyped-decorator]
def run(
    rng: np.random.Generator,
    counts: NDArray[np.int64],
    gaps: NDArray[np.float64],
    rhythm: NDArray[np.int32],
    zone: NDArray[np.float64],
    week: NDArray[np.float64],
    waver: NDArray[np.float64],
    days: float,
) -> NDArray[np.float64]:
    """Return f64[sum counts]: every client's instants, client by client.

    `gaps` holds counts[i] + 1 gaps of each client in turn; `waver` is f64[P, 3] of threshold, sigma and
    persistence by rhythm (sigma < 0: none); `week` is f64[P, 168].
    """
    into = np.empty(counts.sum())
    bins = max(1, int(np.ceil(days * BINS_A_DAY - 1e-9)))
    last = days * BINS_A_DAY - (bins - 1)
    limit = np.nextafter(days * 86_400.0, 0.0)
    weights = np.empty(bins)
    begin = 0
    for i in range(counts.size):
        n = counts[i]
        if n > 0:
            p = rhythm[i]
            sigma = waver[p, 1] if n >= LEAST_WAVERING else -1.0
            intensity(rng, week[p], zone[i], waver[p, 0], sigma, waver[p, 2], last, weights)
            place(gaps[begin + i : begin + i + n + 1], weights, limit, into[begin : begin + n])
        begin += n
    return into
