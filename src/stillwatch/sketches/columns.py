"""Keys of whole columns: identifiers, artefacts, parameters. Vectors in, vectors out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stillwatch.sketches.addresses import BAD, V4, parse
from stillwatch.sketches.buffers import Flags, Ints, Lists, Texts, Words, lists, texts, there
from stillwatch.sketches.hashing import hash_bytes, mix, seal
from stillwatch.sketches.kernels import kernel
from stillwatch.sketches.keyring import Keyring, Purpose

U = np.uint64
_PREFIX_V4 = U(8)  # bits cut off: a /24 is left
_PREFIX_V6 = U(16)  # of the high half: a /48 is left


def seals(ring: Keyring, purpose: Purpose) -> tuple[np.uint64, np.uint64]:
    """The two keys of a purpose."""
    return ring.seals[2 * purpose], ring.seals[2 * purpose + 1]


@kernel
def hash_texts(column, point, first, second):  # type: ignore[no-untyped-def]
    """Key of each string, byte for byte, uint64 (n,); 0 where null."""
    keys = np.zeros(len(column.there), np.uint64)
    for i in range(len(keys)):
        if column.there[i]:
            h = hash_bytes(column.data, column.offsets[i], column.offsets[i + 1], point)
            keys[i] = seal(h, first, second)
    return keys


@kernel
def hash_words(words, first, second):  # type: ignore[no-untyped-def]
    """Key of each 64-bit word, uint64 (n,)."""
    keys = np.empty(len(words), np.uint64)
    for i in range(len(keys)):
        keys[i] = seal(words[i], first, second)
    return keys


@kernel
def fold_lists(layout, keys, present, seed):  # type: ignore[no-untyped-def]
    """One hash for the sequence of elements of each list, uint64 (n,); 0 where the list is null."""
    folded = np.zeros(len(layout.there), np.uint64)
    for i in range(len(folded)):
        if layout.there[i]:
            h = seed + U(layout.offsets[i + 1] - layout.offsets[i])
            for j in range(layout.offsets[i], layout.offsets[i + 1]):
                h = mix(mix(h + seed) ^ (keys[j] if present[j] else seed))
            folded[i] = h
    return folded


@kernel
def hash_addresses(column, point, ip, prefix):  # type: ignore[no-untyped-def]
    """(key of the address, key of its network, network is known); an address that is none keeps its text."""
    count = len(column.there)
    addresses = np.zeros(count, np.uint64)
    prefixes = np.zeros(count, np.uint64)
    known = np.zeros(count, np.bool_)
    for i in range(count):
        if not column.there[i]:
            continue
        start, end = column.offsets[i], column.offsets[i + 1]
        family, high, low = parse(column.data, start, end)
        if family == BAD:
            addresses[i] = seal(hash_bytes(column.data, start, end, point), ip[0], ip[1])
            continue
        known[i] = True
        addresses[i] = seal(mix(mix(high ^ ip[1]) + low) + U(family), ip[0], ip[1])
        network = low >> _PREFIX_V4 if family == V4 else high >> _PREFIX_V6
        prefixes[i] = seal(mix(network ^ prefix[1]) + U(family), prefix[0], prefix[1])
    return addresses, prefixes, known


def text_keys(array: pa.Array, ring: Keyring, purpose: Purpose) -> tuple[Words, Flags]:
    """Key of each string of a column, and which are not null."""
    column: Texts = texts(array)
    return hash_texts(column, ring.point, *seals(ring, purpose)), column.there


def list_keys(array: pa.Array, ring: Keyring, purpose: Purpose) -> tuple[Words, Ints]:
    """Key of each string of each list of a column: values, and ends (n + 1,). Nulls are left out."""
    layout, items = lists(array)
    keys, present = text_keys(items, ring, purpose)
    values: Words
    ends: Ints
    values, ends = _pack(layout, keys, present)
    return values, ends


@kernel
def _pack(layout, keys, present):  # type: ignore[no-untyped-def]
    ends = np.zeros(len(layout.there) + 1, np.int64)
    values = np.empty(len(keys), np.uint64)
    at = 0
    for i in range(len(layout.there)):
        if layout.there[i]:
            for j in range(layout.offsets[i], layout.offsets[i + 1]):
                if present[j]:
                    values[at] = keys[j]
                    at += 1
        ends[i + 1] = at
    return values, ends


def sequence_keys(array: pa.Array, ring: Keyring, purpose: Purpose) -> tuple[Words, Flags]:
    """One key for each list of strings, in order; not present where the list is null or empty."""
    layout: Lists
    layout, items = lists(array)
    keys, present = text_keys(items, ring, purpose)
    first, second = seals(ring, purpose)
    folded = fold_lists(layout, keys, present, first)
    return hash_words(folded, first, second), layout.there & (np.diff(layout.offsets) > 0)


def words_of(array: pa.Array) -> tuple[Words, Flags]:
    """Numbers, booleans and times as 64-bit words (n,) whose equality is theirs; 0 where null."""
    present = there(array)
    if pa.types.is_floating(array.type):
        values: npt.NDArray[np.float64] = (
            array.cast(pa.float64()).fill_null(0.0).to_numpy(zero_copy_only=False)
        )
        return (values + 0.0).view(np.uint64), present  # -0.0 becomes 0.0
    if pa.types.is_null(array.type):
        return np.zeros(len(array), dtype=np.uint64), present
    numbers = array.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False)
    return np.ascontiguousarray(numbers, dtype=np.int64).view(np.uint64), present


def joint_keys(parts: Sequence[tuple[Words, Flags]], ring: Keyring, purpose: Purpose) -> tuple[Words, Flags]:
    """One key for several columns together; not present where all are null."""
    first, second = seals(ring, purpose)
    joined = np.full(len(parts[0][0]), second, dtype=np.uint64)
    anything = np.zeros(len(joined), dtype=np.bool_)
    for values, present in parts:
        tagged = np.where(present, hash_words(values, second, first), first)
        joined = hash_words(joined ^ tagged, second, first)
        anything |= present
    return hash_words(joined, first, second), anything


def content_words(array: pa.Array, ring: Keyring) -> tuple[Words, Flags]:
    """A 64-bit hash of each value of a column of any type of the schema, nested ones included."""
    kind = array.type
    first, second = seals(ring, Purpose.DELIVERY)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        layout, items = lists(array)
        words, present = content_words(items, ring)
        return fold_lists(layout, words, present, second), layout.there
    if pa.types.is_struct(kind):
        words = np.full(len(array), first, dtype=np.uint64)
        for child in array.flatten():
            part, present = content_words(child, ring)
            words = hash_words(words ^ np.where(present, part, first), second, first)
        return words, there(array)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return text_keys(array, ring, Purpose.DELIVERY)
    words, present = words_of(array)
    return hash_words(words, first, second), present
