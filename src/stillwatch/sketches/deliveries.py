"""Which exchanges were delivered before: exact repeats are dropped, the same id with other content refused.

The state is what an LSM tree keeps: sorted runs of (id key, content key), 16 bytes an exchange, looked up
by binary search and merged when neighbours are of like size. Runs beyond the memory budget are merged into
memory-mapped temporary files, so that memory stays bounded however many exchanges go through.
"""

from __future__ import annotations

import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from stillwatch.exchanges.schema import SOURCE_FIELDS
from stillwatch.sketches.buffers import Flags, Ints, Words, column
from stillwatch.sketches.columns import content_words, hash_words, seals, text_keys
from stillwatch.sketches.keyring import Keyring, Purpose, keyring
from stillwatch.sketches.secret import Secret

ENTRY_BYTES = 16
MEMORY = 256 << 20  # bytes
MERGE_CHUNK = 1 << 20  # entries read at a time when runs on disk are merged
_WHERE_FROM = frozenset(name for name, _ in SOURCE_FIELDS)


class Run(NamedTuple):
    """Distinct id keys in ascending order, and the content key of each."""

    ids: Ints
    contents: Ints


@dataclass(frozen=True, slots=True)
class Admitted:
    """What became of a batch."""

    batch: pa.RecordBatch  # rows seen for the first time, in their order
    repeats: int  # rows dropped: the same id and the same content as one before
    conflicts: pa.RecordBatch  # rows refused: the id of one before, with other content


