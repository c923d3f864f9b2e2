"""JSON values that a log split over numbered rows, put together again, and what is missing of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from stillwatch.exchanges.json_values import NotJSONError, decode
from stillwatch.exchanges.truncated import read_truncated

_NAMED = 5  # missing parts named in a complaint
_LOOKED_FOR = 10_000  # numbers; no log splits a value into more parts


class Reassembled(NamedTuple):
    """What could be read (None if nothing), and what is wrong with it (None if nothing is)."""

    value: Any
    complaint: str | None


def reassemble(parts: Iterable[tuple[int, Any]], others: Iterable[int]) -> Reassembled:
    """Put the numbered parts of one value together, whatever their order; repeats of a part count once.

    A part is a piece of the value's JSON text, or a list of messages of its own. `others` are the sequence
    numbers of the other rows of the same call: the response counts on from the request, or from 0 or 1.
    Where a part is missing, what comes before it is read.
    """
    held: dict[int, Any] = {}
    complaint = None
    for number, part in parts:
        if held.setdefault(number, part) != part:
            complaint = f"two different parts with SequenceNumber {number}; the first of them is read"
    if not held:
        return Reassembled(None, None)
    numbers = sorted(held)
    ordered = [held[number] for number in numbers]
    gaps = _gaps(numbers)
    # A gap before the first part may be the other side's; JSON that is whole shows that nothing is lost here.
    value = _separate(ordered) if gaps else _joined(ordered)
    if value is not None and not gaps:
        return Reassembled(value, complaint)
    missing = [*_leading(numbers, list(others)), *gaps]
    if value is None:
        value = read_truncated("".join(_before_gap(held, missing)))
    return Reassembled(value, _lost(missing, readable=value is not None))


def _lost(missing: list[int], *, readable: bool) -> str:
    lost = f"SequenceNumber {', '.join(map(str, missing[:_NAMED]))}" if missing else "the end"
    more = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
    read = "what comes before it is read" if readable else "nothing of it can be read"
    return f"a part is missing ({lost}{more}); {read}; export the whole period, with all rows"


def _gaps(numbers: list[int]) -> list[int]:
    """Numbers missing between the first and the last part; one lost at the end shows in the JSON instead."""
    there = set(numbers)
    return [n for n in range(numbers[0], min(numbers[-1], numbers[0] + _LOOKED_FOR)) if n not in there]


def _leading(numbers: list[int], others: list[int]) -> list[int]:
    """Numbers missing before the first part."""
    preceding = max((number for number in others if number < numbers[0]), default=0)
    start = numbers[0] if numbers[0] <= 1 else preceding + 1
    return list(range(start, min(numbers[0], start + _LOOKED_FOR)))


def _before_gap(held: Mapping[int, Any], missing: list[int]) -> list[str]:
    end = missing[0] if missing else max(held) + 1
    return [part for number, part in sorted(held.items()) if number < end and isinstance(part, str)]


def _joined(parts: list[Any]) -> Any:
    """Parts of one JSON text, or parts that are each a list of messages; None if they are neither."""
    if all(isinstance(part, str) for part in parts):
        try:
            return _decoded("".join(parts))
        except NotJSONError:
            pass
    return _separate(parts)


def _separate(parts: list[Any]) -> list[Any] | None:
    found: list[Any] = []
    for part in parts:
        try:
            value = _decoded(part) if isinstance(part, str) else part
        except NotJSONError:
            return None
        found += value if isinstance(value, list) else [value]
    return found


def _decoded(text: str) -> Any:
    return decode(text.encode("utf-8", "surrogatepass"))
