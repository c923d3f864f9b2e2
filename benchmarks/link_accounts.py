"""How fast a million accounts are linked and clustered, as a ratio to bare connected components of the same links.

Plants campaigns of 5 to 200 accounts that pass things and share rare request forms, among accounts that use popular
forms, share artefacts in households, members among them, and pass things by chance; one value is everybody's. Then,
in one process and thread:

- linking: candidate pairs and their odds from hand-overs, artefacts and rare forms, at most so many an account;
- clustering: correlation clustering of both sets of links, and the splitting of what is two;
- the floor: scipy's connected components of the same links, which is no way to find campaigns.

Precision and recall are of pairs of accounts of one campaign, among all pairs in one cluster.

    python benchmarks/link_accounts.py --accounts 1000000 --seed 1
"""

# ruff: noqa: E402 (thread pools read the environment when their library is imported)
from __future__ import annotations

import os

for _name in ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "ARROW_NUM_THREADS"):
    os.environ[_name] = "1"  # before the libraries start their pools

import argparse
import resource
import sys
import time
from collections.abc import Callable
from typing import Any, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from stillwatch.campaigns.proposing.clusters import link_clusters
from stillwatch.campaigns.proposing.coadoption import form_groups
from stillwatch.campaigns.proposing.links import LINKS_CAP, link
from stillwatch.campaigns.traffic import Handover, Incidence, Traffic

Ints = NDArray[np.int64]

IN_CAMPAIGNS = 0.1  # of the accounts
SIZES = (5, 10, 20, 40, 80, 200)
PASSED = 3  # things an account of a campaign passes to others of it
OWN_FORMS = 4  # request forms of a campaign, each used by three quarters of its accounts
POPULAR = 400  # request forms that everybody chooses from
TALKATIVE = 0.01  # of all accounts: pass things to a stranger
HOUSEHOLDS = 0.2  # of all accounts share their artefacts with up to two others
RARELY = 100  # times the accounts: values that strangers draw theirs from
WARM = 20_000  # accounts of the run that compiles kernels before the clock starts
ARTEFACTS = ("payment", "email", "phone", "device", "connection")


def planted(rng: np.random.Generator, accounts: int) -> Ints:
    """Return the campaign of each account, -1 for none; members are anywhere in the order."""
    sizes = rng.choice(SIZES, size=accounts)
    sizes = sizes[np.cumsum(sizes) <= IN_CAMPAIGNS * accounts]
    campaign = np.full(accounts, -1, dtype=np.int64)
    campaign[: sizes.sum()] = np.repeat(np.arange(len(sizes)), sizes)
    return rng.permutation(campaign)


def partner(rng: np.random.Generator, campaign: Ints, giver: Ints) -> Ints:
    """Return for each giver another account of its campaign, or itself where the draw says so."""
    order = np.argsort(campaign, kind="stable")
    first = np.searchsorted(campaign[order], campaign[giver])
    last = np.searchsorted(campaign[order], campaign[giver], side="right")
    return order[first + (rng.random(len(giver)) * (last - first)).astype(np.int64)]


def passings(rng: np.random.Generator, campaign: Ints) -> Handover:
    """Return what passes inside campaigns, and by chance between strangers."""
    members = np.flatnonzero(campaign >= 0)
    giver = np.repeat(members, PASSED)
    taker = partner(rng, campaign, giver)
    talkers = rng.integers(0, len(campaign), (2, int(TALKATIVE * len(campaign))))
    giver, taker = np.r_[giver, talkers[0]], np.r_[taker, talkers[1]]
    giver, taker = giver[giver != taker], taker[giver != taker]
    unit = np.arange(len(giver))
    return Handover(np.zeros(len(giver), np.int64), unit, giver, taker, rng.integers(0, 2, len(giver)))


