"""Who wrote what: the text that an operator and a user answer for, without what others put into it.

A score is about the operator's and the user's words. What a client injected, a tool returned or a search retrieved is
left out: by the exchange's `layers` where the gateway knows them, and else by wrappers that clients put around such
text (`<system-reminder>…</system-reminder>`).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from stillwatch.exchanges.schema import EXCHANGE_SCHEMA, MESSAGES
from stillwatch.sketches.buffers import Flags, Texts, column, lists, texts, there
from stillwatch.sketches.kernels import kernel, leaf
from stillwatch.sketches.layout import USER, role_codes

OTHERS: Final = ("injected", "tool", "retrieved")
WRAPPERS: Final = (
    "system-reminder", "system_reminder", "reminder", "retrieved", "retrieved_context", "retrieved-context",
    "search_results", "search_result", "search-results", "tool_result", "tool_results", "tool-result", "tool_output",
    "function_result", "function_results", "function_calls", "environment_details", "environment_context",
    "ide_context", "attached_files", "file_contents", "file_content", "transcript", "untrusted", "skill", "skills",
)  # fmt: skip
OPERATOR: Final = -1  # place of the system text among the messages, as `layers` have it


class Names(NamedTuple):
    """Names of wrappers as bytes: name i is data[ends[i - 1]:ends[i]]."""

    data: NDArray[np.uint8]
    ends: NDArray[np.int64]


NAMES: Final = Names(
    np.frombuffer("".join(WRAPPERS).encode(), dtype=np.uint8), np.cumsum([len(name) for name in WRAPPERS])
)


class Cuts(NamedTuple):
    """Stretches of texts that others wrote, in characters: those of row i are rows ends[i] to ends[i + 1]."""

    starts: NDArray[np.int64]
    stops: NDArray[np.int64]
    ends: NDArray[np.int64]


def no_cuts(rows: int) -> Cuts:
    """Return cuts that cut nothing."""
    none = np.zeros(0, dtype=np.int64)
    return Cuts(none, none, np.zeros(rows + 1, dtype=np.int64))


class Asked(NamedTuple):
    """What operators and users of a batch wrote themselves, one row an exchange.

    `last_user` is the place of the last user turn among the messages, -1 where there is none.
    """

    operator: Texts
    user: Texts
    last_user: NDArray[np.int64]


@leaf
def _wrapper_end(data, at, end, names, unclosed):  # type: ignore[no-untyped-def]
    """Return where a wrapper that opens at `at` (a <) is closed again, `at` where none opens or it stays open.

    And, as bits, the names that no later tag of the row closes: looked for once, or a text of opening tags costs its
    length squared.
    """
    name = 0
    for i in range(len(names.ends)):
        stop = names.ends[i]
        size = stop - name
        after = at + 1 + size
        if after < end and (unclosed >> i) & 1 == 0 and (data[after] == 62 or data[after] == 32):
            same = True
            for j in range(size):
                same = same and (data[at + 1 + j] | 32) == (names.data[name + j] | 32)
            if same:
                beyond = _closed(data, after, end, names.data, name, size, at)
                return beyond, unclosed if beyond > at else unclosed | (1 << i)
        name = stop
    return at, unclosed


@leaf
def _closed(data, at, end, names, name, size, nowhere):  # type: ignore[no-untyped-def]
    while at + size + 2 < end:
        if data[at] == 60 and data[at + 1] == 47 and data[at + 2 + size] == 62:
            same = True
            for j in range(size):
                same = same and (data[at + 2 + j] | 32) == (names[name + j] | 32)
            if same:
                return at + size + 3
        at += 1
    return nowhere


@kernel
def _copy_own(data, begins, stops, there, cuts, names, out):  # type: ignore[no-untyped-def]
    """Copy the rows' own text to `out`, a line break where something between was left out; returns the offsets."""
    offsets = np.zeros(len(begins) + 1, dtype=np.int64)
    to = 0
    for row in range(len(begins)):
        at, end, char = begins[row], stops[row] if there[row] else begins[row], -1
        cut, last = cuts.ends[row], cuts.ends[row + 1]
        broken, unclosed = False, 0
        while at < end:
            char += (data[at] & 0xC0) != 0x80
            while cut < last and char >= cuts.stops[cut]:
                cut += 1
            if cut < last and char >= cuts.starts[cut]:
                broken, at = True, at + 1
                continue
            if data[at] == 60:
                beyond, unclosed = _wrapper_end(data, at, end, names, unclosed)
                if beyond > at:
                    for i in range(at + 1, beyond):
                        char += (data[i] & 0xC0) != 0x80
                    broken, at = True, beyond
                    continue
            if broken and to > offsets[row]:
                out[to] = 10
                to += 1
            broken = False
            out[to] = data[at]
            to, at = to + 1, at + 1
        offsets[row + 1] = to
    return offsets


