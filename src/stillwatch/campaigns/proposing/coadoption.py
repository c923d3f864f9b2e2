"""Co-adoption: accounts that share two or more rare request forms, whatever else they keep apart.

A pool can hide every artefact and spread several pipelines over all its accounts, and still each account has these
forms and few others have. One form is no link: a tool has its users. What counts as one is the system text's
template, or where there is none the user's, since the forms below one system text come together.

First the accounts that share forms with their neighbours in the list of each form's users are put together; then,
inside such a cluster, all pairs are weighed for and against: a form that both have speaks for them by its rarity, a
form that one of them lacks against them, since an operator's form is used by about half of its accounts. That takes
apart two operators with a pipeline in common, and relays with customers in common.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from stillwatch.campaigns.proposing.cluster import cluster, groups
from stillwatch.campaigns.proposing.links import APART, Links, prior, rarity, strongest
from stillwatch.campaigns.proposing.pairs import Holdings, in_common, neighbours
from stillwatch.campaigns.proposing.proposal import FORM, Proposal
from stillwatch.campaigns.traffic import Traffic, rows_of
from stillwatch.workloads import CELLS, lead_form

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MIN_ACCOUNTS = 5  # fewer are no campaign by their forms alone
COMMON = 0.03  # of all accounts: a form of more says nothing, and compares nobody
FEW = 60  # users are not many in a log of any size
MIN_FORMS = 2
MOST = 6.0  # log10 odds that forms in common claim, before the prior: they may come together
OWN = 0.5  # of a form's users at least, for it to be a cluster's own
LACKING = 0.3  # log10 odds that a form which one of two accounts lacks takes: half of a pool uses it
WEIGHED_WHOLE = 512  # accounts of a cluster of which all pairs are weighed; a larger one is left as it is


def forms_held(traffic: Traffic) -> tuple[Holdings, Ints]:
    """Return which account uses which form, forms numbered, and how many accounts use each; rare forms only."""
    workload, account = (traffic.streams[name].to_numpy() for name in ("workload", "account"))
    templated = workload < CELLS
    held, holders = Holdings.of(lead_form(workload[templated]), account[templated]).counted()
    rare = (holders >= MIN_ACCOUNTS) & (holders <= max(COMMON * traffic.size, FEW))
    return held.held(rare[held.value]), holders


def _odds(total: Floats, accounts: int) -> Floats:
    return np.asarray(np.minimum(total, MOST) + prior(accounts))


def form_links(traffic: Traffic, held: Holdings, holders: Ints) -> Links:
    """Return links between accounts that share `MIN_FORMS` rare forms or more."""
    a, b = neighbours(held.rarest(holders), traffic.size)
    count, total, _lacking = in_common(held, traffic.size, rarity(holders, traffic.size), a, b)
    odds = _odds(total, traffic.size)
    likely = (count >= MIN_FORMS) & (odds > 0)
    return strongest(Links(a[likely], b[likely], odds[likely]), traffic.size)


def taken_apart(held: Holdings, holders: Ints, accounts: int, members: Ints) -> list[Ints]:
    """Return the parts of a cluster that all its pairs, weighed for and against, make of it.

    `held` must be in the order of the accounts. Only a form of which the cluster has most of the users speaks against.
    """
    if len(members) > WEIGHED_WHOLE:
        return [members]
    rows = rows_of(held.account, members)
    inside = Holdings.of(held.value[rows], np.searchsorted(members, held.account[rows]))
    forms, at, users = np.unique(inside.value, return_inverse=True, return_counts=True)
    numbered = Holdings(at.astype(np.int64), inside.account)
    own = numbered.held((users >= OWN * holders[forms])[at])
    i, j = np.triu_indices(len(members), k=1)
    weight = rarity(holders[forms], accounts)
    _count, total, _lacking = in_common(numbered, len(members), weight, i, j)
    lacking = in_common(own, len(members), weight, i, j)[2]
    labels = cluster(len(members), i, j, _odds(total, accounts) - LACKING * lacking, 0.0)
    return [members[part] for part in groups(labels, MIN_ACCOUNTS)]


def form_groups(traffic: Traffic) -> list[Ints]:
    """Return groups of accounts that share rare request forms, each sorted, in the order of their first account."""
    held, holders = forms_held(traffic)
    links = form_links(traffic, held, holders)
    labels = cluster(traffic.size, links.a, links.b, links.odds, APART)
    by_account = held.held(np.argsort(held.account, kind="stable"))
    wholes = groups(labels, MIN_ACCOUNTS)
    found = [part for whole in wholes for part in taken_apart(by_account, holders, traffic.size, whole)]
    return sorted(found, key=lambda members: int(members[0]))


def _heaviest(traffic: Traffic, members: Ints) -> tuple[int, ...]:
    account, workload = (traffic.streams[name].to_numpy() for name in ("account", "workload"))
    mine = workload[rows_of(account, members)]
    forms, users = np.unique(mine[mine < CELLS], return_counts=True)
    return tuple(int(form) for form in forms[users >= len(members) / 2])


def coadopters(traffic: Traffic) -> Iterator[Proposal]:
    """Yield groups that share rare request forms."""
    for members in form_groups(traffic):
        yield Proposal(
            members,
            "workload",
            "accounts that share several rare request forms",
            formed_by=frozenset({FORM}),
            forms=_heaviest(traffic, members),
        )
