"""How each true campaign stands in one scan: how far it has come, and which reported campaign holds it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from stillwatch.campaigns.model import ScanResult
from stillwatch.ranges.scoring.natures import ACCUSES
from stillwatch.ranges.trials.leak_times import instant
from stillwatch.ranges.trials.leak_truth import LeakTruth


@dataclass(frozen=True, slots=True)
class Sight:
    """One true campaign in one prefix."""

    campaign: str
    exchanges: int  # answered so far
    tokens: int  # input, output and reasoning, so far
    accounts: int  # that worked for it so far
    accused: int  # of those, in any distillation_campaign
    reported_as: str | None  # the distillation_campaign that holds it


@dataclass(frozen=True, slots=True)
class Prefix:
    """One scan of what was sent before `until`."""

    until: datetime
    exchanges: int  # of the log
    sights: tuple[Sight, ...]  # of every campaign, by name


@dataclass(frozen=True)
class _Reported:
    """The reported distillation campaigns, over the rows of the truth."""

    names: list[str]
    exchange: NDArray[np.int64]  # n, places in `names`, -1 for none
    members: NDArray[np.bool_]  # accounts × names


def sighted(truth: LeakTruth, result: ScanResult, end: int) -> Prefix:
    """Return how each campaign stands in a scan of what was sent before `end` (microseconds since 1970)."""
    reported = _reported(truth, result)
    sent = truth.time < end
    sights = (_sight(truth, reported, sent & (truth.campaign == i), i) for i in range(len(truth.campaigns)))
    return Prefix(instant(end), int(result.run["exchanges"]), tuple(sights))


def _sight(truth: LeakTruth, reported: _Reported, mine: NDArray[np.bool_], place: int) -> Sight:
    workers = np.unique(truth.account[mine])
    answered = mine & truth.answered
    return Sight(
        campaign=truth.campaigns[place],
        exchanges=int(answered.sum()),
        tokens=int(truth.tokens[answered].sum()),
        accounts=len(workers),
        accused=int(reported.members[workers].any(axis=1).sum()),
        reported_as=_holder(reported, mine, workers),
    )


def _holder(reported: _Reported, mine: NDArray[np.bool_], workers: NDArray[np.int32]) -> str | None:
    """Return the reported campaign with half of the accounts or of the exchanges, the one with most of them."""
    seen = int(mine.sum())
    if not reported.names or not seen:
        return None
    inside = reported.exchange[mine]
    exchanges = np.bincount(inside[inside >= 0], minlength=len(reported.names)) / seen
    accounts = reported.members[workers].sum(axis=0) / len(workers)
    most = np.maximum(exchanges, accounts)
    best = int(np.argmax(most))
    return reported.names[best] if most[best] >= 0.5 else None


def _reported(truth: LeakTruth, result: ScanResult) -> _Reported:
    accusing = sorted((c for c in result.campaigns if c.verdict == ACCUSES), key=lambda c: c.campaign_id)
    names = pa.array([c.campaign_id for c in accusing], pa.string())
    rows = result.exchanges.filter(pc.is_in(result.exchanges["campaign_id"], names)).combine_chunks()
    row = pc.index_in(truth.exchange_id, pa.array(rows["exchange_id"].to_pylist(), pa.string()))
    number = pa.array(pc.index_in(rows["campaign_id"], names).to_pylist(), pa.int64())
    exchange = pc.fill_null(number.take(row), -1).to_numpy(zero_copy_only=False)
    members = np.zeros((len(truth.accounts), len(accusing)), dtype=bool)
    for i, campaign in enumerate(accusing):
        ids = pa.array([m.account_id for m in campaign.accounts], pa.string())
        members[pc.drop_null(pc.index_in(ids, truth.accounts)).to_numpy(zero_copy_only=False), i] = True
    return _Reported(names.to_pylist(), exchange, members)
