"""A log file in memory, as readers see one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from stillwatch.exchanges.reader import Document, Head, Parsed, Reader, Record, Rejection


class LogFile:
    """A source of these JSON values, one a line."""

    def __init__(self, *values: Any, name: str = "log.jsonl") -> None:
        self.name = name
        self._values = values
        self._lines = [json.dumps(value).encode() for value in values]

    def head(self) -> Head:
        return Head(b"\n".join(self._lines), tuple(self._values[:20]))

    def chunks(self, size: int = 1 << 20) -> Iterator[bytes]:
        yield b"\n".join(self._lines)

    def documents(self) -> Iterator[Document | Rejection]:
        for line, (value, raw) in enumerate(zip(self._values, self._lines, strict=True), start=1):
            yield Document(line, value, raw)


def records(reader: Reader, *files: LogFile) -> list[Record]:
    """The records of the files, none of which may be refused."""
    items = list(reader.read(files))
    assert not [item for item in items if isinstance(item, Rejection)]
    return [item.record for item in items if isinstance(item, Parsed)]


def refusals(reader: Reader, *files: LogFile) -> list[Rejection]:
    """What was refused in the files."""
    return [item for item in reader.read(files) if isinstance(item, Rejection)]