def forms(rng: np.random.Generator, campaign: Ints) -> pa.Table:
    """Return streams: three popular forms an account, and the campaign's own for its members."""
    accounts = len(campaign)
    honest = np.repeat(np.arange(accounts), 3)
    popular = (rng.random(len(honest)) ** 2 * POPULAR).astype(np.int64)
    members = np.repeat(np.flatnonzero(campaign >= 0), OWN_FORMS)
    own = POPULAR + campaign[members] * OWN_FORMS + np.tile(np.arange(OWN_FORMS), len(members) // OWN_FORMS)
    used = rng.random(len(members)) < 0.75
    account, form = np.r_[honest, members[used]], np.r_[popular, own[used]]
    pair = np.unique(account * (form.max() + 1) + form)
    account, form = pair // (form.max() + 1), pair % (form.max() + 1)
    return pa.table({"account": account, "workload": 2 * (form + 1), "exchanges": np.full(len(form), 5)})


def artefacts(rng: np.random.Generator, accounts: int) -> dict[str, Incidence]:
    """Return artefacts: own ones, those of households and now and then a stranger's, and one that everybody has."""
    household = rng.permutation(accounts) // 3  # of threes
    shares = rng.random(accounts) < HOUSEHOLDS
    found = {}
    for name in ARTEFACTS:
        value = np.where(shares, household, accounts + rng.integers(0, accounts * RARELY, accounts))
        if name == "device":
            value[: accounts // 2] = -1
        found[name] = Incidence(np.arange(accounts), value, np.ones(accounts, np.int64))
    return found


class Loads:
    """What linking reads of a population."""

    def __init__(self, loads: Ints) -> None:
        self.loads = loads


def made(accounts: int, seed: int) -> tuple[Traffic, Ints]:
    """Return a traffic of arrays alone, and the campaign of each account."""
    rng = np.random.default_rng(seed)
    campaign = planted(rng, accounts)
    traffic = Traffic(
        session=cast(Any, None),
        exchanges=cast(Any, None),
        account_ids=pa.array(np.arange(accounts)),
        population=cast(Any, Loads(rng.geometric(0.05, accounts))),
        streams=forms(rng, campaign),
        handovers=passings(rng, campaign),
        signals=("conversation_carried",),
        traits=artefacts(rng, accounts),
        accounts=None,
        halves=rng.integers(0, 2, accounts),
    )
    return traffic, campaign


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """Return what the work returns, its CPU seconds and its wall seconds."""
    cpu, wall = time.process_time(), time.perf_counter()
    found = work()
    return found, time.process_time() - cpu, time.perf_counter() - wall


def pairs_in(labels: Ints) -> int:
    """Return how many pairs of accounts have one label."""
    sizes = np.unique(labels, return_counts=True)[1]
    return int((sizes * (sizes - 1) // 2).sum())


def told(labels: Ints, campaign: Ints) -> tuple[float, float]:
    """Return precision and recall of pairs in one cluster of five accounts or more."""
    large = np.isin(labels, np.flatnonzero(np.bincount(labels) >= 5))
    members = campaign >= 0
    both = pairs_in((labels * (campaign.max() + 2) + campaign)[large & members])
    return both / max(pairs_in(labels[large]), 1), both / max(pairs_in(campaign[members]), 1)


def by_forms(traffic: Traffic) -> Ints:
    """Return labels by rare request forms in common."""
    labels = np.arange(traffic.size, dtype=np.int64)
    for members in form_groups(traffic):
        labels[members] = members[0]
    return labels


def report(accounts: int, seed: int) -> None:
    """Measure everything and print one table."""
    small, _campaign = made(WARM, seed)
    link_clusters(small), by_forms(small)
    traffic, campaign = made(accounts, seed)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    links, cpu, wall = timed(lambda: link(traffic))
    rows = [("candidate links, hand-overs and artefacts", cpu, wall, None)]
    for name, work in (
        ("the same, clustered and split", link_clusters),
        ("rare forms, linked and clustered", by_forms),
    ):
        labels, cpu, wall = timed(lambda work=work: work(traffic))
        rows.append((name, cpu, wall, told(labels, campaign)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    graph = coo_array((np.ones(len(links.a)), (links.a, links.b)), shape=(accounts, accounts)).tocsr()
    bare, cpu, wall = timed(lambda: connected_components(graph, directed=False)[1].astype(np.int64))
    rows.append(("floor: connected components of the links", cpu, wall, told(bare, campaign)))
    ours = rows[1][1] + rows[2][1]
    unit = 1 if sys.platform == "darwin" else 1024
    print(f"{accounts:,} accounts, {len(links.a):,} links ({LINKS_CAP} an account at most), seed {seed}\n")
    print(f"{'':44}{'CPU s':>8}{'wall s':>8}{'precision':>11}{'recall':>8}{'ours is':>9}")
    for name, seconds, clock, found in rows:
        shown = f"{found[0]:11.3f}{found[1]:8.3f}" if found else " " * 19
        print(f"{name:44}{seconds:8.2f}{clock:8.2f}{shown}{ours / max(seconds, 1e-9):8.1f}x")
    print(
        f"\nall of it: {ours:.1f} CPU s; peak memory {peak * unit / 1e6:,.0f} MB,"
        f" before it {before * unit / 1e6:,.0f} MB"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--accounts", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    report(options.accounts, options.seed)


if __name__ == "__main__":
    main()
