"""Uses: a group's part of one workload, and what the others did with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stillwatch.campaigns.measuring.bench import MOMENTS, SUMS, Bench
from stillwatch.campaigns.measuring.contents import NOTHING_SENT, contents_part
from stillwatch.campaigns.measuring.sequences import sequence_part
from stillwatch.campaigns.traffic import among
from stillwatch.evidence.group import Use
from stillwatch.intents import CAPABILITIES
from stillwatch.workloads import CELLS, asks, given, has_user_form

Ints = NDArray[np.int64]


def _spread(total: float, squares: float, n: int) -> float:
    """Return the standard deviation of n numbers from their sum and their sum of squares."""
    mean = total / max(n, 1)
    return float(np.sqrt(max(squares / max(n, 1) - mean * mean, 0.0)))


def _by_label(
    column: Mapping[str, NDArray[Any]], inside: NDArray[np.bool_], name: Callable[[str], str]
) -> dict[str, int]:
    counts = {label.slug: int(column[name(label.slug)][inside].sum()) for label in CAPABILITIES}
    return {slug: count for slug, count in counts.items() if count}


def measure_use(bench: Bench, members: Ints, workload: int) -> Use:
    """Return the group's part of a workload and what the others did with it."""
    rows = bench.by_workload[workload]
    account = bench.columns["account"][rows].astype(np.int64)
    inside = among(members, account)
    column = {name: values[rows] for name, values in bench.columns.items()}
    sums: dict[str, Any] = {name: int(column[name][inside].sum()) for name in SUMS}
    asked, given_to = (_by_label(column, inside, count) for count in (asks, given))
    log_user, squared = (float(column[name][inside].sum()) for name in MOMENTS)
    halves, loads = bench.traffic.halves[account], column["exchanges"].astype(np.int64)
    return Use(
        workload=workload,
        templated=workload < CELLS,
        holders=int(inside.sum()),
        user_form=has_user_form(workload),
        user_spread=_spread(log_user, squared, sums["exchanges"]),
        asked=asked,
        given=given_to,
        holding=account[inside],
        loads=loads[inside],
        starts=column["start"][inside],
        ends=column["end"][inside],
        halves=halves[inside],
        outside_loads=loads[~inside],
        outside_starts=column["start"][~inside],
        outside_ends=column["end"][~inside],
        outside_halves=halves[~inside],
        **sums,
        **contents_part(bench.contents.get(workload, NOTHING_SENT), members),
        sequence=sequence_part(bench.sequences.get(workload), members),
    )
