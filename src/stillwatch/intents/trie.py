"""All words of all lexicons in one trie, as arrays that a kernel can walk.

Half a million nodes are more than a cache holds, and a text needs few of them: those of its language. So nodes lie in
the order of the sorted words: a word's letters are neighbours, and so are the words of a language that begin alike. A
node's first child is the node after it and its other children are linked from one to the next; only the first two
letters, where a node has many children, are found in a table. A small filter of how words begin (a Bloom filter, 1970)
turns away most of what is in no lexicon before anything else is touched.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stillwatch.intents.concepts import Entries
from stillwatch.sketches.hashing import mix
from stillwatch.sketches.kernels import inlined, kernel, leaf

U = np.uint64
POINT_BITS = 21
CHILD_BITS = 23  # a slot is node << 44 | point << 23 | child
MOST_NODES = 1 << (64 - POINT_BITS - CHILD_BITS)
FILTER_BITS = 20
HEAD = 5  # code points by which an entry's beginning is known
TABLED = 2  # letters that are found in the table
NOWHERE = -1
POINT, SIBLING, HAS_CHILD, FIELDS = range(4)


class Trie(NamedTuple):
    """Meanings of node i are first[i] to first[i + 1], those of stems before those of whole words."""

    nodes: NDArray[
        np.int32
    ]  # (nodes, FIELDS): letter, next child of the same node (0: none), whether it has one
    slots: NDArray[np.uint64]  # steps of the first letters, 0 is free
    begins: NDArray[np.uint64]  # the filter, 64 bits a word
    first: NDArray[np.int32]  # (nodes + 1,)
    stems: NDArray[np.int32]  # (nodes,): how many of the node's meanings allow any ending
    concept: NDArray[np.int16]
    languages: NDArray[np.int64]


@inlined
def _step(node, point):  # type: ignore[no-untyped-def]
    return (U(node) << U(POINT_BITS)) | U(point)


@inlined
def _place(slots, step):  # type: ignore[no-untyped-def]
    """Return where a step lies, or the free slot where it would."""
    mask = U(len(slots) - 1)
    at = mix(step) & mask
    while slots[at] != U(0) and slots[at] >> U(CHILD_BITS) != step:
        at = (at + U(1)) & mask
    return np.int64(at)


@leaf
def child(trie, node, point, depth):  # type: ignore[no-untyped-def]
    """Return the node one letter on from a node `depth` letters deep, NOWHERE where no word goes on."""
    if depth < TABLED:
        slot = trie.slots[_place(trie.slots, _step(node, point))]
        return np.int64(slot & U((1 << CHILD_BITS) - 1)) if slot != U(0) else np.int64(NOWHERE)
    if trie.nodes[node, HAS_CHILD] == 0:
        return np.int64(NOWHERE)
    at = np.int64(node) + 1
    while at > 0:
        letter = trie.nodes[at, POINT]
        if letter >= point:
            return at if letter == point else np.int64(NOWHERE)
        at = np.int64(trie.nodes[at, SIBLING])
    return np.int64(NOWHERE)


@inlined
def grown(head, point):  # type: ignore[no-untyped-def]
    """Take one more code point into the hash of a beginning."""
    return (head ^ U(point)) * U(0x9E3779B97F4A7C15)


@inlined
def may_begin(begins, head):  # type: ignore[no-untyped-def]
    """Whether some entry may begin (or be) so; wrongly yes for a few in a hundred."""
    bit = head >> U(64 - FILTER_BITS)
    return (begins[bit >> U(6)] >> (bit & U(63))) & U(1) != U(0)


@leaf
def _shared(points, before, start, end):  # type: ignore[no-untyped-def]
    """How many letters the entry at start:end has in common with the one before it."""
    same = 0
    while start + same < end and before + same < start and points[start + same] == points[before + same]:
        same += 1
    return same


@kernel
def _count(points, ends):  # type: ignore[no-untyped-def]
    """Return the number of nodes of sorted entries: what each has beyond the one before, and the root."""
    nodes, start, before = 1, 0, 0
    for i in range(len(ends)):
        nodes += ends[i] - start - _shared(points, before, start, ends[i])
        before, start = start, ends[i]
    return nodes


@kernel
def _plant(points, ends, nodes, slots, begins, last, path):  # type: ignore[no-untyped-def]
    """Put sorted entries into the arrays; last[i] is the node of entry i, `path` room for the longest entry."""
    count, start, before = 1, 0, 0
    for i in range(len(ends)):
        length = ends[i] - start
        same = _shared(points, before, start, ends[i])
        for depth in range(same, length):
            parent = path[depth]
            if depth == same and before + depth < start:
                nodes[path[depth + 1], SIBLING] = count
            nodes[parent, HAS_CHILD] = 1
            nodes[count, POINT] = points[start + depth]
            if depth < TABLED:
                step = _step(parent, points[start + depth])
                slots[_place(slots, step)] = (step << U(CHILD_BITS)) | U(count)
            path[depth + 1] = count
            count += 1
        head = U(len(begins))
        for at in range(start, min(ends[i], start + HEAD)):
            head = grown(head, points[at])
        bit = head >> U(64 - FILTER_BITS)
        begins[bit >> U(6)] |= U(1) << (bit & U(63))
        last[i] = path[length]
        before, start = start, ends[i]


def build_trie(entries: Entries) -> Trie:
    """Build the trie of sorted entries, in half a second. ValueError for more than it can number."""
    count = int(_count(entries.points, entries.ends))
    if count >= MOST_NODES:
        raise ValueError(f"lexicons with {count} nodes; at most {MOST_NODES} can be numbered")
    lengths = np.diff(entries.ends, prepend=0)
    heads = int(np.minimum(lengths, TABLED).sum())
    slots = np.zeros(1 << max(4, int(np.ceil(np.log2(max(heads, 1))))), dtype=np.uint64)
    nodes = np.zeros((count, FIELDS), dtype=np.int32)
    begins = np.zeros(1 << (FILTER_BITS - 6), dtype=np.uint64)
    last = np.zeros(len(entries.ends), dtype=np.int64)
    path = np.zeros(int(lengths.max(initial=0)) + 2, dtype=np.int64)
    _plant(entries.points, entries.ends, nodes, slots, begins, last, path)
    order = np.lexsort((entries.concept, ~entries.stem, last))
    counts = np.bincount(last, minlength=count)
    return Trie(
        nodes=nodes,
        slots=_trimmed(slots),
        begins=begins,
        first=np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        stems=np.bincount(last[entries.stem], minlength=count).astype(np.int32),
        concept=entries.concept[order].astype(np.int16),
        languages=entries.languages[order],
    )


@kernel
def _moved(slots, smaller):  # type: ignore[no-untyped-def]
    for slot in slots:
        if slot != U(0):
            smaller[_place(smaller, slot >> U(CHILD_BITS))] = slot


def _trimmed(slots: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the table in the least room that leaves half of it free: many words share their first letters."""
    used = int(np.count_nonzero(slots))
    smaller = np.zeros(1 << max(4, int(np.ceil(np.log2(2 * max(used, 1))))), dtype=np.uint64)
    _moved(slots, smaller)
    return smaller
