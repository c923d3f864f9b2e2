"""Reads back what a scan wrote, for `stillwatch explain` and notebooks."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec
import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.campaigns.model import Campaign, Examined, FieldCoverage, ScanResult
from stillwatch.report.writers import ACCOUNTS_SCHEMA, EXCHANGES_SCHEMA, WORKLOADS_SCHEMA, digest


class ResultsError(ValueError):
    """A results directory cannot be read; the message names the file, the place and what to do."""


def campaigns_schema() -> dict[str, Any]:
    """Return the JSON schema (draft 2020-12) of `campaigns.json`."""
    text = files("stillwatch.report").joinpath("schemas/campaigns.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def load_results(folder: Path) -> ScanResult:
    """Return the result a scan wrote to `folder`.

    `campaigns.json` is required; every other file may be absent and then reads as empty. Raises
    ResultsError where a file is missing, is not JSON, breaks the contract, or is not the one that its run
    wrote.
    """
    folder = Path(folder)
    if not (folder / "campaigns.json").is_file():
        raise ResultsError(f"{folder}: no campaigns.json here\n  fix: name the directory that `--out` named")
    run = _json(folder / "run.json", {})
    _check_digests(folder, run.get("files", {}))
    details = _json(folder / "details.json", {})
    shown = details.get("campaigns", {})
    records = _json(folder / "campaigns.json", [])
    return ScanResult(
        campaigns=tuple(_campaign(record, shown, folder, i) for i, record in enumerate(records)),
        exchanges=_table(folder / "exchanges.parquet", EXCHANGES_SCHEMA),
        accounts=_table(folder / "accounts.parquet", ACCOUNTS_SCHEMA),
        workloads=_table(folder / "workloads.parquet", WORKLOADS_SCHEMA),
        examined=_convert(details.get("examined", []), tuple[Examined, ...], folder / "details.json"),
        coverage=_convert(details.get("coverage", []), tuple[FieldCoverage, ...], folder / "details.json"),
        run={key: value for key, value in run.items() if key != "files"},
    )


def _check_digests(folder: Path, wrote: dict[str, str]) -> None:
    for name, expected in sorted(wrote.items()):
        path = folder / name
        if path.suffix in {".json", ".parquet"} and path.is_file() and digest(path) != expected:
            raise ResultsError(
                f"{path}: not the file this run wrote (its SHA-256 differs from run.json's)\n"
                "  fix: scan again, or restore the file; findings are only read as they were written"
            )


def _json(path: Path, absent: Any) -> Any:
    if not path.is_file():
        return absent
    try:
        value = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        raise ResultsError(f"{path}:{error.lineno}: not JSON: {error.msg}\n  fix: scan again") from error
    if not isinstance(value, type(absent)):
        raise ResultsError(f"{path}: expected a {type(absent).__name__}, got {type(value).__name__}")
    return value


def _campaign(record: Any, shown: dict[str, Any], folder: Path, position: int) -> Campaign:
    path = folder / "campaigns.json"
    if not isinstance(record, dict):
        raise ResultsError(f"{path}: campaign {position}: expected an object, got {type(record).__name__}")
    for row in [*record.get("evidence", []), *record.get("counter_evidence", [])]:
        # other tools need not write the block; it only says which rows a picture averages
        row.setdefault("block", "content")
    campaign: Campaign = _convert({**record, **shown.get(record.get("campaign_id", ""), {})}, Campaign, path)
    return campaign


def _convert(value: Any, kind: Any, path: Path) -> Any:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise ResultsError(
            f"{path}: {error}\n  fix: see schemas/campaigns.schema.json for the contract"
        ) from error


def _table(path: Path, schema: pa.Schema) -> pa.Table:
    return pq.read_table(path) if path.is_file() else schema.empty_table()
