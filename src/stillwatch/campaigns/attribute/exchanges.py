"""Which exchanges are the campaign's.

For a harvest, the members' exchanges in the workloads that are shaped like one; where others do that work too,
those of the harvest's client only. For accounts that are only tied together, the exchanges that show the tie, and
no others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from ibis import _

from stillwatch.campaigns.attribute.clients import by_client
from stillwatch.campaigns.judging import Finding
from stillwatch.campaigns.traffic import Traffic, rows_of
from stillwatch.evidence.group import Use
from stillwatch.signals import harvest_shape

HARVESTS = ("distillation_campaign", "bulk_extraction")
CLEAR = 1.0  # log10 e of the harvest shape, for a second workload of the group to be counted as harvest
DEDICATED = 0.9  # of the members' exchanges open a conversation
FED_BACK = ("answers_passed", "reasoning_replay")


def harvested(finding: Finding) -> list[Use]:
    """Return the workloads of a finding that its exchanges are attributed by."""
    uses = finding.judged.group.uses
    if finding.verdict not in HARVESTS or not uses:
        return []
    fed_back = _feeds_back(finding)
    others = [use for use in uses[1:] if harvest_shape.log10_e_of(use, shared=True) >= CLEAR]
    if fed_back:  # what is graded or replayed has no harvest's shape: count the work that is the group's own
        others = [use for use in uses[1:] if use in others or len(use.outside_loads) < use.holders]
    return [uses[0], *others]


def _feeds_back(finding: Finding) -> bool:
    """Return whether the extraction rests on answers or reasoning that members feed back to the model."""
    signals = ("answer_pipeline", "bare_replay")
    return any(row.signal in signals and row.log10_e >= CLEAR for row in finding.judged.evidence)


def dedicated(finding: Finding) -> bool:
    """Return whether the members do nothing but the campaign's work: nobody ever follows up, in anything they send.

    A pool with customers beside the harvest is told by them: people follow up.
    """
    group = finding.judged.group
    return group.size > 1 and group.exchanges > 0 and group.openings >= DEDICATED * group.exchanges


def _works(traffic: Traffic, finding: Finding) -> list[int]:
    """Return the workloads that a finding claims, its main one first: of a dedicated pool all that it did."""
    own = [use.workload for use in harvested(finding)]
    if not own or not dedicated(finding):
        return own
    mine = rows_of(traffic.streams["account"].to_numpy(), finding.judged.group.accounts)
    every = np.unique(traffic.streams["workload"].to_numpy()[mine]).tolist()
    return [*own, *(workload for workload in every if workload not in own)]


def _claims(findings: Sequence[Finding], works: Sequence[list[int]]) -> Iterator[tuple[int, int, int, int]]:
    """Yield (rank, finding, account, workload): who claims what. The least rank gets it.

    The work that a finding was judged on is its own before it is a further work of another: two operators in the
    same accounts keep what each of them takes.
    """
    for number, finding in enumerate(findings):
        for place, workload in enumerate(works[number]):
            rank = number + (len(findings) if place else 0)
            for account in finding.judged.group.accounts.tolist():
                yield rank, number, account, workload


def attribute(traffic: Traffic, findings: Sequence[Finding]) -> ir.Table:
    """Return one row per attributed exchange: exchange_key, campaign (the finding's number); saved.

    An exchange goes to one campaign: to the one that was judged on its workload, else to the first of the
    findings, which come most serious first.
    """
    works = [_works(traffic, finding) for finding in findings]
    columns = list(zip(*_claims(findings, works), strict=True)) or [(), (), (), ()]
    names = ("rank", "campaign", "account", "workload")
    claims = pa.table({n: pa.array(column, pa.int64()) for n, column in zip(names, columns, strict=True)})
    session = traffic.session
    index = session.table("account_index")
    claimed = (
        session.load("claims", claims)
        .inner_join(index, "account")
        .select("rank", "campaign", "account_key", "workload")
    )
    by_work = by_client(
        traffic,
        traffic.exchanges.select("exchange_key", "account_key", "workload", "client_key").inner_join(
            claimed, ["account_key", "workload"]
        ),
        _private(findings, works),
    )
    tied = _tied(traffic, findings).mutate(rank=_.campaign)
    chosen = ibis.union(*(part.select("exchange_key", "campaign", "rank") for part in (by_work, tied)))
    best = chosen.group_by("exchange_key").agg(campaign=_.campaign.argmin(_.rank))
    return session.save("attributed", best)


def _private(findings: Sequence[Finding], works: Sequence[list[int]]) -> frozenset[tuple[int, int]]:
    """Return the (finding, workload) that nobody outside the finding's accounts does, or a dedicated pool's."""
    found: set[tuple[int, int]] = set()
    for number, finding in enumerate(findings):
        own = [use.workload for use in harvested(finding) if not len(use.outside_loads)]
        found |= {(number, workload) for workload in (works[number] if dedicated(finding) else own)}
    return frozenset(found)


def _tied(traffic: Traffic, findings: Sequence[Finding]) -> ir.Table:
    """Return the exchanges in which something passed between members, where that is what the finding shows."""
    number, account = [], []
    for i, finding in enumerate(findings):
        if finding.verdict not in HARVESTS or _feeds_back(finding):
            number += [i] * finding.judged.group.size
            account += finding.judged.group.accounts.tolist()
    members = traffic.session.load(
        "tied_members",
        pa.table({"campaign": pa.array(number, pa.int64()), "account": pa.array(account, pa.int64())}),
    )
    fed_back = [traffic.signals.index(name) for name in FED_BACK if name in traffic.signals]
    harvests = [i for i, finding in enumerate(findings) if finding.verdict in HARVESTS]
    passed = traffic.session.table("handovers")
    given = passed.inner_join(members.rename(a="account", giving="campaign"), "a")
    both = given.inner_join(members.rename(b="account", taking="campaign"), "b").filter(_.giving == _.taking)
    both = both.filter(~_.giving.isin(harvests) | _.signal.isin(fed_back)) if harvests else both
    return both.select("exchange_key", campaign="giving").distinct()
