"""What a baseline hands back, and how it is written: the least form of results that a score accepts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from stillwatch.ranges.scoring.natures import ACCUSES, INNOCENT

Files = Path | Sequence[Path]

# How SQL reads the messages of an exchange, and the last thing its user said.
MESSAGES = "STRUCT(role VARCHAR, content VARCHAR)[]"
LAST_USER = "list_filter(messages, lambda m: m.role = 'user')[-1].content"


@dataclass(frozen=True)
class BaselineResult:
    """One baseline on one log: who it accuses, in which campaign, and how it ranks everybody."""

    name: str
    accounts: pa.Table  # account_id, verdict, campaign_id; one row an account
    scores: pa.Table  # account_id, score: the higher, the more suspicious; absent where it cannot say
    parameters: Mapping[str, Any]

    def write(self, folder: Path) -> Path:
        """Write `accounts.parquet`, `scores.parquet` and `baseline.json` into a folder, made if absent."""
        folder.mkdir(parents=True, exist_ok=True)
        pq.write_table(self.accounts, folder / "accounts.parquet")
        pq.write_table(self.scores, folder / "scores.parquet")
        told = {"name": self.name, "parameters": dict(self.parameters)}
        text = json.dumps(told, indent=2, sort_keys=True) + "\n"
        (folder / "baseline.json").write_text(text, encoding="utf-8")
        return folder


def listed(files: Files) -> list[Path]:
    """Return the files of a table given as one or several."""
    return [files] if isinstance(files, Path) else list(files)


def accuse(
    name: str,
    ids: pa.Array,
    scores: NDArray[np.float64],
    campaigns: NDArray[np.int64],
    parameters: Mapping[str, Any],
) -> BaselineResult:
    """Return the result that accuses account i in campaign `campaigns[i]`, or not where that is negative.

    `ids` are n strings, `scores` and `campaigns` n numbers; an infinite score is one that was not given.
    """
    ids = ids.combine_chunks() if isinstance(ids, pa.ChunkedArray) else ids
    named = pc.binary_join_element_wise(f"{name}-", pa.array(campaigns).cast(pa.string()), "")
    accused = pa.array(campaigns >= 0)
    accounts = pa.table(
        {
            "account_id": ids.cast(pa.string()),
            "verdict": pc.if_else(accused, ACCUSES, INNOCENT),
            "campaign_id": pc.if_else(accused, named, pa.scalar(None, pa.string())),
        }
    )
    table = pa.table({"account_id": accounts["account_id"], "score": pa.array(scores, pa.float64())})
    known = pa.array(np.isfinite(scores))
    return BaselineResult(
        name, accounts.sort_by("account_id"), table.filter(known).sort_by("account_id"), parameters
    )


def together_or_apart(flagged: NDArray[np.bool_], together: bool) -> NDArray[np.int64]:
    """Return campaign numbers for a detector that ties nothing: all flagged in campaign 0, or one each."""
    numbers = np.zeros(len(flagged), dtype=np.int64) if together else np.arange(len(flagged), dtype=np.int64)
    return np.where(flagged, numbers, -1)
