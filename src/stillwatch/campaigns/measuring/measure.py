"""Measuring: from a proposal to the group that signals weigh. Counting only; no judgement here."""

from __future__ import annotations

from stillwatch.campaigns.measuring.bench import Bench, weighty
from stillwatch.campaigns.measuring.handovers import measure_handovers
from stillwatch.campaigns.measuring.traits import measure_trait
from stillwatch.campaigns.measuring.uses import measure_use
from stillwatch.campaigns.proposing.propose import Proposal
from stillwatch.evidence.group import Group


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
        handovers=measure_handovers(traffic, bench.half_clusters, members) if len(members) > 1 else {},
        traits={
            name: measure_trait(values, members, domain=name == "email_domain")
            for name, values in bench.traits.items()
        },
        exchanges=int(traffic.population.loads[members].sum()),
        workloads=max(len(workloads), 1),
        declared=declared,
        permitted=int(bench.permitted[members].sum()),
        suspended=int(bench.suspended[members].sum()),
    )