@kernel
def _last_users(offsets, there, roles):  # type: ignore[no-untyped-def]
    found = np.full(len(there), -1, dtype=np.int64)
    for row in range(len(there)):
        if there[row]:
            for turn in range(offsets[row], offsets[row + 1]):
                if roles[turn] == USER:
                    found[row] = turn - offsets[row]
    return found


def own_texts(
    data: NDArray[np.uint8], begins: NDArray[np.int64], stops: NDArray[np.int64], there: Flags, cuts: Cuts
) -> Texts:
    """Return each row's text without what others wrote in it."""
    room = int((stops - begins)[there].sum()) + len(cuts.starts) + 1 if len(begins) else 1
    out = np.empty(room, dtype=np.uint8)
    offsets = _copy_own(data, begins, stops, there, cuts, NAMES, out)
    return Texts(offsets, out, there)


def asked(batch: pa.RecordBatch) -> Asked:
    """Return what the operator and the user of each exchange wrote: system text and last user turn."""
    system = texts(_get(batch, "system"))
    turns, items = lists(_get(batch, "messages").cast(MESSAGES))
    role, content = items.flatten()
    contents = texts(content)
    last = _last_users(turns.offsets, turns.there, role_codes(texts(role)))
    at = np.where(last >= 0, turns.offsets[:-1] + last, 0)
    spoke = last >= 0
    if len(contents.there):
        spoke = spoke & contents.there[at]
    begins, stops = _bounds(contents.offsets, at, spoke)
    by_others = _layers(batch, last)
    return Asked(
        own_texts(system.data, system.offsets[:-1], system.offsets[1:], system.there, by_others[0]),
        own_texts(contents.data, begins, stops, spoke, by_others[1]),
        last,
    )


def _bounds(
    offsets: NDArray[np.int64], at: NDArray[np.int64], spoke: Flags
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    if not spoke.any():
        none = np.zeros(len(at), dtype=np.int64)
        return none, none
    return offsets[at], offsets[at + 1]


def _get(batch: pa.RecordBatch, name: str) -> pa.Array:
    return column(batch, name, EXCHANGE_SCHEMA.field(name).type)


def _layers(batch: pa.RecordBatch, last: NDArray[np.int64]) -> tuple[Cuts, Cuts]:
    """Return what others wrote in the system text and in the last user turn of each row, by `layers`."""
    layers = _get(batch, "layers")
    rows = batch.num_rows
    if layers.null_count == rows:
        return no_cuts(rows), no_cuts(rows)
    sizes = pc.fill_null(pc.list_value_length(layers), 0).to_numpy(zero_copy_only=False)
    row = np.repeat(np.arange(rows), sizes)
    author, *places = layers.flatten().flatten()
    by_others = pc.is_in(author, pa.array(OTHERS)).to_numpy(zero_copy_only=False)
    for values in places:  # a layer that does not say where it lies cuts nothing
        by_others = by_others & there(values)
    message, start, end = (pc.fill_null(values, 0).to_numpy(zero_copy_only=False) for values in places)
    return (
        _cuts(rows, row, start, end, by_others & (message == OPERATOR)),
        _cuts(rows, row, start, end, by_others & (message == last[row]) & (message >= 0)),
    )


def _cuts(
    rows: int, row: NDArray[np.int64], start: NDArray[np.int64], end: NDArray[np.int64], chosen: Flags
) -> Cuts:
    chosen = chosen & (end > start)
    row, start, end = row[chosen], start[chosen], end[chosen]
    order = np.lexsort((end, start, row))
    ends = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=rows))]).astype(np.int64)
    return Cuts(start[order], end[order], ends)
