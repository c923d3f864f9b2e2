"""The population of a log, taken out of its traffic in arrays, and the profile that is learned from it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from ibis import _
from numpy.typing import NDArray

from stillwatch.campaigns.measuring.mixes import kinds_of
from stillwatch.campaigns.traffic import Traffic
from stillwatch.evidence.population.learning import learn_from
from stillwatch.evidence.population.observed import Observed, Streams
from stillwatch.evidence.population.profile import PopulationProfile, shipped_profile
from stillwatch.evidence.population.rhythm import HOURS
from stillwatch.evidence.population.updating import adapted, update
from stillwatch.workloads import CELLS

Ints = NDArray[np.int64]

# rate -> (column of the streams that counts it, column that counts what it is a share of)
RATES = {
    "openings": ("openings", "exchanges"),
    "long_answers": ("long_answers", "answered"),
    "refused": ("refused", "exchanges"),
    "with_tools": ("with_tools", "exchanges"),
}


def _by_account(traffic: Traffic, name: str) -> Ints:
    account = traffic.streams["account"].to_numpy()
    return np.bincount(account, weights=traffic.streams[name].to_numpy(), minlength=traffic.size).astype(
        np.int64
    )


def _hours(traffic: Traffic) -> Ints:
    """Return requests by account and hour of day in UTC; what is fetched is 24 numbers an account at most."""
    worked = traffic.exchanges.filter(_.time.notnull()).mutate(hour=_.time.hour().cast("int64"))
    counted = worked.group_by("account_key", "hour").agg(n=_.count())
    joined = counted.inner_join(traffic.session.table("account_index"), "account_key")
    table = traffic.session.fetch(joined.select("account", "hour", "n"))
    hours = np.zeros((traffic.size, HOURS), dtype=np.int64)
    hours[table["account"].to_numpy(), table["hour"].to_numpy()] = table["n"].to_numpy()
    return hours


def _mostly(account: Ints, seeks: Ints, exchanges: Ints, size: int) -> Ints:
    """Return what each account's requests are most often after; of equals the first."""
    counts = np.zeros((size, int(seeks.max(initial=0)) + 1), dtype=np.int64)
    np.add.at(counts, (account, seeks), exchanges)
    return np.asarray(counts.argmax(axis=1))


def observe(traffic: Traffic) -> Observed:
    """Return what the population of a log is learned from."""
    kinds = kinds_of(traffic)
    templated = kinds.workload < CELLS
    holders = {"form": np.unique(kinds.workload[templated], return_counts=True)[1]}
    for name, shown in traffic.traits.items():
        holders[name] = np.unique(shown.value, return_counts=True)[1]
    main = _mostly(kinds.account, kinds.seeks, kinds.exchanges, traffic.size)
    return Observed(
        loads=traffic.population.loads,
        main=main,
        capabilities=kinds.capabilities,
        streams=Streams(kinds.account, kinds.form, kinds.kind, kinds.exchanges, templated),
        rates={name: (_by_account(traffic, k), _by_account(traffic, n)) for name, (k, n) in RATES.items()},
        hours=_hours(traffic),
        holders=holders,
        until=float(traffic.population.ends.max()) if traffic.size else 0.0,
    )


def learn(traffic: Traffic, source: str = "one log") -> PopulationProfile:
    """Return the profile of a log's own population, without any prior. It needs no labels."""
    return learn_from(observe(traffic), source)


def profiled(traffic: Traffic, stored: PopulationProfile | None) -> tuple[Traffic, PopulationProfile]:
    """Return the traffic with the profile it is to be judged by, and the profile to store afterwards.

    Judged by what was stored before, so that a log does not set the null it is tested against; where nothing
    was, by what the log itself shows. Either leans on the shipped profile.
    """
    own = learn(traffic)
    after = own if stored is None else update(stored, own)
    profile = adapted(shipped_profile(), stored or own)
    return replace(traffic, population=replace(traffic.population, profile=profile)), after
