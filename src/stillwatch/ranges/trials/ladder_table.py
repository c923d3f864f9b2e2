"""The ladder's rows as tables: Markdown for people, CSV and JSON for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from stillwatch.ranges.scenarios.ladder import RUNGS
from stillwatch.ranges.scoring.card import RATE
from stillwatch.ranges.trials.ladder import ALONE, LONE_VERDICT, Row, record

_VERDICT: Final = "most accounts are"
_HEAD: Final = (
    "rung", "found", "exchanges found", "precision", "accounts found", _VERDICT, "false campaigns", "cost, $",
    "$ per 1,000 useful", "× L0",
)  # fmt: skip


def ordered(rows: Sequence[Row]) -> list[Row]:
    """Return rows by background, size, rung, share and seed."""
    return sorted(rows, key=lambda r: (r.background, r.accounts, r.each, r.level, -(r.share or 0), r.seed))


def markdown(rows: Sequence[Row]) -> str:
    """Return the rows as a Markdown table, with what the rungs add and what the columns mean below."""
    names = baseline_names(rows)
    head = [*_HEAD, *(f"`{name}`" for name in names)]
    lines = [_line(head), _line(["---", *("---" if name == _VERDICT else "--:" for name in head[1:])])]
    lines += [
        _line([*_cells(row), *(_percent(row.baselines.get(name)) for name in names)]) for row in ordered(rows)
    ]
    lines += [
        "",
        *(f"- L{rung.level}: {rung.adds}" for rung in RUNGS if any(r.level == rung.level for r in rows)),
        "",
    ]
    lines.append(
        "Each rung keeps the evasions below it. A campaign is found if half of its exchanges lie in accusing campaigns"
        f" that are mostly its own; for L{ALONE[0]} and L{ALONE[-1]}, which are one account, `{LONE_VERDICT}` counts"
        " too. Costs are the attacker's, in US dollars at assumed prices; duplicates are paid for and not useful."
    )
    if names:
        lines.append(
            f"Baselines: share of the campaign's accounts found where at most {RATE:.0%} of the honest accounts are"
            " flagged, which a threshold chosen with the truth in hand allows."
        )
    return "\n".join(lines) + "\n"


def as_csv(rows: Sequence[Row]) -> str:
    """Return the rows as CSV, every field a column, baselines as `baseline_NAME`."""
    names = baseline_names(rows)
    out = io.StringIO()
    writer: csv.DictWriter[str] | None = None
    for row in ordered(rows):
        flat = {name: value for name, value in record(row).items() if name != "baselines"}
        flat |= {f"baseline_{name}": row.baselines.get(name) for name in names}
        if writer is None:
            writer = csv.DictWriter(out, list(flat), lineterminator="\n")
            writer.writeheader()
        writer.writerow(flat)
    return out.getvalue()


def as_json(rows: Sequence[Row]) -> str:
    """Return the rows as a JSON list."""
    return json.dumps([record(row) for row in ordered(rows)], indent=2) + "\n"


def write_tables(rows: Sequence[Row], folder: Path) -> list[Path]:
    """Write `ladder.md`, `ladder.csv` and `ladder.json` into a folder; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {"ladder.md": markdown(rows), "ladder.csv": as_csv(rows), "ladder.json": as_json(rows)}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in texts]


def baseline_names(rows: Sequence[Row]) -> list[str]:
    """Return the baselines that any row has, in their order."""
    return list(dict.fromkeys(name for row in rows for name in row.baselines))


def _cells(row: Row) -> list[str]:
    return [
        row.name + (f", seed {row.seed}" if row.seed else ""),
        "yes" if row.found else "no",
        _percent(row.recall),
        _percent(row.precision),
        f"{row.accused:,} of {row.workers:,}",
        row.verdict.replace("_", " "),
        str(row.false_campaigns),
        f"{row.cost:,.0f}",
        f"{row.cost_per_thousand:,.0f}",
        f"{row.cost_multiple:,.1f}",
    ]


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
