"""The room where kept text lies: one folder a scan, one Parquet file an event-day, gone when its time is up.

    STATE/text/                                        mode 0700
        access.jsonl                                   who read what, when and why
        kept-20261123T082439Z-20261130T082439Z-1f…/    kept when, until when, which scan
            2026-11-02.parquet                         mode 0600

When text must go stands in the name, so that removing it needs no reading. A scan at work writes into a folder
`.partial-…` that it holds a lock on; one without a holder was left by a killed run, and goes at the next scan.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stillwatch.texts.access import record_access, wall_clock

TEXT_FOLDER = "text"
PRIVATE_FOLDER = 0o700
_PARTIAL = ".partial-"
_STAMP = "%Y%m%dT%H%M%SZ"
_KEPT = re.compile(r"kept-(\d{8}T\d{6}Z)-(\d{8}T\d{6}Z)-[0-9a-f]+")


class TextError(ValueError):
    """Kept text cannot be used; the message says what and where, and what to do."""


@dataclass(frozen=True, slots=True)
class KeptScan:
    """The text of one scan: kept when, until when, in which folder."""

    folder: Path
    kept_at: datetime
    until: datetime

    def due(self, now: datetime, days: int | None) -> bool:
        """Tell whether its time is up: its own, or that of `days` from when it was kept, if that is less.

        No days at all are up at any time, also by a clock that was set back.
        """
        if days is None:
            return now >= self.until
        return days == 0 or now >= min(self.until, self.kept_at + timedelta(days=days))


@dataclass(frozen=True, slots=True)
class KeptText:
    """The text of one exchange."""

    exchange_id: str
    account_id: str
    time: datetime
    system: str | None
    user: str | None  # last user turn
    output: str | None


class TextStore:
    """Kept text under a state directory. Nothing is made until there is text to keep.

    `clock` gives the time by which text expires and accesses are dated, UTC.
    """

    def __init__(self, state: Path, clock: Callable[[], datetime] = wall_clock) -> None:
        self.folder = Path(state) / TEXT_FOLDER
        self.clock = clock

    def scans(self) -> list[KeptScan]:
        """Return what is kept, the latest scan first."""
        found = []
        for path in self.folder.glob("kept-*"):
            if match := _KEPT.fullmatch(path.name):
                kept_at, until = (datetime.strptime(t, _STAMP).replace(tzinfo=UTC) for t in match.groups())
                found.append(KeptScan(path, kept_at, until))
        return sorted(found, key=lambda scan: (scan.kept_at, scan.folder.name), reverse=True)

    def expire(self, days: int | None = None) -> list[KeptScan]:
        """Remove what has been kept long enough, and what killed runs left; return the scans removed.

        Text goes at the time that was set when it was kept, and with `days` also as soon as it is that many
        days old. Raises OSError where it cannot be removed.
        """
        if not self.folder.is_dir():
            return []
        self._sweep()
        now = self.clock()
        due = [scan for scan in self.scans() if scan.due(now, days)]
        for scan in due:
            _remove(scan.folder)
        if due:
            names = [scan.folder.name for scan in due]
            why = "its time was up" if days is None else f"asked to keep none older than {days} days"
            record_access(self.folder, now, "expire", why, removed=names)
        return due

    def find(self, exchange_id: str, why: str) -> KeptText | None:
        """Return the text of an exchange from the latest scan that kept it; None where none did.

        The reading is written to the access log first, with `why`. Raises TextError without a reason.
        """
        if not why.strip():
            raise TextError("kept text is read for a reason\n  fix: say which, as in --why 'case 17'")
        scans = self.scans()
        if not scans:
            return None
        record_access(self.folder, self.clock(), "show", why, [exchange_id])
        for scan in scans:
            for text in read_texts(scan.folder, [exchange_id]):
                return text
        return None

    def partial(self) -> tuple[Path, int]:
        """Make a folder for the text of a scan at work; return it and the lock on it, to be closed."""
        self.folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        self.folder.chmod(PRIVATE_FOLDER)
        partial = self.folder / f"{_PARTIAL}{secrets.token_hex(8)}"
        with _locked(self.folder):  # or it could be swept before it is held
            partial.mkdir(mode=PRIVATE_FOLDER)
            lock = os.open(partial, os.O_RDONLY | os.O_DIRECTORY)
            fcntl.flock(lock, fcntl.LOCK_EX)
        return partial, lock

    def keep(self, partial: Path, kept_at: datetime, days: int) -> KeptScan:
        """Put the text of a finished scan in its place, whole."""
        for path in [*partial.iterdir(), partial]:
            _flush(path)
        until = kept_at + timedelta(days=days)
        name = (
            f"kept-{kept_at.strftime(_STAMP)}-{until.strftime(_STAMP)}-{partial.name.removeprefix(_PARTIAL)}"
        )
        partial.rename(self.folder / name)
        _flush(self.folder)
        return KeptScan(self.folder / name, kept_at, until)

    def _sweep(self) -> None:
        with _locked(self.folder):
            for partial in self.folder.glob(f"{_PARTIAL}*"):
                # held by a scan at work, or gone since
                with suppress(BlockingIOError, FileNotFoundError), _locked(partial, fcntl.LOCK_NB):
                    _remove(partial)


@contextmanager
def _locked(folder: Path, how: int = 0) -> Iterator[None]:
    """Hold the lock of a folder, waiting for it unless `how` is LOCK_NB; it ends with the process."""
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(number, fcntl.LOCK_EX | how)
        yield
    finally:
        os.close(number)


def read_texts(folder: Path, exchange_ids: Sequence[str]) -> Iterator[KeptText]:
    """Yield the texts of exchanges from the files of a scan, a row group in memory at a time.

    It writes no access log: call `record_access` first.
    """
    wanted = pa.array(exchange_ids, pa.string())
    for path in sorted(folder.glob("*.parquet")):
        with pq.ParquetFile(path) as file:
            for group in range(file.num_row_groups):
                ids = file.read_row_group(group, columns=["exchange_id"])["exchange_id"]
                hit = pc.is_in(ids, wanted)
                if pc.any(hit).as_py():
                    names = list(KeptText.__slots__)
                    rows = file.read_row_group(group, columns=names).filter(hit)
                    yield from (KeptText(**row) for row in rows.to_pylist())


def _flush(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _remove(folder: Path) -> None:
    with suppress(FileNotFoundError):  # another scan was quicker
        shutil.rmtree(folder)
