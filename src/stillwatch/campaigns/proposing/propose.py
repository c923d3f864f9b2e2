"""Proposals: which accounts might be one operator. Proposing costs nothing but multiplicity; proof comes later.

Three ways: clusters of hand-overs and strong artefacts; everybody who uses one request form, whole and
split by client print and by bursts of starts; and single accounts that ask a lot of one thing. A template
proposes members and never links them alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stillwatch.campaigns.proposing.cluster import cluster
from stillwatch.campaigns.traffic import Incidence, Traffic, among, rows_of
from stillwatch.evidence.group import MIN_WORK, Origin
from stillwatch.workloads import CELLS

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

DENSITY = 0.02  # hand-overs per pair of accounts that a pool shows at least
UNITS_CAP = 5  # hand-overs between two accounts beyond which more prove nothing new
LINKING_TRAITS = ("payment", "email", "phone", "device", "connection")
MAX_HOLDERS = 60  # of an artefact value: a value of more accounts links nobody
MIN_USERS = 4
TELLING = 0.9  # of the whole, at most, for a part of it to be a proposal of its own
OWN_SHARE = 0.2  # of all users of a request form: a smaller part of a public tool's users is no proposal
BURSTS = (0.005, 0.05)  # gaps between starts, as shares of the log's span, that end a burst
BULK = 50  # prompts of a single account worth a look


@dataclass(frozen=True)
class Proposal:
    accounts: Ints  # sorted
    origin: Origin
    source: str
    workload: int | None = None  # that proposed it
    picked_by_start: bool = False


def _artefact_links(incidence: Incidence) -> Iterator[tuple[Ints, Ints]]:
    order = np.lexsort((incidence.account, incidence.value))
    value, account = incidence.value[order], incidence.account[order]
    for holders in np.split(account, np.flatnonzero(np.diff(value)) + 1):
        if 2 <= len(holders) <= MAX_HOLDERS:
            a, b = np.triu_indices(len(holders), k=1)
            yield holders[a], holders[b]


def link_clusters(traffic: Traffic, half: int | None = None) -> Ints:
    """Return a cluster label per account from hand-overs (of one half of the units, if given) and artefacts.

    With a half given, artefacts are left out: what is tested then is the hand-overs alone.
    """
    moved = traffic.handovers
    chosen = np.ones(len(moved.unit), dtype=bool) if half is None else moved.half == half
    low = np.minimum(moved.giver[chosen], moved.taker[chosen])
    high = np.maximum(moved.giver[chosen], moved.taker[chosen])
    pair, counts = np.unique(low * traffic.size + high, return_counts=True)
    a, b = [pair // traffic.size], [pair % traffic.size]
    weight = [np.minimum(counts, UNITS_CAP).astype(np.float64)]
    if half is None:
        for trait in LINKING_TRAITS:
            if trait in traffic.traits:
                for left, right in _artefact_links(traffic.traits[trait]):
                    a.append(left)
                    b.append(right)
                    weight.append(np.ones(len(left)))
    return cluster(traffic.size, np.concatenate(a), np.concatenate(b), np.concatenate(weight), DENSITY)


def _links(traffic: Traffic, members: Ints) -> Ints:
    """Return for each member how many things and artefact values it has in common with other members."""
    moved = traffic.handovers
    inside = among(members, moved.giver) & among(members, moved.taker)
    links = np.zeros(traffic.size, dtype=np.int64)
    for side in (moved.giver, moved.taker):
        pairs = np.unique(np.stack([side[inside], moved.unit[inside]]), axis=1)
        links += np.bincount(pairs[0], minlength=traffic.size)
    for trait in LINKING_TRAITS:
        if trait in traffic.traits:
            shown = traffic.traits[trait]
            mine = rows_of(shown.account, members)
            _values, at, holders = np.unique(shown.value[mine], return_inverse=True, return_counts=True)
            links += np.bincount(shown.account[mine][holders[at] > 1], minlength=traffic.size)
    return links[members]


def prune(traffic: Traffic, members: Ints) -> Ints:
    """Return the members of a larger cluster that hang on more than one chance link, where most have many."""
    if len(members) < MIN_USERS:
        return members
    links = _links(traffic, members)
    return members[links >= 2] if np.median(links) >= 3 else members


def _clusters(labels: Ints) -> Iterator[Ints]:
    order = np.argsort(labels, kind="stable")
    for members in np.split(order, np.flatnonzero(np.diff(labels[order])) + 1):
        if len(members) > 1:
            yield np.sort(members)


def bursts(starts: Floats, gap: float) -> Iterator[Ints]:
    """Yield the positions of starts that follow each other within `gap` seconds."""
    order = np.argsort(starts, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(starts[order]) > gap) + 1)


def _main_client(traffic: Traffic) -> Ints:
    """Return each account's most used client print as a code, -1 where none is known."""
    shown = traffic.traits["client"]
    client = np.full(traffic.size, -1, dtype=np.int64)
    order = np.lexsort((shown.value, shown.uses, shown.account))
    client[shown.account[order]] = np.unique(shown.value, return_inverse=True)[1][order]
    return client


