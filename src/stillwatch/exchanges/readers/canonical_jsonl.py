"""Canonical JSON Lines: one exchange a line, fields named as in the schema.

Blocks of lines go through pyarrow's JSON parser with the schema given, no Python loop over exchanges. A
block with anything irregular in it is cut into pieces, and the pieces that are irregular are read by the
strict path, one document at a time, which alone decides what is rejected and why. One difference is
meant: what stands in columns that the schema does not have is not looked at, however deep it nests.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.json

from stillwatch.exchanges.arrow_checks import instants, instants_of_seconds, regular, with_source
from stillwatch.exchanges.columns import batch_of
from stillwatch.exchanges.decompress import Limits
from stillwatch.exchanges.documents import Block, documents_of_lines, has_lines, line_blocks, peek
from stillwatch.exchanges.encodings import wide_encoding, without_bom
from stillwatch.exchanges.overrides import Overrides
from stillwatch.exchanges.reader import Document, Head, Parsed, Rejection, Source
from stillwatch.exchanges.schema import EXCHANGE_FIELDS, REQUIRED
from stillwatch.exchanges.validate import InvalidRecordError, Row, validate

BLOCK_BYTES = 8 << 20
PIECE_BYTES = 256 << 10
_OPEN, _CLOSE, _BREAK = b"{}\n"

_EPOCH_TIME = re.compile(rb'"time"\s*:\s*\d')


def _parse_options(time: pa.DataType) -> pyarrow.json.ParseOptions:
    written = pa.schema([(field, time if field == "time" else kind) for field, kind in EXCHANGE_FIELDS])
    return pyarrow.json.ParseOptions(explicit_schema=written, unexpected_field_behavior="ignore")


_WITH_TEXT_TIME = _parse_options(pa.string())
_WITH_EPOCH_TIME = _parse_options(pa.float64())


class CanonicalJSONL:
    """Reader of the canonical record as JSON Lines or any other sequence of JSON objects."""

    name = "canonical-jsonl"

    def recognises(self, head: Head) -> bool:
        """Every required field is there by name in most of the first objects, even if null in some."""
        objects = [value for value in head.documents if isinstance(value, dict)]
        known = sum(all(field in value for field in REQUIRED) for value in objects)
        return bool(objects) and 2 * known > len(objects) and not any("request" in o for o in objects)

    def read(self, sources: Sequence[Source]) -> Iterator[Parsed | Rejection]:
        """Yield every object as a record, by the strict path."""
        for source in sources:
            for item in source.documents():
                yield _parsed(source.name, item) if isinstance(item, Document) else item

    def read_batches(
        self, source: Source, overrides: Overrides | None = None
    ) -> Iterator[pa.RecordBatch | Rejection]:
        """Yield the exchanges of one source as batches of EXCHANGE_SCHEMA, in order, fast."""
        limits = getattr(source, "limits", None) or Limits()
        first, pieces = peek(source.chunks())
        if overrides or wide_encoding(first) or not has_lines(first):
            yield from strict_batches(source.name, source.documents(), overrides)
            return
        for block in line_blocks(source.name, without_bom(pieces), limits, BLOCK_BYTES):
            if isinstance(block, Rejection):
                yield block
            else:
                yield from _read_block(source.name, block, limits)


def _parsed(file: str, document: Document) -> Parsed | Rejection:
    if not isinstance(document.value, dict):
        reason = "expected a JSON object, one exchange a line"
        return Rejection(file, document.line, None, reason, document.raw)
    return Parsed(file, document.line, document.value, document.raw)


def _read_block(file: str, block: Block, limits: Limits) -> Iterator[pa.RecordBatch | Rejection]:
    batch = _fast(file, block) if len(block.data) <= limits.document_bytes else None
    if batch is not None:
        yield batch
        return
    pieces = list(_pieces(block))
    for piece in pieces:
        # no line of a piece within the limit can be too long
        batch = _fast(file, piece) if len(pieces) > 1 and len(piece.data) <= limits.document_bytes else None
        if batch is not None:
            yield batch
        else:
            yield from strict_batches(file, documents_of_lines(file, piece, limits))


def _pieces(block: Block) -> Iterator[Block]:
    """Cut a block into pieces of whole lines of about PIECE_BYTES."""
    start, line = 0, block.line
    while start < len(block.data):
        end = block.data.find(b"\n", start + PIECE_BYTES) + 1 or len(block.data)
        piece = Block(line, block.data[start:end])
        yield piece
        start, line = end, line + piece.data.count(b"\n")


def _fast(file: str, block: Block) -> pa.RecordBatch | None:
    """Parse a block with one object a line and nothing irregular; None otherwise."""
    data = block.data
    body = data.replace(b"}\r\n", b"}\n") if b"}\r\n" in data[:1_000_000] else data
    lines = _object_lines(body)
    if lines is None:
        return None
    epoch = _EPOCH_TIME.search(body, 0, body.find(b"\n") + 1 or len(body)) is not None
    try:
        if not body.isascii():
            body.decode("utf-8")  # the parser itself does not look
        table = pyarrow.json.read_json(
            io.BytesIO(body),
            read_options=pyarrow.json.ReadOptions(use_threads=False, block_size=len(body) + 1),
            parse_options=_WITH_EPOCH_TIME if epoch else _WITH_TEXT_TIME,
        )
        columns = _single_chunks(table)
    except (pa.ArrowInvalid, UnicodeDecodeError):
        return None
    if table.num_rows != lines:
        return None
    return _batch(file, block.line, columns, lines)


def _object_lines(body: bytes) -> int | None:
    """Number of lines, if each begins with `{` and ends with `}`; None otherwise."""
    body = body.removesuffix(b"\n")
    if not body.startswith(b"{") or not body.endswith(b"}"):
        return None
    letters = np.frombuffer(body, np.uint8)
    breaks = np.flatnonzero(letters == _BREAK)
    whole = (letters[breaks - 1] == _CLOSE) & (letters[breaks + 1] == _OPEN)
    return len(breaks) + 1 if whole.all() else None


def _single_chunks(table: pa.Table) -> dict[str, pa.Array]:
    columns = {}
    for field, _ in EXCHANGE_FIELDS:
        column = table.column(field).combine_chunks()
        column = column.chunk(0) if isinstance(column, pa.ChunkedArray) else column
        if column.null_count != len(column):
            columns[field] = column
    return columns


def _batch(file: str, line: int, columns: dict[str, pa.Array], rows: int) -> pa.RecordBatch | None:
    time: Any = columns.get("time")
    if time is None or time.null_count:
        return None
    parsed = instants(time) if time.type == pa.string() else instants_of_seconds(time)
    if parsed is None:
        return None
    checked = regular({**columns, "time": parsed}, rows)
    if checked is None:
        return None
    return with_source(checked, file, pa.array(np.arange(line, line + rows, dtype=np.int64)))


def strict_batches(
    file: str, items: Iterator[Document | Rejection], overrides: Overrides | None = None
) -> Iterator[pa.RecordBatch | Rejection]:
    """Validate documents one by one; the definition that the fast path is held to."""
    rows: list[Row] = []
    size = 0
    for item in items:
        parsed = _parsed(file, item) if isinstance(item, Document) else item
        if isinstance(parsed, Rejection):
            yield parsed
            continue
        try:
            record = overrides.apply(parsed.record, parsed.record) if overrides else parsed.record
            row = validate(record)
        except InvalidRecordError as error:
            yield Rejection(file, parsed.line, error.field, error.reason, parsed.raw)
            continue
        rows.append({**row, "source_file": file, "source_line": parsed.line})
        size += len(parsed.raw)
        if size >= BLOCK_BYTES:
            yield batch_of(rows)
            rows, size = [], 0
    if rows:
        yield batch_of(rows)


READER = CanonicalJSONL()
