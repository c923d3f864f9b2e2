"""When tenants send and how long answers are, from the ServeGen traces of real per-client traffic."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

Floats = npt.NDArray[np.float64]
WINDOW = 600.0  # seconds
MOST_TOKENS = 400  # longest answer written; the traces go on to many thousands


@dataclass(frozen=True)
class Tenant:
    """One client of the traces: its rate over time, how bursty it is, and the lengths of its answers."""

    rate: Floats  # requests/s in each 600 s window
    shape: Floats  # of the gaps in that window; below 1 is bursty, 1 Poisson
    tokens: npt.NDArray[np.int64]  # 64 quantiles of output tokens

    def instants(self, rng: np.random.Generator, count: int, days: float) -> Floats:
        """Return `count` arrival times in seconds, ascending, over `days` of this tenant's rhythm."""
        windows = max(1, int(days * 86_400 / WINDOW))
        begin = 144 * int(rng.integers(0, max(1, self.rate.size // 144)))  # a whole number of days
        at = (begin + np.arange(windows)) % self.rate.size
        weight = self.rate[at]
        if weight.sum() <= 0:
            weight = np.ones(windows)
        picked = np.sort(rng.choice(windows, size=count, p=weight / weight.sum()))
        slots, first, size = np.unique(picked, return_index=True, return_counts=True)
        inside = np.empty(count)
        for slot, start, n in zip(slots, first, size, strict=True):
            shape = max(float(self.shape[at[slot]]), 0.05)
            gaps = rng.gamma(shape, size=n + 1) + 1e-9
            inside[start : start + n] = np.cumsum(gaps)[:n] / gaps.sum()
        return picked * WINDOW + inside * WINDOW


def tenants(shared: Path) -> list[Tenant]:
    """Return all language clients of the traces that sent anything."""
    traces = shared / "data" / "traces"
    lengths = _lengths(traces / "servegen_client_lengths.parquet")
    table = pq.read_table(
        traces / "servegen_client_arrivals.parquet",
        columns=["model", "client_id", "window_start_s", "rate_rps", "cv"],
    ).sort_by([("model", "ascending"), ("client_id", "ascending"), ("window_start_s", "ascending")])
    model = table["model"].to_numpy(zero_copy_only=False)
    client = table["client_id"].to_numpy()
    rate, cv = table["rate_rps"].to_numpy(), table["cv"].to_numpy()
    edges = np.flatnonzero((model[1:] != model[:-1]) | (client[1:] != client[:-1])) + 1
    found = []
    for part in np.split(np.arange(rate.size), edges):
        if rate[part].sum() > 0:
            # A gamma renewal process of this coefficient of variation.
            shape = 1.0 / np.square(np.clip(cv[part], 0.3, 4.0))
            key = (str(model[part[0]]), int(client[part[0]]))
            found.append(Tenant(rate[part], shape, lengths.get(key, lengths[("", -1)])))
    return found


def _lengths(path: Path) -> dict[tuple[str, int], npt.NDArray[np.int64]]:
    """Return 64 quantiles of output tokens for each client, and for all under ("", -1)."""
    wanted = [("field", "=", "output_tokens")]
    table = pq.read_table(path, columns=["model", "client_id", "bins", "counts"], filters=wanted)
    bins: dict[tuple[str, int], list[Floats]] = {}
    for row in table.slice(0, 2_000).to_pylist():
        if row["bins"] and row["counts"]:
            key = (row["model"], row["client_id"])
            spread = np.repeat(np.asarray(row["bins"], float), np.minimum(row["counts"], 20))
            bins.setdefault(key, []).append(spread)
            bins.setdefault(("", -1), []).append(spread[::50])
    steps = np.linspace(0.01, 0.99, 64)
    return {
        key: np.clip(np.quantile(np.concatenate(parts), steps), 4, MOST_TOKENS).astype(np.int64)
        for key, parts in bins.items()
    }
