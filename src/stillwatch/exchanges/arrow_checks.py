"""The vectorised twin of `validate`: check and normalise whole columns that already have their types.

`regular` answers either with a batch that is exactly what `validate` would have made of each row, or with
None if any row needs the strict path, be it for a mistake or for a reading that only `validate` knows.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.exchanges.convert import LATEST_SECONDS, TIME_PATTERN, UNKNOWN
from stillwatch.exchanges.schema import EXCHANGE_FIELDS, EXCHANGE_SCHEMA, INSTANT, REQUIRED
from stillwatch.exchanges.validate import FREE_TEXT, NOT_NEGATIVE, ROLES, ZERO_IS_MISSING

_UNKNOWN = pa.array(sorted(UNKNOWN), pa.string())
_EMPTY = pa.array([""], pa.string())
_ROLES = pa.array(ROLES, pa.string())
_LATEST = pa.scalar(LATEST_SECONDS * 1_000_000, pa.int64())


def instants(text: pa.Array) -> pa.Array | None:
    """Parse RFC 3339 text with offsets to UTC microseconds; None if any value is not just that."""
    if not pc.all(pc.match_substring_regex(text, TIME_PATTERN), min_count=0).as_py():
        return None
    try:
        return pc.cast(text, INSTANT)
    except pa.ArrowInvalid:
        pass
    try:  # more than six digits of a second, as Go writes them: the rest is cut, as `validate` does
        return pc.cast(pc.replace_substring_regex(text, r"(\.\d{6})\d+", r"\1"), INSTANT)
    except pa.ArrowInvalid:
        return None


def instants_of_seconds(seconds: pa.Array) -> pa.Array | None:
    """Turn epoch seconds (float64) into UTC microseconds; None if any is outside 1970 to 2100."""
    inside = pc.and_(pc.greater_equal(seconds, 0), pc.less(seconds, float(LATEST_SECONDS)))
    if not pc.all(inside, min_count=0).as_py():
        return None
    micros = pc.round(pc.multiply(seconds, 1e6), round_mode="half_to_even")
    return micros.cast(pa.int64()).cast(pa.timestamp("us")).cast(INSTANT)


def regular(columns: dict[str, pa.Array], rows: int) -> list[pa.Array] | None:
    """Normalise typed exchange columns to schema order, without the source fields.

    None if any row is irregular.
    """
    checked = []
    for field, kind in EXCHANGE_FIELDS:
        column = columns.get(field)
        if column is None or column.null_count == rows:
            if field in REQUIRED and rows:
                return None
            checked.append(pa.nulls(rows, kind))
            continue
        good = _checked(field, kind, column)
        if good is None or (field in REQUIRED and good.null_count):
            return None
        checked.append(good)
    return checked


def _checked(field: str, kind: pa.DataType, column: pa.Array) -> pa.Array | None:
    if pa.types.is_string(kind):
        return _without(column, _EMPTY if field in FREE_TEXT else _UNKNOWN)
    if pa.types.is_timestamp(kind):
        return column if _between(column.cast(pa.int64()), 0, _LATEST) else None
    if pa.types.is_floating(kind) or pa.types.is_integer(kind):
        return _number(field, column)
    if pa.types.is_list(kind):
        return column if _regular_list(field, column) else None
    return column


def _without(column: pa.Array, missing: pa.Array) -> pa.Array:
    is_missing = pc.is_in(column, missing)
    if not pc.any(is_missing, min_count=0).as_py():
        return column
    return pc.if_else(is_missing, pa.scalar(None, column.type), column)


def _between(column: pa.Array, low: int, end: pa.Scalar) -> bool:
    edges = pc.min_max(column)
    return bool(edges["min"].as_py() >= low and edges["max"].as_py() < end.as_py())


def _number(field: str, column: pa.Array) -> pa.Array | None:
    if pa.types.is_floating(column.type) and not pc.all(pc.is_finite(column), min_count=0).as_py():
        return None
    if field in NOT_NEGATIVE and pc.min(column).as_py() < 0:
        return None
    if field in ZERO_IS_MISSING and pc.any(pc.equal(column, 0), min_count=0).as_py():
        return None
    return column


def _regular_list(field: str, column: pa.Array) -> bool:
    items = pc.list_flatten(column)
    if items.null_count:
        return False
    if field == "messages":
        roles = pc.struct_field(items, "role")
        return bool(pc.all(pc.is_in(roles, _ROLES), min_count=0).as_py())
    if field == "layers":
        return not _any_unknown(pc.struct_field(items, "author"))
    return True


def _any_unknown(column: pa.Array) -> bool:
    return bool(pc.any(pc.is_in(column, _UNKNOWN), min_count=0).as_py())


def with_source(columns: list[pa.Array], file: str, lines: pa.Array) -> pa.RecordBatch:
    """Complete exchange columns to a batch of EXCHANGE_SCHEMA; `lines` is int64, the line of each row."""
    name = pa.repeat(pa.scalar(file, pa.string()), len(lines))
    return pa.RecordBatch.from_arrays([*columns, name, lines], schema=EXCHANGE_SCHEMA)
