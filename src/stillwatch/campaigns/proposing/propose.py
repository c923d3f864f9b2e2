"""Proposals: which accounts might be one operator. Proposing costs nothing but multiplicity; proof comes later.

Clusters of hand-overs and strong artefacts; everybody who uses one request form, whole and in parts; accounts that
share several rare forms; and single accounts that ask a lot of one thing. A form proposes members and never links
them alone.
"""

from __future__ import annotations

from stillwatch.campaigns.proposing.bulk import BULK, bulk_proposals
from stillwatch.campaigns.proposing.clusters import link_clusters, linked_proposals, prune
from stillwatch.campaigns.proposing.coadoption import coadopters
from stillwatch.campaigns.proposing.links import DENSITY, LINKING_TRAITS, MAX_HOLDERS, UNITS_CAP
from stillwatch.campaigns.proposing.proposal import Proposal, each_once
from stillwatch.campaigns.proposing.workloads import (
    MIN_USERS,
    OWN_SHARE,
    bursts,
    workload_proposals,
)
from stillwatch.campaigns.traffic import Traffic

__all__ = [
    "BULK",
    "DENSITY",
    "LINKING_TRAITS",
    "MAX_HOLDERS",
    "MIN_USERS",
    "OWN_SHARE",
    "UNITS_CAP",
    "Proposal",
    "bulk_proposals",
    "bursts",
    "link_clusters",
    "propose",
    "prune",
    "workload_proposals",
]


def propose(traffic: Traffic) -> list[Proposal]:
    """Return all proposals of several accounts, each set of accounts and workload once, in a fixed order."""
    return each_once([*linked_proposals(traffic), *workload_proposals(traffic), *coadopters(traffic)])
