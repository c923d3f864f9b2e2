"""The bench: what measuring needs beside the traffic, computed once for all proposals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from stillwatch.campaigns.measuring.contents import Contents, contents_of
from stillwatch.campaigns.measuring.traits import TraitValues, main_values
from stillwatch.campaigns.proposing.propose import Proposal, link_clusters
from stillwatch.campaigns.traffic import Traffic, rows_by, rows_of
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
    half_clusters: tuple[Ints, Ints]  # labels from the hand-overs of half 0 and of half 1
    declared_use: list[str | None]
    permitted: NDArray[np.bool_]
    suspended: NDArray[np.bool_]


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
    wanted = {p.workload for p in proposals if p.workload is not None}
    for proposal in proposals:
        if proposal.workload is None:
            wanted |= {workload for workload, _users in weighty(columns, proposal.accounts)}
    status = accounts["status"].to_pylist() if accounts is not None else [None] * traffic.size
    return Bench(
        traffic=traffic,
        columns=columns,
        by_workload=by_workload,
        traits={name: main_values(shown, traffic.size) for name, shown in traffic.traits.items()},
        contents=contents_of(traffic, wanted),
        half_clusters=(link_clusters(traffic, 0), link_clusters(traffic, 1)),
        declared_use=accounts["declared_use"].to_pylist() if accounts is not None else [None] * traffic.size,
        permitted=_flags(accounts["distillation_permitted"] if accounts is not None else None, traffic.size),
        suspended=np.array([value == "suspended" for value in status], dtype=bool),
    )
