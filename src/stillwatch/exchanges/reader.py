"""What a reader is: it recognises its format by content, and turns its documents into canonical records.

A record is a plain dict of canonical field names to plain Python values; `validate` checks and types it
afterwards, so a reader only moves and renames. One reader a file, none importing another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Document:
    """One JSON value of a source: a line of JSON Lines, or an element of a top-level array."""

    line: int  # 1-based; where the value starts
    value: Any
    raw: bytes


@dataclass(frozen=True, slots=True)
class Parsed:
    """One exchange as a reader understood it, not yet validated."""

    file: str
    line: int
    record: Record
    raw: bytes  # of the document it came from, for the dead letter if validation refuses it


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that could not become an exchange: a dead letter."""

    file: str
    line: int
    field: str | None
    reason: str  # says what was expected, what was found, and what to do
    raw: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of a source, decompressed: enough to tell its format."""

    data: bytes  # up to 1 MiB
    documents: tuple[Any, ...]  # the complete JSON values in it, at most 20


class Source(Protocol):
    """One file (or standard input), opened and decompressed by `sources`."""

    name: str

    def head(self) -> Head: ...

    def chunks(self, size: int = 1 << 20) -> Iterator[bytes]:
        """Yield the decompressed bytes."""

    def documents(self) -> Iterator[Document | Rejection]:
        """Yield the JSON values, streaming; a line that is no JSON, too long or too deep is a Rejection."""


class Reader(Protocol):
    """One log format."""

    name: str  # as shown to people, e.g. "bedrock"

    def recognises(self, head: Head) -> bool: ...

    def read(self, sources: Sequence[Source]) -> Iterator[Parsed | Rejection]:
        """Read all sources recognised as this format; formats split over files join them here."""
