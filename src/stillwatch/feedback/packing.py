"""Packing: dataclasses with NumPy arrays to JSON and back, by their fields, whatever the fields are.

A field that the file lacks takes its default, and one that the class no longer has is left out, so that what was
packed by one version is read by the next. A part that lacks a field without a default is left out whole, where what it
is a part of can be without it. Numbers come back bit for bit.
"""

from __future__ import annotations

import base64
import math
import types
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np
import zstandard

from stillwatch.feedback.errors import FeedbackError

SHORT = 64  # entries; a longer array is written as compressed bytes
MOST_BYTES = 1 << 33  # of one array, unpacked: more is no measurement of ours

T = TypeVar("T")


class LackingError(FeedbackError):
    """A field without a default that the file does not have: a later version measures more than the earlier did."""


def pack(value: Any) -> Any:
    """Return a dataclass, or anything it may hold, as JSON can carry it. Raises TypeError for other objects."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: pack(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, np.ndarray):
        return _pack_array(value)
    if isinstance(value, np.generic):
        return pack(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, Mapping):
        return [[pack(key), pack(held)] for key, held in value.items()]
    if isinstance(value, AbstractSet):
        return [pack(item) for item in sorted(value)]
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        return [pack(item) for item in value]
    raise TypeError(f"{type(value).__name__} cannot be packed")


def _pack_array(array: np.ndarray[Any, Any]) -> dict[str, Any]:
    if array.dtype.kind not in "biufU":
        raise TypeError(f"an array of {array.dtype} cannot be packed")
    array = np.ascontiguousarray(array.astype(array.dtype.newbyteorder("<"), copy=False))
    said: dict[str, Any] = {"dtype": array.dtype.str}
    finite = array.dtype.kind != "f" or bool(np.isfinite(array).all())
    if array.ndim == 1 and len(array) <= SHORT and finite:
        return {**said, "values": array.tolist()}
    squeezed = zstandard.ZstdCompressor(level=3).compress(array.tobytes())
    return {**said, "shape": list(array.shape), "zstd": base64.b64encode(squeezed).decode("ascii")}


def unpack(kind: type[T], packed: Any, where: str = "", left_out: list[str] | None = None) -> T:
    """Return the dataclass of this kind that was packed; parts left out are added to `left_out`, in words.

    Raises FeedbackError, naming the field, where the file holds something else, and LackingError where it lacks a field
    that nothing can be without.
    """
    reading = _Reading([] if left_out is None else left_out)
    try:
        value: T = reading.read(kind, packed, where or kind.__name__)
    except (TypeError, ValueError, KeyError, zstandard.ZstdError) as error:
        if isinstance(error, FeedbackError):
            raise
        raise FeedbackError(f"{where or kind.__name__}: cannot be read back: {error}") from error
    return value


@dataclass(frozen=True)
class _Reading:
    """One reading of a packed value, by the types of its fields; `where` is the place of a value, for errors."""

    left_out: list[str]

    def read(self, kind: Any, packed: Any, where: str) -> Any:
        origin = get_origin(kind)
        if is_dataclass(kind):
            return self._fields(kind, packed, where)
        if origin in (Union, types.UnionType):
            return self._one_of(get_args(kind), packed, where)
        if origin is np.ndarray or kind is np.ndarray:
            return _array(packed, where)
        if origin is Literal:
            return _checked(packed in get_args(kind), packed, f"one of {get_args(kind)}", where)
        if origin is tuple:
            return self._tuple(get_args(kind), packed, where)
        if origin is not None and issubclass(origin, Mapping):
            key, held = get_args(kind)
            return {self.read(key, k, where): self.read(held, v, f"{where}[{k}]") for k, v in packed}
        if origin is not None and issubclass(origin, (AbstractSet, Sequence)):
            made = [self.read(get_args(kind)[0], item, where) for item in packed]
            return frozenset(made) if issubclass(origin, AbstractSet) else made
        return _plain(kind, packed, where)

    def _fields(self, kind: Any, packed: Any, where: str) -> Any:
        _checked(isinstance(packed, dict), packed, f"the fields of a {kind.__name__}", where)
        hints = get_type_hints(kind)
        said = {}
        for field in fields(kind):
            place = f"{where}.{field.name}"
            if not field.init or (field.name not in packed and not _required(field)):
                continue
            if field.name not in packed:
                raise LackingError(
                    f"{place}: not in the file, and it has no default\n"
                    "  fix: a version that did not count this measured it; retract the entry, and give the word anew"
                )
            try:
                said[field.name] = self.read(hints[field.name], packed[field.name], place)
            except LackingError as lacking:
                if _required(field):
                    raise
                self.left_out.append(
                    f"{place}: {str(lacking).split(':')[0].removeprefix(place)} was not counted"
                )
        return kind(**said)

    def _one_of(self, kinds: tuple[Any, ...], packed: Any, where: str) -> Any:
        if packed is None and type(None) in kinds:
            return None
        problems: list[Exception] = []
        for kind in (k for k in kinds if k is not type(None)):
            try:
                return self.read(kind, packed, where)
            except (TypeError, ValueError, KeyError) as error:
                problems.append(error)
        if len(problems) == 1:
            raise problems[0]
        raise FeedbackError("; ".join(str(problem) for problem in problems))

    def _tuple(self, kinds: tuple[Any, ...], packed: Any, where: str) -> tuple[Any, ...]:
        _checked(isinstance(packed, list), packed, "a list", where)
        if len(kinds) == 2 and kinds[1] is Ellipsis:
            kinds = (kinds[0],) * len(packed)
        pairs = enumerate(zip(kinds, packed, strict=True))
        return tuple(self.read(kind, item, f"{where}[{i}]") for i, (kind, item) in pairs)


def _plain(kind: Any, packed: Any, where: str) -> Any:
    if kind is float:
        return float(packed)  # a number, or the name of one that JSON lacks
    if kind in (int, str, bool):
        return _checked(type(packed) is kind, packed, kind.__name__, where)
    if kind is Any or kind is type(None):
        return packed
    raise FeedbackError(f"{where}: no way is known to read a {kind} back")


def _required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _array(packed: Any, where: str) -> np.ndarray[Any, Any]:
    _checked(isinstance(packed, dict) and "dtype" in packed, packed, "an array", where)
    dtype = np.dtype(packed["dtype"])
    _checked(dtype.kind in "biufU", packed["dtype"], "numbers or words", where)
    native = dtype.newbyteorder("=")
    if "values" in packed:
        return np.array(packed["values"], dtype=native)
    squeezed = base64.b64decode(packed["zstd"], validate=True)
    shape = tuple(int(n) for n in packed["shape"])
    size = math.prod(shape) * dtype.itemsize
    _checked(size <= MOST_BYTES, size, f"at most {MOST_BYTES} bytes", where)
    raw = zstandard.ZstdDecompressor().decompress(squeezed, max_output_size=size) if size else b""
    return np.frombuffer(raw, dtype=dtype).reshape(shape).astype(native)


def _checked(holds: bool, packed: Any, wanted: str, where: str) -> Any:
    if not holds:
        raise FeedbackError(f"{where}: expected {wanted}, got {str(packed)[:60]!r}")
    return packed
