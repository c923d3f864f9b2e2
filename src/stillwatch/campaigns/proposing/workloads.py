"""Proposals from request forms: everybody who uses one, whole and in parts. A form proposes and never links alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stillwatch.campaigns.proposing.proposal import CLIENT, FORM, START, Proposal
from stillwatch.campaigns.traffic import Traffic
from stillwatch.evidence.group import MIN_WORK
from stillwatch.workloads import CELLS

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MIN_USERS = 4
TELLING = 0.9  # of the whole, at most, for a part of it to be a proposal of its own
OWN_SHARE = (
    0.2  # of all users of a request form: a smaller part of a public tool's users is no proposal, unless
)
RARE_PRINT = 0.015  # its client print is one of at most so many of all accounts,
MIN_RARE = 8  # so many of the form's users show it,
MUCH_RARER = 3.0  # so many times what their number would be by chance
BURSTS = (0.005, 0.05)  # gaps between starts, as shares of the log's span, that end a burst


@dataclass(frozen=True)
class _Part:
    positions: Ints  # among the users of the form
    source: str
    formed_by: frozenset[str]
    rare: bool = False

    @property
    def least(self) -> int:
        return MIN_RARE if self.rare else MIN_USERS


def bursts(starts: Floats, gap: float) -> Iterator[Ints]:
    """Yield the positions of starts that follow each other within `gap` seconds."""
    order = np.argsort(starts, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(starts[order]) > gap) + 1)


def main_client(traffic: Traffic) -> Ints:
    """Return each account's most used client print as a code, -1 where none is known."""
    shown = traffic.traits["client"]
    client = np.full(traffic.size, -1, dtype=np.int64)
    order = np.lexsort((shown.value, shown.uses, shown.account))
    client[shown.account[order]] = np.unique(shown.value, return_inverse=True)[1][order]
    return client


def _by_client(users: Ints, client: Ints) -> Iterator[_Part]:
    """Yield the users of a form by client print: those of a large part, and those of a rare print."""
    codes, counts = np.unique(client[users], return_counts=True)
    everywhere = np.bincount(client[client >= 0], minlength=int(client.max(initial=0)) + 1)
    formed = frozenset({FORM, CLIENT})
    for code, count in zip(codes.tolist(), counts.tolist(), strict=True):
        if code < 0 or len(codes) < 2 or count > TELLING * len(users):
            continue
        share = everywhere[code] / len(client)
        rare = share <= RARE_PRINT and count >= MUCH_RARER * share * len(users)
        if count >= OWN_SHARE * len(users) or rare:
            source = "users of one request form with one client print"
            yield _Part(np.flatnonzero(client[users] == code), source, formed, rare)


def _parts(users: Ints, starts: Floats, client: Ints, span: float) -> Iterator[_Part]:
    """Yield all users of a form, those of one client print, and of each those who started in one burst."""
    whole = _Part(np.arange(len(users)), "all users of one request form", frozenset({FORM}))
    for part in (whole, *_by_client(users, client)):
        yield part
        for share in BURSTS:
            for burst in bursts(starts[part.positions], share * span):
                if len(burst) <= TELLING * len(part.positions):
                    source = part.source + ", started in one burst"
                    yield _Part(part.positions[burst], source, part.formed_by | {START}, part.rare)


def workload_proposals(traffic: Traffic) -> Iterator[Proposal]:
    """Yield everybody who uses one request form, whole and in parts."""
    account, workload, exchanges, start = (
        traffic.streams[name].to_numpy() for name in ("account", "workload", "exchanges", "start")
    )
    rows = np.flatnonzero((workload < CELLS) & (exchanges >= MIN_WORK))
    rows = rows[np.argsort(workload[rows], kind="stable")]
    client = main_client(traffic)
    span = float(traffic.population.ends.max() - traffic.population.starts.min()) if traffic.size else 0.0
    for form in np.split(rows, np.flatnonzero(np.diff(workload[rows])) + 1):
        if len(form) < MIN_USERS:
            continue
        for part in _parts(account[form], start[form], client, span):
            if len(part.positions) >= max(part.least, 0 if part.rare else OWN_SHARE * len(form)):
                yield Proposal(
                    np.sort(account[form][part.positions]),
                    "workload",
                    part.source,
                    int(workload[form[0]]),
                    picked_by_start=START in part.formed_by,
                    formed_by=part.formed_by,
                )
