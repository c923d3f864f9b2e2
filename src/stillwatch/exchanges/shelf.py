"""A join by key that fits in bounded memory: rows are laid by on disk, and taken up again key by key.

Formats that split an exchange over rows or files (batch input and output, gateway messages in parts) give
the parts in any order, so all of a source must be read before the first exchange is whole.
"""

from __future__ import annotations

import contextlib
import itertools
import sqlite3
from collections.abc import Iterator
from types import TracebackType

_CACHE_KIB = 64 * 1024  # pages that SQLite keeps in memory before they go to the temporary file
_ROWS_A_WRITE = 1000
_BYTES_A_WRITE = 16 << 20


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Say what to do where SQLite says that it cannot write."""
    try:
        yield
    except sqlite3.OperationalError as error:
        advice = "make room for temporary files, or name another directory in SQLITE_TMPDIR"
        raise OSError(f"rows cannot be laid by on disk ({error}); {advice}") from error


class Shelf:
    """Values laid by under keys, in a private temporary file that is gone when the shelf is closed.

    SQLite keeps the file in its temporary directory (`SQLITE_TMPDIR`, else `TMPDIR`), unlinked from the
    start, so nothing of it is left behind however the process ends. Values stay as bytes.

    >>> with Shelf() as shelf:
    ...     shelf.put("b", b"1"); shelf.put("a", b"2"); shelf.put("b", b"3")
    ...     list(shelf.groups())
    [('a', [b'2']), ('b', [b'1', b'3'])]
    """

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)  # "": a temporary database on disk
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("PRAGMA synchronous = OFF")
        self._database.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        self._database.execute("CREATE TABLE shelf (place INTEGER PRIMARY KEY, key BLOB, value BLOB)")
        self._pending: list[tuple[bytes, bytes]] = []
        self._pending_bytes = 0

    def put(self, key: str, value: bytes) -> None:
        """Lay a value by under a key. Raises `OSError` where the disk has no room for it."""
        self._pending.append((key.encode("utf-8", "surrogatepass"), value))
        self._pending_bytes += len(value)
        if len(self._pending) >= _ROWS_A_WRITE or self._pending_bytes >= _BYTES_A_WRITE:
            self._write()

    def _write(self) -> None:
        with _told():
            self._database.execute("BEGIN")
            self._database.executemany("INSERT INTO shelf (key, value) VALUES (?, ?)", self._pending)
            self._database.execute("COMMIT")
        self._pending, self._pending_bytes = [], 0

    def groups(self) -> Iterator[tuple[str, list[bytes]]]:
        """Yield each key with its values in the order laid by; keys in byte order, whatever came first.

        One group is in memory at a time. Sorting moves keys and places only; the values are fetched.
        """
        self._write()
        with _told():
            self._database.execute("CREATE INDEX IF NOT EXISTS by_key ON shelf (key, place)")
        rows = self._database.execute("SELECT key, value FROM shelf ORDER BY key, place")
        for key, group in itertools.groupby(rows, key=lambda row: row[0]):
            yield key.decode("utf-8", "surrogatepass"), [value for _, value in group]

    def close(self) -> None:
        """Give the disk space back."""
        self._database.close()

    def __enter__(self) -> Shelf:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
