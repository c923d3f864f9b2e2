"""Measuring: from a proposal to the group that signals weigh. Counting only; no judgement here."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stillwatch.campaigns.measuring.adoptions import adoption_part
from stillwatch.campaigns.measuring.bench import Bench, weighty
from stillwatch.campaigns.measuring.handovers import measure_handovers
from stillwatch.campaigns.measuring.lifecycles import measure_lifecycle
from stillwatch.campaigns.measuring.mixes import measure_mixes
from stillwatch.campaigns.measuring.traits import measure_trait
from stillwatch.campaigns.measuring.uses import measure_use
from stillwatch.campaigns.proposing.propose import Proposal
from stillwatch.campaigns.traffic import rows_of
from stillwatch.evidence.group import Group, Handovers

Ints = NDArray[np.int64]


def _workers(bench: Bench, workloads: list[int]) -> Ints:
    rows = bench.by_workload[workloads[0]] if workloads else np.zeros(0, dtype=np.int64)
    return np.unique(bench.columns["account"][rows])


def _passed(bench: Bench, proposal: Proposal) -> dict[str, Handovers]:
    if len(proposal.accounts) < 2:
        return {}
    formed = proposal.origin != "workload" or proposal.picked_by_start  # who began together is a part of more
    return measure_handovers(bench.traffic, bench.half_clusters, proposal.accounts, formed=formed)


def _choices(bench: Bench, proposal: Proposal, workloads: list[int]) -> int:
    """Return how many of the group's workloads could have been chosen to judge it on."""
    if proposal.origin == "handover" and proposal.workload is not None:  # one of its works, chosen as its own
        workloads = [workload for workload, _users in weighty(bench.columns, proposal.accounts)]
    return max(len(workloads), 1)


def measure(bench: Bench, proposal: Proposal) -> Group:
    """Return the group of a proposal, measured."""
    traffic, members = bench.traffic, proposal.accounts
    if proposal.workload is not None:
        workloads = [proposal.workload]
    else:
        workloads = [workload for workload, _users in weighty(bench.columns, members)]
    declared: dict[str, int] = {}
    for account in members:
        use = bench.declared_use[account]
        if use:
            declared[use] = declared.get(use, 0) + 1
    return Group(
        accounts=members,
        origin=proposal.origin,
        source=proposal.source,
        picked_by_start=proposal.picked_by_start,
        uses=tuple(measure_use(bench, members, workload) for workload in workloads),
        handovers=_passed(bench, proposal),
        traits={
            name: measure_trait(values, members, domain=name == "email_domain")
            for name, values in bench.traits.items()
        },
        exchanges=int(traffic.population.loads[members].sum()),
        openings=int(bench.columns["openings"][rows_of(bench.columns["account"], members)].sum()),
        workloads=_choices(bench, proposal, workloads),
        declared=declared,
        permitted=int(bench.permitted[members].sum()),
        suspended=int(bench.suspended[members].sum()),
        lifecycle=measure_lifecycle(bench.lives, traffic, members, workloads),
        adoptions=adoption_part(bench.releases, members, _workers(bench, workloads)),
        mixes=measure_mixes(bench.kinds, members, proposal.workload),
    )
