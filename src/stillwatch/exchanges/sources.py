"""Inputs as people name them (files, globs, directories, `-`) become sources: opened, decompressed."""

from __future__ import annotations

import glob
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from stillwatch.exchanges.decompress import Limits, decompressed
from stillwatch.exchanges.documents import HEAD_BYTES, documents, peek
from stillwatch.exchanges.errors import DamagedSourceError, ReadError
from stillwatch.exchanges.reader import Document, Head, Rejection

STDIN = "-"
_HEAD_DOCUMENTS = 20
_HEAD_REJECTIONS = 50  # this many refusals and no value: no JSON, stop looking


class FileSource:
    """One file, read afresh at each call; implements `reader.Source`.

    `name` is what people are shown, `path` where the bytes are (they differ for standard input),
    `sought` whether it was named itself rather than met in a directory.
    """

    def __init__(
        self, path: Path, *, name: str | None = None, sought: bool = True, limits: Limits | None = None
    ) -> None:
        self.path = path
        self.name = name or str(path)
        self.sought = sought
        self.limits = limits or Limits()
        self.bytes_read = 0  # compressed bytes taken by the latest pass, for progress
        self._head: Head | None = None

    def size(self) -> int:
        """Size on disk in bytes."""
        return self.path.stat().st_size

    def magic(self) -> bytes:
        """Return the first 16 bytes as they are on disk."""
        with self._open() as raw:
            return raw.read(16)

    def head(self) -> Head:
        """Return the beginning of the source; what cannot be decompressed simply ends it."""
        if self._head is None:
            data, _ = peek(self.chunks())
            self._head = Head(data[:HEAD_BYTES], tuple(self._first_values()))
        return self._head

    def _first_values(self) -> Iterator[object]:
        found = refused = 0
        pieces = self._beginning(lambda: found > 0)
        for item in documents(self.name, pieces, self.limits):
            if isinstance(item, Document):
                found += 1
                yield item.value
            else:
                refused += 1
            if found >= _HEAD_DOCUMENTS or (not found and refused >= _HEAD_REJECTIONS):
                return

    def _beginning(self, satisfied: Callable[[], bool]) -> Iterator[bytes]:
        """Yield the head, and as much more as one document may take if none was found in it."""
        taken = 0
        for piece in self.chunks():
            yield piece
            taken += len(piece)
            if taken > HEAD_BYTES + (0 if satisfied() else self.limits.document_bytes):
                return

    def chunks(self, size: int = 1 << 20) -> Iterator[bytes]:
        """Yield the decompressed bytes, in pieces of at most `size` unless a piece decompressed to more.

        Raises DamagedSourceError after the last good byte of a truncated or corrupt stream.
        """
        self.bytes_read = 0
        with self._open() as raw:
            for piece in decompressed(raw, self.limits):
                self.bytes_read = raw.tell()
                if len(piece) <= size:
                    yield piece
                else:
                    yield from (piece[i : i + size] for i in range(0, len(piece), size))

    def documents(self) -> Iterator[Document | Rejection]:
        """Yield the JSON values, streaming; a line that is no JSON, too long or too deep is a Rejection."""
        return documents(self.name, self.chunks(), self.limits)

    def _open(self) -> BinaryIO:
        try:
            return self.path.open("rb")
        except OSError as error:
            raise DamagedSourceError(
                f"cannot be opened: {error.strerror}; check the path and its rights"
            ) from None


@dataclass
class Inputs:
    """The sources that the inputs of a command stand for. Use as a context: it removes the spool of stdin."""

    sources: list[FileSource] = field(default_factory=list)
    _spools: list[Path] = field(default_factory=list)

    def __enter__(self) -> Inputs:
        return self

    def __exit__(self, *_: object) -> None:
        for spool in self._spools:
            spool.unlink(missing_ok=True)


def expand(inputs: Iterable[str | Path], limits: Limits | None = None) -> Inputs:
    """Turn files, globs, directories (recursively, sorted) and `-` into sources, each file once.

    Raises ReadError for an input that does not exist or stands for no file.
    """
    found = Inputs()
    seen: set[Path] = set()
    for given in inputs:
        for path, sought in _files(given):
            real = path.resolve()
            if real not in seen:
                seen.add(real)
                found.sources.append(FileSource(path, sought=sought, limits=limits))
        if str(given) == STDIN:
            spool = _spool(sys.stdin.buffer)
            found._spools.append(spool)
            found.sources.append(FileSource(spool, name="<stdin>", limits=limits))
    if not found.sources:
        raise ReadError("no input: name log files, directories, globs, or `-` for standard input")
    return found


def _files(given: str | Path) -> list[tuple[Path, bool]]:
    if str(given) == STDIN:
        return []
    path = Path(given).expanduser()
    if path.is_dir():
        inside = sorted(p for p in path.rglob("*") if p.is_file() and not _hidden(p.relative_to(path)))
        if not inside:
            raise ReadError(f"{path}: the directory holds no files")
        return [(p, False) for p in inside]
    if path.exists():
        return [(path, True)]
    matches = sorted(Path(p) for p in glob.glob(str(path), recursive=True))  # noqa: PTH207
    if not matches:
        raise ReadError(f"{given}: no such file, directory or glob match; check the path")
    return [
        (p, sought)
        for match in matches
        for p, sought in (_files(match) if match.is_dir() else [(match, False)])
    ]


def _hidden(relative: Path) -> bool:
    # Engines leave `_SUCCESS`, `.crc` and `_delta_log` beside their data; none of them is a log.
    return any(part.startswith((".", "_")) for part in relative.parts)


def _spool(stream: BinaryIO) -> Path:
    with tempfile.NamedTemporaryFile(prefix="stillwatch-stdin-", delete=False) as file:
        while piece := stream.read(1 << 20):
            file.write(piece)
    return Path(file.name)
