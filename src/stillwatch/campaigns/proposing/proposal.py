"""A proposal: accounts that might be one operator, and what made them look so."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stillwatch.evidence.group import Origin

Ints = NDArray[np.int64]

# What can form a proposal; a signal that reads one of these does not count it again.
HANDOVERS, ARTEFACTS, FORM, CLIENT, START = "handovers", "artefacts", "form", "client", "start"


@dataclass(frozen=True)
class Proposal:
    """Accounts to be measured and judged. `accounts` is sorted."""

    accounts: Ints
    origin: Origin
    source: str  # in words
    workload: int | None = None  # it is judged on, where one alone was meant
    picked_by_start: bool = False
    formed_by: frozenset[str] = frozenset()  # of the names above
    forms: tuple[int, ...] = ()  # workloads whose users formed it, where several did

    @property
    def key(self) -> tuple[int | None, bytes]:
        """Return what two proposals have in common that would be measured alike."""
        return self.workload, self.accounts.tobytes()


def each_once(proposals: list[Proposal]) -> list[Proposal]:
    """Return the proposals without those that an earlier one is measured like, in their order."""
    first: dict[tuple[int | None, bytes], Proposal] = {}
    for proposal in proposals:
        first.setdefault(proposal.key, proposal)
    return list(first.values())
