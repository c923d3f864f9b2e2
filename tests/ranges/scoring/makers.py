"""Makers of truths and results, a few rows each."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.ranges.scoring.database import Database
from stillwatch.ranges.scoring.inputs import read_results, read_truth
from stillwatch.ranges.scoring.tallies import tally

ACCUSE = "distillation_campaign"
Row = dict[str, Any]


def sent(account: str, count: int = 1, campaign: str | None = None, kind: str | None = None) -> list[Row]:
    """Exchanges of one account, `account/campaign/number` by id."""
    named = kind or ("cot_harvest" if campaign else "chat")
    told = {"account_id": account, "campaign": campaign, "kind": named}
    return [{"exchange_id": f"{account}/{campaign or named}/{i}", **told} for i in range(count)]


def strings(rows: Sequence[Row], *names: str) -> pa.Table:
    """A table of strings; absent values are null."""
    return pa.Table.from_pylist(list(rows), schema=pa.schema([(name, pa.string()) for name in names]))


def members(rows: Sequence[Row], roles: Mapping[str, str] | None = None) -> list[Row]:
    """The truth of the accounts that such exchanges have."""
    found: dict[tuple[str, str | None], Row] = {}
    for row in rows:
        mine = [r for r in rows if r["account_id"] == row["account_id"]]
        harvests = [r for r in mine if r["campaign"] is not None]
        role = "benign" if not harvests else "operator" if len(harvests) == len(mine) else "mixed"
        if row["campaign"] is None and harvests:
            continue
        chosen = (roles or {}).get(row["account_id"], role)
        found.setdefault((row["account_id"], row["campaign"]), {**row, "role": chosen})
    return list(found.values())


def write_truth(folder: Path, *groups: list[Row], roles: Mapping[str, str] | None = None) -> Path:
    """Write truth and truth_accounts."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [row for group in groups for row in group]
    pq.write_table(strings(rows, "exchange_id", "account_id", "campaign", "kind"), folder / "truth.parquet")
    accounts = strings(members(rows, roles), "account_id", "role", "campaign", "kind")
    pq.write_table(accounts, folder / "truth_accounts.parquet")
    return folder


def held(account: str, campaign: str | None = None, verdict: str | None = None, **more: Any) -> Row:
    """What a detector says of an account."""
    return {"account_id": account, "campaign_id": campaign, "verdict": verdict, **more}


def write_results(
    folder: Path,
    accounts: Sequence[Row],
    attributed: Mapping[str, str] | None = None,
    campaigns: Sequence[Row] | None = None,
    tested: int | None = None,
) -> Path:
    """Write a detector's results: exchanges and campaigns only where given."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = "".join(json.dumps({k: v for k, v in row.items() if v is not None}) + "\n" for row in accounts)
    (folder / "accounts.jsonl").write_text(lines)
    if attributed is not None:
        rows = [{"exchange_id": e, "campaign_id": c} for e, c in attributed.items()]
        pq.write_table(
            strings(rows, "exchange_id", "account_id", "campaign_id"), folder / "exchanges.parquet"
        )
    if campaigns is not None:
        (folder / "campaigns.json").write_text(json.dumps(list(campaigns)))
    if tested is not None:
        (folder / "run.json").write_text(json.dumps({"proposals": tested}))
    return folder


def give(rows: Sequence[Row], campaign: str) -> dict[str, str]:
    """Attribute exchanges to a reported campaign."""
    return {row["exchange_id"]: campaign for row in rows}


@contextmanager
def tallied(results: Path, truth: Path, confidence: str = "suspected") -> Iterator[Database]:
    """A database with everything counted."""
    with Database() as database:
        inputs = read_results(database, results)
        read_truth(database, truth)
        tally(database, inputs, confidence)
        yield database


def log_rows(account: str, count: int = 1, **values: Any) -> list[Row]:
    """Exchanges as a baseline reads them; `prompt` is the last user turn."""
    prompt = values.pop("prompt", f"hello from {account}")
    return [
        {
            "exchange_id": f"{account}/{values.get('run', 0)}/{prompt[:8]}/{i}",
            "account_id": account,
            "time": f"2026-06-0{1 + i % 9}T00:00:00Z",
            "messages": [{"role": "user", "content": prompt}, {"role": "assistant", "content": "yes"}],
            **{k: v for k, v in values.items() if k != "run"},
        }
        for i in range(count)
    ]


def write_log(folder: Path, *groups: list[Row], accounts: Sequence[Row] | None = None) -> Path:
    """Write exchanges (and accounts) as JSON Lines."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [row for group in groups for row in group]
    (folder / "exchanges.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    if accounts is not None:
        (folder / "accounts.jsonl").write_text("".join(json.dumps(row) + "\n" for row in accounts))
    return folder
