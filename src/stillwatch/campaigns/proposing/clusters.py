"""Clusters of what passed between accounts and of artefacts, split where they are two, and pruned."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from stillwatch.campaigns.proposing.cluster import cluster, groups
from stillwatch.campaigns.proposing.links import APART, LINKING_TRAITS, Links, link, passing_pairs
from stillwatch.campaigns.proposing.proposal import ARTEFACTS, HANDOVERS, Proposal
from stillwatch.campaigns.proposing.splitting import split
from stillwatch.campaigns.traffic import Traffic, among, rows_of
from stillwatch.evidence.group import MIN_WORK
from stillwatch.workloads import CELLS, lead_form

Ints = NDArray[np.int64]

MIN_USERS = 4
OWN = 0.8  # of a form's users at least are members, for the form to be the group's own
BY_MOST = 0.5  # of the members at least use a form that might be one operator's of several
PASSED = "things passed between accounts, or shared artefacts"


def _labels(traffic: Traffic, links: Links, passed: Links) -> Ints:
    """Return a cluster label per account, with clusters taken apart that are two by what passed inside them."""
    labels = cluster(traffic.size, links.a, links.b, links.odds, APART)
    fresh = int(labels.max()) + 1 if len(labels) else 0
    within = np.flatnonzero(labels[passed.a] == labels[passed.b])
    by_label = within[np.argsort(labels[passed.a[within]], kind="stable")]
    order = labels[passed.a[by_label]]
    for members in groups(labels, 2 * MIN_USERS):
        rows = by_label[slice(*np.searchsorted(order, [labels[members[0]], labels[members[0]] + 1]))]
        for part in split(members, passed.a[rows], passed.b[rows])[1:]:
            labels[part], fresh = fresh, fresh + 1
    return labels


def link_clusters(traffic: Traffic, half: int | None = None) -> Ints:
    """Return a cluster label per account from hand-overs (of one half of the units, if given) and artefacts.

    With a half given, artefacts are left out: what is tested then is the hand-overs alone.
    """
    return _labels(traffic, link(traffic, half), passing_pairs(traffic, half))


def _ties(traffic: Traffic, members: Ints) -> Ints:
    """Return for each member how many things and artefact values it has in common with other members."""
    moved = traffic.handovers
    inside = among(members, moved.giver) & among(members, moved.taker)
    ties = np.zeros(traffic.size, dtype=np.int64)
    for side in (moved.giver, moved.taker):
        pairs = np.unique(np.stack([side[inside], moved.unit[inside]]), axis=1)
        ties += np.bincount(pairs[0], minlength=traffic.size)
    for trait in LINKING_TRAITS:
        if trait in traffic.traits:
            shown = traffic.traits[trait]
            mine = rows_of(shown.account, members)
            _values, at, holders = np.unique(shown.value[mine], return_inverse=True, return_counts=True)
            ties += np.bincount(shown.account[mine][holders[at] > 1], minlength=traffic.size)
    return ties[members]


def prune(traffic: Traffic, members: Ints) -> Ints:
    """Return the members of a larger cluster that hang on more than one chance link, where most have many."""
    if len(members) < MIN_USERS:
        return members
    ties = _ties(traffic, members)
    return members[ties >= 2] if np.median(ties) >= 3 else members


def own_forms(traffic: Traffic, members: Ints) -> list[int]:
    """Return the workloads of a group that might each be another operator's: used by most, and by hardly others.

    Of workloads that one form leads only the one with most exchanges; none unless there are two.
    """
    account, workload, exchanges = (
        traffic.streams[name].to_numpy() for name in ("account", "workload", "exchanges")
    )
    worked = (workload < CELLS) & (exchanges >= MIN_WORK)
    mine = rows_of(account, members)
    mine = mine[worked[mine]]
    forms, at, users = np.unique(workload[mine], return_inverse=True, return_counts=True)
    everybody = np.unique(workload[worked & np.isin(workload, forms)], return_counts=True)[1]
    own = (users >= BY_MOST * len(members)) & (users >= OWN * everybody)
    volume = np.bincount(at, weights=exchanges[mine], minlength=len(forms))
    heaviest: dict[int, int] = {}
    for i in np.lexsort((forms, -volume)):
        if own[i]:
            heaviest.setdefault(int(lead_form(forms[i : i + 1])[0]), int(forms[i]))
    return sorted(heaviest.values()) if len(heaviest) > 1 else []


def linked_proposals(traffic: Traffic) -> Iterator[Proposal]:
    """Yield the clusters, and those that do several works of their own once for each of these too.

    Two operators may use one pool: the same accounts, two pipelines, each to be judged by itself.
    """
    formed = frozenset({HANDOVERS, ARTEFACTS})
    for members in groups(link_clusters(traffic)):
        kept = prune(traffic, members)
        yield Proposal(kept, "handover", PASSED, formed_by=formed)
        for form in own_forms(traffic, kept) if len(kept) >= MIN_USERS else []:
            yield Proposal(kept, "handover", PASSED + ": one of its works", form, formed_by=formed)
