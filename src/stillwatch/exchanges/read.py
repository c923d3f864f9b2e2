"""Read exchanges: inputs in, canonical Arrow batches out, every row either in a batch or a dead letter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.exchanges.columns import RowGatherer, rebatched
from stillwatch.exchanges.dead_letters import DeadLetters
from stillwatch.exchanges.decompress import Limits
from stillwatch.exchanges.detect import ignored_columns, is_empty, reader_named, recognise, unrecognised
from stillwatch.exchanges.errors import DamagedSourceError, ReadError
from stillwatch.exchanges.json_values import NotJSONError, decode
from stillwatch.exchanges.overrides import Overrides, parse_overrides
from stillwatch.exchanges.reader import Parsed, Reader, Rejection
from stillwatch.exchanges.schema import INSTANT, REQUIRED
from stillwatch.exchanges.sources import FileSource, expand
from stillwatch.exchanges.validate import InvalidRecordError, validate

Inputs = str | Path | Sequence[str | Path]


@runtime_checkable
class BatchReader(Protocol):
    """A reader that makes canonical batches itself, without a Python loop over exchanges."""

    def read_batches(
        self, source: FileSource, overrides: Overrides
    ) -> Iterator[pa.RecordBatch | Rejection]: ...


@dataclass(slots=True)
class FileCount:
    """What became of one file: rows given, rejected, and outside `since`/`until`; bytes on disk.

    `ignored` names the columns of a canonical file that the schema does not have, as far as its head shows.
    """

    format: str | None
    bytes: int = 0
    rows: int = 0
    rejected: int = 0
    outside: int = 0
    ignored: tuple[str, ...] = ()


@dataclass(slots=True)
class ReadLog:
    """What was read, by file; complete once the iterator of `read_exchanges` is exhausted."""

    files: dict[str, FileCount] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Exchanges given."""
        return sum(f.rows for f in self.files.values())

    @property
    def rejected(self) -> int:
        """Rows that became dead letters."""
        return sum(f.rejected for f in self.files.values())

    @property
    def outside(self) -> int:
        """Exchanges left out by `since` or `until`."""
        return sum(f.outside for f in self.files.values())

    @property
    def bytes(self) -> int:
        """Size of the inputs on disk."""
        return sum(f.bytes for f in self.files.values())


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a read has come: bytes as on disk, and exchanges given."""

    file: str
    bytes_read: int
    bytes_total: int
    rows: int


def read_exchanges(
    inputs: Inputs,
    *,
    dead_letters: DeadLetters,
    mapping: Mapping[str, str] | None = None,
    constants: Mapping[str, Any] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    batch_rows: int = 16_384,
    format: str | None = None,
    progress: Callable[[Progress], None] | None = None,
    log: ReadLog | None = None,
    limits: Limits | None = None,
) -> Iterator[pa.RecordBatch]:
    """Yield the exchanges of the inputs as batches of EXCHANGE_SCHEMA, streaming, in bounded memory.

    `inputs` are files, directories (recursively, in sorted order), globs, or `-` for standard input; each
    file's format is recognised by its content unless `format` names one. `mapping` and `constants` are
    `--map FIELD=PATH` and `--set FIELD=VALUE`. `since` (inclusive) and `until` (exclusive) are instants with
    an offset. Rows that cannot be exchanges go to `dead_letters`; counts by file are in `log` at the end.

    Batches have up to `batch_rows` rows, fewer where rows are large. Repeated deliveries are not removed
    here. Raises ReadError if an input does not exist, a file named by itself has no known format, or an
    option is wrong.
    """
    reading = _Reading(dead_letters, log or ReadLog(), parse_overrides(mapping, constants), progress)
    window = _window(since, until)
    chosen = reader_named(format) if format else None
    found = expand([inputs] if isinstance(inputs, str | Path) else inputs, limits)

    def batches() -> Iterator[pa.RecordBatch]:
        with found:
            for batch in reading.all_batches(found.sources, chosen, batch_rows):
                yield from reading.within(batch, window)

    return reading.reported(rebatched(batches(), batch_rows))


def _window(since: datetime | None, until: datetime | None) -> tuple[datetime | None, datetime | None]:
    for name, instant in (("since", since), ("until", until)):
        if instant is not None and instant.tzinfo is None:
            raise ReadError(
                f"{name} {instant.isoformat()}: expected a time with an offset; append Z if it is UTC"
            )
    return since, until


class _Reading:
    """One call of `read_exchanges`."""

    def __init__(
        self,
        dead_letters: DeadLetters,
        log: ReadLog,
        overrides: Overrides,
        progress: Callable[[Progress], None] | None,
    ) -> None:
        self.dead_letters = dead_letters
        self.log = log
        self.overrides = overrides
        self.progress = progress
        self.current: FileSource | None = None
        self.finished_bytes = 0
        self.total_bytes = 0

    def all_batches(
        self, sources: list[FileSource], chosen: Reader | None, batch_rows: int
    ) -> Iterator[pa.RecordBatch]:
        """Group the sources by format, in the order of first appearance, and read each group."""
        groups: dict[str, tuple[Reader, list[FileSource]]] = {}
        for source in sources:
            reader = self._reader_of(source, chosen)
            if reader is not None:
                groups.setdefault(reader.name, (reader, []))[1].append(source)
        self.total_bytes = self.log.bytes
        for reader, group in groups.values():
            if isinstance(reader, BatchReader):
                for source in group:
                    self.current = source
                    yield from self._good(reader.read_batches(source, self.overrides))
                    self.finished_bytes += self.log.files[source.name].bytes
            else:
                yield from self._good(self._validated(reader, group, batch_rows))
                self.finished_bytes += sum(self.log.files[s.name].bytes for s in group)

    def _reader_of(self, source: FileSource, chosen: Reader | None) -> Reader | None:
        count = self.log.files[source.name] = FileCount(None)
        try:
            count.bytes = source.size()
            source.magic()
        except OSError as error:
            self.reject(
                Rejection(source.name, 0, None, f"cannot be read: {error.strerror}; check its rights", b"")
            )
            return None
        except DamagedSourceError as error:
            self.reject(Rejection(source.name, 0, None, str(error), b""))
            return None
        reader = chosen or recognise(source) or self._canonical_by_overrides(source)
        if reader is None and not is_empty(source):
            self._refuse_unknown(source)
        if reader is not None:
            count.format = reader.name
            mapped = {str(path[0]) for path in self.overrides.paths.values()}
            count.ignored = tuple(n for n in ignored_columns(source, reader.name) if n not in mapped)
        return reader

    def _canonical_by_overrides(self, source: FileSource) -> Reader | None:
        """A log in one's own format becomes canonical when --map and --set give what is required."""
        objects = [d for d in source.head().documents if isinstance(d, dict)]
        given = self.overrides.paths.keys() | self.overrides.constants.keys()
        if objects and all(f in given or any(f in o for o in objects) for f in REQUIRED):
            return reader_named("canonical-jsonl")
        return None

    def _refuse_unknown(self, source: FileSource) -> None:
        first = next((d for d in source.documents()), None) if not source.head().documents else None
        reason = unrecognised(source)
        if isinstance(first, Rejection):  # nothing in it can be decoded: that says more than the keys
            reason = f"{first.reason}; {reason}"
        if source.sought:
            raise ReadError(f"{source.name}: {reason}")
        self.reject(Rejection(source.name, 0, None, reason, source.head().data[:200]))

    def reject(self, rejection: Rejection) -> None:
        self.dead_letters.add(rejection)
        self.log.files.setdefault(rejection.file, FileCount(None)).rejected += 1

    def _good(self, items: Iterable[pa.RecordBatch | Rejection]) -> Iterator[pa.RecordBatch]:
        for item in items:
            if isinstance(item, Rejection):
                self.reject(item)
            else:
                yield item

    def _validated(
        self, reader: Reader, sources: list[FileSource], batch_rows: int
    ) -> Iterator[pa.RecordBatch | Rejection]:
        gatherer = RowGatherer(batch_rows)
        try:
            for item in reader.read(sources):
                if isinstance(item, Rejection):
                    yield item
                    continue
                row = self._row(item)
                if isinstance(row, Rejection):
                    yield row
                    continue
                batch = gatherer.add(row, item.file, item.line, len(item.raw))
                if batch is not None:
                    yield batch
        except DamagedSourceError as error:
            yield Rejection(sources[0].name, 0, None, str(error), b"")
        except ImportError as error:  # the reader needs an extra that is not installed, and says which
            raise ReadError(f"{sources[0].name}: {error}") from None
        last = gatherer.flush()
        if last is not None:
            yield last

    def _row(self, parsed: Parsed) -> dict[str, Any] | Rejection:
        record = parsed.record
        try:
            if self.overrides:
                document = decode(parsed.raw) if self.overrides.paths else None
                record = self.overrides.apply(record, document)
            return validate(record)
        except NotJSONError as error:
            reason = f"--map needs a JSON document, which this is not ({error})"
            return Rejection(parsed.file, parsed.line, None, reason, parsed.raw)
        except InvalidRecordError as error:
            return Rejection(parsed.file, parsed.line, error.field, error.reason, parsed.raw)

    def within(
        self, batch: pa.RecordBatch, window: tuple[datetime | None, datetime | None]
    ) -> Iterator[pa.RecordBatch]:
        """Keep the rows of the time window, and count by file."""
        since, until = window
        kept = batch
        if since is not None:
            kept = kept.filter(pc.greater_equal(kept["time"], pa.scalar(since, INSTANT)))
        if until is not None:
            kept = kept.filter(pc.less(kept["time"], pa.scalar(until, INSTANT)))
        for part, counted in ((batch, "outside"), (kept, "rows")):
            for entry in pc.value_counts(part["source_file"]).to_pylist():
                count = self.log.files.setdefault(entry["values"], FileCount(None))
                setattr(count, counted, getattr(count, counted) + entry["counts"])
                if counted == "rows":
                    count.outside -= entry["counts"]
        if len(kept):
            yield kept

    def reported(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            if self.progress is not None:
                self.progress(self._progress())
            yield batch
        if self.progress is not None:
            self.progress(self._progress())

    def _progress(self) -> Progress:
        inside = self.current.bytes_read if self.current is not None else 0
        name = self.current.name if self.current is not None else ""
        done = min(self.finished_bytes + inside, self.total_bytes)
        return Progress(name, done, self.total_bytes, self.log.rows)