class Deliveries:
    """Filter of repeated deliveries over a stream of batches of EXCHANGE_SCHEMA.

    The first row with an id is admitted, whatever the split into batches; so where contents conflict, the
    order of the rows decides which one stays. Content is every column but `source_file` and `source_line`.
    Ids are compared as keyed 64-bit hashes: among 100 million, two different ones coincide with
    probability below one in 400, and would show as a conflict.

    Use it as a context manager, or call `close`, to remove the temporary files.
    """

    def __init__(
        self, secret: Secret | None = None, memory: int = MEMORY, directory: str | Path | None = None
    ) -> None:
        """Keep at most `memory` bytes of state in memory; spill to a fresh folder under `directory`."""
        # nothing compares these keys between processes, so a random secret will do
        self._ring = keyring(secret or Secret.from_bytes(secrets.token_bytes(32)))
        self._limit = max(1, memory // ENTRY_BYTES)
        self._runs: list[Run] = []
        self._spilled: list[Run] = []
        self._directory = directory
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._files = 0

    def __enter__(self) -> Deliveries:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Forget everything and remove the temporary files."""
        self._runs, self._spilled = [], []
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def __len__(self) -> int:
        """How many different exchanges have been admitted."""
        return sum(len(run.ids) for run in (*self._runs, *self._spilled))

    def admit(self, batch: pa.RecordBatch) -> Admitted:
        """Divide a batch into new rows, repeats (counted) and conflicts."""
        ids, contents = delivery_keys(batch, self._ring)
        order = np.argsort(ids, kind="stable")
        ids, contents = ids[order], contents[order]
        first = np.ones(len(ids), dtype=np.bool_)
        first[1:] = ids[1:] != ids[:-1]
        group = np.cumsum(first) - 1
        known, standing = self._look_up(ids[first])
        standing = np.where(known, standing, contents[first])
        new = first & ~known[group]
        conflict = contents != standing[group]
        self._add(Run(ids[new], contents[new]))
        return _divide(batch, order, new, conflict)

    def _look_up(self, ids: Ints) -> tuple[Flags, Ints]:
        """Which of the sorted ids are known, and their content keys."""
        known = np.zeros(len(ids), dtype=np.bool_)
        contents = np.zeros(len(ids), dtype=np.int64)
        for run in (*self._runs, *self._spilled):
            place = np.searchsorted(run.ids, ids)
            place[place == len(run.ids)] = 0
            hit = run.ids[place] == ids
            known |= hit
            contents[hit] = run.contents[place[hit]]
        return known, contents

    def _add(self, run: Run) -> None:
        if len(run.ids) == 0:
            return
        self._runs.append(run)
        while len(self._runs) > 1 and len(self._runs[-2].ids) < 2 * len(self._runs[-1].ids):
            self._runs.append(_merge(self._runs.pop(), self._runs.pop()))
        if sum(len(r.ids) for r in self._runs) > self._limit:
            self._spill()

    def _spill(self) -> None:
        """Move everything in memory into one run on disk, and merge runs of like size there."""
        run = self._runs.pop()
        while self._runs:
            run = _merge(run, self._runs.pop())
        self._spilled.append(self._write(run))
        while len(self._spilled) > 1 and len(self._spilled[-2].ids) < 2 * len(self._spilled[-1].ids):
            later, earlier = self._spilled.pop(), self._spilled.pop()
            merged = self._fresh(len(later.ids) + len(earlier.ids))
            _merge_into(earlier, later, merged)
            self._spilled.append(merged)
            _remove(earlier)
            _remove(later)

    def _fresh(self, entries: int) -> Run:
        """A writable run on disk."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="stillwatch-deliveries-", dir=self._directory)
        self._files += 1
        table = np.memmap(
            Path(self._folder.name) / f"{self._files}.run", dtype=np.int64, mode="w+", shape=(2, entries)
        )
        return Run(table[0], table[1])

    def _write(self, run: Run) -> Run:
        fresh = self._fresh(len(run.ids))
        fresh.ids[:] = run.ids
        fresh.contents[:] = run.contents
        return fresh


def delivery_keys(batch: pa.RecordBatch, ring: Keyring) -> tuple[Ints, Ints]:
    """(id key, content key) of each row, int64 (n,)."""
    first, second = seals(ring, Purpose.DELIVERY)
    ids, _ = text_keys(column(batch, "exchange_id", pa.string()), ring, Purpose.DELIVERY)
    total = np.full(batch.num_rows, second, dtype=np.uint64)
    for field, array in zip(batch.schema, batch.columns, strict=True):
        if field.name not in _WHERE_FROM:
            words, present = content_words(array, ring)
            total = hash_words(total ^ np.where(present, words, first), second, first)
    return _signed(ids), _signed(total)


def _signed(words: Words) -> Ints:
    return words.view(np.int64)


def _divide(batch: pa.RecordBatch, order: Ints, new: Flags, conflict: Flags) -> Admitted:
    """Cut the batch by flags that are given in sorted order."""
    keep, refuse = np.empty_like(new), np.empty_like(new)
    keep[order], refuse[order] = new, conflict
    kept = batch if keep.all() else batch.filter(pa.array(keep))
    refused = batch.slice(0, 0) if not refuse.any() else batch.filter(pa.array(refuse))
    return Admitted(kept, batch.num_rows - kept.num_rows - refused.num_rows, refused)


def _merge(one: Run, other: Run) -> Run:
    """Merge two runs in memory; timsort finds the two and merges them in linear time."""
    ids = np.concatenate([one.ids, other.ids])
    order = np.argsort(ids, kind="stable")
    return Run(ids[order], np.concatenate([one.contents, other.contents])[order])


def _merge_into(one: Run, other: Run, out: Run) -> None:
    """Merge two runs on disk, a chunk at a time; keys are uniform, so both advance alike."""
    i = j = at = 0
    while i < len(one.ids) or j < len(other.ids):
        i_end = min(i + MERGE_CHUNK, len(one.ids))
        j_end = len(other.ids)
        if i_end < len(one.ids):
            j_end = int(np.searchsorted(other.ids, one.ids[i_end - 1], side="right"))
        part = _merge(
            Run(one.ids[i:i_end], one.contents[i:i_end]), Run(other.ids[j:j_end], other.contents[j:j_end])
        )
        out.ids[at : at + len(part.ids)] = part.ids
        out.contents[at : at + len(part.ids)] = part.contents
        at += len(part.ids)
        i, j = i_end, j_end


def _remove(run: Run) -> None:
    """Unlink a run's file; its memory goes with the last reference."""
    base = run.ids
    if isinstance(base, np.memmap) and base.filename is not None:
        Path(base.filename).unlink()
