"""Populations with known truth: tools and their users, whose mixes and loads have a given concentration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from stillwatch.evidence.population.observed import Observed, Streams
from stillwatch.evidence.population.profile import PopulationProfile
from stillwatch.evidence.population.robust import QUANTILE, Estimate

KINDS = 6
OTHER = 500  # number of the first workload beside the tools
CAPABILITIES = ("agentic_coding", "general")


def rows_of_mix(
    random: np.random.Generator, accounts: int, requests: int, base: Sequence[float], concentration: float
) -> np.ndarray:
    """Return counts (accounts, kinds), Dirichlet-multinomial; an infinite concentration is one mix for all."""
    shares = np.asarray(base, dtype=float) / np.sum(base)
    own = (
        np.tile(shares, (accounts, 1))
        if np.isinf(concentration)
        else random.dirichlet(np.maximum(concentration * shares, 1e-6), accounts)
    )
    return np.array([random.multinomial(requests, mix / mix.sum()) for mix in own])


def tools(
    random: np.random.Generator,
    concentrations: Sequence[float],
    users: int = 20,
    requests: int = 30,
    loads: Sequence[float] | None = None,
) -> Streams:
    """Return streams of one tool for each concentration; its users do six other things besides, of two kinds each."""
    parts: list[tuple[int, int, int, int]] = []
    for tool, concentration in enumerate(concentrations):
        base = random.dirichlet(np.full(KINDS, 2.0))
        mixes = rows_of_mix(random, users, requests, base.tolist(), concentration)
        shares = rows_of_mix(random, 1, 10 * users, [1.0] * users, loads[tool] if loads else 1.0 * users)[0]
        for user in range(users):
            account = tool * users + user
            parts.append((account, tool + 1, 9, int(shares[user]) + 1))
            parts += [(account, OTHER + k, k // 2, int(n)) for k, n in enumerate(mixes[user]) if n]
    table = np.array(parts, dtype=np.int64)
    return Streams(table[:, 0], table[:, 1], table[:, 2], table[:, 3], table[:, 1] < OTHER)


def observed(random: np.random.Generator, streams: Streams | None = None, **said: Any) -> Observed:
    """Return a population of some tools' users; what is not said is plausible."""
    streams = streams or tools(random, np.exp(2.0 + 0.5 * random.standard_normal(12)).tolist())
    accounts = int(streams.account.max()) + 1
    loads = np.bincount(streams.account, weights=streams.exchanges, minlength=accounts).astype(np.int64)
    opened = random.binomial(loads, random.beta(2.0, 3.0, accounts))
    hours = np.array([random.multinomial(n, day(random)) for n in loads])
    plausible: dict[str, Any] = {
        "loads": loads,
        "main": np.zeros(accounts, dtype=np.int64),
        "capabilities": CAPABILITIES,
        "streams": streams,
        "rates": {"openings": (opened, loads)},
        "hours": hours,
        "holders": {"device": 1 + random.poisson(0.3, 3 * accounts)},
        "until": 1_000_000.0,
    }
    return Observed(**plausible | said)


def day(random: np.random.Generator) -> np.ndarray:
    """Return one account's share of requests by hour: a working day, roughly."""
    shape = np.where((np.arange(24) >= 8) & (np.arange(24) < 19), 3.0, 0.4)
    return random.dirichlet(shape)


def estimate(**said: Any) -> Estimate:
    """Return an estimate whose interval is a fifth either way on the log scale."""
    plausible: dict[str, Any] = {
        "scale": "log",
        "middle": 2.0,
        "spread": 0.5,
        "below": 0.2,
        "above": 0.2,
        "units": 50.0,
    }
    given = plausible | said
    return Estimate(**{"level": given["middle"] + QUANTILE * given["spread"]} | given)


def profile(**said: Any) -> PopulationProfile:
    """Return a profile of a thousand accounts with one estimate."""
    plausible: dict[str, Any] = {
        "source": "a test",
        "accounts": 1000.0,
        "until": 0.0,
        "estimates": {"workload_mix_concentration": estimate()},
    }
    return PopulationProfile(**plausible | said)
