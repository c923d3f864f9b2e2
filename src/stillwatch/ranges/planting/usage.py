"""Tokens and durations: as the log counts them for as much text, taken from the row nearest in length."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from stillwatch.ranges.planting.donors import Donors

_COUNTED: Final = {"input_tokens": 0, "output_tokens": 1}  # of which text: asked, said
_COPIED: Final = ("duration_ms", "ttft_ms", "reasoning_tokens", "cache_read_tokens")
_NEAR: Final = 4  # ranks within which a neighbour is drawn

Bytes = tuple[NDArray[np.int64], NDArray[np.int64]]


def usage(
    sample: pa.Table, donors: Donors, client: NDArray[np.int64], sizes: Bytes, told: pa.Table
) -> dict[str, Any]:
    """Return token counts and durations of n rows; null where the donor row (`told`) has none.

    `sizes` are the bytes asked and said of each row. Refused requests (nothing said) take what their donor tells.
    """
    made = {name: told[name].to_pylist() for name in (*_COUNTED, *_COPIED)}
    for each in np.unique(client).tolist():
        mine = np.flatnonzero((client == each) & (sizes[1] > 0))
        rows = donors.rows(each)
        if not len(rows):
            continue
        for name, text in _COUNTED.items():
            known = rows[pc.is_valid(sample[name]).to_numpy()[rows]]
            if len(known):
                counts = sample[name].to_numpy()
                _count(
                    made[name],
                    mine,
                    sizes[text],
                    known,
                    counts,
                    sample["asked" if text == 0 else "said"].to_numpy(),
                )
        _copy(made, mine, sizes[1], rows, sample, donors.rng)
    return {name: pa.array(values, told.schema.field(name).type) for name, values in made.items()}


def _count(
    into: list[Any], mine: NDArray[np.int64], size: NDArray[np.int64], known: NDArray[np.int64],
    counts: NDArray[Any], lengths: NDArray[np.int64],
) -> None:  # fmt: skip
    """Set tokens: as many a byte as the row has whose text is nearest in length."""
    order = known[np.argsort(lengths[known], kind="stable")]
    near = order[np.minimum(np.searchsorted(lengths[order], size[mine]), len(order) - 1)]
    tokens = np.maximum(1, np.round(size[mine] * counts[near] / np.maximum(lengths[near], 1)))
    for row, value in zip(mine.tolist(), tokens.tolist(), strict=True):
        if into[row] is not None:
            into[row] = int(value)


def _copy(
    into: dict[str, list[Any]], mine: NDArray[np.int64], said: NDArray[np.int64], rows: NDArray[np.int64],
    sample: pa.Table, rng: np.random.Generator,
) -> None:  # fmt: skip
    """Set durations and the like: those of a row whose answer is about as long."""
    lengths = sample["said"].to_numpy()
    order = rows[np.argsort(lengths[rows], kind="stable")]
    place = np.searchsorted(lengths[order], said[mine]) + rng.integers(-_NEAR, _NEAR + 1, len(mine))
    near = order[np.clip(place, 0, len(order) - 1)]
    for name in _COPIED:
        values = sample[name].take(pa.array(near)).to_pylist()
        for row, value in zip(mine.tolist(), values, strict=True):
            if into[name][row] is not None and value is not None:
                into[name][row] = value
