"""Reads the public serving traces that the tables are fitted to, as arrays by client.

ServeGen (Apache-2.0) gives each client's rate, gap variation and family per 600 seconds, and its token histograms;
Azure LLM inference 2023 (CC-BY-4.0), DevGPT and Vidur (MIT) tokens per request; Mooncake (Apache-2.0) prompt blocks.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

ARRIVALS = "servegen_client_arrivals.parquet"
LENGTHS = "servegen_client_lengths.parquet"
AZURE = "azure_llm_2023_code.parquet"
DEVGPT = "devgpt_turn_token_shapes.parquet"
VIDUR = "vidur_arxiv_summarization_stats_llama2_tokenizer_filtered_v2.parquet"
MOONCAKE = "mooncake_conversation.parquet"
WINDOW = 600


@dataclass(frozen=True)
class ClientArrivals:
    """Windows of clients: rows of one client are the windows from the trace's start; NaN after its end.

    name    model and number of each client
    rate    f64[c, w] requests a second; cv f64[c, w] of the gaps
    family  i8[c, w] 0 Gamma, 1 Weibull, -1 where too few requests came to tell
    """

    name: tuple[str, ...]
    rate: NDArray[np.float64]
    cv: NDArray[np.float64]
    family: NDArray[np.int8]

    def only(self, keep: NDArray[np.bool_]) -> ClientArrivals:
        """Return the clients where `keep` bool[c]."""
        names = tuple(np.array(self.name)[keep].tolist())
        return ClientArrivals(names, self.rate[keep], self.cv[keep], self.family[keep])

    @property
    def count(self) -> NDArray[np.float64]:
        """Return f64[c, w] requests in each window."""
        return np.rint(self.rate * WINDOW)

    @property
    def whole(self) -> NDArray[np.bool_]:
        """Return bool[c]: clients seen over the full two weeks."""
        return np.asarray(~np.isnan(self.rate[:, -1]))


@dataclass(frozen=True)
class ClientLengths:
    """Token quantiles f64[c, q] of each client's prompts (`asked`) and answers (`said`)."""

    name: tuple[str, ...]
    asked: NDArray[np.float64]
    said: NDArray[np.float64]

    def only(self, keep: NDArray[np.bool_]) -> ClientLengths:
        """Return the clients where `keep` bool[c]."""
        return ClientLengths(tuple(np.array(self.name)[keep].tolist()), self.asked[keep], self.said[keep])


def read(traces: Path, file: str, columns: list[str]) -> pa.Table:
    """Return columns of a trace. Raises FileNotFoundError naming the file and what to do."""
    path = traces / file
    if not path.exists():
        raise FileNotFoundError(f"{path}: no such trace; point --traces at the folder that holds {file}")
    return pq.read_table(path, columns=columns)


def client_arrivals(traces: Path) -> ClientArrivals:
    """Return ServeGen's windows of all clients, ordered by model and client number."""
    rows = read(traces, ARRIVALS, ["model", "client_id", "window_start_s", "rate_rps", "cv", "dist"])
    client, names = _clients(rows)
    window = rows["window_start_s"].to_numpy() // WINDOW
    shape = (len(names), int(window.max()) + 1)
    rate, cv = np.full(shape, np.nan), np.full(shape, np.nan)
    family = np.full(shape, -1, np.int8)
    rate[client, window] = rows["rate_rps"].to_numpy()
    cv[client, window] = rows["cv"].to_numpy()
    kind = np.asarray(rows["dist"].to_pylist())
    family[client, window] = np.where(kind == "Gamma", 0, np.where(kind == "Weibull", 1, -1))
    return ClientArrivals(names, rate, cv, family)


def client_lengths(traces: Path, levels: NDArray[np.float64]) -> ClientLengths:
    """Return the token quantiles at `levels` of ServeGen's clients, over all their windows."""
    rows = read(traces, LENGTHS, ["model", "client_id", "field", "n_requests", "bins", "counts"])
    client, names = _clients(rows)
    field = np.asarray(rows["field"].to_pylist())
    sizes = rows["n_requests"].to_numpy()
    both = []
    for wanted in ("input_tokens", "output_tokens"):
        table = []
        for c in range(len(names)):
            chosen = np.flatnonzero((client == c) & (field == wanted))
            table.append(_pooled(rows, chosen, sizes[chosen], levels))
        both.append(np.array(table))
    return ClientLengths(names, both[0], both[1])


def _pooled(
    rows: pa.Table, chosen: NDArray[np.int64], sizes: NDArray[np.int64], levels: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Pool one client's histograms; where a window's size is not known (-1) it counts as the median one."""
    known = sizes[sizes > 0]
    sizes = np.where(sizes > 0, sizes, np.median(known) if known.size else 1)
    values, weights = [], []
    for row, size in zip(chosen.tolist(), sizes.tolist(), strict=True):
        counts = np.asarray(rows["counts"][row].as_py(), np.float64)
        values.append(np.asarray(rows["bins"][row].as_py(), np.float64))
        weights.append(counts / counts.sum() * size)
    return weighted_quantiles(np.concatenate(values), np.concatenate(weights), levels)


def weighted_quantiles(
    values: NDArray[np.float64], weights: NDArray[np.float64], levels: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the values at which the cumulative share of `weights` first reaches each level."""
    order = np.argsort(values, kind="stable")
    share = np.cumsum(weights[order]) / weights.sum()
    return np.asarray(values[order][np.minimum(np.searchsorted(share, levels), values.size - 1)])


def _clients(rows: pa.Table) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    model = np.asarray(rows["model"].to_pylist())
    number = rows["client_id"].to_numpy()
    keys = np.char.add(np.char.add(model, "/"), np.char.zfill(number.astype(str), 4))
    names, client = np.unique(keys, return_inverse=True)
    return client.astype(np.int64), tuple(names.tolist())


def pair(traces: Path, file: str, asked: str, said: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return prompt and answer tokens f64[n] of a trace of single requests, columns `asked` and `said`."""
    rows = read(traces, file, [asked, said])
    return rows[asked].to_numpy().astype(np.float64), rows[said].to_numpy().astype(np.float64)


def turn_gaps(traces: Path) -> NDArray[np.float64]:
    """Return f64[n] seconds between requests of one conversation in Mooncake's trace.

    A request continues the latest earlier one whose prompt's full 512-token blocks it begins with; two blocks at
    least, since the first may be a system text that conversations share.
    """
    rows = read(traces, MOONCAKE, ["timestamp", "hash_ids"])
    seen: dict[tuple[int, ...], int] = {}
    gaps: list[float] = []
    for at, blocks in zip(rows["timestamp"].to_pylist(), rows["hash_ids"].to_pylist(), strict=True):
        for length in range(len(blocks) - 1, 1, -1):
            before = seen.pop(tuple(blocks[:length]), None)
            if before is not None:
                gaps.append((at - before) / 1000.0)
                break
        if len(blocks) > 2:
            seen[tuple(blocks[:-1])] = at
    return np.array(gaps)