def _parts(users: Ints, starts: Floats, client: Ints, span: float) -> Iterator[tuple[Ints, str, bool]]:
    """Yield (positions of users, what they are, whether their start picked them)."""
    everyone = np.arange(len(users))
    groups = [(everyone, "all users of one request form")]
    codes = np.unique(client[users])
    if len(codes) > 1:
        groups += [
            (np.flatnonzero(client[users] == code), "users of one request form with one client print")
            for code in codes
            if code >= 0 and (client[users] == code).sum() <= TELLING * len(users)
        ]
    for positions, source in groups:
        yield positions, source, False
        for share in BURSTS:
            for burst in bursts(starts[positions], share * span):
                if len(burst) <= TELLING * len(positions):
                    yield positions[burst], source + ", started in one burst", True


def workload_proposals(traffic: Traffic) -> Iterator[Proposal]:
    """Yield everybody who uses one request form, whole and in parts."""
    workload = traffic.streams["workload"].to_numpy()
    use = (workload < CELLS) & (traffic.streams["exchanges"].to_numpy() >= MIN_WORK)
    rows = np.flatnonzero(use)
    rows = rows[np.argsort(workload[rows], kind="stable")]
    account, start = traffic.streams["account"].to_numpy(), traffic.streams["start"].to_numpy()
    client = _main_client(traffic)
    span = float(traffic.population.ends.max() - traffic.population.starts.min()) if traffic.size else 0.0
    for part in np.split(rows, np.flatnonzero(np.diff(workload[rows])) + 1):
        if len(part) < MIN_USERS:
            continue
        for positions, source, picked in _parts(account[part], start[part], client, span):
            if len(positions) >= max(MIN_USERS, OWN_SHARE * len(part)):
                members = np.sort(account[part][positions])
                yield Proposal(members, "workload", source, int(workload[part[0]]), picked)


def bulk_proposals(traffic: Traffic) -> Iterator[Proposal]:
    """Yield single accounts that sent many different prompts of one form."""
    workload = traffic.streams["workload"].to_numpy()
    big = (workload < CELLS) & (traffic.streams["contents"].to_numpy() >= BULK)
    account = traffic.streams["account"].to_numpy()
    for row in np.flatnonzero(big):
        yield Proposal(account[row : row + 1], "account", "one account's bulk work", int(workload[row]))


def propose(traffic: Traffic) -> list[Proposal]:
    """Return all proposals of several accounts, each set of accounts and workload once, in a fixed order."""
    found = [
        Proposal(prune(traffic, members), "handover", "things passed between accounts, or shared artefacts")
        for members in _clusters(link_clusters(traffic))
    ]
    found += workload_proposals(traffic)
    unique = {(proposal.workload, proposal.accounts.tobytes()): proposal for proposal in reversed(found)}
    return list(reversed(unique.values()))
