"""CSV with a header, as databases export it: rows as dicts of text, streaming, bad lines refused alone."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from stillwatch.exchanges.decompress import Limits
from stillwatch.exchanges.documents import line_blocks, peek
from stillwatch.exchanges.encodings import RAW_KEPT, wide_encoding, without_bom, wrong_encoding
from stillwatch.exchanges.json_values import encode
from stillwatch.exchanges.reader import Rejection, Source

_DELIMITERS = ",;\t"
_BOM = "\ufeff"


def header_of(head: bytes) -> list[str]:
    """Return the column names that the first line gives, if it is a CSV header; guesses the delimiter."""
    line = head.split(b"\n", 1)[0].decode("utf-8", "replace").removeprefix(_BOM)
    try:
        return [name.strip() for name in next(csv.reader([line], delimiter=_delimiter(line)), [])]
    except csv.Error:
        return []


def _delimiter(line: str) -> str:
    return max(_DELIMITERS, key=line.count)


def csv_rows(
    source: Source, limits: Limits | None = None
) -> Iterator[tuple[int, dict[str, str], bytes] | Rejection]:
    """Yield (line, cells by column, the row as JSON) of each row; empty cells are left out.

    A row that is no CSV, or has more cells than the header, is a Rejection.
    """
    limits = limits or Limits()
    first, pieces = peek(source.chunks())
    wide = wide_encoding(first)
    if wide:
        yield wrong_encoding(source.name, wide, first)
        return
    header = header_of(first)
    refused: list[Rejection] = []
    csv.field_size_limit(min(limits.document_bytes, (1 << 31) - 1))
    lines = _text_lines(source.name, pieces, limits, refused)
    table = csv.reader(
        lines, delimiter=_delimiter(first.split(b"\n", 1)[0].decode("utf-8", "replace")), strict=True
    )
    next(table, None)
    while True:
        line = table.line_num + 1
        try:
            cells = next(table)
        except StopIteration:
            break
        except csv.Error as error:
            yield Rejection(source.name, line, None, f"not CSV: {error}; quote the cell", b"")
            continue
        named = {name: cell for name, cell in zip(header, cells, strict=False) if cell != ""}
        if len(cells) > len(header):
            reason = f"has {len(cells)} cells, the header {len(header)}; quote cells that hold the delimiter"
            yield Rejection(source.name, line, None, reason, encode(cells)[:RAW_KEPT])
        elif cells:
            yield line, named, encode(named)
    yield from refused


def _text_lines(
    file: str, pieces: Iterator[bytes], limits: Limits, refused: list[Rejection]
) -> Iterator[str]:
    for block in line_blocks(file, without_bom(pieces), limits):
        if isinstance(block, Rejection):
            refused.append(block)
            continue
        for line in block.data.splitlines(keepends=True):
            yield line.decode("utf-8", "replace")
