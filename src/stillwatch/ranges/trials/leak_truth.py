"""What leaks when: every exchange of the true campaigns of a log, with its time and its tokens, as columns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from stillwatch.exchanges.schema import ACCOUNT_SCHEMA
from stillwatch.ranges.scoring.database import Database, ScoreInputError, find, need, text
from stillwatch.ranges.scoring.natures import ACCUSES, natures_of


@dataclass(frozen=True)
class LeakTruth:
    """The exchanges of all campaigns, ascending in time; n rows."""

    campaigns: tuple[str, ...]
    campaign: NDArray[np.int32]  # n, places in `campaigns`
    time: NDArray[np.int64]  # n, microseconds since 1970
    tokens: NDArray[np.int64]  # n: input, output and reasoning; 0 where refused
    answered: NDArray[np.bool_]  # n: refused deliveries leak nothing
    exchange_id: pa.Array  # n
    account: NDArray[np.int32]  # n, places in `accounts`
    accounts: pa.Array
    first: int  # of the whole log
    last: int

    @cached_property
    def times(self) -> dict[str, NDArray[np.int64]]:
        """The times of each campaign's exchanges, ascending."""
        return {name: self.time[self.campaign == i] for i, name in enumerate(self.campaigns)}


def read_leak_truth(log: Path) -> LeakTruth:
    """Read the campaigns of a range's folder. Raises ScoreInputError where a table is missing or none is in it."""
    with Database() as database:
        _views(database, log)
        kinds = [row["kind"] for row in database.rows("SELECT DISTINCT kind FROM truth")]
        other = [kind for kind, nature in natures_of(kinds).items() if nature != ACCUSES]
        kept = f"kind IS NULL OR kind NOT IN ({', '.join(map(text, other))})" if other else "true"
        table = database.arrow(f"""
            SELECT campaign, account_id, exchange_id, micros, tokens, answered
            FROM log JOIN truth USING (exchange_id) WHERE campaign IS NOT NULL AND ({kept})
            ORDER BY micros, exchange_id""").combine_chunks()
        (span,) = database.rows("SELECT min(micros) AS first, max(micros) AS last FROM log")
    if not table.num_rows:
        raise ScoreInputError(f"{log}: its truth names no campaign; there is nothing that could leak")
    names = sorted(set(table["campaign"].to_pylist()))
    ids = _whole(table["account_id"]).dictionary_encode()
    return LeakTruth(
        campaigns=tuple(names),
        campaign=pc.index_in(_whole(table["campaign"]), pa.array(names)).to_numpy(zero_copy_only=False),
        time=table["micros"].to_numpy(),
        tokens=table["tokens"].to_numpy(),
        answered=table["answered"].to_numpy(),
        exchange_id=_whole(table["exchange_id"]),
        account=ids.indices.to_numpy(zero_copy_only=False),
        accounts=ids.dictionary,
        first=span["first"],
        last=span["last"],
    )


def accounts_until(log: Path, until: int, folder: Path) -> Path | None:
    """Write the accounts table as it stood at a time: later accounts absent, later suspensions not yet told.

    Returns its file in `folder`, None where the log has no accounts table. `until` is in microseconds since 1970.
    """
    files = find(log, "accounts")
    if not files:
        return None
    kinds = {f.name: "VARCHAR" for f in ACCOUNT_SCHEMA}
    kinds |= {"created_at": "TIMESTAMPTZ", "status_at": "TIMESTAMPTZ", "distillation_permitted": "BOOLEAN"}
    with Database() as database:
        database.view("people", files, kinds, required=("account_id",))
        later = f"coalesce(epoch_us(status_at) >= {until}, false)"
        table = database.arrow(f"""
            SELECT * REPLACE (
                CASE WHEN {later} THEN 'active' ELSE status END AS status,
                CASE WHEN {later} THEN NULL ELSE status_at END AS status_at)
            FROM people WHERE coalesce(epoch_us(created_at) < {until}, true) ORDER BY account_id""")
    path = folder / "accounts.parquet"
    pq.write_table(table.select(ACCOUNT_SCHEMA.names).cast(ACCOUNT_SCHEMA), path)
    return path


def _views(database: Database, log: Path) -> None:
    files = need(log, "exchanges")
    whole = ("input_tokens", "output_tokens", "reasoning_tokens", "status")
    time = "TIMESTAMPTZ" if files[0].name.endswith(".parquet") else "VARCHAR"
    columns = {"exchange_id": "VARCHAR", "time": time} | dict.fromkeys(whole, "BIGINT")
    database.view("raw_log", files, columns, required=("exchange_id", "time"))
    told = ("exchange_id", "account_id", "campaign", "kind")
    database.view("truth", need(log, "truth"), dict.fromkeys(told, "VARCHAR"), required=told[:3])
    tokens = " + ".join(f"coalesce({name}, 0)" for name in whole[:3])
    database.run(f"""
        CREATE VIEW log AS SELECT exchange_id, epoch_us(time::TIMESTAMPTZ) AS micros,
            coalesce(status < 400, true) AS answered,
            CASE WHEN coalesce(status < 400, true) THEN {tokens} ELSE 0 END::BIGINT AS tokens
        FROM raw_log""")


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return pa.concat_arrays(column.chunks) if isinstance(column, pa.ChunkedArray) else column
