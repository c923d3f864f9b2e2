"""Dead letters: every row that could not become an exchange, with file, line, field and reason.

Written beside the results as JSON Lines, `{"file", "line", "field", "reason", "raw"}`, one a rejected row;
counted by class of reason, so that a million bad rows cost no memory.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import orjson

from stillwatch.exchanges.json_values import encode
from stillwatch.exchanges.reader import Rejection

RAW_LIMIT = 4096  # bytes of the refused row that are written
_CLASSES = 200
_SPECIFICS = re.compile(r"[:;(,]|, got| found | such as |'|\"|`")


def reason_class(rejection: Rejection) -> str:
    """Return the short class of a reason: its field, and the words before the particulars.

    >>> reason_class(Rejection("a.jsonl", 3, "time", "expected a time with an offset, got 'x'", b""))
    'time: expected a time with an offset'
    """
    words = re.sub(r"(?<!UTF-)(?<!\d)\d+", "N", _SPECIFICS.split(rejection.reason, maxsplit=1)[0]).strip()[
        :80
    ]
    field = re.sub(r"\[\d+\]", "[]", rejection.field) if rejection.field else None
    return f"{field}: {words}" if field else words


class DeadLetters:
    """Writes and counts rejections. With `path=None` it only counts.

    The file appears under its name when the `with` block ends without an exception, and not before; no file
    is left when nothing was rejected or the block failed.
    """

    def __init__(self, path: str | Path | None = None) -> None:
        self.path = Path(path) if path is not None else None
        self.counts: Counter[str] = Counter()
        self._file: BinaryIO | None = None

    @property
    def total(self) -> int:
        """Number of rejections so far."""
        return self.counts.total()

    def add(self, rejection: Rejection) -> None:
        """Count a rejection and write it, its raw bytes cut at 4 KiB."""
        reason = reason_class(rejection)
        self.counts[reason if reason in self.counts or len(self.counts) < _CLASSES else "other reasons"] += 1
        if self.path is None:
            return
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._partial().open("wb")
        row = {
            "file": _writable(rejection.file),
            "line": rejection.line,
            "field": rejection.field and _writable(rejection.field),
            "reason": _writable(rejection.reason),
            "raw": rejection.raw[:RAW_LIMIT].decode("utf-8", "replace"),
        }
        self._file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))

    def too_many(self, rows: int, share: float) -> bool:
        """Tell whether more than `share` of all rows, `rows` good ones and the rejected, were rejected."""
        return self.total > share * (rows + self.total)

    def __enter__(self) -> DeadLetters:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is None or self.path is None:
            return
        self._file.close()
        self._file = None
        if kind is None:
            self._partial().replace(self.path)
        else:
            self._partial().unlink(missing_ok=True)

    def _partial(self) -> Path:
        assert self.path is not None
        return self.path.with_name(self.path.name + ".partial")


def conflicting(row: dict[str, Any]) -> Rejection:
    """The dead letter of an exchange, as a row of EXCHANGE_SCHEMA, whose id another one has already."""
    reason = (
        "another exchange with this id and other content was read before; "
        "exchange_id must be unique, map another field with --map exchange_id=PATH"
    )
    content = {name: value for name, value in row.items() if value is not None}
    return Rejection(row["source_file"], row["source_line"], "exchange_id", reason, encode(content))


def _writable(text: str) -> str:
    # File names and quoted values may hold bytes that are no Unicode; JSON must not.
    return text.encode("utf-8", "replace").decode("utf-8")
