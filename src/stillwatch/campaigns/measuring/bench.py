"""The bench: what measuring needs beside the traffic, computed once for all proposals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from stillwatch.campaigns.measuring.adoptions import releases_of
from stillwatch.campaigns.measuring.contents import Contents, contents_of
from stillwatch.campaigns.measuring.lifecycles import Lives, lives_of
from stillwatch.campaigns.measuring.mixes import Kinds, kinds_of
from stillwatch.campaigns.measuring.sequences import Sent, sequences_of
from stillwatch.campaigns.measuring.traits import TraitValues, main_values
from stillwatch.campaigns.proposing.propose import Proposal, link_clusters
from stillwatch.campaigns.traffic import Traffic, rows_by, rows_of
from stillwatch.evidence.adoption import Release
from stillwatch.intents import CAPABILITIES
from stillwatch.workloads import CELLS, asks, given

Ints = NDArray[np.int64]

USED_BY = 0.3  # of the members at least, for a workload to be the group's
MIN_USERS = 3
MIN_EXCHANGES = 20
SUMS = (
    "exchanges", "answered", "openings", "long_answers", "generated", "short_prompts", "refused",
    "tool_answers", "with_tools", "many_samples", "outputs", "skeletons", "classified",
)  # fmt: skip
MOMENTS = ("log_user", "log_user_squared")


@dataclass(frozen=True)
class Bench:
    """What measuring needs beside the traffic, computed once for all proposals."""

    traffic: Traffic
    columns: Mapping[str, NDArray[Any]]
    by_workload: Mapping[int, Ints]  # workload -> rows of its streams
    traits: Mapping[str, TraitValues]
    contents: Mapping[int, Contents]
    sequences: Mapping[int, Sent]
    releases: tuple[Release, ...]
    half_clusters: tuple[Ints, Ints]  # labels from the hand-overs of half 0 and of half 1
    declared_use: list[str | None]
    permitted: NDArray[np.bool_]
    suspended: NDArray[np.bool_]
    lives: Lives
    kinds: Kinds


def _flags(column: pa.ChunkedArray | None, size: int) -> NDArray[np.bool_]:
    if column is None:
        return np.zeros(size, dtype=bool)
    return np.array([bool(value) for value in column.to_pylist()])


def weighty(columns: Mapping[str, NDArray[Any]], members: Ints) -> list[tuple[int, int]]:
    """Return (workload, members using it) for the request forms that are the group's, heaviest first."""
    mine = rows_of(columns["account"], members)
    mine = mine[columns["workload"][mine] < CELLS]
    found = []
    for workload, rows in rows_by(columns["workload"][mine]).items():
        exchanges = int(columns["exchanges"][mine[rows]].sum())
        if len(rows) >= max(MIN_USERS, USED_BY * len(members)) and exchanges >= MIN_EXCHANGES:
            found.append((exchanges, workload, len(rows)))
    return [(workload, users) for _exchanges, workload, users in sorted(found, key=lambda f: (-f[0], f[1]))]


def set_up(traffic: Traffic, proposals: list[Proposal]) -> Bench:
    """Return the bench on which the given proposals can be measured."""
    streams, accounts = traffic.streams, traffic.accounts
    asked = [count(label.slug) for count in (asks, given) for label in CAPABILITIES]
    columns = {
        name: streams[name].to_numpy() for name in (*SUMS, *asked, *MOMENTS, "contents", "start", "end")
    }
    columns["account"], columns["workload"] = streams["account"].to_numpy(), streams["workload"].to_numpy()
    by_workload = rows_by(columns["workload"])
    wanted: dict[int, list[Ints]] = {}  # workload -> the members of each proposal that is measured on it
    for proposal in proposals:
        one = proposal.workload
        forms = [one] if one is not None else [w for w, _users in weighty(columns, proposal.accounts)]
        for workload in forms:
            wanted.setdefault(workload, []).append(proposal.accounts)
    together = {w: [m for m in groups if len(m) > 1] for w, groups in wanted.items()}
    status = accounts["status"].to_pylist() if accounts is not None else [None] * traffic.size
    traits = {name: main_values(shown, traffic.size) for name, shown in traffic.traits.items()}
    return Bench(
        traffic=traffic,
        columns=columns,
        by_workload=by_workload,
        traits=traits,
        contents=contents_of(traffic, wanted),
        sequences=sequences_of(traffic, {w: groups for w, groups in together.items() if groups}),
        releases=releases_of(traffic),
        half_clusters=(link_clusters(traffic, 0), link_clusters(traffic, 1)),
        declared_use=accounts["declared_use"].to_pylist() if accounts is not None else [None] * traffic.size,
        permitted=_flags(accounts["distillation_permitted"] if accounts is not None else None, traffic.size),
        suspended=np.array([value == "suspended" for value in status], dtype=bool),
        lives=lives_of(traffic, traits, wanted),
        kinds=kinds_of(traffic),
    )
