"""Mixes: how a group's members share their requests out over workloads and over kinds of work."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from stillwatch.campaigns.traffic import Traffic, rows_of
from stillwatch.evidence.mixes import Mix, Mixes
from stillwatch.intents import CAPABILITIES
from stillwatch.workloads import CELLS, asks, capability

Ints = NDArray[np.int64]

MOSTLY = 0.5  # of the exchanges
SHAPES = 8  # templated or not, opening a conversation or not, with tools or not


@dataclass(frozen=True)
class Kinds:
    """Every stream's account, its form and its kind of work, as codes; `seeks` is what each stream's work is after.

    A form is a workload that rests on a template; what rests on none goes by its kind, since the cells that work
    without a template falls into tell languages apart, and language is never evidence.
    """

    account: Ints
    workload: Ints
    form: Ints
    kind: Ints
    exchanges: Ints
    seeks: Ints  # an index of `capabilities`
    capabilities: tuple[str, ...]


def _totals(streams: pa.Table, at: Ints, name: str, size: int) -> Ints:
    return np.bincount(at, weights=streams[name].to_numpy(), minlength=size).astype(np.int64)


def kinds_of(traffic: Traffic) -> Kinds:
    """Return the streams of a log by kind of work; a workload has one kind, by all that anybody sent of it."""
    streams = traffic.streams
    workload = streams["workload"].to_numpy().astype(np.int64)
    forms, at = np.unique(workload, return_inverse=True)
    names = ("exchanges", "classified", "openings", "with_tools")
    sent, classified, opened, tooled = (_totals(streams, at, name, len(forms)) for name in names)
    asked = {label.slug: _totals(streams, at, asks(label.slug), len(forms)) for label in CAPABILITIES}
    sought = [
        capability(
            int(sent[i]), int(classified[i]), {s: int(n[i]) for s, n in asked.items()}, int(tooled[i]), 0.0
        )
        for i in range(len(forms))
    ]
    slugs = tuple(sorted(set(sought)))
    seeks = np.array([slugs.index(slug) for slug in sought], dtype=np.int64)
    shape = 4 * (forms < CELLS) + 2 * (opened >= MOSTLY * sent) + (tooled >= MOSTLY * sent)
    kind = seeks * SHAPES + shape
    return Kinds(
        account=streams["account"].to_numpy().astype(np.int64),
        workload=workload,
        form=np.where(forms < CELLS, forms, CELLS + kind)[at],
        kind=kind[at],
        exchanges=streams["exchanges"].to_numpy().astype(np.int64),
        seeks=seeks[at],
        capabilities=slugs,
    )


def measure_mixes(kinds: Kinds, members: Ints, left_out: int | None) -> Mixes:
    """Return the mixes of members, sorted; the workload that proposed them is left out, being what picked them."""
    at = rows_of(kinds.account, members)
    if left_out is not None:
        at = at[kinds.workload[at] != left_out]
    row, count = np.searchsorted(members, kinds.account[at]), kinds.exchanges[at]
    return Mixes(*(Mix(row, code[at], count, len(members)) for code in (kinds.form, kinds.kind)))
