"""The table of code points against its definition."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from stillwatch.sketches.unicode import (
    KIND_MASK,
    MOST_TOKENS_PER_BYTE,
    VALUE_BITS,
    VALUE_MASK,
    Kind,
    kind_of,
    mapped,
    unicode_table,
)

TABLE = unicode_table()
CHARACTERS = st.characters(exclude_categories=("Cs",))


def unpack(entry: int) -> tuple[int, int]:
    return entry & VALUE_MASK, entry >> VALUE_BITS & KIND_MASK


def entries(character: str) -> list[tuple[int, int]]:
    value, kind = unpack(int(TABLE.entries[ord(character)]))
    if kind != Kind.MANY:
        return [(value, kind)]
    size = int(TABLE.expansions[value])
    return [unpack(int(e)) for e in TABLE.expansions[value + 1 : value + 1 + size]]


@given(CHARACTERS)
def test_the_table_says_what_the_definition_says(character: str) -> None:
    expected = [(48 if kind_of(c) == Kind.DIGIT else ord(c), kind_of(c)) for c in mapped(character)]
    assert entries(character) == expected


def test_no_expansion_outgrows_the_token_buffers() -> None:
    for point in range(0x32400):
        _, kind = unpack(int(TABLE.entries[point]))
        if kind == Kind.MANY:
            tokens = sum(k in (Kind.SINGLE, Kind.BREAK, Kind.JOIN) for _, k in entries(chr(point)))
            assert tokens <= MOST_TOKENS_PER_BYTE * len(chr(point).encode())


@given(st.text(st.characters(min_codepoint=0xC0, max_codepoint=0x17F), max_size=10))
def test_composed_and_decomposed_spellings_agree(text: str) -> None:
    apart = unicodedata.normalize("NFD", text)
    assert "".join(map(mapped, apart)) == "".join(map(mapped, unicodedata.normalize("NFC", text)))


@given(CHARACTERS)
def test_mapping_twice_changes_nothing_more(character: str) -> None:
    once = mapped(character)
    assert "".join(map(mapped, once)) == once
