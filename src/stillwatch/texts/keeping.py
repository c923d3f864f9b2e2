"""Keeping the text of a scan while it is read: streaming, in bounded memory, and only if asked."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.settings import Problem, SettingsError, TextSettings
from stillwatch.sketches import Secret
from stillwatch.sketches.buffers import keys
from stillwatch.sketches.columns import text_keys
from stillwatch.sketches.keyring import Purpose, keyring
from stillwatch.texts.access import PRIVATE, record_access, wall_clock
from stillwatch.texts.store import KeptText, TextStore, read_texts
from stillwatch.texts.turns import KEPT_SCHEMA, kept_columns

PENDING = 16 << 20  # bytes of text that wait in memory to be written together
ROW_GROUP = 8192
MOST_DAYS = 64  # files open at once; a log of more days has the rest of them in one file
OTHER_DAYS = "other-days"
_DAY = 24 * 3600 * 1_000_000  # microseconds


class Keeping:
    """What becomes of text in one scan: dropped by default, kept where the settings say for how many days.

    A context manager: what is past its time goes on entering; on leaving, the text of the scan is put in its
    place whole, or removed where the scan failed. Without retention and without kept text in the state
    directory, it makes nothing and does not look at the clock.
    """

    def __init__(
        self, settings: TextSettings, state: Path | None, clock: Callable[[], datetime] = wall_clock
    ) -> None:
        """Raises SettingsError where text is to be kept and no state directory says where."""
        self.days = settings.retention_days
        if self.days and state is None:
            raise SettingsError([_HOMELESS])
        self.store = TextStore(state, clock) if state is not None else None
        self._limit = stated_days(settings)
        self._files = _DayFiles()
        self._begun: datetime | None = None
        self._partial: Path | None = None
        self._lock = -1

    def __enter__(self) -> Keeping:
        if self.store is not None:
            self.store.expire(self._limit)
            self._begun = self.store.clock() if self.days else None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._partial is None or self.store is None or self._begun is None:
            return
        try:
            if kind is None:
                self._files.close()
                self.store.keep(self._partial, self._begun, self.days)
            else:
                self._files.abandon()
        finally:
            shutil.rmtree(self._partial, ignore_errors=True)  # no longer there once it is in its place
            os.close(self._lock)
            self._partial = None

    @property
    def on(self) -> bool:
        """Whether this scan keeps text and has met any."""
        return self._partial is not None

    def add(self, batch: pa.RecordBatch, secret: Secret) -> None:
        """Keep the text of a batch of EXCHANGE_SCHEMA; do nothing where none is kept."""
        if not self.days or self.store is None or batch.num_rows == 0:
            return
        if self._partial is None:
            self._partial, self._lock = self.store.partial()
            self._files.folder = self._partial
        found = text_keys(batch.column("exchange_id"), keyring(secret), Purpose.EXCHANGE)
        self._files.add(kept_columns(batch, keys(*found)))

    def read(self, exchange_ids: Sequence[str], why: str) -> dict[str, KeptText]:
        """Return the texts of exchanges of this scan by id, after writing so to the access log.

        Ends the keeping: nothing can be added any more.
        """
        if self._partial is None or self.store is None or not exchange_ids:
            return {}
        self._files.close()
        record_access(self.store.folder, self.store.clock(), "scan", why, exchange_ids)
        return {text.exchange_id: text for text in read_texts(self._partial, exchange_ids)}


def stated_days(settings: TextSettings) -> int | None:
    """Return the retention that somebody stated, 0 included; None where it is merely the default.

    Silence leaves text that an earlier scan kept until the time set then; a stated number holds for it too.
    """
    return settings.retention_days if "retention_days" in settings.model_fields_set else None


_HOMELESS = Problem(
    "--keep-text",
    "text.retention_days",
    "text is kept in the state directory, and none is named",
    "add --state DIR (or run.state_dir), or keep no text: --keep-text 0",
)


class _DayFiles:
    """One Parquet file an event-day in a folder, written in row groups as they fill."""

    def __init__(self) -> None:
        self.folder = Path()
        self._writers: dict[str, tuple[pq.ParquetWriter, BinaryIO]] = {}
        self._waiting: dict[str, list[pa.Table]] = {}
        self._bytes = 0
        self._closed = False

    def add(self, table: pa.Table) -> None:
        """Take in rows of KEPT_SCHEMA; write what waits once it is too much."""
        assert not self._closed
        for day, rows in _by_day(table):
            self._waiting.setdefault(day, []).append(rows)
        self._bytes += table.nbytes
        if self._bytes > PENDING:
            self._write()

    def close(self) -> None:
        """Write what waits and finish the files; again, it does nothing."""
        if not self._closed:
            self._write()
        self._closed = True
        while self._writers:
            _day, (writer, file) = self._writers.popitem()
            writer.close()
            file.close()

    def abandon(self) -> None:
        """Let go of the files, whole or not."""
        self._closed = True
        for writer, file in self._writers.values():
            with suppress(OSError):
                writer.close()
            with suppress(OSError):
                file.close()

    def _write(self) -> None:
        for day, tables in sorted(self._waiting.items()):
            rows = pa.concat_tables(tables)
            group = min(ROW_GROUP, max(1, len(rows) * PENDING // max(rows.nbytes, 1)))
            # not `write_batch`: it holds rows back until a million are there
            self._writer(day).write_table(rows, row_group_size=group)
        self._waiting, self._bytes = {}, 0

    def _writer(self, day: str) -> pq.ParquetWriter:
        name = day if day in self._writers or len(self._writers) < MOST_DAYS else OTHER_DAYS
        if name not in self._writers:
            number = os.open(self.folder / f"{name}.parquet", os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
            file = os.fdopen(number, "wb")
            self._writers[name] = (pq.ParquetWriter(file, KEPT_SCHEMA, compression="zstd"), file)
        return self._writers[name][0]


def _by_day(table: pa.Table) -> list[tuple[str, pa.Table]]:
    """Return the rows of each event-day (UTC), in their order."""
    days = table["time"].cast(pa.int64()).to_numpy() // _DAY
    if days.min() == days.max():
        return [(str(np.datetime64(int(days[0]), "D")), table)]
    order = np.argsort(days, kind="stable")
    ordered, days = table.take(pa.array(order)), days[order]
    starts = [0, *(np.flatnonzero(np.diff(days)) + 1).tolist()]
    lengths = np.diff([*starts, len(days)]).tolist()
    return [
        (str(np.datetime64(int(days[a]), "D")), ordered.slice(a, n))
        for a, n in zip(starts, lengths, strict=True)
    ]
