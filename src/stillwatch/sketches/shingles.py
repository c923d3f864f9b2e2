"""Shingles of a column of texts on their own: for benchmarks, and for whoever needs no more of a sketch."""

from __future__ import annotations

import numpy as np

from stillwatch.sketches.buffers import Texts, Words
from stillwatch.sketches.kernels import kernel
from stillwatch.sketches.keyring import Keyring
from stillwatch.sketches.marks import CAP, TABLE, choose, winnow
from stillwatch.sketches.scripts import SCRIPT_COUNT
from stillwatch.sketches.tokens import tokenise
from stillwatch.sketches.unicode import MOST_TOKENS_PER_BYTE, UnicodeTable


@kernel
def _shingle_all(column, table, token_keys, shingle_keys, tokens, out):  # type: ignore[no-untyped-def]
    scripts = np.zeros(SCRIPT_COUNT, np.int64)
    kept = np.zeros(len(column.there), np.int64)
    slots = np.zeros(TABLE, np.uint64)
    for i in range(len(column.there)):
        if column.there[i]:
            start, end = column.offsets[i], column.offsets[i + 1]
            count = tokenise(column.data, start, end, table, token_keys, tokens, scripts)
            kept[i] = choose(tokens, winnow(tokens, count, shingle_keys), out[i], slots)
    return kept


def shingle_all(column: Texts, table: UnicodeTable, ring: Keyring) -> tuple[Words, Words]:
    """The chosen marks of each text, unsealed: uint64 (n, CAP), and how many of a row count, (n,)."""
    longest = int(np.diff(column.offsets).max(initial=0))
    tokens = np.empty(MOST_TOKENS_PER_BYTE * longest + 64, dtype=np.uint64)
    out = np.zeros((len(column.there), CAP), dtype=np.uint64)
    return out, _shingle_all(column, table, ring.tokens, ring.shingles, tokens, out)
