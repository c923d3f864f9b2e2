"""Fits what else the clock needs: variation of gaps, families, how unevenly clients ask, pauses of people."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from stillwatch.ranges.arrivals.traces import ClientArrivals

LEAST_REQUESTS = 50.0  # of a window whose gap variation is believed
QUANTILES = 64
HILL_SHARE = 0.25


def middle_levels(n: int) -> NDArray[np.float64]:
    """Return the n mid-point levels 1/2n, 3/2n, …"""
    return (np.arange(n) + 0.5) / n


def client_variation(clients: ClientArrivals, family: int) -> NDArray[np.float64]:
    """Return each client's median coefficient of variation over its windows of one family, where it has any."""
    believed = (clients.count >= LEAST_REQUESTS) & (clients.family == family) & (clients.cv > 0)
    return np.array([np.median(cv[b]) for cv, b in zip(clients.cv, believed, strict=True) if b.any()])


def fit_gaps(clients: ClientArrivals) -> dict[str, Any]:
    """Return the share of Gamma clients and quantiles over clients of the gaps' variation, by family."""
    believed = clients.count >= LEAST_REQUESTS
    gamma = (believed & (clients.family == 0)).sum(axis=1)
    weibull = (believed & (clients.family == 1)).sum(axis=1)
    told = gamma + weibull > 0
    levels = middle_levels(QUANTILES)
    return {
        "gamma_share": round(float(np.mean(gamma[told] / (gamma + weibull)[told])), 4),
        "gamma_cv": np.round(np.quantile(client_variation(clients, 0), levels), 4).tolist(),
        "weibull_cv": np.round(np.quantile(client_variation(clients, 1), levels), 4).tolist(),
    }


def fit_rate(clients: ClientArrivals) -> dict[str, float]:
    """Return the spread of clients' mean rates (requests a second): log-normal `mu`, `sigma`; Hill's `tail` index.

    Hill (1975), Annals of Statistics 3(5), over the top quarter of the clients, from `above` on.
    """
    mean = np.sort(np.nanmean(clients.rate, axis=1))
    mean = mean[mean > 0]
    top = mean[-max(2, int(mean.size * HILL_SHARE)) :]
    return {
        "mu": round(float(np.log(mean).mean()), 4),
        "sigma": round(float(np.log(mean).std()), 4),
        "tail": round(float(1.0 / np.log(top[1:] / top[0]).mean()), 4),
        "above": round(float(top[0]), 4),
    }


def fit_think(gaps: NDArray[np.float64]) -> dict[str, float]:
    """Return the log-normal `mu` and `sigma` of pauses f64[n] in seconds, by the median and the middle half.

    Quantiles, not moments: retries at the low end and the trace's end at the high one would move those.
    """
    low, middle, high = np.quantile(np.log(gaps[gaps > 0]), [0.25, 0.5, 0.75])
    return {"mu": round(float(middle), 4), "sigma": round(float((high - low) / 1.34898), 4)}
