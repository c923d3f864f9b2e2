"""Attribution: which exchanges are the campaign's. Exchanges, not accounts: a resold account has customers too.

For a harvest, the members' exchanges in the workloads that are shaped like one. For accounts that are only
tied together, the exchanges that show the tie, and no others.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from ibis import _
from numpy.typing import NDArray
from scipy.stats import beta

from stillwatch.campaigns.judging import Finding
from stillwatch.campaigns.traffic import Traffic, among
from stillwatch.evidence.group import Use
from stillwatch.signals import harvest_shape

HARVESTS = ("distillation_campaign", "bulk_extraction")
CLEAR = 1.0  # log10 e of the harvest shape, for a second workload of the group to be counted as harvest
CONFIDENCE = 0.95
FED_BACK = ("answers_passed", "reasoning_replay")


def share_lower(part: int, whole: int) -> float:
    """Return the lower confidence bound of the share `part` of `whole` (Clopper & Pearson 1934), 0..1."""
    if part == 0:
        return 0.0
    return float(beta.ppf(1 - CONFIDENCE, part, whole - part + 1))


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


def attribute(traffic: Traffic, findings: Sequence[Finding]) -> ir.Table:
    """Return one row per attributed exchange: exchange_key, campaign (the finding's number); saved.

    An exchange goes to one campaign: the first of the findings, which come most serious first.
    """
    number, account, workload = [], [], []
    for i, finding in enumerate(findings):
        for use in harvested(finding):
            members = finding.judged.group.accounts
            number += [i] * len(members)
            account += members.tolist()
            workload += [use.workload] * len(members)
    claims = pa.table(
        {
            "campaign": pa.array(number, pa.int64()),
            "account": pa.array(account, pa.int64()),
            "workload": pa.array(workload, pa.int64()),
        }
    )
    session = traffic.session
    index = session.table("account_index")
    claimed = (
        session.load("claims", claims)
        .inner_join(index, "account")
        .select("campaign", "account_key", "workload")
    )
    by_work = traffic.exchanges.inner_join(claimed, ["account_key", "workload"])
    parts = [by_work.select("exchange_key", "campaign"), _tied(traffic, findings)]
    chosen = ibis.union(*parts).group_by("exchange_key").agg(campaign=_.campaign.min())
    return session.save("attributed", chosen)


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


def member_weights(traffic: Traffic, finding: Finding) -> NDArray[np.float64]:
    """Return log10 e per member: what ties this account, by itself, to the others.

    Hand-overs with the others against one in twenty by chance, and the rarity of the group's workload where the
    account uses it; never more than what the group's coordination reaches.
    """
    group, moved = finding.judged.group, traffic.handovers
    inside = among(group.accounts, moved.giver) & among(group.accounts, moved.taker)
    units = np.zeros(traffic.size, dtype=np.int64)
    for side in (moved.giver, moved.taker):
        pairs = np.unique(np.stack([side[inside], moved.unit[inside]]), axis=1)
        units += np.bincount(pairs[0].astype(np.int64), minlength=traffic.size)
    weight = np.minimum(1.3 * units[group.accounts], 4.0)
    use = group.main
    if use is not None and use.templated:
        outsiders = traffic.size - group.size
        weight += min(np.log10((outsiders + 2) / (len(use.outside_loads) + 1)), 4.0)
    return np.asarray(np.minimum(weight, max(finding.judged.axes["coordination"], 0.0)))
