"""Kin: which known campaign a group of this scan belongs to, by the members it shares with those that are there.

Members that are not in the scan say nothing: of a campaign of two hundred accounts, a day may show forty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from stillwatch.campaigns.judging import Judged
from stillwatch.campaigns.judging.distinct import CONTAINED
from stillwatch.campaigns.lasting.carried import numbers_of
from stillwatch.campaigns.lasting.identity import SAME
from stillwatch.campaigns.lasting.records import Known
from stillwatch.campaigns.model import VERDICTS, Verdict
from stillwatch.campaigns.traffic import Ints, Traffic


@dataclass(frozen=True)
class Kin:
    """The known campaigns, and which accounts of this scan are theirs."""

    campaigns: Mapping[str, Known]
    there: Mapping[str, Ints]  # sorted account numbers by id, with accepted successors

    def of(self, judged: Judged) -> Known | None:
        """Return the known campaign that the group is or is a piece of; of several the most similar."""
        accounts, best = judged.group.accounts, (0.0, "")
        for name in sorted(self.there):
            members = self.there[name]
            shared = len(np.intersect1d(accounts, members, assume_unique=True))
            union = len(accounts) + len(members) - shared
            if shared >= SAME * union or shared >= CONTAINED * len(accounts):
                best = max(best, (shared / union, name))
        return self.campaigns[best[1]] if best[1] else None

    def known_as(self, judged: Judged, verdict: Verdict) -> bool:
        """Return whether the group was named before with this verdict, or a graver one."""
        known = self.of(judged)
        if known is None or known.verdict is None:
            return False
        return VERDICTS.index(known.verdict) <= VERDICTS.index(verdict)


def kin_of(traffic: Traffic, campaigns: Sequence[Known], successors: Mapping[str, Ints]) -> Kin:
    """Return the kin of known campaigns in a scan; `successors` are accounts accepted as theirs, by id."""
    there = {}
    for known in campaigns:
        members = numbers_of(traffic, known.members)
        there[known.campaign_id] = np.union1d(members, successors.get(known.campaign_id, members))
    return Kin({k.campaign_id: k for k in campaigns}, {name: m for name, m in there.items() if len(m)})
