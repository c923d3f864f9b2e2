"""Writes what a scan found: the files of the results contract, as one set, byte for byte reproducible.

Equal results give equal bytes in every file but `run.json`, which holds timings and peak memory.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stillwatch.campaigns.model import ScanResult
from stillwatch.report.html import render_report
from stillwatch.report.record import campaign_record, details_record, most_serious_first
from stillwatch.report.staging import whole_directory
from stillwatch.version import __version__

INSTANT = pa.timestamp("us", tz="UTC")

EXCHANGES_SCHEMA = pa.schema(
    [
        ("exchange_id", pa.string()),
        ("account_id", pa.string()),
        ("campaign_id", pa.string()),
        ("workload_id", pa.string()),
        ("capability", pa.string()),
    ]
)
ACCOUNTS_SCHEMA = pa.schema(
    [
        ("account_id", pa.string()),
        ("verdict", pa.string()),
        ("campaign_id", pa.string()),
        ("exchanges", pa.int64()),
        ("campaign_exchanges", pa.int64()),
        ("share_lower", pa.float64()),
        ("log10_e", pa.float64()),
    ]
)
WORKLOADS_SCHEMA = pa.schema(
    [
        ("workload_id", pa.string()),
        ("exchanges", pa.int64()),
        ("accounts", pa.int64()),
        ("first_seen", INSTANT),
        ("last_seen", INSTANT),
        ("capability", pa.string()),
        ("public", pa.bool_()),
    ]
)

_JSON = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
_RUN_JSON = _JSON | orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY


def write_results(result: ScanResult, out: Path, *, rejected: Path | None = None) -> Path:
    """Write every file of a result into `out`, all or none, and return `out`.

    `rejected` is the readers' dead-letter file (JSON Lines), copied to `rejected.jsonl`; None writes an
    empty one. An earlier result in `out` stays whole until the new one stands. Raises OSError where the
    directory cannot be written and ValueError where the result lacks a column or holds NaN.
    """
    with whole_directory(Path(out)) as stage:
        _write_json(
            stage / "campaigns.json", [campaign_record(c) for c in most_serious_first(result.campaigns)]
        )
        _write_json(stage / "details.json", details_record(result))
        _write_table(stage / "exchanges.parquet", result.exchanges, EXCHANGES_SCHEMA)
        _write_table(stage / "accounts.parquet", result.accounts, ACCOUNTS_SCHEMA)
        _write_table(stage / "workloads.parquet", result.workloads, WORKLOADS_SCHEMA)
        if rejected is None:
            (stage / "rejected.jsonl").touch()
        else:
            shutil.copyfile(rejected, stage / "rejected.jsonl")
        (stage / "report.html").write_text(render_report(result), encoding="utf-8", newline="\n")
        files = {path.name: digest(path) for path in sorted(stage.iterdir())}
        run = {"version": __version__, **result.run, "files": files}
        (stage / "run.json").write_bytes(orjson.dumps(run, default=str, option=_RUN_JSON))
    return Path(out)


def digest(path: Path) -> str:
    """Return a file's SHA-256 as hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def canonical_table(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return the table with exactly the contract's columns and types, rows in one order.

    Rows are sorted by every id column in turn, so equal sets of rows give equal tables. Floats are held at
    six decimals: the last bits of a sum depend on how many threads added it up.
    """
    missing = [name for name in schema.names if name not in table.column_names]
    if missing:
        raise ValueError(
            f"the result's table lacks {', '.join(missing)}; it has {', '.join(table.column_names)}"
        )
    columns = [_canonical_column(table[field.name], field.type) for field in schema]
    typed = pa.table(columns, schema=schema)
    ids = [name for name in schema.names if name.endswith("_id")]
    order = pc.sort_indices(typed, sort_keys=[(name, "ascending") for name in ids])
    return typed.take(order).combine_chunks()


def _canonical_column(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    cast = column.cast(kind)
    if pa.types.is_floating(kind):
        return pc.add(pc.round(cast, ndigits=6), 0.0)  # + 0.0: no negative zero
    return cast


def _write_table(path: Path, table: pa.Table, schema: pa.Schema) -> None:
    pq.write_table(canonical_table(table, schema), path, compression="zstd", store_schema=False)


def _write_json(path: Path, value: Any) -> None:
    path.write_bytes(orjson.dumps(value, option=_JSON))
