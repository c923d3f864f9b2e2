"""Shingles of a column on their own."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.sketches import reference
from stillwatch.sketches.buffers import texts as view
from stillwatch.sketches.keyring import keyring
from stillwatch.sketches.shingles import shingle_all
from stillwatch.sketches.unicode import unicode_table

from .makers import SECRET, texts

RING = keyring(SECRET)


@settings(max_examples=30)
@given(st.lists(st.none() | texts(), max_size=5))
def test_each_text_has_the_chosen_marks_of_the_definition(said: list[str | None]) -> None:
    found, kept = shingle_all(view(pa.array(said, pa.string())), unicode_table(), RING)
    for marks, count, text in zip(found, kept, said, strict=True):
        expected = reference.choose(reference.marks(text, RING)) if text and reference.tokens(text) else set()
        assert {int(h) for h in marks[:count]} == expected
