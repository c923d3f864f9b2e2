"""Fits the shipped tables to the public traces: `python -m stillwatch.ranges.arrivals.fit --traces DIR`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import orjson

from stillwatch.ranges.arrivals.burstiness import fit_gaps, fit_rate, fit_think
from stillwatch.ranges.arrivals.quantiles import fit_lengths
from stillwatch.ranges.arrivals.traces import ClientArrivals, client_arrivals, turn_gaps
from stillwatch.ranges.arrivals.typical import fit_rhythms, load_rank

SHIPPED = Path(__file__).parent / "tables"
COMMAND = "python -m stillwatch.ranges.arrivals.fit --traces DIR"
SERVEGEN = "ServeGen, alibaba/ServeGen f891d1189eb3, Apache-2.0 (Xiang et al. 2025, arXiv 2505.09999)"
MOONCAKE = "Mooncake conversation trace, kvcache-ai/Mooncake 3b5a59413395, Apache-2.0"
AZURE = "Azure LLM inference trace 2023 (code), Azure/AzurePublicDataset b469a113cedc, CC-BY-4.0"
DEVGPT = "DevGPT turns, JoyKrishan/DevGPTIPlus c5a383a44d27, MIT"
VIDUR = "arXiv summarisation lengths, microsoft/vidur 7d47513363ec, MIT"


def fit(traces: Path) -> dict[str, dict[str, Any]]:
    """Return the tables by name. Raises FileNotFoundError naming a trace that is absent."""
    clients = client_arrivals(traces)
    clock = fit_clock(clients)
    clock["burstiness"]["think"] = fit_think(turn_gaps(traces))
    return clock | {
        "lengths": {"about": _about(SERVEGEN, AZURE, DEVGPT, VIDUR), "profiles": fit_lengths(traces)},
    }


def fit_clock(clients: ClientArrivals) -> dict[str, dict[str, Any]]:
    """Return the tables of rhythms and burstiness of these clients (pauses of people aside)."""
    whole = clients.rate[clients.whole]
    return {
        "rhythms": {
            "about": _about(SERVEGEN),
            "load_rank": load_rank(whole),
            "profiles": fit_rhythms(whole),
        },
        "burstiness": {
            "about": _about(SERVEGEN, MOONCAKE),
            "gaps": fit_gaps(clients),
            "rate": fit_rate(clients),
        },
    }


def _about(*sources: str) -> dict[str, Any]:
    return {"what": "fitted parameters, no rows of the traces", "sources": list(sources), "made_by": COMMAND}


def encode(table: dict[str, Any]) -> bytes:
    """Return a table as JSON, one line a profile, so that a difference can be read."""
    lines = []
    for key, value in table.items():
        if isinstance(value, list):
            text = b"[\n " + b",\n ".join(orjson.dumps(v) for v in value) + b"\n]"
        else:
            text = orjson.dumps(value)
        lines.append(b'"%s": %s' % (key.encode(), text))
    return b"{\n" + b",\n".join(lines) + b"\n}\n"


def main(arguments: list[str] | None = None) -> int:
    """Fit and write the tables; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--traces", type=Path, required=True, help="folder of the traces")
    parser.add_argument(
        "--out", type=Path, default=SHIPPED, help="where to write (default: the shipped tables)"
    )
    options = parser.parse_args(arguments)
    try:
        tables = fit(options.traces)
    except FileNotFoundError as absent:
        print(absent, file=sys.stderr)
        return 2
    options.out.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        written = encode(table)
        (options.out / f"{name}.json").write_bytes(written)
        print(f"{name}.json  {len(written):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
