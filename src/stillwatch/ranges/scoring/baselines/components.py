"""Connected accounts: whoever shares a value is tied, and the ties of ties count too."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from stillwatch.ranges.scoring.baselines.result import BaselineResult, accuse
from stillwatch.ranges.scoring.database import Database


def components(accounts: NDArray[np.int64], values: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Return the component of each of `count` accounts, tied by sharing a value.

    `accounts` and `values` are one row a tie: account number below `count`, and value number.
    """
    nodes = count + (int(values.max()) + 1 if len(values) else 0)
    edges = coo_array(
        (np.ones(len(accounts), dtype=np.int8), (accounts, count + values)), shape=(nodes, nodes)
    )
    _number, label = connected_components(edges, directed=False)
    return np.asarray(label[:count], dtype=np.int64)


def sizes(component: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for each account how many accounts its component has."""
    return np.bincount(component)[component] if len(component) else component


def accuse_components(
    name: str, database: Database, scores: NDArray[np.float64] | None, least: int
) -> BaselineResult:
    """Accuse every component of at least `least` accounts, one campaign each.

    The database holds `log_accounts` (account_id) and `ties` (account_id, value). `scores` follow
    `log_accounts` by id; None scores an account with the size of its component.
    """
    ids = database.arrow("SELECT account_id FROM log_accounts ORDER BY account_id")["account_id"]
    ids = ids.combine_chunks()
    ties = database.arrow("SELECT account_id, value FROM ties ORDER BY ALL")
    accounts = pc.index_in(ties["account_id"], ids).to_numpy().astype(np.int64)
    values = ties["value"].combine_chunks().dictionary_encode().indices.to_numpy().astype(np.int64)
    label = components(accounts, values, len(ids))
    size = sizes(label)
    score = size.astype(np.float64) if scores is None else scores
    return accuse(name, pa.array(ids), score, np.where(size >= least, label, -1), {"least_accounts": least})
