"""Fits length profiles: quantile tables of prompts and answers, a few typical clients for each kind of use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stillwatch.ranges.arrivals.burstiness import middle_levels
from stillwatch.ranges.arrivals.traces import AZURE, DEVGPT, VIDUR, ClientLengths, client_lengths, pair

LEVELS = middle_levels(64)
# Clients whose median answer is at most so many tokens say a label, a score or a line.
SHORT = 32.0
# Group, bands by prompt length, clients per band by answer length.
SERVEGEN = (("api", 8, 4), ("short", 4, 3), ("reasoning", 6, 4))
# Group, trace, its source's name, columns; each trace of single requests is cut in thirds by prompt length, so that a
# long prompt keeps the answers that belong to it.
SINGLE = (
    ("chat", DEVGPT, "devgpt", "TokensOfPrompts", "TokensOfAnswers"),
    ("code", AZURE, "azure-code", "input_tokens", "output_tokens"),
    ("summarise", VIDUR, "vidur-arxiv", "num_prefill_tokens", "num_decode_tokens"),
)
THIRDS = 3


def fit_lengths(traces: Path) -> list[dict[str, Any]]:
    """Return all length profiles (name, group, source, asked, said; tokens at 64 mid-point levels)."""
    clients = client_lengths(traces, LEVELS)
    found: list[dict[str, Any]] = []
    for group, bands, each in SERVEGEN:
        chosen = clients.only(members(clients, group))
        for place in representatives(chosen, bands, each):
            found.append(_profile(group, "servegen", len(found), chosen.asked[place], chosen.said[place]))
    for group, file, source, asked, said in SINGLE:
        for third in thirds(*pair(traces, file, asked, said)):
            found.append(_profile(group, source, len(found), *third))
    return found


def members(clients: ClientLengths, group: str) -> NDArray[np.bool_]:
    """Return bool[c]: the ServeGen clients of a group ("api", "short" or "reasoning")."""
    thinks = np.array([name.startswith("deepseek") for name in clients.name], bool)
    short = np.median(clients.said, axis=1) <= SHORT
    return {"reasoning": thinks, "short": ~thinks & short, "api": ~thinks & ~short}[group]


def representatives(clients: ClientLengths, bands: int, each: int) -> list[int]:
    """Return bands x each clients, systematically: bands of equal size by prompt length, in each by answer length.

    All stand for equally many clients, so that drawing profiles evenly draws clients as they are.
    """
    by_asked = np.argsort(np.log(clients.asked + 1).mean(axis=1), kind="stable")
    found: list[int] = []
    for band in np.array_split(by_asked, min(bands, by_asked.size)):
        by_said = band[np.argsort(np.log(clients.said[band] + 1).mean(axis=1), kind="stable")]
        found += by_said[np.unique((middle_levels(each) * by_said.size).astype(np.int64))].tolist()
    return found


def thirds(
    asked: NDArray[np.float64], said: NDArray[np.float64]
) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Return the quantiles of prompts and answers of requests in thirds by prompt length."""
    order = np.argsort(asked, kind="stable")
    parts = np.array_split(order, THIRDS)
    return [(np.quantile(asked[p], LEVELS), np.quantile(said[p], LEVELS)) for p in parts]


def _profile(
    group: str, source: str, place: int, asked: NDArray[np.float64], said: NDArray[np.float64]
) -> dict[str, Any]:
    return {
        "name": f"{group}-{place + 1:02d}",
        "group": group,
        "source": source,
        "asked": np.rint(asked).astype(int).tolist(),
        "said": np.rint(said).astype(int).tolist(),
    }
